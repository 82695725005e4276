package sign

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/motcua/motcua/internal/app"
	"github.com/motcua/motcua/internal/app/apptest"
	"github.com/motcua/motcua/internal/core/access"
	"github.com/motcua/motcua/internal/core/agency"
	"github.com/motcua/motcua/internal/core/civil"
	"github.com/motcua/motcua/internal/core/dossier"
	"github.com/motcua/motcua/internal/core/fault"
	"github.com/motcua/motcua/internal/core/result"
)

// signing gives a test centre the simulated authority.
func signing(t testing.TB) apptest.Setting {
	sim := simulator(t, begin, begin.AddDate(40, 0, 0))
	return func(d *app.Deps) { d.Documents = Documents{New(sim)} }
}

// desk is a dossier whose result is being made.
type desk struct {
	*apptest.World
	t                              testing.TB
	code, secret                   string
	d                              dossier.Dossier
	counter, handler, chief, clerk access.Actor
}

func begun(t testing.TB, w *apptest.World) *desk {
	t.Helper()
	got := apptest.Receive(t, w, 5)
	one := func(unit, role string) access.Actor { return w.People(unit, role)[0] }
	s := &desk{World: w, t: t, code: got.Code, secret: got.Secret, d: got.Dossier}
	s.counter = one(w.Centre().Code, "reception")
	s.handler, s.chief, s.clerk = one(s.d.Agency, "handler"), one(s.d.Agency, "leader"), one(s.d.Agency, "clerk")
	s.act(s.counter, app.ActInput{Input: dossier.Input{Act: dossier.Forward}})
	s.act(s.handler, app.ActInput{Input: dossier.Input{Act: dossier.ReceiveHandover}})
	s.act(s.handler, app.ActInput{Input: dossier.Input{Act: dossier.Claim}})
	return s
}

func (s *desk) try(who access.Actor, in app.ActInput) error {
	s.Clock.Add(time.Minute)
	in.Code, in.Version = s.code, s.d.Version
	d, err := s.Act(s.t.Context(), who, in)
	if err == nil {
		s.d = d
	}
	return err
}

func (s *desk) act(who access.Actor, in app.ActInput) {
	s.t.Helper()
	if err := s.try(who, in); err != nil {
		s.t.Fatalf("%s: %v", in.Act, err)
	}
}

// proposed puts the filled template before the leader.
func (s *desk) proposed() {
	s.t.Helper()
	draft, err := s.ResultDraft(s.t.Context(), s.handler, s.code, result.Approve)
	if err != nil {
		s.t.Fatal(err)
	}
	if !strings.Contains(draft.Text.Body, s.code) || strings.Contains(draft.Text.Body, "{") {
		s.t.Fatalf("the template is not filled: %q", draft.Text.Body)
	}
	s.act(s.handler, app.ActInput{Input: dossier.Input{Act: dossier.Propose}, Result: &app.DraftForm{Outcome: draft.Outcome, Text: draft.Text}})
}

// issued takes the dossier from the proposal to the issue, step by step.
func (s *desk) issued() {
	s.t.Helper()
	s.act(s.chief, app.ActInput{Input: dossier.Input{Act: dossier.Approve}})
	s.act(s.clerk, app.ActInput{Input: dossier.Input{Act: dossier.Number}})
	s.act(s.chief, app.ActInput{Input: dossier.Input{Act: dossier.Sign}})
	s.act(s.clerk, app.ActInput{Input: dossier.Input{Act: dossier.Stamp}})
	s.act(s.clerk, app.ActInput{Input: dossier.Input{Act: dossier.IssueResult}})
}

// paper is the result document as it stands.
func (s *desk) paper() []byte {
	s.t.Helper()
	slip, err := s.Slip(s.t.Context(), s.chief, s.code, "result")
	if err != nil {
		s.t.Fatal(err)
	}
	return slip.PDF
}

// link is what the QR code of a result says, found in the text that the adapter
// reads: a test has no camera.
func (s *desk) link() string {
	s.t.Helper()
	text, err := s.ResultSeal(s.d)
	if err != nil {
		s.t.Fatal(err)
	}
	return text
}

// A result goes from the template to the issue in acts of their own; pdfsig agrees
// with its signatures; a third party checks it; taking it back shows.
func TestResultDocument(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		s := begun(t, w)
		s.proposed()
		s.issued()
		r := *s.d.Result
		if !strings.HasPrefix(r.Number, "1/GXN-") || r.Entry == nil || r.Entry.No != 1 || r.Entry.Book != "GXN" {
			t.Errorf("number %q, entry %+v, want the first of the book GXN", r.Number, r.Entry)
		}
		if r.Authority != "KT. GIÁM ĐỐC" || r.Post != "PHÓ GIÁM ĐỐC" {
			t.Errorf("signed as %q %q", r.Authority, r.Post)
		}
		if len(r.Signatures) != 2 || r.Signatures[0].Signer != s.chief.Name || len(r.Files) != 1 {
			t.Errorf("signatures %+v, files %v, want person and seal on one file", r.Signatures, r.Files)
		}
		pdf := s.paper()
		for _, want := range []string{"Số: " + r.Number, "KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC", s.code, "Người ký: " + s.chief.Name} {
			if text := strings.Join(strings.Fields(apptest.PDFText(t, pdf)), " "); !strings.Contains(text, want) {
				t.Errorf("the document does not say %q: %s", want, text)
			}
		}
		pdfsig(t, pdf, 2)
		s.thirdParty(pdf, r.Number)
		again := begun(t, w)
		again.proposed()
		again.act(again.chief, app.ActInput{Input: dossier.Input{Act: dossier.Approve}})
		again.act(again.clerk, app.ActInput{Input: dossier.Input{Act: dossier.Number}})
		if again.d.Agency == s.d.Agency && again.d.Result.Entry.No != 2 {
			t.Errorf("the second number is %+v", again.d.Result.Entry)
		}
	}, signing(t))
}

// thirdParty is somebody with a copy of the document and its QR code.
func (s *desk) thirdParty(pdf []byte, number string) {
	s.t.Helper()
	ctx := s.t.Context()
	link := s.link()
	c, f, err := s.VerifyResultFile(ctx, link, bytes.NewReader(pdf))
	if err != nil || !c.Genuine || c.State != app.ResultHolds || c.Number != number || c.Signer != s.chief.Name || !f.Same || !f.Report.Valid {
		s.t.Errorf("a copy: %+v, %+v, %v", c, f, err)
	}
	changed := bytes.Clone(pdf)
	changed[len(changed)/3] ^= 1
	if _, f, err := s.VerifyResultFile(ctx, link, bytes.NewReader(changed)); err != nil || f.Same || f.Report.Valid {
		s.t.Errorf("a changed copy: %+v, %v", f, err)
	}
	if c, f, err := s.VerifyResultFile(ctx, "", bytes.NewReader(pdf)); err != nil || !f.Same || c.Number != number || c.State != app.ResultHolds {
		s.t.Errorf("a copy without its QR text: %+v, %+v, %v", c, f, err)
	}
	if c, f, err := s.VerifyResultFile(ctx, "", bytes.NewReader(changed)); err != nil || f.Same || f.Report.Valid || c.Number != "" {
		s.t.Errorf("a changed copy tells about the real one: %+v, %+v, %v", c, f, err)
	}
	for name, bad := range map[string]string{"sign.not_pdf": "PK\x03\x04 no PDF", "result.copy_missing": "", "result.copy_large": "%PDF-" + strings.Repeat("x", app.MostCopy)} {
		if _, _, err := s.VerifyResultFile(ctx, "", strings.NewReader(bad)); !fault.Is(err, name) {
			s.t.Errorf("a copy that is none: %v, want %s", err, name)
		}
	}
	if c, err := s.VerifyResult(ctx, "x"+link); err != nil || c.Genuine && c.State == app.ResultHolds && strings.HasPrefix(link, "x") {
		s.t.Errorf("a made-up text: %+v, %v", c, err)
	}
	s.act(s.chief, app.ActInput{Input: dossier.Input{Act: dossier.TakeBack, Reason: "Sai địa chỉ"}})
	if c, err := s.VerifyResult(ctx, link); err != nil || c.State != app.ResultRecalled {
		s.t.Errorf("taken back: %+v, %v", c, err)
	}
}

// pdfsig lets poppler judge the signatures of a file.
func pdfsig(t *testing.T, pdf []byte, want int) {
	t.Helper()
	tool, err := exec.LookPath("pdfsig")
	if err != nil {
		if os.Getenv("MOTCUA_REQUIRE_BROWSER") == "1" {
			t.Fatal("no pdfsig: install the Debian package poppler-utils")
		}
		t.Skip("no pdfsig")
	}
	path := filepath.Join(t.TempDir(), "result.pdf")
	if err := os.WriteFile(path, pdf, 0o600); err != nil {
		t.Fatal(err)
	}
	out, _ := exec.CommandContext(t.Context(), tool, "-nocert", path).CombinedOutput() // an untrusted authority is an error to it
	if n := strings.Count(string(out), "Signature is Valid."); n != want {
		t.Errorf("pdfsig finds %d valid signatures, want %d:\n%s", n, want, out)
	}
}

// Signing with a certificate that has expired, or without any, moves nothing.
func TestSigningWithoutACertificateInForce(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		s := begun(t, w)
		s.proposed()
		s.act(s.chief, app.ActInput{Input: dossier.Input{Act: dossier.Approve}})
		s.act(s.clerk, app.ActInput{Input: dossier.Input{Act: dossier.Number}})
		admin, _ := w.Person("admin")
		today := civil.DateOf(w.Clock.Now())
		err := w.RegisterCertificate(t.Context(), admin, app.CertificateForm{ID: s.chief.ID, From: today.AddDays(-100), To: today})
		if err != nil {
			t.Fatal(err)
		}
		w.Clock.Set(today.AddDays(1).At(9 * 60))
		version := s.d.Version
		if err := s.try(s.chief, app.ActInput{Input: dossier.Input{Act: dossier.Sign}}); !fault.Is(err, "sign.certificate_expired") {
			t.Errorf("signing with an expired certificate: %v", err)
		}
		now, err := w.Dossier(t.Context(), s.chief, s.code)
		if err != nil || now.Version != version || now.Result.SignedAt != nil {
			t.Errorf("after the refusal: version %d, %v, want %d and no signature", now.Version, err, version)
		}
		rows, err := w.Certificates(t.Context(), admin)
		if err != nil || len(rows) == 0 || rows[0].ID != s.chief.ID || !rows[0].Expired {
			t.Errorf("the register does not begin with the expired certificate: %+v, %v", rows[:min(1, len(rows))], err)
		}
		if err := s.try(s.chief, app.ActInput{Input: dossier.Input{Act: dossier.Sign}, Block: "CHỦ TỊCH"}); !fault.Is(err, "result.block_unknown") {
			t.Errorf("signing as somebody else: %v", err)
		}
	}, signing(t))
}

// An uploaded result with another dossier's code is refused when its text says so.
func TestResultOfAnotherDossier(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		s := begun(t, w)
		s.proposed()
		s.issued()
		other := begun(t, w)
		stage := func(pdf []byte) string {
			f, err := w.Stage(t.Context(), other.handler, "ket-qua.pdf", bytes.NewReader(pdf))
			if err != nil {
				t.Fatal(err)
			}
			return f.Hash
		}
		err := other.try(other.handler, app.ActInput{Input: dossier.Input{Act: dossier.Propose}, FileRefs: []string{stage(s.paper())}})
		if x := fault.As(err); x == nil || x.Key != "result.wrong_dossier" || x.Args["found"] != s.code {
			t.Errorf("the result of another dossier: %v", err)
		}
		other.act(other.handler, app.ActInput{Input: dossier.Input{Act: dossier.Propose}, FileRefs: []string{stage(formOf(t, ""))}})
		other.issued()
		if r := other.d.Result; len(r.Signatures) != 2 || r.Draft.File == nil {
			t.Errorf("an uploaded document: %+v", r)
		}
	}, signing(t))
}

// A deputy signs by delegation while the head is away, and the document says so.
func TestSigningByDelegation(t *testing.T) {
	w := apptest.SQLite(t, signing(t))
	s := begun(t, w)
	admin, _ := w.Person("admin")
	saved, err := w.SaveStaff(t.Context(), admin, app.StaffForm{Login: "giamdoc.so", Name: "Lê Thị Giám Đốc", Title: "Giám đốc Sở", Unit: s.d.Agency, Roles: []access.Role{access.Leader}, Active: true})
	if err != nil {
		t.Fatal(err)
	}
	head := w.People(s.d.Agency, "leader")
	chief := head[slices.IndexFunc(head, func(a access.Actor) bool { return a.ID == saved.ID })]
	today := civil.DateOf(w.Clock.Now())
	_, err = w.RecordAbsence(t.Context(), chief, app.AbsenceForm{From: today, To: today.AddDays(3), Work: s.chief.ID, Sign: s.chief.ID, Reason: "Đi công tác", Document: "12/QĐ-UQ"})
	if err != nil {
		t.Fatal(err)
	}
	s.proposed()
	s.act(s.chief, app.ActInput{Input: dossier.Input{Act: dossier.Approve}})
	s.act(s.clerk, app.ActInput{Input: dossier.Input{Act: dossier.Number}})
	s.act(s.chief, app.ActInput{Input: dossier.Input{Act: dossier.Sign}, For: chief.ID})
	if r := s.d.Result; r.SignedFor != chief.Name || r.Authority != "KT. GIÁM ĐỐC" || r.Post != "PHÓ GIÁM ĐỐC" || r.SignedBy != s.chief.Name {
		t.Errorf("signed by delegation: %+v", r)
	}
	if id := agency.SealID(s.d.Agency); !strings.HasPrefix(id, "seal-") {
		t.Error(id)
	}
}
