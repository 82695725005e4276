package app

import (
	"context"
	"time"

	"github.com/motcua/motcua/internal/core/civil"
	"github.com/motcua/motcua/internal/core/process"
	"github.com/motcua/motcua/internal/store"
)

// What step times are measured by.
const (
	measuredDays    = 90     // of work that ended
	mostMeasured    = 20_000 // dossiers, the newest
	measureEvery    = 6 * time.Hour
	measureTimeout  = 10 * time.Minute
	measurePageSize = 500
)

// MeasureSteps measures how long steps of each kind take in each unit, by the
// dossiers whose work ended in the last 90 days, and keeps it for the order of
// inboxes. A job runs it; see Work.
func (a *App) MeasureSteps(ctx context.Context) error {
	now := a.clock()
	dir := a.directory.Load()
	calendar := func(unit string) *civil.Calendar {
		cal, _ := dir.calendar(unit)
		return cal
	}
	var samples []process.Sample
	after := store.Cursor{}
	for n := 0; n < mostMeasured; n += measurePageSize {
		page, next, err := a.store.FinishedDossiers(ctx, "", now.AddDate(0, 0, -measuredDays), now, after, measurePageSize)
		if err != nil {
			return err
		}
		for _, d := range page {
			if d.AtOnce {
				continue // received and decided in one go: nothing was waited for
			}
			some, err := d.Samples(calendar)
			if err != nil {
				return err
			}
			samples = append(samples, some...)
		}
		if after = next; after.ID == "" {
			break
		}
	}
	if err := a.store.PutStepTimes(ctx, process.MeasureSteps(samples), now); err != nil {
		return err
	}
	return a.loadStepTimes(ctx)
}

// loadStepTimes takes over what some node has measured.
func (a *App) loadStepTimes(ctx context.Context) error {
	list, _, err := a.store.StepTimes(ctx)
	if err != nil {
		return err
	}
	m := process.NewMeasures(list)
	a.processes.measures.Store(&m)
	return nil
}
