package civil_test

import (
	"encoding/json"
	"os"
	"testing"

	"github.com/motcua/motcua/internal/core/civil"
)

// The lunar calendar agrees with a table of 2000 to 2050 that was computed
// elsewhere and checked against printed calendars.
func TestLunarTable(t *testing.T) {
	text, err := os.ReadFile("testdata/lunar.json")
	if err != nil {
		t.Fatal(err)
	}
	var years []struct {
		Year      int        `json:"year"`
		Tet       civil.Date `json:"tet"`
		LastMonth int        `json:"last_month_days"`
		Kings     civil.Date `json:"gio_to"`
		Leap      *int       `json:"leap_month"`
	}
	if err := json.Unmarshal(text, &years); err != nil {
		t.Fatal(err)
	}
	if len(years) != 51 {
		t.Fatalf("%d years, want 51", len(years))
	}
	for _, y := range years {
		tet, err := civil.LunarDate{Year: y.Year, Month: 1, Day: 1}.Date()
		if err != nil || tet != y.Tet {
			t.Errorf("Tết %d is %v, %v, want %v", y.Year, tet, err, y.Tet)
		}
		eve, err := civil.LunarOf(tet.AddDays(-1))
		if want := (civil.LunarDate{Year: y.Year - 1, Month: 12, Day: y.LastMonth}); err != nil || eve != want {
			t.Errorf("the eve of Tết %d is %v, %v, want %v", y.Year, eve, err, want)
		}
		kings, err := civil.LunarDate{Year: y.Year, Month: 3, Day: 10}.Date()
		if err != nil || kings != y.Kings {
			t.Errorf("Giỗ Tổ %d is %v, %v, want %v", y.Year, kings, err, y.Kings)
		}
		for month := 1; month <= 12; month++ {
			_, err := civil.LunarDate{Year: y.Year, Month: month, Day: 1, Leap: true}.Date()
			if leap := y.Leap != nil && *y.Leap == month; leap != (err == nil) {
				t.Errorf("leap month %d of %d: %v, want %v", month, y.Year, err, leap)
			}
		}
	}
}

// Days on which the calendar of Vietnam is known to differ from that of its
// neighbour at UTC+8, and others known from history.
func TestLunarKnownDays(t *testing.T) {
	for text, want := range map[string]civil.LunarDate{
		"1968-01-29": {Year: 1968, Month: 1, Day: 1}, // one day before China
		"1985-01-21": {Year: 1985, Month: 1, Day: 1}, // a month before China
		"2007-02-17": {Year: 2007, Month: 1, Day: 1}, // one day before China
		"2030-02-02": {Year: 2030, Month: 1, Day: 1}, // one day before China
		"1984-12-22": {Year: 1984, Month: 12, Day: 1},
		"2020-05-23": {Year: 2020, Month: 4, Day: 1, Leap: true},
		"2033-12-22": {Year: 2033, Month: 11, Day: 1, Leap: true},
		"2026-11-24": {Year: 2026, Month: 10, Day: 16},
		"2026-12-31": {Year: 2026, Month: 11, Day: 23},
		"2027-02-06": {Year: 2027, Month: 1, Day: 1},
		"2027-04-16": {Year: 2027, Month: 3, Day: 10},
	} {
		got, err := civil.LunarOf(on(t, text))
		if err != nil || got != want {
			t.Errorf("LunarOf(%s) = %v, %v, want %v", text, got, err, want)
		}
	}
}

// Every day has one lunar date, in order; the ends of months come back from it.
func TestLunarDaysFollowEachOther(t *testing.T) {
	before, err := civil.LunarOf(on(t, "1999-12-31"))
	if err != nil {
		t.Fatal(err)
	}
	for d := on(t, "2000-01-01"); d.Year() < 2060; d = d.AddDays(1) {
		l, err := civil.LunarOf(d)
		if err != nil {
			t.Fatal(err)
		}
		switch {
		case l.Day == before.Day+1 && l.Year == before.Year && l.Month == before.Month && l.Leap == before.Leap:
		case l.Day == 1 && before.Day >= 29 && l.Year == before.Year && (l.Month == before.Month+1 && !l.Leap || l.Month == before.Month && l.Leap):
		case l.Day == 1 && before.Day >= 29 && l.Year == before.Year+1 && l.Month == 1 && before.Month == 12:
		default:
			t.Fatalf("%v follows %v on %v", l, before, d)
		}
		if l.Day == 1 || l.Day >= 29 {
			if back, err := l.Date(); err != nil || back != d {
				t.Fatalf("%v comes back as %v, %v, want %v", l, back, err, d)
			}
		}
		before = l
	}
}

func TestLunarRefused(t *testing.T) {
	for _, d := range []string{"1967-12-31", "2200-01-01"} {
		_, err := civil.LunarOf(on(t, d))
		wantKey(t, err, "civil.lunar_year")
	}
	for _, d := range []string{"1968-01-01", "2199-12-31", "2150-06-01", "1986-06-01", "2005-06-01"} {
		l, err := civil.LunarOf(on(t, d))
		if err != nil {
			t.Errorf("LunarOf(%s): %v", d, err)
		}
		if l.Year < 1968 {
			continue
		}
		if back, err := l.Date(); err != nil || back.String() != d {
			t.Errorf("%v comes back as %v, %v", l, back, err)
		}
	}
	for l, key := range map[civil.LunarDate]string{
		{Year: 1967, Month: 1, Day: 1}:              "civil.lunar_year",
		{Year: 2200, Month: 1, Day: 1}:              "civil.lunar_year",
		{Year: 2026, Month: 13, Day: 1}:             "civil.lunar_date",
		{Year: 2026, Month: 0, Day: 1}:              "civil.lunar_date",
		{Year: 2026, Month: 1, Day: 0}:              "civil.lunar_date",
		{Year: 2026, Month: 1, Day: 31}:             "civil.lunar_date",
		{Year: 2026, Month: 12, Day: 30}:            "civil.lunar_date", // that month has 29
		{Year: 2026, Month: 5, Day: 1, Leap: true}:  "civil.lunar_date",
		{Year: 2025, Month: 11, Day: 1, Leap: true}: "civil.lunar_date",
	} {
		_, err := l.Date()
		wantKey(t, err, key)
	}
}
