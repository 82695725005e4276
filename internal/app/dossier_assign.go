package app

import (
	"cmp"
	"context"
	"slices"

	"github.com/motcua/motcua/internal/core/access"
	"github.com/motcua/motcua/internal/core/agency"
	"github.com/motcua/motcua/internal/core/civil"
	"github.com/motcua/motcua/internal/core/dossier"
	"github.com/motcua/motcua/internal/core/fault"
)

// ByLoad stands in an assignment for whoever has the least open work (giao theo
// khối lượng).
const ByLoad = "by-load"

// StaffChoice is a person who can be given a task, with his open tasks.
type StaffChoice struct {
	ID   string
	Name string
	Open int
}

// staffFor lists whom the open task can be given to, when the actor may assign.
func (a *App) staffFor(ctx context.Context, d dossier.Dossier, offers []dossier.Offer) ([]StaffChoice, error) {
	i := slices.IndexFunc(offers, func(o dossier.Offer) bool { return o.Act == dossier.Assign })
	if i < 0 {
		return nil, nil
	}
	task, ok := d.TaskByID(offers[i].TaskID)
	if !ok {
		return nil, nil
	}
	return a.loads(ctx, a.fitFor(d, task))
}

// fitFor lists who can be given a task: active and present people of its unit
// with its role, whom neither the separation of duties nor the task's present
// holder excludes.
func (a *App) fitFor(d dossier.Dossier, task dossier.Task) []agency.Staff {
	dir, today := a.directory.Load(), civil.DateOf(a.clock())
	return slices.DeleteFunc(dir.members(task.Unit, string(task.Role)), func(p agency.Staff) bool {
		return p.ID == task.Holder || dir.away(p.ID, today) || !d.MayHold(task, p.ID)
	})
}

// loads counts the open work of people, the least first.
func (a *App) loads(ctx context.Context, people []agency.Staff) ([]StaffChoice, error) {
	ids := make([]string, len(people))
	for i, p := range people {
		ids[i] = p.ID
	}
	open, err := a.store.OpenTasks(ctx, ids)
	if err != nil {
		return nil, err
	}
	var out []StaffChoice
	for _, p := range people {
		out = append(out, StaffChoice{ID: p.ID, Name: p.Name, Open: open[p.ID]})
	}
	slices.SortStableFunc(out, func(x, y StaffChoice) int { return cmp.Compare(x.Open, y.Open) })
	return out, nil
}

// Colleagues lists the present people of the actor's unit who hold tasks, the
// least loaded first, when he may give out work.
func (a *App) Colleagues(ctx context.Context, who access.Actor) ([]StaffChoice, error) {
	if !access.May(who, access.AssignDossier, who.Unit) {
		return nil, nil
	}
	dir, today := a.directory.Load(), civil.DateOf(a.clock())
	var people []agency.Staff
	for _, p := range dir.byUnit[who.Unit] {
		if !p.Disabled && !dir.away(p.ID, today) && worksOnTasks(p) {
			people = append(people, p)
		}
	}
	return a.loads(ctx, people)
}

func worksOnTasks(p agency.Staff) bool {
	return slices.ContainsFunc(p.Roles, func(r string) bool {
		return access.Anywhere(access.Actor{ID: p.ID, Unit: p.Unit, Roles: []access.Role{access.Role(r)}}, access.ClaimTask)
	})
}

// assignee is the person to whom a task may be given: active, present, of the
// task's unit and role; by load, the least loaded of those.
func (a *App) assignee(ctx context.Context, who access.Actor, d dossier.Dossier, taskID, staff string) (agency.Staff, error) {
	if staff == "" {
		return agency.Staff{}, nil // the rule says that the name is missing
	}
	task, ok := a.taskToAssign(d, who, taskID)
	dir := a.directory.Load()
	if staff == ByLoad && ok {
		return a.leastLoaded(ctx, d, task)
	}
	p, known := dir.people[staff]
	switch {
	case !known || p.Disabled:
		return p, fault.Field("staff", "dossier.staff_unknown", nil)
	case dir.away(staff, civil.DateOf(a.clock())):
		return p, fault.Field("staff", "dossier.staff_away", fault.Args{"name": p.Name})
	case ok && (p.Unit != task.Unit || !hasRole(p, string(task.Role))):
		return p, fault.Field("staff", "dossier.staff_unfit", fault.Args{"name": p.Name, "task": task.Name})
	case ok && !d.MayHold(task, staff):
		return p, fault.Field("staff", "dossier.staff_made_it", fault.Args{"name": p.Name, "task": task.Name})
	}
	return p, nil
}

// taskToAssign is the task that is named, else the one that the actor can give
// out.
func (a *App) taskToAssign(d dossier.Dossier, who access.Actor, id string) (dossier.Task, bool) {
	if id == "" {
		for _, o := range a.offers(d, who) {
			if o.Act == dossier.Assign {
				id = o.TaskID
				break
			}
		}
	}
	if t, ok := d.TaskByID(id); ok {
		return t, true
	}
	return d.Current()
}

func (a *App) leastLoaded(ctx context.Context, d dossier.Dossier, task dossier.Task) (agency.Staff, error) {
	choices, err := a.loads(ctx, a.fitFor(d, task))
	if err != nil {
		return agency.Staff{}, err
	}
	people := make([]agency.Load, len(choices))
	for i, c := range choices {
		people[i] = agency.Load{Staff: c.ID, Open: c.Open}
	}
	id, ok := agency.Lightest(people)
	if !ok {
		return agency.Staff{}, fault.Field("staff", "dossier.staff_nobody", fault.Args{"task": task.Name})
	}
	return a.directory.Load().people[id], nil
}

func hasRole(p agency.Staff, role string) bool {
	for _, r := range p.Roles {
		if r == role || role == "handler" && r == "leader" {
			return true
		}
	}
	return false
}
