#!/usr/bin/env bash
# Everything that must hold before a change is taken: format, vet, build, all tests on
# SQLite and PostgreSQL and in a real browser, then the race detector where goroutines meet.
# It installs what is missing (Debian, Ubuntu; root or sudo), starts one PostgreSQL cluster
# of its own for the whole run, removes it, and ends with a summary. A step that fails does
# not hide the next ones. MOTCUA_TEST_POSTGRES=URL uses a running server instead.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/postgres.sh

export GOTOOLCHAIN=${GOTOOLCHAIN:-local}
export MOTCUA_REQUIRE_POSTGRES=1 # a test that would skip for want of an engine fails
export MOTCUA_REQUIRE_BROWSER=1

cores=$(nproc 2>/dev/null || echo 2)
work=$(mktemp -d "${TMPDIR:-/tmp}/motcua-test.XXXXXX")
chmod 755 "$work" # the database server runs as another user
started=$SECONDS
failed=0
summary=()

finish() {
	status=$?
	trap - EXIT
	postgres_stop
	rm -rf "$work"
	exit "$status"
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# step NAME COMMAND… runs a command, notes how it ended and how long it took.
step() {
	local name=$1 at=$SECONDS result=ok
	shift
	printf '\n=== %s\n' "$name"
	if ! "$@"; then
		result=FAILED
		failed=1
	fi
	summary+=("$(printf '%-7s %4d s  %s' "$result" $((SECONDS - at)) "$name")")
}

# install_missing installs the packages of the commands that are not there.
install_missing() {
	local packages=()
	command -v chromium >/dev/null || command -v google-chrome >/dev/null || packages+=(chromium)
	command -v pdftotext >/dev/null || packages+=(poppler-utils)
	command -v qpdf >/dev/null || packages+=(qpdf)
	command -v gcc >/dev/null || packages+=(gcc libc6-dev) # the race detector needs cgo
	if [ -z "${MOTCUA_TEST_POSTGRES:-}" ] && [ -z "$(postgres_bin)" ]; then
		packages+=(postgresql)
	fi
	[ ${#packages[@]} -eq 0 ] && return 0
	local as_root=()
	if [ "$(id -u)" -ne 0 ]; then as_root=(sudo -n); fi
	if ! command -v apt-get >/dev/null || ! "${as_root[@]}" true 2>/dev/null; then
		printf 'Missing and not installable from here (needs apt-get and root or sudo): %s\n' "${packages[*]}" >&2
		return 1
	fi
	printf 'Installing: %s\n' "${packages[*]}"
	"${as_root[@]}" apt-get update -qq
	"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
		apt-get install -y -qq --no-install-recommends "${packages[@]}" >/dev/null
}

# packages PATTERN… lists our packages that match; a pattern may match none yet.
packages() {
	go list "$@" 2>"$work/list" || {
		cat "$work/list" >&2
		return 1
	}
}

unit_tests() {
	local found
	found=$(packages ./...) || return 1
	go test -p "$cores" -timeout 25m $(printf '%s\n' "$found" | grep -v '/motcua/test/')
}

# The journeys start browsers and whole servers: one package after the other.
journey_tests() {
	local found
	found=$(packages ./test/...) || return 1
	# Those that run the program take the one that was just built.
	[ -z "$found" ] || MOTCUA_TEST_BINARY="$PWD/bin/motcua" go test -p 1 -timeout 25m $found
}

# Where goroutines share something. The store and the use cases are slow under the
# detector, so only their tests about concurrency run again.
race_tests() {
	local found
	found=$(packages ./internal/blob/... ./internal/job/... ./internal/httpkit/... ./internal/telemetry/...) || return 1
	[ -z "$found" ] || CGO_ENABLED=1 go test -race -short -p "$cores" -timeout 25m $found || return 1
	found=$(packages ./internal/store/... ./internal/app/... ./test/contract) || return 1
	[ -z "$found" ] || CGO_ENABLED=1 go test -race -short -p "$cores" -timeout 25m -run 'Race|Concurrent|Group' $found
}

if ! command -v go >/dev/null; then
	echo 'Go is missing: install the version that go.mod names.' >&2
	exit 1
fi
install_missing
if [ -z "${MOTCUA_TEST_POSTGRES:-}" ]; then
	postgres_start "$work/postgres"
	export MOTCUA_TEST_POSTGRES=$POSTGRES_URL
fi

step 'gofmt' scripts/gofmt-check.sh
step 'go vet' go vet ./...
step 'build the static binary' make --no-print-directory build
step 'tests: rules, store on both engines, pages, API' unit_tests
step 'tests: browser journeys, command line, crashes' journey_tests
step 'race detector' race_tests

printf '\n=== Summary\n'
printf '%s\n' "${summary[@]}"
printf 'total   %4d s\n' $((SECONDS - started))
if [ "$failed" -ne 0 ]; then
	echo 'make test: FAILED'
	exit 1
fi
echo 'make test: everything passed'
