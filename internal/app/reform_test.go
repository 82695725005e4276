package app_test

import (
	"bufio"
	"bytes"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/motcua/motcua/internal/app"
	"github.com/motcua/motcua/internal/app/apptest"
	"github.com/motcua/motcua/internal/core/access"
	"github.com/motcua/motcua/internal/core/agency"
	"github.com/motcua/motcua/internal/data"
	"github.com/motcua/motcua/internal/store/storetest"
)

// khanhHoa is the recorded list of Khánh Hòa's units, as a file to import.
func khanhHoa(t *testing.T) io.Reader {
	t.Helper()
	r, err := data.Open(data.Units)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	var b bytes.Buffer
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, 1<<20)
	for n := 0; lines.Scan(); n++ {
		if n == 0 || strings.Contains(lines.Text(), ",56,2025-07-01,") {
			b.WriteString(lines.Text() + "\n")
		}
	}
	return &b
}

// 30 June and 1 July 2025 in Ninh Thuận: an open dossier of a closed commune goes
// on with the commune that continues it, its promised day unchanged, and as many
// dossiers lie with the new units as lay with the old ones.
func TestReformOfJuly2025(t *testing.T) {
	storetest.EachURL(t, func(t *testing.T, url string) {
		w := apptest.Elsewhere(t, url, on(t, "2025-02-27T09:00:00+07:00"), app.Founding{Preset: "ninh-thuan", People: true, Communes: 2, Seed: 7})
		ctx, operator := t.Context(), access.Operator("test")
		all, err := w.ReceivableBy()
		if err != nil {
			t.Fatal(err)
		}
		var got app.Received
		for _, p := range all {
			if p.Unit != w.Centre().Code && len(p.Cases) > 0 && p.Cases[0].Limit != nil && p.Cases[0].Limit.Unit == "ngay_lam_viec" && p.Cases[0].Limit.Value >= 5 {
				if got, err = w.ReceiveDossier(ctx, person(t, w, p.Unit, access.Reception), form(p)); err == nil {
					break
				}
			}
		}
		if got.Code == "" {
			t.Fatalf("no commune received anything: %v", err)
		}
		w.Clock.Set(on(t, "2025-07-01T08:00:00+07:00"))
		if _, err := w.ImportUnits(ctx, operator, khanhHoa(t), app.ImportOptions{}); err != nil {
			t.Fatal(err)
		}
		before, err := w.Store().CountLying(ctx, got.Agency)
		if err != nil {
			t.Fatal(err)
		}
		steps, err := w.ProposedSteps(admin(t, w), "2025-07-01")
		if err != nil {
			t.Fatal(err)
		}
		f := app.ReorganisationForm{Change: agency.Change{On: "2025-07-01", Document: "202/2025/QH15", SignedOn: "2025-06-12", Signer: "Trần Thanh Mẫn", Steps: steps}}
		r, err := w.ProposeReorganisation(ctx, admin(t, w), f)
		if err != nil {
			t.Fatal(err)
		}
		if r, err = w.ApproveReorganisation(ctx, director(t, w), "", r.ID); err != nil || r.State != agency.ReorganisationDone {
			t.Fatalf("carried out: %v, %s", err, r.State)
		}
		v, err := w.Dossier(ctx, director(t, w), got.Code)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(got.Deadline, v.Deadline); diff != "" || v.Dossier.Code != got.Code {
			t.Errorf("promise (-before +after):\n%s", diff)
		}
		h, ok := r.Effect.Heir(got.Agency)
		after, err := w.Store().CountLying(ctx, v.Agency)
		if err != nil || ok && v.Agency != h.To || after != before || r.Progress.Moved > r.Progress.Total {
			t.Errorf("lies with %s, want %s; %d dossiers before, %d after, %+v: %v", v.Agency, h.To, before, after, r.Progress, err)
		}
		if tree, err := w.Organisation(ctx, admin(t, w), app.OrganisationQuery{Day: "2025-07-01"}); err != nil || tree.Tiers != 2 || tree.Total < 66 {
			t.Errorf("units on the day: %v, %d in %d tiers", err, tree.Total, tree.Tiers)
		}
		storetest.Verify(t, w.Store())
	})
}
