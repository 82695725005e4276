package app

import (
	"context"
	"strings"
	"time"

	"github.com/motcua/motcua/internal/core/access"
	"github.com/motcua/motcua/internal/core/agency"
	"github.com/motcua/motcua/internal/core/civil"
	"github.com/motcua/motcua/internal/core/dossier"
	"github.com/motcua/motcua/internal/core/fault"
	"github.com/motcua/motcua/internal/core/ruleset"
	"github.com/motcua/motcua/internal/i18n"
	"github.com/motcua/motcua/internal/printout"
)

// SlipFile is a printed slip.
type SlipFile struct {
	Name string // file name, such as "H36.01-261124-0001-receipt.pdf"
	PDF  []byte
	At   time.Time // when it was made
}

// Slip prints one slip of a dossier as PDF and logs the reading, since slips
// carry personal data in full. form is the semantic id, with or without ".pdf".
func (a *App) Slip(ctx context.Context, who access.Actor, code, form string) (SlipFile, error) {
	form = strings.TrimSuffix(form, ".pdf")
	d, err := a.readable(ctx, who, code)
	if err != nil {
		return SlipFile{}, err
	}
	if err := a.logRead(ctx, who, d.ID, "slip:"+form, "print"); err != nil {
		return SlipFile{}, err
	}
	private, err := a.private(ctx, d)
	if err != nil {
		return SlipFile{}, err
	}
	doc, err := a.slip(d, private, form)
	if err != nil {
		return SlipFile{}, err
	}
	pdf, err := a.printer.PDF(doc)
	return SlipFile{Name: d.Name() + "-" + form + ".pdf", PDF: pdf, At: a.clock()}, err
}

// slip fills one form from a dossier.
func (a *App) slip(d dossier.Dossier, private dossier.Private, form string) (printout.Document, error) {
	if form == ruleset.Receipt && d.Received() {
		return a.receiptSlip(d, private)
	}
	return nil, fault.New(fault.NotFound, "slip.not_available", fault.Args{"form": form})
}

// letterhead is the head of the slips that the receiving unit issues.
func (a *App) letterhead(d dossier.Dossier, form string, at time.Time) (printout.Letterhead, error) {
	rules, err := ruleset.On(civil.DateOf(d.Opening.At))
	if err != nil {
		return printout.Letterhead{}, err
	}
	f, _ := rules.Form(form)
	dir := a.directory.Load()
	h := printout.Letterhead{
		Form: printout.Form{Number: f.Number, Name: f.Name}, Agency: strings.ToUpper(d.UnitName),
		Place: dir.centre.Province, At: at.In(civil.Zone),
	}
	if committee, ok := dir.unit(dir.centre.Committee, civil.DateOf(at)); ok && d.Unit == dir.centre.Code {
		h.Superior = strings.ToUpper(committee.Name)
	}
	if u, ok := dir.unit(d.Unit, civil.DateOf(at)); ok && u.Kind == agency.Area {
		h.Agency = strings.ToUpper(shownName(u))
	}
	return h, nil
}

func (a *App) receiptSlip(d dossier.Dossier, private dossier.Private) (printout.Document, error) {
	head, err := a.letterhead(d, ruleset.Receipt, d.ReceivedAt)
	if err != nil {
		return nil, err
	}
	words := i18n.Default()
	r := printout.Receipt{
		Letterhead: head, Code: d.Code, Secret: private.Secret, Unit: d.UnitName, Owner: printedPerson(private.Owner),
		Subject: private.Subject, Sets: d.Sets, Limit: words.Line(i18n.Vietnamese, d.Deadline.Limit.Line()), ReceivedAt: d.ReceivedAt.In(civil.Zone),
		ReturnAt: words.T(i18n.Vietnamese, "dossier.return."+string(d.ReturnChannel), nil), Fees: d.Fee.Lines,
		Hotline: a.directory.Load().centre.Hotline, Officer: d.OfficerName, OneCopy: d.Channel == dossier.Online,
	}
	if r.Subject == "" {
		r.Subject = d.Procedure.Name
	}
	if private.Submitter != nil {
		r.Submitter = private.Submitter.Name
	}
	for _, p := range d.Papers {
		r.Papers = append(r.Papers, printout.Paper{Name: p.Name, Originals: p.Originals, Certified: p.Certified, Copies: p.Copies, Note: private.Notes[p.ID]})
	}
	if !d.Deadline.DueAt.IsZero() {
		r.DueAt = d.Deadline.DueAt.In(civil.Zone)
	}
	if d.Deadline.Provisional {
		r.DueNote = words.T(i18n.Vietnamese, "slip.provisional", nil)
	}
	for _, p := range d.Prints {
		if p.Form == ruleset.Receipt {
			r.Reprint = p.No - 1
		}
	}
	return r, nil
}

func printedPerson(p dossier.Party) printout.Person {
	identity := p.PersonalID
	if identity == "" {
		identity = p.TaxCode
	}
	return printout.Person{Name: p.Name, Address: p.Address, Phone: p.Phone, Email: p.Email, Identity: identity}
}
