package app

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"github.com/motcua/motcua/internal/core/access"
	"github.com/motcua/motcua/internal/core/civil"
	"github.com/motcua/motcua/internal/core/fault"
	"github.com/motcua/motcua/internal/core/textfold"
	"github.com/motcua/motcua/internal/store"
)

// CalendarForm is a change of a calendar as a form or an import sends it. Only
// what is set changes; all of it is checked together.
type CalendarForm struct {
	ActionID string
	Calendar string // "default", or the code of a unit
	Base     int    // version that the person saw
	Document string // decision behind the change
	Reason   string // as applicants read it

	Days     []civil.Exception // added; one on a day that has an exception replaces it
	Remove   []civil.Date      // exceptions taken away
	Hours    []civil.Interval  // new office hours; nil keeps them
	Saturday *civil.Interval   // new Saturday reception; nil keeps it
	NoSat    bool              // no Saturday reception any more
	InheritH bool              // a unit's hours are those of the province again
	InheritS bool              // and its Saturday reception
	Holidays []byte            // official years, in the format of holidays.json or as lines
	Propose  int               // a year taken in as statute gives it; 0 = none
	// At is the legal time in a demo's story; zero = now.
	At time.Time `json:"-"`
}

// Bounds of a change.
const (
	mostCalendarDays   = 60
	mostCalendarReason = 300 // it goes into messages
)

// ProposeCalendar checks a change of a calendar and keeps it for another person
// to put into force; the calendar in force stays as it is. Whoever puts it into
// force first sees what it does: see Revision.
//
// It fails with fault.Invalid, naming every contradiction of the new calendar at
// once, a day that has passed, or a year that nothing knows; and with
// fault.Conflict when the calendar has changed since the person saw it or
// nothing would change.
func (a *App) ProposeCalendar(ctx context.Context, who access.Actor, f CalendarForm) (civil.Revision, error) {
	if err := a.MayProposeCalendar(who); err != nil {
		return civil.Revision{}, err
	}
	becomes, from, err := a.reviseCalendar(ctx, f)
	if err != nil {
		return civil.Revision{}, err
	}
	r := civil.Revision{
		ID: newID(), Calendar: f.Calendar, Base: f.Base, Becomes: becomes, From: from, State: civil.RevisionProposed, By: who.ID, ByName: who.Name,
	}
	root := store.RevisionRoot(r.ID)
	w := store.Write{Actor: by(who), Action: f.ActionID, Body: f, Roots: []store.Root{root}, At: a.storyTime(f.At)}
	id, err := store.Do(ctx, a.store, w, func(v *store.View) (string, error) {
		r.At = v.Now()
		_, err := store.Record[civil.Revision](v, root, civil.RevisionMade, 1, becomes.Document, r)
		return r.ID, err
	})
	if err != nil {
		return civil.Revision{}, err
	}
	return store.Get[civil.Revision](ctx, a.store, store.RevisionRoot(id))
}

// MayProposeCalendar fails for whoever may not propose a change.
func (a *App) MayProposeCalendar(who access.Actor) error {
	if !access.May(who, access.ManageCalendar) {
		return denied()
	}
	return nil
}

// WithdrawCalendar takes a proposed change back.
func (a *App) WithdrawCalendar(ctx context.Context, who access.Actor, actionID, id string) error {
	if !access.May(who, access.ManageCalendar) && !access.May(who, access.ConfirmCalendar) {
		return denied()
	}
	root := store.RevisionRoot(id)
	w := store.Write{Actor: by(who), Action: actionID, Body: id, Roots: []store.Root{root}}
	_, err := store.Do(ctx, a.store, w, func(v *store.View) (string, error) {
		r, err := proposed(v, root)
		if err != nil {
			return "", err
		}
		_, err = store.Record[civil.Revision](v, root, civil.RevisionTakenBack, 1, "", civil.RevisionDecision{By: who.ID, ByName: who.Name, At: v.Now()})
		return r.ID, err
	})
	return err
}

// proposed loads a change that waits to be put into force.
func proposed(v *store.View, root store.Root) (civil.Revision, error) {
	r, ok := store.Load[civil.Revision](v, root)
	switch {
	case !ok:
		return r, fault.New(fault.NotFound, "calendar.revision_unknown", nil)
	case r.State != civil.RevisionProposed:
		return r, fault.New(fault.Conflict, "calendar.decided", fault.Args{"state": fault.Line{Key: r.State.Key()}, "name": r.DecidedBy})
	}
	return r, nil
}

// reviseCalendar makes the calendar that a form asks for, and checks it; from is
// the first day that it counts differently.
func (a *App) reviseCalendar(ctx context.Context, f CalendarForm) (p civil.Published, from civil.Date, err error) {
	dir := a.directory.Load()
	at := a.at(f.At)
	today := civil.DateOf(at)
	if err := checkCalendarForm(f); err != nil {
		return p, from, err
	}
	if _, ok := dir.unit(f.Calendar, today); !ok && f.Calendar != defaultCalendar {
		return p, from, fault.Field("calendar", "agency.unit_unknown", fault.Args{"unit": f.Calendar})
	}
	if have := dir.calendarVersion(f.Calendar); have != f.Base {
		return p, from, fault.New(fault.Conflict, "calendar.changed_meanwhile", fault.Args{"seen": f.Base, "now": have})
	}
	p = civil.Published{Version: f.Base + 1, Document: textfold.Clean(f.Document), Reason: textfold.Clean(f.Reason)}
	if f.Calendar == defaultCalendar {
		base, _ := dir.calendar(defaultCalendar)
		p.Spec, err = f.revise(base.Spec())
	} else {
		p.Own, err = f.reviseOwn(dir.published[f.Calendar].Own)
	}
	if err != nil {
		return p, from, err
	}
	from, err = a.checkRevision(ctx, dir, f.Calendar, p, today)
	return p, from, err
}

func checkCalendarForm(f CalendarForm) error {
	var document, reason, days *fault.Fault
	if strings.TrimSpace(f.Document) == "" {
		document = fault.Field("document", "calendar.document_missing", nil)
	}
	switch n := len([]rune(f.Reason)); {
	case strings.TrimSpace(f.Reason) == "":
		reason = fault.Field("reason", "calendar.reason_missing", nil)
	case n > mostCalendarReason:
		reason = fault.Field("reason", "dossier.too_long", fault.Args{"n": n, "most": mostCalendarReason})
	}
	if n := len(f.Days) + len(f.Remove); n > mostCalendarDays {
		days = fault.Field("days", "calendar.many_days", fault.Args{"n": n, "most": mostCalendarDays})
	}
	return fault.Join(document, reason, days)
}

// revise applies the form to the calendar of the whole province. An official
// year replaces a provisional one, but not what was decided here: local days off
// stay unless the official schedule has the day.
func (f CalendarForm) revise(s civil.Spec) (civil.Spec, error) {
	if len(f.Holidays) > 0 {
		official, err := civil.ParseHolidays(f.Holidays)
		if err != nil {
			return s, err
		}
		s = mergeYears(s, f.grounded(official))
	}
	if f.Propose != 0 {
		next, err := civil.Propose(f.Propose)
		if err != nil {
			return s, err
		}
		if slices.ContainsFunc(s.Years, func(y civil.Year) bool { return y.Year == f.Propose && y.Status == civil.OfficialYear }) {
			return s, fault.Field("propose", "calendar.year_official", fault.Args{"year": f.Propose})
		}
		s = mergeYears(s, next)
	}
	if f.Hours != nil {
		s.Hours = f.Hours
	}
	if f.Saturday != nil || f.NoSat {
		s.Saturday = f.Saturday
	}
	s.Days = f.days(s.Days)
	return s, nil
}

// grounded gives years and days that name no document that of the form.
func (f CalendarForm) grounded(s civil.Spec) civil.Spec {
	document := textfold.Clean(f.Document)
	for i := range s.Years {
		s.Years[i].LegalRef = cmp.Or(s.Years[i].LegalRef, document)
	}
	for i := range s.Days {
		s.Days[i].LegalRef = cmp.Or(s.Days[i].LegalRef, document)
	}
	return s
}

// mergeYears puts years into a calendar and keeps its local days off.
func mergeYears(s, add civil.Spec) civil.Spec {
	out := s.Merge(add)
	for _, e := range s.Days {
		if e.Kind == civil.Local && !slices.ContainsFunc(out.Days, func(have civil.Exception) bool { return have.Date == e.Date }) {
			out.Days = append(out.Days, e)
		}
	}
	return out
}

// reviseOwn applies the form to what a unit has of its own.
func (f CalendarForm) reviseOwn(have *civil.Own) (*civil.Own, error) {
	if len(f.Holidays) > 0 || f.Propose != 0 {
		return nil, fault.Field("calendar", "calendar.years_of_all", nil)
	}
	var own civil.Own
	if have != nil {
		own = *have
	}
	if f.Hours != nil || f.InheritH {
		own.Hours = f.Hours
	}
	if f.Saturday != nil || f.NoSat || f.InheritS {
		own.Saturday, own.NoSaturday = f.Saturday, f.NoSat
	}
	own.Days = f.days(own.Days)
	return &own, nil
}

// days are the exceptions after the form: those removed gone, those added in
// place of what the day had.
func (f CalendarForm) days(have []civil.Exception) []civil.Exception {
	kept := slices.DeleteFunc(slices.Clone(have), func(e civil.Exception) bool {
		return slices.Contains(f.Remove, e.Date) || slices.ContainsFunc(f.Days, func(n civil.Exception) bool { return n.Date == e.Date })
	})
	for _, e := range f.Days {
		e.Name, e.LegalRef = textfold.Clean(e.Name), textfold.Clean(e.LegalRef)
		if e.LegalRef == "" {
			e.LegalRef = textfold.Clean(f.Document)
		}
		kept = append(kept, e)
	}
	return kept
}

// checkRevision builds every calendar as it would be and compares: contradictions,
// the past, and whether anything changes at all. It answers the first day that
// counts differently; the zero Date when all may.
func (a *App) checkRevision(ctx context.Context, dir *directory, id string, p civil.Published, today civil.Date) (civil.Date, error) {
	after, err := dir.revised(id, p)
	if err != nil {
		return civil.Date{}, err
	}
	was, _ := dir.calendar(id)
	is, _ := after.of(id)
	used, err := a.store.AnyDossier(ctx)
	if err != nil {
		return civil.Date{}, err
	}
	if used { // an empty installation has no past
		if err := civil.Prospective(was, is, today); err != nil {
			return civil.Date{}, err
		}
	}
	if sameCalendar(was.Spec(), is.Spec()) {
		return civil.Date{}, fault.New(fault.Conflict, "calendar.nothing_changes", nil)
	}
	return civil.FirstChange(was, is), nil
}

// revised is every calendar as it would be with one more publication.
func (d *directory) revised(id string, p civil.Published) (calendarSet, error) {
	published := map[string]civil.Published{id: p}
	for other, have := range d.published {
		if other != id {
			published[other] = have
		}
	}
	return buildCalendars(published)
}

func sameCalendar(a, b civil.Spec) bool {
	same := slices.Equal(a.Week, b.Week) && slices.Equal(a.Hours, b.Hours) && slices.Equal(a.Years, b.Years) && slices.Equal(a.Days, b.Days)
	return same && (a.Saturday == nil) == (b.Saturday == nil) && (a.Saturday == nil || *a.Saturday == *b.Saturday)
}
