package printout

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"strings"
)

//go:embed page
var pageFiles embed.FS

func loadPage() (*template.Template, error) {
	return template.ParseFS(pageFiles, "page/print.html")
}

func styleSheet() string {
	css, err := pageFiles.ReadFile("page/print.css")
	if err != nil {
		panic(err) // embedded when the program is built
	}
	return string(css)
}

// ContentPolicy is the Content-Security-Policy under which the pages of HTML are
// to be served: their own style sheet and nothing else.
func ContentPolicy() string {
	sum := sha256.Sum256([]byte(styleSheet()))
	return "default-src 'none'; style-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) +
		"'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
}

// The view of a sheet for the page template.
type (
	pageView struct {
		Title  string
		Paper  string
		Style  template.CSS
		Copies []copyView
	}
	copyView  struct{ Blocks []blockView }
	blockView struct {
		Head  *headBlock
		Title []span
		Para  *paraView
		Side  *sideView
		Table *tableView
		Signs []signature
	}
	paraView struct {
		Class string
		Spans []span
	}
	sideView struct {
		QR, Bar *codeView
		Text    []paraView
	}
	codeView  struct{ Box, Path, Text string }
	tableView struct {
		Widths  []string
		Upper   []titleView
		Lower   []string
		Numbers []string
		Rows    [][]cellView
	}
	titleView struct {
		Text       string
		Cols, Rows int
	}
	cellView struct {
		Class string
		Spans []span
	}
)

// hypertext writes a composed document as an HTML page.
func (p *Printer) hypertext(s *sheet) ([]byte, error) {
	v := pageView{Title: clean(s.title), Paper: s.size.Class, Style: template.CSS(styleSheet())}
	for _, c := range s.copies {
		var cv copyView
		for i := range c.blocks {
			cv.Blocks = append(cv.Blocks, viewOf(&c.blocks[i]))
		}
		v.Copies = append(v.Copies, cv)
	}
	var out bytes.Buffer
	if err := p.page.ExecuteTemplate(&out, "print.html", v); err != nil {
		return nil, fmt.Errorf("write the page of %q: %w", s.title, err)
	}
	return out.Bytes(), nil
}

func viewOf(b *block) blockView {
	v := blockView{Head: b.Head, Signs: b.Signs}
	switch {
	case b.Para != nil && b.Para.Heading:
		v.Title = b.Para.Spans
	case b.Para != nil:
		v.Para = &paraView{classOf(b.Para), b.Para.Spans}
	case b.Side != nil:
		v.Side = &sideView{QR: viewCode(b.Side.QR), Bar: viewCode(b.Side.Bar)}
		for i := range b.Side.Text {
			v.Side.Text = append(v.Side.Text, paraView{classOf(&b.Side.Text[i]), b.Side.Text[i].Spans})
		}
	case b.Table != nil:
		v.Table = viewTable(b.Table)
	}
	return v
}

func classOf(p *paragraph) string {
	class := [...]string{"left", "centre", "right", "justified"}[p.Align]
	if p.Size != 0 {
		class += " small"
	}
	if p.Keep {
		class += " keep"
	}
	if p.Before >= 2 {
		class += " apart"
	}
	return class
}

// viewCode makes a path of a code's black pieces, with its quiet zone around it.
func viewCode(m *matrix) *codeView {
	if m == nil {
		return nil
	}
	high := len(m.rows)
	v := &codeView{Text: m.Text, Box: fmt.Sprintf("%d 0 %d %d", -m.quiet, len(m.rows[0])+2*m.quiet, high)}
	if high > 1 {
		v.Box = fmt.Sprintf("0 0 %d %d", len(m.rows[0]), high)
	}
	var path strings.Builder
	for _, s := range m.strips() {
		fmt.Fprintf(&path, "M%d %dh%dv1h-%dz", s.x, s.y, s.n, s.n)
	}
	v.Path = path.String()
	return v
}

func viewTable(t *table) *tableView {
	v := &tableView{}
	sum, grouped := 0.0, 1
	for _, c := range t.Columns {
		sum += c.Share
		if c.Group != "" {
			grouped = 2
		}
	}
	for i, c := range t.Columns {
		v.Widths = append(v.Widths, fmt.Sprintf("%.1f", c.Share/sum*100))
		switch {
		case c.Group == "":
			v.Upper = append(v.Upper, titleView{clean(c.Title), 1, grouped})
		case i > 0 && t.Columns[i-1].Group == c.Group:
			v.Upper[len(v.Upper)-1].Cols++
			v.Lower = append(v.Lower, clean(c.Title))
		default:
			v.Upper = append(v.Upper, titleView{clean(c.Group), 1, 1})
			v.Lower = append(v.Lower, clean(c.Title))
		}
		if t.Numbers {
			v.Numbers = append(v.Numbers, columnNumber(i))
		}
	}
	for _, row := range t.Rows {
		cells := make([]cellView, len(t.Columns))
		for i := range cells {
			cells[i].Class = [...]string{left: "", centre: "centre", right: "right", justified: ""}[t.Columns[i].Align]
			if i < len(row) {
				cells[i].Spans = row[i]
			}
		}
		v.Rows = append(v.Rows, cells)
	}
	return v
}
