package civil

import (
	"encoding/json"
	"time"
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
	Second      bool      // of the second phase (giai đoạn 2)
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
	Limit     Limit `json:"limit"`
	Minutes   int   `json:"minutes,omitempty"`
	Stop      *Stop `json:"stop,omitempty"` // the stop that it follows
	Restarted bool  `json:"restarted,omitempty"`
	// Used is what had run before the pause that the segment follows, in days,
	// or in minutes for limits in hours. Used and what is left make up the
	// segment before, unless Capped.
	Used int `json:"used,omitempty"`
	// Capped says that what was left of a limit in months was cut to the whole
	// limit counted anew, since the months after the pause are shorter.
	Capped      bool      `json:"capped,omitempty"`
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

// skipped says why the i-th day is off.
func (c *Calendar) skipped(i int) Skipped {
	d := c.first.AddDays(i)
	if k := c.note[i]; k >= 0 {
		e := &c.spec.Days[k]
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

// wire is the stored and published form, with null for what is not there.
type wire struct {
	ReceivedAt  time.Time  `json:"receivedAt"`
	ArrivedAt   *time.Time `json:"arrivedAt,omitempty"`
	StartAt     *time.Time `json:"startAt"`
	Limit       Limit      `json:"limit"`
	Policy      Policy     `json:"policy"`
	Second      bool       `json:"second,omitempty"`
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
		d.ReceivedAt, opt(d.ArrivedAt), opt(d.StartAt), d.Limit, d.Policy, d.Second, d.DueOn, opt(d.DueAt),
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
		w.ReceivedAt.In(Zone), opt(w.ArrivedAt), opt(w.StartAt), w.Limit, w.Policy, w.Second, w.DueOn, opt(w.DueAt),
		w.Provisional, w.Waits, opt(w.StoppedAt), w.StoppedFor, w.Segments,
	}
	return nil
}
