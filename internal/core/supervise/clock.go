package supervise

import (
	"time"

	"github.com/motcua/motcua/internal/core/civil"
	"github.com/motcua/motcua/internal/core/dossier"
	"github.com/motcua/motcua/internal/core/ruleset"
)

// Brings answers what time itself brings to a dossier now, if anything: the act
// of a job. A dossier that several things wait for gets one at a time.
//
// An applicant is reminded of papers by the rule set's days before the request
// expires, and never twice on one day, so that a short time to answer and a
// program that stood still both leave him the reminders that expiry needs.
func Brings(d dossier.Dossier, rules ruleset.Set, now time.Time) (dossier.Input, bool) {
	if s, open := d.OpenSupplement(); open && d.Status == dossier.SupplementRequired && !s.DueAt.IsZero() {
		if act, ok := answer(s, rules.Expiry, now); ok {
			return dossier.Input{Act: act, Version: d.FormVersion}, true
		}
	}
	for _, t := range d.Tasks {
		if t.Kind == dossier.TaskConsult && !t.DueAt.IsZero() && !t.DueAt.After(now) && !d.Status.Ended() {
			return dossier.Input{Act: dossier.NoteSilence, Task: t.ID, Version: d.FormVersion}, true
		}
	}
	for _, t := range d.Timers {
		if !t.At.After(now) {
			return dossier.Input{Act: dossier.Elapse, Task: t.On, Step: t.Step, Version: d.FormVersion}, true
		}
	}
	return dossier.Input{}, false
}

// answer says what an open request needs: a reminder, or its end.
func answer(s dossier.Supplement, rule ruleset.ExpiryRule, now time.Time) (dossier.Act, bool) {
	today, expires := civil.DateOf(now), civil.DateOf(s.DueAt)
	since := civil.DateOf(s.AskedAt)
	if n := len(s.Reminded); n > 0 {
		since = civil.DateOf(s.Reminded[n-1])
	}
	want := 0
	for _, day := range rule.Reminders(expires) {
		if !day.After(today) {
			want++
		}
	}
	switch {
	case len(s.Reminded) < want && since.Before(today):
		return dossier.Remind, true
	case len(s.Reminded) >= len(rule.Remind) && s.DueAt.Before(now):
		return dossier.ExpireSupplement, true
	}
	return "", false
}

// WakesAt is the earliest instant at which time may bring something to a dossier
// besides its ladder; zero when nothing waits. Reminders come before it.
func WakesAt(d dossier.Dossier) time.Time {
	var first time.Time
	look := func(at time.Time) {
		if !at.IsZero() && (first.IsZero() || at.Before(first)) {
			first = at
		}
	}
	if s, open := d.OpenSupplement(); open && d.Status == dossier.SupplementRequired {
		look(s.DueAt)
	}
	if !d.Status.Ended() {
		for _, t := range d.Tasks {
			if t.Kind == dossier.TaskConsult {
				look(t.DueAt)
			}
		}
		for _, t := range d.Timers {
			look(t.At)
		}
	}
	return first
}
