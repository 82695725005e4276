package app

import (
	"context"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/motcua/motcua/internal/core/access"
	"github.com/motcua/motcua/internal/core/civil"
	"github.com/motcua/motcua/internal/core/fault"
	"github.com/motcua/motcua/internal/i18n"
)

// mostHolidays is the largest file of holidays, in bytes: a century of years.
const mostHolidays = 2 << 20

// ImportHolidays publishes official years in the format of holidays.json in place
// of what the calendar of the province says of those years, and has the open
// promises recomputed. A record is a year. A file with a mistake is refused as a
// whole, each mistake named: the calendar in force stays.
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
	if err != nil && len(official.Years) == 0 {
		return report, err // no file of holidays at all
	}
	report.Read = len(official.Years)
	if err != nil {
		return o.refuse(report, err)
	}
	dir := a.directory.Load()
	cal, _ := dir.calendar(defaultCalendar)
	report.compare(cal.Spec(), official)
	if report.Created+report.Updated == 0 {
		return report, nil
	}
	form := CalendarForm{
		Calendar: defaultCalendar, Base: dir.calendarVersion(defaultCalendar), Holidays: text, Document: o.Document.No, Reason: officialReason(official), At: o.At,
	}
	for _, document := range []string{official.Years[0].LegalRef, i18n.Default().T(i18n.Vietnamese, "calendar.import_document", nil)} {
		if form.Document == "" {
			form.Document = document
		}
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

// compare counts the years that are new, and those of which the calendar in force
// says something else.
func (r *ImportReport) compare(now, official civil.Spec) {
	next := mergeYears(now, official)
	for _, y := range official.Years {
		switch {
		case !slices.ContainsFunc(now.Years, func(have civil.Year) bool { return have.Year == y.Year }):
			r.Created++
		case sameYear(now, next, y.Year):
			r.Unchanged++
		default:
			r.Updated++
		}
	}
}

// sameYear reports whether two calendars say the same of a year.
func sameYear(a, b civil.Spec, year int) bool {
	of := func(s civil.Spec) ([]civil.Year, []civil.Exception) {
		years := slices.DeleteFunc(slices.Clone(s.Years), func(y civil.Year) bool { return y.Year != year })
		days := slices.DeleteFunc(slices.Clone(s.Days), func(e civil.Exception) bool { return e.Date.Year() != year })
		slices.SortFunc(days, func(x, y civil.Exception) int { return x.Date.Compare(y.Date) })
		return years, days
	}
	aYears, aDays := of(a)
	bYears, bDays := of(b)
	return slices.Equal(aYears, bYears) && slices.Equal(aDays, bDays)
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
