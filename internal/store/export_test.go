package store

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"

	"github.com/motcua/motcua/internal/core/journal"
)

// Box is the state of the kind that these tests write: a box of things.
type Box struct {
	Name   string           `json:"name"`
	Total  int64            `json:"total"`
	Sealed []byte           `json:"sealed,omitempty"`
	Things []Thing          `json:"things,omitempty"`
	Seen   map[string]int64 `json:"seen,omitempty"`
}

// Thing is a child of a box.
type Thing struct {
	ID     string `json:"id"`
	Weight int64  `json:"weight"`
	Note   string `json:"note,omitempty"`
}

// Put is the payload of every event of a box.
type Put struct {
	Name   string  `json:"name,omitempty"`
	Add    int64   `json:"add,omitempty"`
	Sealed []byte  `json:"sealed,omitempty"`
	Things []Thing `json:"things,omitempty"`
	Drop   string  `json:"drop,omitempty"`
}

var boxKind = Kind[Box]{
	Name:    "box",
	Version: 1,
	Subject: true,
	Apply:   applyBox,
	Columns: []Column[Box]{
		Text("name", func(b Box) string { return b.Name }),
		TextOrNull("note", func(b Box) string { return b.Name[:min(1, len(b.Name))] }),
		Int("total", func(b Box) int64 { return b.Total }),
		IntOrNull("big", func(b Box) (int64, bool) { return b.Total, b.Total > 10 }),
		Bool("empty", func(b Box) bool { return len(b.Things) == 0 }),
		Blob("sealed", func(b Box) []byte { return b.Sealed }),
	},
	Children: []Child[Box]{
		ChildTable("box_thing", func(b Box) []Thing { return b.Things }, func(t Thing) string { return t.ID }, []Column[Thing]{
			Int("weight", func(t Thing) int64 { return t.Weight }),
			TextOrNull("note", func(t Thing) string { return t.Note }),
		}, "(weight, parent)"),
	},
	Indexes: []string{"unique (name)", "(total) WHERE total > 10"},
}

func applyBox(b Box, ev journal.Event) (Box, error) {
	if ev.Type != "box.put" || ev.TypeVersion != 1 {
		return b, journal.UnknownEvent(ev)
	}
	p, err := journal.Decode[Put](ev)
	if err != nil {
		return b, err
	}
	if p.Name != "" {
		b.Name = p.Name
	}
	if p.Sealed != nil {
		b.Sealed = p.Sealed
	}
	b.Total += p.Add
	var things []Thing
	for _, t := range b.Things {
		if t.ID != p.Drop {
			things = append(things, t)
		}
	}
	b.Things = append(things, p.Things...)
	return b, nil
}

func init() { kinds = append(kinds, Register(boxKind)) }

// errLost is what a commit answers whose reply is lost.
var errLost = errors.New("test: the connection is gone")

// losingEngine loses the reply of one commit, before or after it was carried out.
type losingEngine struct {
	engine
	armed  atomic.Bool
	before bool
}

type losingTx struct {
	transaction
	e *losingEngine
}

// LoseCommit makes the next commit's reply get lost.
func (s *Store) LoseCommit(before bool) {
	e := &losingEngine{engine: s.eng, before: before}
	e.armed.Store(true)
	s.eng = e
}

func (e *losingEngine) begin(ctx context.Context) (transaction, error) {
	tx, err := e.engine.begin(ctx)
	return losingTx{tx, e}, err
}

func (e *losingEngine) explain(err error) trouble {
	if errors.Is(err, errLost) {
		return troubleLost
	}
	return e.engine.explain(err)
}

func (t losingTx) commit(ctx context.Context) (int64, error) {
	if !t.e.armed.CompareAndSwap(true, false) {
		return t.transaction.commit(ctx)
	}
	if !t.e.before {
		if _, err := t.transaction.commit(ctx); err != nil {
			return 0, err
		}
	}
	return 0, errLost
}

// Waiting is how many writes wait for a writer.
func (s *Store) Waiting() int { return len(s.queue) }

// Tamper runs a statement behind the store's back.
func (s *Store) Tamper(ctx context.Context, sql string) error {
	return s.inWrite(ctx, func(tx transaction) error { return tx.script(ctx, sql) })
}

// TamperUnguarded is Tamper by somebody who takes the triggers away and puts
// them back.
func (s *Store) TamperUnguarded(ctx context.Context, sql string) error {
	if err := s.DropTriggers(ctx); err != nil {
		return err
	}
	return s.inWrite(ctx, func(tx transaction) error {
		return runAll(ctx, tx, append(append([]string{sql}, s.eng.guardTable("journal")...), s.eng.guardTable("access_log")...))
	})
}

// DropTriggers takes the append-only triggers away.
func (s *Store) DropTriggers(ctx context.Context) error {
	sql := `DROP TRIGGER IF EXISTS journal_no_update; DROP TRIGGER IF EXISTS journal_no_delete;
		DROP TRIGGER IF EXISTS access_log_no_update; DROP TRIGGER IF EXISTS access_log_no_delete`
	if s.Engine() == "postgres" {
		sql = `DROP TRIGGER journal_no_change ON journal; DROP TRIGGER journal_no_truncate ON journal;
			DROP TRIGGER access_log_no_change ON access_log; DROP TRIGGER access_log_no_truncate ON access_log`
	}
	return s.Tamper(ctx, sql)
}

// TableNames are the tables that there are.
func (s *Store) TableNames(ctx context.Context) ([]string, error) {
	return s.eng.tableNames(ctx, s.eng)
}

// SchemaSteps are the names of an engine's hand-written steps.
func SchemaSteps(t *testing.T, engine string) []string {
	t.Helper()
	steps, err := migrations("schema/" + engine)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, m := range steps {
		names = append(names, m.name)
	}
	return names
}

// Plans are SQLite's plans of the statements that list and count a group of work.
func (s *Store) Plans(ctx context.Context, q WorkQuery, tab WorkTab, b WorkBounds, after Cursor) (list, count []string, err error) {
	if list, err = s.plan(ctx, q.list(tab, b, after, 50)); err != nil {
		return nil, nil, err
	}
	count, err = s.plan(ctx, q.counting(b, MostCounted, []WorkTab{tab}))
	return list, count, err
}

// NamedPlan is SQLite's plan of a search by name.
func (s *Store) NamedPlan(ctx context.Context, unit string, names []string) ([]string, error) {
	return s.plan(ctx, s.namedIDs(unit, names, 50))
}

func (s *Store) plan(ctx context.Context, st *statement) ([]string, error) {
	return Collect(ctx, s, func(scan func(dest ...any) error) (string, error) {
		var id, parent, unused int
		var detail string
		err := scan(&id, &parent, &unused, &detail)
		return detail, err
	}, "EXPLAIN QUERY PLAN "+st.sql.String(), st.args...)
}
