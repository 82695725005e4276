package app

import (
	"context"
	"io"
	"strconv"
	"strings"

	"github.com/motcua/motcua/internal/core/access"
	"github.com/motcua/motcua/internal/core/civil"
	"github.com/motcua/motcua/internal/core/fault"
	"github.com/motcua/motcua/internal/i18n"
)

// mostHolidays is the largest file of holidays, in bytes: a century of years.
const mostHolidays = 2 << 20

// ImportHolidays publishes official years in the format of holidays.json into the
// calendar of the province, and has the open promises recomputed. A file with a
// mistake is refused as a whole, each mistake named: the calendar in force stays.
// The report counts days off and worked rest days.
func (a *App) ImportHolidays(ctx context.Context, who access.Actor, r io.Reader, o ImportOptions) (ImportReport, error) {
	report := ImportReport{Kind: "holidays", Rejected: []Rejected{}}
	if !access.May(who, access.ManageCalendar) || !access.May(who, access.ConfirmCalendar) {
		return report, denied()
	}
	text, err := io.ReadAll(io.LimitReader(r, mostHolidays+1))
	if err != nil {
		return report, err
	}
	if len(text) > mostHolidays {
		return report, fault.New(fault.Invalid, "civil.holidays_form", nil)
	}
	official, err := civil.ParseHolidays(text)
	if err != nil {
		return o.refuse(report, err)
	}
	report.Read = len(official.Days)
	dir := a.directory.Load()
	cal, _ := dir.calendar(defaultCalendar)
	if !report.compare(cal, official) {
		return report, nil
	}
	form := CalendarForm{
		Calendar: defaultCalendar, Base: dir.calendarVersion(defaultCalendar), Holidays: text, Document: o.Document.No, Reason: officialReason(official), At: o.At,
	}
	if form.Document == "" {
		form.Document = official.Years[0].LegalRef
	}
	if o.DryRun {
		_, _, err := a.reviseCalendar(ctx, form)
		return o.refuse(report, err)
	}
	revision, err := a.ProposeCalendar(ctx, who, form)
	if err != nil {
		return o.refuse(report, err)
	}
	_, err = a.applyRevision(ctx, who, "", revision, o.At)
	return report, err
}

// officialReason is what applicants read of it.
func officialReason(s civil.Spec) string {
	years := make([]string, len(s.Years))
	for i, y := range s.Years {
		years[i] = strconv.Itoa(y.Year)
	}
	return i18n.Default().T(i18n.Vietnamese, "calendar.official_reason", fault.Args{"years": strings.Join(years, ", ")})
}

// compare counts what is new and what differs; it answers whether anything does.
func (r *ImportReport) compare(cal *civil.Calendar, s civil.Spec) bool {
	changes := false
	for _, y := range s.Years {
		have, err := cal.Year(y.Year)
		changes = changes || err != nil || have != y
	}
	for _, e := range s.Days {
		have, ok := cal.Exception(e.Date)
		switch {
		case !ok:
			r.Created++
		case have != e:
			r.Updated++
		default:
			r.Unchanged++
		}
	}
	return changes || r.Created+r.Updated > 0 || removes(cal, s)
}

// removes reports whether the calendar has days in those years that the official
// schedule has not.
func removes(cal *civil.Calendar, s civil.Spec) bool {
	merged := mergeYears(cal.Spec(), s)
	return len(merged.Days) < len(cal.Spec().Days)
}

// refuse puts every mistake of a file into the report; an error that is none of
// the file's stays an error.
func (o ImportOptions) refuse(r ImportReport, err error) (ImportReport, error) {
	f := fault.As(err)
	if f == nil || f.Kind != fault.Invalid {
		return r, err
	}
	r.Created, r.Updated, r.Unchanged = 0, 0, 0
	for _, one := range f.Each() {
		record := one.Field
		if _, day, ok := strings.Cut(one.Field, "."); ok {
			record = day
		}
		o.reject(&r, record, one)
	}
	return r, nil
}
