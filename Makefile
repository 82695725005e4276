# Two commands matter to a newcomer: `make demo` and `make test`.
# Everything else is for the inner loop. `make help` lists them.

GO      ?= go
BIN     := bin/motcua
VERSION ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)
COMMIT  ?= $(shell git rev-parse HEAD 2>/dev/null || echo unknown)
LDFLAGS := -s -w -X main.version=$(VERSION) -X main.commit=$(COMMIT)

# The fast tests of `make check`: pure rules and small packages, no engine, no browser.
FAST := ./internal/core/... ./internal/i18n/... ./internal/config/... ./internal/telemetry/... ./internal/blob/... ./test/arch/...

# ARGS goes to the demo; MEASURE and BENCH choose what is measured, by name.
ARGS      ?=
MEASURE   ?= intake process worklist search track open due
BENCH     ?= Do|AddWorkingDays|Derivation|Recompute|Linear

# The toolchain that is installed is the one that is used: no silent download.
export GOTOOLCHAIN ?= local

.DEFAULT_GOAL := help
.PHONY: help build demo test check bench fmt lint clean release-data

help: ## list the targets
	@awk -F':.*## ' '/^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

build: ## build the static binary into bin/
	CGO_ENABLED=0 $(GO) build -trimpath -ldflags '$(LDFLAGS)' -o $(BIN) ./cmd/motcua

demo: build ## build, fill and serve a province at http://127.0.0.1:8080 (ARGS="--centre dak-lak")
	$(BIN) demo $(ARGS)

test: ## everything: both engines, browser, races; installs what is missing; under 15 minutes
	scripts/test.sh

check: ## the inner loop: format, vet, fast unit tests
	@scripts/gofmt-check.sh
	$(GO) vet ./...
	$(GO) test $(FAST)

bench: build ## measure use cases against the bare driver, then group commit, deadlines, processes (BENCH=Do)
	@for name in $(MEASURE); do $(BIN) bench $$name --seconds 5 || exit 1; done
	$(GO) test -run '^$$' -bench '$(BENCH)' -benchtime 2s ./internal/store ./internal/core/civil ./internal/core/process

fmt: ## format the Go files
	gofmt -s -w $$(git ls-files -co --exclude-standard '*.go')

lint: ## format, vet, architecture and glossary rules
	@scripts/gofmt-check.sh
	$(GO) vet ./...
	$(GO) test ./test/arch/...

release-data: ## store small databases of the release that leaves, for later ones to open (RELEASE=0.2.0)
	$(GO) test ./test/release -run TestWriteRelease -v -args -write '$(RELEASE)'

clean: ## remove what was built; data folders stay
	rm -rf bin coverage.out
