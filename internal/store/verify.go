package store

import (
	"bytes"
	"context"
	"crypto/sha256"
	"fmt"
	"hash"
	"slices"
	"strings"
	"time"

	"github.com/motcua/motcua/internal/core/journal"
)

// Invariant is one promise about the stored data and whether it holds.
type Invariant struct {
	ID      string `json:"id"`
	OK      bool   `json:"ok"`
	Checked int64  `json:"checked"`          // things looked at
	Detail  string `json:"detail,omitempty"` // the first violations
}

// Reader is what a check reads from: one unchanging state of the database.
type Reader interface {
	Query(ctx context.Context, sql string, args ...any) (Rows, error)
}

// Check is a pass over the database that a kind adds to Verify; one pass may
// answer several invariants.
type Check func(ctx context.Context, r Reader) ([]Checked, error)

// Checked is what a pass found about one invariant: how many things it looked
// at and a line for each violation.
type Checked struct {
	ID         string
	N          int64
	Violations []string
}

// The invariants of the store itself.
const (
	invHead    = "I-01" // the journal has no gap and ends where its head says
	invCommand = "I-04" // commands and events belong together
	invAppend  = "I-03" // append-only tables are guarded by triggers
	invStream  = "I-05" // streams have versions 1..n, chained by hash
	invTime    = "I-06" // time does not run back within a stream
	invReplay  = "I-07" // projections equal the replayed journal
	invKept    = "I-09" // every stream is of a known kind and resolvable
	invActor   = "I-10" // every event says who, when and under which command
	invHash    = "I-25" // every hash is that of the stored bytes
	invOnce    = "I-02" // an action id has one effect: one command, one answer
	invVersion = "I-17" // of two changes to one version one has won
	invReading = "I-26" // every reading of personal data says who, what and why
	invOutbox  = "I-36" // every job is done, waits, runs, or is listed as given up
	invEngines = "I-39" // what both engines must agree on, as one number
)

// clockSkew is how far the clocks of nodes may be apart.
const clockSkew = 2 * time.Second

// finding collects the violations of one invariant.
type finding struct {
	Invariant
	bad   int
	lines []string
	note  string // said although the invariant holds
}

func (f *finding) violated(format string, args ...any) {
	if f.bad++; len(f.lines) < 5 {
		f.lines = append(f.lines, fmt.Sprintf(format, args...))
	}
}

func (f *finding) result() Invariant {
	f.OK = f.bad == 0
	f.Detail = strings.Join(f.lines, "; ")
	if f.OK {
		f.Detail = f.note
	}
	if more := f.bad - len(f.lines); more > 0 {
		f.Detail += fmt.Sprintf("; and %d more", more)
	}
	return f.Invariant
}

// verifier runs over one snapshot.
type verifier struct {
	s      *Store
	q      snapshot
	now    int64
	found  []*finding
	events int64 // of known kinds
	course hash.Hash
}

// Query makes the snapshot a Reader.
func (v *verifier) Query(ctx context.Context, sql string, args ...any) (Rows, error) {
	return v.q.query(ctx, sql, args...)
}

func (v *verifier) finding(id string) *finding {
	for _, f := range v.found {
		if f.ID == id {
			return f
		}
	}
	f := &finding{Invariant: Invariant{ID: id}}
	v.found = append(v.found, f)
	return f
}

// Verify checks every invariant on one snapshot, reading only: it replays every
// stream and compares the result with the projections, with flat memory. The
// error is about the checking; violations are in the result.
func (s *Store) Verify(ctx context.Context) ([]Invariant, error) {
	q, err := s.eng.snapshot(ctx)
	if err != nil {
		return nil, err
	}
	defer q.close()
	v := &verifier{s: s, q: q, now: s.opt.Wall().UnixMicro(), course: sha256.New()}
	for _, id := range []string{invHead, invOnce, invAppend, invCommand, invStream, invTime, invReplay, invKept, invActor, invVersion, invHash, invReading, invOutbox, invEngines} {
		v.finding(id)
	}
	for _, step := range []func(context.Context) error{v.guarded, v.kinds, v.head, v.commands, v.once, v.readings, v.outbox} {
		if err := step(ctx); err != nil {
			return nil, err
		}
	}
	var checks []Check
	for _, r := range kinds {
		checks = append(checks, r.k.checks...)
	}
	for _, c := range checks {
		found, err := c(ctx, v)
		if err != nil {
			return nil, fmt.Errorf("check the kinds: %w", err)
		}
		for _, one := range found {
			f := v.finding(one.ID)
			f.Checked += one.N
			for _, line := range one.Violations {
				f.violated("%s", line)
			}
		}
	}
	out := make([]Invariant, len(v.found))
	v.agreed()
	for i, f := range v.found {
		out[i] = f.result()
	}
	return out, nil
}

// number reads one integer.
func (v *verifier) number(ctx context.Context, sql string, args ...any) (n int64, err error) {
	rows, err := v.q.query(ctx, sql, args...)
	if err != nil {
		return 0, err
	}
	err = scanOne(rows, &n)
	return n, err
}

// guarded looks whether every table is declared and append-only ones have their triggers.
func (v *verifier) guarded(ctx context.Context) error {
	f := v.finding(invAppend)
	names, err := v.s.eng.tableNames(ctx, v.q)
	if err != nil {
		return err
	}
	declared := Tables()
	for _, name := range names {
		if !slices.ContainsFunc(declared, func(t Table) bool { return t.Name == name }) {
			f.violated("table %s is not declared", name)
		}
	}
	for _, t := range declared {
		if !slices.Contains(names, t.Name) {
			f.violated("table %s is missing", t.Name)
			continue
		}
		if !t.AppendOnly {
			continue
		}
		f.Checked++
		ok, err := v.s.eng.triggers(ctx, v.q, t.Name)
		if err != nil {
			return err
		}
		if !ok {
			f.violated("table %s has lost its append-only triggers", t.Name)
		}
	}
	return nil
}

// head compares the journal's numbering with its head and with what was replayed.
func (v *verifier) head(ctx context.Context) error {
	f := v.finding(invHead)
	last, err := v.number(ctx, `SELECT last FROM journal_head WHERE one = 1`)
	if err != nil {
		return err
	}
	count, err := v.number(ctx, `SELECT count(*) FROM journal`)
	if err != nil {
		return err
	}
	highest, err := v.number(ctx, `SELECT COALESCE(MAX(position), 0) FROM journal`)
	if err != nil {
		return err
	}
	lowest, err := v.number(ctx, `SELECT COALESCE(MIN(position), 1) FROM journal`)
	if err != nil {
		return err
	}
	f.Checked = count
	if count != last || highest != last || lowest != 1 {
		f.violated("the head says %d, the journal has %d events from %d to %d", last, count, lowest, highest)
	}
	k := v.finding(invKept)
	k.Checked = count
	if v.events != count {
		k.violated("%d of %d events are in streams that can be replayed", v.events, count)
	}
	return nil
}

// commands compares the command log with the journal, as far back as the log is
// surely kept.
func (v *verifier) commands(ctx context.Context) error {
	f := v.finding(invCommand)
	var err error
	if f.Checked, err = v.number(ctx, `SELECT count(*) FROM command_log`); err != nil {
		return err
	}
	wrong, err := v.number(ctx, `SELECT count(*) FROM command_log c LEFT JOIN
		(SELECT principal, action, count(*) AS n FROM journal GROUP BY principal, action) j
		ON j.principal = c.principal AND j.action = c.action WHERE COALESCE(j.n, 0) <> c.events`)
	if err != nil {
		return err
	}
	if wrong > 0 {
		f.violated("%d commands have another number of events than they recorded", wrong)
	}
	since := v.now - commandsKept.Microseconds()
	orphans, err := v.number(ctx, `SELECT count(*) FROM (SELECT DISTINCT principal, action FROM journal WHERE recorded_at >= $1) j
		LEFT JOIN command_log c ON c.principal = j.principal AND c.action = j.action WHERE c.action IS NULL`, since)
	if err != nil {
		return err
	}
	if orphans > 0 {
		f.violated("%d actions have events but no accepted command", orphans)
	}
	return nil
}

// kinds replays every kind.
func (v *verifier) kinds(ctx context.Context) error {
	for _, r := range kinds {
		c := &comparer{v: v, k: r.k, counts: make([]int64, 1+len(r.k.children))}
		err := fold(ctx, v.q, r.k, v.event, func(f folded) error { return c.add(ctx, f) })
		if err == nil {
			err = c.flush(ctx)
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err != nil {
			v.finding(invReplay).violated("%s cannot be replayed: %v", r.k.name, err)
			continue
		}
		if err := c.strangers(ctx); err != nil {
			return err
		}
	}
	return nil
}

// event checks one event against the one before it in its stream.
func (v *verifier) event(prev *journal.Event, ev journal.Event) error {
	v.events++
	kind, _, _ := strings.Cut(ev.Stream, "/")
	fmt.Fprintf(v.course, "%s|%d|%s|%d|%d\n", kind, ev.Version, ev.Type, ev.TypeVersion, ev.At.UnixMicro())
	stream, clock, actor, sum := v.finding(invStream), v.finding(invTime), v.finding(invActor), v.finding(invHash)
	for _, f := range []*finding{stream, clock, actor, sum} {
		f.Checked++
	}
	want, before := int64(1), [32]byte{}
	if prev != nil {
		want, before = prev.Version+1, prev.Hash
		if ev.RecordedAt.Before(prev.RecordedAt.Add(-clockSkew)) {
			clock.violated("event %d was recorded before event %d of the same stream", ev.Position, prev.Position)
		}
		// Only an explicit time (import, late entry, simulation) may lie before
		// the event before it, and then it lies before the recording too.
		if ev.At.Before(prev.At) && !ev.At.Before(ev.RecordedAt) {
			clock.violated("event %d happened before event %d of the same stream", ev.Position, prev.Position)
		}
		if ev.Position <= prev.Position {
			stream.violated("event %d stands before event %d in the journal", ev.Position, prev.Position)
		}
	}
	if ev.Version != want {
		stream.violated("%s has version %d where %d is due", ev.Stream, ev.Version, want)
	}
	if ev.PrevHash != before {
		stream.violated("event %d does not follow the hash of the event before it", ev.Position)
	}
	if journal.Hash(ev.PrevHash, ev) != ev.Hash {
		sum.violated("event %d is not what was hashed", ev.Position)
	}
	if ev.RecordedAt.UnixMicro() > v.now+clockSkew.Microseconds() {
		clock.violated("event %d was recorded in the future", ev.Position)
	}
	if ev.Actor.Principal == "" || ev.Action == "" || ev.At.UnixMicro() == 0 || ev.Type == "" {
		actor.violated("event %d lacks actor, command, time or type", ev.Position)
	}
	return nil
}

// comparer compares folded streams with the stored rows, some at a time.
type comparer struct {
	v       *verifier
	k       *kind
	waiting []folded
	counts  []int64 // rows that there should be, by table
}

func (c *comparer) add(ctx context.Context, f folded) error {
	if c.waiting = append(c.waiting, f); len(c.waiting) < 200 {
		return nil
	}
	return c.flush(ctx)
}

func (c *comparer) flush(ctx context.Context) error {
	if len(c.waiting) == 0 {
		return nil
	}
	want := make([]map[string][]any, 1+len(c.k.children))
	ids := make([]string, len(c.waiting))
	for i := range want {
		want[i] = map[string][]any{}
	}
	for i, f := range c.waiting {
		ids[i] = f.id
		row, err := c.k.mainRow(f.id, f.version, f.hash, f.at, f.state)
		if err != nil {
			return err
		}
		want[0][f.id] = row
		for n := range c.k.children {
			for _, child := range c.k.childRows(n, f.state) {
				want[n+1][f.id+"/"+fmt.Sprint(child[0])] = append([]any{f.id}, child...)
			}
		}
	}
	c.waiting = c.waiting[:0]
	for i, t := range c.k.tables() {
		c.counts[i] += int64(len(want[i]))
		if err := c.table(ctx, t, ids, want[i]); err != nil {
			return err
		}
	}
	return nil
}

// table compares the stored rows of some parents with what they should be.
func (c *comparer) table(ctx context.Context, t *tableDef, ids []string, want map[string][]any) error {
	f := c.v.finding(invReplay)
	list, args := inList(1, ids)
	rows, err := c.v.q.query(ctx, `SELECT `+t.columnList()+` FROM `+t.name+` WHERE `+t.columns[0].name+` IN (`+list+`)`, args...)
	if err != nil {
		return err
	}
	stored, err := collect(rows, t.scanRow)
	if err != nil {
		return err
	}
	for _, row := range stored {
		f.Checked++
		key := row[0].(string)
		if t.keys == 2 {
			key += "/" + row[1].(string)
		}
		due, there := want[key]
		delete(want, key)
		if !there {
			f.violated("%s %s should not be there", t.name, key)
			continue
		}
		for i, col := range t.columns {
			if !sameValue(row[i], due[i]) {
				f.violated("%s %s: %s differs from the journal", t.name, key, col.name)
			}
		}
	}
	for _, key := range sortedKeys(want) {
		f.violated("%s %s is missing", t.name, key)
	}
	return nil
}

// strangers looks for rows of roots that the journal does not know.
func (c *comparer) strangers(ctx context.Context) error {
	for i, t := range c.k.tables() {
		n, err := c.v.number(ctx, `SELECT count(*) FROM `+t.name)
		if err != nil {
			return err
		}
		if n != c.counts[i] {
			c.v.finding(invReplay).violated("%s has %d rows, the journal makes %d", t.name, n, c.counts[i])
		}
	}
	return nil
}

// scanRow reads a row of the table's columns as plain values.
func (t *tableDef) scanRow(scan func(dest ...any) error) ([]any, error) {
	dest := make([]any, len(t.columns))
	for i, c := range t.columns {
		switch c.typ {
		case typeInt:
			dest[i] = new(*int64)
		case typeBool:
			dest[i] = new(*bool)
		case typeBlob:
			dest[i] = new([]byte)
		default:
			dest[i] = new(*string)
		}
	}
	if err := scan(dest...); err != nil {
		return nil, err
	}
	row := make([]any, len(dest))
	for i, d := range dest {
		switch p := d.(type) {
		case **int64:
			row[i] = value(*p)
		case **bool:
			row[i] = value(*p)
		case **string:
			row[i] = value(*p)
		case *[]byte:
			if *p != nil {
				row[i] = *p
			}
		}
	}
	return row, nil
}

func value[T any](p *T) any {
	if p == nil {
		return nil
	}
	return *p
}

func sameValue(stored, due any) bool {
	d, bytesDue := due.([]byte)
	b, bytesStored := stored.([]byte)
	if bytesDue && (bytesStored || stored == nil) {
		return bytes.Equal(b, d)
	}
	return !bytesDue && !bytesStored && stored == due
}
