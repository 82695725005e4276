package app

import (
	"context"
	"slices"

	"github.com/motcua/motcua/internal/core/access"
	"github.com/motcua/motcua/internal/core/dossier"
	"github.com/motcua/motcua/internal/core/fault"
)

// BulkActs are the acts that can be done to many dossiers in one press: those
// that ask for nothing that differs from dossier to dossier.
func BulkActs() []dossier.Act {
	return []dossier.Act{dossier.Forward, dossier.ReceiveHandover, dossier.Claim, dossier.HandOver, dossier.Assign}
}

// mostBulk is how many dossiers one press can be about.
const mostBulk = 200

// BulkInput is one act on several dossiers, each with the version that was seen.
type BulkInput struct {
	ActionID string
	Act      dossier.Act
	Staff    string // assign: to whom, or ByLoad
	Reason   string
	For      string // sign: see ActInput
	Block    string // sign: see ActInput
	Items    []BulkItem
}

// BulkItem is one dossier of a batch.
type BulkItem struct {
	Code    string
	Version int64
}

// BulkOutcome is what became of one dossier of a batch.
type BulkOutcome struct {
	Code   string
	Holder string       // assign: who has it now
	Fault  *fault.Fault // why not; nil = done
}

// Bulk carries out one act on several dossiers. Each is an act of its own, with
// an id derived from the batch's, so that a batch that is sent again does nothing
// twice; one that cannot be done leaves the others standing, and every one has
// its outcome, in the order given.
func (a *App) Bulk(ctx context.Context, who access.Actor, in BulkInput) ([]BulkOutcome, error) {
	switch {
	case !slices.Contains(BulkActs(), in.Act):
		return nil, fault.Field("act", "inbox.bulk_act", nil)
	case len(in.Items) == 0:
		return nil, fault.Field("items", "inbox.bulk_none", nil)
	case len(in.Items) > mostBulk:
		return nil, fault.Field("items", "inbox.bulk_many", fault.Args{"most": mostBulk})
	case in.Act == dossier.Assign && in.Staff == "":
		return nil, fault.Field("staff", "dossier.staff_missing", nil)
	}
	out := make([]BulkOutcome, 0, len(in.Items))
	for _, item := range in.Items {
		d, err := a.Act(ctx, who, ActInput{
			ActionID: in.ActionID + "/" + item.Code, Code: item.Code,
			Input: dossier.Input{Act: in.Act, Version: item.Version, Staff: in.Staff, Reason: in.Reason},
		})
		o := BulkOutcome{Code: item.Code, Fault: fault.As(err)}
		if err != nil && o.Fault == nil {
			return out, err
		}
		if in.Act == dossier.Assign && err == nil {
			if i := slices.IndexFunc(d.Tasks, func(t dossier.Task) bool { return t.Unit == who.Unit && t.Holder != "" }); i >= 0 {
				o.Holder = d.Tasks[i].HolderName
			}
		}
		out = append(out, o)
	}
	return out, nil
}

// bulkOf are the acts of a batch that the actor can do with a dossier now.
func (a *App) bulkOf(d dossier.Dossier, who access.Actor) []dossier.Act {
	var acts []dossier.Act
	for _, o := range a.offers(d, who) {
		if slices.Contains(BulkActs(), o.Act) && !slices.Contains(acts, o.Act) {
			acts = append(acts, o.Act)
		}
	}
	return acts
}
