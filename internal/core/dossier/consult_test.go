package dossier

import (
	"bytes"
	"testing"

	"github.com/motcua/motcua/internal/core/civil"
	"github.com/motcua/motcua/internal/core/process"
)

// handled is a dossier that a handler of the agency has taken up.
func handled(t *testing.T) *stage {
	t.Helper()
	return newStage(t, monday).receive().must(receptionist, Input{Act: Forward}).must(handlerOne, Input{Act: ReceiveHandover}).must(handlerOne, Input{Act: Claim})
}

func day(s string) civil.Date {
	d, err := civil.ParseDate(s)
	if err != nil {
		panic(err)
	}
	return d
}

func TestConsultUnitsBesideTheProcess(t *testing.T) {
	s := handled(t)
	ask := Input{Act: Consult, Reason: "Xin ý kiến về quy hoạch", Units: []string{"so-khac", "so-ba"}, DueOn: day("2026-11-04")}
	due := s.d.Deadline
	for key, change := range map[string]func(*Input){
		"dossier.units_missing":     func(in *Input) { in.Units = nil },
		"dossier.answer_by_missing": func(in *Input) { in.DueOn = civil.Date{} },
		"dossier.answer_by_past":    func(in *Input) { in.DueOn = day("2026-11-02") },
		"dossier.day_off":           func(in *Input) { in.DueOn = day("2026-11-07") },
		"dossier.unit_asked":        func(in *Input) { in.Units = []string{"agency"} },
		"dossier.reason_missing":    func(in *Input) { in.Reason = "" },
		"dossier.ground_missing":    func(in *Input) { in.StopClock = true },
	} {
		in := ask
		change(&in)
		s.refused(handlerOne, in, key)
	}
	twice := ask
	twice.Units = []string{"so-khac", "so-khac"}
	s.refused(handlerOne, twice, "dossier.unit_asked")
	s.refused(stranger, ask, "dossier.unknown")
	s.must(handlerOne, ask)
	if len(s.d.Tasks) != 3 || s.d.Status != Processing || len(s.d.Deadline.Stops) != 0 {
		t.Fatalf("after asking: tasks %+v, stops %+v", s.d.Tasks, s.d.Deadline.Stops)
	}
	s.refused(handlerOne, ask, "dossier.unit_asked")
	s.refused(handlerOne, Input{Act: Propose}, "dossier.consult_open")
	answer := Input{Act: Answer, Outcome: OutcomeAgree, Reason: "Phù hợp quy hoạch", Files: []File{{Hash: "cc", Name: "y-kien.pdf"}}}
	s.refused(stranger, Input{Act: Answer, Outcome: "perhaps", Reason: "x"}, "dossier.answer_unknown")
	s.must(stranger, answer)
	s.refused(stranger, answer, "dossier.not_yours") // what is left is another unit's
	if c := s.d.Consulted[0]; c.Outcome != OutcomeAgree || c.AnsweredAt == nil || len(c.Files) != 1 {
		t.Errorf("opinion = %+v", c)
	}
	if !Readable(s.d, stranger) {
		t.Error("a unit that gave its opinion cannot see the dossier any more")
	}
	silence := Input{Act: NoteSilence, Task: s.d.Tasks[1].ID}
	s.refused(clockwork, silence, "dossier.too_early")
	s.refused(leaderOne, silence, "dossier.not_yours")
	s.now = day("2026-11-04").At(17*60 + 1)
	s.must(clockwork, silence)
	if c := s.d.Consulted[1]; c.SilentAt == nil || c.AnsweredAt != nil {
		t.Errorf("silence = %+v", c)
	}
	if last := s.d.Done[len(s.d.Done)-1]; last.Ended != process.ByTimer || last.Holder != "" {
		t.Errorf("closed by silence: %+v", last)
	}
	if s.d.Deadline.DueAt != due.DueAt {
		t.Errorf("due moved to %v although the clock went on", s.d.Deadline.DueAt)
	}
	s.must(handlerOne, Input{Act: Propose})
}

func TestConsultStopsTheClockOnGroundOnly(t *testing.T) {
	s := handled(t)
	due := s.d.Deadline.DueOn
	s.must(handlerOne, Input{
		Act: Consult, Reason: "Xin ý kiến", Units: []string{"so-khac"}, DueOn: day("2026-11-10"), StopClock: true, LegalGround: "Luật Thử Điều 9",
	})
	if stop, open := s.d.Deadline.Stopped(); !open || stop.Kind != civil.StopConsult || stop.Ground != "Luật Thử Điều 9" || s.d.Status != Processing {
		t.Fatalf("stop = %+v, status %v", stop, s.d.Status)
	}
	// A supplement that is asked meanwhile is what the clock stands for; the
	// question comes back into its own afterwards.
	s.must(handlerOne, Input{Act: RequestSupplement, Reason: "Thiếu", Items: []string{"Đơn"}})
	s.now = day("2026-11-04").At(8 * 60)
	s.must(receptionist, Input{Act: Supply})
	if n := len(s.d.Deadline.Stops); n != 3 || s.d.Deadline.Stops[2].Kind != civil.StopConsult || !s.d.Deadline.Stops[2].Open() {
		t.Fatalf("ledger = %+v", s.d.Deadline.Stops)
	}
	s.now = day("2026-11-09").At(8 * 60)
	if s.d.Overdue(s.now.AddDate(1, 0, 0)) {
		t.Error("overdue while the clock stands for an opinion")
	}
	s.must(stranger, Input{Act: Answer, Outcome: OutcomeDisagree, Reason: "Không phù hợp"})
	if _, open := s.d.Deadline.Stopped(); open || !s.d.Deadline.DueOn.After(due) {
		t.Errorf("after the answer: due %v, first %v", s.d.Deadline.DueOn, due)
	}
}

// Opinions that the process itself asks for are recorded the same way, and
// conditions see how they were given.
func TestConsultAsAStepOfTheProcess(t *testing.T) {
	s := newStage(t, monday)
	objected := func(f process.Facts) (bool, error) { return f.Objected+f.Silent > 0, nil }
	s.graph = drawn(t, map[string]process.Guard{"objected + silent > 0": objected}, []process.Step{
		work("receive", process.KindReceive, "centre", "reception"), {ID: "split", Kind: process.KindParallel}, {ID: "join", Kind: process.KindParallel},
		work("ask-a", process.KindConsult, "so-khac", "handler"), work("ask-b", process.KindConsult, "so-ba", "handler"), {ID: "x", Kind: process.KindBranch},
		work("check", process.KindVerify, "agency", "handler"), {ID: "m", Kind: process.KindBranch}, work("approve", process.KindApprove, "agency", "leader"),
		work("issue", process.KindIssue, "agency", "clerk"), work("return", process.KindReturn, "centre", "reception"),
	}, "s>receive", "receive>split", "split>ask-a", "split>ask-b", "ask-a>join", "ask-b>join", "join>x", "x>check?objected + silent > 0", "x>m!", "check>m", "m>approve",
		"approve>issue", "issue>return", "return>e")
	s.receive().must(receptionist, Input{Act: Forward})
	if len(s.d.Consulted) != 2 || len(s.d.Shared) != 2 || !Readable(s.d, stranger) {
		t.Fatalf("asked: %+v, shared with %v", s.d.Consulted, s.d.Shared)
	}
	s.must(stranger, Input{Act: ReceiveHandover}) // the paper goes to one of them
	s.must(stranger, Input{Act: Answer, Outcome: OutcomeAgree, Reason: "Đồng ý"})
	s.now = s.now.AddDate(0, 0, 1)
	s.must(clockwork, Input{Act: NoteSilence})
	if s.d.Tasks[0].Kind != TaskVerify || s.d.Done[2].Ended != process.ByTimer {
		t.Fatalf("after a silence: open %+v, done %+v", s.d.Tasks, s.d.Done)
	}
	s.refused(handlerOne, Input{Act: Propose}, "dossier.record_first")
}

func TestVerifyRecord(t *testing.T) {
	s := handled(t)
	full := Verification{Where: "Thửa đất số 5, tờ bản đồ 12", Participants: []string{"Nguyễn Văn Thử", "Cán bộ địa chính"}, Content: "Hiện trạng khớp hồ sơ"}
	for key, change := range map[string]func(*Input){
		"dossier.record_missing": func(in *Input) { in.Verified = nil },
		"dossier.record_when":    func(in *Input) { in.HeldAt = s.now.AddDate(0, 0, 1) },
		"dossier.record_where":   func(in *Input) { v := full; v.Where = " "; in.Verified = &v },
		"dossier.record_who":     func(in *Input) { v := full; v.Participants = nil; in.Verified = &v },
	} {
		in := Input{Act: VerifyRecord, Verified: &full}
		change(&in)
		s.refused(handlerOne, in, key)
	}
	s.refused(clerkOne, Input{Act: VerifyRecord, Verified: &full}, "dossier.not_yours")
	s.must(handlerOne, Input{Act: VerifyRecord, Verified: &full, HeldAt: s.now.Add(-5 * 60e9)})
	r := s.d.Records[0]
	if r.Task != s.d.Tasks[0].ID || r.By != handlerOne.Name || !bytes.HasPrefix(r.Sealed, []byte("sealed:")) {
		t.Errorf("record = %+v", r)
	}
	if payload := s.stored[len(s.stored)-1].Payload; bytes.Contains(payload, []byte("Nguyễn Văn Thử")) {
		t.Error("a participant's name stands open in the event")
	}
	s.must(handlerOne, Input{Act: Propose})
}
