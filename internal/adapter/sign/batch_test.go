package sign

import (
	"fmt"
	"testing"
	"time"

	"github.com/motcua/motcua/internal/app"
	"github.com/motcua/motcua/internal/app/apptest"
	"github.com/motcua/motcua/internal/core/access"
	"github.com/motcua/motcua/internal/core/civil"
	"github.com/motcua/motcua/internal/core/dossier"
	"github.com/motcua/motcua/internal/core/fault"
)

// waiting puts n dossiers with drafted results before one leader.
func waiting(t testing.TB, w *apptest.World, n int) []*desk {
	t.Helper()
	all := make([]*desk, n)
	for i := range all {
		all[i] = begun(t, w)
		all[i].proposed()
	}
	return all
}

// batch is one press on the signing desk for what the desk shows at an act.
func batch(t testing.TB, w *apptest.World, who access.Actor, id string, act dossier.Act) app.BulkInput {
	t.Helper()
	page, err := w.SignDesk(t.Context(), who, act)
	if err != nil {
		t.Fatal(err)
	}
	in := app.BulkInput{ActionID: id, Act: act}
	for _, b := range page.Batches {
		for _, row := range b.Rows {
			if row.Alone == "" {
				in.Items = append(in.Items, app.BulkItem{Code: row.Code, Version: row.Version})
			}
		}
	}
	return in
}

// press carries a batch out and counts the outcomes by fault; "" counts what was done.
func press(t testing.TB, w *apptest.World, who access.Actor, in app.BulkInput) map[string]int {
	t.Helper()
	done, err := w.SignBatch(t.Context(), who, in)
	if err != nil {
		t.Fatalf("%s: %v", in.Act, err)
	}
	got := map[string]int{}
	for i, o := range done {
		if o.Code != in.Items[i].Code {
			t.Errorf("outcome %d is about %s, want %s", i, o.Code, in.Items[i].Code)
		}
		key := ""
		if o.Fault != nil {
			key = o.Fault.Key
		}
		got[key]++
	}
	return got
}

func counts(t testing.TB, got map[string]int, want map[string]int) {
	t.Helper()
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("outcomes %v, want %v", got, want)
	}
}

// A leader decides and signs a batch in one press: each act stays one of its own,
// what changed meanwhile is left out and named, and an expired certificate or a
// delegation that was taken back moves nothing.
func TestSigningDesk(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		ctx := t.Context()
		all := waiting(t, w, 4)
		chief, clerk, handler := all[0].chief, all[0].clerk, all[0].handler
		if _, err := w.SignDesk(ctx, handler, ""); fault.KindOf(err) != fault.Forbidden {
			t.Errorf("a handler opens the signing desk: %v", err)
		}
		page, err := w.SignDesk(ctx, chief, "")
		if err != nil || page.Act != dossier.Approve || page.Counts[dossier.Approve] != 4 || len(page.Batches) != 1 || len(page.Batches[0].Rows) != 4 {
			t.Fatalf("the desk: %+v, %v", page, err)
		}
		if row := page.Batches[0].Rows[0]; row.Proposer != handler.Name || !row.Drafted || row.Owner == "" {
			t.Errorf("a row: %+v", row)
		}
		sum, err := w.Summary(ctx, chief, page.Batches[0].Rows[1].Code, dossier.Sign)
		if err != nil || sum.Act != dossier.Approve || sum.Place != 2 || sum.Of != 4 || sum.Before != page.Batches[0].Rows[0].Code || sum.Next == "" || sum.Text == nil {
			t.Errorf("the summary: act %s, place %d of %d, %v", sum.Act, sum.Place, sum.Of, err)
		}
		in := batch(t, w, chief, "duyet", dossier.Approve)
		late := all[3]
		late.act(chief, app.ActInput{Input: dossier.Input{Act: dossier.SendBack, Reason: "Bổ sung căn cứ"}})
		for range 2 { // pressed twice, done once
			counts(t, press(t, w, chief, in), map[string]int{"": 3, "dossier.changed_meanwhile": 1})
		}
		counts(t, press(t, w, clerk, batch(t, w, clerk, "so", dossier.Number)), map[string]int{"": 3})
		in = batch(t, w, chief, "ky", dossier.Sign)
		for i, item := range in.Items { // numbers follow the order of the list
			v, err := w.Dossier(ctx, chief, item.Code)
			if err != nil || v.Result.Entry.No != int64(i+1) {
				t.Errorf("%s has number %+v, want %d", item.Code, v.Result.Entry, i+1)
			}
		}
		expires(t, w, chief, in)
		in.ActionID = "ky-2"
		takenBack(t, w, all[0], in)
		in.ActionID = "ky-3"
		counts(t, press(t, w, chief, in), map[string]int{"": 3})
		counts(t, press(t, w, clerk, batch(t, w, clerk, "dau", dossier.Stamp)), map[string]int{"": 3})
		counts(t, press(t, w, clerk, batch(t, w, clerk, "ra", dossier.IssueResult)), map[string]int{"": 3})
		v, err := w.Dossier(ctx, chief, in.Items[0].Code)
		if err != nil || v.Result.IssuedAt == nil || len(v.Result.Signatures) != 2 || v.Result.Authority != "KT. GIÁM ĐỐC" {
			t.Errorf("the result: %+v, %v", v.Result, err)
		}
		for name, bad := range map[string]app.BulkInput{
			"inbox.bulk_none": {Act: dossier.Sign}, "inbox.bulk_act": {Act: dossier.Forward, Items: in.Items}, "inbox.bulk_many": {Act: dossier.Sign, Items: make([]app.BulkItem, 201)},
		} {
			if _, err := w.SignBatch(ctx, chief, bad); !fault.Is(err, name) {
				t.Errorf("SignBatch(%s) = %v, want %s", bad.Act, err, name)
			}
		}
	}, signing(t))
}

// expires gives the signer a certificate that ends today: tomorrow nothing is
// signed, and nothing has moved. Then he gets a new one.
func expires(t *testing.T, w *apptest.World, chief access.Actor, in app.BulkInput) {
	t.Helper()
	admin, _ := w.Person("admin")
	today := civil.DateOf(w.Clock.Now())
	register := func(from, to civil.Date) {
		if err := w.RegisterCertificate(t.Context(), admin, app.CertificateForm{ID: chief.ID, From: from, To: to}); err != nil {
			t.Fatal(err)
		}
	}
	register(today.AddDays(-10), today)
	w.Clock.Set(today.AddDays(1).At(9 * 60))
	counts(t, press(t, w, chief, in), map[string]int{"sign.certificate_expired": len(in.Items)})
	v, err := w.Dossier(t.Context(), chief, in.Items[0].Code)
	if err != nil || v.Version != in.Items[0].Version || v.Result.SignedAt != nil {
		t.Errorf("after the refusal: version %d, %v", v.Version, err)
	}
	register(today, today.AddDays(300))
}

// takenBack lets the chief sign for a head who is away, and takes that back
// before the press: what was chosen for the head is signed for nobody.
func takenBack(t *testing.T, w *apptest.World, s *desk, in app.BulkInput) {
	t.Helper()
	admin, _ := w.Person("admin")
	saved, err := w.SaveStaff(t.Context(), admin, app.StaffForm{Login: "giamdoc.so", Name: "Lê Thị Giám Đốc", Title: "Giám đốc Sở", Unit: s.d.Agency, Roles: []access.Role{access.Leader}, Active: true})
	if err != nil {
		t.Fatal(err)
	}
	var head access.Actor
	for _, p := range w.People(s.d.Agency, "leader") {
		if p.ID == saved.ID {
			head = p
		}
	}
	today := civil.DateOf(w.Clock.Now())
	away, err := w.RecordAbsence(t.Context(), head, app.AbsenceForm{From: today, To: today, Work: s.chief.ID, Sign: s.chief.ID, Reason: "Đi công tác", Document: "12/QĐ-UQ"})
	if err != nil {
		t.Fatal(err)
	}
	page, err := w.SignDesk(t.Context(), s.chief, dossier.Sign)
	if err != nil || len(page.Choices) != 2 || page.Choices[1].ForName != head.Name || page.Choices[1].Authority != "KT. GIÁM ĐỐC" {
		t.Errorf("the ways to sign: %+v, %v", page.Choices, err)
	}
	if err := w.EndAbsence(t.Context(), head, "", away.ID); err != nil {
		t.Fatal(err)
	}
	in.For, in.Block = head.ID, page.Choices[1].Text()
	counts(t, press(t, w, s.chief, in), map[string]int{"result.block_unknown": len(in.Items)})
}

// BenchmarkSigningDesk is the desk of a leader with 200 dossiers before him: to
// open the page, and each act on all of them in one press.
func BenchmarkSigningDesk(b *testing.B) {
	for b.Loop() {
		w := apptest.SQLite(b, signing(b))
		all := waiting(b, w, 200)
		chief, clerk := all[0].chief, all[0].clerk
		at := time.Now()
		if page, err := w.SignDesk(b.Context(), chief, dossier.Approve); err != nil || page.Counts[dossier.Approve] != 200 {
			b.Fatal(page.Counts, err)
		}
		b.ReportMetric(float64(time.Since(at).Milliseconds()), "ms/page")
		for _, x := range []struct {
			who access.Actor
			act dossier.Act
		}{{chief, dossier.Approve}, {clerk, dossier.Number}, {chief, dossier.Sign}, {clerk, dossier.Stamp}, {clerk, dossier.IssueResult}} {
			in := batch(b, w, x.who, string(x.act), x.act)
			at := time.Now()
			counts(b, press(b, w, x.who, in), map[string]int{"": 200})
			b.ReportMetric(time.Since(at).Seconds(), "s/"+string(x.act))
		}
	}
}
