package civil

import "slices"

// Published is a calendar as an installation publishes it (lịch làm việc được
// công bố), with what decided it and why: the whole calendar, or what a unit has
// of its own over it.
type Published struct {
	Version  int    `json:"version"` // from 1
	Spec     Spec   `json:"spec"`
	Own      *Own   `json:"own,omitempty"`      // of a unit; Spec is then empty
	Document string `json:"document,omitempty"` // decision behind it
	Reason   string `json:"reason,omitempty"`
}

// Calendar builds the published calendar; base is what a unit's own inherits
// from. A unit's day off that the base has off by now says nothing more and is
// left out. It fails as NewCalendar and Derive do.
func (p Published) Calendar(base *Calendar) (*Calendar, error) {
	if p.Own == nil {
		return NewCalendar(p.Spec)
	}
	own := *p.Own
	own.Days = slices.DeleteFunc(slices.Clone(own.Days), func(e Exception) bool {
		have, ok := base.Exception(e.Date)
		return ok && have.Kind.off()
	})
	return base.Derive(own)
}
