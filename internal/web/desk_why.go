package web

import (
	"net/http"
	"slices"
	"time"

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
	Runs   []whyRun
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
	b := whyBody{Code: code, Open: dossierPath(code), V: v, Runs: runsOf(v.Derivation), Moved: v.FirstDueOn != v.DueOn, Reappt: v.Apology != nil}
	s.deskPage(w, r, who, http.StatusOK, "desk/why", text{Key: "civil.page.heading"}, b)
}

// whyRun is one run of the clock (lần tính), from a start or the end of a stop.
type whyRun struct {
	N     int // which run it is, from 1; 0 when there is only one
	Start time.Time
	Days  []whyDay
}

// runsOf lays the whole count out: each run of the clock day by day.
func runsOf(d civil.Derivation) []whyRun {
	var runs []whyRun
	for i, seg := range d.Segments {
		run := whyRun{Start: seg.StartAt, Days: daysOf(seg)}
		stopped := d.StoppedAt
		if i+1 < len(d.Segments) && d.Segments[i+1].Stop != nil {
			stopped = d.Segments[i+1].Stop.FromAt
		}
		if !stopped.IsZero() { // what would have come after the stop was not counted
			run.Days = slices.DeleteFunc(run.Days, func(x whyDay) bool { return x.Date.After(civil.DateOf(stopped)) })
		}
		if len(d.Segments) > 1 {
			run.N = i + 1
		}
		if len(run.Days) > 0 {
			runs = append(runs, run)
		}
	}
	return runs
}

// daysOf lists the days of one run, counted or skipped, in order.
func daysOf(seg civil.Segment) []whyDay {
	var days []whyDay
	i, j := 0, 0
	for i < len(seg.Counted) || j < len(seg.Skipped) {
		if j == len(seg.Skipped) || i < len(seg.Counted) && seg.Counted[i].Before(seg.Skipped[j].Date) {
			days = append(days, whyDay{Date: seg.Counted[i], Counted: true, N: i + 1})
			i++
			continue
		}
		days = append(days, whyDay{Date: seg.Skipped[j].Date, Reason: seg.Skipped[j].Line()})
		j++
	}
	return days
}
