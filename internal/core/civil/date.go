// Package civil knows civil days, office hours and legal time limits: which days
// are worked, when a limit ends, and why. It is pure: no clock, no zone
// database, no storage. Everything is counted in Vietnamese time (+07:00).
//
//	cal := civildata.Default()
//	limit, err := civil.ParseLimit("5 ngày làm việc")
//	got, err := civil.Due(cal, civil.DueInput{ReceivedAt: at, Limit: limit})
//	// got.DueOn is the promised day; got.Lines() says why.
package civil

import (
	"time"

	"github.com/motcua/motcua/internal/core/fault"
)

// Zone is Vietnamese time, +07:00 all year round (Decision 121/CP of 1967 for
// the north, the whole country since 1975).
var Zone = time.FixedZone("+07:00", zoneSeconds)

const (
	zoneSeconds  = 7 * 3600
	daySeconds   = 24 * 3600
	unixEpochDay = 719_163 // 1970-01-01 counted with 0001-01-01 as day 1
)

// Date is a day of the Gregorian calendar (ngày) without time or zone. The zero
// value means "no date". Dates are comparable with == and run from 0001-01-01
// to 9999-12-31.
type Date struct {
	n int32 // 0001-01-01 is 1
}

const maxDay = 3_652_059 // 9999-12-31

// NewDate returns the day d of month m in year y. Values outside their range
// are carried over as in time.Date: 31 April is 1 May. A day outside the years
// 1–9999 is the zero Date.
func NewDate(y int, m time.Month, d int) Date {
	t := time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
	return fromCount(floorDiv(t.Unix(), daySeconds) + unixEpochDay)
}

func fromCount(n int64) Date {
	if n < 1 || n > maxDay {
		return Date{}
	}
	return Date{int32(n)}
}

func floorDiv(a, b int64) int64 {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}

// ParseDate reads YYYY-MM-DD. It fails with fault.Invalid under
// civil.date_form when the text has another form or names no real day.
func ParseDate(s string) (Date, error) {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil || t.Year() < 1 {
		return Date{}, fault.Field("", "civil.date_form", fault.Args{"text": s})
	}
	return NewDate(t.Date()), nil
}

// DateOf returns the Vietnamese day on which t falls; the zero time has none.
func DateOf(t time.Time) Date {
	if t.IsZero() {
		return Date{}
	}
	return fromCount(floorDiv(t.Unix()+zoneSeconds, daySeconds) + unixEpochDay)
}

// utc is midnight of the day in UTC, for taking the day apart.
func (d Date) utc() time.Time {
	return time.Unix((int64(d.n)-unixEpochDay)*daySeconds, 0).UTC()
}

// Year returns the year; 0 when there is no date.
func (d Date) Year() int {
	if d.n == 0 {
		return 0
	}
	return d.utc().Year()
}

// Month returns the month; 0 when there is no date.
func (d Date) Month() time.Month {
	if d.n == 0 {
		return 0
	}
	return d.utc().Month()
}

// Day returns the day of the month; 0 when there is no date.
func (d Date) Day() int {
	if d.n == 0 {
		return 0
	}
	return d.utc().Day()
}

// Weekday returns the day of the week. It means nothing when there is no date.
func (d Date) Weekday() time.Weekday { return time.Weekday(d.n % 7) }

// AddDays returns the day n days later, or earlier when n is negative.
func (d Date) AddDays(n int) Date {
	if d.n == 0 {
		return Date{}
	}
	return fromCount(int64(d.n) + int64(n))
}

// AddMonths returns the day with the same number n months later; where that
// month has no such day, its last day (Civil Code 91/2015/QH13, Art. 148(4)).
func (d Date) AddMonths(n int) Date {
	if d.n == 0 {
		return Date{}
	}
	y, m, day := d.utc().Date()
	last := NewDate(y, m+time.Month(n)+1, 0)
	return NewDate(y, m+time.Month(n), min(day, last.Day()))
}

// Sub returns the number of days from o to d.
func (d Date) Sub(o Date) int { return int(d.n - o.n) }

// Before reports whether d is earlier than o.
func (d Date) Before(o Date) bool { return d.n < o.n }

// After reports whether d is later than o.
func (d Date) After(o Date) bool { return d.n > o.n }

// Equal reports whether both are the same day, or both none.
func (d Date) Equal(o Date) bool { return d == o }

// Compare returns -1, 0 or 1 as d is earlier than, the same as or later than o.
func (d Date) Compare(o Date) int {
	switch {
	case d.n < o.n:
		return -1
	case d.n > o.n:
		return 1
	}
	return 0
}

// IsZero reports whether there is no date.
func (d Date) IsZero() bool { return d.n == 0 }

// At returns the instant of the day at a time of day, in Zone.
func (d Date) At(tod TimeOfDay) time.Time { return d.at(tod.span()) }

func (d Date) at(since time.Duration) time.Time {
	sec := (int64(d.n)-unixEpochDay)*daySeconds - zoneSeconds
	return time.Unix(sec, int64(since)).In(Zone)
}

// String returns YYYY-MM-DD, or nothing when there is no date.
func (d Date) String() string {
	if d.n == 0 {
		return ""
	}
	return d.utc().Format(time.DateOnly)
}

// Show returns the form people read: DD/MM/YYYY, or nothing when there is no date.
func (d Date) Show() string {
	if d.n == 0 {
		return ""
	}
	return d.utc().Format("02/01/2006")
}

// MarshalText writes YYYY-MM-DD, or nothing when there is no date.
func (d Date) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads what MarshalText writes.
func (d *Date) UnmarshalText(text []byte) error {
	if len(text) == 0 {
		*d = Date{}
		return nil
	}
	got, err := ParseDate(string(text))
	if err != nil {
		return err
	}
	*d = got
	return nil
}

// MarshalJSON writes the text as a string, or null when there is no date.
func (d Date) MarshalJSON() ([]byte, error) {
	if d.n == 0 {
		return []byte("null"), nil
	}
	return []byte(`"` + d.String() + `"`), nil
}

// UnmarshalJSON reads what MarshalJSON writes; the empty string is no date too.
func (d *Date) UnmarshalJSON(data []byte) error {
	if string(data) == "null" {
		*d = Date{}
		return nil
	}
	if n := len(data); n >= 2 && data[0] == '"' && data[n-1] == '"' {
		return d.UnmarshalText(data[1 : n-1])
	}
	return fault.Field("", "civil.date_form", fault.Args{"text": string(data)})
}
