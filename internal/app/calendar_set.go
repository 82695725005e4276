package app

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/motcua/motcua/internal/civildata"
	"github.com/motcua/motcua/internal/core/civil"
	"github.com/motcua/motcua/internal/core/fault"
	"github.com/motcua/motcua/internal/store"
)

// defaultCalendar is the id of the calendar of every unit without its own.
const defaultCalendar = "default"

// calendarSet is the calendars of all units, built from what is published.
type calendarSet struct {
	byUnit map[string]*civil.Calendar
	refs   map[string]string // as dossiers record what they were counted with
}

// buildCalendars builds every calendar: the default one, or the built-in days
// off where none is published, and over it those of units with their own.
func buildCalendars(published map[string]civil.Published) (calendarSet, error) {
	s := calendarSet{byUnit: map[string]*civil.Calendar{}, refs: map[string]string{}}
	base, ref := civildata.Default(), civildata.Ref
	if p, ok := published[defaultCalendar]; ok {
		c, err := p.Calendar(nil)
		if err != nil {
			return s, err
		}
		base, ref = c, calendarRef(defaultCalendar, p.Version)
	}
	s.byUnit[defaultCalendar], s.refs[defaultCalendar] = base, ref
	for _, unit := range slices.Sorted(maps.Keys(published)) {
		if unit == defaultCalendar {
			continue
		}
		p := published[unit]
		c, err := p.Calendar(base)
		if err != nil {
			return s, err
		}
		s.byUnit[unit], s.refs[unit] = c, calendarRef(unit, p.Version)+"+"+ref
	}
	return s, nil
}

// of returns the calendar that a unit works by, and its reference.
func (s calendarSet) of(unit string) (*civil.Calendar, string) {
	if c := s.byUnit[unit]; c != nil {
		return c, s.refs[unit]
	}
	return s.byUnit[defaultCalendar], s.refs[defaultCalendar]
}

// calendarRef names a version of a calendar where a dossier records it. A unit's
// own is followed by the one that it inherits from: "H36.05@2+default@3".
func calendarRef(id string, version int) string { return fmt.Sprintf("%s@%d", id, version) }

// WorkCalendar is the calendar in force that a unit works by; for a code without
// one of its own, that of the province.
func (a *App) WorkCalendar(unit string) *civil.Calendar {
	cal, _ := a.directory.Load().calendar(unit)
	return cal
}

// calendarVersion is the version in force of a calendar; 0 for a unit that has
// none of its own.
func (d *directory) calendarVersion(id string) int {
	if p, ok := d.published[id]; ok {
		return p.Version
	}
	if id == defaultCalendar {
		return builtInVersion
	}
	return 0
}

// builtInVersion is the version of the calendar that ships with the program.
const builtInVersion = 1

// shelf keeps earlier versions of calendars, so that a promise is explained with
// the one that it was counted by.
type shelf struct {
	mu    sync.Mutex
	byRef map[string]*civil.Calendar
}

// calendarAt finds the calendar that a reference names. One that cannot be found
// any more, as after an import from elsewhere, is the one in force for the unit.
func (a *App) calendarAt(ctx context.Context, ref, unit string) (*civil.Calendar, error) {
	cal, now := a.directory.Load().calendar(unit)
	if ref == now || ref == "" {
		return cal, nil
	}
	a.shelf.mu.Lock()
	defer a.shelf.mu.Unlock()
	if c := a.shelf.byRef[ref]; c != nil {
		return c, nil
	}
	old, err := a.rebuild(ctx, ref)
	if fault.KindOf(err) == fault.NotFound {
		return cal, nil
	}
	if err != nil {
		return nil, err
	}
	if a.shelf.byRef == nil {
		a.shelf.byRef = map[string]*civil.Calendar{}
	}
	a.shelf.byRef[ref] = old
	return old, nil
}

// rebuild builds the calendar of a reference from the journal.
func (a *App) rebuild(ctx context.Context, ref string) (*civil.Calendar, error) {
	own, under, inherits := strings.Cut(ref, "+")
	if !inherits {
		under = own
	}
	base, err := a.publishedAt(ctx, under)
	if err != nil || base == nil {
		return civildata.Default(), err
	}
	c, err := base.Calendar(nil)
	if err != nil || !inherits {
		return c, err
	}
	p, err := a.publishedAt(ctx, own)
	if err != nil {
		return nil, err
	}
	return p.Calendar(c)
}

// publishedAt reads one version of a calendar; nil for the built-in one. It
// fails with fault.NotFound when there is no such version.
func (a *App) publishedAt(ctx context.Context, ref string) (*civil.Published, error) {
	if ref == civildata.Ref {
		return nil, nil
	}
	unknown := fault.New(fault.NotFound, "calendar.version_unknown", fault.Args{"ref": ref})
	id, number, ok := strings.Cut(ref, "@")
	version, err := strconv.Atoi(number)
	if !ok || err != nil {
		return nil, unknown
	}
	events, err := a.store.StreamEvents(ctx, store.CalendarRoot(id))
	if err != nil {
		return nil, err
	}
	for _, e := range events {
		var p civil.Published
		if err := json.Unmarshal(e.Payload, &p); err != nil {
			return nil, err
		}
		if p.Version == version {
			return &p, nil
		}
	}
	return nil, unknown
}
