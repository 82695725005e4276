package app

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"github.com/motcua/motcua/internal/core/access"
	"github.com/motcua/motcua/internal/core/civil"
	"github.com/motcua/motcua/internal/core/fault"
	"github.com/motcua/motcua/internal/core/ruleset"
	"github.com/motcua/motcua/internal/core/textfold"
	"github.com/motcua/motcua/internal/printout"
	"github.com/motcua/motcua/internal/store"
)

// FormRow is one printed form whose wording can be edited.
type FormRow struct {
	Form    string // semantic id
	Number  string // Mẫu số under today's rules; may be empty
	Name    string
	Version int // 0 = as shipped
	By      string
}

// WordingView is the wording of one form beside the one that ships.
type WordingView struct {
	FormRow
	Phrases  []PhraseRow
	Versions []WordingVersion // the newest first
}

// PhraseRow is one text of a form, as it is and as it ships.
type PhraseRow struct {
	Key     string
	Text    string
	Shipped string
}

// WordingVersion is one publication of a form's wording.
type WordingVersion struct {
	Version  int
	At       time.Time
	By       string
	Document string
	Reason   string
}

// WordingForm is a form's wording as it is edited.
type WordingForm struct {
	ActionID string
	Form     string
	Base     int // version that the person saw
	Phrases  map[string]string
	Document string
	Reason   string
}

// Forms lists the printed forms, those with a legal number first.
func (a *App) Forms(_ context.Context, who access.Actor) ([]FormRow, error) {
	if !access.May(who, access.ManageForm) {
		return nil, denied()
	}
	var rows []FormRow
	for _, form := range a.printer.Forms() {
		rows = append(rows, a.formRow(form))
	}
	slices.SortStableFunc(rows, func(x, y FormRow) int {
		switch {
		case (x.Number == "") != (y.Number == ""):
			return b2i(x.Number == "") - b2i(y.Number == "")
		case x.Number != y.Number:
			return strings.Compare(x.Number, y.Number)
		}
		return strings.Compare(x.Name, y.Name)
	})
	return rows, nil
}

func (a *App) formRow(form string) FormRow {
	r := FormRow{Form: form, Name: form}
	if rules, err := ruleset.On(civil.DateOf(a.clock())); err == nil {
		if f, ok := rules.Form(form); ok {
			r.Number, r.Name = f.Number, f.Name
		}
	}
	w := a.directory.Load().wordings[form]
	r.Version, r.By = w.Version, w.By
	return r
}

// Wording shows the text of one form for editing. An unknown form is
// fault.NotFound.
func (a *App) Wording(ctx context.Context, who access.Actor, form string) (WordingView, error) {
	if !access.May(who, access.ManageForm) {
		return WordingView{}, denied()
	}
	shipped, err := a.printer.Wording(form)
	if err != nil {
		return WordingView{}, err
	}
	v := WordingView{FormRow: a.formRow(form)}
	own := map[string]string{}
	for _, p := range a.directory.Load().wordings[form].Phrases {
		own[p.Key] = p.Text
	}
	for _, p := range shipped.Phrases {
		row := PhraseRow{Key: p.Key, Text: p.Text, Shipped: p.Text}
		if text, ok := own[p.Key]; ok {
			row.Text = text
		}
		v.Phrases = append(v.Phrases, row)
	}
	events, err := a.store.StreamEvents(ctx, store.WordingRoot(form))
	if err != nil {
		return v, err
	}
	for _, e := range slices.Backward(events) {
		var w ruleset.Wording
		if err := json.Unmarshal(e.Payload, &w); err != nil {
			return v, err
		}
		v.Versions = append(v.Versions, WordingVersion{Version: w.Version, At: e.At, By: w.By, Document: w.Document, Reason: w.Reason})
	}
	return v, nil
}

// SaveWording publishes the next version of a form's wording. Slips printed from
// then on have it; what was printed before stays as it is.
//
// It fails with fault.Invalid, phrase by phrase, for a text that would break the
// form: a field that got lost or that it does not have, a mark without its
// partner, characters that cannot be printed; and with fault.Conflict when
// somebody was faster or nothing changes.
func (a *App) SaveWording(ctx context.Context, who access.Actor, f WordingForm) (int, error) {
	if !access.May(who, access.ManageForm) {
		return 0, denied()
	}
	shipped, err := a.printer.Wording(f.Form)
	if err != nil {
		return 0, err
	}
	w := ruleset.Wording{Form: f.Form, Version: f.Base + 1, Document: textfold.Clean(f.Document), Reason: textfold.Clean(f.Reason), By: who.Name}
	for _, p := range shipped.Phrases {
		text, ok := f.Phrases[p.Key]
		if !ok {
			text = p.Text // a form without the phrase leaves it as it ships
		}
		w.Phrases = append(w.Phrases, ruleset.Phrase{Key: p.Key, Text: strings.TrimSpace(text)})
	}
	for key := range f.Phrases {
		if !slices.ContainsFunc(shipped.Phrases, func(p printout.Phrase) bool { return p.Key == key }) {
			return 0, fault.Field(key, "printout.phrase_unknown", fault.Args{"key": key})
		}
	}
	if err := joinErrors(a.printer.CheckWording(printed(w)), checkWordingReason(w)); err != nil {
		return 0, err
	}
	if have, ok := a.directory.Load().wordings[f.Form]; ok && slices.Equal(have.Phrases, w.Phrases) || !ok && slices.Equal(printed(w).Phrases, shipped.Phrases) {
		return 0, fault.New(fault.Conflict, "wording.nothing_changes", nil)
	}
	write := store.Write{Actor: by(who), Action: f.ActionID, Body: f, Roots: []store.Root{store.WordingRoot(f.Form)}}
	return publishNext(ctx, a, write, store.EventWordingPublished, w.Document, w, func(w ruleset.Wording) int { return w.Version })
}

// publishNext records next as the version after the one that stands in the
// write's only root, and answers its number. It fails with fault.Conflict when
// somebody else has published in between.
func publishNext[T any](ctx context.Context, a *App, w store.Write, event, ground string, next T, version func(T) int) (int, error) {
	root := w.Roots[0]
	n, err := store.Do(ctx, a.store, w, func(v *store.View) (int, error) {
		have, _ := store.Load[T](v, root)
		if seen := version(next) - 1; version(have) != seen {
			return 0, fault.New(fault.Conflict, "wording.changed_meanwhile", fault.Args{"seen": seen, "now": version(have)})
		}
		_, err := store.Record[T](v, root, event, 1, ground, next)
		return version(next), err
	})
	if err != nil {
		return 0, err
	}
	return n, a.Reload(ctx)
}

func checkWordingReason(w ruleset.Wording) error {
	if w.Reason == "" {
		return fault.Field("reason", "wording.reason_missing", nil)
	}
	if n := len([]rune(w.Reason)); n > mostCalendarReason {
		return fault.Field("reason", "dossier.too_long", fault.Args{"n": n, "most": mostCalendarReason})
	}
	return nil
}

// printed is a wording as the printer takes it.
func printed(w ruleset.Wording) printout.Wording {
	out := printout.Wording{Form: w.Form, Version: w.Version}
	for _, p := range w.Phrases {
		out.Phrases = append(out.Phrases, printout.Phrase{Key: p.Key, Text: p.Text})
	}
	return out
}

// loadWordings reads the wordings in force. One that does not fit its form any
// more, as after a release that gave the form a new field, is left out: the form
// is printed as it ships until somebody edits it again.
func (a *App) loadWordings(ctx context.Context) (map[string]ruleset.Wording, error) {
	list, err := a.store.Wordings(ctx)
	if err != nil {
		return nil, err
	}
	fit := make(map[string]ruleset.Wording, len(list))
	for _, w := range list {
		if err := a.printer.CheckWording(printed(w)); err != nil {
			a.log.WarnContext(ctx, "a published wording does not fit its form", "form", w.Form, "version", w.Version, "error", err)
			w.Phrases = nil
		}
		fit[w.Form] = w
	}
	return fit, nil
}
