package dossier

import (
	"time"

	"github.com/motcua/motcua/internal/core/civil"
	"github.com/motcua/motcua/internal/core/fee"
	"github.com/motcua/motcua/internal/core/process"
)

// Deadline is the promise and all that it was computed from. The promise itself
// (DueOn, DueAt) is always what the law counts; a day named in an apology
// stands beside it, and lateness stays measured against the promise.
type Deadline struct {
	Limit    civil.Limit  `json:"limit"`
	Policy   civil.Policy `json:"policy"`
	Calendar string       `json:"calendar"` // id@version of the calendar used
	// Since is the reception that this limit is counted from; zero means the
	// reception of the dossier. A second phase has its own.
	Since       time.Time       `json:"since,omitzero"`
	EndOfDay    bool            `json:"endOfDay,omitempty"`  // ends at closing time, not at the time of day of the start
	Cutoff      civil.TimeOfDay `json:"cutoff,omitempty"`    // the procedure's own hour for the same day
	OnArrival   bool            `json:"onArrival,omitempty"` // received elsewhere: runs from the agency's receipt
	ArrivedAt   *time.Time      `json:"arrivedAt,omitempty"`
	Waits       civil.Wait      `json:"waits,omitempty"` // why there is no promised day yet
	StartAt     time.Time       `json:"startAt"`
	DueOn       civil.Date      `json:"dueOn,omitzero"`
	DueAt       time.Time       `json:"dueAt,omitzero"`
	FirstDueOn  civil.Date      `json:"firstDueOn,omitzero"`
	FirstDueAt  time.Time       `json:"firstDueAt,omitzero"`
	Provisional bool            `json:"provisional,omitempty"`
	Stops       []civil.Stop    `json:"stops,omitempty"`
	Apology     *Apology        `json:"apology,omitempty"`
	Earlier     []Phased        `json:"earlier,omitempty"` // phases that are over (giai đoạn 1)
}

// Phased is a phase of a dossier that ended with a financial obligation; the
// next one has a reception and an appointment of its own (giai đoạn 2).
type Phased struct {
	Limit   civil.Limit  `json:"limit"`
	StartAt time.Time    `json:"startAt"`
	DueOn   civil.Date   `json:"dueOn,omitzero"`
	DueAt   time.Time    `json:"dueAt,omitzero"`
	EndedAt time.Time    `json:"endedAt"` // when the obligation was told
	Stops   []civil.Stop `json:"stops,omitempty"`
}

// Apology is the one apology with a re-appointment that a dossier can have (xin
// lỗi và hẹn lại).
type Apology struct {
	DueOn    civil.Date `json:"dueOn"` // the new day
	DueAt    time.Time  `json:"dueAt"`
	MadeAt   time.Time  `json:"madeAt"`
	Late     bool       `json:"late,omitempty"` // made too late, or after the promise was broken
	By       string     `json:"by"`
	ByName   string     `json:"byName"`
	ForName  string     `json:"forName,omitempty"`
	Document string     `json:"document,omitempty"`
}

// Supplement is one request for papers (yêu cầu bổ sung).
type Supplement struct {
	AtReception bool        `json:"atReception"`
	Items       []string    `json:"items"` // ids or names of papers
	AskedAt     time.Time   `json:"askedAt"`
	By          string      `json:"by"`
	Leader      string      `json:"leader,omitempty"` // who allowed a further one
	Ground      string      `json:"ground,omitempty"` // and on which legal ground
	Wait        string      `json:"wait,omitempty"`   // id of the wait, where the process itself has it
	DueAt       time.Time   `json:"dueAt,omitzero"`   // by when the applicant has to answer
	Reminded    []time.Time `json:"reminded,omitempty"`
	SuppliedAt  *time.Time  `json:"suppliedAt,omitempty"`
	LapsedAt    *time.Time  `json:"lapsedAt,omitempty"` // over without an answer
}

// Open reports whether the applicant still has to answer.
func (s Supplement) Open() bool { return s.SuppliedAt == nil && s.LapsedAt == nil }

// Supplied answers the open supplement.
type Supplied struct {
	At   time.Time `json:"at"`
	Wait string    `json:"wait,omitempty"`
}

// Obligation is a financial obligation that the applicant was told of (nghĩa vụ
// tài chính).
type Obligation struct {
	ToldAt   time.Time  `json:"toldAt"`
	By       string     `json:"by"`
	Amount   fee.VND    `json:"amount,omitempty"`
	Document string     `json:"document,omitempty"` // notice
	Wait     string     `json:"wait,omitempty"`
	MetAt    *time.Time `json:"metAt,omitempty"`
	Proof    string     `json:"proof,omitempty"` // paper that proves the payment
	LapsedAt *time.Time `json:"lapsedAt,omitempty"`
}

// Open reports whether the obligation still has to be met.
func (o Obligation) Open() bool { return o.MetAt == nil && o.LapsedAt == nil }

// Paid meets the open obligation.
type Paid struct {
	At    time.Time `json:"at"`
	Wait  string    `json:"wait,omitempty"`
	Proof string    `json:"proof,omitempty"`
}

// Lapse ends a request to the applicant that got no answer: the one of a wait,
// or every one that an officer made.
type Lapse struct {
	Wait string    `json:"wait,omitempty"`
	At   time.Time `json:"at"`
}

// Consulted is one unit that was asked for its opinion (lấy ý kiến).
type Consulted struct {
	Task       string     `json:"task"` // the task by which it answers
	For        string     `json:"for"`  // the task that needs the opinion
	Unit       string     `json:"unit"`
	UnitName   string     `json:"unitName"`
	AskedAt    time.Time  `json:"askedAt"`
	By         string     `json:"by"`
	DueAt      time.Time  `json:"dueAt,omitzero"`
	Stops      bool       `json:"stops,omitempty"` // the law stops the clock for it
	Outcome    string     `json:"outcome,omitempty"`
	AnsweredAt *time.Time `json:"answeredAt,omitempty"`
	AnsweredBy string     `json:"answeredBy,omitempty"`
	SilentAt   *time.Time `json:"silentAt,omitempty"` // noted that the deadline passed
	Files      []File     `json:"files,omitempty"`
}

// Opinion is the answer of a consulted unit, or the note that it gave none in
// time. What it says is in the sealed text of the event.
type Opinion struct {
	Task    string    `json:"task"`
	At      time.Time `json:"at"`
	Outcome string    `json:"outcome,omitempty"`
	By      string    `json:"by,omitempty"`
	Silent  bool      `json:"silent,omitempty"`
	Files   []File    `json:"files,omitempty"`
}

// Record is a verification record (biên bản thẩm tra, xác minh). Place,
// participants and content are sealed.
type Record struct {
	ID     string    `json:"id"`
	Task   string    `json:"task"`
	HeldAt time.Time `json:"heldAt"`
	By     string    `json:"by"`
	Sealed []byte    `json:"sealed"` // sealed Verification
	Files  []File    `json:"files,omitempty"`
}

// Verification is what a record says (địa điểm, thành phần, nội dung).
type Verification struct {
	Where        string   `json:"where"`
	Participants []string `json:"participants"`
	Content      string   `json:"content"`
}

// Timer is a timer of the process that runs on an open task or wait.
type Timer struct {
	On   string    `json:"on"`
	Step string    `json:"step"`
	At   time.Time `json:"at"` // when it goes off
}

// RepairPlan is a proposed repair of a stuck dossier (xử lý sự cố): the work is
// to go on at another step. Another person decides about it.
type RepairPlan struct {
	Task     string    `json:"task,omitempty"` // the open task that moves; empty: everything open
	Step     string    `json:"step"`
	StepName string    `json:"stepName,omitempty"`
	By       string    `json:"by"`
	ByName   string    `json:"byName"`
	At       time.Time `json:"at"`
}

// Last remembers the last act as far as its author needs to undo it.
type Last struct {
	Event   string    `json:"event"`
	By      string    `json:"by"`
	At      time.Time `json:"at"`
	Version int64     `json:"version"`
	Before  Before    `json:"before"`
}

// Before is what an undoable act may have changed, as it was before.
type Before struct {
	Status    Status           `json:"status"`
	StatusAt  time.Time        `json:"statusAt"`
	Process   process.Instance `json:"process"`
	Tasks     []Task           `json:"tasks,omitempty"`
	Done      int              `json:"done"` // how many tasks were done
	Timers    []Timer          `json:"timers,omitempty"`
	Handovers []Handover       `json:"handovers,omitempty"`
	Shared    []string         `json:"shared,omitempty"`
	Papers    []Paper          `json:"papers,omitempty"`
	Consulted []Consulted      `json:"consulted,omitempty"`
	Records   int              `json:"records"`
	Proposal  *Proposal        `json:"proposal,omitempty"`
	Result    *Result          `json:"result,omitempty"`
	Recalled  int              `json:"recalled"`
}

// Undone takes an act back: the dossier is as it was before.
type Undone struct {
	Event   string `json:"event"`
	Version int64  `json:"version"`
	Before  Before `json:"before"`
}
