package dossier

import (
	"slices"

	"github.com/motcua/motcua/internal/core/access"
	"github.com/motcua/motcua/internal/core/civil"
	"github.com/motcua/motcua/internal/core/fault"
	"github.com/motcua/motcua/internal/core/process"
)

// move is one act of the kernel on the instance as a change leaves it.
type move func(g *process.Graph, inst process.Instance, facts process.Facts, ids func() string) (process.Instance, []process.Effect, error)

// run lets the kernel act and adds what it did to c. from is the task that the
// act ends; outcome is how it was answered. Conditions of the process look at
// the outcome and at the dossier as c leaves it.
func (ctx Context) run(d Dossier, c Change, from Task, outcome string, do move) (Change, error) {
	if ctx.Graph == nil {
		return c, fault.New(fault.Conflict, "dossier.step_missing", nil)
	}
	next, err := d.apply(c, ctx.Now)
	if err != nil {
		return c, err
	}
	facts, err := next.facts(ctx, outcome)
	if err != nil {
		return c, err
	}
	_, effects, err := do(ctx.Graph, next.Process, facts, ctx.NewID)
	if err != nil {
		return c, err
	}
	first := len(c.Opened)
	if c, err = ctx.follow(next, c, from, effects); err != nil {
		return c, err
	}
	for _, t := range c.Opened[first:] {
		if (t.Kind == TaskHandOver || t.Kind == TaskReturn) && !next.Issued() {
			return c, fault.New(fault.Conflict, "dossier.result_first", nil)
		}
	}
	return c, nil
}

// start begins the process of a dossier: it opens whatever the graph says comes
// first.
func (ctx Context) start(d Dossier, c Change) (Change, error) {
	return ctx.run(d, c, Task{}, "", func(g *process.Graph, _ process.Instance, f process.Facts, ids func() string) (process.Instance, []process.Effect, error) {
		return process.Start(g, f, ids)
	})
}

// complete ends a task of the process and opens what follows: nothing while
// another part is still at work, one task, or several. Whoever ends it becomes
// its holder.
func (ctx Context) complete(d Dossier, c Change, task Task, outcome string) (Change, error) {
	for _, t := range d.Tasks {
		if t.For == task.ID {
			return c, fault.New(fault.Conflict, "dossier.consult_open", fault.Args{"unit": t.UnitName})
		}
	}
	if who := ctx.Actor; !who.IsSystem() && (task.Holder != who.ID || task.Behalf != who.OnBehalf) {
		c.Held = ctx.taking(task)
	}
	return ctx.run(d, c, task, outcome, func(g *process.Graph, inst process.Instance, f process.Facts, ids func() string) (process.Instance, []process.Effect, error) {
		return process.Complete(g, inst, task.ID, f, ids)
	})
}

// taking puts a task into the actor's hands, with the person for whom he works.
func (ctx Context) taking(t Task) *Holding {
	return &Holding{Task: t.ID, Staff: ctx.Actor.ID, Name: ctx.Actor.Name, Behalf: ctx.Actor.OnBehalf}
}

// back returns the work to an earlier step of the same part, to whoever did it
// there. An empty step means the one before.
func (ctx Context) back(d Dossier, c Change, task Task, step string) (Change, error) {
	c, err := ctx.run(d, c, task, "", func(g *process.Graph, inst process.Instance, _ process.Facts, ids func() string) (process.Instance, []process.Effect, error) {
		return process.BackTo(g, inst, task.ID, step, ids)
	})
	if err != nil {
		return c, err
	}
	return ctx.returned(d, c), nil
}

// returned gives tasks that are done again to whoever did them before.
func (ctx Context) returned(d Dossier, c Change) Change {
	for i, t := range c.Opened {
		if done, ok := d.lastDone(t.Step); ok {
			c.Opened[i].Holder, c.Opened[i].HolderName = done.Holder, done.HolderName
		}
	}
	return c
}

// jump moves one task, or with an empty one everything, to another step.
func (ctx Context) jump(d Dossier, c Change, task, step string) (Change, error) {
	from, _ := d.TaskByID(task)
	c, err := ctx.run(d, c, from, "", func(g *process.Graph, inst process.Instance, _ process.Facts, ids func() string) (process.Instance, []process.Effect, error) {
		return process.Jump(g, inst, task, step, ids)
	})
	if err != nil {
		return c, err
	}
	return ctx.returned(d, c), nil
}

// abandon gives up everything that is open, for good.
func (ctx Context) abandon(d Dossier, c Change) (Change, error) {
	c = ctx.lapse(d, c)
	c.Closed = append(c.Closed, openIDs(d)...)
	if d.Process.Template == "" || d.Process.Finished {
		return c, nil
	}
	_, effects, err := process.Abandon(d.Process)
	c.Effects = append(c.Effects, effects...)
	return c, err
}

// lapse ends whatever the applicant was asked for.
func (ctx Context) lapse(d Dossier, c Change) Change {
	ends := func(wait string) {
		if _, have := c.lapse(wait); !have {
			c.Lapsed = append(c.Lapsed, Lapse{Wait: wait, At: ctx.Now})
		}
	}
	for _, s := range d.Supplements {
		if s.Open() {
			ends(s.Wait)
		}
	}
	for _, o := range d.Obligations {
		if o.Open() {
			ends(o.Wait)
		}
	}
	return c
}

// resumeWait ends a wait of the process.
func (ctx Context) resumeWait(d Dossier, c Change, wait, outcome string) (Change, error) {
	return ctx.run(d, c, Task{}, outcome, func(g *process.Graph, inst process.Instance, f process.Facts, ids func() string) (process.Instance, []process.Effect, error) {
		return process.Resume(g, inst, wait, f, ids)
	})
}

// renew opens anew what was open when the dossier was stopped.
func (ctx Context) renew(d Dossier, c Change) (Change, error) {
	_, effects, err := process.Renew(d.Process, ctx.NewID)
	if err != nil {
		return c, err
	}
	return ctx.follow(d, c, Task{}, effects)
}

// follow turns what the kernel did into tasks that end and begin, timers,
// requests to the applicant, and hand-overs between units. d is the dossier as
// c left it before; from is the task that ended.
func (ctx Context) follow(d Dossier, c Change, from Task, effects []process.Effect) (Change, error) {
	c.Effects = append(c.Effects, effects...)
	first := len(c.Opened)
	for _, e := range effects {
		switch e.Type {
		case process.TaskOpened:
			t, err := ctx.task(e)
			if err != nil {
				return c, err
			}
			c.Opened = append(c.Opened, t)
			if t.Kind == TaskConsult {
				c.Consulted = append(c.Consulted, Consulted{
					Task: t.ID, For: from.ID, Unit: t.Unit, UnitName: t.UnitName, AskedAt: ctx.Now, By: ctx.Actor.ID, DueAt: t.DueAt,
				})
			}
		case process.TaskClosed:
			c.Closed = append(c.Closed, d.ends(e.ID)...)
		case process.WaitOpened:
			c = ctx.wait(c, e)
		case process.TimerSet:
			at, err := ctx.Calendar.AddWorkingMinutes(ctx.Now, e.After)
			if err != nil {
				return c, err
			}
			c.Timers = append(c.Timers, Timer{On: e.ID, Step: e.Step, At: at})
		}
	}
	c.Handovers = append(c.Handovers, ctx.transfers(d, c.Opened[first:], from)...)
	return c, nil
}

// ends lists the open tasks that end with a task of the process: itself, and
// the opinions that were asked for it.
func (d Dossier) ends(id string) []string {
	var all []string
	for _, t := range d.Tasks {
		if t.ID == id || t.For == id {
			all = append(all, t.ID)
		}
	}
	return all
}

// wait makes the request to the applicant that a wait of the process stands
// for. The clock and the status follow from it.
func (ctx Context) wait(c Change, e process.Effect) Change {
	if e.Kind == process.KindWaitPayment {
		c.Owed = append(c.Owed, Obligation{ToldAt: ctx.Now, By: ctx.Actor.ID, Wait: e.ID})
		c.Status = FinancialObligation
		return c
	}
	c.Asked = append(c.Asked, Supplement{Items: []string{e.Name}, AskedAt: ctx.Now, By: ctx.Actor.Name, Wait: e.ID})
	c.Status = SupplementRequired
	return c
}

// transfers lists the hand-overs that come with work going to other units, one
// a unit. A result that goes back to the centre must be confirmed there; all
// else is data, which arrives with the first act on it.
func (ctx Context) transfers(d Dossier, opened []Task, from Task) []Handover {
	if from.ID == "" {
		return nil
	}
	var all []Handover
	for _, t := range opened {
		if t.Unit == from.Unit || slices.ContainsFunc(all, func(h Handover) bool { return h.To == t.Unit }) {
			continue
		}
		h := Handover{
			ID: ctx.NewID(), From: from.Unit, FromName: from.UnitName, To: t.Unit, ToName: t.UnitName,
			Giver: ctx.Actor.Name, SentAt: ctx.Now, DueAt: from.DueAt, Data: true,
		}
		if t.Unit == d.Unit && d.Issued() {
			h.Data, h.DueAt = false, d.Deadline.DueAt // the last one is judged by the promise
		}
		all = append(all, h)
	}
	return all
}

// task makes the dossier's task of one that the kernel opened. Its own due time
// is its share of working time from now, which orders inboxes and never
// replaces the promise.
func (ctx Context) task(e process.Effect) (Task, error) {
	code, name, err := ctx.Place(e.Unit)
	if err != nil {
		return Task{}, err
	}
	t := Task{
		ID: e.ID, Step: e.Step, Name: e.Name, Kind: TaskKind(e.Kind),
		Unit: code, UnitName: name, Role: access.Role(e.Role), Share: e.Share, OpenedAt: ctx.Now,
	}
	if e.Share > 0 {
		if t.DueAt, err = ctx.Calendar.AddWorkingMinutes(ctx.Now, e.Share); err != nil {
			return Task{}, err
		}
	}
	return t, nil
}

// facts is what the conditions of the process may look at.
func (d Dossier) facts(ctx Context, outcome string) (process.Facts, error) {
	f := process.Facts{
		Procedure: d.Procedure.Code, Case: d.Procedure.Case, Channel: string(d.Channel), ReturnChannel: string(d.ReturnChannel),
		OwnerKind: d.OwnerKind, Centre: d.Unit, Agency: d.Agency, Outcome: outcome,
		Fee: int64(d.Fee.Total), Paid: d.Fee.Settled(), Late: d.Overdue(ctx.Now), Supplements: len(d.Supplements), Verified: len(d.Records),
	}
	for _, p := range d.Papers {
		if p.Count() > 0 || len(p.Files) > 0 {
			f.Papers = append(f.Papers, p.ID)
		}
	}
	if d.Proposal != nil {
		f.Proposal = d.Proposal.Outcome
	}
	f.Refused = d.Result != nil && d.Result.Refusal
	for _, c := range d.Consulted {
		switch {
		case c.SilentAt != nil:
			f.Silent++
		case c.Outcome == OutcomeAgree:
			f.Agreed++
		case c.Outcome == OutcomeDisagree:
			f.Objected++
		}
	}
	if d.ReceivedAt.IsZero() {
		return f, nil
	}
	days, err := ctx.Calendar.WorkingDaysBetween(civil.DateOf(d.ReceivedAt), civil.DateOf(ctx.Now))
	f.Days = days
	return f, err
}

func openIDs(d Dossier) []string {
	ids := make([]string, len(d.Tasks))
	for i, t := range d.Tasks {
		ids[i] = t.ID
	}
	return ids
}

// participants lists the units that the process may involve, besides those
// that see the dossier anyway: at forwarding all of them see it at once.
func (ctx Context) participants(d Dossier) ([]string, error) {
	all := []string{}
	for _, s := range ctx.Graph.Template().Tasks() {
		code, _, err := ctx.Place(s.Unit)
		if err != nil {
			return nil, err
		}
		if code != d.Unit && code != d.Agency && !slices.Contains(all, code) {
			all = append(all, code)
		}
	}
	return all, nil
}
