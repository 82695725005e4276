package store

import (
	"context"
	"errors"

	"github.com/motcua/motcua/internal/core/fault"
)

// ErrNoRow is what Row.Scan answers when the query found nothing.
var ErrNoRow = errors.New("no row")

// Query reads on a connection of the readers. The text must be the same SQL on
// both engines, with $1, $2 … in order of first appearance. Close the rows.
func (s *Store) Query(ctx context.Context, sql string, args ...any) (Rows, error) {
	rows, err := s.eng.query(ctx, sql, args...)
	if err != nil {
		return nil, s.readFault(ctx, err)
	}
	return rows, nil
}

// Row is the first row of a query.
type Row struct {
	rows Rows
	err  error
}

// QueryRow reads at most one row.
func (s *Store) QueryRow(ctx context.Context, sql string, args ...any) Row {
	rows, err := s.Query(ctx, sql, args...)
	return Row{rows, err}
}

// Scan reads the row into dest; ErrNoRow when there is none.
func (r Row) Scan(dest ...any) error {
	if r.err != nil {
		return r.err
	}
	return scanOne(r.rows, dest...)
}

// scanOne reads the first row and closes the rows.
func scanOne(rows Rows, dest ...any) error {
	defer rows.Close()
	if !rows.Next() {
		if err := rows.Err(); err != nil {
			return err
		}
		return ErrNoRow
	}
	if err := rows.Scan(dest...); err != nil {
		return err
	}
	rows.Close()
	return rows.Err()
}

// Collect reads every row of a query with each, and closes it.
func Collect[T any](ctx context.Context, s *Store, each func(scan func(dest ...any) error) (T, error), sql string, args ...any) ([]T, error) {
	rows, err := s.Query(ctx, sql, args...)
	if err != nil {
		return nil, err
	}
	return collect(rows, each)
}

func collect[T any](rows Rows, each func(scan func(dest ...any) error) (T, error)) ([]T, error) {
	defer rows.Close()
	var out []T
	for rows.Next() {
		t, err := each(rows.Scan)
		if err != nil {
			return nil, err
		}
		out = append(out, t)
	}
	return out, rows.Err()
}

// Get reads the state of a root. It fails with fault.NotFound "store.absent"
// when there is none.
func Get[S any](ctx context.Context, s *Store, r Root) (S, error) {
	state, _, err := GetVersion[S](ctx, s, r)
	return state, err
}

// GetVersion is Get with the root's version, for Expect.
func GetVersion[S any](ctx context.Context, s *Store, r Root) (S, int64, error) {
	var state S
	k := kindNamed(r.Kind)
	if k == nil {
		return state, 0, fault.New(fault.NotFound, "store.absent", fault.Args{"kind": r.Kind, "id": r.ID})
	}
	var version int64
	var text string
	err := s.QueryRow(ctx, `SELECT version, state FROM `+k.main.name+` WHERE id = $1`, r.ID).Scan(&version, &text)
	if errors.Is(err, ErrNoRow) {
		return state, 0, fault.New(fault.NotFound, "store.absent", fault.Args{"kind": r.Kind, "id": r.ID})
	}
	if err != nil {
		return state, 0, err
	}
	decoded, err := k.decode([]byte(text))
	if err != nil {
		return state, 0, err
	}
	return decoded.(S), version, nil
}

// GuardVersion reads the version of a guard root; 0 before its first write.
func GuardVersion(ctx context.Context, s *Store, r Root) (int64, error) {
	var version int64
	err := s.QueryRow(ctx, `SELECT version FROM guard WHERE id = $1`, r.ID).Scan(&version)
	if errors.Is(err, ErrNoRow) {
		return 0, nil
	}
	return version, err
}

// readFault gives a failed read its kind.
func (s *Store) readFault(ctx context.Context, err error) error {
	if ctx.Err() == nil && s.eng.explain(err) == troubleLost {
		return fault.Wrap(err, fault.Unavailable, "store.unavailable", nil)
	}
	return err
}
