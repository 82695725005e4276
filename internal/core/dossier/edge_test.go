package dossier

import (
	"errors"
	"strings"
	"testing"

	"github.com/motcua/motcua/internal/civildata"
	"github.com/motcua/motcua/internal/core/access"
	"github.com/motcua/motcua/internal/core/civil"
	"github.com/motcua/motcua/internal/core/fault"
	"github.com/motcua/motcua/internal/core/process"
)

// A year without a calendar is refused by name, wherever a day is counted.
func TestUnknownYearsAreRefused(t *testing.T) {
	sorry := Input{Act: Apologise, Reason: "Chậm", DueOn: day("2031-01-03")}
	handled(t).refused(leaderOne, sorry, "civil.year_unknown")
	s := handled(t)
	s.with = func(ctx *Context) { ctx.ApologyDays = 9000 }
	sorry.DueOn = day("2026-11-20")
	s.refused(leaderOne, sorry, "civil.year_unknown")
	s = newStage(t, monday).receive().must(receptionist, Input{Act: Forward}).must(handlerOne, Input{Act: ReceiveHandover})
	s.with = func(ctx *Context) { ctx.ReceptionBy = 9000 }
	s.refused(handlerOne, Input{Act: RequestSupplement, Reason: "Thiếu", Items: []string{"Đơn"}}, "civil.year_unknown")
	s.with = func(ctx *Context) { ctx.ReceptionBy = 0 } // sector law sets no time
	s.now = day("2026-12-20").At(8 * 60)
	s.must(handlerOne, Input{Act: RequestSupplement, Reason: "Thiếu", Items: []string{"Đơn"}})
	for _, tt := range []struct{ now, key string }{{"2031-03-03", "civil.year_unknown"}, {"2027-12-31", "civil.year_unknown"}} {
		ctx := Context{Calendar: civildata.Default(), Now: day(tt.now).At(16 * 60), Paper: 15 * 60}
		if _, err := ctx.paperLeaves(); !fault.Is(err, tt.key) {
			t.Errorf("paper on %s = %v, want %s", tt.now, err, tt.key)
		}
	}
	s = newStage(t, "2031-03-03T08:00:00+07:00")
	if _, err := Begin(s.context(receptionist), Receive, s.beginning(), Input{}); !fault.Is(err, "civil.year_unknown") {
		t.Errorf("reception in 2031 = %v", err)
	}
	s = handled(t)
	s.now = day("2031-03-03").At(8 * 60)
	s.refused(handlerOne, Input{Act: Propose}, "civil.year_unknown")
	b := newStage(t, monday)
	b.with = func(ctx *Context) { ctx.AnswerWithin = 2000 }
	if _, err := Begin(b.context(receptionist), Guide, b.beginning(), Input{Reason: "Thiếu", Items: []string{"p1"}}); !fault.Is(err, "civil.year_unknown") {
		t.Errorf("guidance with an answer beyond the calendar = %v", err)
	}
}

// Without its process a dossier does not move; neither does it where a unit of
// the process is unknown.
func TestBrokenProcessRefuses(t *testing.T) {
	s := newStage(t, monday)
	s.with = func(ctx *Context) { ctx.Graph = nil }
	if _, err := Begin(s.context(receptionist), Receive, s.beginning(), Input{}); !fault.Is(err, "dossier.step_missing") {
		t.Errorf("reception without a process = %v", err)
	}
	s.with = nil
	s.receive()
	nowhere := errors.New("no such unit")
	s.with = func(ctx *Context) {
		ctx.Place = func(unit string) (string, string, error) {
			if unit == process.UnitAgency {
				return "", "", nowhere
			}
			return place(unit)
		}
	}
	if _, err := Decide(s.d, s.context(receptionist), Input{Act: Forward, Version: s.d.Version}); !errors.Is(err, nowhere) {
		t.Errorf("forwarding to nowhere = %v", err)
	}
	s = handled(t)
	s.with = func(ctx *Context) {
		ctx.Place = func(string) (string, string, error) { return "", "", nowhere }
	}
	in := full(Consult, s.d.Version)
	if _, err := Decide(s.d, s.context(handlerOne), in); !errors.Is(err, nowhere) {
		t.Errorf("asking nobody = %v", err)
	}
	s.with = nil
	s.must(leaderOne, full(Stop, 0))
	s.d.Process = process.Instance{Template: "linear", Finished: true}
	s.refused(leaderOne, full(Resume, s.d.Version), "process.finished")
	// A template whose steps were taken away under a dossier that stands in them.
	s = handled(t)
	s.graph = drawn(t, nil, []process.Step{work("receive", process.KindReceive, "centre", "reception"), work("return", process.KindReturn, "centre", "reception")}, "s>receive", "receive>return", "return>e")
	s.refused(handlerOne, Input{Act: Propose}, "process.step_gone")
	s.graph = drawn(t, nil, []process.Step{work("handle", process.KindHandle, "agency", "handler")}, "s>handle", "handle>e")
	b := newStage(t, monday)
	b.graph = s.graph
	if _, err := Begin(b.context(receptionist), Receive, b.beginning(), Input{}); !fault.Is(err, "dossier.process_start") {
		t.Errorf("a process without reception = %v", err)
	}
}

// What is too long is refused with both numbers, beside its field.
func TestTooLong(t *testing.T) {
	s := handled(t)
	long := strings.Repeat("đ", 30_000)
	for field, in := range map[string]Input{
		"reason":                {Act: Consult, Reason: long, Units: []string{"so-ba"}, DueOn: day("2026-11-04")},
		"verified.content":      {Act: VerifyRecord, Verified: &Verification{Where: "a", Participants: []string{"b"}, Content: long}},
		"verified.where":        {Act: VerifyRecord, Verified: &Verification{Where: long, Participants: []string{"b"}, Content: "c"}},
		"verified.participants": {Act: VerifyRecord, Verified: &Verification{Where: "a", Participants: []string{long}, Content: "c"}},
	} {
		in.Version = s.d.Version
		_, err := Decide(s.d, s.context(handlerOne), in)
		if f := fault.As(err); f == nil || f.Key != "dossier.too_long" || f.Field != field {
			t.Errorf("%s: %v", field, err)
		}
	}
	s.must(handlerOne, Input{Act: Propose})
	s.refused(leaderOne, Input{Act: Approve, Title: long}, "dossier.too_long")
	s.must(leaderOne, Input{Act: Approve, Title: " Giấy phép "})
	if s.d.Result.Title != "Giấy phép" {
		t.Errorf("title = %q", s.d.Result.Title)
	}
}

func TestProposalsAndWhatTheyLeadTo(t *testing.T) {
	s := handled(t)
	s.refused(handlerOne, Input{Act: Propose, Outcome: "maybe"}, "dossier.outcome_unknown")
	s.refused(handlerOne, Input{Act: Propose, Outcome: OutcomeRefuse}, "dossier.reason_missing")
	s.must(handlerOne, Input{Act: Propose, Outcome: OutcomeRefuse, Reason: "Không đủ điều kiện"})
	s.refused(leaderOne, Input{Act: Approve}, "dossier.proposal_refuses")
	for _, o := range Offers(s.d, leaderOne) {
		if o.Act == Approve {
			t.Error("approval of a proposed refusal is offered")
		}
	}
	s.must(leaderOne, Input{Act: SendBack, Reason: "Xem lại"}).must(handlerOne, Input{Act: Propose}).must(leaderOne, Input{Act: Approve})
	s.refused(clerkOne, Input{Act: IssueResult, Files: []File{{Hash: "a"}}}, "dossier.not_numbered")
	s.refused(leaderOne, Input{Act: Sign}, "dossier.not_numbered")
	s.must(clerkOne, Input{Act: Number})
	s.refused(clerkOne, Input{Act: Number}, "dossier.numbered_already")
	s.refused(clerkOne, Input{Act: IssueResult, Files: []File{{Hash: "a"}}}, "dossier.not_signed")
	s.must(leaderOne, Input{Act: Sign})
	s.refused(leaderOne, Input{Act: Sign}, "dossier.signed_already")
	s.refused(clerkOne, Input{Act: IssueResult}, "dossier.result_file_missing")
	s.must(clerkOne, Input{Act: SendBack, Reason: "Sai nội dung"}) // behind the approval: made anew
	if s.d.Result != nil || len(s.d.Recalled) != 1 || s.d.Tasks[0].Kind != TaskApprove {
		t.Errorf("sent back: %+v, %+v", s.d.Result, s.d.Tasks)
	}
	s.refused(leaderOne, Input{Act: TakeBack, Reason: "x"}, "dossier.not_issued")
}

func TestFeesReturnsAndSlips(t *testing.T) {
	s := resolved(t)
	s.refused(receptionist, Input{Act: CollectFee}, "dossier.fee_receipt_missing")
	s.must(receptionist, Input{Act: CollectFee, Receipt: "0000001"})
	s.refused(receptionist, Input{Act: CollectFee, Receipt: "0000002"}, "dossier.fee_settled")
	s.refused(receptionist, Input{Act: Return, Receiver: "A"}, "dossier.identity_unchecked")
	s.refused(receptionist, Input{Act: Return, Receiver: "A", Checked: "CC", Proxy: true}, "dossier.authorisation_missing")
	s.must(receptionist, Input{Act: Return, Receiver: "A", Checked: "CC", Proxy: true, Document: "UQ-1"})
	if !s.d.Returned.Proxy || !strings.HasPrefix(string(s.d.Returned.Receiver), "sealed:") {
		t.Errorf("returned: %+v", s.d.Returned)
	}
	free := newStage(t, monday)
	free.start = func(b *Beginning) { b.Fees = nil }
	free.receive()
	free.refused(receptionist, Input{Act: CollectFee, Receipt: "1"}, "dossier.fee_none")
	free.refused(receptionist, Input{Act: ExemptFee, LegalGround: "x"}, "dossier.fee_none")
	free.refused(directorOne, Input{Act: ReceiveLate}, "dossier.not_late")
	free.refused(receptionist, Input{Act: Correct, Reason: "Sai", Papers: []Paper{{ID: "p1", Copies: -1}}}, "dossier.paper_count")
	free.refused(receptionist, Input{Act: AttachPaper, Paper: "p9", Files: []File{{Hash: "a"}}}, "dossier.paper_unknown")
	free.refused(receptionist, Input{Act: AttachPaper, Paper: "p1"}, "dossier.file_missing")
	free.must(receptionist, Input{Act: Correct, Reason: "Thiếu", Papers: []Paper{{ID: "p1", Copies: 2}}})
	late := newStage(t, monday)
	late.start = func(b *Beginning) { b.Late, b.Paid = &LateEntry{Slip: "BN-1"}, &Payment{Ground: "Hộ nghèo"} }
	late.receive().must(directorOne, Input{Act: ReceiveLate})
	late.refused(directorOne, Input{Act: ReceiveLate}, "dossier.late_confirmed_already")
	if late.d.Fee.Ground != "Hộ nghèo" || !late.d.Fee.Settled() {
		t.Errorf("exempt at reception: %+v", late.d.Fee)
	}
	guided := newStage(t, monday).begin(Guide, Input{Reason: "Thiếu", Items: []string{"p1"}})
	guided.refused(receptionist, Input{Act: Correct, Reason: "Sai", Sets: 2}, "dossier.not_received")
	guided.refused(receptionist, Input{Act: Supply}, "dossier.accept_instead")
}

func TestAcceptanceIsJudgedLikeAReception(t *testing.T) {
	s := newStage(t, monday).begin(Register, Input{})
	try := func(who access.Actor, version int64, papers []Paper) error {
		b := s.beginning()
		_, err := AcceptRegistered(s.d, s.context(who), Input{Version: version}, AcceptInput{
			Code: b.Code, At: s.now, Papers: papers, Required: b.Required, Limit: b.Limit,
		})
		return err
	}
	papers := s.beginning().Papers
	for key, err := range map[string]error{
		"dossier.unknown":           try(stranger, 1, papers),
		"dossier.changed_meanwhile": try(receptionist, 0, papers),
		"dossier.not_yours":         try(handlerOne, 1, papers),
		"dossier.paper_missing":     try(receptionist, 1, []Paper{}),
	} {
		if !fault.Is(err, key) {
			t.Errorf("%v, want %s", err, key)
		}
	}
	s.with = func(ctx *Context) { ctx.Graph = nil }
	if err := try(receptionist, 1, papers); !fault.Is(err, "dossier.step_missing") {
		t.Errorf("without a process = %v", err)
	}
	b := newStage(t, monday)
	if _, err := Begin(b.context(receptionist), Forward, b.beginning(), Input{}); !fault.Is(err, "dossier.act_unknown") {
		t.Errorf("beginning with forwarding = %v", err)
	}
	if _, err := Begin(b.context(receptionist), Guide, b.beginning(), Input{Items: []string{"p1"}}); !fault.Is(err, "dossier.reason_missing") {
		t.Errorf("guidance without a reason = %v", err)
	}
}

// When the result is returned, what another part still had open is given up.
func TestReturnEndsWhatIsLeft(t *testing.T) {
	s := newStage(t, monday)
	s.graph = drawn(t, nil, []process.Step{
		work("receive", process.KindReceive, "centre", "reception"), work("approve", process.KindApprove, "agency", "leader"), work("issue", process.KindIssue, "agency", "clerk"),
		{ID: "split", Kind: process.KindParallel}, work("archive", process.KindHandle, "agency", "clerk"), work("return", process.KindReturn, "centre", "reception"),
	}, "s>receive", "receive>approve", "approve>issue", "issue>split", "split>archive", "split>return", "archive>e", "return>e")
	s.start = func(b *Beginning) { b.Fees = nil }
	s.receive().must(receptionist, Input{Act: Forward}).must(leaderOne, Input{Act: Approve}).must(clerkOne, Input{Act: Number}).must(leaderOne, Input{Act: Sign}).
		must(clerkOne, Input{Act: IssueResult, Files: []File{{Hash: "aa"}}})
	s.refused(receptionist, Input{Act: Return, Receiver: "A", Checked: "CC"}, "dossier.act_not_now")
	s.must(receptionist, Input{Act: ReceiveHandover})
	s.must(receptionist, Input{Act: Return, Receiver: "A", Checked: "CC"})
	if left, _ := s.d.lastDone("archive"); !s.d.Process.Finished || s.d.Status != Returned || left.Ended != process.ByCancel {
		t.Errorf("left over: %+v, %+v", s.d.Process, s.d.Tasks)
	}
}

// A hand-over to the centre that is not confirmed stands against the return,
// even where an electronic result ended work before.
func TestReturnWaitsForTheHandover(t *testing.T) {
	s := newStage(t, monday)
	s.start = func(b *Beginning) { b.Opening.ReturnChannel, b.Fees = ReturnElectronic, nil }
	s.receive().issued().must(clerkOne, Input{Act: HandOver})
	s.refused(receptionist, Input{Act: Return, Receiver: "A", Checked: "CC"}, "dossier.handover_first")
	s.must(receptionist, Input{Act: ReceiveHandover}).must(receptionist, Input{Act: Return, Receiver: "A", Checked: "CC"})
}

// A wrong status says which; a supplement of the process is not an officer's to
// let lapse.
func TestWaitOfTheProcessIsNobodysToLapse(t *testing.T) {
	s := newStage(t, monday)
	s.graph = drawn(t, nil, []process.Step{
		work("receive", process.KindReceive, "centre", "reception"), {ID: "split", Kind: process.KindParallel}, {ID: "join", Kind: process.KindParallel},
		{ID: "come", Name: "Đến ký", Kind: process.KindWaitApplicant}, work("handle", process.KindHandle, "agency", "handler"),
		work("approve", process.KindApprove, "agency", "leader"), work("issue", process.KindIssue, "agency", "clerk"), work("return", process.KindReturn, "centre", "reception"),
	}, "s>receive", "receive>split", "split>come", "split>handle", "come>join", "handle>join", "join>approve", "approve>issue", "issue>return", "return>e")
	s.receive().must(receptionist, Input{Act: Forward})
	s.refused(handlerOne, Input{Act: LapseSupplement, Reason: "x"}, "dossier.no_supplement")
	for _, o := range Offers(s.d, handlerOne) {
		if o.Act == LapseSupplement {
			t.Error("a wait of the process is offered to be let lapse")
		}
	}
	s.refused(clockwork, Input{Act: ExpireSupplement}, "dossier.never_expires")
	s.must(receptionist, Input{Act: Supply})
	if s.d.Status != Processing {
		t.Errorf("status %v", s.d.Status)
	}
	if limit := s.d.Deadline.Limit; limit != (civil.Limit{Value: 5, Unit: civil.WorkingDays}) {
		t.Errorf("limit %v", limit)
	}
}
