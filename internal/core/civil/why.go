package civil

import "github.com/motcua/motcua/internal/core/fault"

// Line is a sentence as message key and arguments. An argument may itself be a
// Line or a list of them.
type Line = fault.Line

// Line returns the message that names the reason, such as "Thứ Bảy" or the
// holiday's name.
func (s Skipped) Line() Line { return Line{Key: s.Reason, Args: fault.Args{"name": s.Name}} }

// Lines tells the derivation (Vì sao ngày này?), one sentence a line.
func (d Derivation) Lines() []Line {
	received := "civil.why.received"
	if d.Second {
		received = "civil.why.received_second"
	}
	lines := []Line{{Key: received, Args: fault.Args{"at": showInstant(d.ReceivedAt)}}}
	from := d.ReceivedAt
	if !d.ArrivedAt.IsZero() {
		from = d.ArrivedAt
		lines = append(lines, Line{Key: "civil.why.arrived", Args: fault.Args{"at": showInstant(d.ArrivedAt)}})
	}
	if !d.StartAt.IsZero() && !d.StartAt.Equal(from) {
		lines = append(lines, Line{Key: "civil.why.start_moved", Args: fault.Args{"at": showInstant(d.StartAt)}})
	}
	lines = append(lines, Line{Key: "civil.why.limit", Args: fault.Args{"limit": d.Limit.Line()}})
	for i, s := range d.Segments {
		lines = append(lines, s.lines()...)
		end := "civil.why.due"
		if i < len(d.Segments)-1 || d.Waits != "" {
			end = "civil.why.due_then"
		}
		lines = append(lines, Line{Key: end, Args: fault.Args{"at": showInstant(s.DueAt)}})
	}
	if wait, ok := d.WaitLine(); ok {
		lines = append(lines, wait)
	}
	if d.Provisional {
		lines = append(lines, Line{Key: "civil.why.provisional"})
	}
	return lines
}

// WaitLine says why there is no due day, if there is none.
func (d Derivation) WaitLine() (Line, bool) {
	switch d.Waits {
	case WaitsArrival:
		return Line{Key: "civil.why.not_arrived"}, true
	case WaitsStop:
		return Line{Key: "civil.why.stopped." + string(d.StoppedFor), Args: fault.Args{"at": showInstant(d.StoppedAt)}}, true
	}
	return Line{}, false
}

func (s Segment) lines() []Line {
	lines := append(s.stopLines(), s.countLine())
	if !s.NominalEnd.IsZero() {
		if s.DueOn != s.NominalEnd {
			lines = append(lines, Line{Key: "civil.why.end_moved", Args: fault.Args{
				"from": s.NominalEnd.Show(), "to": s.DueOn.Show(), "days": s.skippedLines(),
			}})
		}
		return lines
	}
	if len(s.Skipped) > 0 {
		lines = append(lines, Line{Key: "civil.why.skipped", Args: fault.Args{"days": s.skippedLines()}})
	}
	if len(s.MadeUp) > 0 {
		lines = append(lines, Line{Key: "civil.why.made_up", Args: fault.Args{"days": showDates(s.MadeUp)}})
	}
	return lines
}

// stopLines tells the stop that the segment follows and what it did to the limit.
func (s Segment) stopLines() []Line {
	if s.Stop == nil {
		return nil
	}
	lines := []Line{{Key: "civil.why.stop." + string(s.Stop.Kind), Args: fault.Args{
		"from": showInstant(s.Stop.FromAt), "to": showInstant(s.Stop.ToAt),
	}}}
	if s.Stop.Ground != "" {
		lines = append(lines, Line{Key: "civil.why.ground", Args: fault.Args{"ground": s.Stop.Ground}})
	}
	if s.Stop.Document != "" {
		lines = append(lines, Line{Key: "civil.why.document", Args: fault.Args{"document": s.Stop.Document}})
	}
	switch s.Limit.Unit {
	case AtOnce, SameDay, FixedDate:
		return lines
	}
	if s.Restarted {
		return append(lines, Line{Key: "civil.why.restart"})
	}
	used := fault.Args{"used": s.Used, "left": s.Limit.Value}
	if s.Limit.ByHour() {
		used = fault.Args{"used": showMinutes(s.Used), "left": showMinutes(s.Minutes)}
	}
	lines = append(lines, Line{Key: "civil.why.used." + string(s.Limit.Unit), Args: used})
	if s.Capped {
		lines = append(lines, Line{Key: "civil.why.capped"})
	}
	return lines
}

func (s Segment) skippedLines() []Line {
	days := make([]Line, len(s.Skipped))
	for i, d := range s.Skipped {
		days[i] = Line{Key: "civil.why.day", Args: fault.Args{"date": d.Date.Show(), "reason": d.Line()}}
	}
	return days
}

// countLine says how the segment's limit was counted.
func (s Segment) countLine() Line {
	switch {
	case s.AfterCutoff:
		return Line{Key: "civil.why.after_cutoff"}
	case s.nothing():
		return Line{Key: "civil.why.nothing_left", Args: fault.Args{"from": DateOf(s.StartAt).Show()}}
	}
	key, from := "civil.why.count."+string(s.Limit.Unit), DateOf(s.StartAt).Show()
	switch s.Limit.Unit {
	case WorkingDays:
		return Line{Key: key, Args: fault.Args{"n": s.Limit.Value, "from": from, "days": showDates(s.Counted)}}
	case CalendarDays:
		return Line{Key: key, Args: fault.Args{"n": s.Limit.Value, "from": from, "end": s.NominalEnd.Show()}}
	case Months:
		if s.NominalEnd.Day() != DateOf(s.StartAt).Day() {
			key = "civil.why.count.thang_short"
		}
		return Line{Key: key, Args: fault.Args{"n": s.Limit.Value, "from": from, "end": s.NominalEnd.Show()}}
	case WorkingHours, ClockHours:
		return Line{Key: key, Args: fault.Args{"span": showMinutes(s.Minutes), "at": showInstant(s.StartAt)}}
	case FixedDate:
		return Line{Key: key, Args: fault.Args{"end": s.NominalEnd.Show()}}
	}
	return Line{Key: key} // AtOnce and SameDay say all by their unit
}

// nothing reports whether a pause left nothing to count.
func (s Segment) nothing() bool {
	switch s.Limit.Unit {
	case WorkingDays, CalendarDays:
		return s.Limit.Value == 0
	case WorkingHours, ClockHours:
		return s.Minutes == 0
	}
	return false
}

func showDates(dates []Date) []string {
	days := make([]string, len(dates))
	for i, d := range dates {
		days[i] = d.Show()
	}
	return days
}

// showMinutes is a span in hours and minutes: "8 giờ", "7 giờ 30 phút", "45 phút".
func showMinutes(n int) Line {
	hours := Line{Key: "civil.span.hours", Args: fault.Args{"n": n / 60}}
	minutes := Line{Key: "civil.span.minutes", Args: fault.Args{"n": n % 60}}
	switch {
	case n%60 == 0:
		return hours
	case n < 60:
		return minutes
	}
	return Line{Key: "civil.span.both", Args: fault.Args{"hours": hours, "minutes": minutes}}
}
