package procedure

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/motcua/motcua/internal/core/fault"
	"github.com/motcua/motcua/internal/core/textfold"
)

// channels reads the ways to submit; equal fee lines of several channels become
// one fee with one id.
func (r *reader) channels(p *Procedure, in []wireChannel) {
	ids := map[string]string{}
	for i, w := range in {
		field := at("channels", i)
		by, known := ways[w.Channel]
		if !known {
			r.reject(field+".channel", "procedure.channel_unknown", fault.Args{"channel": shorten(textfold.Clean(w.Channel))})
		}
		c := Channel{By: by, Limit: r.limit(field+".time", w.Time), Note: r.text(field+".note", w.Note, maxText)}
		for j, x := range w.Fees {
			f := r.fee(at(field+".fees", j), x)
			key := fmt.Sprintf("%+v", f)
			if ids[key] == "" {
				f.ID = "f" + strconv.Itoa(len(p.Fees)+1)
				ids[key] = f.ID
				p.Fees = append(p.Fees, f)
			}
			c.Fees = append(c.Fees, ids[key])
		}
		p.Channels = append(p.Channels, c)
	}
}

func (r *reader) fee(field string, w wireFee) Fee {
	f := Fee{Kind: FeeKind(w.Kind), Note: r.text(field+".note", w.Note, maxText), Currency: strings.ToUpper(r.text(field+".currency", w.Currency, 10)), Unverified: w.Check != ""}
	if !f.Kind.Known() {
		r.reject(field+".kind", "procedure.fee_kind_unknown", fault.Args{"kind": shorten(textfold.Clean(w.Kind))})
	}
	if f.Currency == "VND" {
		f.Currency = ""
	}
	for _, x := range []struct {
		name string
		from *int64
		to   *int64
	}{
		{"amount_vnd", w.AmountVND, &f.AmountVND},
		{"amount", w.Amount, &f.Foreign},
		{"amount_as_published", w.Published, &f.Published},
	} {
		if x.from != nil {
			r.count(field+"."+x.name, *x.from)
			*x.to = *x.from
		}
	}
	switch {
	case f.Currency != "":
		f.AmountVND = 0 // shown, not collected
	case w.AmountVND == nil:
		f.AmountVND, f.Foreign = f.Foreign, 0
	default:
		f.Foreign = 0
	}
	for i, n := range w.Others {
		r.count(at(field+".other_amounts_in_note_vnd", i), n)
		f.Others = append(f.Others, n)
	}
	return f
}

// papers reads the papers and returns, by paper id, the case heading that each
// stands under. Remarks published among the papers become notes.
func (r *reader) papers(p *Procedure, in []wireDocument) map[string]string {
	headings := map[string]string{}
	for i, w := range in {
		field := at("documents", i)
		r.count(field+".originals", int64(w.Originals))
		r.count(field+".copies", int64(w.Copies))
		name := r.text(field+".name", w.Name, maxText)
		heading := r.text(field+".case", w.Case, maxText)
		kind := headingKind(heading)
		if kind == noteHeading {
			p.Notes = append(p.Notes, name)
			continue
		}
		x := Paper{
			ID: "p" + strconv.Itoa(i+1), Name: name, Originals: w.Originals, Copies: w.Copies, HasForm: w.HasForm,
			Alternative: w.Alternative, QuantityUnstated: w.QuantityUnstated,
		}
		mendQuantity(&x)
		if name == "" {
			r.reject(field+".name", "procedure.paper_name_missing", nil)
		}
		switch kind {
		case caseHeading:
			headings[x.ID] = trimHeading(heading)
		case groupHeading:
			x.Group = trimHeading(heading)
		}
		p.Papers = append(p.Papers, x)
	}
	return headings
}

// mendQuantity repairs a slip of the source that glues the number ending a
// name to the quantity: "… theo Mẫu số" with 181 originals is "Mẫu số 18" with
// one. No statute asks for 20 originals of one paper.
func mendQuantity(x *Paper) {
	if x.Originals < 20 {
		return
	}
	glued := strconv.Itoa(x.Originals / 10)
	x.Originals %= 10
	if x.Originals == 0 && x.Copies == 0 {
		x.QuantityUnstated = true
	}
	switch last := lastWord(x.Name); {
	case strings.HasSuffix(x.Name, "/"):
		x.Name += glued
	case last == "so" || last == "mau" || last == "nam":
		x.Name += " " + glued
	}
}

// lastWord returns the last folded word of s.
func lastWord(s string) string {
	if w := textfold.Words(s); len(w) > 0 {
		return w[len(w)-1]
	}
	return ""
}
