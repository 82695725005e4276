package app

import (
	"context"
	"fmt"

	"github.com/motcua/motcua/internal/core/access"
	"github.com/motcua/motcua/internal/core/civil"
	"github.com/motcua/motcua/internal/core/fault"
	"github.com/motcua/motcua/internal/core/procedure"
	"github.com/motcua/motcua/internal/core/process"
	"github.com/motcua/motcua/internal/store"
)

// annexLine is a checked line of an annex, ready to be carried out.
type annexLine struct {
	procedure.AnnexLine
	today civil.Date
	field string
}

// annexAct is one line of an annex that can be carried out.
type annexAct interface {
	shown() procedure.PublicationLine
	root() store.Root
	carryOut(v *store.View, who access.Actor, d procedure.Decision) (procedure.AnnexLine, error)
}

func (l annexLine) shown() procedure.PublicationLine {
	return procedure.PublicationLine{AnnexLine: l.AnnexLine}
}
func (l annexLine) root() store.Root { return store.ProcedureRoot(l.Code) }

// processLine publishes the checked draft of a process under the decision.
type processLine struct {
	plannedProcess
	effect procedure.AnnexEffect
}

func (l processLine) shown() procedure.PublicationLine {
	return procedure.PublicationLine{Revision: l.Revision, AnnexLine: procedure.AnnexLine{
		What: procedure.AnnexProcess, Effect: l.effect, Code: l.Procedure, Case: l.Case, Name: l.name, From: l.ready.ValidFrom,
	}}
}

func (l processLine) root() store.Root { return store.ProcessRoot(l.ID()) }

func (l processLine) carryOut(v *store.View, who access.Actor, d procedure.Decision) (procedure.AnnexLine, error) {
	return l.publish(v, who, d)
}

// processEnd takes a process out of use under the decision.
type processEnd struct {
	ProcessKey
	name string
	from civil.Date
}

func (l processEnd) shown() procedure.PublicationLine {
	return procedure.PublicationLine{AnnexLine: procedure.AnnexLine{
		What: procedure.AnnexProcess, Effect: procedure.Closed, Code: l.Procedure, Case: l.Case, Name: l.name, From: l.from,
	}}
}

func (l processEnd) root() store.Root { return store.ProcessRoot(l.ID()) }

func (l processEnd) carryOut(v *store.View, _ access.Actor, d procedure.Decision) (procedure.AnnexLine, error) {
	line := l.shown().AnnexLine
	r, _ := store.Load[process.Record](v, l.root())
	last, ok := r.Latest()
	if !ok || r.Ended != nil {
		return line, fault.New(fault.Conflict, "process.not_in_force", nil)
	}
	line.Version = last.Template.Version
	_, err := store.Record[process.Record](v, l.root(), process.EventEnded, 1, d.No, process.Ending{From: l.from, Decision: approval(d)})
	return line, err
}

// annexAct checks one line and makes it ready to be carried out.
func (a *App) annexAct(ctx context.Context, c *catalogue, d procedure.Decision, i int, f AnnexForm) (annexAct, error) {
	if f.What != procedure.AnnexProcess {
		return a.annexLine(c, d, i, f)
	}
	field, key := fmt.Sprintf("annex[%d]", i), ProcessKey{Procedure: f.Code, Case: f.Case}
	at := func(err error) error { // what is wrong belongs to the line, whatever rule found it
		if ft := fault.As(err); ft != nil && ft.Kind != fault.Internal {
			first := ft.Each()[0]
			return fault.Field(field+".code", first.Key, first.Args)
		}
		return err
	}
	if f.From.IsZero() {
		f.From = c.day
	}
	if f.From.Before(c.day) {
		return nil, fault.Field(field+".from", "procedure.annex_past", fault.Args{"date": f.From.Show()})
	}
	p, _, err := a.processProcedure(key)
	if err != nil {
		return nil, at(err)
	}
	r, err := a.processRecord(ctx, key)
	if err != nil {
		return nil, err
	}
	_, published := r.Latest()
	if f.Effect == procedure.Closed {
		if !published || r.Ended != nil {
			return nil, fault.Field(field+".code", "process.not_in_force", nil)
		}
		return processEnd{key, p.Name, f.From}, nil
	}
	if f.Revision == 0 && r.Draft != nil {
		f.Revision = r.Draft.Revision
	}
	planned, err := a.planProcess(ctx, PublishItem{key, f.Revision}, f.From)
	if err != nil {
		return nil, at(err)
	}
	effect := procedure.Opened
	if published {
		effect = procedure.Changed
	}
	return processLine{planned, effect}, nil
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
		return l, checkSuccessor(c, p, f.Successor, field)
	case f.What == procedure.AnnexProcedure && f.Effect == procedure.Opened:
		if p.StatusOn(l.From.String()) == procedure.InForce {
			return l, fault.Field(field+".code", "procedure.annex_in_force", fault.Args{"code": p.Code})
		}
		return l, nil
	case f.What == procedure.AnnexReception && (f.Effect == procedure.Opened || f.Effect == procedure.Closed):
		return l, a.checkReception(r, p, c.day, f.Effect, field)
	case f.What == procedure.AnnexLimit && f.Effect == procedure.Changed:
		return a.limitLine(l, p, f.Limit)
	}
	return l, fault.Field(field, "procedure.annex_unknown", nil)
}

// checkSuccessor refuses a successor that is unknown, the procedure itself, or
// over as well.
func checkSuccessor(c *catalogue, p procedure.Procedure, successor, field string) error {
	if successor == "" {
		return nil
	}
	next, ok := c.records[successor]
	if !ok {
		return fault.Field(field+".successor", "procedure.unknown", fault.Args{"code": successor})
	}
	if status := shownOn(next, c.day).StatusOn(c.day.String()); successor == p.Code || status != procedure.InForce && status != procedure.ToCome {
		return fault.Field(field+".successor", "procedure.successor_over", fault.Args{"code": successor})
	}
	return nil
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
		if l.Effect == procedure.Opened {
			next := procedure.Reopened(p, d, l.From.String())
			l.Version = next.Number
			return l.AnnexLine, record(procedure.EventPublished, next)
		}
		if status := p.StatusOn(l.today.String()); status != procedure.InForce && status != procedure.ToCome {
			return l.AnnexLine, fault.New(fault.Conflict, "procedure.ended_already", fault.Args{"code": l.Code})
		}
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
