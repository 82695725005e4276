package main

import (
	"sync/atomic"
	"time"

	"github.com/motcua/motcua/internal/civildata"
	"github.com/motcua/motcua/internal/core/civil"
	"github.com/motcua/motcua/internal/core/fault"
)

// movedClock ticks like the real one and may stand elsewhere.
type movedClock struct{ ahead atomic.Int64 }

// Now is what the clock shows.
func (c *movedClock) Now() time.Time {
	return time.Now().Add(time.Duration(c.ahead.Load())).In(civil.Zone)
}

// set moves the clock.
func (c *movedClock) set(t time.Time) { c.ahead.Store(int64(time.Until(t))) }

// demoStart is where a demo's clock starts: at the instant asked for; else on
// the centre's own day, for provinces merged since; else now, or outside office
// hours at nine o'clock of the last working day.
func demoStart(asked, ownDay string, now time.Time) (time.Time, error) {
	if asked != "" {
		return parseInstant(asked)
	}
	if ownDay != "" {
		return parseInstant(ownDay)
	}
	cal := civildata.Default()
	day := civil.DateOf(now)
	working, err := cal.IsWorking(day)
	if err != nil {
		return now, nil // a year without calendar: the pages say so themselves
	}
	next, err := cal.NextOpening(now)
	if working && err == nil && next.Equal(now) {
		return now, nil
	}
	if !working || now.Before(cal.Opening(day)) {
		if day, err = cal.SubWorkingDays(day, 1); err != nil {
			return now, nil
		}
	}
	return day.At(demoMorning), nil
}

// demoMorning is the hour at which a moved clock starts.
const demoMorning = civil.TimeOfDay(9 * 60)

// parseInstant reads an instant or a day, in Vietnamese time unless it says
// otherwise; a day means nine o'clock.
func parseInstant(text string) (time.Time, error) {
	if t, err := time.Parse(time.RFC3339, text); err == nil {
		return t.In(civil.Zone), nil
	}
	for _, form := range []string{"2006-01-02T15:04:05", "2006-01-02T15:04", "2006-01-02 15:04"} {
		if t, err := time.ParseInLocation(form, text, civil.Zone); err == nil {
			return t, nil
		}
	}
	day, err := civil.ParseDate(text)
	if err != nil {
		return time.Time{}, fault.Wrap(err, fault.Invalid, "command.instant", fault.Args{"text": text})
	}
	return day.At(demoMorning), nil
}

// historySince is the first day of a demo's history: three months back, but not
// before what the country then was. Agencies changed on 1 March 2025, tiers of
// government on 1 July 2025, and the one-stop decree came on 21 June 2018.
func historySince(now time.Time) time.Time {
	day := civil.DateOf(now)
	since := day.AddDays(-historyDays)
	for _, turn := range []civil.Date{civil.NewDate(2018, 6, 21), civil.NewDate(2025, 3, 1), civil.NewDate(2025, 7, 1)} {
		if !day.Before(turn) && since.Before(turn) {
			since = turn
		}
	}
	return since.At(0)
}

// historyDays is about three months.
const historyDays = 92
