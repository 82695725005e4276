package printout

import (
	"time"

	"github.com/motcua/motcua/internal/core/ruleset"
)

// Transfer sends a dossier of an inter-agency procedure, or a part of it, to the
// next agency (Phiếu chuyển xử lý).
type Transfer struct {
	Letterhead
	Code       string
	From, To   string // agencies
	Owner      string
	Subject    string
	ReceivedAt time.Time // of the dossier
	DueAt      time.Time // of the whole dossier
	AnswerBy   time.Time // of the part that is asked for; zero for none
	Request    string    // what the next agency is asked to do
	Papers     []Paper
	Giver      string
	Taker      string
}

func (t Transfer) form() string { return ruleset.Transfer }

func (t Transfer) compose(c *composer) {
	c.begin()
	c.dossierCode(t.Code)
	c.line("from", fields{"unit": words(t.From)})
	c.line("to", fields{"unit": words(t.To)})
	c.line("owner", fields{"owner": words(t.Owner)})
	c.line("subject", fields{"subject": words(t.Subject)})
	c.line("received", fields{"receivedAt": c.instant(t.ReceivedAt)})
	c.line("due", fields{"dueAt": c.instant(t.DueAt)})
	c.line("request", fields{"request": words(t.Request)})
	if !t.AnswerBy.IsZero() {
		c.line("answerBy", fields{"answerBy": c.instant(t.AnswerBy)})
	}
	c.line("papers", nil).Keep = true
	c.add(block{Table: c.papers(t.Papers)})
	c.add(block{Signs: []signature{
		{Title: c.plain("signGiver"), Hint: c.plain("signHint"), Name: t.Giver},
		{Title: c.plain("signTaker"), Hint: c.plain("signHint"), Name: t.Taker},
	}})
	c.finish(t.Code)
}
