package web

import (
	"net/http"

	"github.com/motcua/motcua/internal/app"
	"github.com/motcua/motcua/internal/core/access"
	"github.com/motcua/motcua/internal/core/dossier"
	"github.com/motcua/motcua/internal/core/fault"
	"github.com/motcua/motcua/internal/core/supervise"
)

const collectPath = "/nghiep-vu/cho-tra"

// collectBody lists the results that wait for their applicants,
// /nghiep-vu/cho-tra.
type collectBody struct {
	Tabs     []tabLink
	Errors   []summary
	Rows     []collectLine
	Back     string
	NextPath string
}

type collectLine struct {
	app.CollectRow
	Open      string
	ReturnKey string
	CalledKey string
	Outcome   control
	Action    string
}

func waysBack() []dossier.ReturnChannel {
	return []dossier.ReturnChannel{dossier.ReturnCounter, dossier.ReturnPost, dossier.ReturnElectronic}
}

func (s *Server) deskCollect(w http.ResponseWriter, r *http.Request, who access.Actor) {
	s.showCollect(w, r, who, http.StatusOK, form{})
}

func (s *Server) showCollect(w http.ResponseWriter, r *http.Request, who access.Actor, status int, f form) {
	query := r.URL.Query()
	var channel dossier.ReturnChannel
	for _, c := range waysBack() {
		if query.Get("cach") == string(c) {
			channel = c
		}
	}
	page, err := s.app.ToCollect(r.Context(), who, channel, query.Get("tiep"))
	if err != nil {
		s.deskFail(w, r, who, err)
		return
	}
	here := withQuery(collectPath, "cach", string(channel))
	b := collectBody{Errors: f.Summary(), Back: withQuery(here, "tiep", query.Get("tiep"))}
	b.Tabs = append(b.Tabs, tabLink{Key: "collect.every", Path: collectPath, Here: channel == ""})
	for _, c := range waysBack() {
		b.Tabs = append(b.Tabs, tabLink{Key: "dossier.return." + string(c), Path: withQuery(collectPath, "cach", string(c)), Here: c == channel})
	}
	if page.Next != "" {
		b.NextPath = withQuery(here, "tiep", page.Next)
	}
	var outcomes []option
	for _, o := range supervise.CallOutcomes() {
		outcomes = append(outcomes, option{Value: string(o), Key: o.Key()})
	}
	for _, row := range page.Rows {
		line := collectLine{CollectRow: row, Open: dossierPath(row.Code) + "#act-" + string(dossier.Return), ReturnKey: "dossier.return." + string(row.Return)}
		if row.Called != nil {
			line.CalledKey = row.Called.Outcome.Key()
		}
		if row.Call {
			line.Action = s.newAction()
			line.Outcome = newForm("").Choose("outcome", "collect.outcome", outcomes).Under(fieldID(row.Code))
		}
		b.Rows = append(b.Rows, line)
	}
	s.deskPage(w, r, who, status, "desk/collect", text{Key: "collect.heading"}, b)
}

// deskNoteCall records that an applicant was called.
func (s *Server) deskNoteCall(w http.ResponseWriter, r *http.Request, who access.Actor) {
	f, _, err := s.readForm(r, who)
	if err != nil {
		s.deskFail(w, r, who, err)
		return
	}
	if resumed(r) {
		s.showCollect(w, r, who, http.StatusOK, f)
		return
	}
	code := f.Get("ho-so")
	err = s.app.NoteCall(r.Context(), who, f.Action, code, supervise.CallOutcome(f.Get("outcome")))
	switch kind := fault.KindOf(err); {
	case err == nil:
		back := localPath(f.Get("ve"))
		if back == "" {
			back = collectPath
		}
		http.Redirect(w, r, withQuery(back, "xong", "goi", "ho-so", code), http.StatusSeeOther)
	case kind == fault.Invalid:
		s.showCollect(w, r, who, http.StatusUnprocessableEntity, f.with(err))
	case kind == fault.Conflict:
		s.showCollect(w, r, who, http.StatusConflict, f.with(err))
	default:
		s.deskFail(w, r, who, err)
	}
}
