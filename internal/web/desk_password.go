package web

import (
	"net/http"

	"github.com/motcua/motcua/internal/core/access"
	"github.com/motcua/motcua/internal/core/fault"
)

const passwordPath = "/nghiep-vu/mat-khau"

// passwordBody is the page of the own password, /nghiep-vu/mat-khau.
type passwordBody struct {
	Form   form
	Fields []control
	Forced bool // the password is a one-time password
}

func (s *Server) deskPassword(w http.ResponseWriter, r *http.Request, who access.Actor) {
	s.showPassword(w, r, who, http.StatusOK, newForm(""))
}

func (s *Server) showPassword(w http.ResponseWriter, r *http.Request, who access.Actor, status int, f form) {
	f.Values = nil // a password is never written back into a page
	b := passwordBody{Form: f, Forced: mustChange(r), Fields: []control{
		f.Input("current", "desk.password.current", "type=password", "autocomplete=current-password", "maxlength=200", "required"),
		f.Input("password", "desk.password.new", "type=password", "autocomplete=new-password", "maxlength=200", "required", "hint=desk.password.hint"),
		f.Input("again", "desk.password.again", "type=password", "autocomplete=new-password", "maxlength=200", "required"),
	}}
	s.deskPage(w, r, who, status, "desk/password", text{Key: "desk.nav.password"}, b)
}

func (s *Server) deskSetPassword(w http.ResponseWriter, r *http.Request, who access.Actor) {
	f, _, err := s.readForm(r, who)
	if err != nil {
		s.deskFail(w, r, who, err)
		return
	}
	if f.Get("password") != f.Get("again") {
		f.Faults = append(f.Faults, fault.Field("again", "desk.password.differs", nil))
	}
	if len(f.Faults) == 0 && !resumed(r) {
		token, err := s.app.ChangePassword(r.Context(), who, f.Get("current"), f.Get("password"))
		if err == nil {
			s.setSession(w, token)
			http.Redirect(w, r, withQuery(homeOf(who), "xong", "mat-khau"), http.StatusSeeOther)
			return
		}
		if kind := fault.KindOf(err); kind != fault.Invalid && kind != fault.Conflict {
			s.deskFail(w, r, who, err)
			return
		}
		f = f.with(err)
	}
	s.showPassword(w, r, who, statusOf(f), f)
}
