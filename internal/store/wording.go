package store

import (
	"context"

	"github.com/motcua/motcua/internal/core/ruleset"
)

// EventWordingPublished is the event of a form's stream; it carries the whole
// wording.
const EventWordingPublished = "wording.published"

var wordingKind = Kind[ruleset.Wording]{
	Name: "wording", Version: 1,
	Apply: recorded[ruleset.Wording](EventWordingPublished),
	Columns: []Column[ruleset.Wording]{
		Int("number", func(w ruleset.Wording) int { return w.Version }),
	},
}

// WordingRoot is the stream of a form's wording, by the form's id.
func WordingRoot(form string) Root { return Root{"wording", form} }

// Wordings reads every wording that was published.
func (s *Store) Wordings(ctx context.Context) ([]ruleset.Wording, error) {
	return states[ruleset.Wording](ctx, s, `SELECT state FROM wording ORDER BY id`)
}
