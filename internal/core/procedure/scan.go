package procedure

import (
	"strings"
	"unicode/utf8"

	"github.com/motcua/motcua/internal/core/fault"
)

// ScanRule says whether the papers of a procedure's dossiers must be scanned
// before they are forwarded (số hóa trước khi chuyển hồ sơ). It is data of the
// installation: which procedures the law wants digitised is to be confirmed there.
type ScanRule struct {
	ID        string `json:"id"`                  // code of the procedure; EveryProcedure for those without a rule of their own
	Procedure string `json:"procedure,omitempty"` // empty = every procedure
	First     bool   `json:"first"`               // scan first
	Document  string `json:"document,omitempty"`
	Reason    string `json:"reason"`
	By        string `json:"by"`
}

// EveryProcedure is the id of the rule for procedures without one of their own.
const EveryProcedure = "*"

// mostScanReason bounds the reason of a rule in characters.
const mostScanReason = 300

// Check refuses a rule without a reason.
func (r ScanRule) Check() error {
	switch n := utf8.RuneCountInString(r.Reason); {
	case strings.TrimSpace(r.Reason) == "":
		return fault.Field("reason", "wording.reason_missing", nil)
	case n > mostScanReason:
		return fault.Field("reason", "dossier.too_long", fault.Args{"n": n, "most": mostScanReason})
	}
	return nil
}

// ScansFirst answers for a procedure by its own rule, else by the one for all;
// without any, papers may be scanned later.
func ScansFirst(rules map[string]ScanRule, code string) bool {
	if own, ok := rules[code]; ok {
		return own.First
	}
	return rules[EveryProcedure].First
}
