package dossier

import (
	"slices"
	"strings"
	"time"

	"github.com/motcua/motcua/internal/core/access"
	"github.com/motcua/motcua/internal/core/civil"
	"github.com/motcua/motcua/internal/core/fault"
	"github.com/motcua/motcua/internal/core/fee"
	"github.com/motcua/motcua/internal/core/process"
)

// Context is what a decision may know besides the dossier: who acts, when, and
// the versioned data in force. It is built outside the core.
type Context struct {
	Now         time.Time // legal time of the act
	Actor       access.Actor
	Party       bool // the actor is a party of this dossier: owner or submitter
	SmallUnit   bool // the unit is listed as too small for separate persons (invariant I-19)
	ScansFirst  bool // papers are scanned before the dossier is forwarded
	Told        bool // a notice of the dossier's last act has left
	Calendar    *civil.Calendar
	CalendarRef string         // id@version, recorded with each computed day
	Graph       *process.Graph // the process of the dossier's procedure version
	// Place resolves the unit of a step for this dossier: "centre", "agency" or
	// the key of a unit.
	Place func(unit string) (code, name string, err error)

	Policy       civil.Policy    // what a supplement does to the clock, by rule set
	ReceptionBy  int             // supplement at examination: working days after reception (3 by NĐ 61 art 19.4)
	AnswerWithin int             // days that the applicant has for a supplement; 0 = no end
	Reminders    int             // reminders that must go out before a supplement expires
	ApologyDays  int             // working days before the promise by which an apology is in time
	OnArrival    bool            // received elsewhere: the clock runs from the agency's receipt (since NĐ 309/2026)
	EndOfDay     bool            // limits in days end at closing time
	Cutoff       civil.TimeOfDay // the procedure's own hour for results on the same day
	Paper        civil.TimeOfDay // paper received after this leaves the next morning (15:00)
	Second       *civil.Limit    // limit of the second phase, where the procedure has one
	// Ahead is the measured working time, in minutes, of a step of the process and
	// all that comes after it; nil = nothing was measured. See Urgency.
	Ahead func(step string) int

	NewID  func() string
	Seal   func(plain []byte) []byte           // under the dossier's own key
	Unseal func(sealed []byte) ([]byte, error) // fails once the key is destroyed
	// ResultNo takes the next number of a book of the register and writes it.
	ResultNo func() (number string, entry Entry)
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
	Items      []string        // request-supplement: papers by id or in words
	Leader     string          // request-supplement: leader who allows a further one
	DueOn      civil.Date      // request-supplement, consult: answer by; apologise: the new day
	Papers     []Paper         // supply, correct, attach-paper
	Files      []File          // attach-paper, issue-result, answer, verify-record
	Paper      string          // attach-paper: id of the paper
	Outcome    string          // propose: approve or refuse; answer: agree, disagree or other
	Title      string          // result's title
	Receipt    string          // collect-fee: fee receipt number
	Method     string          // collect-fee: cash, transfer
	Amount     fee.VND         // oblige: what is owed, where known
	Receiver   string          // return: name of whoever takes the result
	Checked    string          // return: identity paper that was checked
	Proxy      bool            // return: taken by another, with authorisation
	Private    *Private        // correct: the corrected personal part
	Sets       int             // correct
	SuppliedAt time.Time       // supply: when the papers came in; zero = now
	Units      []string        // consult: units that are asked, by key or code
	StopClock  bool            // consult: the law stops the clock for it (needs a ground)
	Verified   *Verification   // verify-record
	HeldAt     time.Time       // verify-record: when it took place; zero = now
	Second     bool            // fulfil: a second phase begins
	Draft      *Draft          // propose: the result document that is put before the leader
	DraftText  []byte          // propose: its text, which is sealed
	Authority  string          // sign: for whom the signer signs, a line each
	Post       string          // sign: as what
	Signed     *File           // sign, stamp: the document with the new signature
	Letter     *Letter         // any act that prints a slip: the slip, signed electronically
	Signatures []FileSignature // issue-result: what was found on the document
	Step       string          // send-back, take-back, repair: where to; elapse: step of the timer
}

// decider is the rule of one act, once status, version, permission, task and
// needs are known to be right.
type decider func(d Dossier, ctx Context, in Input, t Transition, task Task) (Change, error)

var deciders = map[Act]decider{
	Guide:             decideGuide,
	RefuseReception:   decideRefuseReception,
	Forward:           decideForward,
	ReceiveHandover:   decideReceiveHandover,
	Assign:            decideAssign,
	Claim:             decideClaim,
	Release:           decideRelease,
	Propose:           decidePropose,
	VerifyRecord:      decideVerifyRecord,
	Consult:           decideConsult,
	Answer:            decideAnswer,
	NoteSilence:       decideNoteSilence,
	SendBack:          decideSendBack,
	Approve:           decideApprove,
	Number:            decideNumber,
	Sign:              decideSign,
	Stamp:             decideStamp,
	IssueResult:       decideIssue,
	HandOver:          decideHandOver,
	Return:            decideReturn,
	TakeBack:          decideTakeBack,
	RequestSupplement: decideRequestSupplement,
	Supply:            decideSupply,
	LapseSupplement:   decideLapseSupplement,
	Remind:            decideRemind,
	ExpireSupplement:  decideExpireSupplement,
	Refuse:            decideRefuse,
	Withdraw:          decideWithdraw,
	Stop:              decideStop,
	Resume:            decideResume,
	Oblige:            decideOblige,
	Fulfil:            decideFulfil,
	Apologise:         decideApologise,
	CollectFee:        decideCollectFee,
	ExemptFee:         decideExemptFee,
	Correct:           decideCorrect,
	ReceiveLate:       decideReceiveLate,
	AttachPaper:       decideAttachPaper,
	Undo:              decideUndo,
	Repair:            decideRepair,
	ConfirmRepair:     decideConfirmRepair,
	DeclineRepair:     decideDeclineRepair,
	Elapse:            decideElapse,
}

// Decide answers an act on an existing dossier with the event that records it.
//
// It fails with fault.NotFound when the actor may not know the dossier,
// fault.Forbidden when it is not the actor's to do, fault.Conflict when the
// status, the version or another officer's holding stands against it, and
// fault.Invalid naming the field that is missing; in this order, so that nobody
// learns how a dossier stands from an act that he may not do.
func Decide(d Dossier, ctx Context, in Input) (Event, error) {
	rule := deciders[in.Act]
	if rule == nil {
		return Event{}, unknownAct(in.Act)
	}
	if err := Allowed(d, ctx.Actor, in); err != nil {
		return Event{}, err
	}
	switch {
	case ctx.Party:
		return Event{}, fault.New(fault.Forbidden, "dossier.own_case", nil)
	case in.Version < d.FormVersion:
		return Event{}, fault.New(fault.Conflict, "dossier.changed_meanwhile", fault.Args{"code": d.Name()})
	}
	t, task, err := choose(d, ctx.Actor, in)
	if err != nil {
		return Event{}, err
	}
	if !permitted(d, ctx.Actor, t, task) {
		return Event{}, notYours(in.Act)
	}
	if t.Signs && !ctx.Actor.MaySign() {
		return Event{}, fault.New(fault.Forbidden, "dossier.signature_not_delegated", fault.Args{"name": ctx.Actor.ForName})
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
	if c, err = ctx.consequences(d, c, in, task); err != nil {
		return Event{}, err
	}
	if c, err = ctx.rank(d, c); err != nil {
		return Event{}, err
	}
	return finish(d, ctx, in, t, c), nil
}

// Allowed reports whether the actor may do the act at all, whatever state the
// dossier is in: by the rows that are open now, and where there are none, by
// any row that the act has. To whoever may do it at another point of the way and
// saw the dossier there, it has changed meanwhile. It fails as Decide does.
func Allowed(d Dossier, a access.Actor, in Input) error {
	act := in.Act
	switch {
	case !act.Known():
		return unknownAct(act)
	case !Readable(d, a):
		return fault.New(fault.NotFound, "dossier.unknown", fault.Args{"code": d.Name()})
	}
	possible := false
	for _, t := range rows(d, act) {
		tasks := fitting(d, t)
		if len(t.Tasks) == 0 {
			tasks = []Task{{}}
		}
		for _, task := range tasks {
			if permitted(d, a, t, task) {
				return nil
			}
			possible = true
		}
	}
	elsewhere := slices.ContainsFunc(transitions[:], func(t Transition) bool {
		return t.Act == act && slices.ContainsFunc(d.Units(), func(unit string) bool { return permitted(d, a, t, Task{Unit: unit}) })
	})
	switch {
	case elsewhere && !possible:
		return nil // the state stands against it
	case elsewhere && in.Version < d.FormVersion:
		return fault.New(fault.Conflict, "dossier.changed_meanwhile", fault.Args{"code": d.Name()})
	}
	return notYours(act)
}

func unknownAct(act Act) error {
	return fault.Field("act", "dossier.act_unknown", fault.Args{"act": string(act)})
}

func notYours(act Act) error {
	return fault.New(fault.Forbidden, "dossier.not_yours", fault.Args{"act": string(act)})
}

// finish completes a change with what every act records alike.
func finish(d Dossier, ctx Context, in Input, t Transition, c Change) Event {
	c.By = ctx.Actor.ID
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
	if c.Print != nil {
		c.Print.Signed = in.Letter
	}
	c.Undoable = t.Undo && c.quiet()
	ground := t.Ground.In(rulesOf(d, c))
	if in.LegalGround != "" {
		ground = in.LegalGround
	}
	return Event{Type: t.Event, Version: typeVersion, Ground: ground, Payload: c}
}

func rulesOf(d Dossier, c Change) string {
	if c.Opening != nil {
		return c.Opening.Rules
	}
	return d.Rules
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
// received it, is competent for it, or takes or took part in it.
func Readable(d Dossier, a access.Actor) bool {
	return access.May(a, access.ReadDossier, d.Units()...) || access.May(a, access.ConfirmLate) || readableThrough(a, d.Units())
}

// Units are the units that received the dossier, are competent for it, or take
// or took part in it.
func (d Dossier) Units() []string {
	units := append([]string{d.Unit, d.Agency}, d.Shared...)
	for _, t := range d.Tasks {
		units = append(units, t.Unit)
	}
	for _, t := range d.Done {
		units = append(units, t.Unit)
	}
	return units
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
	case AtOwn:
		return access.May(a, t.Permit, a.Unit)
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
