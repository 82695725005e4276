package process

import (
	"slices"

	"github.com/motcua/motcua/internal/core/fault"
)

// Migrate takes a run over to another template (chuyển hồ sơ sang phiên bản
// mới). names says to which step of the new template an old one corresponds;
// steps without an entry keep their id. What is the same in both stays open as
// it is, with its holder; what differs is opened anew; tokens at joins wait on.
//
// It refuses with Conflict, and nothing has moved: a step or a way that the new
// template does not have, work that would become a wait, and a place from which
// the new process could not run to its end.
func Migrate(g *Graph, inst Instance, names map[string]string, ids func() string) (Instance, []Effect, error) {
	if inst.Finished || inst.Tokens() == 0 {
		return inst, nil, fault.New(fault.Conflict, "process.finished", nil)
	}
	r := &run{g: g, inst: inst, ids: ids}
	err := r.emit(Effect{Type: Moved, Template: g.template.ID, Version: g.template.Version})
	if err == nil {
		err = r.moveOpen(names)
	}
	if err == nil {
		err = r.moveArrivals()
	}
	if err == nil && !g.canEnd(r.inst) {
		err = fault.New(fault.Conflict, "process.migrate_unsound", nil)
	}
	if err != nil {
		return inst, nil, err
	}
	return r.inst, r.effects, nil
}

// moveOpen takes every open task and wait to its step of the new template.
func (r *run) moveOpen(names map[string]string) error {
	open := slices.Clone(r.inst.Tasks)
	for _, w := range r.inst.Waits {
		open = append(open, Task{ID: w.ID, Step: w.Step, Name: w.Name, Kind: w.Kind, Path: w.Path})
	}
	for _, t := range open {
		step := t.Step
		if name, ok := names[step]; ok {
			step = name
		}
		at, ok := r.g.index[step]
		if !ok {
			return fault.New(fault.Conflict, "process.migrate_gone", fault.Args{"step": t.label()})
		}
		to := r.g.nodes[at]
		if to.Kind.Work() != t.Kind.Work() || to.Kind.Wait() != t.Kind.Wait() {
			return fault.New(fault.Conflict, "process.migrate_kind", fault.Args{"step": t.label(), "to": to.label()})
		}
		if r.same(t, to) {
			continue
		}
		closed := Effect{Type: TaskClosed, ID: t.ID, Step: t.Step, Kind: t.Kind, How: ByCancel}
		if t.Kind.Wait() {
			closed.Type = WaitClosed
		}
		if err := r.emit(closed); err != nil {
			return err
		}
		if err := r.open(at, r.known(t.Path)); err != nil {
			return err
		}
	}
	return nil
}

// same reports whether an open task is the new template's step already, with the
// same timers and a way back that leads somewhere.
func (r *run) same(t Task, to node) bool {
	if t.Step != to.ID || t.Kind != to.Kind || t.Kind.Work() && (t.Unit != to.Unit || t.Role != to.Role) || len(r.known(t.Path)) != len(t.Path) {
		return false
	}
	var have, want []Timer
	for _, timer := range r.inst.Timers {
		if timer.On == t.ID {
			have = append(have, timer)
		}
	}
	for _, n := range to.timers {
		want = append(want, Timer{On: t.ID, Step: r.g.nodes[n].ID, After: r.g.nodes[n].After})
	}
	return slices.Equal(have, want)
}

// known keeps the steps of a path that the new template has as work.
func (r *run) known(path []string) []string {
	var kept []string
	for _, step := range path {
		if at, ok := r.g.index[step]; ok && r.g.nodes[at].Kind.Work() {
			kept = append(kept, step)
		}
	}
	return kept
}

// moveArrivals checks that tokens at joins wait on the same way for the same
// join.
func (r *run) moveArrivals() error {
	for _, a := range r.inst.Arrivals {
		f := slices.IndexFunc(r.g.flows, func(e edge) bool { return e.ID == a.Flow })
		if f < 0 || r.g.nodes[r.g.flows[f].to].ID != a.Step || r.g.nodes[r.g.flows[f].to].Kind != KindParallel {
			return fault.New(fault.Conflict, "process.migrate_join", fault.Args{"step": a.Step})
		}
	}
	return nil
}

// label is how a message names the task.
func (t Task) label() string {
	if t.Name != "" {
		return t.Name
	}
	return t.Step
}

// Correspond proposes where the steps of an old template are in a new one: those
// that kept their id are left out, the others go to the only new step of the
// same kind and unit. What has no counterpart is missing.
func Correspond(old, next Template) map[string]string {
	names := map[string]string{}
	var fresh []Step // new steps that no old step has the id of
	for _, s := range next.Steps {
		if _, had := old.Step(s.ID); !had {
			fresh = append(fresh, s)
		}
	}
	for _, s := range old.Steps {
		if _, stays := next.Step(s.ID); stays || !s.Kind.Work() && !s.Kind.Wait() {
			continue
		}
		var fit []Step
		for _, f := range fresh {
			if f.Kind == s.Kind && f.Unit == s.Unit {
				fit = append(fit, f)
			}
		}
		if len(fit) == 1 {
			names[s.ID] = fit[0].ID
		}
	}
	return names
}
