package dossier

import (
	"slices"

	"github.com/motcua/motcua/internal/core/civil"
)

// consequences adds what follows from a change by itself, whatever the act was:
// data that reached a unit arrives with the unit's first act on it; the clock of
// a dossier received elsewhere starts with its arrival; the status follows from
// what the applicant is asked for and from where the result is; and the ledger
// of the clock follows from the status.
func (ctx Context) consequences(d Dossier, c Change, in Input, task Task) (Change, error) {
	for _, h := range d.Handovers {
		if task.ID != "" && !ctx.Actor.IsSystem() && h.Data && h.GotAt == nil && h.To == task.Unit {
			c.Arrived = append(c.Arrived, Arrival{ID: h.ID, At: ctx.Now, Taker: ctx.Actor.Name})
		}
	}
	c, err := ctx.reached(d, c)
	if err != nil {
		return c, err
	}
	next, err := d.apply(c, ctx.Now)
	if err != nil {
		return c, err
	}
	switch want := next.unanswered(); {
	case next.Status.Ended():
	case want == next.Status:
	case want != 0:
		c.Status = want
	case next.Status.Waiting():
		c.Status = Processing
	case next.Status == Processing && next.resultIsThere():
		c.Status = Resolved
		if next.FinishedAt == nil {
			now := ctx.Now
			c.Finished = &now
		}
	}
	at := ctx.Now
	if in.Act == Supply && !in.SuppliedAt.IsZero() {
		at = in.SuppliedAt
	}
	return ctx.tick(d, c, in, at)
}

// reached starts the clock of a dossier received elsewhere once the competent
// agency has it (NĐ 118/2025 art 17.3 as amended by NĐ 309/2026).
func (ctx Context) reached(d Dossier, c Change) (Change, error) {
	if d.Deadline.Waits != civil.WaitsArrival {
		return c, nil
	}
	for _, h := range d.Handovers {
		if h.To != d.Agency || !slices.ContainsFunc(c.Arrived, func(a Arrival) bool { return a.ID == h.ID }) {
			continue
		}
		now := ctx.Now
		next := d
		next.Deadline.ArrivedAt = &now
		dl, err := ctx.promise(next)
		c.Deadline = &dl
		return c, err
	}
	return c, nil
}

// resultIsThere reports whether work has ended: the issued result is where it
// will be returned, or is electronic and needs no way.
func (d Dossier) resultIsThere() bool {
	if !d.Issued() {
		return false
	}
	_, waits := d.OpenTask(TaskReturn)
	_, moves := d.OpenHandoverTo(d.Unit)
	return d.ReturnChannel == ReturnElectronic || waits && !moves
}

// quiet reports whether nothing of the change has left the house: no request, no
// promise, no result, no end. Only such a change can be undone.
func (c Change) quiet() bool {
	inside := c.Status == 0 || c.Status == Accepted || c.Status == Processing
	return inside && c.Deadline == nil && len(c.Asked) == 0 && len(c.Owed) == 0 && c.Finished == nil && (c.Result == nil || c.Result.Number == "" && c.Result.IssuedAt == nil)
}
