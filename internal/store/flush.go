package store

import (
	"context"
	"fmt"
	"slices"
)

// Tables that a group reads and writes besides those of kinds.
var (
	guardDef   = &tableDef{name: "guard", keys: 1, columns: []columnDef{{"id", typeText, false}, {"version", typeInt, false}}}
	seriesDef  = &tableDef{name: "series", keys: 2, columns: []columnDef{{"kind", typeText, false}, {"key", typeText, false}, {"last", typeInt, false}}}
	keyDef     = &tableDef{name: "subject_key", keys: 1, columns: []columnDef{{"subject", typeText, false}, {"wrapped", typeBlob, false}, {"recorded_at", typeInt, false}}}
	indexDef   = &tableDef{name: "subject_index", keys: 3, columns: []columnDef{{"field", typeText, false}, {"value", typeText, false}, {"subject", typeText, false}}}
	indexOfDef = &tableDef{name: "subject_index", keys: 2, columns: []columnDef{{"subject", typeText, false}, {"field", typeText, false}}}
	indexAll   = &tableDef{name: "subject_index", keys: 1, columns: []columnDef{{"subject", typeText, false}}}
	keptDef    = &tableDef{name: "kept_file", keys: 1, columns: []columnDef{{"hash", typeText, false}, {"size", typeInt, false}, {"type", typeText, false}, {"recorded_at", typeInt, false}}}
	stagedDef  = &tableDef{name: "staged_file", keys: 2, columns: []columnDef{{"hash", typeText, false}, {"uploader", typeText, false}, {"name", typeText, false}, {"type", typeText, false}, {"size", typeInt, false}, {"recorded_at", typeInt, false}}}
	commandDef = &tableDef{name: "command_log", keys: 2, columns: []columnDef{{"principal", typeText, false}, {"action", typeText, false}, {"body_hash", typeBlob, false}, {"events", typeInt, false}, {"answer", typeText, false}, {"recorded_at", typeInt, false}}}
	jobDef     = &tableDef{name: "job", columns: []columnDef{{"kind", typeText, false}, {"key", typeText, false}, {"payload", typeText, false}, {"slot", typeText, true}, {"run_at", typeInt, false}, {"state", typeInt, false}, {"attempts", typeInt, false}, {"lease_until", typeInt, false}, {"lease_by", typeText, false}, {"last_error", typeText, false}, {"recorded_at", typeInt, false}}}
)

// ensure makes rows for series that may not have one yet, in a transaction of its
// own.
func (s *Store) ensure(ctx context.Context, g *group) error {
	if len(g.missing()) == 0 {
		return nil
	}
	if err := s.inWrite(ctx, func(tx transaction) error { return g.ensureRows(ctx, tx) }); err != nil {
		return err
	}
	s.known.remember(g.ensured)
	return nil
}

// missing are the declared series not known to have a row. A guard needs none: it
// gets its row with the first write that is accepted, and two nodes that make it
// at once meet in its key.
func (g *group) missing() []Series {
	_, series, _ := g.declared()
	return g.s.known.unknown(series)
}

func (g *group) ensureRows(ctx context.Context, tx transaction) error {
	g.ensured = g.missing()
	if len(g.ensured) == 0 {
		return nil
	}
	c := change{op: opInsert, def: seriesDef, loose: true}
	for _, s := range g.ensured {
		c.rows = append(c.rows, []any{s.Kind, s.Key, int64(0)})
	}
	return tx.change(ctx, []change{c})
}

// write writes the rows of the whole group, the journal last.
func (g *group) write(ctx context.Context, tx transaction) error {
	cs, err := g.rootChanges()
	if err != nil {
		return err
	}
	cs = append(cs, g.seriesChange())
	keys, err := g.keyChanges()
	if err != nil {
		return err
	}
	cs = append(cs, keys...)
	cs = append(cs, g.fileChanges()...)
	cs = append(cs, g.jobChange(), g.commandChange())
	cs = slices.DeleteFunc(cs, func(c change) bool { return len(c.rows) == 0 })
	if err := tx.change(ctx, cs); err != nil {
		return err
	}
	if len(g.events) == 0 {
		return nil
	}
	return tx.appendJournal(ctx, g.events)
}

// rootChanges are the rows of changed roots: main tables, children, guards, in
// the order of the kinds and ids.
func (g *group) rootChanges() ([]change, error) {
	roots, _, _ := g.declared()
	written, err := g.mainRows(roots)
	if err != nil {
		return nil, err
	}
	var out []change
	for i := 0; i < len(roots); {
		k := kindNamed(roots[i].Kind)
		fresh, main := change{op: opInsert}, change{op: opUpdate}
		if k == nil {
			fresh.def, main.def = guardDef, guardDef
		} else {
			fresh.def, main.def = k.main, k.main
		}
		diffs := make([]childDiff, 0)
		if k != nil {
			diffs = make([]childDiff, len(k.children))
		}
		for kindName := roots[i].Kind; i < len(roots) && roots[i].Kind == kindName; i++ {
			e := g.roots[roots[i]]
			if e.version == e.loaded {
				continue
			}
			if k == nil && !e.stored {
				fresh.rows = append(fresh.rows, []any{e.id, e.version})
				continue
			}
			if k == nil {
				main.rows = append(main.rows, []any{e.id, e.version})
				main.expect = append(main.expect, e.loaded)
				continue
			}
			if e.loaded == 0 {
				fresh.rows = append(fresh.rows, written[i])
			} else {
				main.rows = append(main.rows, written[i])
				main.expect = append(main.expect, e.loaded)
				main.only = append(main.only, k.changed(e.oldLifted, written[i]))
			}
			for c := range diffs {
				diffs[c].add(e.id, e.oldRows[c], k.childRows(c, e.state))
			}
		}
		out = append(out, fresh, main)
		for c, d := range diffs {
			def := k.children[c]
			out = append(out, change{op: opDelete, def: def, rows: d.gone}, change{op: opUpdate, def: def, rows: d.changed, only: d.only}, change{op: opInsert, def: def, rows: d.fresh})
		}
	}
	return out, nil
}

// mainRows are the main rows of the changed roots, each at its root's place.
func (g *group) mainRows(roots []Root) ([][]any, error) {
	rows := make([][]any, len(roots))
	err := sideBySide(len(roots), func(i int) error {
		e := g.roots[roots[i]]
		if e.kind == nil || e.version == e.loaded {
			return nil
		}
		var err error
		rows[i], err = e.kind.mainRow(e.id, e.version, e.hash, e.at, e.state)
		return err
	})
	return rows, err
}

// childDiff is what changes in a child table.
type childDiff struct {
	gone, changed, fresh [][]any
	only                 []columnSet // of changed
}

// add compares the rows of one parent before and after; rows begin with their id.
func (d *childDiff) add(parent string, before, after [][]any) {
	old := make(map[any][]any, len(before))
	for _, row := range before {
		old[row[0]] = row
	}
	for _, row := range after {
		was, there := old[row[0]]
		delete(old, row[0])
		full := append([]any{parent}, row...)
		if !there {
			d.fresh = append(d.fresh, full)
		} else if set := differing(was, row, 1); set != 0 {
			d.changed, d.only = append(d.changed, full), append(d.only, set)
		}
	}
	for _, row := range before { // in order, for a steady order of locks
		if _, gone := old[row[0]]; gone {
			d.gone = append(d.gone, []any{parent, row[0]})
		}
	}
}

// differing are the columns in which two rows of plain values differ; the rows
// begin with column first. 0 when they are equal.
func differing(was, now []any, first int) columnSet {
	var set columnSet
	for i, v := range now {
		if !sameValue(was[i], v) {
			set = set.with(first + i)
		}
	}
	return set
}

// changed are the columns of a main row that a change writes: the head's always,
// of the lifted ones those that differ. On SQLite every index of a column that is
// written is written too.
func (k *kind) changed(oldLifted, row []any) columnSet {
	first, last := len(headColumns)-1, len(row)-1
	set := differing(oldLifted, row[first:last], first).with(last)
	for i := k.main.keys; i < first; i++ {
		set = set.with(i)
	}
	return set
}

func (g *group) seriesChange() change {
	c := change{op: opUpdate, def: seriesDef}
	_, series, _ := g.declared()
	for _, s := range series {
		if g.numbered[s] {
			c.rows = append(c.rows, []any{s.Kind, s.Key, g.series[s]})
		}
	}
	return c
}

// keyChanges are new and destroyed keys and the search index of subjects.
func (g *group) keyChanges() ([]change, error) {
	fresh, gone := change{op: opInsert, def: keyDef}, change{op: opDelete, def: keyDef}
	wipe := change{op: opDelete, def: indexAll, loose: true}
	for _, subject := range sortedKeys(g.keys) {
		k := g.keys[subject]
		if k.erased || (k.fresh && k.stored) {
			wipe.rows = append(wipe.rows, []any{subject})
		}
		if k.stored && (k.erased || k.fresh) {
			gone.rows = append(gone.rows, []any{subject})
		}
		if k.fresh {
			if g.s.ring == nil {
				return nil, fmt.Errorf("seal for %s: %w", subject, errNoRing)
			}
			wrapped, err := g.s.ring.Wrap(subject, k.key)
			if err != nil {
				return nil, err
			}
			fresh.rows = append(fresh.rows, []any{subject, wrapped, g.rec.UnixMicro()})
		}
	}
	clear, index := change{op: opDelete, def: indexOfDef, loose: true}, change{op: opInsert, def: indexDef}
	for key, values := range g.index {
		if k := g.keys[key.subject]; k == nil || k.stored {
			clear.rows = append(clear.rows, []any{key.subject, key.field})
		}
		values = slices.Clone(values)
		slices.Sort(values)
		for _, value := range slices.Compact(values) {
			index.rows = append(index.rows, []any{key.field, value, key.subject})
		}
	}
	sortRows(clear.rows, 2)
	sortRows(index.rows, 3)
	return []change{gone, wipe, fresh, clear, index}, nil
}

func (g *group) fileChanges() []change {
	kept := change{op: opInsert, def: keptDef, loose: true}
	for _, hash := range sortedKeys(g.kept) {
		f := g.kept[hash]
		kept.rows = append(kept.rows, []any{f.Hash, f.Size, f.Type, g.rec.UnixMicro()})
	}
	return []change{kept}
}

func (g *group) jobChange() change {
	c := change{op: opInsert, def: jobDef}
	for _, j := range g.jobs {
		run := g.rec.UnixMicro()
		if !j.NotBefore.IsZero() {
			run = j.NotBefore.UnixMicro()
		}
		c.rows = append(c.rows, []any{j.Kind, j.Key, string(j.Payload), nil, run, int64(jobReady), int64(0), int64(0), "", "", g.rec.UnixMicro()})
	}
	return c
}

func (g *group) commandChange() change {
	c := change{op: opInsert, def: commandDef}
	for _, e := range g.log {
		c.rows = append(c.rows, []any{e.principal, e.action, e.bodyHash[:], int64(e.events), string(e.answer), g.rec.UnixMicro()})
	}
	return c
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

// sortRows sorts rows by their first n columns, all texts.
func sortRows(rows [][]any, n int) {
	slices.SortFunc(rows, func(a, b []any) int {
		for i := range n {
			if a[i].(string) != b[i].(string) {
				if a[i].(string) < b[i].(string) {
					return -1
				}
				return 1
			}
		}
		return 0
	})
}
