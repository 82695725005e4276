package app

import (
	"cmp"
	"context"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/motcua/motcua/internal/core/access"
	"github.com/motcua/motcua/internal/core/agency"
	"github.com/motcua/motcua/internal/core/civil"
	"github.com/motcua/motcua/internal/core/dossier"
	"github.com/motcua/motcua/internal/core/fault"
	"github.com/motcua/motcua/internal/core/fee"
	"github.com/motcua/motcua/internal/core/party"
	"github.com/motcua/motcua/internal/core/procedure"
	"github.com/motcua/motcua/internal/core/process"
	"github.com/motcua/motcua/internal/core/ruleset"
	"github.com/motcua/motcua/internal/store"
)

// Reconciled compares, for one unit and status, how many records a list has and
// how many of them the journal holds, each where it stands now.
type Reconciled struct {
	Unit   string         `json:"unit"`
	Name   string         `json:"name"`
	Status dossier.Status `json:"status"`
	Label  string         `json:"label"`
	Listed int            `json:"listed"` // records of the list
	Stored int            `json:"stored"` // dossiers taken over under those codes
}

// ImportDossiers takes over the dossiers of a system before this one, from a
// spreadsheet or CSV (docs/how-to/import-data.md). Each keeps its code, its times
// and the day that was promised; an open one goes on at a step of its process, a
// finished one is history. What was taken over before stays as it is now,
// whatever the list says.
//
// Codes of another system are foreign: they take no number of ours, and a series
// of ours with the same issuer and day goes on after them.
func (a *App) ImportDossiers(ctx context.Context, who access.Actor, r io.Reader, o ImportOptions) (ImportReport, error) {
	report := ImportReport{Kind: "dossiers", Rejected: []Rejected{}}
	if who.IsSystem() && who.Unit == "" { // the command of the house speaks for each of its units
		who.Unit = a.directory.Load().centre.Code
	}
	if !access.Anywhere(who, access.ImportDossier) {
		return report, denied()
	}
	rows, err := readDossierRows(r)
	if err != nil {
		return report, err
	}
	report.Read = len(rows)
	seen := map[string]bool{}
	var codes []string
	for part := range slices.Chunk(rows, importChunk) {
		good, err := a.takeList(ctx, who, part, seen, &report, o)
		if err != nil {
			return report, err
		}
		codes = append(codes, good...)
	}
	report.Reconciled, err = a.reconcile(ctx, rows, codes)
	return report, err
}

// takeList checks one part of a list, writes what is new, and names the codes of
// every good record.
func (a *App) takeList(ctx context.Context, who access.Actor, part []listedDossier, seen map[string]bool, report *ImportReport, o ImportOptions) (codes []string, err error) {
	var fresh []carried
	for i := range part {
		row := &part[i]
		code := cleanCode(row.get("code"))
		have, known, err := a.dossierUnder(ctx, code)
		if err != nil {
			return nil, err
		}
		switch {
		case code == "" || len(code) > mostForeignCode || strings.ContainsAny(code, "/\\?#%\"'<>") || strings.HasPrefix(code, "TN-"):
			row.bad("code", "dossier.foreign_code", fault.Args{"most": mostForeignCode})
		case seen[code]:
			row.bad("code", "app.import_twice", fault.Args{"code": code})
		case known && !have.Foreign():
			row.bad("code", "dossier.code_taken", fault.Args{"code": code})
		}
		seen[code] = true
		var c carried
		if len(row.faults) == 0 && !known {
			if c, err = a.carriedOf(ctx, who, *row, code); err != nil {
				f := fault.As(err)
				if f == nil || f.Kind == fault.Internal {
					return nil, err
				}
				row.faults = append(row.faults, f.Each()...)
			}
		}
		for _, f := range row.faults {
			o.reject(report, row.record, f)
		}
		if len(row.faults) > 0 {
			continue
		}
		codes = append(codes, code)
		if known {
			report.Unchanged++
			continue
		}
		fresh = append(fresh, c)
	}
	if o.DryRun || len(fresh) == 0 {
		report.Created += len(fresh)
		return codes, nil
	}
	refused, err := a.writeCarried(ctx, fresh)
	if err != nil {
		return nil, err
	}
	for code, f := range refused {
		for _, one := range f.Each() {
			o.reject(report, code, one)
		}
		codes = slices.DeleteFunc(codes, func(have string) bool { return have == code })
	}
	report.Created += len(fresh) - len(refused)
	return codes, nil
}

// mostForeignCode bounds the code of another system.
const mostForeignCode = 40

func (a *App) dossierUnder(ctx context.Context, code string) (dossier.Dossier, bool, error) {
	id, err := a.store.DossierIDByName(ctx, code)
	if err != nil || id == "" {
		return dossier.Dossier{}, false, err
	}
	d, err := store.Get[dossier.Dossier](ctx, a.store, store.DossierRoot(id))
	return d, err == nil, err
}

// carried is a checked record, ready to be written.
type carried struct {
	id        string
	code      string
	who       access.Actor
	plan      plan
	people    reception
	beginning dossier.Beginning
	carrying  dossier.Carrying
	at        time.Time // of the last thing that is known
	series    *store.Series
	number    int64 // that the code has in the series
}

// carriedOf checks a record against the house: its units, procedure, persons and
// times. Every wrong field is named.
func (a *App) carriedOf(ctx context.Context, who access.Actor, row listedDossier, code string) (carried, error) {
	dir, day := a.directory.Load(), civil.DateOf(row.receivedAt)
	c := carried{id: newID(), code: code}
	c.people.receivedOn = day
	rules, rulesErr := ruleset.On(day)
	unit, unitOK := dir.unit(cmp.Or(row.get("unit"), dir.centre.Code), day)
	cat := a.catalogue.Load()
	known, procedureOK := cat.index.ByCode(row.get("procedure"))
	p := shownOn(cat.records[known.Code], day)
	kase, caseOK := p.Case(row.get("case"))
	if !caseOK && row.get("case") == "" && len(p.Cases) > 0 { // an old list does not know our cases
		kase, caseOK = p.Cases[0], true
	}
	var faults []*fault.Fault
	bad := func(wrong bool, field, key string, args fault.Args) {
		if wrong {
			faults = append(faults, fault.Field(field, key, args))
		}
	}
	bad(!unitOK || !who.IsSystem() && unit.Code != who.Unit, "unit", "agency.unit_unknown", fault.Args{"unit": row.get("unit")})
	bad(!procedureOK, "procedure", "procedure.unknown", fault.Args{"code": row.get("procedure")})
	bad(procedureOK && !caseOK, "case", "procedure.case_unknown", fault.Args{"case": row.get("case")})
	form := ReceptionForm{
		Channel: dossier.Channel(cmp.Or(row.get("channel"), string(dossier.Direct))), ReturnChannel: dossier.ReturnChannel(cmp.Or(row.get("returnChannel"), string(dossier.ReturnCounter))),
		Sets: 1, Subject: row.get("subject"),
		Owner: PartyForm{
			Kind: cmp.Or(row.get("owner.kind"), string(party.Citizen)), Name: row.get("owner.name"), PersonalID: row.get("owner.personalId"), TaxCode: row.get("owner.taxCode"),
			Phone: row.get("owner.phone"), Email: row.get("owner.email"), Address: row.get("owner.address"),
		},
	}
	bad(row.dueOn != civil.Date{} && row.dueOn.Before(day), "dueOn", "dossier.carry_due", nil)
	times := a.checkCarriedTimes(row)
	if err := joinErrors(rulesErr, fault.Join(faults...), a.checkPeople(form, &c.people), times); err != nil {
		return c, err
	}
	body, err := a.agencyCarried(p, unit, row.get("agency"), day)
	if err != nil {
		return c, err
	}
	if c.carrying, err = a.carrying(dir, row, body); err != nil {
		return c, err
	}
	limit, stated := limitOf(kase, form.Channel)
	run := limit // that the process shares out
	switch {
	case row.dueOn != civil.Date{}:
		limit = dossier.PromisedBefore(row.dueOn)
	case !stated:
		return c, fault.Field("dueOn", "procedure.no_limit", fault.Args{"code": p.Code})
	}
	if !stated {
		run = civil.Limit{Value: 1, Unit: civil.WorkingDays}
	}
	c.plan = plan{rules: rules, place: a.placeFor(unit.Code, shownName(unit), body.Code, shownName(body))}
	c.plan.calendar, c.plan.calRef = dir.calendar(body.Code)
	c.plan.units = map[string]string{process.UnitCentre: unit.Code, process.UnitAgency: body.Code}
	if c.plan.graph, err = a.processFor(ctx, p.Code, kase.ID, run, c.plan.calendar, civil.DateOf(a.clock())); err != nil {
		return c, err
	}
	c.plan.ahead = a.aheadOn(c.plan.graph, c.plan.units)
	c.who = who
	c.who.Unit = unit.Code // the import acts for the unit that had received
	c.at = latest(row.receivedAt, row.askedAt, row.finishedAt, row.returnedAt)
	c.beginning = dossier.Beginning{
		ID: c.id, Code: func() string { return code }, Sets: 1, Limit: limit,
		Opening: dossier.Opening{
			Procedure: dossier.ProcedureRef{Code: p.Code, Version: p.Number, Name: p.Name, Field: p.Field, Case: kase.ID, CaseName: kase.Name},
			Unit:      unit.Code, UnitName: shownName(unit), Agency: body.Code, AgencyName: shownName(body),
			Channel: form.Channel, ReturnChannel: form.ReturnChannel, OwnerKind: string(c.people.owner.Kind),
			Officer: who.ID, OfficerName: cmp.Or(row.get("officer"), who.Name), Rules: rules.Name, At: row.receivedAt, PreviousSystem: previousSystem,
		},
		Private: dossier.Private{Owner: recordParty(c.people.owner), Subject: form.Subject, Secret: newSecret()},
	}
	c.charge(row)
	if own, err := dossier.ParseCode(code); err == nil {
		c.series, c.number = &store.Series{Kind: "dossier-code", Key: own.Agency + "|" + own.Day.String()}, own.Number
	}
	return c, nil
}

// previousSystem is what stands for the system that a list came from.
const previousSystem = "import"

// charge puts the fee of the system before on the dossier.
func (c *carried) charge(row listedDossier) {
	if row.fee == 0 {
		return
	}
	c.beginning.Fees = []fee.Line{{ID: "before", Name: vietnamese(fault.Line{Key: "dossier.fee_before"}), Amount: fee.VND(row.fee)}}
	if receipt := row.get("receipt"); receipt != "" {
		c.beginning.Paid = &dossier.Payment{Receipt: receipt}
	}
}

func latest(all ...time.Time) time.Time { return slices.MaxFunc(all, time.Time.Compare) }

// checkCarriedTimes refuses what lies in the future or runs backwards.
func (a *App) checkCarriedTimes(row listedDossier) error {
	var faults []*fault.Fault
	now, last := a.clock(), row.receivedAt
	for _, one := range []struct {
		field string
		at    time.Time
	}{{"receivedAt", row.receivedAt}, {"askedAt", row.askedAt}, {"finishedAt", row.finishedAt}, {"returnedAt", row.returnedAt}} {
		switch {
		case one.at.IsZero():
		case one.at.After(now):
			faults = append(faults, fault.Field(one.field, "dossier.carry_future", nil))
		case one.at.Before(last):
			faults = append(faults, fault.Field(one.field, "dossier.carry_order", nil))
		default:
			last = one.at
		}
	}
	return fault.Join(faults...)
}

// agencyCarried is the competent agency: the one that is named, as it is today
// where it goes on, else the procedure's.
func (a *App) agencyCarried(p procedure.Procedure, unit agency.Unit, named string, day civil.Date) (agency.Unit, error) {
	dir := a.directory.Load()
	if named == "" {
		body, err := dir.agencyOf(p, unit, civil.DateOf(a.clock()))
		if err != nil {
			return body, fault.Field("agency", "procedure.no_agency", fault.Args{"code": p.Code})
		}
		return body, nil
	}
	if body, ok := dir.unit(named, day); ok {
		return body, nil
	}
	for _, u := range dir.byKey[named] {
		if u.On(day.String()) {
			return u, nil
		}
	}
	return agency.Unit{}, fault.Field("agency", "agency.unit_unknown", fault.Args{"unit": named})
}

// carrying reads where the dossier stood.
func (a *App) carrying(dir *directory, row listedDossier, body agency.Unit) (dossier.Carrying, error) {
	in := dossier.Carrying{
		Status: row.status, Step: row.get("step"), Number: row.get("number"), Officer: cmp.Or(row.get("officer"), previousSystem),
		FinishedAt: row.finishedAt, Asked: row.get("asked"), AskedAt: row.askedAt,
	}
	if in.FinishedAt.IsZero() {
		in.FinishedAt = row.returnedAt
	}
	switch row.get("outcome") {
	case "", dossier.OutcomeApprove:
	case dossier.OutcomeRefuse:
		in.Refused = true
	default:
		return in, fault.Field("outcome", "dossier.outcome_unknown", nil)
	}
	if row.status == dossier.SupplementRequired && in.Asked == "" {
		return in, fault.Field("asked", "dossier.items_missing", nil)
	}
	login := strings.ToLower(row.get("holder"))
	if login == "" {
		return in, nil
	}
	for _, p := range dir.people {
		if p.Login == login && !p.Disabled && p.Unit == body.Code {
			in.Holder, in.HolderName = p.ID, p.Name
			return in, nil
		}
	}
	return in, fault.Field("holder", "agency.staff_unknown", nil)
}

// writeCarried writes records in one command; one that its rule refuses leaves
// nothing and is named, and the others are written without it.
func (a *App) writeCarried(ctx context.Context, all []carried) (refused map[string]*fault.Fault, err error) {
	refused = map[string]*fault.Fault{}
	for len(all) > 0 {
		bad := -1
		w := store.Write{Actor: by(all[0].who), At: a.clock()}
		for _, c := range all {
			w.Roots = append(w.Roots, store.DossierRoot(c.id))
			if c.series != nil && !slices.Contains(w.Series, *c.series) {
				w.Series = append(w.Series, *c.series)
			}
		}
		_, err = store.Do(ctx, a.store, w, func(v *store.View) (int, error) {
			for i, c := range all {
				if err := a.writeOne(v, c); err != nil {
					bad = i
					return 0, err
				}
			}
			return len(all), nil
		})
		f := fault.As(err)
		switch {
		case err == nil:
			return refused, nil
		case bad < 0 || f == nil || f.Kind == fault.Internal:
			return refused, err
		}
		refused[all[bad].code] = f
		all = slices.Delete(slices.Clone(all), bad, bad+1)
	}
	return refused, nil
}

// writeOne records the reception as it was, and where the dossier stood.
func (a *App) writeOne(v *store.View, c carried) error {
	if c.series != nil { // a number that another system gave is never given again
		for v.Last(*c.series) < c.number {
			v.Number(*c.series)
		}
	}
	b := c.beginning
	v.Pass(b.Opening.At)
	ev, err := dossier.Begin(c.plan.context(v, c.who, c.id), dossier.Receive, b, dossier.Input{})
	if err != nil {
		return err
	}
	got, err := record(v, c.id, ev)
	if err != nil {
		return err
	}
	v.Pass(c.at)
	if ev, err = dossier.CarryOver(*got.now, c.plan.context(v, c.who, c.id), c.carrying); err != nil {
		return err
	}
	c.people.index(a, v, c.id)
	_, err = record(v, c.id, ev)
	return err
}

// reconcile counts the good records of a list by unit and status, and the same
// dossiers as the journal holds them.
func (a *App) reconcile(ctx context.Context, rows []listedDossier, codes []string) ([]Reconciled, error) {
	good := map[string]bool{}
	for _, code := range codes {
		good[code] = true
	}
	type key struct {
		unit   string
		status dossier.Status
	}
	dir, today := a.directory.Load(), civil.DateOf(a.clock())
	listed, stored := map[key]int{}, map[key]int{}
	for _, row := range rows {
		code := cleanCode(row.get("code"))
		if !good[code] {
			continue
		}
		delete(good, code) // a repeated record is none
		listed[key{cmp.Or(row.get("unit"), dir.centre.Code), row.status}]++
		d, known, err := a.dossierUnder(ctx, code)
		if err != nil {
			return nil, err
		}
		if known {
			stored[key{d.Unit, d.Status}]++
		}
	}
	out := []Reconciled{}
	for k := range listed {
		out = append(out, Reconciled{Unit: k.unit, Status: k.status, Listed: listed[k], Stored: stored[k]})
	}
	for k := range stored {
		if _, have := listed[k]; !have {
			out = append(out, Reconciled{Unit: k.unit, Status: k.status, Stored: stored[k]})
		}
	}
	for i := range out {
		out[i].Name, out[i].Label = dir.unitName(out[i].Unit, today), vietnamese(fault.Line{Key: out[i].Status.Key()})
	}
	slices.SortFunc(out, func(x, y Reconciled) int { return cmp.Or(cmp.Compare(x.Unit, y.Unit), cmp.Compare(x.Status, y.Status)) })
	return out, nil
}
