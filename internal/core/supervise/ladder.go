package supervise

import (
	"slices"
	"time"

	"github.com/motcua/motcua/internal/core/civil"
	"github.com/motcua/motcua/internal/core/dossier"
	"github.com/motcua/motcua/internal/core/ruleset"
)

// StepName names a step of the ladder (bậc cảnh báo); a dossier's promise takes
// each at most once.
type StepName string

// The steps that every ladder has, besides the rungs of the rule set, which are
// named after whom they reach.
const (
	StepApology StepName = "apology" // the agency is asked for notice and apology
	StepBroken  StepName = "broken"  // the promise is broken
)

// Step is one step of the ladder of one promise.
type Step struct {
	Name StepName
	At   time.Time
	To   []ruleset.Listener
}

// everybody is whom a broken promise is told.
func everybody() []ruleset.Listener {
	return []ruleset.Listener{ruleset.Handler, ruleset.Leader, ruleset.Centre}
}

// Steps is the ladder of a dossier's promise, the earliest step first: warnings
// by the rungs of its rule set, the request for notice and apology while they are
// in time (NĐ 61/2018 art 19.9), and what follows when it is broken. A dossier
// that was re-appointed climbs anew towards the day named in the apology, and is
// not asked for another.
//
// A step that would lie before the clock started says nothing that the inbox does
// not say, and is left out; when that leaves no warning at all, the handler gets
// one when the office opens on the day itself. Limits in hours, for the same day
// or at once have none before they are broken (practice, not law).
//
// It fails as civil.Calendar does.
func Steps(d dossier.Dossier, rules ruleset.Set, cal *civil.Calendar) ([]Step, error) {
	dueOn, dueAt := d.Deadline.Appointed()
	if dueAt.IsZero() {
		return nil, nil
	}
	var steps []Step
	if byDay(d.Deadline.Limit) {
		for _, r := range rules.Ladder {
			at, err := r.At(cal, dueOn)
			if err != nil {
				return nil, err
			}
			steps = append(steps, Step{StepName(r.To), at, []ruleset.Listener{r.To}})
		}
		if d.Deadline.Apology == nil {
			last, err := rules.Apology.By(cal, dueOn)
			if err != nil {
				return nil, err
			}
			steps = append(steps, Step{StepApology, cal.Opening(last), []ruleset.Listener{ruleset.Handler, ruleset.Leader}})
		}
		began := d.Deadline.StartAt
		if a := d.Deadline.Apology; a != nil {
			began = a.MadeAt
		}
		steps = slices.DeleteFunc(steps, func(s Step) bool { return s.At.Before(began) })
		if len(steps) == 0 {
			steps = append(steps, Step{StepName(ruleset.Handler), cal.Opening(dueOn), []ruleset.Listener{ruleset.Handler}})
		}
	}
	broken, err := brokenAt(d.Deadline.Limit, cal, dueOn, dueAt)
	if err != nil {
		return nil, err
	}
	steps = append(steps, Step{StepBroken, broken, everybody()})
	slices.SortStableFunc(steps, func(a, b Step) int { return a.At.Compare(b.At) })
	return steps, nil
}

// byDay reports whether a limit leaves days in which a warning helps.
func byDay(l civil.Limit) bool {
	switch l.Unit {
	case civil.WorkingDays, civil.CalendarDays, civil.Months, civil.FixedDate:
		return true
	}
	return false
}

// brokenAt is when a promise counts as broken and people can be told: the minute
// after it for limits in hours, else when the office opens next.
func brokenAt(l civil.Limit, cal *civil.Calendar, on civil.Date, at time.Time) (time.Time, error) {
	if l.ByHour() {
		return at.Truncate(time.Minute).Add(time.Minute), nil
	}
	next, err := cal.NextWorking(on.AddDays(1))
	if err != nil {
		return time.Time{}, err
	}
	return cal.Opening(next), nil
}

// Climbs reports whether a dossier's promise is watched: work goes on and its
// clock runs.
func Climbs(d dossier.Dossier) bool {
	_, stopped := d.Deadline.Stopped()
	running := d.Status == dossier.Accepted || d.Status == dossier.Processing
	return running && d.FinishedAt == nil && !stopped && !d.Deadline.DueAt.IsZero()
}

// Due picks the steps that are to be taken now, and says when the next one is due
// (zero for never). What would warn of something that has happened by now is
// passed over: a promise that is broken is no longer about to be.
func Due(steps []Step, w Warning, dueAt, now time.Time) (due []Step, next time.Time) {
	for _, s := range steps {
		switch {
		case w.Took(s.Name, dueAt):
		case s.At.After(now):
			if next.IsZero() || s.At.Before(next) {
				next = s.At
			}
		default:
			due = append(due, s)
		}
	}
	if slices.ContainsFunc(due, func(s Step) bool { return s.Name == StepBroken }) {
		due = slices.DeleteFunc(due, func(s Step) bool { return s.Name != StepBroken })
	}
	return due, next
}

// proposedDelay is how many working days after the promise the prepared apology
// proposes; who signs it names the day (practice, not law).
const proposedDelay = 3

// NewDay proposes the day of a re-appointment: some working days after the
// promise, and after today. It fails as civil.Calendar does.
func NewDay(cal *civil.Calendar, due, today civil.Date) (civil.Date, error) {
	if due.Before(today) {
		due = today
	}
	return cal.AddWorkingDays(due, proposedDelay)
}
