package app_test

import (
	"strings"
	"testing"
	"time"

	"golang.org/x/text/unicode/norm"

	"github.com/motcua/motcua/internal/app"
	"github.com/motcua/motcua/internal/app/apptest"
	"github.com/motcua/motcua/internal/core/access"
	"github.com/motcua/motcua/internal/core/civil"
	"github.com/motcua/motcua/internal/core/dossier"
	"github.com/motcua/motcua/internal/core/fault"
	"github.com/motcua/motcua/internal/store/storetest"
)

// fields are the names of the wrong fields of an error.
func fields(err error) string {
	f := fault.As(err)
	if f == nil {
		return ""
	}
	var names []string
	for _, one := range f.Each() {
		names = append(names, one.Field)
	}
	return strings.Join(names, " ")
}

func TestReceptionRefusesBadInput(t *testing.T) {
	w := apptest.SQLite(t)
	p := anyReceivable(t, w)
	counter := person(t, w, w.Centre().Code, access.Reception)
	before := w.Store().Position()
	paper := "papers." + p.PapersOf(p.Cases[0])[0].ID
	tests := []struct {
		name   string
		change func(*app.ReceptionForm)
		key    string
		field  string
	}{
		{"unknown procedure", func(f *app.ReceptionForm) { f.Procedure = "9.999999" }, "procedure.unknown", ""},
		{"unknown case", func(f *app.ReceptionForm) { f.Case = "c99" }, "procedure.case_unknown", "case"},
		{"missing paper", func(f *app.ReceptionForm) { f.Papers = f.Papers[1:] }, "dossier.paper_missing", paper},
		{"negative copies", func(f *app.ReceptionForm) { f.Papers[0].Copies = -1 }, "dossier.paper_count", paper},
		{"paper listed twice", func(f *app.ReceptionForm) { f.Papers = append(f.Papers, f.Papers[0]) }, "dossier.paper_twice", paper},
		{"paper of another procedure", func(f *app.ReceptionForm) { f.Papers[0].ID = "p999" }, "dossier.paper_unknown", "papers.p999"},
		{"ID of eleven digits", func(f *app.ReceptionForm) { f.Owner.PersonalID = "99919000001" }, "", "owner.personalId"},
		{"no name", func(f *app.ReceptionForm) { f.Owner.Name = "  " }, "", "owner.name"},
		{"name of 3,000 characters", func(f *app.ReceptionForm) { f.Owner.Name = strings.Repeat("Ngọc ", 600) }, "", "owner.name"},
		{"HTML in the name", func(f *app.ReceptionForm) { f.Owner.Name = "<script>alert(1)</script>" }, "", "owner.name"},
		{"phone with letters", func(f *app.ReceptionForm) { f.Owner.Phone = "09x" }, "", "owner.phone"},
		{"born tomorrow", func(f *app.ReceptionForm) { f.Owner.BornOn = "2026-11-24" }, "party.birth_future", "owner.bornOn"},
		{"born in no month", func(f *app.ReceptionForm) { f.Owner.BornOn = "2000-13-01" }, "civil.date_form", "owner.bornOn"},
		{"unknown channel", func(f *app.ReceptionForm) { f.Channel = "pigeon" }, "dossier.channel_unknown", "channel"},
		{"unknown way of return", func(f *app.ReceptionForm) { f.ReturnChannel = "pigeon" }, "dossier.return_channel_unknown", "returnChannel"},
		{"abstract too long", func(f *app.ReceptionForm) { f.Subject = strings.Repeat("a", 1001) }, "dossier.too_long", "subject"},
		{"proxy without authorisation", func(f *app.ReceptionForm) { s := f.Owner; f.Submitter = &s }, "dossier.authorisation_missing", "submitter.authorisation"},
		{"hundred sets", func(f *app.ReceptionForm) { f.Sets = 100 }, "dossier.sets_range", "sets"},
		{"unknown fee", func(f *app.ReceptionForm) { f.FeeLines = []string{"f99"} }, "dossier.fee_unknown", "feeLines"},
		{"unknown file", func(f *app.ReceptionForm) { f.Papers[0].Files = []app.StagedFile{{Hash: strings.Repeat("a", 64)}} }, "store.file_not_staged", paper},
		{"unknown unit", func(f *app.ReceptionForm) { f.Unit = "H99" }, "agency.unit_unknown", "unit"},
		{"reception in the future", func(f *app.ReceptionForm) { f.ReceivedAt = apptest.Start().Add(time.Hour) }, "dossier.received_future", "receivedAt"},
		{"late entry without slip", func(f *app.ReceptionForm) { f.ReceivedAt = apptest.Start().Add(-time.Hour) }, "dossier.late_slip_missing", "lateSlip"},
		{"late entry without reason", func(f *app.ReceptionForm) { f.ReceivedAt, f.LateSlip = apptest.Start().Add(-time.Hour), "12" }, "dossier.reason_missing", "reason"},
		{"guide without reason", func(f *app.ReceptionForm) { f.Act = dossier.Guide; f.Items = []string{"p1"} }, "dossier.reason_missing", "reason"},
		{"refusal without ground", func(f *app.ReceptionForm) { f.Act, f.Reason = dossier.RefuseReception, "Không thuộc thẩm quyền" }, "dossier.ground_missing", "legalGround"},
		{"unknown act", func(f *app.ReceptionForm) { f.Act = "dance" }, "dossier.act_unknown", "act"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f := form(p)
			tt.change(&f)
			_, err := w.ReceiveDossier(t.Context(), counter, f)
			if err == nil {
				t.Fatal("received")
			}
			if tt.key != "" && !fault.Is(err, tt.key) {
				t.Errorf("error = %v, want %s", err, tt.key)
			}
			if tt.field != "" && !strings.Contains(" "+fields(err)+" ", " "+tt.field+" ") {
				t.Errorf("fields = %q, want %q among them", fields(err), tt.field)
			}
		})
	}
	if now := w.Store().Position(); now != before {
		t.Errorf("refused receptions left %d events", now-before)
	}
}

// Every wrong field is named at once, so that nobody corrects one after the other.
func TestReceptionNamesEveryWrongField(t *testing.T) {
	w := apptest.SQLite(t)
	p := anyReceivable(t, w)
	f := form(p)
	f.Owner.Name, f.Owner.PersonalID, f.Channel, f.Papers[0].ID = "", "1", "pigeon", "p999"
	_, err := w.ReceiveDossier(t.Context(), person(t, w, w.Centre().Code, access.Reception), f)
	for _, want := range []string{"owner.name", "owner.personalId", "channel"} {
		if !strings.Contains(fields(err), want) {
			t.Errorf("fields = %q, want %s among them", fields(err), want)
		}
	}
}

func TestReceptionKeepsTextNFC(t *testing.T) {
	w := apptest.SQLite(t)
	f := form(anyReceivable(t, w))
	f.Owner.Name, f.Subject = norm.NFD.String("Nguyễn Thị Thử Nghiệm"), norm.NFD.String("Đề nghị cấp lại giấy phép")
	counter := person(t, w, w.Centre().Code, access.Reception)
	got, err := w.ReceiveDossier(t.Context(), counter, f)
	if err != nil {
		t.Fatal(err)
	}
	v, err := w.Dossier(t.Context(), counter, got.Code)
	if err != nil || !norm.NFC.IsNormalString(v.Owner.Name) || !norm.NFC.IsNormalString(v.Subject) || v.Owner.Name != "Nguyễn Thị Thử Nghiệm" {
		t.Errorf("owner %q, subject %q, %v", v.Owner.Name, v.Subject, err)
	}
}

func TestReceptionOfWhatIsNotReady(t *testing.T) {
	w := apptest.SQLite(t)
	counter := person(t, w, w.Centre().Code, access.Reception)
	page, err := w.Readiness(t.Context(), person(t, w, w.Centre().Code, access.Control), app.ReadinessQuery{Only: "missing"})
	if err != nil || len(page.Rows) == 0 {
		t.Fatalf("nothing is unready: %v", err)
	}
	f := form(anyReceivable(t, w))
	for _, row := range page.Rows {
		sheet, err := w.ReceptionSheet(t.Context(), counter, row.Code, "")
		if err != nil || sheet.Case == "" {
			continue
		}
		f.Procedure, f.Case, f.Papers = row.Code, sheet.Case, nil
		if _, err := w.ReceiveDossier(t.Context(), counter, f); !fault.Is(err, "procedure.not_ready") && !fault.Is(err, "procedure.of_commune") && !fault.Is(err, "procedure.no_agency") {
			t.Errorf("%s: error = %v, want procedure.not_ready", row.Code, err)
		}
		return
	}
	t.Fatal("no unready procedure can be opened")
}

func TestReceptionByAnotherUnit(t *testing.T) {
	w := apptest.SQLite(t)
	p := anyReceivable(t, w)
	for _, role := range []access.Role{access.Control, access.Admin, access.Director, access.Supervisor} {
		if _, err := w.ReceiveDossier(t.Context(), person(t, w, w.Centre().Code, role), form(p)); fault.KindOf(err) != fault.Forbidden {
			t.Errorf("%s receives: %v", role, err)
		}
	}
}

// The same form sent twice is one reception; the same id with another form is
// refused; a second dossier of the same person wants a confirmation.
func TestReceptionTwice(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		ctx := t.Context()
		p := anyReceivable(t, w)
		counter := person(t, w, w.Centre().Code, access.Reception)
		f := form(p)
		f.ActionID, f.Confirmed = "0199aaaa-0000-7000-8000-000000000001", false
		first, err := w.ReceiveDossier(ctx, counter, f)
		if err != nil {
			t.Fatal(err)
		}
		again, err := w.ReceiveDossier(ctx, counter, f)
		if err != nil || again.Code != first.Code || again.Secret != first.Secret || again.Version != first.Version {
			t.Errorf("the same form again: %s, secret %v, %v", again.Code, again.Secret == first.Secret, err)
		}
		f.Subject = "khác"
		if _, err := w.ReceiveDossier(ctx, counter, f); !fault.Is(err, "store.action_reused") {
			t.Errorf("another form under the same id: %v", err)
		}
		f.ActionID = ""
		if _, err := w.ReceiveDossier(ctx, counter, f); !fault.Is(err, "dossier.similar") {
			t.Errorf("a second dossier without a look: %v", err)
		}
		f.Confirmed = true
		second, err := w.ReceiveDossier(ctx, counter, f)
		if err != nil || !strings.HasSuffix(second.Code, "-0002") {
			t.Errorf("a confirmed second dossier: %s, %v", second.Code, err)
		}
	})
}

// A late entry keeps the true time of reception, counts its limit from there and
// waits for the director.
func TestLateEntry(t *testing.T) {
	w := apptest.SQLite(t)
	ctx := t.Context()
	counter := person(t, w, w.Centre().Code, access.Reception)
	f := form(anyReceivable(t, w))
	f.ReceivedAt, f.LateSlip, f.Reason = time.Date(2026, 11, 20, 10, 0, 0, 0, civil.Zone), "17/TN", "Mất điện cả buổi sáng"
	got, err := w.ReceiveDossier(ctx, counter, f)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(got.Code, "-261120-") || !got.ReceivedAt.Equal(f.ReceivedAt) {
		t.Errorf("code %s received %v", got.Code, got.ReceivedAt)
	}
	director := person(t, w, w.Centre().Code, access.Director)
	rows, err := w.LateEntries(ctx, director)
	if err != nil || len(rows) != 1 || rows[0].Slip != "17/TN" || rows[0].Reason != f.Reason {
		t.Fatalf("late entries = %+v, %v", rows, err)
	}
	if _, err := w.Act(ctx, counter, app.ActInput{Code: got.Code, Input: dossier.Input{Act: dossier.ReceiveLate, Version: got.Version}}); fault.KindOf(err) != fault.Forbidden {
		t.Errorf("the officer confirms his own late entry: %v", err)
	}
	if _, err := w.Act(ctx, director, app.ActInput{Code: got.Code, Input: dossier.Input{Act: dossier.ReceiveLate, Version: got.Version}}); err != nil {
		t.Errorf("the director confirms: %v", err)
	}
	if rows, err := w.LateEntries(ctx, director); err != nil || len(rows) != 0 {
		t.Errorf("late entries after the confirmation = %+v, %v", rows, err)
	}
	storetest.Verify(t, w.Store())
}

// Guided at the counter, then received: one reference becomes one code.
func TestGuideThenAccept(t *testing.T) {
	w := apptest.SQLite(t)
	ctx := t.Context()
	counter := person(t, w, w.Centre().Code, access.Reception)
	p := anyReceivable(t, w)
	f := form(p)
	full := f.Papers
	f.Act, f.Papers, f.Reason, f.Items = dossier.Guide, nil, "Thiếu đơn đề nghị", []string{p.PapersOf(p.Cases[0])[0].ID}
	guided, err := w.ReceiveDossier(ctx, counter, f)
	if err != nil || guided.Code != "" || guided.Ref == "" {
		t.Fatalf("guide: code %q, ref %q, %v", guided.Code, guided.Ref, err)
	}
	if slip, err := w.Slip(ctx, counter, guided.Ref, "supplementRequest"); err != nil || len(slip.PDF) == 0 {
		t.Errorf("guidance slip: %v", err)
	}
	f = app.ReceptionForm{Act: dossier.Accept, Ref: guided.Ref, Version: guided.Version, Papers: full}
	got, err := w.ReceiveDossier(ctx, counter, f)
	if err != nil || got.Code == "" || got.Status != dossier.Accepted {
		t.Fatalf("accept: %q, %v, %v", got.Code, got.Status, err)
	}
	if got.Secret != guided.Secret {
		t.Error("the tracking secret changed with the acceptance")
	}
	storetest.Verify(t, w.Store())
}
