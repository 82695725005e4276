package dossier

import (
	"testing"

	"github.com/motcua/motcua/internal/core/access"
	"github.com/motcua/motcua/internal/core/fault"
	"github.com/motcua/motcua/internal/core/process"
)

func TestNobodyActsOnHisOwnDossier(t *testing.T) {
	s := newStage(t, monday)
	s.with = func(ctx *Context) { ctx.Party = true }
	if _, err := Begin(s.context(receptionist), Receive, s.beginning(), Input{}); !fault.Is(err, "dossier.own_case") {
		t.Errorf("reception of one's own dossier = %v", err)
	}
	s.with = nil
	s.receive()
	s.with = func(ctx *Context) { ctx.Party = true }
	for _, act := range []Act{Forward, Correct, CollectFee} {
		s.refused(receptionist, full(act, s.d.Version), "dossier.own_case")
	}
	if _, err := AcceptRegistered(s.d, s.context(receptionist), Input{Version: 9}, AcceptInput{}); !fault.Is(err, "dossier.own_case") {
		t.Errorf("acceptance of one's own dossier = %v", err)
	}
	s.refused(stranger, Input{Act: Forward}, "dossier.unknown") // nothing is told to a stranger
}

// Whoever made the dossier does not approve it, in his own right or for
// somebody else.
func TestSeparationOfDuties(t *testing.T) {
	boss := access.Actor{ID: "s-boss-2", Name: "Lãnh Đạo Hai", Roles: []access.Role{access.Leader, access.Handler}, Unit: "so-thu"}
	deputy := access.Actor{ID: "s-d", Name: "Phó", Roles: []access.Role{access.Leader, access.Handler}, Unit: "so-thu", OnBehalf: boss.ID, ForName: boss.Name, Signing: true}
	for name, tt := range map[string]struct {
		approver access.Actor
		small    bool
		want     string
	}{
		"another person":                  {leaderOne, false, ""},
		"the one who proposed":            {boss, false, "dossier.same_person"},
		"for the one who proposed":        {deputy, false, "dossier.same_person"},
		"the one who received":            {access.Actor{ID: receptionist.ID, Roles: []access.Role{access.Leader}, Unit: "so-thu"}, false, "dossier.same_person"},
		"the one who proposed, unit of 1": {boss, true, ""},
	} {
		t.Run(name, func(t *testing.T) {
			s := newStage(t, monday).receive().must(receptionist, Input{Act: Forward}).must(boss, Input{Act: ReceiveHandover}).must(boss, Input{Act: Propose})
			s.with = func(ctx *Context) { ctx.SmallUnit = tt.small }
			if tt.want != "" {
				s.refused(tt.approver, Input{Act: Approve}, tt.want)
				s.refused(tt.approver, Input{Act: Refuse, Reason: "x", LegalGround: "y"}, tt.want)
				return
			}
			s.must(tt.approver, Input{Act: Approve})
			if got := s.d.Result.Exception == exceptSmallUnit; got != tt.small {
				t.Errorf("exception = %q", s.d.Result.Exception)
			}
		})
	}
}

// What a deputy proposes in somebody's name is made by both: neither approves it.
func TestSeparationCountsBothHands(t *testing.T) {
	boss := access.Actor{ID: "s-boss-2", Name: "Lãnh Đạo Hai", Roles: []access.Role{access.Leader, access.Handler}, Unit: "so-thu"}
	own := access.Actor{ID: "s-d", Name: "Phó", Roles: []access.Role{access.Leader, access.Handler}, Unit: "so-thu"}
	deputy := own
	deputy.OnBehalf, deputy.ForName, deputy.Signing = boss.ID, boss.Name, true
	for name, hands := range map[string][2]access.Actor{
		"held by the absent": {boss, deputy}, "taken from the pool by the deputy": {deputy, deputy}, "taken in his own right, done for the absent": {own, deputy},
	} {
		t.Run(name, func(t *testing.T) {
			s := newStage(t, monday).receive().must(receptionist, Input{Act: Forward}).must(boss, Input{Act: ReceiveHandover})
			s.must(hands[0], Input{Act: Claim}).must(hands[1], Input{Act: Propose})
			for _, approver := range []access.Actor{boss, own, deputy} {
				s.refused(approver, Input{Act: Approve}, "dossier.same_person")
				if s.d.MayHold(Task{Kind: TaskApprove}, approver.ID) {
					t.Errorf("%s may be given the approval", approver.Name)
				}
			}
			s.must(leaderOne, Input{Act: Approve})
			if found := s.d.Violations(); len(found) > 0 {
				t.Errorf("a sound dossier: %v", found)
			}
			bad := s.d
			bad.Done = append([]Task(nil), bad.Done...)
			for i := range bad.Done {
				if bad.Done[i].Kind == TaskApprove {
					bad.Done[i].Holder = boss.ID
				}
			}
			if found := bad.Violations(); len(found) != 1 {
				t.Errorf("an approval by the person represented: %v", found)
			}
		})
	}
}

func TestExaminersDoNotApprove(t *testing.T) {
	s := newStage(t, monday)
	s.graph = drawn(t, nil, []process.Step{
		work("receive", process.KindReceive, "centre", "reception"), work("check", process.KindCheck, "agency", "handler"), work("handle", process.KindHandle, "agency", "handler"),
		work("approve", process.KindApprove, "agency", "leader"), work("number", process.KindNumber, "agency", "clerk"), work("sign", process.KindSign, "agency", "leader"),
		work("issue", process.KindIssue, "agency", "clerk"), work("return", process.KindReturn, "centre", "reception"),
	}, "s>receive", "receive>check", "check>handle", "handle>approve", "approve>sign", "sign>number", "number>issue", "issue>return", "return>e")
	s.receive().must(receptionist, Input{Act: Forward}).must(leaderOne, Input{Act: ReceiveHandover}).must(leaderOne, Input{Act: Propose}).must(handlerTwo, Input{Act: Propose})
	s.refused(leaderOne, Input{Act: Approve}, "dossier.same_person") // he checked it, though another proposed last
	other := leaderOne
	other.ID = "s-leader-2"
	s.must(other, Input{Act: Approve})
	// Here the template signs before it numbers; each act ends its own task.
	s.refused(clerkOne, Input{Act: Number}, "dossier.task_not_open")
	s.must(other, Input{Act: Sign})
	s.refused(other, Input{Act: Sign}, "dossier.task_not_open")
	s.must(clerkOne, Input{Act: Number}).must(clerkOne, Input{Act: IssueResult, Files: []File{{Hash: "aa"}}})
	if s.d.Tasks[0].Kind != TaskReturn {
		t.Errorf("open: %+v", s.d.Tasks)
	}
}

// Work and signature are delegated apart.
func TestDelegation(t *testing.T) {
	s := handled(t)
	deputy := access.Actor{ID: "s-deputy", Name: "Cấp Phó", Roles: []access.Role{access.Handler}, Unit: "so-thu", OnBehalf: handlerOne.ID, ForName: handlerOne.Name}
	s.must(deputy, Input{Act: Propose}) // the task is held by the one who delegated
	if done := s.d.Done[len(s.d.Done)-1]; done.Holder != deputy.ID {
		t.Errorf("done by %+v, want the one who did it", done)
	}
	chief := access.Actor{ID: "s-chief", Name: "Phó Giám đốc", Roles: []access.Role{access.Leader}, Unit: "so-thu", OnBehalf: leaderOne.ID, ForName: leaderOne.Name}
	for _, act := range []Act{Approve, Refuse, Stop, Apologise} {
		s.refused(chief, full(act, s.d.Version), "dossier.signature_not_delegated")
	}
	for _, o := range Offers(s.d, chief) {
		if o.Signs {
			t.Errorf("%s is offered without a delegation of signature", o.Act)
		}
	}
	s.must(chief, Input{Act: SendBack, Reason: "Làm rõ"}).must(deputy, Input{Act: Propose}) // work is delegated
	chief.Signing = true
	s.must(chief, Input{Act: Approve}).must(clerkOne, Input{Act: Number}).must(chief, Input{Act: Sign})
	if r := s.d.Result; r.ApprovedBy != chief.Name || r.ApprovedFor != leaderOne.Name || r.SignedFor != leaderOne.Name {
		t.Errorf("result = %+v", r)
	}
}

func TestReassignNeedsAReason(t *testing.T) {
	s := newStage(t, monday).receive().must(receptionist, Input{Act: Forward})
	give := Input{Act: Assign, Staff: handlerTwo.ID, StaffName: handlerTwo.Name}
	s.refused(handlerOne, give, "dossier.not_yours")
	s.refused(leaderOne, Input{Act: Assign}, "dossier.staff_missing")
	s.must(leaderOne, give)
	s.refused(leaderOne, give, "dossier.held_already")
	give.Staff = handlerOne.ID
	s.refused(leaderOne, give, "dossier.reason_missing")
	for _, o := range Offers(s.d, leaderOne) {
		if o.Act == Assign && o.Needs&NeedReason == 0 {
			t.Error("reassigning is offered without asking for a reason")
		}
	}
	give.Reason = "Cân đối việc"
	s.must(leaderOne, give)
	s.refused(handlerTwo, Input{Act: Release, Reason: "x"}, "dossier.task_held")
	s.must(clockwork, Input{Act: Release, Reason: "Nghỉ phép"}) // nothing sleeps in an absent officer's inbox
	s.refused(leaderOne, Input{Act: Release, Reason: "x"}, "dossier.not_held")
	s.must(handlerTwo, Input{Act: Claim})
}

// In a parallel part one person may have several tasks: he says which.
func TestWhichTask(t *testing.T) {
	s := newStage(t, monday)
	s.graph = drawn(t, nil, []process.Step{
		work("receive", process.KindReceive, "centre", "reception"), {ID: "split", Kind: process.KindParallel}, {ID: "join", Kind: process.KindParallel},
		work("a", process.KindHandle, "agency", "handler"), work("b", process.KindHandle, "agency", "handler"), work("approve", process.KindApprove, "agency", "leader"),
		work("issue", process.KindIssue, "agency", "clerk"), work("return", process.KindReturn, "centre", "reception"),
	}, "s>receive", "receive>split", "split>a", "split>b", "a>join", "b>join", "join>approve", "approve>issue", "issue>return", "return>e")
	s.receive().must(receptionist, Input{Act: Forward}).must(handlerOne, Input{Act: ReceiveHandover})
	s.refused(handlerOne, Input{Act: Claim}, "dossier.task_which")
	offered := 0
	for _, o := range Offers(s.d, handlerOne) {
		if o.Act == Propose {
			offered++
		}
	}
	if offered != 2 {
		t.Errorf("propose is offered %d times, want once a task", offered)
	}
	a, b := s.d.Tasks[0].ID, s.d.Tasks[1].ID
	s.refused(handlerOne, Input{Act: Claim, Task: "gone"}, "dossier.task_not_open")
	s.must(handlerOne, Input{Act: Claim, Task: b})
	s.must(handlerOne, Input{Act: Propose}) // the one he holds
	if s.d.Tasks[0].ID != a || len(s.d.Tasks) != 1 {
		t.Errorf("open: %+v", s.d.Tasks)
	}
	s.refused(handlerOne, Input{Act: Propose, Task: b}, "dossier.task_not_open")
	s.must(handlerTwo, Input{Act: Propose})
}

// Where centre and agency are one unit nothing has to be handed over: the
// result is where it is returned as soon as it is issued.
func TestOneUnitForEverything(t *testing.T) {
	s := newStage(t, monday)
	s.with = func(ctx *Context) {
		ctx.Place = func(string) (string, string, error) { return "ttpvhcc", "Trung tâm xã", nil }
		ctx.SmallUnit = true
	}
	only := access.Actor{ID: "s-only", Name: "Một Người", Roles: []access.Role{access.Reception, access.Handler, access.Leader, access.Clerk}, Unit: "ttpvhcc"}
	b := s.beginning()
	b.Opening.Agency, b.Fees = "ttpvhcc", nil
	e, err := Begin(s.context(only), Receive, b, Input{})
	if err != nil {
		t.Fatal(err)
	}
	s.keep(e)
	s.must(only, Input{Act: Forward}).must(only, Input{Act: Propose}).must(only, Input{Act: Approve}).must(only, Input{Act: Number}).must(only, Input{Act: Sign}).
		must(only, Input{Act: IssueResult, Files: []File{{Hash: "aa"}}}).must(only, Input{Act: HandOver})
	if s.d.Status != Resolved || len(s.d.Handovers) != 0 {
		t.Errorf("status %v, hand-overs %+v", s.d.Status, s.d.Handovers)
	}
	s.must(only, Input{Act: Return, Receiver: "A", Checked: "CC"})
}

// A counter officer who is delegated to decide does so in the course of the day.
func TestDecidedAtTheCounter(t *testing.T) {
	s := newStage(t, monday)
	s.receive()
	s.refused(receptionist, Input{Act: IssueResult}, "dossier.not_at_once")
	graph, err := process.Compile(process.AtOnce(process.Options{}), nil)
	if err != nil {
		t.Fatal(err)
	}
	s = newStage(t, monday)
	s.graph = graph
	s.receive()
	s.refused(receptionist, Input{Act: Forward}, "dossier.result_first")
	s.must(receptionist, Input{Act: IssueResult, Title: "Bản sao"})
	if s.d.Status != Resolved || !s.d.AtOnce || s.d.Result.Exception != exceptAtOnce || s.d.FinishedAt == nil {
		t.Errorf("decided: %v, %+v", s.d.Status, s.d.Result)
	}
	s.must(receptionist, Input{Act: CollectFee, Receipt: "0000001"}).must(receptionist, Input{Act: Return, Receiver: "A", Checked: "CC"})
}

// A check at the counter is done by the counter, one in the agency by a handler.
func TestCheckAtTheCounter(t *testing.T) {
	s := newStage(t, monday)
	s.graph = drawn(t, nil, []process.Step{
		work("receive", process.KindReceive, "centre", "reception"), work("check", process.KindCheck, "centre", "reception"),
		work("handle", process.KindHandle, "agency", "handler"), work("approve", process.KindApprove, "agency", "leader"),
		work("issue", process.KindIssue, "agency", "clerk"), work("return", process.KindReturn, "centre", "reception"),
	}, "s>receive", "receive>check", "check>handle", "handle>approve", "approve>issue", "issue>return", "return>e")
	other := receptionist
	other.ID, other.Name = "s-reception-2", "Tiếp Nhận Hai"
	s.receive().must(receptionist, Input{Act: Forward})
	s.refused(handlerOne, Input{Act: Propose}, "dossier.not_yours")
	s.must(other, Input{Act: Propose})
	if s.d.Tasks[0].Kind != TaskHandle || !s.d.Handovers[0].Data {
		t.Errorf("after the check: %+v, %+v", s.d.Tasks, s.d.Handovers)
	}
	s.refused(receptionist, Input{Act: Propose}, "dossier.not_yours")
}
