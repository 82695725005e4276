package printout

import (
	"time"

	"github.com/motcua/motcua/internal/core/ruleset"
)

// SupplementRequest asks an applicant, once and completely, for what a dossier
// lacks (Phiếu yêu cầu bổ sung, hoàn thiện hồ sơ, form 02).
type SupplementRequest struct {
	Letterhead
	Code            string // may be empty: a dossier that was not received has none
	Owner           Person
	Subject         string
	Demands         []string // what has to be done, point by point
	Papers          []Paper  // what has to be handed in
	Reason          string
	Ground          string    // legal ground; may be empty
	Until           time.Time // the day by which it is to be supplied; zero for none
	Portal          string    // where it can be supplied online; may be empty
	Contact         string    // who helps
	ContactPhone    string
	Officer         string
	OfficerSignedAt time.Time // electronically; zero for a signature by hand
}

func (s SupplementRequest) form() string { return ruleset.SupplementRequest }

func (s SupplementRequest) compose(c *composer) {
	c.begin()
	c.dossierCode(s.Code)
	c.line("owner", fields{"owner": words(s.Owner.Name)})
	c.line("subject", fields{"subject": words(s.Subject)})
	c.contact(s.Owner)
	c.line("demands", nil).Keep = true
	for i, d := range s.Demands {
		c.line("demand", fields{"number": words(decimal(i + 1)), "demand": words(d)})
	}
	if len(s.Papers) > 0 || len(s.Demands) == 0 {
		c.add(block{Table: c.papers(s.Papers)})
	}
	c.line("reason", fields{"reason": words(s.Reason)}).Before = 1.2
	if s.Ground != "" {
		c.line("ground", fields{"ground": words(s.Ground)})
	}
	if !s.Until.IsZero() {
		c.line("until", fields{"until": c.day(s.Until)})
	}
	if s.Portal != "" {
		c.line("portal", fields{"portal": words(s.Portal)})
	}
	c.body("help", fields{"contact": words(s.Contact), "contactPhone": words(s.ContactPhone)})
	c.add(block{Signs: []signature{{}, c.officer(s.Officer, s.OfficerSignedAt)}})
	c.finish(s.Code)
}
