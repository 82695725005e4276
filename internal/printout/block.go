package printout

import "time"

// size is a sheet of paper in millimetres, with its margins and text sizes.
type size struct {
	Class         string // of the page's body in HTML
	width, height float64
	left, right   float64 // margins
	top, bottom   float64
	body          float64 // pt
	head          float64 // pt of the letterhead
	name          float64 // pt of the form's name
	slip          bool    // belongs on one page
	scale         float64 // of the sizes that paragraphs and tables give
}

// A5 is the size of all slips, A4 that of the book (TT 01/2018/TT-VPCP art 9).
var (
	a5     = size{"a5", 148, 210, 13, 10, 8, 8, 10.3, 9, 13, true, 1}
	a5wide = size{"a5wide", 210, 148, 14, 12, 8, 8, 10.5, 10, 13, true, 1}
	a4     = size{"a4", 210, 297, 25, 15, 15, 16, 13, 12, 15, false, 1}
	a4wide = size{"a4wide", 297, 210, 12, 12, 12, 13, 9.5, 11, 14, false, 1}
)

// scaled is the same paper with smaller or larger letters. The letterhead is
// never larger: its lines would no longer fit beside each other.
func (s size) scaled(percent int) size {
	s.scale = float64(percent) / 100
	s.body, s.name, s.head = s.body*s.scale, s.name*s.scale, s.head*min(1, s.scale)
	return s
}

// sheet is a composed document: one or more copies, each on pages of its own.
type sheet struct {
	title  string
	at     time.Time // of the document: dates in the file
	size   size
	copies []part
}

// part is one copy (liên) of a document.
type part struct {
	blocks []block
	footer string // left of the page number; empty for none
}

// block is one of the things that stand below each other on a page; exactly one
// of its fields is set.
type block struct {
	Head  *headBlock
	Para  *paragraph
	Side  *sideBlock
	Table *table
	Signs []signature
}

// headBlock is the letterhead: the agency left, the country right.
type headBlock struct {
	Mark        string // "Mẫu số 01"
	Left, Right []headLine
}

// headLine is a centred line of the letterhead.
type headLine struct {
	Text   string
	Bold   bool
	Italic bool
	Rule   bool // a rule below it
	Wide   bool // the rule is as long as the text; otherwise two fifths of it
}

type align int

const (
	left align = iota
	centre
	right
	justified
)

// paragraph is text over the whole width.
type paragraph struct {
	Spans  []span
	Align  align
	Size   float64 // pt; 0 for the body's
	Before float64 // mm above
	Indent float64 // mm of the first line
	Keep   bool    // on one page with what follows
	// Heading marks the form's name.
	Heading bool
}

// sideBlock is a QR code with text beside it.
type sideBlock struct {
	QR   *matrix
	Bar  *matrix // Code 128 above the text
	Text []paragraph
}

// column is one column of a table.
type column struct {
	Title string
	Group string  // title over several columns next to each other
	Share float64 // of the width; any unit
	Align align
}

// table has a head that is repeated on every page.
type table struct {
	Columns []column
	Rows    [][]cell
	Size    float64 // pt; 0 for a point less than the body's
	Numbers bool    // the columns are numbered below their titles
	Before  float64 // mm above
}

// cell is the text of one field of a table.
type cell = []span

// signature is a place where somebody signs.
type signature struct {
	Over  string // place and date, or "TM. …"
	Title string
	Hint  string
	Mark  string // in the room to sign in: who signed electronically, and when
	Name  string
}
