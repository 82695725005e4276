package dossier

import (
	"time"

	"github.com/motcua/motcua/internal/core/fault"
	"github.com/motcua/motcua/internal/core/process"
)

// Migration is how a running dossier is taken over to another version of its
// process.
type Migration struct {
	Names    map[string]string // steps of the old version to steps of the new one, where the id differs
	Document string            // decision that published the new version
	Reason   string
}

// Migrate takes a running dossier over to the process that ctx.Graph is: what is
// the same in both versions stays with its holder, what differs opens anew for
// whoever held it. Status, promise and clock are not touched.
//
// It refuses with Conflict, and the dossier keeps its version: when the dossier
// has ended or waits for the applicant at a step that changed, while a consulted
// unit still has to answer for a step that changed, and whatever process.Migrate
// refuses.
func Migrate(d Dossier, ctx Context, m Migration) (Event, error) {
	if !d.Open() || !d.Received() {
		return Event{}, fault.New(fault.Conflict, "process.finished", nil)
	}
	_, effects, err := process.Migrate(ctx.Graph, d.Process, m.Names, ctx.NewID)
	if err != nil {
		return Event{}, err
	}
	c := Change{By: ctx.Actor.ID, Document: m.Document}
	if m.Reason != "" {
		c.Text = ctx.Seal([]byte(m.Reason))
	}
	for _, part := range byTask(effects) {
		from, _ := d.TaskByID(part[0].ID)
		if c, err = ctx.moveTask(d, c, from, part); err != nil {
			return Event{}, err
		}
	}
	if d.Status != Accepted { // before forwarding nobody else takes part
		if c.Shared, err = ctx.participants(d); err != nil {
			return Event{}, err
		}
	}
	if c, err = ctx.rank(d, c); err != nil {
		return Event{}, err
	}
	return Event{Type: evMigrated, Version: typeVersion, Ground: onInternal.In(d.Rules), Payload: c}, nil
}

// byTask cuts effects into what happens before the first task closes, and then
// one part for each task that closes.
func byTask(effects []process.Effect) [][]process.Effect {
	var parts [][]process.Effect
	for i, e := range effects {
		if i == 0 || e.Type == process.TaskClosed || e.Type == process.WaitClosed {
			parts = append(parts, nil)
		}
		parts[len(parts)-1] = append(parts[len(parts)-1], e)
	}
	return parts
}

// moveTask follows the effects of one task that opens anew. Whoever held it
// keeps it, unless it went to another unit or role.
func (ctx Context) moveTask(d Dossier, c Change, from Task, part []process.Effect) (Change, error) {
	if part[0].Type == process.WaitClosed {
		return c, fault.New(fault.Conflict, "dossier.migrate_waits", nil)
	}
	for _, t := range d.Tasks {
		if from.ID != "" && t.For == from.ID {
			return c, fault.New(fault.Conflict, "dossier.consult_open", fault.Args{"unit": t.UnitName})
		}
	}
	first := len(c.Opened)
	c, err := ctx.follow(d, c, from, part)
	for i := first; i < len(c.Opened); i++ {
		if t := &c.Opened[i]; t.Unit == from.Unit && t.Role == from.Role {
			t.Holder, t.HolderName = from.Holder, from.HolderName
		}
	}
	return c, err
}

// Preview is the dossier as an event that was not recorded would leave it.
func Preview(d Dossier, e Event, at time.Time) (Dossier, error) {
	c, ok := e.Payload.(Change)
	if !ok {
		return d, fault.New(fault.Internal, "process.effect_unfit", fault.Args{"type": e.Type, "step": ""})
	}
	return d.apply(c, at)
}
