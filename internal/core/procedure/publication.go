package procedure

import (
	"encoding/json"
	"fmt"
	"time"
)

// Publication is a decision on its way into force: entered by one person with
// its annex and the scanned paper, and published by another (việc công bố).
type Publication struct {
	ID        string            `json:"id"`
	Decision  Decision          `json:"decision"` // as its paper says, without annex
	Lines     []PublicationLine `json:"lines"`
	Files     []DecisionFile    `json:"files,omitzero"`
	State     PublicationState  `json:"state"`
	By        string            `json:"by"` // who entered it
	ByName    string            `json:"byName"`
	At        time.Time         `json:"at"`
	Decided   string            `json:"decided,omitzero"` // who published it or took it back
	DecidedBy string            `json:"decidedBy,omitzero"`
	DecidedAt time.Time         `json:"decidedAt,omitzero"`
}

// PublicationLine is a line of the annex as it was entered.
type PublicationLine struct {
	AnnexLine
	Revision int `json:"revision,omitzero"` // processes: the checked draft that is meant
}

// DecisionFile is the scanned paper of a decision.
type DecisionFile struct {
	Hash string `json:"hash"` // SHA-256, hexadecimal
	Name string `json:"name"`
	Type string `json:"type"`
	Size int64  `json:"size"` // bytes
}

// PublicationState is how far a publication has come.
type PublicationState string

// The states of a publication.
const (
	PublicationProposed  PublicationState = "proposed"  // chờ người thứ hai công bố
	PublicationDone      PublicationState = "published" // đã công bố
	PublicationWithdrawn PublicationState = "withdrawn" // đã rút
)

// Key is the message key of the state's name.
func (s PublicationState) Key() string { return "publication.state." + string(s) }

// The events of a publication's stream.
const (
	EventPublicationProposed  = "publication.proposed"  // payload Publication
	EventPublicationPublished = "publication.published" // payload PublicationWord
	EventPublicationWithdrawn = "publication.withdrawn" // payload PublicationWord
)

// PublicationWord is who decided about a publication.
type PublicationWord struct {
	By     string    `json:"by"`
	ByName string    `json:"byName"`
	At     time.Time `json:"at"`
}

// ApplyPublication folds one event of a publication's stream.
func ApplyPublication(p Publication, eventType string, payload []byte) (Publication, error) {
	switch eventType {
	case EventPublicationProposed:
		err := json.Unmarshal(payload, &p)
		return p, err
	case EventPublicationPublished, EventPublicationWithdrawn:
		var w PublicationWord
		if err := json.Unmarshal(payload, &w); err != nil {
			return p, err
		}
		p.State = PublicationDone
		if eventType == EventPublicationWithdrawn {
			p.State = PublicationWithdrawn
		}
		p.Decided, p.DecidedBy, p.DecidedAt = w.By, w.ByName, w.At
		return p, nil
	}
	return p, fmt.Errorf("event %s of a publication is unknown to this release", eventType)
}

// Reopened is the version by which an ended procedure is in force again from a
// day on: what it says has not changed, only the decision behind it.
func Reopened(last Procedure, d Decision, from string) Procedure {
	next := last
	next.Number = last.Number + 1
	next.Version.ValidFrom, next.Version.ValidTo, next.Successor, next.Abolished = from, "", "", false
	next.Published = Act{No: d.No, On: d.On.String(), Kind: string(d.Kind)}
	return next
}
