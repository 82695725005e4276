package agency

import (
	"strings"
	"testing"

	"github.com/motcua/motcua/internal/core/civil"
	"github.com/motcua/motcua/internal/core/fault"
)

func TestCheckAbsence(t *testing.T) {
	day := func(d int) civil.Date { return civil.NewDate(2026, 11, d) }
	people := map[string]Staff{
		"lead": {ID: "lead", Name: "Lan", Unit: "so", Roles: []string{"leader"}}, "deputy": {ID: "deputy", Name: "Bình", Unit: "so", Roles: []string{"leader"}},
		"hand": {ID: "hand", Name: "Hải", Unit: "so", Roles: []string{"handler"}}, "far": {ID: "far", Name: "Xa", Unit: "khac", Roles: []string{"leader"}},
		"gone": {ID: "gone", Name: "Cũ", Unit: "so", Roles: []string{"leader"}, Disabled: true},
	}
	others := []Absence{{ID: "x", Staff: "deputy", From: day(28), To: day(30), Reason: "nghỉ"}, {ID: "y", Staff: "lead", From: day(10), To: day(12), Reason: "họp", Ended: true}}
	good := Absence{ID: "a", Staff: "lead", From: day(24), To: day(26), Work: "hand", Sign: "deputy", Reason: "Đi công tác", Document: "12/QĐ"}
	tests := []struct {
		name   string
		change func(*Absence)
		fields string
	}{
		{"right", func(*Absence) {}, ""},
		{"over an absence that was taken back", func(a *Absence) { a.From, a.To = day(24), day(24) }, ""},
		{"ends before it begins", func(a *Absence) { a.To = day(20) }, "to"},
		{"over", func(a *Absence) { a.From, a.To = day(10), day(12) }, "to"},
		{"longer than a year", func(a *Absence) { a.To = a.From.AddDays(366) }, "to sign"},
		{"no reason", func(a *Absence) { a.Reason = " " }, "reason"},
		{"work sleeps", func(a *Absence) { a.Work = "" }, "work"},
		{"stands in for himself", func(a *Absence) { a.Work = "lead" }, "work"},
		{"stand-in of another unit", func(a *Absence) { a.Work = "far" }, "work"},
		{"stand-in has left", func(a *Absence) { a.Sign = "gone" }, "sign"},
		{"handler signs", func(a *Absence) { a.Sign = "hand" }, "sign"},
		{"signature without a document", func(a *Absence) { a.Document = "" }, "document"},
		{"stand-in is away too", func(a *Absence) { a.To = day(28) }, "sign"},
		{"unknown officer", func(a *Absence) { a.Staff = "nobody" }, "staff"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			a := good
			tt.change(&a)
			err := CheckAbsence(a, day(24), people, others, 3)
			got := map[string]bool{}
			if f := fault.As(err); f != nil {
				for _, one := range f.Each() {
					got[one.Field] = true
				}
			}
			for _, want := range strings.Fields(tt.fields) {
				if !got[want] {
					t.Errorf("error = %v, want a fault on %s", err, want)
				}
			}
			if tt.fields == "" && err != nil {
				t.Errorf("refused: %v", err)
			}
		})
	}
	if err := CheckAbsence(Absence{ID: "b", Staff: "lead", From: day(26), To: day(27), Reason: "nghỉ"}, day(24), people, []Absence{good}, 0); !fault.Is(err, "agency.absence_twice") {
		t.Errorf("two absences at once: %v", err)
	}
	if good.On(day(23)) || !good.On(day(24)) || !good.On(day(26)) || good.On(day(27)) {
		t.Error("an absence holds on its days, both included, and on no other")
	}
}
