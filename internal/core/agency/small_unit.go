package agency

import (
	"time"

	"github.com/motcua/motcua/internal/core/civil"
	"github.com/motcua/motcua/internal/core/fault"
)

// SmallUnit says that a commune has too few people to separate the duties of a
// dossier (đơn vị ít người): by a document, from a day on, entered by one person
// and confirmed by another. It is the only exception to the separation of duties
// beside what is decided on the spot by delegation (invariant I-19).
type SmallUnit struct {
	ID        string         `json:"id"`
	Unit      string         `json:"unit"` // code
	Document  string         `json:"document"`
	SignedOn  civil.Date     `json:"signedOn"`
	Signer    string         `json:"signer"`
	Ground    string         `json:"ground"` // why, in words
	From      civil.Date     `json:"from"`
	To        civil.Date     `json:"to,omitzero"` // inclusive; zero = until it is ended
	State     SmallUnitState `json:"state"`
	By        string         `json:"by"`
	ByName    string         `json:"byName"`
	At        time.Time      `json:"at"`
	Decided   string         `json:"decided,omitzero"`
	DecidedBy string         `json:"decidedBy,omitzero"`
	DecidedAt time.Time      `json:"decidedAt,omitzero"`
}

// SmallUnitState is how far an entry has come.
type SmallUnitState string

// The states of an entry.
const (
	SmallUnitProposed  SmallUnitState = "proposed"  // chờ xác nhận
	SmallUnitListed    SmallUnitState = "listed"    // trong danh sách
	SmallUnitWithdrawn SmallUnitState = "withdrawn" // đã rút
)

// Key is the message key of the state's name.
func (s SmallUnitState) Key() string { return "small_unit.state." + string(s) }

// Smallest is how many active people a unit needs for its duties to be separated:
// one who receives, one who handles, one who approves.
const Smallest = 3

// On reports whether the entry holds on a day.
func (s SmallUnit) On(day civil.Date) bool {
	return s.State == SmallUnitListed && !day.Before(s.From) && (s.To.IsZero() || !day.After(s.To))
}

// Check refuses an entry without its document, or whose days cannot be. people is
// how many active officers the unit has; a unit with enough of them separates
// its duties. The fault is Invalid and names every wrong field.
func (s SmallUnit) Check(u Unit, people int, today civil.Date) error {
	var bad []*fault.Fault
	add := func(field, key string, args fault.Args) { bad = append(bad, fault.Field(field, key, args)) }
	switch {
	case u.Code == "":
		add("unit", "small_unit.unit", nil)
	case u.Kind != Area || u.Level != Commune:
		add("unit", "small_unit.commune", fault.Args{"unit": u.Shown()})
	case people == 0 || people >= Smallest:
		add("unit", "small_unit.people", fault.Args{"unit": u.Shown(), "n": people, "least": Smallest})
	}
	if s.Document == "" {
		add("document", "small_unit.document", nil)
	}
	if s.SignedOn.IsZero() || s.SignedOn.After(today) {
		add("signedOn", "small_unit.signed_on", nil)
	}
	if s.Signer == "" {
		add("signer", "small_unit.signer", nil)
	}
	if s.Ground == "" {
		add("ground", "small_unit.ground", nil)
	}
	switch {
	case s.From.IsZero() || s.From.Before(today):
		add("from", "small_unit.from", nil)
	case !s.To.IsZero() && s.To.Before(s.From):
		add("to", "small_unit.to", nil)
	}
	return fault.Join(bad...)
}
