// Package store is the database: every SQL statement of the program, its two
// engines, SQLite and PostgreSQL, and the one way in which anything changes.
//
// A change is a Write, a value that says who, under which action id, and which
// roots it reads. Do hands it to the store's writer, which decides it in memory
// together with whatever else waits and commits the whole group at once. What
// happened is appended to the journal; the tables that people search are
// projections of it, declared by a Kind and rebuilt from the journal at will.
package store

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/motcua/motcua/internal/core/fault"
	"github.com/motcua/motcua/internal/seal"
)

// Options are what a store needs besides its address.
type Options struct {
	// Clock is the legal time; nil is time.Now. A demo's clock may stand elsewhere.
	Clock func() time.Time
	// Wall is the real time of recording; nil is time.Now.
	Wall func() time.Time
	// Ring wraps the keys of subjects. Without it nothing can be sealed.
	Ring *seal.Ring
	Log  *slog.Logger
	// Migrate brings the schema to this release; without it an older schema is
	// refused with fault "store.schema_older".
	Migrate bool
	// Progress, when set, is told of each step of a migration or rebuild.
	Progress func(step string)
	// Tape, when set, keeps what is written, for measuring.
	Tape *Tape
	// Loading gives an SQLite file the memory that filling it takes; serving
	// needs no more than usual.
	Loading bool
}

// Store is one open database.
type Store struct {
	eng  engine
	opt  Options
	ring *seal.Ring
	log  *slog.Logger

	queue    chan *member
	access   chan *accessEntry
	ctx      context.Context // of the groups, not of any client
	stop     context.CancelFunc
	wg       sync.WaitGroup
	accessWG sync.WaitGroup // ends before the writers do
	gate     sync.RWMutex   // held for reading while submitting
	closed   bool

	broken  atomic.Pointer[error] // set when writing must stop
	known   seriesCache
	lastRec atomic.Int64 // latest recorded time given, so that it never runs back
	feed    feed
}

// queueLength bounds the writes that wait; further clients wait to submit.
const queueLength = 4096

// groupLimit bounds the members of one group.
const groupLimit = 256

// Open opens the database at url, "sqlite:PATH" or "postgres://…", and with
// Options.Migrate brings it to this release's schema.
//
// It fails with fault.Unavailable "store.locked" when another process serves the
// SQLite file, "store.schema_newer" when a later release has migrated it, and
// "store.schema_older" when it must be migrated first.
func Open(ctx context.Context, url string, opt Options) (*Store, error) {
	if opt.Clock == nil {
		opt.Clock = time.Now
	}
	if opt.Wall == nil {
		opt.Wall = time.Now
	}
	if opt.Log == nil {
		opt.Log = slog.New(slog.DiscardHandler)
	}
	if opt.Progress == nil {
		opt.Progress = func(string) {}
	}
	eng, err := openEngine(ctx, url)
	if err != nil {
		return nil, err
	}
	if lite, ok := eng.(*sqliteEngine); ok && opt.Loading {
		if _, err := lite.conn.ExecContext(ctx, `PRAGMA cache_size = -1048576`); err != nil {
			return nil, errors.Join(err, eng.close())
		}
	}
	if opt.Tape != nil {
		eng = &tapedEngine{eng, opt.Tape}
	}
	s := &Store{eng: eng, opt: opt, ring: opt.Ring, log: opt.Log}
	if err := s.prepare(ctx); err != nil {
		return nil, errors.Join(err, eng.close())
	}
	s.start()
	return s, nil
}

func openEngine(ctx context.Context, url string) (engine, error) {
	switch {
	case strings.HasPrefix(url, "sqlite:"):
		return openSQLite(ctx, strings.TrimPrefix(url, "sqlite:"))
	case strings.HasPrefix(url, "postgres://"), strings.HasPrefix(url, "postgresql://"):
		return openPostgres(ctx, url)
	}
	return nil, fault.New(fault.Invalid, "store.url", fault.Args{"url": url})
}

// prepare brings or checks the schema and reads where the journal ends.
func (s *Store) prepare(ctx context.Context) error {
	if s.opt.Migrate {
		if err := s.migrate(ctx); err != nil {
			return err
		}
	} else if err := s.checkSchema(ctx); err != nil {
		return err
	}
	var last, recorded int64
	err := s.QueryRow(ctx, `SELECT h.last, COALESCE((SELECT j.recorded_at FROM journal j WHERE j.position = h.last), 0) FROM journal_head h`).Scan(&last, &recorded)
	if err != nil {
		return fmt.Errorf("read the head of the journal: %w", err)
	}
	s.lastRec.Store(recorded)
	s.feed.publish(last)
	return nil
}

// start begins the writer and the background work.
func (s *Store) start() {
	s.queue = make(chan *member, queueLength)
	s.access = make(chan *accessEntry, queueLength)
	s.ctx, s.stop = context.WithCancel(context.Background())
	s.wg.Go(s.writeGroups)
	s.accessWG.Go(s.writeAccess)
	eng := s.eng
	s.wg.Go(func() { eng.background(s.ctx, s) })
}

// Close waits for the writes that were handed over and closes the database.
func (s *Store) Close() error {
	s.gate.Lock()
	if s.closed {
		s.gate.Unlock()
		return nil
	}
	s.closed = true
	close(s.access) // its writer goes on until it is empty
	s.gate.Unlock()
	s.accessWG.Wait()
	s.stop()
	s.wg.Wait()
	s.feed.close()
	return s.eng.close()
}

// Engine is "sqlite" or "postgres".
func (s *Store) Engine() string { return s.eng.name() }

// Ring is the key ring, for blind indices.
func (s *Store) Ring() *seal.Ring { return s.ring }

// Now is the store's legal time.
func (s *Store) Now() time.Time { return s.opt.Clock() }

// Ping fails with fault.Unavailable when the database does not answer or
// writing has been stopped after an error of the disk.
func (s *Store) Ping(ctx context.Context) error {
	if p := s.broken.Load(); p != nil {
		return fault.Wrap(*p, fault.Unavailable, "store.write_stopped", nil)
	}
	var one int64
	if err := s.QueryRow(ctx, `SELECT last FROM journal_head`).Scan(&one); err != nil {
		return fault.Wrap(err, fault.Unavailable, "store.unavailable", nil)
	}
	return nil
}

// recordedAt is the real time, in microseconds, never before an earlier one.
func (s *Store) recordedAt() time.Time {
	now := s.opt.Wall().UnixMicro()
	for {
		last := s.lastRec.Load()
		if now < last {
			now = last
		}
		if s.lastRec.CompareAndSwap(last, now) {
			return instant(now)
		}
	}
}

// zone is Vietnam time: +07:00 all year, without a zone database.
var zone = time.FixedZone("+07:00", 7*3600)

// instant is the time of a stored number of microseconds.
func instant(us int64) time.Time { return time.UnixMicro(us).In(zone) }

// seriesCache remembers which series surely have their row.
type seriesCache struct {
	mu   sync.Mutex
	seen map[Series]struct{}
}

// unknown returns the members of want that are not remembered.
func (c *seriesCache) unknown(want []Series) []Series {
	c.mu.Lock()
	defer c.mu.Unlock()
	var out []Series
	for _, s := range want {
		if _, ok := c.seen[s]; !ok {
			out = append(out, s)
		}
	}
	return out
}

func (c *seriesCache) remember(made []Series) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.seen == nil || len(c.seen) > 100_000 {
		c.seen = map[Series]struct{}{}
	}
	for _, s := range made {
		c.seen[s] = struct{}{}
	}
}

// poolSize is about four connections a core, as measured.
func poolSize() int { return 4 * max(2, runtime.NumCPU()) }
