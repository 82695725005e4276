package civil_test

import (
	"testing"

	"github.com/motcua/motcua/internal/civildata"
	"github.com/motcua/motcua/internal/core/civil"
	"github.com/motcua/motcua/internal/i18n"
)

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

func TestFirstChange(t *testing.T) {
	was := civildata.Default()
	saturday := func(s *civil.Spec) { s.Saturday = &civil.Interval{From: 450, To: 690} }
	for _, tt := range []struct {
		was, is *civil.Calendar
		want    string
	}{
		{changed(t, saturday), changed(t, func(s *civil.Spec) { saturday(s); off(t, "2026-11-26")(s) }), "2026-11-26"},
		{changed(t, saturday), was, ""},
		{was, changed(t, saturday), ""},
		{changed(t, saturday), changed(t, func(s *civil.Spec) { s.Saturday = &civil.Interval{From: 450, To: 600} }), ""},
	} {
		if got := civil.FirstChange(tt.was, tt.is).String(); got != tt.want {
			t.Errorf("Saturday %v, then %v: first change on %q, want %q", tt.was.Spec().Saturday, tt.is.Spec().Saturday, got, tt.want)
		}
	}
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
