package store

import (
	"encoding/json"

	"github.com/motcua/motcua/internal/core/journal"
)

// recorded is the fold of streams whose one event carries the whole state:
// units, people, the centre's profile.
func recorded[S any](eventType string) func(S, journal.Event) (S, error) {
	return func(s S, ev journal.Event) (S, error) {
		if ev.Type != eventType || ev.TypeVersion != 1 {
			return s, journal.UnknownEvent(ev)
		}
		return journal.Decode[S](ev)
	}
}

// folding is the fold of streams whose events a core package applies.
func folding[S any](apply func(S, string, []byte) (S, error)) func(S, journal.Event) (S, error) {
	return func(s S, ev journal.Event) (S, error) {
		if ev.TypeVersion != 1 {
			return s, journal.UnknownEvent(ev)
		}
		return apply(s, ev.Type, ev.Payload)
	}
}

// decodeState reads a main table's state column.
func decodeState[S any](text string) (S, error) {
	var s S
	err := json.Unmarshal([]byte(text), &s)
	return s, err
}
