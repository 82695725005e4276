package store

import (
	"context"

	"github.com/motcua/motcua/internal/core/civil"
)

// EventCalendarPublished is the event of a calendar's stream; it carries the
// whole calendar.
const EventCalendarPublished = "calendar.published"

var calendarKind = Kind[civil.Published]{
	Name: "calendar", Version: 1,
	Apply: recorded[civil.Published](EventCalendarPublished),
	Columns: []Column[civil.Published]{
		Int("number", func(p civil.Published) int { return p.Version }),
	},
}

// CalendarRoot is the stream of a calendar: "default", or the code of a unit
// that has its own.
func CalendarRoot(id string) Root { return Root{"calendar", id} }

// NamedCalendar is a published calendar with the id of its stream.
type NamedCalendar struct {
	ID string
	civil.Published
}

// Calendars reads every calendar in force.
func (s *Store) Calendars(ctx context.Context) ([]NamedCalendar, error) {
	return Collect(ctx, s, func(scan func(dest ...any) error) (NamedCalendar, error) {
		var n NamedCalendar
		var text string
		if err := scan(&n.ID, &text); err != nil {
			return n, err
		}
		var err error
		n.Published, err = decodeState[civil.Published](text)
		return n, err
	}, `SELECT id, state FROM calendar ORDER BY id`)
}
