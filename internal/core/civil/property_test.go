package civil_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/motcua/motcua/internal/civildata"
	"github.com/motcua/motcua/internal/core/civil"
	"github.com/motcua/motcua/internal/core/fault"
)

// drawInstant is a minute of 2018 to 2026.
func drawInstant(t *rapid.T, name string) time.Time {
	day := rapid.IntRange(0, 9*365).Draw(t, name+"Day")
	minute := rapid.OneOf(rapid.IntRange(0, 1439), rapid.SampledFrom([]int{0, 449, 450, 690, 691, 810, 1020, 1021})).Draw(t, name+"Minute")
	return civil.NewDate(2018, 1, 1+day).At(civil.TimeOfDay(minute))
}

func drawLimit(t *rapid.T, name string) civil.Limit {
	u := rapid.SampledFrom(units).Draw(t, name+"Unit")
	switch u {
	case civil.AtOnce, civil.SameDay:
		return civil.Limit{Unit: u}
	case civil.FixedDate:
		return civil.Limit{Unit: u, On: civil.NewDate(2027, 1, 1+rapid.IntRange(0, 200).Draw(t, name+"On"))}
	case civil.Months:
		return civil.Limit{Unit: u, Value: rapid.IntRange(1, 6).Draw(t, name)}
	}
	return civil.Limit{Unit: u, Value: rapid.IntRange(1, 60).Draw(t, name)}
}

// drawStops is a ledger of ended stops after an instant.
func drawStops(t *rapid.T, from time.Time) []civil.Stop {
	var all []civil.Stop
	for range rapid.IntRange(0, 3).Draw(t, "stops") {
		s := civil.Stop{Kind: rapid.SampledFrom([]civil.StopKind{civil.StopSupplement, civil.StopObligation, civil.StopConsult}).Draw(t, "kind")}
		s.FromAt = from.Add(time.Duration(rapid.IntRange(0, 10*1440).Draw(t, "runs")) * time.Minute)
		s.ToAt = s.FromAt.Add(time.Duration(rapid.IntRange(0, 20*1440).Draw(t, "stands")) * time.Minute)
		from = s.ToAt
		all = append(all, s)
	}
	return all
}

// count is Due, where running out of years is no case.
func count(t *rapid.T, cal *civil.Calendar, in civil.DueInput) civil.Derivation {
	got, err := civil.Due(cal, in)
	if fault.Is(err, "civil.year_unknown") {
		t.Skip("beyond the calendar")
	}
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func TestLaterReceptionIsNeverDueEarlier(t *testing.T) {
	cals := []*civil.Calendar{civildata.Default(), withSaturday(t)}
	rapid.Check(t, func(t *rapid.T) {
		cal := rapid.SampledFrom(cals).Draw(t, "calendar")
		a := civil.DueInput{ReceivedAt: drawInstant(t, "received"), Limit: drawLimit(t, "limit"), SameDayCutoff: rapid.SampledFrom([]civil.TimeOfDay{0, 900}).Draw(t, "cutoff")}
		b := a
		b.ReceivedAt = a.ReceivedAt.Add(time.Duration(rapid.IntRange(0, 3*1440).Draw(t, "later")) * time.Minute)
		a.Stops = drawStops(t, b.ReceivedAt)
		a.Policy = rapid.SampledFrom([]civil.Policy{civil.Pause, civil.Restart}).Draw(t, "policy")
		b.Stops, b.Policy = a.Stops, a.Policy
		if one, two := count(t, cal, a), count(t, cal, b); two.DueOn.Before(one.DueOn) {
			t.Fatalf("received %v: %v; received %v: %v", a.ReceivedAt, one.DueOn, b.ReceivedAt, two.DueOn)
		}
	})
}

func TestOneMoreDayOffNeverShortens(t *testing.T) {
	base := civildata.Default()
	rapid.Check(t, func(t *rapid.T) {
		in := civil.DueInput{ReceivedAt: drawInstant(t, "received"), Limit: drawLimit(t, "limit")}
		in.Policy = rapid.SampledFrom([]civil.Policy{civil.Pause, civil.Restart}).Draw(t, "policy")
		before := count(t, base, in)
		day := civil.DateOf(in.ReceivedAt).AddDays(rapid.IntRange(0, 60).Draw(t, "off"))
		if _, taken := base.Exception(day); taken {
			t.Skip("a day off already")
		}
		cal, err := base.Derive(civil.Own{Days: []civil.Exception{{Date: day, Kind: civil.Local, Name: "Bão"}}})
		if fault.Is(err, "civil.year_unknown") {
			t.Skip("beyond the calendar")
		}
		if err != nil {
			t.Fatal(err)
		}
		if after := count(t, cal, in); after.DueOn.Before(before.DueOn) {
			t.Fatalf("with %v off: %v, without: %v", day, after.DueOn, before.DueOn)
		}
	})
}

func TestRestartIsNeverEarlierThanPause(t *testing.T) {
	cal := civildata.Default()
	rapid.Check(t, func(t *rapid.T) {
		in := civil.DueInput{ReceivedAt: drawInstant(t, "received"), Limit: drawLimit(t, "limit"), Policy: civil.Pause}
		in.Stops = drawStops(t, in.ReceivedAt)
		paused := count(t, cal, in)
		in.Policy = civil.Restart
		if anew := count(t, cal, in); anew.DueOn.Before(paused.DueOn) {
			t.Fatalf("anew %v, paused %v", anew.DueOn, paused.DueOn)
		}
	})
}

func TestInverse(t *testing.T) {
	cal := civildata.Default()
	rapid.Check(t, func(t *rapid.T) {
		from := civil.DateOf(drawInstant(t, "from"))
		n := rapid.IntRange(1, 200).Draw(t, "n")
		to, err := cal.AddWorkingDays(from, n)
		if fault.Is(err, "civil.year_unknown") {
			t.Skip("beyond the calendar")
		}
		if err != nil {
			t.Fatal(err)
		}
		if got, err := cal.WorkingDaysBetween(from, to); err != nil || got != n {
			t.Fatalf("%v + %d = %v, which is %d working days on, %v", from, n, to, got, err)
		}
		if works, err := cal.IsWorking(to); err != nil || !works {
			t.Fatalf("%v is not worked: %v", to, err)
		}
		back, err := cal.SubWorkingDays(to, n)
		if works, _ := cal.IsWorking(from); err != nil && works || back.After(from) {
			t.Fatalf("%v - %d = %v, %v, want %v", to, n, back, err, from)
		} else if works && back != from {
			t.Fatalf("%v - %d = %v, want %v", to, n, back, from)
		}
		start := drawInstant(t, "start")
		minutes := rapid.IntRange(1, 9000).Draw(t, "minutes")
		end, err := cal.AddWorkingMinutes(start, minutes)
		if fault.Is(err, "civil.year_unknown") {
			t.Skip("beyond the calendar")
		}
		if err != nil {
			t.Fatal(err)
		}
		if got, err := cal.WorkingMinutesBetween(start, end); err != nil || got != minutes {
			t.Fatalf("%v + %d minutes = %v, which is %d on, %v", start, minutes, end, got, err)
		}
	})
}

// The days that a derivation lists are all days between start and end, each
// once; those counted in working days are as many as the limit.
func TestDerivationListsEveryDay(t *testing.T) {
	cal := civildata.Default()
	rapid.Check(t, func(t *rapid.T) {
		in := civil.DueInput{ReceivedAt: drawInstant(t, "received"), Limit: civil.Limit{Value: rapid.IntRange(1, 60).Draw(t, "n"), Unit: civil.WorkingDays}}
		in.Stops = drawStops(t, in.ReceivedAt)
		for _, s := range count(t, cal, in).Segments {
			if s.Limit.Value != len(s.Counted) {
				t.Fatalf("%d days counted of %d", len(s.Counted), s.Limit.Value)
			}
			if s.Limit.Value == 0 {
				continue
			}
			if all := len(s.Counted) + len(s.Skipped); all != s.DueOn.Sub(civil.DateOf(s.StartAt)) {
				t.Fatalf("%d days told from %v to %v", all, s.StartAt, s.DueOn)
			}
		}
	})
}
