package web

import (
	"net/http"
	"strconv"
	"strings"

	"github.com/motcua/motcua/internal/app"
	"github.com/motcua/motcua/internal/core/access"
	"github.com/motcua/motcua/internal/core/dossier"
	"github.com/motcua/motcua/internal/core/fault"
	"github.com/motcua/motcua/internal/core/result"
)

// draftBody is where a handler draws up the result document (dự thảo kết quả),
// /nghiep-vu/ho-so/{code}/du-thao.
type draftBody struct {
	Form    form
	V       app.DraftView
	Path    string
	Back    string
	Other   string // the same page for the other outcome
	Refuses bool
	Fields  []control
	Reason  control
	File    control
}

func (s *Server) deskDraft(w http.ResponseWriter, r *http.Request, who access.Actor) {
	s.showDraft(w, r, who, http.StatusOK, nil)
}

func outcomeOf(text string) string {
	if text == result.Refuse {
		return result.Refuse
	}
	return result.Approve
}

func (s *Server) showDraft(w http.ResponseWriter, r *http.Request, who access.Actor, status int, typed *form) {
	outcome := outcomeOf(r.URL.Query().Get("ket-qua"))
	if typed != nil {
		outcome = outcomeOf(typed.Get("ket-qua"))
	}
	v, err := s.app.ResultDraft(r.Context(), who, r.PathValue("code"), outcome)
	if err != nil {
		s.deskFail(w, r, who, err)
		return
	}
	f := newForm(s.newAction())
	f.Values.Set("symbol", v.Template.Symbol)
	f.Values.Set("name", v.Text.Name)
	f.Values.Set("body", v.Text.Body)
	if typed != nil {
		f = *typed
	}
	path := dossierPath(v.Code, "du-thao")
	b := draftBody{
		Form: f, V: v, Path: path, Back: dossierPath(v.Code), Refuses: outcome == result.Refuse, Other: withQuery(path, "ket-qua", result.Refuse),
		Fields: []control{
			f.Input("symbol", "result.page.symbol", "maxlength=8", "required", "hint=result.page.symbol_hint"),
			f.Input("name", "result.page.name", "maxlength=200", "required"),
			f.Input("body", "result.page.body", "rows=14", "maxlength=20000", "required", "hint=result.page.body_hint"),
		},
		File: f.Input("files", "result.page.file", "hint=result.page.file_hint"),
	}
	if b.Refuses {
		b.Other = path
		b.Reason = f.Input("reason", "desk.reason", "rows=3", "maxlength=4000", "required")
	} else {
		b.Reason = f.Input("reason", "desk.note", "rows=3", "maxlength=4000", "hint=desk.note_hint")
	}
	s.deskPage(w, r, who, status, "desk/draft", text{Key: "result.page.heading"}, b)
}

// deskPropose shows a draft as it would be printed, or puts it before the leader,
// by the button that was pressed.
func (s *Server) deskPropose(w http.ResponseWriter, r *http.Request, who access.Actor) {
	f, staging, err := s.readForm(r, who)
	if err != nil {
		s.deskFail(w, r, who, err)
		return
	}
	if resumed(r) {
		s.showDraft(w, r, who, http.StatusOK, &f)
		return
	}
	code, outcome := r.PathValue("code"), outcomeOf(f.Get("ket-qua"))
	doc := app.DraftForm{Outcome: outcome, Symbol: strings.TrimSpace(f.Get("symbol")), Text: result.Text{Name: f.Get("name"), Body: f.Get("body")}}
	f.Faults = append(f.Faults, staging...)
	if len(f.Faults) == 0 {
		if f.Get("viec") == "xem" {
			var slip app.SlipFile
			if slip, err = s.app.PreviewDraft(r.Context(), who, code, doc); err == nil {
				sendPDF(w, slip)
				return
			}
		} else {
			in := app.ActInput{ActionID: f.Action, Code: code, FileRefs: stagedHashes(stagedIn(f, "files")), Result: &doc}
			in.Act, in.Outcome, in.Reason, in.Task = dossier.Propose, outcome, strings.TrimSpace(f.Get("reason")), f.Get("task")
			in.Version, _ = strconv.ParseInt(f.Get("phien-ban"), 10, 64)
			if _, err = s.app.Act(r.Context(), who, in); err == nil {
				http.Redirect(w, r, withQuery(dossierPath(code), "xong", string(dossier.Propose), "ho-so", code), http.StatusSeeOther)
				return
			}
		}
		if kind := fault.KindOf(err); kind != fault.Invalid && kind != fault.Conflict {
			s.deskFail(w, r, who, err)
			return
		}
		f = f.with(err)
	}
	status := http.StatusUnprocessableEntity
	if fault.KindOf(err) == fault.Conflict {
		status = http.StatusConflict
	}
	s.showDraft(w, r, who, status, &f)
}
