package app_test

import (
	"strings"
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
	got, err := published(t, w, app.PublicationForm{ActionID: "d-1", Decision: d, Annex: annex})
	if err != nil || len(got.Annex) != 3 || got.Annex[0].Before.Value < 5 || got.Annex[0].After.Value != 2 || got.Annex[0].Version != p.Number+1 {
		t.Fatalf("RecordDecision = %+v, %v", got, err)
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
	if _, err := published(t, w, app.PublicationForm{Decision: d, Annex: annex}); err != nil {
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
		"a process without a draft":       {annex(app.AnnexForm{What: procedure.AnnexProcess, Effect: procedure.Opened, Code: p.Code}), "annex[0].code", "process.no_draft"},
		"a process that does not run":     {annex(app.AnnexForm{What: procedure.AnnexProcess, Effect: procedure.Closed, Code: p.Code}), "annex[0].code", "process.not_in_force"},
		"opening what is in force":        {annex(app.AnnexForm{What: procedure.AnnexProcedure, Effect: procedure.Opened, Code: p.Code}), "annex[0].code", "procedure.annex_in_force"},
		"no line":                         {nil, "annex", "publication.lines"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := w.ProposePublication(ctx, control, app.PublicationForm{Decision: decided(), Annex: tt.annex})
			if f := fault.As(err); f == nil || f.Field != tt.field || f.Key != tt.key {
				t.Errorf("ProposePublication = %v, want %s at %s", err, tt.key, tt.field)
			}
		})
	}
	if list, err := w.Decisions(ctx, control, ""); err != nil || len(list.Rows) != 0 {
		t.Errorf("something was recorded: %+v, %v", list, err)
	}
	lines := annex(app.AnnexForm{What: procedure.AnnexReception, Effect: procedure.Closed, Code: p.Code})
	if _, err := published(t, w, app.PublicationForm{Decision: decided(), Annex: lines}); err != nil {
		t.Fatal(err)
	}
	other := decided()
	other.Signer = "Trần Thị Khác"
	lines = annex(app.AnnexForm{What: procedure.AnnexProcedure, Effect: procedure.Closed, Code: p.Code})
	if _, err := published(t, w, app.PublicationForm{Decision: other, Annex: lines}); !fault.Is(err, "procedure.decision_differs") {
		t.Errorf("the same number signed by another: %v", err)
	}
	if _, err := w.Decision(ctx, control, "khong-co"); fault.KindOf(err) != fault.NotFound {
		t.Errorf("a decision that does not exist: %v", err)
	}
	storetest.Verify(t, w.Store())
}

// published enters a decision and lets somebody else of the control unit publish
// it.
func published(t *testing.T, w *apptest.World, f app.PublicationForm) (procedure.Decision, error) {
	t.Helper()
	control := w.People(w.Centre().Code, string(access.Control))
	p, err := w.ProposePublication(t.Context(), control[0], f)
	if err != nil {
		return procedure.Decision{}, err
	}
	return w.Publish(t.Context(), control[1], "", p.ID)
}

// A decision needs two people and comes into force once; a procedure that it
// closed is opened again by a later one, and its scanned paper is public.
func TestPublicationNeedsTwoPeople(t *testing.T) {
	storetest.EachURL(t, func(t *testing.T, url string) {
		w := apptest.At(t, url)
		ctx := t.Context()
		control := w.People(w.Centre().Code, string(access.Control))
		counter := person(t, w, w.Centre().Code, access.Reception)
		p := anyReceivable(t, w)
		scan, err := w.Stage(ctx, control[0], "qd.pdf", strings.NewReader("%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF"))
		if err != nil {
			t.Fatal(err)
		}
		today := civil.DateOf(w.Clock.Now())
		f := app.PublicationForm{Decision: decided(), FileRefs: []string{scan.Hash}, Annex: []app.AnnexForm{
			{What: procedure.AnnexProcedure, Effect: procedure.Closed, Code: p.Code, From: today.AddDays(1)},
		}}
		if lines, err := w.PreviewPublication(ctx, control[0], f); err != nil || len(lines) != 1 || lines[0].Name != p.Name {
			t.Fatalf("preview = %+v, %v", lines, err)
		}
		if _, err := w.ProposePublication(ctx, counter, f); fault.KindOf(err) != fault.Forbidden {
			t.Errorf("a counter officer enters a decision: %v", err)
		}
		made, err := w.ProposePublication(ctx, control[0], f)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Publish(ctx, control[0], "", made.ID); !fault.Is(err, "publication.second_person") {
			t.Errorf("who entered it publishes it: %v", err)
		}
		if _, err := w.PublishedDecision(ctx, made.Decision.ID); fault.KindOf(err) != fault.NotFound {
			t.Errorf("public before it is published: %v", err)
		}
		d, err := w.Publish(ctx, control[1], "", made.ID)
		if err != nil || len(d.Annex) != 1 || len(d.Files) != 1 {
			t.Fatalf("Publish = %+v, %v", d, err)
		}
		if _, err := w.Publish(ctx, control[1], "", made.ID); !fault.Is(err, "publication.decided") {
			t.Errorf("published twice: %v", err)
		}
		if err := w.WithdrawPublication(ctx, control[0], "", made.ID); !fault.Is(err, "publication.decided") {
			t.Errorf("withdrawn afterwards: %v", err)
		}
		file, err := w.DecisionScan(ctx, d.ID, scan.Hash)
		if err != nil {
			t.Fatal(err)
		}
		file.Body.Close()

		w.Clock.Set(w.Clock.Now().AddDate(0, 0, 2))
		if view, err := w.ProcedurePage(ctx, p.Code); err != nil || view.Status != procedure.Abolished {
			t.Errorf("closed: %s, %v", view.Status, err)
		}
		again := decided()
		again.No = "48/QĐ-UBND"
		if _, err := published(t, w, app.PublicationForm{Decision: again, Annex: []app.AnnexForm{{What: procedure.AnnexProcedure, Effect: procedure.Opened, Code: p.Code}}}); err != nil {
			t.Fatal(err)
		}
		view, err := w.ProcedurePage(ctx, p.Code)
		if err != nil || view.Status != procedure.InForce || view.Published.No != again.No {
			t.Errorf("opened again: %s by %s, %v", view.Status, view.Published.No, err)
		}
		storetest.Verify(t, w.Store())
	})
}
