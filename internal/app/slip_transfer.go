package app

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/motcua/motcua/internal/core/civil"
	"github.com/motcua/motcua/internal/core/dossier"
	"github.com/motcua/motcua/internal/core/ruleset"
	"github.com/motcua/motcua/internal/printout"
)

// A dossier of several agencies has a transfer slip (phiếu chuyển xử lý) for
// each part that went to one of them; the slips are numbered in the order in
// which the parts began: transfer-1, transfer-2 (NĐ 61/2018/NĐ-CP art 19.6).

// transferForm is the id of the n-th transfer slip, from 1.
func transferForm(n int) string { return fmt.Sprintf("%s-%d", ruleset.Transfer, n) }

// transferOf reads the number of a transfer slip; plain "transfer" is the last.
func transferOf(form string, parts []dossier.Task) (dossier.Task, bool) {
	rest, numbered := strings.CutPrefix(form, ruleset.Transfer+"-")
	n, err := strconv.Atoi(rest)
	switch {
	case form == ruleset.Transfer:
		n = len(parts)
	case !numbered || err != nil:
		return dossier.Task{}, false
	}
	if n < 1 || n > len(parts) {
		return dossier.Task{}, false
	}
	return parts[n-1], true
}

// parts are the tasks by which other agencies than the competent one take part
// in a dossier, in the order in which they began.
func parts(d dossier.Dossier) []dossier.Task {
	var all []dossier.Task
	for _, t := range append(slices.Clone(d.Done), d.Tasks...) {
		if t.Unit != d.Unit && t.Unit != d.Agency {
			all = append(all, t)
		}
	}
	slices.SortStableFunc(all, func(x, y dossier.Task) int { return x.OpenedAt.Compare(y.OpenedAt) })
	return all
}

// transfer fills the slip of one part: what the agency is asked to do, and by
// when.
func (s slip) transfer(t dossier.Task) (printout.Document, error) {
	from, fromName, giver := s.d.Agency, s.d.AgencyName, ""
	for _, h := range s.d.Handovers {
		if h.To == t.Unit && h.SentAt.Equal(t.OpenedAt) {
			from, fromName, giver = h.From, h.FromName, h.Giver
		}
	}
	var request string
	for _, e := range s.entries {
		if !e.At.Equal(t.OpenedAt) {
			continue
		}
		giver = cmp.Or(giver, e.Actor)
		if t.Beside() {
			request = e.Reason
		}
	}
	head, err := s.headOf(from, fromName, t.OpenedAt)
	if err != nil {
		return nil, err
	}
	p := printout.Transfer{
		Letterhead: head, Code: s.d.Code, From: fromName, To: t.UnitName, Owner: s.private.Owner.Name, Subject: s.subject(),
		ReceivedAt: s.d.ReceivedAt.In(civil.Zone), DueAt: s.due(), Request: cmp.Or(request, t.Name), Papers: s.papers(), Giver: giver, Taker: t.HolderName,
	}
	if !t.DueAt.IsZero() {
		p.AnswerBy = t.DueAt.In(civil.Zone)
	}
	return p, nil
}
