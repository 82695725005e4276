package printout

import (
	"strings"

	"github.com/motcua/motcua/internal/core/fee"
	"github.com/motcua/motcua/internal/core/ruleset"
)

// FeeReceipt proves that a fee was paid (Biên lai thu tiền phí, lệ phí; its
// content is that of TT 303/2016/TT-BTC art 4). One copy is kept, one is the
// payer's. Its date is the letterhead's.
type FeeReceipt struct {
	Letterhead
	Template  string // ký hiệu mẫu biên lai, "01BLP2-001"
	Receipt   fee.ReceiptNumber
	TaxCode   string // of the body that collects, the letterhead's agency
	Address   string // of the same
	Payer     string
	PayerAt   string // the payer's address
	Code      string // of the dossier
	Lines     []fee.Line
	Method    string // "Tiền mặt"
	Collector string
}

func (r FeeReceipt) form() string { return ruleset.FeeReceipt }

func (r FeeReceipt) compose(c *composer) {
	c.sheet.size = a5wide
	for _, which := range []string{"copy1", "copy2"} {
		r.copy(c, which)
	}
}

func (r FeeReceipt) copy(c *composer, which string) {
	c.add(block{Head: &headBlock{Mark: c.mark(), Left: r.collector(c), Right: r.series(c)}})
	c.title()
	c.centred(which, nil)
	c.line("payer", fields{"payer": words(r.Payer)})
	c.line("address", fields{"address": words(r.PayerAt)})
	c.line("code", fields{"code": words(r.Code)})
	c.add(block{Table: r.table(c)})
	sum := fee.Sum(r.Lines)
	c.line("amount", fields{"amount": words(sum.String())}).Before = 1
	c.line("words", fields{"amountInWords": words(sentence(sum.InWords()))})
	c.line("method", fields{"method": words(r.Method)})
	if fees, charges := r.sum("phi"), r.sum("le_phi"); fees+charges == sum { // every line has its kind
		c.line("kinds", fields{"fees": words(fees.Digits()), "charges": words(charges.Digits())})
	}
	c.add(block{Signs: []signature{{}, {
		Over: c.placeAndDate(), Title: c.plain("signCollector"), Hint: c.plain("signHint"), Name: r.Collector,
	}}})
	c.finish(r.Receipt.String())
}

// collector are the lines about who collects.
func (r FeeReceipt) collector(c *composer) []headLine {
	lines := []headLine{{Text: c.whole("collector", fields{"agency": words(strings.ToUpper(r.Agency))}), Bold: true}}
	if r.Address != "" {
		lines = append(lines, headLine{Text: c.whole("collectorAddress", fields{"address": words(r.Address)})})
	}
	return append(lines, headLine{Text: c.whole("taxCode", fields{"taxCode": words(r.TaxCode)})})
}

// series are the lines about the receipt's number.
func (r FeeReceipt) series(c *composer) []headLine {
	return []headLine{
		{Text: c.whole("template", fields{"template": words(r.Template)})},
		{Text: c.whole("symbol", fields{"symbol": words(r.Receipt.Symbol())})},
		{Text: c.whole("serial", fields{"serial": words(r.Receipt.Digits())}), Bold: true},
	}
}

func (r FeeReceipt) table(c *composer) *table {
	t := &table{Before: 1, Columns: []column{
		{Title: c.plain("columnNumber"), Share: 10, Align: centre},
		{Title: c.plain("columnName"), Share: 130},
		{Title: c.plain("columnAmount"), Share: 44, Align: right},
	}}
	for i, l := range r.Lines {
		t.Rows = append(t.Rows, []cell{count(i + 1), field(l.Name), field(l.Amount.Digits())})
	}
	return t
}

// sum adds up the lines of one kind.
func (r FeeReceipt) sum(kind string) fee.VND {
	var total fee.VND
	for _, l := range r.Lines {
		if l.Kind == kind {
			total += l.Amount
		}
	}
	return total
}
