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
	m.list(seg, day, due)
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
		if part := day.AddDays(rest.days); part.Before(end) {
			end = part
		}
		seg.Limit = Limit{Value: end.Sub(day), Unit: CalendarDays}
	}
	if seg.Limit.Unit == CalendarDays {
		seg.Counted = make([]Date, 0, seg.Limit.Value)
		for i := 1; i <= seg.Limit.Value; i++ {
			seg.Counted = append(seg.Counted, Date{day.n + int32(i)})
		}
	}
	return m.moved(seg, end)
}

// moved ends a segment on end, or on the next working day when that is off.
func (m meter) moved(seg *Segment, end Date) error {
	due, err := m.cal.NextWorking(end)
	if err != nil {
		return err
	}
	seg.NominalEnd, seg.DueOn = end, due
	m.setTime(seg)
	for d := end; d.Before(due); d = d.AddDays(1) {
		seg.Skipped = append(seg.Skipped, m.cal.skipped(d))
	}
	return nil
}

func (m meter) workingHours(seg *Segment, span time.Duration) error {
	seg.Minutes = int(span / time.Minute)
	seg.DueAt = seg.StartAt
	if span > 0 {
		var err error
		if seg.DueAt, err = m.cal.addWorked(seg.StartAt, span); err != nil {
			return err
		}
	}
	seg.DueOn = DateOf(seg.DueAt)
	m.list(seg, DateOf(seg.StartAt).AddDays(-1), seg.DueOn)
	return nil
}

// sameDay ends at closing time of the day, or of the next working day when the
// procedure's own hour has passed or the day is one of reception only.
func (m meter) sameDay(seg *Segment) error {
	day := DateOf(seg.StartAt)
	cutoff := m.in.SameDayCutoff
	if cutoff > 0 && sinceMidnight(seg.StartAt) > cutoff.span() {
		seg.AfterCutoff = true
		day = day.AddDays(1)
	}
	if err := m.moved(seg, day); err != nil {
		return err
	}
	seg.DueAt = m.cal.Closing(seg.DueOn)
	return nil
}

// list tells the days after from up to and including to, counted or skipped.
func (m meter) list(seg *Segment, from, to Date) {
	n, _ := m.cal.WorkingDaysBetween(from, to) // sizes only
	seg.Counted = make([]Date, 0, max(n, 1))
	for d := from.AddDays(1); !d.After(to); d = d.AddDays(1) {
		i, err := m.cal.index(d)
		switch {
		case err != nil: // the first covered day has no day before it
		case !m.cal.works(i):
			seg.Skipped = append(seg.Skipped, m.cal.skipped(d))
		default:
			seg.Counted = append(seg.Counted, d)
			if e, ok := m.cal.Exception(d); ok && e.Kind == SwapWork {
				seg.MadeUp = append(seg.MadeUp, d)
			}
		}
	}
}

func maxDate(a, b Date) Date {
	if a.Before(b) {
		return b
	}
	return a
}
