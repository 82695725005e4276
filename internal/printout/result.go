package printout

import (
	"strings"

	"github.com/motcua/motcua/internal/core/ruleset"
)

// ResultDocument is the document that answers an application (kết quả giải quyết), on A4
// with the parts of Decree 30/2020/NĐ-CP, Annex I. Its name stands in the
// letterhead's form.
type ResultDocument struct {
	Letterhead
	Code      string   // of the dossier
	Lines     []string // paragraphs; ** begins and ends bold
	Seal      string   // link of the page that checks the document; empty prints no QR code
	Signatory Signatory
	Draft     bool // printed to be read before it is decided
}

func (r ResultDocument) form() string { return ruleset.Result }

func (r ResultDocument) compose(c *composer) {
	c.sheet.size = a4
	c.begin()
	if r.Draft {
		c.centred("draft", nil)
	}
	for i, line := range r.Lines {
		p := paragraph{Spans: boldSpans(line), Before: 1.6, Indent: 10, Align: justified}
		if i == 0 && strings.HasPrefix(line, "**") && strings.HasSuffix(line, "**") {
			p.Indent, p.Align, p.Keep = 0, centre, true // the abstract below the name
		}
		c.para(p)
	}
	c.add(block{Signs: []signature{{}, c.signatory(r.Signatory)}})
	text := []paragraph{{Spans: c.phrase("code", fields{"code": words(r.Code)})}}
	if r.Seal == "" {
		c.para(text[0])
	} else {
		side := &sideBlock{Text: append(text, c.small("verify", nil))}
		if side.QR, c.err = qr(r.Seal); c.err != nil {
			return
		}
		c.add(block{Side: side})
	}
	c.finish(r.Code)
}

// boldSpans takes a paragraph apart at its marks.
func boldSpans(text string) []span {
	var out []span
	for i, part := range strings.Split(clean(text), "**") {
		if part != "" {
			out = append(out, span{Text: part, Bold: i%2 == 1})
		}
	}
	return out
}
