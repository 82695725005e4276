package app

import (
	"cmp"
	"context"
	"slices"

	"github.com/motcua/motcua/internal/core/access"
	"github.com/motcua/motcua/internal/core/civil"
	"github.com/motcua/motcua/internal/core/dossier"
	"github.com/motcua/motcua/internal/core/fault"
	"github.com/motcua/motcua/internal/store"
)

// LatenessQuery asks which agencies caused the lateness of a period.
type LatenessQuery struct {
	From, To  civil.Date // days on which work ended, both included
	Procedure string     // empty = all
}

// LatenessView is the lateness of a period by the agency that caused it.
type LatenessView struct {
	From, To civil.Date
	Dossiers int // whose work ended
	Late     int // after the promise
	Cut      bool
	Units    []UnitLateness
}

// UnitLateness is what one agency took, over all dossiers of a period.
type UnitLateness struct {
	dossier.UnitTime
	Dossiers int // that it had
	Exceeded int // in which it took longer than its share
	Caused   int // of them late: those in which it lost time
}

// Bounds of one reading.
const (
	mostLateness     = 20_000
	latenessPage     = 500
	mostLatenessDays = 400
)

// LatenessByUnit rolls the lateness of a period up to the agencies that caused
// it: each answers for its own working time beyond its share only.
func (a *App) LatenessByUnit(ctx context.Context, who access.Actor, q LatenessQuery) (LatenessView, error) {
	out := LatenessView{From: q.From, To: q.To}
	if !access.May(who, access.ReadStatistics, who.Unit) {
		return out, denied()
	}
	if q.From.IsZero() || q.To.Before(q.From) || q.To.Sub(q.From) > mostLatenessDays {
		return out, fault.Field("to", "process.period", fault.Args{"most": mostLatenessDays})
	}
	units := map[string]*UnitLateness{}
	for after := (store.Cursor{}); ; {
		page, next, err := a.store.FinishedDossiers(ctx, q.Procedure, q.From.At(0), q.To.AddDays(1).At(0), after, latenessPage)
		if err != nil {
			return out, err
		}
		for _, d := range page {
			if d.Status == dossier.Withdrawn || d.Status == dossier.Stopped {
				continue // nothing was decided that could be late
			}
			if err := a.addLateness(&out, units, d); err != nil {
				return out, err
			}
		}
		after = next
		if out.Cut = after.ID != "" && out.Dossiers >= mostLateness; after.ID == "" || out.Cut {
			break
		}
	}
	for _, u := range units {
		// An agency's leader sees his own; the whole table is the centre's.
		if access.May(who, access.ReadStatistics) || u.Unit == who.Unit {
			out.Units = append(out.Units, *u)
		}
	}
	slices.SortFunc(out.Units, func(x, y UnitLateness) int {
		return cmp.Or(cmp.Compare(y.Over, x.Over), cmp.Compare(y.Held, x.Held), cmp.Compare(x.Unit, y.Unit))
	})
	return out, nil
}

func (a *App) addLateness(out *LatenessView, units map[string]*UnitLateness, d dossier.Dossier) error {
	times, err := a.timeByUnit(d)
	if err != nil {
		return err
	}
	out.Dossiers++
	late := d.Overdue(*d.FinishedAt)
	if late {
		out.Late++
	}
	for _, t := range times {
		u := units[t.Unit]
		if u == nil {
			u = &UnitLateness{UnitTime: dossier.UnitTime{Unit: t.Unit, UnitName: t.UnitName}}
			units[t.Unit] = u
		}
		u.Tasks, u.Held, u.Allowed = u.Tasks+t.Tasks, u.Held+t.Held, u.Allowed+t.Allowed
		u.Over += t.Over
		u.Dossiers++
		if t.Over > 0 {
			u.Exceeded++
			if late {
				u.Caused++
			}
		}
	}
	return nil
}

// timeByUnit says how much of a dossier's time each agency took until now.
func (a *App) timeByUnit(d dossier.Dossier) ([]dossier.UnitTime, error) {
	dir := a.directory.Load()
	return d.TimeByUnit(func(unit string) *civil.Calendar {
		cal, _ := dir.calendar(unit)
		return cal
	}, a.clock())
}
