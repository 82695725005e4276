package printout

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"

	"codeberg.org/go-pdf/fpdf"
)

// family is the name of the typeface inside a file.
const family = "Tinos"

// draw writes a composed document as a PDF file.
func (p *Printer) draw(s *sheet) ([]byte, error) {
	var pages []page
	for _, c := range s.copies {
		pages = append(pages, p.paginate(s.size, c)...)
	}
	orientation := "P"
	paper := fpdf.SizeType{Wd: s.size.width, Ht: s.size.height}
	f := fpdf.NewCustom(&fpdf.InitType{OrientationStr: orientation, UnitStr: "mm", Size: paper})
	f.SetCatalogSort(true)
	f.SetAutoPageBreak(false, 0)
	f.SetMargins(0, 0, 0)
	f.SetTitle(clean(s.title), true)
	f.SetLang("vi")
	f.SetProducer("motcua", true)
	f.SetCreationDate(s.at.UTC())
	f.SetModificationDate(s.at.UTC())
	p.embed(f, pages)
	for i := range pages {
		f.AddPageFormat(orientation, paper)
		drawPage(f, &pages[i])
	}
	var out bytes.Buffer
	if err := f.Output(&out); err != nil {
		return nil, fmt.Errorf("write the PDF of %q: %w", s.title, err)
	}
	return out.Bytes(), nil
}

// embed puts the faces that are used into the file.
func (p *Printer) embed(f *fpdf.Fpdf, pages []page) {
	var used [faceCount]bool
	for i := range pages {
		for _, t := range pages[i].texts {
			used[t.face] = true
		}
	}
	for i, is := range used {
		if is {
			f.AddUTF8FontFromBytes(family, style(face(i)), p.faces[i].data)
		}
	}
}

func style(f face) string { return [...]string{"", "B", "I", "BI"}[f] }

// dots is the pattern of a line to write on: a point every 0.9 mm.
func dots() []float64 { return []float64{0.25, 0.65} }

func drawPage(f *fpdf.Fpdf, p *page) {
	for _, r := range p.rules {
		if r.dotted {
			f.SetDashPattern(dots(), 0)
		}
		f.SetLineWidth(r.width)
		f.Line(r.x1, r.y1, r.x2, r.y2)
		if r.dotted {
			f.SetDashPattern(nil, 0)
		}
	}
	for _, b := range p.boxes {
		f.Rect(b.x, b.y, b.w, b.h, "F")
	}
	for _, t := range p.texts {
		f.SetFont(family, style(t.face), t.size)
		f.Text(t.x, t.y, t.text)
	}
}

// decimal writes a whole number.
func decimal(n int) string { return strconv.Itoa(n) }

// two writes a number with two digits at least, as days and months are written.
func two(n int) string { return strings.Repeat("0", max(0, 2-len(decimal(n)))) + decimal(n) }
