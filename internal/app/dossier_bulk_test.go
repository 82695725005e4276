package app_test

import (
	"testing"

	"github.com/motcua/motcua/internal/app"
	"github.com/motcua/motcua/internal/app/apptest"
	"github.com/motcua/motcua/internal/core/access"
	"github.com/motcua/motcua/internal/core/dossier"
	"github.com/motcua/motcua/internal/core/fault"
)

// One press acts on many dossiers: what cannot be done says why and leaves the
// others standing, and the same press sent again does nothing twice.
func TestBulk(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		ctx := t.Context()
		counter := person(t, w, w.Centre().Code, access.Reception)
		in := app.BulkInput{ActionID: "lo-1", Act: dossier.Forward}
		var d dossier.Dossier
		for range 4 {
			got, err := w.ReceiveDossier(ctx, counter, form(anyReceivable(t, w)))
			if err != nil {
				t.Fatal(err)
			}
			d = got.Dossier
			in.Items = append(in.Items, app.BulkItem{Code: d.Code, Version: d.Version})
		}
		in.Items[1].Version-- // somebody was faster
		in.Items = append(in.Items, app.BulkItem{Code: "H36.01-261123-9999"})
		for range 2 {
			got, err := w.Bulk(ctx, counter, in)
			if err != nil || len(got) != 5 {
				t.Fatalf("Bulk = %+v, %v", got, err)
			}
			for i, o := range got {
				want := map[int]string{1: "dossier.changed_meanwhile", 4: "dossier.unknown"}[i]
				if (o.Fault == nil) != (want == "") || o.Fault != nil && !fault.Is(o.Fault, want) {
					t.Errorf("dossier %d of the batch: %v, want %q", i, o.Fault, want)
				}
			}
		}
		leader := person(t, w, d.Agency, access.Leader)
		give := app.BulkInput{ActionID: "lo-2", Act: dossier.Assign, Staff: app.ByLoad}
		for i, item := range in.Items[:4] {
			if i != 1 {
				give.Items = append(give.Items, app.BulkItem{Code: item.Code, Version: item.Version + 1})
			}
		}
		given, err := w.Bulk(ctx, leader, give)
		if err != nil {
			t.Fatal(err)
		}
		holders := map[string]int{}
		for _, o := range given {
			if o.Fault != nil {
				t.Errorf("assign %s: %v", o.Code, o.Fault)
			}
			holders[o.Holder]++
		}
		people := len(w.People(d.Agency, string(access.Handler)))
		for name, n := range holders {
			if most := (len(given) + people - 1) / people; name == "" || n > most {
				t.Errorf("%q was given %d of %d, by load at most %d", name, n, len(given), most)
			}
		}
		for name, bad := range map[string]app.BulkInput{
			"inbox.bulk_none":       {Act: dossier.Forward},
			"inbox.bulk_act":        {Act: dossier.Withdraw, Items: in.Items},
			"inbox.bulk_many":       {Act: dossier.Forward, Items: make([]app.BulkItem, 201)},
			"dossier.staff_missing": {Act: dossier.Assign, Items: in.Items},
		} {
			if _, err := w.Bulk(ctx, counter, bad); !fault.Is(err, name) {
				t.Errorf("Bulk(%v) = %v, want %s", bad.Act, err, name)
			}
		}
		reassign := app.BulkInput{ActionID: "lo-3", Act: dossier.Assign, Staff: app.ByLoad, Items: []app.BulkItem{{Code: give.Items[0].Code, Version: give.Items[0].Version + 1}}}
		if got, err := w.Bulk(ctx, leader, reassign); err != nil || !fault.Is(got[0].Fault, "dossier.reason_missing") {
			t.Errorf("taking work from somebody without a reason: %+v, %v", got, err)
		}
	})
}
