package civil_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/motcua/motcua/internal/civildata"
	"github.com/motcua/motcua/internal/core/civil"
	"github.com/motcua/motcua/internal/core/fault"
)

// fold applies events of a revision one after the other.
func fold(t *testing.T, events ...any) civil.Revision {
	t.Helper()
	var r civil.Revision
	for i := 0; i < len(events); i += 2 {
		payload, err := json.Marshal(events[i+1])
		if err != nil {
			t.Fatal(err)
		}
		if r, err = civil.ApplyRevision(r, events[i].(string), payload); err != nil {
			t.Fatal(err)
		}
	}
	return r
}

func TestRevisionFolds(t *testing.T) {
	at := time.Date(2026, 11, 23, 9, 0, 0, 0, civil.Zone)
	made := civil.Revision{ID: "r", Calendar: "default", Base: 1, State: civil.RevisionProposed, By: "a", At: at}
	decided := civil.RevisionDecision{By: "b", ByName: "B", At: at.Add(time.Hour), Total: 7}
	step := civil.RevisionReached{Progress: civil.Progress{Total: 7, Seen: 3, Moved: 2, After: "x"}, At: at.Add(2 * time.Hour)}
	if r := fold(t, civil.RevisionMade, made, civil.RevisionTakenBack, decided); r.State != civil.RevisionWithdrawn || r.Decided != "b" {
		t.Errorf("withdrawn: %+v", r)
	}
	r := fold(t, civil.RevisionMade, made, civil.RevisionInForce, decided, civil.RevisionStep, step)
	if r.State != civil.RevisionApplied || r.Progress != step.Progress || r.DecidedBy != "B" || !r.FinishedAt.IsZero() {
		t.Errorf("half way: %+v", r)
	}
	r = fold(t, civil.RevisionMade, made, civil.RevisionInForce, decided, civil.RevisionEnd, step)
	if r.State != civil.RevisionDone || !r.FinishedAt.Equal(step.At) || r.By != "a" {
		t.Errorf("done: %+v", r)
	}
	for _, event := range []string{civil.RevisionMade, civil.RevisionInForce, civil.RevisionStep, "calendar_revision.other"} {
		if _, err := civil.ApplyRevision(civil.Revision{}, event, []byte("x")); err == nil {
			t.Errorf("%s with a payload that is none was applied", event)
		}
	}
}

func TestProspective(t *testing.T) {
	was := civildata.Default()
	today := civil.NewDate(2026, 11, 23)
	with := func(change func(*civil.Spec)) *civil.Calendar {
		s := was.Spec()
		change(&s)
		c, err := civil.NewCalendar(s)
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	storm := func(d civil.Date) func(*civil.Spec) {
		return func(s *civil.Spec) {
			s.Days = append(s.Days, civil.Exception{Date: d, Kind: civil.Local, Name: "Nghỉ bão"})
		}
	}
	if from := civil.FirstChange(was, with(storm(civil.NewDate(2026, 12, 1)))); from != civil.NewDate(2026, 12, 1) {
		t.Errorf("the calendars differ from %v", from)
	}
	if civil.RevisionDone.Key() != "calendar.state.done" {
		t.Errorf("key %s", civil.RevisionDone.Key())
	}
	for _, tt := range []struct {
		name string
		is   *civil.Calendar
		key  string
	}{
		{"nothing changes", was, ""},
		{"a day to come", with(storm(civil.NewDate(2026, 12, 1))), ""},
		{"today", with(storm(today)), ""},
		{"yesterday's Friday", with(storm(civil.NewDate(2026, 11, 20))), "civil.day_past"},
		{"a whole year is lost", with(func(s *civil.Spec) {
			s.Years = s.Years[:len(s.Years)-1]
			kept := s.Days[:0]
			for _, e := range s.Days {
				if e.Date.Year() < 2027 {
					kept = append(kept, e)
				}
			}
			s.Days = kept
		}), "civil.year_lost"},
		{"every weekday of the past", with(func(s *civil.Spec) { s.Week, s.Days = append(s.Week, time.Saturday), nil }), "civil.day_past"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			err := civil.Prospective(was, tt.is, today)
			if tt.key == "" && err != nil || tt.key != "" && !fault.Is(err, tt.key) {
				t.Errorf("Prospective = %v, want %q", err, tt.key)
			}
			if f := fault.As(err); f != nil && len(f.Each()) > 13 {
				t.Errorf("%d days are named", len(f.Each()))
			}
		})
	}
}

func TestPublishedCalendarOfAUnit(t *testing.T) {
	base := civildata.Default()
	local := civil.Exception{Date: civil.NewDate(2026, 12, 1), Kind: civil.Local, Name: "Ngày truyền thống"}
	own := civil.Published{Version: 1, Own: &civil.Own{Days: []civil.Exception{local}}}
	c, err := own.Calendar(base)
	if err != nil {
		t.Fatal(err)
	}
	if works, err := c.IsWorking(local.Date); works || err != nil {
		t.Errorf("the unit's own day off is worked: %v, %v", works, err)
	}
	spec := base.Spec()
	spec.Days = append(spec.Days, civil.Exception{Date: local.Date, Kind: civil.Local, Name: "Nghỉ bão toàn tỉnh"})
	storm, err := civil.Published{Version: 2, Spec: spec}.Calendar(nil)
	if err != nil {
		t.Fatal(err)
	}
	c, err = own.Calendar(storm)
	if err != nil {
		t.Fatalf("the same day off in both: %v", err)
	}
	if e, ok := c.Exception(local.Date); !ok || e.Name != "Nghỉ bão toàn tỉnh" {
		t.Errorf("exception = %+v", e)
	}
	bad := civil.Published{Own: &civil.Own{Days: []civil.Exception{{Date: local.Date, Kind: civil.Holiday, Name: "x"}}}}
	if _, err := bad.Calendar(base); !fault.Is(err, "civil.day_not_local") {
		t.Errorf("a holiday of one unit: %v", err)
	}
}
