package app_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/motcua/motcua/internal/app"
	"github.com/motcua/motcua/internal/app/apptest"
	"github.com/motcua/motcua/internal/core/access"
	"github.com/motcua/motcua/internal/core/civil"
	"github.com/motcua/motcua/internal/core/dossier"
	"github.com/motcua/motcua/internal/core/fault"
)

// pdfText is what pdftotext reads from a file.
func pdfText(t *testing.T, pdf []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "a.pdf")
	if err := os.WriteFile(path, pdf, 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.CommandContext(t.Context(), "pdftotext", "-layout", path, "-").Output()
	if err != nil {
		t.Fatalf("pdftotext: %v", err)
	}
	return string(out)
}

// The register lists what a unit received or handles, is printed under the number
// of its time, and hides addresses from whoever may not see them.
func TestRegister(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		c := begin(t, w, 5)
		c.act(c.counter, dossier.Input{Act: dossier.Forward})
		reception := person(t, w, w.Centre().Code, access.Reception)
		q := app.RegisterQuery{From: civil.NewDate(2026, 11, 1), To: civil.NewDate(2026, 11, 30)}
		v, err := w.Register(t.Context(), reception, q)
		if err != nil || v.Total != 1 || len(v.Rows) != 1 || v.Number != "07" || v.Masked || !v.MayPrint {
			t.Fatalf("the register is %+v, %v", v, err)
		}
		row := v.Rows[0]
		if row.Code != c.Code || row.Owner == "" || strings.Contains(row.Phone, "*") || !row.ReceivedAt.Equal(c.ReceivedAt) || row.SentAt.IsZero() {
			t.Errorf("the row is %+v", row)
		}
		handler := person(t, w, c.Agency, access.Handler)
		if own, err := w.Register(t.Context(), handler, q); err != nil || own.Unit != c.Agency || own.Total != 1 || len(own.Units) != 0 {
			t.Errorf("the agency's register is %+v, %v", own, err)
		}
		if _, err := w.Register(t.Context(), handler, app.RegisterQuery{Unit: w.Centre().Code}); fault.KindOf(err) != fault.Forbidden {
			t.Errorf("a handler reads the centre's register: %v", err)
		}
		director := person(t, w, w.Centre().Code, access.Director)
		all, err := w.Register(t.Context(), director, q)
		if err != nil || !all.Masked || len(all.Rows) != 1 || all.Rows[0].Phone == row.Phone || len(all.Units) == 0 {
			t.Errorf("the director's register is %+v, %v", all, err)
		}
		for name, bad := range map[string]app.RegisterQuery{
			"backwards": {From: q.To, To: q.From}, "too long": {From: civil.NewDate(2025, 1, 1), To: q.To},
		} {
			if _, err := w.Register(t.Context(), director, bad); !fault.Is(err, "register.period_bad") {
				t.Errorf("%s: %v", name, err)
			}
		}
		if none, err := w.Register(t.Context(), reception, app.RegisterQuery{From: q.From, To: q.To, Status: dossier.Stopped}); err != nil || len(none.Rows) != 0 {
			t.Errorf("stopped: %+v, %v", none, err)
		}
		pdf, err := w.RegisterPDF(t.Context(), reception, q)
		if err != nil {
			t.Fatal(err)
		}
		text := pdfText(t, pdf.PDF)
		for _, want := range []string{"Mẫu số 07", "SỔ THEO DÕI HỒ SƠ", c.Code[:14], "01/11/2026", "30/11/2026"} {
			if !strings.Contains(text, want) {
				t.Errorf("the printed register lacks %q:\n%s", want, text)
			}
		}
		var sheet bytes.Buffer
		if name, err := w.RegisterSheet(t.Context(), reception, q, &sheet); err != nil || !strings.HasSuffix(name, ".xlsx") || sheet.Len() == 0 {
			t.Errorf("the spreadsheet is %q of %d bytes, %v", name, sheet.Len(), err)
		}
	})
}
