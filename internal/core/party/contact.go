package party

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"github.com/motcua/motcua/internal/core/fault"
)

// Phone is a Vietnamese telephone number in national form: 10 digits that
// begin with 03, 05, 07, 08 or 09 (mobile), or 11 that begin with 02 (landline).
type Phone string

// ParsePhone reads a number as typed: separators are left out, +84, 84 and 0084
// become 0. It fails with a fault of kind Invalid: party.phone_digits,
// party.phone_test or party.phone_form.
func ParsePhone(text string, opts Options) (Phone, error) {
	bare := strings.NewReplacer("(", "", ")", "", "/", "").Replace(strings.TrimSpace(text))
	bare, international := strings.CutPrefix(bare, "+")
	digits, ok := onlyDigits(bare)
	if !ok {
		return "", fault.Field("", "party.phone_digits", nil)
	}
	// Test numbers begin with 0000, so 0084 and 84 are only looked for where
	// the rest then has the length of a number.
	if rest, ok := strings.CutPrefix(digits, "0084"); ok && len(rest) >= 9 {
		digits, international = "84"+rest, true
	}
	if international || len(digits) == 11 && strings.HasPrefix(digits, "84") {
		rest, ok := strings.CutPrefix(digits, "84")
		if !ok {
			return "", fault.Field("", "party.phone_foreign", nil)
		}
		digits = "0" + strings.TrimPrefix(rest, "0")
	}
	phone := Phone(digits)
	switch {
	case phone.Test() && !opts.TestPersons:
		return "", fault.Field("", "party.phone_test", nil)
	case phone.Test() && len(digits) == 10, phone.Mobile(), phone.landline():
		return phone, nil
	}
	return "", fault.Field("", "party.phone_form", nil)
}

// Test reports whether the number is an invented one: it begins with 0000.
func (p Phone) Test() bool { return strings.HasPrefix(string(p), "0000") }

// Mobile reports whether the number can receive text messages.
func (p Phone) Mobile() bool {
	return len(p) == 10 && p[0] == '0' && strings.IndexByte("35789", p[1]) >= 0
}

func (p Phone) landline() bool { return len(p) == 11 && p[0] == '0' && p[1] == '2' }

// CleanEmail returns an e-mail address that may exist, its domain in lower
// case; fault party.email_form otherwise. Whether it does exist only a message shows.
func CleanEmail(text string) (string, error) {
	wrong := fault.Field("", "party.email_form", nil)
	text = strings.TrimSpace(text)
	at := strings.LastIndexByte(text, '@')
	if at < 1 || at > 64 || len(text) > 254 {
		return "", wrong
	}
	local, domain := text[:at], strings.ToLower(norm.NFC.String(text[at+1:]))
	for i := range len(local) {
		c := local[i]
		letter := c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9'
		if !letter && strings.IndexByte("!#$%&'*+-/=?^_`{|}~.", c) < 0 {
			return "", wrong
		}
	}
	if local[0] == '.' || local[at-1] == '.' || strings.Contains(local, "..") || !hostName(domain) {
		return "", wrong
	}
	return local + "@" + domain, nil
}

// hostName reports whether domain has at least two labels, each of letters,
// digits and inner hyphens, the last without digits only.
func hostName(domain string) bool {
	labels := strings.Split(domain, ".")
	if len(labels) < 2 {
		return false
	}
	for _, label := range labels {
		if label == "" || len(label) > 63 || label[0] == '-' || label[len(label)-1] == '-' {
			return false
		}
		for _, r := range label {
			if !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '-' {
				return false
			}
		}
	}
	last := []rune(labels[len(labels)-1])
	return len(last) >= 2 && unicode.IsLetter(last[0])
}
