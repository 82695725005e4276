package web

import (
	"github.com/motcua/motcua/internal/app"
	"net/http"
	"strconv"
	"strings"

	"github.com/motcua/motcua/internal/core/access"
	"github.com/motcua/motcua/internal/core/civil"
	"github.com/motcua/motcua/internal/core/dossier"
	"github.com/motcua/motcua/internal/core/fault"
)

// receptionListBody is the choice of a procedure, /nghiep-vu/tiep-nhan.
type receptionListBody struct {
	Q        string
	Same     string // code of the dossier whose applicant hands in another one
	Unit     string
	Total    int
	Rows     []choiceLine
	EmptyKey string
}

type choiceLine struct {
	Code, Name, Field, Agency string
	Limit                     civil.Line
	Missing                   []fault.Line
	Path                      string
}

// deskReceptionList offers the procedures that the unit receives. A search that
// leaves exactly one ready procedure opens its form.
func (s *Server) deskReceptionList(w http.ResponseWriter, r *http.Request, who access.Actor) {
	q, same := strings.TrimSpace(r.URL.Query().Get("q")), r.URL.Query().Get("cung-nguoi")
	list, err := s.app.ReceptionList(r.Context(), who, q)
	if err != nil {
		s.deskFail(w, r, who, err)
		return
	}
	if q != "" && len(list.Procedures) == 1 && len(list.Procedures[0].Missing) == 0 {
		http.Redirect(w, r, withQuery(receptionPath(list.Procedures[0].Code), "cung-nguoi", same), http.StatusSeeOther)
		return
	}
	b := receptionListBody{Q: q, Same: same, Unit: list.Unit, Total: list.Total, EmptyKey: "desk.reception.none"}
	if q != "" {
		b.EmptyKey = "desk.reception.none_found"
	}
	for _, p := range list.Procedures {
		b.Rows = append(b.Rows, choiceLine{
			Code: p.Code, Name: p.Name, Field: p.Field, Agency: s.namedAgency(r, p.Agency), Limit: p.Limit,
			Missing: p.Missing, Path: withQuery(receptionPath(p.Code), "cung-nguoi", same),
		})
	}
	s.deskPage(w, r, who, http.StatusOK, "desk/reception_list", text{Key: "desk.nav.receive"}, b)
}

// receptionTask is one reception form: of a new dossier, or of one that was
// registered or guided before.
type receptionTask struct {
	procedure string
	ref       string // dossier that is accepted; empty for a new one
	path      string
}

func receptionPath(procedure string) string { return "/nghiep-vu/tiep-nhan/" + procedure }

// deskReception shows the empty form of one procedure.
func (s *Server) deskReception(w http.ResponseWriter, r *http.Request, who access.Actor) {
	task := receptionTask{procedure: r.PathValue("procedure")}
	task.path = receptionPath(task.procedure)
	sheet, ok := s.sheetOf(w, r, who, task, r.URL.Query().Get("case"))
	if !ok {
		return
	}
	f := newForm(s.newAction())
	fillDemanded(f.Values, sheet)
	if same := r.URL.Query().Get("cung-nguoi"); same != "" {
		private, err := s.app.SameApplicant(r.Context(), who, same)
		if err != nil {
			s.deskFail(w, r, who, err)
			return
		}
		fillPeople(f.Values, private)
	}
	s.showReception(w, r, who, http.StatusOK, task, sheet, receptionState{form: f})
}

// deskAccept shows the form of a dossier that was registered online or guided
// at the counter before, filled with what is known.
func (s *Server) deskAccept(w http.ResponseWriter, r *http.Request, who access.Actor) {
	task, v, ok := s.acceptTask(w, r, who)
	if !ok {
		return
	}
	private, err := s.app.OpenForm(r.Context(), who, task.ref, dossier.Accept)
	if err != nil {
		s.deskFail(w, r, who, err)
		return
	}
	sheet, ok := s.sheetOf(w, r, who, task, v.Procedure.Case)
	if !ok {
		return
	}
	f := newForm(s.newAction())
	fillDemanded(f.Values, sheet)
	fillKnown(f.Values, v, private)
	s.showReception(w, r, who, http.StatusOK, task, sheet, receptionState{form: f, version: v.Version})
}

func (s *Server) acceptTask(w http.ResponseWriter, r *http.Request, who access.Actor) (receptionTask, app.DossierView, bool) {
	v, err := s.app.Acceptable(r.Context(), who, r.PathValue("code"))
	if err != nil {
		s.deskFail(w, r, who, err)
		return receptionTask{}, v, false
	}
	return receptionTask{procedure: v.Procedure.Code, ref: v.Name(), path: dossierPath(v.Name(), "tiep-nhan")}, v, true
}

// sheetOf loads what the form needs and refuses a procedure that is not ready.
func (s *Server) sheetOf(w http.ResponseWriter, r *http.Request, who access.Actor, task receptionTask, caseID string) (app.ReceptionSheet, bool) {
	sheet, err := s.app.ReceptionSheet(r.Context(), who, task.procedure, caseID)
	if err == nil && len(sheet.Missing) > 0 {
		err = fault.New(fault.Conflict, "desk.procedure_not_ready", fault.Args{"name": sheet.Name})
	}
	if err != nil {
		s.deskFail(w, r, who, err)
		return sheet, false
	}
	return sheet, true
}

// deskReceive takes what the form sent: it reads a card, changes the case,
// receives, guides or refuses, by the button that was pressed.
func (s *Server) deskReceive(w http.ResponseWriter, r *http.Request, who access.Actor) {
	task := receptionTask{procedure: r.PathValue("procedure")}
	task.path = receptionPath(task.procedure)
	s.receive(w, r, who, task)
}

func (s *Server) deskAcceptPost(w http.ResponseWriter, r *http.Request, who access.Actor) {
	task, _, ok := s.acceptTask(w, r, who)
	if ok {
		s.receive(w, r, who, task)
	}
}

// receptionState is what the form shows besides its values.
type receptionState struct {
	form    form
	version int64
	said    *saying
	earlier []app.DossierRow
	similar []app.DossierRow
	notice  string
	act     dossier.Act // the act that failed: its folded part stands open
}

// saying tells what a scan or a look-up found.
type saying struct {
	Key  string
	Name string
	N    int
}

func (s *Server) receive(w http.ResponseWriter, r *http.Request, who access.Actor, task receptionTask) {
	f, staging, err := s.readForm(r, who)
	if err != nil {
		s.deskFail(w, r, who, err)
		return
	}
	sheet, ok := s.sheetOf(w, r, who, task, f.Get("case"))
	if !ok {
		return
	}
	f.Faults = append(f.Faults, staging...)
	version, _ := strconv.ParseInt(f.Get("phien-ban"), 10, 64)
	st := receptionState{form: f, version: version}
	press := f.Get("lam")
	switch {
	case resumed(r):
		st.notice = "desk.resumed"
	case press == "doi-truong-hop":
		fillDemanded(f.Values, sheet)
	case press == "doc-the", press == "":
		s.fillApplicant(r, who, &st)
	default:
		s.finishReception(w, r, who, task, sheet, st, press)
		return
	}
	s.showReception(w, r, who, statusOf(st.form), task, sheet, st)
}

// finishReception receives, guides or refuses.
func (s *Server) finishReception(w http.ResponseWriter, r *http.Request, who access.Actor, task receptionTask, sheet app.ReceptionSheet, st receptionState, press string) {
	in, faults := receptionInput(sheet, st.form, actOf(press, task))
	in.Ref, in.Version = task.ref, st.version
	in.Confirmed = press == "nhan-xac-nhan"
	st.act = in.Act
	st.form.Faults = append(st.form.Faults, faults...)
	if len(st.form.Faults) > 0 {
		s.showReception(w, r, who, http.StatusUnprocessableEntity, task, sheet, st)
		return
	}
	got, err := s.app.ReceiveDossier(r.Context(), who, in)
	if fault.Is(err, "dossier.similar") {
		var similarErr error
		if st.similar, similarErr = s.app.Similar(r.Context(), who, in); similarErr == nil && len(st.similar) > 0 {
			s.showReception(w, r, who, http.StatusConflict, task, sheet, st)
			return
		}
	}
	if err != nil {
		s.receptionFailed(w, r, who, task, sheet, st, err)
		return
	}
	http.Redirect(w, r, dossierPath(got.Name(), "da-tiep-nhan"), http.StatusSeeOther)
}

func (s *Server) receptionFailed(w http.ResponseWriter, r *http.Request, who access.Actor, task receptionTask, sheet app.ReceptionSheet, st receptionState, err error) {
	kind := fault.KindOf(err)
	if kind != fault.Invalid && kind != fault.Conflict {
		s.deskFail(w, r, who, err)
		return
	}
	st.form = st.form.with(err)
	s.showReception(w, r, who, httpStatus(kind), task, sheet, st)
}

func actOf(press string, task receptionTask) dossier.Act {
	switch {
	case press == "tu-choi":
		return dossier.RefuseReception
	case press == "huong-dan":
		return dossier.Guide
	case task.ref != "":
		return dossier.Accept
	}
	return dossier.Receive
}

// fillApplicant fills the owner from a card's QR text, or from earlier dossiers
// when a number was typed instead.
func (s *Server) fillApplicant(r *http.Request, who access.Actor, st *receptionState) {
	text := strings.TrimSpace(st.form.Get("the"))
	if text == "" {
		return
	}
	found, party, rows, err := s.applicant(r, who, text)
	fillParty(st.form.Values, "owner.", party)
	if err != nil {
		st.form.Faults = append(st.form.Faults, onField("the", err)...)
		return
	}
	st.earlier = rows
	st.said = &saying{Key: "desk.scan.unknown"}
	if found {
		st.said = &saying{Key: "desk.scan.read", Name: party.Name, N: len(rows)}
		st.form.Values.Del("the")
	}
}

// applicant understands the scan field: a text with bars is a card, anything
// else a number. A card is looked up as well, so that earlier dossiers show.
func (s *Server) applicant(r *http.Request, who access.Actor, text string) (bool, app.PartyForm, []app.DossierRow, error) {
	if !strings.Contains(text, "|") {
		a, err := s.app.FindApplicant(r.Context(), who, text)
		return a.Found, a.Party, a.Dossiers, err
	}
	p, err := s.app.ReadCard(r.Context(), who, text)
	if err != nil {
		return false, p, nil, err
	}
	known, err := s.app.FindApplicant(r.Context(), who, p.PersonalID)
	if err != nil {
		return true, p, nil, err
	}
	if known.Found {
		p.Phone, p.Email = known.Party.Phone, known.Party.Email
	}
	return true, p, known.Dossiers, nil
}

// deskReadCard answers the scanner without drawing the page again.
func (s *Server) deskReadCard(w http.ResponseWriter, r *http.Request, who access.Actor) {
	f, _, err := s.readForm(r, who)
	if err != nil {
		s.deskFail(w, r, who, err)
		return
	}
	found, p, rows, err := s.applicant(r, who, strings.TrimSpace(f.Get("the")))
	answer := scanAnswer{OK: found && err == nil, Fields: map[string]string{}}
	for name, value := range partyFields(p) {
		if value != "" {
			answer.Fields["owner."+name] = value
		}
	}
	switch {
	case err != nil && (fault.As(err) == nil || fault.KindOf(err) == fault.Forbidden):
		s.deskFail(w, r, who, err)
		return
	case err != nil:
		for _, ft := range fault.As(err).Each() {
			answer.Message += s.say(r, ft.Key, ft.Args) + " "
		}
		answer.Message = strings.TrimSpace(answer.Message)
	case found:
		answer.Message = s.say(r, "desk.scan.read", fault.Args{"name": p.Name, "n": len(rows)})
	default:
		answer.Message = s.say(r, "desk.scan.unknown", nil)
	}
	writeJSON(w, answer)
}

// scanAnswer is what desk.js gets for a scanned card.
type scanAnswer struct {
	OK      bool              `json:"ok"`
	Message string            `json:"message"`
	Fields  map[string]string `json:"fields"`
}
