package app

import (
	"slices"
	"strings"

	"github.com/motcua/motcua/internal/core/civil"
	"github.com/motcua/motcua/internal/core/dossier"
	"github.com/motcua/motcua/internal/core/fault"
	"github.com/motcua/motcua/internal/core/fee"
	"github.com/motcua/motcua/internal/core/ruleset"
	"github.com/motcua/motcua/internal/i18n"
	"github.com/motcua/motcua/internal/printout"
)

func (s slip) receipt() (printout.Document, error) {
	d := s.d
	head, err := s.head(d.ReceivedAt)
	if err != nil {
		return nil, err
	}
	seal, err := s.a.ReceiptLink(d)
	if err != nil {
		return nil, err
	}
	r := printout.Receipt{
		Letterhead: head, Code: d.Code, Secret: s.private.Secret, Seal: seal, Unit: d.UnitName, Owner: s.owner(), Subject: s.subject(),
		Papers: s.papers(), Sets: d.Sets, Limit: s.words.Line(i18n.Vietnamese, d.Deadline.Limit.Line()), ReceivedAt: d.ReceivedAt.In(civil.Zone),
		DueAt: s.due(), ReturnAt: s.words.T(i18n.Vietnamese, "dossier.return."+string(d.ReturnChannel), nil), Fees: d.Fee.Lines,
		Hotline: s.hotline(), Officer: d.OfficerName, OneCopy: d.Channel == dossier.Online,
	}
	if s.private.Submitter != nil {
		r.Submitter = s.private.Submitter.Name
	}
	switch {
	case d.Deadline.Waits == civil.WaitsArrival:
		r.DueNote = s.words.T(i18n.Vietnamese, "civil.why.not_arrived", nil)
	case d.Deadline.Provisional:
		r.DueNote = s.words.T(i18n.Vietnamese, "slip.provisional", nil)
	}
	for _, p := range d.Prints {
		if p.Form == ruleset.Receipt {
			r.Reprint = p.No - 1
		}
	}
	return r, nil
}

func (s slip) supplement() (printout.Document, error) {
	ask := s.d.Supplements[len(s.d.Supplements)-1]
	head, err := s.head(ask.AskedAt)
	if !ask.AtReception && s.d.Received() { // the competent agency's own notice, through the one-stop
		head, err = s.headOf(s.d.Agency, s.d.AgencyName, ask.AskedAt)
	}
	if err != nil {
		return nil, err
	}
	e := s.last(dossier.RequestSupplement, dossier.Guide)
	r := printout.SupplementRequest{
		Letterhead: head, Code: s.d.Code, Owner: s.owner(), Subject: s.subject(), Reason: e.Reason, Ground: e.Ground,
		Contact: s.d.UnitName, ContactPhone: s.hotline(), Officer: ask.By, OfficerSignedAt: s.signatory(ask.By).SignedAt,
	}
	for _, item := range ask.Items {
		i := slices.IndexFunc(s.d.Papers, func(p dossier.Paper) bool { return p.ID == item })
		name, known := s.a.paperName(s.d, item)
		switch {
		case i >= 0:
			r.Papers = append(r.Papers, printout.Paper{Name: s.d.Papers[i].Name, Originals: 1})
		case known:
			r.Papers = append(r.Papers, printout.Paper{Name: name, Originals: 1})
		default:
			r.Demands = append(r.Demands, item)
		}
	}
	if !ask.DueAt.IsZero() {
		r.Until = ask.DueAt.In(civil.Zone)
	}
	return r, nil
}

func (s slip) refusal() (printout.Document, error) {
	e := s.last(dossier.RefuseReception, dossier.Refuse)
	unit, name := s.d.Unit, s.d.UnitName
	if e.Act == dossier.Refuse {
		unit, name = s.d.Agency, s.d.AgencyName
	}
	head, err := s.headOf(unit, name, e.At)
	if err != nil {
		return nil, err
	}
	return printout.Refusal{
		Letterhead: head, Code: s.d.Name(), Unit: name, Owner: s.owner(), Subject: s.subject(), Reason: e.Reason, Ground: e.Ground,
		Contact: s.d.UnitName, ContactPhone: s.hotline(), Officer: e.Actor, OfficerSignedAt: s.signatory(e.Actor).SignedAt,
	}, nil
}

func (s slip) apology() (printout.Document, error) {
	ap := s.d.Deadline.Apology
	head, err := s.headOf(s.d.Agency, s.d.AgencyName, ap.MadeAt)
	if err != nil {
		return nil, err
	}
	head.Number = ap.Document
	rules, err := ruleset.On(civil.DateOf(s.d.Opening.At))
	if err != nil {
		return nil, err
	}
	f, _ := rules.Form(ruleset.Apology)
	return printout.Apology{
		Letterhead: head, Agency: s.d.AgencyName, Code: s.d.Code, Owner: s.owner(), Subject: s.subject(), ReceivedAt: s.d.ReceivedAt.In(civil.Zone),
		DueAt: s.due(), NewDueAt: ap.DueAt.In(civil.Zone), Reason: s.last(dossier.Apologise).Reason, Extends: f.Ref == "TT 03/2025/TT-VPCP",
		Signatory: s.signatory(ap.ByName),
	}, nil
}

func (s slip) stop() (printout.Document, error) {
	e := s.last(dossier.Stop, dossier.ExpireSupplement)
	head, err := s.headOf(s.d.Agency, s.d.AgencyName, e.At)
	if err != nil {
		return nil, err
	}
	return printout.StopNotice{
		Letterhead: head, Agency: s.d.AgencyName, Code: s.d.Code, Owner: s.owner(), Subject: s.subject(), ReceivedAt: s.d.ReceivedAt.In(civil.Zone),
		StoppedAt: e.At.In(civil.Zone), Reason: e.Reason, Ground: e.Ground, TakeBackAt: s.d.UnitName, Signatory: s.signatory(e.Actor),
	}, nil
}

func (s slip) control() (printout.Document, error) {
	head, err := s.head(s.a.clock())
	if err != nil {
		return nil, err
	}
	c := printout.ControlSlip{
		Letterhead: head, Code: s.d.Code, Owner: s.private.Owner.Name, ReceivedAt: s.d.ReceivedAt.In(civil.Zone), DueAt: s.due(), Agency: s.d.AgencyName,
	}
	for _, row := range s.d.ControlSlip() {
		m := printout.Move{From: row.FromName, To: row.ToName, Giver: row.Giver, Taker: row.Taker, GivenAt: row.SentAt.In(civil.Zone), Judged: row.Judged, Verdict: row.Verdict, Note: row.Note}
		if row.GotAt != nil {
			m.TakenAt = row.GotAt.In(civil.Zone)
		}
		c.Moves = append(c.Moves, m)
		for _, unit := range []string{row.FromName, row.ToName} {
			if unit != s.d.AgencyName && unit != s.d.UnitName && !slices.Contains(c.With, unit) {
				c.With = append(c.With, unit)
			}
		}
	}
	return c, nil
}

// item is the dossier as a line of a hand-over list.
func (s slip) item() printout.HandoverItem {
	i := printout.HandoverItem{
		Code: s.d.Code, Subject: s.subject(), Owner: s.private.Owner.Name, Address: s.private.Owner.Address, Papers: s.papers(),
		ReceivedAt: s.d.ReceivedAt.In(civil.Zone), DueAt: s.due(), Fee: !s.d.Fee.Settled(), ByPost: s.d.ReturnChannel == dossier.ReturnPost,
	}
	if s.d.Result != nil {
		i.Result = strings.TrimSpace(s.d.Result.Title + " " + s.d.Result.Number)
	}
	return i
}

func (s slip) handedToAgency() (printout.Document, error) {
	h := s.d.Handovers[0]
	head, err := s.head(h.SentAt)
	if err != nil {
		return nil, err
	}
	return printout.DossierHandover{Letterhead: head, From: h.FromName, To: h.ToName, Giver: h.Giver, Taker: h.Taker, GivenAt: h.SentAt.In(civil.Zone), Items: []printout.HandoverItem{s.item()}}, nil
}

// resultHandover is the newest hand-over of a result to the receiving unit.
func (s slip) resultHandover() *dossier.Handover {
	for i := len(s.d.Handovers) - 1; i >= 0; i-- {
		if h := &s.d.Handovers[i]; h.To == s.d.Unit && s.d.Result != nil {
			return h
		}
	}
	return nil
}

func (s slip) handedToCentre() (printout.Document, error) {
	h := s.resultHandover()
	head, err := s.headOf(h.From, h.FromName, h.SentAt)
	if err != nil {
		return nil, err
	}
	return printout.Handover{Letterhead: head, From: h.FromName, To: h.ToName, Giver: h.Giver, Taker: h.Taker, GivenAt: h.SentAt.In(civil.Zone), Items: []printout.HandoverItem{s.item()}}, nil
}

func (s slip) feeReceipt() (printout.Document, error) {
	f := s.d.Fee
	at := s.d.ReceivedAt
	if f.SettledAt != nil {
		at = *f.SettledAt
	}
	head, err := s.head(at)
	if err != nil {
		return nil, err
	}
	number, err := fee.ParseReceiptNumber(f.Receipt)
	if err != nil {
		return nil, fault.New(fault.Conflict, "slip.receipt_number", fault.Args{"number": f.Receipt})
	}
	payer := s.private.Owner
	if s.private.Submitter != nil {
		payer = *s.private.Submitter
	}
	return printout.FeeReceipt{
		Letterhead: head, Receipt: number, Address: s.a.directory.Load().centre.Address, Payer: payer.Name, PayerAt: payer.Address, Code: s.d.Code,
		Lines: f.Lines, Method: s.words.T(i18n.Vietnamese, "dossier.method."+methodOf(f), nil), Collector: f.By,
	}, nil
}

func methodOf(f dossier.Fee) string {
	if f.Method == "" {
		return "cash"
	}
	return f.Method
}

func (s slip) returned() (printout.Document, error) {
	n := s.d.Returned
	head, err := s.head(n.At)
	if err != nil {
		return nil, err
	}
	r := printout.ReturnReceipt{
		Letterhead: head, Code: s.d.Code, Procedure: s.d.Procedure.Name, Owner: s.private.Owner.Name, Giver: printout.Contact{Name: n.Officer},
		Taker: printout.Contact{Name: s.receiver, Phone: s.private.Owner.Phone, Identity: n.Checked}, ReturnedAt: n.At.In(civil.Zone),
	}
	if s.d.Result != nil {
		r.Results = []printout.Result{{Kind: s.d.Result.Title, Number: s.d.Result.Number, Subject: s.subject()}}
	}
	for _, p := range s.papers() {
		if p.Originals > 0 {
			r.Collected = append(r.Collected, printout.Paper{Name: p.Name, Originals: p.Originals})
		}
	}
	return r, nil
}

// scanSheet names no person: it lies on the dossier at the scanner.
func (s slip) scanSheet() (printout.Document, error) {
	head, err := s.head(s.a.clock())
	return printout.ScanSheet{Letterhead: head, Code: s.d.Code, Papers: s.papers()}, err
}
