package web

import (
	"net/http"

	"github.com/motcua/motcua/internal/app"
	"github.com/motcua/motcua/internal/core/access"
	"github.com/motcua/motcua/internal/core/agency"
	"github.com/motcua/motcua/internal/core/fault"
)

// reorganisationBody is one change of the organisation, /quan-tri/to-chuc/{id}.
type reorganisationBody struct {
	V        app.ReorganisationReport
	Form     form
	Pill     duePill
	Steps    []stepText
	Report   *reportBody // while it waits: what it would do
	Done     []doneLine  // afterwards: what it did
	Running  bool
	Approve  string
	Withdraw string
	Undo     string
	Actions  [3]string
	Reason   control
	Here     string
	Back     string
}

// stepText is a step as people read it.
type stepText struct {
	Key  string
	From []string
	Into []string
}

// doneLine is something that a change did, with how many.
type doneLine struct {
	Key   string
	N     int
	Names []string
}

// reportBody is what a change would do, unit by unit.
type reportBody struct {
	app.ReorganisationReport
	Begun []agency.Unit
}

func (s *Server) reportOf(r app.ReorganisationReport) reportBody {
	return reportBody{ReorganisationReport: r, Begun: r.Effect.Begun}
}

func (s *Server) adminReorganisation(w http.ResponseWriter, r *http.Request, who access.Actor) {
	s.showReorganisation(w, r, who, http.StatusOK, newForm(s.newAction()))
}

func (s *Server) showReorganisation(w http.ResponseWriter, r *http.Request, who access.Actor, status int, f form) {
	id := r.PathValue("id")
	v, err := s.app.Reorganisation(r.Context(), who, id)
	if err != nil {
		s.deskFail(w, r, who, err)
		return
	}
	waits := v.State == agency.ReorganisationProposed || v.State == agency.ReorganisationApproved
	b := reorganisationBody{
		V: v, Form: f, Pill: changePill(v.State), Steps: stepTexts(v), Here: reorganisationPath(id), Back: organisationPath,
		Running: v.State == agency.ReorganisationApplied || v.State == agency.ReorganisationUndoing, Actions: [3]string{s.newAction(), s.newAction(), s.newAction()},
	}
	if waits {
		report := s.reportOf(v)
		b.Report, b.Withdraw = &report, reorganisationPath(id, "rut")
	} else if v.State != agency.ReorganisationWithdrawn {
		b.Done = doneLines(v)
	}
	if v.MayDecide {
		b.Approve = reorganisationPath(id, "phe-duyet")
	}
	if v.MayUndo {
		b.Undo, b.Reason = reorganisationPath(id, "hoan-tac"), f.Input("reason", "organisation.page.undo_reason", "required", "maxlength=1000")
	}
	s.deskPage(w, r, who, status, "admin/reorganisation", text{Key: "organisation.page.change"}, b)
}

// stepTexts names the units of each step as the change knew them.
func stepTexts(v app.ReorganisationReport) []stepText {
	names := map[string]string{}
	for _, u := range v.Effect.Ended {
		names[u.Code] = u.Shown()
	}
	after := map[string]string{}
	for _, u := range v.Effect.Begun {
		after[u.Code] = u.Shown()
	}
	for _, h := range v.Effect.Heirs {
		after[h.To] = h.ToName
	}
	name := func(from map[string]string, code string) string {
		if n, ok := from[code]; ok {
			return n
		}
		return code
	}
	var list []stepText
	for _, step := range v.Steps {
		t := stepText{Key: step.Act.Key()}
		for _, code := range step.Units {
			t.From = append(t.From, name(names, code))
		}
		for _, n := range step.Into {
			t.Into = append(t.Into, name(after, n.Code))
		}
		if len(step.Into) == 0 && step.Heir != "" {
			t.Into = []string{name(after, step.Heir)}
		}
		list = append(list, t)
	}
	return list
}

// doneLines count what followed a change.
func doneLines(v app.ReorganisationReport) []doneLine {
	add := func(list []doneLine, key string, n int, names []string) []doneLine {
		if n == 0 {
			return list
		}
		return append(list, doneLine{Key: "organisation.page.done." + key, N: n, Names: names})
	}
	var ended, begun, staff, absent []string
	for _, u := range v.Effect.Ended {
		ended = append(ended, u.Shown())
	}
	for _, u := range v.Effect.Begun {
		begun = append(begun, u.Shown())
	}
	for _, p := range v.Followed.Staff {
		staff = append(staff, p.Name)
	}
	for _, x := range v.Followed.Absences {
		absent = append(absent, x.Reason)
	}
	list := add(nil, "ended", len(ended), ended)
	list = add(list, "begun", len(begun), begun)
	list = add(list, "staff", len(staff), staff)
	if v.Followed.Profile != nil {
		list = add(list, "counters", 1, nil)
	}
	list = add(list, "calendars", len(v.Followed.Calendars), v.Followed.Calendars)
	return add(list, "absences", len(absent), nil)
}

func (s *Server) adminApproveChange(w http.ResponseWriter, r *http.Request, who access.Actor) {
	s.decideChange(w, r, who, func(f form) error {
		_, err := s.app.ApproveReorganisation(r.Context(), who, f.Action, r.PathValue("id"))
		return err
	})
}

func (s *Server) adminWithdrawChange(w http.ResponseWriter, r *http.Request, who access.Actor) {
	s.decideChange(w, r, who, func(f form) error {
		return s.app.WithdrawReorganisation(r.Context(), who, f.Action, r.PathValue("id"))
	})
}

func (s *Server) adminUndoChange(w http.ResponseWriter, r *http.Request, who access.Actor) {
	s.decideChange(w, r, who, func(f form) error {
		_, err := s.app.UndoReorganisation(r.Context(), who, app.UndoForm{ActionID: f.Action, ID: r.PathValue("id"), Reason: f.Get("reason")})
		return err
	})
}

func (s *Server) decideChange(w http.ResponseWriter, r *http.Request, who access.Actor, decide func(f form) error) {
	f, _, err := s.readForm(r, who)
	if err == nil && !resumed(r) {
		err = decide(f)
	}
	switch kind := fault.KindOf(err); {
	case err == nil:
		http.Redirect(w, r, reorganisationPath(r.PathValue("id")), http.StatusSeeOther)
	case fault.Is(err, "access.denied"):
		s.deskFail(w, r, who, err)
	case kind == fault.Invalid || kind == fault.Conflict || kind == fault.Forbidden:
		s.showReorganisation(w, r, who, httpStatus(kind), f.with(err))
	default:
		s.deskFail(w, r, who, err)
	}
}
