package web

import (
	"cmp"
	"errors"
	"io"
	"mime"
	"net/http"
	"strconv"
	"strings"

	"github.com/motcua/motcua/internal/app"
	"github.com/motcua/motcua/internal/core/access"
	"github.com/motcua/motcua/internal/core/civil"
	"github.com/motcua/motcua/internal/core/fault"
)

// changes makes the forms. What was typed, and what is wrong with it, stands in
// the one that was sent.
func (b *calendarBody) changes(posted form) {
	add := func(c calendarForm, controls func(f form) []calendarControl) {
		f := newForm("")
		c.Action = posted.Action + "-" + c.Work
		if posted.Get("viec") == c.Work {
			c.Action = posted.Action
		}
		if sent := cmp.Or(posted.Get("viec"), changeDay); sent == c.Work {
			f, c.Open = posted, posted.Get("viec") != "" || c.Work == changeDay
		}
		for _, x := range append(controls(f),
			calendarControl{Kind: "input", control: f.Input("document", "calendar.page.document", "required", "maxlength=200")},
			calendarControl{Kind: "input", control: f.Input("reason", "calendar.page.reason", "required", "maxlength=300", "hint=calendar.page.reason_hint")}) {
			x.control = x.Under(c.Work)
			for i := range x.Times {
				x.Times[i] = x.Times[i].Under(c.Work)
			}
			c.Controls = append(c.Controls, x)
		}
		b.Forms = append(b.Forms, c)
	}
	add(calendarForm{Work: changeDay, Key: "calendar.page.new"}, b.dayControls)
	if len(b.V.Removable) > 0 {
		add(calendarForm{Work: changeRemove, Key: "calendar.page.remove"}, func(f form) []calendarControl {
			var days []option
			for _, e := range b.V.Removable {
				days = append(days, option{Value: e.Date.String(), Text: e.Date.Show() + " · " + e.Name})
			}
			return []calendarControl{{Kind: "select", control: f.Choose("remove", "calendar.page.date", days, "required")}}
		})
	}
	add(calendarForm{Work: changeHours, Key: "calendar.page.hours_change", Hint: "calendar.page.hours_hint"}, b.hourControls)
	if b.V.Name != "" {
		return
	}
	add(calendarForm{Work: changeOfficial, Key: "calendar.page.official", Files: true, Hint: "calendar.page.official_lead"}, func(f form) []calendarControl {
		text := f.Input("holidays", "calendar.page.official_text", "rows=12", "required", "hint=calendar.page.official_hint", "class=-mono")
		if f.Get("viec") == "" {
			text.Value = b.V.Lines
		}
		return []calendarControl{{Kind: "input", control: text}, {Kind: "input", control: f.Input("tep", "calendar.page.official_file", "type=file", "hint=calendar.page.official_file_hint")}}
	})
	add(calendarForm{Work: changePropose, Key: "calendar.page.propose", Args: fault.Args{"year": strconv.Itoa(b.V.NextYear)}, Hint: "calendar.page.propose_hint", Year: b.V.NextYear}, func(form) []calendarControl { return nil })
}

// dayControls ask for one more exception; a unit has days of its own only.
func (b *calendarBody) dayControls(f form) []calendarControl {
	kinds := []option{{Value: string(civil.Local), Key: kindKey(civil.Local)}}
	if b.V.Name == "" {
		for _, k := range []civil.DayKind{civil.Holiday, civil.Compensatory, civil.SwapOff, civil.SwapWork} {
			kinds = append(kinds, option{Value: string(k), Key: kindKey(k)})
		}
	}
	controls := []calendarControl{
		{Kind: "select", control: f.Choose("kind", "calendar.page.kind", kinds, "required")},
		{Kind: "input", control: f.Input("date", "calendar.page.date", "type=date", "required")},
		{Kind: "input", control: f.Input("name", "calendar.page.name", "required", "maxlength=200")},
	}
	if b.V.Name == "" {
		controls = append(controls, calendarControl{Kind: "input", control: f.Input("replaces", "calendar.page.replaces", "type=date", "hint=calendar.page.replaces_hint")})
	}
	return controls
}

// hourControls ask for office hours and Saturday reception; a unit may go back to
// those of the province.
func (b *calendarBody) hourControls(f form) []calendarControl {
	sent := f.Get("viec") != ""
	time := func(name, label string, have *civil.TimeOfDay) control {
		c := f.Input(name, label, "type=time")
		if !sent && have != nil {
			c.Value = have.String()
		}
		return c
	}
	at := func(i int, end bool) *civil.TimeOfDay {
		if i >= len(b.V.Hours) {
			return nil
		}
		if end {
			return &b.V.Hours[i].To
		}
		return &b.V.Hours[i].From
	}
	var satFrom, satTo *civil.TimeOfDay
	if b.V.Saturday != nil {
		satFrom, satTo = &b.V.Saturday.From, &b.V.Saturday.To
	}
	var controls []calendarControl
	own, sat := "own", "yes"
	options := []option{{Value: "yes", Key: "calendar.page.saturday_yes"}, {Value: "no", Key: "calendar.page.saturday_no"}}
	if b.V.Saturday == nil {
		sat = "no"
	}
	if b.V.Name != "" {
		if !b.V.OwnHours {
			own = "all"
		}
		if !b.V.OwnSat {
			sat = "all"
		}
		options = append([]option{{Value: "all", Key: "calendar.page.as_all"}}, options...)
		whose := f.Choose("whose", "calendar.page.hours_whose", []option{{Value: "all", Key: "calendar.page.as_all"}, {Value: "own", Key: "calendar.page.hours_own"}})
		if !sent {
			whose.Value = own
		}
		controls = append(controls, calendarControl{Kind: "radios", control: whose})
	}
	saturday := f.Choose("sat", "calendar.page.saturday", options)
	if !sent {
		saturday.Value = sat
	}
	hours := f.Input("hours", "calendar.page.hours")
	satHours := f.Input("saturday", "calendar.page.saturday_hours")
	return append(controls,
		calendarControl{Kind: "times", control: hours, Times: []control{
			time("am-from", "calendar.page.am_from", at(0, false)), time("am-to", "calendar.page.am_to", at(0, true)),
			time("pm-from", "calendar.page.pm_from", at(1, false)), time("pm-to", "calendar.page.pm_to", at(1, true)),
		}},
		calendarControl{Kind: "radios", control: saturday},
		calendarControl{Kind: "times", control: satHours, Times: []control{
			time("sat-from", "calendar.page.sat_from", satFrom), time("sat-to", "calendar.page.sat_to", satTo),
		}})
}

// readChange reads which change of the calendar a form asks for.
func readChange(f form, in *app.CalendarForm) []*fault.Fault {
	switch f.Get("viec") {
	case changeOfficial:
		in.Holidays = []byte(f.Get("holidays"))
		if strings.TrimSpace(f.Get("holidays")) == "" {
			return []*fault.Fault{fault.Field("holidays", "civil.holidays_form", nil)}
		}
		return nil
	case changePropose:
		in.Propose, _ = strconv.Atoi(f.Get("nam"))
		return nil
	case changeHours:
		return readHours(f, in)
	case changeRemove:
		day, bad := readDay(f, "remove")
		in.Remove = []civil.Date{day}
		return bad
	}
	day, bad := readDay(f, "date")
	e := civil.Exception{Date: day, Kind: civil.DayKind(f.Get("kind")), Name: strings.TrimSpace(f.Get("name")), LegalRef: f.Get("document")}
	if f.Get("replaces") != "" {
		var more []*fault.Fault
		e.Replaces, more = readDay(f, "replaces")
		bad = append(bad, more...)
	}
	in.Days = []civil.Exception{e}
	return bad
}

func readDay(f form, field string) (civil.Date, []*fault.Fault) {
	day, err := civil.ParseDate(strings.TrimSpace(f.Get(field)))
	if err != nil {
		return day, []*fault.Fault{fault.Field(field, "civil.date_form", fault.Args{"text": f.Get(field)})}
	}
	return day, nil
}

// readHours reads office hours, the afternoon of which may be empty, and the
// Saturday.
func readHours(f form, in *app.CalendarForm) []*fault.Fault {
	var bad []*fault.Fault
	read := func(field, from, to string) (iv civil.Interval) {
		iv, err := civil.ParseInterval(strings.TrimSpace(f.Get(from)) + "-" + strings.TrimSpace(f.Get(to)))
		if err != nil {
			bad = append(bad, onField(field, err)...)
		}
		return iv
	}
	if f.Get("whose") == "all" {
		in.InheritH = true
	} else {
		in.Hours = []civil.Interval{read("hours", "am-from", "am-to")}
		if f.Get("pm-from")+f.Get("pm-to") != "" {
			in.Hours = append(in.Hours, read("hours", "pm-from", "pm-to"))
		}
	}
	switch f.Get("sat") {
	case "all":
		in.InheritS = true
	case "yes":
		iv := read("saturday", "sat-from", "sat-to")
		in.Saturday = &iv
	default:
		in.NoSat = true
	}
	return bad
}

// mostHolidayFile is the largest file of an official schedule.
const mostHolidayFile = 2 << 20

// readCalendarForm reads a posted change; a file stands for the text of an
// official schedule.
func (s *Server) readCalendarForm(r *http.Request, who access.Actor) (form, error) {
	kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if kind != "multipart/form-data" {
		f, _, err := s.readForm(r, who)
		return f, err
	}
	unreadable := func(err error) error { return fault.Wrap(err, fault.Invalid, "desk.form_unreadable", nil) }
	r.Body = http.MaxBytesReader(nil, r.Body, 2*mostHolidayFile)
	if err := r.ParseMultipartForm(2 * mostHolidayFile); err != nil {
		return form{}, unreadable(err)
	}
	f := s.formOf(r.MultipartForm.Value)
	file, _, err := r.FormFile("tep")
	if errors.Is(err, http.ErrMissingFile) {
		return f, nil
	}
	if err != nil {
		return f, unreadable(err)
	}
	defer file.Close()
	text, err := io.ReadAll(io.LimitReader(file, mostHolidayFile))
	if err != nil {
		return f, unreadable(err)
	}
	if len(text) > 0 {
		f.Values.Set("holidays", strings.TrimPrefix(string(text), "\ufeff"))
	}
	return f, nil
}

// adminProposeCalendar proposes a change; the calendar in force stays as it is
// until somebody else applies it.
func (s *Server) adminProposeCalendar(w http.ResponseWriter, r *http.Request, who access.Actor) {
	f, err := s.readCalendarForm(r, who)
	if err == nil {
		err = s.app.MayProposeCalendar(who) // before what was typed is judged
	}
	if err != nil {
		s.deskFail(w, r, who, err)
		return
	}
	if resumed(r) {
		s.showCalendar(w, r, who, http.StatusOK, f)
		return
	}
	base, _ := strconv.Atoi(f.Get("base"))
	in := app.CalendarForm{ActionID: f.Action, Calendar: cmp.Or(r.URL.Query().Get("don-vi"), "default"), Base: base, Document: f.Get("document"), Reason: f.Get("reason")}
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
		for _, x := range f.Faults {
			x.Field = changeField(f.Get("viec"), x.Field)
		}
	}
	s.showCalendar(w, r, who, statusOf(f), f)
}

// changeField is the field of a form that a fault of the calendar belongs to:
// what is wrong with a day is wrong with what named the day.
func changeField(work, field string) string {
	switch {
	case field == "document", field == "reason", field == "hours", field == "saturday":
		return field
	case work == changeOfficial:
		return "holidays"
	case work == changeRemove:
		return "remove"
	case field == "", work == changeHours, work == changePropose:
		return ""
	}
	return "date"
}
