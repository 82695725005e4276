package store

import (
	"context"
	"errors"
	"time"

	"github.com/motcua/motcua/internal/core/fault"
)

// Session is a signed-in person (phiên làm việc). The token itself is never
// stored, only its hash.
type Session struct {
	TokenHash []byte
	Staff     string
	Data      []byte    // JSON of whoever signs people in
	ExpiresAt time.Time // real time
}

// PutSession makes or replaces a session.
func (s *Store) PutSession(ctx context.Context, n Session) error {
	now := s.recordedAt().UnixMicro()
	return s.write(ctx, func(ctx context.Context, tx transaction) error {
		_, err := tx.exec(ctx, `INSERT INTO session (token_hash, staff, data, recorded_at, expires_at) VALUES ($1, $2, $3, $4, $5)
			ON CONFLICT (token_hash) DO UPDATE SET staff = excluded.staff, data = excluded.data, expires_at = excluded.expires_at`,
			n.TokenHash, n.Staff, string(n.Data), now, n.ExpiresAt.UnixMicro())
		return err
	})
}

// FindSession reads a session that has not expired; fault.NotFound
// "store.no_session" otherwise.
func (s *Store) FindSession(ctx context.Context, tokenHash []byte) (Session, error) {
	n := Session{TokenHash: tokenHash}
	var data string
	var expires int64
	err := s.QueryRow(ctx, `SELECT staff, data, expires_at FROM session WHERE token_hash = $1 AND expires_at > $2`,
		tokenHash, s.opt.Wall().UnixMicro()).Scan(&n.Staff, &data, &expires)
	if errors.Is(err, ErrNoRow) {
		return Session{}, fault.New(fault.NotFound, "store.no_session", nil)
	}
	n.Data, n.ExpiresAt = []byte(data), instant(expires)
	return n, err
}

// EndSession removes one session.
func (s *Store) EndSession(ctx context.Context, tokenHash []byte) error {
	return s.run(ctx, `DELETE FROM session WHERE token_hash = $1`, tokenHash)
}

// EndSessionsOf removes every session of a person, so that a changed password
// or a lost role takes effect at once.
func (s *Store) EndSessionsOf(ctx context.Context, staff string) error {
	return s.run(ctx, `DELETE FROM session WHERE staff = $1`, staff)
}

// commandsKept is how long accepted commands are kept at least.
const commandsKept = 30 * 24 * time.Hour

// run carries out one operational statement.
func (s *Store) run(ctx context.Context, sql string, args ...any) error {
	return s.write(ctx, func(ctx context.Context, tx transaction) error {
		_, err := tx.exec(ctx, sql, args...)
		return err
	})
}

// Sweep removes what has run out: expired sessions, commands and finished
// recurring jobs older than keep, which is at least 30 days.
func (s *Store) Sweep(ctx context.Context, keep time.Duration) error {
	now := s.opt.Wall()
	before := now.Add(-max(keep, commandsKept)).UnixMicro()
	return s.write(ctx, func(ctx context.Context, tx transaction) error {
		if _, err := tx.exec(ctx, `DELETE FROM session WHERE expires_at <= $1`, now.UnixMicro()); err != nil {
			return err
		}
		if _, err := tx.exec(ctx, `DELETE FROM job WHERE state = 5 AND recorded_at < $1`, before); err != nil {
			return err
		}
		_, err := tx.exec(ctx, `DELETE FROM command_log WHERE recorded_at < $1`, before)
		return err
	})
}
