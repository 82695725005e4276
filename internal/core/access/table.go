package access

import "sort"

// Permission is one thing that can be allowed or not.
type Permission string

// The permissions. Those on dossiers are asked with the units that the act
// concerns: the receiving unit, the agency, or the unit of the open task.
const (
	ReadDossier      Permission = "dossier.read"          // see a dossier with personal data masked
	UnmaskDossier    Permission = "dossier.unmask"        // see personal identifiers in full, with a purpose
	PrintSlip        Permission = "dossier.print"         // print slips that carry personal identifiers in full
	SearchEverywhere Permission = "dossier.search"        // look a dossier up by exact code, ID or phone
	ReceiveDossier   Permission = "dossier.receive"       // receive, accept, refuse at reception, guide
	ForwardDossier   Permission = "dossier.forward"       // hand a received dossier to the agency
	TakeHandover     Permission = "dossier.handover"      // confirm that papers or results arrived
	AssignDossier    Permission = "dossier.assign"        // name the officer who holds a task
	ClaimTask        Permission = "dossier.claim"         // take a task out of one's pool
	ReleaseTask      Permission = "dossier.release"       // put a task back into its pool
	CheckDossier     Permission = "dossier.check"         // check a dossier at the counter, before the agency has it
	HandleDossier    Permission = "dossier.handle"        // check, propose, ask for supplements
	VerifyDossier    Permission = "dossier.verify"        // record a verification (thẩm tra, xác minh)
	ConsultUnit      Permission = "dossier.consult"       // ask other units for their opinion
	AnswerConsult    Permission = "dossier.answer"        // give the opinion of one's unit
	ApproveDossier   Permission = "dossier.approve"       // approve, refuse, stop, resume
	SignResult       Permission = "dossier.sign"          // sign the result
	IssueResult      Permission = "dossier.issue"         // number, stamp and issue the result
	VerifyResult     Permission = "dossier.verify_result" // check a result's signature before it is issued
	TakeBackResult   Permission = "dossier.take_back"     // take an issued result back for correction
	Apologise        Permission = "dossier.apologise"     // apologise for lateness and name a new day
	ReturnDossier    Permission = "dossier.return"        // hand the result to the applicant
	CollectFee       Permission = "dossier.fee"           // mark fees collected or exempt
	CorrectDossier   Permission = "dossier.correct"       // correct and reprint a slip
	ConfirmLate      Permission = "dossier.late"          // confirm a late entry (tiếp nhận bù)
	UndoAct          Permission = "dossier.undo"          // take one's own last act back
	RepairDossier    Permission = "dossier.repair"        // propose or confirm the repair of a stuck dossier
	ImportDossier    Permission = "dossier.import"        // receive with an instant in the past
	RunClock         Permission = "dossier.clock"         // what time brings: reminders, expiry, silence, timers

	ManageStaff       Permission = "staff.manage"             // create, disable, reset, roles
	DelegateWork      Permission = "staff.delegate"           // dated delegation of work
	DelegateSignature Permission = "staff.delegate_signature" // dated delegation of signature
	ManageUnit        Permission = "unit.manage"              // units, agencies, counters
	ReorganiseUnits   Permission = "unit.reorganise"          // merge, split, rename, move
	ApproveUnits      Permission = "unit.approve"             // second person for a change of the organisation
	ManageProcedure   Permission = "procedure.manage"         // import, confirm readiness
	ReadProcess       Permission = "process.read"             // see internal processes and their dry runs
	DrawProcess       Permission = "process.draw"             // draw and check a process
	PublishProcess    Permission = "process.publish"          // publish a process with its approval decision
	ManageCalendar    Permission = "calendar.manage"          // propose and publish days off
	ConfirmCalendar   Permission = "calendar.confirm"         // second person for a change of the calendar
	ManageForm        Permission = "form.manage"              // wording of printed forms
	ReadStatistics    Permission = "statistics.read"          // figures of the centre
	ReadAccessLog     Permission = "access_log.read"          // who looked at what
	ReadOutbox        Permission = "outbox.read"              // notices on their way
	UploadFile        Permission = "file.upload"              // stage a file
	ManageIntegration Permission = "integration.manage"       // tokens, partners
)

// Key is the message key of what the permission allows.
func (p Permission) Key() string { return "access.permission." + string(p) }

type reach int

const (
	ownUnit reach = iota
	everywhere
)

type grant struct {
	role  Role
	reach reach
}

// table is the whole answer to "who may?". A permission without a row is
// granted to nobody.
var table = map[Permission][]grant{
	ReadDossier: {
		{Reception, ownUnit}, {Handler, ownUnit}, {Leader, ownUnit}, {Clerk, ownUnit},
		{Director, everywhere}, {Control, everywhere}, {Supervisor, everywhere}, {Inspector, everywhere},
		{Partner, ownUnit}, {Import, ownUnit}, {systemRole, everywhere},
	},
	UnmaskDossier:    {{Reception, ownUnit}, {Handler, ownUnit}, {Leader, ownUnit}, {Inspector, everywhere}},
	PrintSlip:        {{Reception, ownUnit}, {Handler, ownUnit}, {Leader, ownUnit}, {Clerk, ownUnit}, {Inspector, everywhere}, {Partner, ownUnit}, {Import, ownUnit}},
	SearchEverywhere: {{Reception, everywhere}, {Handler, everywhere}, {Leader, everywhere}, {Director, everywhere}, {Control, everywhere}, {Supervisor, everywhere}, {Inspector, everywhere}},
	ReceiveDossier:   {{Reception, ownUnit}, {Partner, ownUnit}, {Import, ownUnit}},
	ForwardDossier:   {{Reception, ownUnit}, {systemRole, everywhere}},
	TakeHandover:     {{Reception, ownUnit}, {Handler, ownUnit}, {Clerk, ownUnit}, {Leader, ownUnit}},
	AssignDossier:    {{Leader, ownUnit}, {Director, ownUnit}},
	ClaimTask:        {{Reception, ownUnit}, {Handler, ownUnit}, {Leader, ownUnit}, {Clerk, ownUnit}},
	ReleaseTask:      {{Reception, ownUnit}, {Handler, ownUnit}, {Leader, ownUnit}, {Clerk, ownUnit}, {Director, ownUnit}, {systemRole, everywhere}},
	CheckDossier:     {{Reception, ownUnit}},
	HandleDossier:    {{Handler, ownUnit}, {Leader, ownUnit}},
	VerifyDossier:    {{Handler, ownUnit}, {Leader, ownUnit}},
	ConsultUnit:      {{Handler, ownUnit}, {Leader, ownUnit}},
	AnswerConsult:    {{Handler, ownUnit}, {Leader, ownUnit}},
	ApproveDossier:   {{Leader, ownUnit}},
	SignResult:       {{Leader, ownUnit}},
	IssueResult:      {{Clerk, ownUnit}, {Leader, ownUnit}},
	VerifyResult:     {{Clerk, ownUnit}, {Leader, ownUnit}, {Reception, ownUnit}, {Supervisor, everywhere}, {Inspector, everywhere}},
	TakeBackResult:   {{Leader, ownUnit}},
	Apologise:        {{Leader, ownUnit}},
	ReturnDossier:    {{Reception, ownUnit}},
	CollectFee:       {{Reception, ownUnit}},
	CorrectDossier:   {{Reception, ownUnit}, {Leader, ownUnit}},
	ConfirmLate:      {{Director, everywhere}},
	UndoAct:          {{Reception, ownUnit}, {Handler, ownUnit}, {Leader, ownUnit}, {Clerk, ownUnit}},
	RepairDossier:    {{Leader, ownUnit}, {Control, everywhere}, {Director, everywhere}},
	ImportDossier:    {{Import, ownUnit}},
	RunClock:         {{systemRole, everywhere}},

	ManageStaff:       {{Admin, everywhere}},
	DelegateWork:      {{Leader, ownUnit}, {Director, ownUnit}},
	DelegateSignature: {{Leader, ownUnit}, {Director, ownUnit}},
	ManageUnit:        {{Admin, everywhere}},
	ReorganiseUnits:   {{Admin, everywhere}},
	ApproveUnits:      {{Admin, everywhere}, {Director, everywhere}},
	ManageProcedure:   {{Control, everywhere}},
	ReadProcess:       {{Control, everywhere}, {Director, everywhere}, {Supervisor, everywhere}, {Inspector, everywhere}, {Leader, ownUnit}, {Handler, ownUnit}},
	DrawProcess:       {{Control, everywhere}},
	PublishProcess:    {{Control, everywhere}},
	ManageCalendar:    {{Control, everywhere}},
	ConfirmCalendar:   {{Control, everywhere}, {Director, everywhere}},
	ManageForm:        {{Control, everywhere}, {Admin, everywhere}},
	ReadStatistics:    {{Director, everywhere}, {Control, everywhere}, {Supervisor, everywhere}, {Inspector, everywhere}, {Leader, ownUnit}},
	ReadAccessLog:     {{Inspector, everywhere}, {Supervisor, everywhere}},
	ReadOutbox:        {{Director, everywhere}, {Control, everywhere}, {Admin, everywhere}, {Leader, ownUnit}, {Reception, ownUnit}},
	UploadFile:        {{Reception, everywhere}, {Handler, everywhere}, {Leader, everywhere}, {Clerk, everywhere}, {Control, everywhere}, {Partner, everywhere}, {Import, everywhere}},
	ManageIntegration: {{Admin, everywhere}},
}

// Holders lists who holds a permission, for documents: role and whether the
// grant reaches the whole province. Jobs of the program are left out.
func Holders(p Permission) map[Role]bool {
	all := map[Role]bool{}
	for _, g := range table[p] {
		if g.role != systemRole {
			all[g.role] = g.reach == everywhere
		}
	}
	return all
}

// Permissions lists every permission that the table knows, sorted.
func Permissions() []Permission {
	all := make([]Permission, 0, len(table))
	for p := range table {
		all = append(all, p)
	}
	sort.Slice(all, func(i, j int) bool { return all[i] < all[j] })
	return all
}
