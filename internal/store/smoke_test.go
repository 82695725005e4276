package store_test

import (
	"testing"

	"github.com/motcua/motcua/internal/core/journal"
	"github.com/motcua/motcua/internal/store"
	"github.com/motcua/motcua/internal/store/storetest"
)

var officer = journal.Actor{Principal: "staff-1", Name: "Nguyễn Văn Thử", Role: "reception", Unit: "H99.01"}

func box(id string) store.Root { return store.Root{Kind: "box", ID: id} }

// put records one event of a box.
func put(s *store.Store, t testing.TB, id, action string, p store.Put) (store.Box, error) {
	w := store.Write{Actor: officer, Action: action, Body: p, Roots: []store.Root{box(id)}}
	return store.Do(t.Context(), s, w, func(v *store.View) (store.Box, error) {
		return store.Record[store.Box](v, box(id), "box.put", 1, "", p)
	})
}

func TestSmoke(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		b, err := put(s, t, "b1", "", store.Put{Name: "one", Add: 3, Things: []store.Thing{{"t1", 1, ""}, {"t2", 2, "n"}}})
		if err != nil {
			t.Fatal(err)
		}
		b, err = put(s, t, "b1", "", store.Put{Add: 30, Drop: "t1", Things: []store.Thing{{"t3", 1, ""}}})
		if err != nil {
			t.Fatal(err)
		}
		got, err := store.Get[store.Box](t.Context(), s, box("b1"))
		if err != nil || got.Total != b.Total {
			t.Fatalf("got %+v %v, want %+v", got, err, b)
		}
		if err := s.Rebuild(t.Context()); err != nil {
			t.Fatal(err)
		}
	})
}
