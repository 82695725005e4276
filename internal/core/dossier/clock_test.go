package dossier

import (
	"testing"
	"time"

	"github.com/motcua/motcua/internal/civildata"
	"github.com/motcua/motcua/internal/core/access"
	"github.com/motcua/motcua/internal/core/civil"
	"github.com/motcua/motcua/internal/core/fault"
)

func TestApologyBeforeTheBreach(t *testing.T) {
	s := handled(t) // due on Monday 9 November
	sorry := Input{Act: Apologise, Reason: "Chờ kết quả đo đạc", DueOn: day("2026-11-12"), Document: "5/PXL"}
	for key, change := range map[string]func(*Input){
		"dossier.new_day_missing": func(in *Input) { in.DueOn = civil.Date{} },
		"dossier.new_day_early":   func(in *Input) { in.DueOn = day("2026-11-09") },
		"dossier.day_off":         func(in *Input) { in.DueOn = day("2026-11-14") },
		"dossier.reason_missing":  func(in *Input) { in.Reason = "" },
	} {
		in := sorry
		change(&in)
		s.refused(leaderOne, in, key)
	}
	s.refused(handlerOne, sorry, "dossier.not_yours")
	s.now = day("2026-11-06").At(16 * 60) // Friday: one working day ahead
	promise := s.d.Deadline
	s.must(leaderOne, sorry)
	a := s.d.Deadline.Apology
	if a == nil || a.Late || a.DueOn != day("2026-11-12") || a.Document != "5/PXL" {
		t.Fatalf("apology = %+v", a)
	}
	if on, at := s.d.Deadline.Appointed(); on != day("2026-11-12") || civil.TimeOfDayOf(at) != civil.TimeOfDayOf(promise.DueAt) {
		t.Errorf("appointed for %v, %v", on, at)
	}
	// Lateness stays measured against the promise before it.
	if s.d.Deadline.DueAt != promise.DueAt || !s.d.Overdue(day("2026-11-10").At(8*60)) {
		t.Error("the apology moved the promise")
	}
	s.refused(leaderOne, sorry, "dossier.apologised_already")
	if s.d.Prints[len(s.d.Prints)-1].Form != "apology" {
		t.Errorf("prints = %+v", s.d.Prints)
	}
}

func TestApologyTooLateCounts(t *testing.T) {
	for name, tt := range map[string]struct {
		now  time.Time
		late bool
	}{
		"the day itself":       {day("2026-11-09").At(7*60 + 45), true},
		"after the breach":     {day("2026-11-11").At(8 * 60), true},
		"on the Sunday before": {day("2026-11-08").At(8 * 60), true},
		"with plenty of time":  {day("2026-11-03").At(8 * 60), false},
	} {
		t.Run(name, func(t *testing.T) {
			s := handled(t)
			s.now = tt.now
			s.must(leaderOne, Input{Act: Apologise, Reason: "Chờ", DueOn: day("2026-11-13")})
			if s.d.Deadline.Apology.Late != tt.late {
				t.Errorf("late = %t, want %t", s.d.Deadline.Apology.Late, tt.late)
			}
		})
	}
}

// A dossier received elsewhere has no promise until the competent agency has
// it, and says why (NĐ 309/2026).
func TestReceivedElsewhere(t *testing.T) {
	s := newStage(t, monday)
	b := s.beginning()
	b.Opening.Elsewhere, b.Opening.Rules = true, "nd309"
	e, err := Begin(s.context(receptionist), Receive, b, Input{})
	if err != nil {
		t.Fatal(err)
	}
	s.keep(e)
	if d := s.d.Deadline; !d.DueOn.IsZero() || d.Waits != civil.WaitsArrival || !d.FirstDueOn.IsZero() {
		t.Fatalf("before arrival: %+v", d)
	}
	if s.d.Overdue(s.now.AddDate(1, 0, 0)) {
		t.Error("overdue without a promise")
	}
	s.refused(leaderOne, Input{Act: Apologise, Reason: "Chờ", DueOn: day("2026-11-12")}, "dossier.no_promise")
	if _, changed, err := Recompute(s.d, s.context(clockwork), "x"); changed || err != nil {
		t.Errorf("Recompute before arrival = %t, %v", changed, err)
	}
	s.must(receptionist, Input{Act: Forward})
	s.now = day("2026-11-04").At(9 * 60)
	s.must(handlerOne, Input{Act: ReceiveHandover})
	d := s.d.Deadline
	if d.DueOn != day("2026-11-11") || d.Waits != "" || d.ArrivedAt == nil || d.FirstDueOn != d.DueOn {
		t.Errorf("after arrival: %+v", d)
	}
	if s.d.Last != nil {
		t.Error("the promise was told and could still be undone")
	}
	if got := s.stored[len(s.stored)-1].Ground; got != "NĐ 118/2025/NĐ-CP, Điều 17 khoản 3, được sửa đổi bởi NĐ 309/2026/NĐ-CP" {
		t.Errorf("ground = %q", got)
	}
}

// With older rule sets the clock starts at reception, wherever that is.
func TestElsewhereUnderOlderRules(t *testing.T) {
	s := newStage(t, monday)
	s.with = func(ctx *Context) { ctx.OnArrival = false }
	b := s.beginning()
	b.Opening.Elsewhere = true
	e, err := Begin(s.context(receptionist), Receive, b, Input{})
	if err != nil {
		t.Fatal(err)
	}
	s.keep(e)
	if s.d.Deadline.DueOn != day("2026-11-09") {
		t.Errorf("due %v", s.d.Deadline.DueOn)
	}
}

func TestRecomputeAfterACalendarChange(t *testing.T) {
	s := handled(t)
	storm, err := civildata.Default().Derive(civil.Own{Days: []civil.Exception{{Date: day("2026-11-05"), Kind: civil.Local, Name: "Nghỉ bão", LegalRef: "Công điện 1"}}})
	if err != nil {
		t.Fatal(err)
	}
	s.with = func(ctx *Context) { ctx.Calendar, ctx.CalendarRef = storm, "default@2" }
	form := s.d.FormVersion
	e, changed, err := Recompute(s.d, s.context(clockwork), "Công điện 1")
	if err != nil || !changed {
		t.Fatalf("Recompute = %t, %v", changed, err)
	}
	s.keep(e)
	if d := s.d.Deadline; d.DueOn != day("2026-11-10") || d.FirstDueOn != day("2026-11-09") || d.Calendar != "default@2" {
		t.Errorf("after the storm day: %+v", d)
	}
	if s.d.FormVersion != form || s.d.Version != form+1 {
		t.Errorf("an event of the clock alone conflicts with open forms: %d, %d", s.d.FormVersion, s.d.Version)
	}
	s.must(handlerOne, Input{Act: Propose, Version: form})
	if _, changed, err := Recompute(s.d, s.context(clockwork), "x"); changed || err != nil {
		t.Errorf("Recompute without a change = %t, %v", changed, err)
	}
	s.now = day("2026-11-12").At(8 * 60)
	s.with = nil
	if _, changed, err := Recompute(s.d, s.context(clockwork), "x"); changed || err != nil {
		t.Errorf("Recompute of a promise in the past = %t, %v", changed, err)
	}
}

// A promise of today still moves, as when a storm closes the office in the
// morning; one of yesterday never does, and none is moved into the past.
func TestRecomputeNeverTouchesThePast(t *testing.T) {
	off := func(days ...string) *civil.Calendar {
		var own civil.Own
		for _, d := range days {
			own.Days = append(own.Days, civil.Exception{Date: day(d), Kind: civil.Local, Name: "Nghỉ bão", LegalRef: "Công điện 1"})
		}
		c, err := civildata.Default().Derive(own)
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	s := handled(t) // due on 9 November
	due := s.d.Deadline.DueOn
	for _, tt := range []struct {
		name    string
		now     time.Time
		cal     *civil.Calendar
		changed bool
	}{
		{"due today, later than the hour", due.At(16 * 60), off(due.String()), true},
		{"due yesterday", due.AddDays(1).At(8 * 60), off(due.String()), false},
		{"the same calendar", due.At(8 * 60), off(), false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s.now = tt.now
			s.with = func(ctx *Context) { ctx.Calendar, ctx.CalendarRef = tt.cal, "default@2" }
			if _, changed, err := Recompute(s.d, s.context(clockwork), "x"); changed != tt.changed || err != nil {
				t.Errorf("Recompute = %t, %v, want %t", changed, err, tt.changed)
			}
		})
	}
	later := off(due.String())
	s.now = due.At(8 * 60)
	s.with = func(ctx *Context) { ctx.Calendar, ctx.CalendarRef = later, "default@2" }
	e, changed, err := Recompute(s.d, s.context(clockwork), "x")
	if err != nil || !changed {
		t.Fatal(changed, err)
	}
	s.keep(e)
	s.now = due.AddDays(1).At(8 * 60) // the day off is taken back when its old day has passed
	s.with = func(ctx *Context) { ctx.Calendar, ctx.CalendarRef = off(), "default@3" }
	if _, changed, err := Recompute(s.d, s.context(clockwork), "x"); changed || err != nil {
		t.Errorf("Recompute into the past = %t, %v", changed, err)
	}
}

func TestRecomputeOverAnUnknownYear(t *testing.T) {
	s := handled(t)
	s.d.Deadline.Limit.Value = 900
	if _, _, err := Recompute(s.d, s.context(clockwork), "x"); !fault.Is(err, "civil.year_unknown") {
		t.Errorf("Recompute = %v, want civil.year_unknown", err)
	}
}

// Work that ends while the clock stands is judged by when the stop began.
func TestEndWhileTheClockStands(t *testing.T) {
	s := handled(t)
	s.must(handlerOne, Input{Act: RequestSupplement, Reason: "Thiếu", Items: []string{"Đơn"}})
	s.now = day("2026-12-15").At(8 * 60)
	s.must(leaderOne, Input{Act: Stop, Reason: "Không bổ sung", LegalGround: "Luật Thử Điều 3"})
	if got := s.d.Punctual(s.now); got != civil.Early {
		t.Errorf("stopped in a wait: %v, want early", got)
	}
	s.now = day("2026-12-22").At(8 * 60)
	s.must(leaderOne, Input{Act: Resume, Reason: "Đã có giấy tờ", Document: "9/QĐ"})
	stops := s.d.Deadline.Stops
	if len(stops) != 2 || stops[0].Kind != civil.StopSupplement || stops[1].Kind != civil.StopSuspension || stops[1].Open() || !stops[0].ToAt.Equal(stops[1].FromAt) {
		t.Fatalf("ledger = %+v", stops)
	}
	if s.d.Overdue(s.now) {
		t.Error("late although the clock stood")
	}
}

func TestSecondPhase(t *testing.T) {
	s := handled(t)
	s.must(handlerOne, Input{Act: Oblige, Reason: "Nộp thuế", Document: "7/TB-CCT", Amount: 1_500_000})
	s.now = day("2026-11-16").At(9 * 60)
	paid := Input{Act: Fulfil, Document: "BL 000123", Second: true}
	s.refused(receptionist, paid, "dossier.no_second_phase")
	s.with = func(ctx *Context) { ctx.Second = &civil.Limit{Value: 3, Unit: civil.WorkingDays} }
	s.must(receptionist, paid)
	d := s.d.Deadline
	if d.DueOn != day("2026-11-19") || d.FirstDueOn != day("2026-11-09") || len(d.Earlier) != 1 || d.Earlier[0].DueOn != day("2026-11-09") || len(d.Stops) != 0 {
		t.Errorf("second phase: %+v", d)
	}
	if s.d.Obligations[0].MetAt == nil || s.d.Obligations[0].Proof != "BL 000123" || s.d.Prints[len(s.d.Prints)-1].Form != "receipt" {
		t.Errorf("obligation %+v, prints %+v", s.d.Obligations, s.d.Prints)
	}
	// A stop in the second phase counts in it alone.
	s.must(handlerOne, Input{Act: RequestSupplement, Reason: "Thiếu", Items: []string{"Biên lai"}, LegalGround: "Luật Thử"})
	s.now = day("2026-11-18").At(9 * 60)
	s.must(receptionist, Input{Act: Supply})
	if got := s.d.Deadline.DueOn; got != day("2026-11-23") {
		t.Errorf("due after a stop in the second phase = %v", got)
	}
}

func TestPlainObligation(t *testing.T) {
	s := handled(t)
	s.refused(handlerOne, Input{Act: Oblige, Reason: "Nộp thuế", Document: "7/TB", Amount: -1}, "dossier.amount_negative")
	s.must(handlerOne, Input{Act: Oblige, Reason: "Nộp thuế", Document: "7/TB"})
	if stop, open := s.d.Deadline.Stopped(); !open || stop.Kind != civil.StopObligation || s.d.Status != FinancialObligation {
		t.Fatalf("stop %+v, status %v", stop, s.d.Status)
	}
	s.now = s.now.AddDate(0, 0, 7)
	s.must(receptionist, Input{Act: Fulfil, Document: "BL 1"})
	if s.d.Status != Processing || s.d.Deadline.DueOn != day("2026-11-16") {
		t.Errorf("status %v, due %v", s.d.Status, s.d.Deadline.DueOn)
	}
}

// Limits keep what they were counted with: a cut-off hour, the end of the day.
func TestDeadlineKeepsItsRules(t *testing.T) {
	s := newStage(t, "2026-11-02T15:30:00+07:00")
	s.with = func(ctx *Context) { ctx.Cutoff, ctx.EndOfDay = 15*60, true }
	b := s.beginning()
	b.Limit = civil.Limit{Unit: civil.SameDay}
	e, err := Begin(s.context(receptionist), Receive, b, Input{})
	if err != nil {
		t.Fatal(err)
	}
	s.keep(e)
	if s.d.Deadline.DueOn != day("2026-11-03") || !s.d.DueInput().EndOfDay {
		t.Errorf("due %v by %+v", s.d.Deadline.DueOn, s.d.DueInput())
	}
}

func TestSupplementOverAnUnknownYear(t *testing.T) {
	s := handled(t)
	ask := Input{Act: RequestSupplement, Reason: "Thiếu", Items: []string{"Đơn"}}
	s.with = func(ctx *Context) { ctx.AnswerWithin = 1500 }
	s.refused(handlerOne, ask, "civil.year_unknown")
	s.with = nil
	ask.DueOn = day("2031-01-02")
	s.refused(handlerOne, ask, "civil.year_unknown")
	s.must(handlerOne, Input{Act: RequestSupplement, Reason: "Thiếu", Items: []string{"Đơn"}})
	s.now = day("2031-01-02").At(8 * 60)
	s.refused(receptionist, Input{Act: Supply}, "civil.year_unknown")
}

func TestAppointedWithoutAnApology(t *testing.T) {
	d := handled(t).d.Deadline
	if on, at := d.Appointed(); on != d.DueOn || !at.Equal(d.DueAt) {
		t.Errorf("appointed for %v, %v", on, at)
	}
	// A promise that moved behind the new day counts again.
	d.Apology = &Apology{DueOn: d.DueOn.AddDays(-1), DueAt: d.DueAt.AddDate(0, 0, -1)}
	if on, _ := d.Appointed(); on != d.DueOn {
		t.Errorf("appointed for %v, before the promise", on)
	}
}

// A damaged dossier that waits for nothing is not moved on by guessing.
func TestWaitingForNothingIsRefused(t *testing.T) {
	s := handled(t).must(handlerOne, Input{Act: RequestSupplement, Reason: "Thiếu", Items: []string{"Đơn"}})
	s.d.Supplements = nil
	for _, tt := range []struct {
		who access.Actor
		act Act
	}{{receptionist, Supply}, {clockwork, Remind}, {clockwork, ExpireSupplement}, {handlerOne, LapseSupplement}} {
		s.refused(tt.who, full(tt.act, s.d.Version), "dossier.no_supplement")
	}
}
