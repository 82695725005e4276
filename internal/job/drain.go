package job

import (
	"context"
	"time"
)

// Drain runs everything that can run now, one job after the other, and what
// those jobs leave behind, until nothing is left; it answers how many attempts
// it made. A simulation and tests use it, where the time of the work matters;
// a program that serves runs Run.
func (r *Runner) Drain(ctx context.Context) (int, error) {
	c := &crew{r: r}
	made := 0
	if _, err := r.makeSlots(ctx); err != nil {
		return made, err
	}
	for ctx.Err() == nil {
		jobs, err := r.store.ClaimJobs(ctx, r.opt.Node, batch, r.lease())
		if err != nil || len(jobs) == 0 {
			return made, err
		}
		c.inHand += len(jobs)
		done := make([]outcome, len(jobs))
		for i, j := range jobs {
			done[i] = outcome{job: claimed{j, time.Time{}}, err: r.try(ctx, j)}
		}
		made += len(jobs)
		c.settle(ctx, done)
	}
	return made, ctx.Err()
}
