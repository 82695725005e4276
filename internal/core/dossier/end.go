package dossier

import (
	"github.com/motcua/motcua/internal/core/civil"
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
	if !d.Received() {
		return Change{}, fault.New(fault.Conflict, "dossier.not_received", nil)
	}
	now := ctx.Now
	// The process stays where it stands, so that it can be taken up again.
	return Change{Closed: openIDs(d), Finished: &now}, nil
}

// decideResume takes a stopped dossier up again by decision. The time between
// is a stop in the ledger, so the promise moves by it.
func decideResume(d Dossier, ctx Context, in Input, t Transition, task Task) (Change, error) {
	dl := d.Deadline
	stops := append([]civil.Stop(nil), dl.Stops...)
	if n := len(stops); n > 0 && stops[n-1].ToAt.IsZero() {
		stops[n-1].ToAt = ctx.Now
	} else {
		stops = append(stops, civil.Stop{FromAt: d.StatusAt, ToAt: ctx.Now, Kind: civil.StopSuspension, Ground: in.LegalGround, Document: in.Document})
	}
	dl.Stops = stops
	dl, err := ctx.due(dl, civil.DueInput{ReceivedAt: d.ReceivedAt})
	if err != nil {
		return Change{}, err
	}
	return ctx.renew(d, Change{Deadline: &dl, Unfinish: true})
}

// decideOblige tells the applicant of a financial obligation; the clock waits
// for it.
func decideOblige(d Dossier, ctx Context, in Input, t Transition, task Task) (Change, error) {
	dl, err := ctx.stopClock(d, civil.StopObligation, in)
	if err != nil {
		return Change{}, err
	}
	return Change{Deadline: &dl}, nil
}

// decideFulfil records the proof of payment and lets the clock run again.
func decideFulfil(d Dossier, ctx Context, in Input, t Transition, task Task) (Change, error) {
	dl, err := ctx.resumeClock(d, ctx.Now)
	if err != nil {
		return Change{}, err
	}
	return Change{Deadline: &dl}, nil
}
