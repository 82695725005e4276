package dossier

import (
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/motcua/motcua/internal/core/process"
)

// typeVersion is the version of every event's shape that this release writes and
// reads. Any other is unknown to it.
const typeVersion = 1

// clockOnly lists the events that move nothing but the clock: a form that was
// opened before one of them is still right.
var clockOnly = [...]string{evDueRecomputed, evReminded}

// Apply folds one stored event into the dossier. It refuses an event version
// that this program does not know, since guessing would falsify the record.
func Apply(d Dossier, id, eventType string, version int, place int64, at time.Time, payload []byte) (Dossier, error) {
	if version != typeVersion {
		return d, fmt.Errorf("event %s version %d of dossier %s is unknown to this release", eventType, version, id)
	}
	if !knownEvent(eventType) {
		return d, fmt.Errorf("event %s of dossier %s is unknown to this release", eventType, id)
	}
	var c Change
	if err := json.Unmarshal(payload, &c); err != nil {
		return d, fmt.Errorf("read event %s of dossier %s: %w", eventType, id, err)
	}
	next, err := d.apply(c, at)
	if err != nil {
		return d, fmt.Errorf("apply event %s of dossier %s: %w", eventType, id, err)
	}
	next.ID, next.Version = id, place
	quiet := slices.Contains(clockOnly[:], eventType)
	if !quiet {
		next.FormVersion, next.Last = place, nil
	}
	if c.Succession != nil {
		next.Successions[len(next.Successions)-1].Version = place
	}
	if c.Undoable {
		next.Last = &Last{Event: eventType, By: c.By, At: at, Version: place, Before: d.before(c)}
	}
	return next, nil
}

// apply folds one change that happened at an instant. It decides nothing, and
// fails only when the history does not fit.
func (d Dossier) apply(c Change, at time.Time) (Dossier, error) {
	for _, e := range c.Effects {
		var err error
		if d.Process, err = process.Apply(d.Process, e); err != nil {
			return d, err
		}
	}
	if c.Opening != nil {
		d.Opening = *c.Opening
	}
	if c.Code != "" {
		d.Code, d.ReceivedAt = c.Code, d.At
	}
	if c.Private != nil {
		d.Private = c.Private
	}
	if c.Papers != nil {
		d.Papers = c.Papers
	}
	if c.Sets > 0 {
		d.Sets = c.Sets
	}
	if c.Deadline != nil {
		d.Deadline = *c.Deadline
	}
	if c.Fee != nil {
		d.Fee = *c.Fee
	}
	if c.Status != 0 && c.Status != d.Status {
		d.Status, d.StatusAt = c.Status, at
	}
	d = d.applyTasks(c, at).applyMoves(c).applyWaits(c).applyConsults(c).applyOutcome(c).applySeat(c)
	if c.Undone != nil {
		d = d.restore(c.Undone.Before)
	}
	return d, nil
}

func (d Dossier) applyTasks(c Change, at time.Time) Dossier {
	if len(c.Opened) > 0 {
		d.Tasks = append(slices.Clone(d.Tasks), c.Opened...)
	}
	if c.Held != nil {
		d.Tasks = slices.Clone(d.Tasks)
		for i := range d.Tasks {
			if d.Tasks[i].ID == c.Held.Task {
				d.Tasks[i].Holder, d.Tasks[i].HolderName, d.Tasks[i].Behalf = c.Held.Staff, c.Held.Name, c.Held.Behalf
			}
		}
	}
	if len(c.Urgent) > 0 {
		d.Tasks = slices.Clone(d.Tasks)
		for i, t := range d.Tasks {
			if at := slices.IndexFunc(c.Urgent, func(u Urgency) bool { return u.Task == t.ID }); at >= 0 {
				d.Tasks[i].StartBy = c.Urgent[at].StartBy
			}
		}
	}
	d.Timers = append(slices.Clone(d.Timers), c.Timers...)
	if len(c.Closed) > 0 {
		var open []Task
		d.Done = slices.Clone(d.Done)
		for _, t := range d.Tasks {
			if slices.Contains(c.Closed, t.ID) {
				t.ClosedAt, t.Ended = &at, c.ended(t.ID)
				d.Done = append(d.Done, t)
				continue
			}
			open = append(open, t)
		}
		d.Tasks = open
	}
	d.Timers = slices.DeleteFunc(d.Timers, func(t Timer) bool {
		return !slices.ContainsFunc(d.Process.Timers, func(p process.Timer) bool { return p.On == t.On && p.Step == t.Step })
	})
	if len(d.Timers) == 0 {
		d.Timers = nil
	}
	return d
}

// ended says how a task came to its end: done, back, timer or cancel.
func (c Change) ended(id string) string {
	if o := c.Opinion; o != nil && o.Task == id {
		if o.Silent {
			return process.ByTimer
		}
		return process.ByDone
	}
	for _, e := range c.Effects {
		if e.Type == process.TaskClosed && e.ID == id {
			return e.How
		}
	}
	return process.ByCancel
}

func (d Dossier) applyMoves(c Change) Dossier {
	if len(c.Handovers)+len(c.Arrived) > 0 {
		d.Handovers = append(slices.Clone(d.Handovers), c.Handovers...)
	}
	for _, a := range c.Arrived {
		for i := range d.Handovers {
			if d.Handovers[i].ID == a.ID {
				d.Handovers[i].GotAt, d.Handovers[i].Taker = &a.At, a.Taker
			}
		}
	}
	if c.Shared != nil {
		d.Shared = c.Shared
	}
	return d
}

// applyWaits keeps what the applicant was asked for, and what came of it.
func (d Dossier) applyWaits(c Change) Dossier {
	d.Supplements = append(slices.Clone(d.Supplements), c.Asked...)
	d.Obligations = append(slices.Clone(d.Obligations), c.Owed...)
	for i, s := range d.Supplements {
		if !s.Open() {
			continue
		}
		if c.Reminded != nil {
			d.Supplements[i].Reminded = append(slices.Clone(s.Reminded), *c.Reminded)
		}
		if c.Supplied != nil && c.Supplied.Wait == s.Wait {
			d.Supplements[i].SuppliedAt = &c.Supplied.At
		}
		if l, ok := c.lapse(s.Wait); ok {
			d.Supplements[i].LapsedAt = &l.At
		}
	}
	for i, o := range d.Obligations {
		if !o.Open() {
			continue
		}
		if c.Paid != nil && c.Paid.Wait == o.Wait {
			d.Obligations[i].MetAt, d.Obligations[i].Proof = &c.Paid.At, c.Paid.Proof
		}
		if l, ok := c.lapse(o.Wait); ok {
			d.Obligations[i].LapsedAt = &l.At
		}
	}
	return d
}

func (c Change) lapse(wait string) (Lapse, bool) {
	i := slices.IndexFunc(c.Lapsed, func(l Lapse) bool { return l.Wait == wait })
	if i < 0 {
		return Lapse{}, false
	}
	return c.Lapsed[i], true
}

func (d Dossier) applyConsults(c Change) Dossier {
	if len(c.Consulted) > 0 || c.Opinion != nil {
		d.Consulted = append(slices.Clone(d.Consulted), c.Consulted...)
	}
	if o := c.Opinion; o != nil {
		for i := range d.Consulted {
			if d.Consulted[i].Task != o.Task {
				continue
			}
			if o.Silent {
				d.Consulted[i].SilentAt = &o.At
				continue
			}
			d.Consulted[i].Outcome, d.Consulted[i].AnsweredAt = o.Outcome, &o.At
			d.Consulted[i].AnsweredBy, d.Consulted[i].Files = o.By, o.Files
		}
	}
	if c.Record != nil {
		d.Records = append(slices.Clone(d.Records), *c.Record)
	}
	return d
}

func (d Dossier) applyOutcome(c Change) Dossier {
	if c.Recalled {
		if d.Result != nil {
			d.Recalled = append(slices.Clone(d.Recalled), *d.Result)
		}
		d.Result, d.Proposal = nil, nil
	}
	if c.Proposal != nil {
		d.Proposal = c.Proposal
	}
	if c.Result != nil {
		d.Result = c.Result
	}
	if c.Return != nil {
		d.Returned = c.Return
	}
	if c.Unfinish {
		d.FinishedAt = nil
	}
	if c.Finished != nil {
		d.FinishedAt = c.Finished
	}
	if c.Print != nil {
		d.Prints = append(slices.Clone(d.Prints), *c.Print)
	}
	if c.Late != nil {
		d.Late = c.Late
	}
	if c.Repaired {
		d.Repair = nil
	}
	if c.Repair != nil {
		d.Repair = c.Repair
	}
	return d
}

// before keeps what an undoable change may alter.
func (d Dossier) before(c Change) Before {
	b := Before{
		Status: d.Status, StatusAt: d.StatusAt, Process: d.Process, Tasks: d.Tasks, Done: len(d.Done), Timers: d.Timers,
		Handovers: d.Handovers, Shared: d.Shared, Consulted: d.Consulted, Records: len(d.Records),
		Proposal: d.Proposal, Result: d.Result, Recalled: len(d.Recalled),
	}
	if c.Papers != nil {
		b.Papers = d.Papers
	}
	return b
}

// restore is the way back.
func (d Dossier) restore(b Before) Dossier {
	d.Status, d.StatusAt, d.Process, d.Tasks, d.Done, d.Timers = b.Status, b.StatusAt, b.Process, b.Tasks, cut(d.Done, b.Done), b.Timers
	d.Handovers, d.Shared, d.Consulted, d.Records = b.Handovers, b.Shared, b.Consulted, cut(d.Records, b.Records)
	d.Proposal, d.Result, d.Recalled = b.Proposal, b.Result, cut(d.Recalled, b.Recalled)
	if b.Papers != nil {
		d.Papers = b.Papers
	}
	return d
}

// cut keeps the first n, nil when none is left.
func cut[T any](all []T, n int) []T {
	if n == 0 {
		return nil
	}
	return slices.Clone(all[:n])
}
