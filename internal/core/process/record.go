package process

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/motcua/motcua/internal/core/civil"
)

// Record is everything that is kept of the internal process of one procedure,
// or of one of its cases: the draft that is worked on and every version that was
// published (quy trình nội bộ). A published version never changes.
type Record struct {
	ID        string      `json:"id"`
	Procedure string      `json:"procedure"`
	Case      string      `json:"case,omitempty"` // empty = every case without a process of its own
	Draft     *Draft      `json:"draft,omitempty"`
	Saved     int         `json:"saved,omitempty"` // how often a draft was saved
	Versions  []Published `json:"versions,omitempty"`
	Ended     *Ending     `json:"ended,omitempty"`
}

// Draft is a process that is being drawn (dự thảo). It runs nowhere.
type Draft struct {
	Template Template  `json:"template"`
	Revision int       `json:"revision"` // counts the savings of the record
	Note     string    `json:"note,omitempty"`
	By       string    `json:"by"`
	ByName   string    `json:"byName"`
	At       time.Time `json:"at"`
	// Submitted says that who drew it asks for its check (trình kiểm tra).
	Submitted *Submission `json:"submitted,omitempty"`
	Review    *Review     `json:"review,omitempty"`
}

// Submission asks the control unit to check one revision of a draft; saving the
// draft again makes it void.
type Submission struct {
	Revision int       `json:"revision"`
	Note     string    `json:"note,omitempty"`
	By       string    `json:"by"`
	ByName   string    `json:"byName"`
	At       time.Time `json:"at"`
}

// Review is the control unit's word that a draft is right (kiểm soát chất
// lượng), which its approval needs (TT 01/2018/TT-VPCP art 8.3). It is about one
// revision: saving the draft again makes it void.
type Review struct {
	Revision int       `json:"revision"`
	Note     string    `json:"note,omitempty"`
	By       string    `json:"by"`
	ByName   string    `json:"byName"`
	At       time.Time `json:"at"`
}

// Published is one version in force from a day on, with the decision that
// approved it.
type Published struct {
	Template         Template   `json:"template"` // its Version is the number, from 1
	ValidFrom        civil.Date `json:"validFrom"`
	Decision         Approval   `json:"decision"`
	ProcedureVersion int        `json:"procedureVersion"` // version of the procedure that it was judged by
	LimitMinutes     int        `json:"limitMinutes"`     // and the limit, in working minutes; 0 = none
	Longest          int        `json:"longest"`          // shares of the slowest way, in working minutes
	Review           Review     `json:"review"`
	By               string     `json:"by"`
	ByName           string     `json:"byName"`
	At               time.Time  `json:"at"`
}

// Approval names the decision that approves something (quyết định phê duyệt).
type Approval struct {
	ID     string     `json:"id"` // of the decision's record
	No     string     `json:"no"` // số, ký hiệu
	On     civil.Date `json:"on"` // ngày ký
	Signer string     `json:"signer"`
}

// Ending says that a process is used no more from a day on: later dossiers go
// the plain way again.
type Ending struct {
	From     civil.Date `json:"from"`
	Decision Approval   `json:"decision"`
}

// The events of a process's stream.
const (
	EventDrafted   = "process.drafted"   // payload Draft
	EventSubmitted = "process.submitted" // payload Submission
	EventReviewed  = "process.reviewed"  // payload Review
	EventDropped   = "process.dropped"   // no payload: the draft is given up
	EventPublished = "process.published" // payload Published
	EventEnded     = "process.ended"     // payload Ending
)

// RecordID is the id of the process of a procedure, or of one of its cases. It
// may stand in a BPMN file.
func RecordID(procedure, caseID string) string {
	id := "qt-" + procedure
	if caseID != "" {
		id += "-" + caseID
	}
	return strings.Map(func(r rune) rune {
		if wellFormed("x" + string(r)) {
			return r
		}
		return '_'
	}, id)
}

// ApplyRecord folds one event of a process's stream.
func ApplyRecord(r Record, eventType string, payload []byte) (Record, error) {
	switch eventType {
	case EventDrafted:
		var d Draft
		if err := json.Unmarshal(payload, &d); err != nil {
			return r, err
		}
		r.ID, r.Procedure, r.Case, r.Draft, r.Saved = d.Template.ID, d.Template.Procedure, d.Template.Case, &d, d.Revision
	case EventSubmitted:
		var v Submission
		if err := json.Unmarshal(payload, &v); err != nil {
			return r, err
		}
		if r.Draft == nil {
			return r, fmt.Errorf("process %s has no draft to submit", r.ID)
		}
		d := *r.Draft
		d.Submitted, r.Draft = &v, &d
	case EventReviewed:
		var v Review
		if err := json.Unmarshal(payload, &v); err != nil {
			return r, err
		}
		if r.Draft == nil {
			return r, fmt.Errorf("process %s has no draft to review", r.ID)
		}
		d := *r.Draft
		d.Review, r.Draft = &v, &d
	case EventDropped:
		r.Draft = nil
	case EventPublished:
		var p Published
		if err := json.Unmarshal(payload, &p); err != nil {
			return r, err
		}
		r.Versions = append(slices.Clone(r.Versions), p)
		r.Draft, r.Ended = nil, nil
	case EventEnded:
		var e Ending
		if err := json.Unmarshal(payload, &e); err != nil {
			return r, err
		}
		r.Ended = &e
	default:
		return r, fmt.Errorf("event %s of a process is unknown to this release", eventType)
	}
	return r, nil
}

// Number returns the published version with a number.
func (r Record) Number(n int) (Published, bool) {
	i := slices.IndexFunc(r.Versions, func(p Published) bool { return p.Template.Version == n })
	if i < 0 {
		return Published{}, false
	}
	return r.Versions[i], true
}

// Latest is the version published last; false when there is none.
func (r Record) Latest() (Published, bool) {
	if len(r.Versions) == 0 {
		return Published{}, false
	}
	return r.Versions[len(r.Versions)-1], true
}

// On is the version that a dossier received on a day runs on; false when none is
// in force yet, or none any more.
func (r Record) On(day civil.Date) (Published, bool) {
	if r.Ended != nil && !day.Before(r.Ended.From) {
		return Published{}, false
	}
	for _, p := range slices.Backward(r.Versions) {
		if !day.Before(p.ValidFrom) {
			return p, true
		}
	}
	return Published{}, false
}

// Next is the number of the version that the draft would become.
func (r Record) Next() int {
	last, _ := r.Latest()
	return last.Template.Version + 1
}
