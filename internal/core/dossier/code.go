package dossier

import (
	"fmt"
	"regexp"
	"time"

	"github.com/motcua/motcua/internal/core/civil"
	"github.com/motcua/motcua/internal/core/fault"
)

// Code is a parsed dossier code (mã số hồ sơ): V.Z.Y.M-YYMMDD-XXXX with the
// 13-character agency part before 15/09/2020 (TT 01/2018/TT-VPCP art 19), the
// top-down identifier of QĐ 20/2020/QĐ-TTg after.
type Code struct {
	Agency string
	Day    civil.Date
	Number int64
}

var (
	oldCode = regexp.MustCompile(`^([0-9]{3}\.[0-9]{2}\.[0-9]{2}\.[A-Z][0-9]{2})-([0-9]{6})-([0-9]{4,5})$`)
	newCode = regexp.MustCompile(`^([A-Z][0-9]{2}(?:\.[0-9A-Z]{2,3})*)-([0-9]{6})-([0-9]{4,6})$`)
)

// FormatCode writes the code of the n-th dossier that the agency identifier
// agencyPart received on day. Beyond 9999 it grows wider, never wraps.
func FormatCode(agencyPart string, day civil.Date, n int64) string {
	return fmt.Sprintf("%s-%02d%02d%02d-%04d", agencyPart, day.Year()%100, int(day.Month()), day.Day(), n)
}

// ParseCode reads a code in either form. It fails with fault.Invalid under
// dossier.code_form when s is neither.
func ParseCode(s string) (Code, error) {
	m := newCode.FindStringSubmatch(s)
	if m == nil {
		m = oldCode.FindStringSubmatch(s)
	}
	if m == nil {
		return Code{}, fault.Field("code", "dossier.code_form", fault.Args{"code": s})
	}
	t, err := time.Parse("060102", m[2])
	if err != nil {
		return Code{}, fault.Field("code", "dossier.code_form", fault.Args{"code": s})
	}
	var n int64
	if _, err := fmt.Sscanf(m[3], "%d", &n); err != nil || n < 1 {
		return Code{}, fault.Field("code", "dossier.code_form", fault.Args{"code": s})
	}
	return Code{Agency: m[1], Day: civil.NewDate(t.Year(), t.Month(), t.Day()), Number: n}, nil
}

// String writes the code.
func (c Code) String() string { return FormatCode(c.Agency, c.Day, c.Number) }
