package printout

import (
	"strings"
	"unicode/utf8"
)

// run is text in one cut at its place in a line, or a dotted line.
type run struct {
	x, width float64 // mm from the start of the line
	face     face
	text     string // empty for a dotted line
	spaced   bool   // a space stands before it
}

// line is what stands beside each other.
type line struct {
	runs  []run
	width float64 // mm that are used, from the start of the line
	last  bool    // of its paragraph: never stretched
}

// atom is a part of a word: letters in one cut, or an open place.
type atom struct {
	face  face
	text  string
	width float64
	blank blank
}

// breaker fills lines with words.
type breaker struct {
	p     *Printer
	size  float64 // pt
	limit float64 // mm of a full line
	loose bool    // keep words apart, so that a line can be stretched

	lines []line
	now   line
	at    float64 // mm used on the current line, its indent included
	word  []atom
	gap   bool // a space comes before the next word
}

// lines breaks spans into lines of at most limit millimetres, the first of them
// indented. A word that is longer than a line is broken between letters.
func (p *Printer) lines(spans []span, size, limit, indent float64, loose bool) []line {
	b := &breaker{p: p, size: size, limit: limit, loose: loose, at: indent}
	for _, s := range spans {
		f := faceOf(s.Bold, s.Italic)
		if s.Blank != noBlank {
			b.word = append(b.word, atom{face: f, blank: s.Blank})
			continue
		}
		b.text(f, s.Text)
	}
	b.flush()
	b.end(true)
	return b.lines
}

// text takes in the words of one span.
func (b *breaker) text(f face, text string) {
	for text != "" {
		i := strings.IndexAny(text, " \n")
		if i < 0 {
			b.letters(f, text)
			return
		}
		if i > 0 {
			b.letters(f, text[:i])
		}
		b.flush()
		if text[i] == '\n' {
			b.end(true)
		} else {
			b.gap = true
		}
		text = text[i+1:]
	}
}

func (b *breaker) letters(f face, text string) {
	b.word = append(b.word, atom{face: f, text: text, width: b.p.width(f, b.size, text)})
}

// flush puts the word at hand on the current line or the next one.
func (b *breaker) flush() {
	if len(b.word) == 0 {
		return
	}
	word := b.word
	b.word = nil
	wide := 0.0
	for _, a := range word {
		wide += max(a.width, blankLeast(a.blank))
	}
	space := 0.0
	if b.gap && len(b.now.runs) > 0 {
		space = b.p.width(word[0].face, b.size, " ")
	}
	if len(b.now.runs) > 0 && b.at+space+wide > b.limit {
		b.end(false)
		space = 0
	}
	for i, a := range word {
		b.place(a, space, i == 0 && space > 0)
		space = 0
	}
	b.gap = false
}

// place sets an atom after a space, cutting it where the line is full.
func (b *breaker) place(a atom, space float64, spaced bool) {
	if a.blank != noBlank {
		a.width = b.blankWidth(a.blank, space)
	}
	for a.text != "" && b.at+space+a.width > b.limit {
		n := b.fitting(a, b.limit-b.at-space)
		if n == 0 && len(b.now.runs) == 0 {
			_, n = utf8.DecodeRuneInString(a.text) // narrower than a letter: one at least
		}
		if n > 0 {
			head := a.text[:n]
			b.put(atom{face: a.face, text: head, width: b.p.width(a.face, b.size, head)}, space, spaced)
			a.text = a.text[n:]
			a.width = b.p.width(a.face, b.size, a.text)
		}
		if a.text == "" {
			return
		}
		b.end(false)
		space, spaced = 0, false
	}
	b.put(a, space, spaced)
}

// put appends an atom, joined to the run before it when they look alike.
func (b *breaker) put(a atom, space float64, spaced bool) {
	if n := len(b.now.runs); n > 0 && a.text != "" && !(spaced && b.loose) {
		if last := &b.now.runs[n-1]; last.text != "" && last.face == a.face {
			if spaced {
				last.text += " "
			}
			last.text += a.text
			last.width += space + a.width
			b.at += space + a.width
			return
		}
	}
	b.now.runs = append(b.now.runs, run{x: b.at + space, width: a.width, face: a.face, text: a.text, spaced: spaced})
	b.at += space + a.width
}

// fitting is how many bytes of an atom fit into a width: to the last hyphen or
// stroke if there is one, so that codes and addresses break where they are read;
// combining marks stay with their letter.
func (b *breaker) fitting(a atom, width float64) int {
	n, sum := 0, 0.0
	for i, r := range a.text {
		sum += b.p.width(a.face, b.size, string(r))
		if sum > width {
			break
		}
		n = i + utf8.RuneLen(r)
	}
	for n > 0 && n < len(a.text) {
		r, _ := utf8.DecodeRuneInString(a.text[n:])
		if r < 0x300 || r > 0x36f {
			break
		}
		_, size := utf8.DecodeLastRuneInString(a.text[:n])
		n -= size
	}
	if joint := strings.LastIndexAny(a.text[:n], "-/@"); joint > 0 && n < len(a.text) {
		return joint + 1
	}
	return n
}

// balanced breaks spans into as few lines as lines does, all about equally long,
// as a title should stand.
func (p *Printer) balanced(spans []span, size, limit float64) []line {
	lines := p.lines(spans, size, limit, 0, false)
	for n := len(lines); n > 1; limit -= 1 {
		tighter := p.lines(spans, size, limit-1, 0, false)
		if len(tighter) > n || limit < 20 {
			break
		}
		lines = tighter
	}
	return lines
}

// end closes the current line.
func (b *breaker) end(last bool) {
	b.now.width, b.now.last = b.at, last
	if !last && b.loose {
		b.stretch()
	}
	b.lines = append(b.lines, b.now)
	b.now, b.at, b.gap = line{}, 0, false
}

// stretch widens the spaces of a full line until it ends at the margin.
func (b *breaker) stretch() {
	gaps := 0
	for _, r := range b.now.runs {
		if r.spaced {
			gaps++
		}
	}
	if gaps == 0 {
		return
	}
	each, shift := (b.limit-b.at)/float64(gaps), 0.0
	for i := range b.now.runs {
		if b.now.runs[i].spaced {
			shift += each
		}
		b.now.runs[i].x += shift
	}
	b.now.width = b.limit
}

// blankLeast is the room in millimetres that an open place needs.
func blankLeast(k blank) float64 {
	switch k {
	case shortBlank:
		return 9
	case midBlank:
		return 26
	case restBlank:
		return 15
	default:
		return 0
	}
}

// blankWidth is the room that an open place takes on the current line.
func (b *breaker) blankWidth(k blank, space float64) float64 {
	if rest := b.limit - b.at - space; k == restBlank && rest > 0 {
		return rest
	}
	return blankLeast(k)
}
