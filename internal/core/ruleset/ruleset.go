// Package ruleset says which legal framework applies to a dossier by its day of
// reception: what a supplement does to the clock, how codes are written, which
// forms are printed under which number and name. Frameworks are dated parts
// that replace one another piece by piece, and they are data; a dossier keeps
// the set that was in force when it was received.
//
//	set, err := ruleset.On(civil.NewDate(2026, 11, 24))
package ruleset

import (
	"github.com/motcua/motcua/internal/core/civil"
	"github.com/motcua/motcua/internal/core/fault"
)

// Set is the framework in force on a day.
type Set struct {
	Name   string       // short name of the part that was added last: nd61, nd107, nd118, nd309
	Policy civil.Policy // what a supplement does to the clock
	// SupplementWithin is the number of working days after reception within
	// which the agency may ask for a supplement at examination.
	SupplementWithin int
}

// On returns the set in force on a day. It fails with fault.Invalid under
// ruleset.before_all for a day before the first framework.
func On(day civil.Date) (Set, error) {
	switch {
	case day.Before(civil.NewDate(2018, 6, 21)):
		return Set{}, fault.Field("receivedAt", "ruleset.before_all", fault.Args{"date": day.String()})
	case day.Before(civil.NewDate(2021, 12, 6)):
		return Set{Name: "nd61", Policy: civil.Restart, SupplementWithin: 3}, nil
	case day.Before(civil.NewDate(2025, 7, 1)):
		return Set{Name: "nd107", Policy: civil.Restart, SupplementWithin: 3}, nil
	case day.Before(civil.NewDate(2026, 8, 5)):
		return Set{Name: "nd118", Policy: civil.Pause, SupplementWithin: 3}, nil
	}
	return Set{Name: "nd309", Policy: civil.Pause, SupplementWithin: 3}, nil
}
