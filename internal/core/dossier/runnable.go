package dossier

import (
	"slices"

	"github.com/motcua/motcua/internal/core/access"
	"github.com/motcua/motcua/internal/core/fault"
	"github.com/motcua/motcua/internal/core/process"
)

// completing is the act that ends a task of each kind; its row of the table says
// who may do it.
var completing = map[TaskKind]Act{
	TaskReceive: Forward, TaskCheck: Propose, TaskHandle: Propose, TaskVerify: Propose, TaskPropose: Propose, TaskConsult: Answer,
	TaskApprove: Approve, TaskNumber: Number, TaskSign: Sign, TaskIssue: IssueResult, TaskHandOver: HandOver, TaskReturn: Return,
}

// RoleFits reports whether a role may end tasks of a kind at all. A step that is
// given to another role would never be done.
func RoleFits(kind TaskKind, role access.Role) bool {
	for _, t := range transitions {
		if t.Act == completing[kind] && slices.Contains(t.Tasks, kind) {
			if _, ok := access.Holders(t.Permit)[role]; ok {
				return true
			}
		}
	}
	return false
}

// Unrunnable lists why no dossier could be driven through a process, although it
// is sound in itself: the law's acts have an order of their own. The template
// must be one that process.Compile accepts.
//
// A dossier is received first, and once; its result is approved before it is
// numbered, signed and issued, and issued before it is handed over and returned;
// every way ends with the return at the receiving unit; a consulted unit has a
// deadline, since its silence is recorded.
func Unrunnable(t process.Template) []process.Problem {
	w := newWays(t)
	var problems []process.Problem
	say := func(s process.Step, key string) {
		problems = append(problems, process.Problem{Step: s.ID, Key: key, Args: fault.Args{"step": stepLabel(s)}})
	}
	approved, issued := w.always(TaskApprove), w.always(TaskIssue)
	atOnce := w.directlyAfter(TaskReceive)
	for i, s := range t.Steps {
		kind := TaskKind(s.Kind)
		if !s.Kind.Work() {
			continue
		}
		if s.Role != "" && !RoleFits(kind, access.Role(s.Role)) {
			problems = append(problems, process.Problem{Step: s.ID, Key: "dossier.process_role", Args: fault.Args{"step": stepLabel(s), "role": s.Role}})
		}
		switch kind {
		case TaskReceive:
			if s.Unit != process.UnitCentre {
				say(s, "dossier.process_at_centre")
			}
			if w.passed(TaskReceive, i) {
				say(s, "dossier.process_receives_again")
			}
		case TaskConsult:
			if s.Share == 0 {
				say(s, "dossier.process_consult_deadline")
			}
		case TaskApprove:
			if w.passed(TaskNumber, i) || w.passed(TaskIssue, i) {
				say(s, "dossier.process_approves_late")
			}
		case TaskNumber, TaskSign, TaskIssue:
			if !approved[i] {
				say(s, "dossier.process_approve_first")
			}
		case TaskHandOver, TaskReturn:
			if !issued[i] && !(kind == TaskReturn && atOnce[i]) {
				say(s, "dossier.process_issue_first")
			}
			if kind == TaskReturn && s.Unit != process.UnitCentre {
				say(s, "dossier.process_at_centre")
			}
		}
		if kind != TaskReceive && !w.passed(TaskReceive, i) {
			say(s, "dossier.process_receive_first")
		} else if w.passed(TaskReturn, i) {
			say(s, "dossier.process_after_return")
		}
	}
	if !w.returns() {
		problems = append(problems, process.Problem{Key: "dossier.process_return_last"})
	}
	return problems
}

func stepLabel(s process.Step) string {
	if s.Name != "" {
		return s.Name
	}
	return s.ID
}

// ways is a template as a graph of steps by place.
type ways struct {
	steps   []process.Step
	next    [][]int // plain ways out
	late    [][]int // timers attached
	before  [][]int // ways in, timers included
	starts  int
	reached map[TaskKind][]bool
}

func newWays(t process.Template) *ways {
	w := &ways{
		steps: t.Steps, next: make([][]int, len(t.Steps)), late: make([][]int, len(t.Steps)), before: make([][]int, len(t.Steps)),
		reached: map[TaskKind][]bool{},
	}
	place := make(map[string]int, len(t.Steps))
	for i, s := range t.Steps {
		place[s.ID] = i
		if s.Kind == process.KindStart {
			w.starts = i
		}
	}
	for _, f := range t.Flows {
		from, to := place[f.From], place[f.To]
		w.next[from] = append(w.next[from], to)
		w.before[to] = append(w.before[to], from)
	}
	for i, s := range t.Steps {
		if s.Kind == process.KindTimer {
			w.late[place[s.On]] = append(w.late[place[s.On]], i)
			w.before[i] = append(w.before[i], place[s.On])
		}
	}
	return w
}

// always reports, for each step, whether a task of the kind is done before it on
// every way. A join waits for all its ways, so one of them is enough.
func (w *ways) always(kind TaskKind) []bool {
	done := make([]bool, len(w.steps)) // before the step
	for i := range done {
		done[i] = i != w.starts
	}
	for changed := true; changed; {
		changed = false
		for i, s := range w.steps {
			if !done[i] {
				continue
			}
			// A timer goes off while the step it is attached to is still open.
			after := func(from int) bool {
				return done[from] || TaskKind(w.steps[from].Kind) == kind && s.Kind != process.KindTimer
			}
			ok := slices.ContainsFunc(w.before[i], after)
			if s.Kind != process.KindParallel {
				ok = !slices.ContainsFunc(w.before[i], func(from int) bool { return !after(from) })
			}
			if !ok {
				done[i], changed = false, true
			}
		}
	}
	return done
}

// passed reports whether some way comes to the step after a task of the kind.
func (w *ways) passed(kind TaskKind, step int) bool {
	if w.reached[kind] == nil {
		var from []int
		for i, s := range w.steps {
			if TaskKind(s.Kind) == kind {
				from = append(from, w.next[i]...)
			}
		}
		w.reached[kind] = w.closure(from)
	}
	return w.reached[kind][step]
}

func (w *ways) closure(queue []int) []bool {
	seen := make([]bool, len(w.steps))
	queue = slices.Clone(queue)
	for len(queue) > 0 {
		at := queue[len(queue)-1]
		queue = queue[:len(queue)-1]
		if !seen[at] {
			seen[at] = true
			queue = append(append(queue, w.next[at]...), w.late[at]...)
		}
	}
	return seen
}

// directlyAfter reports which steps come straight after a task of the kind, with
// nothing but gateways between: a result decided on the spot is there already.
func (w *ways) directlyAfter(kind TaskKind) []bool {
	direct := make([]bool, len(w.steps))
	var follow func(int)
	follow = func(at int) {
		for _, next := range w.next[at] {
			if !direct[next] {
				direct[next] = true
				if w.steps[next].Kind == process.KindBranch {
					follow(next)
				}
			}
		}
	}
	for i, s := range w.steps {
		if TaskKind(s.Kind) == kind {
			follow(i)
		}
	}
	return direct
}

// returns reports whether every run comes to a return: after a parallel split
// one of the parts is enough, after a choice every way must.
func (w *ways) returns() bool {
	does := make([]bool, len(w.steps))
	for i := range does {
		does[i] = w.steps[i].Kind != process.KindEnd
	}
	for changed := true; changed; {
		changed = false
		for i, s := range w.steps {
			if !does[i] || s.Kind == process.KindReturn {
				continue
			}
			leads := func(n int) bool { return does[n] }
			not := func(n int) bool { return !does[n] }
			ok := !slices.ContainsFunc(w.next[i], not)
			if s.Kind == process.KindParallel {
				ok = slices.ContainsFunc(w.next[i], leads)
			}
			for _, timer := range w.late[i] {
				ok = ok && (w.steps[timer].Continue || does[timer])
			}
			if !ok {
				does[i], changed = false, true
			}
		}
	}
	return does[w.starts]
}
