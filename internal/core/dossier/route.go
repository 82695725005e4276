package dossier

import (
	"time"

	"github.com/motcua/motcua/internal/core/access"
	"github.com/motcua/motcua/internal/core/civil"
	"github.com/motcua/motcua/internal/core/fault"
)

// Step is one step of the linear process that a procedure version has.
type Step struct {
	ID       string      `json:"id"`
	Name     string      `json:"name"`
	Kind     TaskKind    `json:"kind"`
	Unit     string      `json:"unit"`
	UnitName string      `json:"unitName"`
	Role     access.Role `json:"role"`
	Share    int         `json:"share"` // working minutes
}

// open makes the task of the first step of a kind. Its own due time is its
// share of working time from now, which orders inboxes and never replaces the
// promise.
func (ctx Context) open(kind TaskKind) (Task, error) {
	for _, s := range ctx.Route {
		if s.Kind != kind {
			continue
		}
		t := Task{
			ID: ctx.NewID(), Step: s.ID, Name: s.Name, Kind: s.Kind,
			Unit: s.Unit, UnitName: s.UnitName, Role: s.Role, Share: s.Share, OpenedAt: ctx.Now,
		}
		if s.Share > 0 {
			due, err := ctx.Calendar.AddWorkingMinutes(ctx.Now, s.Share)
			if err != nil {
				return Task{}, err
			}
			t.DueAt = due
		}
		return t, nil
	}
	return Task{}, fault.New(fault.Conflict, "dossier.step_missing", fault.Args{"task": string(kind)})
}

// after closes a task and opens the next one of the given kind.
func (ctx Context) after(task Task, next TaskKind) (Change, error) {
	t, err := ctx.open(next)
	if err != nil {
		return Change{}, err
	}
	c := Change{Opened: []Task{t}}
	if task.ID != "" {
		c.Closed = []string{task.ID}
	}
	return c, nil
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
