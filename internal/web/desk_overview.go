package web

import (
	"fmt"
	"github.com/motcua/motcua/internal/app"
	"net/http"
	"strings"

	"github.com/motcua/motcua/internal/core/access"
)

// overviewBody is the landing page of leaders, /nghiep-vu/tong-quan.
type overviewBody struct {
	Page     app.OverviewPage
	Figures  []figure
	Chart    *chart
	Agencies []agencyLine
	Urgent   []rowView
}

// figure is one number with its name, and where the dossiers behind it are.
type figure struct {
	Key, Icon, Tone, Path string
	N                     int
}

type agencyLine struct {
	app.AgencyFigures
	PerMille int
	Tone     string
}

func (s *Server) deskOverview(w http.ResponseWriter, r *http.Request, who access.Actor) {
	page, err := s.app.Overview(r.Context(), who)
	if err != nil {
		s.deskFail(w, r, who, err)
		return
	}
	list := func(tab app.InboxTab) string { return withQuery("/nghiep-vu", "nhom", string(tab)) }
	b := overviewBody{Page: page, Chart: chartOf(page.Days), Urgent: s.rowViews(r, page.Urgent[:min(len(page.Urgent), mostUrgent)]), Figures: []figure{
		{Key: "desk.overview.received_today", Icon: "folder-open", N: page.ReceivedToday},
		{Key: "desk.overview.returned_today", Icon: "file-check", N: page.ReturnedToday},
		{Key: "desk.overview.open", Icon: "inbox", N: page.Open},
		{Key: "desk.overview.due_today", Icon: "hourglass", Tone: toneIf(page.DueToday, "warn"), N: page.DueToday, Path: list(app.TabSoon)},
		{Key: "desk.overview.overdue", Icon: "circle-alert", Tone: toneIf(page.Overdue, "late"), N: page.Overdue, Path: list(app.TabOverdue)},
	}}
	for _, a := range page.Agencies {
		b.Agencies = append(b.Agencies, agencyLineOf(a))
	}
	s.deskPage(w, r, who, http.StatusOK, "desk/overview", text{Key: "desk.nav.overview"}, b)
}

// mostUrgent is how many dossiers stand beside the chart.
const mostUrgent = 6

func toneIf(n int, tone string) string {
	if n > 0 {
		return tone
	}
	return ""
}

// agencyLineOf gives the share in time in tenths of a percent, rounded down, so
// that 100 % is never shown where one was late.
func agencyLineOf(a app.AgencyFigures) agencyLine {
	l := agencyLine{AgencyFigures: a, Tone: "ok"}
	if a.Finished > 0 {
		l.PerMille = 1000 * a.InTime / a.Finished
	}
	if l.PerMille < 980 {
		l.Tone = "warn"
	}
	if l.PerMille < 900 {
		l.Tone = "late"
	}
	return l
}

// chart is the curve of receptions and returns, drawn on the server.
type chart struct {
	W, H, Left, Axis, Base   int
	Days                     int
	SumReceived, SumReturned int
	Received, Returned, Area string
	Grid                     []gridLine
	Ticks                    []tick
}

type gridLine struct{ Y, Text, N int }

type tick struct {
	X     int
	Label string
}

// The chart's measures in its own units.
const (
	chartWide = 720
	chartHigh = 340
	chartLeft = 44
	chartTop  = 12
	chartFoot = 306
)

func chartOf(days []app.DayFigures) *chart {
	if len(days) < 2 {
		return nil
	}
	c := &chart{W: chartWide, H: chartHigh, Left: chartLeft, Axis: chartLeft - 8, Base: chartFoot + 22, Days: len(days)}
	most := 4
	for _, d := range days {
		most = max(most, d.Received, d.Returned)
		c.SumReceived += d.Received
		c.SumReturned += d.Returned
	}
	part := roundUp((most + 3) / 4)
	top := 4 * part
	y := func(n int) int { return chartFoot - (chartFoot-chartTop)*n/top }
	for i := range 5 {
		c.Grid = append(c.Grid, gridLine{Y: y(i * part), Text: y(i*part) + 4, N: i * part})
	}
	var received, returned []string
	every := (len(days) + 13) / 14
	for i, d := range days {
		x := chartLeft + 20 + (chartWide-chartLeft-40)*i/(len(days)-1)
		received = append(received, fmt.Sprintf("%d,%d", x, y(d.Received)))
		returned = append(returned, fmt.Sprintf("%d,%d", x, y(d.Returned)))
		if i%every == 0 {
			c.Ticks = append(c.Ticks, tick{X: x, Label: fmt.Sprintf("%02d/%02d", d.On.Day(), int(d.On.Month()))})
		}
	}
	c.Received, c.Returned = strings.Join(received, " "), strings.Join(returned, " ")
	c.Area = fmt.Sprintf("%d,%d %s %d,%d", chartLeft+20, chartFoot, c.Received, chartWide-20, chartFoot)
	return c
}

// roundUp makes a step of the scale a number that people read at a glance.
func roundUp(n int) int {
	for unit := 1; ; unit *= 10 {
		for _, step := range []int{1, 2, 5} {
			if step*unit >= n {
				return step * unit
			}
		}
	}
}
