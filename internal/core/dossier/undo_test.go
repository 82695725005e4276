package dossier

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/motcua/motcua/internal/core/access"
	"github.com/motcua/motcua/internal/core/fault"
)

// bare is a dossier without what every event changes.
func bare(t *testing.T, d Dossier) string {
	t.Helper()
	d.Version, d.FormVersion, d.Last, d.Prints = 0, 0, nil, nil
	b, err := json.MarshalIndent(d, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// Undo restores task, holder, status and clock exactly, for every act that has
// it.
func TestUndoRestoresExactly(t *testing.T) {
	received := func(t *testing.T) *stage { return newStage(t, monday).receive() }
	proposed := func(t *testing.T) *stage { return handled(t).must(handlerOne, Input{Act: Propose}) }
	consulted := func(t *testing.T) *stage {
		return handled(t).must(handlerOne, Input{Act: Consult, Reason: "Hỏi", Units: []string{"so-khac"}, DueOn: day("2026-11-04")})
	}
	issued := func(t *testing.T) *stage { return newStage(t, monday).receive().issued() }
	for name, tt := range map[string]struct {
		at  func(*testing.T) *stage
		who access.Actor
		in  Input
	}{
		"forward":              {received, receptionist, Input{Act: Forward}},
		"attach a scan":        {received, receptionist, Input{Act: AttachPaper, Paper: "p1", Files: []File{{Hash: "aa"}}}},
		"confirm papers":       {func(t *testing.T) *stage { return received(t).must(receptionist, Input{Act: Forward}) }, handlerOne, Input{Act: ReceiveHandover}},
		"assign":               {func(t *testing.T) *stage { return received(t).must(receptionist, Input{Act: Forward}) }, leaderOne, Input{Act: Assign, Staff: "s-9"}},
		"claim":                {func(t *testing.T) *stage { return received(t).must(receptionist, Input{Act: Forward}) }, handlerTwo, Input{Act: Claim}},
		"release":              {handled, handlerOne, Input{Act: Release, Reason: "Đi công tác"}},
		"propose":              {handled, handlerOne, Input{Act: Propose, Outcome: OutcomeRefuse, Reason: "Không đủ điều kiện"}},
		"consult":              {handled, handlerOne, Input{Act: Consult, Reason: "Hỏi", Units: []string{"so-khac", "so-ba"}, DueOn: day("2026-11-05")}},
		"answer":               {consulted, stranger, Input{Act: Answer, Outcome: OutcomeOther, Reason: "Ý kiến"}},
		"verify":               {handled, handlerOne, Input{Act: VerifyRecord, Verified: &Verification{Where: "a", Participants: []string{"b"}, Content: "c"}}},
		"attach in agency":     {handled, handlerOne, Input{Act: AttachPaper, Paper: "p1", Files: []File{{Hash: "aa"}}}},
		"send back":            {proposed, leaderOne, Input{Act: SendBack, Reason: "Làm rõ"}},
		"approve":              {proposed, leaderOne, Input{Act: Approve}},
		"hand the result over": {issued, clerkOne, Input{Act: HandOver}},
	} {
		t.Run(name, func(t *testing.T) {
			s := tt.at(t)
			before := bare(t, s.d)
			s.must(tt.who, tt.in)
			if bare(t, s.d) == before {
				t.Fatal("the act changed nothing")
			}
			s.refused(tt.who, Input{Act: Undo}, "dossier.reason_missing")
			other := tt.who
			other.ID = "s-other"
			s.refused(other, Input{Act: Undo, Reason: "Nhầm"}, "dossier.undo_of_other")
			s.with = func(ctx *Context) { ctx.Told = true }
			s.refused(tt.who, Input{Act: Undo, Reason: "Nhầm"}, "dossier.undo_told")
			s.with = nil
			s.must(tt.who, Input{Act: Undo, Reason: "Nhầm"})
			if diff := cmp.Diff(before, bare(t, s.d)); diff != "" {
				t.Errorf("after undo (-before +after):\n%s", diff)
			}
			s.refused(tt.who, Input{Act: Undo, Reason: "Nhầm"}, "dossier.nothing_to_undo")
			s.must(tt.who, tt.in) // and it can be done again
		})
	}
}

// What left the house is never undone.
func TestWhatCannotBeUndone(t *testing.T) {
	s := newStage(t, monday).receive()
	no := func(who access.Actor, in Input) {
		t.Helper()
		s.must(who, in)
		err := s.try(who, Input{Act: Undo, Reason: "Nhầm"})
		if !fault.Is(err, "dossier.nothing_to_undo") && !fault.Is(err, "dossier.act_not_now") {
			t.Errorf("undo of %s = %v", in.Act, err)
		}
	}
	s.refused(receptionist, Input{Act: Undo, Reason: "Nhầm"}, "dossier.nothing_to_undo") // the printed receipt
	no(receptionist, Input{Act: Correct, Reason: "Sai", Sets: 2})
	no(receptionist, Input{Act: CollectFee, Receipt: "0000001"})
	s.must(receptionist, Input{Act: Forward}).must(handlerOne, Input{Act: ReceiveHandover})
	s.refused(receptionist, Input{Act: Undo, Reason: "Nhầm"}, "dossier.undo_of_other")
	no(handlerOne, Input{Act: RequestSupplement, Reason: "Thiếu", Items: []string{"Đơn"}})
	no(receptionist, Input{Act: Supply})
	s.must(handlerOne, Input{Act: Propose})
	no(leaderOne, Input{Act: Apologise, Reason: "Chậm", DueOn: s.d.Deadline.DueOn.AddDays(1)})
	s.must(leaderOne, Input{Act: Approve})
	no(clerkOne, Input{Act: Number})
	no(leaderOne, Input{Act: Sign})
	no(clerkOne, Input{Act: IssueResult, Files: []File{{Hash: "aa"}}})
	s.must(clerkOne, Input{Act: HandOver})
	no(receptionist, Input{Act: ReceiveHandover}) // the applicant is told that it is there
}

// An event of the clock alone leaves the last act undoable.
func TestUndoSurvivesAReminderOfTheClock(t *testing.T) {
	s := handled(t).must(handlerOne, Input{Act: Propose})
	last := s.d.Last
	dl := s.d.Deadline
	dl.DueOn, dl.DueAt = dl.DueOn.AddDays(1), dl.DueAt.AddDate(0, 0, 1)
	s.keep(Event{Type: evDueRecomputed, Version: typeVersion, Payload: Change{Deadline: &dl}})
	if diff := cmp.Diff(last, s.d.Last); diff != "" {
		t.Errorf("last act (-before +after):\n%s", diff)
	}
	s.must(handlerOne, Input{Act: Undo, Reason: "Nhầm"})
	if s.d.Deadline.DueOn != dl.DueOn {
		t.Error("undo brought an old promise back")
	}
}
