package store

import (
	"context"
	"time"

	"github.com/motcua/motcua/internal/core/fault"
)

// Access is one reading of personal data (nhật ký truy cập dữ liệu cá nhân).
type Access struct {
	Principal string    // who
	Unit      string    // for which unit
	Subject   string    // whose: id of the dossier or person, or "search"
	What      string    // which fields
	Purpose   string    // why, as a code
	Request   string    // request id
	At        time.Time // set by the store
}

// accessEntry waits for its group.
type accessEntry struct {
	ctx  context.Context
	a    Access
	done chan error
}

// LogAccess records that personal data is read and returns when the record is
// durable; only then may the data be shown. Entries that wait are written
// together.
func (s *Store) LogAccess(ctx context.Context, a Access) error {
	e := &accessEntry{ctx: ctx, a: a, done: make(chan error, 1)}
	s.gate.RLock()
	if s.closed {
		s.gate.RUnlock()
		return fault.New(fault.Unavailable, "store.closed", nil)
	}
	select {
	case s.access <- e:
		s.gate.RUnlock()
	case <-ctx.Done():
		s.gate.RUnlock()
		return ctx.Err()
	}
	select {
	case err := <-e.done:
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}

// accessDef is the access log without its number.
var accessDef = &tableDef{name: "access_log", columns: []columnDef{
	{"recorded_at", typeInt, false}, {"principal", typeText, false}, {"unit", typeText, false}, {"subject", typeText, false},
	{"what", typeText, false}, {"purpose", typeText, false}, {"request", typeText, false},
}}

// writeAccess writes what waits for the access log, group by group.
func (s *Store) writeAccess() {
	for first := range s.access {
		group := []*accessEntry{first}
	more:
		for len(group) < groupLimit {
			select {
			case e, open := <-s.access:
				if !open {
					break more
				}
				group = append(group, e)
			default:
				break more
			}
		}
		now := s.recordedAt().UnixMicro()
		c := change{op: opInsert, def: accessDef}
		for _, e := range group {
			c.rows = append(c.rows, []any{now, e.a.Principal, e.a.Unit, e.a.Subject, e.a.What, e.a.Purpose, e.a.Request})
		}
		err := s.writeInside(func(ctx context.Context, tx transaction) error { return tx.change(ctx, []change{c}) })
		if err != nil {
			err = fault.Wrap(err, fault.Unavailable, "store.access_not_logged", nil)
		}
		for _, e := range group {
			e.done <- err
		}
	}
}

// AccessesOf lists who has read a subject's data, newest first, so that the
// person concerned can be told.
func (s *Store) AccessesOf(ctx context.Context, subject string, limit int) ([]Access, error) {
	return Collect(ctx, s, func(scan func(dest ...any) error) (Access, error) {
		var a Access
		var at int64
		err := scan(&at, &a.Principal, &a.Unit, &a.Subject, &a.What, &a.Purpose, &a.Request)
		a.At = instant(at)
		return a, err
	}, `SELECT recorded_at, principal, unit, subject, what, purpose, request FROM access_log WHERE subject = $1 ORDER BY recorded_at DESC, id DESC LIMIT $2`, subject, limit)
}
