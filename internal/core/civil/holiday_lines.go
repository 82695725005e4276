package civil

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/motcua/motcua/internal/core/fault"
)

// lineKind is a kind of day as lines name it.
type lineKind struct {
	kind DayKind
	name string
}

// lineKinds are the kinds in lines; the first name of a kind is the one written.
var lineKinds = []lineKind{
	{Holiday, "nghỉ lễ"}, {Holiday, "nghỉ tết"}, {Compensatory, "nghỉ bù"}, {SwapOff, "nghỉ hoán đổi"}, {SwapWork, "làm bù"}, {Local, "nghỉ địa phương"},
}

// HolidayLines writes the days off of a year as people can read and change them,
// a day a line:
//
//	02/01/2026; Thứ Sáu; nghỉ hoán đổi; Tết Dương lịch
//	10/01/2026; Thứ Bảy; làm bù; Làm bù Tết Dương lịch; 02/01/2026
//
// ParseHolidays reads them back: day, weekday (checked), kind, name and, for a
// rest day that is worked, the day that it makes up for.
func (s Spec) HolidayLines(year int) string {
	var b strings.Builder
	for _, e := range s.Days {
		if e.Date.Year() != year {
			continue
		}
		i := slices.IndexFunc(lineKinds, func(k lineKind) bool { return k.kind == e.Kind })
		fmt.Fprintf(&b, "%s; %s; %s; %s", e.Date.Show(), fileWeekdays[e.Date.Weekday()], lineKinds[i].name, e.Name)
		if !e.Replaces.IsZero() {
			fmt.Fprintf(&b, "; %s", e.Replaces.Show())
		}
		b.WriteByte('\n')
	}
	return b.String()
}

// parseHolidayLines reads lines; empty ones and those that begin with # say
// nothing. Every year of which a day is given becomes official.
func parseHolidayLines(text string) (Spec, error) {
	var s Spec
	var all []*fault.Fault
	n := 0
	for line := range strings.Lines(text) {
		n++
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		e, weekday, err := parseHolidayLine(line)
		if err != nil {
			all = append(all, fault.Field("holidays", "civil.holiday_line", fault.Args{"n": n, "text": line}))
			continue
		}
		all = append(all, fileFault(e.Date.Year(), e.Date, weekday))
		s.Days = append(s.Days, e)
		if !s.covers(e.Date.Year()) {
			s.Years = append(s.Years, Year{Year: e.Date.Year(), Status: OfficialYear})
		}
	}
	s.sort()
	return s, fault.Join(all...)
}

func parseHolidayLine(line string) (e Exception, weekday string, err error) {
	parts := strings.Split(line, ";")
	for i := range parts {
		parts[i] = strings.TrimSpace(parts[i])
	}
	bad := strconv.ErrSyntax // the caller says what a line looks like
	if len(parts) < 4 || len(parts) > 5 || parts[3] == "" {
		return e, "", bad
	}
	if e.Date, err = parseShown(parts[0]); err != nil {
		return e, "", err
	}
	i := slices.IndexFunc(lineKinds, func(k lineKind) bool { return k.name == strings.ToLower(parts[2]) })
	if i < 0 {
		return e, "", bad
	}
	e.Kind, e.Name = lineKinds[i].kind, parts[3]
	if len(parts) == 5 && parts[4] != "" {
		e.Replaces, err = parseShown(parts[4])
	}
	return e, parts[1], err
}

// parseShown reads a day as Show writes it, or as YYYY-MM-DD.
func parseShown(text string) (Date, error) {
	if p := strings.Split(text, "/"); len(p) == 3 {
		text = fmt.Sprintf("%s-%02s-%02s", p[2], p[1], p[0])
	}
	return ParseDate(text)
}
