package app

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/motcua/motcua/internal/core/civil"
	"github.com/motcua/motcua/internal/core/dossier"
	"github.com/motcua/motcua/internal/core/fault"
	"github.com/motcua/motcua/internal/core/receiptseal"
	"github.com/motcua/motcua/internal/core/result"
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
	a.describe(&c, d, r, recalled)
	return c, r, nil
}

// describe fills in what a third party may know of a numbered result.
func (a *App) describe(c *ResultCheck, d dossier.Dossier, r dossier.Result, recalled bool) {
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

// MostCopy bounds the file that a third party has checked, in bytes.
const MostCopy = 20 << 20

// mostChecks is how many copies are looked at at a time: each is in memory whole.
const mostChecks = 2

// VerifyResultFile checks a copy that somebody has: whether it is the document
// that was issued, and what its signatures are worth. Without the text of its QR
// code the document is looked for by the code of the dossier that can be read in
// it; of another file than the one that was issued nothing is told then. The copy
// is not kept. It fails with fault.Invalid on the field file for what is no PDF or
// too large.
func (a *App) VerifyResultFile(ctx context.Context, text string, body io.Reader) (ResultCheck, FileCheck, error) {
	select {
	case a.checking <- struct{}{}:
		defer func() { <-a.checking }()
	case <-ctx.Done():
		return ResultCheck{}, FileCheck{}, ctx.Err()
	}
	c, r, err := a.checkResult(ctx, text)
	if err != nil {
		return c, FileCheck{}, err
	}
	raw, err := io.ReadAll(io.LimitReader(body, MostCopy+1))
	switch {
	case err != nil:
		return c, FileCheck{}, err
	case len(raw) > MostCopy:
		return c, FileCheck{}, fault.Field("file", "result.copy_large", fault.Args{"max": MostCopy >> 20})
	case len(raw) == 0:
		return c, FileCheck{}, fault.Field("file", "result.copy_missing", nil)
	case !bytes.Contains(raw[:min(len(raw), 1024)], []byte("%PDF-")):
		return c, FileCheck{}, fault.Field("file", "sign.not_pdf", nil)
	}
	var f FileCheck
	if f.Report, err = a.documents.Verify(raw); err != nil {
		return c, f, err
	}
	sum := sha256.Sum256(raw)
	hash := hex.EncodeToString(sum[:])
	if text != "" {
		f.Same = holds(r, hash)
		return c, f, nil
	}
	c, f.Same, err = a.resultOfCopy(ctx, raw, hash)
	return c, f, err
}

func holds(r dossier.Result, hash string) bool {
	return slices.ContainsFunc(r.Files, func(f dossier.File) bool { return strings.EqualFold(f.Hash, hash) })
}

// mostCodes is how many codes of a copy are looked up.
const mostCodes = 3

// resultOfCopy finds the result that was issued as exactly this file.
func (a *App) resultOfCopy(ctx context.Context, raw []byte, hash string) (ResultCheck, bool, error) {
	codes := result.CodesIn(a.documents.Text(raw))
	for _, code := range codes[:min(len(codes), mostCodes)] {
		id, err := a.store.DossierIDByName(ctx, code)
		if err != nil {
			return ResultCheck{}, false, err
		}
		if id == "" {
			continue
		}
		d, err := store.Get[dossier.Dossier](ctx, a.store, store.DossierRoot(id))
		if err != nil {
			return ResultCheck{}, false, err
		}
		all := d.Recalled
		if d.Result != nil {
			all = append(slices.Clone(all), *d.Result)
		}
		for i, r := range all {
			if !holds(r, hash) {
				continue
			}
			c := ResultCheck{Genuine: true, Code: d.Name(), Number: r.Number}
			if r.Entry != nil {
				c.On = civil.DateOf(r.Entry.At)
			}
			a.describe(&c, d, r, i < len(d.Recalled))
			return c, true, nil
		}
	}
	return ResultCheck{}, false, nil
}
