package dossier

import (
	"strings"

	"github.com/motcua/motcua/internal/core/fault"
)

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
	number, entry := ctx.ResultNo()
	r.Number = number
	if entry.Unit != "" {
		r.Entry = &entry
	}
	return ctx.own(d, Change{Result: &r}, task, TaskNumber)
}

// decideSign records the leader's signature on the result. Where signing is no
// step of its own, the number comes first.
func decideSign(d Dossier, ctx Context, in Input, t Transition, task Task) (Change, error) {
	switch {
	case d.Result == nil:
		return Change{}, fault.New(fault.Conflict, "dossier.no_result", nil)
	case d.Result.Number == "" && task.Kind == TaskIssue:
		return Change{}, fault.New(fault.Conflict, "dossier.not_numbered", nil)
	case d.Result.SignedAt != nil:
		return Change{}, fault.New(fault.Conflict, "dossier.signed_already", nil)
	case d.Result.Documented() && in.Signed == nil:
		return Change{}, fault.New(fault.Conflict, "dossier.signature_missing", nil)
	}
	now := ctx.Now
	r := *d.Result
	r.SignedBy, r.SignedFor, r.SignedAt = ctx.Actor.Name, ctx.Actor.ForName, &now
	r.Authority, r.Post, r.Signed = in.Authority, in.Post, in.Signed
	return ctx.own(d, Change{Result: &r}, task, TaskSign)
}

// Documented reports whether the program makes and signs the document itself: it
// was drafted and has its number, which nothing may change after the signature. A
// process that signs before it numbers issues a file as it did before.
func (r Result) Documented() bool { return r.Draft != nil && r.Number != "" }

// decideStamp puts the seal of the unit on the signed document (NĐ 30/2020/NĐ-CP
// art 33: after the signature of the competent person).
func decideStamp(d Dossier, ctx Context, in Input, t Transition, task Task) (Change, error) {
	switch {
	case d.Result == nil || d.Result.Signed == nil:
		return Change{}, fault.New(fault.Conflict, "dossier.no_signed_document", nil)
	case d.Result.StampedAt != nil:
		return Change{}, fault.New(fault.Conflict, "dossier.stamped_already", nil)
	case in.Signed == nil:
		return Change{}, fault.New(fault.Conflict, "dossier.signature_missing", nil)
	}
	now := ctx.Now
	r := *d.Result
	r.StampedBy, r.StampedAt, r.Signed = ctx.Actor.Name, &now, in.Signed
	return Change{Result: &r}, nil
}

// decideIssue issues the numbered and signed result with its file, or at the
// counter the result that was decided on the spot.
func decideIssue(d Dossier, ctx Context, in Input, t Transition, task Task) (Change, error) {
	if task.Kind == TaskReceive {
		return ctx.issueAtOnce(d, in, task)
	}
	switch {
	case d.Result == nil || d.Result.Number == "":
		return Change{}, fault.New(fault.Conflict, "dossier.not_numbered", nil)
	case d.Result.SignedAt == nil:
		return Change{}, fault.New(fault.Conflict, "dossier.not_signed", nil)
	case d.Result.Signed != nil && d.Result.StampedAt == nil:
		return Change{}, fault.New(fault.Conflict, "dossier.not_stamped", nil)
	case d.Result.Signed == nil && len(in.Files) == 0:
		return Change{}, fault.Field("files", "dossier.result_file_missing", nil)
	}
	now := ctx.Now
	r := *d.Result
	r.Files, r.IssuedAt, r.Signatures = in.Files, &now, in.Signatures
	if r.Signed != nil {
		r.Files = append([]File{*r.Signed}, in.Files...)
	}
	return ctx.complete(d, Change{Result: &r}, task, "")
}

// issueAtOnce is the decision of an officer who is delegated to decide at the
// counter (NĐ 61/2018 art 17.4, 17.5): the process goes from reception straight
// to the return, at the same unit.
func (ctx Context) issueAtOnce(d Dossier, in Input, task Task) (Change, error) {
	now := ctx.Now
	title := strings.TrimSpace(in.Title)
	if title == "" {
		title = d.Procedure.Name
	}
	o := d.Opening
	o.AtOnce = true
	c := Change{Opening: &o, Finished: &now, Result: &Result{
		Title: title, ApprovedBy: ctx.Actor.Name, ApprovedFor: ctx.Actor.ForName, ApprovedAt: &now, IssuedAt: &now, Files: in.Files, Exception: exceptAtOnce,
	}}
	return ctx.completeAtOnce(d, c, task)
}

// completeAtOnce ends a reception whose result is there already.
func (ctx Context) completeAtOnce(d Dossier, c Change, task Task) (Change, error) {
	first := len(c.Opened)
	c, err := ctx.complete(d, c, task, OutcomeApprove)
	if err != nil {
		return c, err
	}
	if opened := c.Opened[first:]; len(opened) != 1 || opened[0].Kind != TaskReturn || opened[0].Unit != task.Unit {
		return c, fault.New(fault.Conflict, "dossier.not_at_once", nil)
	}
	return c, nil
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
