// Package dossier is the case (hồ sơ): its ten legal statuses and the acts that
// move it, its clock, papers, fee, tasks, hand-overs and result. It is pure: a
// decision takes the dossier, a Context and an Input, and returns events; Apply
// folds events into the dossier and never decides anything.
//
//	events, err := dossier.Decide(d, ctx, dossier.Input{Act: dossier.Forward, Version: 1})
package dossier

import (
	"slices"
	"time"

	"github.com/motcua/motcua/internal/core/process"
)

// Dossier is the state of one case, folded from its events.
type Dossier struct {
	ID      string `json:"id"`
	Code    string `json:"code,omitempty"` // legal code (mã hồ sơ); empty before reception
	Version int64  `json:"version"`        // number of events
	// FormVersion is the version after the last event that a form depends on:
	// an event that only moves the clock does not conflict with an open form.
	FormVersion int64  `json:"formVersion"`
	Status      Status `json:"status"`
	Opening

	Private    []byte    `json:"private"`
	Sets       int       `json:"sets"`
	Papers     []Paper   `json:"papers,omitempty"`
	ReceivedAt time.Time `json:"receivedAt,omitzero"`
	Deadline   Deadline  `json:"deadline"`
	Fee        Fee       `json:"fee"`
	// Process says where the dossier stands in its process. Each of its open
	// tasks is one of Tasks, with unit, holder and due time.
	Process     process.Instance `json:"process"`
	Tasks       []Task           `json:"tasks,omitempty"` // open ones
	Done        []Task           `json:"done,omitempty"`  // closed ones, in order of closing
	Timers      []Timer          `json:"timers,omitempty"`
	Handovers   []Handover       `json:"handovers,omitempty"`
	Shared      []string         `json:"shared,omitempty"` // units that take part and see the dossier
	Supplements []Supplement     `json:"supplements,omitempty"`
	Obligations []Obligation     `json:"obligations,omitempty"`
	Consulted   []Consulted      `json:"consulted,omitempty"`
	Records     []Record         `json:"records,omitempty"`
	Proposal    *Proposal        `json:"proposal,omitempty"`
	Result      *Result          `json:"result,omitempty"`
	Recalled    []Result         `json:"recalled,omitempty"` // earlier results that were made anew
	FinishedAt  *time.Time       `json:"finishedAt,omitempty"`
	Returned    *ReturnNote      `json:"returned,omitempty"`
	Prints      []Print          `json:"prints,omitempty"`
	Late        *LateEntry       `json:"late,omitempty"`
	Repair      *RepairPlan      `json:"repair,omitempty"`
	Last        *Last            `json:"last,omitempty"` // the last act, while its author may undo it
	StatusAt    time.Time        `json:"statusAt"`       // since when the status holds
	// Successions are the times that it went over to units that continue earlier
	// ones, the first one first.
	Successions []Succession `json:"successions,omitempty"`
}

// Name is the code, or the reference of a dossier that has none yet.
func (d Dossier) Name() string {
	if d.Code != "" {
		return d.Code
	}
	return d.Ref
}

// Files lists every file of the dossier: of its papers, opinions, records,
// results, also of results that were made anew, and signed letters.
func (d Dossier) Files() []File {
	var all []File
	for _, p := range d.Papers {
		all = append(all, p.Files...)
	}
	for _, c := range d.Consulted {
		all = append(all, c.Files...)
	}
	for _, r := range d.Records {
		all = append(all, r.Files...)
	}
	if d.Proposal != nil {
		all = append(all, d.Proposal.Draft.files()...)
	}
	if d.Result != nil {
		all = append(all, d.Result.files()...)
	}
	for _, r := range d.Recalled {
		all = append(all, r.files()...)
	}
	for _, p := range d.Prints {
		if p.Signed != nil {
			all = append(all, p.Signed.File)
		}
	}
	return all
}

// Printed is the newest print of a form; ok is false when there is none.
func (d Dossier) Printed(form string) (p Print, ok bool) {
	for _, one := range slices.Backward(d.Prints) {
		if one.Form == form {
			return one, true
		}
	}
	return Print{}, false
}

// Letters are the newest prints of the forms that were signed electronically, in
// the order of printing.
func (d Dossier) Letters() []Print {
	var all []Print
	for _, p := range d.Prints {
		if newest, _ := d.Printed(p.Form); p.Signed != nil && newest.No == p.No {
			all = append(all, p)
		}
	}
	return all
}

// files are those of a result: as it was issued, as it was signed, and its draft.
func (r Result) files() []File {
	all := append(slices.Clone(r.Files), r.Draft.files()...)
	if r.Signed != nil {
		all = append(all, *r.Signed)
	}
	return all
}

func (d *Draft) files() []File {
	if d == nil || d.File == nil {
		return nil
	}
	return []File{*d.File}
}

// Open reports whether somebody still has to do something.
func (d Dossier) Open() bool { return d.Status != 0 && !d.Status.Ended() }

// Received reports whether the dossier was ever received.
func (d Dossier) Received() bool { return d.Code != "" }

// OpenTask returns the open task of a kind.
func (d Dossier) OpenTask(kind TaskKind) (Task, bool) {
	for _, t := range d.Tasks {
		if t.Kind == kind {
			return t, true
		}
	}
	return Task{}, false
}

// Current returns the task that a linear dossier stands at.
func (d Dossier) Current() (Task, bool) {
	if len(d.Tasks) == 0 {
		return Task{}, false
	}
	return d.Tasks[0], true
}

// TaskByID returns an open task.
func (d Dossier) TaskByID(id string) (Task, bool) {
	i := slices.IndexFunc(d.Tasks, func(t Task) bool { return t.ID == id })
	if i < 0 {
		return Task{}, false
	}
	return d.Tasks[i], true
}

// OpenSupplement returns the request that waits for the applicant.
func (d Dossier) OpenSupplement() (Supplement, bool) {
	i := slices.IndexFunc(d.Supplements, Supplement.Open)
	if i < 0 {
		return Supplement{}, false
	}
	return d.Supplements[i], true
}

// OpenObligation returns the financial obligation that the applicant still has
// to meet.
func (d Dossier) OpenObligation() (Obligation, bool) {
	i := slices.IndexFunc(d.Obligations, Obligation.Open)
	if i < 0 {
		return Obligation{}, false
	}
	return d.Obligations[i], true
}

// OpenHandover returns the oldest hand-over that somebody still has to confirm.
func (d Dossier) OpenHandover() (Handover, bool) {
	return d.handover(func(h Handover) bool { return !h.Data })
}

// OpenHandoverTo returns the oldest hand-over that the unit still has to confirm.
func (d Dossier) OpenHandoverTo(unit string) (Handover, bool) {
	return d.handover(func(h Handover) bool { return !h.Data && h.To == unit })
}

func (d Dossier) handover(is func(Handover) bool) (Handover, bool) {
	for _, h := range d.Handovers {
		if h.GotAt == nil && is(h) {
			return h, true
		}
	}
	return Handover{}, false
}

// lastDone returns the task of a step that was done last.
func (d Dossier) lastDone(step string) (Task, bool) {
	for _, t := range slices.Backward(d.Done) {
		if t.Step == step {
			return t, true
		}
	}
	return Task{}, false
}

// Issued reports whether the result was issued and not taken back since.
func (d Dossier) Issued() bool { return d.Result != nil && d.Result.IssuedAt != nil }

// unanswered is the request to the applicant that decides the status: papers
// before money; 0 when there is none.
func (d Dossier) unanswered() Status {
	if _, open := d.OpenSupplement(); open {
		return SupplementRequired
	}
	if _, open := d.OpenObligation(); open {
		return FinancialObligation
	}
	return 0
}
