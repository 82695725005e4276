package app_test

import (
	"testing"

	"github.com/motcua/motcua/internal/app"
	"github.com/motcua/motcua/internal/app/apptest"
	"github.com/motcua/motcua/internal/core/access"
	"github.com/motcua/motcua/internal/core/civil"
	"github.com/motcua/motcua/internal/core/fault"
	"github.com/motcua/motcua/internal/core/procedure"
	"github.com/motcua/motcua/internal/store/storetest"
)

// A decision shortens a limit, takes a procedure out of the list of reception
// and closes another: each line is carried out and stands in the annex.
func TestDecisionCarriesItsAnnexOut(t *testing.T) {
	storetest.EachURL(t, func(t *testing.T, url string) {
		w := apptest.At(t, url)
		decisionCarriesItsAnnexOut(t, w)
		storetest.Verify(t, w.Store())
	})
}

func decisionCarriesItsAnnexOut(t *testing.T, w *apptest.World) {
	ctx := t.Context()
	control, counter := person(t, w, w.Centre().Code, access.Control), person(t, w, w.Centre().Code, access.Reception)
	p := anyReceivable(t, w)
	all, err := w.ReceivableBy()
	if err != nil {
		t.Fatal(err)
	}
	var out, closed app.Receivable
	for _, one := range all {
		switch {
		case one.Code == p.Code || one.Unit != w.Centre().Code:
		case out.Code == "":
			out = one
		case closed.Code == "":
			closed = one
		}
	}
	publish(t, w, app.ProcessKey{Procedure: p.Code}, plain(nil)) // 540 working minutes
	d := decided()
	d.No, d.Kind = "46/QĐ-UBND", procedure.AboutLimits
	annex := []app.AnnexForm{
		{What: procedure.AnnexLimit, Effect: procedure.Changed, Code: p.Code, Case: p.Cases[0].ID, Limit: "2 ngày làm việc"},
		{What: procedure.AnnexReception, Effect: procedure.Closed, Code: out.Code},
		{What: procedure.AnnexProcedure, Effect: procedure.Closed, Code: closed.Code, Successor: p.Code},
	}
	got, err := w.RecordDecision(ctx, control, app.DecideForm{ActionID: "d-1", Decision: d, Annex: annex})
	if err != nil || len(got.Annex) != 3 || got.Annex[0].Before.Value < 5 || got.Annex[0].After.Value != 2 || got.Annex[0].Version != p.Number+1 {
		t.Fatalf("RecordDecision = %+v, %v", got, err)
	}
	if again, err := w.RecordDecision(ctx, control, app.DecideForm{ActionID: "d-1", Decision: d, Annex: annex}); err != nil && !fault.Is(err, "procedure.limit_longer") || err == nil && len(again.Annex) != 3 {
		t.Errorf("sent again: %+v, %v", again, err)
	}
	s := receive(t, w, p)
	view, err := w.Dossier(ctx, counter, s.code)
	if err != nil || view.Deadline.Limit.Value != 2 || view.Procedure.Version != p.Number+1 {
		t.Errorf("a new dossier has %+v by version %d, %v", view.Deadline.Limit, view.Procedure.Version, err)
	}
	if _, err := w.ReceiveDossier(ctx, counter, form(out)); !fault.Is(err, "procedure.not_ready") {
		t.Errorf("a procedure taken out of the list: %v", err)
	}
	w.Clock.Set(w.Clock.Now().AddDate(0, 0, 1))
	if _, err := w.ReceiveDossier(ctx, counter, form(closed)); !fault.Is(err, "procedure.not_in_force.replaced") {
		t.Errorf("a closed procedure: %v", err)
	}
	back, err := w.Decision(ctx, control, got.ID)
	if err != nil {
		t.Fatal(err)
	}
	if err := w.ConfirmReady(ctx, control, app.ReadyForm{Procedure: out.Code, Version: out.Number, Decision: back.ID}); err != nil {
		t.Fatal(err)
	}
	if _, err := w.ReceiveDossier(ctx, counter, form(out)); err != nil {
		t.Errorf("a procedure taken in again: %v", err)
	}
	if back, err = w.Decision(ctx, control, got.ID); err != nil || len(back.Annex) != 4 || back.Annex[3].Effect != procedure.Opened {
		t.Errorf("the annex says %+v, %v", back.Annex, err)
	}
	list, err := w.Decisions(ctx, control, "")
	if err != nil || len(list.Rows) != 2 {
		t.Errorf("decisions: %d, %v", len(list.Rows), err)
	}

	// The published process needs more than the new limit gives: no receipts until it is published anew.
	d.No = "47/QĐ-UBND"
	annex = []app.AnnexForm{{What: procedure.AnnexLimit, Effect: procedure.Changed, Code: p.Code, Limit: "1 ngày làm việc"}}
	if _, err := w.RecordDecision(ctx, control, app.DecideForm{Decision: d, Annex: annex}); err != nil {
		t.Fatal(err)
	}
	if _, err := w.ReceiveDossier(ctx, counter, form(p)); !fault.Is(err, "procedure.not_ready") {
		t.Errorf("a process longer than the limit: %v", err)
	}
	rows, err := w.Processes(ctx, control, app.ProcessQuery{Only: "misfit"})
	if err != nil || rows.Misfits != 1 || len(rows.Rows) != 1 || rows.Rows[0].Procedure != p.Code {
		t.Errorf("misfits: %+v, %v", rows, err)
	}
}

func TestWrongDecisions(t *testing.T) {
	w := apptest.SQLite(t)
	ctx := t.Context()
	control := person(t, w, w.Centre().Code, access.Control)
	p := anyReceivable(t, w)
	annex := func(a app.AnnexForm) []app.AnnexForm { return []app.AnnexForm{a} }
	today := civil.DateOf(w.Clock.Now())
	for name, tt := range map[string]struct {
		annex []app.AnnexForm
		field string
		key   string
	}{
		"a procedure that does not exist": {annex(app.AnnexForm{What: procedure.AnnexProcedure, Effect: procedure.Closed, Code: "9.999"}), "annex[0].code", "procedure.unknown"},
		"a successor that does not exist": {annex(app.AnnexForm{What: procedure.AnnexProcedure, Effect: procedure.Closed, Code: p.Code, Successor: "9.999"}), "annex[0].successor", "procedure.unknown"},
		"from yesterday":                  {annex(app.AnnexForm{What: procedure.AnnexProcedure, Effect: procedure.Closed, Code: p.Code, From: today.AddDays(-1)}), "annex[0].from", "procedure.annex_past"},
		"a longer limit":                  {annex(app.AnnexForm{What: procedure.AnnexLimit, Effect: procedure.Changed, Code: p.Code, Limit: "90 ngày làm việc"}), "annex[0].limit", "procedure.limit_longer"},
		"a limit in chickens":             {annex(app.AnnexForm{What: procedure.AnnexLimit, Effect: procedure.Changed, Code: p.Code, Limit: "3 con gà"}), "annex[0].limit", "civil.unit_unknown"},
		"a case that does not exist":      {annex(app.AnnexForm{What: procedure.AnnexLimit, Effect: procedure.Changed, Code: p.Code, Case: "c99", Limit: "1 ngày"}), "annex[0].case", "procedure.case_unknown"},
		"an effect that makes no sense":   {annex(app.AnnexForm{What: procedure.AnnexLimit, Effect: procedure.Closed, Code: p.Code}), "annex[0]", "procedure.annex_unknown"},
		"a process by hand":               {annex(app.AnnexForm{What: procedure.AnnexProcess, Effect: procedure.Opened, Code: p.Code}), "annex[0]", "procedure.annex_unknown"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := w.RecordDecision(ctx, control, app.DecideForm{Decision: decided(), Annex: tt.annex})
			if f := fault.As(err); f == nil || f.Field != tt.field || f.Key != tt.key {
				t.Errorf("RecordDecision = %v, want %s at %s", err, tt.key, tt.field)
			}
		})
	}
	if list, err := w.Decisions(ctx, control, ""); err != nil || len(list.Rows) != 0 {
		t.Errorf("something was recorded: %+v, %v", list, err)
	}
	if _, err := w.RecordDecision(ctx, control, app.DecideForm{Decision: decided()}); err != nil {
		t.Fatal(err)
	}
	other := decided()
	other.Signer = "Trần Thị Khác"
	if _, err := w.RecordDecision(ctx, control, app.DecideForm{Decision: other}); !fault.Is(err, "procedure.decision_differs") {
		t.Errorf("the same number signed by another: %v", err)
	}
	if _, err := w.Decision(ctx, control, "khong-co"); fault.KindOf(err) != fault.NotFound {
		t.Errorf("a decision that does not exist: %v", err)
	}
	storetest.Verify(t, w.Store())
}
