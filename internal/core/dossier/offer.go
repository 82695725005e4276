package dossier

import (
	"slices"

	"github.com/motcua/motcua/internal/core/access"
	"github.com/motcua/motcua/internal/core/fault"
)

// choose finds the row of the table and the open task that an act means. Where
// an act has several rows from a status, the one whose task is open counts.
func choose(d Dossier, a access.Actor, in Input) (Transition, Task, error) {
	var first error
	for _, t := range rows(d.Status, in.Act) {
		task, err := taskFor(d, a, t, in.Task)
		if err == nil {
			return t, task, nil
		}
		if first == nil {
			first = err
		}
	}
	if first == nil {
		first = fault.New(fault.Conflict, "dossier.act_not_now", fault.Args{"act": string(in.Act), "status": int(d.Status)})
	}
	return Transition{}, Task{}, first
}

// taskFor finds the open task that the act works on and refuses when somebody
// else holds it. A person who means one of several that fit must say which.
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
	task := fit[0]
	if takes := t.Act == Claim || t.Act == Assign; !takes && heldByOther(task, a) {
		return Task{}, fault.New(fault.Conflict, "dossier.task_held", fault.Args{"name": task.HolderName})
	}
	return task, nil
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
// the one who distributes work in its unit.
func heldByOther(t Task, a access.Actor) bool {
	return t.Holder != "" && t.Holder != a.ID && !access.May(a, access.AssignDossier, t.Unit)
}

// nearest keeps the tasks that are nearest to the actor: those he holds, else
// those in his pool, else those of his unit, else all. Taking and giving out
// work looks at pools and units first.
func nearest(all []Task, a access.Actor, act Act) []Task {
	held := func(t Task) bool { return t.Holder == a.ID }
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
		if deciders[t.Act] == nil || !slices.Contains(t.From, d.Status) {
			continue
		}
		if len(t.Tasks) == 0 {
			if permitted(d, a, t, Task{}) && sensible(d, a, t.Act, Task{}) {
				out = append(out, Offer{Transition: t})
			}
			continue
		}
		for _, task := range nearest(fitting(d, t), a, t.Act) {
			if _, err := taskFor(d, a, t, task.ID); err == nil && permitted(d, a, t, task) && sensible(d, a, t.Act, task) {
				out = append(out, Offer{Transition: t, TaskID: task.ID})
			}
		}
	}
	return out
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
	case CollectFee, ExemptFee:
		return !d.Fee.Settled()
	case Number:
		return d.Result != nil && d.Result.Number == ""
	case Sign:
		return d.Result != nil && d.Result.Number != "" && d.Result.SignedAt == nil
	case IssueResult:
		return d.Result != nil && d.Result.Number != ""
	case ReceiveLate:
		return d.Late != nil && d.Late.ConfirmedAt == nil
	case HandOver, Propose, Forward:
		return true
	case Accept:
		return !d.Received()
	case Approve, Refuse:
		return d.Proposal != nil
	}
	return true
}
