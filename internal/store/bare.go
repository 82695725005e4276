package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
)

// Bare writes rows by the driver alone: no decision, no encoding, no hash, no
// reading. What it reaches is the limit of a store on this machine.
type Bare struct {
	to   bareWriter
	last int64 // position of the last event
	seen map[[2]string]bool
}

// bareWriter is one driver with the statements that it has prepared.
type bareWriter interface {
	prepare(ctx context.Context, inserts []change) error // what must be there before
	write(ctx context.Context, cs []change, events int) error
	close() error
}

// OpenBare makes the tables of a store at url, which must be empty, and opens
// it with the bare driver, as durable as the store.
func OpenBare(ctx context.Context, url string) (*Bare, error) {
	s, err := Open(ctx, url, Options{Migrate: true})
	if err != nil {
		return nil, err
	}
	if err := s.Close(); err != nil {
		return nil, err
	}
	b := &Bare{seen: map[[2]string]bool{}}
	if path, isFile := strings.CutPrefix(url, "sqlite:"); isFile {
		b.to, err = openBareSQLite(ctx, path)
	} else {
		b.to, err = openBarePostgres(ctx, url)
	}
	return b, err
}

// Close closes the driver.
func (b *Bare) Close() error { return b.to.close() }

// Write writes the rows of w in groups of size commands, each group in one
// durable transaction, and returns how long that took. Rows that w changes and
// that are not there yet are put there before the time runs.
func (b *Bare) Write(ctx context.Context, w Written, size int) (time.Duration, error) {
	if err := b.to.prepare(ctx, b.before(w)); err != nil {
		return 0, fmt.Errorf("prepare the limit: %w", err)
	}
	groups := make([][]change, 0, len(w.units)/size+1)
	var events []int
	for part := range slices.Chunk(w.units, size) {
		cs := merge(part)
		groups = append(groups, cs)
		n := 0
		for _, c := range cs {
			if c.def != journalDef {
				continue
			}
			for _, row := range c.rows {
				b.last++
				row[0] = b.last
				n++
			}
		}
		events = append(events, n)
	}
	began := time.Now()
	for i, cs := range groups {
		if err := b.to.write(ctx, cs, events[i]); err != nil {
			return 0, fmt.Errorf("write the limit: %w", err)
		}
	}
	return time.Since(began), nil
}

// before are the rows that w updates or deletes without having inserted them.
func (b *Bare) before(w Written) []change {
	var out []change
	for _, unit := range w.units {
		for _, c := range unit {
			if c.loose || c.def == journalDef {
				continue
			}
			need := change{op: opInsert, def: c.def, loose: true}
			for _, row := range c.rows {
				key := [2]string{c.def.name, keyText(c.def, row)}
				if b.seen[key] {
					continue
				}
				if c.op == opUpdate {
					need.rows = append(need.rows, row)
				}
				// A row that is deleted and was never seen would have to be invented;
				// its deletion finds nothing, which makes the limit no lower.
				b.seen[key] = true
			}
			if len(need.rows) > 0 {
				out = append(out, need)
			}
		}
	}
	return merge([]tapeUnit{out})
}

// keyText is the key of a row as one text.
func keyText(d *tableDef, row []any) string {
	if d.keys == 1 {
		if s, ok := row[0].(string); ok {
			return s
		}
	}
	return fmt.Sprint(row[:max(d.keys, 1)]...)
}

// merge puts the changes of some commands together, by table and kind of change
// in the order in which they first occur. Of several updates of one row the last
// stays, as in a group of the store.
func merge(units []tapeUnit) []change {
	type place struct {
		def   *tableDef
		op    op
		loose bool
	}
	var out []change
	at := map[place]int{}
	row := map[place]map[string]int{}
	for _, unit := range units {
		for _, c := range unit {
			p := place{c.def, c.op, c.loose}
			i, there := at[p]
			if !there {
				i, at[p] = len(out), len(out)
				out = append(out, change{op: c.op, def: c.def, loose: c.loose})
			}
			if c.op != opUpdate {
				out[i].rows = append(out[i].rows, c.rows...)
				continue
			}
			if row[p] == nil {
				row[p] = map[string]int{}
			}
			for n, r := range c.rows {
				key := keyText(c.def, r)
				if at, again := row[p][key]; again {
					out[i].rows[at], out[i].only[at] = r, out[i].only[at].union(c.onlyOf(n))
					continue
				}
				row[p][key] = len(out[i].rows)
				out[i].rows, out[i].only = append(out[i].rows, r), append(out[i].only, c.onlyOf(n))
			}
		}
	}
	// The journal comes last, as in the store.
	slices.SortStableFunc(out, func(x, y change) int {
		return btoi(x.def == journalDef) - btoi(y.def == journalDef)
	})
	return out
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}

// bareSQLite is database/sql on one connection.
type bareSQLite struct {
	db    *sql.DB
	conn  *sql.Conn
	stmts map[string]*sql.Stmt
}

func openBareSQLite(ctx context.Context, path string) (bareWriter, error) {
	db, err := sql.Open("sqlite", sqliteAddress(path, "journal_mode(WAL)", "synchronous(FULL)", "wal_autocheckpoint(16384)", "cache_size(-65536)"))
	if err != nil {
		return nil, err
	}
	conn, err := db.Conn(ctx)
	if err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return &bareSQLite{db, conn, map[string]*sql.Stmt{}}, nil
}

func (b *bareSQLite) close() error {
	for _, st := range b.stmts {
		_ = st.Close()
	}
	return errors.Join(b.conn.Close(), b.db.Close())
}

func (b *bareSQLite) run(ctx context.Context, text string, args ...any) error {
	st := b.stmts[text]
	if st == nil {
		var err error
		if st, err = b.conn.PrepareContext(ctx, text); err != nil {
			return err
		}
		b.stmts[text] = st
	}
	_, err := st.ExecContext(ctx, args...)
	return err
}

func (b *bareSQLite) prepare(ctx context.Context, cs []change) error {
	return b.write(ctx, cs, 0)
}

func (b *bareSQLite) write(ctx context.Context, cs []change, events int) error {
	if err := b.run(ctx, `BEGIN IMMEDIATE`); err != nil {
		return err
	}
	if events > 0 {
		if err := b.run(ctx, `UPDATE journal_head SET last = last + ? WHERE one = 1`, events); err != nil {
			return err
		}
	}
	for _, c := range cs {
		if err := b.change(ctx, c); err != nil {
			return fmt.Errorf("%s: %w", c.def.name, err)
		}
	}
	return b.run(ctx, `COMMIT`)
}

func (b *bareSQLite) change(ctx context.Context, c change) error {
	if c.op == opUpdate {
		args := make([]any, 0, len(c.def.columns))
		for i, row := range c.rows {
			set := c.onlyOf(i)
			args = updateArgs(args[:0], c.def, row, set)
			if err := b.run(ctx, c.def.text("set", int(set), sqliteUpdate), args...); err != nil {
				return err
			}
		}
		return nil
	}
	form, write := "insert", sqliteInsert
	switch {
	case c.op == opDelete:
		form, write = "delete", sqliteDelete
	case c.loose:
		form, write = "insert loose", sqliteInsertLoose
	}
	for rows := c.rows; len(rows) > 0; {
		n := chunk(len(rows))
		args := make([]any, 0, n*len(rows[0]))
		for _, row := range rows[:n] {
			args = append(args, row...)
		}
		rows = rows[n:]
		if err := b.run(ctx, c.def.text(form, n, write), args...); err != nil {
			return err
		}
	}
	return nil
}

// barePostgres is pgx on one connection: a group is one batch.
type barePostgres struct{ conn *pgx.Conn }

func openBarePostgres(ctx context.Context, url string) (bareWriter, error) {
	cfg, err := pgx.ParseConfig(url)
	if err != nil {
		return nil, err
	}
	for name, value := range writeSettings {
		cfg.RuntimeParams[name] = value
	}
	conn, err := pgx.ConnectConfig(ctx, cfg)
	return &barePostgres{conn}, err
}

func (b *barePostgres) close() error { return b.conn.Close(context.Background()) }

func (b *barePostgres) prepare(ctx context.Context, cs []change) error {
	if len(cs) == 0 {
		return nil
	}
	return b.write(ctx, cs, 0)
}

func (b *barePostgres) write(ctx context.Context, cs []change, events int) error {
	batch := &pgx.Batch{}
	batch.Queue(`BEGIN`)
	for _, c := range cs {
		columns := c.def.columns
		var text string
		switch {
		case c.op == opDelete:
			text, columns = c.def.text("delete loose", 0, postgresDeleteLoose), columns[:c.def.keys]
		case c.op == opUpdate:
			text = c.def.text("update bare", 0, func(d *tableDef, _ int) string { return postgresUpdateFrom(d, d.columns) })
		case c.loose:
			text = c.def.text("insert loose", 0, postgresInsertLoose)
		default:
			text = c.def.text("insert", 0, postgresInsert)
		}
		batch.Queue(text, arrays(columns, c.rows)...)
	}
	if events > 0 {
		batch.Queue(`UPDATE journal_head SET last = last + $1::bigint WHERE one = 1`, int64(events))
	}
	batch.Queue(`COMMIT`)
	return b.conn.SendBatch(ctx, batch).Close()
}
