package web

import (
	"net/http"
	"time"

	"github.com/motcua/motcua/internal/app"
	"github.com/motcua/motcua/internal/core/access"
	"github.com/motcua/motcua/internal/core/civil"
	"github.com/motcua/motcua/internal/core/fault"
)

// absenceBody is who is away and who stands in (vắng mặt, ủy quyền),
// /nghiep-vu/vang-mat.
type absenceBody struct {
	Form   form
	Fields []absenceField
	Rows   []absenceLine
}

// absenceField is a control of the form: an input, or a select when it offers
// people.
type absenceField struct {
	control
	Choice bool
}

type absenceLine struct {
	app.AbsenceRow
	Action string
	Path   string
}

func (s *Server) deskAbsence(w http.ResponseWriter, r *http.Request, who access.Actor) {
	s.showAbsence(w, r, who, http.StatusOK, newForm(s.newAction()))
}

func (s *Server) showAbsence(w http.ResponseWriter, r *http.Request, who access.Actor, status int, f form) {
	page, err := s.app.Absences(r.Context(), who)
	if err != nil {
		s.deskFail(w, r, who, err)
		return
	}
	b := absenceBody{Form: f}
	input := func(name, label string, flags ...string) {
		b.Fields = append(b.Fields, absenceField{control: f.Input(name, label, flags...)})
	}
	choice := func(name, label, blank string, people []app.StaffChoice, flags ...string) {
		c := f.Input(name, label, flags...)
		c.Blank = blank
		for _, p := range people {
			c.Options = append(c.Options, option{Value: p.ID, Text: p.Name})
		}
		b.Fields = append(b.Fields, absenceField{control: c, Choice: true})
	}
	if page.MayAll {
		choice("staff", "absence.staff", "absence.myself", page.Staff)
	}
	input("from", "absence.from", "type=date", "required")
	input("to", "absence.to", "type=date", "required")
	choice("work", "absence.work", "absence.nobody", page.Staff, "hint=absence.work_hint")
	if access.Anywhere(who, access.DelegateSignature) {
		choice("sign", "absence.sign", "absence.nobody", page.Leaders, "hint=absence.sign_hint")
		input("document", "absence.document", "maxlength=200")
	}
	input("reason", "absence.reason", "maxlength=500", "required")
	for _, row := range page.Rows {
		b.Rows = append(b.Rows, absenceLine{AbsenceRow: row, Action: s.newAction(), Path: "/nghiep-vu/vang-mat/" + row.ID + "/ket-thuc"})
	}
	s.deskPage(w, r, who, status, "desk/absence", text{Key: "absence.heading"}, b)
}

func (s *Server) deskRecordAbsence(w http.ResponseWriter, r *http.Request, who access.Actor) {
	f, _, err := s.readForm(r, who)
	if err != nil {
		s.deskFail(w, r, who, err)
		return
	}
	if resumed(r) {
		s.showAbsence(w, r, who, http.StatusOK, f)
		return
	}
	in := app.AbsenceForm{
		ActionID: f.Action, Staff: f.Get("staff"), Work: f.Get("work"), Sign: f.Get("sign"), Reason: f.Get("reason"), Document: f.Get("document"),
	}
	for _, day := range []struct {
		name string
		into *civil.Date
	}{{"from", &in.From}, {"to", &in.To}} {
		if text := f.Get(day.name); text != "" {
			got, err := time.Parse(time.DateOnly, text)
			if err != nil {
				f.Faults = append(f.Faults, fault.Field(day.name, "civil.date_form", fault.Args{"text": text}))
				continue
			}
			*day.into = civil.NewDate(got.Date())
		}
	}
	if len(f.Faults) == 0 {
		_, err = s.app.RecordAbsence(r.Context(), who, in)
		if err == nil {
			http.Redirect(w, r, withQuery("/nghiep-vu/vang-mat", "xong", "vang-mat"), http.StatusSeeOther)
			return
		}
		if fault.KindOf(err) != fault.Invalid {
			s.deskFail(w, r, who, err)
			return
		}
		f = f.with(err)
	}
	s.showAbsence(w, r, who, statusOf(f), f)
}

func (s *Server) deskEndAbsence(w http.ResponseWriter, r *http.Request, who access.Actor) {
	f, _, err := s.readForm(r, who)
	if err == nil && !resumed(r) {
		err = s.app.EndAbsence(r.Context(), who, f.Action, r.PathValue("id"))
	}
	if err != nil {
		s.deskFail(w, r, who, err)
		return
	}
	http.Redirect(w, r, withQuery("/nghiep-vu/vang-mat", "xong", "vang-mat"), http.StatusSeeOther)
}
