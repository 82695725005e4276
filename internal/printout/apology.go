package printout

import (
	"time"

	"github.com/motcua/motcua/internal/core/ruleset"
)

// Signatory is who signs for an agency, with his authority when he signs in
// another's place.
type Signatory struct {
	Authority string // "KT. GIÁM ĐỐC"; may be empty
	Post      string // "PHÓ GIÁM ĐỐC"; empty for the form's own words
	Name      string
	SignedAt  time.Time // of an electronic signature; zero for one by hand
}

// Apology says sorry for a result that is late and gives a new day, once
// (Phiếu xin lỗi và hẹn lại ngày trả kết quả, form 04). Under TT 03/2025 the form
// asks for more time instead: Extends.
type Apology struct {
	Letterhead
	Agency     string // that is late, as written in a sentence
	Code       string
	Owner      Person
	Subject    string
	ReceivedAt time.Time
	DueAt      time.Time // the promise that is broken
	NewDueAt   time.Time
	Reason     string
	Extends    bool
	Signatory  Signatory
}

func (a Apology) form() string { return ruleset.Apology }

func (a Apology) compose(c *composer) {
	c.begin()
	c.line("to", fields{"owner": words(a.Owner.Name)}).Before = 2
	c.line("address", fields{"address": words(a.Owner.Address)})
	c.line("phone", fields{"phone": words(a.Owner.Phone)})
	c.body("received", fields{
		"date": c.day(a.ReceivedAt), "agency": words(a.Agency), "subject": words(a.Subject),
		"owner": words(a.Owner.Name), "code": words(a.Code),
	})
	c.body("promise", fields{"dueAt": c.instant(a.DueAt)})
	c.body("late", fields{"agency": words(a.Agency), "reason": words(a.Reason)})
	key := "sorry"
	if a.Extends {
		key = "extend"
	}
	c.body(key, fields{"agency": words(a.Agency), "newDay": c.day(a.NewDueAt)})
	c.body("closing", nil)
	c.add(block{Signs: []signature{{}, c.signatory(a.Signatory)}})
	c.finish(a.Code)
}
