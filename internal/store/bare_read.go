package store

import (
	"context"
	"database/sql"
	"errors"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
)

// BareReader reads rows by the driver alone: they are fetched and not decoded.
type BareReader struct {
	ask   func(ctx context.Context, q asked) error
	close func() error
}

// OpenBareReader opens the database at url beside the store that has it.
func OpenBareReader(ctx context.Context, url string) (*BareReader, error) {
	if path, isFile := strings.CutPrefix(url, "sqlite:"); isFile {
		return openBareSQLiteReader(path)
	}
	cfg, err := pgxpool.ParseConfig(url)
	if err != nil {
		return nil, err
	}
	cfg.MaxConns = int32(poolSize())
	cfg.ConnConfig.RuntimeParams[jit] = "off"
	pool, err := pgxpool.NewWithConfig(ctx, cfg)
	if err != nil {
		return nil, err
	}
	ask := func(ctx context.Context, q asked) error {
		rows, err := pool.Query(ctx, q.text, q.args...)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			_ = rows.RawValues()
		}
		return rows.Err()
	}
	return &BareReader{ask, func() error { pool.Close(); return nil }}, nil
}

func openBareSQLiteReader(path string) (*BareReader, error) {
	db, err := sql.Open("sqlite", sqliteAddress(path, "query_only(ON)", "cache_size(-8192)", "temp_store(MEMORY)"))
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(poolSize())
	db.SetMaxIdleConns(poolSize())
	var mu sync.Mutex
	prepared := map[string]*sql.Stmt{}
	statement := func(ctx context.Context, text string) (*sql.Stmt, error) {
		mu.Lock()
		defer mu.Unlock()
		if st := prepared[text]; st != nil {
			return st, nil
		}
		st, err := db.PrepareContext(ctx, text)
		if err == nil {
			prepared[text] = st
		}
		return st, err
	}
	ask := func(ctx context.Context, q asked) error {
		st, err := statement(ctx, q.text)
		if err != nil {
			return err
		}
		rows, err := st.QueryContext(ctx, q.args...)
		if err != nil {
			return err
		}
		defer rows.Close()
		columns, err := rows.Columns()
		if err != nil {
			return err
		}
		raw := make([]any, len(columns))
		for i := range raw {
			raw[i] = new(sql.RawBytes)
		}
		for rows.Next() {
			if err := rows.Scan(raw...); err != nil {
				return err
			}
		}
		return rows.Err()
	}
	return &BareReader{ask, func() error {
		var errs []error
		for _, st := range prepared {
			errs = append(errs, st.Close())
		}
		return errors.Join(append(errs, db.Close())...)
	}}, nil
}

// Close closes the connections.
func (b *BareReader) Close() error { return b.close() }

// Read asks everything that w asked, by so many clients at once, and returns how
// long that took.
func (b *BareReader) Read(ctx context.Context, w Written, clients int) (time.Duration, error) {
	errs := make([]error, clients)
	var next atomic.Int64
	var wait sync.WaitGroup
	began := time.Now()
	for c := range clients {
		wait.Go(func() {
			for errs[c] == nil {
				i := int(next.Add(1)) - 1
				if i >= len(w.asked) {
					return
				}
				errs[c] = b.ask(ctx, w.asked[i])
			}
		})
	}
	wait.Wait()
	return time.Since(began), errors.Join(errs...)
}
