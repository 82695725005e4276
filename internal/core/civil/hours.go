package civil

import (
	"time"

	"github.com/motcua/motcua/internal/core/fault"
)

// opensOn returns the intervals in which dossiers are received on the i-th day.
func (c *Calendar) opensOn(i int) []Interval {
	if c.works(i) {
		return c.spec.Hours
	}
	if c.spec.Saturday != nil && c.note[i] < 0 && c.first.AddDays(i).Weekday() == time.Saturday {
		return []Interval{*c.spec.Saturday}
	}
	return nil
}

// NextOpening returns t when dossiers are received at t, else the next
// opening: before hours that of the day, at lunch the afternoon's, after hours
// or on a day off that of the next day of reception. The minute of closing
// still belongs to the day: what is written down as 17:00 was in time.
func (c *Calendar) NextOpening(t time.Time) (time.Time, error) {
	day, at := DateOf(t), TimeOfDayOf(t)
	i, err := c.index(day)
	if err != nil {
		return time.Time{}, err
	}
	for ; i < len(c.rank); i++ {
		for _, iv := range c.opensOn(i) {
			switch {
			case at > iv.To:
			case at < iv.From:
				return c.first.AddDays(i).At(iv.From), nil
			default:
				return t.In(Zone), nil
			}
		}
		at = -1
	}
	return time.Time{}, unknown(c.end())
}

// Opening returns the opening time of a day, which is what a day given without
// time means. It does not ask whether the day is worked.
func (c *Calendar) Opening(d Date) time.Time { return d.At(c.spec.Hours[0].From) }

// Closing returns the closing time of a day: that of office hours, or of
// Saturday reception where the day has only that.
func (c *Calendar) Closing(d Date) time.Time {
	hours := c.spec.Hours
	if i, err := c.index(d); err == nil {
		if open := c.opensOn(i); open != nil {
			hours = open
		}
	}
	return d.At(hours[len(hours)-1].To)
}

// worked returns the office hours from the calendar's first day until t.
func (c *Calendar) worked(t time.Time) (time.Duration, error) {
	i, err := c.index(DateOf(t))
	if err != nil {
		return 0, err
	}
	if !c.works(i) {
		return time.Duration(c.rank[i]) * c.perDay, nil
	}
	sum, at := time.Duration(c.rank[i]-1)*c.perDay, sinceMidnight(t)
	for _, iv := range c.spec.Hours {
		sum += max(0, min(at, iv.To.span())-iv.From.span())
	}
	return sum, nil
}

// addWorked returns the earliest instant at which span of office hours has
// passed since t; span is above 0.
func (c *Calendar) addWorked(t time.Time, span time.Duration) (time.Time, error) {
	before, err := c.worked(t)
	if err != nil {
		return time.Time{}, err
	}
	until := before + span
	k := int((until - 1) / c.perDay)
	if k >= len(c.nth) {
		return time.Time{}, unknown(c.end())
	}
	rest, n := until-time.Duration(k)*c.perDay, 0
	for length := c.spec.Hours[0].length(); rest > length; length = c.spec.Hours[n].length() {
		rest -= length
		n++
	}
	return Date{c.first.n + c.nth[k]}.at(c.spec.Hours[n].From.span() + rest), nil
}

// AddWorkingMinutes returns the earliest instant at which n minutes of office
// hours have passed since t. With n = 0 that is t, or the next instant of work.
func (c *Calendar) AddWorkingMinutes(t time.Time, n int) (time.Time, error) {
	if n < 0 {
		return time.Time{}, fault.Field("limit", "civil.limit_negative", fault.Args{"n": n})
	}
	if n > 0 {
		return c.addWorked(t, time.Duration(n)*time.Minute)
	}
	open, err := c.NextOpening(t)
	if err != nil {
		return time.Time{}, err
	}
	day, err := c.NextWorking(DateOf(open))
	if err != nil {
		return time.Time{}, err
	}
	if day != DateOf(open) {
		return c.Opening(day), nil
	}
	return open, nil
}

// SubtractWorkingMinutes returns the earliest instant from which n minutes of
// office hours pass until t: the latest time to begin work that takes so long.
func (c *Calendar) SubtractWorkingMinutes(t time.Time, n int) (time.Time, error) {
	if n < 0 {
		return time.Time{}, fault.Field("limit", "civil.limit_negative", fault.Args{"n": n})
	}
	before, err := c.worked(t)
	if err != nil {
		return time.Time{}, err
	}
	until := before - time.Duration(n)*time.Minute
	if until <= 0 {
		return time.Time{}, unknown(c.first.AddDays(-1).Year())
	}
	return c.addWorked(c.first.At(0), until)
}

// WorkingMinutesBetween counts the whole minutes of office hours from one
// instant to another; negative when to is earlier.
func (c *Calendar) WorkingMinutesBetween(from, to time.Time) (int, error) {
	span, err := c.workedBetween(from, to)
	return int(span / time.Minute), err
}

func (c *Calendar) workedBetween(from, to time.Time) (time.Duration, error) {
	a, err := c.worked(from)
	if err != nil {
		return 0, err
	}
	b, err := c.worked(to)
	return b - a, err
}
