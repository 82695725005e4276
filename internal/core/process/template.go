// Package process says who does what next. A template describes the internal
// process of a procedure as data: steps with unit, role and share of the time
// limit, exclusive and parallel parts, waits and timers. It compiles once into a
// graph; a dossier keeps an Instance, the small value that says where it stands.
//
// The package decides and returns effects as plain values. It never reads a
// clock, never resolves a unit's name and never stores anything: the dossier
// turns effects into events, and Apply alone rebuilds an Instance from them.
//
// It is not a workflow engine with workers or a database of its own, and it does
// not know the ten legal statuses: those belong to package dossier.
//
//	t, err := process.Linear("so-tai-chinh", 5*480, process.Options{})
//	g, err := process.Compile(t, nil)
//	inst, effects, err := process.Start(g, facts, ids)
//	inst, effects, err = process.Complete(g, inst, taskID, facts, ids)
package process

import "slices"

// Limits on one template and one run; far above any real process, low enough
// that a hostile file or a careless loop cannot exhaust the machine.
const (
	MaxSteps    = 400    // steps of a template, structural ones included
	MaxFlows    = 1200   // flows of a template
	MaxOpened   = 1000   // tasks and waits that one run may open in its life
	maxMoves    = 2000   // tokens moved by one act
	maxMarkings = 20_000 // positions of tokens that a check looks at
	maxWork     = 10_000_000
	maxText     = 2000 // characters of a name or a condition
	maxShare    = 10_000_000
	minutesADay = 480 // a working day of eight hours
)

// Kind says what a step is (loại bước).
type Kind string

// Work that a person does. Each opens a task.
const (
	KindReceive  Kind = "receive"   // tiếp nhận
	KindCheck    Kind = "check"     // kiểm tra hồ sơ
	KindHandle   Kind = "handle"    // xử lý, thụ lý
	KindVerify   Kind = "verify"    // thẩm tra, xác minh
	KindConsult  Kind = "consult"   // lấy ý kiến
	KindPropose  Kind = "propose"   // trình, đề xuất
	KindApprove  Kind = "approve"   // phê duyệt
	KindNumber   Kind = "number"    // vào sổ, lấy số
	KindSign     Kind = "sign"      // ký
	KindIssue    Kind = "issue"     // đóng dấu, phát hành
	KindHandOver Kind = "hand-over" // bàn giao kết quả về Trung tâm
	KindReturn   Kind = "return"    // trả kết quả
)

// Structure of the process. None of these opens a task.
const (
	KindStart         Kind = "start"
	KindEnd           Kind = "end"
	KindBranch        Kind = "branch"         // exclusive: the first true way out is taken
	KindParallel      Kind = "parallel"       // waits for every way in, takes every way out
	KindWaitApplicant Kind = "wait-applicant" // chờ người nộp hồ sơ
	KindWaitPayment   Kind = "wait-payment"   // chờ thực hiện nghĩa vụ tài chính
	KindTimer         Kind = "timer"          // attached to a task or wait by On
)

var workKinds = [...]Kind{
	KindReceive, KindCheck, KindHandle, KindVerify, KindConsult, KindPropose, KindApprove,
	KindNumber, KindSign, KindIssue, KindHandOver, KindReturn,
}

// WorkKinds lists the kinds that open a task, in the order of a plain process.
func WorkKinds() []Kind { return slices.Clone(workKinds[:]) }

// Work reports whether a step of this kind opens a task.
func (k Kind) Work() bool { return slices.Contains(workKinds[:], k) }

// Wait reports whether a step of this kind waits for somebody outside.
func (k Kind) Wait() bool { return k == KindWaitApplicant || k == KindWaitPayment }

// Known reports whether k is a kind at all.
func (k Kind) Known() bool {
	switch k {
	case KindStart, KindEnd, KindBranch, KindParallel, KindTimer:
		return true
	}
	return k.Work() || k.Wait()
}

// LabelKey is the message key of the kind's name; a step without a name of its
// own is shown under it.
func (k Kind) LabelKey() string { return "process.kind." + string(k) }

// Relative unit names: they are resolved for each dossier, so that one template
// serves every centre and agency that runs the procedure.
const (
	UnitCentre = "centre" // the unit that received the dossier (nơi tiếp nhận)
	UnitAgency = "agency" // the agency competent to decide (cơ quan có thẩm quyền)
)

// Template is the internal process of a procedure (quy trình nội bộ, quy trình
// điện tử). A published version never changes. Its JSON form is what is stored.
type Template struct {
	ID        string `json:"id"`
	Version   int    `json:"version"`
	Name      string `json:"name,omitempty"`
	Procedure string `json:"procedure,omitempty"` // code of the procedure
	Case      string `json:"case,omitempty"`      // case of the procedure; empty for all
	Steps     []Step `json:"steps"`
	Flows     []Flow `json:"flows"`
	Lanes     []Lane `json:"lanes,omitempty"`
	LaneSet   string `json:"laneSet,omitempty"` // id around the lanes of a drawing
	Pool      *Pool  `json:"pool,omitempty"`
	Kept      []Kept `json:"kept,omitempty"`
}

// Step is one step (bước).
type Step struct {
	ID    string `json:"id"`
	Name  string `json:"name,omitempty"`
	Kind  Kind   `json:"kind"`
	Unit  string `json:"unit,omitempty"`  // "centre", "agency" or the key of a unit
	Role  string `json:"role,omitempty"`  // role that a holder must have
	Share int    `json:"share,omitempty"` // part of the time limit, in working minutes

	On       string `json:"on,omitempty"`       // timers: the step that is timed
	After    int    `json:"after,omitempty"`    // timers: working minutes after that step opened
	Continue bool   `json:"continue,omitempty"` // timers: the timed step stays open when the timer fires

	Element string `json:"element,omitempty"` // BPMN element it was drawn as; empty for the usual one
}

// Flow is one way from a step to the next.
type Flow struct {
	ID      string `json:"id"`
	From    string `json:"from"`
	To      string `json:"to"`
	Name    string `json:"name,omitempty"`
	When    string `json:"when,omitempty"`    // condition, in CEL over the dossier's facts
	Default bool   `json:"default,omitempty"` // taken when no other way out is true
}

// Lane groups steps on the drawing; it has no effect on who does them.
type Lane struct {
	ID    string   `json:"id"`
	Name  string   `json:"name,omitempty"`
	Steps []string `json:"steps,omitempty"`
}

// Pool is the frame around the drawing.
type Pool struct {
	ID   string `json:"id"`
	Name string `json:"name,omitempty"`
	Set  string `json:"set,omitempty"` // id of the collaboration around it
}

// Kept is something of an imported drawing that this program does not use and
// gives back on export: data objects, notes, the diagram, other tools' marks.
type Kept struct {
	// On is the id of the step, flow, lane, lane set, pool or collaboration that
	// it belongs to, the id of a flow and "?" for its condition; empty for the
	// process, "#" for the file.
	On  string `json:"on,omitempty"`
	XML string `json:"xml,omitempty"` // an element, complete with its namespaces
	// Or an attribute.
	Space string `json:"space,omitempty"`
	Name  string `json:"name,omitempty"`
	Value string `json:"value,omitempty"`
}

// Step returns the step with that id.
func (t Template) Step(id string) (Step, bool) {
	i := slices.IndexFunc(t.Steps, func(s Step) bool { return s.ID == id })
	if i < 0 {
		return Step{}, false
	}
	return t.Steps[i], true
}

// Tasks lists the steps that open a task, in the order of the template.
func (t Template) Tasks() []Step {
	var work []Step
	for _, s := range t.Steps {
		if s.Kind.Work() {
			work = append(work, s)
		}
	}
	return work
}

// Conditions lists the conditions of the template, each once, in order.
func (t Template) Conditions() []string {
	var all []string
	for _, f := range t.Flows {
		if f.When != "" && !slices.Contains(all, f.When) {
			all = append(all, f.When)
		}
	}
	return all
}

// Facts is what conditions may look at: the dossier as the caller found it,
// inside the same write. A condition sees nothing else, in particular no
// personal data.
type Facts struct {
	Procedure     string   `json:"procedure"`
	Case          string   `json:"case"`
	Channel       string   `json:"channel"`       // direct, online, post
	ReturnChannel string   `json:"returnChannel"` // counter, post, electronic
	OwnerKind     string   `json:"ownerKind"`     // citizen, enterprise, organization, state
	Centre        string   `json:"centre"`        // key of the receiving unit
	Agency        string   `json:"agency"`        // key of the competent agency
	Outcome       string   `json:"outcome"`       // how the task that just ended was answered, such as "agree" or "refuse"
	Papers        []string `json:"papers"`        // ids of the papers that were handed in
	Fee           int64    `json:"fee"`           // đồng
	Paid          bool     `json:"paid"`
	Days          int      `json:"days"` // working days since reception
	Late          bool     `json:"late"`
	Supplements   int      `json:"supplements"` // times that the applicant was asked for more
	Proposal      string   `json:"proposal"`    // the handler's last proposal: approve or refuse, empty before
	Refused       bool     `json:"refused"`     // the leader has refused the request
	Agreed        int      `json:"agreed"`      // units that were consulted and agree
	Objected      int      `json:"objected"`    // units that were consulted and do not
	Silent        int      `json:"silent"`      // units that were consulted and did not answer in time
	Verified      int      `json:"verified"`    // verification records made
}

// Guard answers a compiled condition. An error counts as refusal, never as no.
type Guard func(Facts) (bool, error)
