package printout

import "fmt"

// page is what is drawn on one sheet of paper, in millimetres from its top left
// corner. It is plain data, so that a test can look whether anything overlaps.
type page struct {
	texts []drawnText
	rules []drawnRule
	boxes []drawnBox
}

type drawnText struct {
	x, y  float64 // start of the base line
	width float64
	size  float64 // pt
	face  face
	text  string
}

type drawnRule struct {
	x1, y1, x2, y2 float64
	width          float64
	dotted         bool
}

type drawnBox struct{ x, y, w, h float64 } // black

// lineFactor is the height of a line against the size of its letters; ascent
// is the part of that height above the base line.
const (
	lineFactor = 1.19
	ascent     = 0.76
)

// lineHeight is that of a line in millimetres.
func lineHeight(points float64) float64 { return points * pointMM * lineFactor }

// layout puts blocks on pages, from the top down.
type layout struct {
	p     *Printer
	size  size
	pages []page
	y     float64 // mm from the top of the page
	bare  bool    // nothing on the page yet
}

// paginate lays one copy out. A slip is set as large as its page allows, within
// bounds: a short one is easier to read, and one that would run over by little
// fits on its page. What is longer keeps the ordinary size.
func (p *Printer) paginate(s size, c part) []page {
	if !s.slip {
		return p.set(s, c)
	}
	full := p.set(s, c)
	first := 100 - stepPercent
	if len(full) == 1 {
		first = mostPercent
	}
	for percent := first; len(full) <= 2 && percent >= leastPercent && percent != 100; percent -= stepPercent {
		if fitted := p.set(s.scaled(percent), c); len(fitted) == 1 {
			return fitted
		}
	}
	return full
}

// mostPercent and leastPercent are how large and how small a slip may be set
// against its ordinary size: letters of 11.5 and 9 points.
const (
	mostPercent  = 112
	leastPercent = 88
	stepPercent  = 4
)

// set lays one copy out in a size.
func (p *Printer) set(s size, c part) []page {
	l := &layout{p: p, size: s}
	l.turn()
	for i := range c.blocks {
		l.need(l.together(c.blocks[i:]))
		l.block(&c.blocks[i])
	}
	l.footers(c.footer)
	return l.pages
}

// turn begins a new page.
func (l *layout) turn() {
	l.pages = append(l.pages, page{})
	l.y, l.bare = l.size.top, true
}

func (l *layout) page() *page { return &l.pages[len(l.pages)-1] }

func (l *layout) wide() float64   { return l.size.width - l.size.left - l.size.right }
func (l *layout) lowest() float64 { return l.size.height - l.size.bottom - footerHeight }
func (l *layout) tall() float64   { return l.lowest() - l.size.top }

// need turns the page when less than h millimetres are left on it.
func (l *layout) need(h float64) {
	if !l.bare && l.y+h > l.lowest() {
		l.turn()
	}
}

// together is the height that must be free on the page before the first of some
// blocks is begun: signatures never stand alone on a page.
func (l *layout) together(blocks []block) float64 {
	h, lead := 0.0, 0.0
	for i := range blocks {
		lead, h = h, h+l.height(&blocks[i])
		b := &blocks[i]
		switch {
		case b.Para != nil && (b.Para.Keep || i+1 < len(blocks) && blocks[i+1].Signs != nil):
			continue
		case b.Table != nil && i > 0: // a title stays with the first rows of its table
			h = lead + l.firstRows(b.Table)
		}
		break
	}
	if h > l.tall() {
		return 0
	}
	return h
}

// height is that of a whole block; 0 for those that may break anywhere.
func (l *layout) height(b *block) float64 {
	switch {
	case b.Head != nil:
		return l.headHeight(b.Head)
	case b.Para != nil:
		_, h := l.paraLines(b.Para, l.wide())
		return h
	case b.Side != nil:
		return l.sideHeight(b.Side)
	case b.Signs != nil:
		return l.signsHeight(b.Signs)
	}
	return 0
}

// block draws one block and moves down.
func (l *layout) block(b *block) {
	switch {
	case b.Head != nil:
		l.drawHead(b.Head)
	case b.Para != nil:
		l.drawPara(b.Para, l.size.left, l.wide())
	case b.Side != nil:
		l.drawSide(b.Side)
	case b.Table != nil:
		l.drawTable(b.Table)
	case b.Signs != nil:
		l.drawSigns(b.Signs)
	}
	l.bare = false
}

// paraLines breaks a paragraph into lines and says how high it is with the
// space above it.
func (l *layout) paraLines(p *paragraph, width float64) ([]line, float64) {
	points := l.points(p.Size)
	var lines []line
	if p.Heading {
		lines = l.p.balanced(p.Spans, points, width)
	} else {
		lines = l.p.lines(p.Spans, points, width, p.Indent, p.Align == justified)
	}
	return lines, p.Before + float64(len(lines))*lineHeight(points)
}

func (l *layout) points(size float64) float64 {
	if size == 0 {
		return l.size.body
	}
	return size * l.size.scale
}

// drawPara draws a paragraph line by line; a page may end after any line.
func (l *layout) drawPara(p *paragraph, x, width float64) {
	lines, _ := l.paraLines(p, width)
	points := l.points(p.Size)
	if !l.bare {
		l.y += p.Before
	}
	for _, ln := range lines {
		l.need(lineHeight(points))
		l.drawLine(ln, x, width, points, p.Align)
		l.y += lineHeight(points)
		l.bare = false
	}
}

// drawLine draws the runs of a line at the current height.
func (l *layout) drawLine(ln line, x, width, points float64, a align) {
	switch a {
	case centre:
		x += (width - ln.width) / 2
	case right:
		x += width - ln.width
	}
	base := l.y + lineHeight(points)*ascent
	for _, r := range ln.runs {
		if r.text == "" {
			l.page().rules = append(l.page().rules, drawnRule{x + r.x + 0.6, base, x + r.x + r.width - 0.3, base, 0.2, true})
			continue
		}
		l.text(x+r.x, base, r.width, points, r.face, r.text)
	}
}

func (l *layout) text(x, base, width, points float64, f face, text string) {
	p := l.page()
	p.texts = append(p.texts, drawnText{x, base, width, points, f, text})
}

func (l *layout) rule(x1, y1, x2, y2 float64) {
	p := l.page()
	p.rules = append(p.rules, drawnRule{x1, y1, x2, y2, 0.2, false})
}

// footers numbers the pages of a copy that has more than one.
func (l *layout) footers(left string) {
	const points = 8.5
	total := len(l.pages)
	if total == 1 {
		return
	}
	base := l.size.height - l.size.bottom
	for i := range l.pages {
		p := &l.pages[i]
		number := fmt.Sprintf("%d/%d", i+1, total)
		w := l.p.width(regular, points, number)
		p.texts = append(p.texts, drawnText{l.size.width - l.size.right - w, base, w, points, regular, number})
		if left == "" {
			continue
		}
		lines := l.p.lines([]span{{Text: left}}, points, l.wide()-w-4, 0, false)
		for _, r := range lines[0].runs {
			p.texts = append(p.texts, drawnText{l.size.left + r.x, base, r.width, points, r.face, r.text})
		}
	}
}

// footerHeight is the room kept free for the number of the page.
const footerHeight = 4.5
