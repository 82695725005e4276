package dossier

import (
	"testing"
	"time"

	"github.com/motcua/motcua/internal/core/fault"
	"github.com/motcua/motcua/internal/core/process"
)

// asking is a process in which the agency asks another department before it
// approves; handle is the id of its handling step.
func asking(t *testing.T, handle string, more ...process.Step) *process.Graph {
	steps := append([]process.Step{
		work("receive", process.KindReceive, process.UnitCentre, "reception"), work(handle, process.KindHandle, process.UnitAgency, "handler"),
		work("ask", process.KindConsult, "so-khac", "handler"), work("approve", process.KindApprove, process.UnitAgency, "leader"),
		work("issue", process.KindIssue, process.UnitAgency, "clerk"), work("return", process.KindReturn, process.UnitCentre, "reception"),
	}, more...)
	return drawn(t, nil, steps, "s>receive", "receive>"+handle, handle+">ask", "ask>approve", "approve>issue", "issue>return", "return>e")
}

// A dossier goes over to a new version: work that is the same stays where and
// with whom it is, renamed work opens anew for the same person, and the dossier
// is driven to its end by the new process.
func TestMigrateARunningDossier(t *testing.T) {
	s := handled(t)
	promised, held := s.d.Deadline.DueAt, s.d.Tasks[0]
	s.graph = asking(t, "examine")
	e, err := Migrate(s.d, s.context(controller), Migration{Names: map[string]string{"handle": "examine"}, Document: "12/QĐ-UBND", Reason: "Quy trình mới"})
	if err != nil {
		t.Fatal(err)
	}
	s.keep(e)
	now := s.d.Tasks[0]
	if s.d.Process.Template != "drawn" || s.d.Process.Version != 3 || now.Step != "examine" || now.ID == held.ID || now.Holder != held.Holder {
		t.Errorf("after: template %s@%d, task %+v", s.d.Process.Template, s.d.Process.Version, now)
	}
	if s.d.Status != Processing || !s.d.Deadline.DueAt.Equal(promised) || len(s.d.Shared) != 1 || s.d.Shared[0] != "so-khac" {
		t.Errorf("status %v, due %v (was %v), shared with %v", s.d.Status, s.d.Deadline.DueAt, promised, s.d.Shared)
	}
	s.must(handlerOne, Input{Act: Propose}).must(stranger, Input{Act: Answer, Outcome: OutcomeAgree, Reason: "Đồng ý"}).must(leaderOne, Input{Act: Approve})
	if task := s.d.Tasks[0]; task.Step != "issue" {
		t.Errorf("after the approval the dossier stands at %q, want issue", task.Step)
	}

	t.Run("what is the same keeps its task", func(t *testing.T) {
		s := handled(t)
		before := s.d.Tasks[0]
		s.graph = asking(t, "handle")
		e, err := Migrate(s.d, s.context(controller), Migration{Document: "12/QĐ-UBND"})
		if err != nil {
			t.Fatal(err)
		}
		s.keep(e)
		if got := s.d.Tasks[0]; got != before || s.d.Process.Template != "drawn" {
			t.Errorf("task %+v, want %+v", got, before)
		}
	})
}

func TestMigrateRefuses(t *testing.T) {
	tests := []struct {
		name string
		make func(t *testing.T) *stage
		m    Migration
		key  string
	}{
		{"a step that the new version lacks", func(t *testing.T) *stage { return handled(t) }, Migration{}, "process.migrate_gone"},
		{"a dossier that has ended", func(t *testing.T) *stage {
			return handled(t).must(receptionist, Input{Act: Withdraw, Reason: "Xin rút"})
		}, Migration{}, "process.finished"},
		{"a changed step whose question is not answered", func(t *testing.T) *stage {
			return handled(t).must(handlerOne, Input{Act: Consult, Reason: "Hỏi", Units: []string{"so-khac"}, DueOn: day("2026-11-10")})
		}, Migration{Names: map[string]string{"handle": "examine"}}, "dossier.consult_open"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := tt.make(t)
			before := string(encoded(t, s.d))
			s.graph = asking(t, "examine")
			if _, err := Migrate(s.d, s.context(controller), tt.m); !fault.Is(err, tt.key) {
				t.Errorf("Migrate = %v, want %s", err, tt.key)
			}
			if string(encoded(t, s.d)) != before {
				t.Error("the dossier has changed")
			}
		})
	}
}

// Of two tasks due at the same time the one with more work ahead must begin
// earlier; when the promise moves, so does the urgency of open tasks.
func TestUrgencyFollowsWorkAheadAndPromise(t *testing.T) {
	s := newStage(t, monday)
	s.with = func(ctx *Context) {
		ctx.Ahead = func(step string) int { return ctx.Graph.Ahead(step, func(process.Step) int { return 60 }) }
	}
	s.receive()
	cal := s.context(receptionist).Calendar
	check := func(hours int) {
		t.Helper()
		got := s.d.Tasks[0]
		left, err := cal.WorkingMinutesBetween(got.StartBy, s.d.Deadline.DueAt)
		if err != nil || left != hours*60 {
			t.Errorf("at %s: %d minutes before the promise, want %d (%v)", got.Step, left, hours*60, err)
		}
	}
	check(6) // receive, handle, approve, issue, hand over, return
	s.must(receptionist, Input{Act: Forward})
	check(5)
	s.must(handlerOne, Input{Act: ReceiveHandover}).must(handlerOne, full(RequestSupplement, 0))
	due := s.d.Deadline.DueAt
	s.now = s.now.AddDate(0, 0, 7)
	s.must(receptionist, full(Supply, 0))
	if !s.d.Deadline.DueAt.After(due) {
		t.Fatalf("the promise did not move: %v", s.d.Deadline.DueAt)
	}
	check(5)
	s.must(handlerOne, Input{Act: Claim}).must(handlerOne, Input{Act: Undo, Reason: "Nhầm"})
	check(5)

	t.Run("a promise before the calendar's time ranks as it is", func(t *testing.T) {
		ctx := s.context(handlerOne)
		ctx.Ahead = func(string) int { return 100_000_000 }
		if got := ctx.startBy(s.d, s.d.Tasks[0]); !got.Equal(s.d.Deadline.DueAt) {
			t.Errorf("startBy = %v, want %v", got, s.d.Deadline.DueAt)
		}
	})
	t.Run("without measured times there is none", func(t *testing.T) {
		if got := newStage(t, monday).receive().d.Tasks[0].StartBy; !got.Equal(time.Time{}) {
			t.Errorf("startBy = %v", got)
		}
	})
}
