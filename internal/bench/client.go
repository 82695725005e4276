package bench

import (
	"context"
	"errors"
	"sync"
	"time"
)

// stroke is what the clients did in one turn.
type stroke struct {
	times  []time.Duration
	errors int
	first  error
}

// clients has n clients repeat do, each one after the other, until the length is
// over or do answers errDone. What fails is counted and not timed.
func clients(ctx context.Context, n int, length time.Duration, do func(ctx context.Context, client int) error) (time.Duration, stroke) {
	parts := make([]stroke, n)
	began := time.Now()
	end := began.Add(length)
	var wait sync.WaitGroup
	for c := range n {
		wait.Go(func() {
			s := &parts[c]
			for at := time.Now(); at.Before(end) && ctx.Err() == nil; {
				err := do(ctx, c)
				if errors.Is(err, errDone) {
					return
				}
				now := time.Now()
				if err == nil {
					s.times = append(s.times, now.Sub(at))
				} else {
					s.errors++
					if s.first == nil {
						s.first = err
					}
				}
				at = now
			}
		})
	}
	wait.Wait()
	took := time.Since(began)
	var all stroke
	for _, s := range parts {
		all.times = append(all.times, s.times...)
		all.errors += s.errors
		if all.first == nil {
			all.first = s.first
		}
	}
	return took, all
}
