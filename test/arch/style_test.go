package arch

import (
	"bytes"
	"go/ast"
	"go/token"
	"os"
	"slices"
	"strings"
	"testing"
)

func TestPackageNamesSayWhatIsInside(t *testing.T) {
	empty := []string{"util", "utils", "common", "helper", "helpers", "base", "manager", "impl", "misc", "shared"}
	for _, p := range allPackages(t) {
		if slices.Contains(empty, p.Name) {
			t.Errorf("%s is package %s: name it after its one duty", p.short(), p.Name)
		}
	}
}

func TestFilesStayReadable(t *testing.T) {
	const most = 800
	for _, folder := range []string{"cmd", "internal", "test"} {
		for _, path := range glob(t, folder, "*.go") {
			text, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if bytes.HasPrefix(text, []byte("// Code generated")) {
				continue
			}
			if n := bytes.Count(text, []byte("\n")); n > most {
				t.Errorf("%s has %d lines, at most %d: more than one thing lives there", path, n, most)
			}
		}
	}
}

// settable are the few package variables that are without a value in the source.
func settable() []string {
	return []string{
		"cmd/motcua.version", // set by the linker
		"cmd/motcua.commit",
		"internal/store.texts",            // statements generated from fixed tables: only grows, to the same everywhere
		"internal/store/storetest.serial", // numbers the databases of one test program
	}
}

// A package variable is a table or a compiled expression that nobody changes.
func TestNoMutablePackageVariables(t *testing.T) {
	for _, p := range allPackages(t) {
		files := sources(t, p)
		declared := map[string]bool{}
		for _, s := range files {
			for _, d := range s.file.Decls {
				g, ok := d.(*ast.GenDecl)
				if !ok || g.Tok != token.VAR {
					continue
				}
				for _, spec := range g.Specs {
					v := spec.(*ast.ValueSpec)
					for i, name := range v.Names {
						declared[name.Name] = true
						checkVariable(t, s, p.short()+"."+name.Name, g, v, i)
					}
				}
			}
		}
		for _, s := range files {
			ast.Inspect(s.file, func(n ast.Node) bool {
				for _, target := range targets(n) {
					name := rootOf(target)
					if name == nil || name.Name == "_" || !declared[name.Name] || !packageLevel(s.file, name) {
						continue
					}
					t.Errorf("%s: %s is a package variable and is changed here", s.at(n), name.Name)
				}
				return true
			})
		}
	}
}

// checkVariable looks at one declared variable and its value.
func checkVariable(t *testing.T, s source, name string, g *ast.GenDecl, v *ast.ValueSpec, i int) {
	t.Helper()
	if v.Names[i].Name == "_" || slices.Contains(settable(), name) || embedded(g) || embeddedSpec(v) {
		return
	}
	if len(v.Values) == 0 {
		t.Errorf("%s: %s has no value: it can only be there to be changed", s.at(v), name)
		return
	}
	if i >= len(v.Values) {
		return
	}
	switch value := v.Values[i].(type) {
	case *ast.CallExpr:
		from, what := selector(value.Fun)
		if id, ok := value.Fun.(*ast.Ident); ok && (id.Name == "make" || id.Name == "new") {
			t.Errorf("%s: %s is made empty: it can only be there to be changed", s.at(v), name)
		}
		if from == "sync" && !strings.HasPrefix(what, "OnceValue") {
			t.Errorf("%s: %s is shared state", s.at(v), name)
		}
	case *ast.CompositeLit:
		if from, _ := selector(value.Type); from == "sync" {
			t.Errorf("%s: %s is shared state", s.at(v), name)
		}
	}
}

// embedded reports whether a go:embed directive stands above a declaration.
func embedded(g *ast.GenDecl) bool       { return hasEmbed(g.Doc) }
func embeddedSpec(v *ast.ValueSpec) bool { return hasEmbed(v.Doc) }

func hasEmbed(doc *ast.CommentGroup) bool {
	if doc == nil {
		return false
	}
	return slices.ContainsFunc(doc.List, func(c *ast.Comment) bool { return strings.HasPrefix(c.Text, "//go:embed ") })
}

// targets are the expressions that a statement assigns to.
func targets(n ast.Node) []ast.Expr {
	switch n := n.(type) {
	case *ast.AssignStmt:
		if n.Tok != token.DEFINE {
			return n.Lhs
		}
	case *ast.IncDecStmt:
		return []ast.Expr{n.X}
	case *ast.RangeStmt:
		if n.Tok == token.ASSIGN {
			return []ast.Expr{n.Key, n.Value}
		}
	}
	return nil
}

// rootOf is the variable at the left end of a.b[c].d.
func rootOf(e ast.Expr) *ast.Ident {
	for {
		switch x := e.(type) {
		case *ast.Ident:
			return x
		case *ast.SelectorExpr:
			e = x.X
		case *ast.IndexExpr:
			e = x.X
		case *ast.StarExpr:
			e = x.X
		case *ast.ParenExpr:
			e = x.X
		default:
			return nil
		}
	}
}

// packageLevel reports whether name means the package's variable here: the
// parser resolves local names to their own declarations, and names of other
// files to none.
func packageLevel(file *ast.File, name *ast.Ident) bool {
	return name.Obj == nil || file.Scope.Lookup(name.Name) == name.Obj
}
