package dossier

import (
	"encoding/json"
	"strings"
	"time"

	"github.com/motcua/motcua/internal/core/access"
	"github.com/motcua/motcua/internal/core/civil"
	"github.com/motcua/motcua/internal/core/fault"
)

// How a consulted unit can answer.
const (
	OutcomeAgree    = "agree"    // đồng ý
	OutcomeDisagree = "disagree" // không đồng ý
	OutcomeOther    = "other"    // ý kiến khác
)

// maxUnits is how many units one question may go to.
const maxUnits = 50

// decideConsult asks one or more units for their opinion by a day (NĐ 61/2018
// art 19.5). Each gets a task that stands beside the process; the task that
// asks cannot end before they answered or their time passed. The clock goes on,
// unless a legal ground says that it stops.
func decideConsult(d Dossier, ctx Context, in Input, t Transition, task Task) (Change, error) {
	var units, ground *fault.Fault
	if len(in.Units) == 0 || len(in.Units) > maxUnits {
		units = fault.Field("units", "dossier.units_missing", fault.Args{"most": maxUnits})
	}
	if in.StopClock && strings.TrimSpace(in.LegalGround) == "" {
		ground = fault.Field("legalGround", "dossier.ground_missing", nil)
	}
	var day *fault.Fault
	if in.DueOn.IsZero() {
		day = fault.Field("dueOn", "dossier.answer_by_missing", nil)
	}
	if err := fault.Join(units, day, ground); err != nil {
		return Change{}, err
	}
	by, err := ctx.answerBy(in.DueOn, 0)
	if err != nil {
		return Change{}, err
	}
	var c Change
	for _, u := range in.Units {
		code, name, err := ctx.Place(u)
		if err != nil {
			return c, err
		}
		if code == task.Unit || d.asked(task.ID, code) || c.asks(code) {
			return c, fault.Field("units", "dossier.unit_asked", fault.Args{"unit": name})
		}
		id := ctx.NewID()
		c.Opened = append(c.Opened, Task{
			ID: id, Kind: TaskConsult, Unit: code, UnitName: name, Role: access.Handler, OpenedAt: ctx.Now, DueAt: by, For: task.ID,
		})
		c.Consulted = append(c.Consulted, Consulted{
			Task: id, For: task.ID, Unit: code, UnitName: name, AskedAt: ctx.Now, By: ctx.Actor.ID, DueAt: by, Stops: in.StopClock,
		})
	}
	return c, nil
}

// asked reports whether the unit still has to answer for the task.
func (d Dossier) asked(task, unit string) bool {
	for _, t := range d.Tasks {
		if t.For == task && t.Unit == unit {
			return true
		}
	}
	return false
}

func (c Change) asks(unit string) bool {
	for _, t := range c.Opened {
		if t.Unit == unit {
			return true
		}
	}
	return false
}

// decideAnswer records the opinion of a consulted unit; what it says is the
// reason text.
func decideAnswer(d Dossier, ctx Context, in Input, t Transition, task Task) (Change, error) {
	switch in.Outcome {
	case OutcomeAgree, OutcomeDisagree, OutcomeOther:
	default:
		return Change{}, fault.Field("outcome", "dossier.answer_unknown", nil)
	}
	c := Change{Opinion: &Opinion{Task: task.ID, At: ctx.Now, Outcome: in.Outcome, By: ctx.Actor.Name, Files: in.Files}}
	if task.Beside() {
		c.Held = ctx.taking(task)
		c.Closed = []string{task.ID}
		return c, nil
	}
	return ctx.complete(d, c, task, in.Outcome)
}

// OutcomeSilent is what the process sees when a consulted unit gave no answer in
// time.
const OutcomeSilent = "silent"

// decideNoteSilence records that a consulted unit let its time pass. The
// dossier goes on without its opinion.
func decideNoteSilence(d Dossier, ctx Context, in Input, t Transition, task Task) (Change, error) {
	if task.DueAt.IsZero() || task.DueAt.After(ctx.Now) {
		return Change{}, fault.New(fault.Conflict, "dossier.too_early", fault.Args{"at": shown(task.DueAt)})
	}
	c := Change{Opinion: &Opinion{Task: task.ID, At: ctx.Now, Silent: true}}
	if task.Beside() {
		c.Closed = []string{task.ID}
		return c, nil
	}
	return ctx.complete(d, c, task, OutcomeSilent)
}

// decideVerifyRecord stores the record of a verification: when and where it was
// held, who took part, what was found (NĐ 61/2018 art 19.3).
func decideVerifyRecord(d Dossier, ctx Context, in Input, t Transition, task Task) (Change, error) {
	if in.Verified == nil {
		return Change{}, fault.Field("verified.content", "dossier.record_missing", nil)
	}
	v := *in.Verified
	held := in.HeldAt
	if held.IsZero() {
		held = ctx.Now
	}
	var when, where, who, what *fault.Fault
	if held.After(ctx.Now) || held.Before(d.ReceivedAt) {
		when = fault.Field("heldAt", "dossier.record_when", nil)
	}
	if strings.TrimSpace(v.Where) == "" {
		where = fault.Field("verified.where", "dossier.record_where", nil)
	}
	if len(v.Participants) == 0 {
		who = fault.Field("verified.participants", "dossier.record_who", nil)
	}
	if strings.TrimSpace(v.Content) == "" {
		what = fault.Field("verified.content", "dossier.record_missing", nil)
	}
	if err := fault.Join(when, where, who, what, tooLong("verified.content", v.Content, 20_000), tooLong("verified.where", v.Where, 500), tooLong("verified.participants", strings.Join(v.Participants, "; "), 4000)); err != nil {
		return Change{}, err
	}
	plain, err := json.Marshal(v)
	if err != nil {
		return Change{}, err
	}
	return Change{Record: &Record{
		ID: ctx.NewID(), Task: task.ID, HeldAt: held, By: ctx.Actor.Name, Sealed: ctx.Seal(plain), Files: in.Files,
	}}, nil
}

// shown writes an instant into a message.
func shown(t time.Time) string { return t.In(civil.Zone).Format("15:04 02/01/2006") }
