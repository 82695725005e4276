package printout

import (
	"fmt"
	"html"
	"strings"
	"testing"
)

// escaped is a text as html/template writes it.
func escaped(text string) string {
	return html.EscapeString(text)
}

// sheetTexts are all texts of a composed document.
func sheetTexts(s *sheet) []string {
	var all []string
	add := func(spans []span) {
		for _, sp := range spans {
			for part := range strings.Lines(sp.Text) {
				if part = strings.TrimSpace(part); part != "" {
					all = append(all, part)
				}
			}
		}
	}
	for _, c := range s.copies {
		for _, b := range c.blocks {
			switch {
			case b.Head != nil:
				for _, l := range append(b.Head.Left, b.Head.Right...) {
					all = append(all, l.Text)
				}
			case b.Para != nil:
				add(b.Para.Spans)
			case b.Side != nil:
				for _, p := range b.Side.Text {
					add(p.Spans)
				}
			case b.Table != nil:
				for _, col := range b.Table.Columns {
					all = append(all, col.Title)
				}
				for _, row := range b.Table.Rows {
					for _, cell := range row {
						add(cell)
					}
				}
			}
			for _, sg := range b.Signs {
				add([]span{{Text: sg.Title}, {Text: sg.Hint}, {Text: sg.Mark}, {Text: sg.Name}})
			}
		}
	}
	return all
}

// rect is what a thing takes of a page.
type rect struct {
	x1, y1, x2, y2 float64
	what           string
}

func (a rect) overlaps(b rect) bool {
	const hair = 0.05 // mm
	return a.x1 < b.x2-hair && b.x1 < a.x2-hair && a.y1 < b.y2-hair && b.y1 < a.y2-hair
}

// textRects are the boxes of letters from the top of capitals to the base line,
// where two texts that touch could not be read.
func textRects(p page) []rect {
	var all []rect
	for _, t := range p.texts {
		all = append(all, rect{t.x, t.y - 0.66*t.size*pointMM, t.x + t.width, t.y + 0.15*t.size*pointMM, t.text})
	}
	return all
}

// checkPages fails when texts overlap each other, codes or rules, or leave the
// margins.
func checkPages(t *testing.T, p *Printer, d Document) int {
	t.Helper()
	s, err := p.composed(d)
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, c := range s.copies {
		for i, pg := range p.paginate(s.size, c) {
			n++
			if msg := faultOf(s.size, pg); msg != "" {
				t.Fatalf("page %d: %s", i+1, msg)
			}
		}
	}
	return n
}

func faultOf(s size, pg page) string {
	const hair = 0.05
	texts := textRects(pg)
	for i, a := range texts {
		if a.x1 < s.left-hair || a.x2 > s.width-s.right+hair || a.y1 < s.top-hair || a.y2 > s.height-s.bottom+1 {
			return fmt.Sprintf("%q leaves the margins: %v", a.what, a)
		}
		for _, b := range texts[i+1:] {
			if a.overlaps(b) {
				return fmt.Sprintf("%q overlaps %q", a.what, b.what)
			}
		}
		for _, r := range pg.rules {
			if !r.dotted && a.overlaps(rect{min(r.x1, r.x2) - 0.1, min(r.y1, r.y2) - 0.1, max(r.x1, r.x2) + 0.1, max(r.y1, r.y2) + 0.1, ""}) {
				return fmt.Sprintf("a rule crosses %q", a.what)
			}
		}
		for _, b := range pg.boxes {
			if a.overlaps(rect{b.x, b.y, b.x + b.w, b.y + b.h, ""}) {
				return fmt.Sprintf("a code covers %q", a.what)
			}
		}
	}
	return ""
}

func TestNothingOverlaps(t *testing.T) {
	p := newPrinter(t)
	for name, d := range samples() {
		t.Run(name, func(t *testing.T) { checkPages(t, p, d) })
	}
}
