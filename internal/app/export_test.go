package app

import (
	"context"

	"github.com/motcua/motcua/internal/store"
)

// RunRecompute carries a change of calendar through, without a runner.
func (a *App) RunRecompute(ctx context.Context, revision string) error {
	return a.recompute(ctx, store.Job{Payload: recompute(recomputation{Revision: revision}, a.wall()).Payload})
}
