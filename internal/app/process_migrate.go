package app

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/motcua/motcua/internal/core/access"
	"github.com/motcua/motcua/internal/core/civil"
	"github.com/motcua/motcua/internal/core/dossier"
	"github.com/motcua/motcua/internal/core/fault"
	"github.com/motcua/motcua/internal/core/process"
	"github.com/motcua/motcua/internal/store"
)

// MigrateForm takes running dossiers over to a published version. Keeping them
// on theirs needs nothing.
type MigrateForm struct {
	ActionID string
	ProcessKey
	To     int               // published version
	Names  map[string]string // steps of old versions to steps of the new one, where the id differs
	DryRun bool              // say what would happen, and change nothing
	Reason string
	// Propose lets steps without an entry in Names go to the only new step of the
	// same kind and unit.
	Propose bool
}

// MigrateReport says what became of every running dossier.
type MigrateReport struct {
	To      int
	DryRun  bool
	Moved   []MigratedDossier
	Refused []MigratedDossier
	Already int // on the version before
	// Gone are the steps in which dossiers stand and which the new version does
	// not have, with the step that each would go to.
	Gone []GoneStep
	// Steps are those that they can be sent to.
	Steps []StepChoice
}

// GoneStep is a step that the new version lacks.
type GoneStep struct {
	StepChoice
	Goes string // id of the step of the new version; empty = none was named
}

// MigratedDossier is one dossier that went over, or that cannot.
type MigratedDossier struct {
	Code   string
	From   string   // process and version before, as store.ProcessRef writes it
	Before []string // names of its open steps
	After  []string
	Why    *fault.Fault // refused: the place and the reason
}

// migrateChunk is how many dossiers go over in one write.
const migrateChunk = 50

// MigrateProcess takes the running dossiers of a procedure over to a published
// version, each by an event of its own, and reports which went from which step
// to which and which cannot. Those that cannot keep their version. A dry run
// reports the same and changes nothing.
func (a *App) MigrateProcess(ctx context.Context, who access.Actor, in MigrateForm) (MigrateReport, error) {
	report := MigrateReport{To: in.To, DryRun: in.DryRun}
	if !access.May(who, access.PublishProcess) {
		return report, denied()
	}
	reason := cleanLines(in.Reason)
	if !in.DryRun && reason == "" {
		return report, fault.Field("reason", "dossier.reason_missing", nil)
	}
	r, err := a.processRecord(ctx, in.ProcessKey)
	if err != nil {
		return report, err
	}
	to, ok := r.Number(in.To)
	if !ok {
		return report, fault.New(fault.NotFound, "process.version_unknown", fault.Args{"id": in.ID(), "version": in.To})
	}
	if to.ValidFrom.After(civil.DateOf(a.clock())) {
		return report, fault.New(fault.Conflict, "process.not_yet", fault.Args{"date": to.ValidFrom.Show()})
	}
	g, err := a.publishedProcess(ctx, in.ID(), in.To)
	if err != nil {
		return report, err
	}
	for from, step := range in.Names {
		if !g.Has(step) {
			return report, fault.Field("names."+from, "process.step_gone", fault.Args{"step": step})
		}
	}
	for _, step := range to.Template.InOrder().Steps {
		if step.Kind.Work() || step.Kind.Wait() {
			report.Steps = append(report.Steps, StepChoice{step.ID, cmp.Or(step.Name, step.ID)})
		}
	}
	m := migration{a: a, who: who, in: in, reason: reason, document: to.Decision.No, graph: g}
	for after := ""; ; {
		list, next, err := a.store.DossiersInWork(ctx, in.Procedure, after, migrateChunk)
		if err != nil {
			return report, err
		}
		if err := m.take(ctx, list, &report); err != nil {
			return report, err
		}
		if after = next; after == "" {
			return report, nil
		}
	}
}

// migration is one run over all dossiers.
type migration struct {
	a                *App
	who              access.Actor
	in               MigrateForm
	reason, document string
	graph            *process.Graph
	part             int
}

// take moves one page of dossiers.
func (m *migration) take(ctx context.Context, list []dossier.Dossier, report *MigrateReport) error {
	var mine []dossier.Dossier
	for _, d := range list {
		switch {
		case !m.concerns(d):
		case d.Process.Template == m.in.ID() && d.Process.Version == m.in.To:
			report.Already++
		default:
			mine = append(mine, d)
		}
	}
	if len(mine) == 0 {
		return nil
	}
	plans := make(map[string]plan, len(mine))
	names := make(map[string]map[string]string, len(mine))
	for _, d := range mine {
		pl, err := m.a.planFor(ctx, d)
		if err != nil {
			return err
		}
		names[d.ID] = m.names(pl.graph)
		report.gone(d, m.graph, names[d.ID])
		pl.graph = m.graph
		pl.ahead = m.a.aheadOn(m.graph, pl.units)
		plans[d.ID] = pl
	}
	if m.in.DryRun {
		for _, d := range mine {
			ids := 0
			ctx := plans[d.ID].judging(m.who, m.a.clock(), func() string { ids++; return fmt.Sprintf("new-%d", ids) })
			_, after, err := m.move(d, ctx, names[d.ID])
			if err := report.note(d, after, err); err != nil {
				return err
			}
		}
		return nil
	}
	return m.write(ctx, mine, plans, names, report)
}

// concerns reports whether a dossier belongs to the process: it is of its case,
// or of any when the case has no process of its own.
func (m *migration) concerns(d dossier.Dossier) bool {
	if m.in.Case != "" {
		return d.Procedure.Case == m.in.Case
	}
	own := process.RecordID(m.in.Procedure, d.Procedure.Case)
	head, has := m.a.directory.Load().processes[own]
	return d.Process.Template == m.in.ID() || !has || len(head.Versions) == 0
}

// names is where the steps of a dossier's process are in the new one.
func (m *migration) names(old *process.Graph) map[string]string {
	names := map[string]string{}
	if m.in.Propose {
		names = process.Correspond(old.Template(), m.graph.Template())
	}
	for from, step := range m.in.Names {
		names[from] = step
	}
	return names
}

func (m *migration) move(d dossier.Dossier, ctx dossier.Context, names map[string]string) (dossier.Event, dossier.Dossier, error) {
	ev, err := dossier.Migrate(d, ctx, dossier.Migration{Names: names, Document: m.document, Reason: m.reason})
	if err != nil {
		return ev, d, err
	}
	after, err := dossier.Preview(d, ev, ctx.Now)
	return ev, after, err
}

// outcome is what a write did to one dossier.
type outcome struct {
	Before, After []string
	From          string
	Code          string
	Why           *fault.Fault
}

// write moves dossiers as they stand inside the write; one that cannot go over
// by then does not keep the others.
func (m *migration) write(ctx context.Context, mine []dossier.Dossier, plans map[string]plan, names map[string]map[string]string, report *MigrateReport) error {
	w := store.Write{Actor: by(m.who), Body: []any{m.in, m.part}}
	if m.in.ActionID != "" {
		w.Action = fmt.Sprintf("%s/%d", m.in.ActionID, m.part)
	}
	m.part++
	for _, d := range mine {
		w.Roots = append(w.Roots, store.DossierRoot(d.ID))
	}
	done, err := store.Do(ctx, m.a.store, w, func(v *store.View) ([]outcome, error) {
		var all []outcome
		for _, seen := range mine {
			d, _ := store.Load[dossier.Dossier](v, store.DossierRoot(seen.ID))
			o := outcome{Code: d.Name(), Before: openSteps(d), From: store.ProcessRef(d.Process.Template, d.Process.Version)}
			if d.Process.Template != seen.Process.Template || d.Process.Version != seen.Process.Version {
				o.Why = fault.New(fault.Conflict, "dossier.changed_meanwhile", fault.Args{"code": d.Name()})
				all = append(all, o)
				continue
			}
			ev, _, err := m.move(d, plans[d.ID].context(v, m.who, d.ID), names[d.ID])
			if o.Why = fault.As(err); err != nil && (o.Why == nil || o.Why.Kind != fault.Conflict) {
				return nil, err
			}
			if err == nil {
				if _, err := record(v, d.ID, ev); err != nil {
					return nil, err
				}
				after, _ := store.Load[dossier.Dossier](v, store.DossierRoot(d.ID))
				o.After = openSteps(after)
			}
			all = append(all, o)
		}
		return all, nil
	})
	for _, o := range done {
		report.add(MigratedDossier{Code: o.Code, From: o.From, Before: o.Before, After: o.After, Why: o.Why})
	}
	return err
}

func (r *MigrateReport) note(d, after dossier.Dossier, err error) error {
	one := MigratedDossier{Code: d.Name(), From: store.ProcessRef(d.Process.Template, d.Process.Version), Before: openSteps(d)}
	if err != nil {
		if one.Why = fault.As(err); one.Why == nil || one.Why.Kind != fault.Conflict {
			return err
		}
	} else {
		one.After = openSteps(after)
	}
	r.add(one)
	return nil
}

// gone notes the steps of a dossier that the new version lacks.
func (r *MigrateReport) gone(d dossier.Dossier, to *process.Graph, names map[string]string) {
	add := func(step, name string) {
		known := slices.ContainsFunc(r.Gone, func(g GoneStep) bool { return g.ID == step })
		if !to.Has(step) && !known {
			r.Gone = append(r.Gone, GoneStep{StepChoice{step, cmp.Or(strings.TrimSpace(name), step)}, names[step]})
		}
	}
	for _, t := range d.Process.Tasks {
		add(t.Step, t.Name)
	}
	for _, w := range d.Process.Waits {
		add(w.Step, w.Name)
	}
}

func (r *MigrateReport) add(one MigratedDossier) {
	if one.Why != nil {
		r.Refused = append(r.Refused, one)
		return
	}
	r.Moved = append(r.Moved, one)
}

// openSteps names the steps at which a dossier stands, waits included.
func openSteps(d dossier.Dossier) []string {
	var names []string
	add := func(name, step string) {
		if name = strings.TrimSpace(name); name == "" {
			name = step
		}
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	for _, t := range d.Process.Tasks {
		add(t.Name, t.Step)
	}
	for _, w := range d.Process.Waits {
		add(w.Name, w.Step)
	}
	return names
}
