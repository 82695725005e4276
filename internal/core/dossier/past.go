package dossier

import (
	"cmp"

	"github.com/motcua/motcua/internal/core/civil"
	"github.com/motcua/motcua/internal/core/process"
)

// Ran is the way that a dossier whose work has ended went through its process,
// for comparing it with another (hồ sơ đã giải quyết).
func (d Dossier) Ran(calendar func(unit string) *civil.Calendar) (process.Course, error) {
	c := process.Course{ID: d.Name(), StartAt: d.Deadline.StartAt, DueAt: d.Deadline.DueAt}
	if d.FinishedAt != nil {
		c.EndAt, c.Late = *d.FinishedAt, d.Punctual(*d.FinishedAt) == civil.Late
	}
	for _, t := range d.held() {
		if t.Kind == TaskReturn || t.Beside() {
			continue
		}
		held, _, err := d.minutes(t, calendar(t.Unit), c.EndAt)
		if err != nil {
			return c, err
		}
		c.Spent = append(c.Spent, process.Spent{Step: t.Step, Name: t.Name, Kind: process.Kind(t.Kind), Unit: t.Unit, Minutes: held, Share: t.Share})
	}
	var err error
	c.Minutes, err = worked(calendar(d.Agency), span{c.StartAt, c.EndAt}, d.pauses(Task{}, c.EndAt))
	return c, err
}

// Rerun is the dossier as a dry run of another process needs it: the facts as it
// ended, how its tasks were answered, and the working time that its own tasks
// took of the same kind in the same unit, else the measured time. limit is the
// one that is tried; the clock never stands still in it.
//
// unit gives the code of a step's unit for this dossier.
func (d Dossier) Rerun(cal *civil.Calendar, calendar func(unit string) *civil.Calendar, limit civil.Limit, unit func(process.Step) string, measured process.Minutes) (process.Past, error) {
	p := process.Past{ID: d.Name(), StartAt: d.Deadline.StartAt}
	due, err := civil.Due(cal, civil.DueInput{ReceivedAt: d.Deadline.StartAt, Limit: limit, EndOfDay: d.Deadline.EndOfDay, SameDayCutoff: d.Deadline.Cutoff})
	if err != nil {
		return p, err
	}
	p.DueAt = due.DueAt
	end := d.Deadline.StartAt
	if d.FinishedAt != nil {
		end = *d.FinishedAt
	}
	if p.Facts, err = d.facts(Context{Now: end, Calendar: cal}, ""); err != nil {
		return p, err
	}
	own := map[process.Kind]map[string]int{}
	for _, t := range d.held() {
		if t.Beside() {
			continue
		}
		held, _, err := d.minutes(t, calendar(t.Unit), end)
		if err != nil {
			return p, err
		}
		k := process.Kind(t.Kind)
		if last, _ := d.lastDone(t.Step); t.Kind == TaskHandOver && last.ID == t.ID { // the result is on its way to the centre
			way, err := worked(cal, span{*t.ClosedAt, end}, d.pauses(Task{}, end))
			if err != nil {
				return p, err
			}
			held += way
		}
		if own[k] == nil {
			own[k] = map[string]int{}
		}
		own[k][t.Unit] += held
	}
	p.Minutes = func(s process.Step) int {
		if took, did := own[s.Kind][unit(s)]; did {
			return took
		}
		return measured(s)
	}
	p.Outcome = func(s process.Step) string { return d.answered(s.Kind, unit(s)) }
	return p, nil
}

// answered is how a task of a kind in a unit was answered in the end.
func (d Dossier) answered(k process.Kind, unit string) string {
	switch TaskKind(k) {
	case TaskCheck, TaskHandle, TaskVerify, TaskPropose:
		if d.Proposal != nil {
			return d.Proposal.Outcome
		}
		return OutcomeApprove
	case TaskApprove:
		if d.Result != nil && d.Result.Refusal {
			return OutcomeRefuse
		}
		return OutcomeApprove
	case TaskConsult:
		for _, c := range d.Consulted {
			if c.Unit != unit {
				continue
			}
			if c.SilentAt != nil {
				return OutcomeSilent
			}
			return cmp.Or(c.Outcome, OutcomeAgree)
		}
		return OutcomeAgree
	}
	return ""
}
