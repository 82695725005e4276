package sign

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/motcua/motcua/internal/core/fault"
)

func signed(t testing.TB) (*Service, []byte) {
	t.Helper()
	s := New(simulator(t, begin, begin.AddDate(40, 0, 0)))
	file, err := s.Sign(t.Context(), form(t), leader(), "Phê duyệt kết quả số 87", signedAt)
	if err != nil {
		t.Fatal(err)
	}
	return s, file
}

// An independent reader, poppler's, says the same of our signatures.
func TestPdfsigAgrees(t *testing.T) {
	_, file := signed(t)
	say := func(file []byte) string {
		path := filepath.Join(t.TempDir(), "signed.pdf")
		if err := os.WriteFile(path, file, 0o600); err != nil {
			t.Fatal(err)
		}
		out, err := exec.Command("pdfsig", path).Output()
		if err != nil && len(out) == 0 {
			t.Fatalf("pdfsig (Debian package poppler-utils): %v", err)
		}
		return string(out)
	}
	text := say(file)
	for _, want := range []string{"Signature is Valid", "Total document signed", "Phạm Vĩnh Đạt"} {
		if !strings.Contains(text, want) {
			t.Errorf("pdfsig does not say %q:\n%s", want, text)
		}
	}
	changed := bytes.Clone(file)
	changed[len(form(t))/2] ^= 1
	if text := say(changed); strings.Contains(text, "Signature is Valid") {
		t.Errorf("pdfsig calls a changed file valid:\n%s", text)
	}
}

// One changed byte of the document is noticed. The envelope of a signature holds
// parts that no signature can cover, such as copies of the authority's
// certificate: there a change is noticed or says nothing else than before.
func TestOneChangedByteIsNoticed(t *testing.T) {
	s, file := signed(t)
	before, err := s.Verify(file)
	if err != nil {
		t.Fatal(err)
	}
	place := byteRange.FindIndex(file)
	from := place[1] + bytes.IndexByte(file[place[1]:], '<')
	to := from + bytes.IndexByte(file[from:], '>') + 1
	const step = 17
	for i := 0; i < len(file); i += step {
		changed := bytes.Clone(file)
		changed[i] ^= 1
		report, err := s.Verify(changed)
		if err != nil || !report.Valid() {
			continue
		}
		if i < from || i >= to || report.Signatures[0] != before.Signatures[0] {
			t.Errorf("byte %d of %d changed from %q to %q unnoticed", i, len(file), file[i], changed[i])
		}
	}
	// Nothing can be hidden in the room that the envelope leaves.
	for i := to - 2; file[i] == '0'; i -= step {
		changed := bytes.Clone(file)
		changed[i] = '1'
		if report, err := s.Verify(changed); err != nil || report.Valid() {
			t.Errorf("byte %d of the padding changed unnoticed: %v", i, err)
		}
	}
}

func TestVerifyOfOtherFiles(t *testing.T) {
	s, file := signed(t)
	plain := form(t)
	if report, err := s.Verify(plain); err != nil || len(report.Signatures) != 0 || report.Valid() {
		t.Errorf("Verify of an unsigned file = %+v, %v", report, err)
	}
	if _, err := s.Verify([]byte("hello")); !fault.Is(err, "sign.not_pdf") {
		t.Errorf("Verify of no PDF = %v", err)
	}
	longer := append(bytes.Clone(file), "\n% appended\n"...)
	report, err := s.Verify(longer)
	if err != nil || report.Valid() || report.Signatures[0].Whole || !report.Signatures[0].Intact {
		t.Errorf("Verify of a file with something appended = %+v, %v; want intact and not whole", report, err)
	}
	// The signature of one file put into another.
	place := byteRange.FindIndex(file)
	stolen := append(bytes.Clone(plain), file[place[0]:]...)
	if report, err := s.Verify(stolen); err != nil || report.Valid() {
		t.Errorf("a stolen signature = %+v, %v", report, err)
	}
}

// A range that leaves more out than the signature would leave room for content
// that nobody signed.
func TestRangeThatLeavesRoomIsRefused(t *testing.T) {
	for _, gap := range []string{"", "<", "<>", "(00)", "<00> /Contents2 <00>", "<3003020101>", "<0g>", "<30030201010001>"} {
		_, ok := envelope([]byte(gap))
		if want := gap == "<3003020101>"; ok != want {
			t.Errorf("envelope(%q) = %v, want %v", gap, ok, want)
		}
	}
	s := New(Off{})
	for _, text := range []string{
		"%PDF-1.7 /ByteRange [0 5 3 2]", "%PDF-1.7 /ByteRange [0 9999999999 9999999999 9999999999]",
		"%PDF-1.7 /ByteRange [0 40 60 20] /Contents <00>" + strings.Repeat(" ", 60),
	} {
		if report, err := s.Verify([]byte(text)); err != nil || report.Valid() {
			t.Errorf("Verify(%q) = %+v, %v", text, report, err)
		}
	}
}

func TestDictionaryStrings(t *testing.T) {
	const head, tail = "1 0 obj <</Type /Sig /A <</Reason (deep)>> /M (D:20260205081500+07'00') /ByteRange [0 1 2 3] /Contents", ` /Reason (a\(b\) \\ (c) \101\n) /Name <FEFF0110> /X [(no) /Name (no)] >> endobj`
	file := []byte(head + "<00>" + tail)
	got := readDictionary(file, strings.Index(head, "/ByteRange"), len(head)+len("<00>"))
	for key, want := range map[string]string{"Reason": "a(b) \\ (c) A\n", "Name": "Đ", "M": "D:20260205081500+07'00'"} {
		if got[key] != want {
			t.Errorf("%s = %q, want %q", key, got[key], want)
		}
	}
	if !pdfTime(got["M"]).Equal(signedAt) {
		t.Errorf("pdfTime = %v", pdfTime(got["M"]))
	}
}

func TestReasonSurvivesItsBrackets(t *testing.T) {
	s := New(simulator(t, begin, begin.AddDate(40, 0, 0)))
	for given, want := range map[string]string{
		"Approved (87)\\x": "Approved (87)\\x", "ĨĩČč (87) \\": "ĨĩČč [87]  ", "": "", "đường 5": "đường 5",
	} {
		file, err := s.Sign(t.Context(), form(t), leader(), given, signedAt)
		if err != nil {
			t.Fatal(err)
		}
		report, err := s.Verify(file)
		if err != nil || report.Signatures[0].Reason != want {
			t.Errorf("the reason %q comes back as %q, %v", given, report.Signatures[0].Reason, err)
		}
	}
}

func FuzzVerify(f *testing.F) {
	s, file := signed(f)
	plain := form(f)
	f.Add(file)
	f.Add([]byte("%PDF-1.7 /ByteRange [0 5 3 2]"))
	f.Fuzz(func(t *testing.T, data []byte) {
		report, err := s.Verify(data)
		if err == nil && report.Valid() && !bytes.HasPrefix(data, plain) {
			t.Errorf("another file than the signed one is valid: %+v", report)
		}
	})
}

func BenchmarkSign(b *testing.B) {
	s := New(simulator(b, begin, begin.AddDate(40, 0, 0)))
	file := form(b)
	for b.Loop() {
		if _, err := s.Sign(b.Context(), file, leader(), "Phê duyệt", signedAt); err != nil {
			b.Fatal(err)
		}
	}
}
