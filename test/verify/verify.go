// Package verify is the second, independent checker of a database: its own SQL,
// its own hashing, its own reading of the events, on the drivers alone. It
// imports nothing of ours, so that a mistake in the program's own checks cannot
// hide here too. It looks; it trusts no answer of the program.
//
//	findings, err := verify.Check(ctx, "sqlite:/var/lib/motcua/motcua.db", verify.Options{})
package verify

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"testing"

	_ "github.com/jackc/pgx/v5/stdlib" // driver "pgx"
	_ "modernc.org/sqlite"             // driver "sqlite"
)

// Options say what more is known about the database.
type Options struct {
	// Secrets are texts that must not stand in clear anywhere, such as the
	// identity numbers and phones that a test has used.
	Secrets []string
}

// Finding is one promise and what breaks it.
type Finding struct {
	Promise    string
	Checked    int64
	Violations []string
}

// most is how many violations of one promise are listed.
const most = 10

func (f *Finding) violated(format string, args ...any) {
	if len(f.Violations) < most {
		f.Violations = append(f.Violations, fmt.Sprintf(format, args...))
	}
}

// checker is one check of one database.
type checker struct {
	db       *sql.DB
	postgres bool
	opt      Options
	found    []*Finding
}

func (c *checker) finding(promise string) *Finding {
	for _, f := range c.found {
		if f.Promise == promise {
			return f
		}
	}
	f := &Finding{Promise: promise}
	c.found = append(c.found, f)
	return f
}

// Check looks at the database at address, as the program's --database names it.
// It may run beside the program; it changes nothing. The error is about the
// checking; violations are in the findings.
func Check(ctx context.Context, address string, opt Options) ([]Finding, error) {
	c := &checker{opt: opt, postgres: !strings.HasPrefix(address, "sqlite:")}
	var err error
	if c.postgres {
		c.db, err = sql.Open("pgx", address)
	} else {
		path := strings.TrimPrefix(address, "sqlite:")
		c.db, err = sql.Open("sqlite", "file:"+(&url.URL{Path: path}).EscapedPath()+"?mode=rw&_pragma=busy_timeout(10000)")
	}
	if err != nil {
		return nil, err
	}
	for _, step := range []func(context.Context) error{
		c.positions, c.streams, c.commands, c.dossiers, c.codes, c.tasks, c.keys, c.jobs, c.accesses, c.guards, c.secrets,
	} {
		if err := step(ctx); err != nil {
			return nil, errors.Join(err, c.db.Close())
		}
	}
	out := make([]Finding, len(c.found))
	for i, f := range c.found {
		out[i] = *f
	}
	return out, c.db.Close()
}

// Database fails the test for every promise that the database breaks.
func Database(t testing.TB, address string, opt Options) {
	t.Helper()
	found, err := Check(context.Background(), address, opt)
	if err != nil {
		t.Fatalf("independent check: %v", err)
	}
	for _, f := range found {
		for _, v := range f.Violations {
			t.Errorf("independent check: %s: %s", f.Promise, v)
		}
	}
}

// each runs a query and hands every row to fn.
func (c *checker) each(ctx context.Context, query string, fn func(scan func(...any) error) error, args ...any) error {
	rows, err := c.db.QueryContext(ctx, query, args...)
	if err != nil {
		return fmt.Errorf("%s: %w", query, err)
	}
	defer rows.Close()
	for rows.Next() {
		if err := fn(rows.Scan); err != nil {
			return err
		}
	}
	return rows.Err()
}

func (c *checker) number(ctx context.Context, query string, args ...any) (n int64, err error) {
	if err = c.db.QueryRowContext(ctx, query, args...).Scan(&n); err != nil {
		err = fmt.Errorf("%s: %w", query, err)
	}
	return n, err
}
