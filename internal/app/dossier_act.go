package app

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/motcua/motcua/internal/core/access"
	"github.com/motcua/motcua/internal/core/civil"
	"github.com/motcua/motcua/internal/core/dossier"
	"github.com/motcua/motcua/internal/core/fault"
	"github.com/motcua/motcua/internal/core/party"
	"github.com/motcua/motcua/internal/store"
)

// ActInput is one act on an existing dossier, as a form or the API sends it.
type ActInput struct {
	ActionID string
	Code     string
	dossier.Input
	FileRefs []string    // hashes of staged files to attach, in order
	Papers   []PaperForm // supply, correct: papers with staged files
	Owner    *PartyForm  // correct: the corrected owner
	Subject  *string     // correct: the corrected abstract
	Result   *DraftForm  `json:",omitempty"` // propose: the text of the result document
	For      string      `json:",omitempty"` // id of who is away and for whom he acts; empty = as he can
	Block    string      `json:",omitempty"` // sign: the signature block, as Blocks names it; empty = the first
	// At is when it happens in a simulation's story; see ReceptionForm.At.
	At time.Time `json:"-"`
}

// Act carries out one act of the transition table and returns the dossier as it
// is afterwards. Repeated under the same action id it answers as the first did.
//
// It fails with fault.NotFound when the actor may not know the dossier,
// fault.Conflict when somebody was faster or the status stands against it, and
// fault.Invalid with the field that is missing.
func (a *App) Act(ctx context.Context, who access.Actor, in ActInput) (dossier.Dossier, error) {
	d, err := a.act(ctx, who, in)
	if err == nil {
		return d, nil
	}
	got, err := a.repeated(ctx, who, in.ActionID, in, err)
	if err != nil {
		return dossier.Dossier{}, err
	}
	return a.written(ctx, got)
}

// repeated answers a command that failed with what the first of its kind
// answered: what a first command changed may make its repetition look wrong.
// Otherwise the failure stays.
func (a *App) repeated(ctx context.Context, who access.Actor, action string, body any, failure error) (written, error) {
	got, ok, err := store.Repeated[written](ctx, a.store, store.Write{Actor: by(who), Action: action, Body: body})
	switch {
	case ok:
		return got, nil
	case fault.Is(err, "store.action_reused"):
		return written{}, err
	}
	return written{}, failure
}

func (a *App) act(ctx context.Context, who access.Actor, in ActInput) (dossier.Dossier, error) {
	sent := in
	if err := in.clean(); err != nil {
		return dossier.Dossier{}, err
	}
	id, err := a.dossierID(ctx, in.Code)
	if err != nil {
		return dossier.Dossier{}, err
	}
	seen, err := store.Get[dossier.Dossier](ctx, a.store, store.DossierRoot(id))
	if err != nil {
		return dossier.Dossier{}, err
	}
	as, err := a.actingAs(who, seen, in)
	if err != nil {
		return dossier.Dossier{}, err
	}
	if err := dossier.Allowed(seen, as, in.Input); err != nil {
		return dossier.Dossier{}, err
	}
	if err := a.fillAct(ctx, who, seen, &in); err != nil {
		return dossier.Dossier{}, err
	}
	if err := a.prepareDocument(ctx, who, as, seen, &in); err != nil {
		return dossier.Dossier{}, err
	}
	plan, err := a.planFor(ctx, seen)
	if err != nil {
		return dossier.Dossier{}, err
	}
	if plan.party, err = a.ownDossier(ctx, who, id); err != nil {
		return dossier.Dossier{}, err
	}
	if err := a.prepareLetter(ctx, who, as, seen, plan, &in); err != nil {
		return dossier.Dossier{}, err
	}
	letter, bell := store.MessageRoot(newID()), store.NoticeRoot(newID())
	w := store.Write{Actor: by(as), Action: in.ActionID, Body: sent, Files: fileHashes(in), Roots: []store.Root{store.DossierRoot(id), letter}}
	if in.Act == dossier.Apologise {
		w.Roots = append(w.Roots, bell)
	}
	if !in.At.IsZero() {
		w.At = a.at(in.At)
	}
	book := a.numberingOf(seen, civil.DateOf(a.at(in.At)))
	series := book.series()
	if in.Act == dossier.Number {
		w.Series = []store.Series{series}
	}
	got, err := store.Do(ctx, a.store, w, func(v *store.View) (written, error) {
		d, ok := store.Load[dossier.Dossier](v, store.DossierRoot(id))
		if !ok {
			return written{}, unknownDossier(in.Code)
		}
		for _, hash := range w.Files {
			if _, err := v.Attach(hash); err != nil {
				return written{}, err
			}
		}
		c := plan.context(v, as, id)
		c.ResultNo = func() (string, dossier.Entry) {
			e := dossier.Entry{Unit: book.unit, Book: book.book, Year: book.year, No: v.Number(series), At: v.Now()}
			return fmt.Sprintf("%d/%s", e.No, book.symbol), e
		}
		ev, err := dossier.Decide(d, c, in.Input)
		if err != nil {
			return written{}, err
		}
		a.reindex(v, id, in)
		got, err := a.recordTold(v, letter, in.Act, d, ev)
		if err == nil && in.Act == dossier.Apologise {
			err = tellReception(v, bell, *got.now)
		}
		return got, err
	})
	if err != nil {
		return dossier.Dossier{}, err
	}
	return a.written(ctx, got)
}

// fillAct resolves names to what the rule reads: files, the assignee, the
// corrected person.
func (a *App) fillAct(ctx context.Context, who access.Actor, seen dossier.Dossier, in *ActInput) error {
	files, err := a.stagedFiles(ctx, who, in.FileRefs, "files")
	if err != nil {
		return err
	}
	in.Input.Files = files
	if in.Act == dossier.Assign {
		s, err := a.assignee(ctx, who, seen, in.Task, in.Staff)
		if err != nil {
			return err
		}
		in.Staff, in.StaffName = s.ID, s.Name
	}
	if in.Papers != nil {
		if in.Input.Papers, err = a.changedPapers(ctx, who, seen, in.Papers); err != nil {
			return err
		}
	}
	if in.Act == dossier.Correct && (in.Owner != nil || in.Subject != nil) {
		private, err := a.private(ctx, seen)
		if err != nil {
			return err
		}
		if in.Owner != nil {
			p, err := in.Owner.parse("owner", a.partyOptions(civil.DateOf(a.clock())))
			if err != nil {
				return err
			}
			private.Owner = recordParty(p)
		}
		if in.Subject != nil {
			if n := len([]rune(*in.Subject)); n > mostSubject {
				return fault.Field("subject", "dossier.too_long", fault.Args{"n": n, "most": mostSubject})
			}
			private.Subject = strings.TrimSpace(*in.Subject)
		}
		in.Private = &private
	}
	return nil
}

// changedPapers puts new counts and files into the dossier's papers; what is not
// named stays.
func (a *App) changedPapers(ctx context.Context, who access.Actor, d dossier.Dossier, in []PaperForm) ([]dossier.Paper, error) {
	papers := append([]dossier.Paper(nil), d.Papers...)
	var faults []*fault.Fault
	for _, f := range in {
		at := -1
		for i := range papers {
			if papers[i].ID == f.ID {
				at = i
			}
		}
		if at < 0 {
			name, ok := a.paperName(d, f.ID)
			if !ok {
				faults = append(faults, fault.Field("papers."+f.ID, "dossier.paper_unknown", fault.Args{"paper": f.ID}))
				continue
			}
			papers = append(papers, dossier.Paper{ID: f.ID, Name: name})
			at = len(papers) - 1
		}
		var hashes []string
		for _, file := range f.Files {
			hashes = append(hashes, file.Hash)
		}
		files, err := a.stagedFiles(ctx, who, hashes, "papers."+f.ID)
		if err != nil {
			return nil, err
		}
		p := &papers[at]
		p.Originals, p.Certified, p.Copies = f.Originals, f.Certified, f.Copies
		p.Files = append(append([]dossier.File(nil), p.Files...), files...)
	}
	return papers, fault.Join(faults...)
}

// paperName is the name of a paper that the dossier's procedure version knows.
func (a *App) paperName(d dossier.Dossier, id string) (string, bool) {
	p, ok := a.catalogue.Load().records[d.Procedure.Code].Number(d.Procedure.Version)
	if !ok {
		return "", false
	}
	known, ok := p.Paper(id)
	return known.Name, ok
}

func fileHashes(in ActInput) []string {
	all := append([]string(nil), in.FileRefs...)
	if in.Input.Signed != nil {
		all = append(all, in.Input.Signed.Hash)
	}
	if in.Letter != nil {
		all = append(all, in.Letter.File.Hash)
	}
	for _, p := range in.Papers {
		for _, f := range p.Files {
			all = append(all, f.Hash)
		}
	}
	return all
}

// reindex makes a corrected owner findable under the corrected values.
func (a *App) reindex(v *store.View, id string, in ActInput) {
	if in.Act != dossier.Correct || in.Private == nil {
		return
	}
	r := reception{owner: partyOf(in.Private.Owner)}
	if s := in.Private.Submitter; s != nil {
		p := partyOf(*s)
		r.submitter = &p
	}
	r.index(a, v, id)
}

func partyOf(p dossier.Party) party.Party {
	return party.Party{Name: p.Name, PersonalID: party.PersonalID(p.PersonalID), TaxCode: party.TaxCode(p.TaxCode), Phone: party.Phone(p.Phone)}
}

// written is the answer of a write to one dossier. What is kept with the command
// is small: the state at that version can always be folded from the journal.
type written struct {
	ID      string `json:"id"`
	Version int64  `json:"version"`
	now     *dossier.Dossier
}

// record appends a decided event to a dossier's stream.
func record(v *store.View, id string, ev dossier.Event) (written, error) {
	d, err := store.Record[dossier.Dossier](v, store.DossierRoot(id), ev.Type, ev.Version, ev.Ground, ev.Payload)
	return written{ID: id, Version: d.Version, now: &d}, err
}

// recordTold appends a decided event and writes what the applicant has to be told
// of it into the outbox, under a message's root that the write declares.
func (a *App) recordTold(v *store.View, letter store.Root, act dossier.Act, before dossier.Dossier, ev dossier.Event) (written, error) {
	got, err := record(v, before.ID, ev)
	if err != nil {
		return got, err
	}
	return got, a.tell(v, letter, act, before, *got.now)
}

// written is the dossier as a write left it; for a repeated command, as the
// first left it.
func (a *App) written(ctx context.Context, w written) (dossier.Dossier, error) {
	if w.now != nil {
		return *w.now, nil
	}
	return a.dossierAt(ctx, w.ID, w.Version)
}

// private opens the personal part of a dossier. It fails with fault.NotFound
// "store.erased" when the key has been destroyed at the end of retention.
func (a *App) private(ctx context.Context, d dossier.Dossier) (dossier.Private, error) {
	plain, err := a.store.Unseal(ctx, d.ID, sealClass, d.Private)
	if err != nil {
		return dossier.Private{}, err
	}
	return readPrivate(plain, d)
}

func readPrivate(plain []byte, d dossier.Dossier) (dossier.Private, error) {
	var p dossier.Private
	if err := json.Unmarshal(plain, &p); err != nil {
		return p, fmt.Errorf("read the personal part of dossier %s: %w", d.Name(), err)
	}
	return p, nil
}

// dossierID finds a dossier by its code, or by the reference it had before.
func (a *App) dossierID(ctx context.Context, code string) (string, error) {
	id, err := a.store.DossierIDByName(ctx, cleanCode(code))
	if err != nil {
		return "", err
	}
	if id == "" {
		return "", unknownDossier(code)
	}
	return id, nil
}

func unknownDossier(code string) error {
	return fault.New(fault.NotFound, "dossier.unknown", fault.Args{"code": code})
}

// cleanCode is a code as people type it, in the form in which it is kept.
func cleanCode(code string) string {
	return strings.ToUpper(strings.Join(strings.Fields(code), ""))
}

// series numbers the documents of a unit's book by year (sổ đăng ký văn bản đi).
func (n numbering) series() store.Series {
	key := fmt.Sprintf("%s|%d", n.unit, n.year)
	if n.book != plainBook {
		key += "|" + n.book
	}
	return store.Series{Kind: "result", Key: key}
}

// ownDossier reports whether the actor is a party of the dossier, by his keyed
// number among those of its people.
func (a *App) ownDossier(ctx context.Context, who access.Actor, id string) (bool, error) {
	key := a.directory.Load().people[who.ID].IDKey
	if key == "" {
		return false, nil
	}
	return a.store.SubjectHas(ctx, id, "id", key)
}
