package app

import (
	"cmp"
	"context"
	"crypto/x509"
	"encoding/pem"
	"slices"
	"strings"
	"time"

	"github.com/motcua/motcua/internal/core/access"
	"github.com/motcua/motcua/internal/core/agency"
	"github.com/motcua/motcua/internal/core/civil"
	"github.com/motcua/motcua/internal/core/fault"
	"github.com/motcua/motcua/internal/core/textfold"
	"github.com/motcua/motcua/internal/store"
)

// CertificateRow is a person who signs or an agency's seal, with the certificate
// that the register has for it.
type CertificateRow struct {
	agency.Certificate
	UnitName string
	None     bool // nothing is registered
	Expired  bool // or revoked
	Soon     bool // expires within soonDays
}

// expiresSoon is how many days ahead the register warns.
const expiresSoon = 60

// CertificateForm registers a certificate.
type CertificateForm struct {
	ActionID string
	ID       string
	From, To civil.Date
	PEM      string // the certificate itself, as text; its days and number take the place of those that were typed
}

// Certificates lists who signs and which seals there are, those that need something
// first.
func (a *App) Certificates(_ context.Context, who access.Actor) ([]CertificateRow, error) {
	if !access.May(who, access.ManageStaff) {
		return nil, denied()
	}
	dir, today := a.directory.Load(), civil.DateOf(a.clock())
	var rows []CertificateRow
	for _, c := range dir.signers(today) {
		row := CertificateRow{Certificate: c, UnitName: dir.unitName(c.Unit, today), None: true}
		if have, ok := dir.certs[c.ID]; ok {
			row.Certificate, row.None = have, false
			row.Expired, row.Soon = have.To.Before(today) || !have.Revoked.IsZero(), have.To.Before(today.AddDays(expiresSoon))
		}
		rows = append(rows, row)
	}
	slices.SortStableFunc(rows, func(x, y CertificateRow) int {
		return cmp.Or(cmp.Compare(y.need(), x.need()), cmp.Compare(x.UnitName, y.UnitName), cmp.Compare(b2i(x.Seal), b2i(y.Seal)))
	})
	return rows, nil
}

func (r CertificateRow) need() int {
	switch {
	case r.Expired:
		return 3
	case r.None:
		return 2
	case r.Soon:
		return 1
	}
	return 0
}

// signers are the leaders of the units that decide, the director of the centre and
// the seals of these units, as certificates without days.
func (d *directory) signers(day civil.Date) []agency.Certificate {
	var all []agency.Certificate
	seals := map[string]bool{}
	for unit, people := range d.byUnit {
		for _, p := range people {
			if p.Disabled || !hasExactRole(p, "leader") && !hasExactRole(p, "director") {
				continue
			}
			post := p.Title
			all = append(all, agency.Certificate{ID: p.ID, Name: p.Name, Post: post, Unit: unit})
			if !seals[unit] {
				seals[unit] = true
				all = append(all, agency.Certificate{ID: agency.SealID(unit), Name: d.unitName(unit, day), Unit: unit, Seal: true})
			}
		}
	}
	slices.SortFunc(all, func(x, y agency.Certificate) int { return strings.Compare(x.ID, y.ID) })
	return all
}

// RegisterCertificate enters the certificate that an authority issued to a person
// or seal, or its renewal. It is fault.NotFound for somebody who does not sign.
func (a *App) RegisterCertificate(ctx context.Context, who access.Actor, f CertificateForm) error {
	if !access.May(who, access.ManageStaff) {
		return denied()
	}
	today := civil.DateOf(a.clock())
	all := a.directory.Load().signers(today)
	i := slices.IndexFunc(all, func(c agency.Certificate) bool { return c.ID == f.ID })
	if i < 0 {
		return fault.New(fault.NotFound, "agency.staff_unknown", nil)
	}
	c := registered{all[i]}
	c.From, c.To, c.By = f.From, f.To, who.Name
	if strings.TrimSpace(f.PEM) != "" {
		if err := c.read(f.PEM); err != nil {
			return err
		}
	}
	if err := c.Check(today); err != nil {
		return err
	}
	return a.recordCertificates(ctx, who, f.ActionID, time.Time{}, []agency.Certificate{c.Certificate})
}

// registered is a certificate that is about to be entered.
type registered struct{ agency.Certificate }

// read takes days and number from the certificate itself. It must be of the person
// or seal that it is entered for; fault.Invalid on the field file.
func (c *registered) read(text string) error {
	block, _ := pem.Decode([]byte(strings.TrimSpace(text)))
	if block == nil {
		return fault.Field("file", "result.certificate_unreadable", nil)
	}
	cert, err := x509.ParseCertificate(block.Bytes)
	if err != nil {
		return fault.Field("file", "result.certificate_unreadable", nil)
	}
	if name := cert.Subject.CommonName; textfold.Fold(name) != textfold.Fold(c.Name) {
		return fault.Field("file", "result.certificate_other", fault.Args{"name": name, "want": c.Name})
	}
	c.From, c.To, c.Serial = civil.DateOf(cert.NotBefore), civil.DateOf(cert.NotAfter), cert.SerialNumber.Text(16)
	return nil
}

// RevokeCertificate ends a certificate from now on, as when a key is lost or its
// holder leaves: nothing is signed with it any more, and what was signed before
// stays signed. It needs a reason; without a certificate it is fault.NotFound.
func (a *App) RevokeCertificate(ctx context.Context, who access.Actor, action, id, reason string) error {
	if !access.May(who, access.ManageStaff) {
		return denied()
	}
	c, ok := a.directory.Load().certs[id]
	reason = textfold.Clean(reason)
	switch {
	case !ok:
		return fault.New(fault.NotFound, "agency.staff_unknown", nil)
	case !c.Revoked.IsZero():
		return fault.New(fault.Conflict, "result.certificate_revoked_already", fault.Args{"name": c.Name})
	case reason == "":
		return fault.Field("reason", "wording.reason_missing", nil)
	case len([]rune(reason)) > mostCalendarReason:
		return fault.Field("reason", "dossier.too_long", fault.Args{"n": len([]rune(reason)), "most": mostCalendarReason})
	}
	c.Revoked, c.Why, c.By = civil.DateOf(a.clock()), reason, who.Name
	return a.recordCertificates(ctx, who, action, time.Time{}, []agency.Certificate{c})
}

func (a *App) recordCertificates(ctx context.Context, who access.Actor, action string, at time.Time, list []agency.Certificate) error {
	w := store.Write{Actor: by(who), Action: action, Body: list, At: at}
	for _, c := range list {
		w.Roots = append(w.Roots, store.CertificateRoot(c.ID))
	}
	_, err := store.Do(ctx, a.store, w, func(v *store.View) (int, error) {
		for _, c := range list {
			if _, err := store.Record[agency.Certificate](v, store.CertificateRoot(c.ID), store.EventCertificateRecorded, 1, "", c); err != nil {
				return 0, err
			}
		}
		return len(list), nil
	})
	if err != nil {
		return err
	}
	return a.Reload(ctx)
}

// demoValidity is how long the certificates of a demo are in force, in days.
const demoValidity = 3 * 365

// certify registers certificates for a demo's leaders and seals that have none.
func (a *App) certify(ctx context.Context, who access.Actor, since time.Time) error {
	from := civil.DateOf(a.at(since))
	to := from.AddDays(demoValidity)
	if year := civil.DateOf(a.wall()).AddDays(366); to.Before(year) {
		to = year // a demo of an earlier time: a reader of today has to find them in force
	}
	dir := a.directory.Load()
	var list []agency.Certificate
	for _, c := range dir.signers(from) {
		if _, ok := dir.certs[c.ID]; !ok {
			c.From, c.To = from, to
			list = append(list, c)
		}
	}
	for batch := range slices.Chunk(list, 100) {
		if err := a.recordCertificates(ctx, who, "", a.storyTime(since), batch); err != nil {
			return err
		}
	}
	return nil
}
