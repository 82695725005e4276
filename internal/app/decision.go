package app

import (
	"context"

	"github.com/motcua/motcua/internal/core/access"
	"github.com/motcua/motcua/internal/core/civil"
	"github.com/motcua/motcua/internal/core/fault"
	"github.com/motcua/motcua/internal/core/procedure"
	"github.com/motcua/motcua/internal/core/process"
	"github.com/motcua/motcua/internal/core/textfold"
	"github.com/motcua/motcua/internal/store"
)

// DecisionForm describes a decision as its paper does.
type DecisionForm struct {
	No     string
	On     civil.Date
	Signer string
	Title  string
	Issuer string
	Kind   procedure.DecisionKind // empty = by what it is used for
	Basis  procedure.DecisionBasis
	About  string
}

// decision is the form in the form in which it is kept.
func (f DecisionForm) decision(usual procedure.DecisionKind) procedure.Decision {
	d := procedure.Decision{
		No: textfold.Clean(f.No), On: f.On, Signer: textfold.Clean(f.Signer), Title: textfold.Clean(f.Title), Issuer: textfold.Clean(f.Issuer),
		Kind: f.Kind, Basis: f.Basis, About: textfold.Clean(f.About),
	}
	if d.Kind == "" {
		d.Kind = usual
	}
	if d.Basis == "" {
		d.Basis = procedure.OwnBasis
	}
	d.ID = procedure.DecisionID(d.No, d.On)
	return d
}

// approval is the decision as what it approved cites it.
func approval(d procedure.Decision) process.Approval {
	return process.Approval{ID: d.ID, No: d.No, On: d.On, Signer: d.Signer}
}

// DecisionPage lists decisions.
type DecisionPage struct {
	Rows []procedure.Decision
	Next string
}

// Decisions lists decisions with what each opened, changed and closed (A11),
// those signed last first. They are public acts, so every officer may read them.
func (a *App) Decisions(ctx context.Context, who access.Actor, cursor string) (DecisionPage, error) {
	if !who.SignedIn() {
		return DecisionPage{}, denied()
	}
	after, err := store.ParseCursor(cursor)
	if err != nil {
		return DecisionPage{}, err
	}
	rows, next, err := a.store.Decisions(ctx, after, pageSize)
	return DecisionPage{rows, next.String()}, err
}

// Decision opens one decision by its id.
func (a *App) Decision(ctx context.Context, who access.Actor, id string) (procedure.Decision, error) {
	if !who.SignedIn() {
		return procedure.Decision{}, denied()
	}
	return a.PublishedDecision(ctx, id)
}

// decide records the decision, unless the same paper is recorded already, and
// adds lines to its annex. It fails with fault.Conflict when the number and day
// belong to a paper that somebody else signed.
func decide(v *store.View, d procedure.Decision, lines []procedure.AnnexLine) error {
	root := store.DecisionRoot(d.ID)
	have, known := store.Load[procedure.Decision](v, root)
	if known && !have.Same(d) {
		return fault.New(fault.Conflict, "procedure.decision_differs", fault.Args{"no": have.No, "signer": have.Signer})
	}
	if !known {
		actor := v.Actor()
		d.By, d.ByName, d.At = actor.Principal, actor.Name, v.Now()
		if _, err := store.Record[procedure.Decision](v, root, procedure.EventDecided, 1, d.No, d); err != nil {
			return err
		}
	}
	if len(lines) == 0 {
		return nil
	}
	_, err := store.Record[procedure.Decision](v, root, procedure.EventApplied, 1, d.No, lines)
	return err
}
