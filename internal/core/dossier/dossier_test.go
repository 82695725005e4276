package dossier

import (
	"testing"
	"time"

	"github.com/motcua/motcua/internal/core/access"
	"github.com/motcua/motcua/internal/core/civil"
	"github.com/motcua/motcua/internal/core/fault"
	"github.com/motcua/motcua/internal/core/process"
)

func TestWholeLife(t *testing.T) {
	s := newStage(t, monday).receive()
	if s.d.Code != "H36.01-261102-0001" || s.d.Status != Accepted || s.d.Deadline.DueOn.String() != "2026-11-09" {
		t.Fatalf("received %s, status %v, due %v", s.d.Code, s.d.Status, s.d.Deadline.DueOn)
	}
	s.issued()
	s.must(clerkOne, Input{Act: HandOver})
	if s.d.Status != Processing {
		t.Errorf("status after hand-over = %v, want processing until the centre confirms", s.d.Status)
	}
	s.must(receptionist, Input{Act: ReceiveHandover})
	if s.d.Status != Resolved || s.d.FinishedAt == nil {
		t.Errorf("status = %v, finished %v, want resolved with an end", s.d.Status, s.d.FinishedAt)
	}
	taking := Input{Act: Return, Receiver: "Nguyễn Văn Thử", Checked: "Căn cước"}
	s.refused(receptionist, taking, "dossier.fee_owed")
	s.must(receptionist, Input{Act: CollectFee, Receipt: "0000001", Method: "cash"})
	s.refused(receptionist, Input{Act: Return}, "dossier.receiver_missing")
	s.must(receptionist, taking)
	if s.d.Status != Returned || s.d.Open() || len(s.d.Tasks) != 0 {
		t.Errorf("end: status %v, %d tasks", s.d.Status, len(s.d.Tasks))
	}
	slip := s.d.ControlSlip()
	if len(slip) != 2 || slip[0].To != "so-thu" || slip[1].To != "ttpvhcc" || !slip[1].Judged || slip[1].Verdict != civil.Early {
		t.Errorf("control slip = %+v", slip)
	}
}

func TestForwardMovesPaperNotClock(t *testing.T) {
	tests := []struct{ name, at, paper string }{
		{"before the cut-off the paper goes the same day", "2026-11-02T14:59:00+07:00", "2026-11-02T17:00:00+07:00"},
		{"after the cut-off the next morning", "2026-11-02T15:01:00+07:00", "2026-11-03T07:30:00+07:00"},
		{"Friday afternoon: Monday", "2026-11-06T16:00:00+07:00", "2026-11-09T07:30:00+07:00"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := newStage(t, tt.at).receive()
			due := s.d.Deadline.DueAt
			s.must(receptionist, Input{Act: Forward})
			if got := s.d.Handovers[0].PaperBy.In(civil.Zone).Format(time.RFC3339); got != tt.paper {
				t.Errorf("paper leaves by %s, want %s", got, tt.paper)
			}
			if !s.d.Deadline.DueAt.Equal(due) {
				t.Errorf("due moved from %v to %v", due, s.d.Deadline.DueAt)
			}
		})
	}
}

func TestDenied(t *testing.T) {
	s := newStage(t, monday).receive()
	s.refused(stranger, Input{Act: Forward}, "dossier.unknown")
	s.refused(handlerOne, Input{Act: Forward}, "dossier.not_yours")
	s.refused(receptionist, Input{Act: Approve}, "dossier.not_yours") // though nothing can be approved now either
	s.refused(leaderOne, Input{Act: Approve}, "dossier.act_not_now")
	s.refused(receptionist, Input{Act: "dance"}, "dossier.act_unknown")
	s.refused(leaderOne, Input{Act: Stop, Reason: "Không đủ điều kiện"}, "dossier.ground_missing")
	s.must(receptionist, Input{Act: Forward})
	s.refused(receptionist, Input{Act: Forward, Version: 1}, "dossier.changed_meanwhile")
	s.refused(receptionist, Input{Act: RequestSupplement, Version: 1, Reason: "Thiếu", Items: []string{"p1"}}, "dossier.changed_meanwhile") // the counter could, as it saw the dossier
	s.refused(receptionist, Input{Act: RequestSupplement, Reason: "Thiếu", Items: []string{"p1"}}, "dossier.not_yours")
	s.refused(receptionist, Input{Act: Approve, Version: 1}, "dossier.not_yours")
	s.refused(handlerOne, Input{Act: Propose}, "dossier.handover_first")
	s.must(handlerOne, Input{Act: ReceiveHandover}).must(handlerOne, Input{Act: Claim})
	s.refused(handlerTwo, Input{Act: Claim}, "dossier.task_held")
	s.refused(handlerTwo, Input{Act: Propose}, "dossier.task_held")
	s.refused(leaderOne, Input{Act: Assign, Staff: leaderOne.ID}, "dossier.reason_missing")
	s.must(leaderOne, Input{Act: Assign, Staff: leaderOne.ID, StaffName: leaderOne.Name, Reason: "Cán bộ nghỉ phép"})
	s.must(leaderOne, Input{Act: Propose})
	s.refused(leaderOne, Input{Act: Approve}, "dossier.same_person")
}

func TestSupplementStopsAndMovesTheClock(t *testing.T) {
	s := newStage(t, monday).receive().must(receptionist, Input{Act: Forward}).must(handlerOne, Input{Act: ReceiveHandover}).must(handlerOne, Input{Act: Claim})
	first := s.d.Deadline.DueOn
	s.refused(handlerOne, Input{Act: RequestSupplement, Reason: "Thiếu bản vẽ"}, "dossier.items_missing")
	s.must(handlerOne, Input{Act: RequestSupplement, Reason: "Thiếu bản vẽ", Items: []string{"Bản vẽ"}})
	if s.d.Status != SupplementRequired || s.d.Overdue(s.now.AddDate(1, 0, 0)) {
		t.Errorf("status %v; a waiting dossier must not be overdue", s.d.Status)
	}
	s.refused(handlerOne, Input{Act: Propose}, "dossier.act_not_now")
	s.now = s.now.AddDate(0, 0, 7)
	s.must(receptionist, Input{Act: Supply})
	if s.d.Status != Processing || !s.d.Deadline.DueOn.After(first) || s.d.Deadline.FirstDueOn != first {
		t.Errorf("status %v, due %v, first %v, want later than %v", s.d.Status, s.d.Deadline.DueOn, s.d.Deadline.FirstDueOn, first)
	}
	again := Input{Act: RequestSupplement, Reason: "Thiếu nữa", Items: []string{"Đơn"}}
	s.refused(handlerOne, again, "dossier.further_supplement")
	again.Leader, again.LegalGround = "Lãnh Đạo", "Luật Thử Điều 1"
	s.must(handlerOne, again)
}

func TestSupplementAfterThreeDaysNeedsSectorLaw(t *testing.T) {
	s := newStage(t, monday).receive().must(receptionist, Input{Act: Forward}).must(handlerOne, Input{Act: ReceiveHandover})
	s.now = s.now.AddDate(0, 0, 4)
	ask := Input{Act: RequestSupplement, Reason: "Thiếu", Items: []string{"Đơn"}}
	s.refused(handlerOne, ask, "dossier.supplement_late")
	ask.LegalGround = "Luật Thử Điều 2"
	s.must(handlerOne, ask)
}

func TestReceptionRefusesWhatIsIncomplete(t *testing.T) {
	s := newStage(t, monday)
	for name, tt := range map[string]struct {
		change func(*Beginning)
		key    string
		who    access.Actor
	}{
		"missing paper":        {func(b *Beginning) { b.Papers = nil }, "dossier.paper_missing", receptionist},
		"negative copies":      {func(b *Beginning) { b.Papers[0].Copies = -1 }, "dossier.paper_count", receptionist},
		"absurd sets":          {func(b *Beginning) { b.Sets = 100 }, "dossier.sets_range", receptionist},
		"negative fee":         {func(b *Beginning) { b.Fees[0].Amount = -1 }, "dossier.fee_negative", receptionist},
		"payment of nothing":   {func(b *Beginning) { b.Paid = &Payment{} }, "dossier.fee_receipt_missing", receptionist},
		"paid and exempt":      {func(b *Beginning) { b.Paid = &Payment{Receipt: "1", Ground: "x"} }, "dossier.fee_both", receptionist},
		"officer of elsewhere": {func(*Beginning) {}, "dossier.not_yours", stranger},
		"unknown year":         {func(b *Beginning) { b.Limit.Value = 700 }, "civil.year_unknown", receptionist},
	} {
		t.Run(name, func(t *testing.T) {
			b := s.beginning()
			b.Papers = append([]Paper(nil), b.Papers...)
			tt.change(&b)
			if _, err := Begin(s.context(tt.who), Receive, b, Input{}); !fault.Is(err, tt.key) {
				t.Errorf("Begin = %v, want %s", err, tt.key)
			}
		})
	}
}

func TestGuideThenAccept(t *testing.T) {
	s := newStage(t, monday)
	b := s.beginning()
	b.Papers, b.Ref = nil, "DK-261102-0001"
	e, err := Begin(s.context(receptionist), Guide, b, Input{Act: Guide, Reason: "Thiếu đơn", Items: []string{"p1"}})
	if err != nil {
		t.Fatal(err)
	}
	s.keep(e)
	if s.d.Received() || s.d.Name() != b.Ref || s.d.Status != SupplementRequired {
		t.Fatalf("guided dossier: %q, status %v", s.d.Name(), s.d.Status)
	}
	s.refused(receptionist, Input{Act: Supply}, "dossier.accept_instead")
	e, err = AcceptRegistered(s.d, s.context(receptionist), Input{Version: 1}, AcceptInput{
		Code: b.Code, At: s.now, Papers: []Paper{{ID: "p1", Originals: 1}}, Required: []string{"p1"}, Limit: b.Limit,
	})
	if err != nil {
		t.Fatal(err)
	}
	s.keep(e)
	if !s.d.Received() || s.d.Status != Accepted || s.d.Deadline.DueOn.IsZero() {
		t.Errorf("accepted: %+v", s.d.Deadline)
	}
}

func TestCorrectionKeepsCodeAndVoidsThePrint(t *testing.T) {
	s := newStage(t, monday).receive()
	code, due := s.d.Code, s.d.Deadline.DueAt
	s.refused(receptionist, Input{Act: Correct, Reason: "Sai tên"}, "dossier.nothing_corrected")
	s.must(receptionist, Input{Act: Correct, Reason: "Sai tên", Private: &Private{Owner: Party{Name: "Nguyễn Văn Đúng"}}})
	if s.d.Code != code || !s.d.Deadline.DueAt.Equal(due) || len(s.d.Prints) != 2 || s.d.Prints[1].No != 2 {
		t.Errorf("after correction: %s %v prints %+v", s.d.Code, s.d.Deadline.DueAt, s.d.Prints)
	}
}

func TestOffersAreWhatDecideAllows(t *testing.T) {
	s := newStage(t, monday).receive()
	for _, step := range []func(){
		func() { s.must(receptionist, Input{Act: Forward}) },
		func() { s.must(handlerOne, Input{Act: ReceiveHandover}) },
		func() { s.must(handlerOne, Input{Act: Claim}) },
		func() { s.must(handlerOne, Input{Act: Propose}) },
	} {
		for _, who := range []access.Actor{receptionist, handlerOne, handlerTwo, leaderOne, clerkOne, stranger, directorOne} {
			offered := map[Act]bool{}
			for _, o := range Offers(s.d, who) {
				offered[o.Act] = true
			}
			for _, act := range Acts() {
				_, err := Decide(s.d, s.context(who), full(act, s.d.Version))
				if err == nil && !offered[act] {
					t.Errorf("%s may %s in status %v but is not offered it", who.Name, act, s.d.Status)
				}
				if k := fault.KindOf(err); offered[act] && err != nil && (k == fault.NotFound || k == fault.Forbidden) && !fault.Is(err, "dossier.same_person") {
					t.Errorf("%s is offered %s but refused: %v", who.Name, act, err)
				}
			}
		}
		step()
	}
}

func TestParseCode(t *testing.T) {
	for in, want := range map[string]string{
		"H36.01-261124-0001":          "H36.01-261124-0001",
		"000.00.12.H36-190706-0001":   "000.00.12.H36-190706-0001",
		"H56.14-240823-12345":         "H56.14-240823-12345",
		"H36.01-261324-0001":          "",
		"H36.01-261124-0000":          "",
		"h36.01-261124-0001":          "",
		"H36.01-261124-0001; DROP":    "",
		"000.00.12.H36-190706-000001": "",
	} {
		c, err := ParseCode(in)
		if got := c.String(); (err != nil) != (want == "") || err == nil && got != want {
			t.Errorf("ParseCode(%q) = %q, %v, want %q", in, got, err, want)
		}
	}
	if got := FormatCode("H36.01", civil.NewDate(2026, 11, 24), 10000); got != "H36.01-261124-10000" {
		t.Errorf("code beyond 9999 = %s", got)
	}
}

// Two departments are asked side by side; the dossier goes on when both have
// answered, and each open task of the process is one task of the dossier.
func TestParallelPartsDriveTheDossier(t *testing.T) {
	s := newStage(t, monday)
	s.graph = drawn(t, nil, []process.Step{
		{ID: "split", Kind: process.KindParallel}, {ID: "join", Kind: process.KindParallel},
		work("receive", process.KindReceive, "centre", "reception"),
		work("a", process.KindHandle, "agency", "handler"), work("b", process.KindHandle, "so-khac", "handler"),
		work("approve", process.KindApprove, "agency", "leader"), work("issue", process.KindIssue, "agency", "clerk"),
		work("return", process.KindReturn, "centre", "reception"),
	}, "s>receive", "receive>split", "split>a", "split>b", "a>join", "b>join", "join>approve", "approve>issue", "issue>return", "return>e")
	s.receive().must(receptionist, Input{Act: Forward})
	if len(s.d.Tasks) != 2 || len(s.d.Handovers) != 2 {
		t.Fatalf("after forwarding: tasks %+v, hand-overs %+v", s.d.Tasks, s.d.Handovers)
	}
	s.refused(handlerOne, Input{Act: Propose}, "dossier.handover_first")
	s.must(handlerOne, Input{Act: ReceiveHandover}).must(handlerOne, Input{Act: Propose})
	if len(s.d.Tasks) != 1 || s.d.Tasks[0].Unit != "so-khac" {
		t.Fatalf("after the first answer: %+v", s.d.Tasks)
	}
	s.refused(leaderOne, Input{Act: Approve}, "dossier.task_not_open")
	s.must(stranger, Input{Act: Propose}) // data arrives with the first act
	if h := s.d.Handovers[1]; h.GotAt == nil || h.Taker != stranger.Name {
		t.Errorf("data hand-over = %+v", h)
	}
	s.must(leaderOne, Input{Act: Approve}).must(clerkOne, Input{Act: Number}).must(leaderOne, Input{Act: Sign}).must(clerkOne, Input{Act: IssueResult, Files: []File{{Hash: "aa"}}})
	s.must(receptionist, Input{Act: ReceiveHandover})
	if s.d.Status != Resolved {
		t.Errorf("status = %v, want resolved once the centre has the result", s.d.Status)
	}
	s.must(receptionist, Input{Act: CollectFee, Receipt: "0000001"}).must(receptionist, Input{Act: Return, Receiver: "Người Nhận", Checked: "Căn cước"})
	if !s.d.Process.Finished || s.d.Process.Version != 3 {
		t.Errorf("process at the end: %+v", s.d.Process)
	}
}

func TestDecidedAtOnce(t *testing.T) {
	s := newStage(t, monday)
	b := s.beginning()
	b.AtOnce, b.Limit, b.Fees = true, civil.Limit{Unit: civil.AtOnce}, nil
	if _, err := Begin(s.context(receptionist), Receive, b, Input{}); !fault.Is(err, "dossier.not_at_once") {
		t.Errorf("at once by a process of six steps = %v", err)
	}
	graph, err := process.Compile(process.AtOnce(process.Options{}), nil)
	if err != nil {
		t.Fatal(err)
	}
	s.graph = graph
	e, err := Begin(s.context(receptionist), Receive, b, Input{})
	if err != nil {
		t.Fatal(err)
	}
	s.keep(e)
	if len(s.d.Tasks) != 1 || s.d.Tasks[0].Kind != TaskReturn || len(s.d.Done) != 1 {
		t.Fatalf("tasks %+v, done %+v", s.d.Tasks, s.d.Done)
	}
	s.must(receptionist, Input{Act: Return, Receiver: "Người Nhận", Checked: "Căn cước"})
}

func TestStopAndResumeWhereItStood(t *testing.T) {
	s := newStage(t, monday).receive().must(receptionist, Input{Act: Forward}).must(handlerOne, Input{Act: ReceiveHandover}).must(handlerOne, Input{Act: Propose})
	due := s.d.Deadline.DueOn
	s.must(leaderOne, Input{Act: Stop, Reason: "Thiếu điều kiện", LegalGround: "Luật Thử Điều 3"})
	if len(s.d.Tasks) != 0 || s.d.FinishedAt == nil {
		t.Fatalf("stopped: %+v", s.d.Tasks)
	}
	s.now = s.now.AddDate(0, 0, 7)
	s.must(leaderOne, Input{Act: Resume, Reason: "Đủ điều kiện", Document: "12/QĐ"})
	if len(s.d.Tasks) != 1 || s.d.Tasks[0].Kind != TaskApprove || s.d.FinishedAt != nil || !s.d.Deadline.DueOn.After(due) {
		t.Errorf("resumed: %+v, due %v", s.d.Tasks, s.d.Deadline.DueOn)
	}
	s.must(leaderOne, Input{Act: Approve})
}
