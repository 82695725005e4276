package civil

import (
	"slices"
	"strconv"
	"time"

	"github.com/motcua/motcua/internal/core/fault"
)

// DayKind says why a day differs from the weekly pattern.
type DayKind string

// The kinds of dated exceptions.
const (
	Holiday      DayKind = "holiday"      // ngày lễ, tết
	Compensatory DayKind = "compensatory" // nghỉ bù
	SwapOff      DayKind = "swapOff"      // nghỉ hoán đổi
	SwapWork     DayKind = "swapWork"     // làm bù: a rest day that is worked
	Local        DayKind = "local"        // nghỉ theo quyết định của địa phương hoặc đơn vị
)

// off reports whether the kind is a day off.
func (k DayKind) off() bool { return k != SwapWork }

// Exception is one dated exception (ngày ngoại lệ) with its legal reference.
type Exception struct {
	Date     Date    `json:"date"`
	Kind     DayKind `json:"kind"`
	Name     string  `json:"name"`
	LegalRef string  `json:"legalRef,omitempty"`
	Replaces Date    `json:"replaces,omitzero"` // swapWork: the day off that it makes up for
}

// YearStatus says how firm the days off of a year are.
type YearStatus string

// Official years are decided (lịch chính thức); provisional ones are proposed
// from statute and confirmed by an administrator (lịch dự kiến).
const (
	OfficialYear    YearStatus = "official"
	ProvisionalYear YearStatus = "provisional"
)

// Year is a year that a calendar covers.
type Year struct {
	Year     int        `json:"year"`
	Status   YearStatus `json:"status"`
	LegalRef string     `json:"legalRef,omitempty"`
}

// Spec is a calendar (lịch làm việc) as data, in its stored form.
type Spec struct {
	// Week holds the working weekdays, 1 Monday to 6 Saturday, 0 Sunday
	// (Monday to Friday: Decision 188/1999/QĐ-TTg).
	Week  []time.Weekday `json:"week"`
	Hours []Interval     `json:"hours"`
	// Saturday is when dossiers are received on Saturdays that are not worked
	// (Decision 14/2010/QĐ-TTg). Such a day is never counted.
	Saturday *Interval   `json:"saturday,omitempty"`
	Years    []Year      `json:"years"`
	Days     []Exception `json:"days"`
}

// DefaultWeek is Monday to Friday.
func DefaultWeek() []time.Weekday {
	return []time.Weekday{time.Monday, time.Tuesday, time.Wednesday, time.Thursday, time.Friday}
}

// DefaultHours is 07:30–11:30 and 13:30–17:00.
func DefaultHours() []Interval {
	return []Interval{{From: 7*60 + 30, To: 11*60 + 30}, {From: 13*60 + 30, To: 17 * 60}}
}

// Merge returns s with the years of add in place of its own, days and all, so
// that an official schedule replaces the provisional one. Exceptions of other
// years, the week and the hours stay as they are.
func (s Spec) Merge(add Spec) Spec {
	out := s.clone()
	for _, y := range add.Years {
		out.Years = slices.DeleteFunc(out.Years, func(have Year) bool { return have.Year == y.Year })
		out.Days = slices.DeleteFunc(out.Days, func(have Exception) bool { return have.Date.Year() == y.Year })
	}
	out.Years = append(out.Years, add.Years...)
	out.Days = append(out.Days, add.Days...)
	out.sort()
	return out
}

func (s Spec) clone() Spec {
	s.Week, s.Hours = slices.Clone(s.Week), slices.Clone(s.Hours)
	s.Years, s.Days = slices.Clone(s.Years), slices.Clone(s.Days)
	if s.Saturday != nil {
		sat := *s.Saturday
		s.Saturday = &sat
	}
	return s
}

func (s *Spec) sort() {
	slices.SortStableFunc(s.Years, func(a, b Year) int { return a.Year - b.Year })
	slices.SortStableFunc(s.Days, func(a, b Exception) int { return a.Date.Compare(b.Date) })
}

// works reports whether a weekday is worked by the weekly pattern.
func (s Spec) works(w time.Weekday) bool { return slices.Contains(s.Week, w) }

// validate lists everything that is wrong with a sorted spec.
func (s Spec) validate() error {
	all := []*fault.Fault{hoursFault(s.Hours), s.weekFault()}
	all = append(all, s.yearFaults()...)
	for i := range s.Days {
		all = append(all, s.dayFault(i))
	}
	return fault.Join(all...)
}

func (s Spec) weekFault() *fault.Fault {
	if len(s.Week) == 0 {
		return fault.Field("week", "civil.week_empty", nil)
	}
	for i, w := range s.Week {
		if w < time.Sunday || w > time.Saturday || slices.Contains(s.Week[:i], w) {
			return fault.Field("week", "civil.week_day", fault.Args{"day": int(w)})
		}
	}
	if s.Saturday == nil {
		return nil
	}
	if s.works(time.Saturday) {
		return fault.Field("saturday", "civil.saturday_worked", nil)
	}
	if f := hoursFault([]Interval{*s.Saturday}); f != nil {
		f.Field = "saturday"
		return f
	}
	return nil
}

// yearFaults refuses gaps between years too: a limit that crosses one would
// have to guess.
func (s Spec) yearFaults() []*fault.Fault {
	if len(s.Years) == 0 {
		return []*fault.Fault{fault.Field("years", "civil.years_missing", nil)}
	}
	var all []*fault.Fault
	for i, y := range s.Years {
		args := fault.Args{"year": strconv.Itoa(y.Year)}
		if y.Year < 1900 || y.Year > 2199 {
			all = append(all, fault.Field("years", "civil.year_range", args))
		}
		if y.Status != OfficialYear && y.Status != ProvisionalYear {
			all = append(all, fault.Field("years", "civil.year_status", args))
		}
		if i == 0 {
			continue
		}
		switch before := s.Years[i-1].Year; {
		case y.Year == before:
			all = append(all, fault.Field("years", "civil.year_twice", args))
		case y.Year != before+1:
			all = append(all, fault.Field("years", "civil.year_gap", fault.Args{"year": strconv.Itoa(before + 1)}))
		}
	}
	return all
}

func (s Spec) covers(year int) bool {
	return slices.ContainsFunc(s.Years, func(y Year) bool { return y.Year == year })
}

// dayFault says what is wrong with the i-th exception, if anything.
func (s Spec) dayFault(i int) *fault.Fault {
	e := s.Days[i]
	refuse := func(key string) *fault.Fault {
		return fault.Field("days."+e.Date.String(), key, fault.Args{"date": e.Date.Show(), "name": e.Name})
	}
	rest := !s.works(e.Date.Weekday())
	switch {
	case e.Date.IsZero():
		return refuse("civil.day_missing")
	case !s.covers(e.Date.Year()):
		return fault.Field("days."+e.Date.String(), "civil.year_unknown", fault.Args{"year": strconv.Itoa(e.Date.Year())})
	case i > 0 && s.Days[i-1].Date == e.Date:
		return refuse("civil.day_twice")
	case e.Name == "":
		return refuse("civil.day_name")
	case e.Kind == SwapWork && !rest:
		return refuse("civil.swap_not_rest")
	case e.Kind == SwapWork && !s.swapped(e.Replaces):
		return refuse("civil.swap_replaces")
	case e.Kind != SwapWork && !e.Replaces.IsZero():
		return refuse("civil.swap_replaces")
	case (e.Kind == Compensatory || e.Kind == SwapOff) && rest:
		return refuse("civil.off_on_rest")
	}
	switch e.Kind {
	case Holiday, Compensatory, SwapOff, SwapWork, Local:
		return nil
	}
	return refuse("civil.day_kind")
}

// swapped reports whether d may be what a worked rest day makes up for: a
// swapped day off, or a day of a year that the calendar does not cover.
func (s Spec) swapped(d Date) bool {
	if d.IsZero() || !s.covers(d.Year()) {
		return true
	}
	return slices.ContainsFunc(s.Days, func(e Exception) bool { return e.Date == d && e.Kind == SwapOff })
}
