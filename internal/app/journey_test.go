package app_test

import (
	"strings"
	"testing"
	"time"

	"github.com/motcua/motcua/internal/app"
	"github.com/motcua/motcua/internal/app/apptest"
	"github.com/motcua/motcua/internal/core/access"
	"github.com/motcua/motcua/internal/core/dossier"
	"github.com/motcua/motcua/internal/core/fault"
)

// person is the first officer of a unit with a role.
func person(t *testing.T, w *apptest.World, unit string, role access.Role) access.Actor {
	t.Helper()
	all := w.People(unit, string(role))
	if len(all) == 0 {
		t.Fatalf("nobody in %s is %s", unit, role)
	}
	return all[0]
}

// anyReceivable is a procedure that the centre receives with a limit in working
// days and at least one paper.
func anyReceivable(t *testing.T, w *apptest.World) app.Receivable {
	t.Helper()
	all, err := w.ReceivableBy()
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range all {
		if p.Unit == w.Centre().Code && len(p.Cases) == 1 && p.Cases[0].Limit != nil && p.Cases[0].Limit.Unit == "ngay_lam_viec" && p.Cases[0].Limit.Value >= 5 && len(p.PapersOf(p.Cases[0])) > 0 {
			return p
		}
	}
	t.Fatal("no procedure to receive")
	return app.Receivable{}
}

// form is a complete reception of a procedure.
func form(p app.Receivable) app.ReceptionForm {
	f := app.ReceptionForm{
		Procedure: p.Code, Case: p.Cases[0].ID, Channel: dossier.Direct, ReturnChannel: dossier.ReturnCounter, Sets: 1, Confirmed: true,
		Owner: app.PartyForm{Kind: "citizen", Name: "Nguyễn Thị Thử Nghiệm", PersonalID: "999190000017", Phone: "0000123456", Address: "12 Trần Phú, Đà Lạt, Lâm Đồng"},
	}
	for _, x := range p.PapersOf(p.Cases[0]) {
		f.Papers = append(f.Papers, app.PaperForm{ID: x.ID, Originals: max(x.Originals, 1), Copies: x.Copies})
	}
	return f
}

func TestJourney(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		journey(t, w)
	})
}

func journey(t *testing.T, w *apptest.World) {
	ctx := t.Context()
	p := anyReceivable(t, w)
	counter := person(t, w, w.Centre().Code, access.Reception)
	got, err := w.ReceiveDossier(ctx, counter, form(p))
	if err != nil {
		t.Fatalf("receive %s: %v", p.Code, err)
	}
	if !strings.HasSuffix(got.Code, "-261123-0001") || got.Secret == "" || got.Deadline.DueOn.IsZero() {
		t.Errorf("received %q, secret %q, due %v", got.Code, got.Secret, got.Deadline.DueOn)
	}
	slip, err := w.Slip(ctx, counter, got.Code, "receipt")
	if err != nil || !strings.HasPrefix(string(slip.PDF), "%PDF") {
		t.Errorf("receipt slip: %d bytes, %v", len(slip.PDF), err)
	}
	checkSeal(t, w, got)
	at := got.Agency
	handler, leader, clerk := person(t, w, at, access.Handler), person(t, w, at, access.Leader), person(t, w, at, access.Clerk)
	staged, err := w.Stage(ctx, clerk, "ket-qua.pdf", strings.NewReader(smallPDF))
	if err != nil {
		t.Fatal(err)
	}
	code, version := got.Code, got.Version
	act := func(who access.Actor, in dossier.Input, files ...string) dossier.Dossier {
		t.Helper()
		w.Clock.Add(20 * time.Minute)
		in.Version = version
		d, err := w.Act(ctx, who, app.ActInput{Code: code, Input: in, FileRefs: files})
		if err != nil {
			t.Fatalf("%s: %v", in.Act, err)
		}
		version = d.Version
		return d
	}
	act(counter, dossier.Input{Act: dossier.Forward})
	act(handler, dossier.Input{Act: dossier.ReceiveHandover})
	act(handler, dossier.Input{Act: dossier.Claim})
	act(handler, dossier.Input{Act: dossier.Propose, Outcome: dossier.OutcomeApprove})
	act(leader, dossier.Input{Act: dossier.Approve})
	act(clerk, dossier.Input{Act: dossier.Number})
	act(leader, dossier.Input{Act: dossier.Sign})
	act(clerk, dossier.Input{Act: dossier.IssueResult}, staged.Hash)
	act(clerk, dossier.Input{Act: dossier.HandOver})
	act(counter, dossier.Input{Act: dossier.ReceiveHandover})
	d := act(counter, dossier.Input{Act: dossier.Return, Receiver: "Nguyễn Thị Thử Nghiệm", Checked: "Căn cước"})
	if d.Status != dossier.Returned {
		t.Errorf("status = %v, want returned", d.Status)
	}
	seen, err := w.Track(ctx, code, strings.ToLower(got.Secret))
	if err != nil || seen.Status != dossier.Returned || len(seen.Steps) == 0 {
		t.Errorf("track = %+v, %v", seen, err)
	}
	if _, err := w.Track(ctx, code, "AAAAAAAA"); !fault.Is(err, "track.not_found") {
		t.Errorf("track with a wrong secret: %v", err)
	}
	view, err := w.Dossier(ctx, handler, code)
	if err != nil || len(view.Timeline) != 12 || view.Owner.PersonalID == "999190000017" || len(view.Why) == 0 {
		t.Errorf("dossier view: %d events, owner %+v, %v", len(view.Timeline), view.Owner, err)
	}
}

// checkSeal reads the receipt's QR text back: it is genuine, and a changed one
// is not.
func checkSeal(t *testing.T, w *apptest.World, got app.Received) {
	t.Helper()
	text, err := w.ReceiptLink(got.Dossier)
	if err != nil || !strings.HasPrefix(text, "https://motcua.example/xac-thuc?") {
		t.Fatalf("ReceiptLink = %q, %v", text, err)
	}
	c, err := w.VerifySlip(t.Context(), text)
	if err != nil || !c.Genuine || c.Code != got.Code || !c.Known || c.Changed {
		t.Errorf("VerifySlip = %+v, %v", c, err)
	}
	forged := text[:len(text)-2] + "AA"
	if c, err := w.VerifySlip(t.Context(), forged); err != nil || c.Genuine {
		t.Errorf("VerifySlip of a changed text = %+v, %v", c, err)
	}
}

// smallPDF is the smallest file that counts as PDF.
const smallPDF = "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
