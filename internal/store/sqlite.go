package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"sync"
	"time"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"github.com/motcua/motcua/internal/core/fault"
)

// sqliteEngine is the embedded engine: one connection that writes, a pool that
// reads, and a lock that keeps other processes away from the file.
type sqliteEngine struct {
	path    string
	unlock  func() error
	writeDB *sql.DB
	readDB  *sql.DB

	mu     sync.Mutex // held by the write transaction
	conn   *sql.Conn
	stmts  map[string]*sql.Stmt // of the writing connection
	wrote  chan struct{}        // wakes the checkpoints
	readMu sync.Mutex
	reads  map[string]*sql.Stmt
}

// readStatements bounds the prepared statements of the readers.
const readStatements = 500

// openSQLite opens or makes the file at path.
func openSQLite(ctx context.Context, path string) (engine, error) {
	if path == "" {
		return nil, fault.New(fault.Invalid, "store.url", fault.Args{"url": "sqlite:"})
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, fmt.Errorf("make the folder of the database: %w", err)
	}
	unlock, err := lockFile(path + ".lock")
	if err != nil {
		return nil, fault.Wrap(err, fault.Unavailable, "store.locked", fault.Args{"path": path})
	}
	e := &sqliteEngine{path: path, unlock: unlock, stmts: map[string]*sql.Stmt{}, reads: map[string]*sql.Stmt{}, wrote: make(chan struct{}, 1)}
	if err := e.connect(ctx); err != nil {
		return nil, errors.Join(err, e.close())
	}
	return e, nil
}

func (e *sqliteEngine) connect(ctx context.Context) error {
	var err error
	// The larger automatic checkpoint is only the fallback of the background one.
	write := sqliteAddress(e.path, "journal_mode(WAL)", "synchronous(FULL)", "foreign_keys(ON)", "busy_timeout(5000)",
		"trusted_schema(OFF)", "cell_size_check(ON)", "wal_autocheckpoint(16384)", "journal_size_limit(67108864)",
		"cache_size(-24576)", "temp_store(MEMORY)")
	if e.writeDB, err = sql.Open("sqlite", write); err != nil {
		return err
	}
	e.writeDB.SetMaxOpenConns(1)
	if e.conn, err = e.writeDB.Conn(ctx); err != nil {
		return fmt.Errorf("open %s: %w", e.path, err)
	}
	if err := os.Chmod(e.path, 0o600); err != nil {
		return fmt.Errorf("close the database to other users: %w", err)
	}
	read := sqliteAddress(e.path, "busy_timeout(5000)", "query_only(ON)", "trusted_schema(OFF)", "cache_size(-8192)", "temp_store(MEMORY)")
	if e.readDB, err = sql.Open("sqlite", read); err != nil {
		return err
	}
	e.readDB.SetMaxOpenConns(poolSize())
	e.readDB.SetMaxIdleConns(poolSize())
	// A quiet night gives the memory of the readers back; opening one again takes
	// less than a millisecond.
	e.readDB.SetConnMaxIdleTime(30 * time.Second)
	return nil
}

// sqliteAddress is the driver's name of a file with pragmas.
func sqliteAddress(path string, pragmas ...string) string {
	q := url.Values{"_pragma": pragmas}
	return "file:" + (&url.URL{Path: path}).EscapedPath() + "?" + q.Encode()
}

func (e *sqliteEngine) name() string      { return "sqlite" }
func (e *sqliteEngine) writesAlone() bool { return true }
func (e *sqliteEngine) ensureFirst() bool { return false }

// groupContext cannot end: an interrupted statement would harm the neighbours,
// and the driver is faster without a context to watch.
func (e *sqliteEngine) groupContext() (context.Context, context.CancelFunc) {
	return context.Background(), func() {}
}

func (e *sqliteEngine) close() error {
	var errs []error
	for _, st := range e.stmts {
		errs = append(errs, st.Close())
	}
	for _, st := range e.reads {
		errs = append(errs, st.Close())
	}
	if e.readDB != nil {
		errs = append(errs, e.readDB.Close())
	}
	if e.conn != nil {
		errs = append(errs, e.conn.Close())
	}
	if e.writeDB != nil {
		errs = append(errs, e.writeDB.Close())
	}
	return errors.Join(append(errs, e.unlock())...)
}

// query reads with statements that stay prepared; after readStatements different
// texts, which only generated lists can reach, further ones are not kept.
func (e *sqliteEngine) query(ctx context.Context, text string, args ...any) (Rows, error) {
	st, err := e.readStatement(ctx, text)
	if err != nil {
		return nil, err
	}
	var rows *sql.Rows
	if st != nil {
		rows, err = st.QueryContext(ctx, args...)
	} else {
		rows, err = e.readDB.QueryContext(ctx, text, args...)
	}
	if err != nil {
		return nil, err
	}
	return sqlRows{rows}, nil
}

func (e *sqliteEngine) readStatement(ctx context.Context, text string) (*sql.Stmt, error) {
	e.readMu.Lock()
	st, full := e.reads[text], len(e.reads) >= readStatements
	e.readMu.Unlock()
	if st != nil || full {
		return st, nil
	}
	st, err := e.readDB.PrepareContext(ctx, text)
	if err != nil {
		return nil, err
	}
	e.readMu.Lock()
	defer e.readMu.Unlock()
	if other := e.reads[text]; other != nil {
		_ = st.Close()
		return other, nil
	}
	e.reads[text] = st
	return st, nil
}

// sqlRows are database/sql's rows in the common form.
type sqlRows struct{ *sql.Rows }

func (r sqlRows) Close() { _ = r.Rows.Close() }

// sqliteSnapshot is a read transaction.
type sqliteSnapshot struct {
	conn *sql.Conn
}

func (e *sqliteEngine) snapshot(ctx context.Context) (snapshot, error) {
	conn, err := e.readDB.Conn(ctx)
	if err != nil {
		return nil, err
	}
	s := sqliteSnapshot{conn}
	if _, err = conn.ExecContext(ctx, `BEGIN`); err == nil {
		// The first reading, not BEGIN, fixes what is seen.
		var n int64
		err = conn.QueryRowContext(ctx, `SELECT last FROM journal_head`).Scan(&n)
	}
	if err != nil {
		s.close()
		return nil, err
	}
	return s, nil
}

func (s sqliteSnapshot) query(ctx context.Context, text string, args ...any) (Rows, error) {
	rows, err := s.conn.QueryContext(ctx, text, args...)
	if err != nil {
		return nil, err
	}
	return sqlRows{rows}, nil
}

func (s sqliteSnapshot) close() {
	_, _ = s.conn.ExecContext(context.Background(), `ROLLBACK`)
	_ = s.conn.Close()
}

// background checkpoints the write-ahead log while nobody waits for it, so that
// the writer does not have to.
func (e *sqliteEngine) background(ctx context.Context, s *Store) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-e.wrote:
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(time.Second):
		}
		if err := e.checkpoint(ctx); err != nil && ctx.Err() == nil {
			s.log.Warn("a checkpoint failed and will be tried again", "error", err)
		}
	}
}

// checkpointFrom is the size of the write-ahead log from which a checkpoint is
// worth its reading and writing.
const checkpointFrom = 4 << 20

func (e *sqliteEngine) checkpoint(ctx context.Context) error {
	if st, err := os.Stat(e.path + "-wal"); err != nil || st.Size() < checkpointFrom {
		return nil
	}
	conn, err := e.readDB.Conn(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	if _, err := conn.ExecContext(ctx, `PRAGMA query_only = OFF`); err != nil {
		return err
	}
	_, err = conn.ExecContext(ctx, `PRAGMA wal_checkpoint(PASSIVE)`)
	_, back := conn.ExecContext(ctx, `PRAGMA query_only = ON`)
	return errors.Join(err, back)
}

// explain reads SQLite's error codes.
func (e *sqliteEngine) explain(err error) trouble {
	var se *sqlite.Error
	if !errors.As(err, &se) {
		return troubleOther
	}
	switch se.Code() {
	case sqlite3.SQLITE_CONSTRAINT_UNIQUE, sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY, sqlite3.SQLITE_CONSTRAINT_ROWID:
		return troubleUnique
	case sqlite3.SQLITE_CONSTRAINT_TRIGGER:
		return troubleForbidden
	}
	switch se.Code() & 0xff {
	case sqlite3.SQLITE_IOERR, sqlite3.SQLITE_FULL, sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN:
		return troubleDisk
	case sqlite3.SQLITE_BUSY:
		return troubleAgain
	}
	return troubleOther
}
