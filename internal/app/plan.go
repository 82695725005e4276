package app

import (
	"context"
	"time"

	"github.com/motcua/motcua/internal/core/access"
	"github.com/motcua/motcua/internal/core/agency"
	"github.com/motcua/motcua/internal/core/civil"
	"github.com/motcua/motcua/internal/core/dossier"
	"github.com/motcua/motcua/internal/core/fault"
	"github.com/motcua/motcua/internal/core/procedure"
	"github.com/motcua/motcua/internal/core/process"
	"github.com/motcua/motcua/internal/core/ruleset"
	"github.com/motcua/motcua/internal/store"
)

// plan is the versioned data that a decision on one dossier uses: calendar,
// rule set and process. All of it is immutable once published.
type plan struct {
	calendar *civil.Calendar
	calRef   string
	rules    ruleset.Set
	graph    *process.Graph
	units    map[string]string // what the relative units of a process mean here
	ahead    func(step string) int
	place    func(unit string) (code, name string, err error)
	party    bool            // the actor is a party of the dossier
	scans    bool            // papers are scanned before they are forwarded
	small    bool            // the unit has too few people to separate duties
	cutoff   civil.TimeOfDay // the procedure's own hour for results on the same day
}

// sealClass names the sealed fields of a dossier to its key.
const sealClass = "dossier"

// context is what dossier.Decide may know, inside a write.
func (p plan) context(v *store.View, who access.Actor, subject string) dossier.Context {
	c := p.judging(who, v.Now(), v.NewID)
	c.Seal = func(plain []byte) []byte { return v.Seal(subject, sealClass, plain) }
	c.Unseal = func(sealed []byte) ([]byte, error) { return v.Unseal(subject, sealClass, sealed) }
	return c
}

// judging is the context of a decision that is only tried out: nothing is sealed
// and nothing numbered.
func (p plan) judging(who access.Actor, now time.Time, newID func() string) dossier.Context {
	return dossier.Context{
		Now: now, Actor: who, Calendar: p.calendar, CalendarRef: p.calRef, Graph: p.graph, Ahead: p.ahead, Place: p.place, NewID: newID,
		Party: p.party, SmallUnit: p.small, ScansFirst: p.scans,
		Policy: p.rules.Policy, ReceptionBy: p.rules.SupplementWithin, AnswerWithin: p.rules.Expiry.Days, Reminders: len(p.rules.Expiry.Remind),
		ApologyDays: p.rules.Apology.Before, OnArrival: p.rules.Elsewhere(true), EndOfDay: p.rules.EndOfDay, Paper: p.rules.PaperCutoff, Cutoff: p.cutoff,
		Seal: func([]byte) []byte { return nil },
	}
}

// planReceptionOf plans what a new dossier of a case needs.
func (a *App) planReceptionOf(ctx context.Context, p procedure.Procedure, c procedure.Case, limit civil.Limit, unit, agency agency.Unit, at time.Time) (plan, error) {
	rules, err := ruleset.On(civil.DateOf(at))
	if err != nil {
		return plan{}, err
	}
	dir := a.directory.Load()
	pl := plan{rules: rules, place: a.placeFor(unit.Code, shownName(unit), agency.Code, agency.Name)}
	pl.calendar, pl.calRef = dir.calendar(agency.Code)
	pl.units = map[string]string{process.UnitCentre: unit.Code, process.UnitAgency: agency.Code}
	if pl.graph, err = a.processFor(ctx, p.Code, c.ID, limit, pl.calendar, civil.DateOf(at)); err != nil {
		return plan{}, err
	}
	pl.ahead = a.aheadOn(pl.graph, pl.units)
	return pl, nil
}

// planFor plans what an act on an existing dossier needs: its own rule set, its
// agency's calendar, its own process.
func (a *App) planFor(ctx context.Context, d dossier.Dossier) (plan, error) {
	at := d.Opening.At
	rules, err := ruleset.On(civil.DateOf(at))
	if err != nil {
		return plan{}, err
	}
	pl := plan{rules: rules, place: a.placeFor(d.Unit, d.UnitName, d.Agency, d.AgencyName), small: a.directory.Load().small(d.Agency, civil.DateOf(a.clock()))}
	pl.calendar, pl.calRef = a.directory.Load().calendar(d.Agency)
	pl.units = map[string]string{process.UnitCentre: d.Unit, process.UnitAgency: d.Agency}
	pl.scans = procedure.ScansFirst(a.directory.Load().scans, d.Procedure.Code)
	if pl.graph, err = a.processOf(ctx, d, pl.calendar); err != nil {
		return plan{}, err
	}
	pl.ahead = a.aheadOn(pl.graph, pl.units)
	return pl, nil
}

// limitFor is the limit of a dossier that has not been received yet.
func (a *App) limitFor(d dossier.Dossier) (civil.Limit, error) {
	r := a.catalogue.Load().records[d.Procedure.Code]
	p, ok := r.Number(d.Procedure.Version)
	if !ok {
		return civil.Limit{}, fault.New(fault.NotFound, "procedure.unknown", fault.Args{"code": d.Procedure.Code})
	}
	c, _ := p.Case(d.Procedure.Case)
	limit, ok := limitOf(c, d.Channel)
	if !ok {
		return civil.Limit{}, fault.New(fault.Conflict, "procedure.no_limit", fault.Args{"code": p.Code})
	}
	return limit, nil
}

// placeFor resolves the units of a process for one dossier.
func (a *App) placeFor(unit, unitName, agencyCode, agencyName string) func(string) (string, string, error) {
	return func(name string) (string, string, error) {
		switch name {
		case process.UnitCentre:
			return unit, unitName, nil
		case process.UnitAgency, "":
			return agencyCode, agencyName, nil
		}
		dir := a.directory.Load()
		today := civil.DateOf(a.clock())
		if u, ok := dir.continuing(name, today); ok {
			return u.Code, shownName(u), nil
		}
		for _, u := range dir.byKey[name] {
			if u.On(today.String()) {
				return u.Code, u.Name, nil
			}
		}
		if u, ok := dir.unit(name, today); ok { // ended without a successor: its last name is all there is
			return u.Code, shownName(u), nil
		}
		return "", "", fault.New(fault.Conflict, "process.unit_unknown", fault.Args{"unit": name})
	}
}
