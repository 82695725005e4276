package app

import (
	"fmt"

	"github.com/motcua/motcua/internal/core/access"
	"github.com/motcua/motcua/internal/core/civil"
	"github.com/motcua/motcua/internal/core/fault"
	"github.com/motcua/motcua/internal/core/procedure"
	"github.com/motcua/motcua/internal/store"
)

// annexLine is a checked line of an annex, ready to be carried out.
type annexLine struct {
	procedure.AnnexLine
	today civil.Date
	field string
}

// annexLine checks one line against the catalogue.
func (a *App) annexLine(c *catalogue, d procedure.Decision, i int, f AnnexForm) (annexLine, error) {
	field := fmt.Sprintf("annex[%d]", i)
	l := annexLine{
		AnnexLine: procedure.AnnexLine{What: f.What, Effect: f.Effect, Code: f.Code, Case: f.Case, From: f.From, Successor: f.Successor},
		today:     c.day, field: field,
	}
	if l.From.IsZero() {
		l.From = c.day
	}
	r, ok := c.records[f.Code]
	if !ok {
		return l, fault.Field(field+".code", "procedure.unknown", fault.Args{"code": f.Code})
	}
	p := shownOn(r, c.day)
	l.Name, l.Version = p.Name, p.Number
	if l.From.Before(c.day) {
		return l, fault.Field(field+".from", "procedure.annex_past", fault.Args{"date": l.From.Show()})
	}
	switch {
	case f.What == procedure.AnnexProcedure && f.Effect == procedure.Closed:
		if _, ok := c.records[f.Successor]; f.Successor != "" && !ok {
			return l, fault.Field(field+".successor", "procedure.unknown", fault.Args{"code": f.Successor})
		}
		return l, nil
	case f.What == procedure.AnnexReception && (f.Effect == procedure.Opened || f.Effect == procedure.Closed):
		return l, a.checkReception(r, p, c.day, f.Effect, field)
	case f.What == procedure.AnnexLimit && f.Effect == procedure.Changed:
		return a.limitLine(l, p, f.Limit)
	}
	return l, fault.Field(field, "procedure.annex_unknown", nil)
}

// checkReception refuses to take a procedure into the list of reception whose
// source does not state what a reception needs, and to take out what is not in.
func (a *App) checkReception(r procedure.Record, p procedure.Procedure, day civil.Date, e procedure.AnnexEffect, field string) error {
	if e == procedure.Opened {
		if missing := stated(a.directory.Load().missingAnywhere(r, p, day)); len(missing) > 0 {
			return fault.Field(field+".code", "procedure.cannot_confirm", fault.Args{"code": p.Code, "missing": missingLines(missing)})
		}
		return nil
	}
	if _, ok := r.Confirmation(p.Number); !ok {
		return fault.Field(field+".code", "procedure.not_received_here", fault.Args{"code": p.Code})
	}
	return nil
}

// limitLine reads the new limit of a case. A decision of the province shortens
// the statutory limit and never makes it longer (NĐ 61/2018/NĐ-CP art 4).
func (a *App) limitLine(l annexLine, p procedure.Procedure, text string) (annexLine, error) {
	c, ok := p.Case(l.Case)
	if !ok || c.Limit == nil {
		return l, fault.Field(l.field+".case", "procedure.case_unknown", fault.Args{"case": l.Case})
	}
	limit, err := civil.ParseLimit(text)
	if f := fault.As(err); f != nil {
		return l, fault.Field(l.field+".limit", f.Key, f.Args)
	}
	old, err := civil.ParseLimit(c.Limit.String())
	if err != nil {
		return l, err
	}
	cal, _ := a.directory.Load().calendar("")
	if workingMinutes(limit, cal) >= workingMinutes(old, cal) {
		return l, fault.Field(l.field+".limit", "procedure.limit_longer", nil)
	}
	l.Case, l.Before, l.After = c.ID, c.Limit, &procedure.Limit{Value: limit.Value, Unit: string(limit.Unit)}
	return l, nil
}

// carryOut brings the line into force, inside the write of its decision.
func (l annexLine) carryOut(v *store.View, who access.Actor, d procedure.Decision) (procedure.AnnexLine, error) {
	root := store.ProcedureRoot(l.Code)
	r, _ := store.Load[procedure.Record](v, root)
	p, ok := r.Number(l.Version)
	last, _ := r.Latest()
	if !ok || last.Number != l.Version {
		return l.AnnexLine, fault.New(fault.Conflict, "procedure.changed_meanwhile", fault.Args{"code": l.Code})
	}
	record := func(event string, payload any) error {
		_, err := store.Record[procedure.Record](v, root, event, 1, d.No, payload)
		return err
	}
	word := procedure.Confirmation{Version: p.Number, Document: d.No, By: who.ID, ByName: who.Name, At: v.Now()}
	switch l.What {
	case procedure.AnnexProcedure:
		end := procedure.Closing{Version: p.Number, ValidTo: l.From.AddDays(-1).String(), Successor: l.Successor, Abolished: l.Successor == ""}
		return l.AnnexLine, record(procedure.EventClosed, end)
	case procedure.AnnexReception:
		word.Withdrawn = l.Effect == procedure.Closed
		return l.AnnexLine, record(procedure.EventConfirmed, word)
	}
	_, next := procedure.Succeed(p, p.WithLimit(l.Case, *l.After), l.From.String(), l.From.AddDays(-1).String())
	next.Published = procedure.Act{No: d.No, On: d.On.String(), Kind: string(d.Kind)}
	if err := record(procedure.EventClosed, procedure.Closing{Version: p.Number, ValidTo: l.From.AddDays(-1).String()}); err != nil {
		return l.AnnexLine, err
	}
	if err := record(procedure.EventPublished, next); err != nil {
		return l.AnnexLine, err
	}
	if _, received := r.Confirmation(p.Number); received { // nothing but the limit has changed, and that is what was decided
		word.Version = next.Number
		if err := record(procedure.EventConfirmed, word); err != nil {
			return l.AnnexLine, err
		}
	}
	l.Version = next.Number
	return l.AnnexLine, nil
}
