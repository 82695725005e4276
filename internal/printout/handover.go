package printout

import (
	"time"

	"github.com/motcua/motcua/internal/core/ruleset"
)

// DossierHandover goes with the paper dossiers that the centre sends to an
// agency, and takes the signatures for their way back (Giấy bàn giao hồ sơ).
type DossierHandover struct {
	Letterhead
	From, To     string // centre and agency
	Giver, Taker string // may be empty: to be signed on arrival
	GivenAt      time.Time
	Items        []HandoverItem
}

// HandoverItem is one dossier of a hand-over, either way.
type HandoverItem struct {
	Code       string
	Subject    string
	Owner      string
	Address    string
	Papers     []Paper
	ReceivedAt time.Time
	DueAt      time.Time
	Result     string // of the way back: kind and number of the result
	Fee        bool   // a fee is to be collected when the result is returned
	ByPost     bool   // the result is returned by post
}

func (h DossierHandover) form() string { return ruleset.DossierHandover }

func (h DossierHandover) compose(c *composer) {
	c.sheet.size = a4
	c.begin()
	c.line("from", fields{"unit": words(h.From)}).Before = 2
	c.line("to", fields{"unit": words(h.To)})
	c.line("given", fields{"givenAt": c.instant(h.GivenAt)})
	c.line("dossiers", nil).Keep = true
	c.add(block{Table: h.dossiers(c)})
	c.line("total", fields{"count": words(decimal(len(h.Items)))}).Before = 1.5
	c.add(block{Signs: []signature{
		{Title: c.plain("signGiver"), Hint: c.plain("signHint"), Name: h.Giver},
		{Title: c.plain("signTaker"), Hint: c.plain("signHint"), Name: h.Taker},
	}})
	results := c.line("results", nil)
	results.Keep, results.Before = true, 4
	c.add(block{Table: h.results(c)})
	c.add(block{Signs: []signature{{}, {Title: c.plain("signCentre"), Hint: c.plain("signHint")}}})
	c.finish(c.head.Number)
}

func (h DossierHandover) dossiers(c *composer) *table {
	t := &table{Before: 1, Size: 10, Columns: []column{
		{Title: c.plain("columnNumber"), Share: 8, Align: centre},
		{Title: c.plain("columnCode"), Share: 35},
		{Title: c.plain("columnOwner"), Share: 25},
		{Title: c.plain("columnSubject"), Share: 31},
		{Title: c.plain("columnPapers"), Share: 31},
		{Title: c.plain("columnReceived"), Share: 20, Align: centre},
		{Title: c.plain("columnDue"), Share: 20, Align: centre},
	}}
	for i, x := range h.Items {
		t.Rows = append(t.Rows, []cell{
			count(i + 1), field(x.Code), field(x.Owner), field(x.Subject), c.paperList(x.Papers),
			field(stacked(x.ReceivedAt)), field(stacked(x.DueAt)),
		})
	}
	return t
}

// paperList names papers in one field, each with its number.
func (c *composer) paperList(papers []Paper) cell {
	var list cell
	for i, p := range papers {
		if i > 0 {
			list = append(list, span{Text: "\n"})
		}
		n := p.Originals + p.Certified + p.Copies
		list = append(list, c.phrase("paper", fields{"paper": words(p.Name), "count": words(two(n))})...)
	}
	return list
}

// results is the table in which the way back is signed for, dossier by dossier.
func (h DossierHandover) results(c *composer) *table {
	t := &table{Before: 1, Size: 10, Columns: []column{
		{Title: c.plain("columnNumber"), Share: 8, Align: centre},
		{Title: c.plain("columnCode"), Share: 36},
		{Title: c.plain("columnResult"), Share: 60},
		{Title: c.plain("columnGot"), Share: 40},
		{Title: c.plain("columnSigned"), Share: 36},
	}}
	for i, x := range h.Items {
		t.Rows = append(t.Rows, []cell{count(i + 1), field(x.Code), field(x.Result), nil, nil})
	}
	return t
}

// Handover goes with the results that an agency sends back to the centre (Phiếu
// bàn giao kết quả giải quyết thủ tục hành chính).
type Handover struct {
	Letterhead
	From, To     string // agency and centre
	Giver, Taker string
	GivenAt      time.Time
	Items        []HandoverItem
}

func (h Handover) form() string { return ruleset.Handover }

func (h Handover) compose(c *composer) {
	c.sheet.size = a4wide
	c.begin()
	c.line("from", fields{"unit": words(h.From)}).Before = 2
	c.line("to", fields{"unit": words(h.To)})
	c.line("given", fields{"givenAt": c.instant(h.GivenAt)})
	c.add(block{Table: h.table(c)})
	c.line("total", fields{"count": words(decimal(len(h.Items)))}).Before = 1.5
	c.add(block{Signs: []signature{
		{Title: c.plain("signGiver"), Hint: c.plain("signHint"), Name: h.Giver},
		{Title: c.plain("signTaker"), Hint: c.plain("signHint"), Name: h.Taker},
	}})
	c.finish(c.head.Number)
}

func (h Handover) table(c *composer) *table {
	t := &table{Before: 1.5, Columns: []column{
		{Title: c.plain("columnNumber"), Share: 9, Align: centre},
		{Title: c.plain("columnCode"), Share: 34},
		{Title: c.plain("columnSubject"), Share: 60},
		{Title: c.plain("columnResult"), Share: 46},
		{Title: c.plain("columnOwner"), Share: 40},
		{Title: c.plain("columnAddress"), Share: 48},
		{Title: c.plain("columnFee"), Share: 17, Align: centre},
		{Title: c.plain("columnPost"), Share: 22, Align: centre},
	}}
	for i, x := range h.Items {
		t.Rows = append(t.Rows, []cell{
			count(i + 1), field(x.Code), field(x.Subject), field(x.Result), field(x.Owner), field(x.Address),
			c.cross(x.Fee), c.cross(x.ByPost),
		})
	}
	return t
}

// cross marks a field that is true.
func (c *composer) cross(is bool) cell {
	if !is {
		return nil
	}
	return cell{{Text: text(c.fixed["cross"]), Bold: true}}
}
