package dossier

import (
	"slices"

	"github.com/motcua/motcua/internal/core/access"
)

// Act is something that somebody does to a dossier. The names are those of the
// outside contract.
type Act string

// The acts. Those that the applicant starts (withdraw, supply) are recorded by
// the officer who receives the request.
const (
	Receive           Act = "receive"            // tiếp nhận tại quầy
	Register          Act = "register"           // nộp trực tuyến
	Guide             Act = "guide"              // hướng dẫn hoàn thiện tại quầy
	Accept            Act = "accept"             // tiếp nhận hồ sơ đã đăng ký
	RefuseReception   Act = "refuse-reception"   // từ chối tiếp nhận
	Forward           Act = "forward"            // chuyển cơ quan giải quyết
	ReceiveHandover   Act = "receive-handover"   // xác nhận đã nhận bàn giao
	Assign            Act = "assign"             // phân công
	Claim             Act = "claim"              // nhận việc
	Propose           Act = "propose"            // đề xuất, trình lãnh đạo
	SendBack          Act = "send-back"          // trả về bước trước
	Approve           Act = "approve"            // phê duyệt
	Number            Act = "number"             // cấp số văn bản
	Sign              Act = "sign"               // ký
	IssueResult       Act = "issue-result"       // ban hành kết quả
	HandOver          Act = "hand-over"          // bàn giao kết quả về Trung tâm
	Return            Act = "return"             // trả kết quả
	RequestSupplement Act = "request-supplement" // yêu cầu bổ sung
	Supply            Act = "supply"             // nhận bổ sung
	Refuse            Act = "refuse"             // từ chối giải quyết
	Withdraw          Act = "withdraw"           // rút hồ sơ
	Stop              Act = "stop"               // dừng giải quyết
	Resume            Act = "resume"             // tiếp tục giải quyết
	Oblige            Act = "oblige"             // thông báo nghĩa vụ tài chính
	Fulfil            Act = "fulfil"             // đã thực hiện nghĩa vụ tài chính
	CollectFee        Act = "collect-fee"        // thu phí, lệ phí
	ExemptFee         Act = "exempt-fee"         // miễn, giảm phí
	Correct           Act = "correct"            // sửa phiếu đã in
	ReceiveLate       Act = "receive-late"       // xác nhận tiếp nhận bù
	AttachPaper       Act = "attach-paper"       // số hóa giấy tờ
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
	AtCentre                 // leadership of the centre, wherever
)

// Transition is one row of the law's table: who may take a dossier from which
// status to which, by which act, and which event records it.
type Transition struct {
	From   []Status // statuses from which the act is allowed; 0 = not yet a dossier
	Act    Act
	To     Status // the status after it; 0 = unchanged
	Permit access.Permission
	Place  Place
	Event  string
	Needs  Need
	Tasks  []TaskKind // kinds of open task that the act works on; empty = none needed
	Form   string     // semantic id of the slip that the act produces, or empty
	Ground string     // where the rule stands
}

const (
	art17 = "NĐ 61/2018 Điều 17"
	art18 = "NĐ 61/2018 Điều 18"
	art19 = "NĐ 61/2018 Điều 19"
	art20 = "NĐ 61/2018 Điều 20"
	art22 = "NĐ 61/2018 Điều 22"
)

// transitions is the whole table. Buttons, enforcement and docs/states.md all
// read it. Rows of one act stand together.
var transitions = [...]Transition{
	{From: from(0), Act: Receive, To: Accepted, Permit: access.ReceiveDossier, Place: AtReception, Event: evReceived, Form: "receipt", Ground: art17 + " khoản 1"},
	{From: from(0), Act: Register, To: Registered, Permit: access.ReceiveDossier, Place: AtReception, Event: evRegistered, Ground: art17 + " khoản 2"},
	{From: from(0), Act: Guide, To: SupplementRequired, Permit: access.ReceiveDossier, Place: AtReception, Event: evGuided, Needs: NeedReason, Form: "supplementRequest", Ground: art17 + " khoản 1"},
	{From: from(Registered, SupplementRequired), Act: Accept, To: Accepted, Permit: access.ReceiveDossier, Place: AtReception, Event: evAccepted, Form: "receipt", Ground: art17 + " khoản 2, 3"},
	{From: from(0, Registered, SupplementRequired), Act: RefuseReception, To: NotAccepted, Permit: access.ReceiveDossier, Place: AtReception, Event: evReceptionRefused, Needs: NeedReason | NeedGround, Form: "refusal", Ground: art17 + " khoản 1"},

	{From: from(Accepted, Processing), Act: Forward, To: Processing, Permit: access.ForwardDossier, Place: AtReception, Event: evForwarded, Tasks: kinds(TaskReceive), Form: "controlSlip", Ground: art18},
	{From: from(Processing, Resolved), Act: ReceiveHandover, Permit: access.TakeHandover, Place: AtEither, Event: evHandoverReceived, Ground: art18},
	{From: from(Processing), Act: Assign, Permit: access.AssignDossier, Place: AtTask, Event: evAssigned, Tasks: anyWork, Ground: art19 + " khoản 1"},
	{From: from(Processing), Act: Claim, Permit: access.HandleDossier, Place: AtTask, Event: evClaimed, Tasks: anyWork, Ground: art19 + " khoản 1"},
	{From: from(Processing), Act: Propose, Permit: access.HandleDossier, Place: AtTask, Event: evProposed, Tasks: examining, Ground: art19 + " khoản 2"},
	{From: from(Processing), Act: SendBack, Permit: access.ApproveDossier, Place: AtTask, Event: evSentBack, Needs: NeedReason, Tasks: kinds(TaskApprove), Ground: art19},
	{From: from(Processing), Act: Approve, Permit: access.ApproveDossier, Place: AtTask, Event: evApproved, Tasks: kinds(TaskApprove), Ground: art19 + " khoản 2"},
	{From: from(Processing), Act: Number, Permit: access.IssueResult, Place: AtTask, Event: evNumbered, Tasks: kinds(TaskNumber, TaskIssue), Ground: "NĐ 30/2020"},
	{From: from(Processing), Act: Sign, Permit: access.ApproveDossier, Place: AtTask, Event: evSigned, Tasks: kinds(TaskSign, TaskIssue), Ground: "NĐ 30/2020"},
	{From: from(Processing), Act: IssueResult, Permit: access.IssueResult, Place: AtTask, Event: evResultIssued, Tasks: kinds(TaskIssue), Ground: "NĐ 30/2020"},
	{From: from(Processing, Resolved), Act: HandOver, Permit: access.IssueResult, Place: AtTask, Event: evHandedOver, Tasks: kinds(TaskHandOver), Form: "handover", Ground: art20},
	{From: from(Resolved), Act: Return, To: Returned, Permit: access.ReturnDossier, Place: AtReception, Event: evReturned, Tasks: kinds(TaskReturn), Form: "returnReceipt", Ground: art20},
	{From: from(Accepted), Act: Return, To: Returned, Permit: access.ReturnDossier, Place: AtReception, Event: evReturned, Tasks: kinds(TaskReturn), Form: "returnReceipt", Ground: art17 + " khoản 4, 5"},

	{From: from(Accepted), Act: RequestSupplement, To: SupplementRequired, Permit: access.ReceiveDossier, Place: AtReception, Event: evSupplementRequested, Needs: NeedReason, Tasks: kinds(TaskReceive), Form: "supplementRequest", Ground: art17 + " khoản 1"},
	{From: from(Processing), Act: RequestSupplement, To: SupplementRequired, Permit: access.HandleDossier, Place: AtTask, Event: evSupplementRequested, Needs: NeedReason, Tasks: examining, Form: "supplementRequest", Ground: art19 + " khoản 4"},
	{From: from(SupplementRequired), Act: Supply, Permit: access.ReceiveDossier, Place: AtReception, Event: evSupplied, Ground: art19 + " khoản 4"},
	{From: from(Processing), Act: Refuse, Permit: access.ApproveDossier, Place: AtTask, Event: evRefused, Needs: NeedReason | NeedGround, Tasks: kinds(TaskApprove), Form: "refusal", Ground: art19 + " khoản 8"},
	{From: from(Registered, Accepted, Processing, SupplementRequired, FinancialObligation), Act: Withdraw, To: Withdrawn, Permit: access.ReceiveDossier, Place: AtReception, Event: evWithdrawn, Needs: NeedReason, Ground: "NĐ 61/2018 Điều 6"},
	{From: from(Accepted, Processing, SupplementRequired, FinancialObligation), Act: Stop, To: Stopped, Permit: access.ApproveDossier, Place: AtAgency, Event: evStopped, Needs: NeedReason | NeedGround, Form: "stopNotice", Ground: "TT 03/2025, Mẫu 05"},
	{From: from(Stopped), Act: Resume, To: Processing, Permit: access.ApproveDossier, Place: AtAgency, Event: evResumed, Needs: NeedReason | NeedDocument, Ground: "TT 03/2025"},
	{From: from(Processing), Act: Oblige, To: FinancialObligation, Permit: access.HandleDossier, Place: AtTask, Event: evObliged, Needs: NeedReason | NeedDocument, Tasks: examining, Ground: "NĐ 61/2018 Điều 22"},
	{From: from(FinancialObligation), Act: Fulfil, To: Processing, Permit: access.ReceiveDossier, Place: AtReception, Event: evFulfilled, Needs: NeedDocument, Ground: "NĐ 61/2018 Điều 22"},

	{From: from(Accepted, Processing, SupplementRequired, FinancialObligation, Resolved), Act: CollectFee, Permit: access.CollectFee, Place: AtReception, Event: evFeeCollected, Form: "feeReceipt", Ground: art22},
	{From: from(Accepted, Processing, SupplementRequired, FinancialObligation, Resolved), Act: ExemptFee, Permit: access.CollectFee, Place: AtReception, Event: evFeeExempted, Needs: NeedGround, Ground: "Luật 97/2015/QH13 Điều 10"},
	{From: from(Accepted, Processing, SupplementRequired), Act: Correct, Permit: access.CorrectDossier, Place: AtReception, Event: evCorrected, Needs: NeedReason, Form: "receipt", Ground: "TT 01/2018 Điều 10"},
	{From: from(Accepted, Processing, SupplementRequired, Resolved, Returned), Act: ReceiveLate, Permit: access.ConfirmLate, Place: AtCentre, Event: evLateConfirmed, Ground: art17},
	{From: from(Accepted), Act: AttachPaper, Permit: access.ReceiveDossier, Place: AtReception, Event: evPaperAttached, Ground: art17 + " khoản 1"},
	{From: from(Processing), Act: AttachPaper, Permit: access.HandleDossier, Place: AtTask, Event: evPaperAttached, Tasks: anyWork, Ground: art19},
}

func from(s ...Status) []Status { return s }

// Transitions returns the table, for documents and tests.
func Transitions() []Transition { return slices.Clone(transitions[:]) }

// rows lists the rows of an act from a status, in the table's order.
func rows(s Status, act Act) []Transition {
	var all []Transition
	for _, t := range transitions {
		if t.Act == act && slices.Contains(t.From, s) {
			all = append(all, t)
		}
	}
	return all
}

// Acts lists every act of the table once, in its order.
func Acts() []Act {
	var all []Act
	for _, t := range transitions {
		if !slices.Contains(all, t.Act) {
			all = append(all, t.Act)
		}
	}
	return all
}

// Known reports whether the table has the act.
func (a Act) Known() bool { return slices.Contains(Acts(), a) }

// Key is the message key of the act's button.
func (a Act) Key() string { return "dossier.act." + string(a) }
