package printout

import (
	"strings"
	"time"

	"github.com/motcua/motcua/internal/core/civil"
	"github.com/motcua/motcua/internal/core/ruleset"
)

// Form is how the law has a form printed: number and name change with the rule
// set, the id does not.
type Form = ruleset.Form

// Letterhead is what stands above every form, and the form itself.
type Letterhead struct {
	Form     Form      // as the dossier's rule set has it
	Wording  Wording   // the unit's own; the zero value is the one that ships
	Superior string    // "UBND TỈNH LÂM ĐỒNG"; may be empty
	Agency   string    // who issues it: "TRUNG TÂM PHỤC VỤ HÀNH CHÍNH CÔNG"
	Section  string    // below the agency: "BỘ PHẬN TIẾP NHẬN VÀ TRẢ KẾT QUẢ"; may be empty
	Number   string    // "142/GTN"; may be empty
	Place    string    // "Đà Lạt"
	At       time.Time // when it is issued, in the dossier's time
}

func (h Letterhead) letterhead() Letterhead { return h }

// Person is an applicant as a form names him.
type Person struct {
	Name     string
	Address  string
	Phone    string
	Email    string
	Identity string // number of the identity card, passport or enterprise
}

// Paper is one kind of paper with its numbers of copies (thành phần hồ sơ).
type Paper struct {
	Name      string
	Originals int // bản chính
	Certified int // bản chứng thực
	Copies    int // bản photo
	Note      string
}

// fields are the values of a phrase's fields.
type fields map[string][]span

// composer puts a document into blocks.
type composer struct {
	texts map[string][]token
	fixed map[string][]token
	head  Letterhead
	sheet *sheet
	now   part
	err   error
}

// phrase fills the fields of a phrase. An open place at its end runs to the end
// of the line.
func (c *composer) phrase(key string, f fields) []span { return fill(c.texts[key], f) }

func fill(tokens []token, f fields) []span {
	var spans []span
	for i, t := range tokens {
		if t.field == "" {
			spans = append(spans, span{Text: t.text, Bold: t.bold})
			continue
		}
		for _, s := range f[t.field] {
			s.Bold = s.Bold || t.bold
			if s.Blank == midBlank && i == len(tokens)-1 {
				s.Blank = restBlank
			}
			spans = append(spans, s)
		}
	}
	return spans
}

// whole writes a phrase as plain text, open places left out.
func (c *composer) whole(key string, f fields) string { return spanText(c.phrase(key, f)) }

// plain is a phrase without fields.
func (c *composer) plain(key string) string { return text(c.texts[key]) }

func text(tokens []token) string {
	var b strings.Builder
	for _, t := range tokens {
		b.WriteString(t.text)
	}
	return b.String()
}

// line adds a paragraph of one phrase.
func (c *composer) line(key string, f fields) *paragraph {
	return c.para(paragraph{Spans: c.phrase(key, f), Before: 0.3})
}

func (c *composer) para(p paragraph) *paragraph {
	c.now.blocks = append(c.now.blocks, block{Para: &p})
	return &p
}

func (c *composer) add(b block) { c.now.blocks = append(c.now.blocks, b) }

// body adds running text as letters have it: justified, first line indented.
func (c *composer) body(key string, f fields) {
	c.para(paragraph{Spans: c.phrase(key, f), Before: 1.2, Indent: 8, Align: justified})
}

// begin adds the letterhead and the form's name.
func (c *composer) begin() {
	c.add(block{Head: &headBlock{Mark: c.mark(), Left: c.issuer(), Right: []headLine{
		{Text: text(c.fixed["nation"]), Bold: true},
		{Text: text(c.fixed["motto"]), Bold: true, Rule: true, Wide: true},
		{Text: c.placeAndDate(), Italic: true},
	}}})
	c.title()
}

// mark is "Mẫu số 01"; empty for a form without number.
func (c *composer) mark() string {
	if c.head.Form.Number == "" {
		return ""
	}
	return spanText(fill(c.fixed["mark"], fields{"number": words(c.head.Form.Number)}))
}

// title adds the form's name in capitals.
func (c *composer) title() {
	c.para(paragraph{
		Spans: []span{{Text: strings.ToUpper(clean(c.head.Form.Name)), Bold: true}},
		Align: centre, Size: c.sheet.size.name, Before: 1, Keep: true, Heading: true,
	})
}

// issuer are the lines about who issues the form.
func (c *composer) issuer() []headLine {
	h := c.head
	var lines []headLine
	if h.Superior != "" {
		lines = append(lines, headLine{Text: strings.ToUpper(h.Superior)})
	}
	if h.Section == "" {
		lines = append(lines, headLine{Text: strings.ToUpper(h.Agency), Bold: true, Rule: true})
	} else {
		lines = append(lines,
			headLine{Text: strings.ToUpper(h.Agency)},
			headLine{Text: strings.ToUpper(h.Section), Bold: true, Rule: true})
	}
	if h.Number != "" {
		lines = append(lines, headLine{Text: spanText(fill(c.fixed["number"], fields{"number": words(h.Number)}))})
	}
	return lines
}

// placeAndDate is "Đà Lạt, ngày 05 tháng 02 năm 2026".
func (c *composer) placeAndDate() string {
	return spanText(fill(c.fixed["place"], c.dateFields(c.head.At, fields{"place": words(c.head.Place)})))
}

// finish closes a copy.
func (c *composer) finish(footer string) {
	c.now.footer = footer
	c.sheet.copies = append(c.sheet.copies, c.now)
	c.now = part{}
}

// spanText is the text of spans, open places left out.
func spanText(spans []span) string {
	var b strings.Builder
	for _, s := range spans {
		b.WriteString(s.Text)
	}
	return b.String()
}

// instant writes a time as forms do, with open places when there is none.
func (c *composer) instant(t time.Time) []span {
	f := c.dateFields(t, fields{})
	if f["hour"], f["minute"] = open(), open(); !t.IsZero() {
		v := t.In(civil.Zone)
		f["hour"], f["minute"] = words(two(v.Hour())), words(two(v.Minute()))
	}
	return fill(c.fixed["instant"], f)
}

// day writes a day as forms do, with open places when there is none.
func (c *composer) day(t time.Time) []span { return fill(c.fixed["day"], c.dateFields(t, fields{})) }

// short writes an instant for tables: "08:15 24/11/2026".
func short(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.In(civil.Zone).Format("15:04 02/01/2006")
}

// shortDay writes a day for tables: "24/11/2026".
func shortDay(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.In(civil.Zone).Format("02/01/2006")
}

// dateFields adds day, month and year. Days below 10 and January and February
// have two digits (Decree 30/2020/NĐ-CP, Annex I, part II, 4).
func (c *composer) dateFields(t time.Time, f fields) fields {
	f["day"], f["month"], f["year"] = open(), open(), open()
	if t.IsZero() {
		return f
	}
	y, m, d := t.In(civil.Zone).Date()
	f["day"], f["month"], f["year"] = words(two(d)), words(decimal(int(m))), words(decimal(y))
	if m <= time.February {
		f["month"] = words(two(int(m)))
	}
	return f
}

// open is a short place to write in.
func open() []span { return []span{{Blank: shortBlank}} }

// number writes a count; 0 is an open place.
func number(n int) []span {
	if n == 0 {
		return open()
	}
	return words(decimal(n))
}

// field makes the text of a table's field; empty stays empty.
func field(value string) cell {
	if value = clean(value); value == "" {
		return nil
	}
	return cell{{Text: value}}
}

// count makes a table's field of a number; none stays empty.
func count(n int) cell {
	if n == 0 {
		return nil
	}
	return cell{{Text: decimal(n)}}
}
