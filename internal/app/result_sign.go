package app

import (
	"context"
	"slices"
	"time"

	"github.com/motcua/motcua/internal/core/access"
	"github.com/motcua/motcua/internal/core/agency"
	"github.com/motcua/motcua/internal/core/civil"
	"github.com/motcua/motcua/internal/core/dossier"
	"github.com/motcua/motcua/internal/core/fault"
	"github.com/motcua/motcua/internal/i18n"
	"github.com/motcua/motcua/internal/printout"
)

// prepareDocument makes, before the write, what an act on a result document
// records: the draft of a proposal, the signed or sealed file, what the signatures
// of a file to be issued are worth. Nothing has moved when it fails.
func (a *App) prepareDocument(ctx context.Context, who, as access.Actor, d dossier.Dossier, in *ActInput) error {
	offered := func() bool {
		return slices.ContainsFunc(dossier.Offers(d, as), func(o dossier.Offer) bool { return o.Act == in.Act })
	}
	switch r := d.Result; in.Act {
	case dossier.Propose:
		return a.draftOf(ctx, d, in)
	case dossier.Sign:
		if r != nil && r.Documented() && r.SignedAt == nil && offered() {
			return a.signResult(ctx, who, as, d, in)
		}
	case dossier.Stamp:
		if r != nil && r.Signed != nil && r.StampedAt == nil && offered() {
			return a.stampResult(ctx, who, d, in)
		}
	case dossier.IssueResult:
		if r != nil && r.Signed != nil {
			if err := a.verifyResult(ctx, d, in); err != nil {
				return err
			}
		}
		return a.ownFiles(ctx, d, in.Input.Files)
	}
	return nil
}

// Blocks are the ways in which an actor may sign now: in his own right, or for
// who delegated his signature to him.
func (a *App) Blocks(as access.Actor) []agency.SignBlock {
	people := a.directory.Load().people
	if as.OnBehalf == "" {
		return people[as.ID].Blocks()
	}
	return people[as.ID].BlocksFor(people[as.OnBehalf])
}

// SignChoice is one way in which an actor may sign a result.
type SignChoice struct {
	agency.SignBlock
	For     string // id of who is away and delegated his signature; empty = in his own right
	ForName string
}

// Value is the choice as a form sends it.
func (c SignChoice) Value() string { return c.For + "|" + c.Text() }

// signChoices are the ways in which an actor may sign a dossier's result now.
func (a *App) signChoices(d dossier.Dossier, who access.Actor) []SignChoice {
	if d.Result == nil || !d.Result.Documented() || d.Result.SignedAt != nil {
		return nil
	}
	var all []SignChoice
	for _, as := range a.capacities(who) {
		if !slices.ContainsFunc(dossier.Offers(d, as), func(o dossier.Offer) bool { return o.Act == dossier.Sign }) {
			continue
		}
		for _, b := range a.Blocks(as) {
			all = append(all, SignChoice{SignBlock: b, For: as.OnBehalf, ForName: as.ForName})
		}
	}
	return all
}

// blockOf is the chosen block, as its text names it; nothing chosen is the first.
func (a *App) blockOf(as access.Actor, chosen string) (agency.SignBlock, error) {
	all := a.Blocks(as)
	for _, b := range all {
		if chosen == "" || b.Text() == chosen {
			return b, nil
		}
	}
	if chosen == "" {
		return agency.SignBlock{}, nil // the form's own words stand there
	}
	return agency.SignBlock{}, fault.Field("block", "result.block_unknown", nil)
}

// signAs signs for a person or seal with the certificate that the register has. It
// is fault.Conflict when that was revoked, and else fails as Documents.Sign does.
func (a *App) signAs(ctx context.Context, pdf []byte, who Signatory, reason string, at time.Time) ([]byte, error) {
	if c, ok := a.directory.Load().certs[who.ID]; ok {
		if !c.Revoked.IsZero() {
			return nil, fault.New(fault.Conflict, "result.certificate_is_revoked", fault.Args{"name": who.Name, "date": c.Revoked.Show()})
		}
		who.From, who.To = c.From.At(0), c.To.AddDays(1).At(0).Add(-1)
	}
	return a.documents.Sign(ctx, pdf, who, reason, at)
}

// signResult prints the numbered document with the signer's block and signs it
// with his key.
func (a *App) signResult(ctx context.Context, who, as access.Actor, d dossier.Dossier, in *ActInput) error {
	block, err := a.blockOf(as, in.Block)
	if err != nil {
		return err
	}
	at := a.at(in.At)
	pdf, err := a.finalPDF(ctx, d, printout.Signatory{Authority: block.Authority, Post: block.Post, Name: who.Name, SignedAt: at})
	if err != nil {
		return err
	}
	reason := i18n.Default().T(i18n.Vietnamese, "result.sign_reason", fault.Args{"number": d.Result.Number, "code": d.Name()})
	signed, err := a.signAs(ctx, pdf, Signatory{ID: who.ID, Name: who.Name, Post: block.Text(), Unit: who.UnitName}, reason, at)
	if err != nil {
		return err
	}
	file, err := a.keep(ctx, who, resultFileName(d), signed)
	if err != nil {
		return err
	}
	in.Input.Authority, in.Input.Post, in.Input.Signed = block.Authority, block.Post, &file
	return nil
}

// stampResult puts the seal of the issuing unit on the signed document.
func (a *App) stampResult(ctx context.Context, who access.Actor, d dossier.Dossier, in *ActInput) error {
	raw, err := a.fileBytes(ctx, d.Result.Signed.Hash)
	if err != nil {
		return err
	}
	unit, name := a.issuer(d)
	reason := i18n.Default().T(i18n.Vietnamese, "result.stamp_reason", fault.Args{"number": d.Result.Number, "name": who.Name})
	sealed, err := a.signAs(ctx, raw, Signatory{ID: agency.SealID(unit.Code), Name: shownName(unit), Unit: name}, reason, a.at(in.At))
	if err != nil {
		return err
	}
	file, err := a.keep(ctx, who, resultFileName(d), sealed)
	in.Input.Signed = &file
	return err
}

// verifyResult checks the document that is about to be issued: signed by a person
// and by the seal, all to be believed, and nothing added after them.
func (a *App) verifyResult(ctx context.Context, d dossier.Dossier, in *ActInput) error {
	raw, err := a.fileBytes(ctx, d.Result.Signed.Hash)
	if err != nil {
		return err
	}
	report, err := a.documents.Verify(raw)
	if err != nil {
		return err
	}
	if d.Result.StampedAt != nil && (!report.Valid || len(report.Signatures) < 2) {
		return fault.New(fault.Conflict, "result.signature_invalid", nil)
	}
	in.Input.Signatures = nil
	for _, s := range report.Signatures {
		in.Input.Signatures = append(in.Input.Signatures, dossier.FileSignature{Signer: s.Signer, Post: s.Post, Unit: s.Unit, At: s.At})
	}
	return nil
}

// numbering is the book that the next number of a result is taken from.
type numbering struct {
	unit, name, book string
	year             int
	symbol           string // what stands behind the number: "GXN-STC"
}

// plainBook is the book of results that were not drafted here (kết quả).
const plainBook = "KQ"

func (a *App) numberingOf(d dossier.Dossier, day civil.Date) numbering {
	n := numbering{unit: d.Agency, name: d.AgencyName, book: plainBook, year: day.Year()}
	for _, t := range d.Tasks {
		if t.Kind == dossier.TaskNumber || t.Kind == dossier.TaskIssue {
			n.unit, n.name = t.Unit, t.UnitName
			break
		}
	}
	if d.Result != nil && d.Result.Draft != nil && d.Result.Draft.Symbol != "" {
		n.book = d.Result.Draft.Symbol
	}
	u, _ := a.directory.Load().unit(n.unit, day)
	n.symbol = n.book + "-" + issuerCode(u, n.name)
	return n
}
