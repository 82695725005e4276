package app

import (
	"context"
	"io"
	"reflect"
	"slices"
	"strconv"

	"github.com/motcua/motcua/internal/core/access"
	"github.com/motcua/motcua/internal/core/agency"
	"github.com/motcua/motcua/internal/core/civil"
	"github.com/motcua/motcua/internal/core/fault"
	"github.com/motcua/motcua/internal/store"
)

// ImportStaffFile takes in people in CSV (agency.ParseStaff); see ImportStaff.
func (a *App) ImportStaffFile(ctx context.Context, who access.Actor, r io.Reader, o ImportOptions) (ImportReport, map[string]string, error) {
	people, rejected, err := agency.ParseStaff(r)
	if err != nil {
		return ImportReport{}, nil, err
	}
	report, passwords, err := a.ImportStaff(ctx, who, people, o)
	bad := map[string]bool{}
	for _, x := range rejected {
		bad[x.Record] = true
		o.reject(&report, x.Record, fault.Field(x.Field, x.Key, x.Args))
	}
	report.Read += len(bad)
	return report, passwords, err
}

// ImportHolidays takes in years of official days off in the format of
// holidays.json, in place of what the calendar in force says of those years; a
// record is a year. The calendar is taken as a whole: when anything in the file
// contradicts itself, the one in force stays.
//
// What has been promised stays promised; open dossiers are not counted anew.
func (a *App) ImportHolidays(ctx context.Context, who access.Actor, r io.Reader, o ImportOptions) (ImportReport, error) {
	if !access.May(who, access.ManageCalendar) {
		return ImportReport{}, denied()
	}
	text, err := io.ReadAll(r)
	if err != nil {
		return ImportReport{}, err
	}
	report := ImportReport{Kind: "holidays", Rejected: []Rejected{}}
	official, err := civil.ParseHolidays(text)
	if f := fault.As(err); f != nil && len(official.Years) == 0 {
		return report, err
	}
	report.Read = len(official.Years)
	dir := a.directory.Load()
	now := dir.calendars[defaultCalendar].Spec()
	next := now.Merge(official)
	if err == nil {
		_, err = civil.NewCalendar(next)
	}
	if f := fault.As(err); f != nil {
		for _, one := range f.Each() {
			o.reject(&report, one.Field, one)
		}
		return report, nil
	}
	if err != nil {
		return report, err
	}
	for _, y := range official.Years {
		switch {
		case !slices.ContainsFunc(now.Years, func(have civil.Year) bool { return have.Year == y.Year }):
			report.Created++
		case reflect.DeepEqual(yearOf(now, y.Year), yearOf(next, y.Year)):
			report.Unchanged++
		default:
			report.Updated++
		}
	}
	if o.DryRun || report.Created+report.Updated == 0 {
		return report, nil
	}
	return report, a.publishCalendar(ctx, who, next, o)
}

// yearOf is what a calendar says of one year.
func yearOf(s civil.Spec, year int) civil.Spec {
	var out civil.Spec
	for _, y := range s.Years {
		if y.Year == year {
			out.Years = append(out.Years, y)
		}
	}
	for _, d := range s.Days {
		if d.Date.Year() == year {
			out.Days = append(out.Days, d)
		}
	}
	return out
}

// publishCalendar records the next version of the province's calendar.
func (a *App) publishCalendar(ctx context.Context, who access.Actor, spec civil.Spec, o ImportOptions) error {
	root := store.CalendarRoot(defaultCalendar)
	years := make([]string, len(spec.Years))
	for i, y := range spec.Years {
		years[i] = strconv.Itoa(y.Year) + " " + string(y.Status)
	}
	w := store.Write{Actor: by(who), Body: spec, Roots: []store.Root{root}, At: a.storyTime(o.At)}
	_, err := store.Do(ctx, a.store, w, func(v *store.View) ([]string, error) {
		have, _ := store.Load[civil.Published](v, root)
		p := civil.Published{Version: have.Version + 1, Spec: spec, Document: o.Document.No}
		_, err := store.Record[civil.Published](v, root, store.EventCalendarPublished, 1, o.Document.No, p)
		return years, err
	})
	if err != nil {
		return err
	}
	return a.Reload(ctx)
}
