package civil

import (
	"encoding/json"
	"strings"
	"time"

	"github.com/motcua/motcua/internal/core/fault"
)

// Wait says why a dossier has no due day.
type Wait string

// The reasons for having no due day yet.
const (
	WaitsArrival Wait = "arrival" // the competent agency has not received it
	WaitsStop    Wait = "stop"    // the clock stands still
)

// Derivation is a promised day with everything it follows from. It holds no
// personal data and can be told line by line (Lines).
type Derivation struct {
	ReceivedAt  time.Time
	ArrivedAt   time.Time // zero unless received elsewhere and arrived
	StartAt     time.Time // when the clock started; zero before arrival
	Limit       Limit
	Policy      Policy
	DueOn       Date      // zero while Waits says why
	DueAt       time.Time // zero while Waits says why
	Provisional bool      // the count crosses a year without official schedule
	Waits       Wait
	StoppedAt   time.Time // begin of the open stop
	StoppedFor  StopKind
	Segments    []Segment // one from the start, one more after each ended stop
}

// Waiting reports whether a stop is open.
func (d Derivation) Waiting() bool { return d.Waits == WaitsStop }

// Segment is one run of the clock, told to its end even where a stop cut it
// short.
type Segment struct {
	StartAt time.Time `json:"startAt"`
	// Limit is what the segment had: the whole limit, or the days left after a
	// pause. For limits in hours Minutes says it exactly.
	Limit       Limit     `json:"limit"`
	Minutes     int       `json:"minutes,omitempty"`
	Stop        *Stop     `json:"stop,omitempty"` // the stop that it follows
	Restarted   bool      `json:"restarted,omitempty"`
	Used        int       `json:"used,omitempty"` // after a pause: days, or minutes, used before
	AfterCutoff bool      `json:"afterCutoff,omitempty"`
	Counted     []Date    `json:"counted"`
	Skipped     []Skipped `json:"skipped"`
	MadeUp      []Date    `json:"madeUp,omitempty"` // counted rest days that are worked in exchange
	// NominalEnd is where calendar days or months end before an end on a day
	// off is moved.
	NominalEnd Date      `json:"nominalEnd,omitzero"`
	DueOn      Date      `json:"dueOn"`
	DueAt      time.Time `json:"dueAt"`
}

// Skipped is a day that was not counted, or on which a limit may not end.
// Reason is a message key with the argument name.
type Skipped struct {
	Date   Date   `json:"date"`
	Reason string `json:"reason"`
	Name   string `json:"name,omitempty"`
}

// skipped says why a day off is off.
func (c *Calendar) skipped(d Date) Skipped {
	if e, ok := c.Exception(d); ok {
		return Skipped{Date: d, Reason: offKeys[e.Kind], Name: e.Name}
	}
	switch d.Weekday() {
	case time.Saturday:
		return Skipped{Date: d, Reason: "civil.off.saturday"}
	case time.Sunday:
		return Skipped{Date: d, Reason: "civil.off.sunday"}
	}
	return Skipped{Date: d, Reason: "civil.off.weekly"}
}

var offKeys = map[DayKind]string{
	Holiday: "civil.off.holiday", Compensatory: "civil.off.compensatory", SwapOff: "civil.off.swapOff", Local: "civil.off.local",
}

// Line is a sentence as message key and arguments.
type Line = fault.Line

// Line returns the message that names the reason, such as "Thứ Bảy" or the
// holiday's name.
func (s Skipped) Line() Line { return Line{Key: s.Reason, Args: fault.Args{"name": s.Name}} }

// wire is the stored and published form, with null for what is not there.
type wire struct {
	ReceivedAt  time.Time  `json:"receivedAt"`
	ArrivedAt   *time.Time `json:"arrivedAt,omitempty"`
	StartAt     *time.Time `json:"startAt"`
	Limit       Limit      `json:"limit"`
	Policy      Policy     `json:"policy"`
	DueOn       Date       `json:"dueOn"`
	DueAt       *time.Time `json:"dueAt"`
	Provisional bool       `json:"provisional,omitempty"`
	Waits       Wait       `json:"waits,omitempty"`
	StoppedAt   *time.Time `json:"stoppedAt,omitempty"`
	StoppedFor  StopKind   `json:"stoppedFor,omitempty"`
	Segments    []Segment  `json:"segments"`
}

// MarshalJSON writes instants as RFC 3339 in +07:00 and null for no due day.
func (d Derivation) MarshalJSON() ([]byte, error) {
	opt := func(t time.Time) *time.Time {
		if t.IsZero() {
			return nil
		}
		return &t
	}
	return json.Marshal(wire{
		d.ReceivedAt, opt(d.ArrivedAt), opt(d.StartAt), d.Limit, d.Policy, d.DueOn, opt(d.DueAt),
		d.Provisional, d.Waits, opt(d.StoppedAt), d.StoppedFor, d.Segments,
	})
}

// UnmarshalJSON reads what MarshalJSON writes.
func (d *Derivation) UnmarshalJSON(data []byte) error {
	var w wire
	if err := json.Unmarshal(data, &w); err != nil {
		return err
	}
	opt := func(t *time.Time) time.Time {
		if t == nil {
			return time.Time{}
		}
		return t.In(Zone)
	}
	for i := range w.Segments {
		s := &w.Segments[i]
		s.StartAt, s.DueAt = s.StartAt.In(Zone), s.DueAt.In(Zone)
		if s.Stop != nil {
			s.Stop.FromAt, s.Stop.ToAt = s.Stop.FromAt.In(Zone), s.Stop.ToAt.In(Zone)
		}
	}
	*d = Derivation{
		w.ReceivedAt.In(Zone), opt(w.ArrivedAt), opt(w.StartAt), w.Limit, w.Policy, w.DueOn, opt(w.DueAt),
		w.Provisional, w.Waits, opt(w.StoppedAt), w.StoppedFor, w.Segments,
	}
	return nil
}

// Lines tells the derivation (Vì sao ngày này?), one sentence a line.
func (d Derivation) Lines() []Line {
	lines := []Line{{Key: "civil.why.received", Args: fault.Args{"at": showInstant(d.ReceivedAt)}}}
	from := d.ReceivedAt
	if !d.ArrivedAt.IsZero() {
		from = d.ArrivedAt
		lines = append(lines, Line{Key: "civil.why.arrived", Args: fault.Args{"at": showInstant(d.ArrivedAt)}})
	}
	if !d.StartAt.Equal(from) && !d.StartAt.IsZero() {
		lines = append(lines, Line{Key: "civil.why.start_moved", Args: fault.Args{"at": showInstant(d.StartAt)}})
	}
	for _, s := range d.Segments {
		lines = append(lines, s.lines()...)
	}
	switch d.Waits {
	case WaitsArrival:
		lines = append(lines, Line{Key: "civil.why.not_arrived"})
	case WaitsStop:
		lines = append(lines, Line{Key: "civil.why.stopped." + string(d.StoppedFor), Args: fault.Args{"at": showInstant(d.StoppedAt)}})
	}
	if d.Provisional {
		lines = append(lines, Line{Key: "civil.why.provisional"})
	}
	return lines
}

func (s Segment) lines() []Line {
	var lines []Line
	if s.Stop != nil {
		args := fault.Args{
			"from": showInstant(s.Stop.FromAt), "to": showInstant(s.Stop.ToAt),
			"ground": s.Stop.Ground, "document": s.Stop.Document,
		}
		lines = append(lines, Line{Key: "civil.why.stop." + string(s.Stop.Kind), Args: args})
		switch {
		case s.Restarted:
			lines = append(lines, Line{Key: "civil.why.restart"})
		case s.Used > 0 && s.Limit.ByHour():
			lines = append(lines, Line{Key: "civil.why.used_minutes", Args: fault.Args{"used": s.Used, "left": s.Minutes}})
		case s.Used > 0:
			lines = append(lines, Line{Key: "civil.why.used", Args: fault.Args{"used": s.Used, "left": s.Limit.Value}})
		}
	}
	lines = append(lines, s.countLine())
	for _, d := range s.Skipped {
		lines = append(lines, Line{Key: strings.Replace(d.Reason, ".off.", ".skip.", 1), Args: fault.Args{"date": d.Date.show(), "name": d.Name}})
	}
	for _, d := range s.MadeUp {
		lines = append(lines, Line{Key: "civil.why.made_up", Args: fault.Args{"date": d.show()}})
	}
	if s.DueOn != s.NominalEnd && !s.NominalEnd.IsZero() {
		lines = append(lines, Line{Key: "civil.why.end_moved", Args: fault.Args{"from": s.NominalEnd.show(), "to": s.DueOn.show()}})
	}
	return append(lines, Line{Key: "civil.why.due", Args: fault.Args{"at": showInstant(s.DueAt)}})
}

// countLine says how the segment's limit was counted.
func (s Segment) countLine() Line {
	args := fault.Args{"n": s.Limit.Value, "from": showInstant(s.StartAt), "minutes": s.Minutes, "end": s.NominalEnd.show()}
	if s.Limit.Unit == WorkingDays {
		days := make([]string, len(s.Counted))
		for i, d := range s.Counted {
			days[i] = d.show()
		}
		args["days"] = strings.Join(days, ", ")
	}
	switch {
	case s.AfterCutoff:
		return Line{Key: "civil.why.after_cutoff", Args: args}
	case s.nothing():
		return Line{Key: "civil.why.nothing_left", Args: args}
	}
	return Line{Key: "civil.why.count." + string(s.Limit.Unit), Args: args}
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
