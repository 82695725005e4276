package store

import (
	"context"
	"time"

	"github.com/motcua/motcua/internal/core/dossier"
	"github.com/motcua/motcua/internal/core/journal"
	"github.com/motcua/motcua/internal/core/supervise"
)

// warningKind is the watch over a dossier's promises; its id is the dossier's.
var warningKind = Kind[supervise.Warning]{
	Name: "warning", Version: 1,
	Apply: func(w supervise.Warning, ev journal.Event) (supervise.Warning, error) {
		if ev.TypeVersion != 1 {
			return w, journal.UnknownEvent(ev)
		}
		return supervise.ApplyWarning(w, ev.Stream[len("warning/"):], ev.Type, ev.Payload)
	},
	Columns: []Column[supervise.Warning]{
		Instant("due_at", func(w supervise.Warning) time.Time { return w.DueAt }),
		Instant("next_at", func(w supervise.Warning) time.Time { return w.NextAt }),
		Instant("unexcused_at", func(w supervise.Warning) time.Time { return w.Unexcused }),
		Text("agency", func(w supervise.Warning) string { return w.Agency }),
	},
	Indexes: []string{"(unexcused_at, agency) where unexcused_at IS NOT NULL"},
}

// WarningRoot is the watch over a dossier.
func WarningRoot(dossier string) Root { return Root{"warning", dossier} }

// climbAt is the promise that the ladder watches; the zero time when it watches
// none.
func climbAt(d dossier.Dossier) time.Time {
	if !supervise.Climbs(d) {
		return time.Time{}
	}
	_, at := d.Deadline.Appointed()
	return at
}

// ToWarn lists dossiers with a promise before an instant that have a step of the
// ladder to take: those that nobody watches yet, those whose promise is another
// than the one watched, and those whose next step is due. The promise that comes
// first stands first; the cursor is zero when nothing follows.
func (s *Store) ToWarn(ctx context.Context, before, now time.Time, after Cursor, limit int) ([]string, Cursor, error) {
	st := &statement{}
	st.add("SELECT d.climb_at, d.id FROM dossier d LEFT JOIN warning w ON w.id = d.id WHERE d.climb_at IS NOT NULL AND d.climb_at < ").arg(before.UnixMicro())
	st.add(" AND (w.id IS NULL OR w.due_at <> d.climb_at OR w.next_at <= ").arg(now.UnixMicro()).add(")")
	if after.ID != "" {
		st.add(" AND (d.climb_at, d.id) > (").arg(after.Key).add(", ").arg(after.ID).add(")")
	}
	st.add(" ORDER BY d.climb_at, d.id LIMIT ").arg(int64(limit + 1))
	return s.places(ctx, st, limit)
}

// ToWake lists dossiers to which time may bring something before an instant.
func (s *Store) ToWake(ctx context.Context, before time.Time, after Cursor, limit int) ([]string, Cursor, error) {
	st := &statement{}
	st.add("SELECT d.wake_at, d.id FROM dossier d WHERE d.wake_at IS NOT NULL AND d.wake_at < ").arg(before.UnixMicro())
	if after.ID != "" {
		st.add(" AND (d.wake_at, d.id) > (").arg(after.Key).add(", ").arg(after.ID).add(")")
	}
	st.add(" ORDER BY d.wake_at, d.id LIMIT ").arg(int64(limit + 1))
	return s.places(ctx, st, limit)
}

// places reads ids with their sort keys, one row more than the page has.
func (s *Store) places(ctx context.Context, st *statement, limit int) ([]string, Cursor, error) {
	places, err := Collect(ctx, s, func(scan func(dest ...any) error) (Cursor, error) {
		var c Cursor
		err := scan(&c.Key, &c.ID)
		return c, err
	}, st.sql.String(), st.args...)
	if err != nil {
		return nil, Cursor{}, err
	}
	var next Cursor
	if len(places) > limit {
		places = places[:limit]
		next = places[limit-1]
	}
	ids := make([]string, len(places))
	for i, p := range places {
		ids[i] = p.ID
	}
	return ids, next, nil
}

// Warnings reads the watches over dossiers, by dossier; one that nobody watches
// has none.
func (s *Store) Warnings(ctx context.Context, dossiers []string) (map[string]supervise.Warning, error) {
	found := map[string]supervise.Warning{}
	if len(dossiers) == 0 {
		return found, nil
	}
	list, args := inList(1, dossiers)
	all, err := states[supervise.Warning](ctx, s, `SELECT state FROM warning WHERE id IN (`+list+`)`, args...)
	for _, w := range all {
		found[w.Dossier] = w
	}
	return found, err
}

// ToApologise lists dossiers of an agency, or of all, with a promise before an
// instant for which nobody has apologised, the first due first.
func (s *Store) ToApologise(ctx context.Context, agency string, before time.Time, after Cursor, limit int) ([]dossier.Dossier, Cursor, error) {
	st := &statement{}
	st.add("SELECT d.due_key, d.id, d.state FROM dossier d JOIN warning w ON w.id = d.id WHERE d.climb_at IS NOT NULL AND NOT d.apologised AND d.climb_at < ").arg(before.UnixMicro())
	if agency != "" {
		st.add(" AND d.agency = ").arg(agency)
	}
	if after.ID != "" {
		st.add(" AND (d.due_key, d.id) > (").arg(after.Key).add(", ").arg(after.ID).add(")")
	}
	st.add(" ORDER BY d.due_key, d.id LIMIT ").arg(int64(limit + 1))
	return keyset[dossier.Dossier](ctx, s, st, limit)
}

// CountUnexcused counts by agency the promises that were found broken without an
// apology in a period.
func (s *Store) CountUnexcused(ctx context.Context, from, to time.Time) (map[string]int, error) {
	counts := map[string]int{}
	_, err := Collect(ctx, s, func(scan func(dest ...any) error) (struct{}, error) {
		var agency string
		var n int
		err := scan(&agency, &n)
		counts[agency] = n
		return struct{}{}, err
	}, `SELECT agency, count(*) FROM warning WHERE unexcused_at IS NOT NULL AND unexcused_at >= $1 AND unexcused_at < $2 GROUP BY agency`, from.UnixMicro(), to.UnixMicro())
	return counts, err
}
