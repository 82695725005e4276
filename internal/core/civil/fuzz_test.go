package civil_test

import (
	"encoding/json"
	"testing"

	"github.com/motcua/motcua/internal/core/civil"
	"github.com/motcua/motcua/internal/core/fault"
)

// refused checks that a parser says no in the way that can be told to people.
func refused(t *testing.T, err error) {
	t.Helper()
	if f := fault.As(err); f == nil || f.Kind != fault.Invalid {
		t.Fatalf("error = %v, want an invalid one", err)
	}
}

func FuzzParseLimit(f *testing.F) {
	for _, s := range []string{"5 ngày làm việc", "8 giờ làm việc", "24 giờ", "6 tháng", "trả ngay", "trong ngày", "2026-12-01", "-1 ngày", "0 giờ", "3 ngay_lam_viec", "", "9 9"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		l, err := civil.ParseLimit(s)
		if err != nil {
			refused(t, err)
			return
		}
		if err := l.Validate(); err != nil {
			t.Fatalf("ParseLimit(%q) = %v, which is refused: %v", s, l, err)
		}
	})
}

func FuzzParseDate(f *testing.F) {
	for _, s := range []string{"2026-11-24", "0001-01-01", "9999-12-31", "2026-02-30", "0000-01-01", ""} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		d, err := civil.ParseDate(s)
		if err != nil {
			refused(t, err)
			return
		}
		if d.String() != s || d.IsZero() || civil.NewDate(d.Year(), d.Month(), d.Day()) != d {
			t.Fatalf("ParseDate(%q) = %v", s, d)
		}
	})
}

func FuzzParseInstant(f *testing.F) {
	for _, s := range []string{"2019-04-25T10:00:00+07:00", "2019-04-25T23:30Z", "2019-04-25 10:00", "0000-01-01T00:00", "9999-12-31T23:59:59-12:00"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		at, err := civil.ParseInstant(s)
		if err != nil {
			refused(t, err)
			return
		}
		if again, err := civil.ParseInstant(at.Format("2006-01-02T15:04:05.999999999")); err == nil && !again.Equal(at) {
			t.Fatalf("%v comes back as %v", at, again)
		}
		civil.DateOf(at)
	})
}

func FuzzParseHours(f *testing.F) {
	for _, s := range []string{"07:30-11:30,13:30-17:00", "00:00-24:00", "07:30–11:30", "07:30", "11:30-07:30", ""} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		hours, err := civil.ParseHours(s)
		if err != nil {
			refused(t, err)
			return
		}
		if _, err := civil.NewCalendar(civil.Spec{Week: civil.DefaultWeek(), Hours: hours, Years: []civil.Year{{Year: 2026, Status: civil.OfficialYear}}}); err != nil {
			t.Fatalf("ParseHours(%q) = %v, which is refused: %v", s, hours, err)
		}
		for _, iv := range hours {
			if again, err := civil.ParseInterval(iv.String()); err != nil || again != iv {
				t.Fatalf("%v comes back as %v, %v", iv, again, err)
			}
		}
	})
}

func FuzzParseHolidays(f *testing.F) {
	f.Add([]byte(goodFile))
	f.Add([]byte(`{"years":[{"year":2026}]}`))
	f.Add([]byte(`{"years":[{"year":-1,"days_off":[{}],"working_days":[{"date":null}]}]}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		spec, err := civil.ParseHolidays(text)
		if err != nil {
			refused(t, err)
			return
		}
		spec.Week, spec.Hours = civil.DefaultWeek(), civil.DefaultHours()
		if _, err := civil.NewCalendar(spec); err != nil {
			refused(t, err)
		}
	})
}

// A stored derivation that was tampered with is refused or told, never a crash.
func FuzzDerivation(f *testing.F) {
	f.Add([]byte(`{"receivedAt":"2026-09-07T09:15:00+07:00","startAt":null,"limit":{"value":1,"unit":"ngay"},"segments":[{"stop":{"kind":"supplement"}}]}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		var d civil.Derivation
		if json.Unmarshal(text, &d) == nil {
			d.Lines()
		}
	})
}
