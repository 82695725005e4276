package dossier

import "github.com/motcua/motcua/internal/core/fault"

// decideUndo takes the actor's own last act back, with a reason: task, holder,
// status and clock are exactly as before. What was printed for the applicant,
// signed, numbered, issued or told is never undone; such acts leave nothing to
// undo, and neither does an act after which somebody else acted.
func decideUndo(d Dossier, ctx Context, in Input, t Transition, task Task) (Change, error) {
	switch {
	case d.Last == nil:
		return Change{}, fault.New(fault.Conflict, "dossier.nothing_to_undo", nil)
	case d.Last.By != ctx.Actor.ID:
		return Change{}, fault.New(fault.Forbidden, "dossier.undo_of_other", nil)
	case ctx.Told:
		return Change{}, fault.New(fault.Conflict, "dossier.undo_told", nil)
	}
	return Change{Undone: &Undone{Event: d.Last.Event, Version: d.Last.Version, Before: d.Last.Before}}, nil
}
