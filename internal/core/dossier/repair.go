package dossier

import (
	"github.com/motcua/motcua/internal/core/fault"
	"github.com/motcua/motcua/internal/core/process"
)

// decideRepair proposes that a stuck dossier goes on at another step: one open
// task moves there, or everything that is open. A dossier whose result is not
// returned yet is reopened the same way. Another person decides.
func decideRepair(d Dossier, ctx Context, in Input, t Transition, task Task) (Change, error) {
	if d.Repair != nil {
		return Change{}, fault.New(fault.Conflict, "dossier.repair_open", fault.Args{"name": d.Repair.ByName})
	}
	if _, open := d.TaskByID(in.Task); in.Task != "" && !open {
		return Change{}, fault.New(fault.Conflict, "process.task_not_open", nil)
	}
	// The move is tried now, so that nobody is asked to confirm an impossible one.
	if _, err := ctx.jump(d, Change{}, in.Task, in.Step); err != nil {
		return Change{}, err
	}
	step, _ := ctx.Graph.Template().Step(in.Step) // there is one, or the move had failed
	return Change{Repair: &RepairPlan{
		Task: in.Task, Step: in.Step, StepName: step.Name, By: ctx.Actor.ID, ByName: ctx.Actor.Name, At: ctx.Now,
	}}, nil
}

// decideConfirmRepair carries the proposed repair out. Whoever proposed it
// cannot confirm it.
func decideConfirmRepair(d Dossier, ctx Context, in Input, t Transition, task Task) (Change, error) {
	if err := repairOf(d, ctx); err != nil {
		return Change{}, err
	}
	c := Change{Repaired: true}
	to := ctx.kind(d.Repair.Step)
	if d.Status == Accepted && to != TaskReceive {
		c.Status = Processing
	}
	c.Recalled = d.Issued() && to != TaskHandOver && to != TaskReturn // the result is made anew
	issuedIsEnd := to == TaskHandOver && d.ReturnChannel == ReturnElectronic
	if d.Status == Resolved && to != TaskReturn && !issuedIsEnd {
		c.Status, c.Unfinish = Processing, true
	}
	return ctx.jump(d, c, d.Repair.Task, d.Repair.Step)
}

// decideDeclineRepair ends a proposed repair without doing it. Its author can
// take it back that way too.
func decideDeclineRepair(d Dossier, ctx Context, in Input, t Transition, task Task) (Change, error) {
	if d.Repair == nil {
		return Change{}, fault.New(fault.Conflict, "dossier.no_repair", nil)
	}
	return Change{Repaired: true}, nil
}

// kind is the kind of a step of the process.
func (ctx Context) kind(step string) TaskKind {
	if ctx.Graph == nil {
		return ""
	}
	s, _ := ctx.Graph.Template().Step(step)
	return TaskKind(s.Kind)
}

func repairOf(d Dossier, ctx Context) error {
	switch {
	case d.Repair == nil:
		return fault.New(fault.Conflict, "dossier.no_repair", nil)
	case ctx.Actor.Stands(d.Repair.By):
		return fault.New(fault.Forbidden, "dossier.repair_second_person", nil)
	}
	return nil
}

// decideTakeBack takes an issued result back for correction before it is
// returned (NĐ 61/2018 art 21.1): the work goes back to whoever handled it, and
// the earlier result is kept aside. Work that had ended has not ended after all.
func decideTakeBack(d Dossier, ctx Context, in Input, t Transition, task Task) (Change, error) {
	from, ok := d.OpenTask(TaskReturn)
	if !ok {
		from, ok = d.OpenTask(TaskHandOver)
	}
	if !ok || !d.Issued() {
		return Change{}, fault.New(fault.Conflict, "dossier.not_issued", nil)
	}
	c := Change{Recalled: true, Unfinish: true}
	for _, h := range d.Handovers {
		if h.GotAt == nil && !h.Data && h.To == d.Unit {
			c.Arrived = append(c.Arrived, Arrival{ID: h.ID, At: ctx.Now, Taker: ctx.Actor.Name})
		}
	}
	step := in.Step
	if step == "" {
		step = d.handledAt(from)
	}
	return ctx.back(d, c, from, step)
}

// handledAt is the step, done before in the same part, where a result is made:
// the last examination, else the first step of the part that was not reception.
func (d Dossier) handledAt(from Task) string {
	at, _ := d.Process.Task(from.ID)
	step, found := "", false
	for _, id := range at.Path {
		done, ok := d.lastDone(id)
		switch {
		case !ok:
		case done.Kind.in(examining):
			step, found = id, true
		case !found && step == "" && done.Kind != TaskReceive:
			step = id
		}
	}
	return step
}

// decideElapse lets a timer of the process go off. A job calls it when the time
// has come.
func decideElapse(d Dossier, ctx Context, in Input, t Transition, task Task) (Change, error) {
	var timer Timer
	for _, have := range d.Timers {
		if have.On == in.Task && have.Step == in.Step {
			timer = have
		}
	}
	switch {
	case timer.On == "":
		return Change{}, fault.New(fault.Conflict, "process.timer_not_set", nil)
	case timer.At.After(ctx.Now):
		return Change{}, fault.New(fault.Conflict, "dossier.too_early", fault.Args{"at": shown(timer.At)})
	}
	from, _ := d.TaskByID(in.Task)
	c, err := ctx.run(d, Change{}, from, "", func(g *process.Graph, inst process.Instance, f process.Facts, ids func() string) (process.Instance, []process.Effect, error) {
		return process.Fire(g, inst, in.Task, in.Step, f, ids)
	})
	for _, e := range c.Effects {
		if e.Type == process.WaitClosed {
			c.Lapsed = append(c.Lapsed, Lapse{Wait: e.ID, At: ctx.Now})
		}
	}
	return c, err
}
