package app

import (
	"context"
	"fmt"
	"slices"

	"github.com/motcua/motcua/internal/core/access"
	"github.com/motcua/motcua/internal/core/civil"
	"github.com/motcua/motcua/internal/core/fault"
	"github.com/motcua/motcua/internal/core/procedure"
	"github.com/motcua/motcua/internal/core/process"
	"github.com/motcua/motcua/internal/store"
)

// PublishForm publishes checked drafts under the decision that approves them.
type PublishForm struct {
	ActionID  string
	Items     []PublishItem
	Decision  DecisionForm
	ValidFrom civil.Date // zero = today
}

// PublishItem is one draft as the person saw it.
type PublishItem struct {
	ProcessKey
	Revision int
}

// PublishedProcess is a version that came into force.
type PublishedProcess struct {
	ProcessKey
	Number    int
	ValidFrom civil.Date
}

// PublishProcess publishes drafts that the control unit has checked, under the
// decision of the Chairman that approves them (TT 01/2018/TT-VPCP art 8.3):
// dossiers received from ValidFrom on run on them, running ones keep theirs.
// All of them are published, or none.
//
// It fails with fault.Invalid naming the place and reason of every problem, and
// what is missing of the decision; fault.Conflict when a draft was not checked,
// was saved again since, or the decision's number belongs to another paper.
func (a *App) PublishProcess(ctx context.Context, who access.Actor, in PublishForm) ([]PublishedProcess, error) {
	if !access.May(who, access.PublishProcess) {
		return nil, denied()
	}
	d := in.Decision.decision(procedure.AboutProcesses)
	today := civil.DateOf(a.clock())
	from := in.ValidFrom
	if from.IsZero() {
		from = today
	}
	var when error
	if from.Before(today) {
		when = fault.Field("validFrom", "process.valid_past", fault.Args{"date": from.Show()})
	}
	if err := joinErrors(d.Check(today), when); err != nil {
		return nil, err
	}
	if len(in.Items) == 0 || len(in.Items) > mostAnnex {
		return nil, fault.Field("items", "dossier.too_many", fault.Args{"n": len(in.Items), "most": mostAnnex})
	}
	w := store.Write{Actor: by(who), Action: in.ActionID, Body: in, Roots: []store.Root{store.DecisionRoot(d.ID)}}
	planned := make([]plannedProcess, len(in.Items))
	for i, item := range in.Items {
		var err error
		if planned[i], err = a.planProcess(ctx, item, from); err != nil {
			return nil, err
		}
		root := store.ProcessRoot(item.ID())
		if slices.Contains(w.Roots, root) {
			return nil, fault.Field(fmt.Sprintf("items[%d]", i), "process.twice", nil)
		}
		w.Roots = append(w.Roots, root)
	}
	done, err := store.Do(ctx, a.store, w, func(v *store.View) ([]PublishedProcess, error) {
		var lines []procedure.AnnexLine
		var out []PublishedProcess
		for _, one := range planned {
			line, err := one.publish(v, who, d)
			if err != nil {
				return nil, err
			}
			lines = append(lines, line)
			out = append(out, PublishedProcess{one.ProcessKey, line.Version, from})
		}
		return out, decide(v, d, lines)
	})
	if err != nil {
		return nil, err
	}
	return done, a.Reload(ctx)
}

// plannedProcess is a draft found right, to be published.
type plannedProcess struct {
	PublishItem
	name  string // of the procedure
	ready process.Published
}

// planProcess judges a draft once more: people and limits may have changed since
// it was checked.
func (a *App) planProcess(ctx context.Context, item PublishItem, from civil.Date) (plannedProcess, error) {
	p, day, err := a.processProcedure(item.ProcessKey)
	if err != nil {
		return plannedProcess{}, err
	}
	r, err := a.processRecord(ctx, item.ProcessKey)
	if err != nil {
		return plannedProcess{}, err
	}
	if err := reviewedDraft(r, item.Revision); err != nil {
		return plannedProcess{}, err
	}
	t := r.Draft.Template
	if err := problemsFault(a.judgeProcess(t, p, item.Case, day)); err != nil {
		return plannedProcess{}, err
	}
	g, err := compile(t)
	if err != nil {
		return plannedProcess{}, err
	}
	return plannedProcess{PublishItem: item, name: p.Name, ready: process.Published{
		ValidFrom: from, ProcedureVersion: p.Number, LimitMinutes: a.directory.Load().limitMinutes(p, item.Case, day), Longest: g.Longest(),
	}}, nil
}

// reviewedDraft refuses a draft that the control unit has not checked as it is.
func reviewedDraft(r process.Record, revision int) error {
	if err := sameDraft(r, revision); err != nil {
		return err
	}
	if r.Draft.Review == nil || r.Draft.Review.Revision != r.Draft.Revision {
		return fault.New(fault.Conflict, "process.not_reviewed", nil)
	}
	return nil
}

// publish records the version, inside the write of its decision.
func (one plannedProcess) publish(v *store.View, who access.Actor, d procedure.Decision) (procedure.AnnexLine, error) {
	root := store.ProcessRoot(one.ID())
	r, _ := store.Load[process.Record](v, root)
	if err := reviewedDraft(r, one.Revision); err != nil {
		return procedure.AnnexLine{}, err
	}
	if last, ok := r.Latest(); ok && one.ready.ValidFrom.Before(last.ValidFrom) {
		return procedure.AnnexLine{}, fault.Field("validFrom", "process.valid_before", fault.Args{"date": last.ValidFrom.Show()})
	}
	ready := one.ready
	ready.Template, ready.Review = r.Draft.Template, *r.Draft.Review
	ready.Template.Version = r.Next()
	ready.Decision, ready.By, ready.ByName, ready.At = approval(d), who.ID, who.Name, v.Now()
	if _, err := store.Record[process.Record](v, root, process.EventPublished, 1, d.No, ready); err != nil {
		return procedure.AnnexLine{}, err
	}
	line := procedure.AnnexLine{
		What: procedure.AnnexProcess, Effect: procedure.Changed, Code: one.Procedure, Case: one.Case, Name: one.name,
		Version: ready.Template.Version, From: ready.ValidFrom,
	}
	if len(r.Versions) == 0 {
		line.Effect = procedure.Opened
	}
	return line, nil
}

// EndForm takes a process out of use.
type EndForm struct {
	ActionID string
	ProcessKey
	Decision DecisionForm
	From     civil.Date // zero = today
}

// EndProcess takes a process out of use by decision: dossiers received from the
// day on go the plain way again. Running dossiers keep their version.
func (a *App) EndProcess(ctx context.Context, who access.Actor, in EndForm) error {
	if !access.May(who, access.PublishProcess) {
		return denied()
	}
	p, today, err := a.processProcedure(in.ProcessKey)
	if err != nil {
		return err
	}
	if in.From.IsZero() {
		in.From = today
	}
	d := in.Decision.decision(procedure.AboutProcesses)
	var when error
	if in.From.Before(today) {
		when = fault.Field("from", "process.valid_past", fault.Args{"date": in.From.Show()})
	}
	if err := joinErrors(d.Check(today), when); err != nil {
		return err
	}
	root := store.ProcessRoot(in.ID())
	w := store.Write{Actor: by(who), Action: in.ActionID, Body: in, Roots: []store.Root{root, store.DecisionRoot(d.ID)}}
	_, err = store.Do(ctx, a.store, w, func(v *store.View) (bool, error) {
		r, _ := store.Load[process.Record](v, root)
		last, ok := r.Latest()
		if !ok || r.Ended != nil {
			return false, fault.New(fault.Conflict, "process.not_in_force", nil)
		}
		end := process.Ending{From: in.From, Decision: approval(d)}
		if _, err := store.Record[process.Record](v, root, process.EventEnded, 1, d.No, end); err != nil {
			return false, err
		}
		return true, decide(v, d, []procedure.AnnexLine{{
			What: procedure.AnnexProcess, Effect: procedure.Closed, Code: in.Procedure, Case: in.Case, Name: p.Name, Version: last.Template.Version, From: in.From,
		}})
	})
	if err != nil {
		return err
	}
	return a.Reload(ctx)
}
