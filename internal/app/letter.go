package app

import (
	"context"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/motcua/motcua/internal/core/access"
	"github.com/motcua/motcua/internal/core/agency"
	"github.com/motcua/motcua/internal/core/civil"
	"github.com/motcua/motcua/internal/core/dossier"
	"github.com/motcua/motcua/internal/core/fault"
	"github.com/motcua/motcua/internal/core/journal"
	"github.com/motcua/motcua/internal/core/notice"
	"github.com/motcua/motcua/internal/core/ruleset"
	"github.com/motcua/motcua/internal/i18n"
	"github.com/motcua/motcua/internal/store"
)

// letterForms are the slips that go to the applicant as a signed file: what he is
// asked for, refused or told, and the apology (TT 01/2018 art 10: ký số).
var letterForms = []string{ruleset.SupplementRequest, ruleset.Refusal, ruleset.Apology, ruleset.StopNotice}

// prepareLetter makes and signs, before the write, the slip that an act prints,
// where it is one that goes to the applicant. The act is tried first; what it is
// refused for, the write says. An agency's head signs himself; another officer
// signs himself when he has a key, else the seal of his unit stands for it. Where
// nobody has a key that is in force, the slip is printed and signed by hand as
// before: an apology must not wait for a certificate.
func (a *App) prepareLetter(ctx context.Context, who, as access.Actor, seen dossier.Dossier, plan plan, in *ActInput) error {
	if strings.Contains(who.ID, ":") || !printsLetter(in.Act) {
		return nil // a job signs nothing
	}
	at := a.at(in.At)
	letter := dossier.Letter{Signer: who.Name}
	if signsSelf(in.Act) {
		block, err := a.blockOf(as, in.Block)
		if err != nil {
			return err
		}
		letter.Authority, letter.Post = block.Authority, block.Post
	}
	tried := in.Input
	tried.Letter = &letter
	next, form, err := a.tryAct(seen, as, plan, tried, at)
	if err != nil || !slices.Contains(letterForms, form) {
		return nil
	}
	s, err := a.slipOf(ctx, next, form)
	if err != nil {
		return err
	}
	s.entries = append(s.entries, TimelineEntry{Act: in.Act, At: at, Actor: who.Name, Reason: in.Reason, Ground: in.LegalGround, Document: in.Document})
	doc, err := s.document()
	if err != nil {
		return err
	}
	pdf, err := a.printer.PDF(doc)
	if err != nil {
		return err
	}
	signed, seal, err := a.signLetter(ctx, who, as, letter, in.Act, pdf, s.signReason(), at)
	if err != nil || signed == nil {
		return err
	}
	if letter.File, err = a.keep(ctx, who, letterName(next, form), signed); err != nil {
		return err
	}
	if seal != "" {
		letter.Signer, letter.Seal = seal, true
	}
	in.Letter = &letter
	return nil
}

// printsLetter reports whether an act prints a slip that goes to the applicant.
func printsLetter(act dossier.Act) bool {
	return slices.ContainsFunc(dossier.Transitions(), func(t dossier.Transition) bool {
		return t.Act == act && slices.Contains(letterForms, t.Form)
	})
}

// signsSelf reports whether the law wants the signature of an agency's head.
func signsSelf(act dossier.Act) bool {
	return slices.ContainsFunc(dossier.Transitions(), func(t dossier.Transition) bool { return t.Act == act && t.Signs })
}

// tryAct is the dossier as an act would leave it, and the slip that it prints.
// Nothing is recorded, numbered or sealed.
func (a *App) tryAct(d dossier.Dossier, as access.Actor, plan plan, in dossier.Input, at time.Time) (next dossier.Dossier, form string, err error) {
	c := plan.judging(as, at, newID)
	c.Seal = func(plain []byte) []byte { return plain }
	ev, err := dossier.Decide(d, c, in)
	if err != nil {
		return d, "", err
	}
	if change, ok := ev.Payload.(dossier.Change); ok && change.Print != nil {
		form = change.Print.Form
	}
	payload, err := journal.Encode(ev.Payload)
	if err != nil {
		return d, "", err
	}
	next, err = dossier.Apply(d, d.ID, ev.Type, ev.Version, d.Version+1, at, payload)
	return next, form, err
}

// signLetter signs a slip; it returns nothing where nobody has a key for it.
func (a *App) signLetter(ctx context.Context, who, as access.Actor, l dossier.Letter, act dossier.Act, pdf []byte, reason string, at time.Time) (signed []byte, seal string, err error) {
	post := agency.SignBlock{Authority: l.Authority, Post: l.Post}.Text()
	signed, err = a.signAs(ctx, pdf, Signatory{ID: who.ID, Name: who.Name, Post: post, Unit: who.UnitName}, reason, at)
	if fault.KindOf(err) == fault.Conflict && !signsSelf(act) {
		unit, known := a.directory.Load().unit(as.Unit, civil.DateOf(at))
		if !known {
			return nil, "", nil
		}
		seal = shownName(unit)
		signed, err = a.signAs(ctx, pdf, Signatory{ID: agency.SealID(unit.Code), Name: seal, Unit: seal}, reason, at)
	}
	if kind := fault.KindOf(err); kind == fault.Conflict || kind == fault.Unavailable {
		return nil, "", nil
	}
	return signed, seal, err
}

// signReason is what the signature says of itself.
func (s slip) signReason() string {
	name := s.form
	if rules, err := ruleset.On(civil.DateOf(s.d.Opening.At)); err == nil {
		f, _ := rules.Form(s.form)
		name = f.Name
	}
	return s.words.T(i18n.Vietnamese, "sign.letter_reason", fault.Args{"form": name, "code": s.d.Name()})
}

// letterName is the file name of a signed slip: of which dossier and form, and
// the how-manieth print.
func letterName(d dossier.Dossier, form string) string {
	name := d.Name() + "-" + form
	if p, ok := d.Printed(form); ok && p.No > 1 {
		name += "-" + strconv.Itoa(p.No)
	}
	return name + ".pdf"
}

// trackLink is the tracking page of a dossier, without its secret.
func (a *App) trackLink(d dossier.Dossier) string {
	return strings.TrimSuffix(a.publicURL, "/") + "/tra-cuu?ma=" + url.QueryEscape(d.Name())
}

// MessageFile opens a file that goes with a message of the outbox, and logs the
// reading. It is fault.Forbidden to whoever may see the outbox but not the slips.
func (a *App) MessageFile(ctx context.Context, who access.Actor, id, hash string) (StoredFile, error) {
	unit, err := outboxOf(who)
	if err != nil {
		return StoredFile{}, err
	}
	m, err := store.Get[notice.Message](ctx, a.store, store.MessageRoot(id))
	if err != nil || unit != "" && m.Unit != unit {
		return StoredFile{}, fault.New(fault.NotFound, "message.unknown", nil)
	}
	if !access.May(who, access.PrintSlip, m.Unit) {
		return StoredFile{}, denied()
	}
	i := slices.IndexFunc(m.Files, func(f notice.File) bool { return f.Hash == hash })
	if i < 0 {
		return StoredFile{}, fault.New(fault.NotFound, "blob.unknown", nil)
	}
	if err := a.logRead(ctx, who, m.Dossier, "file:"+hash, "outbox"); err != nil {
		return StoredFile{}, err
	}
	f := m.Files[i]
	body, err := a.blobs.Open(ctx, hash)
	return StoredFile{Name: f.Name, Type: f.Type, Size: f.Size, Body: body}, err
}

// TrackLetter is a signed slip that the tracking page offers.
type TrackLetter struct {
	Form   string
	Name   string // of the form, in the dossier's rules
	At     time.Time
	Signer string
	Hash   string
	Size   int64
}

// trackLetters are the signed slips of a dossier, as its tracking page lists them.
func trackLetters(d dossier.Dossier) []TrackLetter {
	rules, err := ruleset.On(civil.DateOf(d.Opening.At))
	if err != nil {
		return nil
	}
	var all []TrackLetter
	for _, p := range d.Letters() {
		f, _ := rules.Form(p.Form)
		all = append(all, TrackLetter{Form: p.Form, Name: f.Name, At: p.At, Signer: p.Signed.Signer, Hash: p.Signed.File.Hash, Size: p.Signed.File.Size})
	}
	return all
}

// TrackFile opens a signed slip for whoever knows the dossier's code and second
// secret. A wrong pair, an unknown code and a file that is no letter are the same
// fault.NotFound, track.not_found.
func (a *App) TrackFile(ctx context.Context, code, secret, hash string) (StoredFile, error) {
	d, _, err := a.tracked(ctx, code, secret)
	if err != nil {
		return StoredFile{}, err
	}
	for _, p := range d.Letters() {
		if f := p.Signed.File; f.Hash == hash {
			body, err := a.blobs.Open(ctx, hash)
			return StoredFile{Name: f.Name, Type: f.Type, Size: f.Size, Body: body}, err
		}
	}
	return StoredFile{}, fault.New(fault.NotFound, "track.not_found", nil)
}
