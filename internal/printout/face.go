package printout

import (
	"embed"
	"fmt"

	"golang.org/x/image/font"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
)

//go:embed fonts/*.ttf
var fontFiles embed.FS

// face is one of the four cuts of the typeface, Tinos, which has the widths of
// Times New Roman (Decree 30/2020/NĐ-CP asks for that typeface).
type face int

const (
	regular face = iota
	bold
	italic
	boldItalic
	faceCount = 4
)

func faceOf(isBold, isItalic bool) face {
	f := regular
	if isBold {
		f += bold
	}
	if isItalic {
		f += italic
	}
	return f
}

// typeface is a face as read once: its file and the widths of its letters.
type typeface struct {
	data   []byte
	widths [maxRune + 1]uint16 // in 1/1000 of the size; 0 for what the face lacks
	wide   uint16              // of a letter that the face lacks
}

// maxRune bounds the table of widths; the letters of the cut-down faces lie below.
const maxRune = 0x26ff

func loadFaces() (faces [faceCount]*typeface, err error) {
	for i, name := range [faceCount]string{"Regular", "Bold", "Italic", "BoldItalic"} {
		data, err := fontFiles.ReadFile("fonts/Tinos-" + name + ".ttf")
		if err != nil {
			return faces, err
		}
		if faces[i], err = measure(data); err != nil {
			return faces, fmt.Errorf("typeface Tinos %s: %w", name, err)
		}
	}
	return faces, nil
}

// measure reads the widths of all letters of a face.
func measure(data []byte) (*typeface, error) {
	parsed, err := sfnt.Parse(data)
	if err != nil {
		return nil, err
	}
	const em = 1000
	t := &typeface{data: data}
	var buf sfnt.Buffer
	width := func(g sfnt.GlyphIndex) (uint16, error) {
		w, err := parsed.GlyphAdvance(&buf, g, fixed.I(em), font.HintingNone)
		return uint16(w.Round()), err
	}
	if t.wide, err = width(0); err != nil {
		return nil, err
	}
	for r := rune(' '); r <= maxRune; r++ {
		g, err := parsed.GlyphIndex(&buf, r)
		if err != nil {
			return nil, err
		}
		if g == 0 {
			t.widths[r] = t.wide
			continue
		}
		if t.widths[r], err = width(g); err != nil {
			return nil, err
		}
	}
	return t, nil
}

// pointMM is a typographic point in millimetres.
const pointMM = 25.4 / 72

// width is that of a text in millimetres, at a size in points.
func (p *Printer) width(f face, size float64, text string) float64 {
	t, sum := p.faces[f], 0
	for _, r := range text {
		if r <= maxRune {
			sum += int(t.widths[r])
		} else {
			sum += int(t.wide)
		}
	}
	return float64(sum) / 1000 * size * pointMM
}
