// Package program builds the program once for tests that run it from outside:
// the command line, crashes, browser journeys.
package program

import (
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
)

// EnvBinary names a program that is built already, to be used instead.
const EnvBinary = "MOTCUA_TEST_BINARY"

// Build returns the path of the program, built as it is released: static, without
// cgo. The folder is removed when the operating system cleans up; the build
// itself comes from Go's cache.
func Build(t testing.TB) string {
	t.Helper()
	path, err := build()
	if err != nil {
		t.Fatal(err)
	}
	return path
}

var build = sync.OnceValues(func() (string, error) {
	if path := os.Getenv(EnvBinary); path != "" {
		return filepath.Abs(path)
	}
	dir, err := os.MkdirTemp("", "motcua-program-")
	if err != nil {
		return "", err
	}
	c := exec.Command("go", "build", "-o", filepath.Join(dir, "motcua"), "github.com/motcua/motcua/cmd/motcua")
	c.Env = append(os.Environ(), "CGO_ENABLED=0")
	c.Stderr = os.Stderr
	return filepath.Join(dir, "motcua"), c.Run()
})
