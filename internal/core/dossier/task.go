package dossier

import (
	"slices"
	"time"

	"github.com/motcua/motcua/internal/core/access"
)

// TaskKind is what has to be done at a step (loại công việc).
type TaskKind string

// The kinds of task that a dossier knows.
const (
	TaskReceive  TaskKind = "receive"   // check, scan and forward
	TaskCheck    TaskKind = "check"     // kiểm tra hồ sơ
	TaskHandle   TaskKind = "handle"    // thụ lý
	TaskVerify   TaskKind = "verify"    // thẩm tra, xác minh
	TaskConsult  TaskKind = "consult"   // cho ý kiến
	TaskPropose  TaskKind = "propose"   // trình, đề xuất
	TaskApprove  TaskKind = "approve"   // phê duyệt
	TaskNumber   TaskKind = "number"    // vào sổ, lấy số
	TaskSign     TaskKind = "sign"      // ký
	TaskIssue    TaskKind = "issue"     // ban hành; also number and sign where they are no steps of their own
	TaskHandOver TaskKind = "hand-over" // bàn giao kết quả
	TaskReturn   TaskKind = "return"    // trả kết quả
)

// The groups of kinds that acts work on.
var (
	examining = kinds(TaskCheck, TaskHandle, TaskVerify, TaskPropose)
	leading   = kinds(TaskCheck, TaskHandle, TaskVerify, TaskPropose, TaskApprove)
	anyWork   = kinds(
		TaskReceive, TaskCheck, TaskHandle, TaskVerify, TaskConsult, TaskPropose, TaskApprove,
		TaskNumber, TaskSign, TaskIssue, TaskHandOver, TaskReturn,
	)
)

func kinds(k ...TaskKind) []TaskKind { return k }

// TaskKinds lists every kind in the order of a plain process.
func TaskKinds() []TaskKind { return slices.Clone(anyWork) }

// Key is the message key of the kind's name.
func (k TaskKind) Key() string { return "dossier.task." + string(k) }

// Task is one open or closed piece of work. Each open task has exactly one
// holder: a person, or the pool of a role in a unit when Holder is empty.
type Task struct {
	ID         string      `json:"id"`
	Step       string      `json:"step"`
	Name       string      `json:"name"`
	Kind       TaskKind    `json:"kind"`
	Unit       string      `json:"unit"`
	UnitName   string      `json:"unitName"`
	Role       access.Role `json:"role"`
	Share      int         `json:"share,omitempty"` // working minutes of the limit
	Holder     string      `json:"holder,omitempty"`
	HolderName string      `json:"holderName,omitempty"`
	Behalf     string      `json:"behalf,omitempty"` // for whom the holder works, by delegation
	OpenedAt   time.Time   `json:"openedAt"`
	DueAt      time.Time   `json:"dueAt,omitzero"`
	StartBy    time.Time   `json:"startBy,omitzero"` // by when work must have begun; see Urgency
	ClosedAt   *time.Time  `json:"closedAt,omitempty"`
	Ended      string      `json:"ended,omitempty"` // how it was closed: done, back, timer or cancel
	// For is the task that needs the answer of a consulted unit. Such a task
	// stands beside the process and is none of its steps.
	For string `json:"for,omitempty"`
}

// Beside reports whether the task stands beside the process.
func (t Task) Beside() bool { return t.For != "" }

// Pool reports whether nobody has taken the task yet.
func (t Task) Pool() bool { return t.Holder == "" }

// HeldBy reports whether the actor may work on the task: it is his, or it lies
// in the pool of his unit and role.
func (t Task) HeldBy(a access.Actor) bool {
	if t.Holder != "" {
		return a.Stands(t.Holder)
	}
	return t.Unit == a.Unit && a.Is(t.Role)
}

func (k TaskKind) in(all []TaskKind) bool { return slices.Contains(all, k) }
