package dossier

import (
	"strings"
	"time"

	"github.com/motcua/motcua/internal/core/access"
	"github.com/motcua/motcua/internal/core/civil"
	"github.com/motcua/motcua/internal/core/fault"
	"github.com/motcua/motcua/internal/core/process"
)

// Context is what a decision may know besides the dossier: who acts, when, and
// the versioned data in force. It is built outside the core.
type Context struct {
	Now         time.Time // legal time of the act
	Actor       access.Actor
	Calendar    *civil.Calendar
	CalendarRef string          // id@version, recorded with each computed day
	Policy      civil.Policy    // what a supplement does to the clock, by rule set
	ReceptionBy int             // supplement at examination: working days after reception (3 by NĐ 61 art 19.4)
	Paper       civil.TimeOfDay // paper received after this leaves the next morning (15:00)
	Graph       *process.Graph  // the process of the dossier's procedure version
	// Place resolves the unit of a step for this dossier: "centre", "agency" or
	// the key of a unit.
	Place    func(unit string) (code, name string, err error)
	NewID    func() string
	Seal     func(plain []byte) []byte           // under the dossier's own key
	Unseal   func(sealed []byte) ([]byte, error) // fails once the key is destroyed
	ResultNo func() string                       // next number in the agency's register
}

// Input is what a person supplies with an act. Only the parts that the act
// uses are read; which ones is said at each act.
type Input struct {
	Act         Act
	Task        string // id of the task; needed only where several open tasks fit the act and the actor
	Version     int64  // the version that the person saw
	Reason      string // lý do
	LegalGround string // căn cứ pháp lý
	Document    string // number of the paper behind the act

	Staff      string // assign: staff id
	StaffName  string
	Items      []string  // request-supplement: papers by id or in words
	Leader     string    // request-supplement: leader who allows a further one
	Papers     []Paper   // supply, correct, attach-paper
	Files      []File    // attach-paper, issue-result
	Paper      string    // attach-paper: id of the paper
	Outcome    string    // propose: approve or refuse
	Title      string    // result's title
	Receipt    string    // collect-fee: fee receipt number
	Method     string    // collect-fee: cash, transfer
	Receiver   string    // return: name of whoever takes the result
	Checked    string    // return: identity paper that was checked
	Proxy      bool      // return: taken by another, with authorisation
	Private    *Private  // correct: the corrected personal part
	Sets       int       // correct
	SuppliedAt time.Time // supply: when the papers came in; zero = now
}

// decider is the rule of one act, once status, version, permission, task and
// needs are known to be right.
type decider func(d Dossier, ctx Context, in Input, t Transition, task Task) (Change, error)

var deciders = map[Act]decider{
	RefuseReception:   decideRefuseReception,
	Forward:           decideForward,
	ReceiveHandover:   decideReceiveHandover,
	Assign:            decideAssign,
	Claim:             decideClaim,
	Propose:           decidePropose,
	SendBack:          decideSendBack,
	Approve:           decideApprove,
	Number:            decideNumber,
	Sign:              decideSign,
	IssueResult:       decideIssue,
	HandOver:          decideHandOver,
	Return:            decideReturn,
	RequestSupplement: decideRequestSupplement,
	Supply:            decideSupply,
	Refuse:            decideRefuse,
	Withdraw:          decideWithdraw,
	Stop:              decideStop,
	Resume:            decideResume,
	Oblige:            decideOblige,
	Fulfil:            decideFulfil,
	CollectFee:        decideCollectFee,
	ExemptFee:         decideExemptFee,
	Correct:           decideCorrect,
	ReceiveLate:       decideReceiveLate,
	AttachPaper:       decideAttachPaper,
}

// Decide answers an act on an existing dossier with the event that records it.
//
// It fails with fault.NotFound when the actor may not know the dossier,
// fault.Conflict when the status, the version or another officer's holding
// stands against it, and fault.Invalid naming the field that is missing.
func Decide(d Dossier, ctx Context, in Input) (Event, error) {
	rule := deciders[in.Act]
	if !in.Act.Known() || rule == nil {
		return Event{}, fault.Field("act", "dossier.act_unknown", fault.Args{"act": string(in.Act)})
	}
	if !Readable(d, ctx.Actor) {
		return Event{}, fault.New(fault.NotFound, "dossier.unknown", fault.Args{"code": d.Name()})
	}
	if in.Version < d.FormVersion {
		return Event{}, fault.New(fault.Conflict, "dossier.changed_meanwhile", fault.Args{"code": d.Name()})
	}
	t, task, err := choose(d, ctx.Actor, in)
	if err != nil {
		return Event{}, err
	}
	if !permitted(d, ctx.Actor, t, task) {
		return Event{}, fault.New(fault.Forbidden, "dossier.not_yours", fault.Args{"act": string(in.Act)})
	}
	if err := needs(t, in); err != nil {
		return Event{}, err
	}
	c, err := rule(d, ctx, in, t, task)
	if err != nil {
		return Event{}, err
	}
	if c.Status == 0 {
		c.Status = t.To
	}
	if c, err = ctx.arrive(d, c, task); err != nil {
		return Event{}, err
	}
	return finish(d, ctx, in, t, c), nil
}

// arrive adds what follows from a change by itself: data that reached a unit
// arrives with the unit's first act on it, and a dossier whose issued result is
// where it will be returned is resolved.
func (ctx Context) arrive(d Dossier, c Change, task Task) (Change, error) {
	for _, h := range d.Handovers {
		if task.ID != "" && h.Data && h.GotAt == nil && h.To == task.Unit {
			c.Arrived = append(c.Arrived, Arrival{ID: h.ID, At: ctx.Now, Taker: ctx.Actor.Name})
		}
	}
	next, err := d.apply(c, ctx.Now)
	if err != nil || next.Status != Processing || next.Result == nil || next.Result.IssuedAt == nil {
		return c, err
	}
	_, waits := next.OpenTask(TaskReturn)
	_, moves := next.OpenHandoverTo(next.Unit)
	if next.ReturnChannel == ReturnElectronic || waits && !moves {
		c.Status = Resolved
		if next.FinishedAt == nil {
			now := ctx.Now
			c.Finished = &now
		}
	}
	return c, nil
}

// finish completes a change with what every act records alike.
func finish(d Dossier, ctx Context, in Input, t Transition, c Change) Event {
	if c.Status == 0 {
		c.Status = t.To
	}
	if in.Reason != "" && c.Text == nil {
		c.Text = ctx.Seal([]byte(in.Reason))
	}
	if in.Document != "" {
		c.Document = in.Document
	}
	if t.Form != "" && c.Print == nil {
		p := d.nextPrint(t.Form, ctx)
		c.Print = &p
	}
	ground := t.Ground
	if in.LegalGround != "" {
		ground = in.LegalGround
	}
	return Event{Type: t.Event, Version: 1, Ground: ground, Payload: c}
}

func (d Dossier) nextPrint(form string, ctx Context) Print {
	n := 1
	for _, p := range d.Prints {
		if p.Form == form {
			n++
		}
	}
	return Print{Form: form, No: n, At: ctx.Now, By: ctx.Actor.Name}
}

// Readable reports whether the actor may know that the dossier exists: his unit
// received it, is competent for it, or holds one of its tasks.
func Readable(d Dossier, a access.Actor) bool {
	units := []string{d.Unit, d.Agency}
	for _, t := range d.Tasks {
		units = append(units, t.Unit)
	}
	return access.May(a, access.ReadDossier, units...) || access.May(a, access.ConfirmLate)
}

func permitted(d Dossier, a access.Actor, t Transition, task Task) bool {
	switch t.Place {
	case AtReception:
		return access.May(a, t.Permit, d.Unit)
	case AtAgency:
		return access.May(a, t.Permit, d.Agency)
	case AtTask:
		return access.May(a, t.Permit, task.Unit)
	case AtEither:
		return access.May(a, t.Permit, d.Unit, d.Agency)
	default:
		return access.May(a, t.Permit)
	}
}

func needs(t Transition, in Input) error {
	var reason, ground, document *fault.Fault
	if t.Needs&NeedReason != 0 && strings.TrimSpace(in.Reason) == "" {
		reason = fault.Field("reason", "dossier.reason_missing", nil)
	}
	if t.Needs&NeedGround != 0 && strings.TrimSpace(in.LegalGround) == "" {
		ground = fault.Field("legalGround", "dossier.ground_missing", nil)
	}
	if t.Needs&NeedDocument != 0 && strings.TrimSpace(in.Document) == "" {
		document = fault.Field("document", "dossier.document_missing", nil)
	}
	return fault.Join(reason, ground, document, tooLong("reason", in.Reason, 4000), tooLong("legalGround", in.LegalGround, 500), tooLong("document", in.Document, 200))
}

func tooLong(field, s string, most int) *fault.Fault {
	if n := len([]rune(s)); n > most {
		return fault.Field(field, "dossier.too_long", fault.Args{"n": n, "most": most})
	}
	return nil
}
