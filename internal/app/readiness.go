package app

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/motcua/motcua/internal/core/access"
	"github.com/motcua/motcua/internal/core/civil"
	"github.com/motcua/motcua/internal/core/fault"
	"github.com/motcua/motcua/internal/core/procedure"
	"github.com/motcua/motcua/internal/core/textfold"
	"github.com/motcua/motcua/internal/store"
)

// ReadinessQuery asks for one page of the readiness board.
type ReadinessQuery struct {
	Q      string
	Only   string // "" all, "missing", "unconfirmed" or "ready"
	Cursor string
}

// ReadinessPage is the readiness board (sẵn sàng tiếp nhận).
type ReadinessPage struct {
	Total       int
	Ready       int
	Missing     int
	Unconfirmed int
	Rows        []ReadinessRow
	Next        string
}

// ReadinessRow is one procedure on the board.
type ReadinessRow struct {
	Code        string
	Name        string
	Field       string
	Agency      string
	Version     int
	Missing     []string // "limit", "fee", "papers", "process", "agency", "counter"
	ConfirmedBy string
	ConfirmedAt time.Time
}

// Ready reports whether the procedure can be received.
func (r ReadinessRow) Ready() bool { return len(r.Missing) == 0 && !r.ConfirmedAt.IsZero() }

// stands is the group of the board that a row belongs to.
func (r ReadinessRow) stands() string {
	switch {
	case r.Ready():
		return "ready"
	case len(r.Missing) > 0:
		return "missing"
	}
	return "unconfirmed"
}

// ReadyForm is the control unit's confirmation of one procedure.
type ReadyForm struct {
	ActionID  string
	Procedure string
	Version   int
	Document  string // decision or minutes that ground it
	Decision  string // id of a recorded decision; it takes the place of Document
	Note      string
}

// Readiness lists procedures with what they still lack (A13).
func (a *App) Readiness(_ context.Context, who access.Actor, q ReadinessQuery) (ReadinessPage, error) {
	if !access.May(who, access.ManageProcedure) {
		return ReadinessPage{}, denied()
	}
	c, err := a.today()
	if err != nil {
		return ReadinessPage{}, err
	}
	var page ReadinessPage
	after, err := store.ParseCursor(q.Cursor)
	if err != nil {
		return page, err
	}
	skipping := after.ID != ""
	for _, h := range c.index.Search(procedure.Query{Text: q.Q, Most: c.index.Len()}).Hits {
		row := a.readinessRow(c, *h.Procedure)
		page.Total++
		switch row.stands() {
		case "ready":
			page.Ready++
		case "missing":
			page.Missing++
		default:
			page.Unconfirmed++
		}
		switch {
		case skipping:
			skipping = row.Code != after.ID
		case q.Only != "" && q.Only != row.stands():
		case len(page.Rows) < pageSize:
			page.Rows = append(page.Rows, row)
		case page.Next == "":
			page.Next = store.Cursor{ID: page.Rows[pageSize-1].Code}.String()
		}
	}
	return page, nil
}

func (a *App) readinessRow(c *catalogue, p procedure.Procedure) ReadinessRow {
	dir := a.directory.Load()
	r := c.records[p.Code]
	row := ReadinessRow{Code: p.Code, Name: p.Name, Field: p.Field, Version: p.Number, Agency: a.AgencyName(p.AgencyOn(c.day.String()))}
	if done, ok := r.Confirmation(p.Number); ok {
		row.ConfirmedBy, row.ConfirmedAt = done.ByName, done.At
	}
	for _, m := range dir.missingAnywhere(r, p, c.day) {
		if strings.HasPrefix(m.Key, "procedure.missing.") {
			row.Missing = append(row.Missing, string(m.Part))
		}
	}
	return row
}

// ConfirmReady records that the control unit has checked a procedure's limit,
// papers and fee. What the source does not state cannot be confirmed.
func (a *App) ConfirmReady(ctx context.Context, who access.Actor, in ReadyForm) error {
	return a.confirmReady(ctx, who, in.ActionID, []ReadyForm{in}, time.Time{})
}

// ConfirmManyReady confirms many procedures under one document, as the demo's
// control unit does.
func (a *App) ConfirmManyReady(ctx context.Context, who access.Actor, forms []ReadyForm, at time.Time) error {
	for part := range slices.Chunk(forms, importChunk) {
		if err := a.confirmReady(ctx, who, "", part, at); err != nil {
			return err
		}
	}
	return a.Reload(ctx)
}

func (a *App) confirmReady(ctx context.Context, who access.Actor, action string, forms []ReadyForm, at time.Time) error {
	if !access.May(who, access.ManageProcedure) {
		return denied()
	}
	c := a.catalogue.Load()
	w := store.Write{Actor: by(who), Action: action, Body: forms, At: a.storyTime(at)}
	for _, f := range forms {
		p, ok := c.records[f.Procedure].Number(f.Version)
		if !ok {
			return fault.New(fault.NotFound, "procedure.unknown", fault.Args{"code": f.Procedure})
		}
		if missing := stated(procedure.Missing(&p, procedure.Facts{LimitConfirmed: true, PapersConfirmed: true, FeeConfirmed: true, Process: true, Agency: true, Counter: true})); len(missing) > 0 {
			return fault.New(fault.Conflict, "procedure.cannot_confirm", fault.Args{"code": p.Code, "missing": missingLines(missing)})
		}
		if len(forms) == 1 && strings.TrimSpace(f.Document) == "" && f.Decision == "" {
			return fault.Field("document", "procedure.document_missing", nil)
		}
		w.Roots = append(w.Roots, store.ProcedureRoot(p.Code))
		if root := store.DecisionRoot(f.Decision); f.Decision != "" && !slices.Contains(w.Roots, root) {
			w.Roots = append(w.Roots, root)
		}
	}
	_, err := store.Do(ctx, a.store, w, func(v *store.View) (int, error) {
		for _, f := range forms {
			document, err := readyUnder(v, f, c)
			if err != nil {
				return 0, err
			}
			done := procedure.Confirmation{
				Version: f.Version, Document: document, Note: textfold.Clean(f.Note), By: who.ID, ByName: who.Name, At: v.Now(),
			}
			if _, err := store.Record[procedure.Record](v, store.ProcedureRoot(f.Procedure), procedure.EventConfirmed, 1, done.Document, done); err != nil {
				return 0, err
			}
		}
		return len(forms), nil
	})
	if err != nil || len(forms) > 1 {
		return err
	}
	return a.Reload(ctx)
}

// readyUnder is the document of a confirmation. A recorded decision gets a line
// in its annex: it takes the procedure into the list of reception.
func readyUnder(v *store.View, f ReadyForm, c *catalogue) (string, error) {
	if f.Decision == "" {
		return textfold.Clean(f.Document), nil
	}
	d, ok := store.Load[procedure.Decision](v, store.DecisionRoot(f.Decision))
	if !ok {
		return "", fault.Field("decision", "procedure.decision_unknown", nil)
	}
	p, _ := c.records[f.Procedure].Number(f.Version)
	return d.No, decide(v, d, []procedure.AnnexLine{{
		What: procedure.AnnexReception, Effect: procedure.Opened, Code: f.Procedure, Name: p.Name, Version: f.Version, From: civil.DateOf(v.Now()),
	}})
}

// stated keeps what the source does not state.
func stated(missing []procedure.MissingPart) []procedure.MissingPart {
	return slices.DeleteFunc(missing, func(m procedure.MissingPart) bool { return !strings.HasPrefix(m.Key, "procedure.missing.") })
}

// storyTime is the legal time of a write in a demo's story; zero outside one.
func (a *App) storyTime(t time.Time) time.Time {
	if a.demo {
		return t
	}
	return time.Time{}
}
