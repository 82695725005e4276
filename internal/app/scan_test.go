package app_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/motcua/motcua/internal/app"
	"github.com/motcua/motcua/internal/app/apptest"
	"github.com/motcua/motcua/internal/core/access"
	"github.com/motcua/motcua/internal/core/dossier"
	"github.com/motcua/motcua/internal/core/fault"
)

// Scanned files find their dossier and paper by name; each wrong one says why and
// leaves the others attached. What is forwarded is off the bench.
func TestScanBench(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		ctx := t.Context()
		counter := person(t, w, w.Centre().Code, access.Reception)
		got, err := w.ReceiveDossier(ctx, counter, form(anyReceivable(t, w)))
		if err != nil {
			t.Fatal(err)
		}
		stage := func(name string) app.StagedFile {
			f, err := w.Stage(ctx, counter, name, strings.NewReader(strings.Replace(smallPDF, "\n", "\n% "+name+"\n", 1)))
			if err != nil {
				t.Fatal(err)
			}
			return f
		}
		bench, err := w.ScanBench(ctx, counter)
		if err != nil || len(bench) != 1 || len(bench[0].Lacking) != len(got.Papers) || bench[0].Late {
			t.Fatalf("ScanBench = %+v, %v", bench, err)
		}
		files := []app.StagedFile{stage(got.Code + "_1.pdf"), stage(got.Code + "_99.pdf"), stage("scan.pdf"), stage("H36.01-261123-9999.pdf"), stage(got.Code + ".pdf")}
		for range 2 { // the same press twice attaches nothing twice
			done, err := w.AttachScans(ctx, counter, "quet-1", files)
			if err != nil || len(done) != len(files) {
				t.Fatalf("AttachScans = %+v, %v", done, err)
			}
			for i, want := range []string{"", "scan.no_paper", "scan.name", "dossier.unknown"} {
				if (done[i].Fault == nil) != (want == "") || want != "" && !fault.Is(done[i].Fault, want) {
					t.Errorf("%s: %v, want %q", done[i].Name, done[i].Fault, want)
				}
			}
		}
		view, err := w.Dossier(ctx, counter, got.Code)
		if err != nil || len(view.Papers[0].Files) != 1 {
			t.Fatalf("the first paper has %d files, %v", len(view.Papers[0].Files), err)
		}
		w.Clock.Set(w.Clock.Now().AddDate(0, 0, 1))
		if len(got.Papers) > 2 {
			if bench, err = w.ScanBench(ctx, counter); err != nil || len(bench) != 1 || !bench[0].Late {
				t.Errorf("the day after: %+v, %v", bench, err)
			}
		}
		if _, err := w.Act(ctx, counter, app.ActInput{Code: got.Code, Input: dossier.Input{Act: dossier.Forward, Version: view.Version}}); err != nil {
			t.Fatal(err)
		}
		if bench, err = w.ScanBench(ctx, counter); err != nil || len(bench) != 0 {
			t.Errorf("forwarded and still on the bench: %+v, %v", bench, err)
		}
		if _, err := w.AttachScans(ctx, person(t, w, got.Agency, access.Handler), "quet-2", files[:1]); !fault.Is(err, "access.denied") {
			t.Errorf("a handler uses the counter's bench: %v", err)
		}
	})
}

// Where the house wants it, a paper dossier is forwarded only once all its papers
// are scanned; a procedure can have a rule of its own, and the sheet of bar codes
// names its files.
func TestScansBeforeForwarding(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		ctx := t.Context()
		counter, control := person(t, w, w.Centre().Code, access.Reception), person(t, w, w.Centre().Code, access.Control)
		got, err := w.ReceiveDossier(ctx, counter, form(anyReceivable(t, w)))
		if err != nil {
			t.Fatal(err)
		}
		forward := func() error {
			v, err := w.Dossier(ctx, counter, got.Code)
			if err != nil {
				return err
			}
			_, err = w.Act(ctx, counter, app.ActInput{Code: got.Code, Input: dossier.Input{Act: dossier.Forward, Version: v.Version}})
			return err
		}
		for name, f := range map[string]app.ScanRuleForm{"reason": {First: true}, "procedure": {First: true, Procedure: "9.999999", Reason: "x"}} {
			if err := w.SetScanRule(ctx, control, f); fields(err) != name {
				t.Errorf("a rule without %s: %v", name, err)
			}
		}
		if err := w.SetScanRule(ctx, counter, app.ScanRuleForm{First: true, Reason: "x"}); fault.KindOf(err) != fault.Forbidden {
			t.Errorf("the counter sets the rule: %v", err)
		}
		if err := w.SetScanRule(ctx, control, app.ScanRuleForm{First: true, Document: "45/QĐ-TTPVHCC", Reason: "Số hóa khi tiếp nhận"}); err != nil {
			t.Fatal(err)
		}
		if err := forward(); !fault.Is(err, "dossier.scans_first") {
			t.Errorf("forwarded without scans: %v", err)
		}
		if slip, err := w.Slip(ctx, counter, got.Code, "scanSheet"); err != nil || !strings.HasPrefix(string(slip.PDF), "%PDF") {
			t.Errorf("the sheet: %v", err)
		}
		var files []app.StagedFile
		for i := range got.Papers {
			name := fmt.Sprintf("%s_%d.pdf", got.Code, i+1)
			f, err := w.Stage(ctx, counter, name, strings.NewReader(strings.Replace(smallPDF, "\n", "\n% "+name+"\n", 1)))
			if err != nil {
				t.Fatal(err)
			}
			files = append(files, f)
		}
		if _, err := w.AttachScans(ctx, counter, "quet", files); err != nil {
			t.Fatal(err)
		}
		if err := forward(); err != nil {
			t.Errorf("forward with all scans: %v", err)
		}
		if got, err = w.ReceiveDossier(ctx, counter, form(anyReceivable(t, w))); err != nil {
			t.Fatal(err)
		}
		if err := w.SetScanRule(ctx, control, app.ScanRuleForm{Procedure: got.Procedure.Code, Reason: "Chưa có máy quét khổ lớn"}); err != nil {
			t.Fatal(err)
		}
		if err := forward(); err != nil {
			t.Errorf("the procedure's own rule: %v", err)
		}
	})
}
