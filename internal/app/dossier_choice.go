package app

import (
	"context"
	"slices"

	"github.com/motcua/motcua/internal/core/civil"
	"github.com/motcua/motcua/internal/core/dossier"
	"github.com/motcua/motcua/internal/core/process"
)

// ConsultUnits are the agencies of the province that can be asked for their
// opinion on a dossier (lấy ý kiến), by name; not the one that asks.
func (a *App) ConsultUnits(d dossier.Dossier) []UnitChoice {
	dir := a.directory.Load()
	var list []UnitChoice
	for _, u := range dir.tree.Agencies(dir.centre.Area, civil.DateOf(a.clock()).String()) {
		if u.Code != d.Agency && u.Code != dir.centre.Code && len(dir.members(u.Code, "handler")) > 0 {
			list = append(list, UnitChoice{u.Code, shownName(u)})
		}
	}
	return sortedUnits(list, dir)
}

// StepChoice is a step of a dossier's process that work can be moved to.
type StepChoice struct {
	ID   string
	Name string
}

// RepairSteps are the steps that a repair can move a stuck dossier to: those
// that somebody works on and that are not open already.
func (a *App) RepairSteps(d dossier.Dossier) []StepChoice {
	// Whoever has opened the dossier has its process in memory.
	pl, err := a.planFor(context.Background(), d)
	if err != nil || pl.graph == nil {
		return nil
	}
	var list []StepChoice
	for _, s := range pl.graph.Template().Tasks() {
		open := slices.ContainsFunc(d.Tasks, func(t dossier.Task) bool { return t.Step == s.ID })
		if !open && process.Kind(s.Kind).Work() {
			list = append(list, StepChoice{s.ID, s.Name})
		}
	}
	return list
}
