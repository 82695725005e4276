package civil

import (
	"encoding/json"
	"fmt"
	"strconv"
	"time"

	"github.com/motcua/motcua/internal/core/fault"
)

// Revision is one change of a calendar (lần điều chỉnh lịch): proposed by one
// person, put into force by another, and then carried through every open promise.
type Revision struct {
	ID       string    `json:"id"`
	Calendar string    `json:"calendar"` // which calendar: "default", or the code of a unit
	Base     int       `json:"base"`     // version that it changes; 0 where there is none
	Becomes  Published `json:"becomes"`
	From     Date      `json:"from,omitzero"` // first day that counts differently; zero is any

	State      RevisionState `json:"state"`
	By         string        `json:"by"` // who proposed it
	ByName     string        `json:"byName"`
	At         time.Time     `json:"at"`
	Decided    string        `json:"decided,omitempty"` // who put it into force, or withdrew it
	DecidedBy  string        `json:"decidedBy,omitempty"`
	DecidedAt  time.Time     `json:"decidedAt,omitzero"`
	FinishedAt time.Time     `json:"finishedAt,omitzero"` // when every open promise had been looked at
	Progress   Progress      `json:"progress"`
}

// RevisionState is how far a revision has come.
type RevisionState string

// The states of a revision.
const (
	RevisionProposed  RevisionState = "proposed"  // chờ áp dụng
	RevisionApplied   RevisionState = "applied"   // đang tính lại hạn
	RevisionDone      RevisionState = "done"      // đã áp dụng
	RevisionWithdrawn RevisionState = "withdrawn" // đã rút
)

// Key is the message key of the state's name.
func (s RevisionState) Key() string { return "calendar.state." + string(s) }

// Progress is how far the open promises have been computed anew, and what it did
// to them.
type Progress struct {
	Total   int    `json:"total,omitempty"`   // open promises that the change may reach
	Seen    int    `json:"seen,omitempty"`    // of those, looked at
	Moved   int    `json:"moved,omitempty"`   // given a recomputation event
	Later   int    `json:"later,omitempty"`   // of those, to a later day
	Earlier int    `json:"earlier,omitempty"` // of those, to an earlier day
	Kept    int    `json:"kept,omitempty"`    // could not be counted and keep their day
	After   string `json:"after,omitempty"`   // place in the list that was reached
}

// The events of a revision's stream.
const (
	RevisionMade      = "calendar_revision.proposed"
	RevisionInForce   = "calendar_revision.applied"
	RevisionTakenBack = "calendar_revision.withdrawn"
	RevisionStep      = "calendar_revision.progressed"
	RevisionEnd       = "calendar_revision.finished"
)

// RevisionDecision is the payload of RevisionInForce and RevisionTakenBack.
type RevisionDecision struct {
	By     string    `json:"by"`
	ByName string    `json:"byName"`
	At     time.Time `json:"at"`
	Total  int       `json:"total,omitempty"`
}

// RevisionReached is the payload of RevisionStep and RevisionEnd: the progress
// as it is then.
type RevisionReached struct {
	Progress Progress  `json:"progress"`
	At       time.Time `json:"at"`
}

// ApplyRevision folds one event of a revision's stream.
func ApplyRevision(r Revision, eventType string, payload []byte) (Revision, error) {
	switch eventType {
	case RevisionMade:
		err := json.Unmarshal(payload, &r)
		return r, err
	case RevisionInForce, RevisionTakenBack:
		var d RevisionDecision
		if err := json.Unmarshal(payload, &d); err != nil {
			return r, err
		}
		r.State, r.Progress.Total = RevisionWithdrawn, d.Total
		if eventType == RevisionInForce {
			r.State = RevisionApplied
		}
		r.Decided, r.DecidedBy, r.DecidedAt = d.By, d.ByName, d.At
		return r, nil
	case RevisionStep, RevisionEnd:
		var x RevisionReached
		if err := json.Unmarshal(payload, &x); err != nil {
			return r, err
		}
		r.Progress = x.Progress
		if eventType == RevisionEnd {
			r.State, r.FinishedAt = RevisionDone, x.At
		}
		return r, nil
	}
	return r, fmt.Errorf("event %s of a calendar revision is unknown to this release", eventType)
}

// mostPast bounds how many days of the past a refusal names.
const mostPast = 12

// Prospective refuses a change of calendar that would rewrite the past: a day
// before today that was worked and would not have been, or the other way, or a
// year that the calendar would no longer cover (invariant I-14). It fails with
// fault.Invalid, day by day.
func Prospective(was, is *Calendar, today Date) error {
	var all []*fault.Fault
	for _, y := range was.spec.Years {
		if !is.spec.covers(y.Year) {
			all = append(all, fault.Field("years", "civil.year_lost", fault.Args{"year": strconv.Itoa(y.Year)}))
		}
	}
	for _, c := range Diff(was, is) {
		if c.Date.Before(today) && len(all) < mostPast {
			all = append(all, fault.Field("days."+c.Date.String(), "civil.day_past", fault.Args{"date": c.Date.Show()}))
		}
	}
	return fault.Join(all...)
}
