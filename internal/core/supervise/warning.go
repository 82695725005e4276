package supervise

import (
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/motcua/motcua/internal/core/civil"
)

// Warning is the watch over one dossier's promises (cảnh báo): which steps of
// the ladder were taken, whom they reached, and the apology that was prepared.
type Warning struct {
	Dossier string    `json:"dossier"`
	DueAt   time.Time `json:"dueAt"` // promise that the ladder leads to
	Taken   []Taken   `json:"taken,omitempty"`
	NextAt  time.Time `json:"nextAt,omitzero"` // when the next step is due; zero when none is
	Draft   *Draft    `json:"draft,omitempty"`
	// Unexcused is when a promise was found broken without an apology.
	Unexcused time.Time `json:"unexcused,omitzero"`
	Agency    string    `json:"agency,omitempty"` // that owed it
	// Calls are those to the applicant whose result waits at the centre.
	Calls []Call `json:"calls,omitempty"`
}

// Taken is one step that was taken.
type Taken struct {
	Step  StepName  `json:"step"`
	DueAt time.Time `json:"dueAt"` // of which promise
	At    time.Time `json:"at"`
	Staff []string  `json:"staff,omitempty"` // whom it reached
}

// Draft is an apology prepared for the signature of the agency's head (dự thảo
// văn bản xin lỗi). Its reason is sealed under the dossier's key.
type Draft struct {
	By     civil.Date `json:"by"`     // last day on which it is in time
	NewDay civil.Date `json:"newDay"` // proposed
	Reason []byte     `json:"reason,omitempty"`
	Author string     `json:"author,omitempty"` // who wrote the reason
	At     time.Time  `json:"at"`
}

// The events of a watch.
const (
	WarningTaken   = "warning.taken"
	WarningDrafted = "warning.drafted"
	WarningCalled  = "warning.called"
)

// Climb is the payload of WarningTaken: steps taken together, and what followed.
type Climb struct {
	DueAt     time.Time `json:"dueAt"`
	Taken     []Taken   `json:"taken"`
	NextAt    time.Time `json:"nextAt,omitzero"`
	Draft     *Draft    `json:"draft,omitempty"`
	Unexcused bool      `json:"unexcused,omitempty"`
	Agency    string    `json:"agency,omitempty"`
	At        time.Time `json:"at"`
}

// Took reports whether a step was taken for a promise.
func (w Warning) Took(step StepName, dueAt time.Time) bool {
	return slices.ContainsFunc(w.Taken, func(t Taken) bool { return t.Step == step && t.DueAt.Equal(dueAt) })
}

// ApplyWarning folds one event of a watch.
func ApplyWarning(w Warning, dossier, eventType string, payload []byte) (Warning, error) {
	w.Dossier = dossier
	switch eventType {
	case WarningTaken:
		var c Climb
		if err := json.Unmarshal(payload, &c); err != nil {
			return w, err
		}
		w.Taken = append(slices.Clone(w.Taken), c.Taken...)
		w.DueAt, w.NextAt = c.DueAt, c.NextAt
		if c.Draft != nil {
			w.Draft = c.Draft
		}
		if c.Unexcused {
			w.Unexcused, w.Agency = c.At, c.Agency
		}
		return w, nil
	case WarningDrafted:
		var d Draft
		if err := json.Unmarshal(payload, &d); err != nil {
			return w, err
		}
		w.Draft = &d
		return w, nil
	case WarningCalled:
		var c Call
		if err := json.Unmarshal(payload, &c); err != nil {
			return w, err
		}
		w.Calls = append(slices.Clone(w.Calls), c)
		return w, nil
	}
	return w, fmt.Errorf("event %s of a warning is unknown to this release", eventType)
}
