package dossier

import (
	"slices"
	"strings"

	"github.com/motcua/motcua/internal/core/fault"
)

// decideForward hands the dossier to the competent agency. Data goes at once;
// paper received after the cut-off goes the next working morning, and the clock
// does not move for it (NĐ 61/2018 art 18.2). Where the rule of the house says so,
// it waits for the scans of everything that came on paper.
func decideForward(d Dossier, ctx Context, in Input, t Transition, task Task) (Change, error) {
	if lacking := d.Unscanned(); ctx.ScansFirst && len(lacking) > 0 {
		return Change{}, fault.New(fault.Conflict, "dossier.scans_first", fault.Args{"n": len(lacking), "paper": lacking[0].Name})
	}
	c, err := ctx.complete(d, Change{}, task, "")
	if err != nil {
		return c, err
	}
	if c.Shared, err = ctx.participants(d); err != nil || len(c.Handovers) == 0 {
		return c, err
	}
	// All units get the data at once; the paper can go to one of them only.
	to := max(0, slices.IndexFunc(c.Handovers, func(h Handover) bool { return h.To == d.Agency }))
	paperBy, err := ctx.paperLeaves()
	if err != nil {
		return Change{}, err
	}
	c.Handovers[to].Data, c.Handovers[to].PaperBy = false, paperBy
	return c, nil
}

// decideReceiveHandover confirms that papers arrived at the agency, or the
// result at the centre. The arrival of the result ends the work: lateness stops
// and status 9 begins.
func decideReceiveHandover(d Dossier, ctx Context, in Input, t Transition, task Task) (Change, error) {
	h, ok := d.OpenHandoverTo(ctx.Actor.Unit)
	if other, any := d.OpenHandover(); !ok && any {
		return Change{}, fault.New(fault.Forbidden, "dossier.handover_of_other", fault.Args{"unit": other.ToName})
	}
	if !ok {
		return Change{}, fault.New(fault.Conflict, "dossier.no_handover", nil)
	}
	return Change{Arrived: []Arrival{{ID: h.ID, At: ctx.Now, Taker: ctx.Actor.Name}}}, nil
}

// decideAssign names the officer who holds a task. Taking it from somebody who
// has it needs a reason (phân công lại).
func decideAssign(d Dossier, ctx Context, in Input, t Transition, task Task) (Change, error) {
	if in.Staff == "" {
		return Change{}, fault.Field("staff", "dossier.staff_missing", nil)
	}
	if in.Staff == task.Holder {
		return Change{}, fault.New(fault.Conflict, "dossier.held_already", fault.Args{"name": task.HolderName})
	}
	if !task.Pool() && strings.TrimSpace(in.Reason) == "" {
		return Change{}, fault.Field("reason", "dossier.reason_missing", nil) // somebody has it already: say why
	}
	return Change{Held: &Holding{Task: task.ID, Staff: in.Staff, Name: in.StaffName}}, nil
}

// decideClaim takes a task out of the pool of the actor's unit and role.
func decideClaim(d Dossier, ctx Context, in Input, t Transition, task Task) (Change, error) {
	if !task.Pool() {
		return Change{}, fault.New(fault.Conflict, "dossier.task_held", fault.Args{"name": task.HolderName})
	}
	if !task.HeldBy(ctx.Actor) {
		return Change{}, fault.New(fault.Forbidden, "dossier.not_yours", fault.Args{"act": string(Claim)})
	}
	return Change{Held: ctx.taking(task)}, nil
}

// decideRelease puts a task back into its pool: its holder does not do it, or a
// job finds that he is absent.
func decideRelease(d Dossier, ctx Context, in Input, t Transition, task Task) (Change, error) {
	if task.Pool() {
		return Change{}, fault.New(fault.Conflict, "dossier.not_held", nil)
	}
	return Change{Held: &Holding{Task: task.ID}}, nil
}
