package civil_test

import (
	"testing"
	"time"

	"github.com/motcua/motcua/internal/civildata"
	"github.com/motcua/motcua/internal/core/civil"
	"github.com/motcua/motcua/internal/core/fault"
)

// limit reads a time limit of a test.
func limit(t testing.TB, s string) civil.Limit {
	t.Helper()
	l, err := civil.ParseLimit(s)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// stop is a stop of a test; an empty end leaves it open.
func stop(t testing.TB, kind civil.StopKind, from, to string) civil.Stop {
	t.Helper()
	s := civil.Stop{FromAt: at(t, from), Kind: kind}
	if to != "" {
		s.ToAt = at(t, to)
	}
	return s
}

// due computes a promise that must exist.
func due(t testing.TB, cal *civil.Calendar, in civil.DueInput) civil.Derivation {
	t.Helper()
	got, err := civil.Due(cal, in)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

// The vectors of the domain reference, 1.18, by their numbers. Number 8 has no
// instant of its own there and number 9 needs a calendar with reception on
// Saturday mornings.
func TestDueVectors(t *testing.T) {
	for _, tt := range []struct{ name, received, limit, want string }{
		{"1 a plain week", "2019-06-19 09:00", "5 ngày làm việc", "2019-06-26 09:00"},
		{"2 over a weekend", "2019-06-21 16:00", "1 ngày làm việc", "2019-06-24 16:00"},
		{"3 swapped-off Monday and holidays", "2019-04-25 10:00", "3 ngày làm việc", "2019-05-03 10:00"},
		{"4 the worked Saturday counts", "2019-04-25 10:00", "4 ngày làm việc", "2019-05-04 10:00"},
		{"5 compensation for a Sunday", "2026-04-24 09:00", "2 ngày làm việc", "2026-04-29 09:00"},
		{"6 over Tết", "2026-02-13 15:30", "1 ngày làm việc", "2026-02-23 15:30"},
		{"7 Quốc khánh with a swapped Monday", "2026-08-28 10:00", "2 ngày làm việc", "2026-09-04 10:00"},
		{"10 Ngày Văn hóa", "2026-11-23 09:00", "1 ngày làm việc", "2026-11-25 09:00"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := due(t, civildata.Default(), civil.DueInput{ReceivedAt: at(t, tt.received), Limit: limit(t, tt.limit)})
			if !got.DueAt.Equal(at(t, tt.want)) || got.DueOn != civil.DateOf(got.DueAt) || got.Provisional {
				t.Errorf("due %v (%v), want %s", got.DueAt, got.DueOn, tt.want)
			}
		})
	}
	t.Run("8 after the procedure's own hour", func(t *testing.T) {
		got := due(t, civildata.Default(), civil.DueInput{ReceivedAt: at(t, "2026-06-01 15:01"), Limit: limit(t, "trong ngày"), SameDayCutoff: 15 * 60})
		if !got.DueAt.Equal(at(t, "2026-06-02 17:00")) {
			t.Errorf("due %v, want closing time of the next day", got.DueAt)
		}
	})
	t.Run("9 Saturday's reception does not count", func(t *testing.T) {
		got := due(t, withSaturday(t), civil.DueInput{ReceivedAt: at(t, "2026-06-06 09:00"), Limit: limit(t, "1 ngày làm việc")})
		if !got.StartAt.Equal(at(t, "2026-06-06 09:00")) || !got.DueAt.Equal(at(t, "2026-06-08 09:00")) {
			t.Errorf("from %v due %v, want Monday 09:00", got.StartAt, got.DueAt)
		}
	})
}

func TestDueByUnit(t *testing.T) {
	sat := withSaturday(t)
	for _, tt := range []struct {
		name, received, limit, start, want string
	}{
		{"received before opening", "2026-06-01 06:50", "1 ngày làm việc", "2026-06-01 07:30", "2026-06-02 07:30"},
		{"received at lunch", "2026-06-01 12:10", "1 ngày làm việc", "2026-06-01 13:30", "2026-06-02 13:30"},
		{"received after hours", "2026-06-01 18:00", "1 ngày làm việc", "2026-06-02 07:30", "2026-06-03 07:30"},
		{"received on a Sunday", "2026-06-07 10:00", "1 ngày làm việc", "2026-06-08 07:30", "2026-06-09 07:30"},
		{"received during Tết", "2026-02-17 09:00", "2 ngày làm việc", "2026-02-21 08:00", "2026-02-24 08:00"},

		{"calendar days end on a working day", "2026-06-01 09:00", "10 ngày", "2026-06-01 09:00", "2026-06-11 09:00"},
		{"calendar days moved off a Saturday", "2026-06-01 09:00", "5 ngày", "2026-06-01 09:00", "2026-06-08 09:00"},
		{"calendar days moved off Tết", "2026-02-10 09:00", "6 ngày", "2026-02-10 09:00", "2026-02-23 09:00"},
		{"calendar days end on a worked Saturday", "2026-08-19 09:00", "3 ngày", "2026-08-19 09:00", "2026-08-22 09:00"},

		{"months", "2026-01-15 09:00", "6 tháng", "2026-01-15 09:00", "2026-07-15 09:00"},
		{"months end with a shorter month", "2025-12-31 09:00", "2 tháng", "2025-12-31 09:00", "2026-03-02 09:00"},
		{"months moved off a Sunday", "2026-05-07 09:00", "1 tháng", "2026-05-07 09:00", "2026-06-08 09:00"},

		{"working hours", "2026-06-01 09:00", "8 giờ làm việc", "2026-06-01 09:00", "2026-06-02 09:30"},
		{"working hours over a weekend", "2026-06-05 16:00", "4 giờ làm việc", "2026-06-05 16:00", "2026-06-08 10:30"},
		{"working hours from Saturday's reception", "2026-06-06 09:00", "4 giờ làm việc", "2026-06-06 09:00", "2026-06-08 11:30"},

		{"clock hours end at night", "2026-06-05 16:00", "24 giờ", "2026-06-05 16:00", "2026-06-06 16:00"},
		{"clock hours start at the opening", "2026-06-07 16:00", "24 giờ", "2026-06-08 07:30", "2026-06-09 07:30"},

		{"at once", "2026-06-01 09:00", "trả ngay", "2026-06-01 09:00", "2026-06-01 09:00"},
		{"at once on Saturday's reception", "2026-06-06 09:00", "trả ngay", "2026-06-06 09:00", "2026-06-06 09:00"},
		{"at once, handed in at night", "2026-06-01 20:00", "trả ngay", "2026-06-02 07:30", "2026-06-02 07:30"},
		{"same day", "2026-06-01 16:59", "trong ngày", "2026-06-01 16:59", "2026-06-01 17:00"},
		{"same day on Saturday's reception", "2026-06-06 09:00", "trong ngày", "2026-06-06 09:00", "2026-06-08 17:00"},
		{"fixed date", "2026-06-01 09:00", "2026-07-01", "2026-06-01 09:00", "2026-07-01 09:00"},
		{"fixed date on a day off", "2026-06-01 09:00", "2026-09-01", "2026-06-01 09:00", "2026-09-03 09:00"},
		{"fixed date of the day itself", "2026-06-01 09:00", "2026-06-01", "2026-06-01 09:00", "2026-06-01 09:00"},
		{"fixed date that the start has passed", "2026-06-05 18:00", "2026-06-05", "2026-06-06 08:00", "2026-06-08 08:00"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := due(t, sat, civil.DueInput{ReceivedAt: at(t, tt.received), Limit: limit(t, tt.limit)})
			if !got.StartAt.Equal(at(t, tt.start)) {
				t.Errorf("starts %v, want %s", got.StartAt, tt.start)
			}
			if !got.DueAt.Equal(at(t, tt.want)) || got.DueOn != civil.DateOf(got.DueAt) {
				t.Errorf("due %v (%v), want %s", got.DueAt, got.DueOn, tt.want)
			}
		})
	}
}

func TestSameDayCutoff(t *testing.T) {
	for received, want := range map[string]string{
		"2026-06-01 15:00":    "2026-06-01 17:00",
		"2026-06-01 15:00:59": "2026-06-01 17:00", // written down as 15:00
		"2026-06-01 15:01":    "2026-06-02 17:00",
		"2026-06-05 15:01":    "2026-06-08 17:00", // Friday
		"2026-11-23 15:30":    "2026-11-25 17:00", // before a holiday
		"2026-06-01 18:00":    "2026-06-02 17:00", // the next opening is before the hour
	} {
		got := due(t, civildata.Default(), civil.DueInput{ReceivedAt: at(t, received), Limit: limit(t, "trong ngày"), SameDayCutoff: 15 * 60})
		if !got.DueAt.Equal(at(t, want)) {
			t.Errorf("received %s: due %v, want %s", received, got.DueAt, want)
		}
		if after := got.Segments[0].AfterCutoff; after != (received[11:] == "15:01" || received[11:] == "15:30") {
			t.Errorf("received %s: after the hour: %v", received, after)
		}
	}
	// Without an hour of its own the procedure gives its result until closing.
	got := due(t, civildata.Default(), civil.DueInput{ReceivedAt: at(t, "2026-06-01 17:00"), Limit: limit(t, "trong ngày")})
	if !got.DueAt.Equal(at(t, "2026-06-01 17:00")) {
		t.Errorf("due %v", got.DueAt)
	}
	// The last day of all cannot be counted past.
	_, err := civil.Due(civildata.Default(), civil.DueInput{ReceivedAt: at(t, "2027-12-31 15:30"), Limit: limit(t, "trong ngày"), SameDayCutoff: 15 * 60})
	wantKey(t, err, "civil.year_unknown")
}

func TestEndOfDay(t *testing.T) {
	for text, want := range map[string]string{
		"2 ngày làm việc": "2026-06-08 17:00", "10 ngày": "2026-06-15 17:00", "1 tháng": "2026-07-06 17:00",
		"trả ngay": "2026-06-04 17:00", "2026-06-20": "2026-06-22 17:00",
		"8 giờ làm việc": "2026-06-05 09:30", "24 giờ": "2026-06-05 09:00", // hours keep their minute
	} {
		got := due(t, civildata.Default(), civil.DueInput{ReceivedAt: at(t, "2026-06-04 09:00"), Limit: limit(t, text), EndOfDay: true})
		if !got.DueAt.Equal(at(t, want)) {
			t.Errorf("%s: due %v, want %s", text, got.DueAt, want)
		}
	}
}

func TestStops(t *testing.T) {
	const supplement, obligation = civil.StopSupplement, civil.StopObligation
	for _, tt := range []struct {
		name   string
		limit  string
		policy civil.Policy
		stops  []civil.Stop
		want   string
		used   int // of the last segment
	}{
		{"pause: the day of the request is used", "5 ngày làm việc", civil.Pause, []civil.Stop{stop(t, supplement, "2026-06-03 10:00", "2026-06-10 14:00")}, "2026-06-15 14:00", 2},
		{"no policy is pause", "5 ngày làm việc", "", []civil.Stop{stop(t, supplement, "2026-06-03 10:00", "2026-06-10 14:00")}, "2026-06-15 14:00", 2},
		{"restart: the whole limit again", "5 ngày làm việc", civil.Restart, []civil.Stop{stop(t, supplement, "2026-06-03 10:00", "2026-06-10 14:00")}, "2026-06-17 14:00", 0},
		{"restart does not touch other waiting", "5 ngày làm việc", civil.Restart, []civil.Stop{stop(t, obligation, "2026-06-03 10:00", "2026-06-10 14:00")}, "2026-06-15 14:00", 2},
		{"consult pauses", "5 ngày làm việc", civil.Restart, []civil.Stop{stop(t, civil.StopConsult, "2026-06-03 10:00", "2026-06-10 14:00")}, "2026-06-15 14:00", 2},
		{"suspension pauses", "5 ngày làm việc", civil.Restart, []civil.Stop{stop(t, civil.StopSuspension, "2026-06-03 10:00", "2026-06-10 14:00")}, "2026-06-15 14:00", 2},
		{"asked on the day of reception", "5 ngày làm việc", civil.Pause, []civil.Stop{stop(t, supplement, "2026-06-01 10:00", "2026-06-10 14:00")}, "2026-06-17 14:00", 0},
		{"nothing left: the day of supply", "2 ngày làm việc", civil.Pause, []civil.Stop{stop(t, supplement, "2026-06-03 10:00", "2026-06-10 14:00")}, "2026-06-10 14:00", 2},
		{"asked when late already", "2 ngày làm việc", civil.Pause, []civil.Stop{stop(t, supplement, "2026-06-08 10:00", "2026-06-10 14:00")}, "2026-06-10 14:00", 2},
		{"nothing left, supplied on a Sunday", "2 ngày làm việc", civil.Pause, []civil.Stop{stop(t, supplement, "2026-06-03 10:00", "2026-06-14 14:00")}, "2026-06-15 07:30", 2},
		{"supplied after hours", "5 ngày làm việc", civil.Pause, []civil.Stop{stop(t, supplement, "2026-06-03 10:00", "2026-06-10 19:00")}, "2026-06-16 07:30", 2},
		{"pause twice", "5 ngày làm việc", civil.Pause, []civil.Stop{
			stop(t, supplement, "2026-06-03 10:00", "2026-06-10 14:00"), stop(t, obligation, "2026-06-11 08:00", "2026-06-18 09:00"),
		}, "2026-06-22 09:00", 1},
		{"pause, then restart", "5 ngày làm việc", civil.Restart, []civil.Stop{
			stop(t, obligation, "2026-06-03 10:00", "2026-06-10 14:00"), stop(t, supplement, "2026-06-11 08:00", "2026-06-18 09:00"),
		}, "2026-06-25 09:00", 0},
		{"restart, then pause", "5 ngày làm việc", civil.Restart, []civil.Stop{
			stop(t, supplement, "2026-06-03 10:00", "2026-06-10 14:00"), stop(t, obligation, "2026-06-11 08:00", "2026-06-18 09:00"),
		}, "2026-06-24 09:00", 1},
		{"supplied in the same minute", "5 ngày làm việc", civil.Pause, []civil.Stop{stop(t, supplement, "2026-06-03 10:00", "2026-06-03 10:00")}, "2026-06-08 10:00", 2},
		{"stops that touch", "5 ngày làm việc", civil.Pause, []civil.Stop{
			stop(t, supplement, "2026-06-03 10:00", "2026-06-10 14:00"), stop(t, obligation, "2026-06-10 14:00", "2026-06-12 09:00"),
		}, "2026-06-17 09:00", 0},

		{"calendar days", "10 ngày", civil.Pause, []civil.Stop{stop(t, supplement, "2026-06-05 10:00", "2026-06-15 14:00")}, "2026-06-22 14:00", 4}, // 6 left: Sunday moves on
		{"calendar days with nothing left on a Saturday", "4 ngày", civil.Pause, []civil.Stop{stop(t, supplement, "2026-06-05 10:00", "2026-06-12 14:00")}, "2026-06-12 14:00", 4},
		{"months: what is left counts in days", "1 tháng", civil.Pause, []civil.Stop{stop(t, supplement, "2026-06-11 10:00", "2026-06-16 14:00")}, "2026-07-06 14:00", 10}, // 20 of 30 left
		{"months anew", "1 tháng", civil.Restart, []civil.Stop{stop(t, supplement, "2026-06-11 10:00", "2026-06-16 14:00")}, "2026-07-16 14:00", 0},
		{"months paused twice", "1 tháng", civil.Pause, []civil.Stop{
			stop(t, supplement, "2026-06-11 10:00", "2026-06-16 14:00"), stop(t, supplement, "2026-06-18 10:00", "2026-06-22 14:00"),
		}, "2026-07-10 14:00", 2}, // 18 left

		{"working hours", "8 giờ làm việc", civil.Pause, []civil.Stop{stop(t, supplement, "2026-06-01 10:30", "2026-06-03 09:00")}, "2026-06-04 08:00", 90},
		{"working hours anew", "8 giờ làm việc", civil.Restart, []civil.Stop{stop(t, supplement, "2026-06-01 10:30", "2026-06-03 09:00")}, "2026-06-04 09:30", 0},
		{"working hours with nothing left", "1 giờ làm việc", civil.Pause, []civil.Stop{stop(t, supplement, "2026-06-01 10:30", "2026-06-03 09:00")}, "2026-06-03 09:00", 60},
		{"working hours paused twice", "8 giờ làm việc", civil.Pause, []civil.Stop{
			stop(t, supplement, "2026-06-01 10:30", "2026-06-03 09:00"), stop(t, supplement, "2026-06-03 10:00", "2026-06-03 14:00"),
		}, "2026-06-04 10:00", 60},
		{"clock hours", "24 giờ", civil.Pause, []civil.Stop{stop(t, supplement, "2026-06-01 10:30", "2026-06-03 09:00")}, "2026-06-04 07:30", 90},
		{"clock hours anew", "24 giờ", civil.Restart, []civil.Stop{stop(t, supplement, "2026-06-01 10:30", "2026-06-03 09:00")}, "2026-06-04 09:00", 0},
		{"clock hours with nothing left", "24 giờ", civil.Pause, []civil.Stop{stop(t, supplement, "2026-06-03 10:30", "2026-06-04 09:00")}, "2026-06-04 09:00", 1440},

		{"same day goes on on the day of supply", "trong ngày", civil.Pause, []civil.Stop{stop(t, supplement, "2026-06-01 10:30", "2026-06-03 09:00")}, "2026-06-03 17:00", 0},
		{"at once on supply", "trả ngay", civil.Pause, []civil.Stop{stop(t, supplement, "2026-06-01 10:30", "2026-06-03 09:00")}, "2026-06-03 09:00", 0},
		{"the fixed date stays", "2026-06-15", civil.Restart, []civil.Stop{stop(t, supplement, "2026-06-02 10:30", "2026-06-03 09:00")}, "2026-06-15 09:00", 0},
		{"the fixed date has passed at supply", "2026-06-15", civil.Pause, []civil.Stop{stop(t, supplement, "2026-06-02 10:30", "2026-06-18 09:00")}, "2026-06-18 09:00", 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := due(t, civildata.Default(), civil.DueInput{ReceivedAt: at(t, "2026-06-01 09:00"), Limit: limit(t, tt.limit), Stops: tt.stops, Policy: tt.policy})
			last := got.Segments[len(got.Segments)-1]
			if !got.DueAt.Equal(at(t, tt.want)) || got.DueOn != civil.DateOf(got.DueAt) {
				t.Errorf("due %v (%v), want %s", got.DueAt, got.DueOn, tt.want)
			}
			if last.Used != tt.used {
				t.Errorf("used %d, want %d", last.Used, tt.used)
			}
			if len(got.Segments) != len(tt.stops)+1 || got.Waiting() || got.Waits != "" {
				t.Errorf("%d segments, waits %q", len(got.Segments), got.Waits)
			}
		})
	}
}

// Used days and what is left make up what the segment before had.
func TestLedgerReconciles(t *testing.T) {
	in := civil.DueInput{ReceivedAt: at(t, "2026-06-01 09:00:20"), Limit: limit(t, "8 giờ làm việc"), Stops: []civil.Stop{
		stop(t, civil.StopSupplement, "2026-06-01 10:30:50", "2026-06-03 09:00:10"),
		stop(t, civil.StopObligation, "2026-06-03 10:00:40", "2026-06-03 14:00"),
	}}
	for _, text := range []string{"8 giờ làm việc", "48 giờ", "5 ngày làm việc", "9 ngày", "1 tháng"} {
		in.Limit = limit(t, text)
		got := due(t, civildata.Default(), in)
		for i := 1; i < len(got.Segments); i++ {
			before, s := got.Segments[i-1], got.Segments[i]
			had, left := before.Limit.Value, s.Limit.Value
			if in.Limit.ByHour() {
				had, left = before.Minutes, s.Minutes
			}
			if before.Limit.Unit == civil.Months {
				had = before.NominalEnd.Sub(civil.DateOf(before.StartAt))
			}
			if s.Used+left != had || s.Capped {
				t.Errorf("%s: %d used and %d left of %d", text, s.Used, left, had)
			}
		}
	}
}

// Waiting through a long month must not make a limit in months longer than
// counting it anew would.
func TestPauseInMonthsIsCapped(t *testing.T) {
	in := civil.DueInput{ReceivedAt: at(t, "2026-01-15 09:00"), Limit: limit(t, "1 tháng"), Stops: []civil.Stop{
		stop(t, civil.StopSupplement, "2026-01-15 10:00", "2026-02-03 14:00"),
	}}
	got := due(t, civildata.Default(), in) // 31 days left, but a month from 3 February has 28
	if last := got.Segments[1]; !last.Capped || last.Limit.Value != 28 || last.Used != 0 || got.DueOn.String() != "2026-03-03" {
		t.Errorf("due %v, capped %v, left %d, used %d", got.DueOn, last.Capped, last.Limit.Value, last.Used)
	}
	in.Policy = civil.Restart
	if anew := due(t, civildata.Default(), in); anew.DueOn != got.DueOn {
		t.Errorf("anew %v, paused %v", anew.DueOn, got.DueOn)
	}
}

// What stopped and went on before the clock started moves nothing.
func TestStopBeforeTheClockStarts(t *testing.T) {
	in := civil.DueInput{ReceivedAt: at(t, "2026-06-05 18:00"), Limit: limit(t, "1 ngày làm việc")}
	want := due(t, civildata.Default(), in)
	for _, policy := range []civil.Policy{civil.Pause, civil.Restart} {
		in.Policy, in.Stops = policy, []civil.Stop{stop(t, civil.StopSupplement, "2026-06-05 19:00", "2026-06-06 08:00")}
		if got := due(t, civildata.Default(), in); !got.DueAt.Equal(want.DueAt) {
			t.Errorf("%s: due %v, want %v", policy, got.DueAt, want.DueAt)
		}
	}
	// Until arrival the clock has not started either.
	arrived := at(t, "2026-06-09 09:00")
	in.Elsewhere, in.ArrivedAt = true, &arrived
	if got := due(t, civildata.Default(), in); !got.DueAt.Equal(at(t, "2026-06-10 09:00")) {
		t.Errorf("due %v, want a day after arrival", got.DueAt)
	}
}

func TestOpenStop(t *testing.T) {
	in := civil.DueInput{ReceivedAt: at(t, "2026-06-01 09:00"), Limit: limit(t, "5 ngày làm việc"), Stops: []civil.Stop{
		stop(t, civil.StopSupplement, "2026-06-02 10:00", "2026-06-03 10:00"), stop(t, civil.StopObligation, "2026-06-04 10:00", ""),
	}}
	got := due(t, civildata.Default(), in)
	if !got.Waiting() || got.Waits != civil.WaitsStop || !got.DueOn.IsZero() || !got.DueAt.IsZero() {
		t.Errorf("waits %q, due %v", got.Waits, got.DueAt)
	}
	if got.StoppedFor != civil.StopObligation || !got.StoppedAt.Equal(at(t, "2026-06-04 10:00")) || len(got.Segments) != 2 {
		t.Errorf("stopped for %s at %v, %d segments", got.StoppedFor, got.StoppedAt, len(got.Segments))
	}
}

func TestArrivalElsewhere(t *testing.T) {
	in := civil.DueInput{ReceivedAt: at(t, "2026-09-07 09:00"), Limit: limit(t, "2 ngày làm việc"), Elsewhere: true}
	got := due(t, civildata.Default(), in)
	if got.Waits != civil.WaitsArrival || got.Waiting() || !got.DueOn.IsZero() || !got.StartAt.IsZero() || len(got.Segments) != 0 {
		t.Errorf("before arrival: waits %q, due %v, %d segments", got.Waits, got.DueOn, len(got.Segments))
	}
	arrived := at(t, "2026-09-08 18:30")
	in.ArrivedAt = &arrived
	got = due(t, civildata.Default(), in)
	if !got.ArrivedAt.Equal(arrived) || !got.StartAt.Equal(at(t, "2026-09-09 07:30")) || !got.DueAt.Equal(at(t, "2026-09-11 07:30")) {
		t.Errorf("arrived %v, starts %v, due %v", got.ArrivedAt, got.StartAt, got.DueAt)
	}
}

func TestSecondPhase(t *testing.T) {
	first := civil.DueInput{ReceivedAt: at(t, "2026-06-01 09:00"), Limit: limit(t, "5 ngày làm việc"), Elsewhere: true, Stops: []civil.Stop{
		stop(t, civil.StopObligation, "2026-06-04 10:00", "2026-06-22 09:00"), stop(t, civil.StopSupplement, "2026-06-23 09:00", "2026-06-25 10:00"),
	}}
	arrived := first.ReceivedAt
	first.ArrivedAt = &arrived
	in := first.SecondPhase(at(t, "2026-06-22 09:00"), limit(t, "3 ngày làm việc"))
	got := due(t, civildata.Default(), in)
	if !got.Second || len(got.Segments) != 2 || !got.DueAt.Equal(at(t, "2026-06-29 10:00")) {
		t.Errorf("second %v, %d segments, due %v", got.Second, len(got.Segments), got.DueAt)
	}
	if len(first.Stops) != 2 || first.Second || !first.Elsewhere {
		t.Error("the first phase changed")
	}
	if d := due(t, civildata.Default(), first); d.Second || len(d.Segments) != 3 {
		t.Errorf("the first promise: second %v, %d segments", d.Second, len(d.Segments))
	}
	// A stop in the very minute of the second reception belongs to it.
	first.Stops = []civil.Stop{stop(t, civil.StopSupplement, "2026-06-22 09:00", "2026-06-23 09:00")}
	if in := first.SecondPhase(at(t, "2026-06-22 09:00"), in.Limit); len(in.Stops) != 1 {
		t.Errorf("%d stops of the second phase, want 1", len(in.Stops))
	}
}

func TestProvisionalYear(t *testing.T) {
	for _, tt := range []struct {
		received, limit string
		stops           []civil.Stop
		want            bool
	}{
		{"2026-12-28 09:00", "3 ngày làm việc", nil, false}, // to 31 December
		{"2026-12-28 09:00", "4 ngày làm việc", nil, true},
		{"2027-01-04 09:00", "1 ngày làm việc", nil, true},
		{"2026-12-28 09:00", "20 ngày", nil, true},
		{"2026-12-20 09:00", "3 ngày làm việc", []civil.Stop{stop(t, civil.StopSupplement, "2026-12-22 09:00", "2027-01-05 09:00")}, true},
		{"2026-12-28 09:00", "3 ngày làm việc", []civil.Stop{stop(t, civil.StopSupplement, "2026-12-29 09:00", "")}, false},
	} {
		got := due(t, civildata.Default(), civil.DueInput{ReceivedAt: at(t, tt.received), Limit: limit(t, tt.limit), Stops: tt.stops})
		if got.Provisional != tt.want {
			t.Errorf("%s + %s: provisional %v, want %v", tt.received, tt.limit, got.Provisional, tt.want)
		}
	}
}

func TestDueIsRefused(t *testing.T) {
	good := func(change func(*civil.DueInput)) civil.DueInput {
		in := civil.DueInput{ReceivedAt: at(t, "2026-06-01 09:00"), Limit: limit(t, "5 ngày làm việc"), Now: at(t, "2026-06-10 09:00")}
		change(&in)
		return in
	}
	arrived := func(s string) func(*civil.DueInput) {
		return func(in *civil.DueInput) { a := at(t, s); in.ArrivedAt = &a }
	}
	stops := func(all ...civil.Stop) func(*civil.DueInput) {
		return func(in *civil.DueInput) { in.Stops = all }
	}
	const supplement = civil.StopSupplement
	for name, tt := range map[string]struct {
		in  civil.DueInput
		key string
	}{
		"negative limit":        {good(func(in *civil.DueInput) { in.Limit.Value = -1 }), "civil.limit_negative"},
		"zero limit":            {good(func(in *civil.DueInput) { in.Limit.Value = 0 }), "civil.limit_zero"},
		"unknown unit":          {good(func(in *civil.DueInput) { in.Limit.Unit = "tuan" }), "civil.unit_unknown"},
		"unknown policy":        {good(func(in *civil.DueInput) { in.Policy = "guess" }), "civil.policy_unknown"},
		"cut-off before 0":      {good(func(in *civil.DueInput) { in.SameDayCutoff = -1 }), "civil.cutoff_range"},
		"cut-off after 24":      {good(func(in *civil.DueInput) { in.SameDayCutoff = 1441 }), "civil.cutoff_range"},
		"no reception":          {good(func(in *civil.DueInput) { in.ReceivedAt = time.Time{} }), "civil.received_missing"},
		"reception in future":   {good(func(in *civil.DueInput) { in.ReceivedAt = at(t, "2026-06-10 09:01") }), "civil.received_in_future"},
		"fixed date passed":     {good(func(in *civil.DueInput) { in.Limit = limit(t, "2026-05-31") }), "civil.limit_past"},
		"arrived before":        {good(arrived("2026-06-01 08:59")), "civil.arrived_before"},
		"arrived in future":     {good(arrived("2026-06-10 09:01")), "civil.arrived_in_future"},
		"stop without reason":   {good(stops(stop(t, "", "2026-06-02 09:00", "2026-06-03 09:00"))), "civil.stop_kind"},
		"resume without stop":   {good(stops(civil.Stop{ToAt: at(t, "2026-06-03 09:00"), Kind: supplement})), "civil.resume_without_stop"},
		"stop before reception": {good(stops(stop(t, supplement, "2026-06-01 08:59", "2026-06-03 09:00"))), "civil.stop_before_reception"},
		"ends before":           {good(stops(stop(t, supplement, "2026-06-03 09:00", "2026-06-03 08:59"))), "civil.stop_ends_before"},
		"stop in future":        {good(stops(stop(t, supplement, "2026-06-10 09:01", ""))), "civil.stop_in_future"},
		"supply in future":      {good(stops(stop(t, supplement, "2026-06-03 09:00", "2026-06-10 09:01"))), "civil.stop_in_future"},
		"two open":              {good(stops(stop(t, supplement, "2026-06-02 09:00", ""), stop(t, supplement, "2026-06-03 09:00", ""))), "civil.two_stops_open"},
		"one open, one after":   {good(stops(stop(t, supplement, "2026-06-02 09:00", ""), stop(t, supplement, "2026-06-03 09:00", "2026-06-04 09:00"))), "civil.stops_overlap"},
		"overlap":               {good(stops(stop(t, supplement, "2026-06-02 09:00", "2026-06-04 09:00"), stop(t, supplement, "2026-06-03 09:00", ""))), "civil.stops_overlap"},
		"out of order":          {good(stops(stop(t, supplement, "2026-06-04 09:00", "2026-06-05 09:00"), stop(t, supplement, "2026-06-02 09:00", "2026-06-03 09:00"))), "civil.stops_overlap"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := civil.Due(civildata.Default(), tt.in)
			wantKey(t, err, tt.key)
		})
	}
	for name, in := range map[string]civil.DueInput{
		"received now":      good(func(in *civil.DueInput) { in.ReceivedAt = in.Now }),
		"arrived at once":   good(arrived("2026-06-01 09:00")),
		"arrived now":       good(arrived("2026-06-10 09:00")),
		"stopped at once":   good(stops(stop(t, supplement, "2026-06-01 09:00", "2026-06-10 09:00"))),
		"cut-off 24:00":     good(func(in *civil.DueInput) { in.SameDayCutoff = 1440 }),
		"future, no clock":  good(func(in *civil.DueInput) { in.Now, in.ReceivedAt = time.Time{}, at(t, "2027-06-01 09:00") }),
		"later stop opened": good(stops(stop(t, supplement, "2026-06-02 09:00", "2026-06-03 09:00"), stop(t, supplement, "2026-06-03 09:00", ""))),
	} {
		if _, err := civil.Due(civildata.Default(), in); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	// Everything wrong is named at once.
	_, err := civil.Due(civildata.Default(), civil.DueInput{Policy: "guess", Stops: []civil.Stop{{}}})
	if f := fault.As(err); f == nil || len(f.Each()) != 5 {
		t.Errorf("error = %v, want five faults", err)
	}
}

// A count that leaves the years of the calendar is refused wherever it does.
func TestDueBeyondTheCalendar(t *testing.T) {
	for _, tt := range []struct {
		name, received, limit string
		stops                 []civil.Stop
	}{
		{"received before", "2017-06-01 09:00", "1 ngày làm việc", nil},
		{"received after", "2028-06-01 09:00", "1 ngày làm việc", nil},
		{"working days", "2027-12-01 09:00", "30 ngày làm việc", nil},
		{"calendar days", "2027-12-01 09:00", "40 ngày", nil},
		{"months", "2027-12-01 09:00", "2 tháng", nil},
		{"working hours", "2027-12-31 16:00", "4 giờ làm việc", nil},
		{"clock hours", "2027-12-31 16:00", "24 giờ", nil},
		{"fixed date", "2027-12-01 09:00", "2028-02-01", nil},
		{"stopped after", "2027-12-01 09:00", "1 ngày làm việc", []civil.Stop{stop(t, civil.StopSupplement, "2028-01-10 09:00", "2028-01-11 09:00")}},
		{"hours stopped after", "2027-12-01 09:00", "1 giờ làm việc", []civil.Stop{stop(t, civil.StopSupplement, "2028-01-10 09:00", "2028-01-11 09:00")}},
		{"supplied after", "2027-12-01 09:00", "1 ngày", []civil.Stop{stop(t, civil.StopSupplement, "2027-12-01 10:00", "2028-01-11 09:00")}},
		{"counted on after", "2027-12-01 09:00", "5 ngày", []civil.Stop{stop(t, civil.StopSupplement, "2027-12-01 10:00", "2027-12-29 09:00")}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := civil.Due(civildata.Default(), civil.DueInput{ReceivedAt: at(t, tt.received), Limit: limit(t, tt.limit), Stops: tt.stops})
			wantKey(t, err, "civil.year_unknown")
		})
	}
	// Clock hours may end in the last minute that is known.
	got := due(t, civildata.Default(), civil.DueInput{ReceivedAt: at(t, "2027-12-31 16:00"), Limit: limit(t, "7 giờ")})
	if got.DueOn.String() != "2027-12-31" {
		t.Errorf("due %v", got.DueAt)
	}
}
