package app

import (
	"context"
	"slices"

	"github.com/motcua/motcua/internal/core/agency"
	"github.com/motcua/motcua/internal/core/civil"
	"github.com/motcua/motcua/internal/core/dossier"
	"github.com/motcua/motcua/internal/core/fault"
	"github.com/motcua/motcua/internal/core/fee"
	"github.com/motcua/motcua/internal/core/procedure"
	"github.com/motcua/motcua/internal/data"
)

// catalogue is the procedures as a node knows them on a day, with their search
// index. It is immutable; a change or a new day makes another one.
type catalogue struct {
	records map[string]procedure.Record
	index   *procedure.Index
	day     civil.Date
}

func (a *App) reloadCatalogue(ctx context.Context) error {
	list, err := a.store.Procedures(ctx)
	if err != nil {
		return err
	}
	records := make(map[string]procedure.Record, len(list))
	for _, r := range list {
		if p, ok := r.Latest(); ok {
			records[p.Code] = r
		}
	}
	return a.indexCatalogue(records)
}

// indexCatalogue builds the search index for today.
func (a *App) indexCatalogue(records map[string]procedure.Record) error {
	day := civil.DateOf(a.clock())
	if a.speech == nil {
		if err := a.readSpeech(); err != nil {
			return err
		}
	}
	var list []procedure.Procedure
	for _, r := range records {
		list = append(list, shownOn(r, day))
	}
	slices.SortFunc(list, func(x, y procedure.Procedure) int {
		if x.Code < y.Code {
			return -1
		}
		return 1
	})
	dir := a.directory.Load()
	c := &catalogue{records: records, day: day}
	c.index = procedure.NewIndex(list, procedure.Options{
		Speech: *a.speech, Life: a.life, Day: day.String(),
		Ready: func(p *procedure.Procedure) bool {
			return p.StatusOn(day.String()) == procedure.InForce && len(dir.missingAnywhere(records[p.Code], *p, day)) == 0
		},
	})
	a.catalogue.Store(c)
	return nil
}

func (a *App) readSpeech() error {
	f, err := data.Open(data.Speech)
	if err != nil {
		return err
	}
	defer f.Close()
	speech, err := procedure.ParseSpeech(f)
	if err != nil {
		return err
	}
	l, err := data.Open(data.Life)
	if err != nil {
		return err
	}
	defer l.Close()
	if a.life, err = procedure.ParseLifeEvents(l); err != nil {
		return err
	}
	a.speech = &speech
	return nil
}

// today is the catalogue of today; past midnight it is built anew.
func (a *App) today() (*catalogue, error) {
	c := a.catalogue.Load()
	if c.day == civil.DateOf(a.clock()) {
		return c, nil
	}
	a.loading.Lock()
	defer a.loading.Unlock()
	if c = a.catalogue.Load(); c.day != civil.DateOf(a.clock()) {
		if err := a.indexCatalogue(c.records); err != nil {
			return nil, err
		}
		c = a.catalogue.Load()
	}
	return c, nil
}

// shownOn picks the version that pages show on a day: the one in force, else the
// last.
func shownOn(r procedure.Record, day civil.Date) procedure.Procedure {
	if p, ok := procedure.On(r.Versions, day.String()); ok {
		return p
	}
	p, _ := r.Latest()
	return p
}

// procedureFor finds the version of a procedure that dossiers are received by
// on a day. It fails with fault.NotFound for an unknown code and fault.Conflict
// when no version is in force: abolished, replaced or still to come.
func (a *App) procedureFor(code string, day civil.Date) (procedure.Procedure, procedure.Record, error) {
	c := a.catalogue.Load()
	known, ok := c.index.ByCode(code)
	if !ok {
		return procedure.Procedure{}, procedure.Record{}, fault.New(fault.NotFound, "procedure.unknown", fault.Args{"code": code})
	}
	r := c.records[known.Code]
	p, ok := procedure.On(r.Versions, day.String())
	if !ok {
		last, _ := r.Latest()
		var successor any = ""
		if last.Successor != "" {
			successor = fault.Line{Key: "procedure.by_successor", Args: fault.Args{"code": last.Successor}}
		}
		return last, r, fault.New(fault.Conflict, "procedure.not_in_force."+string(last.StatusOn(day.String())),
			fault.Args{"code": last.Code, "successor": successor})
	}
	return p, r, nil
}

// facts is what the house knows about a procedure for a receiving unit.
func (d *directory) facts(r procedure.Record, p procedure.Procedure, receiving agency.Unit, day civil.Date) procedure.Facts {
	_, confirmed := r.Confirmation(p.Number)
	f := procedure.Facts{LimitConfirmed: confirmed, PapersConfirmed: confirmed, FeeConfirmed: confirmed, Process: d.processFits(p, day)}
	key := p.AgencyOn(day.String())
	if u, err := d.agencyOf(p, receiving, day); err == nil {
		f.Agency = true
		if u.Kind != agency.Area {
			key = u.Key // of the agency that continues the one the catalogue names
		}
	}
	if receiving.Kind == agency.Area {
		f.Counter = len(d.members(receiving.Code, "reception")) > 0
	} else {
		f.Counter = len(d.centre.CounterFor(key)) > 0
	}
	return f
}

// missing lists what stands between a procedure and its reception in a unit.
func (d *directory) missing(r procedure.Record, p procedure.Procedure, receiving agency.Unit, day civil.Date) []procedure.MissingPart {
	return procedure.Missing(&p, d.facts(r, p, receiving, day))
}

// missingAnywhere is missing where the procedure is best placed: the centre, or
// for procedures of communes the first commune that receives.
func (d *directory) missingAnywhere(r procedure.Record, p procedure.Procedure, day civil.Date) []procedure.MissingPart {
	place, _ := d.unit(d.centre.Code, day)
	if agency.CommuneKey(p.AgencyOn(day.String())) {
		if commune, ok := d.receivingCommune(day); ok {
			place = commune
		}
	}
	return d.missing(r, p, place, day)
}

// receivingCommune is the first commune with people at its counter.
func (d *directory) receivingCommune(day civil.Date) (agency.Unit, bool) {
	for _, u := range d.tree.Communes(d.centre.Area, day.String()) {
		if len(d.members(u.Code, "reception")) > 0 {
			return u, true
		}
	}
	return agency.Unit{}, false
}

// limitOf is the limit of a case for a channel; false where the source states
// none.
func limitOf(c procedure.Case, channel dossier.Channel) (civil.Limit, bool) {
	l, ok := c.LimitBy(procedure.Way(channel))
	if !ok {
		return civil.Limit{}, false
	}
	limit, err := civil.ParseLimit(l.String())
	return limit, err == nil
}

// feeLines are the fee lines that may apply to a channel, as a dossier keeps
// them. Amounts in another currency are shown and never collected.
func feeLines(p procedure.Procedure, channel dossier.Channel) []fee.Line {
	var lines []fee.Line
	for _, f := range p.FeesBy(procedure.Way(channel)) {
		if f.Collectable() {
			lines = append(lines, fee.Line{ID: f.ID, Name: feeName(f), Kind: string(f.Kind), Amount: fee.VND(f.AmountVND)})
		}
	}
	return lines
}

// feeName is what a receipt calls a fee line: its condition as published, since
// the national data names no fee otherwise.
func feeName(f procedure.Fee) string {
	if f.Note != "" {
		return f.Note
	}
	switch f.Kind {
	case procedure.Charge:
		return "Phí"
	case procedure.Levy:
		return "Lệ phí"
	}
	return "Phí, lệ phí"
}

// chosenFees picks the lines that an officer chose; an unknown id is refused.
func chosenFees(p procedure.Procedure, channel dossier.Channel, ids []string) ([]fee.Line, error) {
	all := feeLines(p, channel)
	var chosen []fee.Line
	for _, id := range ids {
		i := slices.IndexFunc(all, func(l fee.Line) bool { return l.ID == id })
		if i < 0 {
			return nil, fault.Field("feeLines", "dossier.fee_unknown", fault.Args{"id": id})
		}
		if !slices.ContainsFunc(chosen, func(l fee.Line) bool { return l.ID == id }) {
			chosen = append(chosen, all[i])
		}
	}
	return chosen, nil
}
