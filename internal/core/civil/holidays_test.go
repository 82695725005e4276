package civil_test

import (
	"strings"
	"testing"

	"github.com/motcua/motcua/internal/core/civil"
)

const goodFile = `{"years":[
 {"year":2025,"statute":"Bộ luật","notices":["1/TB"],"days_off":[
   {"date":"2025-05-01","weekday":"Thứ Năm","kind":"le","name":"Ngày Quốc tế Lao động"},
   {"date":"2025-05-02","weekday":"Thứ Sáu","kind":"hoan_doi","name":"Nghỉ hoán đổi"},
   {"date":"2025-01-29","kind":"tet","name":"Tết"},
   {"date":"2025-07-07","kind":"nghi_bu","name":"Nghỉ bù"},
   {"date":"2025-07-08","kind":"dia_phuong","name":"Ngày của tỉnh"}],
  "working_days":[{"date":"2025-04-26","weekday":"Thứ Bảy","replaces":"2025-05-02"},{"date":"2025-04-27","replaces":"2025-05-02","name":"Làm bù"}]},
 {"year":2024,"days_off":[],"working_days":[]}]}`

func TestParseHolidays(t *testing.T) {
	spec, err := civil.ParseHolidays([]byte(goodFile))
	if err != nil {
		t.Fatal(err)
	}
	if len(spec.Years) != 2 || spec.Years[0].Year != 2024 || spec.Years[1].Status != civil.OfficialYear || spec.Years[1].LegalRef != "Bộ luật; 1/TB" {
		t.Errorf("years %v", spec.Years)
	}
	kinds := map[string]civil.DayKind{
		"2025-01-29": civil.Holiday, "2025-04-26": civil.SwapWork, "2025-04-27": civil.SwapWork, "2025-05-01": civil.Holiday,
		"2025-05-02": civil.SwapOff, "2025-07-07": civil.Compensatory, "2025-07-08": civil.Local,
	}
	if len(spec.Days) != len(kinds) {
		t.Errorf("%d days, want %d", len(spec.Days), len(kinds))
	}
	for i, e := range spec.Days {
		if kinds[e.Date.String()] != e.Kind || e.LegalRef != "Bộ luật; 1/TB" {
			t.Errorf("day %v", e)
		}
		if i > 0 && e.Date.Before(spec.Days[i-1].Date) {
			t.Errorf("%v stands after a later day", e.Date)
		}
	}
	if e := spec.Days[1]; e.Name != "02/05/2025" || e.Replaces.String() != "2025-05-02" {
		t.Errorf("made up: %v", e)
	}
	if e := spec.Days[2]; e.Name != "Làm bù" {
		t.Errorf("made up: %v", e)
	}
}

func TestHolidayFileRefused(t *testing.T) {
	for name, tt := range map[string]struct{ text, key string }{
		"no JSON":                {`years: 2025`, "civil.holidays_form"},
		"no years":               {`{"years":[]}`, "civil.holidays_form"},
		"another form":           {`[]`, "civil.holidays_form"},
		"no real day":            {strings.Replace(goodFile, "2025-05-01", "2025-02-30", 1), "civil.holidays_form"},
		"wrong weekday":          {strings.Replace(goodFile, "Thứ Năm", "Thứ Tư", 1), "civil.day_weekday"},
		"no weekday at all":      {strings.Replace(goodFile, "Thứ Năm", "Thursday", 1), "civil.day_weekday"},
		"wrong worked weekday":   {strings.Replace(goodFile, "Thứ Bảy", "Chủ Nhật", 1), "civil.day_weekday"},
		"unknown kind":           {strings.Replace(goodFile, `"le"`, `"x"`, 1), "civil.day_kind"},
		"another year's day":     {strings.Replace(goodFile, "2025-07-08", "2024-07-08", 1), "civil.day_other_year"},
		"another year's worked":  {strings.Replace(goodFile, "2025-04-27", "2024-04-27", 1), "civil.day_other_year"},
		"a day without its date": {strings.Replace(goodFile, `"date":"2025-07-08",`, ``, 1), "civil.day_missing"},
		"worked without a date":  {strings.Replace(goodFile, `{"date":"2025-04-27",`, `{`, 1), "civil.day_missing"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := civil.ParseHolidays([]byte(tt.text))
			wantKey(t, err, tt.key)
		})
	}
}
