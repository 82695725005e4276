package agency

import "slices"

// Change is one change of the organisation on one day (sắp xếp tổ chức): all of
// its steps come into force together, or none.
type Change struct {
	On       string `json:"on"`                 // first day on which it holds, YYYY-MM-DD
	Document string `json:"document"`           // number of the decision or resolution behind it
	SignedOn string `json:"signedOn,omitempty"` // its day, YYYY-MM-DD
	Signer   string `json:"signer,omitempty"`   // who signed it
	Reason   string `json:"reason,omitempty"`   // in the administrator's words
	Steps    []Step `json:"steps"`
	// Staff sends officers of a unit that is split to another part than the one
	// that continues its work: id of the officer to code.
	Staff map[string]string `json:"staff,omitempty"`
}

// Step is what becomes of some units: those that end, those that stand from the
// day on, and which of these continues the open work.
type Step struct {
	Act   StepAct   `json:"act"`
	Units []string  `json:"units,omitempty"` // codes in force on the day before
	Into  []NewUnit `json:"into,omitempty"`
	// Heir is the code that continues the open work. It is needed where a unit is
	// split or closed; elsewhere it is the only one of Into.
	Heir string `json:"heir,omitempty"`
}

// NewUnit is a unit that stands after a step. Only the code is given for one
// that is in force anyway and merely takes over; what is left empty comes from
// the first unit of the step.
type NewUnit struct {
	Code       string `json:"code"`
	Name       string `json:"name,omitempty"`
	FullName   string `json:"fullName,omitempty"`
	Level      Level  `json:"level,omitempty"`
	Kind       Kind   `json:"kind,omitempty"`
	Form       string `json:"form,omitempty"`
	Parent     string `json:"parent,omitempty"` // code of the unit above
	Identifier string `json:"identifier,omitempty"`
}

// StepAct is what a step does.
type StepAct string

// The acts of a step.
const (
	OpenUnit   StepAct = "open"   // thành lập
	RenameUnit StepAct = "rename" // đổi tên
	MoveUnit   StepAct = "move"   // chuyển trực thuộc
	MergeUnits StepAct = "merge"  // hợp nhất, sáp nhập
	SplitUnit  StepAct = "split"  // chia, tách
	CloseUnit  StepAct = "close"  // giải thể, chấm dứt hoạt động
)

var stepActs = [...]StepAct{MergeUnits, SplitUnit, RenameUnit, MoveUnit, CloseUnit, OpenUnit}

// StepActs lists every act in the order of a form.
func StepActs() []StepAct { return slices.Clone(stepActs[:]) }

// Key is the message key of the act's name.
func (a StepAct) Key() string { return "agency.act." + string(a) }

// Effect is what a change does to the units: pure data, ready to be recorded.
type Effect struct {
	Ended  []Unit `json:"ended,omitempty"`  // with their last day and who continues them
	Begun  []Unit `json:"begun,omitempty"`  // new periods, also of units that only follow the one above
	Before []Unit `json:"before,omitempty"` // Ended as they were, for the way back
	Heirs  []Heir `json:"heirs,omitempty"`  // where open work goes

	Staff map[string]string `json:"staff,omitempty"` // officers who go elsewhere than the work
}

// Heir says that the open work of a unit goes to another, or to the same one
// under its new name.
type Heir struct {
	From     string `json:"from"` // code
	FromKey  string `json:"fromKey"`
	FromName string `json:"fromName"`
	To       string `json:"to"`
	ToKey    string `json:"toKey"`
	ToName   string `json:"toName"`
}

// Heir returns where the open work of a code goes; false when it stays.
func (e Effect) Heir(code string) (Heir, bool) {
	i := slices.IndexFunc(e.Heirs, func(h Heir) bool { return h.From == code })
	if i < 0 {
		return Heir{}, false
	}
	return e.Heirs[i], true
}

// Reused reports whether another unit than the heir goes on under the code of one
// that ended, as communes of the reform of 2025 do.
func (e Effect) Reused(h Heir) bool {
	return h.To != h.From && slices.ContainsFunc(e.Begun, func(u Unit) bool { return u.Code == h.From })
}

// Units are the records that carry the effect out: what ended and what began.
func (e Effect) Units() []Unit { return append(slices.Clone(e.Ended), e.Begun...) }

// Back are the records that take the effect back: what ended stands as before,
// what began never held.
func (e Effect) Back() []Unit {
	list := slices.Clone(e.Before)
	for _, u := range e.Begun {
		u.Void = true
		list = append(list, u)
	}
	return list
}

// Keeping is a unit of an imported list with what changes of the organisation have
// recorded about the same period: a list knows neither heirs nor later ends.
func (u Unit) Keeping(have Unit) Unit {
	if have.ID != u.ID {
		return u
	}
	u.Heir, u.Successors, u.Void = have.Heir, have.Successors, have.Void
	if u.Heir != "" && u.ValidTo == "" {
		u.ValidTo = have.ValidTo
	}
	return u
}

// Shown is how people call a unit: by its full name where it has one.
func (u Unit) Shown() string {
	if u.FullName != "" {
		return u.FullName
	}
	return u.Name
}
