package procedure

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/motcua/motcua/internal/core/civil"
	"github.com/motcua/motcua/internal/core/fault"
)

func TestDecisionCheck(t *testing.T) {
	today := civil.NewDate(2026, 11, 23)
	good := Decision{No: "12/QĐ-UBND", On: today, Signer: "Nguyễn Văn Thử", Kind: AboutProcesses, Basis: OwnBasis}
	if err := good.Check(today); err != nil {
		t.Fatalf("a complete decision: %v", err)
	}
	for _, tt := range []struct {
		name  string
		spoil func(*Decision)
		field string
		key   string
	}{
		{"no number", func(d *Decision) { d.No = "" }, "decision.no", "procedure.decision_no"},
		{"a number of signs alone", func(d *Decision) { d.No = "//" }, "decision.no", "procedure.decision_no"},
		{"no day", func(d *Decision) { d.On = civil.Date{} }, "decision.on", "procedure.decision_on"},
		{"signed tomorrow", func(d *Decision) { d.On = today.AddDays(1) }, "decision.on", "procedure.decision_future"},
		{"nobody signed", func(d *Decision) { d.Signer = "" }, "decision.signer", "procedure.decision_signer"},
		{"about nothing known", func(d *Decision) { d.Kind = "weather" }, "decision.kind", "procedure.decision_kind"},
		{"on no basis", func(d *Decision) { d.Basis = "" }, "decision.basis", "procedure.decision_basis"},
		{"endless", func(d *Decision) { d.About = strings.Repeat("a", 1001) }, "decision.about", "procedure.decision_long"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			d := good
			tt.spoil(&d)
			f := fault.As(d.Check(today))
			if f == nil || f.Key != tt.key || f.Field != tt.field {
				t.Errorf("Check = %v, want %s at %s", f, tt.key, tt.field)
			}
		})
	}
}

func TestDecisionStream(t *testing.T) {
	on := civil.NewDate(2026, 11, 20)
	if a, b := DecisionID("12/QĐ-UBND", on), DecisionID(" 12 / qđ–ubnd", on); a != b || a != "12-qd-ubnd-2026-11-20" {
		t.Errorf("DecisionID = %q and %q", a, b)
	}
	encode := func(v any) []byte {
		b, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	d, err := ApplyDecision(Decision{}, EventDecided, encode(Decision{ID: "x", No: "12", On: on, Signer: "A"}))
	for range 2 {
		if err == nil {
			d, err = ApplyDecision(d, EventApplied, encode([]AnnexLine{{What: AnnexProcess, Effect: Opened, Code: "1.1"}, {What: AnnexLimit, Effect: Changed, Code: "1.1", After: &Limit{3, "ngay"}}}))
		}
	}
	if err != nil || len(d.Annex) != 4 || d.Changes != 2 || d.Summary()[Opened] != 2 || d.Summary()[Closed] != 0 {
		t.Errorf("decision = %+v, %v", d, err)
	}
	if _, err := ApplyDecision(d, "decision.sung", nil); err == nil {
		t.Error("an unknown event was applied")
	}
}
