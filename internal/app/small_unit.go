package app

import (
	"context"
	"slices"

	"github.com/motcua/motcua/internal/core/access"
	"github.com/motcua/motcua/internal/core/agency"
	"github.com/motcua/motcua/internal/core/civil"
	"github.com/motcua/motcua/internal/core/fault"
	"github.com/motcua/motcua/internal/core/textfold"
	"github.com/motcua/motcua/internal/store"
)

// SmallUnitForm enters a commune into the list of small units.
type SmallUnitForm struct {
	ActionID string
	Unit     string // code
	Document string
	SignedOn civil.Date
	Signer   string
	Ground   string
	From     civil.Date
	To       civil.Date // zero = until it is ended
}

// SmallUnitPage is the list of small units (danh sách đơn vị ít người).
type SmallUnitPage struct {
	Rows      []SmallUnitRow // the newest first
	Units     []UnitChoice   // communes with too few people
	MayChange bool
}

// SmallUnitRow is one entry with what this person may do.
type SmallUnitRow struct {
	agency.SmallUnit
	UnitName   string
	People     int
	Holds      bool // one person may do everything there today
	MayConfirm bool
	MayRemove  bool
}

// SmallUnits opens the list of small units.
func (a *App) SmallUnits(ctx context.Context, who access.Actor) (SmallUnitPage, error) {
	if !access.May(who, access.ManageUnit) && !access.May(who, access.ApproveUnits) {
		return SmallUnitPage{}, denied()
	}
	list, err := a.store.SmallUnits(ctx)
	if err != nil {
		return SmallUnitPage{}, err
	}
	dir := a.directory.Load()
	today := civil.DateOf(a.clock())
	page := SmallUnitPage{MayChange: access.May(who, access.ManageUnit)}
	for _, s := range slices.Backward(list) {
		over := !s.To.IsZero() && s.To.Before(today)
		page.Rows = append(page.Rows, SmallUnitRow{
			SmallUnit: s, UnitName: dir.unitName(s.Unit, today), People: dir.working(s.Unit), Holds: s.On(today) && dir.small(s.Unit, today),
			MayConfirm: s.State == agency.SmallUnitProposed && s.By != who.ID && access.May(who, access.ApproveUnits),
			MayRemove:  s.State == agency.SmallUnitProposed || s.State == agency.SmallUnitListed && !over,
		})
	}
	for _, u := range dir.tree.Communes(dir.centre.Area, today.String()) {
		if n := dir.working(u.Code); n > 0 && n < agency.Smallest {
			page.Units = append(page.Units, UnitChoice{u.Code, shownName(u)})
		}
	}
	page.Units = sortedUnits(page.Units, dir)
	return page, nil
}

// working counts the active people of a unit.
func (d *directory) working(code string) int {
	n := 0
	for _, p := range d.byUnit[code] {
		if !p.Disabled {
			n++
		}
	}
	return n
}

// small reports whether one person may do everything in a unit on a day (E14):
// it is listed, and still has too few people.
func (d *directory) small(code string, day civil.Date) bool {
	return d.working(code) < agency.Smallest && slices.ContainsFunc(d.smallUnits, func(s agency.SmallUnit) bool { return s.Unit == code && s.On(day) })
}

// ProposeSmallUnit enters a commune for another person to confirm. Until then its
// duties stay separated.
func (a *App) ProposeSmallUnit(ctx context.Context, who access.Actor, in SmallUnitForm) (agency.SmallUnit, error) {
	if !access.May(who, access.ManageUnit) {
		return agency.SmallUnit{}, denied()
	}
	dir := a.directory.Load()
	today := civil.DateOf(a.clock())
	s := agency.SmallUnit{
		ID: newID(), Unit: in.Unit, Document: textfold.Clean(in.Document), SignedOn: in.SignedOn, Signer: textfold.Clean(in.Signer), Ground: textfold.Clean(in.Ground),
		From: in.From, To: in.To, State: agency.SmallUnitProposed, By: who.ID, ByName: who.Name, At: a.clock(),
	}
	u, _ := dir.tree.Find(in.Unit, today.String())
	if err := s.Check(u, dir.working(in.Unit), today); err != nil {
		return s, err
	}
	return s, a.recordSmallUnit(ctx, who, in.ActionID, s.ID, func(_ *store.View, have agency.SmallUnit) (agency.SmallUnit, error) { return s, nil })
}

// recordSmallUnit records an entry as change leaves it.
func (a *App) recordSmallUnit(ctx context.Context, who access.Actor, action, id string, change func(v *store.View, have agency.SmallUnit) (agency.SmallUnit, error)) error {
	root := store.SmallUnitRoot(id)
	w := store.Write{Actor: by(who), Action: action, Body: id, Roots: []store.Root{root}}
	_, err := store.Do(ctx, a.store, w, func(v *store.View) (string, error) {
		have, _ := store.Load[agency.SmallUnit](v, root)
		next, err := change(v, have)
		if err != nil {
			return id, err
		}
		_, err = store.Record[agency.SmallUnit](v, root, store.EventSmallUnitRecorded, 1, next.Document, next)
		return id, err
	})
	if err != nil {
		return err
	}
	return a.Reload(ctx)
}

// ConfirmSmallUnit puts an entry into force. It needs another person than who
// entered it, and a unit that still has too few people.
func (a *App) ConfirmSmallUnit(ctx context.Context, who access.Actor, action, id string) error {
	if !access.May(who, access.ApproveUnits) {
		return denied()
	}
	people := a.directory.Load()
	return a.recordSmallUnit(ctx, who, action, id, func(v *store.View, s agency.SmallUnit) (agency.SmallUnit, error) {
		switch {
		case s.ID == "":
			return s, fault.New(fault.NotFound, "small_unit.unknown", nil)
		case s.State != agency.SmallUnitProposed:
			return s, fault.New(fault.Conflict, "small_unit.decided", fault.Args{"state": fault.Line{Key: s.State.Key()}})
		case s.By == who.ID:
			return s, fault.New(fault.Forbidden, "small_unit.second_person", nil)
		case people.working(s.Unit) >= agency.Smallest:
			return s, fault.New(fault.Conflict, "small_unit.grown", nil)
		}
		s.State, s.Decided, s.DecidedBy, s.DecidedAt = agency.SmallUnitListed, who.ID, who.Name, v.Now()
		return s, nil
	})
}

// RemoveSmallUnit takes back an entry that waits, or ends one in force today:
// from then on the duties of the unit are separated again, so one person is
// enough.
func (a *App) RemoveSmallUnit(ctx context.Context, who access.Actor, action, id string) error {
	if !access.May(who, access.ManageUnit) && !access.May(who, access.ApproveUnits) {
		return denied()
	}
	return a.recordSmallUnit(ctx, who, action, id, func(v *store.View, s agency.SmallUnit) (agency.SmallUnit, error) {
		today := civil.DateOf(v.Now())
		switch {
		case s.ID == "":
			return s, fault.New(fault.NotFound, "small_unit.unknown", nil)
		case s.State == agency.SmallUnitWithdrawn || s.State == agency.SmallUnitListed && !s.To.IsZero() && s.To.Before(today):
			return s, fault.New(fault.Conflict, "small_unit.decided", fault.Args{"state": fault.Line{Key: s.State.Key()}})
		}
		s.Decided, s.DecidedBy, s.DecidedAt = who.ID, who.Name, v.Now()
		if s.State == agency.SmallUnitListed && s.From.Before(today) {
			s.To = today.AddDays(-1)
		} else {
			s.State = agency.SmallUnitWithdrawn
		}
		return s, nil
	})
}
