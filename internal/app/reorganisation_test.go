package app_test

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/motcua/motcua/internal/app"
	"github.com/motcua/motcua/internal/app/apptest"
	"github.com/motcua/motcua/internal/core/access"
	"github.com/motcua/motcua/internal/core/agency"
	"github.com/motcua/motcua/internal/core/civil"
	"github.com/motcua/motcua/internal/core/dossier"
	"github.com/motcua/motcua/internal/core/fault"
)

// admin is who enters changes of the organisation, director who approves them.
func admin(t *testing.T, w *apptest.World) access.Actor {
	t.Helper()
	return access.Actor{ID: "s-admin", Name: "Quản Trị", Roles: []access.Role{access.Admin}}
}

func director(t *testing.T, w *apptest.World) access.Actor {
	t.Helper()
	who, ok := w.Person("director")
	if !ok {
		t.Fatal("no director")
	}
	return who
}

// merging is a change of today by which one agency goes into another.
func merging(w *apptest.World, from, to string) app.ReorganisationForm {
	return app.ReorganisationForm{Change: agency.Change{
		On: civil.DateOf(w.Now()).String(), Document: "45/NQ-HĐND", SignedOn: "2026-01-05", Signer: "Người Ký Thử", Reason: "Tinh gọn bộ máy",
		Steps: []agency.Step{{Act: agency.MergeUnits, Units: []string{from}, Into: []agency.NewUnit{{Code: to}}}},
	}}
}

// reorganise proposes and approves a change.
func reorganise(t *testing.T, w *apptest.World, f app.ReorganisationForm) agency.Reorganisation {
	t.Helper()
	r, err := w.ProposeReorganisation(t.Context(), admin(t, w), f)
	if err != nil {
		t.Fatalf("propose: %v", err)
	}
	got, err := w.ApproveReorganisation(t.Context(), director(t, w), "", r.ID)
	if err != nil {
		t.Fatalf("approve: %v", err)
	}
	return got
}

// worksNow is an officer as he acts now, in one of the units.
func worksNow(t *testing.T, w *apptest.World, id string, units ...string) access.Actor {
	t.Helper()
	for _, unit := range units {
		for _, who := range w.People(unit, "handler") {
			if who.ID == id {
				return who
			}
		}
	}
	t.Fatalf("%s works in none of %v", id, units)
	return access.Actor{}
}

// The whole house follows a merger, goes back while nothing stands on it, and
// cannot go back afterwards.
func TestMergerOfTwoAgencies(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		ctx := t.Context()
		ended := begin(t, w, 5)
		ended.act(ended.counter, dossier.Input{Act: dossier.Withdraw, Reason: "Người nộp rút"})
		c := begin(t, w, 5).handled()
		to, _ := others(t, w, c.Agency)
		promise, from := c.Deadline, c.Agency

		f := merging(w, from, to)
		report, err := w.PreviewReorganisation(ctx, admin(t, w), f)
		if err != nil {
			t.Fatal(err)
		}
		if u := report.Units[0]; len(report.Units) != 1 || u.Dossiers != 1 || u.Staff == 0 || len(u.Counters) == 0 || u.To != to {
			t.Errorf("report = %+v", report.Units)
		}
		r, err := w.ProposeReorganisation(ctx, admin(t, w), f)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.ApproveReorganisation(ctx, admin(t, w), "", r.ID); !fault.Is(err, "reorganisation.second_person") {
			t.Errorf("its author approves it: %v", err)
		}
		if _, err := w.ApproveReorganisation(ctx, c.handler, "", r.ID); !fault.Is(err, "access.denied") {
			t.Errorf("a handler approves it: %v", err)
		}
		if r, err = w.ApproveReorganisation(ctx, director(t, w), "", r.ID); err != nil || r.State != agency.ReorganisationDone || r.Progress.Moved != 1 {
			t.Fatalf("approved: %v, %s, %+v", err, r.State, r.Progress)
		}

		heir := person(t, w, to, access.Handler)
		v, err := w.Dossier(ctx, heir, c.Name())
		if err != nil {
			t.Fatalf("an officer of the successor: %v", err)
		}
		if diff := cmp.Diff(promise, v.Deadline); diff != "" || v.Agency != to || v.Dossier.Code != c.Code {
			t.Errorf("lies with %s, promise (-before +after):\n%s", v.Agency, diff)
		}
		handler := worksNow(t, w, c.handler.ID, from, to)
		if handler.Unit != to || v.Tasks[0].Holder != c.handler.ID {
			t.Errorf("the handler works in %s, the task is held by %s", handler.Unit, v.Tasks[0].Holder)
		}
		if old, err := w.Dossier(ctx, heir, ended.Name()); err != nil || old.Agency != from {
			t.Errorf("the archive: %v, of %s", err, old.Agency)
		}
		if got := begin(t, w, 5); got.Agency != to { // the catalogue still names the one that ended
			t.Errorf("a new dossier goes to %s", got.Agency)
		}

		if r, err = w.UndoReorganisation(ctx, director(t, w), app.UndoForm{ID: r.ID, Reason: "Nghị quyết lùi ngày"}); err != nil || r.State != agency.ReorganisationUndone || r.Progress.Moved != 0 {
			t.Fatalf("undone: %v, %s, %+v", err, r.State, r.Progress)
		}
		if d := c.again(); d.Agency != from || d.Tasks[0].Unit != from {
			t.Errorf("went back to %s", d.Agency)
		}
		if handler = worksNow(t, w, c.handler.ID, from, to); handler.Unit != from {
			t.Errorf("the handler works in %s", handler.Unit)
		}

		r = reorganise(t, w, f)
		c.again()
		handler = worksNow(t, w, c.handler.ID, from, to)
		c.act(handler, dossier.Input{Act: dossier.Propose, Outcome: dossier.OutcomeApprove})
		if _, err := w.UndoReorganisation(ctx, director(t, w), app.UndoForm{ID: r.ID, Reason: "Thử"}); !fault.Is(err, "dossier.succession_used") {
			t.Errorf("undone under later work: %v", err)
		}
	})
}

func TestChangeWaitsForItsDay(t *testing.T) {
	w := apptest.SQLite(t)
	c := begin(t, w, 5).handled()
	to, _ := others(t, w, c.Agency)
	f := merging(w, c.Agency, to)
	f.On = civil.DateOf(w.Now()).AddDays(1).String()
	r := reorganise(t, w, f)
	if r.State != agency.ReorganisationApproved || c.again().Agency == to {
		t.Fatalf("before its day: %s", r.State)
	}
	if err := w.ApplyDueReorganisations(t.Context()); err != nil || c.again().Agency == to {
		t.Fatalf("before its day: %v", err)
	}
	w.Clock.Add(24 * time.Hour)
	if err := w.ApplyDueReorganisations(t.Context()); err != nil || c.again().Agency != to {
		t.Errorf("on its day: %v, %s", err, c.Agency)
	}
}

func TestWrongChangesAreRefused(t *testing.T) {
	w := apptest.SQLite(t)
	c := begin(t, w, 5).handled()
	ctx, who := t.Context(), admin(t, w)
	if _, err := w.ProposeReorganisation(ctx, c.handler, merging(w, c.Agency, "ubnd-tinh")); !fault.Is(err, "access.denied") {
		t.Errorf("a handler proposes: %v", err)
	}
	f := merging(w, c.Agency, "x")
	f.Steps = []agency.Step{{Act: agency.CloseUnit, Units: []string{c.Agency}}}
	if _, err := w.ProposeReorganisation(ctx, who, f); !fault.Is(err, "agency.change_open_work") {
		t.Errorf("closed over open work: %v", err)
	}
	to, other := others(t, w, c.Agency)
	first, err := w.ProposeReorganisation(ctx, who, merging(w, c.Agency, to))
	if err != nil {
		t.Fatal(err)
	}
	reorganise(t, w, merging(w, c.Agency, other))
	if _, err := w.ApproveReorganisation(ctx, director(t, w), "", first.ID); !fault.Is(err, "agency.change_before") {
		t.Errorf("two changes of one unit: %v", err)
	}
	if err := w.WithdrawReorganisation(ctx, who, "", first.ID); err != nil {
		t.Errorf("withdraw: %v", err)
	}
	if err := w.WithdrawReorganisation(ctx, who, "", first.ID); !fault.Is(err, "reorganisation.decided") {
		t.Errorf("withdrawn twice: %v", err)
	}
}

// More dossiers than one transaction takes follow in the background, part by
// part, and go back the same way.
func TestManyDossiersFollowInTheBackground(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		ctx := t.Context()
		c := begin(t, w, 5).handled()
		const n = 600
		apptest.Fill(t, w, n)
		to, _ := others(t, w, c.Agency)
		r := reorganise(t, w, merging(w, c.Agency, to))
		if r.State != agency.ReorganisationApplied || r.Progress.Moved != 0 || r.Progress.Total < n {
			t.Fatalf("at once: %s, %+v", r.State, r.Progress)
		}
		if err := w.RunFollow(ctx, r.ID, false); err != nil {
			t.Fatal(err)
		}
		report, err := w.Reorganisation(ctx, admin(t, w), r.ID)
		if err != nil || report.State != agency.ReorganisationDone || report.Progress.Moved != r.Progress.Total {
			t.Fatalf("followed: %v, %s, %+v", err, report.State, report.Progress)
		}
		if err := w.RunFollow(ctx, r.ID, true); err != nil {
			t.Fatal(err)
		}
		if left, err := w.Store().CountLying(ctx, c.Agency); err != nil || left != 0 {
			t.Errorf("%d dossiers stayed behind: %v", left, err)
		}
		if r, err = w.UndoReorganisation(ctx, director(t, w), app.UndoForm{ID: r.ID, Reason: "Lùi ngày"}); err != nil || r.State != agency.ReorganisationUndoing {
			t.Fatalf("undo: %v, %s", err, r.State)
		}
		if err := w.RunFollow(ctx, r.ID, false); err != nil {
			t.Fatal(err)
		}
		if left, err := w.Store().CountLying(ctx, c.Agency); err != nil || left != r.Progress.Total {
			t.Errorf("%d dossiers went back, want %d: %v", left, r.Progress.Total, err)
		}
	})
}

func TestRenamedUnitKeepsCodeAndDossiers(t *testing.T) {
	w := apptest.SQLite(t)
	c := begin(t, w, 5).handled()
	f := merging(w, c.Agency, "x")
	f.Steps = []agency.Step{{Act: agency.RenameUnit, Units: []string{c.Agency}, Into: []agency.NewUnit{{Code: c.Agency, Name: "Sở Tên Mới", FullName: "Sở Tên Mới tỉnh Lâm Đồng"}}}}
	reorganise(t, w, f)
	if d := c.again(); d.AgencyName != "Sở Tên Mới tỉnh Lâm Đồng" || d.Agency != f.Steps[0].Units[0] {
		t.Errorf("dossier lies with %s, %s", d.Agency, d.AgencyName)
	}
	page, err := w.Organisation(t.Context(), admin(t, w), app.OrganisationQuery{Q: "ten moi"})
	if err != nil || len(page.Rows) != 1 {
		t.Fatalf("search: %v, %+v", err, page.Rows)
	}
	for day, want := range map[string]bool{f.On: true, "2026-01-01": false} {
		page, err := w.Organisation(t.Context(), admin(t, w), app.OrganisationQuery{Day: day})
		if err != nil || slices.ContainsFunc(page.Rows, func(r app.UnitRow) bool { return r.Name == "Sở Tên Mới" }) != want {
			t.Errorf("on %s the new name is shown: %v, want %v", day, !want, want)
		}
	}
}
