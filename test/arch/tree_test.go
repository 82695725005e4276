package arch

import (
	"bytes"
	"encoding/json"
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"io/fs"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

// module is our module's path; root is the repository, seen from this package.
const (
	module = "github.com/motcua/motcua"
	root   = "../.."
)

// pkg is what these tests read of one package.
type pkg struct {
	ImportPath string
	Name       string
	Dir        string
	Imports    []string
	GoFiles    []string
	Error      *struct{ Err string }
}

// short is the path below the module, such as "internal/core/civil".
func (p pkg) short() string {
	return strings.TrimPrefix(strings.TrimPrefix(p.ImportPath, module), "/")
}

// packages are all our packages as the go command sees them.
var packages = sync.OnceValues(func() ([]pkg, error) {
	cmd := exec.Command("go", "list", "-e", "-json=ImportPath,Name,Dir,Imports,GoFiles,Error", "./...")
	cmd.Dir = root
	out, err := cmd.Output()
	if err != nil {
		return nil, err
	}
	var all []pkg
	for d := json.NewDecoder(bytes.NewReader(out)); ; {
		var p pkg
		if err := d.Decode(&p); errors.Is(err, io.EOF) {
			return all, nil
		} else if err != nil {
			return nil, err
		}
		all = append(all, p)
	}
})

func allPackages(t *testing.T) []pkg {
	t.Helper()
	all, err := packages()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	if len(all) < 5 {
		t.Fatalf("go list finds %d packages, want all of ours", len(all))
	}
	return all
}

// source is one parsed file that is not a test.
type source struct {
	path string // below the repository
	file *ast.File
	set  *token.FileSet
}

// at is where a node stands, as file:line.
func (s source) at(n ast.Node) string {
	p := s.set.Position(n.Pos())
	p.Filename = s.path
	p.Column = 0
	return p.String()
}

// sources parses the files of p that are built, without its tests.
func sources(t *testing.T, p pkg) []source {
	t.Helper()
	var all []source
	for _, name := range p.GoFiles {
		set := token.NewFileSet()
		file, err := parser.ParseFile(set, filepath.Join(p.Dir, name), nil, parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, source{p.short() + "/" + name, file, set})
	}
	return all
}

// selector returns "time", "Now" for time.Now; empty when e is none.
func selector(e ast.Expr) (string, string) {
	s, ok := e.(*ast.SelectorExpr)
	if !ok {
		return "", ""
	}
	x, ok := s.X.(*ast.Ident)
	if !ok {
		return "", ""
	}
	return x.Name, s.Sel.Name
}

// under reports whether path is folder or lies below it.
func under(path, folder string) bool {
	return path == folder || strings.HasPrefix(path, folder+"/")
}

// glob finds files below the repository whose base name matches.
func glob(t *testing.T, folder, pattern string) []string {
	t.Helper()
	var found []string
	err := filepath.WalkDir(filepath.Join(root, folder), func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if ok, err := filepath.Match(pattern, d.Name()); err != nil || !ok || d.IsDir() {
			return err
		}
		found = append(found, path)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}
