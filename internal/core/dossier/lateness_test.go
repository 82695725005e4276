package dossier

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/motcua/motcua/internal/civildata"
	"github.com/motcua/motcua/internal/core/civil"
	"github.com/motcua/motcua/internal/core/process"
)

// at reads an instant. Office hours are 07:30–11:30 and 13:30–17:00, and 2
// November 2026 is a Monday.
func at(t *testing.T, text string) time.Time {
	t.Helper()
	got, err := civil.ParseInstant(text)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

// closed is a task that lay in a unit from one instant to another.
func closed(t *testing.T, unit, step string, share int, from, to string) Task {
	end := at(t, to)
	return Task{ID: step + from, Step: step, Kind: TaskHandle, Unit: unit, UnitName: unit, Share: share, OpenedAt: at(t, from), ClosedAt: &end, Ended: process.ByDone}
}

func TestTimeByUnit(t *testing.T) {
	cal := civildata.Default()
	all := func(string) *civil.Calendar { return cal }
	later := func(task Task, change func(*Task)) Task { change(&task); return task }
	end := at(t, "2026-11-06T11:00")
	tests := []struct {
		name string
		d    Dossier
		want []UnitTime
	}{
		{"each unit answers for its own hours", Dossier{Done: []Task{
			closed(t, "centre", "receive", 60, "2026-11-02T08:00", "2026-11-02T09:00"),
			closed(t, "so-a", "handle", 120, "2026-11-02T09:00", "2026-11-02T14:30"), // lunch does not count
			closed(t, "so-b", "approve", 120, "2026-11-02T14:30", "2026-11-03T08:00"),
		}}, []UnitTime{
			{"centre", "centre", 1, 60, 60, 0}, {"so-a", "so-a", 1, 210, 120, 90}, {"so-b", "so-b", 1, 180, 120, 60},
		}},
		{"the clock stood still", Dossier{
			Deadline: Deadline{Policy: civil.Pause, Stops: []civil.Stop{{Kind: civil.StopSupplement, FromAt: at(t, "2026-11-02T09:00"), ToAt: at(t, "2026-11-04T09:00")}}},
			Done:     []Task{closed(t, "so-a", "handle", 60, "2026-11-02T08:00", "2026-11-04T10:00")},
		}, []UnitTime{{"so-a", "so-a", 1, 120, 60, 60}}},
		{"the limit counts anew", Dossier{
			Deadline: Deadline{Policy: civil.Restart, Stops: []civil.Stop{{Kind: civil.StopSupplement, FromAt: at(t, "2026-11-02T09:00"), ToAt: at(t, "2026-11-04T09:00")}}},
			Done: []Task{
				closed(t, "centre", "receive", 30, "2026-11-02T07:30", "2026-11-02T08:00"),
				closed(t, "so-a", "handle", 60, "2026-11-02T08:00", "2026-11-04T10:00"),
			},
		}, []UnitTime{{"centre", "centre", 1, 0, 30, 0}, {"so-a", "so-a", 1, 60, 60, 0}}},
		{"work that comes back has one share", Dossier{Done: []Task{
			closed(t, "so-a", "handle", 60, "2026-11-02T08:00", "2026-11-02T08:40"),
			closed(t, "so-b", "approve", 60, "2026-11-02T08:40", "2026-11-02T09:00"),
			closed(t, "so-a", "handle", 60, "2026-11-02T09:00", "2026-11-02T09:50"),
			closed(t, "so-b", "approve", 60, "2026-11-02T09:50", "2026-11-02T10:00"),
		}}, []UnitTime{{"so-a", "so-a", 2, 90, 60, 30}, {"so-b", "so-b", 2, 30, 60, 0}}},
		{"the unit that was asked is late, not the one that asks", Dossier{Done: []Task{
			closed(t, "so-a", "handle", 120, "2026-11-02T08:00", "2026-11-02T11:00"),
			later(closed(t, "so-b", "", 0, "2026-11-02T08:30", "2026-11-02T10:30"), func(task *Task) {
				task.ID, task.For, task.Kind, task.DueAt = "ask", "handle2026-11-02T08:00", TaskConsult, at(t, "2026-11-02T09:00")
			}),
		}}, []UnitTime{{"so-a", "so-a", 1, 90, 120, 0}, {"so-b", "so-b", 1, 120, 30, 90}}},
		{"no share, no lateness; waiting to be fetched is nobody's", Dossier{FinishedAt: &end, Done: []Task{
			closed(t, "so-a", "handle", 0, "2026-11-02T08:00", "2026-11-02T11:00"),
			later(closed(t, "centre", "return", 10, "2026-11-02T11:00", "2026-11-09T11:00"), func(task *Task) { task.Kind = TaskReturn }),
		}}, []UnitTime{{"so-a", "so-a", 1, 180, 0, 0}}},
		{"what is still open counts until now", Dossier{Tasks: []Task{
			later(closed(t, "so-a", "handle", 60, "2026-11-06T08:00", "2026-11-06T08:00"), func(task *Task) { task.ClosedAt = nil }),
		}}, []UnitTime{{"so-a", "so-a", 1, 180, 60, 120}}},
		{"the end of work ends it", Dossier{FinishedAt: &end, Done: []Task{
			closed(t, "so-a", "hand-over", 60, "2026-11-06T10:00", "2026-11-06T16:00"),
		}}, []UnitTime{{"so-a", "so-a", 1, 60, 60, 0}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := tt.d.TimeByUnit(all, end)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("TimeByUnit (-want +got):\n%s", diff)
			}
		})
	}
}

// Whatever happens: nobody is charged more than he held, the time over is what
// is held beyond what is allowed or less, and where one after the other works
// without pause, the times add up to all working time.
func TestTimeByUnitAddsUp(t *testing.T) {
	cal := civildata.Default()
	rapid.Check(t, func(t *rapid.T) {
		now := civil.NewDate(2026, 11, 2).At(8 * 60)
		var d Dossier
		begin := now
		shares := map[string]int{}
		for _, step := range []string{"ax", "ay", "bx", "by", "cx", "cy"} {
			shares[step] = rapid.IntRange(0, 600).Draw(t, "share of "+step)
		}
		for i := range rapid.IntRange(1, 8).Draw(t, "tasks") {
			opened := now
			now = now.Add(time.Duration(rapid.IntRange(0, 3000).Draw(t, "minutes")) * time.Minute)
			ended := now
			unit := rapid.SampledFrom([]string{"a", "b", "c"}).Draw(t, "unit")
			step := rapid.SampledFrom([]string{"x", "y"}).Draw(t, "step")
			d.Done = append(d.Done, Task{
				ID: string(rune('0' + i)), Step: step, Kind: TaskHandle, Unit: unit, Share: shares[unit+step],
				OpenedAt: opened, ClosedAt: &ended, Ended: process.ByDone,
			})
		}
		stopped := 0
		if rapid.Bool().Draw(t, "stop") {
			s := civil.Stop{Kind: civil.StopObligation, FromAt: begin.Add(time.Hour), ToAt: begin.Add(time.Duration(rapid.IntRange(60, 4000).Draw(t, "stopped")) * time.Minute)}
			d.Deadline.Stops = []civil.Stop{s}
			if n, err := cal.WorkingMinutesBetween(minOf(s.FromAt, now), minOf(s.ToAt, now)); err != nil {
				t.Fatal(err)
			} else {
				stopped = n
			}
		}
		got, err := d.TimeByUnit(func(string) *civil.Calendar { return cal }, now)
		if err != nil {
			t.Fatal(err)
		}
		held := 0
		for _, u := range got {
			held += u.Held
			if u.Over < 0 || u.Over > u.Held || u.Over < u.Held-u.Allowed && u.Allowed > 0 && noneWithoutShare(d, u.Unit) {
				t.Errorf("unit %s: held %d, allowed %d, over %d", u.Unit, u.Held, u.Allowed, u.Over)
			}
		}
		want, err := cal.WorkingMinutesBetween(begin, now)
		if err != nil {
			t.Fatal(err)
		}
		if diff := want - stopped - held; diff < -len(d.Done) || diff > len(d.Done) { // each task rounds down
			t.Errorf("held %d of %d minutes, %d of them stopped", held, want, stopped)
		}
	})
}

func minOf(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}

func noneWithoutShare(d Dossier, unit string) bool {
	for _, task := range d.Done {
		if task.Unit == unit && task.Share == 0 {
			return false
		}
	}
	return true
}
