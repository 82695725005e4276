package dossier

import (
	"time"

	"github.com/motcua/motcua/internal/core/civil"
	"github.com/motcua/motcua/internal/core/fee"
	"github.com/motcua/motcua/internal/core/process"
)

// Change is the payload of every dossier event: the outcome, never the input of
// a rule. Applying it needs no rule, calendar, clock or catalogue. Only the
// parts that the event changes are set.
type Change struct {
	By     string `json:"by,omitempty"` // who did it: staff id, or the job
	Status Status `json:"status,omitempty"`

	Opening  *Opening  `json:"opening,omitempty"`  // the facts fixed when the dossier began
	Code     string    `json:"code,omitempty"`     // the legal code, once allocated
	Private  []byte    `json:"private,omitempty"`  // sealed Private; replaces the earlier one
	Papers   []Paper   `json:"papers,omitempty"`   // replaces the list
	Sets     int       `json:"sets,omitempty"`     // replaces the number of sets
	Deadline *Deadline `json:"deadline,omitempty"` // replaces limit, clock and due date
	Fee      *Fee      `json:"fee,omitempty"`      // replaces the assessment and its payments

	// Effects are what the process did; they alone rebuild the dossier's Process.
	Effects   []process.Effect `json:"effects,omitempty"`
	Opened    []Task           `json:"opened,omitempty"`    // tasks that begin
	Held      *Holding         `json:"held,omitempty"`      // a task changes hands, before it may end
	Closed    []string         `json:"closed,omitempty"`    // ids of tasks that end
	Urgent    []Urgency        `json:"urgent,omitempty"`    // by when work on open tasks must have begun
	Timers    []Timer          `json:"timers,omitempty"`    // timers that begin to run
	Handovers []Handover       `json:"handovers,omitempty"` // papers, data or result leave for other units
	Arrived   []Arrival        `json:"arrived,omitempty"`   // and arrive there
	Shared    []string         `json:"shared,omitempty"`    // units that take part from now on, and see the dossier

	Asked     []Supplement `json:"asked,omitempty"`     // supplements are asked
	Supplied  *Supplied    `json:"supplied,omitempty"`  // and answered
	Reminded  *time.Time   `json:"reminded,omitempty"`  // the applicant is reminded of the open one
	Owed      []Obligation `json:"owed,omitempty"`      // financial obligations are told
	Paid      *Paid        `json:"paid,omitempty"`      // and met
	Lapsed    []Lapse      `json:"lapsed,omitempty"`    // requests to the applicant that are over without answer
	Consulted []Consulted  `json:"consulted,omitempty"` // units are asked for their opinion
	Opinion   *Opinion     `json:"opinion,omitempty"`   // and one answers, or is silent past its deadline
	Record    *Record      `json:"record,omitempty"`    // a verification is recorded

	Proposal *Proposal   `json:"proposal,omitempty"`
	Result   *Result     `json:"result,omitempty"`   // replaces what is known of the result
	Recalled bool        `json:"recalled,omitempty"` // proposal and result are kept aside: they are made anew
	Finished *time.Time  `json:"finished,omitempty"` // end of work: lateness stops
	Unfinish bool        `json:"unfinish,omitempty"` // work goes on after its end
	Return   *ReturnNote `json:"return,omitempty"`
	Print    *Print      `json:"print,omitempty"` // a slip printed with this event
	Late     *LateEntry  `json:"late,omitempty"`

	Repair   *RepairPlan `json:"repair,omitempty"`   // a repair is proposed
	Repaired bool        `json:"repaired,omitempty"` // and decided, either way
	Undoable bool        `json:"undoable,omitempty"` // its author may undo it while it is the last act
	Undone   *Undone     `json:"undone,omitempty"`   // the act before is undone

	Seat       *Seat       `json:"seat,omitempty"`       // the dossier lies elsewhere from now on
	Succession *Succession `json:"succession,omitempty"` // because other units continue the work
	Receded    bool        `json:"receded,omitempty"`    // or because that was taken back

	Text     []byte `json:"text,omitempty"`     // sealed free text: reason, note
	Document string `json:"document,omitempty"` // number of the paper that grounds the act
}

// Opening holds what never changes after a dossier has begun.
type Opening struct {
	Ref           string        `json:"ref"` // reference before a code exists
	Procedure     ProcedureRef  `json:"procedure"`
	Unit          string        `json:"unit"` // receiving unit (bộ phận một cửa)
	UnitName      string        `json:"unitName"`
	Agency        string        `json:"agency"` // competent agency (cơ quan có thẩm quyền)
	AgencyName    string        `json:"agencyName"`
	Channel       Channel       `json:"channel"`
	ReturnChannel ReturnChannel `json:"returnChannel"`
	OwnerKind     string        `json:"ownerKind"`
	// Elsewhere marks a dossier that another unit than the competent agency's
	// received (tiếp nhận phi địa giới).
	Elsewhere bool `json:"elsewhere,omitempty"`
	// AtOnce marks a dossier that the counter was delegated to decide on the spot.
	AtOnce      bool      `json:"atOnce,omitempty"`
	Officer     string    `json:"officer"` // receiving officer
	OfficerName string    `json:"officerName"`
	Rules       string    `json:"rules"` // rule set in force at reception
	At          time.Time `json:"at"`    // reception, or submission when only registered
	// PreviousSystem names the system that the dossier was taken over from, under
	// the code that it had there.
	PreviousSystem string `json:"previousSystem,omitempty"`
}

// ProcedureRef points to the immutable procedure version that a dossier keeps.
type ProcedureRef struct {
	Code     string `json:"code"`
	Version  int    `json:"version"`
	Name     string `json:"name"`
	Field    string `json:"field"`
	Case     string `json:"case,omitempty"`
	CaseName string `json:"caseName,omitempty"`
}

// Channel is how a dossier came in (kênh nộp).
type Channel string

// ReturnChannel is how the result goes out (hình thức nhận kết quả).
type ReturnChannel string

// The channels, with their national numbers 1, 2 and 3 (KenhThucHien).
const (
	Direct Channel = "direct" // trực tiếp
	Online Channel = "online" // trực tuyến
	Post   Channel = "post"   // bưu chính công ích

	ReturnCounter    ReturnChannel = "counter"    // tại quầy
	ReturnPost       ReturnChannel = "post"       // qua bưu chính
	ReturnElectronic ReturnChannel = "electronic" // bản điện tử
)

// Private is everything about a dossier that concerns a person. It is stored
// only sealed, under the dossier's own key.
type Private struct {
	Owner     Party             `json:"owner"`
	Submitter *Party            `json:"submitter,omitempty"`
	Subject   string            `json:"subject,omitempty"` // trích yếu
	Notes     map[string]string `json:"notes,omitempty"`   // remark per paper
	Secret    string            `json:"secret"`            // second secret of public tracking
}

// Party is the owner (chủ hồ sơ) or the submitter (người nộp) as recorded.
type Party struct {
	Kind          string     `json:"kind"`
	Name          string     `json:"name"`
	PersonalID    string     `json:"personalId,omitempty"`
	TaxCode       string     `json:"taxCode,omitempty"`
	Phone         string     `json:"phone,omitempty"`
	Email         string     `json:"email,omitempty"`
	Address       string     `json:"address,omitempty"`
	BornOn        civil.Date `json:"bornOn,omitzero"`
	Authorisation string     `json:"authorisation,omitempty"` // giấy ủy quyền, for a submitter
}

// Paper is one component of a dossier (thành phần hồ sơ) as handed in.
type Paper struct {
	ID        string `json:"id"`
	Name      string `json:"name"`
	Originals int    `json:"originals,omitempty"` // bản chính
	Certified int    `json:"certified,omitempty"` // bản chứng thực
	Copies    int    `json:"copies,omitempty"`    // bản photo
	Files     []File `json:"files,omitempty"`
}

// Count is how many sheets of the paper were handed in.
func (p Paper) Count() int { return p.Originals + p.Certified + p.Copies }

// File is a stored file: its bytes are found by hash.
type File struct {
	Hash string `json:"hash"`
	Name string `json:"name"`
	Type string `json:"type"`
	Size int64  `json:"size"`
}

// Fee is what a dossier owes and how it was settled.
type Fee struct {
	Lines     []fee.Line `json:"lines,omitempty"`
	Total     fee.VND    `json:"total"`
	Receipt   string     `json:"receipt,omitempty"` // fee receipt number
	Method    string     `json:"method,omitempty"`
	Ground    string     `json:"ground,omitempty"` // of the exemption
	Document  string     `json:"document,omitempty"`
	By        string     `json:"by,omitempty"`
	SettledAt *time.Time `json:"settledAt,omitempty"`
}

// Settled reports whether nothing is owed any more.
func (f Fee) Settled() bool { return f.Total == 0 || f.SettledAt != nil }

// Handover is papers or a result on their way between units (giao, nhận).
type Handover struct {
	ID       string     `json:"id"`
	From     string     `json:"from"`
	FromName string     `json:"fromName"`
	To       string     `json:"to"`
	ToName   string     `json:"toName"`
	Giver    string     `json:"giver"`
	SentAt   time.Time  `json:"sentAt"`
	PaperBy  time.Time  `json:"paperBy,omitzero"` // when the paper must leave (15:00 rule)
	DueAt    time.Time  `json:"dueAt,omitzero"`   // when the step before it had to be done
	GotAt    *time.Time `json:"gotAt,omitempty"`
	Taker    string     `json:"taker,omitempty"`
	Note     string     `json:"note,omitempty"`
	Data     bool       `json:"data,omitempty"` // data only: arrives with the first act of the receiving unit
}

// Arrival closes a hand-over.
type Arrival struct {
	ID    string    `json:"id"`
	At    time.Time `json:"at"`
	Taker string    `json:"taker"`
}

// Holding gives a task to a person, or back to the pool when Staff is empty.
type Holding struct {
	Task  string `json:"task"`
	Staff string `json:"staff"`
	Name  string `json:"name"`
	// Behalf is the person who delegated the work, where somebody does it for him.
	Behalf string `json:"behalf,omitempty"`
}

// Proposal is what the handler puts before the leader (đề xuất).
type Proposal struct {
	Outcome string    `json:"outcome"` // approve or refuse
	By      string    `json:"by"`
	Behalf  string    `json:"behalf,omitempty"` // the person who delegated the work
	ByName  string    `json:"byName"`
	At      time.Time `json:"at"`
	Draft   *Draft    `json:"draft,omitempty"` // the document that is put before the leader
}

// Draft is a result document before it has a number (dự thảo kết quả): a text
// from a template, or a PDF that was made elsewhere.
type Draft struct {
	Template string `json:"template,omitempty"` // id and version of the template
	Version  int    `json:"version,omitempty"`
	Symbol   string `json:"symbol,omitempty"` // kind of document: names the book of its number
	Name     string `json:"name,omitempty"`
	Text     []byte `json:"text,omitempty"` // sealed; see core/result
	File     *File  `json:"file,omitempty"`
}

// Entry is a line of the register of documents that go out (sổ đăng ký văn bản
// đi): books are of a unit and a year and have no gaps.
type Entry struct {
	Unit string    `json:"unit"`
	Book string    `json:"book"`
	Year int       `json:"year"`
	No   int64     `json:"no"`
	At   time.Time `json:"at"`
}

// FileSignature is an electronic signature of a result as it was found when the
// result was issued.
type FileSignature struct {
	Signer string    `json:"signer"`
	Post   string    `json:"post,omitempty"`
	Unit   string    `json:"unit,omitempty"`
	At     time.Time `json:"at"`
}

// Result is the outcome document (kết quả giải quyết).
type Result struct {
	Title      string     `json:"title"`
	Refusal    bool       `json:"refusal,omitempty"`
	Number     string     `json:"number,omitempty"`
	ApprovedBy string     `json:"approvedBy,omitempty"`
	ApprovedAt *time.Time `json:"approvedAt,omitempty"`
	SignedBy   string     `json:"signedBy,omitempty"`
	SignedAt   *time.Time `json:"signedAt,omitempty"`
	// ApprovedFor and SignedFor name the leader who delegated his signature.
	ApprovedFor string `json:"approvedFor,omitempty"`
	SignedFor   string `json:"signedFor,omitempty"`
	// Exception says why the same person could receive or propose and approve:
	// "at-once" or "small-unit". Empty where different persons did it.
	Exception string     `json:"exception,omitempty"`
	IssuedAt  *time.Time `json:"issuedAt,omitempty"`

	Draft *Draft `json:"draft,omitempty"` // the document as it was approved
	Entry *Entry `json:"entry,omitempty"` // the line of the register that its number is
	// Authority and Post are how the signer signed: "KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC".
	Authority string `json:"authority,omitempty"`
	Post      string `json:"post,omitempty"`
	// Signed is the document with the signatures that it has so far; without a
	// draft there is none, and the file comes with the issue.
	Signed     *File           `json:"signed,omitempty"`
	StampedBy  string          `json:"stampedBy,omitempty"`
	StampedAt  *time.Time      `json:"stampedAt,omitempty"`
	Signatures []FileSignature `json:"signatures,omitempty"` // as verified at issue
	Files      []File          `json:"files,omitempty"`
}

// ReturnNote records who took the result. Names and identity papers are in the
// sealed text of the event.
type ReturnNote struct {
	At       time.Time     `json:"at"`
	Channel  ReturnChannel `json:"channel"`
	Proxy    bool          `json:"proxy,omitempty"`
	Checked  string        `json:"checked"` // which identity paper was checked
	Officer  string        `json:"officer"`
	Receiver []byte        `json:"receiver"` // sealed name of the receiver
}

// Print is one printing of a slip; a later print of the same form voids it.
type Print struct {
	Form string    `json:"form"`
	No   int       `json:"no"`
	At   time.Time `json:"at"`
	By   string    `json:"by"`
	// Signed is the slip as a file with its electronic signature; nil for one that
	// is signed by hand on paper.
	Signed *Letter `json:"signed,omitempty"`
}

// Letter is a slip that was signed electronically when the act was recorded (văn
// bản ký số), and goes to the applicant as it is.
type Letter struct {
	File   File   `json:"file"`
	Signer string `json:"signer"`         // name in the certificate: a person, or an agency's seal
	Seal   bool   `json:"seal,omitempty"` // signed with the seal of the agency
	// Authority and Post are how a person signed: "KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC".
	Authority string `json:"authority,omitempty"`
	Post      string `json:"post,omitempty"`
}

// LateEntry marks a dossier that was taken in on paper and entered later (tiếp
// nhận bù).
type LateEntry struct {
	Slip        string     `json:"slip"` // number of the paper slip
	By          string     `json:"by"`
	ConfirmedBy string     `json:"confirmedBy,omitempty"`
	ConfirmedAt *time.Time `json:"confirmedAt,omitempty"`
}
