package store

import (
	"context"
	"time"

	"github.com/motcua/motcua/internal/core/dossier"
)

// ToChase lists dossiers whose result has waited at the counter since before an
// instant and for which a step of chasing it is due: those that nobody watches for
// it yet, and those whose next step is. The longest waiting stands first.
func (s *Store) ToChase(ctx context.Context, before, now time.Time, after Cursor, limit int) ([]string, Cursor, error) {
	st := &statement{}
	st.add("SELECT d.ready_at, d.id FROM dossier d LEFT JOIN warning w ON w.id = d.id WHERE d.ready_at IS NOT NULL AND d.return_channel = ").arg(string(dossier.ReturnCounter))
	st.add(" AND d.ready_at < ").arg(before.UnixMicro()).add(" AND (w.id IS NULL OR w.due_at IS NULL OR w.due_at <> d.ready_at OR w.next_at <= ").arg(now.UnixMicro()).add(")")
	if after.ID != "" {
		st.add(" AND (d.ready_at, d.id) > (").arg(after.Key).add(", ").arg(after.ID).add(")")
	}
	st.add(" ORDER BY d.ready_at, d.id LIMIT ").arg(int64(limit + 1))
	return s.places(ctx, st, limit)
}

// Ready lists the dossiers of a unit whose result waits for the applicant, the
// longest waiting first; a channel narrows it.
func (s *Store) Ready(ctx context.Context, unit string, channel dossier.ReturnChannel, after Cursor, limit int) ([]dossier.Dossier, Cursor, error) {
	st := &statement{}
	st.add("SELECT x.ready_at, x.id FROM dossier x WHERE x.ready_at IS NOT NULL AND x.unit = ").arg(unit)
	if channel != "" {
		st.add(" AND x.return_channel = ").arg(string(channel))
	}
	if after.ID != "" {
		st.add(" AND (x.ready_at, x.id) > (").arg(after.Key).add(", ").arg(after.ID).add(")")
	}
	st.add(" ORDER BY x.ready_at, x.id LIMIT ").arg(int64(limit + 1))
	return s.page(ctx, st, limit)
}
