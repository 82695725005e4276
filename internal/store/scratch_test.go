package store_test

import (
	"strings"
	"testing"

	"github.com/motcua/motcua/internal/seal"
	"github.com/motcua/motcua/internal/store"
	"github.com/motcua/motcua/internal/store/storetest"
)

func TestScratchIsEmptyAndGoesAway(t *testing.T) {
	storetest.EachURL(t, func(t *testing.T, url string) {
		folder := t.TempDir()
		address, drop, err := store.Scratch(t.Context(), url, folder)
		if err != nil {
			t.Fatal(err)
		}
		if address == url || strings.HasPrefix(url, "sqlite:") != strings.HasPrefix(address, "sqlite:") {
			t.Fatalf("Scratch(%s) = %s", url, address)
		}
		s, err := store.Open(t.Context(), address, store.Options{Migrate: true})
		if err != nil {
			t.Fatal(err)
		}
		if s.Position() != 0 {
			t.Errorf("the scratch place has %d events", s.Position())
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		if err := drop(t.Context()); err != nil {
			t.Fatal(err)
		}
		if strings.HasPrefix(address, "postgres") {
			if s, err := store.Open(t.Context(), address, store.Options{}); err == nil {
				t.Errorf("the scratch place is still there: %v", s.Close())
			}
		}
	})
}

func TestCheckKeysFindsWhatTheRingDoesNotOpen(t *testing.T) {
	storetest.EachURL(t, func(t *testing.T, url string) {
		for _, ring := range []*seal.Ring{storetest.Ring(t), otherRing(t)} {
			s, err := store.Open(t.Context(), url, store.Options{Ring: ring, Migrate: true})
			if err != nil {
				t.Fatal(err)
			}
			id := ring.Current()
			w := putWrite(id, "", store.Put{})
			_, err = store.Do(t.Context(), s, w, func(v *store.View) (store.Box, error) {
				return store.Record[store.Box](v, box(id), "box.put", 1, "", store.Put{Name: id, Sealed: v.Seal(id, "person", []byte("x"))})
			})
			if err != nil {
				t.Fatal(err)
			}
			if err := s.Close(); err != nil {
				t.Fatal(err)
			}
		}
		s := storetest.Open(t, url, store.Options{})
		if n, closed, err := s.CheckKeys(t.Context()); err != nil || n != 2 || closed != 1 {
			t.Errorf("CheckKeys() = %d, %d, %v, want 2 keys, 1 closed", n, closed, err)
		}
	})
}

func otherRing(t *testing.T) *seal.Ring {
	t.Helper()
	ring, err := seal.ParseRing(seal.NewRingText("other"))
	if err != nil {
		t.Fatal(err)
	}
	return ring
}
