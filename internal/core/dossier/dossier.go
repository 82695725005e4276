// Package dossier is the case (hồ sơ): its ten legal statuses and the acts that
// move it, its clock, papers, fee, tasks, hand-overs and result. It is pure: a
// decision takes the dossier, a Context and an Input, and returns events; Apply
// folds events into the dossier and never decides anything.
//
//	events, err := dossier.Decide(d, ctx, dossier.Input{Act: dossier.Forward, Version: 1})
package dossier

import (
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/motcua/motcua/internal/core/civil"
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
	Handovers   []Handover       `json:"handovers,omitempty"`
	Supplements []Supplement     `json:"supplements,omitempty"`
	Proposal    *Proposal        `json:"proposal,omitempty"`
	Result      *Result          `json:"result,omitempty"`
	FinishedAt  *time.Time       `json:"finishedAt,omitempty"`
	Returned    *ReturnNote      `json:"returned,omitempty"`
	Prints      []Print          `json:"prints,omitempty"`
	Late        *LateEntry       `json:"late,omitempty"`
	StatusAt    time.Time        `json:"statusAt"` // since when the status holds
}

// Name is the code, or the reference of a dossier that has none yet.
func (d Dossier) Name() string {
	if d.Code != "" {
		return d.Code
	}
	return d.Ref
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
	if n := len(d.Supplements); n > 0 && d.Supplements[n-1].SuppliedAt == nil {
		return d.Supplements[n-1], true
	}
	return Supplement{}, false
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

// Punctual judges the dossier against its promise at an instant: when work has
// ended, at that end (trước hạn, đúng hạn, quá hạn).
func (d Dossier) Punctual(now time.Time) civil.Punctuality {
	end := now
	if d.FinishedAt != nil {
		end = *d.FinishedAt
	}
	return civil.Judge(d.Deadline.Limit, d.Deadline.DueAt, end)
}

// Overdue reports whether the promise is broken: work goes on past the due
// time, or ended after it. A dossier that waits for the applicant is not overdue.
func (d Dossier) Overdue(now time.Time) bool {
	if d.Deadline.DueAt.IsZero() || d.Status.Waiting() || d.Status.Ended() && d.FinishedAt == nil {
		return false
	}
	return d.Punctual(now) == civil.Late
}

// apply folds one change that happened at an instant. It decides nothing, and
// fails only when the history does not fit.
func (d Dossier) apply(c Change, at time.Time) (Dossier, error) {
	for _, e := range c.Effects {
		var err error
		if d.Process, err = process.Apply(d.Process, e); err != nil {
			return d, err
		}
	}
	if c.Opening != nil {
		d.Opening = *c.Opening
	}
	if c.Code != "" {
		d.Code, d.ReceivedAt = c.Code, c.Opening.At
	}
	if c.Private != nil {
		d.Private = c.Private
	}
	if c.Papers != nil {
		d.Papers = c.Papers
	}
	if c.Sets > 0 {
		d.Sets = c.Sets
	}
	if c.Deadline != nil {
		d.Deadline = *c.Deadline
	}
	if c.Fee != nil {
		d.Fee = *c.Fee
	}
	if c.Status != 0 && c.Status != d.Status {
		d.Status, d.StatusAt = c.Status, at
	}
	d = d.applyTasks(c, at)
	d = d.applyMoves(c)
	if c.Finished != nil {
		d.FinishedAt = c.Finished
	}
	if c.Unfinish {
		d.FinishedAt = nil
	}
	if c.Print != nil {
		d.Prints = append(slices.Clone(d.Prints), *c.Print)
	}
	if c.Late != nil {
		d.Late = c.Late
	}
	return d, nil
}

func (d Dossier) applyTasks(c Change, at time.Time) Dossier {
	if len(c.Opened) > 0 {
		d.Tasks = append(slices.Clone(d.Tasks), c.Opened...)
	}
	if c.Held != nil {
		d.Tasks = slices.Clone(d.Tasks)
		for i := range d.Tasks {
			if d.Tasks[i].ID == c.Held.Task {
				d.Tasks[i].Holder, d.Tasks[i].HolderName = c.Held.Staff, c.Held.Name
			}
		}
	}
	if len(c.Closed) > 0 {
		var open []Task
		d.Done = slices.Clone(d.Done)
		for _, t := range d.Tasks {
			if slices.Contains(c.Closed, t.ID) {
				t.ClosedAt = &at
				d.Done = append(d.Done, t)
				continue
			}
			open = append(open, t)
		}
		d.Tasks = open
	}
	return d
}

func (d Dossier) applyMoves(c Change) Dossier {
	d.Handovers = append(slices.Clone(d.Handovers), c.Handovers...)
	for _, a := range c.Arrived {
		for i := range d.Handovers {
			if d.Handovers[i].ID == a.ID {
				d.Handovers[i].GotAt, d.Handovers[i].Taker = &a.At, a.Taker
			}
		}
	}
	if c.Asked != nil {
		d.Supplements = append(slices.Clone(d.Supplements), *c.Asked)
	}
	if c.Supplied != nil && len(d.Supplements) > 0 {
		d.Supplements = slices.Clone(d.Supplements)
		at := c.Supplied.At
		d.Supplements[len(d.Supplements)-1].SuppliedAt = &at
	}
	if c.Proposal != nil {
		d.Proposal = c.Proposal
	}
	if c.Result != nil {
		d.Result = c.Result
	}
	if c.Return != nil {
		d.Returned = c.Return
	}
	return d
}

// clockOnly lists the events that move nothing but the clock.
var clockOnly = [...]string{evDueRecomputed}

// Apply folds one stored event into the dossier. It refuses an event version
// that this program does not know, since guessing would falsify the record.
func Apply(d Dossier, id, eventType string, typeVersion int, version int64, at time.Time, payload []byte) (Dossier, error) {
	if typeVersion != 1 {
		return d, fmt.Errorf("event %s version %d of dossier %s is unknown to this release", eventType, typeVersion, id)
	}
	if !slices.Contains(EventTypes(), eventType) {
		return d, fmt.Errorf("event %s of dossier %s is unknown to this release", eventType, id)
	}
	var c Change
	if err := json.Unmarshal(payload, &c); err != nil {
		return d, fmt.Errorf("read event %s of dossier %s: %w", eventType, id, err)
	}
	d, err := d.apply(c, at)
	if err != nil {
		return d, fmt.Errorf("apply event %s of dossier %s: %w", eventType, id, err)
	}
	d.ID, d.Version = id, version
	if !slices.Contains(clockOnly[:], eventType) {
		d.FormVersion = version
	}
	return d, nil
}
