package dossier

import (
	"slices"

	"github.com/motcua/motcua/internal/core/fault"
)

// decideWithdraw records the applicant's wish to take the dossier back. It is
// possible until the work has ended.
func decideWithdraw(d Dossier, ctx Context, in Input, t Transition, task Task) (Change, error) {
	c := Change{}
	if d.Received() {
		now := ctx.Now
		c.Finished = &now
	}
	return ctx.abandon(d, c)
}

// decideStop ends the handling by notice (Mẫu 05 of TT 03/2025). Only a
// recorded decision resumes it.
func decideStop(d Dossier, ctx Context, in Input, t Transition, task Task) (Change, error) {
	return ctx.park(d), nil
}

// park ends the work of a dossier that is stopped. The process stays where it
// stands, so that it can be taken up again there.
func (ctx Context) park(d Dossier) Change {
	now := ctx.Now
	return ctx.lapse(d, Change{Closed: openIDs(d), Finished: &now})
}

// decideResume takes a stopped dossier up again by decision. The time between
// is a stop in the ledger, so the promise moves by it.
func decideResume(d Dossier, ctx Context, in Input, t Transition, task Task) (Change, error) {
	return ctx.renew(d, Change{Unfinish: true})
}

// decideOblige tells the applicant of a financial obligation; the clock waits
// for it. Before reception it is the fee of procedures that are paid first.
func decideOblige(d Dossier, ctx Context, in Input, t Transition, task Task) (Change, error) {
	if in.Amount < 0 {
		return Change{}, fault.Field("amount", "dossier.amount_negative", nil)
	}
	return Change{Owed: []Obligation{{ToldAt: ctx.Now, By: ctx.Actor.ID, Amount: in.Amount, Document: in.Document}}}, nil
}

// decideFulfil records the proof of payment and lets the clock run again. Where
// the procedure has a second phase (giai đoạn 2), the papers are received a
// second time: a new limit counts from now, with an appointment of its own.
func decideFulfil(d Dossier, ctx Context, in Input, t Transition, task Task) (Change, error) {
	o, ok := d.OpenObligation()
	if !ok {
		return Change{}, fault.New(fault.Conflict, "dossier.no_obligation", nil)
	}
	if in.Second && (ctx.Second == nil || !d.Received()) {
		return Change{}, fault.Field("second", "dossier.no_second_phase", nil)
	}
	c := Change{Paid: &Paid{At: ctx.Now, Wait: o.Wait, Proof: in.Document}}
	if in.Second {
		var err error
		if c, err = ctx.secondPhase(d, c, o); err != nil {
			return c, err
		}
	}
	if o.Wait != "" {
		return ctx.resumeWait(d, c, o.Wait, "paid")
	}
	return c, nil
}

// secondPhase puts the phase that is over aside and begins the next one.
func (ctx Context) secondPhase(d Dossier, c Change, o Obligation) (Change, error) {
	old := d.Deadline
	next := d
	next.Deadline.Limit, next.Deadline.Since, next.Deadline.Stops = *ctx.Second, ctx.Now, nil
	next.Deadline.Waits = ""
	next.Deadline.Earlier = append(slices.Clone(old.Earlier), Phased{
		Limit: old.Limit, StartAt: old.StartAt, DueOn: old.DueOn, DueAt: old.DueAt, EndedAt: o.ToldAt, Stops: old.Stops,
	})
	dl, err := ctx.promise(next)
	p := d.nextPrint("receipt", ctx)
	c.Deadline, c.Print = &dl, &p
	return c, err
}
