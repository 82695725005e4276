package dossier

import (
	"fmt"

	"github.com/motcua/motcua/internal/core/civil"
)

// Violations lists what is impossible about a stored dossier. An empty list is
// the only right answer; verify runs it over every dossier.
func (d Dossier) Violations() []string {
	var out []string
	say := func(format string, args ...any) { out = append(out, fmt.Sprintf(format, args...)) }
	if !d.Status.Known() {
		say("I-15: status %d is none of the ten", d.Status)
	}
	if d.Open() && d.Status != Registered && d.Received() && len(d.Tasks) == 0 && !d.Status.Waiting() {
		say("I-16: open dossier without a task or a recorded wait")
	}
	if d.Status.Ended() && len(d.Tasks) > 0 {
		say("I-16: ended dossier with %d open tasks", len(d.Tasks))
	}
	if d.Status == Returned && !d.Fee.Settled() {
		say("I-20: returned with %s owed", d.Fee.Total)
	}
	kinds := map[bool]int{}
	for _, s := range d.Supplements {
		kinds[s.AtReception]++
		if kinds[s.AtReception] > 1 && s.Leader == "" {
			say("I-15: supplement %d without a leader", kinds[s.AtReception])
		}
	}
	open := 0
	for i, s := range d.Deadline.Stops {
		if s.ToAt.IsZero() {
			open++
		} else if s.ToAt.Before(s.FromAt) {
			say("I-15: stop %d ends before it begins", i+1)
		}
	}
	if open > 1 {
		say("I-15: %d stops open at once", open)
	}
	if d.Received() {
		c, err := ParseCode(d.Code)
		switch {
		case err != nil:
			say("I-11: code %q has no legal form", d.Code)
		case d.ReceivedAt.IsZero():
			say("I-12: received without a time of reception")
		case c.Day != civil.DateOf(d.ReceivedAt):
			say("I-11: code %s does not carry the day of reception", d.Code)
		}
	}
	return out
}
