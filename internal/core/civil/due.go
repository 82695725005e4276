package civil

import (
	"time"

	"github.com/motcua/motcua/internal/core/fault"
)

// DueInput is everything that a promised day depends on, besides the calendar.
type DueInput struct {
	ReceivedAt time.Time
	// Elsewhere marks a dossier received by another unit than the competent
	// agency's: its clock starts at ArrivedAt, and until then it has no due day
	// (NĐ 118/2025/NĐ-CP, Art. 17(3), as amended by NĐ 309/2026/NĐ-CP).
	Elsewhere bool
	ArrivedAt *time.Time
	Limit     Limit
	Stops     []Stop
	Policy    Policy // what a supplement does; empty is Pause
	// EndOfDay makes limits in days and months end at closing time instead of
	// the start's time of day.
	EndOfDay bool
	// SameDayCutoff is the procedure's own hour for SameDay: what starts after
	// it is due on the next working day. 0 is none.
	SameDayCutoff TimeOfDay
	// Now, when given, refuses what lies in the future.
	Now time.Time
}

// Due computes the promised day (ngày hẹn trả kết quả) with its derivation.
//
// Reception outside hours counts as the next opening. The day of reception is
// not counted (Civil Code 91/2015/QH13, Art. 147(2)); an end on a day off moves
// to the next working day (Art. 148(5)). The day of a supplement request counts
// as used; where nothing was left, the day of supply is due. A dossier with an
// open stop, or not yet arrived, has no due day and says why in Waits.
//
// It fails with fault.Invalid: a limit or a ledger that contradicts itself, a
// reception in the future, a year that the calendar does not cover.
func Due(cal *Calendar, in DueInput) (Derivation, error) {
	if err := in.validate(); err != nil {
		return Derivation{}, err
	}
	d := Derivation{ReceivedAt: in.ReceivedAt.In(Zone), Limit: in.Limit, Policy: in.policy(), Segments: []Segment{}}
	from := in.ReceivedAt
	switch {
	case in.ArrivedAt != nil:
		d.ArrivedAt, from = in.ArrivedAt.In(Zone), *in.ArrivedAt
	case in.Elsewhere:
		d.Waits = WaitsArrival
		return d, nil
	}
	start, err := cal.NextOpening(from)
	if err != nil {
		return Derivation{}, err
	}
	d.StartAt = start
	m := meter{cal: cal, in: in}
	if err := m.run(&d); err != nil {
		return Derivation{}, err
	}
	last := d.Segments[len(d.Segments)-1]
	d.Provisional = cal.provisional(DateOf(d.ReceivedAt), last.DueOn)
	if d.Waits == "" {
		d.DueOn, d.DueAt = last.DueOn, last.DueAt
	}
	return d, nil
}

func (in DueInput) policy() Policy {
	if in.Policy == "" {
		return Pause
	}
	return in.Policy
}

func (in DueInput) validate() error {
	var all []*fault.Fault
	if f := fault.As(in.Limit.Validate()); f != nil {
		all = append(all, f)
	}
	if p := in.policy(); p != Restart && p != Pause {
		all = append(all, fault.Field("policy", "civil.policy_unknown", fault.Args{"policy": string(p)}))
	}
	if in.SameDayCutoff < 0 || in.SameDayCutoff > 24*60 {
		all = append(all, fault.Field("sameDayCutoff", "civil.cutoff_range", nil))
	}
	switch {
	case in.ReceivedAt.IsZero():
		all = append(all, fault.Field("receivedAt", "civil.received_missing", nil))
	case !in.Now.IsZero() && in.ReceivedAt.After(in.Now):
		all = append(all, fault.Field("receivedAt", "civil.received_in_future", fault.Args{"at": showInstant(in.ReceivedAt)}))
	case in.Limit.Unit == FixedDate && in.Limit.On.Before(DateOf(in.ReceivedAt)):
		all = append(all, fault.Field("limit", "civil.limit_past", fault.Args{"date": in.Limit.On.show()}))
	}
	if a := in.ArrivedAt; a != nil {
		switch {
		case a.Before(in.ReceivedAt):
			all = append(all, fault.Field("arrivedAt", "civil.arrived_before", fault.Args{"at": showInstant(*a)}))
		case !in.Now.IsZero() && a.After(in.Now):
			all = append(all, fault.Field("arrivedAt", "civil.arrived_in_future", fault.Args{"at": showInstant(*a)}))
		}
	}
	all = append(all, stopFaults(in.ReceivedAt, in.Now, in.Stops)...)
	return fault.Join(all...)
}

// left is what a limit still has: all of it, or a number of days (limits in
// days and months) or a span (limits in hours).
type left struct {
	whole bool
	days  int
	span  time.Duration
}

// meter runs the clock of one dossier.
type meter struct {
	cal *Calendar
	in  DueInput
}

// run adds one segment for the reception and one for each ended stop.
func (m meter) run(d *Derivation) error {
	rest := left{whole: true}
	if m.in.Limit.ByHour() {
		rest.span = time.Duration(m.in.Limit.Value) * time.Hour
	}
	seg, err := m.segment(d.StartAt, rest)
	if err != nil {
		return err
	}
	d.Segments = append(d.Segments, seg)
	for i := range m.in.Stops {
		s := m.in.Stops[i]
		if s.Open() {
			d.Waits = WaitsStop
			d.StoppedAt = s.FromAt.In(Zone)
			d.StoppedFor = s.Kind
			return nil
		}
		before := seg
		if rest, err = m.after(before, rest, s); err != nil {
			return err
		}
		start, err := m.cal.NextOpening(s.ToAt)
		if err != nil {
			return err
		}
		if start.Before(before.StartAt) {
			start = before.StartAt
		}
		if seg, err = m.segment(start, rest); err != nil {
			return err
		}
		s.FromAt, s.ToAt = s.FromAt.In(Zone), s.ToAt.In(Zone)
		seg.Stop, seg.Restarted = &s, s.restarts(m.in.policy())
		if !seg.Restarted {
			seg.Used = m.used(before, s.FromAt)
		}
		d.Segments = append(d.Segments, seg)
	}
	return nil
}

// after returns what the limit has after a stop: everything when it restarts,
// else what the segment before had not used.
func (m meter) after(seg Segment, rest left, s Stop) (left, error) {
	if s.restarts(m.in.policy()) {
		return left{whole: true, span: time.Duration(m.in.Limit.Value) * time.Hour}, nil
	}
	day := DateOf(s.FromAt)
	switch m.in.Limit.Unit {
	case WorkingDays:
		if rest.whole {
			rest.days = m.in.Limit.Value
		}
		used, err := m.cal.WorkingDaysBetween(DateOf(seg.StartAt), day)
		return left{days: rest.days - clamp(used, rest.days)}, err
	case CalendarDays, Months:
		total := seg.NominalEnd.Sub(DateOf(seg.StartAt))
		return left{days: total - clamp(day.Sub(DateOf(seg.StartAt)), total)}, nil
	case WorkingHours, ClockHours:
		used, err := m.ran(seg.StartAt, s.FromAt)
		return left{span: rest.span - clamp(used, rest.span)}, err
	}
	return rest, nil // AtOnce, SameDay and FixedDate have nothing to save
}

// ran is the time of an hour limit that passed between two instants.
func (m meter) ran(from, to time.Time) (time.Duration, error) {
	if m.in.Limit.Unit == ClockHours {
		return to.Sub(from), nil
	}
	a, err := m.cal.worked(from)
	if err != nil {
		return 0, err
	}
	b, err := m.cal.worked(to)
	return b - a, err
}

// used is what a segment had used at a stop, in days or minutes, for telling.
func (m meter) used(seg Segment, at time.Time) int {
	switch m.in.Limit.Unit {
	case WorkingDays:
		n, _ := m.cal.WorkingDaysBetween(DateOf(seg.StartAt), DateOf(at)) // both days were asked for before
		return clamp(n, seg.Limit.Value)
	case CalendarDays, Months:
		return clamp(DateOf(at).Sub(DateOf(seg.StartAt)), seg.NominalEnd.Sub(DateOf(seg.StartAt)))
	case WorkingHours, ClockHours:
		span, _ := m.ran(seg.StartAt, at)
		return clamp(int(span/time.Minute), seg.Minutes)
	}
	return 0
}

// clamp returns n within 0 and most.
func clamp[T int | time.Duration](n, most T) T { return max(0, min(n, most)) }
