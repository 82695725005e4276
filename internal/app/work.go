package app

import (
	"context"
	"time"

	"github.com/motcua/motcua/internal/job"
	"github.com/motcua/motcua/internal/store"
)

// Work gives a runner the background work of the use cases: what writes leave in
// the outbox, and what recurs. Every node runs it; each job runs on one.
func (a *App) Work(r *job.Runner) {
	r.Every(job.Periodic{Name: "steps.measure", Every: measureEvery, Timeout: measureTimeout, Run: a.MeasureSteps})
	r.Every(job.Periodic{Name: "ladder", Every: ladderEvery, Run: func(ctx context.Context) error {
		_, err := a.Ladder(ctx, time.Time{})
		return err
	}})
	r.Handle(job.Kind{Name: recomputeJob, Run: a.recompute})
	r.Handle(job.Kind{Name: store.MessageJob, Run: a.deliver, Attempts: messageTries})
}
