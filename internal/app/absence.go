package app

import (
	"context"
	"slices"

	"github.com/motcua/motcua/internal/core/access"
	"github.com/motcua/motcua/internal/core/agency"
	"github.com/motcua/motcua/internal/core/civil"
	"github.com/motcua/motcua/internal/core/dossier"
	"github.com/motcua/motcua/internal/core/fault"
	"github.com/motcua/motcua/internal/core/textfold"
	"github.com/motcua/motcua/internal/store"
)

// AbsenceForm is an absence as entered.
type AbsenceForm struct {
	ActionID string
	Staff    string // empty = the actor himself
	From, To civil.Date
	Work     string // staff id of who does the work
	Sign     string // staff id of who signs
	Reason   string
	Document string
}

// AbsenceRow is an absence with the names that a page shows.
type AbsenceRow struct {
	agency.Absence
	Name     string
	WorkName string
	SignName string
	Now      bool // holds today
	MayEnd   bool
}

// AbsencePage lists the absences of the actor's unit and whom he can name.
type AbsencePage struct {
	Rows    []AbsenceRow
	Staff   []StaffChoice // of the unit, with their open tasks
	Leaders []StaffChoice // who may sign for another
	MayAll  bool          // may enter absences of others
}

// Absences lists the present and coming absences of the actor's unit.
func (a *App) Absences(ctx context.Context, who access.Actor) (AbsencePage, error) {
	dir := a.directory.Load()
	today := civil.DateOf(a.clock())
	page := AbsencePage{MayAll: access.May(who, access.DelegateWork, who.Unit)}
	for _, x := range dir.absences {
		p := dir.people[x.Staff]
		if p.Unit != who.Unit || x.Ended || x.To.Before(today) {
			continue
		}
		page.Rows = append(page.Rows, AbsenceRow{
			Absence: x, Name: p.Name, WorkName: dir.people[x.Work].Name, SignName: dir.people[x.Sign].Name, Now: x.On(today),
			MayEnd: x.Staff == who.ID || page.MayAll,
		})
	}
	var ids []string
	for _, p := range dir.byUnit[who.Unit] {
		if !p.Disabled {
			ids = append(ids, p.ID)
		}
	}
	open, err := a.store.OpenTasks(ctx, ids)
	if err != nil {
		return page, err
	}
	for _, id := range ids {
		p := dir.people[id]
		choice := StaffChoice{ID: id, Name: p.Name, Open: open[id]}
		page.Staff = append(page.Staff, choice)
		if hasExactRole(p, "leader") || hasExactRole(p, "director") {
			page.Leaders = append(page.Leaders, choice)
		}
	}
	sortByGivenName(page.Staff, func(c StaffChoice) string { return c.Name })
	sortByGivenName(page.Leaders, func(c StaffChoice) string { return c.Name })
	return page, nil
}

// RecordAbsence enters an absence of the actor, or of an officer of the unit
// that he leads. The signature is delegated only by who holds it or leads the
// unit. It begins and ends by itself.
func (a *App) RecordAbsence(ctx context.Context, who access.Actor, in AbsenceForm) (agency.Absence, error) {
	if in.Staff == "" {
		in.Staff = who.ID
	}
	dir := a.directory.Load()
	p := dir.people[in.Staff]
	leads := access.May(who, access.DelegateWork, p.Unit)
	if in.Staff != who.ID && !leads {
		return agency.Absence{}, denied()
	}
	if in.Sign != "" && !access.May(who, access.DelegateSignature, p.Unit) {
		return agency.Absence{}, fault.Field("sign", "agency.absence_sign_right", nil)
	}
	open, err := a.store.OpenTasks(ctx, []string{in.Staff})
	if err != nil {
		return agency.Absence{}, err
	}
	x := agency.Absence{
		ID: newID(), Staff: in.Staff, From: in.From, To: in.To, Work: in.Work, Sign: in.Sign,
		Reason: textfold.Clean(in.Reason), Document: textfold.Clean(in.Document), By: who.ID,
	}
	if err := agency.CheckAbsence(x, civil.DateOf(a.clock()), dir.people, dir.absences, open[in.Staff]); err != nil {
		return x, err
	}
	return x, a.recordAbsence(ctx, who, in.ActionID, in, x)
}

// EndAbsence takes an absence back, or ends it early.
func (a *App) EndAbsence(ctx context.Context, who access.Actor, actionID, id string) error {
	dir := a.directory.Load()
	i := slices.IndexFunc(dir.absences, func(x agency.Absence) bool { return x.ID == id && !x.Ended })
	if i < 0 {
		return fault.New(fault.NotFound, "agency.absence_unknown", nil)
	}
	x := dir.absences[i]
	if x.Staff != who.ID && !access.May(who, access.DelegateWork, dir.people[x.Staff].Unit) {
		return denied()
	}
	x.Ended = true
	return a.recordAbsence(ctx, who, actionID, id, x)
}

func (a *App) recordAbsence(ctx context.Context, who access.Actor, action string, body any, x agency.Absence) error {
	root := store.AbsenceRoot(x.ID)
	w := store.Write{Actor: by(who), Action: action, Body: body, Roots: []store.Root{root}}
	_, err := store.Do(ctx, a.store, w, func(v *store.View) (string, error) {
		_, err := store.Record[agency.Absence](v, root, store.EventAbsenceRecorded, 1, x.Document, x)
		return x.ID, err
	})
	if err != nil {
		return err
	}
	return a.Reload(ctx)
}

// capacities are the ways in which an officer may act today: as himself, and for
// each officer of his unit who is away and named him. Work and signature are
// delegated apart.
func (a *App) capacities(who access.Actor) []access.Actor {
	all := []access.Actor{who}
	dir := a.directory.Load()
	today := civil.DateOf(a.clock())
	for _, x := range dir.absences {
		if !x.On(today) || x.Work != who.ID && x.Sign != who.ID {
			continue
		}
		absent, ok := dir.people[x.Staff]
		if !ok || absent.Disabled || absent.Unit != who.Unit {
			continue
		}
		as := a.actorOf(absent)
		as.ID, as.Name, as.Title = who.ID, who.Name, who.Title
		as.OnBehalf, as.ForName, as.Signing = absent.ID, absent.Name, x.Sign == who.ID
		all = append(all, as)
	}
	return all
}

// capacityFor is the way in which the officer may carry out the act: as himself
// where he can, else for somebody who is away.
func (a *App) capacityFor(who access.Actor, d dossier.Dossier, in dossier.Input) access.Actor {
	for _, as := range a.capacities(who) {
		for _, o := range dossier.Offers(d, as) {
			if o.Act == in.Act && (in.Task == "" || in.Task == o.TaskID) {
				return as
			}
		}
	}
	return who // the rule says why not
}

// actingAs is the capacity that an act names, or the one in which he can.
func (a *App) actingAs(who access.Actor, d dossier.Dossier, in ActInput) (access.Actor, error) {
	if in.For == "" {
		return a.capacityFor(who, d, in.Input), nil
	}
	for _, as := range a.capacities(who) {
		if as.OnBehalf == in.For {
			return as, nil
		}
	}
	return who, fault.Field("block", "result.block_unknown", nil)
}

// offers are the acts that the officer can do in any of his capacities.
func (a *App) offers(d dossier.Dossier, who access.Actor) []dossier.Offer {
	var all []dossier.Offer
	for _, as := range a.capacities(who) {
		for _, o := range dossier.Offers(d, as) {
			if !slices.ContainsFunc(all, func(have dossier.Offer) bool { return have.Act == o.Act && have.TaskID == o.TaskID }) {
				all = append(all, o)
			}
		}
	}
	return all
}

// Away reports whether an officer is away today.
func (d *directory) away(staff string, day civil.Date) bool {
	return slices.ContainsFunc(d.absences, func(x agency.Absence) bool { return x.Staff == staff && x.On(day) })
}
