package supervise

import (
	"slices"
	"strconv"
	"time"

	"github.com/motcua/motcua/internal/core/civil"
	"github.com/motcua/motcua/internal/core/dossier"
	"github.com/motcua/motcua/internal/core/ruleset"
)

// StepCall is the step at which an officer calls whoever has not taken his
// result; the reminders before it are named after their days.
const StepCall StepName = "collect-call"

// ReadyAt is since when a result lies at the centre for the applicant; zero when
// none does.
func ReadyAt(d dossier.Dossier) time.Time {
	if _, open := d.OpenTask(dossier.TaskReturn); !open || d.Status != dossier.Resolved {
		return time.Time{}
	}
	return d.StatusAt
}

// CollectSteps are the steps by which a result is chased that the applicant takes
// at the counter, the earliest first: reminders to him and at last a call, each
// when the office opens on a working day. Other results are sent, not fetched, and
// have none. It fails as civil.Calendar does.
func CollectSteps(d dossier.Dossier, rule ruleset.CollectRule, cal *civil.Calendar) ([]Step, error) {
	since := ReadyAt(d)
	if since.IsZero() || d.ReturnChannel != dossier.ReturnCounter {
		return nil, nil
	}
	var steps []Step
	add := func(name StepName, days int) error {
		day, err := cal.NextWorking(civil.DateOf(since).AddDays(days))
		if err == nil {
			steps = append(steps, Step{Name: name, At: cal.Opening(day)})
		}
		return err
	}
	for _, n := range rule.Remind {
		if err := add(StepName("collect-"+strconv.Itoa(n)), n); err != nil {
			return nil, err
		}
	}
	if rule.Call > 0 {
		if err := add(StepCall, rule.Call); err != nil {
			return nil, err
		}
	}
	slices.SortStableFunc(steps, func(a, b Step) int { return a.At.Compare(b.At) })
	return steps, nil
}

// CallOutcome is what came of calling an applicant.
type CallOutcome string

// The outcomes: no free text, since watches name nobody.
const (
	CallReached  CallOutcome = "reached"  // gặp, hẹn đến nhận
	CallNoAnswer CallOutcome = "noAnswer" // không nghe máy
	CallWrong    CallOutcome = "wrong"    // sai số
)

// CallOutcomes lists them in the order in which pages show them.
func CallOutcomes() []CallOutcome { return []CallOutcome{CallReached, CallNoAnswer, CallWrong} }

// Key is the message key of the outcome's name.
func (o CallOutcome) Key() string { return "collect.call." + string(o) }

// Call is one call to an applicant whose result waits; the payload of
// WarningCalled.
type Call struct {
	At      time.Time   `json:"at"`
	By      string      `json:"by"`
	ByName  string      `json:"byName"`
	Outcome CallOutcome `json:"outcome"`
}

// Chased counts the reminders that were sent for a result that has waited since
// an instant, and says whether an officer has to call.
func (w Warning) Chased(since time.Time) (reminders int, last time.Time, call bool) {
	for _, t := range w.Taken {
		if !t.DueAt.Equal(since) {
			continue
		}
		if t.Step == StepCall {
			call = true
			continue
		}
		reminders, last = reminders+1, t.At
	}
	return reminders, last, call
}

// LastCall is the last call since an instant; ok is false when there was none.
func (w Warning) LastCall(since time.Time) (c Call, ok bool) {
	for _, c := range slices.Backward(w.Calls) {
		if !c.At.Before(since) {
			return c, true
		}
	}
	return Call{}, false
}
