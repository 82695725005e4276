package dossier

import (
	"testing"

	"github.com/motcua/motcua/internal/core/civil"
	"github.com/motcua/motcua/internal/core/fault"
)

func TestTwoKindsOfSupplementAreCountedApart(t *testing.T) {
	s := newStage(t, monday).receive()
	ask := Input{Act: RequestSupplement, Reason: "Thiếu", Items: []string{"p1"}}
	s.must(receptionist, ask)
	if x := s.d.Supplements[0]; !x.AtReception || !x.DueAt.Equal(day("2026-11-12").At(17*60)) {
		t.Errorf("asked at reception: %+v", x)
	}
	s.refused(handlerOne, Input{Act: Supply}, "dossier.not_yours")
	s.refused(receptionist, Input{Act: Supply, SuppliedAt: s.now.AddDate(0, 0, 1)}, "dossier.supplied_when")
	s.refused(receptionist, Input{Act: Supply, SuppliedAt: s.now.AddDate(0, 0, -1)}, "dossier.supplied_when")
	s.refused(receptionist, Input{Act: Supply, Papers: []Paper{{ID: "p1", Copies: -1}}}, "dossier.paper_count")
	s.must(receptionist, Input{Act: Supply, Papers: []Paper{{ID: "p1", Copies: 3}}, SuppliedAt: s.now.Add(-5 * 60e9)})
	if s.d.Status != Accepted || s.d.Papers[0].Copies != 3 {
		t.Errorf("supplied: status %v, papers %+v", s.d.Status, s.d.Papers)
	}
	s.refused(receptionist, ask, "dossier.further_supplement")
	s.must(receptionist, Input{Act: Forward}).must(handlerOne, Input{Act: ReceiveHandover})
	s.must(handlerOne, ask) // the first one at examination
	s.must(receptionist, Input{Act: Supply})
	s.refused(handlerOne, ask, "dossier.further_supplement")
	ask.Leader = leaderOne.Name
	s.refused(handlerOne, ask, "dossier.ground_missing")
}

func TestSupplementExpires(t *testing.T) {
	s := handled(t)
	s.refused(clockwork, Input{Act: Remind}, "dossier.act_not_now")
	s.must(handlerOne, Input{Act: RequestSupplement, Reason: "Thiếu", Items: []string{"Bản vẽ"}, DueOn: day("2026-11-20")})
	late := Input{Act: LapseSupplement, Reason: "Không bổ sung"}
	s.refused(clockwork, Input{Act: ExpireSupplement}, "dossier.too_early")
	s.refused(handlerOne, late, "dossier.too_early")
	s.now = day("2026-11-21").At(8 * 60)
	s.refused(clockwork, Input{Act: ExpireSupplement}, "dossier.remind_first")
	form := s.d.FormVersion
	s.must(clockwork, Input{Act: Remind})
	if s.d.FormVersion != form || len(s.d.Supplements[0].Reminded) != 1 {
		t.Errorf("reminder: form version %d, %+v", s.d.FormVersion, s.d.Supplements[0])
	}
	s.refused(receptionist, Input{Act: ExpireSupplement}, "dossier.not_yours")
	s.must(clockwork, Input{Act: ExpireSupplement})
	if s.d.Status != Stopped || s.d.Supplements[0].LapsedAt == nil || s.d.Prints[len(s.d.Prints)-1].Form != "stopNotice" {
		t.Fatalf("expired: status %v, %+v", s.d.Status, s.d.Supplements)
	}
	s.must(leaderOne, Input{Act: Resume, Reason: "Đã nộp", Document: "3/QĐ"})
	if s.d.Status != Processing || s.d.Tasks[0].Kind != TaskHandle {
		t.Errorf("resumed: %v, %+v", s.d.Status, s.d.Tasks)
	}
}

// The agency may decide on what it has, once the time to answer is over.
func TestSupplementLapses(t *testing.T) {
	s := handled(t).must(handlerOne, Input{Act: RequestSupplement, Reason: "Thiếu", Items: []string{"Bản vẽ"}})
	s.now = day("2026-12-01").At(8 * 60)
	s.must(handlerOne, Input{Act: LapseSupplement, Reason: "Không bổ sung"})
	if _, open := s.d.Deadline.Stopped(); open || s.d.Status != Processing {
		t.Errorf("status %v, ledger %+v", s.d.Status, s.d.Deadline.Stops)
	}
	s.must(handlerOne, Input{Act: Propose, Outcome: OutcomeRefuse, Reason: "Không đủ"}).must(leaderOne, Input{Act: Refuse, Reason: "Không đủ", LegalGround: "Luật Thử"})
	if !s.d.Result.Refusal {
		t.Error("the refusal is no refusal")
	}
}

func TestGuidedDossierExpires(t *testing.T) {
	s := newStage(t, monday).begin(Guide, Input{Reason: "Thiếu đơn", Items: []string{"p1"}})
	s.must(clockwork, Input{Act: Remind})
	s.now = day("2026-11-20").At(8 * 60)
	s.must(clockwork, Input{Act: ExpireSupplement})
	if s.d.Status != NotAccepted || s.d.Received() {
		t.Errorf("status %v", s.d.Status)
	}
}

func TestWithoutAnEndASupplementNeverExpires(t *testing.T) {
	s := handled(t)
	s.with = func(ctx *Context) { ctx.AnswerWithin = 0 }
	s.must(handlerOne, Input{Act: RequestSupplement, Reason: "Thiếu", Items: []string{"Bản vẽ"}})
	s.now = day("2026-12-31").At(8 * 60)
	s.refused(clockwork, Input{Act: ExpireSupplement}, "dossier.never_expires")
}

// Under the restart policy the whole limit counts anew from the supply; under
// pause only what was left.
func TestPolicyOfTheRuleSet(t *testing.T) {
	for policy, want := range map[civil.Policy]string{civil.Restart: "2026-11-17", civil.Pause: "2026-11-16"} {
		s := newStage(t, monday)
		s.with = func(ctx *Context) { ctx.Policy = policy }
		s.receive().must(receptionist, Input{Act: Forward}).must(handlerOne, Input{Act: ReceiveHandover})
		s.now = day("2026-11-03").At(9 * 60)
		s.must(handlerOne, Input{Act: RequestSupplement, Reason: "Thiếu", Items: []string{"Đơn"}})
		s.now = day("2026-11-10").At(9 * 60)
		s.must(receptionist, Input{Act: Supply})
		if s.d.Deadline.DueOn != day(want) {
			t.Errorf("%s: due %v, want %s", policy, s.d.Deadline.DueOn, want)
		}
	}
}

func TestOnlineDossierBeforeReception(t *testing.T) {
	s := newStage(t, monday).begin(Register, Input{})
	s.refused(receptionist, Input{Act: Guide, Reason: "Thiếu"}, "dossier.items_missing")
	s.refused(receptionist, Input{Act: Fulfil, Document: "BL"}, "dossier.act_not_now")
	s.must(receptionist, Input{Act: Oblige, Reason: "Nộp phí trước"})
	s.refused(receptionist, Input{Act: Fulfil, Document: "BL", Second: true}, "dossier.no_second_phase")
	s.must(receptionist, Input{Act: Fulfil, Document: "BL"}).must(receptionist, Input{Act: Guide, Reason: "Thiếu", Items: []string{"p1"}})
	e, err := s.accept()
	if err != nil {
		t.Fatal(err)
	}
	s.keep(e)
	if s.d.Status != Accepted || s.d.Supplements[0].SuppliedAt == nil {
		t.Errorf("accepted: %v, %+v", s.d.Status, s.d.Supplements)
	}
	s.refused(receptionist, Input{Act: RefuseReception, Reason: "x", LegalGround: "y"}, "dossier.act_not_now")
	if _, err := s.accept(); !fault.Is(err, "dossier.act_not_now") {
		t.Errorf("accepted twice = %v", err)
	}
}

// A printed refusal at reception ends the dossier and whatever was asked.
func TestRefusedAtReception(t *testing.T) {
	s := newStage(t, monday).begin(Guide, Input{Reason: "Thiếu đơn", Items: []string{"p1"}})
	s.must(receptionist, Input{Act: RefuseReception, Reason: "Không thuộc thẩm quyền", LegalGround: "NĐ 118"})
	if s.d.Status != NotAccepted || s.d.Supplements[0].LapsedAt == nil {
		t.Errorf("refused: %v, %+v", s.d.Status, s.d.Supplements)
	}
	s = newStage(t, monday).receive().must(receptionist, Input{Act: RequestSupplement, Reason: "Thiếu", Items: []string{"p1"}})
	s.refused(receptionist, Input{Act: RefuseReception, Reason: "x", LegalGround: "y"}, "dossier.already_received")
}
