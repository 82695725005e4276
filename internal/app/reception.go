package app

import (
	"context"
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
)

// ReceptionList is the choice of procedures at the counter.
type ReceptionList struct {
	Unit       string
	Total      int // of the unit, before the search
	Procedures []ReceptionChoice
}

// ReceptionChoice is one procedure that the unit receives.
type ReceptionChoice struct {
	Code    string
	Name    string
	Field   string
	Agency  string
	Limit   civil.Line
	Missing []fault.Line // what it lacks to be received; empty = ready
}

// ReceptionList lists the procedures that the actor's unit receives; a counter's
// own fields come first.
func (a *App) ReceptionList(_ context.Context, who access.Actor, q string) (ReceptionList, error) {
	if !access.Anywhere(who, access.ReceiveDossier) {
		return ReceptionList{}, denied()
	}
	c, err := a.today()
	if err != nil {
		return ReceptionList{}, err
	}
	dir := a.directory.Load()
	unit, _ := dir.unit(who.Unit, c.day)
	out := ReceptionList{Unit: shownName(unit)}
	own := dir.counterAgencies(who.ID)
	hits := c.index.Search(procedure.Query{Text: q, Most: c.index.Len()}).Hits
	if q == "" && len(own) > 0 {
		slices.SortStableFunc(hits, func(x, y procedure.Hit) int {
			return b2i(!slices.Contains(own, x.Agency)) - b2i(!slices.Contains(own, y.Agency))
		})
	}
	for _, h := range hits {
		p := *h.Procedure
		if agency.CommuneKey(h.Agency) != (unit.Kind == agency.Area) {
			continue
		}
		out.Total++
		if len(out.Procedures) >= pageSize {
			continue
		}
		choice := ReceptionChoice{Code: p.Code, Name: p.Name, Field: p.Field, Agency: a.AgencyName(h.Agency), Missing: missingLines(dir.missing(c.records[p.Code], p, unit, c.day))}
		if len(p.Cases) > 0 {
			if l, ok := limitOf(p.Cases[0], dossier.Direct); ok {
				choice.Limit = l.Line()
			}
		}
		out.Procedures = append(out.Procedures, choice)
	}
	return out, nil
}

// counterAgencies are the keys of the agencies that an officer's counter serves.
func (d *directory) counterAgencies(staff string) []string {
	for _, post := range d.people[staff].Posts {
		for _, c := range d.centre.Counters {
			if post.Counter == c.No && c.No > 0 {
				return c.Agencies
			}
		}
	}
	return nil
}

// ReceptionSheet is what the reception form of one case shows.
type ReceptionSheet struct {
	Code           string
	Name           string
	Field          string
	Agency         string
	Missing        []fault.Line
	Cases          []CaseChoice
	Case           string // the case that the rest is about
	Papers         []DemandedPaper
	Fees           []FeeChoice
	Limit          civil.Line
	PromisedOn     civil.Date // if received now; zero when it cannot be told
	PromisedAt     time.Time
	ByHour         bool
	Provisional    bool
	AtOnce         bool // may be decided and returned on the spot
	Channels       []dossier.Channel
	ReturnChannels []dossier.ReturnChannel
}

// CaseChoice is one case (trường hợp) of a procedure.
type CaseChoice struct {
	ID   string
	Name string
}

// DemandedPaper is one paper of the case with the counts that it demands.
type DemandedPaper struct {
	ID        string
	Name      string
	Required  bool
	Originals int
	Certified int
	Copies    int
	Note      string
}

// FeeChoice is one fee line that may apply.
type FeeChoice struct {
	fee.Line
	Chosen bool   // applies unless the officer says otherwise
	Note   string // condition in words
}

// ReceptionSheet gives what the form of one procedure and case needs.
func (a *App) ReceptionSheet(_ context.Context, who access.Actor, code, caseID string) (ReceptionSheet, error) {
	if !access.Anywhere(who, access.ReceiveDossier) {
		return ReceptionSheet{}, denied()
	}
	now := a.clock()
	day := civil.DateOf(now)
	p, record, err := a.procedureFor(code, day)
	if err != nil {
		return ReceptionSheet{}, err
	}
	dir := a.directory.Load()
	unit, _ := dir.unit(who.Unit, day)
	s := ReceptionSheet{
		Code: p.Code, Name: p.Name, Field: p.Field, Agency: a.AgencyName(p.AgencyOn(day.String())), Missing: missingLines(dir.missing(record, p, unit, day)),
		Channels:       []dossier.Channel{dossier.Direct, dossier.Post, dossier.Online},
		ReturnChannels: []dossier.ReturnChannel{dossier.ReturnCounter, dossier.ReturnPost, dossier.ReturnElectronic},
	}
	for _, c := range p.Cases {
		s.Cases = append(s.Cases, CaseChoice{c.ID, c.Name})
	}
	c, ok := p.Case(caseID)
	if !ok {
		if len(p.Cases) == 0 || caseID != "" {
			return s, fault.Field("case", "procedure.case_unknown", fault.Args{"case": caseID})
		}
		c = p.Cases[0]
	}
	s.Case = c.ID
	s.Papers = demanded(p, c)
	lines := feeLines(p, dossier.Direct)
	for _, l := range lines {
		s.Fees = append(s.Fees, FeeChoice{Line: l, Chosen: len(lines) == 1})
	}
	limit, ok := limitOf(c, dossier.Direct)
	if !ok {
		return s, nil
	}
	s.Limit, s.AtOnce, s.ByHour = limit.Line(), limit.Unit == civil.AtOnce, limit.ByHour()
	owner, err := dir.agencyOf(p, unit, day)
	if err != nil {
		return s, nil // said by Missing
	}
	cal, _ := dir.calendar(owner.Code)
	if due, err := civil.Due(cal, civil.DueInput{ReceivedAt: now, Limit: limit}); err == nil {
		s.PromisedOn, s.PromisedAt, s.Provisional = due.DueOn, due.DueAt, due.Provisional
	}
	return s, nil
}

func demanded(p procedure.Procedure, c procedure.Case) []DemandedPaper {
	required := requiredPapers(p, c)
	var papers []DemandedPaper
	for _, x := range p.PapersOf(c) {
		papers = append(papers, DemandedPaper{ID: x.ID, Name: x.Name, Required: slices.Contains(required, x.ID), Originals: x.Originals, Copies: x.Copies, Note: x.Group})
	}
	return papers
}

// ReadCard reads the QR text of a citizen card. With a fault it still returns
// what could be read.
func (a *App) ReadCard(_ context.Context, who access.Actor, text string) (PartyForm, error) {
	if !access.Anywhere(who, access.ReceiveDossier) {
		return PartyForm{}, denied()
	}
	card, err := party.ParseCardQR(text, a.partyOptions(civil.DateOf(a.clock())))
	f := PartyForm{Kind: string(party.Citizen), Name: card.Name, PersonalID: string(card.ID), Address: card.Address}
	if !card.BornOn.IsZero() {
		f.BornOn = card.BornOn.String()
	}
	return f, err
}

// Similar lists open dossiers of the same applicant and procedure that the
// officer should see before printing a receipt.
func (a *App) Similar(ctx context.Context, who access.Actor, in ReceptionForm) ([]DossierRow, error) {
	if !access.Anywhere(who, access.ReceiveDossier) {
		return nil, denied()
	}
	number := strings.TrimSpace(in.Owner.PersonalID)
	if number == "" {
		number = strings.TrimSpace(in.Owner.TaxCode)
	}
	value, field := a.asNumber(number)
	if value == "" || field != "id" {
		return nil, nil
	}
	list, err := a.similar(ctx, a.blind("id", value), in.Procedure)
	if err != nil {
		return nil, err
	}
	return a.rows(ctx, who, list, "reception")
}

// ReceiptPage is what follows a reception.
type ReceiptPage struct {
	Code          string // code, or reference when guided or refused
	Status        dossier.Status
	Procedure     string
	ProcedureCode string
	Owner         string
	ReceivedAt    time.Time
	DueOn         civil.Date
	DueAt         time.Time
	ByHour        bool
	Provisional   bool
	Secret        string // second secret of public tracking
	Fee           dossier.Fee
	Slips         []SlipRow
	Late          bool // waits for the director's confirmation
	PaperBy       time.Time
}

// Receipt tells what the officer says to the applicant after a reception, with
// the tracking secret.
func (a *App) Receipt(ctx context.Context, who access.Actor, code string) (ReceiptPage, error) {
	d, err := a.readable(ctx, who, code)
	if err != nil {
		return ReceiptPage{}, err
	}
	if !access.May(who, access.ReceiveDossier, d.Unit) {
		return ReceiptPage{}, denied()
	}
	if err := a.logRead(ctx, who, d.ID, "receipt", "reception"); err != nil {
		return ReceiptPage{}, err
	}
	private, err := a.private(ctx, d)
	if err != nil {
		return ReceiptPage{}, err
	}
	return ReceiptPage{
		Code: d.Name(), Status: d.Status, Procedure: d.Procedure.Name, ProcedureCode: d.Procedure.Code, Owner: private.Owner.Name,
		ReceivedAt: d.ReceivedAt, DueOn: d.Deadline.DueOn, DueAt: d.Deadline.DueAt, ByHour: d.Deadline.Limit.ByHour(), Provisional: d.Deadline.Provisional,
		Secret: private.Secret, Fee: d.Fee, Slips: slipRows(d), Late: d.Late != nil && d.Late.ConfirmedAt == nil,
	}, nil
}

// OpenForm gives the full personal part of a dossier to fill the form of an act,
// a correction or an acceptance, to whoever may do the act; the act is the
// purpose that goes into the access log.
func (a *App) OpenForm(ctx context.Context, who access.Actor, code string, act dossier.Act) (dossier.Private, error) {
	d, err := a.readable(ctx, who, code)
	if err != nil {
		return dossier.Private{}, err
	}
	if err := dossier.Allowed(d, who, dossier.Input{Act: act, Version: d.Version}); err != nil {
		return dossier.Private{}, err
	}
	return a.opened(ctx, who, d, string(act))
}

// SameApplicant gives the personal part of a dossier to the counter that
// received it, to fill another dossier of the same applicant.
func (a *App) SameApplicant(ctx context.Context, who access.Actor, code string) (dossier.Private, error) {
	d, err := a.readable(ctx, who, code)
	if err != nil {
		return dossier.Private{}, err
	}
	if !access.May(who, access.ReceiveDossier, d.Unit) {
		return dossier.Private{}, denied()
	}
	return a.opened(ctx, who, d, "same-applicant")
}

// opened is the full personal part, after the purpose stands in the access log.
func (a *App) opened(ctx context.Context, who access.Actor, d dossier.Dossier, purpose string) (dossier.Private, error) {
	if err := a.logRead(ctx, who, d.ID, "full", purpose); err != nil {
		return dossier.Private{}, err
	}
	return a.private(ctx, d)
}
