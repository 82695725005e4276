package store

import (
	"context"

	"github.com/motcua/motcua/internal/core/procedure"
)

var publicationKind = Kind[procedure.Publication]{
	Name: "publication", Version: 1,
	Apply: folding(procedure.ApplyPublication),
	Columns: []Column[procedure.Publication]{
		Text("stage", func(p procedure.Publication) string { return string(p.State) }),
		Int("sort", func(p procedure.Publication) int64 { return -p.At.UnixMicro() }), // the newest first
	},
	Indexes: []string{"(stage, sort, id)"},
}

// PublicationRoot is the stream of a decision on its way into force.
func PublicationRoot(id string) Root { return Root{"publication", id} }

// Publications lists those in one state, the newest first.
func (s *Store) Publications(ctx context.Context, state procedure.PublicationState, limit int) ([]procedure.Publication, error) {
	return states[procedure.Publication](ctx, s, `SELECT state FROM publication WHERE stage = $1 ORDER BY sort, id LIMIT $2`, string(state), int64(limit))
}
