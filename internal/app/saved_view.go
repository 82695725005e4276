package app

import (
	"context"

	"github.com/motcua/motcua/internal/core/access"
	"github.com/motcua/motcua/internal/core/agency"
	"github.com/motcua/motcua/internal/core/fault"
	"github.com/motcua/motcua/internal/store"
)

// SavedViews lists the actor's own saved views of his inbox.
func (a *App) SavedViews(ctx context.Context, who access.Actor) ([]agency.SavedView, error) {
	v, err := store.Get[agency.SavedViews](ctx, a.store, store.SavedViewRoot(who.ID))
	if fault.KindOf(err) == fault.NotFound && err != nil {
		return nil, nil
	}
	return v.List, err
}

// SaveView keeps a view under a name, in place of one of the same name.
func (a *App) SaveView(ctx context.Context, who access.Actor, actionID string, view agency.SavedView) error {
	return a.changeViews(ctx, who, actionID, view, func(v agency.SavedViews) (agency.SavedViews, error) { return v.With(view) })
}

// DropView forgets a view.
func (a *App) DropView(ctx context.Context, who access.Actor, actionID, name string) error {
	return a.changeViews(ctx, who, actionID, name, func(v agency.SavedViews) (agency.SavedViews, error) { return v.Without(name) })
}

func (a *App) changeViews(ctx context.Context, who access.Actor, action string, body any, change func(agency.SavedViews) (agency.SavedViews, error)) error {
	root := store.SavedViewRoot(who.ID)
	w := store.Write{Actor: by(who), Action: action, Body: body, Roots: []store.Root{root}}
	_, err := store.Do(ctx, a.store, w, func(v *store.View) (string, error) {
		have, _ := store.Load[agency.SavedViews](v, root)
		have.Staff = who.ID
		next, err := change(have)
		if err != nil {
			return "", err
		}
		_, err = store.Record[agency.SavedViews](v, root, store.EventViewsSaved, 1, "", next)
		return who.ID, err
	})
	return err
}
