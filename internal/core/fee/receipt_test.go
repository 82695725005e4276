package fee

import (
	"testing"

	"github.com/motcua/motcua/internal/core/fault"
)

func TestReceiptNumber(t *testing.T) {
	n, err := NewReceiptNumber("AA", 2026, 123)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := n.String(), "AA-26/0000123"; got != want {
		t.Errorf("String() = %q, want %q", got, want)
	}
	last, err := NewReceiptNumber("LD", 2030, MaxReceiptSerial)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := last.Symbol()+" "+last.Digits(), "LD-30 9999999"; got != want {
		t.Errorf("the last number prints %q, want %q", got, want)
	}
}

func TestReceiptNumberRefuses(t *testing.T) {
	for _, tt := range []struct {
		name         string
		letters      string
		year, serial int
		key          string
	}{
		{"no letters", "", 2026, 1, "fee.receipt_letters"},
		{"one letter", "A", 2026, 1, "fee.receipt_letters"},
		{"five letters", "AAAAA", 2026, 1, "fee.receipt_letters"},
		{"small letters", "aa", 2026, 1, "fee.receipt_letters"},
		{"a letter outside the alphabet", "AF", 2026, 1, "fee.receipt_letters"},
		{"a letter outside, in the middle", "AFA", 2026, 1, "fee.receipt_letters"},
		{"a letter with a mark", "AĐ", 2026, 1, "fee.receipt_letters"},
		{"year of two digits", "AA", 26, 1, "fee.receipt_year"},
		{"serial 0", "AA", 2026, 0, "fee.receipt_serial"},
		{"serial too long", "AA", 2026, MaxReceiptSerial + 1, "fee.receipt_serial"},
	} {
		if n, err := NewReceiptNumber(tt.letters, tt.year, tt.serial); !fault.Is(err, tt.key) {
			t.Errorf("%s: NewReceiptNumber = %v, %v, want %s", tt.name, n, err, tt.key)
		}
	}
}

func TestParseReceiptNumber(t *testing.T) {
	n, err := ParseReceiptNumber(" AA-26/0000123 ")
	if err != nil || n.String() != "AA-26/0000123" {
		t.Errorf("ParseReceiptNumber = %v, %v", n, err)
	}
	for _, text := range []string{"", "123", "AA/0000123", "AA-26/123", "AA-26/000012x", "A1-26/0000123", "AA-26/0000000"} {
		if _, err := ParseReceiptNumber(text); err == nil {
			t.Errorf("ParseReceiptNumber(%q) is taken in", text)
		}
	}
}
