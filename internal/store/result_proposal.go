package store

import (
	"context"

	"github.com/motcua/motcua/internal/core/result"
)

// EventProposalRecorded is the event of a template proposal's stream; it carries
// the whole proposal.
const EventProposalRecorded = "template_proposal.recorded"

var templateProposalKind = Kind[result.Proposal]{
	Name: "template_proposal", Version: 1,
	Apply: recorded[result.Proposal](EventProposalRecorded),
	Columns: []Column[result.Proposal]{
		Bool("waits", func(p result.Proposal) bool { return p.Open() }),
	},
}

// TemplateProposalRoot is the stream of what is proposed for a result template, by
// the template's id.
func TemplateProposalRoot(template string) Root { return Root{"template_proposal", template} }

// TemplateProposals reads the proposals that wait for a second person.
func (s *Store) TemplateProposals(ctx context.Context) ([]result.Proposal, error) {
	return states[result.Proposal](ctx, s, `SELECT state FROM template_proposal WHERE waits ORDER BY id`)
}
