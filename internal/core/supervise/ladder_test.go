package supervise_test

import (
	"encoding/json"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/motcua/motcua/internal/civildata"
	"github.com/motcua/motcua/internal/core/civil"
	"github.com/motcua/motcua/internal/core/dossier"
	"github.com/motcua/motcua/internal/core/fault"
	"github.com/motcua/motcua/internal/core/ruleset"
	"github.com/motcua/motcua/internal/core/supervise"
)

func instant(t testing.TB, text string) time.Time {
	t.Helper()
	at, err := civil.ParseInstant(text)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

// promised is a running dossier received at an instant with a limit.
func promised(t testing.TB, received time.Time, limit civil.Limit) dossier.Dossier {
	t.Helper()
	d := running()
	d.At, d.ReceivedAt = received, received
	due, err := civil.Due(civildata.Default(), civil.DueInput{ReceivedAt: received, Limit: limit, Policy: civil.Pause})
	if err != nil {
		t.Fatal(err)
	}
	d.Deadline = dossier.Deadline{Limit: limit, StartAt: due.StartAt, DueOn: due.DueOn, DueAt: due.DueAt}
	return d
}

func TestSteps(t *testing.T) {
	days := func(n int) civil.Limit { return civil.Limit{Value: n, Unit: civil.WorkingDays} }
	type step struct {
		name supervise.StepName
		at   string
	}
	cases := []struct {
		name     string
		received string
		limit    civil.Limit
		change   func(*dossier.Dossier)
		want     []step
	}{
		{"ten working days over a holiday", "2026-11-16 09:00", days(10), nil, []step{
			// due Tuesday 1 December: 24 November is Ngày Văn hóa Việt Nam
			{"handler", "2026-11-26 07:30"}, {"leader", "2026-11-27 07:30"}, {"centre", "2026-11-30 07:30"}, {"apology", "2026-11-30 07:30"}, {"broken", "2026-12-02 07:30"},
		}},
		{"over Tết 2027", "2027-01-29 09:00", days(7), nil, []step{
			// Tết takes 4 to 10 February: due 16 February
			{"handler", "2027-02-11 07:30"}, {"leader", "2027-02-12 07:30"}, {"centre", "2027-02-15 07:30"}, {"apology", "2027-02-15 07:30"}, {"broken", "2027-02-17 07:30"},
		}},
		{"due on the last day before Tết", "2027-01-27 09:00", days(5), nil, []step{
			{"handler", "2027-01-29 07:30"}, {"leader", "2027-02-01 07:30"}, {"centre", "2027-02-02 07:30"}, {"apology", "2027-02-02 07:30"}, {"broken", "2027-02-11 07:30"},
		}},
		{"over the swapped days of 2026", "2026-08-24 09:00", days(8), nil, []step{
			// 31 August to 2 September are off, Saturday 22 August was worked for it
			{"handler", "2026-09-03 07:30"}, {"leader", "2026-09-04 07:30"}, {"centre", "2026-09-07 07:30"}, {"apology", "2026-09-07 07:30"}, {"broken", "2026-09-09 07:30"},
		}},
		{"two working days", "2026-12-07 09:00", days(2), nil, []step{
			{"centre", "2026-12-08 07:30"}, {"apology", "2026-12-08 07:30"}, {"broken", "2026-12-10 07:30"},
		}},
		{"one working day", "2026-12-07 09:00", days(1), nil, []step{{"handler", "2026-12-08 07:30"}, {"broken", "2026-12-09 07:30"}}},
		{"the same day", "2026-12-07 09:00", civil.Limit{Unit: civil.SameDay}, nil, []step{{"broken", "2026-12-08 07:30"}}},
		{"hours", "2026-12-07 09:00", civil.Limit{Value: 4, Unit: civil.WorkingHours}, nil, []step{{"broken", "2026-12-07 15:01"}}},
		{"a month", "2026-11-09 09:00", civil.Limit{Value: 1, Unit: civil.Months}, nil, []step{
			{"handler", "2026-12-04 07:30"}, {"leader", "2026-12-07 07:30"}, {"centre", "2026-12-08 07:30"}, {"apology", "2026-12-08 07:30"}, {"broken", "2026-12-10 07:30"},
		}},
		{"re-appointed", "2026-12-07 09:00", days(5), func(d *dossier.Dossier) {
			d.Deadline.Apology = &dossier.Apology{DueOn: civil.NewDate(2026, 12, 18), DueAt: instant(t, "2026-12-18 09:00"), MadeAt: instant(t, "2026-12-11 10:00")}
		}, []step{{"handler", "2026-12-15 07:30"}, {"leader", "2026-12-16 07:30"}, {"centre", "2026-12-17 07:30"}, {"broken", "2026-12-21 07:30"}}},
		{"no promise", "2026-12-07 09:00", days(5), func(d *dossier.Dossier) { d.Deadline.DueAt = time.Time{} }, nil},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			d := promised(t, instant(t, c.received), c.limit)
			if c.change != nil {
				c.change(&d)
			}
			rules, err := ruleset.On(civil.DateOf(d.At))
			if err != nil {
				t.Fatal(err)
			}
			got, err := supervise.Steps(d, rules, civildata.Default())
			if err != nil {
				t.Fatal(err)
			}
			if len(got) != len(c.want) {
				t.Fatalf("due %v: %d steps %+v, want %d", d.Deadline.DueOn, len(got), got, len(c.want))
			}
			for i, s := range got {
				if s.Name != c.want[i].name || !s.At.Equal(instant(t, c.want[i].at)) {
					t.Errorf("step %d = %s at %v, want %s at %s", i+1, s.Name, s.At, c.want[i].name, c.want[i].at)
				}
			}
		})
	}
}

func TestStepsOverAnUnknownYear(t *testing.T) {
	d := promised(t, instant(t, "2027-12-20 09:00"), civil.Limit{Value: 2, Unit: civil.WorkingDays})
	rules, err := ruleset.On(civil.DateOf(d.At))
	if err != nil {
		t.Fatal(err)
	}
	for _, due := range []string{"2027-12-31", "2028-06-01"} {
		day, err := civil.ParseDate(due)
		if err != nil {
			t.Fatal(err)
		}
		d.Deadline.DueOn, d.Deadline.DueAt = day, day.At(9*60)
		if _, err := supervise.Steps(d, rules, civildata.Default()); !fault.Is(err, "civil.year_unknown") {
			t.Errorf("due %s: %v, want civil.year_unknown", due, err)
		}
	}
	if _, err := supervise.NewDay(civildata.Default(), d.Deadline.DueOn, d.Deadline.DueOn); !fault.Is(err, "civil.year_unknown") {
		t.Errorf("new day: %v", err)
	}
}

func TestClimbs(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func(*dossier.Dossier)
		want   bool
	}{
		{"running", func(*dossier.Dossier) {}, true},
		{"received", func(d *dossier.Dossier) { d.Status = dossier.Accepted }, true},
		{"waits for papers", func(d *dossier.Dossier) { d.Status = dossier.SupplementRequired }, false},
		{"resolved", func(d *dossier.Dossier) { d.Status = dossier.Resolved }, false},
		{"no promise yet", func(d *dossier.Dossier) { d.Deadline.DueAt = time.Time{} }, false},
		{"its clock stands still", func(d *dossier.Dossier) {
			d.Deadline.Stops = []civil.Stop{{FromAt: at(10, 9), Kind: civil.StopConsult}}
		}, false},
		{"its clock runs again", func(d *dossier.Dossier) {
			d.Deadline.Stops = []civil.Stop{{FromAt: at(10, 9), ToAt: at(11, 9), Kind: civil.StopConsult}}
		}, true},
	} {
		d := running()
		c.change(&d)
		if got := supervise.Climbs(d); got != c.want {
			t.Errorf("%s: Climbs = %t", c.name, got)
		}
	}
}

// However the clock jumps and however often the ladder runs, each step is taken
// at most once, never before its time, and a promise that is broken is told.
func TestEachStepIsTakenOnce(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		received := civil.NewDate(2026, 1, 5).AddDays(rapid.IntRange(0, 400).Draw(r, "day")).At(civil.TimeOfDay(rapid.IntRange(0, 1439).Draw(r, "minute")))
		limit := civil.Limit{Value: rapid.IntRange(1, 40).Draw(r, "limit"), Unit: rapid.SampledFrom([]civil.Unit{civil.WorkingDays, civil.CalendarDays, civil.WorkingHours}).Draw(r, "unit")}
		d := promised(t, received, limit)
		rules, err := ruleset.On(civil.DateOf(received))
		if err != nil {
			r.Fatal(err)
		}
		steps, err := supervise.Steps(d, rules, civildata.Default())
		if err != nil {
			r.Fatal(err)
		}
		at := map[supervise.StepName]time.Time{}
		for _, s := range steps {
			at[s.Name] = s.At
		}
		var w supervise.Warning
		now := received
		for range rapid.IntRange(1, 30).Draw(r, "runs") {
			now = now.Add(time.Duration(rapid.IntRange(0, 72*60).Draw(r, "later")) * time.Minute)
			due, next := supervise.Due(steps, w, d.Deadline.DueAt, now)
			c := supervise.Climb{DueAt: d.Deadline.DueAt, NextAt: next, At: now}
			for _, s := range due {
				if now.Before(s.At) {
					r.Fatalf("%s is taken at %v, before %v", s.Name, now, s.At)
				}
				if w.Took(s.Name, d.Deadline.DueAt) {
					r.Fatalf("%s is taken twice", s.Name)
				}
				c.Taken = append(c.Taken, supervise.Taken{Step: s.Name, DueAt: d.Deadline.DueAt, At: now})
			}
			if !next.IsZero() && !next.After(now) {
				r.Fatalf("the next step is due at %v, which has passed", next)
			}
			if len(due) > 0 {
				w = folded(t, w, supervise.WarningTaken, c)
			}
		}
		if broken := at[supervise.StepBroken]; !now.Before(broken) && !w.Took(supervise.StepBroken, d.Deadline.DueAt) {
			r.Fatalf("broken since %v and not told at %v", broken, now)
		}
	})
}

func folded(t testing.TB, w supervise.Warning, event string, payload any) supervise.Warning {
	t.Helper()
	text, err := json.Marshal(payload)
	if err != nil {
		t.Fatal(err)
	}
	w, err = supervise.ApplyWarning(w, "d", event, text)
	if err != nil {
		t.Fatal(err)
	}
	return w
}

func TestWarningFolds(t *testing.T) {
	due := at(20, 9)
	w := folded(t, supervise.Warning{}, supervise.WarningTaken, supervise.Climb{
		DueAt: due, Taken: []supervise.Taken{{Step: "handler", DueAt: due}}, NextAt: at(18, 7), At: at(17, 8),
	})
	if w.Dossier != "d" || !w.Took("handler", due) || w.Took("leader", due) || w.Took("handler", at(21, 9)) || w.Draft != nil || !w.Unexcused.IsZero() {
		t.Errorf("after a warning: %+v", w)
	}
	w = folded(t, w, supervise.WarningTaken, supervise.Climb{DueAt: due, Taken: []supervise.Taken{{Step: "broken", DueAt: due}}, Draft: &supervise.Draft{At: at(23, 8)}, Unexcused: true, Agency: "a", At: at(23, 8)})
	if !w.NextAt.IsZero() || w.Draft == nil || !w.Unexcused.Equal(at(23, 8)) || w.Agency != "a" || len(w.Taken) != 2 {
		t.Errorf("after the breach: %+v", w)
	}
	w = folded(t, w, supervise.WarningDrafted, supervise.Draft{Author: "B"})
	if w.Draft.Author != "B" {
		t.Errorf("after drafting: %+v", w.Draft)
	}
	for _, event := range []string{supervise.WarningTaken, supervise.WarningDrafted, "warning.other"} {
		if _, err := supervise.ApplyWarning(w, "d", event, []byte("x")); err == nil {
			t.Errorf("%s with a payload that is none was applied", event)
		}
	}
}

// What would warn of a breach that has happened is passed over.
func TestDueAfterTheBreach(t *testing.T) {
	d := promised(t, instant(t, "2026-11-16 09:00"), civil.Limit{Value: 5, Unit: civil.WorkingDays})
	rules, err := ruleset.On(civil.DateOf(d.At))
	if err != nil {
		t.Fatal(err)
	}
	steps, err := supervise.Steps(d, rules, civildata.Default())
	if err != nil {
		t.Fatal(err)
	}
	due, next := supervise.Due(steps, supervise.Warning{}, d.Deadline.DueAt, instant(t, "2026-12-20 09:00"))
	if len(due) != 1 || due[0].Name != supervise.StepBroken || !next.IsZero() || len(due[0].To) != 3 {
		t.Errorf("due %+v, next %v", due, next)
	}
}

func TestBrings(t *testing.T) {
	rules, err := ruleset.On(civil.NewDate(2026, 11, 9))
	if err != nil {
		t.Fatal(err)
	}
	asked := func(due string, reminded ...string) dossier.Dossier {
		d := running()
		s := dossier.Supplement{AskedAt: instant(t, "2026-11-10 09:00"), DueAt: instant(t, due)}
		for _, r := range reminded {
			s.Reminded = append(s.Reminded, instant(t, r))
		}
		d.Status, d.Supplements = dossier.SupplementRequired, []dossier.Supplement{s}
		return d
	}
	consulted := running()
	consulted.Tasks = []dossier.Task{{ID: "c", Kind: dossier.TaskConsult, DueAt: instant(t, "2026-11-12 17:00")}}
	timed := running()
	timed.Timers = []dossier.Timer{{On: "t", Step: "s", At: instant(t, "2026-11-12 17:00")}}
	ended := consulted
	ended.Status = dossier.Stopped
	cases := []struct {
		name string
		d    dossier.Dossier
		now  string
		want dossier.Act
	}{
		{"long before", asked("2026-12-10 17:00"), "2026-12-02 09:00", ""},
		{"seven days before", asked("2026-12-10 17:00"), "2026-12-03 09:00", dossier.Remind},
		{"reminded once", asked("2026-12-10 17:00", "2026-12-03 09:00"), "2026-12-08 09:00", ""},
		{"the day before", asked("2026-12-10 17:00", "2026-12-03 09:00"), "2026-12-09 09:00", dossier.Remind},
		{"on its last day", asked("2026-12-10 17:00", "2026-12-03 09:00", "2026-12-09 09:00"), "2026-12-10 16:00", ""},
		{"expired", asked("2026-12-10 17:00", "2026-12-03 09:00", "2026-12-09 09:00"), "2026-12-10 17:01", dossier.ExpireSupplement},
		{"expired and never reminded", asked("2026-12-10 17:00"), "2026-12-20 09:00", dossier.Remind},
		{"reminded today for the first time", asked("2026-12-10 17:00", "2026-12-20 09:00"), "2026-12-20 15:00", ""},
		{"reminded yesterday for the first time", asked("2026-12-10 17:00", "2026-12-20 09:00"), "2026-12-21 09:00", dossier.Remind},
		{"a short time to answer, on the day of asking", asked("2026-11-12 17:00"), "2026-11-10 15:00", ""},
		{"a short time to answer, the next day", asked("2026-11-12 17:00"), "2026-11-11 09:00", dossier.Remind},
		{"an opinion that is not due", consulted, "2026-11-12 16:59", ""},
		{"an opinion that is due", consulted, "2026-11-12 17:00", dossier.NoteSilence},
		{"an opinion of a stopped dossier", ended, "2026-11-12 17:00", ""},
		{"a timer that is not due", timed, "2026-11-12 16:59", ""},
		{"a timer that is due", timed, "2026-11-12 17:00", dossier.Elapse},
		{"nothing", running(), "2026-12-12 17:00", ""},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			got, ok := supervise.Brings(c.d, rules, instant(t, c.now))
			if got.Act != c.want || ok != (c.want != "") {
				t.Errorf("Brings = %q, %t, want %q", got.Act, ok, c.want)
			}
			wakes := supervise.WakesAt(c.d)
			if c.want != "" && (wakes.IsZero() || wakes.After(instant(t, c.now).AddDate(0, 0, 8))) {
				t.Errorf("it would not be looked at: wakes at %v", wakes)
			}
		})
	}
	both := asked("2026-12-10 17:00")
	both.Tasks, both.Timers = consulted.Tasks, []dossier.Timer{{At: instant(t, "2026-11-11 09:00")}}
	if got := supervise.WakesAt(both); !got.Equal(instant(t, "2026-11-11 09:00")) {
		t.Errorf("WakesAt = %v, want the earliest", got)
	}
	if !slices.Equal(rules.Expiry.Remind, []int{7, 1}) {
		t.Errorf("the cases above hold for reminders 7 and 1 days before, the rule set has %v", rules.Expiry.Remind)
	}
}
