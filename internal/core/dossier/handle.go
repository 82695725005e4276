package dossier

import (
	"strings"

	"github.com/motcua/motcua/internal/core/fault"
)

// The outcomes that a handler can propose.
const (
	OutcomeApprove = "approve"
	OutcomeRefuse  = "refuse"
)

// decidePropose puts the handler's outcome before the leader (NĐ 61/2018 art
// 19.2).
func decidePropose(d Dossier, ctx Context, in Input, t Transition, task Task) (Change, error) {
	outcome := in.Outcome
	if outcome == "" {
		outcome = OutcomeApprove
	}
	if outcome != OutcomeApprove && outcome != OutcomeRefuse {
		return Change{}, fault.Field("outcome", "dossier.outcome_unknown", nil)
	}
	if outcome == OutcomeRefuse && strings.TrimSpace(in.Reason) == "" {
		return Change{}, fault.Field("reason", "dossier.reason_missing", nil)
	}
	if _, open := d.OpenHandoverTo(task.Unit); open {
		return Change{}, fault.New(fault.Conflict, "dossier.handover_first", nil)
	}
	c := Change{Proposal: &Proposal{Outcome: outcome, By: ctx.Actor.ID, ByName: ctx.Actor.Name, At: ctx.Now}}
	return ctx.complete(d, c, task, outcome)
}

// decideSendBack returns the dossier to whoever proposed, with a reason (trả về
// bước trước).
func decideSendBack(d Dossier, ctx Context, in Input, t Transition, task Task) (Change, error) {
	return ctx.back(d, Change{}, task, "")
}

// decideApprove approves the result. Whoever received or proposed does not
// approve (separation of duties, invariant I-19).
func decideApprove(d Dossier, ctx Context, in Input, t Transition, task Task) (Change, error) {
	if err := separate(d, ctx); err != nil {
		return Change{}, err
	}
	if d.Proposal != nil && d.Proposal.Outcome == OutcomeRefuse {
		return Change{}, fault.New(fault.Conflict, "dossier.proposal_refuses", nil)
	}
	return approve(d, ctx, in, task, false)
}

// decideRefuse refuses the request after examination. The refusal letter is the
// result and goes the same way (NĐ 61/2018 art 19.8).
func decideRefuse(d Dossier, ctx Context, in Input, t Transition, task Task) (Change, error) {
	if err := separate(d, ctx); err != nil {
		return Change{}, err
	}
	return approve(d, ctx, in, task, true)
}

func approve(d Dossier, ctx Context, in Input, task Task, refusal bool) (Change, error) {
	title := strings.TrimSpace(in.Title)
	if title == "" {
		title = d.Procedure.Name
	}
	now := ctx.Now
	c := Change{Result: &Result{Title: title, Refusal: refusal, ApprovedBy: ctx.Actor.Name, ApprovedAt: &now}}
	outcome := OutcomeApprove
	if refusal {
		outcome = OutcomeRefuse
	}
	return ctx.complete(d, c, task, outcome)
}

func separate(d Dossier, ctx Context) error {
	if d.Officer == ctx.Actor.ID || d.Proposal != nil && d.Proposal.By == ctx.Actor.ID {
		return fault.New(fault.Forbidden, "dossier.same_person", nil)
	}
	return nil
}

// decideNumber gives the result the next number of the agency's register. It is
// a step of its own: approval, number, signature and issue are separate acts.
func decideNumber(d Dossier, ctx Context, in Input, t Transition, task Task) (Change, error) {
	if d.Result == nil {
		return Change{}, fault.New(fault.Conflict, "dossier.no_result", nil)
	}
	if d.Result.Number != "" {
		return Change{}, fault.New(fault.Conflict, "dossier.numbered_already", fault.Args{"number": d.Result.Number})
	}
	r := *d.Result
	r.Number = ctx.ResultNo()
	return ctx.own(d, Change{Result: &r}, task, TaskNumber)
}

// decideSign records the leader's signature on the numbered result.
func decideSign(d Dossier, ctx Context, in Input, t Transition, task Task) (Change, error) {
	if d.Result == nil || d.Result.Number == "" {
		return Change{}, fault.New(fault.Conflict, "dossier.not_numbered", nil)
	}
	if d.Result.SignedAt != nil {
		return Change{}, fault.New(fault.Conflict, "dossier.signed_already", nil)
	}
	now := ctx.Now
	r := *d.Result
	r.SignedBy, r.SignedAt = ctx.Actor.Name, &now
	return ctx.own(d, Change{Result: &r}, task, TaskSign)
}

// decideIssue issues the numbered result with its file and opens the hand-over
// to the centre.
func decideIssue(d Dossier, ctx Context, in Input, t Transition, task Task) (Change, error) {
	if d.Result == nil || d.Result.Number == "" {
		return Change{}, fault.New(fault.Conflict, "dossier.not_numbered", nil)
	}
	if len(in.Files) == 0 {
		return Change{}, fault.Field("files", "dossier.result_file_missing", nil)
	}
	now := ctx.Now
	r := *d.Result
	r.Files, r.IssuedAt = in.Files, &now
	return ctx.complete(d, Change{Result: &r}, task, "")
}

// own completes the task when the act is a step of its own in the process; in
// an issue task it is one of several things to do there.
func (ctx Context) own(d Dossier, c Change, task Task, kind TaskKind) (Change, error) {
	if task.Kind != kind {
		return c, nil
	}
	return ctx.complete(d, c, task, "")
}

// decideHandOver sends the result to the centre, where return opens. The work
// ends only when the centre confirms it.
func decideHandOver(d Dossier, ctx Context, in Input, t Transition, task Task) (Change, error) {
	return ctx.complete(d, Change{}, task, "")
}
