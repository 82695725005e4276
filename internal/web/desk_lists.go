package web

import (
	"fmt"
	"github.com/motcua/motcua/internal/app"
	"net/http"
	"strconv"
	"strings"

	"github.com/motcua/motcua/internal/core/access"
	"github.com/motcua/motcua/internal/core/dossier"
	"github.com/motcua/motcua/internal/core/fault"
)

// searchBody is the officers' search, /nghiep-vu/tra-cuu.
type searchBody struct {
	Q        string
	HowKey   string
	Rows     []rowView
	NextPath string
}

// deskSearch finds dossiers by code, name, ID or phone. A code that is found
// exactly opens at once.
func (s *Server) deskSearch(w http.ResponseWriter, r *http.Request, who access.Actor) {
	q := strings.TrimSpace(r.URL.Query().Get("q"))
	b := searchBody{Q: q}
	page, err := s.app.Search(r.Context(), who, q, r.URL.Query().Get("tiep"))
	if err != nil {
		s.deskFail(w, r, who, err)
		return
	}
	if q != "" {
		if page.By == "code" && len(page.Rows) == 1 {
			http.Redirect(w, r, dossierPath(page.Rows[0].Code), http.StatusSeeOther)
			return
		}
		b.HowKey, b.Rows = "desk.search.by_"+page.By, s.rowViews(r, page.Rows)
		if page.Next != "" {
			b.NextPath = withQuery("/nghiep-vu/tra-cuu", "q", q, "tiep", page.Next)
		}
	}
	s.deskPage(w, r, who, http.StatusOK, "desk/search", text{Key: "desk.nav.search"}, b)
}

// handoverBody is what is on its way, /nghiep-vu/ban-giao.
type handoverBody struct {
	Action   string
	Incoming []handoverLine
	Outgoing []handoverLine
	Failed   []failedLine
}

type handoverLine struct {
	app.HandoverRow
	Open string
}

// failedLine is one dossier of a batch that could not be done.
type failedLine struct {
	Code  string
	Open  string
	Fault *fault.Fault
}

func (s *Server) deskHandovers(w http.ResponseWriter, r *http.Request, who access.Actor) {
	s.showHandovers(w, r, who, http.StatusOK, nil)
}

func (s *Server) showHandovers(w http.ResponseWriter, r *http.Request, who access.Actor, status int, failed []failedLine) {
	page, err := s.app.Handovers(r.Context(), who)
	if err != nil {
		s.deskFail(w, r, who, err)
		return
	}
	lines := func(rows []app.HandoverRow) []handoverLine {
		out := make([]handoverLine, 0, len(rows))
		for _, row := range rows {
			out = append(out, handoverLine{HandoverRow: row, Open: dossierPath(row.Code)})
		}
		return out
	}
	b := handoverBody{Action: s.newAction(), Incoming: lines(page.Incoming), Outgoing: lines(page.Outgoing), Failed: failed}
	s.deskPage(w, r, who, status, "desk/handover", text{Key: "desk.nav.handover"}, b)
}

// deskTakeHandovers confirms every chosen hand-over. Each is an act of its own
// with an id derived from the batch's, so that a repeated form does nothing
// twice; those that fail are listed and the others stand.
func (s *Server) deskTakeHandovers(w http.ResponseWriter, r *http.Request, who access.Actor) {
	f, _, err := s.readForm(r, who)
	if err == nil {
		err = s.app.MayTakeHandovers(who)
	}
	if err != nil {
		s.deskFail(w, r, who, err)
		return
	}
	if resumed(r) {
		s.showHandovers(w, r, who, http.StatusOK, nil)
		return
	}
	var failed []failedLine
	done := 0
	for _, chosen := range f.Values["ho-so"] {
		code, text, _ := strings.Cut(chosen, "@")
		version, _ := strconv.ParseInt(text, 10, 64)
		_, err := s.app.Act(r.Context(), who, app.ActInput{
			ActionID: fmt.Sprintf("%s/%s", f.Action, code), Code: code, Input: dossier.Input{Act: dossier.ReceiveHandover, Version: version},
		})
		switch ft := fault.As(err); {
		case err == nil:
			done++
		case ft != nil:
			failed = append(failed, failedLine{Code: code, Open: dossierPath(code), Fault: ft})
		default:
			s.deskFail(w, r, who, err)
			return
		}
	}
	if len(failed) > 0 {
		s.showHandovers(w, r, who, http.StatusConflict, failed)
		return
	}
	http.Redirect(w, r, withQuery("/nghiep-vu/ban-giao", "xong", "ban-giao", "so", strconv.Itoa(done)), http.StatusSeeOther)
}

// lateBody lists late entries for the director, /nghiep-vu/tiep-nhan-bu.
type lateBody struct{ Rows []lateLine }

type lateLine struct {
	app.LateRow
	Open, Path, Action string
}

func (s *Server) deskLate(w http.ResponseWriter, r *http.Request, who access.Actor) {
	rows, err := s.app.LateEntries(r.Context(), who)
	if err != nil {
		s.deskFail(w, r, who, err)
		return
	}
	b := lateBody{}
	for _, row := range rows {
		b.Rows = append(b.Rows, lateLine{
			LateRow: row, Open: dossierPath(row.Code), Action: s.newAction(),
			Path: dossierPath(row.Code, string(dossier.ReceiveLate)),
		})
	}
	s.deskPage(w, r, who, http.StatusOK, "desk/late", text{Key: "desk.nav.late"}, b)
}
