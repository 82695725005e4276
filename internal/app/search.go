package app

import (
	"context"
	"slices"
	"time"

	"github.com/motcua/motcua/internal/core/access"
	"github.com/motcua/motcua/internal/core/civil"
	"github.com/motcua/motcua/internal/core/dossier"
	"github.com/motcua/motcua/internal/core/fault"
	"github.com/motcua/motcua/internal/core/party"
	"github.com/motcua/motcua/internal/store"
)

// SearchPage is the answer to an officers' search.
type SearchPage struct {
	By   string // "code", "number", "name" or "procedure": how the question was understood
	Rows []DossierRow
	Next string
}

// Bounds of a search by name.
const (
	leastName = 2   // folded characters
	mostNames = 200 // different names that a search may match
)

// Search finds dossiers by code, by name or procedure within the own unit, with
// or without diacritics, or by ID, tax code or phone exactly, anywhere. It is in
// the access log; identifiers are masked. Those of a procedure come in pages.
func (a *App) Search(ctx context.Context, who access.Actor, q, cursor string) (SearchPage, error) {
	if !access.Anywhere(who, access.SearchEverywhere) {
		return SearchPage{}, denied()
	}
	code := cleanCode(q)
	if code == "" {
		return SearchPage{}, nil
	}
	if id, err := a.store.DossierIDByName(ctx, code); err != nil || id != "" {
		return a.found(ctx, who, "code", []string{id}, err)
	}
	if number, field := a.asNumber(q); number != "" {
		ids, err := a.store.SubjectsBy(ctx, field, a.blind(field, number), pageSize)
		return a.found(ctx, who, "number", ids, err)
	}
	folded := party.NameKey(q)
	if len(folded) < leastName {
		return SearchPage{By: "name"}, fault.Field("q", "desk.search_short", fault.Args{"least": leastName})
	}
	unit := who.Unit
	if access.May(who, access.ReadDossier) {
		unit = "" // reads the whole province
	}
	list, err := a.store.NamedDossiers(ctx, unit, a.names.find(folded, mostNames), pageSize)
	if err != nil {
		return SearchPage{}, err
	}
	if len(list) == 0 {
		return a.searchProcedure(ctx, who, unit, q, cursor)
	}
	rows, err := a.rows(ctx, who, list, "search")
	return SearchPage{By: "name", Rows: rows}, err
}

// searchProcedure lists the dossiers of the procedures that a text means, by what
// is due first.
func (a *App) searchProcedure(ctx context.Context, who access.Actor, unit, q, cursor string) (SearchPage, error) {
	after, err := store.ParseCursor(cursor)
	if err != nil {
		return SearchPage{}, err
	}
	in := store.DossierQuery{Unit: unit, Procedures: a.proceduresLike(q)}
	list, next, err := a.store.ListDossiers(ctx, in, after, pageSize)
	if err != nil {
		return SearchPage{}, err
	}
	rows, err := a.rows(ctx, who, list, "search")
	return SearchPage{By: "procedure", Rows: rows, Next: next.String()}, err
}

// asNumber reads a search as an identity number, tax code or phone.
func (a *App) asNumber(q string) (number, field string) {
	opts := a.partyOptions(civil.Date{})
	if id, err := party.ParsePersonalID(q, opts); err == nil {
		return string(id), "id"
	}
	if t, err := party.ParseTaxCode(q, opts); err == nil {
		return string(t), "id"
	}
	if p, err := party.ParsePhone(q, opts); err == nil {
		return string(p), "phone"
	}
	return "", ""
}

// found answers a search by exact key. A dossier of another unit is shown by
// what the public may know: no name.
func (a *App) found(ctx context.Context, who access.Actor, how string, ids []string, err error) (SearchPage, error) {
	if err != nil {
		return SearchPage{}, err
	}
	list, err := a.store.DossiersByID(ctx, ids)
	if err != nil {
		return SearchPage{}, err
	}
	rows, err := a.rows(ctx, who, list, "search")
	for i, d := range list {
		if !dossier.Readable(d, who) {
			rows[i].Owner, rows[i].Holder = "", ""
		}
	}
	return SearchPage{By: how, Rows: rows}, err
}

// HandoverPage lists what is on its way (giấy bàn giao), both ways.
type HandoverPage struct {
	Incoming []HandoverRow
	Outgoing []HandoverRow
}

// HandoverRow is one dossier on its way.
type HandoverRow struct {
	Code      string
	Version   int64
	Procedure string
	Owner     string
	Result    bool // a result comes back, not papers
	dossier.Handover
}

// mostOnTheWay is how many hand-overs a list shows.
const mostOnTheWay = 200

// MayTakeHandovers fails for whoever takes no hand-over anywhere.
func (a *App) MayTakeHandovers(who access.Actor) error {
	if !access.Anywhere(who, access.TakeHandover) {
		return denied()
	}
	return nil
}

// Handovers lists papers and results on their way to and from the actor's unit.
func (a *App) Handovers(ctx context.Context, who access.Actor) (HandoverPage, error) {
	if err := a.MayTakeHandovers(who); err != nil {
		return HandoverPage{}, err
	}
	var page HandoverPage
	var err error
	if page.Incoming, err = a.onTheWay(ctx, who, true); err != nil {
		return page, err
	}
	page.Outgoing, err = a.onTheWay(ctx, who, false)
	return page, err
}

func (a *App) onTheWay(ctx context.Context, who access.Actor, incoming bool) ([]HandoverRow, error) {
	list, err := a.store.OnTheWay(ctx, who.Unit, incoming, mostOnTheWay)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	rows, err := a.rows(ctx, who, list, "handover")
	if err != nil {
		return nil, err
	}
	var out []HandoverRow
	for i, d := range list {
		for _, h := range d.Handovers {
			if h.GotAt == nil && (incoming && h.To == who.Unit || !incoming && h.From == who.Unit) {
				out = append(out, HandoverRow{Code: d.Name(), Version: d.Version, Procedure: d.Procedure.Name, Owner: rows[i].Owner, Result: h.To == d.Unit && d.Result != nil, Handover: h})
			}
		}
	}
	return out, nil
}

// LateRow is a reception entered afterwards.
type LateRow struct {
	Code       string
	Version    int64
	Procedure  string
	Unit       string
	Slip       string // number of the paper slip
	By         string
	Reason     string
	ReceivedAt time.Time // true time of reception
	RecordedAt time.Time
}

// LateEntries lists receptions entered afterwards that wait for the director's
// confirmation (tiếp nhận bù).
func (a *App) LateEntries(ctx context.Context, who access.Actor) ([]LateRow, error) {
	if !access.May(who, access.ConfirmLate) {
		return nil, denied()
	}
	list, err := a.store.LateEntries(ctx, mostOnTheWay)
	if err != nil {
		return nil, err
	}
	var rows []LateRow
	for _, d := range list {
		r := LateRow{Code: d.Name(), Version: d.Version, Procedure: d.Procedure.Name, Unit: d.UnitName, Slip: d.Late.Slip, By: d.Late.By, ReceivedAt: d.ReceivedAt}
		entries, err := a.timeline(ctx, d)
		if err != nil {
			return nil, err
		}
		if len(entries) > 0 {
			r.Reason, r.RecordedAt = entries[0].Reason, entries[0].Recorded
		}
		rows = append(rows, r)
	}
	return rows, nil
}

// ListInput filters the list of dossiers that partners and officers read.
type ListInput struct {
	Unit      string
	Status    dossier.Status
	DueBefore civil.Date
	Procedure string
	Cursor    string
	Limit     int
}

// ListPage is one page of dossiers; it names no person.
type ListPage struct {
	Items      []DossierRow
	NextCursor string
}

// ListDossiers lists the dossiers that the actor may read, in the order of due
// time, and logs the reading. A unit that he may not read is fault.NotFound.
func (a *App) ListDossiers(ctx context.Context, who access.Actor, in ListInput) (ListPage, error) {
	if !access.Anywhere(who, access.ReadDossier) {
		return ListPage{}, denied()
	}
	q := store.DossierQuery{Status: in.Status, Procedure: in.Procedure}
	everywhere := access.May(who, access.ReadDossier)
	switch {
	case in.Unit != "" && !everywhere && in.Unit != who.Unit:
		return ListPage{}, fault.New(fault.NotFound, "agency.unit_unknown", fault.Args{"unit": in.Unit})
	case in.Unit != "":
		q.Unit = in.Unit
	case !everywhere:
		q.Unit = who.Unit
	}
	if !in.DueBefore.IsZero() {
		q.DueBefore = in.DueBefore.At(0)
	}
	after, err := store.ParseCursor(in.Cursor)
	if err != nil {
		return ListPage{}, err
	}
	limit := in.Limit
	if limit <= 0 || limit > 200 {
		limit = pageSize
	}
	if err := a.logRead(ctx, who, "list:dossiers", "code", "list"); err != nil {
		return ListPage{}, err
	}
	list, next, err := a.store.ListDossiers(ctx, q, after, limit)
	if err != nil {
		return ListPage{}, err
	}
	page := ListPage{NextCursor: next.String()}
	for _, d := range list {
		page.Items = append(page.Items, DossierRow{
			Code: d.Name(), Version: d.Version, Channel: d.Channel, Procedure: d.Procedure.Name, ProcedureCode: d.Procedure.Code, Agency: d.AgencyName,
			Status: d.Status, Unit: d.UnitName, ReceivedAt: d.ReceivedAt, Due: DueOf(d),
		})
	}
	return page, nil
}

// Applicant is who a number belongs to, by earlier dossiers.
type Applicant struct {
	Found    bool
	Party    PartyForm
	Dossiers []DossierRow
}

// FindApplicant looks an applicant up by ID, tax code or phone, exactly, and logs
// the reading. Nothing found is an empty answer, not an error. The party is
// filled in full, since the officer has the applicant before him.
func (a *App) FindApplicant(ctx context.Context, who access.Actor, number string) (Applicant, error) {
	if !access.Anywhere(who, access.ReceiveDossier) {
		return Applicant{}, denied()
	}
	value, field := a.asNumber(number)
	if value == "" {
		return Applicant{}, nil
	}
	ids, err := a.store.SubjectsBy(ctx, field, a.blind(field, value), 10)
	if err != nil || len(ids) == 0 {
		return Applicant{}, err
	}
	list, err := a.store.DossiersByID(ctx, ids)
	if err != nil {
		return Applicant{}, err
	}
	if err := a.logRead(ctx, who, list[0].ID, "full", "reception"); err != nil {
		return Applicant{}, err
	}
	out := Applicant{}
	for _, d := range list {
		private, err := a.private(ctx, d)
		if fault.Is(err, "store.erased") {
			continue
		}
		if err != nil {
			return out, err
		}
		for _, p := range []*dossier.Party{&private.Owner, private.Submitter} {
			if p != nil && slices.Contains([]string{p.PersonalID, p.TaxCode, p.Phone}, value) {
				out.Found, out.Party = true, partyForm(*p, true)
				out.Party.Authorisation = ""
				break
			}
		}
		if out.Found {
			break
		}
	}
	out.Dossiers, err = a.rows(ctx, who, list, "reception")
	return out, err
}
