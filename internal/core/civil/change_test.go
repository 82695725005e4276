package civil_test

import (
	"testing"
	"time"

	"github.com/motcua/motcua/internal/civildata"
	"github.com/motcua/motcua/internal/core/civil"
	"github.com/motcua/motcua/internal/i18n"
)

// promise computes an open promise under a calendar.
func promise(t testing.TB, cal *civil.Calendar, in civil.DueInput) civil.Promise {
	t.Helper()
	d := due(t, cal, in)
	return civil.Promise{Input: in, DueOn: d.DueOn, DueAt: d.DueAt, Provisional: d.Provisional}
}

// changed is the built-in calendar after a change of its data.
func changed(t testing.TB, change func(*civil.Spec)) *civil.Calendar {
	t.Helper()
	spec := civildata.Spec()
	change(&spec)
	return calendar(t, spec)
}

func off(t testing.TB, days ...string) func(*civil.Spec) {
	return func(s *civil.Spec) {
		for _, d := range days {
			s.Days = append(s.Days, civil.Exception{Date: on(t, d), Kind: civil.Local, Name: "Bão"})
		}
	}
}

func TestDiff(t *testing.T) {
	storm := changed(t, off(t, "2026-11-26", "2026-11-28")) // the second is a Saturday anyway
	got := civil.Diff(civildata.Default(), storm)
	if len(got) != 1 || got[0] != (civil.DayChange{Date: on(t, "2026-11-26"), WasWorks: true}) {
		t.Errorf("Diff = %v", got)
	}
	got = civil.Diff(storm, civildata.Default())
	if len(got) != 1 || got[0] != (civil.DayChange{Date: on(t, "2026-11-26"), Works: true}) {
		t.Errorf("Diff = %v", got)
	}
	// Only what both cover is compared.
	short := year2026()
	if got := civil.Diff(calendar(t, short), storm); len(got) == 0 || got[0].Date.String() != "2026-01-01" || got[len(got)-1].Date.Year() != 2026 {
		t.Errorf("Diff = %v", got)
	}
	if got := civil.Diff(storm, calendar(t, short)); len(got) == 0 || got[0].Date.String() != "2026-01-01" || got[len(got)-1].Date.Year() != 2026 {
		t.Errorf("Diff = %v", got)
	}
}

func TestRecompute(t *testing.T) {
	was := civildata.Default()
	in := func(received, text string, stops ...civil.Stop) civil.DueInput {
		return civil.DueInput{ReceivedAt: at(t, received), Limit: limit(t, text), Stops: stops}
	}
	inputs := []civil.DueInput{
		in("2026-11-20 09:00", "2 ngày làm việc"), // 0: due 25/11, before the storm
		in("2026-11-23 09:00", "2 ngày làm việc"), // 1: due 26/11, the storm itself
		in("2026-11-23 10:00", "5 ngày làm việc"), // 2: due 01/12, across it
		in("2026-11-27 09:00", "1 ngày làm việc"), // 3: received after it
		in("2026-11-20 09:00", "9 ngày"),          // 4: due 30/11 whatever lies before
		in("2026-11-20 09:00", "6 ngày"),          // 5: ends on it
		in("2026-11-25 16:00", "4 giờ làm việc"),  // 6: hours across it
		in("2026-11-20 09:00", "9 ngày làm việc", stop(t, civil.StopSupplement, "2026-11-23 09:00", "2026-11-25 10:00")), // 7: stopped once
	}
	var promises []civil.Promise
	for _, one := range inputs {
		promises = append(promises, promise(t, was, one))
	}
	waiting := in("2026-11-20 09:00", "9 ngày làm việc", stop(t, civil.StopSupplement, "2026-11-23 09:00", ""))
	promises = append(promises, civil.Promise{Input: waiting, DueOn: on(t, "2026-12-04"), DueAt: at(t, "2026-12-04 09:00")}, civil.Promise{Input: waiting})
	now := at(t, "2026-11-25 12:00")
	got := civil.Recompute(was, changed(t, off(t, "2026-11-26")), now, promises)
	want := map[int]string{1: "2026-11-27 09:00", 2: "2026-12-02 10:00", 5: "2026-11-27 09:00", 6: "2026-11-27 10:30", 7: "2026-12-08 10:00"}
	if len(got) != len(want) {
		t.Errorf("%d moves, want %d", len(got), len(want))
	}
	last := -1
	for _, m := range got {
		if m.N <= last {
			t.Errorf("move %d stands after %d", m.N, last)
		}
		last = m.N
		moved, ok := want[m.N]
		if !ok || m.Err != nil {
			t.Errorf("dossier %d moved to %v, %v", m.N, m.Due.DueAt, m.Err)
			continue
		}
		if !m.Due.DueAt.Equal(at(t, moved)) || !m.Later() || m.From.DueOn != promises[m.N].DueOn {
			t.Errorf("dossier %d moved from %v to %v, later %v, want %s", m.N, m.From.DueOn, m.Due.DueAt, m.Later(), moved)
		}
	}
}

// What is broken stays broken, and nothing is moved so that it becomes so.
func TestRecomputeLeavesThePast(t *testing.T) {
	was := civildata.Default()
	p := promise(t, was, civil.DueInput{ReceivedAt: at(t, "2026-11-23 09:00"), Limit: limit(t, "2 ngày làm việc")}) // due 26/11
	hours := promise(t, was, civil.DueInput{ReceivedAt: at(t, "2026-11-26 08:00"), Limit: limit(t, "1 giờ làm việc")})
	storm := changed(t, off(t, "2026-11-26"))
	for now, want := range map[string]int{
		"2026-11-26 09:00": 2, // both are still in time
		"2026-11-26 09:01": 1, // the hour has passed, the day has not
		"2026-11-26 23:59": 1,
		"2026-11-27 00:00": 0,
	} {
		if got := civil.Recompute(was, storm, at(t, now), []civil.Promise{p, hours}); len(got) != want {
			t.Errorf("at %s: %d moves, want %d", now, len(got), want)
		}
	}
	// A day off that is taken back: the earlier day is today at the latest.
	later := promise(t, storm, p.Input) // due 27/11
	for now, want := range map[string]int{"2026-11-26 23:59": 1, "2026-11-27 08:00": 0} {
		got := civil.Recompute(storm, was, at(t, now), []civil.Promise{later})
		if len(got) != want {
			t.Errorf("at %s: %d moves, want %d", now, len(got), want)
		}
		for _, m := range got {
			if m.Later() || m.Due.DueOn.String() != "2026-11-26" {
				t.Errorf("moved to %v, later %v", m.Due.DueOn, m.Later())
			}
		}
	}
}

// Publishing the official year makes promises firm, even on the same day, and
// moves those that it must.
func TestRecomputeForAnOfficialYear(t *testing.T) {
	was := civildata.Default()
	is := changed(t, func(s *civil.Spec) {
		s.Years[len(s.Years)-1].Status = civil.OfficialYear
		s.Days = append(s.Days, civil.Exception{Date: on(t, "2027-02-11"), Kind: civil.SwapOff, Name: "Nghỉ hoán đổi"})
	})
	promises := []civil.Promise{
		promise(t, was, civil.DueInput{ReceivedAt: at(t, "2026-12-14 09:00"), Limit: limit(t, "5 ngày làm việc")}),
		promise(t, was, civil.DueInput{ReceivedAt: at(t, "2026-12-28 09:00"), Limit: limit(t, "5 ngày làm việc")}),
		promise(t, was, civil.DueInput{ReceivedAt: at(t, "2027-02-03 09:00"), Limit: limit(t, "1 ngày làm việc")}),
	}
	got := civil.Recompute(was, is, at(t, "2026-12-29 09:00"), promises)
	if len(got) != 2 || got[0].N != 1 || got[0].Due.Provisional || got[0].Later() || got[0].Due.DueOn != promises[1].DueOn {
		t.Fatalf("moves %v", got)
	}
	if got[1].N != 2 || !got[1].Later() || got[1].Due.DueOn.String() != "2027-02-12" {
		t.Errorf("move %v", got[1])
	}
}

// A promise that the new calendar cannot count comes with the reason.
func TestRecomputeWithoutAYear(t *testing.T) {
	was := civildata.Default()
	is := changed(t, func(s *civil.Spec) {
		s.Years = s.Years[:len(s.Years)-1]
		n := 0
		for n < len(s.Days) && s.Days[n].Date.Year() < 2027 {
			n++
		}
		s.Days = s.Days[:n]
	})
	promises := []civil.Promise{
		promise(t, was, civil.DueInput{ReceivedAt: at(t, "2026-12-21 09:00"), Limit: limit(t, "5 ngày làm việc")}),
		promise(t, was, civil.DueInput{ReceivedAt: at(t, "2026-12-28 09:00"), Limit: limit(t, "5 ngày làm việc")}),
	}
	got := civil.Recompute(was, is, at(t, "2026-12-28 12:00"), promises)
	if len(got) != 1 || got[0].N != 1 || got[0].Later() {
		t.Fatalf("moves %v", got)
	}
	wantKey(t, got[0].Err, "civil.year_unknown")
	if moves := civil.Recompute(is, was, at(t, "2026-12-28 12:00"), promises); len(moves) != 0 {
		t.Errorf("a longer calendar moved %v", moves)
	}
}

// Other hours, another Saturday, other years: everything is looked at.
func TestRecomputeForHours(t *testing.T) {
	was := civildata.Default()
	p := []civil.Promise{
		promise(t, was, civil.DueInput{ReceivedAt: at(t, "2026-11-25 09:00"), Limit: limit(t, "8 giờ làm việc")}),
		promise(t, was, civil.DueInput{ReceivedAt: at(t, "2026-11-28 09:00"), Limit: limit(t, "1 ngày làm việc")}),
	}
	now := at(t, "2026-11-25 10:00")
	sat := civil.Interval{From: 450, To: 690}
	withSat := changed(t, func(s *civil.Spec) { s.Saturday = &sat })
	for name, tt := range map[string]struct {
		was, is *civil.Calendar
		want    int
	}{
		"the same":     {was, changed(t, func(*civil.Spec) {}), 0},
		"longer hours": {was, changed(t, func(s *civil.Spec) { s.Hours[1].To = 18 * 60 }), 1}, // only hours count them
		"earlier opening": {was, changed(t, func(s *civil.Spec) {
			s.Hours[0].From = 7 * 60
		}), 2}, // and what came in on a Sunday or Saturday starts earlier
		"Saturday received":          {was, withSat, 1},
		"Saturday the same":          {withSat, changed(t, func(s *civil.Spec) { other := sat; s.Saturday = &other }), 0},
		"Saturday off by decision":   {withSat, changed(t, func(s *civil.Spec) { s.Saturday = &sat; off(t, "2026-11-28")(s) }), 1},
		"one more year at the front": {was, changed(t, func(s *civil.Spec) { s.Years = append(s.Years, civil.Year{Year: 2017, Status: civil.OfficialYear}) }), 0},
	} {
		t.Run(name, func(t *testing.T) {
			var promises []civil.Promise
			for _, one := range p {
				promises = append(promises, promise(t, tt.was, one.Input))
			}
			got := civil.Recompute(tt.was, tt.is, now, promises)
			if len(got) != tt.want {
				t.Errorf("%d moves, want %d: %v", len(got), tt.want, got)
			}
		})
	}
}

func BenchmarkRecompute100000(b *testing.B) {
	was := civildata.Default()
	is := changed(b, off(b, "2026-11-26"))
	var promises []civil.Promise
	start := at(b, "2026-11-02 09:00")
	for i := range 100_000 {
		promises = append(promises, promise(b, was, civil.DueInput{
			ReceivedAt: start.Add(time.Duration(i%20) * 24 * time.Hour), Limit: civil.Limit{Value: 5 + i%40, Unit: civil.WorkingDays},
		}))
	}
	now := at(b, "2026-11-25 09:00")
	b.ResetTimer()
	for b.Loop() {
		if moves := civil.Recompute(was, is, now, promises); len(moves) < 50_000 {
			b.Fatalf("%d moves", len(moves))
		}
	}
}

func TestFirstChange(t *testing.T) {
	was := civildata.Default()
	for name, tt := range map[string]struct {
		is   *civil.Calendar
		want string
	}{
		"a storm day":     {changed(t, off(t, "2026-11-26", "2026-12-01")), "2026-11-26"},
		"a year official": {changed(t, func(s *civil.Spec) { s.Years[len(s.Years)-1].Status = civil.OfficialYear }), "2027-01-01"},
		"nothing":         {changed(t, func(*civil.Spec) {}), "2028-01-01"}, // the first day that neither covers
		"other hours":     {changed(t, func(s *civil.Spec) { s.Hours[1].To = 18 * 60 }), ""},
	} {
		if got := civil.FirstChange(was, tt.is).String(); got != tt.want {
			t.Errorf("%s: first change on %q, want %q", name, got, tt.want)
		}
	}
}

func TestRevisionStatesHaveNames(t *testing.T) {
	for _, s := range []civil.RevisionState{civil.RevisionProposed, civil.RevisionApplied, civil.RevisionDone, civil.RevisionWithdrawn} {
		if !i18n.Default().Has(s.Key()) {
			t.Errorf("%s has no sentence", s.Key())
		}
	}
}
