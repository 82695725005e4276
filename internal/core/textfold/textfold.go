// Package textfold makes search keys of Vietnamese text, the same on every
// database: marks dropped, đ as d, lower case.
//
//	textfold.Fold("Đường Nguyễn Thị ĐỊNH") // "duong nguyen thi dinh"
package textfold

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Fold drops the marks of s, lowers it and turns đ into d. Spaces and
// punctuation stay. NFC and NFD input give the same result.
func Fold(s string) string {
	var b strings.Builder
	b.Grow(len(s))
	changed := false
	for _, r := range norm.NFD.String(s) {
		switch {
		case unicode.Is(unicode.Mn, r):
		case r == 'đ', r == 'Đ':
			b.WriteByte('d')
		default:
			if r > unicode.MaxASCII {
				changed = true
			}
			b.WriteRune(unicode.ToLower(r))
		}
	}
	if !changed {
		return b.String()
	}
	return norm.NFC.String(b.String())
}

// Words folds s and cuts it into its runs of letters and digits.
func Words(s string) []string {
	return strings.FieldsFunc(Fold(s), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
}

// Clean is text as it is stored: NFC, control characters and invisible marks
// dropped, runs of spaces and line ends as one space. HTML stays plain text.
func Clean(s string) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case unicode.Is(unicode.C, r), r == unicode.ReplacementChar:
			return -1
		}
		return r
	}, s)
	return norm.NFC.String(strings.Join(strings.Fields(s), " "))
}
