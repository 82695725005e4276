package app

import (
	"context"
	"slices"

	"github.com/motcua/motcua/internal/core/access"
	"github.com/motcua/motcua/internal/core/fault"
	"github.com/motcua/motcua/internal/core/result"
	"github.com/motcua/motcua/internal/store"
)

// ProposeResultTemplate puts the next version of a template before a second
// person. A proposal that waits already is replaced by its own author only. It
// fails with fault.Invalid, field by field, for a text that could not be printed,
// and with fault.Conflict when somebody was faster or nothing changes.
func (a *App) ProposeResultTemplate(ctx context.Context, who access.Actor, f ResultTemplateForm) error {
	if _, err := a.ResultTemplate(ctx, who, f.Procedure, f.Outcome); err != nil {
		return err
	}
	t := f.template(who.Name)
	if err := t.Check(); err != nil {
		return err
	}
	if have := a.directory.Load().resultTemplate(t.Procedure, t.Outcome); have.Procedure == t.Procedure && have.Symbol == t.Symbol && have.Name == t.Name && have.Body == t.Body {
		return fault.New(fault.Conflict, "wording.nothing_changes", nil)
	}
	published, waits := store.ResultTemplateRoot(t.ID), store.TemplateProposalRoot(t.ID)
	w := store.Write{Actor: by(who), Action: f.ActionID, Body: f, Roots: []store.Root{published, waits}}
	_, err := store.Do(ctx, a.store, w, func(v *store.View) (int, error) {
		have, _ := store.Load[result.Template](v, published)
		if have.Version != f.Base {
			return 0, fault.New(fault.Conflict, "wording.changed_meanwhile", fault.Args{"seen": f.Base, "now": have.Version})
		}
		if p, _ := store.Load[result.Proposal](v, waits); p.Open() && p.ByID != who.ID {
			return 0, fault.New(fault.Conflict, "result.proposal_waits", fault.Args{"name": p.By})
		}
		_, err := store.Record[result.Proposal](v, waits, store.EventProposalRecorded, 1, t.Document, result.Proposal{Template: t, ByID: who.ID})
		return t.Version, err
	})
	return err
}

// SettleResultTemplate publishes what was proposed for a template, or withdraws
// it. Whoever proposed may withdraw and not publish. Drafts made from then on have
// the new text; what was drafted before stays as it is. It is fault.Conflict when
// nothing waits.
func (a *App) SettleResultTemplate(ctx context.Context, who access.Actor, actionID, code, outcome string, publish bool) error {
	if !access.May(who, access.ManageForm) {
		return denied()
	}
	if !slices.Contains(result.Outcomes(), outcome) {
		return fault.New(fault.NotFound, "result.outcome_unknown", nil)
	}
	id := result.TemplateID(code, outcome)
	published, waits := store.ResultTemplateRoot(id), store.TemplateProposalRoot(id)
	w := store.Write{Actor: by(who), Action: actionID, Body: []any{id, publish}, Roots: []store.Root{published, waits}}
	_, err := store.Do(ctx, a.store, w, func(v *store.View) (int, error) {
		p, _ := store.Load[result.Proposal](v, waits)
		have, _ := store.Load[result.Template](v, published)
		switch {
		case !p.Open():
			return 0, fault.New(fault.Conflict, "result.nothing_waits", nil)
		case publish && p.ByID == who.ID:
			return 0, fault.New(fault.Conflict, "result.second_person", nil)
		case publish && p.Version != have.Version+1:
			return 0, fault.New(fault.Conflict, "wording.changed_meanwhile", fault.Args{"seen": p.Version - 1, "now": have.Version})
		}
		if p.Settled = result.Withdrawn; publish {
			p.Settled = result.Published
			t := p.Template
			t.Approved = who.Name
			if _, err := store.Record[result.Template](v, published, store.EventTemplatePublished, 1, t.Document, t); err != nil {
				return 0, err
			}
		}
		_, err := store.Record[result.Proposal](v, waits, store.EventProposalRecorded, 1, p.Document, p)
		return p.Version, err
	})
	if err != nil || !publish {
		return err
	}
	return a.Reload(ctx)
}
