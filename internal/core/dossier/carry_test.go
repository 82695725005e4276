package dossier

import (
	"testing"
	"time"

	"github.com/motcua/motcua/internal/core/access"
	"github.com/motcua/motcua/internal/core/fault"
)

// importer takes lists of an earlier system over for the counter.
var importer = access.Actor{ID: "system:import", Name: "import", Roles: []access.Role{access.Import}, Unit: receptionist.Unit}

// foreign is a dossier just received under the code of another system, promised
// for a day.
func foreign(t *testing.T) *stage {
	s := newStage(t, monday)
	s.start = func(b *Beginning) {
		b.Opening.PreviousSystem, b.Limit = "import", PromisedBefore(day("2026-11-06"))
		b.Fees = nil
		b.Code = func() string { return "CŨ.2026.0007" }
	}
	return s.receive()
}

func TestCarryOver(t *testing.T) {
	later := func(s *stage) time.Time { return s.now.Add(48 * time.Hour) }
	for name, tt := range map[string]struct {
		in   func(s *stage) Carrying
		want TaskKind // open task; empty = none
		key  string
	}{
		"at the counter":    {func(*stage) Carrying { return Carrying{Status: Accepted} }, TaskReceive, ""},
		"at the agency":     {func(*stage) Carrying { return Carrying{Status: Processing} }, TaskHandle, ""},
		"before the leader": {func(*stage) Carrying { return Carrying{Status: Processing, Step: "approve", Holder: leaderOne.ID} }, TaskApprove, ""},
		"the applicant's turn": {func(s *stage) Carrying {
			return Carrying{Status: SupplementRequired, Asked: "Bản vẽ", AskedAt: later(s)}
		}, TaskHandle, ""},
		"the result lies here": {func(s *stage) Carrying { return Carrying{Status: Resolved, FinishedAt: later(s)} }, TaskReturn, ""},
		"returned":             {func(s *stage) Carrying { return Carrying{Status: Returned, FinishedAt: later(s), Number: "12/GP"} }, "", ""},
		"refused and returned": {func(s *stage) Carrying { return Carrying{Status: Returned, FinishedAt: later(s), Refused: true} }, "", ""},
		"withdrawn":            {func(s *stage) Carrying { return Carrying{Status: Withdrawn, FinishedAt: later(s)} }, "", ""},
		"never received":       {func(*stage) Carrying { return Carrying{Status: NotAccepted} }, "", "dossier.carry_status"},
		"finished when?":       {func(*stage) Carrying { return Carrying{Status: Returned} }, "", "dossier.carry_finished"},
		"asked when?":          {func(*stage) Carrying { return Carrying{Status: SupplementRequired} }, "", "dossier.carry_asked"},
		"no such step":         {func(*stage) Carrying { return Carrying{Status: Processing, Step: "bay"} }, "", "dossier.carry_step"},
	} {
		t.Run(name, func(t *testing.T) {
			s := foreign(t)
			in := tt.in(s)
			if end := in.FinishedAt; !end.IsZero() {
				s.now = end
			}
			if !in.AskedAt.IsZero() {
				s.now = in.AskedAt
			}
			e, err := CarryOver(s.d, s.context(importer), in)
			if tt.key != "" {
				if !fault.Is(err, tt.key) {
					t.Fatalf("CarryOver = %v, want %s", err, tt.key)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			s.keep(e)
			d := s.d
			if d.Status != in.Status || d.Code != "CŨ.2026.0007" || d.Deadline.DueOn != day("2026-11-06") {
				t.Errorf("status %s, code %s, due %s", d.Status, d.Code, d.Deadline.DueOn)
			}
			if found := d.Violations(); len(found) > 0 {
				t.Errorf("violations: %v", found)
			}
			switch {
			case tt.want == "" && len(d.Tasks) > 0:
				t.Errorf("open: %+v", d.Tasks)
			case tt.want != "" && (len(d.Tasks) != 1 || d.Tasks[0].Kind != tt.want || d.Tasks[0].Holder != in.Holder):
				t.Errorf("open: %+v, want one %s of %q", d.Tasks, tt.want, in.Holder)
			}
			if in.Status == Returned && (d.Returned == nil || d.Result.Refusal != in.Refused || d.Result.Number != in.Number) {
				t.Errorf("result %+v", d.Result)
			}
			if late := d.Overdue(s.now.AddDate(1, 0, 0)); d.Status.Ended() && late {
				t.Error("what has ended becomes late")
			}
		})
	}
}

// A dossier that was taken over goes on like any other, and its promise is that
// of its paper: no change of the calendar counts it anew.
func TestCarriedDossierGoesOn(t *testing.T) {
	s := foreign(t)
	e, err := CarryOver(s.d, s.context(importer), Carrying{Status: Processing})
	if err != nil {
		t.Fatal(err)
	}
	s.keep(e)
	if _, moved, err := Recompute(s.d, s.context(clockwork), "x"); moved || err != nil {
		t.Errorf("the promise moved: %v", err)
	}
	s.must(handlerOne, Input{Act: Propose}).must(leaderOne, Input{Act: Approve})
	if task, ok := s.d.OpenTask(TaskIssue); !ok {
		t.Errorf("open: %+v, %+v", s.d.Tasks, task)
	}
	if _, err := CarryOver(s.d, s.context(receptionist), Carrying{Status: Processing}); fault.KindOf(err) != fault.Forbidden {
		t.Errorf("an officer takes a list over: %v", err)
	}
}
