// Package apptest gives tests a founded centre on a fresh database: the real
// Lâm Đồng with its agencies, the whole catalogue and invented people. Founding
// takes seconds, so it is done once for each engine and copied.
package apptest

import (
	"context"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/motcua/motcua/internal/app"
	"github.com/motcua/motcua/internal/blob"
	"github.com/motcua/motcua/internal/core/access"
	"github.com/motcua/motcua/internal/core/civil"
	"github.com/motcua/motcua/internal/seal"
	"github.com/motcua/motcua/internal/store"
	"github.com/motcua/motcua/internal/store/storetest"
)

// Start is the instant at which every test centre stands: a Monday morning.
func Start() time.Time { return time.Date(2026, 11, 23, 9, 0, 0, 0, civil.Zone) }

// Clock is a clock that tests move.
type Clock struct {
	mu  sync.Mutex
	now time.Time
}

// Now is what the clock shows.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

// Set moves the clock.
func (c *Clock) Set(t time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = t
}

// Add moves the clock on.
func (c *Clock) Add(d time.Duration) { c.Set(c.Now().Add(d)) }

// World is a founded centre with its clock.
type World struct {
	*app.App
	Clock *Clock
	Blobs blob.Store
	Mail  *Mailbox // what applicants are sent by phone; e-mail is not set up
	Log   *slog.Logger
	Dir   string
}

// Setting changes what a test centre gets from outside, such as a signing adapter.
type Setting func(*app.Deps)

// Each runs fn on a founded centre of each engine and verifies every invariant
// at its end.
func Each(t *testing.T, fn func(t *testing.T, w *World), set ...Setting) {
	t.Helper()
	for engine, open := range map[string]func(testing.TB, ...Setting) *World{"sqlite": SQLite, "postgres": Postgres} {
		t.Run(engine, func(t *testing.T) {
			w := open(t, set...)
			fn(t, w)
			storetest.Verify(t, w.Store())
		})
	}
}

// SQLite opens a fresh copy of the test centre.
func SQLite(t testing.TB, set ...Setting) *World {
	t.Helper()
	dir := t.TempDir()
	return openWorld(t, SQLiteURL(t, dir), dir, set...)
}

// SQLiteURL is the address of a fresh copy of the test centre in dir, for a test
// that opens it itself or has another program open it.
func SQLiteURL(t testing.TB, dir string) string {
	t.Helper()
	db, err := sqliteTemplate()
	if err != nil {
		t.Fatalf("found the test centre: %v", err)
	}
	path := filepath.Join(dir, "centre.db")
	if err := os.WriteFile(path, db, 0o600); err != nil {
		t.Fatal(err)
	}
	return "sqlite:" + path
}

// Postgres opens a fresh clone of the test centre.
func Postgres(t testing.TB, set ...Setting) *World {
	t.Helper()
	return openWorld(t, PostgresURL(t), t.TempDir(), set...)
}

// PostgresURL is the address of a fresh clone of the test centre.
func PostgresURL(t testing.TB) string {
	t.Helper()
	key, err := storetest.ProgramKey()
	if err != nil {
		t.Fatal(err)
	}
	return storetest.PostgresFrom(t, "centre_"+key, found)
}

// At founds a test centre on the empty database at url.
func At(t testing.TB, url string) *World {
	t.Helper()
	return FoundAt(t, url, Founding())
}

// FoundAt founds a centre of its own kind on the empty database at url.
func FoundAt(t testing.TB, url string, f app.Founding) *World {
	t.Helper()
	if err := foundAs(url, f); err != nil {
		t.Fatalf("found the test centre: %v", err)
	}
	return Open(t, url)
}

// Open opens the test centre that is at url.
func Open(t testing.TB, url string) *World {
	t.Helper()
	return openWorld(t, url, t.TempDir())
}

// Elsewhere founds another centre than the usual one at an instant of its own, on
// the empty database at url.
func Elsewhere(t testing.TB, url string, at time.Time, f app.Founding) *World {
	t.Helper()
	a, s, err := open(t.Context(), url, &Clock{now: at}, nil, newMailbox())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := a.Found(t.Context(), access.Operator("test"), f); err != nil {
		t.Fatalf("found %s: %v", f.Preset, err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	w := openWorld(t, url, t.TempDir())
	w.Clock.Set(at)
	if err := w.Reload(t.Context()); err != nil {
		t.Fatal(err)
	}
	return w
}

// sqliteTemplate is a founded database file, made once per test program.
var sqliteTemplate = sync.OnceValues(func() ([]byte, error) {
	dir, err := os.MkdirTemp("", "motcua-apptest-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "centre.db")
	if err := found("sqlite:" + path); err != nil {
		return nil, err
	}
	return os.ReadFile(path)
})

// found makes the test centre on the database at url.
func found(url string) error { return foundAs(url, Founding()) }

func foundAs(url string, f app.Founding) error {
	ctx := context.Background()
	a, s, err := open(ctx, url, &Clock{now: Start()}, nil, newMailbox())
	if err != nil {
		return err
	}
	_, err = a.Found(ctx, access.Operator("test"), f)
	if closeErr := s.Close(); err == nil {
		err = closeErr
	}
	return err
}

// Founding is what test centres are founded as.
func Founding() app.Founding {
	return app.Founding{Preset: "lam-dong", People: true, Communes: 2, Seed: 7}
}

func open(ctx context.Context, url string, clock *Clock, blobs blob.Store, mail *Mailbox, set ...Setting) (*app.App, *store.Store, error) {
	ring, err := seal.ParseRing(storetest.RingText)
	if err != nil {
		return nil, nil, err
	}
	s, err := store.Open(ctx, url, store.Options{Clock: clock.Now, Wall: clock.Now, Ring: ring, Migrate: true})
	if err != nil {
		return nil, nil, err
	}
	deps := app.Deps{Store: s, Blobs: blobs, Clock: clock.Now, Wall: clock.Now, Demo: true, TestPersons: true, PublicURL: "https://motcua.example", Senders: mail.senders()}
	for _, one := range set {
		one(&deps)
	}
	a, err := app.New(ctx, deps)
	return a, s, err
}

func openWorld(t testing.TB, url, dir string, set ...Setting) *World {
	t.Helper()
	files := filepath.Join(dir, "files")
	if err := os.MkdirAll(files, 0o700); err != nil {
		t.Fatal(err)
	}
	blobs, err := blob.OpenDir(files, 20<<20)
	if err != nil {
		t.Fatal(err)
	}
	clock, mail := &Clock{now: Start()}, newMailbox()
	a, s, err := open(t.Context(), url, clock, blobs, mail, set...)
	if err != nil {
		t.Fatalf("open the test centre: %v", err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Errorf("close the test centre: %v", err)
		}
	})
	return &World{App: a, Clock: clock, Blobs: blobs, Mail: mail, Log: slog.New(slog.DiscardHandler), Dir: dir}
}
