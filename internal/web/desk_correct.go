package web

import (
	"github.com/motcua/motcua/internal/app"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/motcua/motcua/internal/core/access"
	"github.com/motcua/motcua/internal/core/dossier"
	"github.com/motcua/motcua/internal/core/fault"
)

// correctBody is the form that corrects what a printed slip says (C12).
type correctBody struct {
	Path        string
	BackPath    string
	Code        string
	Procedure   string
	Version     int64
	Form        form
	Conflict    bool
	OwnerKind   control
	OwnerFields []control
	Papers      []paperRow
	Sets        control
	Subject     control
	Reason      control
}

// deskCorrect shows the form with what is recorded; opening it is a reading of
// personal data and goes into the access log.
func (s *Server) deskCorrect(w http.ResponseWriter, r *http.Request, who access.Actor) {
	v, private, ok := s.openCorrection(w, r, who)
	if !ok {
		return
	}
	f := newForm(s.newAction())
	fillKnown(f.Values, v, private)
	s.showCorrection(w, r, who, http.StatusOK, v, f, v.Version, false)
}

func (s *Server) openCorrection(w http.ResponseWriter, r *http.Request, who access.Actor) (app.DossierView, dossier.Private, bool) {
	code := r.PathValue("code")
	v, err := s.app.Dossier(r.Context(), who, code)
	if err != nil {
		s.deskFail(w, r, who, err)
		return v, dossier.Private{}, false
	}
	private, err := s.app.OpenForm(r.Context(), who, code, dossier.Correct)
	if err != nil {
		s.deskFail(w, r, who, err)
		return v, private, false
	}
	return v, private, true
}

func (s *Server) showCorrection(w http.ResponseWriter, r *http.Request, who access.Actor, status int, v app.DossierView, f form, version int64, conflict bool) {
	if len(f.Values["giay"]) == 0 {
		values := url.Values{}
		for name, value := range f.Values {
			values[name] = value
		}
		fillCounts(values, v.Papers)
		f.Values = values
	}
	b := correctBody{
		Path: dossierPath(v.Name(), string(dossier.Correct)), BackPath: dossierPath(v.Name()), Code: v.Name(),
		Procedure: v.Procedure.Name, Version: version, Form: f, Conflict: conflict, OwnerKind: ownerKind(f), OwnerFields: ownerFields(f),
		Sets: f.Input("sets", "desk.reception.sets", "inputmode=numeric", "maxlength=2"), Subject: f.Input("subject", "desk.subject", "maxlength=1000"),
		Reason: f.Input("reason", "desk.correct.reason", "required", "rows=2", "maxlength=4000"),
	}
	for i, p := range v.Papers {
		b.Papers = append(b.Papers, paperRowOf(i, p.ID, p.Name, f))
	}
	s.deskPage(w, r, who, status, "desk/correct", text{Key: "desk.correct.heading", Args: fault.Args{"code": v.Name()}}, b)
}

// deskCorrectPost corrects the slip and leads to the new print.
func (s *Server) deskCorrectPost(w http.ResponseWriter, r *http.Request, who access.Actor) {
	f, _, err := s.readForm(r, who)
	if err != nil {
		s.deskFail(w, r, who, err)
		return
	}
	v, _, ok := s.openCorrection(w, r, who)
	if !ok {
		return
	}
	version, _ := strconv.ParseInt(f.Get("phien-ban"), 10, 64)
	if resumed(r) {
		s.showCorrection(w, r, who, http.StatusOK, v, f, version, false)
		return
	}
	in, faults := correction(v, f)
	f.Faults = append(f.Faults, faults...)
	if len(f.Faults) > 0 {
		s.showCorrection(w, r, who, http.StatusUnprocessableEntity, v, f, version, false)
		return
	}
	in.ActionID, in.Code, in.Version = f.Action, v.Name(), version
	d, err := s.app.Act(r.Context(), who, in)
	if err != nil {
		kind := fault.KindOf(err)
		if kind != fault.Invalid && kind != fault.Conflict {
			s.deskFail(w, r, who, err)
			return
		}
		s.showCorrection(w, r, who, httpStatus(kind), v, f.with(err), version, fault.Is(err, "dossier.changed_meanwhile"))
		return
	}
	http.Redirect(w, r, withQuery(dossierPath(d.Name()), "xong", string(dossier.Correct), "ho-so", d.Name())+"#phieu", http.StatusSeeOther)
}

// correction reads the corrected owner, abstract and papers. What the form does
// not show, such as the tracking secret, stays as it is.
func correction(v app.DossierView, f form) (app.ActInput, []*fault.Fault) {
	owner, subject := readParty(f, "owner."), strings.TrimSpace(f.Get("subject"))
	papers, faults := countedPapers(v, f)
	sets, err := strconv.Atoi(strings.TrimSpace(f.Get("sets")))
	if err != nil {
		faults = append(faults, fault.Field("sets", "desk.count_form", fault.Args{"text": f.Get("sets")}))
	}
	return app.ActInput{
		Input: dossier.Input{Act: dossier.Correct, Reason: strings.TrimSpace(f.Get("reason")), Sets: sets},
		Owner: &owner, Subject: &subject, Papers: papers,
	}, faults
}
