package store

import (
	"context"

	"github.com/motcua/motcua/internal/core/agency"
	"github.com/motcua/motcua/internal/core/dossier"
)

var reorganisationKind = Kind[agency.Reorganisation]{
	Name: "reorganisation", Version: 1,
	Apply: folding(agency.ApplyReorganisation),
	Columns: []Column[agency.Reorganisation]{
		Text("stage", func(r agency.Reorganisation) string { return string(r.State) }),
		Text("begins", func(r agency.Reorganisation) string { return r.On }),
		Int("sort", func(r agency.Reorganisation) int64 { return -r.At.UnixMicro() }), // the newest first
	},
	Indexes: []string{"(sort, id)"},
}

// ReorganisationRoot is the stream of a change of the organisation.
func ReorganisationRoot(id string) Root { return Root{"reorganisation", id} }

// Reorganisations lists the changes of the organisation, the newest first.
func (s *Store) Reorganisations(ctx context.Context, limit int) ([]agency.Reorganisation, error) {
	return states[agency.Reorganisation](ctx, s, `SELECT state FROM reorganisation ORDER BY sort, id LIMIT $1`, int64(limit))
}

// ApprovedReorganisations lists the changes that wait for their day and have
// reached it, the first one first.
func (s *Store) ApprovedReorganisations(ctx context.Context, today string) ([]agency.Reorganisation, error) {
	return states[agency.Reorganisation](ctx, s, `SELECT state FROM reorganisation WHERE stage = $1 AND begins <= $2 ORDER BY begins, id`,
		string(agency.ReorganisationApproved), today)
}

// continuing are the statuses of dossiers that go over to a successor: those
// that have not ended, and the stopped ones, which can be resumed.
const continuing = "(1, 2, 4, 5, 6, 8, 9)"

// lying selects the dossiers that lie with some units: received by one of them,
// in its competence, with an open task there, or on the way there.
func lying(st *statement, units []string) *statement {
	st.add("SELECT id FROM dossier WHERE status IN ", continuing, " AND unit IN ").in(units)
	st.add(" UNION SELECT id FROM dossier WHERE status IN ", continuing, " AND agency IN ").in(units)
	st.add(" UNION SELECT parent FROM dossier_task WHERE unit IN ").in(units)
	return st.add(" UNION SELECT parent FROM dossier_handover WHERE to_unit IN ").in(units)
}

// CountLying counts the dossiers that lie with some units.
func (s *Store) CountLying(ctx context.Context, units ...string) (int, error) {
	if len(units) == 0 {
		return 0, nil
	}
	st := &statement{}
	lying(st.add("SELECT count(*) FROM ("), units).add(") x")
	var n int
	err := s.QueryRow(ctx, st.sql.String(), st.args...).Scan(&n)
	return n, err
}

// StatusCount is how many dossiers have a status.
type StatusCount struct {
	Status dossier.Status
	N      int
}

// LyingByStatus counts the dossiers that lie with some units by their status.
func (s *Store) LyingByStatus(ctx context.Context, units ...string) ([]StatusCount, error) {
	if len(units) == 0 {
		return nil, nil
	}
	st := &statement{}
	lying(st.add("SELECT status, count(*) FROM dossier WHERE id IN ("), units).add(") GROUP BY status ORDER BY status")
	return Collect(ctx, s, func(scan func(dest ...any) error) (StatusCount, error) {
		var status, n int64
		err := scan(&status, &n)
		return StatusCount{dossier.Status(status), int(n)}, err
	}, st.sql.String(), st.args...)
}

// LyingWith lists one page of them by id, after an id. The last one is empty
// when nothing follows.
func (s *Store) LyingWith(ctx context.Context, units []string, after string, limit int) ([]string, string, error) {
	if len(units) == 0 {
		return nil, "", nil
	}
	st := &statement{}
	lying(st.add("SELECT id FROM ("), units).add(") x WHERE id > ").arg(after).add(" ORDER BY id LIMIT ").arg(int64(limit + 1))
	return idPage(ctx, s, st, limit)
}

// MovedBy lists one page of the dossiers that a change was the last to move.
func (s *Store) MovedBy(ctx context.Context, change, after string, limit int) ([]string, string, error) {
	st := &statement{}
	st.add("SELECT id FROM dossier WHERE moved_by = ").arg(change).add(" AND id > ").arg(after).add(" ORDER BY id LIMIT ").arg(int64(limit + 1))
	return idPage(ctx, s, st, limit)
}

func idPage(ctx context.Context, s *Store, st *statement, limit int) ([]string, string, error) {
	ids, err := Collect(ctx, s, scanText, st.sql.String(), st.args...)
	if err != nil || len(ids) <= limit {
		return ids, "", err
	}
	return ids[:limit], ids[limit-1], nil
}

// movedBy is the change of the organisation that moved a dossier last.
func movedBy(d dossier.Dossier) string {
	if n := len(d.Successions); n > 0 {
		return d.Successions[n-1].Change
	}
	return ""
}

// Book is a series of numbers with the last one that it gave.
type Book struct {
	Key  string
	Last int64
}

// Books lists the series of a kind whose key begins with a text, by key.
func (s *Store) Books(ctx context.Context, kind, prefix string) ([]Book, error) {
	return Collect(ctx, s, func(scan func(dest ...any) error) (Book, error) {
		var b Book
		err := scan(&b.Key, &b.Last)
		return b, err
	}, `SELECT key, last FROM series WHERE kind = $1 AND substr(key, 1, $2) = $3 ORDER BY key`, kind, int64(len([]rune(prefix))), prefix)
}
