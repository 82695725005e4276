package app

import (
	"context"

	"github.com/motcua/motcua/internal/store"
)

// RunRecompute carries a change of calendar through, without a runner.
func (a *App) RunRecompute(ctx context.Context, revision string) error {
	return a.recompute(ctx, store.Job{Payload: recompute(recomputation{Revision: revision}, a.wall()).Payload})
}

// RunFollow lets open dossiers follow a change of the organisation, or go back,
// without a runner.
func (a *App) RunFollow(ctx context.Context, change string, again bool) error {
	return a.follow(ctx, store.Job{Payload: followJob(following{ID: change, Again: again}, a.wall()).Payload})
}
