package app_test

import (
	"testing"
	"time"

	"github.com/motcua/motcua/internal/app"
	"github.com/motcua/motcua/internal/app/apptest"
	"github.com/motcua/motcua/internal/core/access"
	"github.com/motcua/motcua/internal/core/civil"
	"github.com/motcua/motcua/internal/core/dossier"
	"github.com/motcua/motcua/internal/core/fault"
)

// The leader is away: her deputy signs by delegation, a handler does her work but
// cannot sign, and both end by themselves.
func TestAbsence(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		ctx := t.Context()
		d := forwarded(t, w)
		leader := person(t, w, d.Agency, access.Leader)
		handlers := w.People(d.Agency, string(access.Handler))
		admin := person(t, w, w.Centre().Code, access.Admin)
		saved, err := w.SaveStaff(ctx, admin, app.StaffForm{Login: "pho.gd", Name: "Phạm Văn Phó", Unit: d.Agency, Roles: []access.Role{access.Leader}, Active: true})
		if err != nil {
			t.Fatal(err)
		}
		deputy := access.Actor{}
		for _, x := range w.People(d.Agency, string(access.Leader)) {
			if x.ID == saved.ID {
				deputy = x
			}
		}
		version := d.Version
		act := func(who access.Actor, in dossier.Input) error {
			in.Version = version
			now, err := w.Act(ctx, who, app.ActInput{Code: d.Code, Input: in})
			if err == nil {
				version = now.Version
			}
			return err
		}
		for _, step := range []struct {
			who access.Actor
			in  dossier.Input
		}{
			{handlers[0], dossier.Input{Act: dossier.ReceiveHandover}}, {handlers[0], dossier.Input{Act: dossier.Claim}},
			{handlers[0], dossier.Input{Act: dossier.Propose}},
		} {
			if err := act(step.who, step.in); err != nil {
				t.Fatalf("%s: %v", step.in.Act, err)
			}
		}
		today := civil.DateOf(w.Clock.Now())
		if _, err := w.RecordAbsence(ctx, handlers[1], app.AbsenceForm{Staff: leader.ID, From: today, To: today, Reason: "x"}); fault.KindOf(err) != fault.Forbidden {
			t.Errorf("a handler enters his leader's absence: %v", err)
		}
		away, err := w.RecordAbsence(ctx, leader, app.AbsenceForm{From: today, To: today.AddDays(1), Work: handlers[1].ID, Sign: deputy.ID, Reason: "Đi công tác", Document: "12/QĐ-UQ"})
		if err != nil {
			t.Fatal(err)
		}
		if err := act(handlers[1], dossier.Input{Act: dossier.Approve}); err == nil {
			t.Error("who does the work signs as well")
		}
		if err := act(deputy, dossier.Input{Act: dossier.Approve}); err != nil {
			t.Fatalf("the deputy approves: %v", err)
		}
		v, err := w.Dossier(ctx, leader, d.Code)
		if err != nil {
			t.Fatal(err)
		}
		if last := v.Timeline[len(v.Timeline)-1]; last.Act != dossier.Approve || last.Actor != deputy.Name {
			t.Errorf("last entry = %+v", last)
		}
		page, err := w.Absences(ctx, leader)
		if err != nil || len(page.Rows) != 1 || !page.Rows[0].Now || page.Rows[0].SignName != deputy.Name {
			t.Errorf("absences = %+v, %v", page.Rows, err)
		}
		w.Clock.Add(72 * time.Hour)
		if page, err = w.Absences(ctx, leader); err != nil || len(page.Rows) != 0 {
			t.Errorf("absences after their days = %+v, %v", page.Rows, err)
		}
		if err := w.EndAbsence(ctx, handlers[0], "", away.ID); fault.KindOf(err) != fault.Forbidden {
			t.Errorf("a stranger ends the absence: %v", err)
		}
	})
}

// An officer who holds work cannot go without somebody who takes it; the stand-in
// sees it in his inbox.
func TestAbsenceKeepsNothingAsleep(t *testing.T) {
	w := apptest.SQLite(t)
	ctx := t.Context()
	d := forwarded(t, w)
	handlers := w.People(d.Agency, string(access.Handler))
	d, err := w.Act(ctx, handlers[0], app.ActInput{Code: d.Code, Input: dossier.Input{Act: dossier.Claim, Version: d.Version}})
	if err != nil {
		t.Fatal(err)
	}
	today := civil.DateOf(w.Clock.Now())
	if _, err := w.RecordAbsence(ctx, handlers[0], app.AbsenceForm{From: today, To: today, Reason: "Nghỉ phép"}); fields(err) != "work" {
		t.Errorf("away with work in the inbox: %v", err)
	}
	if _, err := w.RecordAbsence(ctx, handlers[0], app.AbsenceForm{From: today, To: today, Reason: "Nghỉ phép", Work: handlers[1].ID}); err != nil {
		t.Fatal(err)
	}
	inbox, err := w.Inbox(ctx, handlers[1], app.InboxQuery{Tab: app.TabMine})
	if err != nil || len(inbox.Rows) != 1 || inbox.Rows[0].Code != d.Code {
		t.Errorf("the stand-in's inbox = %+v, %v", inbox.Rows, err)
	}
	if _, err := w.Act(ctx, handlers[1], app.ActInput{Code: d.Code, Input: dossier.Input{Act: dossier.ReceiveHandover, Version: d.Version}}); err != nil {
		t.Fatal(err)
	}
	view, err := w.Dossier(ctx, handlers[1], d.Code)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Act(ctx, handlers[1], app.ActInput{Code: d.Code, Input: dossier.Input{Act: dossier.Propose, Version: view.Version}}); err != nil {
		t.Errorf("the stand-in proposes: %v", err)
	}
	leader := person(t, w, d.Agency, access.Leader)
	again := forwarded(t, w)
	if _, err := w.Act(ctx, leader, app.ActInput{Code: again.Code, Input: dossier.Input{Act: dossier.Assign, Version: again.Version, Staff: handlers[0].ID}}); !fault.Is(err, "dossier.staff_away") {
		t.Errorf("work is given to somebody who is away: %v", err)
	}
}
