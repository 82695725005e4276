package app_test

import (
	"strings"
	"testing"

	"github.com/motcua/motcua/internal/app"
	"github.com/motcua/motcua/internal/app/apptest"
	"github.com/motcua/motcua/internal/core/access"
	"github.com/motcua/motcua/internal/core/fault"
)

// An administrator changes the words of a form; the fields stay, slips have the
// new words, and every version is kept.
func TestWordingOfForms(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		ctx := t.Context()
		admin := person(t, w, w.Centre().Code, access.Admin)
		forms, err := w.Forms(ctx, admin)
		if err != nil || len(forms) < 7 || forms[0].Number != "01" || forms[0].Form != "receipt" {
			t.Fatalf("forms %+v, %v", forms, err)
		}
		v, err := w.Wording(ctx, admin, "receipt")
		if err != nil || v.Version != 0 || len(v.Phrases) < 10 {
			t.Fatalf("wording %+v, %v", v.FormRow, err)
		}
		f := app.WordingForm{Form: "receipt", Phrases: map[string]string{}, Reason: "Theo góp ý của người dân", Document: "QĐ 5/QĐ-TTPVHCC"}
		for _, p := range v.Phrases {
			f.Phrases[p.Key] = p.Text
		}
		with := func(change func(app.WordingForm)) app.WordingForm {
			g := f
			g.Phrases = map[string]string{}
			for k, text := range f.Phrases {
				g.Phrases[k] = text
			}
			change(g)
			return g
		}
		for _, bad := range []struct {
			name string
			form app.WordingForm
			key  string
		}{
			{"nothing new", f, "wording.nothing_changes"},
			{"a field is lost", with(func(g app.WordingForm) { g.Phrases["due"] = "Thời gian trả kết quả:" }), "printout.field_lost"},
			{"a field that it does not have", with(func(g app.WordingForm) { g.Phrases["papers"] = "Thành phần {secret}:" }), "printout.field_unknown"},
			{"half a brace", with(func(g app.WordingForm) { g.Phrases["papers"] = "Thành phần {:" }), "printout.phrase_braces"},
			{"a phrase of another form", with(func(g app.WordingForm) { g.Phrases["khong-co"] = "x" }), "printout.phrase_unknown"},
		} {
			if _, err := w.SaveWording(ctx, admin, bad.form); !fault.Is(err, bad.key) {
				t.Errorf("%s: %v, want %s", bad.name, err, bad.key)
			}
		}
		good := with(func(g app.WordingForm) { g.Phrases["papers"] = "Giấy tờ đã nhận gồm:" })
		nameless := good
		nameless.Reason = " "
		if _, err := w.SaveWording(ctx, admin, nameless); !fault.Is(err, "wording.reason_missing") {
			t.Errorf("without a reason: %v", err)
		}
		good.ActionID = "mau-1"
		for range 2 {
			if n, err := w.SaveWording(ctx, admin, good); n != 1 && !fault.Is(err, "wording.nothing_changes") {
				t.Fatalf("version %d, %v", n, err)
			}
		}
		stale := with(func(g app.WordingForm) { g.Phrases["papers"] = "Hồ sơ gồm:" })
		if _, err := w.SaveWording(ctx, admin, stale); !fault.Is(err, "wording.changed_meanwhile") {
			t.Errorf("on an older version: %v", err)
		}
		v, err = w.Wording(ctx, admin, "receipt")
		if err != nil || v.Version != 1 || len(v.Versions) != 1 || v.Versions[0].By != admin.Name || v.By != admin.Name {
			t.Errorf("after: %+v %+v, %v", v.FormRow, v.Versions, err)
		}
		c := begin(t, w, 10)
		slip, err := w.Slip(ctx, c.counter, c.Code, "receipt")
		if err != nil || !strings.HasPrefix(string(slip.PDF), "%PDF") {
			t.Fatalf("slip %d bytes, %v", len(slip.PDF), err)
		}
		if text := apptest.PDFText(t, slip.PDF); !strings.Contains(text, "Giấy tờ đã nhận gồm:") {
			t.Errorf("the slip says %s", text)
		}
		if _, err := w.SaveWording(ctx, c.counter, good); fault.KindOf(err) != fault.Forbidden {
			t.Errorf("saved at a counter: %v", err)
		}
		if _, err := w.Wording(ctx, admin, "khong-co"); fault.KindOf(err) != fault.NotFound {
			t.Errorf("an unknown form: %v", err)
		}
	})
}
