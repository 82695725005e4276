package web

import (
	"net/http"

	"github.com/motcua/motcua/internal/app"
	"github.com/motcua/motcua/internal/core/access"
	"github.com/motcua/motcua/internal/core/dossier"
)

const repairPath = "/quan-tri/sua-ho-so"

// repairBody is the repair console (xử lý sự cố), /quan-tri/sua-ho-so: what is
// stuck and why, and what waits for a second person.
type repairBody struct {
	Rows     []repairLine
	NextPath string
}

type repairLine struct {
	app.RepairRow
	Open    string
	Pill    duePill
	ActPath string
	ActKey  string
}

func (s *Server) adminRepair(w http.ResponseWriter, r *http.Request, who access.Actor) {
	page, err := s.app.StuckDossiers(r.Context(), who, r.URL.Query().Get("tiep"))
	if err != nil {
		s.deskFail(w, r, who, err)
		return
	}
	b := repairBody{}
	for _, row := range page.Rows {
		line := repairLine{RepairRow: row, Open: dossierPath(row.Code), Pill: pillOf(row.Due, s.now())}
		act := dossier.Repair
		switch {
		case row.Plan != nil && row.Mine:
			act = dossier.DeclineRepair // its author can take it back
		case row.Plan != nil:
			act = dossier.ConfirmRepair
		case !row.CanPlan:
			act = ""
		}
		if act != "" {
			line.ActKey, line.ActPath = act.Key(), line.Open+"#act-"+string(act)
		}
		b.Rows = append(b.Rows, line)
	}
	if page.Next != "" {
		b.NextPath = withQuery(repairPath, "tiep", page.Next)
	}
	s.deskPage(w, r, who, http.StatusOK, "admin/repair", text{Key: "repair.heading"}, b)
}
