package web

import (
	"net/http"

	"github.com/motcua/motcua/internal/app"
	"github.com/motcua/motcua/internal/core/access"
	"github.com/motcua/motcua/internal/core/civil"
	"github.com/motcua/motcua/internal/core/fault"
)

// revisionBody is one change of a calendar with what it would do,
// /quan-tri/lich/{id}.
type revisionBody struct {
	V        app.RevisionView
	Form     form
	Waits    bool
	CanApply bool // by this person: never by who proposed it
	Running  bool
	Apply    string
	Withdraw string
	Actions  [2]string
	Next     string
	Here     string
	Back     string    // to the calendar that changes
	Hours    [2]string // before and after
	Saturday [2]string
}

func (s *Server) adminRevision(w http.ResponseWriter, r *http.Request, who access.Actor) {
	s.showRevision(w, r, who, http.StatusOK, newForm(""))
}

func (s *Server) showRevision(w http.ResponseWriter, r *http.Request, who access.Actor, status int, f form) {
	id := r.PathValue("id")
	v, err := s.app.Revision(r.Context(), who, id, r.URL.Query().Get("tiep"))
	if err != nil {
		s.deskFail(w, r, who, err)
		return
	}
	b := revisionBody{
		V: v, Form: f, Waits: v.State == civil.RevisionProposed, CanApply: !v.Other && access.May(who, access.ConfirmCalendar), Running: v.State == civil.RevisionApplied,
		Apply: calendarPath + "/" + id + "/ap-dung", Withdraw: calendarPath + "/" + id + "/rut", Actions: [2]string{s.newAction(), s.newAction()},
	}
	b.Here, b.Back = calendarPath+"/"+id, calendarPath
	if v.Calendar != "default" {
		b.Back = withQuery(calendarPath, "don-vi", v.Calendar)
	}
	if v.Hours {
		for i, h := range []app.OfficeHours{v.Was, v.Is} {
			b.Hours[i] = hoursText(h.Hours)
			if h.Saturday != nil {
				b.Saturday[i] = h.Saturday.String()
			}
		}
	}
	if v.Next != "" {
		b.Next = withQuery(calendarPath+"/"+id, "tiep", v.Next)
	}
	s.deskPage(w, r, who, status, "admin/revision", text{Key: "calendar.page.change"}, b)
}

func (s *Server) adminApplyCalendar(w http.ResponseWriter, r *http.Request, who access.Actor) {
	s.decideCalendar(w, r, who, func(action string) error {
		_, err := s.app.ApplyCalendar(r.Context(), who, action, r.PathValue("id"))
		return err
	})
}

func (s *Server) adminWithdrawCalendar(w http.ResponseWriter, r *http.Request, who access.Actor) {
	s.decideCalendar(w, r, who, func(action string) error {
		return s.app.WithdrawCalendar(r.Context(), who, action, r.PathValue("id"))
	})
}

func (s *Server) decideCalendar(w http.ResponseWriter, r *http.Request, who access.Actor, decide func(action string) error) {
	f, _, err := s.readForm(r, who)
	if err == nil && !resumed(r) {
		err = decide(f.Action)
	}
	switch kind := fault.KindOf(err); {
	case err == nil:
		http.Redirect(w, r, calendarPath+"/"+r.PathValue("id"), http.StatusSeeOther)
	case kind == fault.Invalid || kind == fault.Conflict || kind == fault.Forbidden:
		f = f.with(err)
		s.showRevision(w, r, who, httpStatus(kind), f)
	default:
		s.deskFail(w, r, who, err)
	}
}
