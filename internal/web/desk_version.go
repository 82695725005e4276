package web

import (
	"strconv"
	"strings"

	"github.com/motcua/motcua/internal/app"
	"github.com/motcua/motcua/internal/core/dossier"
	"github.com/motcua/motcua/internal/i18n"
)

// changedFact is one fact of a dossier as it was when a form was opened and as
// it is now. A value that begins a message is a key.
type changedFact struct {
	Key               string
	Before, Now       string
	BeforeKey, NowKey string
}

// versionsOf lists the facts that differ between two versions of a dossier.
func versionsOf(before, now dossier.Dossier) []changedFact {
	all := []changedFact{
		{Key: "desk.status", BeforeKey: before.Status.Key(), NowKey: now.Status.Key()},
		{Key: "desk.col.step", Before: tasksOf(before), Now: tasksOf(now)},
		{Key: "inbox.parts.holder", Before: holdersOf(before), Now: holdersOf(now)},
		{Key: "desk.deadline.due", Before: dueOf(before), Now: dueOf(now)},
		{Key: "desk.papers", Before: strconv.Itoa(len(before.Files())), Now: strconv.Itoa(len(now.Files()))},
		{Key: "desk.fee", BeforeKey: feeKey(before.Fee), NowKey: feeKey(now.Fee)},
	}
	var out []changedFact
	for _, l := range all {
		if l.Before != l.Now || l.BeforeKey != l.NowKey {
			out = append(out, l)
		}
	}
	return out
}

// keptText is what was typed into a form of an act that can no longer be done,
// so that nothing is lost.
func (s *Server) keptText(v app.DossierView, failed failedAct) []fact {
	for _, o := range v.Offers {
		if o.Act == failed.act {
			return nil // the form itself is there
		}
	}
	var out []fact
	for _, name := range looks[failed.act].fields {
		field := s.fieldOf(v, name, failed.form, nil)
		words := failed.form.Values[field.Control.Name]
		if field.Kind == "files" || field.Control.Name == "" || strings.TrimSpace(strings.Join(words, "")) == "" {
			continue
		}
		out = append(out, fact{field.Control.Label, strings.Join(words, "; ")})
	}
	return out
}

func tasksOf(d dossier.Dossier) string {
	var names []string
	for _, t := range d.Tasks {
		names = append(names, t.Name+" ("+t.UnitName+")")
	}
	return strings.Join(names, "; ")
}

func holdersOf(d dossier.Dossier) string {
	var names []string
	for _, t := range d.Tasks {
		if t.HolderName != "" {
			names = append(names, t.HolderName)
		}
	}
	return strings.Join(names, "; ")
}

func dueOf(d dossier.Dossier) string {
	if d.Deadline.DueAt.IsZero() {
		return ""
	}
	return i18n.Datetime(i18n.Vietnamese, d.Deadline.DueAt)
}
