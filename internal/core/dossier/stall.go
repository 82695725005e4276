package dossier

import "time"

// Stall is why a dossier does not get on by itself (hồ sơ mắc kẹt).
type Stall string

// The reasons, the gravest first.
const (
	StallNobody   Stall = "nobody"   // nobody can do an open task
	StallHandover Stall = "handover" // papers or a result are on their way for too long
	StallIdle     Stall = "idle"     // long overdue, and nothing has moved
)

// When a dossier counts as stuck, in calendar days (practice, not law).
const (
	StallHandoverDays = 5
	StallIdleDays     = 20
)

// Key is the message key of the reason.
func (s Stall) Key() string { return "repair.stall." + string(s) }

// Stalls lists why the dossier is stuck; empty when it gets on, or waits for the
// applicant. works reports whether somebody is there for a task: its holder, who
// stands in for him, or anybody of its pool.
func (d Dossier) Stalls(now time.Time, works func(Task) bool) []Stall {
	if !d.Open() || d.Status.Waiting() {
		return nil
	}
	var why []Stall
	moved := d.StatusAt
	for _, t := range d.Tasks {
		if !works(t) && len(why) == 0 {
			why = append(why, StallNobody)
		}
		if t.OpenedAt.After(moved) {
			moved = t.OpenedAt
		}
	}
	for _, h := range d.Handovers {
		if h.GotAt == nil && !h.Data && now.Sub(h.SentAt) > StallHandoverDays*24*time.Hour {
			why = append(why, StallHandover)
			break
		}
	}
	idle := StallIdleDays * 24 * time.Hour
	if due := d.Deadline.DueAt; !due.IsZero() && d.FinishedAt == nil && now.Sub(due) > idle && now.Sub(moved) > idle {
		why = append(why, StallIdle)
	}
	return why
}
