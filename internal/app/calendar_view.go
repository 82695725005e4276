package app

import (
	"context"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/motcua/motcua/internal/core/access"
	"github.com/motcua/motcua/internal/core/civil"
	"github.com/motcua/motcua/internal/core/dossier"
	"github.com/motcua/motcua/internal/core/fault"
	"github.com/motcua/motcua/internal/store"
)

// CalendarView is one year of one calendar as its page shows it.
type CalendarView struct {
	ID        string // "default", or the code of a unit
	Name      string // of the unit; empty for the whole province
	Own       bool   // the unit has a calendar of its own; else it follows the province's
	Version   int
	Document  string
	Year      civil.Year
	Years     []civil.Year // all that the calendar covers
	Hours     []civil.Interval
	Saturday  *civil.Interval
	OwnHours  bool              // the unit has hours of its own
	OwnSat    bool              // and a Saturday of its own
	Removable []civil.Exception // of Days, those that this calendar itself has
	Lines     string            // next official year, as lines to be corrected
	LinesYear int
	Months    []CalendarMonth
	Days      []civil.Exception // of the year, with their legal references
	Calendars []UnitChoice      // units with a calendar of their own
	Units     []UnitChoice      // units that could have one
	Revisions []civil.Revision  // changes of every calendar, the newest first
	NextYear  int               // the first year that the calendar does not cover
	CanChange bool
	CanApply  bool
}

// CalendarMonth is a month as a wall calendar has it: weeks from Monday on.
type CalendarMonth struct {
	Month time.Month
	Weeks [][7]CalendarDay // the zero CalendarDay outside the month
}

// CalendarDay is one day of a month.
type CalendarDay struct {
	Date     civil.Date
	Working  bool
	Saturday bool // dossiers are received, and the day is not counted
	Kind     civil.DayKind
	Name     string
	LegalRef string
	Today    bool
}

// shownRevisions is how many changes the page lists.
const shownRevisions = 20

// Calendar shows one year of a calendar; 0 is this year.
func (a *App) Calendar(ctx context.Context, who access.Actor, id string, year int) (CalendarView, error) {
	v := CalendarView{CanChange: access.May(who, access.ManageCalendar), CanApply: access.May(who, access.ConfirmCalendar)}
	if !v.CanChange && !v.CanApply {
		return v, denied()
	}
	dir, today := a.directory.Load(), civil.DateOf(a.clock())
	if id == "" {
		id = defaultCalendar
	}
	if id != defaultCalendar {
		u, ok := dir.unit(id, today)
		if !ok {
			return v, fault.New(fault.NotFound, "agency.unit_unknown", fault.Args{"unit": id})
		}
		v.Name = shownName(u)
	}
	cal, _ := dir.calendar(id)
	spec := cal.Spec()
	if year == 0 {
		year = today.Year()
	}
	p, published := dir.published[id]
	v.ID, v.Own, v.Version, v.Document = id, published && p.Own != nil, dir.calendarVersion(id), p.Document
	v.Hours, v.Saturday, v.Years, v.NextYear = spec.Hours, spec.Saturday, spec.Years, spec.Years[len(spec.Years)-1].Year+1
	var err error
	if v.Year, err = cal.Year(year); err != nil {
		return v, err
	}
	for _, e := range spec.Days {
		if e.Date.Year() == year {
			v.Days = append(v.Days, e)
		}
	}
	v.Removable = v.Days
	if id != defaultCalendar {
		v.describeOwn(p.Own)
	}
	for _, y := range spec.Years {
		if y.Status == civil.ProvisionalYear && v.LinesYear == 0 {
			v.LinesYear, v.Lines = y.Year, spec.HolidayLines(y.Year)
		}
	}
	for m := time.January; m <= time.December; m++ {
		v.Months = append(v.Months, monthOf(cal, year, m, today))
	}
	for code := range dir.published {
		if code != defaultCalendar {
			v.Calendars = append(v.Calendars, UnitChoice{code, dir.unitName(code, today)})
		}
	}
	slices.SortFunc(v.Calendars, func(x, y UnitChoice) int { return strings.Compare(x.Name, y.Name) })
	v.Units = a.unitChoices()
	v.Revisions, err = a.store.Revisions(ctx, shownRevisions)
	return v, err
}

// describeOwn tells what a unit has of its own.
func (v *CalendarView) describeOwn(own *civil.Own) {
	v.Removable = nil
	if own == nil {
		return
	}
	v.OwnHours, v.OwnSat = own.Hours != nil, own.Saturday != nil || own.NoSaturday
	for _, e := range v.Days {
		if slices.Contains(own.Days, e) {
			v.Removable = append(v.Removable, e)
		}
	}
}

// monthOf lays a month out in weeks.
func monthOf(cal *civil.Calendar, year int, m time.Month, today civil.Date) CalendarMonth {
	out := CalendarMonth{Month: m}
	var week [7]CalendarDay
	spec := cal.Spec()
	for d := civil.NewDate(year, m, 1); d.Month() == m; d = d.AddDays(1) {
		at := (int(d.Weekday()) + 6) % 7
		day := CalendarDay{Date: d, Today: d == today}
		day.Working, _ = cal.IsWorking(d) // the year is covered
		if e, ok := cal.Exception(d); ok {
			day.Kind, day.Name, day.LegalRef = e.Kind, e.Name, e.LegalRef
		} else {
			day.Saturday = spec.Saturday != nil && d.Weekday() == time.Saturday
		}
		week[at] = day
		if at == 6 {
			out.Weeks = append(out.Weeks, week)
			week = [7]CalendarDay{}
		}
	}
	if week != ([7]CalendarDay{}) {
		out.Weeks = append(out.Weeks, week)
	}
	return out
}

// RevisionView is a change of a calendar as its page shows it: while it is
// proposed, what it would do to the open promises.
type RevisionView struct {
	civil.Revision
	Name    string            // of the unit; empty for the whole province
	Changed []civil.DayChange // days that are worked in one of the two calendars only
	Added   []civil.Exception // exceptions that are new or different
	Gone    []civil.Exception
	Years   []civil.Year // that become known, or official
	Hours   bool         // hours or Saturday reception change
	Was, Is OfficeHours  // then, before and after
	// Refused says why the change cannot be put into force any more.
	Refused *fault.Fault
	// Other says that another person has to put it into force.
	Other   bool
	Preview PromiseCounts
	Moves   []PromiseMove // one page of the dossiers that it would move
	Next    string
}

// OfficeHours are when a calendar works and receives.
type OfficeHours struct {
	Hours    []civil.Interval
	Saturday *civil.Interval
}

// PromiseCounts is what a change does to the open promises, counted before the
// list of them.
type PromiseCounts struct {
	At       time.Time
	Open     int // looked at
	Moved    int
	Later    int
	Earlier  int
	Official int // same day, no longer provisional
	Kept     int // could not be counted and would keep their day
}

// PromiseMove is one dossier's promise before and after.
type PromiseMove struct {
	Code      string
	Procedure string
	Agency    string
	FromOn    civil.Date
	FromAt    time.Time
	ToOn      civil.Date
	ToAt      time.Time
	Err       *fault.Fault // why the new calendar gives no day; it keeps the old one
}

// Revision shows a change of a calendar with the page of moved dossiers after a
// cursor.
func (a *App) Revision(ctx context.Context, who access.Actor, id, cursor string) (RevisionView, error) {
	if !access.May(who, access.ManageCalendar) && !access.May(who, access.ConfirmCalendar) {
		return RevisionView{}, denied()
	}
	r, err := a.revision(ctx, id)
	v := RevisionView{Revision: r}
	if err != nil {
		return v, err
	}
	dir, today := a.directory.Load(), civil.DateOf(a.clock())
	if r.Calendar != defaultCalendar {
		v.Name = dir.unitName(r.Calendar, today)
	}
	if r.State != civil.RevisionProposed {
		return v, a.describeDone(ctx, &v)
	}
	v.Other = r.By == who.ID && !who.IsSystem()
	if dir.calendarVersion(r.Calendar) != r.Base {
		v.Refused = fault.New(fault.Conflict, "calendar.changed_meanwhile", fault.Args{"seen": r.Base, "now": dir.calendarVersion(r.Calendar)})
		return v, nil
	}
	if _, err := a.checkRevision(ctx, dir, r.Calendar, r.Becomes, today); err != nil {
		if v.Refused = fault.As(err); v.Refused == nil {
			return v, err
		}
		return v, nil
	}
	after, err := dir.revised(r.Calendar, r.Becomes)
	if err != nil {
		return v, err
	}
	was, _ := dir.calendar(r.Calendar)
	is, _ := after.of(r.Calendar)
	v.describe(was, is)
	next := *dir
	next.calendars = after
	if v.Preview, err = a.promiseCounts(ctx, r, &next); err != nil {
		return v, err
	}
	v.Moves, v.Next, err = a.promiseMoves(ctx, r, &next, cursor)
	return v, err
}

// describeDone tells what a decided change was about; a unit's, by the calendar
// of the province that is in force now.
func (a *App) describeDone(ctx context.Context, v *RevisionView) error {
	base := a.WorkCalendar(defaultCalendar)
	was := base
	var err error
	switch {
	case v.Calendar == defaultCalendar:
		was, err = a.calendarAt(ctx, calendarRef(v.Calendar, v.Base), "")
	case v.Base > 0:
		var p *civil.Published
		if p, err = a.publishedAt(ctx, calendarRef(v.Calendar, v.Base)); err == nil {
			was, err = p.Calendar(base)
		}
	}
	if err != nil {
		return err
	}
	is, err := v.Becomes.Calendar(base)
	if err != nil {
		return err
	}
	v.describe(was, is)
	return nil
}

// describe compares two calendars.
func (v *RevisionView) describe(was, is *civil.Calendar) {
	a, b := was.Spec(), is.Spec()
	v.Changed = civil.Diff(was, is)
	for _, e := range b.Days {
		if !slices.Contains(a.Days, e) {
			v.Added = append(v.Added, e)
		}
	}
	for _, e := range a.Days {
		if !slices.ContainsFunc(b.Days, func(n civil.Exception) bool { return n.Date == e.Date }) {
			v.Gone = append(v.Gone, e)
		}
	}
	for _, y := range b.Years {
		if !slices.ContainsFunc(a.Years, func(have civil.Year) bool { return have.Year == y.Year && have.Status == y.Status }) {
			v.Years = append(v.Years, y)
		}
	}
	v.Was, v.Is = OfficeHours{a.Hours, a.Saturday}, OfficeHours{b.Hours, b.Saturday}
	v.Hours = !slices.Equal(a.Hours, b.Hours) || (a.Saturday == nil) != (b.Saturday == nil) || a.Saturday != nil && *a.Saturday != *b.Saturday
}

// previews keeps the counts of a proposed change for a while: its page is opened
// and leafed through by several people.
type previews struct {
	mu   sync.Mutex
	byID map[string]PromiseCounts
}

// previewFor is how long counts are shown again; the page says of when they are.
const previewFor = time.Minute

func (a *App) promiseCounts(ctx context.Context, r civil.Revision, next *directory) (PromiseCounts, error) {
	a.previews.mu.Lock()
	have, ok := a.previews.byID[r.ID]
	a.previews.mu.Unlock()
	now := a.clock()
	if age := now.Sub(have.At); ok && age >= 0 && age < previewFor {
		return have, nil
	}
	c := PromiseCounts{At: now}
	query := promisesOf(r)
	for after := (store.Cursor{}); ; {
		list, further, err := a.store.Promises(ctx, query, after, recomputeBatch)
		if err != nil {
			return c, err
		}
		for _, d := range list {
			c.add(d, next, now)
		}
		if after = further; after.ID == "" {
			break
		}
	}
	a.previews.mu.Lock()
	defer a.previews.mu.Unlock()
	if a.previews.byID == nil || len(a.previews.byID) > shownRevisions {
		a.previews.byID = map[string]PromiseCounts{}
	}
	a.previews.byID[r.ID] = c
	return c, nil
}

func (c *PromiseCounts) add(d dossier.Dossier, next *directory, now time.Time) {
	c.Open++
	m, moves := next.move(d, now)
	switch {
	case m.Err != nil:
		c.Kept++
	case !moves:
	case m.ToOn.After(m.FromOn):
		c.Moved, c.Later = c.Moved+1, c.Later+1
	case m.ToOn.Before(m.FromOn):
		c.Moved, c.Earlier = c.Moved+1, c.Earlier+1
	case m.ToAt.Equal(m.FromAt):
		c.Moved, c.Official = c.Moved+1, c.Official+1
	default:
		c.Moved++
	}
}

// move is what a dossier's promise becomes with a directory's calendars.
func (d *directory) move(have dossier.Dossier, now time.Time) (PromiseMove, bool) {
	m := PromiseMove{Code: have.Code, Procedure: have.Procedure.Name, Agency: have.AgencyName, FromOn: have.Deadline.DueOn, FromAt: have.Deadline.DueAt}
	ev, moves, err := d.moved(have, now)
	if err != nil {
		if m.Err = fault.As(err); m.Err == nil {
			m.Err = fault.New(fault.Internal, "calendar.not_counted", nil)
		}
		return m, false
	}
	if c, ok := ev.Payload.(dossier.Change); moves && ok {
		m.ToOn, m.ToAt = c.Deadline.DueOn, c.Deadline.DueAt
	}
	return m, moves
}

// mostLooked bounds how many promises one page looks at: where few move, a page
// may be short and the next one goes on.
const mostLooked = 20 * recomputeBatch

// promiseMoves lists the dossiers that would move, due first first.
func (a *App) promiseMoves(ctx context.Context, r civil.Revision, next *directory, cursor string) (moves []PromiseMove, further string, err error) {
	after, err := store.ParseCursor(cursor)
	if err != nil {
		return nil, "", err
	}
	query, now := promisesOf(r), a.clock()
	query.Last = false
	for looked := 0; looked < mostLooked; {
		list, beyond, err := a.store.Promises(ctx, query, after, recomputeBatch)
		if err != nil {
			return nil, "", err
		}
		looked += len(list)
		for i, d := range list {
			m, moved := next.move(d, now)
			if !moved && m.Err == nil {
				continue
			}
			moves = append(moves, m)
			if len(moves) == pageSize && (i < len(list)-1 || beyond.ID != "") {
				return moves, store.PromiseCursor(d).String(), nil
			}
		}
		if after = beyond; after.ID == "" {
			return moves, "", nil
		}
	}
	return moves, after.String(), nil
}
