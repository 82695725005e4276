package printout

import (
	"io"
	"strings"
	"time"

	"github.com/motcua/motcua/internal/core/ruleset"
)

// Register is the book of dossiers of a unit for a time (Sổ theo dõi hồ sơ, form
// 06 of TT 01/2018, 07 of TT 03/2025), on A4.
type Register struct {
	Letterhead
	Field    string    // of work; empty for all
	From, To time.Time // days, both included
	Book     string    // number of the book; may be empty
	Agencies bool      // with the columns about the agency that handles
	First    int       // number of the first row: books are numbered through the year
	Rows     []RegisterRow
	Keeper   string // who drew it up
	Signatory
}

// RegisterRow is one dossier of the register.
type RegisterRow struct {
	Code       string
	Subject    string
	Sets       int
	Owner      string
	Address    string
	Phone      string
	ReceivedAt time.Time
	DueAt      time.Time
	Agency     string    // that handles it
	SentAt     time.Time // to the agency
	GotAt      time.Time // the result from the agency
	ReturnedAt time.Time
	ReturnedBy string // how the result was returned
	Note       string
}

func (r Register) form() string { return ruleset.Register }

func (r Register) compose(c *composer) {
	c.sheet.size = a4wide
	c.begin()
	c.centred("period", fields{"from": words(shortDay(r.From)), "to": words(shortDay(r.To))})
	if r.Field != "" {
		c.centred("field", fields{"field": words(r.Field)})
	}
	if r.Book != "" {
		c.centred("book", fields{"book": words(r.Book)})
	}
	c.add(block{Table: r.table(c)})
	c.line("total", fields{"count": words(decimal(len(r.Rows)))}).Before = 1.5
	c.add(block{Signs: []signature{
		{Title: c.plain("signKeeper"), Hint: c.plain("signHint"), Name: r.Keeper},
		c.signatory(r.Signatory),
	}})
	c.finish(c.head.Form.Name)
}

// table has columns in millimetres, so that a day fits on one line.
func (r Register) table(c *composer) *table {
	t := &table{Before: 1.5, Size: 8, Numbers: true}
	days, back := c.plain("columnDays"), c.plain("columnReturn")
	add := func(key, group string, share float64, a align) {
		t.Columns = append(t.Columns, column{Title: c.plain(key), Group: group, Share: share, Align: a})
	}
	add("columnNumber", "", 8.4, centre)
	add("columnCode", "", 24, left)
	add("columnSubject", "", 30, left)
	add("columnSets", "", 10.5, centre)
	add("columnOwner", "", 22, left)
	add("columnAddress", "", 25, left)
	add("columnPhone", "", 17, left)
	add("columnReceived", days, 16.3, centre)
	add("columnDue", days, 16.3, centre)
	if r.Agencies {
		add("columnAgency", "", 18, left)
		add("columnSent", "", 16.3, centre)
		add("columnGot", "", 16.3, centre)
	}
	add("columnReturned", back, 16.3, centre)
	add("columnReturnedBy", back, 14.5, left)
	add("columnSigned", back, 10, left)
	add("columnNote", "", 13, left)
	t.Rows = make([][]cell, 0, len(r.Rows))
	for i, row := range r.Rows {
		t.Rows = append(t.Rows, row.cells(r.number(i), r.Agencies))
	}
	return t
}

// number is that of the i-th row.
func (r Register) number(i int) int { return max(r.First, 1) + i }

func (row RegisterRow) cells(n int, agencies bool) []cell {
	cells := []cell{
		count(n), field(row.Code), field(row.Subject), count(row.Sets), field(row.Owner), field(row.Address),
		field(row.Phone), field(stacked(row.ReceivedAt)), field(stacked(row.DueAt)),
	}
	if agencies {
		cells = append(cells, field(row.Agency), field(stacked(row.SentAt)), field(stacked(row.GotAt)))
	}
	return append(cells, field(stacked(row.ReturnedAt)), field(row.ReturnedBy), nil, field(row.Note))
}

// stacked writes an instant on two lines, for narrow columns.
func stacked(t time.Time) string { return strings.Replace(short(t), " ", "\n", 1) }

// Spreadsheet writes the register as an XLSX file with the columns of the form.
// It fails as PDF does, and when w fails.
func (p *Printer) Spreadsheet(w io.Writer, r Register) error {
	empty := r
	empty.Rows = nil // the form is composed for its columns alone
	s, err := p.composed(empty)
	if err != nil {
		return err
	}
	var header []string
	for _, b := range s.copies[0].blocks {
		if b.Table != nil {
			header = b.Table.header()
		}
	}
	return Sheet(w, header, func(yield func([]any, error) bool) {
		for i, row := range r.Rows {
			if !yield(row.values(r.number(i), r.Agencies), nil) {
				return
			}
		}
	})
}

// values are the fields of a row as a spreadsheet has them.
func (row RegisterRow) values(n int, agencies bool) []any {
	values := []any{n, row.Code, row.Subject, row.Sets, row.Owner, row.Address, row.Phone, row.ReceivedAt, row.DueAt}
	if agencies {
		values = append(values, row.Agency, row.SentAt, row.GotAt)
	}
	return append(values, row.ReturnedAt, row.ReturnedBy, nil, row.Note)
}
