package app

import (
	"context"
	"strings"

	"github.com/motcua/motcua/internal/core/access"
	"github.com/motcua/motcua/internal/core/fault"
	"github.com/motcua/motcua/internal/core/procedure"
	"github.com/motcua/motcua/internal/core/textfold"
	"github.com/motcua/motcua/internal/store"
)

// ScanRuleRow is one rule with the name of its procedure.
type ScanRuleRow struct {
	procedure.ScanRule
	ProcedureName string
}

// ScanRuleForm sets a rule.
type ScanRuleForm struct {
	ActionID  string
	Procedure string // code; empty = every procedure without a rule of its own
	First     bool
	Document  string
	Reason    string
}

// ScanRules lists the rules about scanning before forwarding, that for every
// procedure first.
func (a *App) ScanRules(ctx context.Context, who access.Actor) ([]ScanRuleRow, error) {
	if !access.May(who, access.ManageProcedure) {
		return nil, denied()
	}
	list, err := a.store.ScanRules(ctx)
	rows := make([]ScanRuleRow, len(list))
	for i, r := range list {
		rows[i] = ScanRuleRow{ScanRule: r, ProcedureName: a.procedureName(r.Procedure)}
	}
	return rows, err
}

// SetScanRule sets whether papers are scanned before a dossier is forwarded, for
// one procedure or all. Dossiers received before follow it too: it is about the
// next act. It is fault.Invalid on the field procedure for an unknown one.
func (a *App) SetScanRule(ctx context.Context, who access.Actor, f ScanRuleForm) error {
	if !access.May(who, access.ManageProcedure) {
		return denied()
	}
	r := procedure.ScanRule{
		ID: procedure.EveryProcedure, Procedure: strings.TrimSpace(f.Procedure), First: f.First, Document: textfold.Clean(f.Document), Reason: textfold.Clean(f.Reason), By: who.Name,
	}
	if r.Procedure != "" {
		if r.ID = r.Procedure; a.procedureName(r.Procedure) == "" {
			return fault.Field("procedure", "procedure.unknown", fault.Args{"code": r.Procedure})
		}
	}
	if err := r.Check(); err != nil {
		return err
	}
	root := store.ScanRuleRoot(r.ID)
	w := store.Write{Actor: by(who), Action: f.ActionID, Body: f, Roots: []store.Root{root}}
	_, err := store.Do(ctx, a.store, w, func(v *store.View) (string, error) {
		_, err := store.Record[procedure.ScanRule](v, root, store.EventScanRuleSet, 1, r.Document, r)
		return r.ID, err
	})
	if err != nil {
		return err
	}
	return a.Reload(ctx)
}
