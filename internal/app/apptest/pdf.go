package apptest

import (
	"bytes"
	"os/exec"
	"testing"

	"golang.org/x/text/unicode/norm"
)

// PDFText is the text of a PDF as pdftotext reads it.
func PDFText(t testing.TB, pdf []byte) string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "pdftotext", "-layout", "-", "-")
	cmd.Stdin = bytes.NewReader(pdf)
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("pdftotext: %v", err)
	}
	return norm.NFC.String(string(out))
}
