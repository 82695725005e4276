package store

import (
	"context"

	"github.com/motcua/motcua/internal/core/procedure"
)

// EventScanRuleSet is the event of a scan rule's stream; it carries the whole rule.
const EventScanRuleSet = "scan_rule.set"

var scanRuleKind = Kind[procedure.ScanRule]{
	Name: "scan_rule", Version: 1,
	Apply: recorded[procedure.ScanRule](EventScanRuleSet),
	Columns: []Column[procedure.ScanRule]{
		Bool("scan_first", func(r procedure.ScanRule) bool { return r.First }),
	},
}

// ScanRuleRoot is the stream of a procedure's rule about scanning.
func ScanRuleRoot(id string) Root { return Root{"scan_rule", id} }

// ScanRules reads the rules about scanning.
func (s *Store) ScanRules(ctx context.Context) ([]procedure.ScanRule, error) {
	return states[procedure.ScanRule](ctx, s, `SELECT state FROM scan_rule ORDER BY id`)
}
