package printout

// The letterhead: two columns of centred lines above a form, as Decree
// 30/2020/NĐ-CP, Annex I, sets them.

// headGap is the room between the columns; leftShare is the left one's part.
const (
	headGap   = 3.0
	leftShare = 0.43
	ruleRoom  = 1.8 // mm that a rule takes below its line
)

// headColumns are the widths of the letterhead's columns.
func (l *layout) headColumns() (w1, w2 float64) {
	room := l.wide() - headGap
	return room * leftShare, room * (1 - leftShare)
}

func (l *layout) headHeight(h *headBlock) float64 {
	w1, w2 := l.headColumns()
	return l.markHeight(h) + max(l.columnHeight(h.Left, w1), l.columnHeight(h.Right, w2)) + headBelow
}

// headBelow is the room below the letterhead.
const headBelow = 1.5

func (l *layout) markHeight(h *headBlock) float64 {
	if h.Mark == "" {
		return 0
	}
	return lineHeight(l.size.head)
}

func (l *layout) columnHeight(lines []headLine, width float64) float64 {
	sum := 0.0
	for _, hl := range lines {
		sum += float64(len(l.headLines(hl, width))) * lineHeight(l.size.head)
		if hl.Rule {
			sum += ruleRoom
		}
	}
	return sum
}

func (l *layout) headLines(hl headLine, width float64) []line {
	return l.p.balanced([]span{{Text: clean(hl.Text), Bold: hl.Bold, Italic: hl.Italic}}, l.size.head, width)
}

func (l *layout) drawHead(h *headBlock) {
	if h.Mark != "" {
		mark := l.p.lines([]span{{Text: clean(h.Mark), Bold: true}}, l.size.head, l.wide(), 0, false)
		l.drawLine(mark[0], l.size.left, l.wide(), l.size.head, right)
		l.y += l.markHeight(h)
	}
	w1, w2 := l.headColumns()
	top := l.y
	l.drawColumn(h.Left, l.size.left, w1)
	low := l.y
	if l.headHeight(h) <= l.tall() {
		l.y = top // beside each other; names of pages' length go below each other
	}
	l.drawColumn(h.Right, l.size.left+w1+headGap, w2)
	l.y = max(l.y, low) + headBelow
}

// drawColumn draws centred lines, with a rule below those that ask for one.
func (l *layout) drawColumn(lines []headLine, x, width float64) {
	for _, hl := range lines {
		longest := 0.0
		for _, ln := range l.headLines(hl, width) {
			l.need(lineHeight(l.size.head))
			l.drawLine(ln, x, width, l.size.head, centre)
			l.bare = false
			l.y += lineHeight(l.size.head)
			longest = max(longest, ln.width)
		}
		if !hl.Rule {
			continue
		}
		if !hl.Wide {
			longest *= 0.4
		}
		from := x + (width-longest)/2
		l.rule(from, l.y+0.5, from+longest, l.y+0.5)
		l.y += ruleRoom
	}
}

// Signatures.

const (
	signBefore = 2.0  // mm above the titles
	signRoom   = 12.0 // mm to sign in
)

func (l *layout) signsHeight(signs []signature) float64 {
	w := l.wide() / float64(len(signs))
	var most [signParts]float64
	for i := range signs {
		for k, lines := range l.signLines(&signs[i], w) {
			most[k] = max(most[k], l.signPart(k, len(lines)))
		}
	}
	sum := signBefore
	for _, h := range most {
		sum += h
	}
	return sum
}

// The parts of a signature from the top down.
const (
	signOver = iota
	signTitle
	signHint
	signMark
	signName
	signParts
)

// markSize is that of an electronic signature's mark against the body.
const markSize = 0.78

// signPoints is the size of the letters of a part.
func (l *layout) signPoints(part int) float64 {
	if part == signMark {
		return l.size.body * markSize
	}
	return l.size.body
}

// signPart is the height of a part with n lines; the mark has room to sign in.
func (l *layout) signPart(part, n int) float64 {
	h := float64(n) * lineHeight(l.signPoints(part))
	if part == signMark {
		return max(h+1, signRoom)
	}
	return h
}

// signLines breaks the parts of a signature for a column.
func (l *layout) signLines(s *signature, width float64) (parts [signParts][]line) {
	set := func(part int, text string, isBold, isItalic bool) {
		if text = clean(text); text != "" {
			parts[part] = l.p.balanced([]span{{Text: text, Bold: isBold, Italic: isItalic}}, l.signPoints(part), width-2)
		}
	}
	set(signOver, s.Over, false, true)
	set(signTitle, s.Title, true, false)
	set(signHint, s.Hint, false, true)
	set(signMark, s.Mark, false, false)
	set(signName, s.Name, true, false)
	return parts
}

// drawSigns draws signatures beside each other, their parts on equal heights.
func (l *layout) drawSigns(signs []signature) {
	if l.signsHeight(signs) > l.tall() {
		l.drawLongSigns(signs)
		return
	}
	w := l.wide() / float64(len(signs))
	parts := make([][signParts][]line, len(signs))
	for i := range signs {
		parts[i] = l.signLines(&signs[i], w)
	}
	l.y += signBefore
	for k := range signParts {
		top, most := l.y, l.signPart(k, 0)
		for i := range parts {
			l.y = top
			if k == signMark {
				l.y += 0.5
			}
			for _, ln := range parts[i][k] {
				l.drawLine(ln, l.size.left+float64(i)*w+1, w-2, l.signPoints(k), centre)
				l.y += lineHeight(l.signPoints(k))
			}
			most = max(most, l.signPart(k, len(parts[i][k])))
		}
		l.y = top + most
	}
}

// drawLongSigns draws signatures that are longer than a page below each other.
func (l *layout) drawLongSigns(signs []signature) {
	for i := range signs {
		l.y += signBefore
		for k, lines := range l.signLines(&signs[i], l.wide()) {
			for _, ln := range lines {
				l.need(lineHeight(l.signPoints(k)))
				l.drawLine(ln, l.size.left+1, l.wide()-2, l.signPoints(k), centre)
				l.y += lineHeight(l.signPoints(k))
				l.bare = false
			}
		}
		l.y += signRoom
	}
}

// A QR code with text beside it.

const (
	sideBefore = 1.0
	sideGap    = 3.0
	barHeight  = 8.0
)

// qrWidth is that of a QR code without its quiet zone: 0.42 mm a module, five
// dots of an office printer, at most 30 mm.
func qrWidth(m *matrix) float64 { return min(30, 0.42*float64(len(m.rows))) }

// sideRoom says where the text beside the code begins and how wide it is.
func (l *layout) sideRoom(s *sideBlock) (from, width float64) {
	if s.QR != nil {
		from = qrWidth(s.QR) + sideGap
	}
	return from, l.wide() - from
}

func (l *layout) sideHeight(s *sideBlock) float64 {
	_, width := l.sideRoom(s)
	h := 0.0
	if s.Bar != nil {
		h += barHeight + 1.5
	}
	for i := range s.Text {
		_, ph := l.paraLines(&s.Text[i], width)
		h += ph
	}
	if s.QR != nil {
		h = max(h, qrWidth(s.QR))
	}
	return sideBefore + h + sideBefore
}

func (l *layout) drawSide(s *sideBlock) {
	from, width := l.sideRoom(s)
	l.y += sideBefore
	top, pages := l.y, len(l.pages)
	if s.QR != nil {
		w := qrWidth(s.QR)
		module := w / float64(len(s.QR.rows))
		l.matrix(s.QR, l.size.left, top, module, module)
	}
	if s.Bar != nil {
		n := float64(len(s.Bar.rows[0]))
		module := min(0.33, width/n)
		l.matrix(s.Bar, l.size.left+from, l.y, module, barHeight)
		l.y += barHeight + 1.5
	}
	for i := range s.Text {
		l.drawPara(&s.Text[i], l.size.left+from, width)
	}
	if s.QR != nil && len(l.pages) == pages {
		l.y = max(l.y, top+qrWidth(s.QR))
	}
	l.y += sideBefore
}

// matrix draws a code; rows overlap by a hair, so that no viewer shows seams.
func (l *layout) matrix(m *matrix, x, y, module, height float64) {
	const hair = 0.01
	p := l.page()
	for _, s := range m.strips() {
		p.boxes = append(p.boxes, drawnBox{x + float64(s.x)*module, y + float64(s.y)*height, float64(s.n) * module, height + hair})
	}
}
