// Package script holds the tests of the command line: one text file in testdata
// for each command, with what is typed and what must come back.
package script

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/motcua/motcua/internal/store/storetest"
	"github.com/motcua/motcua/test/program"
)

func TestScripts(t *testing.T) {
	binary := program.Build(t)
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata",
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Setup: func(e *testscript.Env) error {
			e.Setenv("PATH", filepath.Dir(binary)+string(os.PathListSeparator)+e.Getenv("PATH"))
			return nil
		},
		Cmds: map[string]func(ts *testscript.TestScript, neg bool, args []string){
			"code":     exitCode,
			"json":     jsonValue,
			"postgres": func(ts *testscript.TestScript, neg bool, args []string) { emptyPostgres(t, ts, args) },
			"damage":   damage,
			"get":      get,
		},
	})
}

// exitCode is "code N": the code with which the last exec must have ended. It
// runs the command itself: "code N program args…".
func exitCode(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: code N program args...")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	err = ts.Exec(args[1], args[2:]...)
	got := 0
	var ended *exec.ExitError
	if errors.As(err, &ended) {
		got = ended.ExitCode()
	} else if err != nil {
		ts.Fatalf("%v", err)
	}
	if got != want {
		ts.Fatalf("exit code %d, want %d\n%s%s", got, want, ts.ReadFile("stdout"), ts.ReadFile("stderr"))
	}
}

// jsonValue is "json FILE PATH VALUE": FILE is one JSON document whose value at
// PATH, such as invariants.0.id, prints as VALUE; "len" at the end of a list is its
// length.
func jsonValue(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) != 3 {
		ts.Fatalf("usage: [!] json file path value")
	}
	dec := json.NewDecoder(strings.NewReader(ts.ReadFile(args[0])))
	dec.UseNumber()
	var v any
	ts.Check(dec.Decode(&v))
	if dec.More() {
		ts.Fatalf("%s holds more than one document", args[0])
	}
	for _, step := range strings.Split(args[1], ".") {
		switch x := v.(type) {
		case map[string]any:
			inner, ok := x[step]
			if !ok {
				ts.Fatalf("%s: no %q in %v", args[1], step, x)
			}
			v = inner
		case []any:
			if step == "len" {
				v = len(x)
				break
			}
			i, err := strconv.Atoi(step)
			ts.Check(err)
			if i >= len(x) {
				ts.Fatalf("%s: no element %d of %d", args[1], i, len(x))
			}
			v = x[i]
		default:
			ts.Fatalf("%s: %v has no %q", args[1], v, step)
		}
	}
	if got := fmt.Sprint(v); (got == args[2]) == neg {
		ts.Fatalf("%s = %s, want %s", args[1], got, args[2])
	}
}

// emptyPostgres is "postgres NAME": sets the variable NAME to the address of a
// database without tables.
func emptyPostgres(t *testing.T, ts *testscript.TestScript, args []string) {
	if len(args) != 1 {
		ts.Fatalf("usage: postgres NAME")
	}
	ts.Setenv(args[0], storetest.PostgresEmpty(t))
}

// damage is "damage FILE": turns over one bit in the middle of a file.
func damage(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: damage file")
	}
	path := ts.MkAbs(args[0])
	text, err := os.ReadFile(path)
	ts.Check(err)
	text[len(text)/2] ^= 4
	ts.Check(os.WriteFile(path, text, 0o600))
}

// startWithin is how long "get" waits for a server to answer at all.
const startWithin = 3 * time.Minute

// get is "get URL STATUS PATTERN": the server, which may still be starting,
// answers with that status and a body that matches.
func get(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 3 {
		ts.Fatalf("usage: get url status pattern")
	}
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	end := time.After(startWithin)
	for {
		resp, err := http.Get(args[0])
		if err == nil {
			body, err := io.ReadAll(resp.Body)
			ts.Check(errors.Join(err, resp.Body.Close()))
			if strconv.Itoa(resp.StatusCode) != args[1] || !regexp.MustCompile(args[2]).Match(body) {
				ts.Fatalf("%s answers %d, want %s and %s:\n%s", args[0], resp.StatusCode, args[1], args[2], body)
			}
			return
		}
		select {
		case <-tick.C:
		case <-end:
			ts.Fatalf("%s does not answer: %v", args[0], err)
		}
	}
}
