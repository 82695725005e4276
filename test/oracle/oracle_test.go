package oracle

import (
	"encoding/json"
	"flag"
	"fmt"
	"math/rand/v2"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/motcua/motcua/internal/civildata"
	"github.com/motcua/motcua/internal/core/civil"
	"github.com/motcua/motcua/internal/core/fault"
	"github.com/motcua/motcua/internal/data"
)

var (
	cases = flag.Int("oracle.cases", 1_000_000, "how many random cases both implementations count")
	seed  = flag.Uint64("oracle.seed", 20260805, "seed of the random cases")
)

// desk is one calendar in both forms.
type desk struct {
	name string
	cal  *civil.Calendar
	wall Wall
}

// provisional2027 is written out by hand: the days off that statute gives.
var provisional2027 = []string{
	"2027-01-01", "2027-02-04", "2027-02-05", "2027-02-06", "2027-02-07", "2027-02-08", "2027-02-09", "2027-02-10",
	"2027-04-16", "2027-04-30", "2027-05-01", "2027-05-03", "2027-09-02", "2027-09-03", "2027-11-24",
}

func day(t testing.TB, s string) Day {
	t.Helper()
	var d Day
	if _, err := fmt.Sscanf(s, "%4d-%2d-%2d", &d.Y, &d.M, &d.D); err != nil {
		t.Fatal(err)
	}
	return d
}

// wall reads the official days off on its own, not through core/civil.
func wall(t testing.TB) Wall {
	t.Helper()
	f, err := data.Open(data.Holidays)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var file struct {
		Years []struct {
			Off    []map[string]any `json:"days_off"`
			MadeUp []map[string]any `json:"working_days"`
		} `json:"years"`
	}
	if err := json.NewDecoder(f).Decode(&file); err != nil {
		t.Fatal(err)
	}
	w := Wall{
		Off: map[Day]bool{}, MadeUp: map[Day]bool{}, Hours: [][2]int{{450, 690}, {810, 1020}}, First: 2018, Last: 2027, Provisional: 2027,
	}
	for _, y := range file.Years {
		for _, d := range y.Off {
			w.Off[day(t, d["date"].(string))] = true
		}
		for _, d := range y.MadeUp {
			w.MadeUp[day(t, d["date"].(string))] = true
		}
	}
	for _, d := range provisional2027 {
		w.Off[day(t, d)] = true
	}
	return w
}

// desks are offices of several habits.
func desks(t testing.TB) []desk {
	t.Helper()
	derive := func(own civil.Own) *civil.Calendar {
		cal, err := civildata.Default().Derive(own)
		if err != nil {
			t.Fatal(err)
		}
		return cal
	}
	saturday := wall(t)
	saturday.Saturday = []int{480, 690}
	early := wall(t)
	early.Hours = [][2]int{{420, 660}, {780, 960}, {1020, 1080}}
	storms := wall(t)
	storms.Saturday = []int{450, 660}
	own := civil.Own{Saturday: &civil.Interval{From: 450, To: 660}}
	for _, d := range []string{"2019-05-04", "2020-07-28", "2021-07-19", "2021-07-20", "2021-07-24", "2022-09-28", "2024-09-09", "2026-08-22", "2026-11-26", "2027-07-03"} {
		storms.Off[day(t, d)] = true
		on, err := civil.ParseDate(d)
		if err != nil {
			t.Fatal(err)
		}
		own.Days = append(own.Days, civil.Exception{Date: on, Kind: civil.Local, Name: "Nghỉ phòng chống thiên tai"})
	}
	return []desk{
		{"common", civildata.Default(), wall(t)},
		{"Saturday", derive(civil.Own{Saturday: &civil.Interval{From: 480, To: 690}}), saturday},
		{"three shifts", derive(civil.Own{Hours: []civil.Interval{{From: 420, To: 660}, {From: 780, To: 960}, {From: 1020, To: 1080}}}), early},
		{"days off of its own", derive(own), storms},
	}
}

// dice makes cases.
type dice struct{ *rand.Rand }

// moment is some time after an instant, as often as not at an hour that matters.
func (d dice) moment(after time.Time, days int) time.Time {
	at := after.Add(time.Duration(d.IntN(days*86400)) * time.Second)
	if d.IntN(3) > 0 {
		at = at.Truncate(time.Minute)
	}
	if d.IntN(4) == 0 {
		minutes := []int{0, 449, 450, 480, 660, 661, 690, 691, 809, 810, 960, 1019, 1020, 1021, 1439}
		y, m, day := at.Date()
		at = time.Date(y, m, day, 0, minutes[d.IntN(len(minutes))], d.IntN(2)*59, 0, civil.Zone)
	}
	if at.Before(after) {
		return after
	}
	return at
}

var kinds = []civil.StopKind{civil.StopSupplement, civil.StopSupplement, civil.StopObligation, civil.StopSuspension, civil.StopConsult}

// input is a random dossier of 2018 to 2027.
func (d dice) input() civil.DueInput {
	first := time.Date(2018, 1, 1, 0, 0, 0, 0, civil.Zone)
	in := civil.DueInput{ReceivedAt: d.moment(first, 3652), Limit: d.limit(), EndOfDay: d.IntN(4) == 0}
	in.Policy = []civil.Policy{civil.Restart, civil.Pause, ""}[d.IntN(3)]
	last := in.ReceivedAt
	if d.IntN(5) == 0 {
		at := d.moment(in.ReceivedAt, 10)
		in.Elsewhere, in.ArrivedAt = true, &at
		if d.IntN(2) == 0 {
			last = at
		}
	}
	if in.Limit.Unit == civil.FixedDate {
		in.Limit.On = civil.DateOf(in.ReceivedAt).AddDays(d.IntN(90))
	}
	if d.IntN(2) == 0 {
		in.SameDayCutoff = civil.TimeOfDay(780 + 60*d.IntN(4))
	}
	for range max(0, d.IntN(5)-1) {
		s := civil.Stop{FromAt: d.moment(last, 1+d.IntN(12)), Kind: kinds[d.IntN(len(kinds))]}
		s.ToAt = d.moment(s.FromAt, 1+d.IntN(25))
		last = s.ToAt
		in.Stops = append(in.Stops, s)
	}
	if n := len(in.Stops); n > 0 && d.IntN(10) == 0 {
		in.Stops[n-1].ToAt = time.Time{}
	}
	return in
}

func (d dice) limit() civil.Limit {
	units := []civil.Unit{
		civil.WorkingDays, civil.WorkingDays, civil.WorkingDays, civil.WorkingHours, civil.WorkingHours, civil.CalendarDays,
		civil.CalendarDays, civil.Months, civil.Months, civil.ClockHours, civil.FixedDate, civil.AtOnce, civil.SameDay,
	}
	l := civil.Limit{Unit: units[d.IntN(len(units))]}
	switch l.Unit {
	case civil.WorkingDays, civil.CalendarDays:
		l.Value = 1 + d.IntN(1+d.IntN(60))
	case civil.WorkingHours, civil.ClockHours:
		l.Value = 1 + d.IntN(72)
	case civil.Months:
		l.Value = 1 + d.IntN(12)
	}
	return l
}

func momentOf(t time.Time) Moment {
	y, m, d := t.Date()
	h, min, s := t.Clock()
	return Moment{Day{y, int(m), d}, h*3600 + min*60 + s}
}

// pencil writes the case down for the wall.
func pencil(in civil.DueInput) Case {
	c := Case{
		Received: momentOf(in.ReceivedAt), Unit: string(in.Limit.Unit), N: in.Limit.Value,
		Anew: in.Policy == civil.Restart, Closing: in.EndOfDay, Cutoff: int(in.SameDayCutoff),
	}
	if in.ArrivedAt != nil {
		m := momentOf(*in.ArrivedAt)
		c.Arrived = &m
	}
	if on := in.Limit.On; !on.IsZero() {
		c.On = Day{on.Year(), int(on.Month()), on.Day()}
	}
	for _, s := range in.Stops {
		c.Pauses = append(c.Pauses, Pause{
			From: momentOf(s.FromAt), To: momentOf(s.ToAt), Open: s.ToAt.IsZero(), Supplement: s.Kind == civil.StopSupplement,
		})
	}
	return c
}

// differ says in what the two answers differ; nothing when they agree.
func differ(got civil.Derivation, err error, want Answer) string {
	if want.Unknown || err != nil {
		if !want.Unknown || !fault.Is(err, "civil.year_unknown") {
			return fmt.Sprintf("error %v, beyond the wall: %v", err, want.Unknown)
		}
		return ""
	}
	if got.Waiting() != want.Waiting || len(got.Segments) != len(want.Runs) || got.Provisional != want.Provisional {
		return fmt.Sprintf("waiting %v/%v, segments %d/%d, provisional %v/%v",
			got.Waiting(), want.Waiting, len(got.Segments), len(want.Runs), got.Provisional, want.Provisional)
	}
	if !want.Waiting && (momentOf(got.DueAt) != want.Due || got.DueOn != civil.DateOf(got.DueAt)) {
		return fmt.Sprintf("due %v (%v), want %v", got.DueAt, got.DueOn, want.Due)
	}
	for i, s := range got.Segments {
		if text := differRun(s, want.Runs[i]); text != "" {
			return fmt.Sprintf("segment %d: %s", i, text)
		}
	}
	return ""
}

func differRun(s civil.Segment, want Run) string {
	if momentOf(s.StartAt) != want.Start || momentOf(s.DueAt) != want.Due {
		return fmt.Sprintf("%v to %v, want %v to %v", s.StartAt, s.DueAt, want.Start, want.Due)
	}
	if s.Limit.ByHour() {
		if s.Minutes != want.Left/60 || s.Used-want.Used/60 > 1 || s.Used < want.Used/60 { // seconds belong to what was used
			return fmt.Sprintf("used %d, left %d, want %d s, %d s", s.Used, s.Minutes, want.Used, want.Left)
		}
		return ""
	}
	if s.Used != want.Used || s.Limit.Value != want.Left {
		return fmt.Sprintf("used %d, left %d, want %d, %d", s.Used, s.Limit.Value, want.Used, want.Left)
	}
	if s.Limit.Unit == civil.WorkingDays && want.Counted > 0 && (len(s.Counted) != want.Counted || len(s.Skipped) != want.Passed) {
		return fmt.Sprintf("counted %d, skipped %d, want %d, %d", len(s.Counted), len(s.Skipped), want.Counted, want.Passed)
	}
	return ""
}

// Both implementations agree on every random case.
func TestAgreement(t *testing.T) {
	all := desks(t)
	workers := runtime.GOMAXPROCS(0)
	var wait sync.WaitGroup
	tallies := make([]tally, workers)
	for i := range workers {
		wait.Go(func() {
			n := *cases / workers
			if i == 0 {
				n += *cases % workers
			}
			tallies[i] = agree(t, all, dice{rand.New(rand.NewPCG(*seed, uint64(i)))}, n)
		})
	}
	wait.Wait()
	var sum tally
	for _, x := range tallies {
		sum.promised += x.promised
		sum.waiting += x.waiting
		sum.unknown += x.unknown
		sum.stopped += x.stopped
	}
	t.Logf("%d cases: %d promised, %d waiting, %d beyond the calendar; %d with stops", *cases, sum.promised, sum.waiting, sum.unknown, sum.stopped)
	if sum.promised < *cases/2 || sum.stopped < *cases/4 || sum.unknown == 0 || sum.waiting == 0 {
		t.Errorf("the dice miss something: %+v", sum)
	}
}

// tally is how the cases fell.
type tally struct{ promised, waiting, unknown, stopped int }

func agree(t *testing.T, all []desk, d dice, n int) tally {
	var sum tally
	for range n {
		office := all[d.IntN(len(all))]
		in := d.input()
		got, err := civil.Due(office.cal, in)
		want := Promise(office.wall, pencil(in))
		if text := differ(got, err, want); text != "" {
			t.Errorf("%s: %s\n%s", office.name, text, describe(in))
			return sum // one case tells enough
		}
		switch {
		case want.Unknown:
			sum.unknown++
		case want.Waiting:
			sum.waiting++
		default:
			sum.promised++
		}
		if len(in.Stops) > 0 {
			sum.stopped++
		}
	}
	return sum
}

// describe writes a case so that it can be counted by hand.
func describe(in civil.DueInput) string {
	var b strings.Builder
	fmt.Fprintf(&b, "received %v, limit %+v, policy %q, end of day %v, cut-off %v", in.ReceivedAt, in.Limit, in.Policy, in.EndOfDay, in.SameDayCutoff)
	if in.ArrivedAt != nil {
		fmt.Fprintf(&b, ", arrived %v", *in.ArrivedAt)
	}
	for _, s := range in.Stops {
		fmt.Fprintf(&b, "\n%s %v to %v", s.Kind, s.FromAt, s.ToAt)
	}
	return b.String()
}

// The oracle must be able to disagree: a wall without one holiday is noticed.
func TestOracleNotices(t *testing.T) {
	office := desks(t)[0]
	in := civil.DueInput{
		ReceivedAt: time.Date(2026, 11, 23, 9, 0, 0, 0, civil.Zone), Limit: civil.Limit{Value: 1, Unit: civil.WorkingDays},
	}
	got, err := civil.Due(office.cal, in)
	if text := differ(got, err, Promise(office.wall, pencil(in))); text != "" {
		t.Fatal(text)
	}
	delete(office.wall.Off, day(t, "2026-11-24"))
	if text := differ(got, err, Promise(office.wall, pencil(in))); text == "" {
		t.Error("a missing holiday goes unnoticed")
	}
}
