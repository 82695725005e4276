package app_test

import (
	"testing"
	"time"

	"github.com/motcua/motcua/internal/app"
	"github.com/motcua/motcua/internal/app/apptest"
	"github.com/motcua/motcua/internal/core/access"
	"github.com/motcua/motcua/internal/core/dossier"
	"github.com/motcua/motcua/internal/core/fault"
)

// newOfficer makes a reception officer with a password of his own.
func newOfficer(t *testing.T, w *apptest.World, login string) (access.Actor, app.StaffSaved) {
	t.Helper()
	admin := person(t, w, w.Centre().Code, access.Admin)
	saved, err := w.SaveStaff(t.Context(), admin, app.StaffForm{
		Login: login, Name: "Đặng Văn Mới", Title: "Cán bộ tiếp nhận", Unit: w.Centre().Code, Roles: []access.Role{access.Reception}, Active: true,
	})
	if err != nil {
		t.Fatal(err)
	}
	return admin, saved
}

func TestSignIn(t *testing.T) {
	w := apptest.SQLite(t)
	ctx := t.Context()
	admin, saved := newOfficer(t, w, "moi.dv")
	first, err := w.SignIn(ctx, app.SignInInput{Login: "moi.dv", Password: saved.Password})
	if err != nil || !first.MustChange || first.Actor.ID != saved.ID {
		t.Fatalf("sign in with the one-time password: %+v, %v", first, err)
	}
	who, err := w.Session(ctx, first.Token)
	if !fault.Is(err, "signin.must_change") || who.Unit != w.Centre().Code || !who.Is(access.Reception) {
		t.Errorf("session = %+v, %v", who, err)
	}
	for _, bad := range []struct{ current, next, field string }{
		{"wrong", "mot-mat-khau-dai", "current"}, {saved.Password, "ngan", "password"}, {saved.Password, "moi.dv-2026-abc", "password"},
		{saved.Password, "aaaaaaaaaaaa", "password"}, {saved.Password, saved.Password, "password"},
	} {
		if _, err := w.ChangePassword(ctx, who, bad.current, bad.next); fields(err) != bad.field {
			t.Errorf("ChangePassword(%q) = %v, want a fault on %s", bad.next, err, bad.field)
		}
	}
	next, err := w.ChangePassword(ctx, who, saved.Password, "mot-mat-khau-dai")
	if err != nil {
		t.Fatal(err)
	}
	if got, err := w.Session(ctx, next); err != nil || got.ID != saved.ID {
		t.Errorf("the session after a new password: %+v, %v", got, err)
	}
	if _, err := w.Session(ctx, first.Token); !fault.Is(err, "signin.expired") {
		t.Errorf("the old session after a new password: %v", err)
	}
	again, err := w.SignIn(ctx, app.SignInInput{Login: "moi.dv", Password: "mot-mat-khau-dai"})
	if err != nil || again.MustChange || again.Token == first.Token {
		t.Fatalf("sign in with the new password: %+v, %v", again, err)
	}
	if err := w.SetStaffActive(ctx, admin, "", saved.ID, false); err != nil {
		t.Fatal(err)
	}
	if _, err := w.Session(ctx, again.Token); !fault.Is(err, "signin.expired") {
		t.Errorf("the session of a disabled officer: %v", err)
	}
	if _, err := w.SignIn(ctx, app.SignInInput{Login: "moi.dv", Password: "mot-mat-khau-dai"}); !fault.Is(err, "signin.wrong") {
		t.Errorf("a disabled officer signs in: %v", err)
	}
	if err := w.SetStaffActive(ctx, admin, "", admin.ID, false); !fault.Is(err, "agency.disable_self") {
		t.Errorf("the administrator disables himself: %v", err)
	}
}

func TestSignInLocksAfterWrongTries(t *testing.T) {
	w := apptest.SQLite(t)
	ctx := t.Context()
	_, saved := newOfficer(t, w, "moi.dv")
	for i := range 5 {
		if _, err := w.SignIn(ctx, app.SignInInput{Login: "moi.dv", Password: "sai"}); !fault.Is(err, "signin.wrong") {
			t.Fatalf("wrong try %d: %v", i+1, err)
		}
	}
	if _, err := w.SignIn(ctx, app.SignInInput{Login: "moi.dv", Password: saved.Password}); !fault.Is(err, "signin.locked") {
		t.Errorf("the right password while locked: %v", err)
	}
	w.Clock.Add(16 * time.Minute)
	if _, err := w.SignIn(ctx, app.SignInInput{Login: "moi.dv", Password: saved.Password}); err != nil {
		t.Errorf("the right password after the lock: %v", err)
	}
	for i := range 6 { // an unknown login is answered, and locked, as a known one
		want := "signin.wrong"
		if i == 5 {
			want = "signin.locked"
		}
		if _, err := w.SignIn(ctx, app.SignInInput{Login: "khong-co", Password: "x"}); !fault.Is(err, want) {
			t.Errorf("an unknown login, try %d: %v, want %s", i+1, err, want)
		}
	}
	in, err := w.SignIn(ctx, app.SignInInput{Login: " MOI.DV", Password: saved.Password})
	if err != nil {
		t.Fatalf("a login in capitals: %v", err)
	}
	for range 5 {
		if _, err := w.ChangePassword(ctx, in.Actor, "sai", "mot-mat-khau-dai"); fields(err) != "current" {
			t.Errorf("a wrong present password: %v", err)
		}
	}
	if _, err := w.ChangePassword(ctx, in.Actor, saved.Password, "mot-mat-khau-dai"); !fault.Is(err, "signin.locked") {
		t.Errorf("the right present password after five guesses: %v", err)
	}
}

func TestSessionEndsWhenIdle(t *testing.T) {
	w := apptest.SQLite(t)
	ctx := t.Context()
	_, saved := newOfficer(t, w, "moi.dv")
	in, err := w.SignIn(ctx, app.SignInInput{Login: "moi.dv", Password: saved.Password})
	if err != nil {
		t.Fatal(err)
	}
	token, err := w.ChangePassword(ctx, in.Actor, saved.Password, "mot-mat-khau-dai")
	if err != nil {
		t.Fatal(err)
	}
	for range 3 { // active: it goes on
		w.Clock.Add(25 * time.Minute)
		if _, err := w.Session(ctx, token); err != nil {
			t.Fatalf("an active session: %v", err)
		}
	}
	w.Clock.Add(31 * time.Minute)
	if _, err := w.Session(ctx, token); !fault.Is(err, "signin.expired") {
		t.Errorf("a session after 31 idle minutes: %v", err)
	}
}

func TestStaffForm(t *testing.T) {
	w := apptest.SQLite(t)
	ctx := t.Context()
	admin, saved := newOfficer(t, w, "moi.dv")
	for name, tt := range map[string]struct {
		form  app.StaffForm
		field string
	}{
		"taken login":  {app.StaffForm{Login: "moi.dv", Name: "Ai Đó", Unit: w.Centre().Code, Roles: []access.Role{access.Reception}}, "login"},
		"bad login":    {app.StaffForm{Login: "A b", Name: "Ai Đó", Unit: w.Centre().Code, Roles: []access.Role{access.Reception}}, "login"},
		"no role":      {app.StaffForm{Login: "ai.do", Name: "Ai Đó", Unit: w.Centre().Code}, "roles"},
		"unknown role": {app.StaffForm{Login: "ai.do", Name: "Ai Đó", Unit: w.Centre().Code, Roles: []access.Role{"king"}}, "roles"},
		"unknown unit": {app.StaffForm{Login: "ai.do", Name: "Ai Đó", Unit: "H99", Roles: []access.Role{access.Reception}}, "unit"},
		"no name":      {app.StaffForm{Login: "ai.do", Unit: w.Centre().Code, Roles: []access.Role{access.Reception}}, "name"},
	} {
		if _, err := w.SaveStaff(ctx, admin, tt.form); fields(err) != tt.field {
			t.Errorf("%s: %v, want a fault on %s", name, err, tt.field)
		}
	}
	if _, err := w.SaveStaff(ctx, person(t, w, w.Centre().Code, access.Reception), app.StaffForm{}); fault.KindOf(err) != fault.Forbidden {
		t.Errorf("a counter officer administers staff: %v", err)
	}
	reset, err := w.ResetPassword(ctx, admin, "", saved.ID)
	if err != nil || reset.Password == "" || reset.Password == saved.Password {
		t.Errorf("reset: %v", err)
	}
	page, err := w.Staff(ctx, admin, "dang van moi")
	if err != nil || page.Total != 1 || page.Rows[0].Login != "moi.dv" {
		t.Errorf("staff found without marks: %+v, %v", page, err)
	}
}

// An officer cannot act on a dossier of his own: his number is known by its keyed
// index only.
func TestOwnDossier(t *testing.T) {
	w := apptest.SQLite(t)
	ctx := t.Context()
	admin := person(t, w, w.Centre().Code, access.Admin)
	f := form(anyReceivable(t, w))
	saved, err := w.SaveStaff(ctx, admin, app.StaffForm{
		Login: "tu.nop", Name: "Nguyễn Thị Thử Nghiệm", Unit: w.Centre().Code, Roles: []access.Role{access.Reception}, Active: true, PersonalID: f.Owner.PersonalID,
	})
	if err != nil {
		t.Fatal(err)
	}
	var self, other access.Actor
	for _, p := range w.People(w.Centre().Code, string(access.Reception)) {
		if p.ID == saved.ID {
			self = p
		} else {
			other = p
		}
	}
	if _, err := w.ReceiveDossier(ctx, self, f); fault.KindOf(err) != fault.Forbidden {
		t.Errorf("an officer receives his own dossier: %v", err)
	}
	got, err := w.ReceiveDossier(ctx, other, f)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Act(ctx, self, app.ActInput{Code: got.Code, Input: dossier.Input{Act: dossier.Forward, Version: got.Version}}); fault.KindOf(err) != fault.Forbidden {
		t.Errorf("an officer forwards his own dossier: %v", err)
	}
	if _, err := w.SaveStaff(ctx, admin, app.StaffForm{Login: "sai.so", Name: "Ai Đó", Unit: w.Centre().Code, Roles: []access.Role{access.Reception}, PersonalID: "12"}); fields(err) != "personalId" {
		t.Errorf("a wrong personal number: %v", err)
	}
}
