package civil_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/motcua/motcua/internal/civildata"
	"github.com/motcua/motcua/internal/core/civil"
)

// What is written as lines reads back, for every year that there is.
func TestHolidayLinesReadBack(t *testing.T) {
	spec := civildata.Default().Spec()
	for _, y := range spec.Years {
		text := spec.HolidayLines(y.Year)
		got, err := civil.ParseHolidays([]byte("# " + text + "\n\n" + text))
		if err != nil {
			t.Fatalf("%d: %v", y.Year, err)
		}
		var want []civil.Exception
		for _, e := range spec.Days {
			if e.Date.Year() == y.Year {
				e.LegalRef = ""
				want = append(want, e)
			}
		}
		if len(got.Years) != 1 || got.Years[0] != (civil.Year{Year: y.Year, Status: civil.OfficialYear}) || !slices.Equal(got.Days[:1], want[:1]) || !slices.Equal(distinct(got.Days), want) {
			t.Errorf("%d reads back as %v %v, want %v", y.Year, got.Years, got.Days, want)
		}
		if first, _, _ := strings.Cut(text, "\n"); strings.Count(first, ";") != 3 {
			t.Errorf("%d begins with %q", y.Year, first)
		}
	}
	if got := spec.HolidayLines(1999); got != "" {
		t.Errorf("a year that nobody knows is %q", got)
	}
}

// distinct leaves out what the line before says too: the commented first line of
// the test's text has only that line commented.
func distinct(days []civil.Exception) []civil.Exception { return slices.Compact(slices.Clone(days)) }

func TestHolidayLinesRefused(t *testing.T) {
	for name, tt := range map[string]struct{ text, key string }{
		"no name":               {"01/01/2027; Thứ Sáu; nghỉ lễ; ", "civil.holiday_line"},
		"three parts":           {"01/01/2027; Thứ Sáu; nghỉ lễ", "civil.holiday_line"},
		"six parts":             {"01/01/2027; Thứ Sáu; nghỉ lễ; Tết; 02/01/2027; x", "civil.holiday_line"},
		"no real day":           {"30/02/2027; Thứ Sáu; nghỉ lễ; Tết", "civil.holiday_line"},
		"a day that is none":    {"mai; Thứ Sáu; nghỉ lễ; Tết", "civil.holiday_line"},
		"unknown kind":          {"01/01/2027; Thứ Sáu; nghỉ phép; Tết", "civil.holiday_line"},
		"made up for nothing":   {"02/01/2027; Thứ Bảy; làm bù; Làm bù; hôm qua", "civil.holiday_line"},
		"wrong weekday":         {"01/01/2027; Thứ Năm; nghỉ lễ; Tết Dương lịch", "civil.day_weekday"},
		"no weekday of ours":    {"01/01/2027; Friday; nghỉ lễ; Tết Dương lịch", "civil.day_weekday"},
		"one good and one bad":  {"01/01/2027; Thứ Sáu; nghỉ lễ; Tết\n31/04/2027; ; nghỉ lễ; Lễ", "civil.holiday_line"},
		"no lines, but a comma": {"01/01/2027, Thứ Sáu", "civil.holidays_form"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := civil.ParseHolidays([]byte(tt.text))
			wantKey(t, err, tt.key)
		})
	}
	good := "2027-01-01; thứ sáu; NGHỈ LỄ; Tết Dương lịch\n1/5/2027; ; Nghỉ lễ; Quốc tế Lao động\n02/01/2027; Thứ Bảy; làm bù; Làm bù; 31/12/2026"
	spec, err := civil.ParseHolidays([]byte(good))
	if err != nil || len(spec.Days) != 3 || spec.Days[1].Kind != civil.SwapWork || spec.Days[1].Replaces.String() != "2026-12-31" || spec.Days[2].Date.String() != "2027-05-01" {
		t.Errorf("read %v, %v", spec.Days, err)
	}
}

// A unit can do without the Saturday reception that the province has.
func TestUnitWithoutSaturday(t *testing.T) {
	spec := civildata.Default().Spec()
	spec.Saturday = &civil.Interval{From: 450, To: 690}
	province, err := civil.NewCalendar(spec)
	if err != nil {
		t.Fatal(err)
	}
	saturday := at(t, "2026-11-28 08:00")
	if open, err := province.NextOpening(saturday); err != nil || !open.Equal(saturday) {
		t.Errorf("the province opens at %v, %v", open, err)
	}
	unit, err := province.Derive(civil.Own{NoSaturday: true})
	if err != nil {
		t.Fatal(err)
	}
	if open, err := unit.NextOpening(saturday); err != nil || !open.Equal(at(t, "2026-11-30 07:30")) {
		t.Errorf("the unit opens at %v, %v", open, err)
	}
}
