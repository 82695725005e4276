package civil

import (
	"slices"
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
	// Second marks the second phase of a procedure (giai đoạn 2, such as after a
	// land tax was paid): see SecondPhase.
	Second bool
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
	d := Derivation{
		ReceivedAt: in.ReceivedAt.In(Zone), Limit: in.Limit, Policy: in.policy(), Second: in.Second, Segments: []Segment{},
	}
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

// SecondPhase returns the input of the second appointment of a dossier (giai
// đoạn 2): a limit of its own that counts from the second reception, with the
// stops since then. The first promise stays what it was.
func (in DueInput) SecondPhase(at time.Time, limit Limit) DueInput {
	in.ReceivedAt, in.Limit, in.Second = at, limit, true
	in.Elsewhere, in.ArrivedAt = false, nil
	in.Stops = slices.DeleteFunc(slices.Clone(in.Stops), func(s Stop) bool { return s.FromAt.Before(at) })
	return in
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
		all = append(all, fault.Field("limit", "civil.limit_past", fault.Args{"date": in.Limit.On.Show()}))
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

// whole is a limit of which nothing has been used.
func (m meter) whole() left {
	return left{whole: true, span: time.Duration(m.in.Limit.Value) * time.Hour}
}

// run adds one segment for the reception and one for each ended stop.
func (m meter) run(d *Derivation) error {
	rest := m.whole()
	seg, err := m.segment(d.StartAt, rest)
	if err != nil {
		return err
	}
	d.Segments = append(make([]Segment, 0, 1+len(m.in.Stops)), seg)
	for _, s := range m.in.Stops {
		if s.Open() {
			d.Waits, d.StoppedAt, d.StoppedFor = WaitsStop, s.FromAt.In(Zone), s.Kind
			return nil
		}
		if seg, rest, err = m.resume(seg, rest, s); err != nil {
			return err
		}
		d.Segments = append(d.Segments, seg)
	}
	return nil
}

// resume counts on after an ended stop. A stop that ended before the clock
// started moves nothing.
func (m meter) resume(before Segment, rest left, s Stop) (Segment, left, error) {
	rest, err := m.after(before, rest, s)
	if err != nil {
		return Segment{}, rest, err
	}
	start, err := m.cal.NextOpening(s.ToAt)
	if err != nil {
		return Segment{}, rest, err
	}
	if start.Before(before.StartAt) {
		start = before.StartAt
	}
	seg, err := m.segment(start, rest)
	if err != nil {
		return Segment{}, rest, err
	}
	s.FromAt, s.ToAt = s.FromAt.In(Zone), s.ToAt.In(Zone)
	seg.Stop, seg.Restarted = &s, s.restarts(m.in.policy())
	if !rest.whole {
		seg.Used = before.amount() - rest.amount(m.in.Limit.Unit)
	}
	return seg, rest, nil
}

// after returns what the limit has after a stop: everything when it restarts,
// else what the segment before had not used. The day of the stop counts as used.
func (m meter) after(seg Segment, rest left, s Stop) (left, error) {
	if s.restarts(m.in.policy()) {
		return m.whole(), nil
	}
	switch total := seg.amount(); m.in.Limit.Unit {
	case WorkingDays:
		used, err := m.cal.WorkingDaysBetween(DateOf(seg.StartAt), DateOf(s.FromAt))
		return left{days: total - clamp(used, total)}, err
	case CalendarDays, Months:
		used := DateOf(s.FromAt).Sub(DateOf(seg.StartAt))
		return left{days: total - clamp(used, total)}, nil
	case WorkingHours:
		used, err := m.cal.workedBetween(seg.StartAt, s.FromAt)
		return left{span: rest.span - clamp(used, rest.span)}, err
	case ClockHours:
		return left{span: rest.span - clamp(s.FromAt.Sub(seg.StartAt), rest.span)}, nil
	}
	return rest, nil // AtOnce, SameDay and FixedDate have nothing to save
}

// amount is what a segment had to count: days, or minutes for limits in hours.
func (s Segment) amount() int {
	switch s.Limit.Unit {
	case CalendarDays, Months:
		return s.NominalEnd.Sub(DateOf(s.StartAt))
	case WorkingHours, ClockHours:
		return s.Minutes
	}
	return s.Limit.Value
}

// amount is what is left in the same measure.
func (l left) amount(u Unit) int {
	if u == WorkingHours || u == ClockHours {
		return int(l.span / time.Minute)
	}
	return l.days
}

// clamp returns n within 0 and most.
func clamp[T int | time.Duration](n, most T) T { return max(0, min(n, most)) }
