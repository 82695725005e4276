package app_test

import (
	"testing"

	"github.com/motcua/motcua/internal/app"
	"github.com/motcua/motcua/internal/app/apptest"
	"github.com/motcua/motcua/internal/core/access"
	"github.com/motcua/motcua/internal/core/dossier"
	"github.com/motcua/motcua/internal/core/fault"
	"github.com/motcua/motcua/internal/core/ruleset"
)

// A slip shows personal identifiers in full, so that whoever may only read a
// dossier masked gets none but those that name the owner alone.
func TestSlipsOfWhoReadsMasked(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		c := begin(t, w, 5).handled()
		for _, role := range []access.Role{access.Director, access.Control, access.Supervisor} {
			who, ok := w.Person(string(role))
			if !ok {
				t.Fatalf("nobody is %s", role)
			}
			for form, want := range map[string]bool{ruleset.Receipt: false, ruleset.DossierHandover: false, ruleset.ControlSlip: true} {
				if _, err := w.Slip(t.Context(), who, c.Code, form); (err == nil) != want || !want && fault.KindOf(err) != fault.Forbidden {
					t.Errorf("%s prints %s: %v", role, form, err)
				}
			}
			v, err := w.Dossier(t.Context(), who, c.Code)
			if err != nil || len(v.Slips) != 1 || v.Slips[0].Form != ruleset.ControlSlip {
				t.Errorf("%s is offered %+v, %v", role, v.Slips, err)
			}
		}
		for _, who := range []access.Actor{c.counter, c.handler, c.leader, c.clerk} {
			if _, err := w.Slip(t.Context(), who, c.Code, ruleset.Receipt); err != nil {
				t.Errorf("%s prints the receipt: %v", who.Name, err)
			}
		}
	})
}

// A dossier that has only a reference yet stands in the list of its unit and in
// that of the province alike.
func TestListHasWhatIsNotReceivedYet(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		c := begin(t, w, 5)
		f := form(receivableIn(t, w, 5))
		f.Act, f.Reason, f.Confirmed = dossier.Guide, "Thiếu giấy tờ", true
		f.Items = []string{"Bản sao giấy khai sinh"}
		f.Papers = nil
		guided, err := w.ReceiveDossier(t.Context(), c.counter, f)
		if err != nil {
			t.Fatal(err)
		}
		director, _ := w.Person(string(access.Director))
		for _, in := range []app.ListInput{{}, {Unit: w.Centre().Code}, {Status: dossier.SupplementRequired}, {Unit: w.Centre().Code, Limit: 1}} {
			var codes []string
			for {
				page, err := w.ListDossiers(t.Context(), director, in)
				if err != nil {
					t.Fatal(err)
				}
				for _, d := range page.Items {
					codes = append(codes, d.Code)
				}
				if in.Cursor = page.NextCursor; in.Cursor == "" {
					break
				}
			}
			want := []string{c.Code, guided.Name()}
			if in.Status != 0 {
				want = want[1:]
			}
			if len(codes) != len(want) || codes[len(codes)-1] != guided.Name() || codes[0] != want[0] {
				t.Errorf("%+v lists %v, want %v", in, codes, want)
			}
		}
	})
}
