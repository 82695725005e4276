package app

import (
	"context"
	"sync"
	"time"

	"github.com/motcua/motcua/internal/job"
	"github.com/motcua/motcua/internal/store"
)

// HoldLadder keeps the background from running the ladder until release is called.
// Whoever makes history holds it and runs the ladder itself at the time of the
// story: by the real clock, all of a half-made past would look overdue.
func (a *App) HoldLadder() (release func()) {
	a.ladderHeld.Add(1)
	return sync.OnceFunc(func() { a.ladderHeld.Add(-1) })
}

// Work gives a runner the background work of the use cases: what writes leave in
// the outbox, and what recurs. Every node runs it; each job runs on one.
func (a *App) Work(r *job.Runner) {
	r.Every(job.Periodic{Name: "steps.measure", Every: measureEvery, Timeout: measureTimeout, Run: a.MeasureSteps})
	r.Every(job.Periodic{Name: "ladder", Every: ladderEvery, Run: func(ctx context.Context) error {
		if a.ladderHeld.Load() > 0 {
			return nil
		}
		_, err := a.Ladder(ctx, time.Time{})
		return err
	}})
	r.Handle(job.Kind{Name: recomputeJob, Run: a.recompute})
	r.Every(job.Periodic{Name: "reorganisation", Every: reorganiseEvery, Run: a.ApplyDueReorganisations})
	r.Handle(job.Kind{Name: reorganiseJob, Run: a.follow})
	r.Handle(job.Kind{Name: store.MessageJob, Run: a.deliver, Attempts: messageTries})
}
