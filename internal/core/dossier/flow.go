package dossier

import (
	"slices"
	"time"

	"github.com/motcua/motcua/internal/core/access"
	"github.com/motcua/motcua/internal/core/civil"
	"github.com/motcua/motcua/internal/core/fault"
	"github.com/motcua/motcua/internal/core/process"
)

// start begins the process of a dossier: it opens whatever the graph says comes
// first. d is the dossier as c makes it.
func (ctx Context) start(d Dossier, c Change) (Change, error) {
	if ctx.Graph == nil {
		return c, fault.New(fault.Conflict, "dossier.step_missing", nil)
	}
	next, err := d.apply(c, ctx.Now)
	if err != nil {
		return c, err
	}
	facts, err := next.facts(ctx, "")
	if err != nil {
		return c, err
	}
	_, effects, err := process.Start(ctx.Graph, facts, ctx.NewID)
	if err != nil {
		return c, err
	}
	return ctx.follow(d, c, Task{}, effects)
}

// complete ends a task of the process and opens what follows: nothing while
// another part is still at work, one task, or several. outcome is how the task
// was answered; conditions look at it and at the dossier as c leaves it.
func (ctx Context) complete(d Dossier, c Change, task Task, outcome string) (Change, error) {
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
	_, effects, err := process.Complete(ctx.Graph, next.Process, task.ID, facts, ctx.NewID)
	if err != nil {
		return c, err
	}
	if task.Holder != ctx.Actor.ID {
		c.Held = &Holding{Task: task.ID, Staff: ctx.Actor.ID, Name: ctx.Actor.Name}
	}
	return ctx.follow(d, c, task, effects)
}

// back returns the work to an earlier step of the same part, to whoever did it
// there. An empty step means the one before.
func (ctx Context) back(d Dossier, c Change, task Task, step string) (Change, error) {
	if ctx.Graph == nil {
		return c, fault.New(fault.Conflict, "dossier.step_missing", nil)
	}
	_, effects, err := process.BackTo(ctx.Graph, d.Process, task.ID, step, ctx.NewID)
	if err != nil {
		return c, err
	}
	c, err = ctx.follow(d, c, task, effects)
	if err != nil {
		return c, err
	}
	for i := range c.Opened {
		if done, ok := d.lastDone(c.Opened[i].Step); ok {
			c.Opened[i].Holder, c.Opened[i].HolderName = done.Holder, done.HolderName
		}
	}
	return c, nil
}

// abandon gives up everything that is open, for good.
func (ctx Context) abandon(d Dossier, c Change) (Change, error) {
	c.Closed = append(c.Closed, openIDs(d)...)
	if d.Process.Template == "" || d.Process.Finished {
		return c, nil
	}
	_, effects, err := process.Abandon(d.Process)
	c.Effects = append(c.Effects, effects...)
	return c, err
}

// renew opens anew what was open when the dossier was stopped.
func (ctx Context) renew(d Dossier, c Change) (Change, error) {
	_, effects, err := process.Renew(d.Process, ctx.NewID)
	if err != nil {
		return c, err
	}
	return ctx.follow(d, c, Task{}, effects)
}

// follow turns what the kernel did into tasks that end and begin, and into the
// hand-overs between units that come with it. from is the task that ended.
func (ctx Context) follow(d Dossier, c Change, from Task, effects []process.Effect) (Change, error) {
	c.Effects = append(c.Effects, effects...)
	for _, e := range effects {
		switch e.Type {
		case process.TaskOpened:
			t, err := ctx.task(e)
			if err != nil {
				return c, err
			}
			c.Opened = append(c.Opened, t)
		case process.TaskClosed:
			if _, open := d.TaskByID(e.ID); open || slices.ContainsFunc(c.Opened, func(t Task) bool { return t.ID == e.ID }) {
				c.Closed = append(c.Closed, e.ID)
			}
		}
	}
	c.Handovers = append(c.Handovers, ctx.transfers(d, c, from)...)
	return c, nil
}

// transfers lists the hand-overs that come with work going to other units, one
// a unit. A result that goes back to the centre must be confirmed there; all
// else is data, which arrives with the first act on it.
func (ctx Context) transfers(d Dossier, c Change, from Task) []Handover {
	if from.ID == "" {
		return nil
	}
	r := d.Result
	if c.Result != nil {
		r = c.Result
	}
	var all []Handover
	for _, t := range c.Opened {
		if t.Unit == from.Unit || slices.ContainsFunc(all, func(h Handover) bool { return h.To == t.Unit }) {
			continue
		}
		h := Handover{
			ID: ctx.NewID(), From: from.Unit, FromName: from.UnitName, To: t.Unit, ToName: t.UnitName,
			Giver: ctx.Actor.Name, SentAt: ctx.Now, DueAt: from.DueAt, Data: true,
		}
		if t.Unit == d.Unit && r != nil && r.IssuedAt != nil {
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
		Fee: int64(d.Fee.Total), Paid: d.Fee.Settled(), Late: d.Overdue(ctx.Now), Supplements: len(d.Supplements),
	}
	for _, p := range d.Papers {
		if p.Count() > 0 || len(p.Files) > 0 {
			f.Papers = append(f.Papers, p.ID)
		}
	}
	if !d.ReceivedAt.IsZero() {
		days, err := ctx.Calendar.WorkingDaysBetween(civil.DateOf(d.ReceivedAt), civil.DateOf(ctx.Now))
		if err != nil {
			return f, err
		}
		f.Days = days
	}
	return f, nil
}

func openIDs(d Dossier) []string {
	ids := make([]string, len(d.Tasks))
	for i, t := range d.Tasks {
		ids[i] = t.ID
	}
	return ids
}

// due computes the promise of a dossier with the given stops.
func (ctx Context) due(d Deadline, received civil.DueInput) (Deadline, error) {
	received.Limit, received.Stops, received.Policy = d.Limit, d.Stops, d.Policy
	got, err := civil.Due(ctx.Calendar, received)
	if err != nil {
		return d, err
	}
	d.StartAt, d.DueOn, d.DueAt, d.Provisional = got.StartAt, got.DueOn, got.DueAt, got.Provisional
	d.Calendar = ctx.CalendarRef
	if d.FirstDueOn.IsZero() {
		d.FirstDueOn, d.FirstDueAt = d.DueOn, d.DueAt
	}
	return d, nil
}

// paperLeaves is when the paper must leave for the agency: the same working
// day, or the next opening when it is after the cut-off (NĐ 61/2018 art 18.2).
func (ctx Context) paperLeaves() (time.Time, error) {
	today := civil.DateOf(ctx.Now)
	working, err := ctx.Calendar.IsWorking(today)
	if err != nil {
		return time.Time{}, err
	}
	if working && civil.TimeOfDayOf(ctx.Now) <= ctx.Paper {
		return ctx.Calendar.Closing(today), nil
	}
	next, err := ctx.Calendar.NextWorking(today.AddDays(1))
	if err != nil {
		return time.Time{}, err
	}
	return ctx.Calendar.Opening(next), nil
}
