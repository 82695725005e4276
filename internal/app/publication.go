package app

import (
	"context"
	"errors"
	"slices"

	"github.com/motcua/motcua/internal/core/access"
	"github.com/motcua/motcua/internal/core/civil"
	"github.com/motcua/motcua/internal/core/fault"
	"github.com/motcua/motcua/internal/core/procedure"
	"github.com/motcua/motcua/internal/store"
)

// AnnexForm is one line of an annex as somebody enters it.
type AnnexForm struct {
	What      procedure.AnnexSubject
	Effect    procedure.AnnexEffect
	Code      string
	Case      string
	Limit     string     // limits: the new one, such as "3 ngày làm việc"
	From      civil.Date // zero = today
	Successor string     // closed procedures
	Revision  int        // processes: the checked draft; 0 = the one there is
}

// PublicationForm is a decision with the annex that it brings into force.
type PublicationForm struct {
	ActionID string
	Decision DecisionForm
	Annex    []AnnexForm
	FileRefs []string // staged files: the scanned paper
}

// mostAnnex is how many lines one entry may have, mostScans how many files.
const (
	mostAnnex = importChunk
	mostScans = 10
)

// checkedPublication is a decision whose every line can be carried out.
type checkedPublication struct {
	d     procedure.Decision
	lines []annexAct
}

func (c checkedPublication) shown() []procedure.PublicationLine {
	list := make([]procedure.PublicationLine, len(c.lines))
	for i, l := range c.lines {
		list[i] = l.shown()
	}
	return list
}

// checkPublication judges the paper and every line of the annex; it names every
// wrong place.
func (a *App) checkPublication(ctx context.Context, f DecisionForm, annex []AnnexForm) (checkedPublication, error) {
	c, err := a.today()
	if err != nil {
		return checkedPublication{}, err
	}
	p := checkedPublication{d: f.decision(procedure.AboutProcedures)}
	faults := []error{p.d.Check(c.day)}
	if len(annex) == 0 || len(annex) > mostAnnex {
		faults = append(faults, fault.Field("annex", "publication.lines", fault.Args{"n": len(annex), "most": mostAnnex}))
	}
	for i, f := range annex[:min(len(annex), mostAnnex)] {
		line, err := a.annexAct(ctx, c, p.d, i, f)
		if err == nil {
			p.lines = append(p.lines, line)
		}
		faults = append(faults, err)
	}
	return p, joinErrors(faults...)
}

// PreviewPublication says what a decision would open, change and close. Nothing
// is recorded.
func (a *App) PreviewPublication(ctx context.Context, who access.Actor, in PublicationForm) ([]procedure.PublicationLine, error) {
	if !access.May(who, access.ManageProcedure) {
		return nil, denied()
	}
	p, err := a.checkPublication(ctx, in.Decision, in.Annex)
	return p.shown(), err
}

// ProposePublication records a decision with its annex and scanned paper for
// another person to publish. Nothing comes into force before that.
func (a *App) ProposePublication(ctx context.Context, who access.Actor, in PublicationForm) (procedure.Publication, error) {
	if !access.May(who, access.ManageProcedure) {
		return procedure.Publication{}, denied()
	}
	checked, err := a.checkPublication(ctx, in.Decision, in.Annex)
	files, wrong := a.stagedFiles(ctx, who, in.FileRefs, "files")
	if len(in.FileRefs) > mostScans {
		wrong = fault.Field("files", "dossier.too_many", fault.Args{"n": len(in.FileRefs), "most": mostScans})
	}
	if err := joinErrors(err, wrong); err != nil {
		return procedure.Publication{}, err
	}
	p := procedure.Publication{
		ID: newID(), Decision: checked.d, Lines: checked.shown(), State: procedure.PublicationProposed, By: who.ID, ByName: who.Name, At: a.clock(),
	}
	for _, f := range files {
		p.Files = append(p.Files, procedure.DecisionFile{Hash: f.Hash, Name: f.Name, Type: f.Type, Size: f.Size})
	}
	root := store.PublicationRoot(p.ID)
	w := store.Write{Actor: by(who), Action: in.ActionID, Body: in, Roots: []store.Root{root}, Files: in.FileRefs}
	id, err := store.Do(ctx, a.store, w, func(v *store.View) (string, error) {
		for _, hash := range in.FileRefs {
			if _, err := v.Attach(hash); err != nil {
				return "", err
			}
		}
		_, err := store.Record[procedure.Publication](v, root, procedure.EventPublicationProposed, 1, p.Decision.No, p)
		return p.ID, err
	})
	p.ID = id // of the first, when it is a repetition
	return p, err
}

func (a *App) publication(ctx context.Context, id string) (procedure.Publication, error) {
	p, err := store.Get[procedure.Publication](ctx, a.store, store.PublicationRoot(id))
	if fault.KindOf(err) == fault.NotFound || errors.Is(err, store.ErrNoRow) {
		return p, fault.New(fault.NotFound, "publication.unknown", nil)
	}
	return p, err
}

// formOf is a recorded decision as it was entered.
func formOf(d procedure.Decision) DecisionForm {
	return DecisionForm{No: d.No, On: d.On, Signer: d.Signer, Title: d.Title, Issuer: d.Issuer, Kind: d.Kind, Basis: d.Basis, About: d.About}
}

// annexOf are the lines of a publication as they were entered.
func annexOf(p procedure.Publication) []AnnexForm {
	list := make([]AnnexForm, len(p.Lines))
	for i, l := range p.Lines {
		list[i] = AnnexForm{What: l.What, Effect: l.Effect, Code: l.Code, Case: l.Case, From: l.From, Successor: l.Successor, Revision: l.Revision}
		if l.After != nil {
			list[i].Limit = l.After.String()
		}
	}
	return list
}

// Publish brings a decision into force: its procedures are opened, changed and
// closed, taken into or out of the list of reception, and its processes
// published, all of it in one transaction. It needs another person than who
// entered the decision.
//
// It fails with fault.Conflict when it has been decided already, and with
// fault.Invalid when the catalogue has changed so that a line cannot be carried
// out any more.
func (a *App) Publish(ctx context.Context, who access.Actor, actionID, id string) (procedure.Decision, error) {
	if !access.May(who, access.ManageProcedure) {
		return procedure.Decision{}, denied()
	}
	p, err := a.publication(ctx, id)
	if err != nil {
		return procedure.Decision{}, err
	}
	if p.By == who.ID && !who.IsSystem() {
		return procedure.Decision{}, fault.New(fault.Forbidden, "publication.second_person", nil)
	}
	if p.State != procedure.PublicationProposed {
		return procedure.Decision{}, decidedAlready(p)
	}
	d := p.Decision
	checked, err := a.checkPublication(ctx, formOf(d), annexOf(p))
	if err != nil {
		return d, err
	}
	root, own := store.DecisionRoot(d.ID), store.PublicationRoot(id)
	w := store.Write{Actor: by(who), Action: actionID, Body: id, Roots: []store.Root{root, own}}
	for _, l := range checked.lines {
		if r := l.root(); !slices.Contains(w.Roots, r) {
			w.Roots = append(w.Roots, r)
		}
	}
	got, err := store.Do(ctx, a.store, w, func(v *store.View) (procedure.Decision, error) {
		if now, _ := store.Load[procedure.Publication](v, own); now.State != procedure.PublicationProposed {
			return d, decidedAlready(now)
		}
		done := make([]procedure.AnnexLine, len(checked.lines))
		for i, l := range checked.lines {
			var err error
			if done[i], err = l.carryOut(v, who, d); err != nil {
				return d, err
			}
		}
		if err := decide(v, d, done); err != nil {
			return d, err
		}
		if len(p.Files) > 0 {
			if _, err := store.Record[procedure.Decision](v, root, procedure.EventScanned, 1, d.No, p.Files); err != nil {
				return d, err
			}
		}
		word := procedure.PublicationWord{By: who.ID, ByName: who.Name, At: v.Now()}
		if _, err := store.Record[procedure.Publication](v, own, procedure.EventPublicationPublished, 1, d.No, word); err != nil {
			return d, err
		}
		after, _ := store.Load[procedure.Decision](v, root)
		return after, nil
	})
	if err != nil {
		return d, err
	}
	return got, a.Reload(ctx)
}

func decidedAlready(p procedure.Publication) error {
	return fault.New(fault.Conflict, "publication.decided", fault.Args{"state": fault.Line{Key: p.State.Key()}})
}

// WithdrawPublication takes a decision back that has not been published.
func (a *App) WithdrawPublication(ctx context.Context, who access.Actor, actionID, id string) error {
	if !access.May(who, access.ManageProcedure) {
		return denied()
	}
	own := store.PublicationRoot(id)
	w := store.Write{Actor: by(who), Action: actionID, Body: []string{id, "withdraw"}, Roots: []store.Root{own}}
	_, err := store.Do(ctx, a.store, w, func(v *store.View) (string, error) {
		p, ok := store.Load[procedure.Publication](v, own)
		if !ok {
			return id, fault.New(fault.NotFound, "publication.unknown", nil)
		}
		if p.State != procedure.PublicationProposed {
			return id, decidedAlready(p)
		}
		word := procedure.PublicationWord{By: who.ID, ByName: who.Name, At: v.Now()}
		_, err := store.Record[procedure.Publication](v, own, procedure.EventPublicationWithdrawn, 1, p.Decision.No, word)
		return id, err
	})
	return err
}

// PublicationView is a publication with what this person may do.
type PublicationView struct {
	procedure.Publication
	Wrong []*fault.Fault // why it could not be published now
	Own   bool           // entered by this person, so another has to publish it
}

// Publication opens a decision on its way into force.
func (a *App) Publication(ctx context.Context, who access.Actor, id string) (PublicationView, error) {
	if !access.May(who, access.ManageProcedure) {
		return PublicationView{}, denied()
	}
	p, err := a.publication(ctx, id)
	if err != nil {
		return PublicationView{}, err
	}
	v := PublicationView{Publication: p, Own: p.By == who.ID}
	if p.State == procedure.PublicationProposed {
		_, err := a.checkPublication(ctx, formOf(p.Decision), annexOf(p))
		if ft := fault.As(err); ft != nil {
			v.Wrong = ft.Each()
		} else if err != nil {
			return v, err
		}
	}
	return v, nil
}

// WaitingPublications lists the decisions that wait for their second person.
func (a *App) WaitingPublications(ctx context.Context, who access.Actor) ([]procedure.Publication, error) {
	if !access.May(who, access.ManageProcedure) {
		return nil, nil // only the control unit sees them
	}
	return a.store.Publications(ctx, procedure.PublicationProposed, pageSize)
}

// PublicationFile opens a scanned page of a decision that waits.
func (a *App) PublicationFile(ctx context.Context, who access.Actor, id, hash string) (StoredFile, error) {
	if !access.May(who, access.ManageProcedure) {
		return StoredFile{}, denied()
	}
	p, err := a.publication(ctx, id)
	if err != nil {
		return StoredFile{}, err
	}
	return a.scanned(ctx, procedure.Decision{Files: p.Files}, hash)
}

// PublishedDecision opens a decision for everybody: publication decisions are
// public acts.
func (a *App) PublishedDecision(ctx context.Context, id string) (procedure.Decision, error) {
	d, err := store.Get[procedure.Decision](ctx, a.store, store.DecisionRoot(id))
	if fault.KindOf(err) == fault.NotFound || errors.Is(err, store.ErrNoRow) {
		return d, fault.New(fault.NotFound, "procedure.decision_unknown", nil)
	}
	return d, err
}

// DecisionScan opens a scanned page of a decision for everybody.
func (a *App) DecisionScan(ctx context.Context, id, hash string) (StoredFile, error) {
	d, err := a.PublishedDecision(ctx, id)
	if err != nil {
		return StoredFile{}, err
	}
	return a.scanned(ctx, d, hash)
}

func (a *App) scanned(ctx context.Context, d procedure.Decision, hash string) (StoredFile, error) {
	f, ok := d.File(hash)
	if !ok {
		return StoredFile{}, fault.New(fault.NotFound, "blob.unknown", nil)
	}
	body, err := a.blobs.Open(ctx, hash)
	return StoredFile{Name: f.Name, Type: f.Type, Size: f.Size, Body: body}, err
}
