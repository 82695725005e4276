package web

import (
	"net/http"
	"strconv"

	"github.com/motcua/motcua/internal/app"
	"github.com/motcua/motcua/internal/core/access"
)

const booksPath = "/quan-tri/so-van-ban"

// booksBody lists the books of documents that go out, /quan-tri/so-van-ban.
type booksBody struct{ Rows []bookRow }

type bookRow struct {
	app.BookRow
	Open string
}

// bookBody is one book, /quan-tri/so-van-ban/so.
type bookBody struct {
	V        app.BookPage
	Rows     []bookLine
	NextPath string
}

type bookLine struct {
	app.BookLine
	Open string
}

func openBook(unit, book string, year int) string {
	return withQuery(booksPath+"/so", "don-vi", unit, "so", book, "nam", strconv.Itoa(year))
}

func (s *Server) adminBooks(w http.ResponseWriter, r *http.Request, who access.Actor) {
	rows, err := s.app.Books(r.Context(), who)
	if err != nil {
		s.deskFail(w, r, who, err)
		return
	}
	var b booksBody
	for _, row := range rows {
		b.Rows = append(b.Rows, bookRow{BookRow: row, Open: openBook(row.Unit, row.Book, row.Year)})
	}
	s.deskPage(w, r, who, http.StatusOK, "admin/books", text{Key: "result.book.heading"}, b)
}

func (s *Server) adminBook(w http.ResponseWriter, r *http.Request, who access.Actor) {
	q := r.URL.Query()
	if q.Get("so") == "" { // nothing was chosen
		if _, err := s.app.Books(r.Context(), who); err != nil {
			s.deskFail(w, r, who, err)
			return
		}
		http.Redirect(w, r, booksPath, http.StatusSeeOther)
		return
	}
	year, _ := strconv.Atoi(q.Get("nam"))
	before, _ := strconv.ParseInt(q.Get("tiep"), 10, 64)
	page, err := s.app.Book(r.Context(), who, q.Get("don-vi"), q.Get("so"), year, max(before, 0))
	if err != nil {
		s.deskFail(w, r, who, err)
		return
	}
	b := bookBody{V: page}
	for _, line := range page.Lines {
		b.Rows = append(b.Rows, bookLine{BookLine: line, Open: dossierPath(line.Code)})
	}
	if page.Before > 0 {
		b.NextPath = withQuery(openBook(page.Unit, page.Book, page.Year), "tiep", strconv.FormatInt(page.Before, 10))
	}
	s.deskPage(w, r, who, http.StatusOK, "admin/book", text{Key: "result.book.one"}, b)
}
