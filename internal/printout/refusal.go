package printout

import (
	"time"

	"github.com/motcua/motcua/internal/core/ruleset"
)

// Refusal says why a dossier is not received or not handled (Phiếu từ chối tiếp
// nhận giải quyết hồ sơ, form 03).
type Refusal struct {
	Letterhead
	Code            string    // of a dossier handed in online; may be empty
	SubmittedAt     time.Time // the same
	Unit            string    // that refuses
	Owner           Person
	Subject         string
	Reason          string
	Ground          string // legal ground; may be empty
	Contact         string // who helps
	ContactPhone    string
	Officer         string
	OfficerSignedAt time.Time // electronically; zero for a signature by hand
}

func (r Refusal) form() string { return ruleset.Refusal }

func (r Refusal) compose(c *composer) {
	c.begin()
	c.dossierCode(r.Code)
	c.line("unit", fields{"unit": words(r.Unit)})
	c.line("owner", fields{"owner": words(r.Owner.Name)})
	c.contact(r.Owner)
	if r.Owner.Identity != "" {
		c.line("identity", fields{"identity": words(r.Owner.Identity)})
	}
	if !r.SubmittedAt.IsZero() {
		c.line("submitted", fields{"submittedAt": c.instant(r.SubmittedAt)})
	}
	c.line("subject", fields{"subject": words(r.Subject)})
	c.body("refusal", fields{"unit": words(r.Unit), "reason": words(r.Reason)})
	if r.Ground != "" {
		c.line("ground", fields{"ground": words(r.Ground)})
	}
	c.body("closing", nil)
	c.body("help", fields{"contact": words(r.Contact), "contactPhone": words(r.ContactPhone)})
	c.add(block{Signs: []signature{
		{Title: c.plain("signSubmitter"), Hint: c.plain("signHint")},
		c.officer(r.Officer, r.OfficerSignedAt),
	}})
	c.finish(r.Code)
}
