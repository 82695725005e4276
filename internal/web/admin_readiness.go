package web

import (
	"github.com/motcua/motcua/internal/app"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/motcua/motcua/internal/core/access"
	"github.com/motcua/motcua/internal/core/fault"
)

// readinessBody is the readiness board (sẵn sàng tiếp nhận), /quan-tri/thu-tuc.
type readinessBody struct {
	Q        string
	Only     string
	Here     string
	Tabs     []tabLink
	Rows     []readinessLine
	NextPath string
	Form     form
}

type readinessLine struct {
	Code, Name, Field, Agency string
	Version                   int
	Lacks                     []string // message keys
	Done                      bool
	ConfirmedBy               string
	ConfirmedAt               time.Time
	MayConfirm                bool
	Open                      bool
	Action                    string
	Document, Note            control
}

func (s *Server) adminReadiness(w http.ResponseWriter, r *http.Request, who access.Actor) {
	q := r.URL.Query()
	query := app.ReadinessQuery{Q: strings.TrimSpace(q.Get("q")), Only: onlyOf(q.Get("loc")), Cursor: q.Get("tiep")}
	s.showReadiness(w, r, who, http.StatusOK, query, newForm(""), "")
}

// onlyOf reads the filter of an address.
func onlyOf(text string) string {
	switch text {
	case "missing", "unconfirmed", "ready":
		return text
	}
	return ""
}

func (s *Server) showReadiness(w http.ResponseWriter, r *http.Request, who access.Actor, status int, query app.ReadinessQuery, f form, failed string) {
	page, err := s.app.Readiness(r.Context(), who, query)
	if err != nil {
		s.deskFail(w, r, who, err)
		return
	}
	at := func(only, cursor string) string {
		return withQuery("/quan-tri/thu-tuc", "loc", only, "q", query.Q, "tiep", cursor)
	}
	b := readinessBody{Q: query.Q, Only: query.Only, Here: at(query.Only, query.Cursor), Form: f}
	for _, tab := range []struct {
		only string
		n    int
	}{{"", page.Total}, {"missing", page.Missing}, {"unconfirmed", page.Unconfirmed}, {"ready", page.Ready}} {
		key := "admin.ready.tab.all"
		if tab.only != "" {
			key = "admin.ready.tab." + tab.only
		}
		b.Tabs = append(b.Tabs, tabLink{Key: key, N: tab.n, Here: tab.only == query.Only, Path: at(tab.only, "")})
	}
	for _, row := range page.Rows {
		own := newForm(s.newAction())
		if row.Code == failed {
			own = f
		}
		b.Rows = append(b.Rows, readinessLine{
			Code: row.Code, Name: row.Name, Field: row.Field, Agency: s.namedAgency(r, row.Agency), Version: row.Version, Lacks: lackKeys(row.Missing),
			Done: row.Ready(), ConfirmedBy: row.ConfirmedBy, ConfirmedAt: row.ConfirmedAt, Open: row.Code == failed, Action: own.Action,
			MayConfirm: len(row.Missing) == 0 && !row.Ready() && access.Anywhere(who, access.ManageProcedure),
			Document:   own.Input("document", "admin.ready.document", "required", "maxlength=200").Under(fieldID(row.Code)),
			Note:       own.Input("note", "desk.note", "maxlength=1000").Under(fieldID(row.Code)),
		})
	}
	if page.Next != "" {
		b.NextPath = at(query.Only, page.Next)
	}
	s.deskPage(w, r, who, status, "admin/readiness", text{Key: "admin.nav.ready"}, b)
}

// adminConfirmReady records that a procedure was checked and may be received.
func (s *Server) adminConfirmReady(w http.ResponseWriter, r *http.Request, who access.Actor) {
	f, _, err := s.readForm(r, who)
	if err != nil {
		s.deskFail(w, r, who, err)
		return
	}
	code := f.Get("thu-tuc")
	version, _ := strconv.Atoi(f.Get("phien-ban"))
	if strings.TrimSpace(f.Get("document")) == "" && !resumed(r) {
		f.Faults = append(f.Faults, fault.Field("document", "dossier.document_missing", nil))
	}
	if len(f.Faults) == 0 && !resumed(r) {
		err = s.app.ConfirmReady(r.Context(), who, app.ReadyForm{
			ActionID: f.Action, Procedure: code, Version: version, Document: strings.TrimSpace(f.Get("document")), Note: strings.TrimSpace(f.Get("note")),
		})
		if err == nil {
			back := localPath(f.Get("ve"))
			if back == "" {
				back = "/quan-tri/thu-tuc"
			}
			http.Redirect(w, r, withQuery(back, "xong", "san-sang"), http.StatusSeeOther)
			return
		}
		if kind := fault.KindOf(err); kind != fault.Invalid && kind != fault.Conflict {
			s.deskFail(w, r, who, err)
			return
		}
		f = f.with(err)
	}
	s.showReadiness(w, r, who, statusOf(f), app.ReadinessQuery{Q: code}, f, code)
}

// lackKeys turns what a procedure lacks into message keys.
func lackKeys(missing []string) []string {
	out := make([]string, 0, len(missing))
	for _, m := range missing {
		out = append(out, "desk.lack."+m)
	}
	return out
}
