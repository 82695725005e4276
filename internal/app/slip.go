package app

import (
	"context"
	"crypto/ed25519"
	"strings"
	"time"

	"github.com/motcua/motcua/internal/core/access"
	"github.com/motcua/motcua/internal/core/agency"
	"github.com/motcua/motcua/internal/core/civil"
	"github.com/motcua/motcua/internal/core/dossier"
	"github.com/motcua/motcua/internal/core/fault"
	"github.com/motcua/motcua/internal/core/receiptseal"
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

// Slip prints one slip of a dossier as PDF and logs the reading. form is the
// semantic id, with or without ".pdf". Most slips carry personal identifiers in
// full and are fault.Forbidden to whoever reads the dossier masked only. A slip
// that the dossier's facts cannot fill is fault.NotFound.
func (a *App) Slip(ctx context.Context, who access.Actor, code, form string) (SlipFile, error) {
	form = formID(strings.TrimSuffix(form, ".pdf"))
	d, err := a.printable(ctx, who, code, form)
	if err != nil {
		return SlipFile{}, err
	}
	if form == ruleset.Result {
		pdf, err := a.resultSlip(ctx, d)
		return SlipFile{Name: resultFileName(d), PDF: pdf, At: a.clock()}, err
	}
	if p, printed := d.Printed(form); printed && p.Signed != nil {
		pdf, err := a.fileBytes(ctx, p.Signed.File.Hash)
		return SlipFile{Name: p.Signed.File.Name, PDF: pdf, At: p.At}, err
	}
	doc, err := a.slipDocument(ctx, d, form)
	if err != nil {
		return SlipFile{}, err
	}
	pdf, err := a.printer.PDF(doc)
	return SlipFile{Name: d.Name() + "-" + form + ".pdf", PDF: pdf, At: a.clock()}, err
}

// SlipPage is the same slip as a page that a browser prints and that is read
// aloud; it fails as Slip does. The result document itself is a file only.
func (a *App) SlipPage(ctx context.Context, who access.Actor, code, form string) ([]byte, error) {
	form = formID(strings.TrimSuffix(form, ".html"))
	d, err := a.printable(ctx, who, code, form)
	if err != nil {
		return nil, err
	}
	doc, err := a.slipDocument(ctx, d, form)
	if err != nil {
		return nil, err
	}
	return a.printer.HTML(doc)
}

// printable is a dossier of which the actor may have a slip; the reading is logged.
func (a *App) printable(ctx context.Context, who access.Actor, code, form string) (dossier.Dossier, error) {
	d, err := a.readable(ctx, who, code)
	if err != nil {
		return d, err
	}
	if !mayPrint(who, d, form) {
		return d, denied()
	}
	return d, a.logRead(ctx, who, d.ID, "slip:"+form, "print")
}

func (a *App) slipDocument(ctx context.Context, d dossier.Dossier, form string) (printout.Document, error) {
	s, err := a.slipOf(ctx, d, form)
	if err != nil {
		return nil, err
	}
	return s.document()
}

// mayPrint reports whether the actor may have a slip of a dossier that he reads.
// The slips that go along between agencies name the owner and nothing more.
func mayPrint(who access.Actor, d dossier.Dossier, form string) bool {
	return form == ruleset.ControlSlip || strings.HasPrefix(form, ruleset.Transfer) || access.May(who, access.PrintSlip, concerned(d)...)
}

// formID accepts the short names of the outside contract beside the forms' own.
func formID(name string) string {
	switch name {
	case "supplement":
		return ruleset.SupplementRequest
	case "control":
		return ruleset.ControlSlip
	case "stop":
		return ruleset.StopNotice
	}
	return name
}

// slip is a dossier about to be printed on one form.
type slip struct {
	a        *App
	form     string
	d        dossier.Dossier
	private  dossier.Private
	receiver string // who took the result
	entries  []TimelineEntry
	words    *i18n.Catalogue
}

func (a *App) slipOf(ctx context.Context, d dossier.Dossier, form string) (slip, error) {
	s := slip{a: a, form: form, d: d, words: i18n.Default()}
	var err error
	if s.private, err = a.private(ctx, d); err != nil {
		return s, err
	}
	if d.Returned != nil {
		name, err := a.store.Unseal(ctx, d.ID, sealClass, d.Returned.Receiver)
		if err != nil {
			return s, err
		}
		s.receiver = string(name)
	}
	s.entries, err = a.timeline(ctx, d)
	return s, err
}

// document fills the form from the dossier.
func (s slip) document() (printout.Document, error) {
	d := s.d
	if part, ok := transferOf(s.form, parts(d)); ok {
		s.form = ruleset.Transfer
		return s.transfer(part)
	}
	switch {
	case s.form == ruleset.Receipt && d.Received():
		return s.receipt()
	case s.form == ruleset.SupplementRequest && len(d.Supplements) > 0:
		return s.supplement()
	case s.form == ruleset.Refusal && (d.Status == dossier.NotAccepted || d.Result != nil && d.Result.Refusal):
		return s.refusal()
	case s.form == ruleset.Apology && d.Deadline.Apology != nil:
		return s.apology()
	case s.form == ruleset.StopNotice && stopNoticed(d):
		return s.stop()
	case s.form == ruleset.ControlSlip && len(d.Handovers) > 0:
		return s.control()
	case s.form == ruleset.DossierHandover && len(d.Handovers) > 0:
		return s.handedToAgency()
	case s.form == ruleset.Handover && s.resultHandover() != nil:
		return s.handedToCentre()
	case s.form == ruleset.FeeReceipt && d.Fee.Receipt != "":
		return s.feeReceipt()
	case s.form == ruleset.ScanSheet && d.Received() && len(d.Papers) > 0:
		return s.scanSheet()
	case s.form == ruleset.ReturnReceipt && d.Returned != nil:
		return s.returned()
	}
	return nil, fault.New(fault.NotFound, "slip.not_available", fault.Args{"form": s.form})
}

// signatory is who signs the slip for the agency, as the newest print has it.
func (s slip) signatory(name string) printout.Signatory {
	out := printout.Signatory{Name: name}
	if p, ok := s.d.Printed(s.form); ok && p.Signed != nil {
		out.Authority, out.Post, out.SignedAt = p.Signed.Authority, p.Signed.Post, p.At.In(civil.Zone)
	}
	return out
}

// last is the newest event of an act.
func (s slip) last(acts ...dossier.Act) TimelineEntry {
	for i := len(s.entries) - 1; i >= 0; i-- {
		for _, act := range acts {
			if s.entries[i].Act == act {
				return s.entries[i]
			}
		}
	}
	return TimelineEntry{}
}

// head is the head of a slip that the receiving unit issues at an instant.
func (s slip) head(at time.Time) (printout.Letterhead, error) {
	dir := s.a.directory.Load()
	h, err := s.headOf(s.d.Unit, s.d.UnitName, at)
	if committee, ok := dir.unit(dir.centre.Committee, civil.DateOf(at)); ok && s.d.Unit == dir.centre.Code {
		h.Superior = strings.ToUpper(committee.Name)
	}
	return h, err
}

// headOf is the head of a slip of any unit: its form by the dossier's own rules.
func (s slip) headOf(unit, name string, at time.Time) (printout.Letterhead, error) {
	rules, err := ruleset.On(civil.DateOf(s.d.Opening.At))
	if err != nil {
		return printout.Letterhead{}, err
	}
	f, _ := rules.Form(s.form)
	dir := s.a.directory.Load()
	h := printout.Letterhead{
		Form: printout.Form{Number: f.Number, Name: f.Name}, Wording: printed(dir.wordings[s.form]), Agency: strings.ToUpper(name), Place: dir.centre.Province, At: at.In(civil.Zone),
	}
	if u, ok := dir.unit(unit, civil.DateOf(at)); ok && u.Kind == agency.Area {
		h.Superior = strings.ToUpper(u.FullName)
		h.Section = strings.ToUpper(s.words.T(i18n.Vietnamese, "slip.commune_section", nil))
	}
	return h, nil
}

// subject is what the applicant asks for: the abstract, else the procedure.
func (s slip) subject() string {
	if s.private.Subject != "" {
		return s.private.Subject
	}
	return s.d.Procedure.Name
}

func (s slip) owner() printout.Person { return printedPerson(s.private.Owner) }

func (s slip) hotline() string { return s.a.directory.Load().centre.Hotline }

func (s slip) papers() []printout.Paper {
	out := make([]printout.Paper, len(s.d.Papers))
	for i, p := range s.d.Papers {
		out[i] = printout.Paper{Name: p.Name, Originals: p.Originals, Certified: p.Certified, Copies: p.Copies, Note: s.private.Notes[p.ID]}
	}
	return out
}

// due is the promise in Vietnamese time; zero when there is none.
func (s slip) due() time.Time {
	if s.d.Deadline.DueAt.IsZero() {
		return time.Time{}
	}
	return s.d.Deadline.DueAt.In(civil.Zone)
}

func printedPerson(p dossier.Party) printout.Person {
	identity := p.PersonalID
	if identity == "" {
		identity = p.TaxCode
	}
	return printout.Person{Name: p.Name, Address: p.Address, Phone: p.Phone, Email: p.Email, Identity: identity}
}

// ReceiptLink is what the receipt's QR code says: the sealed promise as a link
// to the page that checks it; empty when the installation has no key for it.
func (a *App) ReceiptLink(d dossier.Dossier) (string, error) {
	if len(a.slipKeys) == 0 {
		return "", nil
	}
	text, err := receiptseal.Sign(a.slipKeys[0], receiptseal.Claim{Code: d.Code, Unit: d.Unit, ReceivedAt: d.ReceivedAt, DueAt: d.Deadline.DueAt})
	if err != nil {
		return "", err
	}
	return receiptseal.Link(a.publicURL, text), nil
}

// SlipCheck is what a check of a receipt's QR text found.
type SlipCheck struct {
	Genuine bool
	receiptseal.Claim
	UnitName string
	// Changed says that the dossier's promise has moved since the receipt was
	// printed; the page then shows the day that holds now.
	Changed bool
	DueAt   time.Time // the promise that holds now; zero when there is none
	Known   bool      // the dossier is in this system
}

// SlipKeys are the public keys that receipts of this installation verify under.
func (a *App) SlipKeys() []ed25519.PublicKey {
	keys := make([]ed25519.PublicKey, len(a.slipKeys))
	for i, k := range a.slipKeys {
		keys[i] = k.Public().(ed25519.PublicKey)
	}
	return keys
}

// VerifySlip checks what a receipt's QR code says. A text that was not signed
// here, or was changed, is not genuine; that is an answer, not an error.
func (a *App) VerifySlip(ctx context.Context, text string) (SlipCheck, error) {
	claim, err := receiptseal.Verify(receiptseal.Scanned(text), a.SlipKeys())
	if err != nil {
		if fault.KindOf(err) == fault.Internal {
			return SlipCheck{}, err
		}
		return SlipCheck{}, nil
	}
	c := SlipCheck{Genuine: true, Claim: claim, UnitName: a.directory.Load().unitName(claim.Unit, civil.DateOf(claim.ReceivedAt))}
	id, err := a.store.DossierIDByName(ctx, claim.Code)
	if err != nil || id == "" {
		return c, err
	}
	list, err := a.store.DossiersByID(ctx, []string{id})
	if err != nil || len(list) == 0 {
		return c, err
	}
	c.Known, c.DueAt = true, list[0].Deadline.DueAt
	c.Changed = !c.DueAt.Truncate(time.Second).Equal(claim.DueAt)
	return c, nil
}
