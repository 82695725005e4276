package app_test

import (
	"slices"
	"testing"

	"github.com/motcua/motcua/internal/app"
	"github.com/motcua/motcua/internal/app/apptest"
	"github.com/motcua/motcua/internal/core/access"
	"github.com/motcua/motcua/internal/core/dossier"
	"github.com/motcua/motcua/internal/core/fault"
)

// A dossier whose papers never arrived is found, one person proposes a step and
// another confirms; the repair stands in the timeline with its reason.
func TestRepairConsole(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		ctx := t.Context()
		d := forwarded(t, w)
		control, director := person(t, w, w.Centre().Code, access.Control), person(t, w, w.Centre().Code, access.Director)
		stuck := func(who access.Actor) (app.RepairRow, bool) {
			t.Helper()
			page, err := w.StuckDossiers(ctx, who, "")
			if err != nil {
				t.Fatal(err)
			}
			i := slices.IndexFunc(page.Rows, func(r app.RepairRow) bool { return r.Code == d.Code })
			if i < 0 {
				return app.RepairRow{}, false
			}
			return page.Rows[i], true
		}
		if _, ok := stuck(control); ok {
			t.Error("a dossier on its way since a moment ago is stuck")
		}
		w.Clock.Set(w.Clock.Now().AddDate(0, 0, dossier.StallHandoverDays+2))
		if r, ok := stuck(control); !ok || !slices.Equal(r.Stalls, []dossier.Stall{dossier.StallHandover}) || !r.CanPlan {
			t.Errorf("stuck = %+v, %v", r, ok)
		}
		if _, err := w.StuckDossiers(ctx, person(t, w, d.Agency, access.Handler), ""); !fault.Is(err, "access.denied") {
			t.Errorf("a handler opens the console: %v", err)
		}
		steps := w.RepairSteps(d)
		if len(steps) == 0 {
			t.Fatal("no step to move to")
		}
		act := func(who access.Actor, in dossier.Input) error {
			in.Version = d.FormVersion
			next, err := w.Act(ctx, who, app.ActInput{Code: d.Code, Input: in})
			if err == nil {
				d = next
			}
			return err
		}
		if err := act(control, dossier.Input{Act: dossier.Repair, Step: steps[0].ID}); !fault.Is(err, "dossier.reason_missing") {
			t.Errorf("a repair without a reason: %v", err)
		}
		if err := act(control, dossier.Input{Act: dossier.Repair, Step: steps[0].ID, Reason: "Thất lạc túi hồ sơ"}); err != nil {
			t.Fatal(err)
		}
		if r, _ := stuck(control); r.Plan == nil || !r.Mine || r.CanPlan {
			t.Errorf("the author sees %+v", r)
		}
		if r, _ := stuck(director); r.Plan == nil || r.Mine {
			t.Errorf("the second person sees %+v", r)
		}
		if err := act(control, dossier.Input{Act: dossier.ConfirmRepair, Reason: "Tôi tự xác nhận"}); !fault.Is(err, "dossier.repair_second_person") {
			t.Errorf("the author confirms: %v", err)
		}
		if err := act(director, dossier.Input{Act: dossier.ConfirmRepair, Reason: "Đồng ý chuyển"}); err != nil {
			t.Fatal(err)
		}
		if d.Repair != nil || d.Tasks[0].Step != steps[0].ID {
			t.Errorf("after the repair: plan %v, tasks %+v", d.Repair, d.Tasks)
		}
		lines, err := w.Timeline(ctx, director, d.Code)
		if err != nil || lines[len(lines)-1].Event != "dossier.repaired" || lines[len(lines)-1].Reason != "Đồng ý chuyển" {
			t.Errorf("timeline = %+v, %v", lines, err)
		}
	})
}
