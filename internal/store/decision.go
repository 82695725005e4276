package store

import (
	"context"
	"time"

	"github.com/motcua/motcua/internal/core/procedure"
)

var decisionKind = Kind[procedure.Decision]{
	Name: "decision", Version: 1,
	Apply: folding(procedure.ApplyDecision),
	Columns: []Column[procedure.Decision]{
		Text("no", func(d procedure.Decision) string { return d.No }),
		Text("about", func(d procedure.Decision) string { return string(d.Kind) }),
		Instant("signed_on", func(d procedure.Decision) time.Time { return d.On.At(0) }),
	},
	Indexes: []string{"(signed_on, id)"},
}

// DecisionRoot is the stream of a decision, by procedure.DecisionID.
func DecisionRoot(id string) Root { return Root{"decision", id} }

// Decisions lists one page of decisions, those signed last first. The cursor is
// zero when nothing follows.
func (s *Store) Decisions(ctx context.Context, after Cursor, limit int) ([]procedure.Decision, Cursor, error) {
	st := &statement{}
	st.add("SELECT state FROM decision")
	if after.ID != "" {
		st.add(" WHERE (signed_on, id) < (").arg(after.Key).add(", ").arg(after.ID).add(")")
	}
	st.add(" ORDER BY signed_on DESC, id DESC LIMIT ").arg(int64(limit + 1))
	list, err := states[procedure.Decision](ctx, s, st.sql.String(), st.args...)
	if err != nil || len(list) <= limit {
		return list, Cursor{}, err
	}
	last := list[limit-1]
	return list[:limit], Cursor{last.On.At(0).UnixMicro(), last.ID}, nil
}
