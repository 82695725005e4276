package simulate_test

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/motcua/motcua/internal/app/apptest"
	"github.com/motcua/motcua/internal/core/civil"
	"github.com/motcua/motcua/internal/core/dossier"
	"github.com/motcua/motcua/internal/simulate"
	"github.com/motcua/motcua/internal/store/storetest"
	"github.com/motcua/motcua/test/verify"
)

func run(t *testing.T, w *apptest.World, opt simulate.Options) (*simulate.World, simulate.Stats) {
	t.Helper()
	world, err := simulate.New(t.Context(), w.App, opt)
	if err != nil {
		t.Fatal(err)
	}
	stats, err := world.Run(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if err := world.Refusal(); err != nil {
		t.Errorf("a rule refused: %v", err)
	}
	return world, stats
}

// all reads every dossier, by code.
func all(t *testing.T, w *apptest.World) []dossier.Dossier {
	t.Helper()
	var ids []string
	events, err := w.Store().Events(t.Context(), 0, 1_000_000)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range events {
		if id, ok := cutDossier(e.Stream); ok && e.Version == 1 {
			ids = append(ids, id)
		}
	}
	var list []dossier.Dossier
	for part := range slices.Chunk(ids, 200) {
		some, err := w.Store().DossiersByID(t.Context(), part)
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, some...)
	}
	slices.SortFunc(list, func(a, b dossier.Dossier) int {
		if a.Name() < b.Name() {
			return -1
		}
		return 1
	})
	return list
}

func cutDossier(stream string) (string, bool) {
	const kind = "dossier/"
	if len(stream) > len(kind) && stream[:len(kind)] == kind {
		return stream[len(kind):], true
	}
	return "", false
}

// days is a history of n days before the test's morning.
func days(n int, seed uint64) simulate.Options {
	to := apptest.Start()
	return simulate.Options{From: civil.DateOf(to).AddDays(-n).At(0), To: to, PerDay: 16, Seed: seed}
}

func TestHistoryIsLikeAProvince(t *testing.T) {
	w := apptest.SQLite(t)
	_, stats := run(t, w, days(28, 7))
	if stats.Received < 200 || stats.Acts < 6*stats.Received {
		t.Errorf("made %+v, want some hundred dossiers and their acts", stats)
	}
	seen := map[dossier.Status]int{}
	channels := map[dossier.Channel]int{}
	var overdue, supplements, refusals, fees, procedures int
	kinds := map[string]bool{}
	now := apptest.Start()
	for _, d := range all(t, w) {
		seen[d.Status]++
		channels[d.Channel]++
		if d.Overdue(now) {
			overdue++
		}
		supplements += len(d.Supplements)
		if d.Result != nil && d.Result.Refusal {
			refusals++
		}
		if d.Fee.Total > 0 {
			fees++
		}
		if !kinds[d.Procedure.Code] {
			kinds[d.Procedure.Code] = true
			procedures++
		}
	}
	for _, s := range []dossier.Status{dossier.Processing, dossier.SupplementRequired, dossier.Resolved, dossier.Returned} {
		if seen[s] == 0 {
			t.Errorf("no dossier is %s: %v", s, seen)
		}
	}
	if channels[dossier.Online] == 0 || channels[dossier.Direct] < channels[dossier.Online] {
		t.Errorf("channels: %v, want most at the counter and some online", channels)
	}
	if overdue == 0 || overdue*4 > stats.Received || supplements == 0 || refusals == 0 || fees == 0 || procedures < 40 {
		t.Errorf("of %d: %d late, %d supplements, %d refusals, %d with fees, %d procedures", stats.Received, overdue, supplements, refusals, fees, procedures)
	}
	if stats.Warned == 0 || stats.Broken == 0 || stats.Apologised == 0 {
		t.Errorf("made %+v, want warnings, broken promises and apologies", stats)
	}
	for _, d := range all(t, w) {
		if a := d.Deadline.Apology; a != nil && a.MadeAt.After(now) {
			t.Errorf("%s: apologised at %v, after the story", d.Name(), a.MadeAt)
		}
	}
	late, err := w.Ladder(t.Context(), time.Time{})
	if err != nil || late.Broken > stats.Broken/4 {
		t.Errorf("after the story %d promises are found broken, %d along it, %v", late.Broken, stats.Broken, err)
	}
	storetest.Verify(t, w.Store())
	verify.Database(t, "sqlite:"+w.Dir+"/centre.db", verify.Options{})
}

func TestTheSameSeedMakesTheSameHistory(t *testing.T) {
	tell := func(seed uint64) []string {
		w := apptest.SQLite(t)
		run(t, w, days(8, seed))
		var lines []string
		for _, d := range all(t, w) {
			lines = append(lines, fmt.Sprint(d.Name(), d.Procedure.Code, d.Status, d.Version, d.StatusAt.Unix()))
		}
		return lines
	}
	first := tell(3)
	if second := tell(3); !slices.Equal(first, second) {
		for i := range min(len(first), len(second)) {
			if first[i] != second[i] {
				t.Errorf("dossier %d: %s, then %s", i, first[i], second[i])
				break
			}
		}
		t.Errorf("%d dossiers, then %d", len(first), len(second))
	}
	if slices.Equal(first, tell(4)) {
		t.Error("another seed makes the same history")
	}
}

func TestACutHistoryGoesOn(t *testing.T) {
	w := apptest.SQLite(t)
	opt := days(10, 5)
	end := opt.To
	opt.To = civil.DateOf(end).AddDays(-4).At(civil.TimeOfDay(10 * 60))
	_, first := run(t, w, opt)

	last, err := simulate.LastActed(t.Context(), w.Store())
	if err != nil || last.IsZero() || last.After(opt.To) {
		t.Fatalf("LastActed() = %v, %v, want shortly before %v", last, err, opt.To)
	}
	opt.From, opt.To = last, end
	world, err := simulate.New(t.Context(), w.App, opt)
	if err != nil {
		t.Fatal(err)
	}
	n, err := world.Resume(t.Context())
	if err != nil || n == 0 {
		t.Fatalf("Resume() = %d, %v, want open dossiers", n, err)
	}
	second, err := world.Run(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if err := world.Refusal(); err != nil {
		t.Errorf("a rule refused: %v", err)
	}
	if got := len(all(t, w)); got != first.Received+second.Received || second.Received == 0 {
		t.Errorf("%d dossiers, want %d and then %d more", got, first.Received, second.Received)
	}
	for _, d := range all(t, w) {
		if d.Status == dossier.Accepted && d.StatusAt.Before(last.Add(-48*time.Hour)) {
			t.Errorf("%s has been forgotten since %s", d.Name(), d.StatusAt)
		}
	}
	storetest.Verify(t, w.Store())
}

func TestTheHallGoesOnWithTheClock(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := apptest.SQLite(t)
		opt := days(3, 7)
		world, first := run(t, w, opt)
		ctx, stop := context.WithCancel(t.Context())
		var wait sync.WaitGroup
		wait.Go(func() { // the demo's clock ticks with the bubble's
			for ctx.Err() == nil {
				<-time.After(time.Minute)
				w.Clock.Add(time.Minute)
			}
		})
		wait.Go(func() {
			if err := world.Live(ctx); err != nil {
				t.Error(err)
			}
		})
		<-time.After(58 * time.Hour) // over a holiday until the evening of the next working day
		stop()
		wait.Wait()
		if err := world.Refusal(); err != nil {
			t.Errorf("a rule refused: %v", err)
		}
		now := world.Stats()
		if now.Received < first.Received+18 || now.Acts < first.Acts+100 {
			t.Errorf("in two working days of the hall %+v became %+v", first, now)
		}
		for _, d := range all(t, w) {
			if d.StatusAt.After(w.Clock.Now()) {
				t.Errorf("%s: %s at %s, in the future", d.Name(), d.Status, d.StatusAt)
			}
		}
	})
}
