package printout

import (
	"bytes"
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"unicode"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write the golden files of this package again")

// newPrinter is the printer under test.
func newPrinter(t testing.TB) *Printer {
	t.Helper()
	p, err := New()
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// tool runs a program of poppler-utils or qpdf on a file. The programs belong to
// the tests: without them nothing is proved, so their absence is a failure.
func tool(t testing.TB, pdf []byte, name string, args ...string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "form.pdf")
	if err := os.WriteFile(path, pdf, 0o600); err != nil {
		t.Fatal(err)
	}
	for i := range args {
		args[i] = strings.ReplaceAll(args[i], "FILE", path)
	}
	out, err := exec.Command(name, args...).Output()
	if err != nil {
		t.Fatalf("%s (Debian packages poppler-utils and qpdf): %v", name, err)
	}
	return string(out)
}

// extract is the text of a PDF in the order in which it was written.
func extract(t testing.TB, pdf []byte) string {
	t.Helper()
	return tool(t, pdf, "pdftotext", "-raw", "-enc", "UTF-8", "FILE", "-")
}

// solid is a text without its spaces, for comparing across line breaks.
func solid(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || r == '\f' {
			return -1
		}
		return r
	}, text)
}

func printed(t testing.TB, p *Printer, d Document) []byte {
	t.Helper()
	pdf, err := p.PDF(d)
	if err != nil {
		t.Fatal(err)
	}
	return pdf
}

// golden compares a text with testdata/name, or writes it under -update.
func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s differs (-want +got), write it again with -update after a look:\n%s", path, diff)
	}
}

func TestFormsPrintWhatTheyAreGiven(t *testing.T) {
	p := newPrinter(t)
	for name, d := range samples() {
		t.Run(name, func(t *testing.T) {
			golden(t, name+".txt", extract(t, printed(t, p, d)))
		})
	}
}

// The same blocks give the same words on paper and in the browser.
func TestPageSaysWhatThePaperSays(t *testing.T) {
	p := newPrinter(t)
	for name, d := range samples() {
		t.Run(name, func(t *testing.T) {
			page, err := p.HTML(d)
			if err != nil {
				t.Fatal(err)
			}
			sheet, err := p.composed(d)
			if err != nil {
				t.Fatal(err)
			}
			text := solid(extract(t, printed(t, p, d)))
			for _, value := range sheetTexts(sheet) {
				if !strings.Contains(text, solid(value)) {
					t.Errorf("the PDF does not say %q", value)
				}
				if !bytes.Contains(page, []byte(escaped(value))) {
					t.Errorf("the page does not say %q", value)
				}
			}
		})
	}
}

func TestSameDocumentSameBytes(t *testing.T) {
	p, q := newPrinter(t), newPrinter(t)
	for name, d := range samples() {
		if a, b := printed(t, p, d), printed(t, q, d); !bytes.Equal(a, b) {
			t.Errorf("%s: two printers give different bytes", name)
		}
	}
}

func TestFilesAreSound(t *testing.T) {
	p := newPrinter(t)
	for name, d := range samples() {
		t.Run(name, func(t *testing.T) {
			pdf := printed(t, p, d)
			tool(t, pdf, "qpdf", "--check", "FILE")
			if !bytes.Contains(pdf, []byte("/Lang (vi)")) {
				t.Error("the file does not say that it is Vietnamese")
			}
			info := tool(t, pdf, "pdfinfo", "FILE")
			if want := d.letterhead().Form.Name; !strings.Contains(info, want) {
				t.Errorf("the file's title is not %q:\n%s", want, info)
			}
			fonts := tool(t, pdf, "pdffonts", "FILE")
			for line := range strings.Lines(strings.TrimSpace(fonts)) {
				if strings.Contains(line, "Tinos") && !strings.Contains(line, "yes") {
					t.Errorf("a typeface is not in the file: %s", line)
				}
			}
		})
	}
}
