package app

import (
	"context"
	"slices"
	"strconv"
	"time"

	"github.com/motcua/motcua/internal/core/access"
	"github.com/motcua/motcua/internal/core/civil"
	"github.com/motcua/motcua/internal/core/dossier"
	"github.com/motcua/motcua/internal/core/notice"
	"github.com/motcua/motcua/internal/core/ruleset"
	"github.com/motcua/motcua/internal/core/supervise"
	"github.com/motcua/motcua/internal/store"
)

// LadderReport counts what one run of the ladder did.
type LadderReport struct {
	Looked   int // dossiers
	Warned   int // steps of the ladder taken before a promise was broken
	Asked    int // agencies asked for notice and apology, with a draft prepared
	Broken   int // promises found broken
	Reminded int // applicants reminded of papers
	Expired  int // requests for papers that expired
	Elapsed  int // silent opinions and timers of processes
	Chased   int // applicants reminded of a result that waits for them
	ToCall   int // results that waited so long that an officer is to call
}

// Bounds of the ladder.
const (
	ladderEvery = time.Minute
	ladderBatch = 100 // dossiers in one write
	// mostSteps is how many steps one dossier can take at once: every rung and
	// the apology.
	mostSteps = 5
	// mostReaders bounds whom one step reaches, where a pool is large.
	mostReaders = 30
	// wakeAhead is how long before a request expires its first reminder may be.
	wakeAhead = 31 * 24 * time.Hour
)

// Ladder warns of promises that come near, asks agencies for notice and apology
// while they are in time, tells of those that are broken, reminds applicants of
// papers, lets expire what was never answered, and chases results that nobody
// fetches. Every node may run it at any
// time: each step is taken once for a promise, however often it runs. at is the
// legal time in a demo's story; zero is now.
func (a *App) Ladder(ctx context.Context, at time.Time) (LadderReport, error) {
	var r LadderReport
	if err := a.climb(ctx, at, &r); err != nil {
		return r, err
	}
	if err := a.wake(ctx, at, &r); err != nil {
		return r, err
	}
	return r, a.chase(ctx, at, &r)
}

// climb takes the steps of the ladder that are due.
func (a *App) climb(ctx context.Context, at time.Time, r *LadderReport) error {
	now := a.at(at)
	before, err := a.ladderReach(now)
	if err != nil {
		return err
	}
	for after := (store.Cursor{}); ; {
		ids, next, err := a.store.ToWarn(ctx, before, now, after, ladderBatch)
		if err != nil {
			return err
		}
		r.Looked += len(ids)
		if err := a.climbPart(ctx, ids, at, r); err != nil {
			return err
		}
		if after = next; after.ID == "" {
			return nil
		}
	}
}

// ladderReach is the promise before which a dossier may have a step to take: the
// longest rung, and some days more where a unit has days off of its own.
func (a *App) ladderReach(now time.Time) (time.Time, error) {
	today := civil.DateOf(now)
	rules, err := ruleset.On(today)
	if err != nil {
		return time.Time{}, err
	}
	days := rules.Apology.Before
	for _, rung := range rules.Ladder {
		days = max(days, rung.Before)
	}
	cal, _ := a.directory.Load().calendar(defaultCalendar)
	last, err := cal.AddWorkingDays(today, days+1)
	return last.AddDays(7).At(0), err
}

// climber is one dossier with the steps that it is to take now.
type climber struct {
	rules ruleset.Set
	cal   *civil.Calendar
	due   []supervise.Step
	next  time.Time
	draft *supervise.Draft // of the apology that the agency owes from now on
}

// climberOf looks at one dossier; ok is false when it has nothing to take.
func (d *directory) climberOf(have dossier.Dossier, w supervise.Warning, now time.Time) (c climber, ok bool, err error) {
	if !supervise.Climbs(have) {
		return c, false, nil
	}
	if c.rules, err = ruleset.On(civil.DateOf(have.At)); err != nil {
		return c, false, err
	}
	c.cal, _ = d.calendar(have.Agency)
	steps, err := supervise.Steps(have, c.rules, c.cal)
	if err != nil {
		return c, false, err
	}
	_, dueAt := have.Deadline.Appointed()
	c.due, c.next = supervise.Due(steps, w, dueAt, now)
	if w.Draft == nil && have.Deadline.Apology == nil && slices.ContainsFunc(c.due, owes) {
		if err := c.prepare(have, now); err != nil {
			return c, false, err
		}
	}
	return c, len(c.due) > 0, nil
}

// climbPart takes the steps of some dossiers in one write.
func (a *App) climbPart(ctx context.Context, ids []string, at time.Time, r *LadderReport) error {
	list, err := a.store.DossiersByID(ctx, ids)
	if err != nil {
		return err
	}
	watched, err := a.store.Warnings(ctx, ids)
	if err != nil {
		return err
	}
	dir, now := a.directory.Load(), a.at(at)
	w := store.Write{Actor: by(access.System("ladder")), At: a.storyTime(at)}
	bells := map[string][]store.Root{}
	for _, d := range list {
		_, climbs, err := dir.climberOf(d, watched[d.ID], now)
		if err != nil { // such as a year that no calendar knows; the others go on
			a.log.WarnContext(ctx, "a promise cannot be watched", "dossier", d.ID, "error", err)
			continue
		}
		if !climbs {
			continue
		}
		w.Roots = append(w.Roots, store.DossierRoot(d.ID), store.WarningRoot(d.ID))
		for range mostSteps {
			bells[d.ID] = append(bells[d.ID], store.NoticeRoot(newID()))
		}
		w.Roots = append(w.Roots, bells[d.ID]...)
	}
	if len(bells) == 0 {
		return nil
	}
	took, err := store.Do(ctx, a.store, w, func(v *store.View) (LadderReport, error) {
		var sum LadderReport
		for _, d := range list {
			if bells[d.ID] == nil {
				continue
			}
			if err := dir.take(v, d.ID, bells[d.ID], &sum); err != nil {
				return sum, err
			}
		}
		return sum, nil
	})
	r.Warned, r.Asked, r.Broken = r.Warned+took.Warned, r.Asked+took.Asked, r.Broken+took.Broken
	return err
}

// take records the steps of one dossier as it is now and tells whom they reach.
func (d *directory) take(v *store.View, id string, bells []store.Root, sum *LadderReport) error {
	have, ok := store.Load[dossier.Dossier](v, store.DossierRoot(id))
	if !ok {
		return nil
	}
	w, _ := store.Load[supervise.Warning](v, store.WarningRoot(id))
	c, climbs, err := d.climberOf(have, w, v.Now())
	if err != nil || !climbs {
		return nil // an officer was faster
	}
	_, dueAt := have.Deadline.Appointed()
	climb := supervise.Climb{DueAt: dueAt, NextAt: c.next, Draft: c.draft, At: v.Now(), Agency: have.Agency}
	for i, step := range c.due {
		if i == len(bells) {
			break // mostSteps is the longest ladder there is
		}
		staff := d.listeners(have, step.To, civil.DateOf(v.Now()))
		climb.Taken = append(climb.Taken, supervise.Taken{Step: step.Name, DueAt: dueAt, At: v.Now(), Staff: staff})
		n, err := c.notice(have, step, v.Now())
		if err != nil {
			return err
		}
		n.To = notice.To(staff...)
		if err := post(v, bells[i], n); err != nil {
			return err
		}
		switch step.Name {
		case supervise.StepApology:
			sum.Asked++
		case supervise.StepBroken:
			sum.Broken++
			climb.Unexcused = have.Deadline.Apology == nil
		default:
			sum.Warned++
		}
	}
	_, err = store.Record[supervise.Warning](v, store.WarningRoot(id), supervise.WarningTaken, 1, c.ground(), climb)
	return err
}

// owes reports whether the agency owes an apology from a step on.
func owes(s supervise.Step) bool {
	return s.Name == supervise.StepApology || s.Name == supervise.StepBroken
}

// ground names the part of the rule set that the ladder stands in.
func (c climber) ground() string {
	for _, p := range c.rules.Parts {
		if p.ID == "warning-ladder" {
			return p.Ref
		}
	}
	return ""
}

// notice is what a step says.
func (c climber) notice(d dossier.Dossier, step supervise.Step, now time.Time) (notice.Notice, error) {
	dueOn, _ := d.Deadline.Appointed()
	n := notice.Notice{Code: d.Code, Args: map[string]string{"procedure": d.Procedure.Name, "due": dueOn.Show(), "agency": d.AgencyName}}
	switch step.Name {
	case supervise.StepApology:
		n.Topic = notice.ApologyWanted
		last, err := c.rules.Apology.By(c.cal, dueOn)
		n.Args["by"] = last.Show()
		return n, err
	case supervise.StepBroken:
		n.Topic = notice.Unexcused
		if d.Deadline.Apology != nil {
			n.Topic = notice.ApologyBroken
		}
		return n, nil
	}
	days, err := c.cal.WorkingDaysBetween(civil.DateOf(now), dueOn)
	n.Topic = notice.DueSoon
	n.Args["days"] = strconv.Itoa(days)
	if days <= 0 {
		n.Topic = notice.DueToday
	}
	return n, err
}

// prepare drafts the apology; the reason is the agency's to write.
func (c *climber) prepare(d dossier.Dossier, now time.Time) error {
	last, err := c.rules.Apology.By(c.cal, d.Deadline.DueOn)
	if err != nil {
		return err
	}
	newDay, err := supervise.NewDay(c.cal, d.Deadline.DueOn, civil.DateOf(now))
	c.draft = &supervise.Draft{By: last, NewDay: newDay, At: now}
	return err
}

// listeners are the officers whom a step reaches: whoever holds the open work, or
// the pool that it lies in; the leaders of the unit that has it; the centre. For
// somebody who is away it reaches whoever stands in for him, and his leaders.
func (d *directory) listeners(have dossier.Dossier, to []ruleset.Listener, today civil.Date) []string {
	var staff []string
	add := func(ids ...string) {
		for _, id := range ids {
			if id != "" && !slices.Contains(staff, id) && len(staff) < mostReaders {
				staff = append(staff, id)
			}
		}
	}
	for _, t := range have.Tasks {
		if slices.Contains(to, ruleset.Handler) {
			add(d.holders(t, today)...)
		}
		if slices.Contains(to, ruleset.Leader) {
			add(d.ids(t.Unit, access.Leader)...)
		}
	}
	if slices.Contains(to, ruleset.Leader) {
		add(d.ids(have.Agency, access.Leader)...)
	}
	if slices.Contains(to, ruleset.Centre) {
		add(d.ids(d.centre.Code, access.Director)...)
		add(d.ids(d.centre.Code, access.Supervisor)...)
	}
	return staff
}

func (d *directory) holders(t dossier.Task, today civil.Date) []string {
	if t.Pool() {
		return d.ids(t.Unit, t.Role)
	}
	if !d.away(t.Holder, today) {
		return []string{t.Holder}
	}
	staff := []string{t.Holder}
	for _, x := range d.absences {
		if x.Staff == t.Holder && x.On(today) {
			staff = append(staff, x.Work)
		}
	}
	return append(staff, d.ids(t.Unit, access.Leader)...)
}

// ids are the active people of a unit with a role.
func (d *directory) ids(unit string, role access.Role) []string {
	people := d.members(unit, string(role))
	ids := make([]string, len(people))
	for i, p := range people {
		ids[i] = p.ID
	}
	return ids
}

// wake carries out what time brings to dossiers that wait for somebody.
func (a *App) wake(ctx context.Context, at time.Time, r *LadderReport) error {
	now := a.at(at)
	who := access.System("clock")
	for after := (store.Cursor{}); ; {
		ids, next, err := a.store.ToWake(ctx, now.Add(wakeAhead), after, ladderBatch)
		if err != nil {
			return err
		}
		list, err := a.store.DossiersByID(ctx, ids)
		if err != nil {
			return err
		}
		for _, d := range list {
			rules, err := ruleset.On(civil.DateOf(d.At))
			if err != nil {
				continue // registered before the first framework; nothing of ours runs for it
			}
			in, ok := supervise.Brings(d, rules, now)
			if !ok {
				continue
			}
			if _, err := a.Act(ctx, who, ActInput{Code: d.Name(), Input: in, At: at}); err != nil {
				a.log.WarnContext(ctx, "what time brings could not be done", "dossier", d.ID, "act", string(in.Act), "error", err)
				continue
			}
			switch in.Act {
			case dossier.Remind:
				r.Reminded++
			case dossier.ExpireSupplement:
				r.Expired++
			default:
				r.Elapsed++
			}
		}
		if after = next; after.ID == "" {
			return nil
		}
	}
}
