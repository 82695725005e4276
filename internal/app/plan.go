package app

import (
	"fmt"
	"sync"
	"time"

	"github.com/motcua/motcua/internal/core/access"
	"github.com/motcua/motcua/internal/core/agency"
	"github.com/motcua/motcua/internal/core/civil"
	"github.com/motcua/motcua/internal/core/dossier"
	"github.com/motcua/motcua/internal/core/fault"
	"github.com/motcua/motcua/internal/core/procedure"
	"github.com/motcua/motcua/internal/core/process"
	"github.com/motcua/motcua/internal/core/ruleset"
	"github.com/motcua/motcua/internal/i18n"
	"github.com/motcua/motcua/internal/store"
)

// plan is the versioned data that a decision on one dossier uses: calendar,
// rule set and process. All of it is immutable once published.
type plan struct {
	calendar *civil.Calendar
	calRef   string
	rules    ruleset.Set
	graph    *process.Graph
	place    func(unit string) (code, name string, err error)
	party    bool            // the actor is a party of the dossier
	small    bool            // the unit has too few people to separate duties
	cutoff   civil.TimeOfDay // the procedure's own hour for results on the same day
}

// sealClass names the sealed fields of a dossier to its key.
const sealClass = "dossier"

// context is what dossier.Decide may know, inside a write.
func (p plan) context(v *store.View, who access.Actor, subject string) dossier.Context {
	return dossier.Context{
		Now: v.Now(), Actor: who, Calendar: p.calendar, CalendarRef: p.calRef, Graph: p.graph, Place: p.place, NewID: v.NewID,
		Party: p.party, SmallUnit: p.small,
		Policy: p.rules.Policy, ReceptionBy: p.rules.SupplementWithin, AnswerWithin: p.rules.Expiry.Days, Reminders: len(p.rules.Expiry.Remind),
		ApologyDays: p.rules.Apology.Before, OnArrival: p.rules.Elsewhere(true), EndOfDay: p.rules.EndOfDay, Paper: p.rules.PaperCutoff, Cutoff: p.cutoff,
		Seal:   func(plain []byte) []byte { return v.Seal(subject, sealClass, plain) },
		Unseal: func(sealed []byte) ([]byte, error) { return v.Unseal(subject, sealClass, sealed) },
	}
}

// planReceptionOf plans what a new dossier of a case needs.
func (a *App) planReceptionOf(p procedure.Procedure, c procedure.Case, limit civil.Limit, unit, agency agency.Unit, at time.Time) (plan, error) {
	rules, err := ruleset.On(civil.DateOf(at))
	if err != nil {
		return plan{}, err
	}
	dir := a.directory.Load()
	pl := plan{rules: rules, place: a.placeFor(unit.Code, shownName(unit), agency.Code, agency.Name)}
	pl.calendar, pl.calRef = dir.calendar(agency.Code)
	pl.graph, err = a.processes.generated(limit, pl.calendar)
	return pl, err
}

// planFor plans what an act on an existing dossier needs: its own rule set, its
// agency's calendar, its own process.
func (a *App) planFor(d dossier.Dossier) (plan, error) {
	at := d.Opening.At
	rules, err := ruleset.On(civil.DateOf(at))
	if err != nil {
		return plan{}, err
	}
	pl := plan{rules: rules, place: a.placeFor(d.Unit, d.UnitName, d.Agency, d.AgencyName), small: a.directory.Load().small(d.Agency)}
	pl.calendar, pl.calRef = a.directory.Load().calendar(d.Agency)
	limit := d.Deadline.Limit
	if limit.Unit == "" { // registered or guided: the case's limit
		if limit, err = a.limitFor(d); err != nil {
			return plan{}, err
		}
	}
	pl.graph, err = a.processes.generated(limit, pl.calendar)
	return pl, err
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
		if u, ok := dir.unit(name, today); ok {
			return u.Code, shownName(u), nil
		}
		for _, u := range dir.byKey[name] {
			if u.On(today.String()) {
				return u.Code, u.Name, nil
			}
		}
		return "", "", fault.New(fault.Conflict, "process.unit_unknown", fault.Args{"unit": name})
	}
}

// processes keeps compiled processes: those generated from a limit by its
// length, since they are alike for every procedure.
type processes struct {
	mu     sync.Mutex
	linear map[string]*process.Graph
}

// generated is the plain process of a procedure without one of its own.
func (p *processes) generated(limit civil.Limit, cal *civil.Calendar) (*process.Graph, error) {
	minutes := workingMinutes(limit, cal)
	id := fmt.Sprintf("linear-%d", minutes)
	if limit.Unit == civil.AtOnce {
		id = "at-once"
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if g := p.linear[id]; g != nil {
		return g, nil
	}
	options := process.Options{ID: id, Names: stepNames()}
	t := process.AtOnce(options)
	if limit.Unit != civil.AtOnce {
		var err error
		if t, err = process.Linear("", minutes, options); err != nil {
			return nil, err
		}
	}
	g, err := process.Compile(t, nil)
	if err != nil {
		return nil, err
	}
	if p.linear == nil {
		p.linear = map[string]*process.Graph{}
	}
	p.linear[id] = g
	return g, nil
}

// stepNames are the Vietnamese names of the generated steps; a task keeps its
// name for ever.
func stepNames() map[process.Kind]string {
	names := map[process.Kind]string{}
	for _, k := range process.WorkKinds() {
		names[k] = i18n.Default().T(i18n.Vietnamese, "dossier.task."+string(k), nil)
		if names[k] == "dossier.task."+string(k) {
			names[k] = i18n.Default().T(i18n.Vietnamese, k.LabelKey(), nil)
		}
	}
	return names
}

// workingMinutes is about how much office time a limit gives, for sharing it
// among steps. The promise itself never comes from here.
func workingMinutes(l civil.Limit, cal *civil.Calendar) int {
	day := dayMinutes(cal)
	switch l.Unit {
	case civil.WorkingDays:
		return max(l.Value*day, 5)
	case civil.WorkingHours:
		return max(l.Value*60, 5)
	case civil.CalendarDays:
		return max(l.Value*day*5/7, day)
	case civil.ClockHours:
		return max(l.Value*day/24, 60)
	case civil.Months:
		return l.Value * day * 21
	}
	return day
}

func dayMinutes(cal *civil.Calendar) int {
	n := 0
	for _, iv := range cal.Spec().Hours {
		n += int(iv.To - iv.From)
	}
	return n
}

// publicProcess is the process of a procedure as its page shows it: the first
// case's, in the order of its steps.
func (a *App) publicProcess(p procedure.Procedure) []ProcessStep {
	cal, _ := a.directory.Load().calendar("")
	for _, c := range p.Cases {
		limit, ok := limitOf(c, dossier.Direct)
		if !ok {
			continue
		}
		g, err := a.processes.generated(limit, cal)
		if err != nil {
			return nil
		}
		var steps []ProcessStep
		for _, s := range g.Template().Tasks() {
			steps = append(steps, ProcessStep{Name: s.Name, Kind: dossier.TaskKind(s.Kind), Unit: s.Unit, Minutes: s.Share})
		}
		return steps
	}
	return nil
}
