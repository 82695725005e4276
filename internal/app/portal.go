package app

import (
	"context"
	"slices"
	"time"

	"github.com/motcua/motcua/internal/core/agency"
	"github.com/motcua/motcua/internal/core/civil"
	"github.com/motcua/motcua/internal/core/dossier"
	"github.com/motcua/motcua/internal/core/fault"
	"github.com/motcua/motcua/internal/core/fee"
	"github.com/motcua/motcua/internal/core/procedure"
	"github.com/motcua/motcua/internal/store"
)

// CentreView is the centre as every page shows it.
type CentreView struct {
	agency.Profile
	Hours    []civil.Interval
	Saturday *civil.Interval
	OpenNow  bool
	// ClockMoved says that a demo's clock stands elsewhere than the real one.
	ClockMoved bool
	Now        time.Time
}

// Centre is the centre of this installation.
func (a *App) Centre() CentreView {
	dir := a.directory.Load()
	cal, _ := dir.calendar(dir.centre.Code)
	spec := cal.Spec()
	now := a.clock()
	v := CentreView{Profile: dir.centre, Hours: spec.Hours, Saturday: spec.Saturday, Now: now}
	if at, err := cal.NextOpening(now); err == nil {
		v.OpenNow = !at.After(now)
	}
	diff := now.Sub(a.wall())
	v.ClockMoved = diff > time.Minute || diff < -time.Minute
	return v
}

// HomeView is the portal's first page.
type HomeView struct {
	Procedures int // in the catalogue
	Ready      int // that are received
	Fields     []procedure.Count
	Life       []procedure.Count
	Popular    []procedure.Hit // most received in the last 90 days
	Month      MonthFigures
}

// MonthFigures are what a month's ended dossiers were.
type MonthFigures struct {
	From     civil.Date
	Received int
	Early    int
	OnTime   int
	Late     int
}

// Ended is how many ended.
func (m MonthFigures) Ended() int { return m.Early + m.OnTime + m.Late }

// Home gathers the first page. Every figure is counted.
func (a *App) Home(ctx context.Context) (HomeView, error) {
	c, err := a.today()
	if err != nil {
		return HomeView{}, err
	}
	v := HomeView{Procedures: c.index.Len(), Fields: c.index.Fields(), Life: c.index.LifeEvents()}
	v.Ready = c.index.Search(procedure.Query{Ready: true, Most: 1}).Total
	popular, err := a.store.PopularProcedures(ctx, a.clock().AddDate(0, 0, -90), 6)
	if err != nil {
		return v, err
	}
	for _, code := range popular {
		if p, ok := c.index.ByCode(code); ok {
			v.Popular = append(v.Popular, procedure.Hit{Procedure: &p, Agency: p.AgencyOn(c.day.String()), Ready: true})
		}
	}
	v.Month, err = a.monthFigures(ctx)
	return v, err
}

func (a *App) monthFigures(ctx context.Context) (MonthFigures, error) {
	now := a.clock()
	first := civil.NewDate(civil.DateOf(now).Year(), civil.DateOf(now).Month(), 1)
	f, err := a.store.Figures(ctx, first.At(0), now)
	return MonthFigures{From: first, Received: f.Received, Early: f.Early, OnTime: f.OnTime, Late: f.Late}, err
}

// SearchProcedures finds procedures; see procedure.Index.Search.
func (a *App) SearchProcedures(_ context.Context, q procedure.Query) (procedure.Result, error) {
	c, err := a.today()
	if err != nil {
		return procedure.Result{}, err
	}
	return c.index.Search(q), nil
}

// Browse counts procedures by field, agency, level and life event.
type Browse struct {
	Fields   []procedure.Count
	Agencies []procedure.Count
	Levels   []procedure.Count
	Life     []procedure.Count
}

// BrowseProcedures gives the ways into the catalogue.
func (a *App) BrowseProcedures(_ context.Context) (Browse, error) {
	c, err := a.today()
	if err != nil {
		return Browse{}, err
	}
	return Browse{c.index.Fields(), c.index.Agencies(), c.index.Levels(), c.index.LifeEvents()}, nil
}

// AgencyName is the name of the agency with a key in this province today; the
// key itself when there is none.
func (a *App) AgencyName(key string) string {
	dir := a.directory.Load()
	day := civil.DateOf(a.clock())
	for _, u := range dir.byKey[key] {
		if u.On(day.String()) {
			return u.Name
		}
	}
	return key
}

// ProcedureView is one procedure as its public page shows it.
type ProcedureView struct {
	procedure.Procedure
	Status     procedure.Status
	Parts      []procedure.StatutoryPart
	Missing    []procedure.MissingPart // empty = dossiers are received
	FeeState   procedure.FeeState
	AgencyName string // competent agency here; empty when none is in force
	OfCommune  bool   // received by communes, not by the centre
	Counters   []agency.Counter
	Cases      []CaseView
	Process    []ProcessStep
	Versions   []VersionRow
	Related    []procedure.Hit
}

// CaseView is one case with its papers and limits.
type CaseView struct {
	procedure.Case
	Papers   []procedure.Paper
	Required []string // ids of the papers without which there is no receipt
	Limits   []LimitRow
}

// LimitRow is the limit of one channel.
type LimitRow struct {
	Channel dossier.Channel
	Limit   civil.Line
}

// ProcessStep is a step of the internal process as published (A9).
type ProcessStep struct {
	Name     string
	Kind     dossier.TaskKind
	Unit     string // "centre", "agency", or the key or code of a unit
	UnitName string // of a unit that is named itself
	Role     string
	Minutes  int // working minutes
}

// VersionRow is one version of a procedure.
type VersionRow struct {
	procedure.Version
	Status   procedure.Status
	Decision string // id of the decision that published it, where it is recorded
}

// ProcedurePage opens one procedure. An empty day means today.
func (a *App) ProcedurePage(ctx context.Context, code string) (ProcedureView, error) {
	c, err := a.today()
	if err != nil {
		return ProcedureView{}, err
	}
	known, ok := c.index.ByCode(code)
	if !ok {
		return ProcedureView{}, fault.New(fault.NotFound, "procedure.unknown", fault.Args{"code": code})
	}
	dir := a.directory.Load()
	r := c.records[known.Code]
	p := shownOn(r, c.day)
	key := p.AgencyOn(c.day.String())
	_, confirmed := r.Confirmation(p.Number)
	v := ProcedureView{
		Procedure: p, Status: p.StatusOn(c.day.String()), Parts: p.StatutoryParts(), Missing: dir.missingAnywhere(r, p, c.day),
		FeeState: p.FeeState(confirmed), OfCommune: agency.CommuneKey(key), Counters: dir.centre.CounterFor(key),
	}
	for _, u := range dir.byKey[key] {
		if u.On(c.day.String()) {
			v.AgencyName = u.Name
		}
	}
	for _, one := range p.Cases {
		v.Cases = append(v.Cases, CaseView{Case: one, Papers: p.PapersOf(one), Required: requiredPapers(p, one), Limits: limitRows(one)})
	}
	for _, version := range slices.Backward(r.Versions) {
		row := VersionRow{Version: version.Version, Status: version.StatusOn(c.day.String())}
		if on, err := civil.ParseDate(version.Published.On); err == nil && version.Published.No != "" {
			d, err := a.PublishedDecision(ctx, procedure.DecisionID(version.Published.No, on))
			if err == nil {
				row.Decision = d.ID
			} else if fault.KindOf(err) != fault.NotFound {
				return v, err
			}
		}
		v.Versions = append(v.Versions, row)
	}
	v.Process = a.publicProcess(ctx, p, c.day)
	for _, h := range c.index.Search(procedure.Query{Field: p.Field, Most: 7}).Hits {
		if h.Procedure.Code != p.Code && len(v.Related) < 6 {
			v.Related = append(v.Related, h)
		}
	}
	return v, nil
}

func limitRows(c procedure.Case) []LimitRow {
	var rows []LimitRow
	for _, ch := range []dossier.Channel{dossier.Direct, dossier.Online, dossier.Post} {
		if l, ok := limitOf(c, ch); ok {
			rows = append(rows, LimitRow{ch, l.Line()})
		}
	}
	return rows
}

// TrackView is all that a tracking page may show without an account.
type TrackView struct {
	dossier.PublicView
	Why         []civil.Line // derivation of the promised day, without personal data
	Derivation  civil.Derivation
	FeeTotal    fee.VND
	FeeSettled  bool
	Supplements []dossier.Supplement // names of papers asked for; no person
	Letters     []TrackLetter        // signed slips, which TrackFile opens
	ReceivedAt  time.Time
}

// tracked is the dossier of a code and its second secret. A wrong pair and an
// unknown code are the same fault.NotFound, track.not_found.
func (a *App) tracked(ctx context.Context, code, secret string) (dossier.Dossier, dossier.Private, error) {
	none := fault.New(fault.NotFound, "track.not_found", nil)
	id, err := a.store.DossierIDByName(ctx, cleanCode(code))
	if err != nil {
		return dossier.Dossier{}, dossier.Private{}, err
	}
	if id == "" {
		a.sameTime(ctx)
		return dossier.Dossier{}, dossier.Private{}, none
	}
	d, err := store.Get[dossier.Dossier](ctx, a.store, store.DossierRoot(id))
	if err != nil {
		return d, dossier.Private{}, err
	}
	private, err := a.private(ctx, d)
	switch {
	case err != nil && fault.KindOf(err) != fault.NotFound:
		return d, private, err
	case err != nil || !sameSecret(private.Secret, secret):
		return d, private, none
	}
	return d, private, nil
}

// Track shows a dossier to whoever knows its code and second secret. A wrong
// pair and an unknown code are the same fault.NotFound, track.not_found.
func (a *App) Track(ctx context.Context, code, secret string) (TrackView, error) {
	d, _, err := a.tracked(ctx, code, secret)
	if err != nil {
		return TrackView{}, err
	}
	v := TrackView{PublicView: d.Public(a.clock()), FeeTotal: d.Fee.Total, FeeSettled: d.Fee.Settled(), ReceivedAt: d.ReceivedAt, Letters: trackLetters(d)}
	if why, lines, err := a.derive(ctx, d); err == nil {
		v.Why, v.Derivation = lines, why
	}
	if s, open := d.OpenSupplement(); open {
		v.Supplements = []dossier.Supplement{{AtReception: s.AtReception, AskedAt: s.AskedAt, Items: paperNames(d, s.Items)}}
	}
	return v, nil
}

// paperNames turns ids of papers into names; other words stay.
func paperNames(d dossier.Dossier, items []string) []string {
	out := slices.Clone(items)
	for i, item := range out {
		for _, p := range d.Papers {
			if p.ID == item {
				out[i] = p.Name
			}
		}
	}
	return out
}
