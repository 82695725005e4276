package web

import (
	"net/http"

	"github.com/motcua/motcua/internal/app"
	"github.com/motcua/motcua/internal/core/access"
	"github.com/motcua/motcua/internal/core/civil"
)

// whyBody answers "Vì sao ngày này?" for a dossier, day by day, to be read or
// printed: /nghiep-vu/ho-so/{code}/vi-sao.
type whyBody struct {
	Code   string
	Open   string
	V      app.DeadlineView
	Days   []whyDay
	Moved  bool // the promise is another than the first one
	Reappt bool
}

// whyDay is one day of the count.
type whyDay struct {
	Date    civil.Date
	Counted bool
	N       int // which of the limit's days it is; 0 = not counted
	Reason  civil.Line
}

func (s *Server) deskWhy(w http.ResponseWriter, r *http.Request, who access.Actor) {
	code := r.PathValue("code")
	v, err := s.app.ExplainDeadline(r.Context(), who, code)
	if err != nil {
		s.deskFail(w, r, who, err)
		return
	}
	b := whyBody{Code: code, Open: dossierPath(code), V: v, Days: daysOf(v.Derivation), Moved: v.FirstDueOn != v.DueOn, Reappt: v.Apology != nil}
	s.deskPage(w, r, who, http.StatusOK, "desk/why", text{Key: "civil.page.heading"}, b)
}

// daysOf lays the last run of the clock out day by day.
func daysOf(d civil.Derivation) []whyDay {
	if len(d.Segments) == 0 {
		return nil
	}
	last := d.Segments[len(d.Segments)-1]
	var days []whyDay
	i, j := 0, 0
	for i < len(last.Counted) || j < len(last.Skipped) {
		if j == len(last.Skipped) || i < len(last.Counted) && last.Counted[i].Before(last.Skipped[j].Date) {
			days = append(days, whyDay{Date: last.Counted[i], Counted: true, N: i + 1})
			i++
			continue
		}
		days = append(days, whyDay{Date: last.Skipped[j].Date, Reason: last.Skipped[j].Line()})
		j++
	}
	return days
}
