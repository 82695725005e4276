package arch

import (
	"go/ast"
	"go/token"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/text/unicode/norm"

	"github.com/motcua/motcua/internal/store"
)

// glossaryColumns are those of docs/glossary.md.
var glossaryColumns = []string{"English", "Vietnamese", "Go identifier", "Package", "Table", "URL"}

// glossary reads the rows of docs/glossary.md.
func glossary(t *testing.T) [][]string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root, "docs/glossary.md"))
	if err != nil {
		t.Fatal(err)
	}
	var rows [][]string
	for line := range strings.Lines(string(text)) {
		line = strings.TrimSpace(line)
		if !strings.HasPrefix(line, "|") || strings.HasPrefix(line, "|---") {
			continue
		}
		cells := strings.Split(strings.Trim(line, "|"), "|")
		for i := range cells {
			cells[i] = strings.TrimSpace(cells[i])
		}
		if slices.Equal(cells, glossaryColumns) {
			continue
		}
		if len(cells) != len(glossaryColumns) {
			t.Errorf("glossary row %q has %d cells, want %d", line, len(cells), len(glossaryColumns))
			continue
		}
		rows = append(rows, cells)
	}
	if len(rows) < 50 {
		t.Fatalf("the glossary has %d rows, want all of them", len(rows))
	}
	return rows
}

// tables are the names of all tables of this release.
func tables() map[string]bool {
	found := map[string]bool{}
	for _, t := range store.Tables() {
		found[t.Name] = true
	}
	return found
}

// exported are the exported names that a package declares: types, functions,
// methods, fields, constants and variables.
func exported(t *testing.T, short string) map[string]bool {
	t.Helper()
	found := map[string]bool{}
	for _, p := range allPackages(t) {
		if p.short() != "internal/"+short {
			continue
		}
		for _, s := range sources(t, p) {
			ast.Inspect(s.file, func(n ast.Node) bool {
				switch n := n.(type) {
				case *ast.FuncDecl:
					found[n.Name.Name] = true
					return false // nothing inside a function has a name for others
				case *ast.TypeSpec:
					found[n.Name.Name] = true
				case *ast.ValueSpec:
					for _, name := range n.Names {
						found[name.Name] = true
					}
				case *ast.Field:
					for _, name := range n.Names {
						found[name.Name] = true
					}
				}
				return true
			})
		}
	}
	return found
}

// words are the backquoted words of a cell; none for a dash.
func words(cell string) []string {
	var all []string
	for i, part := range strings.Split(cell, "`") {
		if i%2 == 1 {
			all = append(all, part)
		}
	}
	return all
}

func TestGlossaryNamesWhatExists(t *testing.T) {
	known := tables()
	seen := map[string]bool{}
	for _, row := range glossary(t) {
		english, vietnamese, identifiers, pkgs, tabs, url := row[0], row[1], row[2], row[3], row[4], row[5]
		if seen[english] {
			t.Errorf("%s: twice in the glossary", english)
		}
		seen[english] = true
		if !norm.NFC.IsNormalString(vietnamese) || vietnamese == "" {
			t.Errorf("%s: the Vietnamese term is missing or not NFC", english)
		}
		for _, id := range words(identifiers) {
			if !token.IsExported(id) || !token.IsIdentifier(id) {
				t.Errorf("%s: %q is no exported Go identifier", english, id)
			}
		}
		declared := map[string]bool{}
		for _, p := range words(pkgs) {
			names := exported(t, p)
			if len(names) == 0 {
				t.Errorf("%s: there is no package internal/%s", english, p)
			}
			maps.Copy(declared, names)
		}
		for _, id := range words(identifiers) {
			if len(declared) > 0 && !declared[id] {
				t.Errorf("%s: %s does not declare %s", english, pkgs, id)
			}
		}
		for _, table := range words(tabs) {
			if !known[table] {
				t.Errorf("%s: there is no table %s", english, table)
			}
		}
		for _, path := range words(url) {
			if !strings.HasPrefix(path, "/") {
				t.Errorf("%s: %q is no path", english, path)
			}
		}
	}
}
