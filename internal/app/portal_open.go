package app

import (
	"context"
	"time"

	"github.com/motcua/motcua/internal/core/civil"
	"github.com/motcua/motcua/internal/store"
)

// OpenPage is the public account of how dossiers are handled (công khai kết quả
// giải quyết). Every figure is counted; none names a person.
type OpenPage struct {
	At       time.Time
	Month    MonthFigures
	Agencies []AgencyFigures
}

// OpenFigures gives the figures that anybody may see.
func (a *App) OpenFigures(ctx context.Context) (OpenPage, error) {
	p := OpenPage{At: a.clock()}
	var err error
	if p.Month, err = a.monthFigures(ctx); err != nil {
		return p, err
	}
	today := civil.DateOf(p.At)
	byAgency, err := a.store.AgencyFigures(ctx, "", store.OverviewTimes{
		Now: p.At, Today: today.At(0), Tomorrow: today.AddDays(1).At(0), Since: today.AddDays(-30).At(0),
	})
	dir := a.directory.Load()
	for _, f := range byAgency {
		p.Agencies = append(p.Agencies, AgencyFigures{
			Code: f.Agency, Name: dir.unitName(f.Agency, today), Open: f.Open, DueToday: f.DueToday, Overdue: f.Overdue, Finished: f.Finished, InTime: f.InTime,
		})
	}
	return p, err
}
