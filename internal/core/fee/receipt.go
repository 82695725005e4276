package fee

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/motcua/motcua/internal/core/fault"
)

// ReceiptNumber is the number of a fee receipt (biên lai thu phí, lệ phí): a
// serial within a series, which is letters and a year (TT 303/2016/TT-BTC art 4).
type ReceiptNumber struct {
	Letters string // two to four of the letters below
	Year    int    // in which the series began
	Serial  int    // from 1, without gaps
}

// receiptLetters are those that a series may have, per the circular.
const receiptLetters = "ABCDEGHKLMNPQRSTUVXY"

// MaxReceiptSerial is the last number of a series: seven digits.
const MaxReceiptSerial = 9_999_999

// NewReceiptNumber checks a number. It fails with fault.Invalid under
// fee.receipt_letters, fee.receipt_year or fee.receipt_serial; after the last
// serial a new series begins.
func NewReceiptNumber(letters string, year, serial int) (ReceiptNumber, error) {
	foreign := func(r rune) bool { return !strings.ContainsRune(receiptLetters, r) }
	switch {
	case len(letters) < 2 || len(letters) > 4 || strings.ContainsFunc(letters, foreign):
		return ReceiptNumber{}, fault.Field("letters", "fee.receipt_letters", fault.Args{"text": letters})
	case year < 2000 || year > 2099:
		return ReceiptNumber{}, fault.Field("year", "fee.receipt_year", fault.Args{"year": year})
	case serial < 1 || serial > MaxReceiptSerial:
		return ReceiptNumber{}, fault.Field("serial", "fee.receipt_serial", fault.Args{"serial": serial})
	}
	return ReceiptNumber{letters, year, serial}, nil
}

// Symbol is the series as printed (ký hiệu biên lai): "AA-26".
func (n ReceiptNumber) Symbol() string { return fmt.Sprintf("%s-%02d", n.Letters, n.Year%100) }

// Digits is the serial as printed (số thứ tự): "0000123".
func (n ReceiptNumber) Digits() string { return fmt.Sprintf("%07d", n.Serial) }

// String is both: "AA-26/0000123".
func (n ReceiptNumber) String() string { return n.Symbol() + "/" + n.Digits() }

// ParseReceiptNumber reads what String writes. It fails with fault.Invalid under
// fee.receipt_form, or as NewReceiptNumber does.
func ParseReceiptNumber(text string) (ReceiptNumber, error) {
	bad := fault.Field("receipt", "fee.receipt_form", fault.Args{"text": text})
	symbol, digits, ok := strings.Cut(strings.TrimSpace(text), "/")
	letters, year, ok2 := strings.Cut(symbol, "-")
	if !ok || !ok2 || len(year) != 2 || len(digits) != 7 {
		return ReceiptNumber{}, bad
	}
	y, err1 := strconv.Atoi(year)
	n, err2 := strconv.Atoi(digits)
	if err1 != nil || err2 != nil {
		return ReceiptNumber{}, bad
	}
	return NewReceiptNumber(letters, 2000+y, n)
}
