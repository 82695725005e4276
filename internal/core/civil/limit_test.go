package civil_test

import (
	"testing"

	"golang.org/x/text/unicode/norm"

	"github.com/motcua/motcua/internal/core/civil"
)

func TestParseLimit(t *testing.T) {
	for text, want := range map[string]civil.Limit{
		"5 ngày làm việc":                  {Value: 5, Unit: civil.WorkingDays},
		"  05  Ngày  Làm  Việc  ":          {Value: 5, Unit: civil.WorkingDays},
		norm.NFD.String("7 ngày làm việc"): {Value: 7, Unit: civil.WorkingDays},
		"8 giờ làm việc":                   {Value: 8, Unit: civil.WorkingHours},
		"20 ngày":                          {Value: 20, Unit: civil.CalendarDays},
		"24 giờ":                           {Value: 24, Unit: civil.ClockHours},
		"6 tháng":                          {Value: 6, Unit: civil.Months},
		"9999 ngày":                        {Value: 9999, Unit: civil.CalendarDays},
		"3 ngay_lam_viec":                  {Value: 3, Unit: civil.WorkingDays},
		"4 gio_lam_viec":                   {Value: 4, Unit: civil.WorkingHours},
		"3 ngay":                           {Value: 3, Unit: civil.CalendarDays},
		"24 gio":                           {Value: 24, Unit: civil.ClockHours},
		"1 thang":                          {Value: 1, Unit: civil.Months},
		"trả ngay":                         {Unit: civil.AtOnce},
		"tra_ngay":                         {Unit: civil.AtOnce},
		"Trong ngày":                       {Unit: civil.SameDay},
		"trong_ngay":                       {Unit: civil.SameDay},
		"2026-12-01":                       {Unit: civil.FixedDate, On: on(t, "2026-12-01")},
	} {
		got, err := civil.ParseLimit(text)
		if err != nil || got != want {
			t.Errorf("ParseLimit(%q) = %v, %v, want %v", text, got, err, want)
		}
	}
	for text, key := range map[string]string{
		"":                          "civil.limit_form",
		"5":                         "civil.limit_form",
		"năm ngày":                  "civil.limit_form",
		"ngày làm việc":             "civil.limit_form",
		"5.5 ngày":                  "civil.limit_form",
		"99999999999999999999 ngày": "civil.limit_form",
		"99999999999999 ngày":       "civil.limit_long",
		"5 tuần":                    "civil.unit_unknown",
		"5 ngày làm":                "civil.unit_unknown",
		"-1 ngày làm việc":          "civil.limit_negative",
		"0 ngày làm việc":           "civil.limit_zero",
		"0 giờ":                     "civil.limit_zero",
		"10000 ngày":                "civil.limit_long",
		"2026-02-30":                "civil.limit_form",
		"5 trả ngay":                "civil.unit_unknown",
		"5 ngày làm việc nhé!":      "civil.unit_unknown",
	} {
		_, err := civil.ParseLimit(text)
		wantKey(t, err, key)
	}
}

func TestValidateLimit(t *testing.T) {
	for key, limit := range map[string]civil.Limit{
		"civil.limit_value":    {Value: 1, Unit: civil.SameDay},
		"civil.limit_no_date":  {Unit: civil.FixedDate},
		"civil.unit_unknown":   {Value: 5},
		"civil.limit_negative": {Value: -5, Unit: civil.Months},
		"civil.limit_long":     {Value: 10_000, Unit: civil.WorkingDays},
	} {
		wantKey(t, limit.Validate(), key)
	}
	wantKey(t, civil.Limit{Value: 1, Unit: civil.AtOnce}.Validate(), "civil.limit_value")
	wantKey(t, civil.Limit{Value: 1, Unit: civil.FixedDate, On: on(t, "2026-12-01")}.Validate(), "civil.limit_no_date")
}

func TestByHour(t *testing.T) {
	hours := map[civil.Unit]bool{civil.WorkingHours: true, civil.ClockHours: true}
	for _, u := range units {
		if got := (civil.Limit{Unit: u}).ByHour(); got != hours[u] {
			t.Errorf("%s by hour: %v", u, got)
		}
	}
}

// units are all there are.
var units = []civil.Unit{
	civil.WorkingDays, civil.WorkingHours, civil.CalendarDays, civil.ClockHours, civil.Months, civil.FixedDate, civil.AtOnce, civil.SameDay,
}

func TestJudge(t *testing.T) {
	for _, tt := range []struct {
		name     string
		unit     civil.Unit
		due, end string
		want     civil.Punctuality
	}{
		{"days: the same day later is on time", civil.WorkingDays, "2026-11-23 09:00", "2026-11-23 23:59:59", civil.OnTime},
		{"days: the same day earlier is on time", civil.WorkingDays, "2026-11-23 09:00", "2026-11-23 00:00", civil.OnTime},
		{"days: the day before is early", civil.CalendarDays, "2026-11-23 00:00", "2026-11-22 23:59:59", civil.Early},
		{"days: the day after is late", civil.Months, "2026-11-23 17:00", "2026-11-24 00:00", civil.Late},
		{"same day is judged by day", civil.SameDay, "2026-11-23 17:00", "2026-11-23 18:00", civil.OnTime},
		{"at once is judged by day", civil.AtOnce, "2026-11-23 09:00", "2026-11-23 10:00", civil.OnTime},
		{"hours: the same minute is on time", civil.WorkingHours, "2026-11-23 09:00", "2026-11-23 09:00:59", civil.OnTime},
		{"hours: the next minute is late", civil.WorkingHours, "2026-11-23 09:00:59", "2026-11-23 09:01", civil.Late},
		{"hours: the minute before is early", civil.ClockHours, "2026-11-23 09:00", "2026-11-23 08:59:59", civil.Early},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := civil.Judge(civil.Limit{Unit: tt.unit}, at(t, tt.due), at(t, tt.end)); got != tt.want {
				t.Errorf("Judge = %s, want %s", got, tt.want)
			}
		})
	}
}
