// Package storetest runs the same test on both engines.
package storetest

import (
	"context"
	"fmt"
	"path/filepath"
	"testing"

	"github.com/motcua/motcua/internal/seal"
	"github.com/motcua/motcua/internal/store"
)

// Each runs fn on a fresh SQLite store and on a fresh PostgreSQL store, and at
// its end verifies every invariant. Without PostgreSQL that half is skipped;
// with MOTCUA_REQUIRE_POSTGRES=1 it fails.
func Each(t *testing.T, fn func(t *testing.T, s *store.Store)) {
	t.Helper()
	EachURL(t, func(t *testing.T, url string) {
		s := Open(t, url, store.Options{})
		fn(t, s)
		Verify(t, s)
	})
}

// EachURL runs fn with the address of an empty, migrated database of each
// engine.
func EachURL(t *testing.T, fn func(t *testing.T, url string)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) { fn(t, "sqlite:"+filepath.Join(t.TempDir(), "test.db")) })
	t.Run("postgres", func(t *testing.T) { fn(t, Postgres(t)) })
}

// Open opens a store for the test and closes it at the test's end. What opt
// leaves open is filled in; the schema is migrated.
func Open(t testing.TB, url string, opt store.Options) *store.Store {
	t.Helper()
	if opt.Ring == nil {
		opt.Ring = Ring(t)
	}
	opt.Migrate = true
	s, err := store.Open(context.Background(), url, opt)
	if err != nil {
		t.Fatalf("open %s: %v", url, err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Errorf("close the store: %v", err)
		}
	})
	return s
}

// RingText is the text of the ring that every test has.
const RingText = "test:" + "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="

// Ring is a key ring of one fixed key, the same in every test.
func Ring(t testing.TB) *seal.Ring {
	t.Helper()
	ring, err := seal.ParseRing(RingText)
	if err != nil {
		t.Fatal(err)
	}
	return ring
}

// Verify fails the test for every invariant that does not hold.
func Verify(t testing.TB, s *store.Store) {
	t.Helper()
	found, err := s.Verify(context.Background())
	if err != nil {
		t.Fatalf("verify: %v", err)
	}
	for _, i := range found {
		if !i.OK {
			t.Errorf("invariant %s is violated: %s", i.ID, i.Detail)
		}
	}
}

// must fails the test on an error.
func must(t testing.TB, err error, what string, args ...any) {
	t.Helper()
	if err != nil {
		t.Fatalf("%s: %v", fmt.Sprintf(what, args...), err)
	}
}
