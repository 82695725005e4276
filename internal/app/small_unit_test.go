package app_test

import (
	"testing"

	"github.com/motcua/motcua/internal/app"
	"github.com/motcua/motcua/internal/app/apptest"
	"github.com/motcua/motcua/internal/core/access"
	"github.com/motcua/motcua/internal/core/agency"
	"github.com/motcua/motcua/internal/core/civil"
	"github.com/motcua/motcua/internal/core/fault"
	"github.com/motcua/motcua/internal/store/storetest"
)

// A commune with one officer is listed by two people, on a document; the list
// loses its force with the entry, and with the third officer.
func TestListOfSmallUnits(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		ctx := t.Context()
		entered, confirms := admin(t, w), director(t, w)
		today := civil.DateOf(w.Now())
		commune := aCommune(t, w)
		officer := func(n string) agency.Staff {
			return agency.Staff{ID: "0190c000-0000-7000-8000-00000000000" + n, Name: "Cán Bộ Xã", Login: "xa." + n + "x", Unit: commune, Roles: []string{"reception", "handler", "leader", "clerk"}}
		}
		people := func(list ...agency.Staff) {
			t.Helper()
			if err := w.RecordPeople(ctx, access.Operator("test"), list); err != nil {
				t.Fatal(err)
			}
		}
		holds := func() bool {
			t.Helper()
			page, err := w.SmallUnits(ctx, confirms)
			if err != nil || len(page.Rows) != 1 {
				t.Fatalf("%d entries, %v", len(page.Rows), err)
			}
			return page.Rows[0].Holds
		}
		f := app.SmallUnitForm{Unit: commune, Document: "12/QĐ-UBND", SignedOn: today, Signer: "Người Ký", Ground: "Chỉ có một công chức", From: today}
		if _, err := w.ProposeSmallUnit(ctx, entered, f); !fault.Is(err, "small_unit.people") {
			t.Errorf("a commune without people: %v", err)
		}
		people(officer("1"))
		if _, err := w.ProposeSmallUnit(ctx, confirms, f); fault.KindOf(err) != fault.Forbidden {
			t.Errorf("the director enters a unit: %v", err)
		}
		s, err := w.ProposeSmallUnit(ctx, entered, f)
		if err != nil {
			t.Fatal(err)
		}
		if holds() {
			t.Error("an entry that waits holds")
		}
		if err := w.ConfirmSmallUnit(ctx, entered, "", s.ID); !fault.Is(err, "small_unit.second_person") {
			t.Errorf("who entered it confirms it: %v", err)
		}
		if err := w.ConfirmSmallUnit(ctx, confirms, "", s.ID); err != nil {
			t.Fatal(err)
		}
		if !holds() {
			t.Error("a confirmed entry does not hold")
		}
		people(officer("2"), officer("3"))
		if holds() {
			t.Error("three officers are enough to separate duties")
		}
		w.Clock.Set(w.Clock.Now().AddDate(0, 0, 1))
		if err := w.RemoveSmallUnit(ctx, entered, "", s.ID); err != nil {
			t.Fatal(err)
		}
		if err := w.RemoveSmallUnit(ctx, entered, "", s.ID); !fault.Is(err, "small_unit.decided") {
			t.Errorf("ended twice: %v", err)
		}
		storetest.Verify(t, w.Store())
	})
}

func aCommune(t *testing.T, w *apptest.World) string {
	t.Helper()
	units, err := w.UnitsOn(admin(t, w), civil.DateOf(w.Now()).String())
	if err != nil {
		t.Fatal(err)
	}
	for _, u := range units {
		if len(u.Code) == 5 && len(w.People(u.Code, "leader")) == 0 {
			return u.Code
		}
	}
	t.Fatal("no commune")
	return ""
}
