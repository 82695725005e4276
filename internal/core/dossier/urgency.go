package dossier

import "time"

// Urgency says by when work on an open task must have begun (phải bắt đầu
// trước): the promise less the measured time of this step and of all that still
// comes after it. Inboxes are ordered by it, since of two dossiers due on the
// same day the one with more work ahead is in greater danger.
type Urgency struct {
	Task    string    `json:"task"`
	StartBy time.Time `json:"startBy,omitzero"`
}

// rank gives every open task of the dossier as c leaves it its urgency, where it
// is new or has changed. Without ctx.Ahead nothing is measured, and tasks have
// none.
func (ctx Context) rank(d Dossier, c Change) (Change, error) {
	if ctx.Ahead == nil || c.Undone != nil { // an undone act gives the earlier urgencies back
		return c, nil
	}
	next, err := d.apply(c, ctx.Now)
	if err != nil {
		return c, err
	}
	for _, t := range next.Tasks {
		if startBy := ctx.startBy(next, t); !startBy.Equal(t.StartBy) {
			c.Urgent = append(c.Urgent, Urgency{t.ID, startBy})
		}
	}
	return c, nil
}

// startBy is zero where there is no promise, and for a result that waits to be
// fetched: nobody is late with it. Where the calendar does not reach back far
// enough it is the promise itself, for an order must not keep an act from being
// done.
func (ctx Context) startBy(d Dossier, t Task) time.Time {
	due := d.Deadline.DueAt
	if due.IsZero() || t.Kind == TaskReturn {
		return time.Time{}
	}
	step := t.Step
	if asks, ok := d.TaskByID(t.For); ok {
		step = asks.Step
	}
	at, err := ctx.Calendar.SubtractWorkingMinutes(due, ctx.Ahead(step))
	if err != nil {
		return due
	}
	return at
}
