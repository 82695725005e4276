package store

import (
	"context"
	"slices"
	"sync"
)

// Tape keeps what a store writes and asks while it runs, so that a benchmark can
// have the bare driver do the same; see Bare and BareReader. For measuring only.
type Tape struct {
	mu     sync.Mutex
	on     bool
	units  []tapeUnit
	groups []int // commands of each group
	asked  []asked
}

// asked is a query with its arguments.
type asked struct {
	text string
	args []any
}

// tapeUnit is what one command wrote: its share of each change of its group.
type tapeUnit []change

// Start forgets what is kept and begins to keep.
func (t *Tape) Start() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.on, t.units, t.groups, t.asked = true, nil, nil, nil
}

// Stop ends keeping and returns what was kept.
func (t *Tape) Stop() Written {
	t.mu.Lock()
	defer t.mu.Unlock()
	w := Written{units: t.units, groups: t.groups, asked: t.asked}
	t.on, t.units, t.groups, t.asked = false, nil, nil, nil
	return w
}

// Written is what a store wrote, and asked, between Start and Stop of its tape.
type Written struct {
	units  []tapeUnit
	groups []int
	asked  []asked
}

// Commands is how many commands were accepted.
func (w Written) Commands() int { return len(w.units) }

// MedianGroup is the median of the numbers of commands that were committed together.
func (w Written) MedianGroup() int {
	if len(w.groups) == 0 {
		return 1
	}
	sizes := slices.Sorted(slices.Values(w.groups))
	return sizes[len(sizes)/2]
}

func (t *Tape) keep(g *taped) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.on && len(g.owners.actions) > 0 {
		t.units = append(t.units, g.share()...)
		t.groups = append(t.groups, len(g.owners.actions))
	}
}

// tapedEngine hands transactions out whose changes are kept.
type tapedEngine struct {
	engine
	tape *Tape
}

func (e *tapedEngine) begin(ctx context.Context) (transaction, error) {
	tx, err := e.engine.begin(ctx)
	if err != nil {
		return nil, err
	}
	return &taped{transaction: tx, tape: e.tape}, nil
}

func (e *tapedEngine) query(ctx context.Context, text string, args ...any) (Rows, error) {
	e.tape.mu.Lock()
	if e.tape.on {
		e.tape.asked = append(e.tape.asked, asked{text, args})
	}
	e.tape.mu.Unlock()
	return e.engine.query(ctx, text, args...)
}

// taped is a transaction whose changes are kept when it commits.
type taped struct {
	transaction
	tape    *Tape
	changes []change
	owners  owners
}

func (t *taped) change(ctx context.Context, cs []change) error {
	t.changes = append(t.changes, cs...)
	return t.transaction.change(ctx, cs)
}

func (t *taped) appendJournal(ctx context.Context, evs []pendingEvent) error {
	c := change{op: opInsert, def: journalDef, rows: make([][]any, len(evs))}
	for i := range evs {
		c.rows[i] = journalRow(0, &evs[i].ev)
	}
	t.changes = append(t.changes, c)
	t.owners.learn(t.changes, evs)
	return t.transaction.appendJournal(ctx, evs)
}

func (t *taped) commit(ctx context.Context) (int64, error) {
	last, err := t.transaction.commit(ctx)
	if err == nil {
		t.tape.keep(t)
	}
	return last, err
}

// owners tell which command of a group a row belongs to.
type owners struct {
	actions []string
	byID    map[string]int
}

// learn reads the group's commands and which ids each has changed.
func (o *owners) learn(cs []change, evs []pendingEvent) {
	index := map[string]int{}
	for _, c := range cs {
		if c.def == commandDef {
			for _, row := range c.rows {
				index[row[1].(string)] = len(o.actions)
				o.actions = append(o.actions, row[1].(string))
			}
		}
	}
	o.byID = map[string]int{}
	for i := range evs {
		if n, ok := index[evs[i].ev.Action]; ok {
			o.byID[evs[i].root.ID], o.byID[evs[i].ev.Stream] = n, n
		}
	}
	for action, n := range index {
		o.byID[action] = n
	}
}

// of is the command of a row: by whatever id stands in its key, else, as for
// numbers and guards, by its place.
func (o *owners) of(row []any, i, n int) int {
	for _, v := range row[:min(len(row), 3)] {
		if id, ok := v.(string); ok {
			if at, ok := o.byID[id]; ok {
				return at
			}
		}
	}
	return i * len(o.actions) / n
}

// share divides the group's changes among its commands.
func (t *taped) share() []tapeUnit {
	units := make([]tapeUnit, len(t.owners.actions))
	for _, c := range t.changes {
		last := make([]int, len(units)) // each unit's part of c, plus one
		for i, row := range c.rows {
			at := t.owners.of(row, i, len(c.rows))
			if last[at] == 0 {
				units[at] = append(units[at], change{op: c.op, def: c.def, loose: c.loose})
				last[at] = len(units[at])
			}
			part := &units[at][last[at]-1]
			part.rows = append(part.rows, row)
			if c.only != nil {
				part.only = append(part.only, c.only[i])
			}
		}
	}
	return units
}
