package agency

import (
	"testing"

	"github.com/motcua/motcua/internal/core/civil"
	"github.com/motcua/motcua/internal/core/fault"
)

func TestSmallUnit(t *testing.T) {
	today := civil.NewDate(2026, 11, 24)
	commune := Unit{Code: "24769", Name: "Đam Rông 1", Kind: Area, Level: Commune}
	good := SmallUnit{Unit: "24769", Document: "12/QĐ-UBND", SignedOn: today, Signer: "Người Ký", Ground: "Chỉ có một công chức", From: today, State: SmallUnitListed}
	for _, tt := range []struct {
		name       string
		change     func(s *SmallUnit, u *Unit, people *int)
		field, key string
	}{
		{"as it should be", func(*SmallUnit, *Unit, *int) {}, "", ""},
		{"no unit", func(_ *SmallUnit, u *Unit, _ *int) { *u = Unit{} }, "unit", "small_unit.unit"},
		{"a department", func(_ *SmallUnit, u *Unit, _ *int) { u.Kind, u.Level = Department, Province }, "unit", "small_unit.commune"},
		{"enough people", func(_ *SmallUnit, _ *Unit, n *int) { *n = Smallest }, "unit", "small_unit.people"},
		{"nobody", func(_ *SmallUnit, _ *Unit, n *int) { *n = 0 }, "unit", "small_unit.people"},
		{"no document", func(s *SmallUnit, _ *Unit, _ *int) { s.Document = "" }, "document", "small_unit.document"},
		{"signed tomorrow", func(s *SmallUnit, _ *Unit, _ *int) { s.SignedOn = today.AddDays(1) }, "signedOn", "small_unit.signed_on"},
		{"no signer", func(s *SmallUnit, _ *Unit, _ *int) { s.Signer = "" }, "signer", "small_unit.signer"},
		{"no ground", func(s *SmallUnit, _ *Unit, _ *int) { s.Ground = "" }, "ground", "small_unit.ground"},
		{"from yesterday", func(s *SmallUnit, _ *Unit, _ *int) { s.From = today.AddDays(-1) }, "from", "small_unit.from"},
		{"ends before it begins", func(s *SmallUnit, _ *Unit, _ *int) { s.To = today.AddDays(-1) }, "to", "small_unit.to"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s, u, people := good, commune, 1
			tt.change(&s, &u, &people)
			f := fault.As(s.Check(u, people, today))
			if tt.key == "" && f != nil || tt.key != "" && (f == nil || f.Field != tt.field || f.Key != tt.key) {
				t.Errorf("Check = %v, want %s at %s", f, tt.key, tt.field)
			}
		})
	}
	ended := good
	ended.To = today
	proposed := good
	proposed.State = SmallUnitProposed
	if good.On(today.AddDays(-1)) || !good.On(today.AddDays(400)) || !ended.On(today) || ended.On(today.AddDays(1)) || proposed.On(today) {
		t.Error("the days of an entry")
	}
}
