package dossier

import (
	"slices"
	"strings"

	"github.com/motcua/motcua/internal/core/fault"
	"github.com/motcua/motcua/internal/core/process"
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
	if task.Kind == TaskVerify && !slices.ContainsFunc(d.Records, func(r Record) bool { return r.Task == task.ID }) {
		return Change{}, fault.New(fault.Conflict, "dossier.record_first", nil)
	}
	c := Change{Proposal: &Proposal{
		Outcome: outcome, By: ctx.Actor.ID, Behalf: ctx.Actor.OnBehalf, ByName: ctx.Actor.Name, At: ctx.Now, Draft: d.drafted(ctx, in, outcome),
	}}
	return ctx.complete(d, c, task, outcome)
}

// decideSendBack returns the work to an earlier step of the same part, to
// whoever did it there, with a reason (trả về bước trước). A result that was
// approved is made anew when the work goes back behind the approval.
func decideSendBack(d Dossier, ctx Context, in Input, t Transition, task Task) (Change, error) {
	c, err := ctx.back(d, Change{}, task, in.Step)
	if err != nil {
		return c, err
	}
	for _, opened := range c.Opened {
		switch opened.Kind {
		case TaskNumber, TaskSign, TaskIssue:
		default:
			c.Recalled = c.Recalled || d.Result != nil
		}
	}
	return c, nil
}

// decideApprove approves the result. Whoever received, examined or proposed
// does not approve (separation of duties, invariant I-19).
func decideApprove(d Dossier, ctx Context, in Input, t Transition, task Task) (Change, error) {
	if d.Proposal != nil && d.Proposal.Outcome == OutcomeRefuse {
		return Change{}, fault.New(fault.Conflict, "dossier.proposal_refuses", nil)
	}
	return approve(d, ctx, in, task, false)
}

// decideRefuse refuses the request after examination. The refusal letter is the
// result and goes the same way (NĐ 61/2018 art 19.8).
func decideRefuse(d Dossier, ctx Context, in Input, t Transition, task Task) (Change, error) {
	return approve(d, ctx, in, task, true)
}

func approve(d Dossier, ctx Context, in Input, task Task, refusal bool) (Change, error) {
	exception, err := separate(d, ctx)
	if err != nil {
		return Change{}, err
	}
	if exception == "" && d.Result != nil {
		exception = d.Result.Exception // of an approval before this one
	}
	title := strings.TrimSpace(in.Title)
	if f := tooLong("title", title, 1000); f != nil {
		return Change{}, f
	}
	if title == "" {
		title = d.Procedure.Name
	}
	now := ctx.Now
	c := Change{Result: &Result{
		Title: title, Refusal: refusal, ApprovedBy: ctx.Actor.Name, ApprovedFor: ctx.Actor.ForName, ApprovedAt: &now, Exception: exception,
	}}
	outcome := OutcomeApprove
	if refusal {
		outcome = OutcomeRefuse
	}
	if d.Proposal != nil && d.Proposal.Outcome == outcome {
		c.Result.Draft = d.Proposal.Draft
	}
	return ctx.complete(d, c, task, outcome)
}

// drafted is the document that goes with a proposal. Whoever proposes the same
// outcome after another, without a document of his own, hands on the other's.
func (d Dossier) drafted(ctx Context, in Input, outcome string) *Draft {
	if in.Draft == nil {
		if d.Proposal != nil && d.Proposal.Outcome == outcome {
			return d.Proposal.Draft
		}
		return nil
	}
	draft := *in.Draft
	if in.DraftText != nil {
		draft.Text = ctx.Seal(in.DraftText)
	}
	return &draft
}

// The exceptions to the separation of duties.
const (
	exceptAtOnce    = "at-once"    // decided on the spot by delegation
	exceptSmallUnit = "small-unit" // a listed unit without enough people
)

// separate refuses an approval by somebody who received, examined or proposed
// the dossier, in his own right or by delegation. Where an exception allows it,
// it says which.
func separate(d Dossier, ctx Context) (exception string, err error) {
	for _, maker := range d.makers() {
		if !ctx.Actor.Stands(maker) {
			continue
		}
		switch {
		case d.AtOnce:
			return exceptAtOnce, nil
		case ctx.SmallUnit:
			return exceptSmallUnit, nil
		}
		return "", fault.New(fault.Forbidden, "dossier.same_person", nil)
	}
	return "", nil
}

// MayHold reports whether an officer can be given a task without breaking the
// separation of duties: who received, examined or proposed does not approve.
func (d Dossier) MayHold(t Task, staff string) bool {
	return t.Kind != TaskApprove || staff == "" || !slices.Contains(d.makers(), staff)
}

// makers lists who received, examined or proposed the dossier: the hand that did
// it and, where it was done by delegation, the person for whom it was done. What
// is done in somebody's name is his as well, so he does not approve it either.
func (d Dossier) makers() []string {
	all := []string{d.Officer}
	if d.Proposal != nil {
		all = append(all, d.Proposal.By, d.Proposal.Behalf)
	}
	for _, t := range d.Done {
		if t.Ended == process.ByDone && (t.Kind == TaskReceive || t.Kind.in(examining)) {
			all = append(all, t.Holder, t.Behalf)
		}
	}
	return all
}
