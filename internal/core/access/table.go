package access

import "sort"

// Permission is one thing that can be allowed or not.
type Permission string

// The permissions. Those on dossiers are asked with the units that the act
// concerns: the receiving unit, the agency, or the unit of the open task.
const (
	ReadDossier       Permission = "dossier.read"       // see a dossier with personal data masked
	UnmaskDossier     Permission = "dossier.unmask"     // see personal identifiers in full, with a purpose
	ReceiveDossier    Permission = "dossier.receive"    // receive, accept, refuse at reception, guide
	ForwardDossier    Permission = "dossier.forward"    // hand a received dossier to the agency
	TakeHandover      Permission = "dossier.handover"   // confirm that papers or results arrived
	AssignDossier     Permission = "dossier.assign"     // name the officer who holds a task
	HandleDossier     Permission = "dossier.handle"     // claim, check, propose, ask for supplements
	ApproveDossier    Permission = "dossier.approve"    // approve, refuse, stop, resume
	IssueResult       Permission = "dossier.issue"      // number, stamp and issue the result
	ReturnDossier     Permission = "dossier.return"     // hand the result to the applicant
	CollectFee        Permission = "dossier.fee"        // mark fees collected or exempt
	CorrectDossier    Permission = "dossier.correct"    // correct and reprint a slip
	ConfirmLate       Permission = "dossier.late"       // confirm a late entry (tiếp nhận bù)
	ImportDossier     Permission = "dossier.import"     // receive with an instant in the past
	ManageStaff       Permission = "staff.manage"       // create, disable, reset, roles
	ManageProcedure   Permission = "procedure.manage"   // import, confirm readiness
	ManageCalendar    Permission = "calendar.manage"    // publish days off
	ReadStatistics    Permission = "statistics.read"    // figures of the centre
	ReadAccessLog     Permission = "access_log.read"    // who looked at what
	ManageUnit        Permission = "unit.manage"        // units, agencies, counters
	UploadFile        Permission = "file.upload"        // stage a file
	SearchEverywhere  Permission = "dossier.search"     // look a dossier up by exact code, ID or phone
	ManageIntegration Permission = "integration.manage" // tokens, partners
)

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
	UnmaskDossier:     {{Reception, ownUnit}, {Handler, ownUnit}, {Leader, ownUnit}, {Inspector, everywhere}},
	ReceiveDossier:    {{Reception, ownUnit}, {Partner, ownUnit}, {Import, ownUnit}},
	ForwardDossier:    {{Reception, ownUnit}, {systemRole, everywhere}},
	TakeHandover:      {{Reception, ownUnit}, {Handler, ownUnit}, {Clerk, ownUnit}, {Leader, ownUnit}},
	AssignDossier:     {{Leader, ownUnit}},
	HandleDossier:     {{Handler, ownUnit}, {Leader, ownUnit}},
	ApproveDossier:    {{Leader, ownUnit}},
	IssueResult:       {{Clerk, ownUnit}, {Leader, ownUnit}},
	ReturnDossier:     {{Reception, ownUnit}},
	CollectFee:        {{Reception, ownUnit}},
	CorrectDossier:    {{Reception, ownUnit}, {Leader, ownUnit}},
	ConfirmLate:       {{Director, everywhere}},
	ImportDossier:     {{Import, ownUnit}},
	ManageStaff:       {{Admin, everywhere}},
	ManageProcedure:   {{Control, everywhere}},
	ManageCalendar:    {{Control, everywhere}},
	ReadStatistics:    {{Director, everywhere}, {Control, everywhere}, {Supervisor, everywhere}, {Inspector, everywhere}, {Leader, ownUnit}},
	ReadAccessLog:     {{Inspector, everywhere}, {Supervisor, everywhere}},
	ManageUnit:        {{Admin, everywhere}},
	UploadFile:        {{Reception, everywhere}, {Handler, everywhere}, {Leader, everywhere}, {Clerk, everywhere}, {Partner, everywhere}, {Import, everywhere}},
	SearchEverywhere:  {{Reception, everywhere}, {Handler, everywhere}, {Leader, everywhere}, {Director, everywhere}, {Control, everywhere}, {Supervisor, everywhere}, {Inspector, everywhere}},
	ManageIntegration: {{Admin, everywhere}},
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
