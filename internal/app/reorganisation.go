package app

import (
	"context"
	"slices"
	"strings"

	"github.com/motcua/motcua/internal/core/access"
	"github.com/motcua/motcua/internal/core/agency"
	"github.com/motcua/motcua/internal/core/civil"
	"github.com/motcua/motcua/internal/core/dossier"
	"github.com/motcua/motcua/internal/core/fault"
	"github.com/motcua/motcua/internal/core/textfold"
	"github.com/motcua/motcua/internal/store"
)

// ReorganisationForm is a change of the organisation as somebody enters it.
type ReorganisationForm struct {
	ActionID string
	agency.Change
}

func (f *ReorganisationForm) clean() {
	f.On, f.Document, f.Reason = strings.TrimSpace(f.On), textfold.Clean(f.Document), cleanLines(f.Reason)
	f.SignedOn, f.Signer = strings.TrimSpace(f.SignedOn), textfold.Clean(f.Signer)
	f.Steps = slices.Clone(f.Steps)
	for i := range f.Steps {
		s := &f.Steps[i]
		s.Into = slices.Clone(s.Into)
		for j := range s.Into {
			n := &s.Into[j]
			n.Code, n.Name, n.FullName = strings.TrimSpace(n.Code), textfold.Clean(n.Name), textfold.Clean(n.FullName)
		}
	}
}

// ProposeReorganisation records a change for another person to approve. Nothing
// changes before that. It fails with fault.Invalid and names what is wrong, step
// by step.
func (a *App) ProposeReorganisation(ctx context.Context, who access.Actor, in ReorganisationForm) (agency.Reorganisation, error) {
	if !access.May(who, access.ReorganiseUnits) {
		return agency.Reorganisation{}, denied()
	}
	in.clean()
	effect, err := a.planChange(ctx, a.directory.Load(), in.Change)
	if err := joinErrors(a.checkPaper(in.Change), err); err != nil {
		return agency.Reorganisation{}, err
	}
	r := agency.Reorganisation{
		ID: newID(), Change: in.Change, State: agency.ReorganisationProposed, By: who.ID, ByName: who.Name, At: a.clock(), Effect: effect,
	}
	root := store.ReorganisationRoot(r.ID)
	w := store.Write{Actor: by(who), Action: in.ActionID, Body: in, Roots: []store.Root{root}}
	id, err := store.Do(ctx, a.store, w, func(v *store.View) (string, error) {
		_, err := store.Record[agency.Reorganisation](v, root, agency.ReorganisationMade, 1, r.Document, r)
		return r.ID, err
	})
	r.ID = id // of the first, when it is a repetition
	return r, err
}

// checkPaper asks for the day and the signer of the document behind a change. It
// cannot have been signed later than today.
func (a *App) checkPaper(c agency.Change) error {
	var faults []*fault.Fault
	switch day, err := civil.ParseDate(c.SignedOn); {
	case err != nil:
		faults = append(faults, fault.Field("signedOn", "reorganisation.signed_on", nil))
	case day.After(civil.DateOf(a.clock())):
		faults = append(faults, fault.Field("signedOn", "reorganisation.signed_later", nil))
	}
	if c.Signer == "" {
		faults = append(faults, fault.Field("signer", "reorganisation.signer", nil))
	}
	return fault.Join(faults...)
}

// planChange works a change out against the house and its open work. An officer
// who is sent elsewhere must work in the unit that is split.
func (a *App) planChange(ctx context.Context, dir *directory, c agency.Change) (agency.Effect, error) {
	var failed error
	effect, err := agency.PlanChange(dir.tree, c, func(code string) int {
		n, err := a.store.CountLying(ctx, code)
		if err != nil {
			failed = err
		}
		return n
	})
	if failed != nil {
		return effect, failed
	}
	return effect, err
}

func (a *App) reorganisation(ctx context.Context, id string) (agency.Reorganisation, int64, error) {
	r, version, err := store.GetVersion[agency.Reorganisation](ctx, a.store, store.ReorganisationRoot(id))
	if fault.KindOf(err) == fault.NotFound {
		return r, version, fault.New(fault.NotFound, "reorganisation.unknown", nil)
	}
	return r, version, err
}

// WithdrawReorganisation takes a change back that has not come into force.
func (a *App) WithdrawReorganisation(ctx context.Context, who access.Actor, actionID, id string) error {
	if !access.May(who, access.ReorganiseUnits) && !access.May(who, access.ApproveUnits) {
		return denied()
	}
	return a.decideReorganisation(ctx, who, actionID, id, agency.ReorganisationTakenBack)
}

func (a *App) decideReorganisation(ctx context.Context, who access.Actor, actionID, id, event string) error {
	root := store.ReorganisationRoot(id)
	w := store.Write{Actor: by(who), Action: actionID, Body: []string{id, event}, Roots: []store.Root{root}}
	_, err := store.Do(ctx, a.store, w, func(v *store.View) (string, error) {
		r, ok := store.Load[agency.Reorganisation](v, root)
		if !ok {
			return "", fault.New(fault.NotFound, "reorganisation.unknown", nil)
		}
		waits := r.State == agency.ReorganisationProposed || r.State == agency.ReorganisationApproved && event == agency.ReorganisationTakenBack
		if !waits {
			return "", fault.New(fault.Conflict, "reorganisation.decided", fault.Args{"state": fault.Line{Key: r.State.Key()}})
		}
		_, err := store.Record[agency.Reorganisation](v, root, event, 1, r.Document, agency.ReorganisationDecision{By: who.ID, ByName: who.Name, At: v.Now()})
		return r.ID, err
	})
	return err
}

// ApproveReorganisation lets a change come into force: at once when its day has
// come, else by itself on that day. It needs another person than who proposed
// it; an operator on the server stands outside that rule.
//
// It fails with fault.Conflict when the change has been decided, or the house
// has changed since so that it cannot be carried out any more.
func (a *App) ApproveReorganisation(ctx context.Context, who access.Actor, actionID, id string) (agency.Reorganisation, error) {
	if !access.May(who, access.ApproveUnits) {
		return agency.Reorganisation{}, denied()
	}
	r, _, err := a.reorganisation(ctx, id)
	if err != nil {
		return r, err
	}
	if r.By == who.ID && !who.IsSystem() {
		return r, fault.New(fault.Forbidden, "reorganisation.second_person", nil)
	}
	if _, err := a.planChange(ctx, a.directory.Load(), r.Change); err != nil {
		return r, err
	}
	if err := a.decideReorganisation(ctx, who, actionID, id, agency.ReorganisationAgreed); err != nil {
		return r, err
	}
	if r.On <= civil.DateOf(a.clock()).String() {
		err = a.carryOut(ctx, who, id)
	}
	got, _, getErr := a.reorganisation(ctx, id)
	if err == nil {
		err = getErr
	}
	return got, err
}

// ApplyDueReorganisations carries out the approved changes whose day has come. It
// runs every minute; one that cannot be carried out waits and is logged, and
// does not keep the others.
func (a *App) ApplyDueReorganisations(ctx context.Context) error {
	due, err := a.store.ApprovedReorganisations(ctx, civil.DateOf(a.clock()).String())
	if err != nil {
		return err
	}
	for _, r := range due {
		if err := a.carryOut(ctx, access.System("reorganisation"), r.ID); err != nil {
			a.log.ErrorContext(ctx, "carry out a change of the organisation", "id", r.ID, "err", err)
		}
	}
	return nil
}

// mostAtOnce is how many dossiers follow in the transaction of the change itself;
// more follow in the background.
const mostAtOnce = 200

// carrying is a change on its way through the write that carries it out.
type carrying struct {
	a        *App
	who      access.Actor
	r        agency.Reorganisation
	version  int64
	dir      *directory
	effect   agency.Effect
	next     *agency.Tree // with the change in force
	staff    []string
	absences []agency.Absence
	dossiers []string
	total    int
}

// carryOut brings an approved change into force: units, people, counters,
// calendars and delegations in one transaction, and the open dossiers with them
// unless they are too many.
func (a *App) carryOut(ctx context.Context, who access.Actor, id string) error {
	r, version, err := a.reorganisation(ctx, id)
	if err != nil {
		return err
	}
	c := &carrying{a: a, who: who, r: r, version: version, dir: a.directory.Load()}
	if c.effect, err = a.planChange(ctx, c.dir, r.Change); err != nil {
		return err
	}
	c.next = c.dir.tree.With(c.effect.Units())
	c.followers()
	codes := heirCodes(c.effect)
	if c.total, err = a.store.CountLying(ctx, codes...); err != nil {
		return err
	}
	if c.total <= mostAtOnce {
		if c.dossiers, _, err = a.store.LyingWith(ctx, codes, "", mostAtOnce); err != nil {
			return err
		}
	}
	w := store.Write{Actor: by(who), Body: id, Roots: c.roots()}
	if _, err = store.Do(ctx, a.store, w, c.write); err != nil {
		return err
	}
	return a.Reload(ctx)
}

func heirCodes(e agency.Effect) []string {
	var codes []string
	for _, h := range e.Heirs {
		codes = addOnce(codes, h.From)
	}
	return codes
}

// followers finds who moves with the units, and the delegations that cannot:
// officer and stand-in would work in different units.
func (c *carrying) followers() {
	for id, p := range c.dir.people {
		if _, moves := c.effect.FollowStaff(p); moves {
			c.staff = append(c.staff, id)
		}
	}
	slices.Sort(c.staff)
	for _, x := range c.dir.absences {
		if !x.Ended && c.parts(x) {
			c.absences = append(c.absences, x)
		}
	}
}

// parts reports whether the change puts an absent officer and one who stands in
// for him into different units.
func (c *carrying) parts(x agency.Absence) bool {
	for _, other := range []string{x.Work, x.Sign} {
		if other == "" || c.dir.people[x.Staff].Unit != c.dir.people[other].Unit {
			continue
		}
		p, _ := c.effect.FollowStaff(c.dir.people[x.Staff])
		q, _ := c.effect.FollowStaff(c.dir.people[other])
		if p.Unit != q.Unit {
			return true
		}
	}
	return false
}

// calendars are the heirs that take over a calendar of their own: new units that
// continue exactly one which has it.
func (c *carrying) calendars() map[string]string {
	return followingCalendars(c.dir, c.effect)
}

func followingCalendars(dir *directory, e agency.Effect) map[string]string {
	from := map[string][]string{}
	for _, h := range e.Heirs {
		if _, own := dir.published[h.From]; own && h.To != h.From {
			from[h.To] = append(from[h.To], h.From)
		}
	}
	takes := map[string]string{}
	for to, all := range from {
		begun := slices.ContainsFunc(e.Begun, func(u agency.Unit) bool { return u.Code == to })
		if _, own := dir.published[to]; begun && !own && len(all) == 1 {
			takes[to] = all[0]
		}
	}
	return takes
}

func (c *carrying) roots() []store.Root {
	roots := []store.Root{store.ReorganisationRoot(c.r.ID), store.CentreRoot()}
	for _, u := range c.effect.Units() {
		roots = append(roots, store.UnitRoot(u.ID))
	}
	for _, id := range c.staff {
		roots = append(roots, store.StaffRoot(id))
	}
	for _, x := range c.absences {
		roots = append(roots, store.AbsenceRoot(x.ID))
	}
	for to := range c.calendars() {
		roots = append(roots, store.CalendarRoot(to))
	}
	for _, id := range c.dossiers {
		roots = append(roots, store.DossierRoot(id))
	}
	return roots
}

// write records the change and all that follows in the same transaction.
func (c *carrying) write(v *store.View) (int, error) {
	root := store.ReorganisationRoot(c.r.ID)
	if err := v.Expect(root, c.version); err != nil {
		return 0, err
	}
	if c.r.State != agency.ReorganisationApproved {
		return 0, fault.New(fault.Conflict, "reorganisation.decided", fault.Args{"state": fault.Line{Key: c.r.State.Key()}})
	}
	f := agency.Followed{Versions: map[string]int64{}}
	if err := c.writeUnits(v, &f); err != nil {
		return 0, err
	}
	if err := c.writePeople(v, &f); err != nil {
		return 0, err
	}
	if err := c.writeHouse(v, &f); err != nil {
		return 0, err
	}
	carried := agency.ReorganisationCarried{At: v.Now(), Effect: c.effect, Followed: f, Total: c.total}
	r, err := store.Record[agency.Reorganisation](v, root, agency.ReorganisationInForce, 1, c.r.Document, carried)
	if err != nil {
		return 0, err
	}
	if c.total > mostAtOnce {
		v.Enqueue(followJob(following{ID: r.ID}, v.RecordedAt()))
		return 0, nil
	}
	moved, err := c.a.takeOver(v, c.who, r, c.dossiers, c.worksIn)
	if err != nil {
		return 0, err
	}
	v.Enqueue(followJob(following{ID: r.ID, Again: true}, v.RecordedAt().Add(secondPass)))
	end := agency.ReorganisationReached{Progress: agency.FollowProgress{Total: c.total, Moved: moved}, At: v.Now()}
	_, err = store.Record[agency.Reorganisation](v, root, agency.ReorganisationEnd, 1, c.r.Document, end)
	return moved, err
}

// worksIn reports where an officer works once the change holds.
func (c *carrying) worksIn(staff, unit string) bool {
	p, _ := c.effect.FollowStaff(c.dir.people[staff])
	return p.Unit == unit
}

// keep records one stream's event and remembers the version that it leaves.
func keep[S any](v *store.View, f *agency.Followed, root store.Root, event, ground string, state S) error {
	_, err := store.Record[S](v, root, event, 1, ground, state)
	f.Versions[root.Stream()] = v.Version(root)
	return err
}

func (c *carrying) writeUnits(v *store.View, f *agency.Followed) error {
	for i, u := range c.effect.Ended {
		have, ok := store.Load[agency.Unit](v, store.UnitRoot(u.ID))
		if !ok || !sameUnit(have, c.effect.Before[i]) {
			return fault.New(fault.Conflict, "reorganisation.changed_meanwhile", fault.Args{"unit": u.Shown()})
		}
	}
	for _, u := range c.effect.Units() {
		if err := keep(v, f, store.UnitRoot(u.ID), store.EventUnitRecorded, c.r.Document, u); err != nil {
			return err
		}
	}
	return nil
}

func (c *carrying) writePeople(v *store.View, f *agency.Followed) error {
	for _, id := range c.staff {
		root := store.StaffRoot(id)
		was, _ := store.Load[agency.Staff](v, root)
		p, moves := c.effect.FollowStaff(was)
		if !moves {
			continue
		}
		f.Staff = append(f.Staff, was)
		if err := keep(v, f, root, store.EventStaffRecorded, c.r.Document, p); err != nil {
			return err
		}
	}
	for _, seen := range c.absences {
		root := store.AbsenceRoot(seen.ID)
		x, ok := store.Load[agency.Absence](v, root)
		if !ok || x.Ended {
			continue
		}
		f.Absences = append(f.Absences, x)
		x.Ended = true
		if err := keep(v, f, root, store.EventAbsenceRecorded, c.r.Document, x); err != nil {
			return err
		}
	}
	return nil
}

func (c *carrying) writeHouse(v *store.View, f *agency.Followed) error {
	was, _ := store.Load[agency.Profile](v, store.CentreRoot())
	p, changed := c.effect.FollowProfile(was, c.next, c.r.On)
	if changed {
		f.Profile = &was
		if err := keep(v, f, store.CentreRoot(), store.EventCentreRecorded, c.r.Document, p); err != nil {
			return err
		}
	}
	takes := c.calendars()
	for _, to := range sortedKeys(takes) {
		cal := c.dir.published[takes[to]]
		cal.Version, cal.Document = 1, c.r.Document
		f.Calendars = append(f.Calendars, to)
		if _, err := store.Record[civil.Published](v, store.CalendarRoot(to), store.EventCalendarPublished, 1, c.r.Document, cal); err != nil {
			return err
		}
	}
	return nil
}

// takeOver lets dossiers follow a change inside a write and answers how many did.
func (a *App) takeOver(v *store.View, who access.Actor, r agency.Reorganisation, ids []string, works func(staff, unit string) bool) (int, error) {
	ctx := dossier.Context{Now: v.Now(), Actor: who, NewID: v.NewID}
	moved := 0
	for _, id := range ids {
		d, ok := store.Load[dossier.Dossier](v, store.DossierRoot(id))
		if !ok {
			continue
		}
		s := dossier.Successors{Change: r.ID, Document: r.Document, Works: works, Heir: func(code string) (string, string, bool) {
			h, ok := r.Effect.Heir(code)
			if ok && !d.At.Before(r.AppliedAt) && r.Effect.Reused(h) {
				return "", "", false // it came to the new unit of that code
			}
			return h.To, h.ToName, ok
		}}
		ev, follows := dossier.Succeed(d, ctx, s)
		if !follows {
			continue
		}
		if _, err := record(v, id, ev); err != nil {
			return moved, err
		}
		moved++
	}
	return moved, nil
}
