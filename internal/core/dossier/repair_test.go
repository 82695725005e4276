package dossier

import (
	"testing"

	"github.com/motcua/motcua/internal/core/access"
	"github.com/motcua/motcua/internal/core/process"
)

// resolved is a dossier whose result waits at the centre.
func resolved(t *testing.T) *stage {
	t.Helper()
	return newStage(t, monday).receive().issued().must(clerkOne, Input{Act: HandOver}).must(receptionist, Input{Act: ReceiveHandover})
}

func TestTakeBackForCorrection(t *testing.T) {
	s := resolved(t)
	s.refused(leaderOne, Input{Act: TakeBack}, "dossier.reason_missing")
	s.refused(receptionist, Input{Act: TakeBack, Reason: "Sai tên"}, "dossier.not_yours")
	s.must(leaderOne, Input{Act: TakeBack, Reason: "Sai tên trong giấy"})
	if s.d.Status != Processing || s.d.FinishedAt != nil || s.d.Result != nil || len(s.d.Recalled) != 1 || s.d.Recalled[0].Number != "1/KQ" {
		t.Fatalf("taken back: status %v, result %+v, recalled %+v", s.d.Status, s.d.Result, s.d.Recalled)
	}
	if task := s.d.Tasks[0]; task.Kind != TaskHandle || task.Holder != handlerOne.ID {
		t.Errorf("goes back to %+v", task)
	}
	s.refused(receptionist, Input{Act: Return, Receiver: "A", Checked: "CC"}, "dossier.act_not_now")
	s.must(handlerOne, Input{Act: Propose}).must(leaderOne, Input{Act: Approve}).must(clerkOne, Input{Act: Number}).must(leaderOne, Input{Act: Sign}).
		must(clerkOne, Input{Act: IssueResult, Files: []File{{Hash: "bb"}}}).must(clerkOne, Input{Act: HandOver}).must(receptionist, Input{Act: ReceiveHandover})
	if s.d.Status != Resolved || s.d.Result.Number != "2/KQ" {
		t.Errorf("corrected: %v, %+v", s.d.Status, s.d.Result)
	}
	s.must(receptionist, Input{Act: ExemptFee, LegalGround: "Lỗi của cơ quan"}).must(receptionist, Input{Act: Return, Receiver: "A", Checked: "CC"})
	s.refused(leaderOne, Input{Act: TakeBack, Reason: "Sai"}, "dossier.act_not_now") // never after the return
}

func TestTakeBackToANamedStep(t *testing.T) {
	s := resolved(t)
	s.refused(leaderOne, Input{Act: TakeBack, Reason: "Sai", Step: "moon"}, "process.no_previous_step")
	s.must(leaderOne, Input{Act: TakeBack, Reason: "Sai chữ ký", Step: "approve"})
	if s.d.Tasks[0].Kind != TaskApprove || s.d.Tasks[0].Holder != leaderOne.ID {
		t.Errorf("goes back to %+v", s.d.Tasks[0])
	}
}

// An electronic result ends work when it is issued, and can be taken back while
// its hand-over is open.
func TestElectronicResult(t *testing.T) {
	s := newStage(t, monday)
	b := s.beginning()
	b.Opening.ReturnChannel, b.Fees = ReturnElectronic, nil
	e, err := Begin(s.context(receptionist), Receive, b, Input{})
	if err != nil {
		t.Fatal(err)
	}
	s.keep(e)
	s.issued()
	if s.d.Status != Resolved || s.d.FinishedAt == nil {
		t.Fatalf("issued: status %v, finished %v", s.d.Status, s.d.FinishedAt)
	}
	s.must(leaderOne, Input{Act: TakeBack, Reason: "Sai"})
	if s.d.Tasks[0].Kind != TaskHandle {
		t.Errorf("goes back to %+v", s.d.Tasks[0])
	}
	s.must(handlerOne, Input{Act: Propose}).must(leaderOne, Input{Act: Approve}).must(clerkOne, Input{Act: Number}).must(leaderOne, Input{Act: Sign}).
		must(clerkOne, Input{Act: IssueResult, Files: []File{{Hash: "bb"}}}).must(clerkOne, Input{Act: HandOver})
	s.must(leaderOne, Input{Act: TakeBack, Reason: "Sai lần nữa"}) // while the paper copy is on its way
	if _, open := s.d.OpenHandover(); open {
		t.Error("the hand-over of a result that was taken back waits for ever")
	}
	s.must(handlerOne, Input{Act: Propose}).must(leaderOne, Input{Act: Approve}).must(clerkOne, Input{Act: Number}).must(leaderOne, Input{Act: Sign}).
		must(clerkOne, Input{Act: IssueResult, Files: []File{{Hash: "cc"}}}).must(clerkOne, Input{Act: HandOver}).must(receptionist, Input{Act: ReceiveHandover}).
		must(receptionist, Input{Act: Return, Receiver: "A", Checked: "CC"})
}

func TestRepairNeedsTwoPersons(t *testing.T) {
	s := handled(t).must(handlerOne, Input{Act: Propose})
	plan := Input{Act: Repair, Reason: "Kẹt ở bước duyệt", Step: "handle", Task: ""}
	s.refused(handlerOne, plan, "dossier.not_yours")
	s.refused(controller, Input{Act: Repair, Reason: "x", Step: "moon"}, "process.step_gone")
	s.refused(controller, Input{Act: Repair, Reason: "x", Step: "return"}, "dossier.result_first")
	s.refused(controller, Input{Act: Repair, Reason: "x", Step: "handle", Task: "gone"}, "process.task_not_open")
	s.refused(controller, Input{Act: ConfirmRepair, Reason: "x"}, "dossier.no_repair")
	s.refused(controller, Input{Act: DeclineRepair, Reason: "x"}, "dossier.no_repair")
	s.must(controller, plan)
	s.refused(directorOne, plan, "dossier.repair_open")
	s.refused(controller, Input{Act: ConfirmRepair, Reason: "x"}, "dossier.repair_second_person")
	deputy := access.Actor{ID: "s-deputy", Name: "Cấp Phó", Roles: []access.Role{access.Control}, OnBehalf: controller.ID, Signing: true}
	s.refused(deputy, Input{Act: ConfirmRepair, Reason: "x"}, "dossier.repair_second_person")
	s.must(directorOne, Input{Act: DeclineRepair, Reason: "Không cần"})
	if s.d.Repair != nil || s.d.Tasks[0].Kind != TaskApprove {
		t.Fatalf("declined: %+v", s.d.Tasks)
	}
	s.must(controller, plan).must(directorOne, Input{Act: ConfirmRepair, Reason: "Đồng ý"})
	if s.d.Repair != nil || s.d.Tasks[0].Kind != TaskHandle || s.d.Tasks[0].Holder != handlerOne.ID || s.d.Done[len(s.d.Done)-1].Ended != process.ByCancel {
		t.Errorf("repaired: %+v", s.d.Tasks)
	}
	s.must(handlerOne, Input{Act: Propose})
}

func TestRepairReopensBeforeTheReturn(t *testing.T) {
	s := resolved(t)
	s.must(controller, Input{Act: Repair, Reason: "Sai số", Step: "issue"}).must(directorOne, Input{Act: ConfirmRepair, Reason: "Đồng ý"})
	if s.d.Status != Processing || s.d.FinishedAt != nil || s.d.Result != nil || len(s.d.Recalled) != 1 {
		t.Fatalf("reopened: %v, %+v", s.d.Status, s.d.Result)
	}
	s.refused(clerkOne, Input{Act: Number}, "dossier.no_result")
	s.must(controller, Input{Act: Repair, Reason: "Cần duyệt lại", Step: "approve"}).must(directorOne, Input{Act: ConfirmRepair, Reason: "Đồng ý"}).
		must(leaderOne, Input{Act: Approve})

	// A result that stays issued keeps its end.
	s = resolved(t)
	s.must(controller, Input{Act: Repair, Reason: "Chưa bàn giao bản giấy", Step: "hand-over"}).must(directorOne, Input{Act: ConfirmRepair, Reason: "Đồng ý"})
	if !s.d.Issued() {
		t.Fatal("the issued result was lost")
	}
	s.must(clerkOne, Input{Act: HandOver})
}

func TestRepairBeforeForwarding(t *testing.T) {
	s := newStage(t, monday).receive()
	s.must(controller, Input{Act: Repair, Reason: "Chuyển thẳng", Task: s.d.Tasks[0].ID, Step: "handle"}).must(directorOne, Input{Act: ConfirmRepair, Reason: "Đồng ý"})
	if s.d.Status != Processing || s.d.Tasks[0].Kind != TaskHandle {
		t.Errorf("status %v, tasks %+v", s.d.Status, s.d.Tasks)
	}
}

// A timer of the process goes off in its time, and not before.
func TestTimerOfTheProcess(t *testing.T) {
	s := newStage(t, monday)
	s.graph = drawn(t, nil, []process.Step{
		work("receive", process.KindReceive, "centre", "reception"), work("handle", process.KindHandle, "agency", "handler"),
		{ID: "late", Kind: process.KindTimer, On: "handle", After: 480}, work("chief", process.KindHandle, "agency", "leader"), {ID: "m", Kind: process.KindBranch},
		work("approve", process.KindApprove, "agency", "leader"), work("issue", process.KindIssue, "agency", "clerk"), work("return", process.KindReturn, "centre", "reception"),
	}, "s>receive", "receive>handle", "handle>m", "late>chief", "chief>m", "m>approve", "approve>issue", "issue>return", "return>e")
	s.receive().must(receptionist, Input{Act: Forward}).must(handlerOne, Input{Act: ReceiveHandover})
	if len(s.d.Timers) != 1 {
		t.Fatalf("timers = %+v", s.d.Timers)
	}
	s.must(handlerOne, Input{Act: Consult, Reason: "Hỏi", Units: []string{"so-khac"}, DueOn: day("2026-11-05")})
	timer := s.d.Timers[0]
	off := Input{Act: Elapse, Task: timer.On, Step: timer.Step}
	s.refused(clockwork, off, "dossier.too_early")
	s.refused(handlerOne, off, "dossier.not_yours")
	s.refused(clockwork, Input{Act: Elapse, Task: timer.On, Step: "other"}, "process.timer_not_set")
	s.now = timer.At
	s.must(clockwork, off)
	if len(s.d.Tasks) != 1 || s.d.Tasks[0].Step != "chief" || len(s.d.Timers) != 0 {
		t.Errorf("after the timer: tasks %+v, timers %+v", s.d.Tasks, s.d.Timers)
	}
	s.refused(clockwork, off, "process.timer_not_set")
	s.must(leaderOne, Input{Act: Propose})
	s.with = func(ctx *Context) { ctx.SmallUnit = true }
	s.must(leaderOne, Input{Act: Approve})
}

// Waits that the process draws ask the applicant, stop the clock and give the
// status, like the acts of an officer; two at once count papers first.
func TestWaitsOfTheProcess(t *testing.T) {
	s := newStage(t, monday)
	s.graph = drawn(t, nil, []process.Step{
		work("receive", process.KindReceive, "centre", "reception"), work("check", process.KindCheck, "centre", "reception"),
		{ID: "split", Kind: process.KindParallel}, {ID: "join", Kind: process.KindParallel},
		{ID: "come", Name: "Đến ký biên bản", Kind: process.KindWaitApplicant}, {ID: "pay", Name: "Nộp thuế", Kind: process.KindWaitPayment},
		{ID: "given-up", Kind: process.KindTimer, On: "come", After: 480 * 30}, work("refuse", process.KindPropose, "agency", "handler"), {ID: "m", Kind: process.KindBranch},
		work("approve", process.KindApprove, "agency", "leader"), work("issue", process.KindIssue, "agency", "clerk"), work("return", process.KindReturn, "centre", "reception"),
	}, "s>receive", "receive>split", "split>come", "split>pay", "come>m", "given-up>refuse", "refuse>m", "m>join", "pay>join", "join>check", "check>approve",
		"approve>issue", "issue>return", "return>e")
	begin := func() *stage {
		again := *s
		again.t, again.d, again.stored = t, Dossier{}, nil
		return again.receive().must(receptionist, Input{Act: Forward})
	}
	w := begin()
	if w.d.Status != SupplementRequired || len(w.d.Tasks) != 0 || len(w.d.Process.Waits) != 2 || w.d.Last != nil {
		t.Fatalf("waiting: status %v, %+v", w.d.Status, w.d.Process)
	}
	w.must(receptionist, Input{Act: Supply})
	if w.d.Status != FinancialObligation {
		t.Fatalf("after the first: status %v", w.d.Status)
	}
	w.must(receptionist, Input{Act: Fulfil, Document: "BL 1"})
	if w.d.Status != Processing || w.d.Tasks[0].Kind != TaskCheck || len(w.d.Deadline.Stops) != 2 {
		t.Errorf("after both: status %v, tasks %+v, ledger %+v", w.d.Status, w.d.Tasks, w.d.Deadline.Stops)
	}
	w = begin()
	w.now = w.d.Timers[0].At
	w.must(clockwork, Input{Act: Elapse, Task: w.d.Timers[0].On, Step: "given-up"})
	if w.d.Status != FinancialObligation || w.d.Supplements[0].LapsedAt == nil || w.d.Tasks[0].Step != "refuse" {
		t.Errorf("given up: status %v, %+v", w.d.Status, w.d.Supplements)
	}
	w = begin()
	w.must(leaderOne, Input{Act: Stop, Reason: "x", LegalGround: "y"}).must(leaderOne, Input{Act: Resume, Reason: "x", Document: "y"})
	if w.d.Status != SupplementRequired || len(w.d.Supplements) != 2 || w.d.Supplements[1].Wait != w.d.Process.Waits[0].ID {
		t.Errorf("stopped and resumed in waits: status %v, %+v", w.d.Status, w.d.Supplements)
	}
	w.must(receptionist, Input{Act: Withdraw, Reason: "Theo đơn"})
	if !w.d.Process.Finished || len(w.d.Timers) != 0 {
		t.Errorf("withdrawn: %+v", w.d.Process)
	}
}
