// Package fee is money that an applicant owes for a procedure (phí, lệ phí):
// whole đồng, the lines of an assessment, and amounts in words. It collects
// nothing; the dossier records how a fee was settled.
//
//	fee.VND(75000).String() // "75.000 đồng"
package fee

import (
	"strconv"
	"strings"
)

// VND is an amount in whole đồng. There are no fractions of a đồng, and no
// floating point anywhere near money.
type VND int64

// Digits writes the amount with points between thousands: "1.250.000".
func (v VND) Digits() string {
	s := strconv.FormatInt(int64(v), 10)
	sign := ""
	if strings.HasPrefix(s, "-") {
		sign, s = "-", s[1:]
	}
	var b strings.Builder
	for i, d := range s {
		if i > 0 && (len(s)-i)%3 == 0 {
			b.WriteByte('.')
		}
		b.WriteRune(d)
	}
	return sign + b.String()
}

// String writes the amount as forms print it: "1.250.000 đồng".
func (v VND) String() string { return v.Digits() + " đồng" }

// Line is one line of an assessed fee (khoản phí, lệ phí).
type Line struct {
	ID     string `json:"id"` // that of the procedure's published fee
	Name   string `json:"name"`
	Kind   string `json:"kind,omitempty"` // phi or le_phi, as published
	Amount VND    `json:"amount"`
}

// Sum adds lines up.
func Sum(lines []Line) VND {
	var total VND
	for _, l := range lines {
		total += l.Amount
	}
	return total
}
