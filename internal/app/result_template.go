package app

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/motcua/motcua/internal/core/access"
	"github.com/motcua/motcua/internal/core/agency"
	"github.com/motcua/motcua/internal/core/fault"
	"github.com/motcua/motcua/internal/core/result"
	"github.com/motcua/motcua/internal/core/ruleset"
	"github.com/motcua/motcua/internal/core/textfold"
	"github.com/motcua/motcua/internal/printout"
	"github.com/motcua/motcua/internal/store"
)

// ResultTemplateRow is one template of result documents in the list.
type ResultTemplateRow struct {
	result.Template
	ProcedureName string           // empty = every procedure without one of its own
	Waits         *result.Proposal // what waits for a second person
}

// ResultTemplateView is one template as its page shows it.
type ResultTemplateView struct {
	ResultTemplateRow
	Fields   []string
	Versions []WordingVersion // the newest first
}

// ResultTemplateForm is a template as it is edited.
type ResultTemplateForm struct {
	ActionID  string
	Procedure string // code; empty = every procedure without one of its own
	Outcome   string
	Base      int // version that the person saw
	Symbol    string
	Name      string
	Body      string
	Document  string
	Reason    string
}

// resultTemplate is the template in force for a procedure and outcome: its own,
// else the one for all, else the one that ships.
func (d *directory) resultTemplate(procedure, outcome string) result.Template {
	for _, id := range []string{result.TemplateID(procedure, outcome), result.TemplateID("", outcome)} {
		if t, ok := d.templates[id]; ok {
			return t
		}
	}
	return result.Shipped(outcome)
}

// ResultTemplates lists the templates: those for every procedure first, then those
// of single procedures by code.
func (a *App) ResultTemplates(ctx context.Context, who access.Actor) ([]ResultTemplateRow, error) {
	if !access.May(who, access.ManageForm) {
		return nil, denied()
	}
	dir := a.directory.Load()
	waits, err := a.store.TemplateProposals(ctx)
	if err != nil {
		return nil, err
	}
	var rows, own []ResultTemplateRow
	for _, outcome := range result.Outcomes() {
		rows = append(rows, a.templateRow(dir.resultTemplate("", outcome)))
	}
	for _, t := range dir.templates {
		if t.Procedure != "" {
			own = append(own, a.templateRow(t))
		}
	}
	slices.SortFunc(own, func(x, y ResultTemplateRow) int {
		return cmp.Or(cmp.Compare(x.Procedure, y.Procedure), cmp.Compare(x.Outcome, y.Outcome))
	})
	rows = append(rows, own...)
	for _, p := range waits {
		at := slices.IndexFunc(rows, func(r ResultTemplateRow) bool { return r.ID == p.ID })
		if at < 0 { // the first of its own for a procedure
			first := p.Template
			first.Version, first.By = 0, ""
			rows, at = append(rows, a.templateRow(first)), len(rows)
		}
		rows[at].Waits = &p
	}
	return rows, nil
}

func (a *App) templateRow(t result.Template) ResultTemplateRow {
	return ResultTemplateRow{Template: t, ProcedureName: a.procedureName(t.Procedure)}
}

func (a *App) procedureName(code string) string {
	c := a.catalogue.Load()
	if r, ok := c.records[code]; ok {
		return shownOn(r, c.day).Name
	}
	return ""
}

// ResultTemplate opens one template to edit. A procedure without one of its own
// begins with the words that serve it now. An unknown procedure or outcome is
// fault.NotFound.
func (a *App) ResultTemplate(ctx context.Context, who access.Actor, code, outcome string) (ResultTemplateView, error) {
	if !access.May(who, access.ManageForm) {
		return ResultTemplateView{}, denied()
	}
	if !slices.Contains(result.Outcomes(), outcome) {
		return ResultTemplateView{}, fault.New(fault.NotFound, "result.outcome_unknown", nil)
	}
	code = strings.TrimSpace(code)
	if code != "" && a.procedureName(code) == "" {
		return ResultTemplateView{}, fault.New(fault.NotFound, "procedure.unknown", fault.Args{"code": code})
	}
	t := a.directory.Load().resultTemplate(code, outcome)
	if t.Procedure != code {
		t.ID, t.Procedure, t.Version, t.Document, t.Reason = result.TemplateID(code, outcome), code, 0, "", ""
	}
	v := ResultTemplateView{ResultTemplateRow: a.templateRow(t), Fields: result.Fields()}
	waits, err := a.store.TemplateProposals(ctx)
	if err != nil {
		return v, err
	}
	for _, p := range waits {
		if p.ID == t.ID {
			v.Waits = &p
		}
	}
	events, err := a.store.StreamEvents(ctx, store.ResultTemplateRoot(t.ID))
	for _, e := range slices.Backward(events) {
		var old result.Template
		if err := json.Unmarshal(e.Payload, &old); err != nil {
			return v, err
		}
		by := old.By
		if old.Approved != "" {
			by += " – " + old.Approved
		}
		v.Versions = append(v.Versions, WordingVersion{Version: old.Version, At: e.At, By: by, Document: old.Document, Reason: old.Reason})
	}
	return v, err
}

func (f ResultTemplateForm) template(by string) result.Template {
	code := strings.TrimSpace(f.Procedure)
	return result.Template{
		ID: result.TemplateID(code, f.Outcome), Procedure: code, Outcome: f.Outcome, Version: f.Base + 1,
		Symbol: strings.TrimSpace(f.Symbol), Name: textfold.Clean(f.Name), Body: cleanLines(f.Body),
		Document: textfold.Clean(f.Document), Reason: textfold.Clean(f.Reason), By: by,
	}
}

// sampleCode is a code that no dossier has, for previews.
const sampleCode = "H00.00-260101-0001"

// PreviewResultTemplate prints a template as it would be, filled with invented
// values, before it is published.
func (a *App) PreviewResultTemplate(_ context.Context, who access.Actor, f ResultTemplateForm) ([]byte, error) {
	if !access.May(who, access.ManageForm) {
		return nil, denied()
	}
	t := f.template(who.Name)
	if t.Reason == "" {
		t.Reason = "–" // asked for only when it is published
	}
	if err := t.Check(); err != nil {
		return nil, err
	}
	dir := a.directory.Load()
	values := map[string]string{"code": sampleCode, "identity": "999000000001", "phone": "0000000001", "received": "01/01/2026", "due": "08/01/2026", "centre": dir.centre.Name}
	for _, field := range []string{"owner", "address", "procedure", "case", "subject", "agency", "papers", "reason"} {
		values[field] = vietnamese(fault.Line{Key: "result.sample." + field})
	}
	if name := a.procedureName(t.Procedure); name != "" {
		values["procedure"], values["subject"] = name, name
	}
	text := t.Fill(values)
	head := printout.Letterhead{
		Form: printout.Form{ID: ruleset.Result, Name: text.Name}, Wording: printed(dir.wordings[ruleset.Result]), Agency: strings.ToUpper(values["agency"]),
		Number: fmt.Sprintf("…/%s", t.Symbol), Place: dir.centre.Province, At: a.clock(),
	}
	return a.printer.PDF(printout.ResultDocument{Letterhead: head, Lines: text.Lines(), Code: sampleCode, Draft: true})
}

// issuerCode is what stands for a unit in the numbers of its documents: the
// initials of its name (NĐ 30/2020/NĐ-CP, annex III: abbreviations).
func issuerCode(u agency.Unit, name string) string {
	if u.Kind == agency.Committee {
		return "UBND"
	}
	var b strings.Builder
	for _, w := range strings.Fields(name) {
		for _, r := range w {
			b.WriteRune(r)
			break
		}
	}
	return strings.ToUpper(b.String())
}
