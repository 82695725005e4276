package store

import (
	"context"

	"github.com/motcua/motcua/internal/core/result"
)

// EventTemplatePublished is the event of a result template's stream; it carries
// the whole template.
const EventTemplatePublished = "result_template.published"

var resultTemplateKind = Kind[result.Template]{
	Name: "result_template", Version: 1,
	Apply: recorded[result.Template](EventTemplatePublished),
	Columns: []Column[result.Template]{
		Text("procedure", func(t result.Template) string { return t.Procedure }),
		Int("number", func(t result.Template) int { return t.Version }),
	},
}

// ResultTemplateRoot is the stream of a result template.
func ResultTemplateRoot(id string) Root { return Root{"result_template", id} }

// ResultTemplates reads every template that was published.
func (s *Store) ResultTemplates(ctx context.Context) ([]result.Template, error) {
	return states[result.Template](ctx, s, `SELECT state FROM result_template ORDER BY id`)
}
