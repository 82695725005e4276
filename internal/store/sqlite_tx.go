package store

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
)

// sqliteTx is the one write transaction that can be open.
type sqliteTx struct {
	e    *sqliteEngine
	open bool
	last int64 // position of the last event appended
}

func (e *sqliteEngine) begin(ctx context.Context) (transaction, error) {
	e.mu.Lock()
	t := &sqliteTx{e: e, open: true}
	if _, err := t.exec(ctx, `BEGIN IMMEDIATE`); err != nil {
		t.open = false
		e.mu.Unlock()
		return nil, err
	}
	return t, nil
}

func (t *sqliteTx) commit(ctx context.Context) (int64, error) {
	if _, err := t.exec(ctx, `COMMIT`); err != nil {
		return 0, err
	}
	t.open = false
	t.e.mu.Unlock()
	select {
	case t.e.wrote <- struct{}{}:
	default:
	}
	return t.last, nil
}

func (t *sqliteTx) rollback() {
	if !t.open {
		return
	}
	t.open = false
	// Fails when the engine has rolled back by itself, which is as good.
	_, _ = t.exec(context.Background(), `ROLLBACK`)
	t.e.mu.Unlock()
}

// statement prepares a text once for the life of the writing connection. Texts
// are generated from tables and lengths that are powers of two: there are few.
func (t *sqliteTx) statement(ctx context.Context, text string) (*sql.Stmt, error) {
	if st := t.e.stmts[text]; st != nil {
		return st, nil
	}
	st, err := t.e.conn.PrepareContext(ctx, text)
	if err != nil {
		return nil, fmt.Errorf("prepare %.80q: %w", text, err)
	}
	t.e.stmts[text] = st
	return st, nil
}

func (t *sqliteTx) exec(ctx context.Context, text string, args ...any) (int64, error) {
	st, err := t.statement(ctx, text)
	if err != nil {
		return 0, err
	}
	res, err := st.ExecContext(ctx, args...)
	if err != nil {
		return 0, err
	}
	return res.RowsAffected()
}

func (t *sqliteTx) query(ctx context.Context, text string, args ...any) (Rows, error) {
	st, err := t.statement(ctx, text)
	if err != nil {
		return nil, err
	}
	rows, err := st.QueryContext(ctx, args...)
	if err != nil {
		return nil, err
	}
	return sqlRows{rows}, nil
}

func (t *sqliteTx) script(ctx context.Context, text string) error {
	_, err := t.e.conn.ExecContext(ctx, text)
	return err
}

// fetch reads the keys in chunks. The one writer is the lock.
func (t *sqliteTx) fetch(ctx context.Context, fs []fetch) error {
	for _, f := range fs {
		for keys := f.keys; len(keys) > 0; {
			n := chunk(len(keys))
			args := make([]any, 0, n*f.def.keys)
			for _, key := range keys[:n] {
				args = append(args, key...)
			}
			keys = keys[n:]
			rows, err := t.query(ctx, f.def.text("select", n, sqliteSelect), args...)
			if err != nil {
				return err
			}
			if _, err := collect(rows, func(scan func(...any) error) (struct{}, error) { return struct{}{}, f.row(scan) }); err != nil {
				return err
			}
		}
	}
	return nil
}

// change writes rows: inserts and deletes in chunks, updates row by row, since
// each compares its own version.
func (t *sqliteTx) change(ctx context.Context, cs []change) error {
	for _, c := range cs {
		if c.op == opUpdate {
			if err := t.update(ctx, c); err != nil {
				return err
			}
			continue
		}
		for rows := c.rows; len(rows) > 0; {
			n := chunk(len(rows))
			args := make([]any, 0, n*len(rows[0]))
			for _, row := range rows[:n] {
				args = append(args, row...)
			}
			rows = rows[n:]
			form, write := "insert", sqliteInsert
			switch {
			case c.op == opDelete:
				form, write = "delete", sqliteDelete
			case c.loose:
				form, write = "insert loose", sqliteInsertLoose
			}
			done, err := t.exec(ctx, c.def.text(form, n, write), args...)
			if err != nil {
				return err
			}
			if !c.loose && done != int64(n) {
				return fmt.Errorf("%s of %d rows of %s met %d", form, n, c.def.name, done)
			}
		}
	}
	return nil
}

// mostUpdates is up to how many statements are prepared an update names only
// the columns that differ. A few dozen occur; nobody knows all that could.
const mostUpdates = 1000

func (t *sqliteTx) update(ctx context.Context, c change) error {
	form, write := "set", sqliteUpdate
	if c.expect != nil {
		form, write = "set expecting", sqliteUpdateExpecting
	}
	args := make([]any, 0, len(c.def.columns)+1)
	for i, row := range c.rows {
		set := c.onlyOf(i)
		if len(t.e.stmts) >= mostUpdates {
			set = 0
		}
		args = updateArgs(args[:0], c.def, row, set)
		if c.expect != nil {
			args = append(args, c.expect[i])
		}
		done, err := t.exec(ctx, c.def.text(form, int(set), write), args...)
		if err != nil {
			return err
		}
		if done != 1 {
			return fmt.Errorf("%s of %s %v met %d rows", form, c.def.name, row[:c.def.keys], done)
		}
	}
	return nil
}

// updateArgs are the arguments of sqliteUpdate: the columns of the set, then the key.
func updateArgs(args []any, d *tableDef, row []any, set columnSet) []any {
	for i := d.keys; i < len(row); i++ {
		if set.has(i) {
			args = append(args, row[i])
		}
	}
	return append(args, row[:d.keys]...)
}

func (t *sqliteTx) appendJournal(ctx context.Context, evs []pendingEvent) error {
	rows, err := t.query(ctx, `UPDATE journal_head SET last = last + $1 WHERE one = 1 RETURNING last`, len(evs))
	if err != nil {
		return err
	}
	if err := scanOne(rows, &t.last); err != nil {
		return fmt.Errorf("move the head of the journal: %w", err)
	}
	c := change{op: opInsert, def: journalDef, rows: make([][]any, len(evs))}
	for i := range evs {
		c.rows[i] = journalRow(t.last-int64(len(evs)-i-1), &evs[i].ev)
	}
	return t.change(ctx, []change{c})
}

// chunk is how many of n rows the next statement takes: a power of two, at most 32.
func chunk(n int) int {
	c := 32
	for c > n {
		c /= 2
	}
	return c
}

func sqliteSelect(d *tableDef, n int) string {
	return `SELECT ` + d.columnList() + ` FROM ` + d.name + ` WHERE ` + sqliteKeys(d, n)
}

func sqliteDelete(d *tableDef, n int) string {
	return `DELETE FROM ` + d.name + ` WHERE ` + sqliteKeys(d, n)
}

// sqliteKeys compares the key with n keys.
func sqliteKeys(d *tableDef, n int) string {
	if d.keys == 1 {
		return d.columns[0].name + ` IN (` + placeholders(n) + `)`
	}
	names := make([]string, d.keys)
	for i := range names {
		names[i] = d.columns[i].name
	}
	return `(` + strings.Join(names, ", ") + `) IN (VALUES ` + sqliteTuples(d.keys, n) + `)`
}

func sqliteInsert(d *tableDef, n int) string {
	return `INSERT INTO ` + d.name + ` (` + d.columnList() + `) VALUES ` + sqliteTuples(len(d.columns), n)
}

func sqliteInsertLoose(d *tableDef, n int) string {
	return sqliteInsert(d, n) + ` ON CONFLICT DO NOTHING`
}

// sqliteUpdate sets the columns of a columnSet.
func sqliteUpdate(d *tableDef, only int) string {
	var set, where []string
	for i, c := range d.columns {
		switch {
		case i < d.keys:
			where = append(where, c.name+" = ?")
		case columnSet(only).has(i):
			set = append(set, c.name+" = ?")
		}
	}
	return `UPDATE ` + d.name + ` SET ` + strings.Join(set, ", ") + ` WHERE ` + strings.Join(where, " AND ")
}

func sqliteUpdateExpecting(d *tableDef, n int) string {
	return sqliteUpdate(d, n) + " AND version = ?"
}

func sqliteTuples(width, n int) string {
	tuples := make([]string, n)
	for i := range tuples {
		tuples[i] = "(" + placeholders(width) + ")"
	}
	return strings.Join(tuples, ", ")
}

// placeholders are n parameters in the order of the arguments. They have no
// names: the driver looks each name up in a list, which costs a tenth of a group.
func placeholders(n int) string { return strings.TrimSuffix(strings.Repeat("?, ", n), ", ") }
