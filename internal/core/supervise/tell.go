// Package supervise watches promises: whom to warn before one is broken and
// when, what the agency owes once it is, and what applicants have to be told.
// It decides on plain values; jobs and acts carry the decisions out.
package supervise

import (
	"github.com/motcua/motcua/internal/core/civil"
	"github.com/motcua/motcua/internal/core/dossier"
	"github.com/motcua/motcua/internal/core/fault"
	"github.com/motcua/motcua/internal/core/notice"
	"github.com/motcua/motcua/internal/core/ruleset"
)

// Telling is what an applicant has to be told.
type Telling struct {
	Matter notice.Matter
	Args   fault.Args
	Form   string // the slip that goes along, where it was signed electronically
}

// Line is the sentence that the applicant reads.
func (t Telling) Line() fault.Line { return fault.Line{Key: t.Matter.Text(), Args: t.Args} }

// Tell compares a dossier before and after an act and says what the applicant
// has to be told of it, if anything: one decision, one message (NĐ 61/2018 art
// 19.9 and 20; TT 01/2018 art 16). before is the zero Dossier for a new one.
//
// Whoever stands at the counter is not written to: a result on the spot and
// guidance at reception need no message.
func Tell(act dossier.Act, before, after dossier.Dossier) (Telling, bool) {
	request, asked := after.OpenSupplement()
	_, earlier := before.OpenSupplement()
	_, owes := after.OpenObligation()
	_, owed := before.OpenObligation()
	away := before.Status != 0 || after.Channel != dossier.Direct
	switch {
	case act == dossier.RefuseReception && away:
		return telling(after, notice.ReceptionRefused, fault.Args{})
	case act == dossier.Stop:
		return telling(after, notice.HandlingStopped, fault.Args{})
	case act == dossier.Apologise && after.Deadline.Apology != nil:
		return telling(after, notice.Apology, fault.Args{"from": after.Deadline.DueOn.Show(), "to": after.Deadline.Apology.DueOn.Show()})
	case act == dossier.Remind && asked:
		return telling(after, notice.SupplementRemind, fault.Args{"until": civil.DateOf(request.DueAt).Show()})
	case act == dossier.ExpireSupplement && after.Status.Ended():
		return telling(after, notice.SupplementExpired, fault.Args{})
	case after.Status == dossier.Resolved && before.Status != dossier.Resolved && away && after.Deadline.Limit.Unit != civil.AtOnce:
		return result(after)
	case asked && !earlier && away:
		return supplement(after, request)
	case owes && !owed && away:
		return telling(after, notice.ObligationTold, fault.Args{})
	}
	return Telling{}, false
}

func telling(d dossier.Dossier, m notice.Matter, args fault.Args) (Telling, bool) {
	args["code"], args["unit"] = d.Name(), d.UnitName
	t := Telling{Matter: m, Args: args, Form: forms[m]}
	if refused := m == notice.ResultReady || m == notice.ResultEarly; refused && d.Result != nil && d.Result.Refusal {
		t.Form = ruleset.Refusal
	}
	return t, true
}

// forms are the slips that tell in full what a message is about.
var forms = map[notice.Matter]string{
	notice.Apology:           ruleset.Apology,
	notice.SupplementAsked:   ruleset.SupplementRequest,
	notice.SupplementBy:      ruleset.SupplementRequest,
	notice.SupplementRemind:  ruleset.SupplementRequest,
	notice.SupplementExpired: ruleset.StopNotice,
	notice.ReceptionRefused:  ruleset.Refusal,
	notice.HandlingStopped:   ruleset.StopNotice,
}

// result tells that the result is there; early ones are announced as such.
func result(d dossier.Dossier) (Telling, bool) {
	if d.FinishedAt != nil && !d.Deadline.DueAt.IsZero() && d.Punctual(*d.FinishedAt) == civil.Early {
		return telling(d, notice.ResultEarly, fault.Args{"due": d.Deadline.DueOn.Show()})
	}
	return telling(d, notice.ResultReady, fault.Args{})
}

func supplement(d dossier.Dossier, s dossier.Supplement) (Telling, bool) {
	if s.DueAt.IsZero() {
		return telling(d, notice.SupplementAsked, fault.Args{})
	}
	return telling(d, notice.SupplementBy, fault.Args{"until": civil.DateOf(s.DueAt).Show()})
}

// Later tells that a promise was moved to a later day because the work calendar
// changed, and why it did; ok is false when the day is none later.
func Later(before, after dossier.Dossier, reason string) (t Telling, ok bool) {
	if !after.Deadline.DueOn.After(before.Deadline.DueOn) {
		return Telling{}, false
	}
	return telling(after, notice.DueLater, fault.Args{
		"from": before.Deadline.DueOn.Show(), "to": after.Deadline.DueOn.Show(), "reason": reason,
	})
}
