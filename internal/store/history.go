package store

import (
	"context"
	"errors"
	"time"

	"github.com/motcua/motcua/internal/core/dossier"
)

// OpenDossiers reads dossiers that somebody still has to do something about, in
// order of their ids after one. The plus keeps SQLite from collecting and sorting
// all of a status for every page.
func (s *Store) OpenDossiers(ctx context.Context, after string, limit int) ([]dossier.Dossier, error) {
	return states[dossier.Dossier](ctx, s, `SELECT state FROM dossier WHERE +status IN (1, 2, 4, 5, 6, 9) AND id > $1 ORDER BY id LIMIT $2`, after, limit)
}

// AllDossiers reads every dossier, in order of their ids after one.
func (s *Store) AllDossiers(ctx context.Context, after string, limit int) ([]dossier.Dossier, error) {
	return states[dossier.Dossier](ctx, s, `SELECT state FROM dossier WHERE id > $1 ORDER BY id LIMIT $2`, after, limit)
}

// LastAct is the action id and legal time of the last event of a root's stream.
func (s *Store) LastAct(ctx context.Context, r Root) (action string, at time.Time, err error) {
	var us int64
	err = s.QueryRow(ctx, `SELECT action, at FROM journal WHERE stream = $1 ORDER BY version DESC LIMIT 1`, r.Stream()).Scan(&action, &us)
	return action, instant(us), err
}

// LastActed is the latest legal time of the events whose action ids begin with a
// prefix; the zero time when there are none. It reads the whole journal.
func (s *Store) LastActed(ctx context.Context, prefix string) (time.Time, error) {
	var us *int64
	err := s.QueryRow(ctx, `SELECT MAX(at) FROM journal WHERE substr(action, 1, $1) = $2`, int64(len(prefix)), prefix).Scan(&us)
	if errors.Is(err, ErrNoRow) || err == nil && us == nil {
		return time.Time{}, nil
	}
	if err != nil {
		return time.Time{}, err
	}
	return instant(*us), nil
}

// LastLegalTime is the latest legal time of any event; the zero time for an
// empty journal. It reads the whole journal.
func (s *Store) LastLegalTime(ctx context.Context) (time.Time, error) {
	return s.LastActed(ctx, "")
}

// Founder is the principal of the first event; empty in an empty journal.
func (s *Store) Founder(ctx context.Context) (string, error) {
	var principal string
	err := s.QueryRow(ctx, `SELECT principal FROM journal WHERE position = 1`).Scan(&principal)
	if errors.Is(err, ErrNoRow) {
		return "", nil
	}
	return principal, err
}
