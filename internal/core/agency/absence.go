package agency

import (
	"slices"
	"strings"

	"github.com/motcua/motcua/internal/core/civil"
	"github.com/motcua/motcua/internal/core/fault"
)

// Absence says that an officer is away on some days and who stands in for him
// (vắng mặt, ủy quyền): for the work, and separately for the signature. It
// begins and ends by itself; both days are included.
type Absence struct {
	ID       string     `json:"id"`
	Staff    string     `json:"staff"`
	From     civil.Date `json:"from"`
	To       civil.Date `json:"to"`
	Work     string     `json:"work,omitempty"` // who does his work
	Sign     string     `json:"sign,omitempty"` // who signs for him (ký thay)
	Reason   string     `json:"reason"`
	Document string     `json:"document,omitempty"` // decision that delegates the signature
	By       string     `json:"by"`                 // who entered it
	Ended    bool       `json:"ended,omitempty"`    // taken back, or cut short
}

// mostAbsence bounds an absence in days: longer ones are a change of staff.
const mostAbsence = 366

// On reports whether the absence holds on a day.
func (a Absence) On(day civil.Date) bool {
	return !a.Ended && !day.Before(a.From) && !day.After(a.To)
}

// overlaps reports whether two absences share a day.
func (a Absence) overlaps(b Absence) bool {
	return !a.Ended && !b.Ended && !a.To.Before(b.From) && !b.To.Before(a.From)
}

// CheckAbsence checks a new absence against the people of the house and the
// absences that there are. openTasks is how many tasks the officer holds: work
// must not sleep in an absent officer's inbox, so somebody has to take it. The
// error is fault.Invalid and names every wrong field.
//
// A signature is delegated only to somebody of the same unit who is a leader
// himself, and only on a document.
func CheckAbsence(a Absence, today civil.Date, people map[string]Staff, others []Absence, openTasks int) error {
	var bad []*fault.Fault
	add := func(field, key string, args fault.Args) { bad = append(bad, fault.Field(field, key, args)) }
	who, known := people[a.Staff]
	if !known || who.Disabled {
		add("staff", "agency.staff_unknown", nil)
	}
	switch {
	case a.From.IsZero() || a.To.IsZero() || a.To.Before(a.From):
		add("to", "agency.absence_days", nil)
	case a.To.Before(today):
		add("to", "agency.absence_past", nil)
	case a.To.Sub(a.From) >= mostAbsence:
		add("to", "agency.absence_long", fault.Args{"most": mostAbsence})
	}
	if strings.TrimSpace(a.Reason) == "" {
		add("reason", "agency.absence_reason", nil)
	}
	if a.Work == "" && openTasks > 0 {
		add("work", "agency.absence_work", fault.Args{"n": openTasks})
	}
	for _, other := range others {
		if other.ID != a.ID && other.Staff == a.Staff && other.overlaps(a) {
			add("from", "agency.absence_twice", nil)
			break
		}
	}
	for _, stand := range []struct{ field, id string }{{"work", a.Work}, {"sign", a.Sign}} {
		if stand.id != "" {
			bad = append(bad, checkStandIn(a, who, stand.field, stand.id, people, others))
		}
	}
	if a.Sign != "" && strings.TrimSpace(a.Document) == "" {
		add("document", "agency.absence_document", nil)
	}
	return fault.Join(bad...)
}

func checkStandIn(a Absence, who Staff, field, id string, people map[string]Staff, others []Absence) *fault.Fault {
	p, ok := people[id]
	switch {
	case !ok || p.Disabled:
		return fault.Field(field, "agency.staff_unknown", nil)
	case id == a.Staff:
		return fault.Field(field, "agency.absence_self", nil)
	case p.Unit != who.Unit:
		return fault.Field(field, "agency.absence_unit", fault.Args{"name": p.Name})
	case field == "sign" && !slices.Contains(p.Roles, "leader") && !slices.Contains(p.Roles, "director"):
		return fault.Field(field, "agency.absence_no_leader", fault.Args{"name": p.Name})
	}
	for _, other := range others {
		if other.Staff == id && other.overlaps(a) {
			return fault.Field(field, "agency.absence_away", fault.Args{"name": p.Name})
		}
	}
	return nil
}
