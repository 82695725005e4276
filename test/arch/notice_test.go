package arch

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// What is linked into the program is credited in NOTICE.
func TestModulesAreCredited(t *testing.T) {
	notice, err := os.ReadFile(filepath.Join("..", "..", "NOTICE"))
	if err != nil {
		t.Fatal(err)
	}
	for _, module := range linked(t, "./cmd/motcua") {
		if !regexp.MustCompile(`(?m)^  ` + regexp.QuoteMeta(module) + `( |$)`).Match(notice) {
			t.Errorf("NOTICE does not credit %s", module)
		}
	}
}

// linked lists the modules that a program is made of, without our own.
func linked(t *testing.T, program string) []string {
	t.Helper()
	cmd := exec.Command("go", "list", "-deps", "-f", "{{with .Module}}{{if not .Main}}{{.Path}}{{end}}{{end}}", program)
	cmd.Dir = filepath.Join("..", "..")
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	var all []string
	for _, m := range strings.Fields(string(out)) {
		if !seen[m] {
			seen[m] = true
			all = append(all, m)
		}
	}
	return all
}
