package ruleset_test

import (
	"reflect"
	"slices"
	"testing"

	"github.com/motcua/motcua/internal/civildata"
	"github.com/motcua/motcua/internal/core/civil"
	"github.com/motcua/motcua/internal/core/dossier"
	"github.com/motcua/motcua/internal/core/fault"
	"github.com/motcua/motcua/internal/core/ruleset"
	"github.com/motcua/motcua/internal/i18n"
)

func on(t *testing.T, s string) civil.Date {
	t.Helper()
	d, err := civil.ParseDate(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func set(t *testing.T, day string) ruleset.Set {
	t.Helper()
	s, err := ruleset.On(on(t, day))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// Each part begins on its own day and leaves the rest as it was.
func TestOn(t *testing.T) {
	for _, tt := range []struct {
		day, name string
		policy    civil.Policy
		code      ruleset.CodeForm
		clock     ruleset.ClockStart
		register  string // number of the register, which shows the forms in force
		online    int
		parts     int
	}{
		{"2015-06-25", "qd09", civil.Restart, ruleset.Agency13, ruleset.AtReception, "", 0, 4},
		{"2018-06-20", "qd09", civil.Restart, ruleset.Agency13, ruleset.AtReception, "", 0, 4},
		{"2018-06-21", "nd61", civil.Restart, ruleset.Agency13, ruleset.AtReception, "", 0, 5},
		{"2019-01-05", "nd61", civil.Restart, ruleset.Agency13, ruleset.AtReception, "", 0, 5},
		{"2019-01-06", "nd61", civil.Restart, ruleset.Agency13, ruleset.AtReception, "06", 0, 6},
		{"2020-05-22", "nd61", civil.Restart, ruleset.Agency13, ruleset.AtReception, "06", 8, 7},
		{"2020-09-14", "nd61", civil.Restart, ruleset.Agency13, ruleset.AtReception, "06", 8, 7},
		{"2020-09-15", "nd61", civil.Restart, ruleset.AgencyShort, ruleset.AtReception, "06", 8, 8},
		{"2021-12-05", "nd61", civil.Restart, ruleset.AgencyShort, ruleset.AtReception, "06", 8, 8},
		{"2021-12-06", "nd107", civil.Restart, ruleset.AgencyShort, ruleset.AtReception, "06", 8, 9},
		{"2025-06-30", "nd107", civil.Restart, ruleset.AgencyShort, ruleset.AtReception, "06", 8, 9},
		{"2025-07-01", "nd118", civil.Pause, ruleset.AgencyShort, ruleset.AtReception, "06", 8, 10},
		{"2025-09-14", "nd118", civil.Pause, ruleset.AgencyShort, ruleset.AtReception, "06", 8, 10},
		{"2025-09-15", "nd118", civil.Pause, ruleset.AgencyShort, ruleset.AtReception, "07", 8, 11},
		{"2025-12-31", "nd118", civil.Pause, ruleset.AgencyShort, ruleset.AtReception, "07", 8, 12},
		{"2026-08-04", "nd118", civil.Pause, ruleset.AgencyShort, ruleset.AtReception, "07", 8, 12},
		{"2026-08-05", "nd309", civil.Pause, ruleset.AgencyShort, ruleset.AtArrival, "07", 8, 13},
		{"2030-01-01", "nd309", civil.Pause, ruleset.AgencyShort, ruleset.AtArrival, "07", 8, 13},
	} {
		t.Run(tt.day, func(t *testing.T) {
			got := set(t, tt.day)
			register, ok := got.Form(ruleset.Register)
			if got.Name != tt.name || got.Policy != tt.policy || got.Code != tt.code || got.Clock != tt.clock || got.OnlineAnswer != tt.online {
				t.Errorf("On = %s %s %s %s %d", got.Name, got.Policy, got.Code, got.Clock, got.OnlineAnswer)
			}
			if !ok || register.Number != tt.register || len(got.Parts) != tt.parts {
				t.Errorf("register %v, %d parts", register, len(got.Parts))
			}
			if got.SupplementWithin != 3 || got.PaperCutoff.String() != "15:00" || got.EndOfDay {
				t.Errorf("supplement within %d, cut-off %v, end of day %v", got.SupplementWithin, got.PaperCutoff, got.EndOfDay)
			}
			if got.Elsewhere(true) != (tt.clock == ruleset.AtArrival) || got.Elsewhere(false) {
				t.Error("Elsewhere is wrong")
			}
		})
	}
	_, err := ruleset.On(on(t, "2015-06-24"))
	if !fault.Is(err, "ruleset.before_all") {
		t.Errorf("error = %v", err)
	}
}

func TestByName(t *testing.T) {
	for name, day := range map[string]string{"qd09": "2018-06-20", "nd61": "2021-12-05", "nd107": "2025-06-30", "nd118": "2026-08-04", "nd309": "2026-08-05"} {
		got, err := ruleset.ByName(name)
		if err != nil || !reflect.DeepEqual(got, set(t, day)) {
			t.Errorf("ByName(%s) = %v, %v, want that of %s", name, got, err, day)
		}
	}
	for _, name := range []string{"", "nd367", "tt01", "ND61"} {
		if _, err := ruleset.ByName(name); !fault.Is(err, "ruleset.unknown") {
			t.Errorf("ByName(%q): %v", name, err)
		}
	}
	if got := ruleset.Names(); !slices.Equal(got, []string{"qd09", "nd61", "nd107", "nd118", "nd309"}) {
		t.Errorf("Names = %v", got)
	}
}

// The numbers shifted in 2025; what a form is for did not.
func TestForms(t *testing.T) {
	for _, tt := range []struct{ day, id, number, name, ref string }{
		{"2018-12-01", ruleset.Receipt, "", "Giấy tiếp nhận hồ sơ và hẹn trả kết quả", ""},
		{"2019-07-05", ruleset.Receipt, "01", "Giấy tiếp nhận hồ sơ và hẹn trả kết quả", "TT 01/2018/TT-VPCP"},
		{"2019-07-05", ruleset.SupplementRequest, "02", "Phiếu yêu cầu bổ sung, hoàn thiện hồ sơ", "TT 01/2018/TT-VPCP"},
		{"2019-07-05", ruleset.Refusal, "03", "Phiếu từ chối tiếp nhận giải quyết hồ sơ", "TT 01/2018/TT-VPCP"},
		{"2019-07-05", ruleset.Apology, "04", "Phiếu xin lỗi và hẹn lại ngày trả kết quả", "TT 01/2018/TT-VPCP"},
		{"2019-07-05", ruleset.ControlSlip, "05", "Phiếu kiểm soát quá trình giải quyết hồ sơ", "TT 01/2018/TT-VPCP"},
		{"2019-07-05", ruleset.Register, "06", "Sổ theo dõi hồ sơ", "TT 01/2018/TT-VPCP"},
		{"2019-07-05", ruleset.StopNotice, "", "Thông báo dừng giải quyết hồ sơ", ""},
		{"2026-11-24", ruleset.Receipt, "01", "Giấy tiếp nhận hồ sơ và hẹn trả kết quả", "TT 03/2025/TT-VPCP"},
		{"2026-11-24", ruleset.Apology, "04", "Văn bản xin lỗi và đề nghị gia hạn thời gian giải quyết", "TT 03/2025/TT-VPCP"},
		{"2026-11-24", ruleset.StopNotice, "05", "Thông báo dừng giải quyết hồ sơ", "TT 03/2025/TT-VPCP"},
		{"2026-11-24", ruleset.ControlSlip, "06", "Phiếu kiểm soát quá trình giải quyết hồ sơ", "TT 03/2025/TT-VPCP"},
		{"2026-11-24", ruleset.Register, "07", "Sổ theo dõi hồ sơ", "TT 03/2025/TT-VPCP"},
		{"2026-11-24", ruleset.ReturnReceipt, "", "Giấy biên nhận trả kết quả", ""},
		{"2026-11-24", ruleset.FeeReceipt, "", "Biên lai thu tiền phí, lệ phí", ""},
	} {
		want := ruleset.Form{ID: tt.id, Number: tt.number, Name: tt.name, Ref: tt.ref}
		if got, ok := set(t, tt.day).Form(tt.id); !ok || got != want {
			t.Errorf("on %s: Form(%s) = %v, %v, want %v", tt.day, tt.id, got, ok, want)
		}
	}
	if f, ok := set(t, "2026-11-24").Form("01"); ok {
		t.Errorf("a form is named by its number: %v", f)
	}
	for day, want := range map[string]int{"2018-12-01": 0, "2019-07-05": 6, "2026-11-24": 7} {
		forms := set(t, day).Forms()
		if len(forms) != want {
			t.Errorf("%s: %d numbered forms, want %d", day, len(forms), want)
		}
		for i, f := range forms {
			if f.Number != "0"+string(rune('1'+i)) {
				t.Errorf("%s: form %d has number %s", day, i, f.Number)
			}
		}
	}
}

// Every slip that an act produces can be printed under every set.
func TestEveryActHasItsForm(t *testing.T) {
	for _, day := range []string{"2018-06-21", "2019-07-05", "2026-11-24"} {
		for _, tr := range dossier.Transitions() {
			if tr.Form == "" {
				continue
			}
			if f, ok := set(t, day).Form(tr.Form); !ok || f.Name == "" {
				t.Errorf("on %s the form %s of %s is unknown", day, tr.Form, tr.Act)
			}
		}
	}
}

func TestSupplementRules(t *testing.T) {
	s := set(t, "2026-11-24")
	if got := s.SupplementRule(ruleset.SupplementAtReception); got.Most != 1 || got.Within != 0 {
		t.Errorf("at reception: %v", got)
	}
	if got := s.SupplementRule(ruleset.SupplementAtExamination); got.Most != 1 || got.Within != s.SupplementWithin {
		t.Errorf("at examination: %v", got)
	}
	if got := s.SupplementRule("later"); got != (ruleset.SupplementRule{}) {
		t.Errorf("of no kind: %v", got)
	}
}

func TestExpiry(t *testing.T) {
	e := set(t, "2026-11-24").Expiry
	if e.Days != 30 {
		t.Fatalf("expires after %d days", e.Days)
	}
	got, err := e.On(civildata.Default(), on(t, "2026-11-26"))
	if err != nil || got.String() != "2026-12-28" { // the 26th is a Saturday
		t.Errorf("expires on %v, %v", got, err)
	}
	days := e.Reminders(got)
	if len(days) != 2 || days[0].String() != "2026-12-21" || days[1].String() != "2026-12-27" {
		t.Errorf("reminders on %v", days)
	}
	if _, err := e.On(civildata.Default(), on(t, "2027-12-20")); !fault.Is(err, "civil.year_unknown") {
		t.Errorf("error = %v", err)
	}
}

func TestApology(t *testing.T) {
	a := set(t, "2026-11-24").Apology
	if a.Most != 1 {
		t.Errorf("%d re-appointments", a.Most)
	}
	for due, want := range map[string]string{"2026-11-25": "2026-11-23", "2026-02-23": "2026-02-13", "2026-11-30": "2026-11-27"} {
		if got, err := a.By(civildata.Default(), on(t, due)); err != nil || got.String() != want {
			t.Errorf("due %s: apology by %v, %v, want %s", due, got, err, want)
		}
	}
}

// The ladder climbs: handler, leader, centre, and all before the apology's day.
func TestLadder(t *testing.T) {
	s := set(t, "2026-11-24")
	var to []ruleset.Listener
	last := ""
	for _, r := range s.Ladder {
		at, err := r.At(civildata.Default(), on(t, "2026-02-23")) // just after Tết
		if err != nil {
			t.Fatal(err)
		}
		if text := at.Format("2006-01-02 15:04"); text <= last {
			t.Errorf("%s is warned at %s, after %s", r.To, text, last)
		} else {
			last = text
		}
		if r.Before < s.Apology.Before {
			t.Errorf("%s is warned after notice was due", r.To)
		}
		to = append(to, r.To)
	}
	if !slices.Equal(to, []ruleset.Listener{ruleset.Handler, ruleset.Leader, ruleset.Centre}) || last != "2026-02-13 07:30" {
		t.Errorf("warned %v, the last at %s", to, last)
	}
	if at, err := (ruleset.Rung{To: ruleset.Centre}).At(civildata.Default(), on(t, "2026-11-25")); err != nil || at.Format("2006-01-02 15:04") != "2026-11-25 07:30" {
		t.Errorf("a warning on the day itself goes out at %v, %v", at, err)
	}
	if _, err := s.Ladder[0].At(civildata.Default(), on(t, "2018-01-02")); !fault.Is(err, "civil.year_unknown") {
		t.Errorf("error = %v", err)
	}
}

// The table is in order, and says where each part stands.
func TestParts(t *testing.T) {
	all := ruleset.Parts()
	ids := map[string]bool{}
	for i, p := range all {
		if i > 0 && p.From.Before(all[i-1].From) {
			t.Errorf("%s stands after a later part", p.ID)
		}
		if ids[p.ID] || p.ID == "" || p.Title == "" || p.Ref == "" || p.From.IsZero() {
			t.Errorf("part %v", p)
		}
		ids[p.ID] = true
	}
	var open []string
	for _, p := range set(t, "2026-11-24").ToConfirm() {
		open = append(open, p.ID)
	}
	if want := []string{"qd09", "supplement-expiry", "warning-ladder", "uncollected", "nd45", "nd107", "nd118", "nd367"}; !slices.Equal(open, want) {
		t.Errorf("to confirm: %v, want %v", open, want)
	}
	if got := len(set(t, "2026-11-24").Parts); got != len(all) {
		t.Errorf("%d parts in force, want %d: asking what is open changed them", got, len(all))
	}
}

func TestEveryWordHasASentence(t *testing.T) {
	for _, key := range []string{
		"ruleset.clock." + string(ruleset.AtReception), "ruleset.clock." + string(ruleset.AtArrival),
		"ruleset.listener." + string(ruleset.Handler), "ruleset.listener." + string(ruleset.Leader), "ruleset.listener." + string(ruleset.Centre),
		"ruleset.supplement." + string(ruleset.SupplementAtReception), "ruleset.supplement." + string(ruleset.SupplementAtExamination),
	} {
		if !i18n.Default().Has(key) {
			t.Errorf("%s has no sentence", key)
		}
	}
	_, err := ruleset.ByName("nd1")
	if got := i18n.Default().Fault("vi", fault.As(err)); got != "Không có bộ quy định “nd1”. Hãy chọn một trong: qd09, nd61, nd107, nd118, nd309." {
		t.Errorf("sentence = %s", got)
	}
}
