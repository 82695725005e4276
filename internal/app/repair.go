package app

import (
	"context"
	"slices"
	"strings"

	"github.com/motcua/motcua/internal/core/access"
	"github.com/motcua/motcua/internal/core/agency"
	"github.com/motcua/motcua/internal/core/civil"
	"github.com/motcua/motcua/internal/core/dossier"
	"github.com/motcua/motcua/internal/store"
)

// RepairRow is a dossier that is stuck, or for which somebody has proposed a
// repair.
type RepairRow struct {
	DossierRow
	Stalls  []dossier.Stall
	Plan    *dossier.RepairPlan // waits for a second person
	Mine    bool                // proposed by the actor, who cannot confirm it
	CanPlan bool                // the actor may propose a repair now
}

// RepairPage is one page of the repair console.
type RepairPage struct {
	Rows []RepairRow
	Next string
}

// StuckDossiers lists dossiers that do not get on by themselves and open repairs:
// of the actor's unit, or of the whole province for who may repair everywhere.
// The reading is logged.
func (a *App) StuckDossiers(ctx context.Context, who access.Actor, cursor string) (RepairPage, error) {
	if !access.Anywhere(who, access.RepairDossier) {
		return RepairPage{}, denied()
	}
	after, err := store.ParseCursor(cursor)
	if err != nil {
		return RepairPage{}, err
	}
	now := a.clock()
	q := store.StalledQuery{SentBefore: now.AddDate(0, 0, -dossier.StallHandoverDays), DueBefore: now.AddDate(0, 0, -dossier.StallIdleDays)}
	if !access.May(who, access.RepairDossier) {
		q.Unit = who.Unit
	}
	holders, pools, err := a.store.TaskHolders(ctx)
	if err != nil {
		return RepairPage{}, err
	}
	dir, today := a.directory.Load(), civil.DateOf(now)
	q.Holders = slices.DeleteFunc(holders, func(id string) bool { return dir.reached(id, today) })
	q.Pools = slices.DeleteFunc(pools, func(pool string) bool {
		unit, role, _ := strings.Cut(pool, "|")
		return dir.manned(unit, role)
	})
	list, next, err := a.store.Stalled(ctx, q, after, pageSize)
	if err != nil {
		return RepairPage{}, err
	}
	rows, err := a.rows(ctx, who, list, "repair")
	if err != nil {
		return RepairPage{}, err
	}
	page := RepairPage{Next: next.String()}
	for i, d := range list {
		row := RepairRow{DossierRow: rows[i], Plan: d.Repair, Mine: d.Repair != nil && who.Stands(d.Repair.By)}
		row.Stalls = d.Stalls(now, func(t dossier.Task) bool {
			if t.Pool() {
				return dir.manned(t.Unit, string(t.Role))
			}
			return dir.reached(t.Holder, today)
		})
		row.CanPlan = slices.ContainsFunc(a.offers(d, who), func(o dossier.Offer) bool { return o.Act == dossier.Repair })
		if len(row.Stalls) > 0 || row.Plan != nil {
			page.Rows = append(page.Rows, row)
		}
	}
	return page, nil
}

// reached reports whether somebody does an officer's work today: he himself, or
// who stands in for him.
func (d *directory) reached(staff string, day civil.Date) bool {
	p, ok := d.people[staff]
	if !ok || p.Disabled {
		return false
	}
	for _, x := range d.absences {
		if x.Staff == staff && x.On(day) && d.people[x.Work].ID == "" {
			return false
		}
	}
	return true
}

// manned reports whether anybody of a unit can do the work of a role.
func (d *directory) manned(unit, role string) bool {
	return slices.ContainsFunc(d.byUnit[unit], func(p agency.Staff) bool { return !p.Disabled && hasRole(p, role) })
}
