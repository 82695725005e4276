package store

import (
	"context"

	"github.com/motcua/motcua/internal/core/agency"
)

// EventUnitRecorded is the event of a unit's stream; it carries the whole unit.
const EventUnitRecorded = "unit.recorded"

var unitKind = Kind[agency.Unit]{
	Name: "unit", Version: 1,
	Apply: recorded[agency.Unit](EventUnitRecorded),
	Columns: []Column[agency.Unit]{
		Text("code", func(u agency.Unit) string { return u.Code }),
		Text("kind", func(u agency.Unit) string { return string(u.Kind) }),
		TextOrNull("parent", func(u agency.Unit) string { return u.Parent }),
		TextOrNull("valid_from", func(u agency.Unit) string { return u.ValidFrom }),
		TextOrNull("valid_to", func(u agency.Unit) string { return u.ValidTo }),
	},
	Indexes: []string{"(code, valid_from)"},
}

// UnitRoot is the stream of a unit in one period, by its id.
func UnitRoot(id string) Root { return Root{"unit", id} }

// Units reads every unit of every period.
func (s *Store) Units(ctx context.Context) ([]agency.Unit, error) {
	return states[agency.Unit](ctx, s, `SELECT state FROM unit ORDER BY id`)
}

// states reads the state column of a query's rows.
func states[S any](ctx context.Context, s *Store, sql string, args ...any) ([]S, error) {
	return Collect(ctx, s, func(scan func(dest ...any) error) (S, error) {
		var text string
		if err := scan(&text); err != nil {
			var none S
			return none, err
		}
		return decodeState[S](text)
	}, sql, args...)
}
