package app

import (
	"context"
	"time"

	"github.com/motcua/motcua/internal/core/access"
	"github.com/motcua/motcua/internal/core/dossier"
	"github.com/motcua/motcua/internal/store"
)

// DossierAt is a dossier as it was at an earlier version, for showing somebody
// what has changed since he opened it. It names no person.
func (a *App) DossierAt(ctx context.Context, who access.Actor, code string, version int64) (dossier.Dossier, error) {
	d, err := a.readable(ctx, who, code)
	if err != nil {
		return d, err
	}
	return a.dossierAt(ctx, d.ID, version)
}

// dossierAt folds a dossier from its events up to a version.
func (a *App) dossierAt(ctx context.Context, id string, version int64) (dossier.Dossier, error) {
	events, err := a.store.StreamEvents(ctx, store.DossierRoot(id))
	if err != nil {
		return dossier.Dossier{}, err
	}
	var d dossier.Dossier
	for _, e := range events {
		if e.Version > version {
			break
		}
		if d, err = dossier.Apply(d, id, e.Type, e.TypeVersion, e.Version, e.At, e.Payload); err != nil {
			return d, err
		}
	}
	return d, nil
}

// Meanwhile is the last thing that somebody else did to a dossier that an
// officer has open.
type Meanwhile struct {
	Event string // event type, such as "dossier.forwarded"
	By    string
	At    time.Time
}

// Since tells what happened last to a dossier after a version that the actor has
// seen; ok is false when nothing did that a form depends on. Nothing of a person
// is read.
func (a *App) Since(ctx context.Context, who access.Actor, code string, version int64) (last Meanwhile, ok bool, err error) {
	d, err := a.readable(ctx, who, code)
	if err != nil || d.FormVersion <= version {
		return last, false, err
	}
	events, err := a.store.StreamEvents(ctx, store.DossierRoot(d.ID))
	if err != nil || len(events) == 0 {
		return last, false, err
	}
	e := events[len(events)-1]
	return Meanwhile{Event: e.Type, By: e.Actor.Name, At: e.At}, true, nil
}

// InboxMark is a text that changes when what a tab of the inbox shows, or one of
// its counts, changes. Nothing of a person is read.
func (a *App) InboxMark(ctx context.Context, who access.Actor, q InboxQuery) (string, error) {
	return a.store.WorkMark(ctx, a.inboxWork(who, q), store.WorkTab(tabs[q.Tab]), a.bounds(), pageSize)
}
