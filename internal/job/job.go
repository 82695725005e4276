// Package job runs the background work that writes leave in the database: it
// claims jobs in batches, runs them side by side, tries failed ones again and
// gives them up visibly after too many attempts. Work that recurs is a job too,
// one for each slot of time, made by whichever node comes first.
//
// A job runs at least once: a node may die between the work and its note. Run
// functions therefore use the job's id where the outside can recognise a
// repetition. Jobs of one key run one after the other.
//
//	r := job.New(st, log, job.Options{})
//	r.Handle(job.Kind{Name: "notice", Run: sendNotice})
//	r.Every(job.Periodic{Name: "files.sweep", Every: time.Hour, Run: sweep})
//	err := r.Run(ctx) // until ctx ends and everything begun has ended
package job

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"time"

	"github.com/motcua/motcua/internal/store"
)

// Kind is one kind of work and how it is treated.
type Kind struct {
	Name string
	// Run does the work. Its context ends after Timeout, and when the program
	// stops and has waited long enough.
	Run func(ctx context.Context, j store.Job) error
	// Attempts is after how many failures the job is given up; 0 is 12, which
	// with the usual waits is about a working day.
	Attempts int
	// Timeout bounds one attempt; 0 is a minute.
	Timeout time.Duration
}

// Periodic is work that recurs. Its slots are counted from the Unix epoch, so
// that all nodes agree on them; slots that pass while no node runs are left out.
type Periodic struct {
	Name  string
	Every time.Duration
	Run   func(ctx context.Context) error
	// Timeout bounds one run; 0 is a minute.
	Timeout time.Duration
}

// Options are the runner's settings; zero values are the usual ones.
type Options struct {
	Node    string           // who claims, unique among nodes; empty makes one
	Workers int              // jobs run side by side; 0 is 8
	Poll    time.Duration    // longest wait before looking again; 0 is 2 s
	Grace   time.Duration    // how long begun jobs may go on after a stop; 0 is 10 s
	Clock   func() time.Time // real time, the same as the store's; nil is time.Now
	// Backoff is the wait after a failed attempt, counted from 1; nil doubles
	// from 10 s to an hour, with jitter.
	Backoff func(attempt int) time.Duration
}

const (
	usualAttempts = 12
	usualTimeout  = time.Minute
	firstWait     = 10 * time.Second
	longestWait   = time.Hour
	batch         = 100 // jobs claimed at a time, and completed at a time
)

// Permanent marks an error that another attempt cannot cure: the job is given
// up at once.
func Permanent(err error) error { return permanent{err} }

type permanent struct{ error }

func (p permanent) Unwrap() error { return p.error }

// backoff doubles from firstWait to longestWait; the jitter of up to a half
// keeps jobs that failed together from coming back together.
func backoff(attempt int) time.Duration {
	wait := longestWait
	if attempt < 10 {
		wait = min(wait, firstWait<<max(0, attempt-1))
	}
	return wait - rand.N(wait/2)
}

// Runner claims and runs jobs until it is stopped.
type Runner struct {
	store *store.Store
	log   *slog.Logger
	opt   Options
	kinds map[string]Kind
	slots []*slot
}

// slot is a Periodic and the slot that this node has made last.
type slot struct {
	Periodic
	made int64
}

// New returns a runner without kinds.
func New(s *store.Store, log *slog.Logger, opt Options) *Runner {
	if opt.Node == "" {
		opt.Node = fmt.Sprintf("node-%016x", rand.Uint64())
	}
	if opt.Workers <= 0 {
		opt.Workers = 8
	}
	if opt.Poll <= 0 {
		opt.Poll = 2 * time.Second
	}
	if opt.Grace <= 0 {
		opt.Grace = 10 * time.Second
	}
	if opt.Clock == nil {
		opt.Clock = time.Now
	}
	if opt.Backoff == nil {
		opt.Backoff = backoff
	}
	return &Runner{store: s, log: log, opt: opt, kinds: map[string]Kind{}}
}

// Handle adds a kind of work; before Run only. It panics when the name is taken.
func (r *Runner) Handle(k Kind) {
	if _, taken := r.kinds[k.Name]; taken || k.Name == "" || k.Run == nil {
		panic(fmt.Sprintf("job: kind %q is empty or handled twice", k.Name))
	}
	if k.Attempts <= 0 {
		k.Attempts = usualAttempts
	}
	if k.Timeout <= 0 {
		k.Timeout = usualTimeout
	}
	r.kinds[k.Name] = k
}

// periodicAttempts is how often one slot is tried: the next slot comes anyway.
const periodicAttempts = 3

// Every adds work that recurs; before Run only.
func (r *Runner) Every(p Periodic) {
	if p.Every < time.Second {
		panic(fmt.Sprintf("job: %s recurs every %s, want at least a second", p.Name, p.Every))
	}
	r.Handle(Kind{Name: p.Name, Attempts: periodicAttempts, Timeout: p.Timeout,
		Run: func(ctx context.Context, _ store.Job) error { return p.Run(ctx) }})
	r.slots = append(r.slots, &slot{Periodic: p})
}

// lease is how long a claim holds: long enough for the slowest kind to begin
// and to end.
func (r *Runner) lease() time.Duration {
	longest := usualTimeout
	for _, k := range r.kinds {
		longest = max(longest, k.Timeout)
	}
	return 2*longest + r.opt.Grace
}

// makeSlots enqueues the slots that have begun, and returns when the next does.
func (r *Runner) makeSlots(ctx context.Context) (time.Time, error) {
	var next time.Time
	now := r.opt.Clock()
	for _, s := range r.slots {
		n := now.UnixNano() / int64(s.Every)
		if n > s.made {
			began := time.Unix(0, n*int64(s.Every)).UTC()
			o := store.Outbox{Kind: s.Name, Key: "every:" + s.Name, Payload: []byte(`{}`)}
			if _, err := r.store.EnqueueSlot(ctx, o, began.Format(time.RFC3339)); err != nil {
				return next, fmt.Errorf("enqueue %s: %w", s.Name, err)
			}
			s.made = n
		}
		if at := time.Unix(0, (n+1)*int64(s.Every)); next.IsZero() || at.Before(next) {
			next = at
		}
	}
	return next, nil
}

// try runs one job once. A panic is a failed attempt.
func (r *Runner) try(ctx context.Context, j store.Job) (err error) {
	k, known := r.kinds[j.Kind]
	if !known {
		// A newer node may know it: wait for one, give up after a long time.
		return fmt.Errorf("this release does not know jobs of kind %q", j.Kind)
	}
	if j.Attempts > k.Attempts { // it never came to an end: killed, or out of its lease
		return Permanent(errors.New("no attempt came to an end"))
	}
	ctx, cancel := context.WithTimeout(ctx, k.Timeout)
	defer cancel()
	defer func() {
		if p := recover(); p != nil {
			r.logPanic(j, p)
			err = fmt.Errorf("panic: %v", p)
		}
	}()
	return k.Run(ctx, j)
}

// timeout bounds one attempt of a kind.
func (r *Runner) timeout(kind string) time.Duration {
	if k, known := r.kinds[kind]; known {
		return k.Timeout
	}
	return usualTimeout
}

// attempts is how often jobs of a kind are tried.
func (r *Runner) attempts(kind string) int {
	if k, known := r.kinds[kind]; known {
		return k.Attempts
	}
	return usualAttempts
}
