// Package printout puts the statutory forms (biểu mẫu), slips, receipts and
// books on paper: as PDF, as HTML to print from a browser, and as spreadsheets.
// It decides nothing: what a form says is handed in, complete. A form is
// composed once, as blocks; PDF and HTML are two ways to set the same blocks.
//
//	p, err := printout.New()
//	pdf, err := p.PDF(printout.Receipt{Letterhead: head, Code: code, …})
//	page, err := p.HTML(printout.Receipt{Letterhead: head, Code: code, …})
package printout

import "html/template"

// Printer holds what every document needs: the parsed typefaces, the wordings
// that ship with the program and the page template. It is safe for use by many.
type Printer struct {
	faces    [faceCount]*typeface
	wordings map[string]Wording
	page     *template.Template
}

// New parses the embedded typefaces, wordings and templates, once per program.
func New() (*Printer, error) {
	p := &Printer{}
	var err error
	if p.faces, err = loadFaces(); err != nil {
		return nil, err
	}
	if p.wordings, err = loadWordings(); err != nil {
		return nil, err
	}
	if p.page, err = loadPage(); err != nil {
		return nil, err
	}
	return p, nil
}

// Document is a form with its content, ready to be printed: Receipt,
// SupplementRequest, Refusal, Apology and the others of this package.
type Document interface {
	letterhead() Letterhead
	form() string        // semantic id, such as ruleset.Receipt
	compose(c *composer) // puts the content into blocks
}

// PDF prints a document. The same document gives the same bytes: dates in the
// file are the document's own. It fails with fault.Invalid when its wording
// does not fit the form; see Wording.Validate.
func (p *Printer) PDF(d Document) ([]byte, error) {
	sheet, err := p.composed(d)
	if err != nil {
		return nil, err
	}
	return p.draw(sheet)
}

// HTML prints a document as one page without any outside file, for printing
// from a browser. It fails as PDF does.
func (p *Printer) HTML(d Document) ([]byte, error) {
	sheet, err := p.composed(d)
	if err != nil {
		return nil, err
	}
	return p.hypertext(sheet)
}

// composed puts a document into blocks under its own wording or the default.
func (p *Printer) composed(d Document) (*sheet, error) {
	w, err := p.wordingOf(d)
	if err != nil {
		return nil, err
	}
	head := d.letterhead()
	c := &composer{
		texts: w.compiled(),
		fixed: p.wordings[fixedTexts].compiled(),
		head:  head,
		sheet: &sheet{title: head.Form.Name, at: head.At, size: a5},
	}
	d.compose(c)
	return c.sheet, c.err
}
