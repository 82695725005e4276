package app

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"strings"
	"time"

	"github.com/motcua/motcua/internal/core/civil"
	"github.com/motcua/motcua/internal/core/dossier"
	"github.com/motcua/motcua/internal/core/fault"
	"github.com/motcua/motcua/internal/core/receiptseal"
	"github.com/motcua/motcua/internal/store"
)

// ResultState is what holds of a result document now.
type ResultState string

// The states, as the public page says them.
const (
	ResultHolds    ResultState = "holds"    // issued, and not taken back
	ResultPending  ResultState = "pending"  // numbered, but not issued yet
	ResultRecalled ResultState = "recalled" // taken back for correction
	ResultUnknown  ResultState = "unknown"  // the seal is real, but this installation does not know it
)

// ResultCheck is what a third party may know of a result document: what stands on
// it about the agency and its officers, and nothing about the applicant.
type ResultCheck struct {
	Genuine   bool // the QR code was made here
	State     ResultState
	Code      string // of the dossier
	Number    string
	On        civil.Date
	Name      string // kind of document
	Procedure string
	Agency    string
	Signer    string
	Authority string // for whom he signed; may be empty
	Post      string
	IssuedAt  time.Time
	Replaced  string // number of the document that came in its place; empty while there is none
	// Signatures are as they were verified when the result was issued.
	Signatures []dossier.FileSignature
}

// FileCheck is what a check of an uploaded copy found.
type FileCheck struct {
	Same   bool // byte for byte the document that was issued
	Report SignatureReport
}

// VerifyResult checks what the QR code of a result document says, by its text or
// the link around it. A text that was not made here is not genuine; that is an
// answer, not an error.
func (a *App) VerifyResult(ctx context.Context, text string) (ResultCheck, error) {
	c, _, err := a.checkResult(ctx, text)
	return c, err
}

func (a *App) checkResult(ctx context.Context, text string) (ResultCheck, dossier.Result, error) {
	claim, err := receiptseal.VerifyResult(receiptseal.ScannedResult(text), a.SlipKeys())
	if err != nil {
		if fault.KindOf(err) == fault.Internal {
			return ResultCheck{}, dossier.Result{}, err
		}
		return ResultCheck{}, dossier.Result{}, nil
	}
	c := ResultCheck{Genuine: true, State: ResultUnknown, Code: claim.Code, Number: claim.Number, On: civil.DateOf(claim.On)}
	id, err := a.store.DossierIDByName(ctx, claim.Code)
	if err != nil || id == "" {
		return c, dossier.Result{}, err
	}
	d, err := store.Get[dossier.Dossier](ctx, a.store, store.DossierRoot(id))
	if err != nil {
		return c, dossier.Result{}, err
	}
	r, recalled, ok := numberedAs(d, claim.Number)
	if !ok {
		return c, r, nil
	}
	c.Procedure, c.Agency = d.Procedure.Name, d.AgencyName
	if r.Entry != nil {
		c.Agency = a.directory.Load().unitName(r.Entry.Unit, c.On)
	}
	if r.Draft != nil {
		c.Name = r.Draft.Name
	}
	c.Signer, c.Authority, c.Post, c.Signatures = r.SignedBy, r.Authority, r.Post, r.Signatures
	switch {
	case recalled:
		c.State = ResultRecalled
		if d.Result != nil && d.Issued() {
			c.Replaced = d.Result.Number
		}
	case r.IssuedAt == nil:
		c.State = ResultPending
	default:
		c.State = ResultHolds
	}
	if r.IssuedAt != nil {
		c.IssuedAt = *r.IssuedAt
	}
	return c, r, nil
}

// numberedAs finds the result of a dossier with a number, among those that were
// taken back too.
func numberedAs(d dossier.Dossier, number string) (r dossier.Result, recalled, ok bool) {
	if d.Result != nil && d.Result.Number == number {
		return *d.Result, false, true
	}
	for _, old := range d.Recalled {
		if old.Number == number {
			return old, true, true
		}
	}
	return dossier.Result{}, false, false
}

// VerifyResultFile checks a copy that somebody has: whether it is the document
// that was issued, and what its signatures are worth. The copy is not kept.
func (a *App) VerifyResultFile(ctx context.Context, text string, body io.Reader) (ResultCheck, FileCheck, error) {
	c, r, err := a.checkResult(ctx, text)
	if err != nil {
		return c, FileCheck{}, err
	}
	raw, err := io.ReadAll(io.LimitReader(body, mostDocument+1))
	switch {
	case err != nil:
		return c, FileCheck{}, err
	case len(raw) > mostDocument:
		return c, FileCheck{}, fault.Field("file", "sign.too_large", fault.Args{"max": mostDocument >> 20})
	}
	var f FileCheck
	if f.Report, err = a.documents.Verify(raw); err != nil {
		return c, f, err
	}
	sum := sha256.Sum256(raw)
	hash := hex.EncodeToString(sum[:])
	for _, file := range r.Files {
		f.Same = f.Same || strings.EqualFold(file.Hash, hash)
	}
	return c, f, nil
}
