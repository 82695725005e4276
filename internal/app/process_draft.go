package app

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"slices"

	"github.com/motcua/motcua/internal/core/access"
	"github.com/motcua/motcua/internal/core/fault"
	"github.com/motcua/motcua/internal/core/process"
	"github.com/motcua/motcua/internal/core/textfold"
	"github.com/motcua/motcua/internal/store"
)

// ProcessForm is a draft as an editor sends it.
type ProcessForm struct {
	ActionID string
	ProcessKey
	Revision int // savings that the person has seen; 0 = nothing was drawn yet
	Template process.Template
	Note     string
}

// ProcessSaved answers a saved draft. Its problems do not keep it from being
// saved, only from being published.
type ProcessSaved struct {
	Revision int
	Problems []process.Problem
}

// Bounds of a draft.
const (
	mostProcessBytes = 1 << 20 // its JSON form, drawing included
	mostProcessNote  = 1000    // characters
)

// MayDrawProcess fails for whoever may not draw processes.
func (a *App) MayDrawProcess(who access.Actor) error {
	if !access.May(who, access.DrawProcess) {
		return denied()
	}
	return nil
}

// SaveProcess keeps a draft (lưu dự thảo) and says what is still wrong with it.
// An earlier check by the control unit is void.
//
// It fails with fault.Conflict "process.changed_meanwhile" when somebody has
// saved another one since, and with fault.Invalid on a draft that is too large.
func (a *App) SaveProcess(ctx context.Context, who access.Actor, in ProcessForm) (ProcessSaved, error) {
	if err := a.MayDrawProcess(who); err != nil {
		return ProcessSaved{}, err
	}
	p, day, err := a.processProcedure(in.ProcessKey)
	if err != nil {
		return ProcessSaved{}, err
	}
	t := cleanTemplate(in.Template)
	t.ID, t.Procedure, t.Case = in.ID(), in.Procedure, in.Case
	if t.Name == "" {
		t.Name = p.Name
	}
	note := cleanLines(in.Note)
	if n := len([]rune(note)); n > mostProcessNote {
		return ProcessSaved{}, fault.Field("note", "dossier.too_long", fault.Args{"n": n, "most": mostProcessNote})
	}
	if body, err := json.Marshal(t); err != nil || len(body) > mostProcessBytes {
		return ProcessSaved{}, fault.Field("process", "process.draft_large", fault.Args{"most": mostProcessBytes >> 10})
	}
	root := store.ProcessRoot(in.ID())
	w := store.Write{Actor: by(who), Action: in.ActionID, Body: in, Roots: []store.Root{root}}
	revision, err := store.Do(ctx, a.store, w, func(v *store.View) (int, error) {
		r, _ := store.Load[process.Record](v, root)
		if r.Saved != in.Revision {
			return 0, fault.New(fault.Conflict, "process.changed_meanwhile", fault.Args{"name": savedBy(r)})
		}
		t := t
		t.Version = r.Next()
		d := process.Draft{Template: t, Revision: r.Saved + 1, Note: note, By: who.ID, ByName: who.Name, At: v.Now()}
		_, err := store.Record[process.Record](v, root, process.EventDrafted, 1, "", d)
		return d.Revision, err
	})
	if err != nil {
		return ProcessSaved{}, err
	}
	return ProcessSaved{revision, a.judgeProcess(t, p, in.Case, day)}, a.Reload(ctx)
}

// savedBy names who saved last.
func savedBy(r process.Record) string {
	if r.Draft != nil {
		return r.Draft.ByName
	}
	last, _ := r.Latest()
	return last.ByName
}

// cleanTemplate puts names and conditions into the form in which they are kept.
func cleanTemplate(t process.Template) process.Template {
	t.Name = textfold.Clean(t.Name)
	t.Steps, t.Flows = slices.Clone(t.Steps), slices.Clone(t.Flows)
	for i := range t.Steps {
		s := &t.Steps[i]
		s.ID, s.Name, s.Unit, s.Role = textfold.Clean(s.ID), textfold.Clean(s.Name), textfold.Clean(s.Unit), textfold.Clean(s.Role)
	}
	for i := range t.Flows {
		f := &t.Flows[i]
		f.ID, f.From, f.To, f.Name, f.When = textfold.Clean(f.ID), textfold.Clean(f.From), textfold.Clean(f.To), textfold.Clean(f.Name), cleanLines(f.When)
	}
	return t
}

// ProcessAct is an act on the draft of a process.
type ProcessAct struct {
	ActionID string
	ProcessKey
	Revision int
	Note     string
}

// SubmitProcess asks the control unit to check a draft (trình kiểm tra): nothing
// may be wrong with it any more. It fails with fault.Invalid and every problem at
// its place.
func (a *App) SubmitProcess(ctx context.Context, who access.Actor, in ProcessAct) error {
	if !access.May(who, access.DrawProcess) {
		return denied()
	}
	return a.onSoundDraft(ctx, who, in, func(v *store.View, root store.Root, r process.Record) error {
		asked := process.Submission{Revision: r.Draft.Revision, Note: cleanLines(in.Note), By: who.ID, ByName: who.Name, At: v.Now()}
		_, err := store.Record[process.Record](v, root, process.EventSubmitted, 1, "", asked)
		return err
	})
}

// ReviewProcess records the control unit's check of a submitted draft (kiểm soát
// chất lượng quy trình, TT 01/2018/TT-VPCP art 8.3): nothing may be wrong with it
// any more, and who drew it may not check it. It fails with fault.Invalid and
// every problem at its place.
func (a *App) ReviewProcess(ctx context.Context, who access.Actor, in ProcessAct) error {
	if !access.May(who, access.PublishProcess) {
		return denied()
	}
	return a.onSoundDraft(ctx, who, in, func(v *store.View, root store.Root, r process.Record) error {
		switch {
		case r.Draft.Submitted == nil:
			return fault.New(fault.Conflict, "process.not_submitted", nil)
		case r.Draft.By == who.ID || r.Draft.Submitted.By == who.ID:
			return fault.New(fault.Conflict, "process.own_review", nil)
		}
		review := process.Review{Revision: r.Draft.Revision, Note: cleanLines(in.Note), By: who.ID, ByName: who.Name, At: v.Now()}
		_, err := store.Record[process.Record](v, root, process.EventReviewed, 1, "", review)
		return err
	})
}

// onSoundDraft changes a record whose draft is the one that the person saw, if
// nothing is wrong with it.
func (a *App) onSoundDraft(ctx context.Context, who access.Actor, in ProcessAct, change func(*store.View, store.Root, process.Record) error) error {
	p, day, err := a.processProcedure(in.ProcessKey)
	if err != nil {
		return err
	}
	if n := len([]rune(cleanLines(in.Note))); n > mostProcessNote {
		return fault.Field("note", "dossier.too_long", fault.Args{"n": n, "most": mostProcessNote})
	}
	seen, err := a.processRecord(ctx, in.ProcessKey)
	if err != nil {
		return err
	}
	if err := sameDraft(seen, in.Revision); err != nil {
		return err
	}
	if err := problemsFault(a.judgeProcess(seen.Draft.Template, p, in.Case, day)); err != nil {
		return err
	}
	return a.onDraft(ctx, who, in, change)
}

// DropProcess gives a draft up. What is published stays in force.
func (a *App) DropProcess(ctx context.Context, who access.Actor, in ProcessAct) error {
	if !access.May(who, access.DrawProcess) {
		return denied()
	}
	return a.onDraft(ctx, who, in, func(v *store.View, root store.Root, r process.Record) error {
		_, err := store.Record[process.Record](v, root, process.EventDropped, 1, "", struct{}{})
		return err
	})
}

// onDraft changes a record that still has the draft that the person saw.
func (a *App) onDraft(ctx context.Context, who access.Actor, in ProcessAct, change func(*store.View, store.Root, process.Record) error) error {
	root := store.ProcessRoot(in.ID())
	w := store.Write{Actor: by(who), Action: in.ActionID, Body: in, Roots: []store.Root{root}}
	_, err := store.Do(ctx, a.store, w, func(v *store.View) (bool, error) {
		r, _ := store.Load[process.Record](v, root)
		if err := sameDraft(r, in.Revision); err != nil {
			return false, err
		}
		return true, change(v, root, r)
	})
	if err != nil {
		return err
	}
	return a.Reload(ctx)
}

// sameDraft refuses when there is no draft, or another than the person saw.
func sameDraft(r process.Record, revision int) error {
	switch {
	case r.Draft == nil:
		return fault.New(fault.Conflict, "process.no_draft", nil)
	case r.Draft.Revision != revision:
		return fault.New(fault.Conflict, "process.changed_meanwhile", fault.Args{"name": savedBy(r)})
	}
	return nil
}

// problemsFault makes one Invalid fault of all problems, each at its place.
func problemsFault(problems []process.Problem) error {
	faults := make([]*fault.Fault, len(problems))
	for i, p := range problems {
		faults[i] = p.Fault()
	}
	return fault.Join(faults...)
}

// ImportedProcess answers an uploaded BPMN file.
type ImportedProcess struct {
	ProcessSaved
	Refused []process.Refused // when not empty, nothing was kept
}

// ImportProcess takes a BPMN 2.0 file as the draft of a process. What the file
// has beyond the supported subset is refused by element, place and reason, and
// then nothing is kept; conditions in another language are kept as text and
// reported as problems.
func (a *App) ImportProcess(ctx context.Context, who access.Actor, in ProcessAct, file io.Reader) (ImportedProcess, error) {
	return a.takeDrawing(ctx, who, in, func() (process.Template, []process.Refused, error) { return process.Import(file) })
}

// DrawProcess takes what the drawing board sends as the draft of a process. It
// is ImportProcess for a drawing that may be unfinished: what is wrong with the
// way of dossiers through it is kept and reported as problems.
func (a *App) DrawProcess(ctx context.Context, who access.Actor, in ProcessAct, file io.Reader) (ImportedProcess, error) {
	return a.takeDrawing(ctx, who, in, func() (process.Template, []process.Refused, error) { return process.ImportDraft(file) })
}

func (a *App) takeDrawing(ctx context.Context, who access.Actor, in ProcessAct, read func() (process.Template, []process.Refused, error)) (ImportedProcess, error) {
	if !access.May(who, access.DrawProcess) {
		return ImportedProcess{}, denied()
	}
	t, refused, err := read()
	if err != nil || len(refused) > 0 {
		return ImportedProcess{Refused: refused}, err
	}
	saved, err := a.SaveProcess(ctx, who, ProcessForm{ActionID: in.ActionID, ProcessKey: in.ProcessKey, Revision: in.Revision, Template: t, Note: in.Note})
	return ImportedProcess{ProcessSaved: saved}, err
}

// ExportProcess gives a process as a BPMN 2.0 file: a published version by its
// number, or with 0 what an editor would begin with.
func (a *App) ExportProcess(ctx context.Context, who access.Actor, k ProcessKey, number int) (name string, file []byte, err error) {
	v, err := a.ProcessPage(ctx, who, k)
	if err != nil {
		return "", nil, err
	}
	t := v.Template
	if number > 0 {
		p, ok := v.Record.Number(number)
		if !ok {
			return "", nil, fault.New(fault.NotFound, "process.version_unknown", fault.Args{"id": k.ID(), "version": number})
		}
		t = p.Template
	}
	return k.ID() + ".bpmn", bytes.TrimSpace(process.Export(t)), nil
}
