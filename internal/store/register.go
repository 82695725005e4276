package store

import (
	"context"
	"time"

	"github.com/motcua/motcua/internal/core/dossier"
)

// RegisterQuery asks for the dossiers of a register: those received in a time by
// a unit, or handled by it.
type RegisterQuery struct {
	Unit     string
	From, To time.Time      // To is not included
	Status   dossier.Status // 0 is any
}

func (q RegisterQuery) where(st *statement) {
	st.add(" WHERE received_at >= ").arg(q.From.UnixMicro()).add(" AND received_at < ").arg(q.To.UnixMicro())
	st.add(" AND (unit = ").arg(q.Unit).add(" OR agency = ").arg(q.Unit).add(")")
	if q.Status != 0 {
		st.add(" AND status = ").arg(int64(q.Status))
	}
}

// Registered lists one page of a register in the order of reception. The cursor
// is zero when nothing follows.
func (s *Store) Registered(ctx context.Context, q RegisterQuery, after Cursor, limit int) ([]dossier.Dossier, Cursor, error) {
	st := &statement{}
	st.add("SELECT received_at, id, state FROM dossier")
	q.where(st)
	if after.ID != "" {
		st.add(" AND (received_at, id) > (").arg(after.Key).add(", ").arg(after.ID).add(")")
	}
	st.add(" ORDER BY received_at, id LIMIT ").arg(int64(limit + 1))
	return keyset[dossier.Dossier](ctx, s, st, limit)
}

// CountRegistered counts them.
func (s *Store) CountRegistered(ctx context.Context, q RegisterQuery) (int, error) {
	st := &statement{}
	st.add("SELECT count(*) FROM dossier")
	q.where(st)
	var n int
	err := s.QueryRow(ctx, st.sql.String(), st.args...).Scan(&n)
	return n, err
}

// RegisterCursor is the place of a dossier in the list of Registered.
func RegisterCursor(d dossier.Dossier) Cursor { return Cursor{Key: d.ReceivedAt.UnixMicro(), ID: d.ID} }
