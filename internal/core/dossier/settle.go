package dossier

import (
	"encoding/json"
	"slices"

	"github.com/motcua/motcua/internal/core/fault"
)

// decideCollectFee marks the assessed fee as collected with its receipt number
// (số biên lai).
func decideCollectFee(d Dossier, ctx Context, in Input, t Transition, task Task) (Change, error) {
	if d.Fee.Total == 0 {
		return Change{}, fault.New(fault.Conflict, "dossier.fee_none", nil)
	}
	f, err := ctx.settle(d.Fee, Payment{Receipt: in.Receipt, Method: in.Method})
	if err != nil {
		return Change{}, err
	}
	return Change{Fee: &f}, nil
}

// decideExemptFee frees the applicant from the fee on a legal ground (Luật
// 97/2015/QH13 art 10).
func decideExemptFee(d Dossier, ctx Context, in Input, t Transition, task Task) (Change, error) {
	if d.Fee.Total == 0 {
		return Change{}, fault.New(fault.Conflict, "dossier.fee_none", nil)
	}
	f, err := ctx.settle(d.Fee, Payment{Ground: in.LegalGround, Document: in.Document})
	if err != nil {
		return Change{}, err
	}
	return Change{Fee: &f}, nil
}

// decideCorrect changes what a printed slip says, under the same code; the old
// print is void. Code, time of reception and promise never change this way.
func decideCorrect(d Dossier, ctx Context, in Input, t Transition, task Task) (Change, error) {
	if !d.Received() {
		return Change{}, fault.New(fault.Conflict, "dossier.not_received", nil)
	}
	c := Change{Sets: in.Sets}
	if in.Papers != nil {
		if err := checkPapers(Beginning{Papers: in.Papers, Sets: in.Sets}, false); err != nil {
			return Change{}, err
		}
		c.Papers = in.Papers
	}
	if in.Private != nil {
		private, err := json.Marshal(*in.Private)
		if err != nil {
			return Change{}, err
		}
		c.Private = ctx.Seal(private)
	}
	if c.Papers == nil && c.Private == nil && c.Sets == 0 {
		return Change{}, fault.New(fault.Invalid, "dossier.nothing_corrected", nil)
	}
	return c, nil
}

// decideReceiveLate is the leader's confirmation of a late entry (tiếp nhận bù).
func decideReceiveLate(d Dossier, ctx Context, in Input, t Transition, task Task) (Change, error) {
	if d.Late == nil {
		return Change{}, fault.New(fault.Conflict, "dossier.not_late", nil)
	}
	if d.Late.ConfirmedAt != nil {
		return Change{}, fault.New(fault.Conflict, "dossier.late_confirmed_already", nil)
	}
	now := ctx.Now
	late := *d.Late
	late.ConfirmedBy, late.ConfirmedAt = ctx.Actor.Name, &now
	return Change{Late: &late}, nil
}

// decideAttachPaper adds scans to one paper of the dossier (số hóa).
func decideAttachPaper(d Dossier, ctx Context, in Input, t Transition, task Task) (Change, error) {
	i := slices.IndexFunc(d.Papers, func(p Paper) bool { return p.ID == in.Paper })
	if i < 0 {
		return Change{}, fault.Field("paper", "dossier.paper_unknown", fault.Args{"paper": in.Paper})
	}
	if len(in.Files) == 0 {
		return Change{}, fault.Field("files", "dossier.file_missing", nil)
	}
	papers := slices.Clone(d.Papers)
	papers[i].Files = append(slices.Clone(papers[i].Files), in.Files...)
	return Change{Papers: papers}, nil
}
