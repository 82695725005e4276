package procedure

import (
	"encoding/json"
	"fmt"
	"slices"
	"time"
)

// Record is everything that is kept of one procedure: its versions in order and
// what the control unit has confirmed of each.
type Record struct {
	Versions  []Procedure    `json:"versions"`
	Confirmed []Confirmation `json:"confirmed,omitempty"`
}

// Confirmation is the control unit's word that limit, papers and fee of a
// version are right, so that dossiers may be received (xác nhận sẵn sàng tiếp
// nhận).
type Confirmation struct {
	Version  int    `json:"version"`
	Document string `json:"document,omitempty"` // decision or minutes behind it
	Note     string `json:"note,omitempty"`
	// Withdrawn takes the word back: the procedure is received no more (đưa ra
	// khỏi danh mục tiếp nhận).
	Withdrawn bool      `json:"withdrawn,omitempty"`
	By        string    `json:"by"`
	ByName    string    `json:"byName"`
	At        time.Time `json:"at"`
}

// Closing ends a version.
type Closing struct {
	Version   int    `json:"version"`
	ValidTo   string `json:"validTo"`
	Successor string `json:"successor,omitempty"`
	Abolished bool   `json:"abolished,omitempty"`
}

// The events of a procedure's stream.
const (
	EventPublished = "procedure.published"
	EventClosed    = "procedure.closed"
	EventConfirmed = "procedure.confirmed"
)

// ApplyRecord folds one event of a procedure's stream.
func ApplyRecord(r Record, eventType string, payload []byte) (Record, error) {
	switch eventType {
	case EventPublished:
		var p Procedure
		if err := json.Unmarshal(payload, &p); err != nil {
			return r, err
		}
		r.Versions = append(slices.Clone(r.Versions), p)
	case EventClosed:
		var c Closing
		if err := json.Unmarshal(payload, &c); err != nil {
			return r, err
		}
		r.Versions = slices.Clone(r.Versions)
		for i := range r.Versions {
			if v := &r.Versions[i].Version; v.Number == c.Version {
				v.ValidTo, v.Successor, v.Abolished = c.ValidTo, c.Successor, c.Abolished
			}
		}
	case EventConfirmed:
		var c Confirmation
		if err := json.Unmarshal(payload, &c); err != nil {
			return r, err
		}
		r.Confirmed = append(slices.Clone(r.Confirmed), c)
	default:
		return r, fmt.Errorf("event %s of a procedure is unknown to this release", eventType)
	}
	return r, nil
}

// Latest is the version published last; false for an empty record.
func (r Record) Latest() (Procedure, bool) {
	if len(r.Versions) == 0 {
		return Procedure{}, false
	}
	return r.Versions[len(r.Versions)-1], true
}

// Number returns the version with a number.
func (r Record) Number(n int) (Procedure, bool) {
	i := slices.IndexFunc(r.Versions, func(p Procedure) bool { return p.Number == n })
	if i < 0 {
		return Procedure{}, false
	}
	return r.Versions[i], true
}

// Confirmation returns the last confirmation of a version, unless it was taken
// back.
func (r Record) Confirmation(version int) (Confirmation, bool) {
	for i := len(r.Confirmed) - 1; i >= 0; i-- {
		if r.Confirmed[i].Version == version {
			return r.Confirmed[i], !r.Confirmed[i].Withdrawn
		}
	}
	return Confirmation{}, false
}
