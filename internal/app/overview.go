package app

import (
	"context"
	"time"

	"github.com/motcua/motcua/internal/core/access"
	"github.com/motcua/motcua/internal/core/civil"
	"github.com/motcua/motcua/internal/store"
)

// OverviewPage holds the figures of a moment. Every one is counted, none is
// estimated.
type OverviewPage struct {
	At            time.Time
	Scope         string // name of the centre or the agency
	ReceivedToday int
	ReturnedToday int
	Open          int
	DueToday      int
	Overdue       int
	Days          []DayFigures // the last days, oldest first; may be empty
	Agencies      []AgencyFigures
	Urgent        []DossierRow // overdue or due soonest
}

// DayFigures is one day of the overview's chart.
type DayFigures struct {
	On       civil.Date
	Received int
	Returned int
}

// AgencyFigures is one row of the table by agency.
type AgencyFigures struct {
	Code     string
	Name     string
	Open     int
	DueToday int
	Overdue  int
	Finished int // ended in the last 30 days
	InTime   int // of those, early or on time
}

// Overview gives the figures of the centre, or of the actor's own agency.
func (a *App) Overview(ctx context.Context, who access.Actor) (OverviewPage, error) {
	unit := ""
	switch {
	case access.May(who, access.ReadStatistics):
	case access.May(who, access.ReadStatistics, who.Unit):
		unit = who.Unit
	default:
		return OverviewPage{}, denied()
	}
	now := a.clock()
	today := civil.DateOf(now)
	p := OverviewPage{At: now, Scope: a.directory.Load().centre.Name}
	if unit != "" {
		p.Scope = who.UnitName
	}
	at := store.OverviewTimes{Now: now, Today: today.At(0), Tomorrow: today.AddDays(1).At(0), Since: today.AddDays(-30).At(0)}
	n, err := a.store.Overview(ctx, unit, at)
	if err != nil {
		return p, err
	}
	p.ReceivedToday, p.ReturnedToday, p.Open, p.DueToday, p.Overdue = n.Received, n.Returned, n.Open, n.DueToday, n.Overdue
	days, err := a.store.DayFigures(ctx, unit, today.AddDays(-27).At(0), at.Tomorrow)
	if err != nil {
		return p, err
	}
	for d := today.AddDays(-27); !d.After(today); d = d.AddDays(1) {
		f := days[d]
		p.Days = append(p.Days, DayFigures{On: d, Received: f.Received, Returned: f.Returned})
	}
	byAgency, err := a.store.AgencyFigures(ctx, unit, at)
	if err != nil {
		return p, err
	}
	dir := a.directory.Load()
	for _, f := range byAgency {
		p.Agencies = append(p.Agencies, AgencyFigures{
			Code: f.Agency, Name: dir.unitName(f.Agency, today), Open: f.Open, DueToday: f.DueToday, Overdue: f.Overdue, Finished: f.Finished, InTime: f.InTime,
		})
	}
	list, err := a.store.Urgent(ctx, unit, 12)
	if err != nil {
		return p, err
	}
	p.Urgent, err = a.rows(ctx, who, list, "overview")
	return p, err
}
