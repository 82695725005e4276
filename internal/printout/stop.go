package printout

import (
	"time"

	"github.com/motcua/motcua/internal/core/ruleset"
)

// StopNotice says that a dossier is not handled any further (Thông báo dừng giải
// quyết hồ sơ, form 05 of TT 03/2025/TT-VPCP).
type StopNotice struct {
	Letterhead
	Agency     string // that stops, as written in a sentence
	Code       string
	Owner      Person
	Subject    string
	ReceivedAt time.Time
	StoppedAt  time.Time
	Reason     string
	Ground     string // legal ground; may be empty
	TakeBackAt string // where the papers can be taken back; may be empty
	Signatory  Signatory
}

func (s StopNotice) form() string { return ruleset.StopNotice }

func (s StopNotice) compose(c *composer) {
	c.begin()
	c.line("to", fields{"owner": words(s.Owner.Name)}).Before = 2
	c.line("address", fields{"address": words(s.Owner.Address)})
	c.line("phone", fields{"phone": words(s.Owner.Phone)})
	c.body("received", fields{
		"date": c.day(s.ReceivedAt), "agency": words(s.Agency), "subject": words(s.Subject),
		"owner": words(s.Owner.Name), "code": words(s.Code),
	})
	if s.Ground != "" {
		c.body("ground", fields{"ground": words(s.Ground)})
	}
	c.body("stop", fields{"agency": words(s.Agency), "date": c.day(s.StoppedAt), "reason": words(s.Reason)})
	if s.TakeBackAt != "" {
		c.body("takeBack", fields{"place": words(s.TakeBackAt)})
	}
	c.body("closing", fields{"agency": words(s.Agency)})
	c.add(block{Signs: []signature{{}, c.signatory(s.Signatory)}})
	c.finish(s.Code)
}
