package job_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/motcua/motcua/internal/core/journal"
	"github.com/motcua/motcua/internal/job"
	"github.com/motcua/motcua/internal/store"
	"github.com/motcua/motcua/internal/store/storetest"
)

// enqueue hands jobs over in one write.
func enqueue(t testing.TB, s *store.Store, jobs ...store.Outbox) {
	t.Helper()
	w := store.Write{Actor: journal.Actor{Principal: "staff-1"}}
	_, err := store.Do(t.Context(), s, w, func(v *store.View) (int, error) {
		for _, o := range jobs {
			if o.Payload == nil {
				o.Payload = []byte(`{}`)
			}
			v.Enqueue(o)
		}
		return len(jobs), nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// start runs r until the test or stop ends it, whichever is first.
func start(t testing.TB, r *job.Runner) (stop func()) {
	ctx, cancel := context.WithCancel(context.Background())
	var wg sync.WaitGroup
	wg.Go(func() {
		if err := r.Run(ctx); err != nil {
			t.Errorf("Run() = %v", err)
		}
	})
	stop = sync.OnceFunc(func() { cancel(); wg.Wait() })
	t.Cleanup(stop)
	return stop
}

func quick() job.Options {
	return job.Options{Poll: 5 * time.Millisecond, Backoff: func(int) time.Duration { return 0 }}
}

func newRunner(s *store.Store, opt job.Options) *job.Runner {
	return job.New(s, slog.New(slog.DiscardHandler), opt)
}

func counts(t testing.TB, s *store.Store) store.JobCount {
	t.Helper()
	n, err := s.JobCounts(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestJobsOfOneKeyRunInOrderAndOthersBesideThem(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		const keys, each = 5, 40
		var mu sync.Mutex
		ran := map[string][]string{}
		all := make(chan struct{}, keys*each)
		r := newRunner(s, quick())
		r.Handle(job.Kind{Name: "notice", Run: func(_ context.Context, j store.Job) error {
			mu.Lock()
			defer mu.Unlock()
			ran[j.Key] = append(ran[j.Key], string(j.Payload))
			all <- struct{}{}
			return nil
		}})
		var jobs []store.Outbox
		want := map[string][]string{}
		for n := range each {
			for k := range keys {
				key, payload := fmt.Sprintf("dossier-%d", k), fmt.Sprintf(`{"n":%d}`, n)
				want[key] = append(want[key], payload)
				jobs = append(jobs, store.Outbox{Kind: "notice", Key: key, Payload: []byte(payload)})
			}
		}
		enqueue(t, s, jobs...)
		stop := start(t, r)
		for range keys * each {
			<-all
		}
		stop()
		for key := range want {
			if !slices.Equal(ran[key], want[key]) {
				t.Errorf("jobs of %s ran as %v, want in order", key, ran[key])
			}
		}
		if got := counts(t, s); got != (store.JobCount{}) {
			t.Errorf("JobCounts() = %+v, want none left", got)
		}
	})
}

func TestFailuresAreTriedAgainAndGivenUpVisibly(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		var tries sync.Map // kind → *atomic.Int64
		count := func(kind string) int64 {
			n, _ := tries.LoadOrStore(kind, &atomic.Int64{})
			return n.(*atomic.Int64).Add(1)
		}
		done := make(chan string, 10)
		r := newRunner(s, quick())
		r.Handle(job.Kind{Name: "third.time", Run: func(_ context.Context, j store.Job) error {
			if count(j.Kind) < 3 {
				return errors.New("no answer")
			}
			done <- j.Kind
			return nil
		}})
		r.Handle(job.Kind{Name: "never", Attempts: 4, Run: func(_ context.Context, j store.Job) error {
			count(j.Kind)
			return errors.New("refused for the reason of this test")
		}})
		r.Handle(job.Kind{Name: "hopeless", Run: func(_ context.Context, j store.Job) error {
			count(j.Kind)
			return job.Permanent(errors.New("unreadable payload"))
		}})
		r.Handle(job.Kind{Name: "panics", Attempts: 2, Run: func(_ context.Context, j store.Job) error {
			count(j.Kind)
			panic("out of bounds")
		}})
		// A job behind a dead one of the same key does run: dead ones hold up nobody.
		r.Handle(job.Kind{Name: "after", Run: func(_ context.Context, j store.Job) error { done <- j.Kind; return nil }})
		enqueue(t, s, store.Outbox{Kind: "third.time"}, store.Outbox{Kind: "never", Key: "k"}, store.Outbox{Kind: "hopeless"},
			store.Outbox{Kind: "panics"}, store.Outbox{Kind: "unknown.to.us"}, store.Outbox{Kind: "after", Key: "k"})
		stop := start(t, r)
		got := []string{<-done, <-done}
		slices.Sort(got)
		if !slices.Equal(got, []string{"after", "third.time"}) {
			t.Errorf("succeeded: %v", got)
		}
		waitFor(t, s, func(c store.JobCount) bool { return c.Dead == 4 && c.Ready == 0 && c.Claimed == 0 })
		stop()
		dead, err := s.DeadJobs(t.Context(), 10)
		if err != nil {
			t.Fatal(err)
		}
		want := map[string]struct {
			attempts int
			reason   string
		}{
			"never":         {4, "refused for the reason of this test"},
			"hopeless":      {1, "unreadable payload"},
			"panics":        {2, "panic: out of bounds"},
			"unknown.to.us": {12, "does not know"},
		}
		for _, d := range dead {
			w := want[d.Kind]
			delete(want, d.Kind)
			if d.Attempts != w.attempts || !strings.Contains(d.Reason, w.reason) {
				t.Errorf("dead %s: %d attempts, %q; want %d, %q", d.Kind, d.Attempts, d.Reason, w.attempts, w.reason)
			}
		}
		if len(want) > 0 {
			t.Errorf("not dead: %v", want)
		}
		if n, _ := tries.Load("never"); n.(*atomic.Int64).Load() != 4 {
			t.Errorf("never was tried %d times, want 4", n.(*atomic.Int64).Load())
		}
		if ok, err := s.ReviveJob(t.Context(), dead[0].ID); err != nil || !ok {
			t.Errorf("ReviveJob() = %v, %v, want true", ok, err)
		}
		if ok, err := s.ReviveJob(t.Context(), dead[0].ID); err != nil || ok {
			t.Errorf("ReviveJob() of a job that lives = %v, %v, want false", ok, err)
		}
		if got := counts(t, s); got.Ready != 1 || got.Dead != 3 {
			t.Errorf("after a revival JobCounts() = %+v", got)
		}
	})
}

// waitFor looks at the counts after each commit of the runner's notes, which
// travel with no event: it looks again whenever a job changes hands.
func waitFor(t testing.TB, s *store.Store, ok func(store.JobCount) bool) {
	t.Helper()
	tick := time.NewTicker(2 * time.Millisecond)
	defer tick.Stop()
	for range tick.C {
		if ok(counts(t, s)) {
			return
		}
		if t.Context().Err() != nil {
			t.Fatalf("jobs stay at %+v", counts(t, s))
		}
	}
}

func TestTwoNodesShareTheWorkAndEverySlot(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		const n = 300
		var ran sync.Map
		var slots atomic.Int64
		all := make(chan struct{}, n+2)
		for node := range 2 {
			opt := quick()
			opt.Node = fmt.Sprintf("node-%d", node)
			r := newRunner(s, opt)
			r.Handle(job.Kind{Name: "notice", Run: func(_ context.Context, j store.Job) error {
				if _, twice := ran.LoadOrStore(j.ID, node); twice {
					t.Errorf("job %d ran twice", j.ID)
				}
				all <- struct{}{}
				return nil
			}})
			// A slot of this length has begun and does not end during the test.
			r.Every(job.Periodic{Name: "ages", Every: 365 * 24 * time.Hour, Run: func(context.Context) error {
				slots.Add(1)
				all <- struct{}{}
				return nil
			}})
			start(t, r)
		}
		jobs := make([]store.Outbox, n)
		for i := range jobs {
			jobs[i].Kind = "notice"
		}
		enqueue(t, s, jobs...)
		for range n + 1 {
			<-all
		}
		waitFor(t, s, func(c store.JobCount) bool { return c == store.JobCount{} })
		if got := slots.Load(); got != 1 {
			t.Errorf("the slot ran %d times, want once", got)
		}
	})
}

// inBubble runs fn with a store on a clock that jumps when nobody works.
func inBubble(t *testing.T, fn func(t *testing.T, s *store.Store)) {
	path := filepath.Join(t.TempDir(), "test.db")
	synctest.Test(t, func(t *testing.T) {
		fn(t, storetest.Open(t, "sqlite:"+path, store.Options{}))
	})
}

// pass lets the bubble's clock run.
func pass(d time.Duration) { <-time.After(d) }

func TestPeriodicWorkRunsOncePerSlot(t *testing.T) {
	inBubble(t, func(t *testing.T, s *store.Store) {
		var mu sync.Mutex
		var at []time.Time
		r := newRunner(s, job.Options{})
		r.Every(job.Periodic{Name: "sweep", Every: time.Hour, Run: func(context.Context) error {
			mu.Lock()
			defer mu.Unlock()
			at = append(at, time.Now())
			return nil
		}})
		begin := time.Now() // the bubble's clock begins at a full hour
		stop := start(t, r)
		pass(4*time.Hour + time.Minute)
		stop()
		if len(at) != 5 {
			t.Fatalf("ran at %v, want at 5 slots", at)
		}
		for i, when := range at {
			if late := when.Sub(begin.Add(time.Duration(i) * time.Hour)); late < 0 || late > time.Second {
				t.Errorf("slot %d ran %s after its beginning", i, late)
			}
		}
		stop = start(t, r) // the same slot again: finished already
		pass(time.Minute)
		stop()
		if len(at) != 5 {
			t.Errorf("a finished slot ran again: %v", at)
		}
	})
}

func TestBackoffGrowsAndEnds(t *testing.T) {
	inBubble(t, func(t *testing.T, s *store.Store) {
		var at []time.Time
		r := newRunner(s, job.Options{Workers: 1})
		r.Handle(job.Kind{Name: "never", Run: func(context.Context, store.Job) error {
			at = append(at, time.Now())
			return errors.New("no")
		}})
		enqueue(t, s, store.Outbox{Kind: "never"})
		stop := start(t, r)
		pass(24 * time.Hour)
		stop()
		if len(at) != 12 {
			t.Fatalf("tried %d times, want 12", len(at))
		}
		for i := 1; i < len(at); i++ {
			full := min(time.Hour, 10*time.Second<<(i-1))
			if wait := at[i].Sub(at[i-1]); wait < full/2 || wait > full+3*time.Second {
				t.Errorf("wait %d was %s, want between %s and %s", i, wait, full/2, full)
			}
		}
		if got := counts(t, s); got.Dead != 1 {
			t.Errorf("JobCounts() = %+v, want one dead", got)
		}
	})
}

func TestWorkOfADeadNodeIsTakenOver(t *testing.T) {
	inBubble(t, func(t *testing.T, s *store.Store) {
		enqueue(t, s, store.Outbox{Kind: "notice"})
		jobs, err := s.ClaimJobs(t.Context(), "dead", 10, 5*time.Minute)
		if err != nil || len(jobs) != 1 {
			t.Fatalf("ClaimJobs() = %v, %v", jobs, err)
		}
		died := time.Now()
		ran := make(chan time.Duration, 1)
		r := newRunner(s, job.Options{})
		r.Handle(job.Kind{Name: "notice", Run: func(_ context.Context, j store.Job) error {
			ran <- time.Since(died)
			return nil
		}})
		start(t, r)
		if after := <-ran; after < 5*time.Minute || after > 5*time.Minute+5*time.Second {
			t.Errorf("taken over after %s, want at the end of the lease", after)
		}
	})
}

func TestAJobThatKillsItsNodeIsGivenUp(t *testing.T) {
	inBubble(t, func(t *testing.T, s *store.Store) {
		enqueue(t, s, store.Outbox{Kind: "deadly"})
		for range 3 { // three nodes claim it and are never seen again
			if jobs, err := s.ClaimJobs(t.Context(), "dead", 10, time.Minute); err != nil || len(jobs) != 1 {
				t.Fatalf("ClaimJobs() = %v, %v", jobs, err)
			}
			pass(time.Minute)
		}
		r := newRunner(s, job.Options{})
		r.Handle(job.Kind{Name: "deadly", Attempts: 3, Run: func(context.Context, store.Job) error {
			t.Error("ran a fourth time")
			return nil
		}})
		start(t, r)
		pass(10 * time.Second)
		if dead, err := s.DeadJobs(t.Context(), 10); err != nil || len(dead) != 1 || dead[0].Reason != "no attempt came to an end" {
			t.Errorf("DeadJobs() = %+v, %v", dead, err)
		}
	})
}

func TestAStopWaitsForWhatHasBegunAndGivesBackTheRest(t *testing.T) {
	inBubble(t, func(t *testing.T, s *store.Store) {
		begun := make(chan struct{}, 10)
		var finished atomic.Int64
		r := newRunner(s, job.Options{Workers: 2, Grace: time.Minute})
		r.Handle(job.Kind{Name: "slow", Run: func(ctx context.Context, _ store.Job) error {
			begun <- struct{}{}
			select {
			case <-time.After(20 * time.Second):
				finished.Add(1)
				return nil
			case <-ctx.Done():
				return ctx.Err()
			}
		}})
		enqueue(t, s, slices.Repeat([]store.Outbox{{Kind: "slow"}}, 10)...)
		stop := start(t, r)
		<-begun
		<-begun
		stop()
		if got := finished.Load(); got != 2 {
			t.Errorf("%d jobs finished, want the 2 that had begun", got)
		}
		if got := counts(t, s); got.Ready != 8 || got.Claimed != 0 {
			t.Errorf("JobCounts() = %+v, want 8 ready", got)
		}
		jobs, err := s.ClaimJobs(t.Context(), "next", 10, time.Minute)
		if err != nil || len(jobs) != 8 || jobs[0].Attempts != 1 {
			t.Errorf("the next node claims %d jobs, first %+v, %v; want 8 on their first attempt", len(jobs), jobs[:min(1, len(jobs))], err)
		}
	})
}

func TestAStopDoesNotWaitForEver(t *testing.T) {
	inBubble(t, func(t *testing.T, s *store.Store) {
		begun := make(chan struct{})
		r := newRunner(s, job.Options{Grace: 5 * time.Second})
		r.Handle(job.Kind{Name: "stuck", Timeout: time.Hour, Run: func(ctx context.Context, _ store.Job) error {
			close(begun)
			<-ctx.Done()
			return ctx.Err()
		}})
		enqueue(t, s, store.Outbox{Kind: "stuck"})
		stop := start(t, r)
		<-begun
		at := time.Now()
		stop()
		if took := time.Since(at); took != 5*time.Second {
			t.Errorf("the stop took %s, want the grace of 5s", took)
		}
		if got := counts(t, s); got.Ready != 1 {
			t.Errorf("JobCounts() = %+v, want the job to be tried again", got)
		}
	})
}

func TestAttemptsEndAtTheirTimeout(t *testing.T) {
	inBubble(t, func(t *testing.T, s *store.Store) {
		r := newRunner(s, job.Options{})
		r.Handle(job.Kind{Name: "stuck", Attempts: 1, Timeout: 3 * time.Second, Run: func(ctx context.Context, _ store.Job) error {
			<-ctx.Done()
			return ctx.Err()
		}})
		enqueue(t, s, store.Outbox{Kind: "stuck"})
		start(t, r)
		pass(10 * time.Second)
		if got := counts(t, s); got.Dead != 1 {
			t.Errorf("JobCounts() = %+v, want the job given up", got)
		}
	})
}

func TestALongQueueOfSlowJobsDoesNotOutliveItsLeases(t *testing.T) {
	inBubble(t, func(t *testing.T, s *store.Store) {
		var ran sync.Map
		for _, node := range []string{"a", "b"} {
			r := newRunner(s, job.Options{Node: node, Workers: 1, Grace: time.Second})
			r.Handle(job.Kind{Name: "slow", Timeout: time.Minute, Run: func(_ context.Context, j store.Job) error {
				if _, twice := ran.LoadOrStore(j.ID, node); twice {
					t.Errorf("job %d ran twice", j.ID)
				}
				pass(50 * time.Second)
				return nil
			}})
			start(t, r)
		}
		enqueue(t, s, slices.Repeat([]store.Outbox{{Kind: "slow"}}, 30)...)
		pass(time.Hour)
		n := 0
		ran.Range(func(any, any) bool { n++; return true })
		if n != 30 {
			t.Errorf("%d jobs ran, want 30", n)
		}
		if got := counts(t, s); got != (store.JobCount{}) {
			t.Errorf("JobCounts() = %+v, want none left", got)
		}
	})
}

// BenchmarkRun measures jobs that do nothing, from the table and back.
func BenchmarkRun(b *testing.B) {
	bench := func(b *testing.B, url string) {
		s := storetest.Open(b, url, store.Options{})
		for left := b.N; left > 0; left -= 1000 {
			enqueue(b, s, slices.Repeat([]store.Outbox{{Kind: "nothing"}}, min(left, 1000))...)
		}
		all := make(chan struct{}, b.N)
		r := newRunner(s, job.Options{})
		r.Handle(job.Kind{Name: "nothing", Run: func(context.Context, store.Job) error { all <- struct{}{}; return nil }})
		b.ResetTimer()
		start(b, r)
		for range b.N {
			<-all
		}
		b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "jobs/s")
	}
	b.Run("sqlite", func(b *testing.B) { bench(b, "sqlite:"+filepath.Join(b.TempDir(), "b.db")) })
	b.Run("postgres", func(b *testing.B) { bench(b, storetest.Postgres(b)) })
}
