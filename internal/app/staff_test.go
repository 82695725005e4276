package app_test

import (
	"testing"

	"github.com/motcua/motcua/internal/app"
	"github.com/motcua/motcua/internal/app/apptest"
	"github.com/motcua/motcua/internal/core/access"
	"github.com/motcua/motcua/internal/core/agency"
	"github.com/motcua/motcua/internal/store/storetest"
)

// An officer whom another agency sent for a term, with the blocks of his posts,
// stays so when his form is saved again.
func TestTermAndSignatureBlocks(t *testing.T) {
	w := apptest.SQLite(t)
	ctx := t.Context()
	admin := person(t, w, w.Centre().Code, access.Admin)
	sender, _ := others(t, w, w.Centre().Code)
	f := app.StaffForm{
		Login: "biet.phai", Name: "Đặng Văn Cử", Unit: w.Centre().Code, Roles: []access.Role{access.Reception}, Active: true,
		Secondment: &agency.Secondment{FromUnit: sender, From: "2026-11-01", To: "2027-10-31", Reserve: true},
		Signs:      "TM. ỦY BAN NHÂN DÂN | KT. CHỦ TỊCH | PHÓ CHỦ TỊCH\nTUQ. CHỦ TỊCH | CHÁNH VĂN PHÒNG",
	}
	for name, tt := range map[string]struct {
		change func(f *app.StaffForm)
		field  string
	}{
		"a term of two months":     {func(f *app.StaffForm) { f.Secondment.To = "2026-12-31" }, "secondment.to"},
		"no end":                   {func(f *app.StaffForm) { f.Secondment.To = "" }, "secondment.from"},
		"sent by his own unit":     {func(f *app.StaffForm) { f.Secondment.FromUnit = f.Unit }, "secondment.fromUnit"},
		"sent by nobody there is":  {func(f *app.StaffForm) { f.Secondment.FromUnit = "H99" }, "secondment.fromUnit"},
		"a block of no known kind": {func(f *app.StaffForm) { f.Signs = "XX. CHỦ TỊCH | PHÓ CHỦ TỊCH" }, "signs"},
	} {
		t.Run(name, func(t *testing.T) {
			wrong, term := f, *f.Secondment
			wrong.Secondment = &term
			tt.change(&wrong)
			if _, err := w.SaveStaff(ctx, admin, wrong); fields(err) != tt.field {
				t.Errorf("SaveStaff = %v, want a fault on %s", err, tt.field)
			}
		})
	}
	saved, err := w.SaveStaff(ctx, admin, f)
	if err != nil {
		t.Fatal(err)
	}
	got, err := w.StaffMember(ctx, admin, saved.ID)
	if err != nil || got.Secondment == nil || *got.Secondment != *f.Secondment || got.Signs != f.Signs {
		t.Fatalf("read again: %+v, %q, %v", got.Secondment, got.Signs, err)
	}
	page, err := w.Staff(ctx, admin, "biet.phai")
	if err != nil || len(page.Rows) != 1 || page.Rows[0].SentBy == "" || page.Rows[0].Over {
		t.Errorf("in the list: %+v, %v", page.Rows, err)
	}
	got.Secondment = nil
	if _, err := w.SaveStaff(ctx, admin, got); err != nil {
		t.Fatal(err)
	}
	if got, err = w.StaffMember(ctx, admin, saved.ID); err != nil || got.Secondment != nil || got.Signs != f.Signs {
		t.Errorf("after the term was taken away: %+v, %q, %v", got.Secondment, got.Signs, err)
	}
	storetest.Verify(t, w.Store())
}
