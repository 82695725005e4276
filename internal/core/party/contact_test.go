package party

import (
	"strings"
	"testing"
)

func TestParsePhone(t *testing.T) {
	demo := Options{TestPersons: true}
	tests := []struct {
		name string
		text string
		opts Options
		want Phone
		key  string
	}{
		{"mobile", "0912345678", Options{}, "0912345678", ""},
		{"separators", " 0912.345-678 ", Options{}, "0912345678", ""},
		{"country code", "+84 912 345 678", Options{}, "0912345678", ""},
		{"country code and the 0 left in", "+84 (0) 912 345 678", Options{}, "0912345678", ""},
		{"country code without plus", "84912345678", Options{}, "0912345678", ""},
		{"country code with 00", "0084912345678", Options{}, "0912345678", ""},
		{"landline", "0262 3 000 123", Options{}, "02623000123", ""},
		{"landline with country code", "+8402623000123", Options{}, "02623000123", ""},
		{"another country", "+1 202 555 0100", Options{}, "", "party.phone_foreign"},
		{"mobile of nine digits", "091234567", Options{}, "", "party.phone_form"},
		{"mobile of eleven digits", "09123456789", Options{}, "", "party.phone_form"},
		{"prefix not given out", "0412345678", Options{}, "", "party.phone_form"},
		{"letters", "0912 345 67a", Options{}, "", "party.phone_digits"},
		{"empty", " ", Options{}, "", "party.phone_digits"},
		{"test phone in production", "0000345678", Options{}, "", "party.phone_test"},
		{"test phone in a demo", "0000345678", demo, "0000345678", ""},
		{"test phone too long", "00003456789", demo, "", "party.phone_form"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := ParsePhone(tt.text, tt.opts)
			if got != tt.want || keyOf(err) != tt.key {
				t.Errorf("ParsePhone(%q) = %q, %v, want %q, %q", tt.text, got, err, tt.want, tt.key)
			}
		})
	}
}

func TestMobile(t *testing.T) {
	for phone, want := range map[Phone]bool{"0912345678": true, "02623000123": false, "0000345678": false, "": false} {
		if got := phone.Mobile(); got != want {
			t.Errorf("Phone(%q).Mobile() = %v, want %v", phone, got, want)
		}
	}
}

func TestCleanEmail(t *testing.T) {
	good := map[string]string{
		" an.nguyen@Example.VN ": "an.nguyen@example.vn",
		"a+b@mail.example.com":   "a+b@mail.example.com",
		"hopthu@tỉnh.vn":         "hopthu@tỉnh.vn",
	}
	for text, want := range good {
		if got, err := CleanEmail(text); got != want || err != nil {
			t.Errorf("CleanEmail(%q) = %q, %v, want %q", text, got, err, want)
		}
	}
	bad := []string{
		"", "an", "@example.vn", "an@", "an@example", "an@@example.vn", "an nguyen@example.vn", ".an@example.vn",
		"an..b@example.vn", "an@-example.vn", "an@example..vn", "an@example.1", "an@exam ple.vn", "ân@example.vn",
		"an@example.vn\r\nBcc: b@example.vn", "<b>@example.vn", strings.Repeat("a", 65) + "@example.vn",
		"a@" + strings.Repeat("b", 64) + ".vn",
	}
	for _, text := range bad {
		if got, err := CleanEmail(text); keyOf(err) != "party.email_form" {
			t.Errorf("CleanEmail(%q) = %q, %v, want party.email_form", text, got, err)
		}
	}
}
