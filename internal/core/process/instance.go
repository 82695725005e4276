package process

import (
	"slices"

	"github.com/motcua/motcua/internal/core/fault"
)

// Instance says where one dossier stands in its process. It is plain data: its
// JSON form is its stored form, and equal histories give equal instances. Every
// token of the process is exactly one open task, one open wait, or one arrival
// at a parallel join.
type Instance struct {
	Template string    `json:"template"`
	Version  int       `json:"version"`
	Tasks    []Task    `json:"tasks,omitempty"`    // open tasks, oldest first
	Waits    []Wait    `json:"waits,omitempty"`    // open waits, oldest first
	Arrivals []Arrival `json:"arrivals,omitempty"` // tokens that wait at a join
	Timers   []Timer   `json:"timers,omitempty"`   // running timers
	Opened   int       `json:"opened"`             // tasks and waits opened so far
	Finished bool      `json:"finished,omitempty"`
}

// Task is work that somebody has to do now (việc đang mở).
type Task struct {
	ID    string   `json:"id"`
	Step  string   `json:"step"`
	Name  string   `json:"name,omitempty"`
	Kind  Kind     `json:"kind"`
	Unit  string   `json:"unit,omitempty"` // as in the template: relative or a key
	Role  string   `json:"role,omitempty"`
	Share int      `json:"share,omitempty"` // working minutes
	Path  []string `json:"path,omitempty"`  // steps done before it in the same part, for Back
}

// Wait is an open wait for somebody outside.
type Wait struct {
	ID   string   `json:"id"`
	Step string   `json:"step"`
	Name string   `json:"name,omitempty"`
	Kind Kind     `json:"kind"`
	Path []string `json:"path,omitempty"`
}

// Arrival is a token that waits at a parallel join for the others.
type Arrival struct {
	Step string `json:"step"`
	Flow string `json:"flow"` // the way by which it came
}

// Timer runs on an open task or wait.
type Timer struct {
	On    string `json:"on"`    // id of the task or wait
	Step  string `json:"step"`  // the timer step
	After int    `json:"after"` // working minutes after the task or wait opened
}

// Tokens counts what still moves; it is zero exactly when the run is finished.
func (i Instance) Tokens() int { return len(i.Tasks) + len(i.Waits) + len(i.Arrivals) }

// Task returns the open task with that id.
func (i Instance) Task(id string) (Task, bool) {
	at := slices.IndexFunc(i.Tasks, func(t Task) bool { return t.ID == id })
	if at < 0 {
		return Task{}, false
	}
	return i.Tasks[at], true
}

// Wait returns the open wait with that id.
func (i Instance) Wait(id string) (Wait, bool) {
	at := slices.IndexFunc(i.Waits, func(w Wait) bool { return w.ID == id })
	if at < 0 {
		return Wait{}, false
	}
	return i.Waits[at], true
}

// EffectType names what an effect does.
type EffectType string

// The effects. Together they are the complete history of a run.
const (
	Started    EffectType = "started"     // Template, Version
	TaskOpened EffectType = "task-opened" // ID, Step, Name, Kind, Unit, Role, Share, Path
	TaskClosed EffectType = "task-closed" // ID, Step, Kind, How
	WaitOpened EffectType = "wait-opened" // ID, Step, Name, Kind, Path
	WaitClosed EffectType = "wait-closed" // ID, Step, Kind, How
	TimerSet   EffectType = "timer-set"   // ID of the task or wait, Step of the timer, After
	TimerFired EffectType = "timer-fired" // ID of the task or wait, Step of the timer
	Arrived    EffectType = "arrived"     // Step, Flow: a token reached a join
	Joined     EffectType = "joined"      // Step, Flows: the join let its tokens through
	Finished   EffectType = "finished"    // nothing is left to do
	Abandoned  EffectType = "abandoned"   // tokens at joins were given up
	Moved      EffectType = "moved"       // Template, Version: the run goes on by another template
)

// How a task or wait was closed.
const (
	ByDone   = "done"
	ByBack   = "back"
	ByTimer  = "timer"
	ByCancel = "cancel"
)

// Effect is one thing that a step of the kernel did. Type says which of the
// other fields count. It carries outcomes, so that Apply needs no template.
type Effect struct {
	Type     EffectType `json:"type"`
	Template string     `json:"template,omitempty"`
	Version  int        `json:"version,omitempty"`
	ID       string     `json:"id,omitempty"`
	Step     string     `json:"step,omitempty"`
	Name     string     `json:"name,omitempty"`
	Kind     Kind       `json:"kind,omitempty"`
	Unit     string     `json:"unit,omitempty"`
	Role     string     `json:"role,omitempty"`
	Share    int        `json:"share,omitempty"`
	After    int        `json:"after,omitempty"`
	How      string     `json:"how,omitempty"`
	Flow     string     `json:"flow,omitempty"`
	Flows    []string   `json:"flows,omitempty"`
	Path     []string   `json:"path,omitempty"`
}

// Apply returns the instance after e. It is the only place where an instance
// changes; the kernel itself goes through it. It fails with an Internal fault
// when e does not fit the instance, which means that the history is damaged.
func Apply(i Instance, e Effect) (Instance, error) {
	switch e.Type {
	case Started:
		return Instance{Template: e.Template, Version: e.Version}, nil
	case Moved:
		i.Template, i.Version = e.Template, e.Version
	case TaskOpened:
		i.Tasks = append(slices.Clone(i.Tasks), Task{e.ID, e.Step, e.Name, e.Kind, e.Unit, e.Role, e.Share, e.Path})
		i.Opened++
	case WaitOpened:
		i.Waits = append(slices.Clone(i.Waits), Wait{e.ID, e.Step, e.Name, e.Kind, e.Path})
		i.Opened++
	case TaskClosed:
		at := slices.IndexFunc(i.Tasks, func(t Task) bool { return t.ID == e.ID })
		if at < 0 {
			return i, unfit(e)
		}
		i.Tasks = without(i.Tasks, at)
		i.Timers = stopTimers(i.Timers, e.ID)
	case WaitClosed:
		at := slices.IndexFunc(i.Waits, func(w Wait) bool { return w.ID == e.ID })
		if at < 0 {
			return i, unfit(e)
		}
		i.Waits = without(i.Waits, at)
		i.Timers = stopTimers(i.Timers, e.ID)
	case TimerSet:
		i.Timers = append(slices.Clone(i.Timers), Timer{e.ID, e.Step, e.After})
	case TimerFired:
		at := slices.IndexFunc(i.Timers, func(t Timer) bool { return t.On == e.ID && t.Step == e.Step })
		if at < 0 {
			return i, unfit(e)
		}
		i.Timers = without(i.Timers, at)
	case Arrived:
		i.Arrivals = append(slices.Clone(i.Arrivals), Arrival{e.Step, e.Flow})
	case Joined:
		for _, f := range e.Flows {
			at := slices.Index(i.Arrivals, Arrival{e.Step, f})
			if at < 0 {
				return i, unfit(e)
			}
			i.Arrivals = without(i.Arrivals, at)
		}
	case Abandoned:
		i.Arrivals = nil
	case Finished:
		if i.Tokens() != 0 {
			return i, unfit(e)
		}
		i.Finished = true
	default:
		return i, unfit(e)
	}
	return i, nil
}

// Replay rebuilds the instance from its whole history.
func Replay(effects []Effect) (Instance, error) {
	var i Instance
	for _, e := range effects {
		var err error
		if i, err = Apply(i, e); err != nil {
			return i, err
		}
	}
	return i, nil
}

func unfit(e Effect) error {
	return fault.New(fault.Internal, "process.effect_unfit", fault.Args{"type": string(e.Type), "step": e.Step})
}

// without returns all but the member at index at, nil when none is left, so
// that an instance equals its copy read back from JSON.
func without[T any](all []T, at int) []T {
	if len(all) == 1 {
		return nil
	}
	return slices.Delete(slices.Clone(all), at, at+1)
}

func stopTimers(all []Timer, on string) []Timer {
	var rest []Timer
	for _, t := range all {
		if t.On != on {
			rest = append(rest, t)
		}
	}
	return rest
}
