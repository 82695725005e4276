package web

import (
	"cmp"
	"net/http"
	"strconv"

	"github.com/motcua/motcua/internal/app"
	"github.com/motcua/motcua/internal/core/access"
	"github.com/motcua/motcua/internal/core/civil"
	"github.com/motcua/motcua/internal/core/fault"
)

// calendarBody is one year of a work calendar (lịch làm việc), /quan-tri/lich.
type calendarBody struct {
	V         app.CalendarView
	StatusKey string
	Hours     string
	Saturday  string
	Errors    []summary
	Base      string
	Forms     []calendarForm
	Units     control
	Owners    []yearLink // units with a calendar of their own
	Years     []yearLink
	Months    []calendarMonth
	Revisions []revisionLine
}

type yearLink struct {
	Year int
	Text string
	Path string
	Here bool
}

// calendarForm is one way to change the calendar.
type calendarForm struct {
	Work     string // which change: the value of "viec"
	Key      string // message key of its name
	Args     fault.Args
	Hint     string // message key
	Action   string
	Open     bool
	Files    bool
	Year     int // proposed from statute
	Controls []calendarControl
}

// calendarControl is a control with the shape that draws it.
type calendarControl struct {
	Kind string // input, select, radios, or times: several clock times under one heading
	control
	Times []control
}

type calendarMonth struct {
	Key   string
	Weeks [][]calendarDay
}

// calendarDay is a day of the grid; Class tells work from rest beside the words.
type calendarDay struct {
	app.CalendarDay
	Day   int // 0 outside the month
	Class string
}

type revisionLine struct {
	civil.Revision
	Path     string
	UnitName string
}

const calendarPath = "/quan-tri/lich"

// The changes of a calendar, as the field "viec" names them.
const (
	changeDay      = "them-ngay"
	changeRemove   = "bo-ngay"
	changeHours    = "gio"
	changeOfficial = "chinh-thuc"
	changePropose  = "du-kien"
)

func (s *Server) adminCalendar(w http.ResponseWriter, r *http.Request, who access.Actor) {
	s.showCalendar(w, r, who, http.StatusOK, newForm(s.newAction()))
}

func (s *Server) showCalendar(w http.ResponseWriter, r *http.Request, who access.Actor, status int, f form) {
	unit := r.URL.Query().Get("don-vi")
	year, _ := strconv.Atoi(r.URL.Query().Get("nam"))
	if year == 0 {
		year = civil.DateOf(s.now()).Year()
	}
	v, err := s.app.Calendar(r.Context(), who, cmp.Or(unit, "default"), year)
	if err != nil {
		s.deskFail(w, r, who, err)
		return
	}
	b := calendarBody{V: v, StatusKey: "calendar.page.status." + string(v.Year.Status), Hours: hoursText(v.Hours), Base: cmp.Or(f.Get("base"), strconv.Itoa(v.Version))}
	if v.Saturday != nil {
		b.Saturday = v.Saturday.String()
	}
	if v.CanChange {
		b.changes(f)
	}
	b.Errors = f.SummaryUnder(b.work(f))
	b.places(unit, year)
	for _, m := range v.Months {
		b.Months = append(b.Months, gridOf(m))
	}
	for _, rev := range v.Revisions {
		line := revisionLine{Revision: rev, Path: calendarPath + "/" + rev.ID}
		for _, u := range v.Units {
			if u.Code == rev.Calendar {
				line.UnitName = u.Name
			}
		}
		b.Revisions = append(b.Revisions, line)
	}
	s.deskPage(w, r, who, status, "admin/calendar", text{Key: "calendar.page.heading"}, b)
}

// places are the ways to other years and other units' calendars.
func (b *calendarBody) places(unit string, year int) {
	for _, y := range b.V.Years {
		b.Years = append(b.Years, yearLink{Year: y.Year, Here: y.Year == year, Path: withQuery(calendarPath, "nam", strconv.Itoa(y.Year), "don-vi", unit)})
	}
	units := []option{{Value: "", Key: "calendar.page.whole"}}
	for _, u := range b.V.Units {
		units = append(units, option{Value: u.Code, Text: u.Name})
	}
	b.Units = newForm("").Choose("don-vi", "calendar.page.unit", units)
	b.Units.Value = unit
	for _, u := range b.V.Calendars {
		b.Owners = append(b.Owners, yearLink{Text: u.Name, Here: u.Code == unit, Path: withQuery(calendarPath, "don-vi", u.Code)})
	}
}

// work is the change that a posted form asked for.
func (b *calendarBody) work(f form) string {
	for _, x := range b.Forms {
		if x.Work == f.Get("viec") {
			return x.Work
		}
	}
	return changeDay
}

func kindKey(k civil.DayKind) string { return "calendar.page.kind." + string(k) }

func gridOf(m app.CalendarMonth) calendarMonth {
	out := calendarMonth{Key: "calendar.page.month." + strconv.Itoa(int(m.Month))}
	for _, week := range m.Weeks {
		var line []calendarDay
		for _, d := range week {
			c := calendarDay{CalendarDay: d}
			if !d.Date.IsZero() {
				c.Day = d.Date.Day()
				switch {
				case d.Kind != "" && !d.Working:
					c.Class = "off"
				case d.Kind != "":
					c.Class = "swap"
				case d.Saturday:
					c.Class = "sat"
				case !d.Working:
					c.Class = "rest"
				}
			}
			line = append(line, c)
		}
		out.Weeks = append(out.Weeks, line)
	}
	return out
}
