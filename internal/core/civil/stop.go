package civil

import (
	"strconv"
	"time"

	"github.com/motcua/motcua/internal/core/fault"
)

// StopKind says why the clock of a dossier stands still.
type StopKind string

// The kinds of stops. Only a supplement may make the limit count anew; all
// other waiting is left out of it.
const (
	StopSupplement StopKind = "supplement" // yêu cầu bổ sung, hoàn thiện hồ sơ
	StopObligation StopKind = "obligation" // chờ thực hiện nghĩa vụ tài chính
	StopSuspension StopKind = "suspension" // tạm dừng, dừng giải quyết
	StopConsult    StopKind = "consult"    // lấy ý kiến, where the law stops the clock for it
)

// Stop is an interval of the clock ledger in which time does not run, with its
// ground and document. A stop without end is open.
type Stop struct {
	FromAt   time.Time `json:"fromAt"`
	ToAt     time.Time `json:"toAt,omitzero"`
	Kind     StopKind  `json:"kind"`
	Ground   string    `json:"ground,omitempty"`
	Document string    `json:"document,omitempty"`
}

// Open reports whether the stop has not ended.
func (s Stop) Open() bool { return s.ToAt.IsZero() }

// Policy is what a supplement does to the time limit.
type Policy string

// Restart counts the whole limit again from the supply (NĐ 61/2018/NĐ-CP, Art.
// 19(4)); Pause counts only what was left (practice since NĐ 118/2025/NĐ-CP).
const (
	Restart Policy = "restart"
	Pause   Policy = "pause"
)

// restarts reports whether the stop makes the limit count anew.
func (s Stop) restarts(p Policy) bool { return p == Restart && s.Kind == StopSupplement }

// stopFaults says what is wrong with a ledger, stop by stop.
func stopFaults(received time.Time, now time.Time, stops []Stop) []*fault.Fault {
	var all []*fault.Fault
	for i, s := range stops {
		refuse := func(key string) {
			all = append(all, fault.Field("stops."+strconv.Itoa(i), key, fault.Args{"n": i + 1}))
		}
		switch s.Kind {
		case StopSupplement, StopObligation, StopSuspension, StopConsult:
		default:
			refuse("civil.stop_kind")
		}
		switch {
		case s.FromAt.IsZero():
			refuse("civil.resume_without_stop")
		case s.FromAt.Before(received):
			refuse("civil.stop_before_reception")
		case !s.Open() && s.ToAt.Before(s.FromAt):
			refuse("civil.stop_ends_before")
		case !now.IsZero() && (s.FromAt.After(now) || s.ToAt.After(now)):
			refuse("civil.stop_in_future")
		case i > 0 && stops[i-1].Open() && s.Open():
			refuse("civil.two_stops_open")
		case i > 0 && (stops[i-1].Open() || s.FromAt.Before(stops[i-1].ToAt)):
			refuse("civil.stops_overlap")
		}
	}
	return all
}
