package dossier

import (
	"cmp"
	"slices"
	"time"

	"github.com/motcua/motcua/internal/core/civil"
	"github.com/motcua/motcua/internal/core/process"
)

// UnitTime is what one unit took of a dossier's time, in minutes of its own
// office hours (thời gian và mức chậm của từng cơ quan).
type UnitTime struct {
	Unit     string `json:"unit"`
	UnitName string `json:"unitName"`
	Tasks    int    `json:"tasks"`
	Held     int    `json:"held"`    // while the dossier lay there and the clock ran
	Allowed  int    `json:"allowed"` // by the shares of its steps and the deadlines of opinions
	Over     int    `json:"over"`    // beyond them
}

// span is a piece of time; a zero end is open.
type span struct{ from, to time.Time }

// TimeByUnit says which unit caused how much of a dossier's lateness. Each unit
// answers for its own working time only:
//
//   - time in which the clock stood still counts for nobody, nor, where a
//     supplement makes the limit count anew, does any time before it;
//   - a unit that asks for an opinion does not answer for the time by which the
//     asked unit was late; that unit does;
//   - a step's share counts once, however often the work comes back to it;
//   - a result that waits to be fetched counts for nobody.
//
// calendar gives the calendar of a unit. Units stand in the order in which the
// dossier came to them.
func (d Dossier) TimeByUnit(calendar func(unit string) *civil.Calendar, now time.Time) ([]UnitTime, error) {
	var units []UnitTime
	shares := map[[2]string]int{} // minutes used at a step of a unit
	for _, t := range d.held() {
		if t.Kind == TaskReturn {
			continue
		}
		at := slices.IndexFunc(units, func(u UnitTime) bool { return u.Unit == t.Unit })
		if at < 0 {
			at = len(units)
			units = append(units, UnitTime{Unit: t.Unit, UnitName: t.UnitName})
		}
		u := &units[at]
		held, over, err := d.minutes(t, calendar(t.Unit), now)
		if err != nil {
			return nil, err
		}
		u.Tasks++
		u.Held += held
		if t.Beside() {
			u.Allowed += held - over
			u.Over += over
			continue
		}
		if t.Share == 0 {
			continue
		}
		key := [2]string{t.Unit, t.Step}
		before, again := shares[key]
		if !again {
			u.Allowed += t.Share
		}
		shares[key] = before + held
		u.Over += max(0, before+held-t.Share) - max(0, before-t.Share)
	}
	return units, nil
}

// held lists every task of the dossier in the order in which they were opened.
func (d Dossier) held() []Task {
	all := append(slices.Clone(d.Done), d.Tasks...)
	slices.SortStableFunc(all, func(a, b Task) int { return a.OpenedAt.Compare(b.OpenedAt) })
	return all
}

// minutes is the working time that a task took of its unit while the clock ran
// and nobody else was late, and how much of it lies after the task's own
// deadline.
func (d Dossier) minutes(t Task, cal *civil.Calendar, now time.Time) (held, over int, err error) {
	s := span{t.OpenedAt, now}
	if t.ClosedAt != nil {
		s.to = *t.ClosedAt
	}
	if d.FinishedAt != nil && s.to.After(*d.FinishedAt) {
		s.to = *d.FinishedAt
	}
	pauses := d.pauses(t, now)
	if held, err = worked(cal, s, pauses); err != nil || t.DueAt.IsZero() || !s.to.After(t.DueAt) {
		return held, 0, err
	}
	over, err = worked(cal, span{latest(s.from, t.DueAt), s.to}, pauses)
	return held, over, err
}

// pauses are the times that do not count for a task, in order and apart.
func (d Dossier) pauses(t Task, now time.Time) []span {
	var all []span
	for _, s := range d.Deadline.Stops {
		p := span{s.FromAt, s.ToAt}
		if s.Open() {
			p.to = now
		}
		if s.Kind == civil.StopSupplement && d.Deadline.Policy == civil.Restart {
			p.from = time.Time{} // the limit counts anew: nothing before it does
		}
		all = append(all, p)
	}
	for _, asked := range d.held() {
		if asked.For != t.ID || asked.DueAt.IsZero() {
			continue
		}
		end := now
		if asked.ClosedAt != nil {
			end = *asked.ClosedAt
		}
		if end.After(asked.DueAt) {
			all = append(all, span{asked.DueAt, end})
		}
	}
	slices.SortFunc(all, func(a, b span) int { return cmp.Or(a.from.Compare(b.from), a.to.Compare(b.to)) })
	var apart []span
	for _, p := range all {
		if n := len(apart); n > 0 && !p.from.After(apart[n-1].to) {
			apart[n-1].to = latest(apart[n-1].to, p.to)
			continue
		}
		apart = append(apart, p)
	}
	return apart
}

// worked counts the office minutes of a span without its pauses.
func worked(cal *civil.Calendar, s span, pauses []span) (int, error) {
	if !s.to.After(s.from) {
		return 0, nil
	}
	total, err := cal.WorkingMinutesBetween(s.from, s.to)
	if err != nil {
		return 0, err
	}
	for _, p := range pauses {
		from, to := latest(s.from, p.from), s.to
		if p.to.Before(to) {
			to = p.to
		}
		if !to.After(from) {
			continue
		}
		n, err := cal.WorkingMinutesBetween(from, to)
		if err != nil {
			return 0, err
		}
		total -= n
	}
	return max(0, total), nil
}

func latest(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

// Samples are the working times of the tasks that were done in a dossier, for
// measuring how long steps take.
func (d Dossier) Samples(calendar func(unit string) *civil.Calendar) ([]process.Sample, error) {
	var all []process.Sample
	for _, t := range d.Done {
		if t.Ended != process.ByDone || t.Beside() || t.Kind == TaskReturn {
			continue
		}
		held, _, err := d.minutes(t, calendar(t.Unit), *t.ClosedAt)
		if err != nil {
			return nil, err
		}
		all = append(all, process.Sample{Kind: process.Kind(t.Kind), Unit: t.Unit, Minutes: held})
	}
	return all, nil
}
