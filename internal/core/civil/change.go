package civil

import (
	"slices"
	"time"
)

// DayChange is a day that two calendars see differently.
type DayChange struct {
	Date     Date `json:"date"`
	WasWorks bool `json:"wasWorks"`
	Works    bool `json:"works"`
}

// Diff returns the days, covered by both, that are worked in one of two
// calendars only; in order.
func Diff(was, is *Calendar) []DayChange {
	var all []DayChange
	from, until := common(was, is)
	for d := from; d.Before(until); d = d.AddDays(1) {
		a, b := was.works(int(d.n-was.first.n)), is.works(int(d.n-is.first.n))
		if a != b {
			all = append(all, DayChange{Date: d, WasWorks: a, Works: b})
		}
	}
	return all
}

// common returns the first day that both calendars cover and the first after
// it that they do not.
func common(a, b *Calendar) (from, until Date) {
	return maxDate(a.first, b.first), NewDate(min(a.end(), b.end()), time.January, 1)
}

// Promise is the open promise of a dossier: what its day follows from, and what
// it was told.
type Promise struct {
	Input       DueInput
	DueOn       Date
	DueAt       time.Time
	Provisional bool
}

// Move is what a calendar change does to one promise.
type Move struct {
	N    int // place of the promise in the list
	From Promise
	Due  Derivation // under the new calendar; zero when Err says why there is none
	Err  error
}

// Later reports whether the applicant has to wait for a later day, and so has
// to be told.
func (m Move) Later() bool { return m.Err == nil && m.Due.DueOn.After(m.From.DueOn) }

// Recompute returns the open promises that a change of calendar moves (thay
// đổi lịch), in their order: to another day or time, or from a provisional
// schedule to an official one. A promise that is broken at now never changes,
// and none is moved so that it would be: what was promised then stands. A
// dossier whose clock stands still has no promise to move.
//
// A promise that the new calendar cannot count, since a year is missing, comes
// with Err; it keeps its day.
func Recompute(was, is *Calendar, now time.Time, promises []Promise) []Move {
	from := firstChange(was, is)
	var moves []Move
	for i := range promises {
		p := &promises[i]
		if p.DueOn.IsZero() || p.DueOn.Before(from) || Judge(p.Input.Limit, p.DueAt, now) == Late {
			continue
		}
		due, err := Due(is, p.Input)
		switch {
		case err != nil:
			moves = append(moves, Move{N: i, From: *p, Err: err})
		case due.DueOn.IsZero() || Judge(p.Input.Limit, due.DueAt, now) == Late:
		case due.DueOn != p.DueOn || !due.DueAt.Equal(p.DueAt) || due.Provisional != p.Provisional:
			moves = append(moves, Move{N: i, From: *p, Due: due})
		}
	}
	return moves
}

// firstChange returns the first day from which two calendars may count
// differently: no promise that ends before it moves. It is the zero Date, which
// is before all, when hours or the years before differ.
func firstChange(was, is *Calendar) Date {
	a, b := was.spec, is.spec
	if was.first != is.first || !slices.Equal(a.Hours, b.Hours) || !sameInterval(a.Saturday, b.Saturday) {
		return Date{}
	}
	first, until := common(was, is)
	for first.Before(until) && sameDay(was, is, int(first.n-was.first.n)) {
		first = first.AddDays(1)
	}
	return first
}

// sameDay reports whether the i-th day, of calendars with the same hours that
// begin on the same day, counts alike: worked, open for reception, official.
func sameDay(a, b *Calendar, i int) bool {
	year := a.first.AddDays(i).Year() - a.first.Year()
	return a.works(i) == b.works(i) && len(a.opensOn(i)) == len(b.opensOn(i)) &&
		a.spec.Years[year].Status == b.spec.Years[year].Status
}

func sameInterval(a, b *Interval) bool { return a == b || a != nil && b != nil && *a == *b }
