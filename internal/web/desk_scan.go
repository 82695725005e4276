package web

import (
	"net/http"

	"github.com/motcua/motcua/internal/app"
	"github.com/motcua/motcua/internal/core/access"
)

const scanPath = "/nghiep-vu/quet"

// scanBody is the scan bench (bàn quét), /nghiep-vu/quet: what still has to be
// scanned, and one field for everything that the scanner wrote.
type scanBody struct {
	Action   string
	Files    control
	Errors   []summary
	Rows     []scanLine
	Outcomes []scanOutcome
}

type scanLine struct {
	app.ScanRow
	Open string
}

type scanOutcome struct {
	app.ScanOutcome
	Open string
}

func (s *Server) deskScan(w http.ResponseWriter, r *http.Request, who access.Actor) {
	s.showScan(w, r, who, http.StatusOK, newForm(s.newAction()), nil)
}

func (s *Server) showScan(w http.ResponseWriter, r *http.Request, who access.Actor, status int, f form, done []app.ScanOutcome) {
	rows, err := s.app.ScanBench(r.Context(), who)
	if err != nil {
		s.deskFail(w, r, who, err)
		return
	}
	b := scanBody{Action: f.Action, Errors: f.Summary(), Files: f.Input("files", "scan.files", "required", "hint=scan.files_hint")}
	for _, row := range rows {
		b.Rows = append(b.Rows, scanLine{ScanRow: row, Open: dossierPath(row.Code)})
	}
	for _, o := range done {
		b.Outcomes = append(b.Outcomes, scanOutcome{ScanOutcome: o, Open: dossierPath(o.Code)})
	}
	s.deskPage(w, r, who, status, "desk/scan", text{Key: "scan.heading"}, b)
}

// deskScanPost attaches what the scanner wrote and says of each file where it
// went, or why not.
func (s *Server) deskScanPost(w http.ResponseWriter, r *http.Request, who access.Actor) {
	f, staging, err := s.readForm(r, who)
	if err != nil {
		s.deskFail(w, r, who, err)
		return
	}
	if resumed(r) {
		s.showScan(w, r, who, http.StatusOK, f, nil)
		return
	}
	f.Faults = append(f.Faults, staging...)
	done, err := s.app.AttachScans(r.Context(), who, f.Action, stagedFiles(stagedIn(f, "files")))
	if err != nil {
		f = f.with(err)
	}
	status := statusOf(f)
	f.Action = s.newAction()
	s.showScan(w, r, who, status, f, done)
}
