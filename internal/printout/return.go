package printout

import (
	"time"

	"github.com/motcua/motcua/internal/core/ruleset"
)

// ReturnReceipt is signed by whoever takes a result (Giấy biên nhận trả kết quả).
type ReturnReceipt struct {
	Letterhead
	Code         string
	Procedure    string
	Owner        string
	Giver, Taker Contact
	Results      []Result
	Collected    []Paper // originals that are collected against the result
	ReturnedAt   time.Time
	Note         string
}

// Contact is a person with a phone number.
type Contact struct{ Name, Phone, Identity string }

// Result is one document that is returned.
type Result struct{ Kind, Number, Subject string }

func (r ReturnReceipt) form() string { return ruleset.ReturnReceipt }

func (r ReturnReceipt) compose(c *composer) {
	c.begin()
	c.dossierCode(r.Code)
	c.line("procedure", fields{"procedure": words(r.Procedure)})
	c.line("owner", fields{"owner": words(r.Owner)})
	c.line("giver", fields{"name": words(r.Giver.Name), "phone": words(r.Giver.Phone)})
	c.line("taker", fields{"name": words(r.Taker.Name), "phone": words(r.Taker.Phone)})
	if r.Taker.Identity != "" {
		c.line("identity", fields{"identity": words(r.Taker.Identity)})
	}
	c.line("results", nil).Keep = true
	c.add(block{Table: r.table(c)})
	if len(r.Collected) > 0 {
		c.line("collected", nil).Keep = true
		c.add(block{Table: c.papers(r.Collected)})
	}
	c.line("returned", fields{"returnedAt": c.instant(r.ReturnedAt)}).Before = 1.5
	if r.Note != "" {
		c.line("note", fields{"note": words(r.Note)})
	}
	c.add(block{Signs: []signature{
		{Title: c.plain("signGiver"), Hint: c.plain("signHint"), Name: r.Giver.Name},
		{Title: c.plain("signTaker"), Hint: c.plain("signHint"), Name: r.Taker.Name},
	}})
	c.finish(r.Code)
}

func (r ReturnReceipt) table(c *composer) *table {
	t := &table{Before: 0.8, Columns: []column{
		{Title: c.plain("columnNumber"), Share: 8, Align: centre},
		{Title: c.plain("columnKind"), Share: 36},
		{Title: c.plain("columnSign"), Share: 26},
		{Title: c.plain("columnSubject"), Share: 54},
	}}
	for i, x := range r.Results {
		t.Rows = append(t.Rows, []cell{count(i + 1), field(x.Kind), field(x.Number), field(x.Subject)})
	}
	return t
}
