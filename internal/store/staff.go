package store

import (
	"context"

	"github.com/motcua/motcua/internal/core/agency"
)

// EventStaffRecorded is the event of an officer's stream; it carries the whole
// officer.
const EventStaffRecorded = "staff.recorded"

var staffKind = Kind[agency.Staff]{
	Name: "staff", Version: 1,
	Apply: recorded[agency.Staff](EventStaffRecorded),
	Columns: []Column[agency.Staff]{
		Text("login", func(p agency.Staff) string { return p.Login }),
		Text("unit", func(p agency.Staff) string { return p.Unit }),
		Bool("disabled", func(p agency.Staff) bool { return p.Disabled }),
	},
	Indexes: []string{"unique (login)", "(unit)"},
}

// StaffRoot is the stream of an officer.
func StaffRoot(id string) Root { return Root{"staff", id} }

// People reads every officer.
func (s *Store) People(ctx context.Context) ([]agency.Staff, error) {
	return states[agency.Staff](ctx, s, `SELECT state FROM staff ORDER BY login`)
}
