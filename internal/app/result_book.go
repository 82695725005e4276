package app

import (
	"context"
	"strings"
	"time"

	"github.com/motcua/motcua/internal/core/access"
	"github.com/motcua/motcua/internal/core/civil"
	"github.com/motcua/motcua/internal/core/dossier"
	"github.com/motcua/motcua/internal/core/fault"
	"github.com/motcua/motcua/internal/store"
)

// BookRow is one book of the register of documents that go out (sổ đăng ký văn
// bản đi): of a unit, a kind of document and a year.
type BookRow struct {
	store.ResultBook
	UnitName string
	Next     int64 // number that the next document gets; 0 = the year is over
	Whole    bool  // no gap and no repetition
}

// BookLine is one document of a book.
type BookLine struct {
	No       int64
	Number   string // as it stands on the document
	At       time.Time
	Code     string // of the dossier
	Title    string
	SignedBy string
	Recalled bool // taken back for correction: its number stays used
	Issued   bool
}

// BookPage is one page of a book, the last number first.
type BookPage struct {
	BookRow
	Lines  []BookLine
	Before int64 // where the next page begins; 0 at the end
}

// booksOf is the unit whose books an actor sees; empty for all.
func booksOf(who access.Actor) (string, error) {
	switch {
	case access.May(who, access.ReadDossier):
		return "", nil
	case who.Unit != "" && access.May(who, access.IssueResult, who.Unit):
		return who.Unit, nil
	}
	return "", denied()
}

// Books lists the books of the register that the actor may see, the newest year
// first.
func (a *App) Books(ctx context.Context, who access.Actor) ([]BookRow, error) {
	unit, err := booksOf(who)
	if err != nil {
		return nil, err
	}
	list, err := a.store.ResultBooks(ctx, unit)
	if err != nil {
		return nil, err
	}
	rows := make([]BookRow, len(list))
	for i, b := range list {
		rows[i] = a.bookRow(b)
	}
	return rows, nil
}

func (a *App) bookRow(b store.ResultBook) BookRow {
	today := civil.DateOf(a.clock())
	row := BookRow{ResultBook: b, UnitName: a.directory.Load().unitName(b.Unit, today), Whole: b.Count == b.Last-b.First+1 && b.Count == b.Different}
	if b.Year >= today.Year() {
		row.Next = b.Last + 1
	}
	return row
}

// Book reads one page of a book, from the number before on down; 0 begins at the
// last. A book that there is not, or that is not the actor's to see, is
// fault.NotFound.
func (a *App) Book(ctx context.Context, who access.Actor, unit, book string, year int, before int64) (BookPage, error) {
	mine, err := booksOf(who)
	if err != nil {
		return BookPage{}, err
	}
	unknown := fault.New(fault.NotFound, "result.book_unknown", nil)
	if mine != "" && unit != mine {
		return BookPage{}, unknown
	}
	list, err := a.store.ResultBooks(ctx, unit)
	if err != nil {
		return BookPage{}, err
	}
	var page BookPage
	for _, b := range list {
		if b.Book == book && b.Year == year {
			page.BookRow = a.bookRow(b)
		}
	}
	if page.Unit == "" {
		return page, unknown
	}
	dossiers, numbers, err := a.store.RegisterPage(ctx, unit, book, year, before, pageSize+1)
	if err != nil {
		return page, err
	}
	for i, d := range dossiers {
		if i == pageSize {
			page.Before = numbers[i-1]
			break
		}
		page.Lines = append(page.Lines, bookLine(d, store.Shelf(unit, book, year), numbers[i]))
	}
	return page, nil
}

// bookLine is the line of a dossier's result with a number, also of one that was
// taken back.
func bookLine(d dossier.Dossier, shelf string, no int64) BookLine {
	line := BookLine{No: no, Code: d.Name()}
	take := func(r dossier.Result, recalled bool) {
		if e := r.Entry; e == nil || e.No != no || !strings.EqualFold(store.Shelf(e.Unit, e.Book, e.Year), shelf) {
			return
		}
		line.Number, line.At, line.Title, line.SignedBy, line.Recalled, line.Issued = r.Number, r.Entry.At, r.Title, r.SignedBy, recalled, r.IssuedAt != nil
		if r.Draft != nil && r.Draft.Name != "" {
			line.Title = r.Draft.Name + " – " + r.Title
		}
	}
	for _, r := range d.Recalled {
		take(r, true)
	}
	if d.Result != nil {
		take(*d.Result, false)
	}
	return line
}
