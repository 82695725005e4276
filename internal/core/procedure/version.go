package procedure

// Version is what makes a procedure one published version (phiên bản công bố).
type Version struct {
	Number    int    `json:"version"`              // from 1, per code
	ValidFrom string `json:"validFrom,omitzero"`   // YYYY-MM-DD; empty = always
	ValidTo   string `json:"validTo,omitzero"`     // inclusive; empty = open
	Successor string `json:"successor,omitzero"`   // code of the procedure that replaces it
	Abolished bool   `json:"abolished,omitzero"`   // bãi bỏ: ends without a successor
	Published Act    `json:"publishedBy,omitzero"` // quyết định công bố
}

// Act is a publication decision (quyết định công bố).
type Act struct {
	No   string `json:"no,omitzero"`
	On   string `json:"on,omitzero"` // YYYY-MM-DD
	Kind string `json:"kind,omitzero"`
}

// Status is whether a version may be used on a day; it is shown, never hidden.
type Status string

// The statuses.
const (
	InForce   Status = "in_force"  // đang có hiệu lực
	ToCome    Status = "to_come"   // sắp có hiệu lực
	Replaced  Status = "replaced"  // đã được thay thế
	Abolished Status = "abolished" // đã bãi bỏ
)

// StatusOn returns the status of the version on a civil day (YYYY-MM-DD).
func (v Version) StatusOn(day string) Status {
	switch {
	case v.ValidFrom != "" && day < v.ValidFrom:
		return ToCome
	case v.ValidTo == "" || day <= v.ValidTo:
		return InForce
	case v.Abolished:
		return Abolished
	default:
		return Replaced
	}
}

// On picks, from the versions of one procedure, the one in force on a civil
// day: the highest number when several are. False when none is.
func On(versions []Procedure, day string) (Procedure, bool) {
	var best Procedure
	found := false
	for _, p := range versions {
		if p.StatusOn(day) == InForce && (!found || p.Number > best.Number) {
			best, found = p, true
		}
	}
	return best, found
}

// Succeed returns next as the version after old, valid from day on, and old
// closed the day before (dayBefore, both YYYY-MM-DD). Neither argument is
// changed.
func Succeed(old, next Procedure, day, dayBefore string) (closed, opened Procedure) {
	closed, opened = old, next
	closed.ValidTo = dayBefore
	opened.Number = old.Number + 1
	opened.ValidFrom, opened.ValidTo = day, ""
	return closed, opened
}
