package dossier

import (
	"fmt"
	"slices"

	"github.com/motcua/motcua/internal/core/civil"
	"github.com/motcua/motcua/internal/core/process"
)

// findings collects what is impossible about a stored dossier.
type findings []string

func (f *findings) say(format string, args ...any) { *f = append(*f, fmt.Sprintf(format, args...)) }

// Violations lists what is impossible about a stored dossier. An empty list is
// the only right answer; verify runs it over every dossier.
func (d Dossier) Violations() []string {
	var f findings
	if !d.Status.Known() {
		f.say("I-15: status %d is none of the ten", d.Status)
	}
	d.checkWork(&f)
	d.checkRequests(&f)
	d.checkLedger(&f)
	d.checkPeople(&f)
	d.checkReception(&f)
	if d.Status == Returned && !d.Fee.Settled() {
		f.say("I-20: returned with %s owed", d.Fee.Total)
	}
	if (d.Status == Resolved || d.Status == Returned) && !d.Issued() {
		f.say("I-15: %s without an issued result", d.Status)
	}
	return f
}

// checkWork looks at tasks and holders: an open dossier has a task or a recorded
// wait, and the dossier's tasks are those of its process, one for one.
func (d Dossier) checkWork(f *findings) {
	if d.Open() && d.Received() && len(d.Tasks) == 0 && len(d.Process.Waits) == 0 {
		f.say("I-16: open dossier without a task or a recorded wait")
	}
	if d.Status.Ended() && len(d.Tasks) > 0 {
		f.say("I-16: ended dossier with %d open tasks", len(d.Tasks))
	}
	if d.Status != Stopped {
		for _, t := range d.Process.Tasks {
			if n := count(d.Tasks, func(have Task) bool { return have.ID == t.ID }); n != 1 {
				f.say("I-16: task %s of the process is held %d times", t.ID, n)
			}
		}
	}
	for _, t := range d.Tasks {
		_, step := d.Process.Task(t.ID)
		switch _, asks := d.TaskByID(t.For); {
		case t.Beside() && !asks:
			f.say("I-16: task %s answers a task that is not open", t.ID)
		case !t.Beside() && !step:
			f.say("I-16: task %s is none of the process", t.ID)
		case t.Unit == "" || !slices.Contains(anyWork, t.Kind):
			f.say("I-16: task %s of kind %s lies in unit %q", t.ID, t.Kind, t.Unit)
		}
	}
	for _, t := range d.Timers {
		if !slices.ContainsFunc(d.Process.Timers, func(p process.Timer) bool { return p.On == t.On && p.Step == t.Step }) {
			f.say("I-16: timer %s runs on nothing", t.Step)
		}
	}
}

// checkRequests looks at what the applicant was asked for.
func (d Dossier) checkRequests(f *findings) {
	kinds := map[bool]int{}
	for _, s := range d.Supplements {
		if s.Wait != "" {
			continue // the published process asks for it, not an officer
		}
		kinds[s.AtReception]++
		if kinds[s.AtReception] > 1 && (s.Leader == "" || s.Ground == "") {
			f.say("I-15: supplement %d without a leader or a ground", kinds[s.AtReception])
		}
	}
	if want := d.unanswered(); d.Open() && d.Status.Waiting() != (want != 0) || d.Status.Waiting() && d.Status != want {
		f.say("I-15: status %s, but the applicant is asked for %s", d.Status, want)
	}
}

// checkLedger looks at the stops: in order, one open at most, and open exactly
// while there is a reason.
func (d Dossier) checkLedger(f *findings) {
	open := 0
	for i, s := range d.Deadline.Stops {
		switch {
		case s.Open():
			open++
		case s.ToAt.Before(s.FromAt):
			f.say("I-15: stop %d ends before it begins", i+1)
		}
		if i > 0 && s.FromAt.Before(d.Deadline.Stops[i-1].ToAt) {
			f.say("I-15: stop %d begins before the one before it ends", i+1)
		}
	}
	if open > 1 {
		f.say("I-15: %d stops open at once", open)
	}
	if !d.Received() || d.Status.Ended() && d.Status != Stopped {
		return
	}
	stop, _ := d.Deadline.Stopped()
	if want := d.standing(); stop.Kind != want {
		f.say("I-15: the clock stands for %q, and should for %q", stop.Kind, want)
	}
	if d.Status != Stopped && d.FinishedAt != nil && d.Status != Resolved && d.Status != Accepted {
		f.say("I-15: work has ended in status %s", d.Status)
	}
}

// checkPeople looks for somebody who gave the last approval to what he had made
// before.
func (d Dossier) checkPeople(f *findings) {
	if d.Result == nil || d.Result.Exception != "" {
		return
	}
	for i, t := range slices.Backward(d.Done) {
		if t.Kind != TaskApprove || t.Ended != process.ByDone {
			continue
		}
		made := (Dossier{Opening: d.Opening, Done: d.Done[:i]}).makers()
		for _, approver := range []string{t.Holder, t.Behalf} {
			if approver != "" && slices.Contains(made, approver) {
				f.say("I-19: %s approved what he made", approver)
			}
		}
		return
	}
}

// checkReception looks at code and time of reception.
func (d Dossier) checkReception(f *findings) {
	if !d.Received() {
		return
	}
	c, err := ParseCode(d.Code)
	switch {
	case d.Foreign():
		// a code of another system has the form that it has
	case err != nil:
		f.say("I-11: code %q has no legal form", d.Code)
	case d.ReceivedAt.IsZero():
		f.say("I-12: received without a time of reception")
	case c.Day != civil.DateOf(d.ReceivedAt):
		f.say("I-11: code %s does not carry the day of reception", d.Code)
	}
}

func count[T any](all []T, is func(T) bool) int {
	n := 0
	for _, x := range all {
		if is(x) {
			n++
		}
	}
	return n
}
