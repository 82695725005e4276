package store

import (
	"context"
	"errors"
	"time"

	"github.com/motcua/motcua/internal/core/fault"
)

// Credential is how a person proves who he is (thông tin đăng nhập). It is a
// source of its own and no part of the journal: a password's hash must be
// replaceable and erasable.
type Credential struct {
	Staff       string
	Login       string
	Hash        string // PHC string; empty = nobody can sign in with a password
	MustChange  bool   // one-time password
	Failures    int    // wrong attempts since the last right one
	LockedUntil time.Time
	SeenAt      time.Time // last sign-in
}

const credentialColumns = `staff, login, hash, must_change, failures, locked_until, seen_at`

func scanCredential(scan func(dest ...any) error) (Credential, error) {
	var c Credential
	var must, failures, locked, seen int64
	err := scan(&c.Staff, &c.Login, &c.Hash, &must, &failures, &locked, &seen)
	c.MustChange, c.Failures = must == 2, int(failures)
	if locked > 0 {
		c.LockedUntil = instant(locked)
	}
	if seen > 0 {
		c.SeenAt = instant(seen)
	}
	return c, err
}

// PutCredential makes or replaces the credential of a person. It fails with
// fault.Conflict "store.duplicate" when the login belongs to somebody else.
func (s *Store) PutCredential(ctx context.Context, c Credential) error {
	now := s.recordedAt().UnixMicro()
	must := int64(3) // not 0 or 1: see the note on states of jobs
	if c.MustChange {
		must = 2
	}
	return s.write(ctx, func(ctx context.Context, tx transaction) error {
		_, err := tx.exec(ctx, `INSERT INTO credential (staff, login, hash, must_change, failures, locked_until, seen_at, recorded_at)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
			ON CONFLICT (staff) DO UPDATE SET login = excluded.login, hash = excluded.hash, must_change = excluded.must_change,
			failures = excluded.failures, locked_until = excluded.locked_until, seen_at = excluded.seen_at, recorded_at = excluded.recorded_at`,
			c.Staff, c.Login, c.Hash, must, int64(c.Failures), micros(c.LockedUntil), micros(c.SeenAt), now)
		return err
	})
}

// PutCredentials makes many credentials at once, as an import or a demo does.
func (s *Store) PutCredentials(ctx context.Context, all []Credential) error {
	for _, c := range all {
		if err := s.PutCredential(ctx, c); err != nil {
			return err
		}
	}
	return nil
}

// CredentialOf reads a person's credential by login; fault.NotFound
// "store.no_credential" when there is none.
func (s *Store) CredentialOf(ctx context.Context, login string) (Credential, error) {
	return s.oneCredential(ctx, `SELECT `+credentialColumns+` FROM credential WHERE login = $1`, login)
}

// StaffCredential reads a person's credential by id.
func (s *Store) StaffCredential(ctx context.Context, staff string) (Credential, error) {
	return s.oneCredential(ctx, `SELECT `+credentialColumns+` FROM credential WHERE staff = $1`, staff)
}

func (s *Store) oneCredential(ctx context.Context, sql, arg string) (Credential, error) {
	row := s.QueryRow(ctx, sql, arg)
	c, err := scanCredential(row.Scan)
	if errors.Is(err, ErrNoRow) {
		return Credential{}, fault.New(fault.NotFound, "store.no_credential", nil)
	}
	return c, err
}

// Credentials reads every credential, for the list of people.
func (s *Store) Credentials(ctx context.Context) ([]Credential, error) {
	return Collect(ctx, s, scanCredential, `SELECT `+credentialColumns+` FROM credential ORDER BY login`)
}

// NoteSignIn records a right or a wrong attempt. The failure that reaches the
// limit locks the login until the given time.
func (s *Store) NoteSignIn(ctx context.Context, staff string, right bool, limit int, lockUntil time.Time) error {
	now := s.recordedAt().UnixMicro()
	return s.write(ctx, func(ctx context.Context, tx transaction) error {
		if right {
			_, err := tx.exec(ctx, `UPDATE credential SET failures = 0, locked_until = 0, seen_at = $1 WHERE staff = $2`, now, staff)
			return err
		}
		_, err := tx.exec(ctx, `UPDATE credential SET failures = failures + 1,
			locked_until = CASE WHEN failures + 1 >= $1 THEN CAST($2 AS BIGINT) ELSE locked_until END WHERE staff = $3`,
			int64(limit), lockUntil.UnixMicro(), staff)
		return err
	})
}

// micros is a time as stored; zero is 0.
func micros(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMicro()
}
