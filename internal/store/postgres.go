package store

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/motcua/motcua/internal/core/fault"
)

// postgresEngine is a pool of connections to a PostgreSQL server, shared by
// readers and group writers.
type postgresEngine struct {
	pool  *pgxpool.Pool // reads and operational statements
	write *pgxpool.Pool // transactions
}

// jit is the server's compiling of statements to machine code. It takes longer
// than all our statements do, and forbidding scans, as below, makes their costs
// look high enough for it.
const jit = "jit"

// writeSettings make the transactions' prepared plans go by keys from the first
// row on: a plan made while a table was small would scan it when it no longer is.
var writeSettings = map[string]string{"enable_seqscan": "off", "enable_hashjoin": "off", "enable_mergejoin": "off", jit: "off"}

// openPostgres connects to the server at url.
func openPostgres(ctx context.Context, url string) (engine, error) {
	cfg, err := pgxpool.ParseConfig(url)
	if err != nil {
		return nil, fault.Wrap(err, fault.Invalid, "store.url", fault.Args{"url": "postgres://…"})
	}
	if cfg.MaxConns = int32(poolSize()); cfg.ConnConfig.ConnectTimeout == 0 {
		cfg.ConnConfig.ConnectTimeout = 3 * time.Second
	}
	for name, value := range map[string]string{
		"application_name":                    "motcua",
		jit:                                   "off",
		"lock_timeout":                        "15000",
		"idle_in_transaction_session_timeout": "120000",
	} {
		if _, set := cfg.ConnConfig.RuntimeParams[name]; !set {
			cfg.ConnConfig.RuntimeParams[name] = value
		}
	}
	writing := cfg.Copy()
	for name, value := range writeSettings {
		writing.ConnConfig.RuntimeParams[name] = value
	}
	e := &postgresEngine{}
	if e.pool, err = pgxpool.NewWithConfig(ctx, cfg); err == nil {
		if e.write, err = pgxpool.NewWithConfig(ctx, writing); err == nil {
			err = errors.Join(e.pool.Ping(ctx), e.write.Ping(ctx))
		}
	}
	if err != nil {
		_ = e.close()
		return nil, fault.Wrap(err, fault.Unavailable, "store.unavailable", nil)
	}
	return e, nil
}

func (e *postgresEngine) name() string      { return "postgres" }
func (e *postgresEngine) ensureFirst() bool { return true }

func (e *postgresEngine) writesAlone() bool { return false }

func (e *postgresEngine) groupContext() (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.Background(), groupTimeout)
}

func (e *postgresEngine) close() error {
	for _, pool := range []*pgxpool.Pool{e.pool, e.write} {
		if pool != nil {
			pool.Close()
		}
	}
	return nil
}

func (e *postgresEngine) query(ctx context.Context, text string, args ...any) (Rows, error) {
	return e.pool.Query(ctx, text, args...)
}

// postgresSnapshot is a repeatable-read transaction.
type postgresSnapshot struct{ tx pgx.Tx }

func (e *postgresEngine) snapshot(ctx context.Context) (snapshot, error) {
	tx, err := e.pool.BeginTx(ctx, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly})
	if err != nil {
		return nil, err
	}
	return postgresSnapshot{tx}, nil
}

func (s postgresSnapshot) query(ctx context.Context, text string, args ...any) (Rows, error) {
	return s.tx.Query(ctx, text, args...)
}

func (s postgresSnapshot) close() { _ = s.tx.Rollback(context.Background()) }

// background looks how far other nodes have brought the journal.
func (e *postgresEngine) background(ctx context.Context, s *Store) {
	tick := time.NewTicker(500 * time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		if !s.feed.watched() {
			continue
		}
		var last int64
		if err := s.QueryRow(ctx, `SELECT last FROM journal_head`).Scan(&last); err == nil {
			s.feed.publish(last)
		}
	}
}

// explain reads PostgreSQL's error codes; an error without one means that the
// connection broke.
func (e *postgresEngine) explain(err error) trouble {
	var pe *pgconn.PgError
	if errors.As(err, &pe) {
		switch pe.Code {
		case "23505":
			return troubleUnique
		case "40001", "40P01", "55P03":
			return troubleAgain
		case "57P01", "57P02", "57P03":
			return troubleLost
		case appendOnlyCode:
			return troubleForbidden
		}
		if pe.Code[:2] == "08" {
			return troubleLost
		}
		return troubleOther
	}
	var ne net.Error
	if pgconn.Timeout(err) || errors.As(err, &ne) || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) ||
		errors.Is(err, net.ErrClosed) || errors.Is(err, context.DeadlineExceeded) {
		return troubleLost
	}
	var ce *pgconn.ConnectError
	if errors.As(err, &ce) {
		return troubleLost
	}
	return troubleOther
}

// postgresTx is a write transaction. Its beginning and its writes travel
// together with the next statement whose answer is needed.
type postgresTx struct {
	conn    *pgxpool.Conn
	begun   bool
	pending *pgx.Batch
	check   []func(pgx.BatchResults) error
	last    int64 // position of the last event appended
}

func (e *postgresEngine) begin(ctx context.Context) (transaction, error) {
	conn, err := e.write.Acquire(ctx)
	if err != nil {
		return nil, err
	}
	return &postgresTx{conn: conn}, nil
}

// queue adds a statement to the next batch; check reads its answer.
func (t *postgresTx) queue(check func(pgx.BatchResults) error, text string, args ...any) {
	if t.pending == nil {
		t.pending = &pgx.Batch{}
	}
	if !t.begun {
		t.begun = true
		t.pending.Queue(`BEGIN`)
		t.check = append(t.check, func(r pgx.BatchResults) error { _, err := r.Exec(); return err })
	}
	t.pending.Queue(text, args...)
	t.check = append(t.check, check)
}

// flush sends what is queued and checks the answers.
func (t *postgresTx) flush(ctx context.Context) error {
	if t.pending == nil {
		return nil
	}
	res := t.conn.SendBatch(ctx, t.pending)
	checks := t.check
	t.pending, t.check = nil, nil
	for _, check := range checks {
		if err := check(res); err != nil {
			return errors.Join(err, res.Close())
		}
	}
	return res.Close()
}

func (t *postgresTx) exec(ctx context.Context, text string, args ...any) (int64, error) {
	var n int64
	t.queue(func(r pgx.BatchResults) error {
		tag, err := r.Exec()
		n = tag.RowsAffected()
		return err
	}, text, args...)
	return n, t.flush(ctx)
}

func (t *postgresTx) query(ctx context.Context, text string, args ...any) (Rows, error) {
	if !t.begun {
		if _, err := t.exec(ctx, `SELECT 1`); err != nil {
			return nil, err
		}
	}
	if err := t.flush(ctx); err != nil {
		return nil, err
	}
	return t.conn.Query(ctx, text, args...)
}

func (t *postgresTx) script(ctx context.Context, text string) error {
	if _, err := t.exec(ctx, `SELECT 1`); err != nil {
		return err
	}
	_, err := t.conn.Conn().PgConn().Exec(ctx, text).ReadAll()
	return err
}

// commit travels behind the writes: a statement that fails, or misses a row,
// keeps the server from reaching it.
func (t *postgresTx) commit(ctx context.Context) (int64, error) {
	t.queue(func(r pgx.BatchResults) error {
		tag, err := r.Exec()
		if err == nil && tag.String() != "COMMIT" {
			err = fmt.Errorf("commit answered %s", tag)
		}
		return err
	}, `COMMIT`)
	if err := t.flush(ctx); err != nil {
		return 0, err
	}
	t.conn.Release()
	t.conn = nil
	return t.last, nil
}

func (t *postgresTx) rollback() {
	if t.conn == nil {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	if t.begun && !t.conn.Conn().IsClosed() {
		if _, err := t.conn.Exec(ctx, `ROLLBACK`); err != nil {
			_ = t.conn.Conn().Close(ctx) // the pool drops it
		}
	}
	t.conn.Release()
	t.conn = nil
}

// fetch reads and locks everything in one exchange.
func (t *postgresTx) fetch(ctx context.Context, fs []fetch) error {
	for _, f := range fs {
		write, form := postgresSelect, "select"
		if f.lock {
			write, form = postgresLock, "lock"
		}
		t.queue(func(r pgx.BatchResults) error {
			rows, err := r.Query()
			if err != nil {
				return err
			}
			_, err = collect(rows, func(scan func(...any) error) (struct{}, error) { return struct{}{}, f.row(scan) })
			return err
		}, f.def.text(form, 0, write), arrays(f.def.columns[:f.def.keys], f.keys)...)
	}
	return t.flush(ctx)
}

// change queues the writes; their answers are checked with the next flush.
func (t *postgresTx) change(_ context.Context, cs []change) error {
	for _, c := range cs {
		columns, rows := c.def.columns, c.rows
		form, write := "insert", postgresInsert
		switch {
		case c.op == opInsert && c.loose:
			form, write = "insert loose", postgresInsertLoose
		case c.op == opDelete && c.loose:
			form, write, columns = "delete loose", postgresDeleteLoose, columns[:c.def.keys]
		case c.op == opDelete:
			form, write, columns = "delete", postgresDelete, columns[:c.def.keys]
		case c.op == opUpdate && c.expect != nil:
			form, write = "update expecting", postgresUpdateExpecting
		case c.op == opUpdate:
			form, write = "update", postgresUpdate
		}
		args := arrays(columns, rows)
		if c.expect != nil {
			args = append(args, c.expect)
		}
		if c.op != opInsert && !c.loose {
			args = append(args, int64(len(rows))) // the text itself fails on another number
		}
		t.queue(func(r pgx.BatchResults) error {
			if _, err := r.Exec(); err != nil {
				return fmt.Errorf("%s of %d rows of %s: %w", form, len(rows), c.def.name, err)
			}
			return nil
		}, c.def.text(form, 0, write), args...)
	}
	return nil
}

// appendJournal moves the head and inserts the events behind it in one
// statement, which travels with the commit.
func (t *postgresTx) appendJournal(_ context.Context, evs []pendingEvent) error {
	rows := make([][]any, len(evs))
	for i := range evs {
		rows[i] = journalRow(0, &evs[i].ev)[1:]
	}
	args := append([]any{int64(len(evs))}, arrays(journalDef.columns[1:], rows)...)
	t.queue(func(r pgx.BatchResults) error { return r.QueryRow().Scan(&t.last) }, journalDef.text("append", 0, postgresAppend), args...)
	return nil
}
