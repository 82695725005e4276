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

// FirstChange returns the first day from which two calendars may count
// differently: no promise that ends before it moves. It is the zero Date, which
// is before all, when hours or the years before differ.
func FirstChange(was, is *Calendar) Date {
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
