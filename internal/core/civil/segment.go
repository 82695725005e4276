package civil

import "time"

// segment counts what is left of the limit from start.
func (m meter) segment(start time.Time, rest left) (Segment, error) {
	seg := Segment{StartAt: start, Limit: m.in.Limit, Counted: []Date{}, Skipped: []Skipped{}}
	var err error
	switch m.in.Limit.Unit {
	case WorkingDays:
		err = m.workingDays(&seg, rest)
	case CalendarDays, Months:
		err = m.calendarDays(&seg, rest)
	case WorkingHours:
		err = m.workingHours(&seg, rest.span)
	case ClockHours:
		seg.Minutes = int(rest.span / time.Minute)
		seg.DueAt = start.Add(rest.span)
		seg.DueOn = DateOf(seg.DueAt)
		_, err = m.cal.index(seg.DueOn)
	case SameDay:
		err = m.sameDay(&seg)
	case AtOnce:
		seg.DueOn = DateOf(start)
		m.setTime(&seg)
	case FixedDate:
		err = m.moved(&seg, maxDate(m.in.Limit.On, DateOf(start)))
	}
	return seg, err
}

// setTime gives a limit in days its time of day.
func (m meter) setTime(seg *Segment) {
	if m.in.EndOfDay {
		seg.DueAt = m.cal.Closing(seg.DueOn)
		return
	}
	seg.DueAt = seg.DueOn.at(sinceMidnight(seg.StartAt))
}

func (m meter) workingDays(seg *Segment, rest left) error {
	if !rest.whole {
		seg.Limit.Value = rest.days
	}
	day := DateOf(seg.StartAt)
	if seg.Limit.Value == 0 {
		return m.moved(seg, day)
	}
	due, err := m.cal.AddWorkingDays(day, seg.Limit.Value)
	if err != nil {
		return err
	}
	seg.DueOn = due
	m.setTime(seg)
	m.list(seg, day.AddDays(1), due)
	return nil
}

// calendarDays counts days or months. What a pause left is counted in days,
// but never ends later than the whole limit counted anew would: months differ
// in length, and waiting must not make the limit longer than the law has it.
func (m meter) calendarDays(seg *Segment, rest left) error {
	day := DateOf(seg.StartAt)
	end := day.AddDays(m.in.Limit.Value)
	if m.in.Limit.Unit == Months {
		end = day.AddMonths(m.in.Limit.Value)
	}
	if !rest.whole {
		part := day.AddDays(rest.days)
		seg.Capped = part.After(end)
		if !seg.Capped {
			end = part
		}
		seg.Limit = Limit{Value: end.Sub(day), Unit: CalendarDays}
	}
	if err := m.moved(seg, end); err != nil {
		return err
	}
	if seg.Limit.Unit == CalendarDays {
		seg.Counted = make([]Date, seg.Limit.Value)
		for i := range seg.Counted {
			seg.Counted[i] = Date{day.n + int32(i) + 1}
		}
	}
	return nil
}

// moved ends a segment on end, or on the next working day when that is off.
func (m meter) moved(seg *Segment, end Date) error {
	due, err := m.cal.NextWorking(end)
	if err != nil {
		return err
	}
	seg.NominalEnd, seg.DueOn = end, due
	m.setTime(seg)
	for i := int(end.n - m.cal.first.n); i < int(due.n-m.cal.first.n); i++ {
		seg.Skipped = append(seg.Skipped, m.cal.skipped(i))
	}
	return nil
}

// workingHours ends at the earliest instant at which the span has been worked;
// with nothing left that is the start itself.
func (m meter) workingHours(seg *Segment, span time.Duration) error {
	seg.Minutes = int(span / time.Minute)
	seg.DueAt, seg.DueOn = seg.StartAt, DateOf(seg.StartAt)
	if span == 0 {
		return nil
	}
	var err error
	if seg.DueAt, err = m.cal.addWorked(seg.StartAt, span); err != nil {
		return err
	}
	seg.DueOn = DateOf(seg.DueAt)
	m.list(seg, DateOf(seg.StartAt), seg.DueOn)
	return nil
}

// sameDay ends at closing time of the day, or of the next working day when the
// procedure's own hour has passed or the day is one of reception only.
func (m meter) sameDay(seg *Segment) error {
	day := DateOf(seg.StartAt)
	if cutoff := m.in.SameDayCutoff; cutoff > 0 && TimeOfDayOf(seg.StartAt) > cutoff {
		seg.AfterCutoff = true
		day = day.AddDays(1)
	}
	if err := m.moved(seg, day); err != nil {
		return err
	}
	seg.DueAt = m.cal.Closing(seg.DueOn)
	return nil
}

// list tells the days from first to last, counted or skipped; both lie in the
// calendar.
func (m meter) list(seg *Segment, first, last Date) {
	c := m.cal
	from, to := int(first.n-c.first.n), int(last.n-c.first.n)
	seg.Counted = make([]Date, 0, to-from+1)
	for i := from; i <= to; i++ {
		if !c.works(i) {
			seg.Skipped = append(seg.Skipped, c.skipped(i))
			continue
		}
		d := Date{c.first.n + int32(i)}
		seg.Counted = append(seg.Counted, d)
		if k := c.note[i]; k >= 0 { // a worked day with an exception is one that is worked in exchange
			seg.MadeUp = append(seg.MadeUp, d)
		}
	}
}

func maxDate(a, b Date) Date { return Date{max(a.n, b.n)} }
