package web

import (
	"net/http"
	"strconv"

	"github.com/motcua/motcua/internal/app"
	"github.com/motcua/motcua/internal/core/access"
	"github.com/motcua/motcua/internal/core/fault"
)

// formsBody lists the printed forms (mẫu phiếu), /quan-tri/mau-phieu.
type formsBody struct{ Rows []formLine }

type formLine struct {
	app.FormRow
	Open string
}

// wordingBody is the words of one form, /quan-tri/mau-phieu/{form}.
type wordingBody struct {
	Path    string
	Form    form
	V       app.WordingView
	Phrases []phraseLine
	Reasons []control
}

type phraseLine struct {
	control
	Key     string
	Shipped string
	Changed bool
}

const formsPath = "/quan-tri/mau-phieu"

func (s *Server) adminForms(w http.ResponseWriter, r *http.Request, who access.Actor) {
	rows, err := s.app.Forms(r.Context(), who)
	if err != nil {
		s.deskFail(w, r, who, err)
		return
	}
	var b formsBody
	for _, row := range rows {
		b.Rows = append(b.Rows, formLine{FormRow: row, Open: formsPath + "/" + row.Form})
	}
	s.deskPage(w, r, who, http.StatusOK, "admin/forms", text{Key: "wording.page.heading"}, b)
}

func (s *Server) adminWording(w http.ResponseWriter, r *http.Request, who access.Actor) {
	s.showWording(w, r, who, http.StatusOK, nil)
}

// showWording draws a form's words; typed is what a person sent, if anything.
func (s *Server) showWording(w http.ResponseWriter, r *http.Request, who access.Actor, status int, typed *form) {
	v, err := s.app.Wording(r.Context(), who, r.PathValue("form"))
	if err != nil {
		s.deskFail(w, r, who, err)
		return
	}
	f := newForm(s.newAction())
	f.Values.Set("base", strconv.Itoa(v.Version))
	for _, p := range v.Phrases {
		f.Values.Set(p.Key, p.Text)
	}
	if typed != nil {
		f = *typed
	}
	b := wordingBody{Path: formsPath + "/" + v.Form, Form: f, V: v}
	for _, p := range v.Phrases {
		c := f.Input(p.Key, "wording.page.phrase", "rows=2", "maxlength=1000")
		b.Phrases = append(b.Phrases, phraseLine{control: c, Key: p.Key, Shipped: p.Shipped, Changed: c.Value != p.Shipped})
	}
	b.Reasons = []control{
		f.Input("document", "wording.page.document", "maxlength=200"),
		f.Input("reason", "wording.page.reason", "maxlength=300", "required"),
	}
	s.deskPage(w, r, who, status, "admin/wording", text{Key: "wording.page.edit"}, b)
}

// adminSaveWording publishes the next version of a form's words.
func (s *Server) adminSaveWording(w http.ResponseWriter, r *http.Request, who access.Actor) {
	f, _, err := s.readForm(r, who)
	if err != nil {
		s.deskFail(w, r, who, err)
		return
	}
	if resumed(r) {
		s.showWording(w, r, who, http.StatusOK, &f)
		return
	}
	v, err := s.app.Wording(r.Context(), who, r.PathValue("form"))
	if err != nil {
		s.deskFail(w, r, who, err)
		return
	}
	in := app.WordingForm{ActionID: f.Action, Form: v.Form, Phrases: map[string]string{}, Document: f.Get("document"), Reason: f.Get("reason")}
	in.Base, _ = strconv.Atoi(f.Get("base"))
	for _, p := range v.Phrases {
		if _, sent := f.Values[p.Key]; sent {
			in.Phrases[p.Key] = f.Get(p.Key)
		}
	}
	_, err = s.app.SaveWording(r.Context(), who, in)
	switch kind := fault.KindOf(err); {
	case err == nil:
		http.Redirect(w, r, withQuery(formsPath+"/"+v.Form, "xong", "mau-phieu"), http.StatusSeeOther)
	case kind == fault.Invalid || kind == fault.Conflict:
		f = f.with(err)
		s.showWording(w, r, who, statusOf(f), &f)
	default:
		s.deskFail(w, r, who, err)
	}
}
