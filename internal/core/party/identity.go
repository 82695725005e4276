package party

import (
	"strings"

	"github.com/motcua/motcua/internal/core/fault"
)

// PersonalID is a citizen's personal identification number (số định danh cá
// nhân): 12 digits, of which 3 name the province of birth registration, 1 the
// century and sex, 2 the year of birth, and 6 are random. There is no check
// digit, and the number stays when provinces merge (Decree 137/2015/NĐ-CP,
// Art. 13; Circular 59/2021/TT-BCA, Art. 4).
type PersonalID string

// provinces is the highest province part in use.
const provinces = 96

// ParsePersonalID reads a number as typed; spaces, dots and hyphens between the
// digits are left out. It fails with a fault of kind Invalid: party.id_digits,
// party.id_legacy (the 9-digit CMND, not valid since 1 January 2025),
// party.id_length, party.id_test, party.id_province or party.id_birth_future.
func ParsePersonalID(text string, opts Options) (PersonalID, error) {
	digits, ok := onlyDigits(text)
	switch {
	case !ok:
		return "", fault.Field("", "party.id_digits", nil)
	case len(digits) == 9:
		return "", fault.Field("", "party.id_legacy", nil)
	case len(digits) != 12:
		return "", fault.Field("", "party.id_length", fault.Args{"n": len(digits)})
	}
	id := PersonalID(digits)
	if id.Test() {
		if !opts.TestPersons {
			return "", fault.Field("", "party.id_test", nil)
		}
		return id, nil
	}
	if province := number(digits[:3]); province < 1 || province > provinces {
		return "", fault.Field("", "party.id_province", fault.Args{"code": digits[:3]})
	}
	if !opts.On.IsZero() && id.BirthYear() > opts.On.Year() {
		return "", fault.Field("", "party.id_birth_future", fault.Args{"year": id.BirthYear()})
	}
	return id, nil
}

// Test reports whether id is one of an invented person: it begins with 999, a
// province part that was never given out, and the rest means nothing.
func (id PersonalID) Test() bool { return strings.HasPrefix(string(id), "999") }

// BirthYear is the year of birth that the number states; 0 for a test person
// or a number that is not 12 digits.
func (id PersonalID) BirthYear() int {
	if len(id) != 12 || id.Test() {
		return 0
	}
	return 1900 + 100*(number(string(id[3:4]))/2) + number(string(id[4:6]))
}

// Sex is the sex that the number states; empty for a test person or a number
// that is not 12 digits.
func (id PersonalID) Sex() Sex {
	switch {
	case len(id) != 12 || id.Test():
		return ""
	case number(string(id[3:4]))%2 == 0:
		return Male
	default:
		return Female
	}
}

// agrees compares the number with the sex and year of birth given beside it;
// what is not given (empty, 0) is not compared.
func (id PersonalID) agrees(sex Sex, year int) error {
	if stated := id.Sex(); stated != "" && sex != "" && stated != sex {
		return fault.Field("", "party.id_sex_differs", nil)
	}
	if stated := id.BirthYear(); stated != 0 && year != 0 && stated != year {
		return fault.Field("", "party.id_birth_differs", fault.Args{"stated": stated, "given": year})
	}
	return nil
}

// TaxCode is a tax code (mã số thuế), which is also the code of an enterprise:
// 10 digits, or 13 for a branch, written NNNNNNNNNN-NNN; or an individual's
// 12-digit personal number.
type TaxCode string

// ParseTaxCode reads a tax code as typed and returns it in normal form. It
// fails with a fault of kind Invalid: party.tax_digits, party.tax_length,
// party.tax_check, party.tax_branch, or, for a 12-digit number that
// opts.PersonalTaxCode lets in, what ParsePersonalID says.
func ParseTaxCode(text string, opts Options) (TaxCode, error) {
	digits, ok := onlyDigits(text)
	if !ok {
		return "", fault.Field("", "party.tax_digits", nil)
	}
	switch len(digits) {
	case 12:
		if !opts.PersonalTaxCode {
			return "", fault.Field("", "party.tax_personal", nil)
		}
		id, err := ParsePersonalID(digits, opts)
		return TaxCode(id), err
	case 10, 13:
	default:
		return "", fault.Field("", "party.tax_length", fault.Args{"n": len(digits)})
	}
	if want, ok := TaxCheckDigit(digits[:9]); !ok || want != number(digits[9:10]) {
		return "", fault.Field("", "party.tax_check", nil)
	}
	if len(digits) == 10 {
		return TaxCode(digits), nil
	}
	if digits[10:] == "000" {
		return "", fault.Field("", "party.tax_branch", nil)
	}
	return TaxCode(digits[:10] + "-" + digits[10:]), nil
}

// TaxCheckDigit returns the tenth digit of the tax code that begins with these
// nine digits, and whether there is such a code at all: 10 less the weighted
// sum modulo 11 must be a single digit (practice: the General Department of
// Taxation's formula, recomputed on published codes).
func TaxCheckDigit(nine string) (digit int, ok bool) {
	weights := [9]int{31, 29, 23, 19, 17, 13, 7, 5, 3}
	if len(nine) != len(weights) {
		return 0, false
	}
	sum := 0
	for i, w := range weights {
		if nine[i] < '0' || nine[i] > '9' {
			return 0, false
		}
		sum += w * int(nine[i]-'0')
	}
	digit = 10 - sum%11
	return digit, digit < 10
}

// onlyDigits leaves out the separators that people type between digits; false
// when there is anything else, or nothing.
func onlyDigits(text string) (string, bool) {
	var b strings.Builder
	for _, r := range text {
		switch r {
		case ' ', '\u00a0', '\t', '.', '-':
		default:
			if r < '0' || r > '9' {
				return "", false
			}
			b.WriteRune(r)
		}
	}
	return b.String(), b.Len() > 0
}

// number is the value of a few ASCII digits.
func number(digits string) int {
	n := 0
	for _, d := range []byte(digits) {
		n = 10*n + int(d-'0')
	}
	return n
}
