package store

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"
)

// countingEngine counts commits.
type countingEngine struct {
	engine
	n atomic.Int64
}

func (e *countingEngine) begin(ctx context.Context) (transaction, error) {
	e.n.Add(1)
	return e.engine.begin(ctx)
}

// CountGroups counts the transactions from now on.
func (s *Store) CountGroups() func() int64 {
	e := &countingEngine{engine: s.eng}
	s.eng = e
	return e.n.Load
}

// bareTables are the tables whose rows a benchmark writes, with the number of
// rows of one write.
var bareTables = []struct {
	def *tableDef
	per int
}{{boxTables[0], 1}, {boxTables[1], 3}, {jobDef, 1}, {commandDef, 1}, {journalDef, 1}}

var boxTables = Register(boxKind).k.tables()

// WriteBare writes the store's rows again into a copy of its tables, by the
// driver alone, size writes a transaction, and returns the time it took.
func (s *Store) WriteBare(ctx context.Context, size int) (time.Duration, error) {
	all := make([][][]any, len(bareTables))
	for i, t := range bareTables {
		rows, err := s.eng.query(ctx, `SELECT `+t.def.columnList()+` FROM `+t.def.name+` ORDER BY `+t.def.columns[0].name)
		if err != nil {
			return 0, err
		}
		if all[i], err = collect(rows, t.def.scanRow); err != nil {
			return 0, err
		}
	}
	if s.Engine() == "sqlite" {
		return bareSQLite(ctx, all, size)
	}
	return s.barePostgres(ctx, all, size)
}

// slice is the rows of table t that belong to writes from..to.
func slice(all [][][]any, t, from, to int) [][]any {
	per := bareTables[t].per
	return all[t][min(from*per, len(all[t])):min(to*per, len(all[t]))]
}

func bareSQLite(ctx context.Context, all [][][]any, size int) (time.Duration, error) {
	dir, err := os.MkdirTemp("", "bare")
	if err != nil {
		return 0, err
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "b.db")
	eng, err := openSQLite(ctx, path)
	if err != nil {
		return 0, err
	}
	s := &Store{eng: eng, opt: Options{Wall: time.Now, Progress: func(string) {}}}
	if err := s.migrate(ctx); err != nil {
		return 0, err
	}
	if err := eng.close(); err != nil {
		return 0, err
	}
	db, err := sql.Open("sqlite", sqliteAddress(path, "journal_mode(WAL)", "synchronous(FULL)", "wal_autocheckpoint(16384)", "cache_size(-65536)"))
	if err != nil {
		return 0, err
	}
	defer db.Close()
	conn, err := db.Conn(ctx)
	if err != nil {
		return 0, err
	}
	defer conn.Close()
	for key := range 20 {
		if _, err := conn.ExecContext(ctx, `INSERT INTO series VALUES ('code', $1, 0)`, fmt.Sprint(key)); err != nil {
			return 0, err
		}
	}
	begin := time.Now()
	stmts := map[string]*sql.Stmt{}
	run := func(text string, args ...any) error {
		if stmts[text] == nil {
			if stmts[text], err = conn.PrepareContext(ctx, text); err != nil {
				return err
			}
		}
		_, err := stmts[text].ExecContext(ctx, args...)
		return err
	}
	for from := 0; from < len(all[0]); from += size {
		if err := run(`BEGIN IMMEDIATE`); err != nil {
			return 0, err
		}
		for t, bt := range bareTables {
			for rows := slice(all, t, from, from+size); len(rows) > 0; {
				n := chunk(len(rows))
				var args []any
				for _, r := range rows[:n] {
					args = append(args, r...)
				}
				rows = rows[n:]
				if err := run(bt.def.text("insert", n, sqliteInsert), args...); err != nil {
					return 0, err
				}
			}
		}
		for key := range min(size, 20) { // numbers are taken too
			if err := run(`UPDATE series SET last = last + 1 WHERE kind = $1 AND key = $2`, "code", fmt.Sprint(key)); err != nil {
				return 0, err
			}
		}
		if err := run(`UPDATE journal_head SET last = last + $1`, size); err != nil {
			return 0, err
		}
		if err := run(`COMMIT`); err != nil {
			return 0, err
		}
	}
	return time.Since(begin), nil
}

func (s *Store) barePostgres(ctx context.Context, all [][][]any, size int) (time.Duration, error) {
	pool := s.eng.(*countingEngine).engine.(*postgresEngine).write
	for _, t := range bareTables {
		if _, err := pool.Exec(ctx, `CREATE TABLE bare_`+t.def.name+` (LIKE `+t.def.name+` INCLUDING ALL)`); err != nil {
			return 0, err
		}
	}
	for key := range 20 {
		if _, err := pool.Exec(ctx, `INSERT INTO series VALUES ('code', $1, 0) ON CONFLICT DO NOTHING`, fmt.Sprint(key)); err != nil {
			return 0, err
		}
	}
	conn, err := pool.Acquire(ctx)
	if err != nil {
		return 0, err
	}
	defer conn.Release()
	begin := time.Now()
	for from := 0; from < len(all[0]); from += size {
		b := &pgx.Batch{}
		b.Queue(`BEGIN`)
		for t, bt := range bareTables {
			rows := slice(all, t, from, from+size)
			b.Queue(strings.Replace(postgresInsert(bt.def, 0), "INTO ", "INTO bare_", 1), arrays(bt.def.columns, rows)...)
		}
		var series [][]any
		for key := range min(size, 20) { // numbers are taken too
			series = append(series, []any{"code", fmt.Sprint(key), int64(from)})
		}
		b.Queue(postgresUpdate(seriesDef, 0), append(arrays(seriesDef.columns, series), int64(len(series)))...)
		b.Queue(`UPDATE journal_head SET last = last + 0 WHERE one = 1`)
		b.Queue(`COMMIT`)
		if err := conn.SendBatch(ctx, b).Close(); err != nil {
			return 0, err
		}
	}
	took := time.Since(begin)
	for _, t := range bareTables {
		if _, err := pool.Exec(ctx, `DROP TABLE bare_`+t.def.name); err != nil {
			return 0, err
		}
	}
	return took, nil
}
