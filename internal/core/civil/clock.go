package civil

import (
	"fmt"
	"strings"
	"time"

	"github.com/motcua/motcua/internal/core/fault"
)

// TimeOfDay is a time of the clock (giờ trong ngày) in minutes after midnight,
// 0 to 1440. Where a time is optional, 0 means that there is none.
type TimeOfDay int

// ParseTimeOfDay reads HH:MM, up to 24:00. It fails with fault.Invalid under
// civil.time_form.
func ParseTimeOfDay(s string) (TimeOfDay, error) {
	bad := fault.Field("", "civil.time_form", fault.Args{"text": s})
	if len(s) != 5 || s[2] != ':' {
		return 0, bad
	}
	for _, i := range []int{0, 1, 3, 4} {
		if s[i] < '0' || s[i] > '9' {
			return 0, bad
		}
	}
	h, m := int(s[0]-'0')*10+int(s[1]-'0'), int(s[3]-'0')*10+int(s[4]-'0')
	if m > 59 || h*60+m > 24*60 {
		return 0, bad
	}
	return TimeOfDay(h*60 + m), nil
}

// ParseInstant reads an instant as RFC 3339 has it. Without an offset it is
// Vietnamese time; seconds may be left out, and a space may stand for the T. It
// fails with fault.Invalid under civil.instant_form.
func ParseInstant(s string) (time.Time, error) {
	text := strings.TrimSpace(s)
	if len(text) > 10 && text[10] == ' ' {
		text = text[:10] + "T" + text[11:]
	}
	for _, form := range []string{time.RFC3339, "2006-01-02T15:04Z07:00", "2006-01-02T15:04:05", "2006-01-02T15:04"} {
		if t, err := time.ParseInLocation(form, text, Zone); err == nil {
			return t.In(Zone), nil
		}
	}
	return time.Time{}, fault.Field("", "civil.instant_form", fault.Args{"text": s})
}

// TimeOfDayOf returns the Vietnamese time of day of t, seconds left out.
func TimeOfDayOf(t time.Time) TimeOfDay { return TimeOfDay(sinceMidnight(t) / time.Minute) }

func sinceMidnight(t time.Time) time.Duration {
	sec := t.Unix() + zoneSeconds
	return time.Duration(sec-floorDiv(sec, daySeconds)*daySeconds)*time.Second + time.Duration(t.Nanosecond())
}

func (t TimeOfDay) span() time.Duration { return time.Duration(t) * time.Minute }

// String returns HH:MM.
func (t TimeOfDay) String() string { return fmt.Sprintf("%02d:%02d", int(t)/60, int(t)%60) }

// MarshalText writes HH:MM.
func (t TimeOfDay) MarshalText() ([]byte, error) { return []byte(t.String()), nil }

// UnmarshalText reads HH:MM.
func (t *TimeOfDay) UnmarshalText(text []byte) error {
	got, err := ParseTimeOfDay(string(text))
	if err != nil {
		return err
	}
	*t = got
	return nil
}

// Interval is a part of the day, from an opening to a closing; both moments
// belong to it, since only what comes after closing counts as outside hours.
type Interval struct {
	From, To TimeOfDay
}

// ParseInterval reads HH:MM-HH:MM. It fails with fault.Invalid.
func ParseInterval(s string) (Interval, error) {
	from, to, ok := strings.Cut(strings.ReplaceAll(strings.TrimSpace(s), "–", "-"), "-")
	if !ok {
		return Interval{}, fault.Field("hours", "civil.hours_form", fault.Args{"text": s})
	}
	var iv Interval
	var err error
	if iv.From, err = ParseTimeOfDay(strings.TrimSpace(from)); err != nil {
		return Interval{}, err
	}
	if iv.To, err = ParseTimeOfDay(strings.TrimSpace(to)); err != nil {
		return Interval{}, err
	}
	if iv.From >= iv.To {
		return Interval{}, fault.Field("hours", "civil.hours_order", fault.Args{"text": s})
	}
	return iv, nil
}

// ParseHours reads office hours such as "07:30-11:30,13:30-17:00". It fails
// with fault.Invalid when an interval is wrong, out of order or overlaps.
func ParseHours(s string) ([]Interval, error) {
	var out []Interval
	for _, part := range strings.Split(s, ",") {
		iv, err := ParseInterval(part)
		if err != nil {
			return nil, err
		}
		out = append(out, iv)
	}
	if f := hoursFault(out); f != nil {
		return nil, f
	}
	return out, nil
}

// hoursFault refuses empty, reversed, overlapping or touching intervals.
func hoursFault(hours []Interval) *fault.Fault {
	if len(hours) == 0 {
		return fault.Field("hours", "civil.hours_missing", nil)
	}
	for i, iv := range hours {
		if iv.From < 0 || iv.To > 24*60 || iv.From >= iv.To {
			return fault.Field("hours", "civil.hours_order", fault.Args{"text": iv.String()})
		}
		if i > 0 && iv.From <= hours[i-1].To {
			return fault.Field("hours", "civil.hours_overlap", fault.Args{"a": hours[i-1].String(), "b": iv.String()})
		}
	}
	return nil
}

func (iv Interval) length() time.Duration { return iv.To.span() - iv.From.span() }

// String returns HH:MM-HH:MM.
func (iv Interval) String() string { return iv.From.String() + "-" + iv.To.String() }

// MarshalText writes HH:MM-HH:MM.
func (iv Interval) MarshalText() ([]byte, error) { return []byte(iv.String()), nil }

// UnmarshalText reads HH:MM-HH:MM.
func (iv *Interval) UnmarshalText(text []byte) error {
	got, err := ParseInterval(string(text))
	if err != nil {
		return err
	}
	*iv = got
	return nil
}

// showInstant is the form people read, "09:00 ngày 27/12/2018", as a sentence
// within a sentence.
func showInstant(t time.Time) Line {
	t = t.In(Zone)
	return Line{Key: "civil.instant", Args: fault.Args{"time": t.Format("15:04"), "date": t.Format("02/01/2006")}}
}
