package civil_test

import (
	"strings"
	"testing"

	"github.com/motcua/motcua/internal/civildata"
	"github.com/motcua/motcua/internal/core/civil"
)

// withSaturday is the built-in calendar with reception on Saturday mornings.
func withSaturday(t testing.TB) *civil.Calendar {
	t.Helper()
	cal, err := civildata.Default().Derive(civil.Own{Saturday: &civil.Interval{From: 8 * 60, To: 11 * 60}})
	if err != nil {
		t.Fatal(err)
	}
	return cal
}

func TestNextOpening(t *testing.T) {
	cal := withSaturday(t)
	for _, tt := range []struct{ name, from, want string }{
		{"in hours", "2026-06-01 09:15", "2026-06-01 09:15"},
		{"the opening itself", "2026-06-01 07:30", "2026-06-01 07:30"},
		{"before opening", "2026-06-01 07:29:59", "2026-06-01 07:30"},
		{"the opening minute keeps its seconds", "2026-06-01 07:30:30", "2026-06-01 07:30:30"},
		{"closing time belongs to the morning", "2026-06-01 11:30", "2026-06-01 11:30"},
		{"its whole minute does", "2026-06-01 11:30:59", "2026-06-01 11:30:59"},
		{"lunch", "2026-06-01 11:31", "2026-06-01 13:30"},
		{"closing time of the day", "2026-06-01 17:00:59", "2026-06-01 17:00:59"},
		{"after hours", "2026-06-01 17:01", "2026-06-02 07:30"},
		{"Friday evening to Saturday's reception", "2026-06-05 18:00", "2026-06-06 08:00"},
		{"Saturday's reception", "2026-06-06 10:00", "2026-06-06 10:00"},
		{"Saturday after it", "2026-06-06 11:01", "2026-06-08 07:30"},
		{"Sunday", "2026-06-07 10:00", "2026-06-08 07:30"},
		{"a worked Saturday has whole hours", "2026-08-22 16:00", "2026-08-22 16:00"},
		{"a Saturday holiday has no reception", "2027-02-06 09:00", "2027-02-11 07:30"},
		{"midnight", "2026-06-02 00:00", "2026-06-02 07:30"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, err := cal.NextOpening(at(t, tt.from))
			if err != nil || !got.Equal(at(t, tt.want)) {
				t.Errorf("NextOpening(%s) = %v, %v, want %s", tt.from, got, err, tt.want)
			}
			if got.Location() != civil.Zone {
				t.Errorf("NextOpening answers in %v", got.Location())
			}
		})
	}
	if got, err := cal.NextOpening(at(t, "2026-06-01 09:15").UTC()); err != nil || got.Location() != civil.Zone {
		t.Errorf("NextOpening = %v, %v, want Vietnamese time", got, err)
	}
	for _, from := range []string{"2027-12-31 17:01", "2028-01-03 09:00", "2017-12-29 09:00"} {
		_, err := cal.NextOpening(at(t, from))
		wantKey(t, err, "civil.year_unknown")
	}
}

// An office that opens at midnight opens at the next one, not a minute later; the
// first exception of a calendar closes a Saturday like any other.
func TestNextOpeningAtTheEdges(t *testing.T) {
	spec := year2026()
	spec.Hours = []civil.Interval{{From: 0, To: 12 * 60}}
	if got, err := calendar(t, spec).NextOpening(at(t, "2026-06-01 12:01")); err != nil || !got.Equal(at(t, "2026-06-02 00:00")) {
		t.Errorf("NextOpening = %v, %v, want midnight", got, err)
	}
	spec = year2026(civil.Exception{Date: on(t, "2026-06-06"), Kind: civil.Holiday, Name: "x"})
	spec.Saturday = &civil.Interval{From: 8 * 60, To: 11 * 60}
	if got, err := calendar(t, spec).NextOpening(at(t, "2026-06-06 09:00")); err != nil || !got.Equal(at(t, "2026-06-08 07:30")) {
		t.Errorf("NextOpening = %v, %v, want Monday: that Saturday is a holiday", got, err)
	}
}

func TestOpeningAndClosing(t *testing.T) {
	cal := withSaturday(t)
	if got := cal.Opening(on(t, "2026-06-01")); !got.Equal(at(t, "2026-06-01 07:30")) {
		t.Errorf("Opening = %v", got)
	}
	for day, want := range map[string]string{
		"2026-06-01": "2026-06-01 17:00", "2026-06-06": "2026-06-06 11:00", "2026-06-07": "2026-06-07 17:00",
		"2026-08-22": "2026-08-22 17:00", "2030-01-01": "2030-01-01 17:00",
	} {
		if got := cal.Closing(on(t, day)); !got.Equal(at(t, want)) {
			t.Errorf("Closing(%s) = %v, want %s", day, got, want)
		}
	}
}

func TestAddWorkingMinutes(t *testing.T) {
	cal := withSaturday(t)
	for _, tt := range []struct {
		name, from string
		n          int
		want       string
	}{
		{"within the morning", "2026-06-01 08:00", 60, "2026-06-01 09:00"},
		{"to the end of the morning, not the afternoon's start", "2026-06-01 08:00", 210, "2026-06-01 11:30"},
		{"over lunch", "2026-06-01 08:00", 211, "2026-06-01 13:31"},
		{"to the end of the day", "2026-06-01 07:30", 450, "2026-06-01 17:00"},
		{"to the next day", "2026-06-01 07:30", 451, "2026-06-02 07:31"},
		{"8 hours are more than a day of 7½", "2026-06-01 07:30", 480, "2026-06-02 08:00"},
		{"over the weekend, reception or not", "2026-06-05 16:30", 60, "2026-06-08 08:00"},
		{"from lunch", "2026-06-01 12:00", 30, "2026-06-01 14:00"},
		{"from Saturday's reception", "2026-06-06 09:00", 30, "2026-06-08 08:00"},
		{"from before opening", "2026-06-01 06:00", 30, "2026-06-01 08:00"},
		{"from a worked Saturday", "2026-08-22 16:30", 60, "2026-08-24 08:00"},
		{"nothing in hours", "2026-06-01 08:00", 0, "2026-06-01 08:00"},
		{"nothing after hours", "2026-06-01 18:00", 0, "2026-06-02 07:30"},
		{"nothing on Saturday's reception", "2026-06-06 09:00", 0, "2026-06-08 07:30"},
		{"seconds are kept", "2026-06-01 08:00:30", 60, "2026-06-01 09:00:30"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, err := cal.AddWorkingMinutes(at(t, tt.from), tt.n)
			if err != nil || !got.Equal(at(t, tt.want)) {
				t.Errorf("AddWorkingMinutes(%s, %d) = %v, %v, want %s", tt.from, tt.n, got, err, tt.want)
			}
		})
	}
	_, err := cal.AddWorkingMinutes(at(t, "2026-06-01 08:00"), -1)
	wantKey(t, err, "civil.limit_negative")
	for _, tt := range []struct {
		from string
		n    int
	}{{"2027-12-31 16:59", 2}, {"2028-01-03 09:00", 1}, {"2028-01-03 09:00", 0}} {
		_, err := cal.AddWorkingMinutes(at(t, tt.from), tt.n)
		wantKey(t, err, "civil.year_unknown")
	}
	// A calendar that ends on a Saturday of reception has nothing after it.
	spec := year2026()
	spec.Years[0].Year, spec.Saturday = 2022, &civil.Interval{From: 450, To: 690}
	_, err = calendar(t, spec).AddWorkingMinutes(at(t, "2022-12-31 09:00"), 0)
	wantKey(t, err, "civil.year_unknown")
}

func TestWorkingMinutesBetween(t *testing.T) {
	cal := civildata.Default()
	for _, tt := range []struct {
		from, to string
		want     int
	}{
		{"2026-06-01 08:00", "2026-06-01 09:30", 90},
		{"2026-06-01 08:00", "2026-06-01 12:00", 210},
		{"2026-06-01 12:00", "2026-06-01 13:30", 0},
		{"2026-06-01 07:00", "2026-06-01 20:00", 450},
		{"2026-06-05 16:00", "2026-06-08 08:00", 90},
		{"2026-06-06 08:00", "2026-06-07 20:00", 0},
		{"2026-06-01 09:30", "2026-06-01 08:00", -90},
		{"2026-06-01 08:00:40", "2026-06-01 08:02:20", 1},
		{"2026-02-13 16:00", "2026-02-23 08:00", 90},
	} {
		got, err := cal.WorkingMinutesBetween(at(t, tt.from), at(t, tt.to))
		if err != nil || got != tt.want {
			t.Errorf("WorkingMinutesBetween(%s, %s) = %d, %v, want %d", tt.from, tt.to, got, err, tt.want)
		}
	}
	for _, days := range [][2]string{{"2017-12-31 09:00", "2026-01-01 09:00"}, {"2026-01-01 09:00", "2028-01-01 09:00"}} {
		_, err := cal.WorkingMinutesBetween(at(t, days[0]), at(t, days[1]))
		wantKey(t, err, "civil.year_unknown")
	}
}

func TestSubtractWorkingMinutes(t *testing.T) {
	cal := withSaturday(t)
	for _, tt := range []struct {
		name, to string
		minutes  int
		want     string
	}{
		{"within the morning", "2026-06-01 10:00", 60, "2026-06-01 09:00"},
		{"over lunch", "2026-06-01 14:00", 60, "2026-06-01 11:00"},
		{"a whole day", "2026-06-02 09:00", 450, "2026-06-01 09:00"},
		{"over a weekend", "2026-06-08 08:30", 120, "2026-06-05 16:00"},
		{"from after hours", "2026-06-01 22:00", 30, "2026-06-01 16:30"},
		{"nothing to do ends where work ended last", "2026-06-01 12:00", 0, "2026-06-01 11:30"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, err := cal.SubtractWorkingMinutes(at(t, tt.to), tt.minutes)
			if err != nil || !got.Equal(at(t, tt.want)) {
				t.Fatalf("SubtractWorkingMinutes(%s, %d) = %v, %v, want %s", tt.to, tt.minutes, got, err, tt.want)
			}
			if n, err := cal.WorkingMinutesBetween(got, at(t, tt.to)); err != nil || n != tt.minutes {
				t.Errorf("from there %d minutes pass, %v", n, err)
			}
		})
	}
	_, err := cal.SubtractWorkingMinutes(at(t, "2026-06-01 10:00"), 1<<30)
	wantKey(t, err, "civil.year_unknown")
	for _, tt := range []struct {
		to      string
		minutes int
	}{{"2028-06-01 10:00", 30}, {"2018-01-02 08:00", 30}} { // no such year, and nothing worked before the first opening
		_, err = cal.SubtractWorkingMinutes(at(t, tt.to), tt.minutes)
		wantKey(t, err, "civil.year_unknown")
	}
	if !strings.Contains(err.Error(), "2017") {
		t.Errorf("error %v does not name the year before the first", err)
	}
	if got, err := cal.SubtractWorkingMinutes(at(t, "2018-01-02 08:00"), 29); err != nil || !got.Equal(at(t, "2018-01-02 07:31")) {
		t.Errorf("just after the first opening of all: %v, %v", got, err)
	}
	_, err = cal.SubtractWorkingMinutes(at(t, "2026-06-01 10:00"), -1)
	wantKey(t, err, "civil.limit_negative")
}
