package store

import (
	"context"
	"time"

	"github.com/motcua/motcua/internal/core/dossier"
)

// StalledQuery says which dossiers may be stuck; see dossier.Stalls.
type StalledQuery struct {
	Unit       string   // receiving unit or agency; empty = all
	Holders    []string // people who are not there
	Pools      []string // pools in which nobody is
	SentBefore time.Time
	DueBefore  time.Time
}

// Stalled lists dossiers that may be stuck, and those with an open repair, the
// longest overdue first.
func (s *Store) Stalled(ctx context.Context, q StalledQuery, after Cursor, limit int) ([]dossier.Dossier, Cursor, error) {
	st := &statement{}
	st.add("SELECT x.due_key, x.id FROM dossier x WHERE x.id IN (SELECT parent FROM dossier_task WHERE holder <> '' AND holder IN ").in(q.Holders)
	st.add(" UNION SELECT parent FROM dossier_task WHERE pool <> '' AND pool IN ").in(q.Pools)
	st.add(" UNION SELECT parent FROM dossier_handover WHERE sent_at < ").arg(q.SentBefore.UnixMicro())
	st.add(" UNION SELECT id FROM dossier WHERE status IN (").arg(int64(dossier.Accepted)).add(", ").arg(int64(dossier.Processing))
	st.add(") AND due_key < ").arg(q.DueBefore.UnixMicro()).add(" UNION SELECT id FROM dossier WHERE repair)")
	if q.Unit != "" {
		st.add(" AND (x.unit = ").arg(q.Unit).add(" OR x.agency = ").arg(q.Unit).add(")")
	}
	if after.ID != "" {
		st.add(" AND (x.due_key, x.id) > (").arg(after.Key).add(", ").arg(after.ID).add(")")
	}
	st.add(" ORDER BY x.due_key, x.id LIMIT ").arg(int64(limit + 1))
	return s.page(ctx, st, limit)
}

// TaskHolders lists everybody who holds an open task, and every pool with one.
func (s *Store) TaskHolders(ctx context.Context) (holders, pools []string, err error) {
	if holders, err = Collect(ctx, s, scanText, `SELECT DISTINCT holder FROM dossier_task WHERE holder <> ''`); err != nil {
		return nil, nil, err
	}
	pools, err = Collect(ctx, s, scanText, `SELECT DISTINCT pool FROM dossier_task WHERE pool <> ''`)
	return holders, pools, err
}
