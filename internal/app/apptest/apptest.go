// Package apptest gives tests a founded centre on a fresh database: the real
// Lâm Đồng with its agencies, the whole catalogue and invented people. Founding
// takes seconds, so on SQLite it is done once and copied.
package apptest

import (
	"context"
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
	Dir   string
}

// template is a founded SQLite database, made once per test binary.
var template = sync.OnceValues(found)

type founded struct {
	db   []byte
	ring string
}

func found() (founded, error) {
	dir, err := os.MkdirTemp("", "motcua-apptest-")
	if err != nil {
		return founded{}, err
	}
	defer os.RemoveAll(dir)
	f := founded{ring: seal.NewRingText("test")}
	path := filepath.Join(dir, "centre.db")
	ctx := context.Background()
	clock := &Clock{now: Start()}
	a, s, err := open(ctx, "sqlite:"+path, f.ring, clock, nil)
	if err != nil {
		return f, err
	}
	if _, err := a.Found(ctx, access.Operator("test"), Founding()); err != nil {
		return f, err
	}
	if err := s.Close(); err != nil {
		return f, err
	}
	f.db, err = os.ReadFile(path)
	return f, err
}

// Founding is what test centres are founded as.
func Founding() app.Founding {
	return app.Founding{Preset: "lam-dong", People: true, Communes: 2, Seed: 7}
}

func open(ctx context.Context, url, ring string, clock *Clock, blobs blob.Store) (*app.App, *store.Store, error) {
	r, err := seal.ParseRing(ring)
	if err != nil {
		return nil, nil, err
	}
	s, err := store.Open(ctx, url, store.Options{Clock: clock.Now, Wall: clock.Now, Ring: r, Migrate: true})
	if err != nil {
		return nil, nil, err
	}
	a, err := app.New(ctx, app.Deps{Store: s, Blobs: blobs, Clock: clock.Now, Wall: clock.Now, Demo: true, TestPersons: true, PublicURL: "https://motcua.example"})
	return a, s, err
}

// SQLite opens a fresh copy of the test centre.
func SQLite(t testing.TB) *World {
	t.Helper()
	f, err := template()
	if err != nil {
		t.Fatalf("found the test centre: %v", err)
	}
	dir := t.TempDir()
	path := filepath.Join(dir, "centre.db")
	if err := os.WriteFile(path, f.db, 0o600); err != nil {
		t.Fatal(err)
	}
	return openWorld(t, "sqlite:"+path, f.ring, dir)
}

// At founds a test centre on the database at url, which may be PostgreSQL.
func At(t testing.TB, url string) *World {
	t.Helper()
	w := openWorld(t, url, seal.NewRingText("test"), t.TempDir())
	if _, err := w.Found(t.Context(), access.Operator("test"), Founding()); err != nil {
		t.Fatalf("found the test centre: %v", err)
	}
	return w
}

func openWorld(t testing.TB, url, ring, dir string) *World {
	t.Helper()
	files := filepath.Join(dir, "files")
	if err := os.MkdirAll(files, 0o700); err != nil {
		t.Fatal(err)
	}
	blobs, err := blob.OpenDir(files, 20<<20)
	if err != nil {
		t.Fatal(err)
	}
	clock := &Clock{now: Start()}
	a, s, err := open(t.Context(), url, ring, clock, blobs)
	if err != nil {
		t.Fatalf("open the test centre: %v", err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Errorf("close the test centre: %v", err)
		}
	})
	return &World{App: a, Clock: clock, Blobs: blobs, Dir: dir}
}
