package store

import (
	"context"

	"github.com/motcua/motcua/internal/core/agency"
)

// EventAbsenceRecorded is the event of an absence's stream; it carries the whole
// absence.
const EventAbsenceRecorded = "absence.recorded"

var absenceKind = Kind[agency.Absence]{
	Name: "absence", Version: 1,
	Apply: recorded[agency.Absence](EventAbsenceRecorded),
	Columns: []Column[agency.Absence]{
		Text("staff", func(a agency.Absence) string { return a.Staff }),
		Text("until", func(a agency.Absence) string { return a.To.String() }),
		Bool("ended", func(a agency.Absence) bool { return a.Ended }),
	},
	Indexes: []string{"(until)"},
}

// AbsenceRoot is the stream of an absence.
func AbsenceRoot(id string) Root { return Root{"absence", id} }

// Absences reads the absences that have not ended before a day (YYYY-MM-DD).
func (s *Store) Absences(ctx context.Context, since string) ([]agency.Absence, error) {
	return states[agency.Absence](ctx, s, `SELECT state FROM absence WHERE until >= $1 ORDER BY until, id`, since)
}
