package printout

// cellPad is the room in millimetres between text and the borders of its field.
const (
	padX = 1.0
	padY = 0.6
)

func (l *layout) tablePoints(t *table) float64 {
	if t.Size == 0 {
		return l.size.body - 1
	}
	return t.Size * l.size.scale
}

// columnWidths shares the width of the page out.
func (l *layout) columnWidths(t *table) []float64 {
	sum := 0.0
	for _, c := range t.Columns {
		sum += c.Share
	}
	widths := make([]float64, len(t.Columns))
	for i, c := range t.Columns {
		widths[i] = c.Share / sum * l.wide()
	}
	return widths
}

// tableHead is the broken text of a table's head.
type tableHead struct {
	titles, groups [][]line  // by column; a group's text stands at its first column
	spans          []float64 // width of the group that begins at a column
	numbers        [][]line
	upper, lower   float64 // heights of groups and titles
	number         float64
}

func (h *tableHead) height() float64 { return h.upper + h.lower + h.number }

func (l *layout) tableHead(t *table, widths []float64) *tableHead {
	n, points := len(t.Columns), l.tablePoints(t)
	h := &tableHead{titles: make([][]line, n), groups: make([][]line, n), spans: make([]float64, n)}
	set := func(text string, width float64) []line {
		return l.p.balanced([]span{{Text: clean(text), Bold: true}}, points, width-2*padX)
	}
	fit := func(lines []line) float64 { return float64(len(lines))*lineHeight(points) + 2*padY }
	for i := 0; i < n; i++ {
		h.titles[i] = set(t.Columns[i].Title, widths[i])
		if g := t.Columns[i].Group; g != "" && (i == 0 || t.Columns[i-1].Group != g) {
			for j := i; j < n && t.Columns[j].Group == g; j++ {
				h.spans[i] += widths[j]
			}
			h.groups[i] = set(g, h.spans[i])
			h.upper = max(h.upper, fit(h.groups[i]))
		}
	}
	for i := range n {
		if t.Columns[i].Group != "" {
			h.lower = max(h.lower, fit(h.titles[i]))
		}
	}
	for i := range n {
		if t.Columns[i].Group == "" {
			h.lower = max(h.lower, fit(h.titles[i])-h.upper)
		}
	}
	if t.Numbers {
		for i := range n {
			h.numbers = append(h.numbers, l.p.lines([]span{{Text: columnNumber(i), Italic: true}}, points-1, widths[i], 0, false))
		}
		h.number = lineHeight(points-1) + padY
	}
	return h
}

// columnNumber is how the columns of a book are numbered.
func columnNumber(i int) string { return "(" + decimal(i+1) + ")" }

// brokenRow is a row whose fields are broken into lines.
type brokenRow struct {
	cells [][]line
	most  int // lines of the longest field
}

func (l *layout) breakRow(t *table, row []cell, widths []float64) brokenRow {
	r := brokenRow{cells: make([][]line, len(widths))}
	for i := range widths {
		if i < len(row) && len(row[i]) > 0 {
			r.cells[i] = l.p.lines(row[i], l.tablePoints(t), widths[i]-2*padX, 0, false)
		}
		r.most = max(r.most, len(r.cells[i]))
	}
	r.most = max(r.most, 1)
	return r
}

func (l *layout) rowHeight(t *table, lines int) float64 {
	return float64(lines)*lineHeight(l.tablePoints(t)) + 2*padY
}

// firstRows is the height of a table's head and first row.
func (l *layout) firstRows(t *table) float64 {
	widths := l.columnWidths(t)
	h := t.Before + l.tableHead(t, widths).height()
	if len(t.Rows) > 0 {
		h += l.rowHeight(t, l.breakRow(t, t.Rows[0], widths).most)
	}
	return min(h, l.tall())
}

// drawTable draws a table over as many pages as it needs. A row that fits on a
// page is not broken; a longer one goes on at the top of the next page.
func (l *layout) drawTable(t *table) {
	widths := l.columnWidths(t)
	head := l.tableHead(t, widths)
	l.need(min(l.firstRows(t), l.tall()))
	if !l.bare {
		l.y += t.Before
	}
	l.drawTableHead(t, head, widths)
	for _, row := range t.Rows {
		l.drawRow(t, head, l.breakRow(t, row, widths), widths)
	}
}

func (l *layout) drawTableHead(t *table, h *tableHead, widths []float64) {
	x, top, points := l.size.left, l.y, l.tablePoints(t)
	for i := range t.Columns {
		y, height := top, h.upper+h.lower
		if t.Columns[i].Group != "" {
			y, height = top+h.upper, h.lower
			if h.groups[i] != nil {
				l.frame(x, top, h.spans[i], h.upper)
				l.middle(h.groups[i], x, top, h.spans[i], h.upper, points)
			}
		}
		l.frame(x, y, widths[i], height)
		l.middle(h.titles[i], x, y, widths[i], height, points)
		if t.Numbers {
			l.frame(x, top+h.upper+h.lower, widths[i], h.number)
			l.middle(h.numbers[i], x, top+h.upper+h.lower, widths[i], h.number, points-1)
		}
		x += widths[i]
	}
	l.y = top + h.height()
	l.bare = false
}

// middle centres lines in a field, both ways.
func (l *layout) middle(lines []line, x, y, w, h, points float64) {
	saved := l.y
	l.y = y + (h-float64(len(lines))*lineHeight(points))/2
	for _, ln := range lines {
		l.drawLine(ln, x, w, points, centre)
		l.y += lineHeight(points)
	}
	l.y = saved
}

func (l *layout) frame(x, y, w, h float64) {
	l.rule(x, y, x+w, y)
	l.rule(x, y+h, x+w, y+h)
	l.rule(x, y, x, y+h)
	l.rule(x+w, y, x+w, y+h)
}

// drawRow draws a row, over several pages when it is longer than one.
func (l *layout) drawRow(t *table, head *tableHead, r brokenRow, widths []float64) {
	for from := 0; from < r.most; {
		left := r.most - from
		room := int((l.lowest() - l.y - 2*padY) / lineHeight(l.tablePoints(t)))
		full := int((l.tall() - head.height() - 2*padY) / lineHeight(l.tablePoints(t)))
		if room < left && (left <= full || room < 2) && !l.justBegun(head) {
			l.turn()
			l.drawTableHead(t, head, widths)
			continue
		}
		n := max(1, min(left, room))
		l.drawFields(t, r, widths, from, n)
		from += n
	}
}

// justBegun reports whether nothing but the table's head is on the page.
func (l *layout) justBegun(head *tableHead) bool {
	return l.y <= l.size.top+head.height()+0.01
}

// drawFields draws n lines of a row, from a line on, in a frame.
func (l *layout) drawFields(t *table, r brokenRow, widths []float64, from, n int) {
	x, top, points := l.size.left, l.y, l.tablePoints(t)
	height := l.rowHeight(t, n)
	for i, w := range widths {
		l.frame(x, top, w, height)
		l.y = top + padY
		for k := from; k < from+n && k < len(r.cells[i]); k++ {
			l.drawLine(r.cells[i][k], x+padX, w-2*padX, points, t.Columns[i].Align)
			l.y += lineHeight(points)
		}
		x += w
	}
	l.y = top + height
}
