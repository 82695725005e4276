// Package bench measures the use cases against what the bare driver of the same
// database reaches with the same rows on the same machine, turn by turn in one
// run: machines differ and are shared, a ratio within one run tells.
package bench

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/motcua/motcua/internal/app"
	"github.com/motcua/motcua/internal/core/fault"
	"github.com/motcua/motcua/internal/simulate"
	"github.com/motcua/motcua/internal/store"
)

// Place is what is measured: a founded centre whose store keeps a tape.
type Place struct {
	App    *app.App
	Tape   *store.Tape
	URL    string // of the database; the limit's lies beside it
	Folder string // where an SQLite limit may lie for the while
}

// Options say what is measured and for how long.
type Options struct {
	Name    string
	Clients int
	Length  time.Duration // of the product's turns together
	Seed    uint64
	Say     func(key string, args fault.Args)
}

// Result is a figure in the form of the outside contract. Of a write an
// operation is one command.
type Result struct {
	Name           string  `json:"name"`
	Engine         string  `json:"engine"`
	Dossiers       int64   `json:"dossiers"` // at the beginning
	Clients        int     `json:"clients"`
	Operations     int     `json:"operations"`
	PerSecond      float64 `json:"perSecond"`
	P50            float64 `json:"p50Ms"`
	P95            float64 `json:"p95Ms"`
	P99            float64 `json:"p99Ms"`
	Errors         int     `json:"errors"`
	LimitPerSecond float64 `json:"limitPerSecond"`
	RatioToLimit   float64 `json:"ratioToLimit"`

	Group int   `json:"-"` // median number of commands that were committed together
	First error `json:"-"` // the first of the errors
}

// benches are what can be measured.
var benches = map[string]func(ctx context.Context, r *run) error{
	"intake":   intake,
	"process":  process,
	"worklist": worklist,
	"search":   search,
	"track":    track,
	"open":     open,
	"due":      due,
}

// Names lists what can be measured, in order.
func Names() []string {
	var names []string
	for name := range benches {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// Run measures one thing. It fails with fault.Invalid "bench.unknown" for a name
// that is not in Names.
func Run(ctx context.Context, p Place, o Options) (Result, error) {
	measure, ok := benches[o.Name]
	if !ok {
		return Result{}, fault.New(fault.Invalid, "bench.unknown", fault.Args{"name": o.Name})
	}
	r := &run{Place: p, Options: o, store: p.App.Store()}
	var err error
	if r.visits, err = simulate.NewVisits(ctx, p.App, o.Seed); err != nil {
		return Result{}, err
	}
	r.res = Result{Name: o.Name, Engine: r.store.Engine(), Clients: o.Clients}
	if r.res.Dossiers, err = r.store.CountDossiers(ctx); err != nil {
		return Result{}, err
	}
	r.people = int(r.res.Dossiers) * 2
	if err := measure(ctx, r); err != nil {
		return r.res, fmt.Errorf("measure %s: %w", o.Name, err)
	}
	return r.res, nil
}

// run is one measurement.
type run struct {
	Place
	Options
	store  *store.Store
	visits *simulate.Visits
	people int // visitors that have come already
	res    Result

	times       []time.Duration // of each operation
	took, limit time.Duration
	limited     int // operations that the limit carried out
	warm        bool
}

// turns is in how many turns the time is divided, so that product and limit
// share the machine's good and bad moments.
const turns = 5

// eachTurn calls turn for one turn that warms up and is not counted, and then
// for the turns that are.
func (r *run) eachTurn(ctx context.Context, turn func(length time.Duration) error) error {
	length := r.Length / turns
	for i := range turns + 1 {
		r.warm = i > 0
		if err := turn(length); err != nil {
			return err
		}
		if err := ctx.Err(); err != nil {
			return err
		}
	}
	r.conclude()
	return nil
}

// add counts a turn of the product: how long it took and its operations.
func (r *run) add(took time.Duration, s stroke) {
	if !r.warm {
		return
	}
	r.took += took
	r.times = append(r.times, s.times...)
	r.res.Errors += s.errors
	if r.res.First == nil {
		r.res.First = s.first
	}
}

// addLimit counts a turn of the limit.
func (r *run) addLimit(took time.Duration, operations int) {
	if r.warm {
		r.limit += took
		r.limited += operations
	}
}

// conclude makes figures of what was counted.
func (r *run) conclude() {
	slices.Sort(r.times)
	r.res.Operations = len(r.times)
	r.res.PerSecond = rate(len(r.times), r.took)
	r.res.P50, r.res.P95, r.res.P99 = percentile(r.times, 50), percentile(r.times, 95), percentile(r.times, 99)
	r.res.LimitPerSecond = rate(r.limited, r.limit)
	if r.res.LimitPerSecond > 0 {
		r.res.RatioToLimit = r.res.PerSecond / r.res.LimitPerSecond
	}
}

func rate(n int, d time.Duration) float64 {
	if d <= 0 {
		return 0
	}
	return float64(n) / d.Seconds()
}

// percentile of sorted times, in milliseconds.
func percentile(sorted []time.Duration, p int) float64 {
	if len(sorted) == 0 {
		return 0
	}
	at := min(len(sorted)*p/100, len(sorted)-1)
	return float64(sorted[at].Microseconds()) / 1000
}

// errDone ends a client's turn before its time: there is nothing left to do.
var errDone = errors.New("nothing left to do")
