package store

import (
	"context"
	"time"

	"github.com/motcua/motcua/internal/core/journal"
)

// Rows is what both engines' result sets have in common.
type Rows interface {
	Next() bool
	Scan(dest ...any) error
	Err() error
	Close()
}

// engine is one database system. Everything above it is the same for both.
type engine interface {
	name() string
	// writesAlone says that there is one write lock for all: operational work
	// then rides in the groups.
	writesAlone() bool
	// ensureFirst says that rows of new series are made in a transaction of
	// their own, before the group, so that nodes do not wait for each other's.
	ensureFirst() bool
	querier
	// groupContext is the context of one group: no client's.
	groupContext() (context.Context, context.CancelFunc)
	begin(ctx context.Context) (transaction, error)
	snapshot(ctx context.Context) (snapshot, error)
	background(ctx context.Context, s *Store)
	explain(err error) trouble
	close() error

	schema() string                                // folder of the hand-written steps
	lockSchema() string                            // statement that lets one node at a time migrate
	createTable(t *tableDef, name string) []string // without indexes
	swapTable(t *tableDef, shadow string) []string // shadow takes the table's place, with indexes
	guardTable(name string) []string               // append-only triggers
	triggers(ctx context.Context, q querier, table string) (bool, error)
	tableNames(ctx context.Context, q querier) ([]string, error)
}

// querier is what can be asked: readers, a snapshot or a transaction.
type querier interface {
	query(ctx context.Context, sql string, args ...any) (Rows, error)
}

// transaction is a write transaction, used by one goroutine.
type transaction interface {
	fetch(ctx context.Context, fs []fetch) error
	change(ctx context.Context, cs []change) error
	appendJournal(ctx context.Context, evs []pendingEvent) error
	exec(ctx context.Context, sql string, args ...any) (int64, error)
	script(ctx context.Context, sql string) error // statements without parameters
	querier
	// commit returns the position of the last event appended, 0 without any.
	commit(ctx context.Context) (last int64, err error)
	rollback()
}

// snapshot reads one unchanging state of the database.
type snapshot interface {
	querier
	// dump hands the database's entries of a backup to entry, each filled into
	// the file at path.
	dump(ctx context.Context, entry func(name string, fill func(path string) error) error) error
	close()
}

// fetch reads the rows of a table that have one of the keys; with lock, no other
// transaction changes them until the end.
type fetch struct {
	def  *tableDef
	keys [][]any
	lock bool
	row  func(scan func(dest ...any) error) error
}

// op is what a change does.
type op byte

const (
	opInsert op = iota
	opUpdate    // all columns by key; with expect, only from that version
	opDelete    // by key; rows hold the keys only
)

// change writes rows of one table.
type change struct {
	op     op
	def    *tableDef
	rows   [][]any
	expect []int64 // opUpdate of main tables: the version that the row must have
	// only are the columns in which each row of an opUpdate differs from what is
	// stored; nil when that is not known.
	only []columnSet
	// loose: a delete need not find its row, an insert may find it there.
	loose bool
}

// columnSet are columns of a table, as bits; 0 stands for all of them.
type columnSet uint64

func (s columnSet) with(column int) columnSet { return s | 1<<column }

func (s columnSet) has(column int) bool { return s == 0 || s&(1<<column) != 0 }

func (s columnSet) union(other columnSet) columnSet {
	if s == 0 || other == 0 {
		return 0
	}
	return s | other
}

// onlyOf is the set of row i.
func (c change) onlyOf(i int) columnSet {
	if c.only == nil {
		return 0
	}
	return c.only[i]
}

// trouble is what the failure of a statement or commit means to a group.
type trouble byte

const (
	troubleOther     trouble = iota
	troubleUnique            // a unique value exists already
	troubleAgain             // deadlock or the like: the same may succeed now
	troubleLost              // the connection broke: nobody knows
	troubleDisk              // the disk failed: stop writing
	troubleForbidden         // a trigger or constraint refused
)

// journalDef is the journal's table.
var journalDef = &tableDef{name: "journal", keys: 1, columns: []columnDef{
	{"position", typeInt, false}, {"stream", typeText, false}, {"version", typeInt, false}, {"type", typeText, false},
	{"type_version", typeInt, false}, {"at", typeInt, false}, {"recorded_at", typeInt, false}, {"principal", typeText, false},
	{"name", typeText, false}, {"role", typeText, false}, {"unit", typeText, false}, {"on_behalf", typeText, false},
	{"ground", typeText, false}, {"action", typeText, false}, {"payload", typeText, false},
	{"prev_hash", typeBlob, false}, {"hash", typeBlob, false},
}}

// journalColumns are the journal's columns as scanEvent reads them.
const journalColumns = `position, stream, version, type, type_version, at, recorded_at, principal, name, role, unit, on_behalf, ground, action, payload, prev_hash, hash`

// journalRow is an event as a row.
func journalRow(position int64, e *journal.Event) []any {
	return []any{position, e.Stream, e.Version, e.Type, int64(e.TypeVersion), e.At.UnixMicro(), e.RecordedAt.UnixMicro(),
		e.Actor.Principal, e.Actor.Name, e.Actor.Role, e.Actor.Unit, e.Actor.OnBehalf, e.Ground, e.Action, string(e.Payload),
		e.PrevHash[:], e.Hash[:]}
}

// scanEvent reads a row of journalColumns.
func scanEvent(scan func(dest ...any) error) (journal.Event, error) {
	var e journal.Event
	var at, recorded int64
	var payload string
	var prev, hash []byte
	err := scan(&e.Position, &e.Stream, &e.Version, &e.Type, &e.TypeVersion, &at, &recorded, &e.Actor.Principal,
		&e.Actor.Name, &e.Actor.Role, &e.Actor.Unit, &e.Actor.OnBehalf, &e.Ground, &e.Action, &payload, &prev, &hash)
	if err != nil {
		return e, err
	}
	e.At, e.RecordedAt, e.Payload = instant(at), instant(recorded), []byte(payload)
	copy(e.PrevHash[:], prev)
	copy(e.Hash[:], hash)
	return e, nil
}

// groupTimeout bounds one group, so that a lock that nobody releases does not
// stop the writer for ever.
const groupTimeout = 30 * time.Second
