package dossier

import (
	"slices"
	"time"

	"github.com/motcua/motcua/internal/core/civil"
	"github.com/motcua/motcua/internal/core/fault"
)

// Stopped returns the stop of the ledger that is open.
func (d Deadline) Stopped() (civil.Stop, bool) {
	if n := len(d.Stops); n > 0 && d.Stops[n-1].Open() {
		return d.Stops[n-1], true
	}
	return civil.Stop{}, false
}

// Appointed is when the applicant was last told to come: the promise, or the
// day named in an apology while it is the later one.
func (d Deadline) Appointed() (civil.Date, time.Time) {
	if a := d.Apology; a != nil && a.DueAt.After(d.DueAt) && !d.DueAt.IsZero() {
		return a.DueOn, a.DueAt
	}
	return d.DueOn, d.DueAt
}

// Input is everything that the promise depends on besides the calendar, for a
// derivation that explains it day by day.
func (d Dossier) DueInput() civil.DueInput {
	dl := d.Deadline
	in := civil.DueInput{
		ReceivedAt: dl.Since, Limit: dl.Limit, Stops: dl.Stops, Policy: dl.Policy, EndOfDay: dl.EndOfDay, SameDayCutoff: dl.Cutoff,
	}
	if in.ReceivedAt.IsZero() {
		in.ReceivedAt = d.At
		in.Elsewhere, in.ArrivedAt = dl.OnArrival, dl.ArrivedAt
	}
	return in
}

// promise computes the promised day anew. While the clock stands still the last
// promise stays as it is: there is no later one yet.
func (ctx Context) promise(d Dossier) (Deadline, error) {
	dl := d.Deadline
	got, err := civil.Due(ctx.Calendar, d.DueInput())
	if err != nil {
		return dl, err
	}
	dl.Waits = got.Waits
	if got.Waits == civil.WaitsStop {
		return dl, nil
	}
	dl.StartAt, dl.DueOn, dl.DueAt, dl.Provisional = got.StartAt, got.DueOn, got.DueAt, got.Provisional
	dl.Calendar = ctx.CalendarRef
	if dl.FirstDueOn.IsZero() {
		dl.FirstDueOn, dl.FirstDueAt = dl.DueOn, dl.DueAt
	}
	return dl, nil
}

// standing is what the clock of the dossier stands still for; empty when it
// runs. Only one reason counts at a time, the applicant's before the others.
func (d Dossier) standing() civil.StopKind {
	if d.Status == Stopped {
		return civil.StopSuspension
	}
	if _, open := d.OpenSupplement(); open {
		return civil.StopSupplement
	}
	if _, open := d.OpenObligation(); open {
		return civil.StopObligation
	}
	for _, c := range d.Consulted {
		if _, open := d.TaskByID(c.Task); open && c.Stops {
			return civil.StopConsult
		}
	}
	return ""
}

// tick brings the ledger into line with what the dossier waits for after c: it
// ends a stop whose reason is gone, begins one where there is a new reason, and
// computes the promise anew when the clock runs again. at is when it changed.
func (ctx Context) tick(d Dossier, c Change, in Input, at time.Time) (Change, error) {
	next, err := d.apply(c, ctx.Now)
	if err != nil || !next.Received() || next.Status.Ended() && next.Status != Stopped {
		return c, err // where work is over for good, the ledger stays as it is
	}
	want := next.standing()
	open, stopped := next.Deadline.Stopped()
	if stopped && open.Kind == want || !stopped && want == "" {
		return c, nil
	}
	dl := next.Deadline
	dl.Stops = slices.Clone(dl.Stops)
	if stopped {
		dl.Stops[len(dl.Stops)-1].ToAt = at
	}
	if want != "" {
		dl.Stops = append(dl.Stops, civil.Stop{FromAt: at, Kind: want, Ground: in.LegalGround, Document: in.Document})
	}
	next.Deadline = dl
	if dl, err = ctx.promise(next); err != nil {
		return c, err
	}
	c.Deadline = &dl
	return c, nil
}

// Recompute answers a change of the calendar with the event that gives the
// dossier its new promise; ok is false when nothing changes. A promise that is
// broken, of ended work or of a standing clock stays as it is, and none is moved
// so that it would be broken (invariant I-14). Whether it is broken is judged as
// lateness is: a day that is today can still move.
func Recompute(d Dossier, ctx Context, document string) (Event, bool, error) {
	dl := d.Deadline
	_, stopped := dl.Stopped()
	if !d.Received() || !d.Open() || d.FinishedAt != nil || stopped || dl.DueAt.IsZero() || civil.Judge(dl.Limit, dl.DueAt, ctx.Now) == civil.Late {
		return Event{}, false, nil
	}
	now, err := ctx.promise(d)
	if err != nil {
		return Event{}, false, err
	}
	if now.DueAt.Equal(dl.DueAt) && now.Provisional == dl.Provisional || civil.Judge(dl.Limit, now.DueAt, ctx.Now) == civil.Late {
		return Event{}, false, nil
	}
	c, err := ctx.rank(d, Change{By: ctx.Actor.ID, Deadline: &now, Document: document})
	if err != nil {
		return Event{}, false, err
	}
	return Event{Type: evDueRecomputed, Version: typeVersion, Ground: document, Payload: c}, true, nil
}

// Punctual judges the dossier against its promise at an instant: when work has
// ended, at that end; while its clock stands still, at the beginning of the stop
// (trước hạn, đúng hạn, quá hạn).
func (d Dossier) Punctual(now time.Time) civil.Punctuality {
	end := now
	if d.FinishedAt != nil {
		end = *d.FinishedAt
	}
	for _, s := range slices.Backward(d.Deadline.Stops) {
		if s.Open() && s.FromAt.Before(end) || s.ToAt.Equal(end) {
			end = s.FromAt
		}
	}
	return civil.Judge(d.Deadline.Limit, d.Deadline.DueAt, end)
}

// Overdue reports whether the promise is broken: work goes on past the due
// time, or ended after it. A dossier that waits for the applicant does not
// become overdue while it waits.
func (d Dossier) Overdue(now time.Time) bool {
	if d.Deadline.DueAt.IsZero() || d.Status.Ended() && d.FinishedAt == nil {
		return false
	}
	return d.Punctual(now) == civil.Late
}

// decideApologise records the apology of the agency's head with the new day. It
// is due at least ctx.ApologyDays working days before the promise is broken;
// after that it is still possible but counts as late. There is one in the life
// of a dossier (NĐ 61/2018 art 19.9).
func decideApologise(d Dossier, ctx Context, in Input, t Transition, task Task) (Change, error) {
	dl := d.Deadline
	today := civil.DateOf(ctx.Now)
	switch {
	case dl.Apology != nil:
		return Change{}, fault.New(fault.Conflict, "dossier.apologised_already", fault.Args{"date": dl.Apology.DueOn.Show()})
	case dl.DueAt.IsZero():
		return Change{}, fault.New(fault.Conflict, "dossier.no_promise", nil)
	case in.DueOn.IsZero():
		return Change{}, fault.Field("dueOn", "dossier.new_day_missing", nil)
	case !in.DueOn.After(dl.DueOn) || in.DueOn.Before(today):
		return Change{}, fault.Field("dueOn", "dossier.new_day_early", fault.Args{"date": dl.DueOn.Show()})
	}
	working, err := ctx.Calendar.IsWorking(in.DueOn)
	if err != nil {
		return Change{}, err
	}
	if !working {
		return Change{}, fault.Field("dueOn", "dossier.day_off", fault.Args{"date": in.DueOn.Show()})
	}
	last, err := ctx.Calendar.SubWorkingDays(dl.DueOn, ctx.ApologyDays)
	if err != nil {
		return Change{}, err
	}
	dl.Apology = &Apology{
		DueOn: in.DueOn, DueAt: in.DueOn.At(civil.TimeOfDayOf(dl.DueAt)), MadeAt: ctx.Now,
		Late: today.After(last) || dl.DueAt.Before(ctx.Now), By: ctx.Actor.ID, ByName: ctx.Actor.Name, ForName: ctx.Actor.ForName, Document: in.Document,
	}
	return Change{Deadline: &dl}, nil
}

// paperLeaves is when the paper must leave for the agency: the same working
// day, or the next opening when it is after the cut-off (NĐ 61/2018 art 18.2).
func (ctx Context) paperLeaves() (time.Time, error) {
	today := civil.DateOf(ctx.Now)
	working, err := ctx.Calendar.IsWorking(today)
	if err != nil {
		return time.Time{}, err
	}
	if working && civil.TimeOfDayOf(ctx.Now) <= ctx.Paper {
		return ctx.Calendar.Closing(today), nil
	}
	next, err := ctx.Calendar.NextWorking(today.AddDays(1))
	if err != nil {
		return time.Time{}, err
	}
	return ctx.Calendar.Opening(next), nil
}

// answerBy is the end of the day by which somebody has to answer: the day that
// was given, or so many days from now, moved off days off (Civil Code
// 91/2015/QH13, Art. 148(5)); zero when there is neither.
func (ctx Context) answerBy(given civil.Date, days int) (time.Time, error) {
	day := given
	switch {
	case given.IsZero() && days <= 0:
		return time.Time{}, nil
	case given.IsZero():
		var err error
		if day, err = ctx.Calendar.NextWorking(civil.DateOf(ctx.Now).AddDays(days)); err != nil {
			return time.Time{}, err
		}
	case !given.After(civil.DateOf(ctx.Now)):
		return time.Time{}, fault.Field("dueOn", "dossier.answer_by_past", nil)
	}
	working, err := ctx.Calendar.IsWorking(day)
	if err != nil {
		return time.Time{}, err
	}
	if !working {
		return time.Time{}, fault.Field("dueOn", "dossier.day_off", fault.Args{"date": day.Show()})
	}
	return ctx.Calendar.Closing(day), nil
}
