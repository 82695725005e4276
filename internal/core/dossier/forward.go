package dossier

import (
	"github.com/motcua/motcua/internal/core/fault"
)

// decideForward hands the dossier to the competent agency. Data goes at once;
// paper received after the cut-off goes the next working morning, and the clock
// does not move for it (NĐ 61/2018 art 18.2).
func decideForward(d Dossier, ctx Context, in Input, t Transition, task Task) (Change, error) {
	c, err := ctx.after(task, TaskHandle)
	if err != nil {
		return Change{}, err
	}
	next := c.Opened[0]
	paperBy, err := ctx.paperLeaves()
	if err != nil {
		return Change{}, err
	}
	c.Handover = &Handover{
		ID: ctx.NewID(), From: d.Unit, FromName: d.UnitName, To: next.Unit, ToName: next.UnitName,
		Giver: ctx.Actor.Name, SentAt: ctx.Now, PaperBy: paperBy, DueAt: task.DueAt,
	}
	return c, nil
}

// decideReceiveHandover confirms that papers arrived at the agency, or the
// result at the centre. The arrival of the result ends the work: lateness stops
// and status 9 begins.
func decideReceiveHandover(d Dossier, ctx Context, in Input, t Transition, task Task) (Change, error) {
	h, ok := d.OpenHandover()
	if !ok {
		return Change{}, fault.New(fault.Conflict, "dossier.no_handover", nil)
	}
	if h.To != ctx.Actor.Unit {
		return Change{}, fault.New(fault.Forbidden, "dossier.handover_of_other", fault.Args{"unit": h.ToName})
	}
	c := Change{Arrived: &Arrival{ID: h.ID, At: ctx.Now, Taker: ctx.Actor.Name}}
	if d.Status == Processing && h.To == d.Unit && d.Result != nil && d.Result.IssuedAt != nil {
		now := ctx.Now
		c.Status, c.Finished = Resolved, &now
	}
	return c, nil
}

func decideAssign(d Dossier, ctx Context, in Input, t Transition, task Task) (Change, error) {
	if task.ID == "" {
		return Change{}, fault.New(fault.Conflict, "dossier.task_not_open", fault.Args{"act": string(Assign), "task": ""})
	}
	if in.Staff == "" {
		return Change{}, fault.Field("staff", "dossier.staff_missing", nil)
	}
	if in.Staff == task.Holder {
		return Change{}, fault.New(fault.Conflict, "dossier.held_already", fault.Args{"name": task.HolderName})
	}
	return Change{Held: &Holding{Task: task.ID, Staff: in.Staff, Name: in.StaffName}}, nil
}

func decideClaim(d Dossier, ctx Context, in Input, t Transition, task Task) (Change, error) {
	if task.ID == "" {
		return Change{}, fault.New(fault.Conflict, "dossier.task_not_open", fault.Args{"act": string(Claim), "task": ""})
	}
	if !task.Pool() {
		return Change{}, fault.New(fault.Conflict, "dossier.task_held", fault.Args{"name": task.HolderName})
	}
	if !task.HeldBy(ctx.Actor) {
		return Change{}, fault.New(fault.Forbidden, "dossier.not_yours", fault.Args{"act": string(Claim)})
	}
	return Change{Held: &Holding{Task: task.ID, Staff: ctx.Actor.ID, Name: ctx.Actor.Name}}, nil
}
