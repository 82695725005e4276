package process

import (
	"slices"

	"github.com/motcua/motcua/internal/core/fault"
)

// Renew opens every open task and wait anew under new ids, because the dossier
// was stopped and is taken up again where it stood. Tokens at joins stay, timers
// begin anew. It needs no graph, so that a dossier whose template was replaced
// meanwhile can be taken up too. It fails with Conflict when the run is over.
func Renew(inst Instance, ids func() string) (Instance, []Effect, error) {
	if inst.Finished || inst.Tokens() == 0 {
		return inst, nil, fault.New(fault.Conflict, "process.finished", nil)
	}
	r := &run{inst: inst, ids: ids}
	for _, t := range inst.Tasks {
		if err := r.renew(t, Effect{Type: TaskClosed, ID: t.ID, Step: t.Step, Kind: t.Kind, How: ByCancel}, TaskOpened); err != nil {
			return inst, nil, err
		}
	}
	for _, w := range inst.Waits {
		same := Task{ID: w.ID, Step: w.Step, Name: w.Name, Kind: w.Kind, Path: w.Path}
		if err := r.renew(same, Effect{Type: WaitClosed, ID: w.ID, Step: w.Step, Kind: w.Kind, How: ByCancel}, WaitOpened); err != nil {
			return inst, nil, err
		}
	}
	return r.inst, r.effects, nil
}

// renew closes one task or wait and opens the same again with its timers.
func (r *run) renew(t Task, closed Effect, open EffectType) error {
	if r.inst.Opened >= MaxOpened {
		return fault.New(fault.Conflict, "process.endless", nil)
	}
	var timers []Timer
	for _, timer := range r.inst.Timers {
		if timer.On == t.ID {
			timers = append(timers, timer)
		}
	}
	again := Effect{
		Type: open, ID: r.ids(), Step: t.Step, Name: t.Name, Kind: t.Kind, Unit: t.Unit, Role: t.Role, Share: t.Share, Path: slices.Clone(t.Path),
	}
	effects := []Effect{closed, again}
	for _, timer := range timers {
		effects = append(effects, Effect{Type: TimerSet, ID: again.ID, Step: timer.Step, After: timer.After})
	}
	for _, e := range effects {
		if err := r.emit(e); err != nil {
			return err
		}
	}
	return nil
}

// Jump moves the token of one open task to another step of the template, for
// the repair of a stuck dossier; with an empty taskID every token is given up
// and one begins at the step. It refuses with Conflict a move after which the
// process could not run to its end: a join would wait for ever, or work would be
// done twice.
func Jump(g *Graph, inst Instance, taskID, step string, ids func() string) (Instance, []Effect, error) {
	to, ok := g.index[step]
	if !ok || !g.nodes[to].Kind.Work() {
		return inst, nil, stepGone(step)
	}
	r := &run{g: g, inst: inst, ids: ids}
	var path []string
	var err error
	if taskID == "" {
		err = r.giveUp()
	} else {
		path, err = r.leaveTask(taskID, step)
	}
	if err == nil {
		err = r.open(to, path)
	}
	if err == nil && !g.canEnd(r.inst) {
		err = fault.New(fault.Conflict, "process.jump_unsound", fault.Args{"step": g.nodes[to].label()})
	}
	if err != nil {
		return inst, nil, err
	}
	return r.inst, r.effects, nil
}

// giveUp closes everything without ending the run.
func (r *run) giveUp() error {
	if r.inst.Finished {
		return fault.New(fault.Conflict, "process.finished", nil)
	}
	over, effects, err := Abandon(r.inst)
	if err != nil {
		return err
	}
	over.Finished = false
	r.inst, r.effects = over, effects[:len(effects)-1] // all but Finished
	return nil
}

// leaveTask closes the task and returns the path that the step has there: the
// way back stays open for a step that was passed before, and begins anew else.
func (r *run) leaveTask(id, step string) ([]string, error) {
	t, ok := r.inst.Task(id)
	if !ok {
		return nil, fault.New(fault.Conflict, "process.task_not_open", nil)
	}
	if err := r.emit(Effect{Type: TaskClosed, ID: t.ID, Step: t.Step, Kind: t.Kind, How: ByCancel}); err != nil {
		return nil, err
	}
	at := slices.Index(t.Path, step)
	if at < 0 {
		return nil, nil
	}
	return t.Path[:at], nil
}

// canEnd plays every course from where the instance stands and reports whether
// each of them ends properly.
func (g *Graph) canEnd(inst Instance) bool {
	w := g.walker()
	var m marking
	steps := make([]string, 0, len(inst.Tasks)+len(inst.Waits))
	for _, t := range inst.Tasks {
		steps = append(steps, t.Step)
	}
	for _, t := range inst.Waits {
		steps = append(steps, t.Step)
	}
	for _, s := range steps {
		at, ok := g.index[s]
		if !ok || slices.Contains(m, g.nodes[at].in[0]) {
			return false // gone, or twice at the same step
		}
		m = append(m, g.nodes[at].in[0]) // all ways into a step mean the same
	}
	for _, a := range inst.Arrivals {
		f := slices.IndexFunc(g.flows, func(e edge) bool { return e.ID == a.Flow })
		if f < 0 || slices.Contains(m, f) {
			return false
		}
		m = append(m, f)
	}
	slices.Sort(m)
	w.add(nil, m)
	return w.run() && len(w.order) == 0
}
