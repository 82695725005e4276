package app

import (
	"context"
	"slices"
	"strconv"
	"time"

	"github.com/motcua/motcua/internal/core/access"
	"github.com/motcua/motcua/internal/core/civil"
	"github.com/motcua/motcua/internal/core/dossier"
	"github.com/motcua/motcua/internal/core/fault"
	"github.com/motcua/motcua/internal/core/notice"
	"github.com/motcua/motcua/internal/core/ruleset"
	"github.com/motcua/motcua/internal/core/supervise"
	"github.com/motcua/motcua/internal/store"
)

// chase reminds applicants of results that wait for them at the counter, and tells
// whoever took the dossier in when it is time to call.
func (a *App) chase(ctx context.Context, at time.Time, r *LadderReport) error {
	now := a.at(at)
	for after := (store.Cursor{}); ; {
		ids, next, err := a.store.ToChase(ctx, now, now, after, ladderBatch)
		if err != nil {
			return err
		}
		if err := a.chasePart(ctx, ids, at, r); err != nil {
			return err
		}
		if after = next; after.ID == "" {
			return nil
		}
	}
}

// chaser is one dossier with the steps of chasing its result that are due.
type chaser struct {
	since time.Time
	due   []supervise.Step
	next  time.Time
}

func (d *directory) chaserOf(have dossier.Dossier, w supervise.Warning, now time.Time) (c chaser, err error) {
	rules, err := ruleset.On(civil.DateOf(have.At))
	if err != nil {
		return c, err
	}
	cal, _ := d.calendar(have.Unit)
	steps, err := supervise.CollectSteps(have, rules.Collect, cal)
	if err != nil {
		return c, err
	}
	c.since = supervise.ReadyAt(have)
	c.due, c.next = supervise.Due(steps, w, c.since, now)
	return c, nil
}

// chasePart takes the steps of some dossiers in one write.
func (a *App) chasePart(ctx context.Context, ids []string, at time.Time, r *LadderReport) error {
	list, err := a.store.DossiersByID(ctx, ids)
	if err != nil || len(list) == 0 {
		return err
	}
	watched, err := a.store.Warnings(ctx, ids)
	if err != nil {
		return err
	}
	dir, now := a.directory.Load(), a.at(at)
	w := store.Write{Actor: by(access.System("ladder")), At: a.storyTime(at)}
	roots := map[string][2]store.Root{} // message and notice
	for _, d := range list {
		c, err := dir.chaserOf(d, watched[d.ID], now)
		if err != nil { // such as a year that no calendar knows; the others go on
			a.log.WarnContext(ctx, "a result cannot be chased", "dossier", d.ID, "error", err)
			continue
		}
		if len(c.due) == 0 && watched[d.ID].DueAt.Equal(c.since) {
			continue
		}
		roots[d.ID] = [2]store.Root{store.MessageRoot(newID()), store.NoticeRoot(newID())}
		w.Roots = append(w.Roots, store.DossierRoot(d.ID), store.WarningRoot(d.ID), roots[d.ID][0], roots[d.ID][1])
	}
	if len(roots) == 0 {
		return nil
	}
	took, err := store.Do(ctx, a.store, w, func(v *store.View) (LadderReport, error) {
		var sum LadderReport
		for _, d := range list {
			if to, ok := roots[d.ID]; ok {
				if err := a.chaseOne(v, dir, d.ID, to, &sum); err != nil {
					return sum, err
				}
			}
		}
		return sum, nil
	})
	r.Chased, r.ToCall = r.Chased+took.Chased, r.ToCall+took.ToCall
	return err
}

// chaseOne takes the steps of one dossier as it is now. Where several are due at
// once, as after a standstill, the applicant is written to once.
func (a *App) chaseOne(v *store.View, dir *directory, id string, to [2]store.Root, sum *LadderReport) error {
	have, ok := store.Load[dossier.Dossier](v, store.DossierRoot(id))
	if !ok {
		return nil
	}
	w, _ := store.Load[supervise.Warning](v, store.WarningRoot(id))
	c, err := dir.chaserOf(have, w, v.Now())
	if err != nil || c.since.IsZero() {
		return nil // it was fetched meanwhile
	}
	climb := supervise.Climb{DueAt: c.since, NextAt: c.next, At: v.Now(), Agency: w.Agency}
	remind := false
	for _, step := range c.due {
		t := supervise.Taken{Step: step.Name, DueAt: c.since, At: v.Now()}
		if step.Name == supervise.StepCall {
			t.Staff = []string{have.Officer}
			days := strconv.Itoa(civil.DateOf(v.Now()).Sub(civil.DateOf(c.since)))
			n := notice.Notice{Topic: notice.CallApplicant, Code: have.Code, Args: map[string]string{"days": days}, To: notice.To(have.Officer)}
			if err := post(v, to[1], n); err != nil {
				return err
			}
			sum.ToCall++
		} else {
			remind = true
		}
		climb.Taken = append(climb.Taken, t)
	}
	if remind {
		said := supervise.Telling{Matter: notice.Uncollected, Args: fault.Args{"code": have.Name(), "unit": have.UnitName, "since": civil.DateOf(c.since).Show()}}
		if err := a.queue(v, to[0], have, said); err != nil {
			return err
		}
		sum.Chased++
	}
	_, err = store.Record[supervise.Warning](v, store.WarningRoot(id), supervise.WarningTaken, 1, "", climb)
	return err
}

// CollectPage lists the results that wait at the centre for their applicants.
type CollectPage struct {
	Rows []CollectRow
	Next string
}

// CollectRow is one result that waits.
type CollectRow struct {
	DossierRow
	Return    dossier.ReturnChannel
	Since     time.Time
	Days      int
	Number    string
	Reminders int
	LastAt    time.Time // of the last reminder
	Call      bool      // an officer is to call
	Phone     string    // in full, where somebody is to be called
	Called    *supervise.Call
	Owed      bool // a fee is owed: it is paid before the result is handed over
}

// ToCollect lists the results that wait in the actor's unit, the longest waiting
// first. Phones are shown only where he is to call; the reading is logged.
func (a *App) ToCollect(ctx context.Context, who access.Actor, channel dossier.ReturnChannel, cursor string) (CollectPage, error) {
	if !access.May(who, access.ReturnDossier, who.Unit) {
		return CollectPage{}, denied()
	}
	after, err := store.ParseCursor(cursor)
	if err != nil {
		return CollectPage{}, err
	}
	list, next, err := a.store.Ready(ctx, who.Unit, channel, after, pageSize)
	if err != nil {
		return CollectPage{}, err
	}
	rows, err := a.rows(ctx, who, list, "collect")
	if err != nil {
		return CollectPage{}, err
	}
	ids := make([]string, len(list))
	for i, d := range list {
		ids[i] = d.ID
	}
	watched, err := a.store.Warnings(ctx, ids)
	if err != nil {
		return CollectPage{}, err
	}
	page := CollectPage{Next: next.String()}
	today := civil.DateOf(a.clock())
	var call []dossier.Dossier
	for i, d := range list {
		since := supervise.ReadyAt(d)
		row := CollectRow{DossierRow: rows[i], Return: d.ReturnChannel, Since: since, Days: today.Sub(civil.DateOf(since)), Owed: !d.Fee.Settled()}
		if d.Result != nil {
			row.Number = d.Result.Number
		}
		w := watched[d.ID]
		row.Reminders, row.LastAt, row.Call = w.Chased(since)
		if c, ok := w.LastCall(since); ok {
			row.Called = &c
			row.Call = row.Call && c.Outcome != supervise.CallReached
		}
		if row.Call {
			call = append(call, d)
		}
		page.Rows = append(page.Rows, row)
	}
	return page, a.phonesOf(ctx, who, call, page.Rows)
}

// phonesOf shows the phones of those who are to be called, and logs that it does.
func (a *App) phonesOf(ctx context.Context, who access.Actor, call []dossier.Dossier, rows []CollectRow) error {
	if len(call) == 0 {
		return nil
	}
	for _, d := range call {
		if err := a.logRead(ctx, who, d.ID, "owner.phone", "collect"); err != nil {
			return err
		}
	}
	private, err := a.privateOf(ctx, call)
	if err != nil {
		return err
	}
	for i, p := range private {
		if p == nil {
			continue
		}
		at := slices.IndexFunc(rows, func(r CollectRow) bool { return r.Code == call[i].Name() })
		rows[at].Phone = p.Owner.Phone
		if p.Owner.Phone == "" && p.Submitter != nil {
			rows[at].Phone = p.Submitter.Phone
		}
	}
	return nil
}

// NoteCall records that the applicant of a waiting result was called. It is
// fault.Conflict when the result no longer waits.
func (a *App) NoteCall(ctx context.Context, who access.Actor, actionID, code string, outcome supervise.CallOutcome) error {
	if !access.May(who, access.ReturnDossier, who.Unit) {
		return denied()
	}
	if !slices.Contains(supervise.CallOutcomes(), outcome) {
		return fault.Field("outcome", "collect.outcome_missing", nil)
	}
	d, err := a.readable(ctx, who, code)
	if err != nil {
		return err
	}
	if d.Unit != who.Unit {
		return denied()
	}
	root := store.WarningRoot(d.ID)
	w := store.Write{Actor: by(who), Action: actionID, Body: []string{d.ID, string(outcome)}, Roots: []store.Root{store.DossierRoot(d.ID), root}}
	_, err = store.Do(ctx, a.store, w, func(v *store.View) (string, error) {
		now, _ := store.Load[dossier.Dossier](v, store.DossierRoot(d.ID))
		if supervise.ReadyAt(now).IsZero() {
			return "", fault.New(fault.Conflict, "collect.fetched", fault.Args{"code": d.Name()})
		}
		c := supervise.Call{At: v.Now(), By: who.ID, ByName: who.Name, Outcome: outcome}
		_, err := store.Record[supervise.Warning](v, root, supervise.WarningCalled, 1, "", c)
		return d.ID, err
	})
	return err
}
