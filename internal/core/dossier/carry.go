package dossier

import (
	"slices"
	"time"

	"github.com/motcua/motcua/internal/core/access"
	"github.com/motcua/motcua/internal/core/civil"
	"github.com/motcua/motcua/internal/core/fault"
)

// Carrying says where a dossier stood in the system that it was taken over from
// (chuyển dữ liệu từ hệ thống trước).
type Carrying struct {
	Status Status
	// Step is what has to be done next, of a dossier at work: a kind of task, or
	// the id of a step of its process. Empty is the first work at the agency.
	Step       string
	Holder     string // who holds that task; empty = the pool of its unit
	HolderName string

	Refused    bool      // the result is a refusal
	Number     string    // of the result document
	FinishedAt time.Time // end of work, of a dossier whose work is over
	Officer    string    // who returned the result, as that system names him

	Asked   string // what the applicant was asked for, of one that waits for papers
	AskedAt time.Time
}

// carryable are the statuses in which a dossier can be taken over: what was never
// received has no code, and a stop or an obligation has papers that no list holds.
var carryable = [...]Status{Accepted, Processing, SupplementRequired, Withdrawn, Resolved, Returned}

// CarryOver brings a dossier, received under the code of the system before, to
// where it stood there: an open one goes on at a step of its process, a finished
// one is history. It fails with fault.Invalid on the fields status, step,
// finishedAt, askedAt, and receipt when a result was returned with money owed.
func CarryOver(d Dossier, ctx Context, in Carrying) (Event, error) {
	if !access.May(ctx.Actor, access.ImportDossier, d.Unit) {
		return Event{}, fault.New(fault.Forbidden, "access.denied", nil)
	}
	if !slices.Contains(carryable[:], in.Status) {
		return Event{}, fault.Field("status", "dossier.carry_status", fault.Args{"status": fault.Line{Key: in.Status.Key()}})
	}
	if over := in.Status == Withdrawn || in.Status == Resolved || in.Status == Returned; over && in.FinishedAt.IsZero() {
		return Event{}, fault.Field("finishedAt", "dossier.carry_finished", nil)
	}
	if in.Status == Returned && !d.Fee.Settled() {
		return Event{}, fault.Field("receipt", "dossier.fee_receipt_missing", nil)
	}
	if in.Status == SupplementRequired && in.AskedAt.IsZero() {
		return Event{}, fault.Field("askedAt", "dossier.carry_asked", nil)
	}
	c, err := ctx.carry(d, in)
	if err != nil {
		return Event{}, err
	}
	at := ctx.Now
	if in.Status == SupplementRequired {
		at = in.AskedAt
	}
	if c, err = ctx.tick(d, c, Input{}, at); err != nil {
		return Event{}, err
	}
	if c, err = ctx.rank(d, c); err != nil {
		return Event{}, err
	}
	c.By = ctx.Actor.ID
	return Event{Type: evCarriedOver, Version: typeVersion, Ground: d.PreviousSystem, Payload: c}, nil
}

// carry moves the process to where the dossier stood.
func (ctx Context) carry(d Dossier, in Carrying) (Change, error) {
	c := Change{Status: in.Status}
	step, kind, err := ctx.carriedTo(in)
	if err != nil {
		return c, err
	}
	end := in.FinishedAt
	if kind == TaskHandOver || kind == TaskReturn {
		issued := end
		if issued.IsZero() {
			issued = ctx.Now
		}
		c.Result = &Result{Title: d.Procedure.Name, Refusal: in.Refused, Number: in.Number, IssuedAt: &issued}
	}
	if in.Status == Withdrawn {
		c.Finished = &end
		return ctx.abandon(d, c)
	}
	if c, err = ctx.jump(d, c, "", step); err != nil {
		return c, err
	}
	if len(c.Opened) != 1 {
		return c, fault.Field("step", "dossier.carry_step", fault.Args{"step": in.Step})
	}
	c.Opened[0].Holder, c.Opened[0].HolderName = in.Holder, in.HolderName
	switch in.Status {
	case SupplementRequired:
		c.Asked = []Supplement{{Items: []string{in.Asked}, AskedAt: in.AskedAt, By: ctx.Actor.Name}}
	case Resolved:
		c.Finished = &end
	case Returned:
		c.Finished = &end
		c.Return = &ReturnNote{At: ctx.Now, Channel: d.ReturnChannel, Officer: in.Officer, Receiver: ctx.Seal(nil)}
		next, err := d.apply(c, ctx.Now)
		if err != nil {
			return c, err
		}
		if c, err = ctx.complete(d, c, next.Tasks[0], ""); err != nil {
			return c, err
		}
		return ctx.rest(d, c)
	}
	return c, nil
}

// carriedTo is the step of the process at which a dossier goes on.
func (ctx Context) carriedTo(in Carrying) (step string, kind TaskKind, err error) {
	want := in.Step
	switch {
	case in.Status == Withdrawn:
		return "", "", nil
	case in.Status == Resolved || in.Status == Returned:
		want = string(TaskReturn)
	case in.Status == Accepted:
		want = string(TaskReceive)
	case want == "":
		want = string(TaskHandle)
	}
	if ctx.Graph == nil {
		return "", "", fault.New(fault.Conflict, "dossier.step_missing", nil)
	}
	for _, s := range ctx.Graph.Template().Steps {
		if s.ID == want || string(s.Kind) == want {
			return s.ID, TaskKind(s.Kind), nil
		}
	}
	return "", "", fault.Field("step", "dossier.carry_step", fault.Args{"step": want})
}

// Foreign reports whether the code is one of a system before this one: it need
// not have the legal form, and its number is none of ours.
func (d Dossier) Foreign() bool { return d.PreviousSystem != "" }

// PromisedBefore is the limit of a dossier that another system promised for a
// day: that day stands, whatever we would have counted.
func PromisedBefore(day civil.Date) civil.Limit { return civil.Limit{Unit: civil.FixedDate, On: day} }
