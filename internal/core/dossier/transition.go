package dossier

import (
	"slices"

	"github.com/motcua/motcua/internal/core/access"
)

// Need is what an act must carry besides the version.
type Need int

// The needs, as flags.
const (
	NeedReason   Need = 1 << iota // lý do
	NeedGround                    // căn cứ pháp lý
	NeedDocument                  // văn bản kèm theo
)

// Place says whose unit the actor must belong to.
type Place int

// The places.
const (
	AtReception Place = iota // the receiving unit
	AtAgency                 // the competent agency
	AtTask                   // the unit of the task that the act completes
	AtEither                 // the receiving unit or the competent agency
	AtCentre                 // leadership of the centre or a job, wherever
	AtOwn                    // the actor's own unit, since he acts on what he did himself
)

// Phase says whether a row is about dossiers before or after their reception.
type Phase int

// The phases; the zero value means both.
const (
	AnyPhase Phase = iota
	BeforeReception
	AfterReception
)

// Transition is one row of the law's table: who may take a dossier from which
// status to which, by which act, and which event records it.
type Transition struct {
	From   []Status // statuses from which the act is allowed; 0 = not yet a dossier
	Phase  Phase
	Act    Act
	To     Status // the status after it; 0 = unchanged, or as the act finds
	Permit access.Permission
	Place  Place
	Event  string
	Needs  Need
	Tasks  []TaskKind // kinds of open task that the act works on; empty = none needed
	Form   string     // semantic id of the slip that the act produces, or empty
	Signs  bool       // the leader's own signature: delegation of work is not enough
	Undo   bool       // its author may undo it while nothing happened after it
	Ground Ground     // where the rule stands
}

// transitions is the whole table. Buttons, enforcement and docs/states.md all
// read it. Rows of one act stand together.
var transitions = [...]Transition{
	{From: from(0), Act: Receive, To: Accepted, Permit: access.ReceiveDossier, Place: AtReception, Event: evReceived, Form: "receipt", Ground: onReception},
	{From: from(0), Act: Register, To: Registered, Permit: access.ReceiveDossier, Place: AtReception, Event: evRegistered, Ground: onOnline},
	{From: from(0), Act: Guide, To: SupplementRequired, Permit: access.ReceiveDossier, Place: AtReception, Event: evGuided, Needs: NeedReason, Form: "supplementRequest", Ground: onReception},
	{From: from(Registered), Act: Guide, To: SupplementRequired, Permit: access.ReceiveDossier, Place: AtReception, Event: evGuided, Needs: NeedReason, Form: "supplementRequest", Ground: onOnline},
	{From: from(Registered, SupplementRequired), Phase: BeforeReception, Act: Accept, To: Accepted, Permit: access.ReceiveDossier, Place: AtReception, Event: evAccepted, Form: "receipt", Ground: onCode},
	{From: from(0, Registered, SupplementRequired, FinancialObligation), Act: RefuseReception, To: NotAccepted, Permit: access.ReceiveDossier, Place: AtReception, Event: evReceptionRefused, Needs: NeedReason | NeedGround, Form: "refusal", Ground: onReception},

	{From: from(Accepted, Processing), Act: Forward, To: Processing, Permit: access.ForwardDossier, Place: AtReception, Event: evForwarded, Tasks: kinds(TaskReceive), Form: "controlSlip", Undo: true, Ground: onForwarding},
	{From: from(Processing, SupplementRequired, FinancialObligation, Resolved), Act: ReceiveHandover, Permit: access.TakeHandover, Place: AtOwn, Event: evHandoverReceived, Undo: true, Ground: onArrival},
	{From: from(Accepted, Processing, SupplementRequired, FinancialObligation, Resolved), Act: Assign, Permit: access.AssignDossier, Place: AtTask, Event: evAssigned, Tasks: anyWork, Undo: true, Ground: onAssignment},
	{From: from(Accepted, Processing, SupplementRequired, FinancialObligation, Resolved), Act: Claim, Permit: access.ClaimTask, Place: AtTask, Event: evClaimed, Tasks: anyWork, Undo: true, Ground: onAssignment},
	{From: from(Accepted, Processing, SupplementRequired, FinancialObligation, Resolved), Act: Release, Permit: access.ReleaseTask, Place: AtTask, Event: evReleased, Needs: NeedReason, Tasks: anyWork, Undo: true, Ground: onAssignment},

	{From: from(Processing), Act: Propose, Permit: access.HandleDossier, Place: AtTask, Event: evProposed, Tasks: examining, Undo: true, Ground: onHandling},
	{From: from(Processing), Act: Propose, Permit: access.CheckDossier, Place: AtReception, Event: evProposed, Tasks: kinds(TaskCheck), Undo: true, Ground: onHandling},
	{From: from(Processing), Act: VerifyRecord, Permit: access.VerifyDossier, Place: AtTask, Event: evVerified, Tasks: kinds(TaskVerify, TaskHandle, TaskCheck), Undo: true, Ground: onVerifying},
	{From: from(Processing), Act: Consult, Permit: access.ConsultUnit, Place: AtTask, Event: evConsulted, Needs: NeedReason, Tasks: leading, Undo: true, Ground: onConsulting},
	{From: from(Processing, SupplementRequired, FinancialObligation), Act: Answer, Permit: access.AnswerConsult, Place: AtTask, Event: evAnswered, Needs: NeedReason, Tasks: kinds(TaskConsult), Undo: true, Ground: onConsulting},
	{From: from(Processing, SupplementRequired, FinancialObligation), Act: NoteSilence, Permit: access.RunClock, Place: AtCentre, Event: evSilenceNoted, Tasks: kinds(TaskConsult), Ground: onConsulting},
	{From: from(Processing), Act: SendBack, Permit: access.ApproveDossier, Place: AtTask, Event: evSentBack, Needs: NeedReason, Tasks: kinds(TaskApprove, TaskSign), Undo: true, Ground: onHandling},
	{From: from(Processing), Act: SendBack, Permit: access.IssueResult, Place: AtTask, Event: evSentBack, Needs: NeedReason, Tasks: kinds(TaskNumber, TaskIssue), Ground: onHandling},
	{From: from(Processing), Act: SendBack, Permit: access.HandleDossier, Place: AtTask, Event: evSentBack, Needs: NeedReason, Tasks: examining, Undo: true, Ground: onHandling},
	{From: from(Processing), Act: Approve, Permit: access.ApproveDossier, Place: AtTask, Event: evApproved, Tasks: kinds(TaskApprove), Signs: true, Undo: true, Ground: onHandling},
	{From: from(Processing), Act: Number, Permit: access.IssueResult, Place: AtTask, Event: evNumbered, Tasks: kinds(TaskNumber, TaskIssue), Ground: onDocument},
	{From: from(Processing), Act: Sign, Permit: access.SignResult, Place: AtTask, Event: evSigned, Tasks: kinds(TaskSign, TaskIssue), Signs: true, Ground: onDocument},
	{From: from(Processing), Act: Stamp, Permit: access.IssueResult, Place: AtTask, Event: evStamped, Tasks: kinds(TaskIssue), Ground: onDocument},
	{From: from(Processing), Act: IssueResult, Permit: access.IssueResult, Place: AtTask, Event: evResultIssued, Tasks: kinds(TaskIssue), Ground: onDocument},
	{From: from(Accepted, Processing), Act: IssueResult, To: Resolved, Permit: access.ReturnDossier, Place: AtReception, Event: evResultIssued, Tasks: kinds(TaskReceive), Ground: onAtOnce},
	{From: from(Processing, Resolved), Act: HandOver, Permit: access.IssueResult, Place: AtTask, Event: evHandedOver, Tasks: kinds(TaskHandOver), Form: "handover", Undo: true, Ground: onReturn},
	{From: from(Resolved), Act: Return, To: Returned, Permit: access.ReturnDossier, Place: AtReception, Event: evReturned, Tasks: kinds(TaskReturn), Form: "returnReceipt", Ground: onReturn},
	{From: from(Accepted), Act: Return, To: Returned, Permit: access.ReturnDossier, Place: AtReception, Event: evReturned, Tasks: kinds(TaskReturn), Form: "returnReceipt", Ground: onAtOnce},
	{From: from(Processing, Resolved), Act: TakeBack, To: Processing, Permit: access.TakeBackResult, Place: AtAgency, Event: evTakenBack, Needs: NeedReason, Ground: onFault},

	{From: from(Accepted), Act: RequestSupplement, To: SupplementRequired, Permit: access.ReceiveDossier, Place: AtReception, Event: evSupplementRequested, Needs: NeedReason, Tasks: kinds(TaskReceive), Form: "supplementRequest", Ground: onReception},
	{From: from(Processing), Act: RequestSupplement, To: SupplementRequired, Permit: access.HandleDossier, Place: AtTask, Event: evSupplementRequested, Needs: NeedReason, Tasks: examining, Form: "supplementRequest", Ground: onSupplement},
	{From: from(SupplementRequired), Act: Supply, Permit: access.ReceiveDossier, Place: AtReception, Event: evSupplied, Ground: onSupplement},
	{From: from(SupplementRequired), Phase: AfterReception, Act: LapseSupplement, Permit: access.HandleDossier, Place: AtTask, Event: evSupplementLapsed, Needs: NeedReason, Tasks: examining, Ground: onSupplement},
	{From: from(SupplementRequired), Act: Remind, Permit: access.RunClock, Place: AtCentre, Event: evReminded, Ground: onSupplement},
	{From: from(SupplementRequired), Phase: BeforeReception, Act: ExpireSupplement, To: NotAccepted, Permit: access.RunClock, Place: AtCentre, Event: evSupplementExpired, Form: "refusal", Ground: onReception},
	{From: from(SupplementRequired), Phase: AfterReception, Act: ExpireSupplement, To: Stopped, Permit: access.RunClock, Place: AtCentre, Event: evSupplementExpired, Form: "stopNotice", Ground: onStop},
	{From: from(Processing), Act: Refuse, Permit: access.ApproveDossier, Place: AtTask, Event: evRefused, Needs: NeedReason | NeedGround, Tasks: kinds(TaskApprove), Form: "refusal", Signs: true, Ground: onRefusal},
	{From: from(Registered, Accepted, Processing, SupplementRequired, FinancialObligation), Act: Withdraw, To: Withdrawn, Permit: access.ReceiveDossier, Place: AtReception, Event: evWithdrawn, Needs: NeedReason, Ground: onApplicant},
	{From: from(Accepted, Processing, SupplementRequired, FinancialObligation), Phase: AfterReception, Act: Stop, To: Stopped, Permit: access.ApproveDossier, Place: AtAgency, Event: evStopped, Needs: NeedReason | NeedGround, Form: "stopNotice", Signs: true, Ground: onStop},
	{From: from(Stopped), Act: Resume, To: Processing, Permit: access.ApproveDossier, Place: AtAgency, Event: evResumed, Needs: NeedReason | NeedDocument, Signs: true, Ground: onStop},
	{From: from(Registered), Phase: BeforeReception, Act: Oblige, To: FinancialObligation, Permit: access.ReceiveDossier, Place: AtReception, Event: evObliged, Needs: NeedReason, Ground: onFee},
	{From: from(Processing), Act: Oblige, To: FinancialObligation, Permit: access.HandleDossier, Place: AtTask, Event: evObliged, Needs: NeedReason | NeedDocument, Tasks: examining, Ground: onObligation},
	{From: from(FinancialObligation), Phase: BeforeReception, Act: Fulfil, To: Registered, Permit: access.ReceiveDossier, Place: AtReception, Event: evFulfilled, Needs: NeedDocument, Ground: onFee},
	{From: from(FinancialObligation), Phase: AfterReception, Act: Fulfil, Permit: access.ReceiveDossier, Place: AtReception, Event: evFulfilled, Needs: NeedDocument, Ground: onObligation},
	{From: from(Accepted, Processing), Act: Apologise, Permit: access.Apologise, Place: AtAgency, Event: evApologised, Needs: NeedReason, Form: "apology", Signs: true, Ground: onLateness},

	{From: from(Accepted, Processing, SupplementRequired, FinancialObligation, Resolved), Phase: AfterReception, Act: CollectFee, Permit: access.CollectFee, Place: AtReception, Event: evFeeCollected, Form: "feeReceipt", Ground: onFee},
	{From: from(Accepted, Processing, SupplementRequired, FinancialObligation, Resolved), Phase: AfterReception, Act: ExemptFee, Permit: access.CollectFee, Place: AtReception, Event: evFeeExempted, Needs: NeedGround, Ground: onExemption},
	{From: from(Accepted, Processing, SupplementRequired), Act: Correct, Permit: access.CorrectDossier, Place: AtReception, Event: evCorrected, Needs: NeedReason, Form: "receipt", Ground: onSlip},
	{From: from(Accepted, Processing, SupplementRequired, FinancialObligation, Resolved, Returned), Act: ReceiveLate, Permit: access.ConfirmLate, Place: AtCentre, Event: evLateConfirmed, Ground: onReception},
	{From: from(Accepted), Act: AttachPaper, Permit: access.ReceiveDossier, Place: AtReception, Event: evPaperAttached, Undo: true, Ground: onReception},
	{From: from(Processing), Act: AttachPaper, Permit: access.HandleDossier, Place: AtTask, Event: evPaperAttached, Tasks: anyWork, Undo: true, Ground: onHandling},

	{From: from(Accepted, Processing), Act: Undo, Permit: access.UndoAct, Place: AtOwn, Event: evUndone, Needs: NeedReason, Ground: onInternal},
	{From: from(Accepted, Processing, Resolved), Act: Repair, Permit: access.RepairDossier, Place: AtEither, Event: evRepairProposed, Needs: NeedReason, Ground: onInternal},
	{From: from(Accepted, Processing, Resolved), Act: ConfirmRepair, Permit: access.RepairDossier, Place: AtEither, Event: evRepaired, Needs: NeedReason, Ground: onInternal},
	{From: from(Accepted, Processing, Resolved), Act: DeclineRepair, Permit: access.RepairDossier, Place: AtEither, Event: evRepairDeclined, Needs: NeedReason, Ground: onInternal},
	{From: from(Accepted, Processing, SupplementRequired, FinancialObligation), Phase: AfterReception, Act: Elapse, Permit: access.RunClock, Place: AtCentre, Event: evTimerElapsed, Ground: onInternal},
}

func from(s ...Status) []Status { return s }

// Transitions returns the table, for documents and tests.
func Transitions() []Transition { return slices.Clone(transitions[:]) }

// rows lists the rows of an act for a dossier as it stands, in the table's
// order.
func rows(d Dossier, act Act) []Transition {
	var all []Transition
	for i := range transitions {
		if t := &transitions[i]; t.Act == act && t.open(d) {
			all = append(all, *t)
		}
	}
	return all
}

// open reports whether the row is about a dossier as it stands.
func (t Transition) open(d Dossier) bool {
	if !slices.Contains(t.From, d.Status) {
		return false
	}
	return t.Phase == AnyPhase || (t.Phase == AfterReception) == d.Received()
}
