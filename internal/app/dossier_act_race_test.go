package app_test

import (
	"fmt"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/motcua/motcua/internal/app"
	"github.com/motcua/motcua/internal/app/apptest"
	"github.com/motcua/motcua/internal/core/access"
	"github.com/motcua/motcua/internal/core/dossier"
	"github.com/motcua/motcua/internal/core/fault"
)

// Many officers act on one version of one dossier: exactly one wins, the others
// are told that it changed meanwhile or is held.
func TestRaceOnOneDossier(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		for _, n := range []int{2, 10, 50} {
			d := forwarded(t, w)
			handlers := w.People(d.Agency, string(access.Handler))
			var won atomic.Int64
			var wg sync.WaitGroup
			for i := range n {
				wg.Go(func() {
					_, err := w.Act(t.Context(), handlers[i%len(handlers)], app.ActInput{Code: d.Code, Input: dossier.Input{Act: dossier.Claim, Version: d.Version}})
					switch {
					case err == nil:
						won.Add(1)
					case fault.KindOf(err) != fault.Conflict:
						t.Errorf("officer %d: %v, want a conflict", i, err)
					}
				})
			}
			wg.Wait()
			if won.Load() != 1 {
				t.Errorf("%d officers: %d won, want 1", n, won.Load())
			}
		}
	})
}

// forwarded receives a dossier and hands it to its agency.
func forwarded(t *testing.T, w *apptest.World) dossier.Dossier {
	t.Helper()
	counter := person(t, w, w.Centre().Code, access.Reception)
	got, err := w.ReceiveDossier(t.Context(), counter, form(anyReceivable(t, w)))
	if err != nil {
		t.Fatal(err)
	}
	d, err := w.Act(t.Context(), counter, app.ActInput{Code: got.Code, Input: dossier.Input{Act: dossier.Forward, Version: got.Version}})
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// Receptions from many counters at once get codes 1 to n without a gap.
func TestConcurrentReceptions(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		p := anyReceivable(t, w)
		counters := w.People(w.Centre().Code, string(access.Reception))
		const n = 60
		codes := make([]string, n)
		var wg sync.WaitGroup
		for i := range n {
			wg.Go(func() {
				f := form(p)
				f.Owner.PersonalID = fmt.Sprintf("9991900%05d", i)
				got, err := w.ReceiveDossier(t.Context(), counters[i%len(counters)], f)
				if err != nil {
					t.Errorf("reception %d: %v", i, err)
				}
				codes[i] = got.Code
			})
		}
		wg.Wait()
		seen := map[string]bool{}
		for _, c := range codes {
			seen[c] = true
		}
		for i := 1; i <= n; i++ {
			if want := fmt.Sprintf("%s-261123-%04d", codes[0][:len(codes[0])-len("-261123-0001")], i); !seen[want] {
				t.Errorf("no dossier has the code %s", want)
			}
		}
	})
}

// Two counters receive for the same person at the same moment: one is told to
// look.
func TestRaceOfSimilarReceptions(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		p := anyReceivable(t, w)
		counters := w.People(w.Centre().Code, string(access.Reception))
		var won, told atomic.Int64
		var wg sync.WaitGroup
		for i := range 8 {
			wg.Go(func() {
				f := form(p)
				f.Confirmed = false
				_, err := w.ReceiveDossier(t.Context(), counters[i], f)
				switch {
				case err == nil:
					won.Add(1)
				case fault.Is(err, "dossier.similar"), fault.Is(err, "store.changed_meanwhile"):
					told.Add(1)
				default:
					t.Errorf("counter %d: %v", i, err)
				}
			})
		}
		wg.Wait()
		if won.Load() != 1 || told.Load() != 7 {
			t.Errorf("%d received, %d were told; want 1 and 7", won.Load(), told.Load())
		}
	})
}
