package agency

import (
	"encoding/json"
	"fmt"
	"time"
)

// Reorganisation is a change of the organisation on its way: proposed by one
// person, approved by another, carried out on its day, and then followed by
// every open dossier (lần sắp xếp tổ chức).
type Reorganisation struct {
	ID         string `json:"id"`
	Change     `json:"change"`
	State      ReorganisationState `json:"state"`
	By         string              `json:"by"` // who proposed it
	ByName     string              `json:"byName"`
	At         time.Time           `json:"at"`
	Decided    string              `json:"decided,omitempty"` // who approved or withdrew it
	DecidedBy  string              `json:"decidedBy,omitempty"`
	DecidedAt  time.Time           `json:"decidedAt,omitzero"`
	AppliedAt  time.Time           `json:"appliedAt,omitzero"` // when units and people changed
	FinishedAt time.Time           `json:"finishedAt,omitzero"`
	Effect     Effect              `json:"effect,omitzero"`
	Followed   Followed            `json:"followed,omitzero"`
	Progress   FollowProgress      `json:"progress"`
	Undone     *Undoing            `json:"undone,omitempty"`
}

// ReorganisationState is how far a change has come.
type ReorganisationState string

// The states of a change.
const (
	ReorganisationProposed  ReorganisationState = "proposed"  // chờ phê duyệt
	ReorganisationApproved  ReorganisationState = "approved"  // chờ đến ngày
	ReorganisationApplied   ReorganisationState = "applied"   // đang chuyển hồ sơ
	ReorganisationDone      ReorganisationState = "done"      // đã thực hiện
	ReorganisationWithdrawn ReorganisationState = "withdrawn" // đã rút
	ReorganisationUndoing   ReorganisationState = "undoing"   // đang hoàn tác
	ReorganisationUndone    ReorganisationState = "undone"    // đã hoàn tác
)

// Key is the message key of the state's name.
func (s ReorganisationState) Key() string { return "reorganisation.state." + string(s) }

// Followed is what changed together with the units, as it was before, for the
// way back.
type Followed struct {
	Staff     []Staff          `json:"staff,omitempty"`
	Profile   *Profile         `json:"profile,omitempty"`
	Absences  []Absence        `json:"absences,omitempty"`  // delegations that ended
	Calendars []string         `json:"calendars,omitempty"` // units that took over a calendar
	Versions  map[string]int64 `json:"versions,omitempty"`  // of each changed stream, after the change
}

// FollowProgress is how far the open dossiers have followed.
type FollowProgress struct {
	Total int    `json:"total,omitempty"` // open dossiers that lay with the units
	Moved int    `json:"moved,omitempty"` // of those, taken over
	After string `json:"after,omitempty"` // place in the list that was reached
}

// Undoing is who took a change back, and why.
type Undoing struct {
	By     string    `json:"by"`
	ByName string    `json:"byName"`
	At     time.Time `json:"at"`
	Reason string    `json:"reason"`
}

// The events of a change's stream.
const (
	ReorganisationMade      = "reorganisation.proposed"
	ReorganisationAgreed    = "reorganisation.approved"
	ReorganisationInForce   = "reorganisation.applied"
	ReorganisationStep      = "reorganisation.progressed"
	ReorganisationEnd       = "reorganisation.finished"
	ReorganisationTakenBack = "reorganisation.withdrawn"
	ReorganisationUndo      = "reorganisation.undone"
)

// ReorganisationDecision is the payload of ReorganisationAgreed and
// ReorganisationTakenBack.
type ReorganisationDecision struct {
	By     string    `json:"by"`
	ByName string    `json:"byName"`
	At     time.Time `json:"at"`
}

// ReorganisationCarried is the payload of ReorganisationInForce.
type ReorganisationCarried struct {
	At       time.Time `json:"at"`
	Effect   Effect    `json:"effect"`
	Followed Followed  `json:"followed"`
	Total    int       `json:"total"`
}

// ReorganisationReached is the payload of ReorganisationStep and
// ReorganisationEnd: the progress as it is then.
type ReorganisationReached struct {
	Progress FollowProgress `json:"progress"`
	At       time.Time      `json:"at"`
}

// ApplyReorganisation folds one event of a change's stream.
func ApplyReorganisation(r Reorganisation, eventType string, payload []byte) (Reorganisation, error) {
	switch eventType {
	case ReorganisationMade:
		err := json.Unmarshal(payload, &r)
		return r, err
	case ReorganisationAgreed, ReorganisationTakenBack:
		var d ReorganisationDecision
		if err := json.Unmarshal(payload, &d); err != nil {
			return r, err
		}
		r.State = ReorganisationWithdrawn
		if eventType == ReorganisationAgreed {
			r.State = ReorganisationApproved
		}
		r.Decided, r.DecidedBy, r.DecidedAt = d.By, d.ByName, d.At
		return r, nil
	case ReorganisationInForce:
		var c ReorganisationCarried
		if err := json.Unmarshal(payload, &c); err != nil {
			return r, err
		}
		r.State, r.AppliedAt, r.Effect, r.Followed = ReorganisationApplied, c.At, c.Effect, c.Followed
		r.Progress = FollowProgress{Total: c.Total}
		return r, nil
	case ReorganisationStep, ReorganisationEnd:
		var x ReorganisationReached
		if err := json.Unmarshal(payload, &x); err != nil {
			return r, err
		}
		r.Progress = x.Progress
		switch {
		case eventType == ReorganisationStep:
		case r.State == ReorganisationUndoing:
			r.State, r.FinishedAt = ReorganisationUndone, x.At
		default:
			r.State, r.FinishedAt = ReorganisationDone, x.At
		}
		return r, nil
	case ReorganisationUndo:
		var u Undoing
		if err := json.Unmarshal(payload, &u); err != nil {
			return r, err
		}
		r.State, r.Undone, r.Progress.After, r.FinishedAt = ReorganisationUndoing, &u, "", time.Time{}
		return r, nil
	}
	return r, fmt.Errorf("event %s of a reorganisation is unknown to this release", eventType)
}
