package dossier

import (
	"strings"

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
	by, err := ctx.answerBy(in.DueOn, ctx.AnswerWithin)
	if err != nil {
		return Change{}, err
	}
	return Change{Asked: []Supplement{{
		AtReception: atReception, Items: in.Items, AskedAt: ctx.Now, By: ctx.Actor.Name, Leader: in.Leader, Ground: in.LegalGround, DueAt: by,
	}}}, nil
}

func furtherSupplement(d Dossier, in Input, atReception bool) error {
	n := 0
	for _, s := range d.Supplements {
		if s.AtReception == atReception && s.Wait == "" {
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
	if in.Papers != nil {
		if err := checkPapers(Beginning{Papers: in.Papers}, false); err != nil {
			return Change{}, err
		}
	}
	c := Change{Supplied: &Supplied{At: at, Wait: s.Wait}, Papers: in.Papers}
	if s.AtReception {
		c.Status = Accepted
	}
	if s.Wait != "" {
		return ctx.resumeWait(d, c, s.Wait, "supplied")
	}
	return c, nil
}

// decideLapseSupplement goes on without what was asked for, once the time to
// answer is over: the agency then decides on what it has, mostly by refusing.
func decideLapseSupplement(d Dossier, ctx Context, in Input, t Transition, task Task) (Change, error) {
	s, ok := d.OpenSupplement()
	switch {
	case !ok || s.Wait != "":
		return Change{}, fault.New(fault.Conflict, "dossier.no_supplement", nil)
	case s.DueAt.After(ctx.Now):
		return Change{}, fault.New(fault.Conflict, "dossier.too_early", fault.Args{"at": shown(s.DueAt)})
	}
	return Change{Lapsed: []Lapse{{At: ctx.Now}}}, nil
}

// decideRemind records that the applicant was reminded of an open supplement.
func decideRemind(d Dossier, ctx Context, in Input, t Transition, task Task) (Change, error) {
	if _, ok := d.OpenSupplement(); !ok {
		return Change{}, fault.New(fault.Conflict, "dossier.no_supplement", nil)
	}
	now := ctx.Now
	return Change{Reminded: &now}, nil
}

// decideExpireSupplement ends a dossier whose supplement was never answered, by
// the rule set's time and after its reminders: a received one is stopped, and
// can be resumed by decision; one that was never received is not accepted.
func decideExpireSupplement(d Dossier, ctx Context, in Input, t Transition, task Task) (Change, error) {
	s, ok := d.OpenSupplement()
	switch {
	case !ok:
		return Change{}, fault.New(fault.Conflict, "dossier.no_supplement", nil)
	case s.DueAt.IsZero():
		return Change{}, fault.New(fault.Conflict, "dossier.never_expires", nil)
	case s.DueAt.After(ctx.Now):
		return Change{}, fault.New(fault.Conflict, "dossier.too_early", fault.Args{"at": shown(s.DueAt)})
	case len(s.Reminded) < ctx.Reminders:
		return Change{}, fault.New(fault.Conflict, "dossier.remind_first", fault.Args{"n": len(s.Reminded), "least": ctx.Reminders})
	}
	if !d.Received() {
		return ctx.lapse(d, Change{}), nil
	}
	return ctx.park(d), nil
}
