package printout

import (
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// Pieces that several forms have in common.

// code adds the dossier's code with its bar code and, when there is a seal, a
// QR code.
func (c *composer) code(code, seal string, text []paragraph) {
	s := &sideBlock{Text: text}
	var err error
	if seal != "" {
		if s.QR, err = qr(seal); err != nil {
			c.err = err
			return
		}
	}
	if code = clean(code); code != "" && encodable(code) {
		if s.Bar, err = bars(code); err != nil {
			c.err = err
			return
		}
	}
	c.add(block{Side: s})
}

// encodable reports whether a bar code can say a text: a short one in ASCII.
func encodable(code string) bool {
	const longest = 40
	for i := range len(code) {
		if code[i] < ' ' || code[i] >= utf8.RuneSelf-1 {
			return false
		}
	}
	return len(code) <= longest
}

// contact adds where a person can be reached.
func (c *composer) contact(p Person) {
	c.line("address", fields{"address": words(p.Address)})
	c.line("contact", fields{"phone": words(p.Phone), "email": words(p.Email)})
}

// papers is the table of papers with their numbers.
func (c *composer) papers(papers []Paper) *table {
	t := &table{Before: 0.8, Columns: []column{
		{Title: c.plain("columnNumber"), Share: 10, Align: centre},
		{Title: c.plain("columnPaper"), Share: 70},
		{Title: c.plain("columnOriginals"), Group: c.plain("columnCounts"), Share: 13, Align: centre},
		{Title: c.plain("columnCertified"), Group: c.plain("columnCounts"), Share: 18, Align: centre},
		{Title: c.plain("columnCopies"), Group: c.plain("columnCounts"), Share: 13, Align: centre},
	}}
	for i, p := range papers {
		name := field(p.Name)
		if p.Note != "" {
			name = append(name, span{Text: "\n" + clean(p.Note), Italic: true})
		}
		t.Rows = append(t.Rows, []cell{count(i + 1), name, count(p.Originals), count(p.Certified), count(p.Copies)})
	}
	if len(papers) == 0 {
		t.Rows = [][]cell{{nil, nil, nil, nil, nil}}
	}
	return t
}

// small is a phrase in small italics.
func (c *composer) small(key string, f fields) paragraph {
	spans := c.phrase(key, f)
	for i := range spans {
		spans[i].Italic = true
	}
	return paragraph{Spans: spans, Size: c.sheet.size.body - 1.5, Before: 0.4}
}

// note adds a phrase in small italics; an emptied phrase adds nothing.
func (c *composer) note(key string, f fields) {
	if p := c.small(key, f); spanText(p.Spans) != "" {
		c.para(p)
	}
}

// sentence begins a text with a capital letter.
func sentence(text string) string {
	r, n := utf8.DecodeRuneInString(text)
	return string(unicode.ToUpper(r)) + text[n:]
}

// dossierCode adds the dossier's code with its bar code, when there is one.
func (c *composer) dossierCode(code string) {
	if code != "" {
		c.code(code, "", []paragraph{{Spans: c.phrase("code", fields{"code": words(code)})}})
	}
}

// signatory is the place where an agency's head or who stands for him signs.
func (c *composer) signatory(s Signatory) signature {
	title := s.Post
	if title == "" {
		title = c.plain("signHead")
	}
	if s.Authority != "" {
		title = s.Authority + "\n" + title
	}
	return c.signed(strings.ToUpper(title), s.Name, s.SignedAt)
}

// officer is the place where an officer signs.
func (c *composer) officer(name string, signedAt time.Time) signature {
	return c.signed(c.plain("signOfficer"), name, signedAt)
}

// signed is a place to sign in by hand or, when it was signed electronically, a
// mark that says by whom and when; the proof is in the file.
func (c *composer) signed(title, name string, at time.Time) signature {
	s := signature{Title: title, Name: name}
	if at.IsZero() {
		s.Hint = c.plain("signHint")
		return s
	}
	s.Mark = spanText(fill(c.fixed["signed"], fields{"name": words(name), "signedAt": words(short(at))}))
	return s
}

// centred adds a phrase in the middle of the line, below the form's name.
func (c *composer) centred(key string, f fields) {
	spans := c.phrase(key, f)
	for i := range spans {
		spans[i].Italic = true
	}
	c.para(paragraph{Spans: spans, Align: centre, Keep: true})
}
