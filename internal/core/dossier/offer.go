package dossier

import (
	"cmp"
	"slices"

	"github.com/motcua/motcua/internal/core/access"
	"github.com/motcua/motcua/internal/core/fault"
)

// choose finds the row of the table and the open task that an act means. Where
// an act has several rows from a status, the one whose task is open counts, and
// among several of those the one that permits the actor. Who else holds a task
// is only told to somebody who may work on it.
func choose(d Dossier, a access.Actor, in Input) (Transition, Task, error) {
	var first, held error
	var row Transition
	var work Task
	for _, t := range rows(d, in.Act) {
		task, err := taskFor(d, a, t, in.Task)
		switch {
		case err != nil:
			first = cmp.Or(first, err)
		case !permitted(d, a, t, task):
			if row.Act == "" {
				row, work = t, task
			}
		case heldByOther(t, task, a):
			held = cmp.Or(held, error(fault.New(fault.Conflict, "dossier.task_held", fault.Args{"name": task.HolderName})))
		default:
			return t, task, nil
		}
	}
	switch {
	case held != nil:
		return Transition{}, Task{}, held
	case row.Act != "":
		return row, work, nil // Decide says that it is not his to do
	case first == nil:
		first = fault.New(fault.Conflict, "dossier.act_not_now", fault.Args{"act": string(in.Act), "status": int(d.Status)})
	}
	return Transition{}, Task{}, first
}

// taskFor finds the open task that the act works on. A person who means one of
// several that fit must say which.
func taskFor(d Dossier, a access.Actor, t Transition, id string) (Task, error) {
	if len(t.Tasks) == 0 {
		return Task{}, nil
	}
	fit := nearest(fitting(d, t), a, t.Act)
	if id != "" {
		fit = slices.DeleteFunc(fitting(d, t), func(task Task) bool { return task.ID != id })
	}
	switch {
	case len(fit) == 0:
		return Task{}, fault.New(fault.Conflict, "dossier.task_not_open", fault.Args{"act": string(t.Act), "task": string(t.Tasks[0])})
	case len(fit) > 1:
		return Task{}, fault.Field("task", "dossier.task_which", fault.Args{"n": len(fit)})
	}
	return fit[0], nil
}

func fitting(d Dossier, t Transition) []Task {
	var fit []Task
	for _, task := range d.Tasks {
		if slices.Contains(t.Tasks, task.Kind) {
			fit = append(fit, task)
		}
	}
	return fit
}

// heldByOther reports whether somebody else holds the task and the actor is not
// the one who distributes work in its unit. Taking and giving out work are
// about tasks of others.
func heldByOther(row Transition, t Task, a access.Actor) bool {
	if row.Act == Claim || row.Act == Assign {
		return false
	}
	return t.Holder != "" && !a.Stands(t.Holder) && !a.IsSystem() && !access.May(a, access.AssignDossier, t.Unit)
}

// nearest keeps the tasks that are nearest to the actor: those he holds, else
// those in his pool, else those of his unit, else all. Taking and giving out
// work looks at pools and units first.
func nearest(all []Task, a access.Actor, act Act) []Task {
	held := func(t Task) bool { return a.Stands(t.Holder) }
	pool := func(t Task) bool { return t.Pool() && t.HeldBy(a) }
	unit := func(t Task) bool { return t.Unit == a.Unit }
	order := []func(Task) bool{held, pool, unit}
	switch act {
	case Claim:
		order = order[1:]
	case Assign:
		order = order[2:]
	}
	for _, is := range order {
		if near := slices.DeleteFunc(slices.Clone(all), func(t Task) bool { return !is(t) }); len(near) > 0 {
			return near
		}
	}
	return all
}

// Offer is an act that a person can do now, for the buttons of a page.
type Offer struct {
	Transition
	TaskID string
}

// Offers lists what the actor can do with the dossier now, in the table's
// order. It asks the same table that Decide enforces.
func Offers(d Dossier, a access.Actor) []Offer {
	var out []Offer
	if !Readable(d, a) {
		return nil
	}
	for _, t := range transitions {
		if deciders[t.Act] == nil || !t.open(d) || t.Signs && !a.MaySign() {
			continue
		}
		if len(t.Tasks) == 0 {
			if permitted(d, a, t, Task{}) && sensible(d, a, t.Act, Task{}) {
				out = append(out, Offer{Transition: t})
			}
			continue
		}
		for _, task := range nearest(fitting(d, t), a, t.Act) {
			if permitted(d, a, t, task) && !heldByOther(t, task, a) && sensible(d, a, t.Act, task) {
				out = append(out, offer(t, task))
			}
		}
	}
	return out
}

// offer is the row with the task that it works on. Taking work from somebody who
// has it needs a reason.
func offer(t Transition, task Task) Offer {
	if t.Act == Assign && !task.Pool() {
		t.Needs |= NeedReason
	}
	return Offer{Transition: t, TaskID: task.ID}
}

// sensible leaves out acts that the table allows but that would be refused for
// the dossier's facts: nothing to claim, no fee to collect, no hand-over open.
func sensible(d Dossier, a access.Actor, act Act, task Task) bool {
	switch act {
	case ReceiveHandover:
		_, ok := d.OpenHandoverTo(a.Unit)
		return ok
	case Claim:
		return task.Pool() && task.HeldBy(a)
	case Release:
		return !task.Pool()
	case CollectFee, ExemptFee:
		return !d.Fee.Settled()
	case Number:
		return d.Result != nil && d.Result.Number == ""
	case Sign:
		return d.Result != nil && d.Result.SignedAt == nil && (d.Result.Number != "" || task.Kind == TaskSign)
	case Stamp:
		return d.Result != nil && d.Result.Signed != nil && d.Result.StampedAt == nil
	case IssueResult:
		return task.Kind == TaskReceive || d.Result != nil && d.Result.Number != "" && d.Result.SignedAt != nil && (d.Result.Signed == nil || d.Result.StampedAt != nil)
	case ReceiveLate:
		return d.Late != nil && d.Late.ConfirmedAt == nil
	case Undo:
		return d.Last != nil && d.Last.By == a.ID
	case Repair:
		return d.Repair == nil
	case ConfirmRepair:
		return d.Repair != nil && !a.Stands(d.Repair.By)
	case DeclineRepair:
		return d.Repair != nil
	case TakeBack:
		return d.Issued()
	case Apologise:
		return d.Deadline.Apology == nil && !d.Deadline.DueAt.IsZero()
	}
	return sensibleStep(d, act, task)
}

// sensibleStep is sensible for the acts that carry the process on.
func sensibleStep(d Dossier, act Act, task Task) bool {
	switch act {
	case RefuseReception:
		return !d.Received()
	case Approve:
		return d.Proposal == nil || d.Proposal.Outcome != OutcomeRefuse
	case SendBack:
		t, ok := d.Process.Task(task.ID)
		return ok && len(t.Path) > 0
	case Propose:
		return task.Kind != TaskVerify || slices.ContainsFunc(d.Records, func(r Record) bool { return r.Task == task.ID })
	case LapseSupplement:
		s, ok := d.OpenSupplement()
		return ok && s.Wait == ""
	}
	return true
}
