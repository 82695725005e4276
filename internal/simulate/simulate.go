// Package simulate makes history through the use cases with a moved clock:
// receptions, hand-overs, proposals, approvals, supplements, lateness, fees,
// returns. Nothing is written behind the use cases' back, so a simulated
// province obeys every rule that a real one does. People and papers are
// invented; the officers are those of the installation.
//
//	w, err := simulate.New(ctx, a, simulate.Options{From: from, To: to, PerDay: 60, Seed: 7})
//	stats, err := w.Run(ctx)  // the past
//	err = w.Live(ctx)         // and on, as the clock ticks
package simulate

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"sync"
	"time"

	"github.com/motcua/motcua/internal/app"
	"github.com/motcua/motcua/internal/core/civil"
	"github.com/motcua/motcua/internal/core/fault"
)

// UsualPerDay is how many receptions a working day has unless asked otherwise:
// three months are about 4,000 dossiers.
const UsualPerDay = 62

// Options say which history to make. The app must be a demo's: only there may
// acts happen at another time than now.
type Options struct {
	From, To time.Time // what would come after To stays open
	PerDay   int       // receptions a working day, about; 0 is UsualPerDay
	Seed     uint64    // the same seed makes the same stories
	Log      *slog.Logger
	Day      func(day civil.Date, so Stats) // called when a day is done
}

// Stats counts what was made.
type Stats struct {
	Days     int `json:"days"`
	Received int `json:"received"` // dossiers begun, online and guided ones included
	Acts     int `json:"acts"`
	Refused  int `json:"refused"` // acts that a rule refused

	Warned     int `json:"warned"`     // warnings before a promise was broken
	Broken     int `json:"broken"`     // promises found broken
	Apologised int `json:"apologised"` // apologies signed
}

// World is a simulated province: its stories and what happens next in them.
type World struct {
	app  *app.App
	opt  Options
	cal  *civil.Calendar
	cast *cast

	mu      sync.Mutex
	agenda  agenda
	seq     int
	stats   Stats
	refusal error // the first
	planned civil.Date
}

// New looks at the installation: who works where and what is received.
func New(ctx context.Context, a *app.App, opt Options) (*World, error) {
	opt.PerDay = cmp.Or(opt.PerDay, UsualPerDay)
	if opt.Log == nil {
		opt.Log = slog.New(slog.DiscardHandler)
	}
	if opt.Day == nil {
		opt.Day = func(civil.Date, Stats) {}
	}
	w := &World{app: a, opt: opt, cal: a.WorkCalendar(a.Centre().Code)}
	var err error
	w.cast, err = newCast(a, opt.Seed, civil.DateOf(opt.To))
	return w, err
}

// Stats is what has been made so far.
func (w *World) Stats() Stats {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.stats
}

// Run makes the history from From to To in the order of time, and runs the ladder
// of warnings along it. It stops at the first failure that is not a refusal by a
// rule.
func (w *World) Run(ctx context.Context) (Stats, error) {
	for day := civil.DateOf(w.opt.From); !day.After(civil.DateOf(w.opt.To)); day = day.AddDays(1) {
		if err := w.arrive(day, w.opt.From); err != nil {
			return w.Stats(), err
		}
		end := day.AddDays(1).At(0)
		if end.After(w.opt.To) {
			end = w.opt.To
		}
		for _, at := range w.rounds(day) {
			if at.Before(w.opt.From) || at.After(end) {
				continue
			}
			if err := w.until(ctx, at); err != nil {
				return w.Stats(), err
			}
			if err := w.watch(ctx, at); err != nil {
				return w.Stats(), err
			}
		}
		if err := w.until(ctx, end); err != nil {
			return w.Stats(), err
		}
		w.opt.Day(day, w.Stats())
	}
	return w.Stats(), nil
}

// Live goes on as the app's clock ticks, until ctx ends.
func (w *World) Live(ctx context.Context) error {
	for {
		now := w.app.Now()
		if today := civil.DateOf(now); today.After(w.planned) {
			if err := w.arrive(today, now); err != nil {
				return err
			}
		}
		if err := w.until(ctx, now); err != nil {
			return err
		}
		wait := min(max(w.untilNext(now), time.Second), time.Minute)
		timer := time.NewTimer(wait)
		select {
		case <-ctx.Done():
			timer.Stop()
			return nil
		case <-timer.C:
		}
	}
}

// until plays everything that is due before an instant. Stories go on side by
// side, as officers work; within one story, and within what takes the same
// number series, the order is that of time.
func (w *World) until(ctx context.Context, end time.Time) error {
	for {
		batch := w.take(end)
		if len(batch) == 0 {
			return nil
		}
		errs := make([]error, len(batch))
		var wait sync.WaitGroup
		for i, e := range batch {
			wait.Go(func() { errs[i] = w.play(ctx, e) })
		}
		wait.Wait()
		for _, err := range errs {
			if err != nil {
				return err
			}
		}
		if err := ctx.Err(); err != nil {
			return err
		}
	}
}

// play carries out one event. What a rule refuses ends the story: in a demo
// somebody has taken the dossier in hand himself.
func (w *World) play(ctx context.Context, e event) error {
	next, err := e.do(ctx)
	if err == nil {
		w.mu.Lock()
		w.stats.Acts++
		w.mu.Unlock()
		if next != nil {
			w.plan(*next)
		}
		return nil
	}
	switch fault.KindOf(err) {
	case fault.Conflict, fault.Invalid, fault.Forbidden, fault.NotFound:
		w.mu.Lock()
		w.stats.Refused++
		if w.refusal == nil {
			w.refusal = fmt.Errorf("%s at %s: %w", e.what, e.at.Format(time.RFC3339), err)
		}
		w.mu.Unlock()
		w.opt.Log.Info("simulation: a rule refused", "act", e.what, "at", e.at, "error", err)
		return nil
	}
	return fmt.Errorf("simulate %s at %s: %w", e.what, e.at.Format(time.RFC3339), err)
}

// Refusal is the first act that a rule refused, for tests.
func (w *World) Refusal() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.refusal
}

// dice are the chances of one story: the same for the same seed and story,
// however many stories go on beside it.
func (w *World) dice(day civil.Date, n int) *rand.Rand {
	key := uint64(day.Year())*10_000 + uint64(day.Month())*100 + uint64(day.Day())
	return rand.New(rand.NewPCG(w.opt.Seed, key<<20|uint64(n)))
}
