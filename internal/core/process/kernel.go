package process

import (
	"slices"

	"github.com/motcua/motcua/internal/core/fault"
)

// Start begins a run. ids gives a new task or wait id at each call.
//
// Like every act of the kernel it returns the instance afterwards and the
// effects that lead there, or a fault and nothing: Conflict when no branch is
// true or a condition cannot be answered.
func Start(g *Graph, facts Facts, ids func() string) (Instance, []Effect, error) {
	r := &run{g: g, facts: facts, ids: ids}
	if err := r.emit(Effect{Type: Started, Template: g.template.ID, Version: g.template.Version}); err != nil {
		return Instance{}, nil, err
	}
	return r.leave(g.start, nil, Instance{})
}

// Complete ends the open task and opens what follows. It fails with Conflict
// when the task is not open, which mostly means that somebody was faster.
func Complete(g *Graph, inst Instance, taskID string, facts Facts, ids func() string) (Instance, []Effect, error) {
	t, at, err := g.openTask(inst, taskID)
	if err != nil {
		return inst, nil, err
	}
	r := &run{g: g, inst: inst, facts: facts, ids: ids}
	if err := r.emit(Effect{Type: TaskClosed, ID: t.ID, Step: t.Step, Kind: t.Kind, How: ByDone}); err != nil {
		return inst, nil, err
	}
	return r.leave(at, append(slices.Clone(t.Path), t.Step), inst)
}

// Resume ends the open wait, because the applicant supplied or paid.
func Resume(g *Graph, inst Instance, waitID string, facts Facts, ids func() string) (Instance, []Effect, error) {
	w, ok := inst.Wait(waitID)
	if !ok {
		return inst, nil, fault.New(fault.Conflict, "process.wait_not_open", nil)
	}
	at, ok := g.index[w.Step]
	if !ok {
		return inst, nil, stepGone(w.Step)
	}
	r := &run{g: g, inst: inst, facts: facts, ids: ids}
	if err := r.emit(Effect{Type: WaitClosed, ID: w.ID, Step: w.Step, Kind: w.Kind, How: ByDone}); err != nil {
		return inst, nil, err
	}
	return r.leave(at, w.Path, inst)
}

// Fire lets the timer step of an open task or wait go off. The caller judges
// that its time has come. A timer that does not continue closes what it timed.
func Fire(g *Graph, inst Instance, on, timerStep string, facts Facts, ids func() string) (Instance, []Effect, error) {
	if !slices.ContainsFunc(inst.Timers, func(t Timer) bool { return t.On == on && t.Step == timerStep }) {
		return inst, nil, fault.New(fault.Conflict, "process.timer_not_set", nil)
	}
	at, ok := g.index[timerStep]
	if !ok {
		return inst, nil, stepGone(timerStep)
	}
	r := &run{g: g, inst: inst, facts: facts, ids: ids}
	if err := r.emit(Effect{Type: TimerFired, ID: on, Step: timerStep}); err != nil {
		return inst, nil, err
	}
	var path []string
	if !g.nodes[at].Continue {
		closed := Effect{Type: TaskClosed, ID: on, How: ByTimer}
		if t, isTask := inst.Task(on); isTask {
			closed.Step, closed.Kind, path = t.Step, t.Kind, t.Path
		} else if w, isWait := inst.Wait(on); isWait {
			closed.Type, closed.Step, closed.Kind, path = WaitClosed, w.Step, w.Kind, w.Path
		}
		if err := r.emit(closed); err != nil {
			return inst, nil, err
		}
	}
	return r.leave(at, path, inst)
}

// Back returns the work to the step that was done before in the same part. A
// part begins at the start and anew after each parallel split and join: the way
// back never crosses one, since others have work on the far side. It fails with
// Conflict when there is no such step.
func Back(g *Graph, inst Instance, taskID string, ids func() string) (Instance, []Effect, error) {
	return BackTo(g, inst, taskID, "", ids)
}

// BackTo returns the work to a step that was done earlier in the same part; an
// empty step means the last one.
func BackTo(g *Graph, inst Instance, taskID, step string, ids func() string) (Instance, []Effect, error) {
	t, _, err := g.openTask(inst, taskID)
	if err != nil {
		return inst, nil, err
	}
	to := len(t.Path) - 1
	if step != "" {
		to = slices.Index(t.Path, step)
	}
	if to < 0 {
		return inst, nil, fault.New(fault.Conflict, "process.no_previous_step", nil)
	}
	at, ok := g.index[t.Path[to]]
	if !ok {
		return inst, nil, stepGone(t.Path[to])
	}
	r := &run{g: g, inst: inst, ids: ids}
	if err := r.emit(Effect{Type: TaskClosed, ID: t.ID, Step: t.Step, Kind: t.Kind, How: ByBack}); err != nil {
		return inst, nil, err
	}
	if err := r.open(at, t.Path[:to]); err != nil {
		return inst, nil, err
	}
	return r.inst, r.effects, nil
}

// Abandon gives up everything that is open, because the dossier ended another
// way: withdrawn, stopped or refused. It needs no graph.
func Abandon(inst Instance) (Instance, []Effect, error) {
	if inst.Finished {
		return inst, nil, fault.New(fault.Conflict, "process.finished", nil)
	}
	r := &run{inst: inst}
	var effects []Effect
	for _, t := range inst.Tasks {
		effects = append(effects, Effect{Type: TaskClosed, ID: t.ID, Step: t.Step, Kind: t.Kind, How: ByCancel})
	}
	for _, w := range inst.Waits {
		effects = append(effects, Effect{Type: WaitClosed, ID: w.ID, Step: w.Step, Kind: w.Kind, How: ByCancel})
	}
	if len(inst.Arrivals) > 0 {
		effects = append(effects, Effect{Type: Abandoned})
	}
	for _, e := range append(effects, Effect{Type: Finished}) {
		if err := r.emit(e); err != nil {
			return inst, nil, err
		}
	}
	return r.inst, r.effects, nil
}

func (g *Graph) openTask(inst Instance, id string) (Task, int, error) {
	t, ok := inst.Task(id)
	if !ok {
		return t, 0, fault.New(fault.Conflict, "process.task_not_open", nil)
	}
	at, ok := g.index[t.Step]
	if !ok {
		return t, 0, stepGone(t.Step)
	}
	return t, at, nil
}

func stepGone(step string) error {
	return fault.New(fault.Conflict, "process.step_gone", fault.Args{"step": step})
}

// run is one act in progress.
type run struct {
	g       *Graph
	inst    Instance
	effects []Effect
	facts   Facts
	ids     func() string
}

// move is a token on its way along a flow.
type move struct {
	flow int
	path []string
}

func (r *run) emit(e Effect) error {
	next, err := Apply(r.inst, e)
	if err != nil {
		return err
	}
	r.inst, r.effects = next, append(r.effects, e)
	return nil
}

// leave moves the token on from the node until every token rests in a task, a
// wait or a join, or is gone. before is what the caller gets back on refusal.
func (r *run) leave(at int, path []string, before Instance) (Instance, []Effect, error) {
	queue, err := r.out(at, path)
	for moved := 0; err == nil && len(queue) > 0; moved++ {
		if moved > maxMoves {
			err = fault.New(fault.Conflict, "process.endless", nil)
			break
		}
		m := queue[0]
		var next []move
		next, err = r.arrive(m)
		queue = append(queue[1:], next...)
	}
	if err == nil && r.inst.Tokens() == 0 {
		err = r.emit(Effect{Type: Finished})
	}
	if err != nil {
		return before, nil, err
	}
	return r.inst, r.effects, nil
}

// arrive brings a token to the end of its flow and says how it goes on.
func (r *run) arrive(m move) ([]move, error) {
	at := r.g.flows[m.flow].to
	n := r.g.nodes[at]
	switch {
	case n.Kind == KindEnd:
		return nil, nil
	case n.Kind == KindBranch:
		return r.out(at, m.path)
	case n.Kind == KindParallel:
		return r.join(at, m)
	default:
		return nil, r.open(at, m.path)
	}
}

// join holds the token until one has come along every way in.
func (r *run) join(at int, m move) ([]move, error) {
	n := r.g.nodes[at]
	if len(n.in) > 1 {
		if err := r.emit(Effect{Type: Arrived, Step: n.ID, Flow: r.g.flows[m.flow].ID}); err != nil {
			return nil, err
		}
		flows := make([]string, 0, len(n.in))
		for _, f := range n.in {
			id := r.g.flows[f].ID
			if !slices.Contains(r.inst.Arrivals, Arrival{n.ID, id}) {
				return nil, nil
			}
			flows = append(flows, id)
		}
		if err := r.emit(Effect{Type: Joined, Step: n.ID, Flows: flows}); err != nil {
			return nil, err
		}
	}
	return r.out(at, nil)
}

// out chooses the ways that a token takes out of the node.
func (r *run) out(at int, path []string) ([]move, error) {
	n := r.g.nodes[at]
	if n.Kind == KindParallel {
		moves := make([]move, len(n.out))
		for i, f := range n.out {
			moves[i] = move{f, nil}
		}
		return moves, nil
	}
	otherwise := -1
	for _, f := range n.out {
		e := r.g.flows[f]
		if e.Default {
			otherwise = f
			continue
		}
		if e.When == "" {
			return []move{{f, path}}, nil
		}
		yes, err := e.guard(r.facts)
		if err != nil {
			return nil, fault.Wrap(err, fault.Conflict, "process.guard_failed", fault.Args{"step": n.label(), "condition": e.When})
		}
		if yes {
			return []move{{f, path}}, nil
		}
	}
	if otherwise < 0 {
		return nil, fault.New(fault.Conflict, "process.no_branch", fault.Args{"step": n.label()})
	}
	return []move{{otherwise, path}}, nil
}

// open opens the task or wait of a node and sets its timers. A step that is
// entered again by a loop begins its path anew, which bounds the path.
func (r *run) open(at int, path []string) error {
	n := r.g.nodes[at]
	if r.inst.Opened >= MaxOpened {
		return fault.New(fault.Conflict, "process.endless", nil)
	}
	if again := slices.Index(path, n.ID); again >= 0 {
		path = path[:again]
	}
	if len(path) == 0 {
		path = nil
	}
	e := Effect{Type: TaskOpened, ID: r.ids(), Step: n.ID, Name: n.Name, Kind: n.Kind, Unit: n.Unit, Role: n.Role, Share: n.Share, Path: slices.Clone(path)}
	if n.Kind.Wait() {
		e.Type, e.Unit, e.Role, e.Share = WaitOpened, "", "", 0
	}
	if err := r.emit(e); err != nil {
		return err
	}
	for _, t := range n.timers {
		timer := r.g.nodes[t]
		if err := r.emit(Effect{Type: TimerSet, ID: e.ID, Step: timer.ID, After: timer.After}); err != nil {
			return err
		}
	}
	return nil
}

// label is how a message names the step.
func (s Step) label() string {
	if s.Name != "" {
		return s.Name
	}
	return s.ID
}
