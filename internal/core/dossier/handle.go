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
	if h, ok := d.OpenHandover(); ok && h.To == task.Unit {
		return Change{}, fault.New(fault.Conflict, "dossier.handover_first", nil)
	}
	c, err := ctx.after(task, TaskApprove)
	if err != nil {
		return Change{}, err
	}
	c.Proposal = &Proposal{Outcome: outcome, By: ctx.Actor.ID, ByName: ctx.Actor.Name, At: ctx.Now}
	return c, nil
}

// decideSendBack returns the dossier to whoever proposed, with a reason (trả về
// bước trước).
func decideSendBack(d Dossier, ctx Context, in Input, t Transition, task Task) (Change, error) {
	c, err := ctx.after(task, TaskHandle)
	if err != nil {
		return Change{}, err
	}
	if d.Proposal != nil {
		c.Opened[0].Holder, c.Opened[0].HolderName = d.Proposal.By, d.Proposal.ByName
	}
	return c, nil
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
	c, err := ctx.after(task, TaskIssue)
	if err != nil {
		return Change{}, err
	}
	title := strings.TrimSpace(in.Title)
	if title == "" {
		title = d.Procedure.Name
	}
	now := ctx.Now
	c.Result = &Result{Title: title, Refusal: refusal, ApprovedBy: ctx.Actor.Name, ApprovedAt: &now}
	return c, nil
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
	return Change{Result: &r}, nil
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
	return Change{Result: &r}, nil
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
	c, err := ctx.after(task, TaskHandOver)
	if err != nil {
		return Change{}, err
	}
	now := ctx.Now
	r := *d.Result
	r.Files, r.IssuedAt = in.Files, &now
	c.Result = &r
	if d.ReturnChannel == ReturnElectronic {
		c.Finished = &now // electronic results end the work when issued
	}
	return c, nil
}

// decideHandOver sends the result to the centre, where return opens. The work
// ends only when the centre confirms it.
func decideHandOver(d Dossier, ctx Context, in Input, t Transition, task Task) (Change, error) {
	c, err := ctx.after(task, TaskReturn)
	if err != nil {
		return Change{}, err
	}
	c.Handover = &Handover{
		ID: ctx.NewID(), From: task.Unit, FromName: task.UnitName, To: d.Unit, ToName: d.UnitName,
		Giver: ctx.Actor.Name, SentAt: ctx.Now, DueAt: d.Deadline.DueAt,
	}
	return c, nil
}
