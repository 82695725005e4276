package arch

import (
	"go/ast"
	"strings"
	"testing"
)

// layer is a floor of the house. A package imports its own floor and those below.
type layer int

const (
	core     layer = iota // pure rules
	plain                 // i18n, config, telemetry: no rules of ours
	storage               // database, files, jobs, printing, data that ships with the program
	useCases              // app, and what drives it: simulation, benchmarks
	delivery              // pages, API, adapters
	wiring                // commands
)

// floors says where each package lives. A package that is not here has to be
// given a floor first: that is the moment to think about it.
func floors() map[string]layer {
	return map[string]layer{
		"internal/core":      core,
		"internal/i18n":      plain,
		"internal/config":    plain,
		"internal/telemetry": plain,
		"internal/store":     storage,
		"internal/blob":      storage,
		"internal/job":       storage,
		"internal/printout":  storage,
		"internal/seal":      storage,
		"internal/guard":     storage,
		"internal/civildata": storage,
		"internal/catalogue": storage,
		"internal/data":      storage,
		"internal/app":       useCases,
		"internal/simulate":  useCases,
		"internal/bench":     useCases,
		"internal/backup":    useCases,
		"internal/verify":    useCases,
		"internal/httpkit":   delivery,
		"internal/web":       delivery,
		"internal/api":       delivery,
		"internal/adapter":   delivery,
		"cmd":                wiring,
		"test":               wiring,
	}
}

// floorOf finds the floor of a package by the longest folder that holds it.
func floorOf(short string) (layer, bool) {
	for folder, floor := range floors() {
		if under(short, folder) {
			return floor, true
		}
	}
	return 0, false
}

// never is an import that would be legal by floor and is wrong all the same.
type never struct{ from, to, why string }

func nevers() []never {
	return []never{
		{"internal/web", "internal/store", "pages ask use cases: no rule or SQL in a handler"},
		{"internal/api", "internal/store", "the API asks use cases: no rule or SQL in a handler"},
		{"internal/adapter", "internal/store", "an adapter speaks to the outside; app stores what it says"},
		{"internal/web", "internal/api", "both are doors to the same house; what they share is httpkit"},
		{"internal/api", "internal/web", "both are doors to the same house; what they share is httpkit"},
		{"internal/blob", "internal/store", "files know nothing of the database; app joins them"},
	}
}

func TestImportsGoOneWay(t *testing.T) {
	for _, p := range allPackages(t) {
		if p.short() == "" {
			continue
		}
		floor, ok := floorOf(p.short())
		if !ok {
			t.Errorf("%s has no floor: add it to floors() in test/arch/import_test.go", p.short())
			continue
		}
		for _, path := range p.Imports {
			ours, ok := strings.CutPrefix(path, module+"/")
			if !ok {
				continue
			}
			if below, ok := floorOf(ours); ok && below > floor {
				t.Errorf("%s imports %s: imports go cmd → web, api, adapter → app → store, blob, job, printout → core", p.short(), ours)
			}
			if floor == plain && ours != "internal/core/fault" && !sameTop(p.short(), ours) {
				t.Errorf("%s imports %s: i18n, config and telemetry know nothing of ours but core/fault", p.short(), ours)
			}
			for _, n := range nevers() {
				if under(p.short(), n.from) && under(ours, n.to) {
					t.Errorf("%s imports %s: %s", p.short(), ours, n.why)
				}
			}
		}
	}
}

// The second checker of a database must not share a mistake with the first.
func TestTheIndependentCheckerUsesNothingOfOurs(t *testing.T) {
	looked := false
	for _, p := range allPackages(t) {
		if p.short() != "test/verify" {
			continue
		}
		looked = true
		for _, path := range p.Imports {
			if under(path, module) {
				t.Errorf("test/verify imports %s: it would trust what it is to check", path)
			}
		}
	}
	if !looked {
		t.Error("there is no package test/verify")
	}
}

// sameTop reports whether two packages share internal/NAME.
func sameTop(a, b string) bool {
	top := func(s string) string { return strings.Join(strings.SplitN(s, "/", 3)[:2], "/") }
	return top(a) == top(b)
}

// impure says why the core may not import a standard package.
func impure() map[string]string {
	return map[string]string{
		"net":            "a rule asks nobody",
		"net/http":       "a rule knows no protocol",
		"database/sql":   "a rule is given what it needs",
		"log":            "a rule answers; who called it logs",
		"log/slog":       "a rule answers; who called it logs",
		"os":             "a rule reads no file and no environment",
		"os/exec":        "a rule starts nothing",
		"io/fs":          "a rule reads no file",
		"embed":          "data is handed in, so that a test can hand in other data",
		"math/rand":      "entropy is an argument: a decision may run twice",
		"math/rand/v2":   "entropy is an argument: a decision may run twice",
		"crypto/rand":    "entropy is an argument: a decision may run twice",
		"sync":           "a rule shares nothing",
		"sync/atomic":    "a rule shares nothing",
		"context":        "a rule waits for nothing",
		"html/template":  "a rule draws nothing",
		"text/template":  "a rule draws nothing",
		"unsafe":         "a rule needs no tricks",
		"runtime":        "a rule does not depend on the machine",
		"path/filepath":  "a rule reads no file",
		"encoding/gob":   "stored bytes are versioned text",
		"archive/zip":    "a rule opens no files",
		"testing":        "tests stay in _test.go files",
		"runtime/debug":  "a rule does not depend on the machine",
		"net/http/pprof": "a rule knows no protocol",
	}
}

func TestCoreIsPure(t *testing.T) {
	for _, p := range allPackages(t) {
		if !under(p.short(), "internal/core") {
			continue
		}
		for _, path := range p.Imports {
			if why, bad := impure()[path]; bad {
				t.Errorf("%s imports %s: %s", p.short(), path, why)
			}
			first, _, _ := strings.Cut(path, "/")
			if strings.Contains(first, ".") && !under(path, module) && !under(path, "golang.org/x/text") {
				t.Errorf("%s imports %s: the core uses the standard library and golang.org/x/text", p.short(), path)
			}
		}
		for _, s := range sources(t, p) {
			ast.Inspect(s.file, func(n ast.Node) bool {
				e, ok := n.(ast.Expr)
				if !ok {
					return true
				}
				from, name := selector(e)
				if from != "time" {
					return true
				}
				switch name {
				case "Now", "Since", "Until", "After", "AfterFunc", "Sleep", "Tick", "NewTimer", "NewTicker", "Local", "LoadLocation":
					t.Errorf("%s: time.%s: the core has no clock and no machine's time zone; now is an argument", s.at(n), name)
				}
				return true
			})
		}
	}
}

// A price, a day or a state must be the same on every machine.
func TestNoFloatsWhereTheLawCounts(t *testing.T) {
	exact := []string{"internal/core/fee", "internal/core/civil", "internal/core/dossier", "internal/core/ruleset"}
	for _, p := range allPackages(t) {
		counts := false
		for _, folder := range exact {
			counts = counts || under(p.short(), folder)
		}
		if !counts {
			continue
		}
		for _, s := range sources(t, p) {
			if strings.HasPrefix(s.path, "internal/core/civil/lunar") {
				continue // the moon's path is astronomy; its result is a day
			}
			ast.Inspect(s.file, func(n ast.Node) bool {
				switch n := n.(type) {
				case *ast.Ident:
					if n.Name == "float64" || n.Name == "float32" {
						t.Errorf("%s: %s: count in whole đồng, days or minutes", s.at(n), n.Name)
					}
				case *ast.BasicLit:
					if n.Kind.String() == "FLOAT" {
						t.Errorf("%s: %s: count in whole đồng, days or minutes", s.at(n), n.Value)
					}
				}
				return true
			})
		}
	}
}
