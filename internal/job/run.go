package job

import (
	"context"
	"errors"
	"runtime/debug"
	"sync"
	"time"

	"github.com/motcua/motcua/internal/store"
)

// claimed is a job in this node's hands until its lease ends.
type claimed struct {
	store.Job
	until time.Time
}

// outcome is one finished attempt.
type outcome struct {
	job   claimed
	err   error
	stale bool // its lease was too far gone to begin
}

// crew is one Run: its workers and what they have in hand.
type crew struct {
	r        *Runner
	todo     chan claimed // not begun
	finished chan outcome
	inHand   int // claimed and not settled
	workers  sync.WaitGroup
}

// Run claims and runs jobs until ctx ends. Then it claims no more, gives back
// what it has not begun, waits for what it has begun, whose contexts end after
// Grace, and returns nil. A database that does not answer is tried again; it
// does not end Run.
func (r *Runner) Run(ctx context.Context) error {
	work, stopWork := context.WithCancel(context.WithoutCancel(ctx))
	defer stopWork()
	c := &crew{r: r, todo: make(chan claimed, batch), finished: make(chan outcome, batch)}
	for range r.opt.Workers {
		c.workers.Go(func() { c.work(work) })
	}
	c.direct(ctx)

	grace := time.AfterFunc(r.opt.Grace, stopWork)
	defer grace.Stop()
	c.giveBack(ctx)
	close(c.todo)
	for c.inHand > 0 {
		c.settle(ctx, []outcome{<-c.finished})
	}
	c.workers.Wait()
	return nil
}

// work runs jobs one after the other until there are no more.
func (c *crew) work(ctx context.Context) {
	for j := range c.todo {
		if c.r.opt.Clock().Add(c.r.timeout(j.Kind)).After(j.until) {
			c.finished <- outcome{job: j, stale: true}
			continue
		}
		c.finished <- outcome{job: j, err: c.r.try(ctx, j.Job)}
	}
}

// direct claims, hands out and settles until ctx ends.
func (c *crew) direct(ctx context.Context) {
	committed := c.r.store.Watch(ctx)
	for ctx.Err() == nil {
		wait := c.r.opt.Poll
		slot, err := c.r.makeSlots(ctx)
		var due time.Time
		if err == nil {
			due, err = c.claim(ctx)
		}
		if err != nil && ctx.Err() == nil {
			c.r.log.Warn("background work waits for the database", "error", err)
		}
		now := c.r.opt.Clock()
		for _, at := range []time.Time{slot, due} {
			if at.After(now) {
				wait = min(wait, at.Sub(now))
			}
		}
		if !c.rest(ctx, committed, wait) {
			committed = nil // the store is closed: only the time wakes us
		}
	}
}

// claim fills up what is in hand, in steps that are worth a transaction, and
// returns when the next job is due, if that is known and to come.
func (c *crew) claim(ctx context.Context) (time.Time, error) {
	room := batch - c.inHand
	if room < batch/2 {
		return time.Time{}, nil
	}
	due, err := c.r.store.NextJob(ctx)
	now := c.r.opt.Clock()
	if err != nil || due.IsZero() || due.After(now) {
		return due, err // most looks end here, without a write
	}
	lease := c.r.lease()
	jobs, err := c.r.store.ClaimJobs(ctx, c.r.opt.Node, room, lease)
	if err != nil {
		return time.Time{}, err
	}
	for _, j := range jobs {
		c.todo <- claimed{j, now.Add(lease)} // there is room: it holds a batch
	}
	c.inHand += len(jobs)
	if len(jobs) == room {
		return time.Time{}, nil
	}
	return c.r.store.NextJob(ctx)
}

// rest waits for finished jobs, which it settles, for a commit that may have
// brought new ones, or for the time. It answers false when committed is closed.
func (c *crew) rest(ctx context.Context, committed <-chan int64, wait time.Duration) bool {
	timer := time.NewTimer(wait)
	defer timer.Stop()
	var done []outcome
	select {
	case <-ctx.Done():
	case o := <-c.finished:
		done = c.gather(o)
	case _, open := <-committed:
		return open
	case <-timer.C:
	}
	c.settle(ctx, done)
	return true
}

// gatherFor is how long a finished job waits for others to be noted with it.
const gatherFor = 5 * time.Millisecond

// gather collects finished jobs until they are worth a transaction.
func (c *crew) gather(first outcome) []outcome {
	done := []outcome{first}
	timer := time.NewTimer(gatherFor)
	defer timer.Stop()
	for len(done) < min(batch/2, c.inHand) {
		select {
		case o := <-c.finished:
			done = append(done, o)
		case <-timer.C:
			return done
		}
	}
	return done
}

// noteFor bounds the writing of one note, which goes on after a stop.
const noteFor = 10 * time.Second

// settle notes how attempts ended. What cannot be noted now runs out of its
// lease and is tried again: at least once is the promise.
func (c *crew) settle(ctx context.Context, done []outcome) {
	if len(done) == 0 {
		return
	}
	c.inHand -= len(done)
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), noteFor)
	defer cancel()
	var complete, stale []int64
	for _, o := range done {
		switch {
		case o.stale:
			stale = append(stale, o.job.ID)
		case o.err == nil:
			complete = append(complete, o.job.ID)
		default:
			if err := c.settleFailed(ctx, o); err != nil {
				c.r.log.Error("the failure of a job could not be noted", "job", o.job.ID, "kind", o.job.Kind, "error", err)
			}
		}
	}
	c.release(ctx, stale)
	if err := c.r.store.CompleteJobs(ctx, complete...); err != nil {
		c.r.log.Error("finished jobs could not be noted and will run again", "jobs", len(complete), "error", err)
	}
}

func (c *crew) settleFailed(ctx context.Context, o outcome) error {
	var p permanent
	if errors.As(o.err, &p) || o.job.Attempts >= c.r.attempts(o.job.Kind) {
		c.r.log.Error("a job was given up", "job", o.job.ID, "kind", o.job.Kind, "attempts", o.job.Attempts, "error", o.err)
		return c.r.store.BuryJob(ctx, o.job.ID, o.err.Error())
	}
	wait := c.r.opt.Backoff(o.job.Attempts)
	c.r.log.Warn("a job failed and will be tried again", "job", o.job.ID, "kind", o.job.Kind, "attempt", o.job.Attempts, "in", wait, "error", o.err)
	return c.r.store.RetryJob(ctx, o.job.ID, c.r.opt.Clock().Add(wait), o.err.Error())
}

// giveBack releases what was claimed and not begun.
func (c *crew) giveBack(ctx context.Context) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), noteFor)
	defer cancel()
	var ids []int64
	for {
		select {
		case j := <-c.todo:
			ids = append(ids, j.ID)
			continue
		default:
		}
		break
	}
	c.inHand -= len(ids)
	c.release(ctx, ids)
}

func (c *crew) release(ctx context.Context, ids []int64) {
	if err := c.r.store.ReleaseJobs(ctx, c.r.opt.Node, ids...); err != nil {
		c.r.log.Warn("claimed jobs could not be given back and wait for the end of their lease", "jobs", len(ids), "error", err)
	}
}

func (r *Runner) logPanic(j store.Job, p any) {
	r.log.Error("a job panicked", "job", j.ID, "kind", j.Kind, "panic", p, "stack", string(debug.Stack()))
}
