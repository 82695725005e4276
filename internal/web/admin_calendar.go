package web

import (
	"net/http"
	"strconv"
	"strings"

	"github.com/motcua/motcua/internal/app"
	"github.com/motcua/motcua/internal/core/access"
	"github.com/motcua/motcua/internal/core/civil"
	"github.com/motcua/motcua/internal/core/fault"
)

// calendarBody is one year of a work calendar (lịch làm việc), /quan-tri/lich.
type calendarBody struct {
	V         app.CalendarView
	StatusKey string
	Form      form
	Fields    []control
	Kind      control
	Remove    control   // an exception to take away
	Official  control   // the file of official years
	Grounds   []control // decision and reason, for the forms besides the first
	Units     control
	Years     []yearLink
	Months    []calendarMonth
	Revisions []revisionLine
}

type yearLink struct {
	Year int
	Path string
	Here bool
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
	Path string
}

const calendarPath = "/quan-tri/lich"

func (s *Server) adminCalendar(w http.ResponseWriter, r *http.Request, who access.Actor) {
	s.showCalendar(w, r, who, http.StatusOK, newForm(s.newAction()))
}

func (s *Server) showCalendar(w http.ResponseWriter, r *http.Request, who access.Actor, status int, f form) {
	id := r.URL.Query().Get("don-vi")
	if id == "" {
		id = "default"
	}
	year, _ := strconv.Atoi(r.URL.Query().Get("nam"))
	if year == 0 {
		year = civil.DateOf(s.now()).Year()
	}
	v, err := s.app.Calendar(r.Context(), who, id, year)
	if err != nil {
		s.deskFail(w, r, who, err)
		return
	}
	if f.Get("base") == "" {
		f.Values.Set("base", strconv.Itoa(v.Version))
	}
	b := calendarBody{V: v, StatusKey: "calendar.page.status." + string(v.Year.Status), Form: f, Fields: []control{
		f.Input("date", "calendar.page.date", "type=date", "required"), f.Input("name", "calendar.page.name", "required", "maxlength=200"),
		f.Input("document", "calendar.page.document", "required", "maxlength=200"),
		f.Input("reason", "calendar.page.reason", "required", "maxlength=300", "hint=calendar.page.reason_hint"),
	}}
	var kinds []option
	for _, k := range []civil.DayKind{civil.Local, civil.Holiday, civil.Compensatory, civil.SwapOff, civil.SwapWork} {
		kinds = append(kinds, option{Value: string(k), Key: kindKey(k)})
	}
	b.Kind = f.Choose("kind", "calendar.page.kind", kinds, "required")
	b.more(f)
	for _, y := range v.Years {
		b.Years = append(b.Years, yearLink{Year: y.Year, Here: y.Year == year, Path: withQuery(calendarPath, "nam", strconv.Itoa(y.Year), "don-vi", r.URL.Query().Get("don-vi"))})
	}
	for _, m := range v.Months {
		b.Months = append(b.Months, gridOf(m))
	}
	for _, rev := range v.Revisions {
		b.Revisions = append(b.Revisions, revisionLine{Revision: rev, Path: calendarPath + "/" + rev.ID})
	}
	s.deskPage(w, r, who, status, "admin/calendar", text{Key: "calendar.page.heading"}, b)
}

// more makes the controls of the other changes: one less exception, official
// years, the next year as statute gives it.
func (b *calendarBody) more(f form) {
	var days []option
	for _, e := range b.V.Days {
		days = append(days, option{Value: e.Date.String(), Text: e.Date.Show() + " · " + e.Name})
	}
	b.Remove = f.Choose("remove", "calendar.page.date", days, "required")
	b.Official = f.Input("holidays", "calendar.page.official_text", "rows=6", "required", "hint=calendar.page.official_hint")
	b.Grounds = []control{f.Input("document", "calendar.page.document", "required", "maxlength=200"), f.Input("reason", "calendar.page.reason", "required", "maxlength=300")}
	units := []option{{Value: "", Key: "calendar.page.whole"}}
	for _, u := range b.V.Units {
		units = append(units, option{Value: u.Code, Text: u.Name})
	}
	b.Units = f.Choose("don-vi", "calendar.page.unit", units)
	if b.V.ID != "default" {
		b.Units.Value = b.V.ID
	}
}

// Under gives the grounds of one form ids of their own.
func (b calendarBody) Under(prefix string) []control {
	out := make([]control, len(b.Grounds))
	for i, c := range b.Grounds {
		out[i] = c.Under(prefix)
	}
	return out
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

// readChange reads which change of the calendar a form asks for.
func readChange(f form, in *app.CalendarForm) []*fault.Fault {
	field := "date"
	switch f.Get("viec") {
	case "chinh-thuc":
		in.Holidays = []byte(f.Get("holidays"))
		if strings.TrimSpace(f.Get("holidays")) == "" {
			return []*fault.Fault{fault.Field("holidays", "civil.holidays_form", nil)}
		}
		return nil
	case "du-kien":
		in.Propose, _ = strconv.Atoi(f.Get("nam"))
		return nil
	case "bo-ngay":
		field = "remove"
	}
	day, err := civil.ParseDate(strings.TrimSpace(f.Get(field)))
	if err != nil {
		return []*fault.Fault{fault.Field(field, "civil.date_form", fault.Args{"text": f.Get(field)})}
	}
	if field == "remove" {
		in.Remove = []civil.Date{day}
		return nil
	}
	in.Days = []civil.Exception{{Date: day, Kind: civil.DayKind(f.Get("kind")), Name: strings.TrimSpace(f.Get("name")), LegalRef: f.Get("document")}}
	return nil
}

// adminProposeCalendar proposes a change; the calendar in force stays as it is
// until somebody else applies it.
func (s *Server) adminProposeCalendar(w http.ResponseWriter, r *http.Request, who access.Actor) {
	f, _, err := s.readForm(r, who)
	if err != nil {
		s.deskFail(w, r, who, err)
		return
	}
	if resumed(r) {
		s.showCalendar(w, r, who, http.StatusOK, f)
		return
	}
	base, _ := strconv.Atoi(f.Get("base"))
	in := app.CalendarForm{ActionID: f.Action, Calendar: "default", Base: base, Document: f.Get("document"), Reason: f.Get("reason")}
	if unit := r.URL.Query().Get("don-vi"); unit != "" {
		in.Calendar = unit
	}
	f.Faults = append(f.Faults, readChange(f, &in)...)
	if len(f.Faults) == 0 {
		rev, err := s.app.ProposeCalendar(r.Context(), who, in)
		if err == nil {
			http.Redirect(w, r, calendarPath+"/"+rev.ID, http.StatusSeeOther)
			return
		}
		if kind := fault.KindOf(err); kind != fault.Invalid && kind != fault.Conflict {
			s.deskFail(w, r, who, err)
			return
		}
		f = f.with(err)
	}
	s.showCalendar(w, r, who, statusOf(f), f)
}

// revisionBody is one change of a calendar with what it would do,
// /quan-tri/lich/{id}.
type revisionBody struct {
	V        app.RevisionView
	Form     form
	Waits    bool
	CanApply bool // by this person: never by who proposed it
	Running  bool
	Apply    string
	Withdraw string
	Actions  [2]string
	Next     string
}

func (s *Server) adminRevision(w http.ResponseWriter, r *http.Request, who access.Actor) {
	s.showRevision(w, r, who, http.StatusOK, newForm(""))
}

func (s *Server) showRevision(w http.ResponseWriter, r *http.Request, who access.Actor, status int, f form) {
	id := r.PathValue("id")
	v, err := s.app.Revision(r.Context(), who, id, r.URL.Query().Get("tiep"))
	if err != nil {
		s.deskFail(w, r, who, err)
		return
	}
	b := revisionBody{
		V: v, Form: f, Waits: v.State == civil.RevisionProposed, CanApply: !v.Other && access.May(who, access.ConfirmCalendar), Running: v.State == civil.RevisionApplied,
		Apply: calendarPath + "/" + id + "/ap-dung", Withdraw: calendarPath + "/" + id + "/rut", Actions: [2]string{s.newAction(), s.newAction()},
	}
	if v.Next != "" {
		b.Next = withQuery(calendarPath+"/"+id, "tiep", v.Next)
	}
	s.deskPage(w, r, who, status, "admin/revision", text{Key: "calendar.page.change"}, b)
}

func (s *Server) adminApplyCalendar(w http.ResponseWriter, r *http.Request, who access.Actor) {
	s.decideCalendar(w, r, who, func(action string) error {
		_, err := s.app.ApplyCalendar(r.Context(), who, action, r.PathValue("id"))
		return err
	})
}

func (s *Server) adminWithdrawCalendar(w http.ResponseWriter, r *http.Request, who access.Actor) {
	s.decideCalendar(w, r, who, func(action string) error {
		return s.app.WithdrawCalendar(r.Context(), who, action, r.PathValue("id"))
	})
}

func (s *Server) decideCalendar(w http.ResponseWriter, r *http.Request, who access.Actor, decide func(action string) error) {
	f, _, err := s.readForm(r, who)
	if err == nil && !resumed(r) {
		err = decide(f.Action)
	}
	switch kind := fault.KindOf(err); {
	case err == nil:
		http.Redirect(w, r, calendarPath+"/"+r.PathValue("id"), http.StatusSeeOther)
	case kind == fault.Invalid || kind == fault.Conflict || kind == fault.Forbidden:
		f = f.with(err)
		s.showRevision(w, r, who, httpStatus(kind), f)
	default:
		s.deskFail(w, r, who, err)
	}
}
