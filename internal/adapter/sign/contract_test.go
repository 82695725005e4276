package sign

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/motcua/motcua/internal/core/civil"
	"github.com/motcua/motcua/internal/core/fault"
	"github.com/motcua/motcua/internal/core/ruleset"
	"github.com/motcua/motcua/internal/printout"
)

// begin is when the certificates of these tests begin; a signature carries the
// machine's time too, so they have to be in force when the test runs.
var begin = time.Date(2016, 1, 1, 0, 0, 0, 0, civil.Zone)

var signedAt = time.Date(2026, 2, 5, 8, 15, 0, 0, civil.Zone)

func leader() Officer {
	return Officer{ID: "pq-dat", Name: "Phạm Vĩnh Đạt", Post: "Phó Giám đốc", Unit: "Sở Y tế Čư Jŭt"}
}

func seed() []byte { return bytes.Repeat([]byte("s"), 32) }

func simulator(t testing.TB, from, to time.Time) *Simulator {
	t.Helper()
	s, err := NewSimulator(seed(), "UBND tỉnh Lâm Đồng", from, to)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// form is a PDF as the program prints it.
func form(t testing.TB) []byte { return formOf(t, "H36.01-260205-0001") }

func formOf(t testing.TB, code string) []byte {
	t.Helper()
	p, err := printout.New()
	if err != nil {
		t.Fatal(err)
	}
	pdf, err := p.PDF(printout.Apology{
		Letterhead: printout.Letterhead{Form: printout.Form{ID: ruleset.Apology, Number: "04", Name: "Phiếu xin lỗi và hẹn lại ngày trả kết quả"}, At: signedAt},
		Agency:     "Sở Xây dựng", Code: code, Reason: "chờ ý kiến",
	})
	if err != nil {
		t.Fatal(err)
	}
	return pdf
}

func writePEM(t *testing.T, path string, mode os.FileMode, blocks ...*pem.Block) {
	t.Helper()
	var b bytes.Buffer
	for _, block := range blocks {
		if err := pem.Encode(&b, block); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(path, b.Bytes(), mode); err != nil {
		t.Fatal(err)
	}
}

// folder puts the key that a simulator has for the leader into files, as an
// authority would deliver it.
func folder(t *testing.T, sim *Simulator) *Folder {
	t.Helper()
	dir := t.TempDir()
	c, err := sim.Credential(t.Context(), leader())
	if err != nil {
		t.Fatal(err)
	}
	key, err := x509.MarshalPKCS8PrivateKey(c.Key)
	if err != nil {
		t.Fatal(err)
	}
	writePEM(t, filepath.Join(dir, rootsFile), 0o644, &pem.Block{Type: "CERTIFICATE", Bytes: sim.root.Raw})
	writePEM(t, filepath.Join(dir, leader().ID+".pem"), 0o600,
		&pem.Block{Type: "CERTIFICATE", Bytes: c.Chain[0].Raw}, &pem.Block{Type: "PRIVATE KEY", Bytes: key})
	f, err := OpenFolder(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	return f
}

// kinds are all ways to hold keys, each with certificates of the same period.
func kinds(t *testing.T, from, to time.Time) map[string]*Service {
	sim := simulator(t, from, to)
	return map[string]*Service{"simulator": New(sim), "folder": New(folder(t, sim))}
}

// reason has letters of which a byte is a bracket, a line end or a backslash.
const reason = "Xin lỗi vì chậm lĩnh vực đất đai, thôn Čư Ŝĩ"

// The contract: what every way to hold keys does alike.
func TestContract(t *testing.T) {
	for name, s := range kinds(t, begin, begin.AddDate(40, 0, 0)) {
		t.Run(name, func(t *testing.T) {
			signed, err := s.Sign(t.Context(), form(t), leader(), reason, signedAt)
			if err != nil {
				t.Fatal(err)
			}
			report, err := s.Verify(signed)
			if err != nil {
				t.Fatal(err)
			}
			want := Signature{
				Signer: "Phạm Vĩnh Đạt", Post: "Phó Giám đốc", Unit: "Sở Y tế Čư Jŭt", Reason: reason, At: signedAt,
				Intact: true, Trusted: true, InForce: true, Whole: true,
			}
			if len(report.Signatures) != 1 || report.Signatures[0] != want || !report.Valid() {
				t.Errorf("Verify = %+v, want %+v", report, want)
			}
			if !bytes.HasPrefix(signed, form(t)) {
				t.Error("signing changed the bytes that were there")
			}
			t.Run("a file that is no PDF", func(t *testing.T) {
				for _, bad := range []string{"", "hello", "%PDF-1.7\nbroken", "%PDF-1.3\n" + strings.Repeat("x", 5000) + "\nstartxref\n9999999\n%%EOF"} {
					if _, err := s.Sign(t.Context(), []byte(bad), leader(), "", signedAt); !fault.Is(err, "sign.not_pdf") {
						t.Errorf("Sign(%.20q) fails with %v, want sign.not_pdf", bad, err)
					}
				}
			})
		})
	}
}

func TestCertificateOutOfForceIsRefused(t *testing.T) {
	for name, s := range kinds(t, begin, begin.AddDate(5, 0, 0)) {
		if _, err := s.Sign(t.Context(), form(t), leader(), "", signedAt); !fault.Is(err, "sign.certificate_expired") {
			t.Errorf("%s: an expired certificate signs: %v", name, err)
		}
		if _, err := s.Sign(t.Context(), form(t), leader(), "", begin.AddDate(-1, 0, 0)); !fault.Is(err, "sign.certificate_early") {
			t.Errorf("%s: a certificate signs before it is valid: %v", name, err)
		}
	}
}

func TestTwoSignaturesStandTogether(t *testing.T) {
	s := New(simulator(t, begin, begin.AddDate(40, 0, 0)))
	seal := Officer{ID: "seal", Name: "Sở Xây dựng tỉnh Lâm Đồng"}
	once, err := s.Sign(t.Context(), form(t), leader(), "Phê duyệt", signedAt)
	if err != nil {
		t.Fatal(err)
	}
	twice, err := s.Sign(t.Context(), once, seal, "Đóng dấu cơ quan", signedAt.Add(time.Hour))
	if err != nil {
		t.Fatal(err)
	}
	report, err := s.Verify(twice)
	if err != nil {
		t.Fatal(err)
	}
	if len(report.Signatures) != 2 || !report.Valid() {
		t.Fatalf("Verify = %+v, want two valid signatures", report)
	}
	if a, b := report.Signatures[0], report.Signatures[1]; a.Signer != leader().Name || a.Whole || b.Signer != seal.Name || !b.Whole {
		t.Errorf("Verify = %+v", report)
	}
}

// A demo that starts again trusts what it signed before.
func TestSimulatorRemembers(t *testing.T) {
	signed, err := New(simulator(t, begin, begin.AddDate(40, 0, 0))).Sign(t.Context(), form(t), leader(), "", signedAt)
	if err != nil {
		t.Fatal(err)
	}
	again := simulator(t, begin, begin.AddDate(40, 0, 0))
	if report, err := New(again).Verify(signed); err != nil || !report.Valid() {
		t.Errorf("Verify = %+v, %v", report, err)
	}
	other, err := NewSimulator(bytes.Repeat([]byte("t"), 32), "UBND tỉnh Lâm Đồng", begin, begin.AddDate(40, 0, 0))
	if err != nil {
		t.Fatal(err)
	}
	report, err := New(other).Verify(signed)
	if err != nil || report.Valid() || report.Signatures[0].Trusted || !report.Signatures[0].Intact {
		t.Errorf("another authority says %+v, %v; want intact and not trusted", report, err)
	}
	if _, err := NewSimulator([]byte("short"), "x", begin, begin); err == nil {
		t.Error("a short seed is taken")
	}
}

func TestOffSaysSo(t *testing.T) {
	s, err := Open("", nil, "", begin)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Sign(context.Background(), form(t), leader(), "", signedAt); !fault.Is(err, "sign.off") || fault.KindOf(err) != fault.Unavailable {
		t.Errorf("Sign = %v, want sign.off", err)
	}
	if _, err := Open("token", nil, "", begin); err == nil {
		t.Error("an unknown setting is taken")
	}
	if _, err := Open("folder:"+t.TempDir(), nil, "", begin); err == nil {
		t.Error("an empty folder is taken")
	}
	if _, err := Open("sim", seed(), "UBND tỉnh Lâm Đồng", begin); err != nil {
		t.Error(err)
	}
}

func TestFolderRefuses(t *testing.T) {
	sim := simulator(t, begin, begin.AddDate(40, 0, 0))
	f := folder(t, sim)
	for _, id := range []string{"", "nobody", "../pq-dat", "/etc/passwd", "roots", "a/../pq-dat"} {
		if _, err := f.Credential(t.Context(), Officer{ID: id, Name: "x"}); !fault.Is(err, "sign.no_key") {
			t.Errorf("the key of %q: %v, want sign.no_key", id, err)
		}
	}
	dir := f.root.Name()
	other, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	key, err := x509.MarshalPKCS8PrivateKey(other)
	if err != nil {
		t.Fatal(err)
	}
	cert := &pem.Block{Type: "CERTIFICATE", Bytes: sim.root.Raw}
	writePEM(t, filepath.Join(dir, "stranger.pem"), 0o600, cert, &pem.Block{Type: "PRIVATE KEY", Bytes: key})
	writePEM(t, filepath.Join(dir, "open.pem"), 0o644, cert, &pem.Block{Type: "PRIVATE KEY", Bytes: key})
	writePEM(t, filepath.Join(dir, "keyless.pem"), 0o600, cert)
	writePEM(t, filepath.Join(dir, "broken.pem"), 0o600, &pem.Block{Type: "PRIVATE KEY", Bytes: []byte("x")})
	for _, id := range []string{"stranger", "open", "keyless", "broken"} {
		if _, err := f.Credential(t.Context(), Officer{ID: id, Name: "x"}); !fault.Is(err, "sign.key_unreadable") {
			t.Errorf("the key of %s: %v, want sign.key_unreadable", id, err)
		}
	}
}
