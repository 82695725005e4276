package dossier

import (
	"encoding/json"
	"slices"
	"time"

	"github.com/motcua/motcua/internal/core/access"
	"github.com/motcua/motcua/internal/core/civil"
	"github.com/motcua/motcua/internal/core/fault"
	"github.com/motcua/motcua/internal/core/fee"
)

// Beginning is everything that is known when a dossier begins: at the counter,
// by post, or as an online registration.
type Beginning struct {
	ID       string
	Ref      string        // reference before a code exists
	Code     func() string // allocates the legal code; called only for Receive
	Opening  Opening
	Private  Private
	Papers   []Paper
	Required []string // ids of the papers that the case demands
	Sets     int
	Limit    civil.Limit
	Fees     []fee.Line
	Paid     *Payment // settled at the counter with the reception
	Late     *LateEntry
	AtOnce   bool // the officer is delegated to decide on the spot (trả ngay)
}

// Payment settles a dossier's fee: collected with a receipt number, or exempt
// with a ground.
type Payment struct {
	Receipt  string
	Method   string
	Ground   string
	Document string
}

// Begin answers Receive, Register, Guide and RefuseReception on a dossier that
// does not exist yet.
//
// A reception needs every required paper; what is missing is refused paper by
// paper (fault.Invalid on papers.<id>), since an incomplete dossier gets a
// guidance slip, not a receipt (NĐ 61/2018 art 17.1).
func Begin(ctx Context, act Act, b Beginning, in Input) (Event, error) {
	found := rows(Dossier{}, act)
	if len(found) == 0 {
		return Event{}, fault.Field("act", "dossier.act_unknown", fault.Args{"act": string(act)})
	}
	t, d := found[0], Dossier{}
	if !access.May(ctx.Actor, t.Permit, b.Opening.Unit) {
		return Event{}, fault.New(fault.Forbidden, "dossier.not_yours", fault.Args{"act": string(act)})
	}
	if ctx.Party {
		return Event{}, fault.New(fault.Forbidden, "dossier.own_case", nil)
	}
	if err := needs(t, in); err != nil {
		return Event{}, err
	}
	if err := checkPapers(b, act == Receive); err != nil {
		return Event{}, err
	}
	b.Opening.Ref, b.Opening.AtOnce = b.Ref, b.AtOnce
	private, err := json.Marshal(b.Private)
	if err != nil {
		return Event{}, err
	}
	c := Change{Opening: &b.Opening, Private: ctx.Seal(private), Papers: b.Papers, Sets: max(b.Sets, 1), Late: b.Late}
	if act == Receive {
		var err error
		if c, err = ctx.receive(d, c, b); err != nil {
			return Event{}, err
		}
		if c, err = ctx.rank(d, c); err != nil {
			return Event{}, err
		}
	}
	if act == Guide {
		var err error
		if c, err = ctx.guide(c, in); err != nil {
			return Event{}, err
		}
	}
	return finish(d, ctx, in, t, c), nil
}

// guide tells the applicant what is missing before anything was received.
func (ctx Context) guide(c Change, in Input) (Change, error) {
	if len(in.Items) == 0 {
		return c, fault.Field("items", "dossier.items_missing", nil)
	}
	by, err := ctx.answerBy(in.DueOn, ctx.AnswerWithin)
	c.Asked = []Supplement{{AtReception: true, Items: in.Items, AskedAt: ctx.Now, By: ctx.Actor.Name, DueAt: by}}
	return c, err
}

// decideGuide asks the applicant of an online dossier to complete it, once and
// fully, before it is received (NĐ 61/2018 art 17.2).
func decideGuide(d Dossier, ctx Context, in Input, t Transition, task Task) (Change, error) {
	return ctx.guide(Change{}, in)
}

// receive adds what only a reception has: the promise, the fee, the first task
// and the code.
func (ctx Context) receive(d0 Dossier, c Change, b Beginning) (Change, error) {
	at := b.Opening.At
	d := d0
	d.Opening = b.Opening
	d.Deadline = Deadline{
		Limit: b.Limit, Policy: ctx.Policy, EndOfDay: ctx.EndOfDay, Cutoff: ctx.Cutoff,
		OnArrival: b.Opening.Elsewhere && ctx.OnArrival && b.Opening.Unit != b.Opening.Agency,
	}
	dl, err := ctx.promise(d)
	if err != nil {
		return c, err
	}
	c.Deadline = &dl
	f, err := ctx.assess(b.Fees, b.Paid)
	if err != nil {
		return c, err
	}
	c.Fee = &f
	if c, err = ctx.start(d0, c); err != nil {
		return c, err
	}
	first := slices.IndexFunc(c.Opened, func(t Task) bool { return t.Kind == TaskReceive && t.Unit == b.Opening.Unit })
	if first < 0 {
		return c, fault.New(fault.Conflict, "dossier.process_start", nil)
	}
	c.Opened[first].Holder, c.Opened[first].HolderName = ctx.Actor.ID, ctx.Actor.Name
	if b.AtOnce {
		c.Finished = &at
		c.Result = &Result{Title: b.Opening.Procedure.Name, IssuedAt: &at, ApprovedBy: ctx.Actor.Name, ApprovedAt: &at, Exception: exceptAtOnce}
		if c, err = ctx.completeAtOnce(d0, c, c.Opened[first]); err != nil {
			return c, err
		}
	}
	c.Code = b.Code()
	return c, nil
}

// assess puts the chosen fee lines together with their settlement.
func (ctx Context) assess(lines []fee.Line, paid *Payment) (Fee, error) {
	f := Fee{Lines: lines}
	for _, l := range lines {
		if l.Amount < 0 {
			return f, fault.Field("fees", "dossier.fee_negative", fault.Args{"name": l.Name})
		}
		f.Total += l.Amount
	}
	if paid == nil {
		return f, nil
	}
	return ctx.settle(f, *paid)
}

func (ctx Context) settle(f Fee, p Payment) (Fee, error) {
	if f.Settled() {
		return f, fault.New(fault.Conflict, "dossier.fee_settled", nil)
	}
	if p.Ground == "" && p.Receipt == "" {
		return f, fault.Field("receipt", "dossier.fee_receipt_missing", nil)
	}
	if p.Ground != "" && p.Receipt != "" {
		return f, fault.Field("receipt", "dossier.fee_both", nil)
	}
	now := ctx.Now
	f.Receipt, f.Method, f.Ground, f.Document = p.Receipt, p.Method, p.Ground, p.Document
	f.By, f.SettledAt = ctx.Actor.Name, &now
	return f, nil
}

// checkPapers refuses negative or absurd counts, and for a reception any
// required paper of which nothing was handed in.
func checkPapers(b Beginning, all bool) error {
	var faults []*fault.Fault
	got := map[string]bool{}
	for _, p := range b.Papers {
		faults = append(faults, paperFault(p))
		if p.Count() > 0 || len(p.Files) > 0 {
			got[p.ID] = true
		}
	}
	if all {
		for _, id := range b.Required {
			if !got[id] {
				faults = append(faults, fault.Field("papers."+id, "dossier.paper_missing", nil))
			}
		}
	}
	if b.Sets < 0 || b.Sets > 99 {
		faults = append(faults, fault.Field("sets", "dossier.sets_range", fault.Args{"most": 99}))
	}
	return fault.Join(faults...)
}

func paperFault(p Paper) *fault.Fault {
	for _, n := range []int{p.Originals, p.Certified, p.Copies} {
		if n < 0 || n > 999 {
			return fault.Field("papers."+p.ID, "dossier.paper_count", fault.Args{"most": 999})
		}
	}
	return nil
}

// AcceptInput is what an acceptance of a registered or guided dossier adds.
type AcceptInput struct {
	Code     func() string
	At       time.Time
	Papers   []Paper
	Required []string
	Sets     int
	Limit    civil.Limit
	Fees     []fee.Line
	Paid     *Payment
	AtOnce   bool
}

// AcceptRegistered receives a dossier that was registered online or guided at
// the counter before: it gets its code, its promise and its first task.
func AcceptRegistered(d Dossier, ctx Context, in Input, a AcceptInput) (Event, error) {
	found := rows(d, Accept)
	if err := Allowed(d, ctx.Actor, Input{Act: Accept, Version: in.Version}); err != nil {
		return Event{}, err
	}
	switch {
	case ctx.Party:
		return Event{}, fault.New(fault.Forbidden, "dossier.own_case", nil)
	case in.Version < d.FormVersion:
		return Event{}, fault.New(fault.Conflict, "dossier.changed_meanwhile", fault.Args{"code": d.Name()})
	case len(found) == 0:
		return Event{}, fault.New(fault.Conflict, "dossier.act_not_now", fault.Args{"act": string(Accept), "status": int(d.Status)})
	}
	papers := d.Papers
	if a.Papers != nil {
		papers = a.Papers
	}
	o := d.Opening
	o.At, o.Officer, o.OfficerName, o.AtOnce = a.At, ctx.Actor.ID, ctx.Actor.Name, a.AtOnce
	b := Beginning{
		Code: a.Code, Opening: o, Papers: papers, Required: a.Required, Sets: max(a.Sets, d.Sets),
		Limit: a.Limit, Fees: a.Fees, Paid: a.Paid, AtOnce: a.AtOnce,
	}
	if err := checkPapers(b, true); err != nil {
		return Event{}, err
	}
	c := Change{Opening: &o, Papers: papers, Sets: b.Sets}
	if _, open := d.OpenSupplement(); open {
		c.Supplied = &Supplied{At: ctx.Now}
	}
	c, err := ctx.receive(d, c, b)
	if err == nil {
		c, err = ctx.rank(d, c)
	}
	if err != nil {
		return Event{}, err
	}
	return finish(d, ctx, in, found[0], c), nil
}

func decideRefuseReception(d Dossier, ctx Context, in Input, t Transition, task Task) (Change, error) {
	if d.Received() {
		return Change{}, fault.New(fault.Conflict, "dossier.already_received", fault.Args{"code": d.Code})
	}
	return ctx.lapse(d, Change{}), nil
}
