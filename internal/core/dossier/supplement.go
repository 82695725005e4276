package dossier

import (
	"strings"
	"time"

	"github.com/motcua/motcua/internal/core/civil"
	"github.com/motcua/motcua/internal/core/fault"
)

// decideRequestSupplement asks the applicant for papers and stops the clock.
// The two kinds are counted apart: at reception, complete and once; at
// examination, within three working days of reception unless sector law says
// otherwise. Any further one of a kind needs a leader and a legal ground
// (invariant I-15).
func decideRequestSupplement(d Dossier, ctx Context, in Input, t Transition, task Task) (Change, error) {
	if len(in.Items) == 0 {
		return Change{}, fault.Field("items", "dossier.items_missing", nil)
	}
	atReception := d.Status == Accepted
	if err := furtherSupplement(d, in, atReception); err != nil {
		return Change{}, err
	}
	if !atReception && in.LegalGround == "" {
		late, err := supplementLate(d, ctx)
		if err != nil {
			return Change{}, err
		}
		if late {
			return Change{}, fault.Field("legalGround", "dossier.supplement_late", fault.Args{"days": ctx.ReceptionBy})
		}
	}
	c := Change{Asked: &Supplement{AtReception: atReception, Items: in.Items, AskedAt: ctx.Now, By: ctx.Actor.Name, Leader: in.Leader}}
	dl, err := ctx.stopClock(d, civil.StopSupplement, in)
	if err != nil {
		return Change{}, err
	}
	c.Deadline = &dl
	return c, nil
}

func furtherSupplement(d Dossier, in Input, atReception bool) error {
	n := 0
	for _, s := range d.Supplements {
		if s.AtReception == atReception {
			n++
		}
	}
	if n == 0 {
		return nil
	}
	var leader, ground *fault.Fault
	if strings.TrimSpace(in.Leader) == "" {
		leader = fault.Field("leader", "dossier.further_supplement", fault.Args{"n": n})
	}
	if strings.TrimSpace(in.LegalGround) == "" {
		ground = fault.Field("legalGround", "dossier.ground_missing", nil)
	}
	return fault.Join(leader, ground)
}

func supplementLate(d Dossier, ctx Context) (bool, error) {
	if ctx.ReceptionBy <= 0 {
		return false, nil
	}
	last, err := ctx.Calendar.AddWorkingDays(civil.DateOf(d.Deadline.StartAt), ctx.ReceptionBy)
	if err != nil {
		return false, err
	}
	return civil.DateOf(ctx.Now).After(last), nil
}

// decideSupply records that the applicant answered. The clock starts again or
// goes on, by the rule set of the dossier.
func decideSupply(d Dossier, ctx Context, in Input, t Transition, task Task) (Change, error) {
	s, ok := d.OpenSupplement()
	if !ok {
		return Change{}, fault.New(fault.Conflict, "dossier.no_supplement", nil)
	}
	if !d.Received() {
		return Change{}, fault.New(fault.Conflict, "dossier.accept_instead", nil)
	}
	at := in.SuppliedAt
	if at.IsZero() {
		at = ctx.Now
	}
	if at.Before(s.AskedAt) || at.After(ctx.Now) {
		return Change{}, fault.Field("suppliedAt", "dossier.supplied_when", nil)
	}
	c := Change{Supplied: &SupplyState{At: at}, Papers: in.Papers, Status: Processing}
	if s.AtReception {
		c.Status = Accepted
	}
	dl, err := ctx.resumeClock(d, at)
	if err != nil {
		return Change{}, err
	}
	c.Deadline = &dl
	return c, nil
}

// stopClock opens a stop in the ledger. The promise stays as it is until the
// clock runs again: a waiting dossier has no later promise yet.
func (ctx Context) stopClock(d Dossier, kind civil.StopKind, in Input) (Deadline, error) {
	dl := d.Deadline
	for _, s := range dl.Stops {
		if s.ToAt.IsZero() {
			return dl, fault.New(fault.Conflict, "dossier.clock_stopped", nil)
		}
	}
	stops := append([]civil.Stop(nil), dl.Stops...)
	dl.Stops = append(stops, civil.Stop{FromAt: ctx.Now, Kind: kind, Ground: in.LegalGround, Document: in.Document})
	return dl, nil
}

// resumeClock closes the open stop and computes the new promise.
func (ctx Context) resumeClock(d Dossier, at time.Time) (Deadline, error) {
	dl := d.Deadline
	stops := append([]civil.Stop(nil), dl.Stops...)
	n := len(stops)
	if n == 0 || !stops[n-1].ToAt.IsZero() {
		return dl, fault.New(fault.Conflict, "dossier.clock_runs", nil)
	}
	stops[n-1].ToAt = at
	dl.Stops = stops
	return ctx.due(dl, civil.DueInput{ReceivedAt: d.ReceivedAt})
}
