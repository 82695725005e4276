package web

import (
	"bytes"
	"fmt"
	"mime"
	"net/http"
	"strconv"
	"strings"

	"github.com/motcua/motcua/internal/app"
	"github.com/motcua/motcua/internal/core/access"
	"github.com/motcua/motcua/internal/core/civil"
	"github.com/motcua/motcua/internal/core/dossier"
	"github.com/motcua/motcua/internal/core/fault"
)

// registerBody is the book of dossiers (sổ theo dõi hồ sơ), /nghiep-vu/so-theo-doi.
type registerBody struct {
	V        app.RegisterView
	Form     form
	Fields   []control
	Selects  []control
	Rows     []registerLine
	PDF      string
	Page     string
	Sheet    string
	NextPath string
}

type registerLine struct {
	app.RegisterLine
	Open string
}

const registerPath = "/nghiep-vu/so-theo-doi"

// registerForm reads what a person asked for; nothing is the month until today.
func registerForm(r *http.Request) (form, app.RegisterQuery) {
	f := form{Values: r.URL.Query()}
	q := app.RegisterQuery{Unit: f.Get("don-vi"), Field: f.Get("linh-vuc"), Cursor: f.Get("tiep")}
	for _, x := range []struct {
		name string
		into *civil.Date
	}{{"tu", &q.From}, {"den", &q.To}} {
		text := strings.TrimSpace(f.Get(x.name))
		if text == "" {
			continue
		}
		day, err := civil.ParseDate(text)
		if err != nil {
			f.Faults = append(f.Faults, fault.Field(x.name, "civil.date_form", fault.Args{"text": text}))
		}
		*x.into = day
	}
	n, _ := strconv.Atoi(f.Get("trang-thai"))
	for _, s := range dossier.Statuses() {
		if int(s) == n {
			q.Status = s
		}
	}
	return f, q
}

func (s *Server) deskRegister(w http.ResponseWriter, r *http.Request, who access.Actor) {
	f, q := registerForm(r)
	s.showRegister(w, r, who, f, q)
}

func (s *Server) showRegister(w http.ResponseWriter, r *http.Request, who access.Actor, f form, q app.RegisterQuery) {
	if len(f.Faults) > 0 {
		q = app.RegisterQuery{Unit: q.Unit}
	}
	v, err := s.app.Register(r.Context(), who, q)
	if fault.KindOf(err) == fault.Invalid {
		f.Faults = append(f.Faults, onField("den", err)...)
		v, err = s.app.Register(r.Context(), who, app.RegisterQuery{Unit: q.Unit})
	}
	if err != nil {
		s.deskFail(w, r, who, err)
		return
	}
	if len(f.Faults) == 0 {
		f.Values.Set("tu", v.From.String())
		f.Values.Set("den", v.To.String())
	}
	b := registerBody{V: v, Form: f, Fields: []control{f.Input("tu", "register.from", "type=date"), f.Input("den", "register.to", "type=date")}}
	b.choices(f)
	query := r.URL.RawQuery
	if query == "" {
		query = "tu=" + v.From.String() + "&den=" + v.To.String()
	}
	as := func(ending string) string { return withQuery(registerPath+ending+"?"+query, "tiep", "") }
	b.PDF, b.Page, b.Sheet = as(".pdf"), as(".html"), as(".xlsx")
	if v.Next != "" {
		b.NextPath = withQuery(registerPath+"?"+query, "tiep", v.Next)
	}
	for _, row := range v.Rows {
		b.Rows = append(b.Rows, registerLine{RegisterLine: row, Open: dossierPath(row.Code)})
	}
	s.deskPage(w, r, who, statusOf(f), "desk/register", text{Key: "register.heading"}, b)
}

// choices are the filters of the book.
func (b *registerBody) choices(f form) {
	if len(b.V.Units) > 0 {
		var units []option
		for _, u := range b.V.Units {
			units = append(units, option{Value: u.Code, Text: u.Name})
		}
		unit := f.Choose("don-vi", "register.unit", units)
		unit.Value = b.V.Unit
		b.Selects = append(b.Selects, unit)
	}
	var fields, statuses []option
	for _, name := range b.V.Fields {
		fields = append(fields, option{Value: name, Text: name})
	}
	for _, s := range dossier.Statuses() {
		statuses = append(statuses, option{Value: strconv.Itoa(int(s)), Key: s.Key()})
	}
	b.Selects = append(b.Selects, f.Choose("linh-vuc", "register.field", fields, "blank=register.all"), f.Choose("trang-thai", "register.status", statuses, "blank=register.all"))
}

// deskRegisterPDF sends the book for printing.
func (s *Server) deskRegisterPDF(w http.ResponseWriter, r *http.Request, who access.Actor) {
	s.deskRegisterPrint(w, r, who, func(q app.RegisterQuery) (func(), error) {
		file, err := s.app.RegisterPDF(r.Context(), who, q)
		return func() { sendPDF(w, file) }, err
	})
}

// deskRegisterPage shows the book as a page that a browser prints.
func (s *Server) deskRegisterPage(w http.ResponseWriter, r *http.Request, who access.Actor) {
	s.deskRegisterPrint(w, r, who, func(q app.RegisterQuery) (func(), error) {
		page, err := s.app.RegisterPage(r.Context(), who, q)
		return func() { sendPrintPage(w, page) }, err
	})
}

// deskRegisterPrint answers with the printed book, or with the page of the book
// that says why there is none.
func (s *Server) deskRegisterPrint(w http.ResponseWriter, r *http.Request, who access.Actor, print func(app.RegisterQuery) (send func(), err error)) {
	f, q := registerForm(r)
	if len(f.Faults) == 0 {
		send, err := print(q)
		if err == nil {
			send()
			return
		}
		if fault.KindOf(err) != fault.Invalid {
			s.deskFail(w, r, who, err)
			return
		}
		f.Faults = append(f.Faults, onField("den", err)...)
	}
	s.showRegister(w, r, who, f, q)
}

// deskRegisterSheet sends the book as a spreadsheet.
func (s *Server) deskRegisterSheet(w http.ResponseWriter, r *http.Request, who access.Actor) {
	f, q := registerForm(r)
	var sheet bytes.Buffer // whole, so that a failure is a page and not a broken file
	if len(f.Faults) == 0 {
		name, err := s.app.RegisterSheet(r.Context(), who, q, &sheet)
		if err == nil {
			h := w.Header()
			h.Set("Content-Type", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
			h.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": name}))
			h.Set("Content-Length", fmt.Sprint(sheet.Len()))
			h.Set("Cache-Control", "no-store")
			_, _ = w.Write(sheet.Bytes()) // a client that has gone away cannot be told
			return
		}
		if fault.KindOf(err) != fault.Invalid {
			s.deskFail(w, r, who, err)
			return
		}
		f.Faults = append(f.Faults, onField("den", err)...)
	}
	s.showRegister(w, r, who, f, q)
}
