package app

import (
	"context"

	"github.com/motcua/motcua/internal/core/access"
	"github.com/motcua/motcua/internal/core/civil"
	"github.com/motcua/motcua/internal/core/dossier"
	"github.com/motcua/motcua/internal/core/fault"
	"github.com/motcua/motcua/internal/core/process"
	"github.com/motcua/motcua/internal/store"
)

// RehearsalForm asks what a process would have done to the dossiers of a period.
type RehearsalForm struct {
	ProcessKey
	From, To civil.Date // days on which work ended, both included
	Number   int        // published version; 0 = the draft
	Limit    string     // a limit to try, such as "3 ngày làm việc"; empty = each dossier's own
}

// Rehearsal is what a dry run found (chạy thử).
type Rehearsal struct {
	From, To civil.Date
	Limit    *civil.Limit     // the one tried; nil = each dossier's own
	Dossiers int              // that were looked at
	Cut      bool             // there were more: the newest were taken
	Measured int              // tasks by which step times were measured
	Then     process.Forecast // as it went
	Now      process.Forecast // as it would go
	Skipped  int              // dossiers decided on the spot, or without a promise
}

// Bounds of one dry run.
const (
	mostRehearsed   = 2000 // dossiers
	rehearsalPage   = 250
	mostRehearsalOn = 400 // days between From and To
)

// RehearseProcess replays the finished dossiers of a period through a draft or a
// published version and compares: how many would have been late, how long they
// would have taken, and where the time would be lost. Each task takes the time
// that the dossier's own task of that kind took in that unit, else the measured
// time; nothing is stored.
func (a *App) RehearseProcess(ctx context.Context, who access.Actor, in RehearsalForm) (Rehearsal, error) {
	out := Rehearsal{From: in.From, To: in.To}
	if !access.Anywhere(who, access.ReadProcess) {
		return out, denied()
	}
	limit, err := in.check()
	if err != nil {
		return out, err
	}
	out.Limit = limit
	p, day, err := a.processProcedure(in.ProcessKey)
	if err != nil {
		return out, err
	}
	t, err := a.rehearsed(ctx, in)
	if err != nil {
		return out, err
	}
	if err := problemsFault(withoutLimit(a.judgeProcess(t, p, in.Case, day))); err != nil {
		return out, err
	}
	g, err := compile(t)
	if err != nil {
		return out, err
	}
	list, cut, err := a.finished(ctx, in.ProcessKey, in.From, in.To)
	if err != nil {
		return out, err
	}
	out.Cut = cut
	r := rehearsal{a: a, dir: a.directory.Load(), graph: g, limit: limit}
	if err := r.run(list, &out); err != nil {
		return out, err
	}
	return out, nil
}

func (in RehearsalForm) check() (*civil.Limit, error) {
	var from, to, text *fault.Fault
	switch {
	case in.From.IsZero():
		from = fault.Field("from", "process.period", fault.Args{"most": mostRehearsalOn})
	case in.To.IsZero() || in.To.Before(in.From) || in.To.Sub(in.From) > mostRehearsalOn:
		to = fault.Field("to", "process.period", fault.Args{"most": mostRehearsalOn})
	}
	if in.Limit == "" {
		return nil, fault.Join(from, to)
	}
	limit, err := civil.ParseLimit(in.Limit)
	if f := fault.As(err); f != nil {
		text = fault.Field("limit", f.Key, f.Args)
	}
	return &limit, fault.Join(from, to, text)
}

// rehearsed is the template that is tried.
func (a *App) rehearsed(ctx context.Context, in RehearsalForm) (process.Template, error) {
	r, err := a.processRecord(ctx, in.ProcessKey)
	if err != nil {
		return process.Template{}, err
	}
	if in.Number == 0 {
		if r.Draft == nil {
			return process.Template{}, fault.New(fault.Conflict, "process.no_draft", nil)
		}
		return r.Draft.Template, nil
	}
	p, ok := r.Number(in.Number)
	if !ok {
		return process.Template{}, fault.New(fault.NotFound, "process.version_unknown", fault.Args{"id": in.ID(), "version": in.Number})
	}
	return p.Template, nil
}

// withoutLimit leaves out what is only too long: whether it is, is the question.
func withoutLimit(problems []process.Problem) []process.Problem {
	var rest []process.Problem
	for _, p := range problems {
		if p.Key != "process.share_above_limit" && p.Key != "process.share_of_step" {
			rest = append(rest, p)
		}
	}
	return rest
}

// finished reads the dossiers of a case whose work ended on the days, the newest
// first.
func (a *App) finished(ctx context.Context, k ProcessKey, from, to civil.Date) (list []dossier.Dossier, cut bool, err error) {
	for after := (store.Cursor{}); ; {
		page, next, err := a.store.FinishedDossiers(ctx, k.Procedure, from.At(0), to.AddDays(1).At(0), after, rehearsalPage)
		if err != nil {
			return nil, false, err
		}
		for _, d := range page {
			switch {
			case k.Case != "" && d.Procedure.Case != k.Case:
			case len(list) == mostRehearsed:
				return list, true, nil
			default:
				list = append(list, d)
			}
		}
		if after = next; after.ID == "" {
			return list, false, nil
		}
	}
}

// rehearsal is one dry run.
type rehearsal struct {
	a     *App
	dir   *directory
	graph *process.Graph
	limit *civil.Limit
}

func (r rehearsal) calendar(unit string) *civil.Calendar {
	cal, _ := r.dir.calendar(unit)
	return cal
}

func (r rehearsal) run(list []dossier.Dossier, out *Rehearsal) error {
	var samples []process.Sample
	var usable []dossier.Dossier
	for _, d := range list {
		if d.AtOnce || d.Deadline.StartAt.IsZero() || d.Deadline.DueAt.IsZero() || d.Status == dossier.Withdrawn || d.Status == dossier.Stopped {
			out.Skipped++
			continue
		}
		some, err := d.Samples(r.calendar)
		if err != nil {
			return err
		}
		samples, usable = append(samples, some...), append(usable, d)
	}
	out.Dossiers, out.Measured = len(usable), len(samples)
	measures := process.NewMeasures(process.MeasureSteps(samples))
	if house := r.a.processes.measures.Load(); house != nil {
		measures = measures.Else(*house)
	}
	var then, now []process.Course
	for _, d := range usable {
		was, err := d.Ran(r.calendar)
		if err != nil {
			return err
		}
		will, err := r.rerun(d, measures)
		if err != nil {
			return err
		}
		then, now = append(then, was), append(now, will)
	}
	out.Then, out.Now = process.Foresee(then), process.Foresee(now)
	return nil
}

func (r rehearsal) rerun(d dossier.Dossier, measures process.Measures) (process.Course, error) {
	units := map[string]string{process.UnitCentre: d.Unit, process.UnitAgency: d.Agency}
	unit := func(s process.Step) string { return r.dir.stepUnit(s.Unit, units) }
	limit := d.Deadline.Limit
	if r.limit != nil {
		limit = *r.limit
	}
	cal := r.calendar(d.Agency)
	past, err := d.Rerun(cal, r.calendar, limit, unit, measures.Minutes(unit))
	if err != nil {
		return process.Course{}, err
	}
	return r.graph.Rehearse(past, cal)
}
