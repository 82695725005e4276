package app

import (
	"context"
	"crypto/rand"
	"encoding/base32"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/motcua/motcua/internal/core/access"
	"github.com/motcua/motcua/internal/core/civil"
	"github.com/motcua/motcua/internal/core/dossier"
	"github.com/motcua/motcua/internal/core/fault"
	"github.com/motcua/motcua/internal/core/party"
	"github.com/motcua/motcua/internal/core/procedure"
	"github.com/motcua/motcua/internal/core/textfold"
	"github.com/motcua/motcua/internal/store"
)

// Received is what a reception answers.
type Received struct {
	Secret string // second secret of public tracking
	dossier.Dossier
}

// ReceiveDossier begins a dossier, or receives one that was registered or guided
// before: it checks the input, plans the write and lets the dossier's rule
// decide. Code, promise, fee and first task are allocated in the same
// transaction as the reception.
//
// Repeated under the same action id it answers as the first did. It fails with
// fault.NotFound for an unknown procedure; fault.Conflict when the
// procedure is not ready ("procedure.not_ready"), not in force, or when the same
// applicant has a dossier of it open and the officer has not confirmed
// ("dossier.similar"); and fault.Invalid with every wrong field at once.
func (a *App) ReceiveDossier(ctx context.Context, who access.Actor, in ReceptionForm) (Received, error) {
	got, err := a.receiveDossier(ctx, who, in)
	if err == nil {
		return got, nil
	}
	first, err := a.repeated(ctx, who, in.ActionID, in, err)
	return a.received(ctx, first, err)
}

func (a *App) receiveDossier(ctx context.Context, who access.Actor, sent ReceptionForm) (Received, error) {
	in := sent
	if err := in.clean(); err != nil {
		return Received{}, err
	}
	switch in.Act {
	case "":
		in.Act = dossier.Receive
	case dossier.Accept:
		return a.acceptDossier(ctx, who, in, sent)
	case dossier.Receive, dossier.Register, dossier.Guide, dossier.RefuseReception:
	default:
		return Received{}, fault.Field("act", "dossier.act_unknown", fault.Args{"act": string(in.Act)})
	}
	for try := 0; ; try++ {
		got, err := a.receive(ctx, who, in, sent)
		if try < 3 && fault.Is(err, "store.changed_meanwhile") {
			continue // somebody received for the same applicant: look again
		}
		return got, err
	}
}

// receive plans and writes a new dossier; sent is the form as it came, by which
// a repetition is known.
func (a *App) receive(ctx context.Context, who access.Actor, in, sent ReceptionForm) (Received, error) {
	r, err := a.planReception(ctx, who, in)
	if err != nil {
		return Received{}, err
	}
	guard, err := a.guardSimilar(ctx, in, &r)
	if err != nil {
		return Received{}, err
	}
	id := newID()
	root := store.DossierRoot(id)
	w := store.Write{Actor: by(who), Action: in.ActionID, Body: sent, Roots: []store.Root{root}, Files: r.files, At: r.writeAt}
	if guard.ID != "" {
		w.Roots = append(w.Roots, guard)
	}
	letter := store.MessageRoot(newID())
	if in.Channel != dossier.Direct {
		w.Roots = append(w.Roots, letter) // whoever stands at the counter needs no message
	}
	series := r.series(in.Act)
	w.Series = []store.Series{series}
	secret := newSecret()
	got, err := store.Do(ctx, a.store, w, func(v *store.View) (written, error) {
		if guard.ID != "" {
			if err := v.Expect(guard, r.guardVersion); err != nil {
				return written{}, err
			}
		}
		b := r.beginning
		b.ID, b.Private.Secret = id, secret
		b.Code = func() string { return dossier.FormatCode(r.codePart, r.receivedOn, v.Number(series)) }
		if in.Act != dossier.Receive {
			b.Ref = fmt.Sprintf("TN-%s-%05d", r.receivedOn.String(), v.Number(series))
		}
		if b.Opening.At.IsZero() {
			b.Opening.At = v.Now()
		}
		if err := attach(v, b.Papers); err != nil {
			return written{}, err
		}
		ev, err := dossier.Begin(r.plan.context(v, who, id), in.Act, b, r.input)
		if err != nil {
			return written{}, err
		}
		r.index(a, v, id)
		if in.Channel == dossier.Direct {
			return record(v, id, ev)
		}
		return a.recordTold(v, letter, in.Act, dossier.Dossier{ID: id}, ev)
	})
	return a.received(ctx, got, err)
}

// received answers a reception; the secret of a repeated command is the first's.
func (a *App) received(ctx context.Context, got written, err error) (Received, error) {
	if err != nil {
		return Received{}, err
	}
	d, err := a.written(ctx, got)
	if err != nil {
		return Received{}, err
	}
	private, err := a.private(ctx, d)
	return Received{Secret: private.Secret, Dossier: d}, err
}

// acceptDossier receives a dossier that has a reference already.
func (a *App) acceptDossier(ctx context.Context, who access.Actor, in, sent ReceptionForm) (Received, error) {
	id, err := a.dossierID(ctx, in.Ref)
	if err != nil {
		return Received{}, err
	}
	seen, err := store.Get[dossier.Dossier](ctx, a.store, store.DossierRoot(id))
	if err != nil {
		return Received{}, err
	}
	if !dossier.Readable(seen, who) {
		return Received{}, unknownDossier(in.Ref)
	}
	private, err := a.private(ctx, seen)
	if err != nil {
		return Received{}, err
	}
	in.Procedure, in.Case, in.Channel, in.Unit = seen.Procedure.Code, seen.Procedure.Case, seen.Channel, seen.Unit
	if in.ReturnChannel == "" {
		in.ReturnChannel = seen.ReturnChannel
	}
	if in.Owner.Name == "" {
		in.Owner = partyForm(private.Owner, true)
	}
	r, err := a.planReception(ctx, who, in)
	if err != nil {
		return Received{}, err
	}
	series := r.series(dossier.Receive)
	w := store.Write{
		Actor: by(who), Action: in.ActionID, Body: sent, Files: r.files, At: r.writeAt,
		Roots: []store.Root{store.DossierRoot(id)}, Series: []store.Series{series},
	}
	got, err := store.Do(ctx, a.store, w, func(v *store.View) (written, error) {
		d, ok := store.Load[dossier.Dossier](v, store.DossierRoot(id))
		if !ok {
			return written{}, unknownDossier(in.Ref)
		}
		b := r.beginning
		if err := attach(v, b.Papers); err != nil {
			return written{}, err
		}
		at := in.ReceivedAt
		if at.IsZero() {
			at = v.Now()
		}
		input := r.input
		input.Act, input.Version = dossier.Accept, in.Version
		ev, err := dossier.AcceptRegistered(d, r.plan.context(v, who, id), input, dossier.AcceptInput{
			Code: func() string { return dossier.FormatCode(r.codePart, r.receivedOn, v.Number(series)) },
			At:   at, Papers: b.Papers, Required: b.Required, Sets: b.Sets, Limit: b.Limit, Fees: b.Fees, Paid: b.Paid, AtOnce: b.AtOnce,
		})
		if err != nil {
			return written{}, err
		}
		return record(v, id, ev)
	})
	return a.received(ctx, got, err)
}

// reception is a checked ReceptionForm with the versioned data that it needs.
type reception struct {
	plan         plan
	beginning    dossier.Beginning
	input        dossier.Input
	owner        party.Party
	submitter    *party.Party
	codePart     string
	receivedOn   civil.Date
	writeAt      time.Time // legal time of the write; zero = now
	files        []string
	guardVersion int64
}

// series is the number series that the act takes from.
func (r reception) series(act dossier.Act) store.Series {
	if act == dossier.Receive {
		return store.Series{Kind: "dossier-code", Key: r.codePart + "|" + r.receivedOn.String()}
	}
	return store.Series{Kind: "ref", Key: r.receivedOn.String()}
}

// people are the owner and the submitter, if there is one.
func (r reception) people() []party.Party {
	if r.submitter == nil {
		return []party.Party{r.owner}
	}
	return []party.Party{r.owner, *r.submitter}
}

// index makes the dossier findable by its people's names and numbers.
func (r reception) index(a *App, v *store.View, id string) {
	var names, ids, phones []string
	for _, p := range r.people() {
		names = addOnce(names, party.NameKey(p.Name))
		for _, number := range []string{string(p.PersonalID), string(p.TaxCode)} {
			if number != "" {
				ids = addOnce(ids, a.blind("id", number))
			}
		}
		if p.Phone != "" {
			phones = addOnce(phones, a.blind("phone", string(p.Phone)))
		}
	}
	v.Index(id, "name", names...)
	v.Index(id, "id", ids...)
	v.Index(id, "phone", phones...)
	a.names.add(names...)
}

func addOnce(list []string, s string) []string {
	if s == "" || slices.Contains(list, s) {
		return list
	}
	return append(list, s)
}

// blind is the keyed index value of a number: equal numbers are found, and none
// can be guessed from the table.
func (a *App) blind(field, number string) string { return a.store.Ring().BlindHex(field, number) }

func (a *App) planReception(ctx context.Context, who access.Actor, in ReceptionForm) (reception, error) {
	now := a.at(in.At)
	if in.Unit == "" {
		in.Unit = who.Unit
	}
	if err := a.mayBackdate(who, in, now); err != nil {
		return reception{}, err
	}
	day := in.receivedOn(now)
	p, record, err := a.procedureFor(in.Procedure, day)
	if err != nil {
		return reception{}, err
	}
	c, ok := p.Case(in.Case)
	if !ok {
		return reception{}, fault.Field("case", "procedure.case_unknown", fault.Args{"case": in.Case})
	}
	dir := a.directory.Load()
	unit, ok := dir.unit(in.Unit, day)
	if !ok {
		return reception{}, fault.Field("unit", "agency.unit_unknown", fault.Args{"unit": in.Unit})
	}
	agency, err := dir.agencyOf(p, unit, day)
	if err != nil {
		return reception{}, err
	}
	if missing := dir.missing(record, p, unit, day); len(missing) > 0 && (in.Act == dossier.Receive || in.Act == dossier.Accept) {
		return reception{}, fault.New(fault.Conflict, "procedure.not_ready", fault.Args{"code": p.Code, "missing": missingLines(missing)})
	}
	r := reception{receivedOn: day, writeAt: a.writeTime(who, in)}
	if r.codePart, ok = dir.codePart(unit, day); !ok {
		return reception{}, fault.New(fault.Conflict, "agency.no_identifier", fault.Args{"unit": shownName(unit)})
	}
	if err := a.checkPeople(in, &r); err != nil {
		return reception{}, err
	}
	limit, _ := limitOf(c, in.Channel)
	papers, notes, err := a.papersOf(ctx, who, p, c, in.Papers, &r)
	lines, feeErr := chosenFees(p, in.Channel, in.FeeLines)
	if err := joinErrors(err, feeErr); err != nil {
		return reception{}, err
	}
	if limit.Unit != "" {
		if r.plan, err = a.planReceptionOf(ctx, p, c, limit, unit, agency, now); err != nil {
			return reception{}, err
		}
	}
	if key := dir.people[who.ID].IDKey; key != "" {
		for _, p := range r.people() {
			r.plan.party = r.plan.party || p.PersonalID != "" && a.blind("id", string(p.PersonalID)) == key
		}
	}
	r.beginning = dossier.Beginning{
		Opening: dossier.Opening{
			Procedure: dossier.ProcedureRef{Code: p.Code, Version: p.Number, Name: p.Name, Field: p.Field, Case: c.ID, CaseName: c.Name},
			Unit:      unit.Code, UnitName: shownName(unit), Agency: agency.Code, AgencyName: agency.Name,
			Channel: in.Channel, ReturnChannel: in.ReturnChannel, OwnerKind: string(r.owner.Kind),
			Officer: who.ID, OfficerName: who.Name, Rules: r.plan.rules.Name, At: in.ReceivedAt,
		},
		Papers: papers, Required: requiredPapers(p, c), Sets: in.Sets, Limit: limit, Fees: lines, Paid: in.Payment,
		Late: lateEntry(who, in), AtOnce: in.AtOnce && limit.Unit == civil.AtOnce,
		Private: dossier.Private{Owner: recordParty(r.owner), Submitter: recordSubmitter(r.submitter, in), Subject: textfold.Clean(in.Subject), Notes: notes},
	}
	r.input = dossier.Input{Act: in.Act, Reason: in.Reason, LegalGround: in.LegalGround, Items: in.Items}
	return r, nil
}

// checkPeople checks form and persons, every wrong field at once.
func (a *App) checkPeople(in ReceptionForm, r *reception) error {
	opts := a.partyOptions(r.receivedOn)
	owner, ownerErr := in.Owner.parse("owner", opts)
	r.owner = owner
	var submitterErr error
	if in.Submitter != nil {
		s, err := in.Submitter.parse("submitter", opts)
		r.submitter, submitterErr = &s, err
	}
	return joinErrors(ownerErr, submitterErr, in.check())
}

func recordSubmitter(p *party.Party, in ReceptionForm) *dossier.Party {
	if p == nil {
		return nil
	}
	s := recordParty(*p)
	s.Authorisation = textfold.Clean(in.Submitter.Authorisation)
	return &s
}

func lateEntry(who access.Actor, in ReceptionForm) *dossier.LateEntry {
	if in.LateSlip == "" {
		return nil
	}
	return &dossier.LateEntry{Slip: textfold.Clean(in.LateSlip), By: who.Name}
}

// mayBackdate allows a reception time in the past to an import role, and to a
// late entry that names its paper slip and reason.
func (a *App) mayBackdate(who access.Actor, in ReceptionForm, now time.Time) error {
	switch {
	case in.ReceivedAt.IsZero():
		if in.LateSlip != "" {
			return fault.Field("receivedAt", "dossier.late_time_missing", nil)
		}
		return nil
	case in.ReceivedAt.After(now):
		return fault.Field("receivedAt", "dossier.received_future", nil)
	case !access.May(who, access.ReceiveDossier, in.Unit), access.May(who, access.ImportDossier, in.Unit):
		return nil // who may not receive here at all is refused for that
	case strings.TrimSpace(in.LateSlip) == "":
		return fault.Field("lateSlip", "dossier.late_slip_missing", nil)
	case strings.TrimSpace(in.Reason) == "":
		return fault.Field("reason", "dossier.reason_missing", nil)
	}
	return nil
}

// writeTime is the legal time of the event: that of reception for imports and
// simulation; a late entry is entered now and only its opening lies in the past.
func (a *App) writeTime(who access.Actor, in ReceptionForm) time.Time {
	switch {
	case !in.At.IsZero():
		return in.At
	case in.LateSlip == "" && access.May(who, access.ImportDossier, in.Unit):
		return in.ReceivedAt
	}
	return time.Time{}
}

// papersOf matches what was handed in with what the case demands and names the
// staged files.
func (a *App) papersOf(ctx context.Context, who access.Actor, p procedure.Procedure, c procedure.Case, in []PaperForm, r *reception) ([]dossier.Paper, map[string]string, error) {
	var papers []dossier.Paper
	notes := map[string]string{}
	var faults []*fault.Fault
	got := map[string]bool{}
	for _, f := range in {
		known, ok := p.Paper(f.ID)
		switch {
		case !ok:
			faults = append(faults, fault.Field("papers."+f.ID, "dossier.paper_unknown", fault.Args{"paper": f.ID}))
			continue
		case got[f.ID]:
			faults = append(faults, fault.Field("papers."+f.ID, "dossier.paper_twice", fault.Args{"paper": known.Name}))
			continue
		}
		got[f.ID] = true
		one := dossier.Paper{ID: f.ID, Name: known.Name, Originals: f.Originals, Certified: f.Certified, Copies: f.Copies}
		hashes := make([]string, len(f.Files))
		for i, file := range f.Files {
			hashes[i] = file.Hash
		}
		files, err := a.stagedFiles(ctx, who, hashes, "papers."+f.ID)
		if err != nil {
			if ft := fault.As(err); ft != nil && ft.Kind == fault.Invalid {
				faults = append(faults, ft)
				continue
			}
			return nil, nil, err
		}
		one.Files = files
		r.files = append(r.files, hashes...)
		if note := textfold.Clean(f.Note); note != "" {
			notes[f.ID] = note
		}
		papers = append(papers, one)
	}
	if len(notes) == 0 {
		notes = nil
	}
	return papers, notes, fault.Join(faults...)
}

// requiredPapers are the ids of the papers without which there is no receipt: an
// alternative may take the place of the paper before it, and papers of which
// the source asks for no copy are not counted.
func requiredPapers(p procedure.Procedure, c procedure.Case) []string {
	var ids []string
	papers := p.PapersOf(c)
	for i, x := range papers {
		if x.Alternative || x.Originals+x.Copies == 0 && !x.QuantityUnstated {
			continue
		}
		if i+1 < len(papers) && papers[i+1].Alternative {
			continue
		}
		ids = append(ids, x.ID)
	}
	return ids
}

// attach claims the files of the papers.
func attach(v *store.View, papers []dossier.Paper) error {
	for _, p := range papers {
		for _, f := range p.Files {
			if _, err := v.Attach(f.Hash); err != nil {
				return err
			}
		}
	}
	return nil
}

func missingLines(missing []procedure.MissingPart) []fault.Line {
	lines := make([]fault.Line, len(missing))
	for i, m := range missing {
		lines[i] = fault.Line{Key: m.Key}
	}
	return lines
}

// guardSimilar refuses a second dossier of the same applicant and procedure
// while one is open, unless the officer has confirmed. The guard makes two
// counters that look at the same moment see each other.
func (a *App) guardSimilar(ctx context.Context, in ReceptionForm, r *reception) (store.Root, error) {
	number := string(r.owner.PersonalID)
	if number == "" {
		number = string(r.owner.TaxCode)
	}
	if number == "" || in.Act != dossier.Receive || in.Confirmed {
		return store.Root{}, nil
	}
	blind := a.blind("id", number)
	guard := store.Guard("similar|" + blind + "|" + r.beginning.Opening.Procedure.Code)
	version, err := store.GuardVersion(ctx, a.store, guard)
	if err != nil {
		return guard, err
	}
	r.guardVersion = version
	open, err := a.similar(ctx, blind, r.beginning.Opening.Procedure.Code)
	if err != nil {
		return guard, err
	}
	if len(open) > 0 {
		return guard, fault.New(fault.Conflict, "dossier.similar", fault.Args{"code": open[0].Name(), "n": len(open)})
	}
	return guard, nil
}

// similar lists the open dossiers of a person and procedure, the newest first.
func (a *App) similar(ctx context.Context, blind, procedure string) ([]dossier.Dossier, error) {
	ids, err := a.store.SubjectsBy(ctx, "id", blind, 50)
	if err != nil {
		return nil, err
	}
	all, err := a.store.DossiersByID(ctx, ids)
	return slices.DeleteFunc(all, func(d dossier.Dossier) bool { return d.Procedure.Code != procedure || !d.Open() }), err
}

// secretLetters cannot be mistaken for one another when read aloud or typed.
const secretLetters = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"

// newSecret makes the second secret of public tracking: 8 characters, 40 bits.
func newSecret() string {
	var b [5]byte
	rand.Read(b[:]) // never fails (crypto/rand)
	return base32.NewEncoding(secretLetters).EncodeToString(b[:])
}
