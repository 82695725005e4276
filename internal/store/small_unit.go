package store

import (
	"context"

	"github.com/motcua/motcua/internal/core/agency"
)

// EventSmallUnitRecorded is the event of an entry in the list of small units; it
// carries the whole entry.
const EventSmallUnitRecorded = "small_unit.recorded"

var smallUnitKind = Kind[agency.SmallUnit]{
	Name: "small_unit", Version: 1,
	Apply: recorded[agency.SmallUnit](EventSmallUnitRecorded),
	Columns: []Column[agency.SmallUnit]{
		Text("unit", func(s agency.SmallUnit) string { return s.Unit }),
		Text("stage", func(s agency.SmallUnit) string { return string(s.State) }),
	},
}

// SmallUnitRoot is the stream of an entry in the list of small units.
func SmallUnitRoot(id string) Root { return Root{"small_unit", id} }

// SmallUnits reads the list of small units with all that ever stood in it.
func (s *Store) SmallUnits(ctx context.Context) ([]agency.SmallUnit, error) {
	return states[agency.SmallUnit](ctx, s, `SELECT state FROM small_unit ORDER BY id`)
}
