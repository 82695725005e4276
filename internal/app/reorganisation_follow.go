package app

import (
	"context"
	"encoding/json"
	"maps"
	"slices"
	"time"

	"github.com/motcua/motcua/internal/core/access"
	"github.com/motcua/motcua/internal/core/agency"
	"github.com/motcua/motcua/internal/core/dossier"
	"github.com/motcua/motcua/internal/core/fault"
	"github.com/motcua/motcua/internal/job"
	"github.com/motcua/motcua/internal/store"
)

// reorganiseJob is the kind of job that lets open dossiers follow a change of the
// organisation, or go back, one part after the other.
const reorganiseJob = "reorganisation.follow"

// reorganiseEvery is how often approved changes are looked at.
const reorganiseEvery = time.Minute

// following says what a job carries on. The second pass, a little later, finds
// what a node that had not heard of the change received meanwhile.
type following struct {
	ID    string `json:"id"`
	Again bool   `json:"again,omitempty"`
}

func followJob(f following, at time.Time) store.Outbox {
	payload, _ := json.Marshal(f) // a text and a truth value cannot fail
	key := reorganiseJob
	if f.Again {
		key += ".again"
	}
	return store.Outbox{Kind: reorganiseJob, Key: key, Payload: payload, NotBefore: at}
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

// follow carries a change on for a while. Each part is one write: the events of
// its dossiers and how far it has come, so that a restart goes on where the last
// part ended and no dossier gets a second event.
func (a *App) follow(ctx context.Context, j store.Job) error {
	var f following
	if err := json.Unmarshal(j.Payload, &f); err != nil {
		return job.Permanent(err)
	}
	for until := a.wall().Add(recomputeFor); ; {
		done, err := a.followPart(ctx, f, func() bool { return !a.wall().Before(until) })
		if err != nil || done {
			return err
		}
	}
}

// followPart is one part. It answers whether this job is done: nothing is left,
// or its time is over and a further job goes on.
func (a *App) followPart(ctx context.Context, f following, over func() bool) (bool, error) {
	r, version, err := a.reorganisation(ctx, f.ID)
	if err != nil {
		return true, err
	}
	back := r.State == agency.ReorganisationUndoing
	if !back && r.State != agency.ReorganisationApplied && !(f.Again && r.State == agency.ReorganisationDone) {
		return true, nil
	}
	if err := a.Reload(ctx); err != nil { // this node may not have heard of it yet
		return true, err
	}
	var ids []string
	next := ""
	switch {
	case back:
		ids, next, err = a.store.MovedBy(ctx, r.ID, r.Progress.After, recomputeBatch)
	case f.Again:
		ids, _, err = a.store.LyingWith(ctx, heirCodes(r.Effect), "", recomputeBatch)
	default:
		ids, next, err = a.store.LyingWith(ctx, heirCodes(r.Effect), r.Progress.After, recomputeBatch)
	}
	if err != nil || f.Again && !back && len(ids) == 0 {
		return true, err
	}
	done := next == "" || over()
	root, who := store.ReorganisationRoot(r.ID), access.System("reorganisation")
	w := store.Write{Actor: by(who), Body: r.Progress, Roots: []store.Root{root}}
	for _, id := range ids {
		w.Roots = append(w.Roots, store.DossierRoot(id))
	}
	dir := a.directory.Load()
	_, err = store.Do(ctx, a.store, w, func(v *store.View) (int, error) {
		if err := v.Expect(root, version); err != nil {
			return 0, err
		}
		n, err := 0, error(nil)
		if back {
			n, err = a.goBack(v, who, r, ids, false)
		} else {
			n, err = a.takeOver(v, who, r, ids, func(staff, unit string) bool { return dir.people[staff].Unit == unit })
		}
		if err != nil || f.Again && !back && n == 0 {
			return n, err
		}
		p := r.Progress
		p.After = next
		if p.Moved += n; back {
			p.Moved -= 2 * n
		}
		event := agency.ReorganisationStep
		if next == "" && !(f.Again && !back) {
			event = agency.ReorganisationEnd
			if !back {
				v.Enqueue(followJob(following{ID: r.ID, Again: true}, v.RecordedAt().Add(secondPass)))
			}
		}
		if done && next != "" {
			v.Enqueue(followJob(f, v.RecordedAt()))
		}
		_, err = store.Record[agency.Reorganisation](v, root, event, 1, r.Document, agency.ReorganisationReached{Progress: p, At: v.Now()})
		return n, err
	})
	return done, err
}

// goBack lets dossiers return to the units in which they lay before. One that
// has gone on since stands against it, and where all is no longer one transaction
// stays with whoever continued it.
func (a *App) goBack(v *store.View, who access.Actor, r agency.Reorganisation, ids []string, all bool) (int, error) {
	ctx := dossier.Context{Now: v.Now(), Actor: who, NewID: v.NewID}
	n := 0
	for _, id := range ids {
		d, ok := store.Load[dossier.Dossier](v, store.DossierRoot(id))
		if !ok {
			continue
		}
		ev, err := dossier.Recede(d, ctx, r.ID)
		if err != nil && !all && fault.KindOf(err) == fault.Conflict {
			continue
		}
		if err != nil {
			return n, err
		}
		if _, err := record(v, id, ev); err != nil {
			return n, err
		}
		n++
	}
	return n, nil
}

// UndoForm takes a change of the organisation back.
type UndoForm struct {
	ActionID string
	ID       string
	Reason   string
}

// UndoReorganisation takes a change back by a compensating one: units, people,
// counters and delegations stand as before, and the dossiers return. It is
// refused with fault.Conflict as soon as later work stands on the change, and
// names that work: a dossier that went on, or was received by a unit that the
// change began, an officer or a unit that changed again.
func (a *App) UndoReorganisation(ctx context.Context, who access.Actor, in UndoForm) (agency.Reorganisation, error) {
	if !access.May(who, access.ApproveUnits) {
		return agency.Reorganisation{}, denied()
	}
	reason := cleanLines(in.Reason)
	if reason == "" {
		return agency.Reorganisation{}, fault.Field("reason", "dossier.reason_missing", nil)
	}
	r, version, err := a.reorganisation(ctx, in.ID)
	if err != nil {
		return r, err
	}
	if r.State != agency.ReorganisationDone {
		return r, fault.New(fault.Conflict, "reorganisation.not_done", fault.Args{"state": fault.Line{Key: r.State.Key()}})
	}
	if err := a.standsOn(ctx, r); err != nil {
		return r, err
	}
	u := undoing{a: a, who: who, r: r, version: version, reason: reason}
	if u.dossiers, u.more, err = a.store.MovedBy(ctx, r.ID, "", mostAtOnce); err != nil {
		return r, err
	}
	w := store.Write{Actor: by(who), Action: in.ActionID, Body: in, Roots: u.roots()}
	if _, err := store.Do(ctx, a.store, w, u.write); err != nil {
		return r, err
	}
	if err := a.Reload(ctx); err != nil {
		return r, err
	}
	r, _, err = a.reorganisation(ctx, in.ID)
	return r, err
}

// standsOn looks for dossiers that keep a change from being taken back.
func (a *App) standsOn(ctx context.Context, r agency.Reorganisation) error {
	for after := ""; ; {
		ids, next, err := a.store.MovedBy(ctx, r.ID, after, recomputeBatch)
		if err != nil {
			return err
		}
		list, err := a.store.DossiersByID(ctx, ids)
		if err != nil {
			return err
		}
		for _, d := range list {
			if d.Successions[len(d.Successions)-1].Version != d.FormVersion {
				return fault.New(fault.Conflict, "dossier.succession_used", fault.Args{"code": d.Name()})
			}
		}
		if after = next; after == "" {
			break
		}
	}
	var begun []string
	for _, u := range r.Effect.Begun {
		if _, before := slices.BinarySearch(endedCodes(r.Effect), u.Code); !before {
			begun = append(begun, u.Code)
		}
	}
	ids, _, err := a.store.LyingWith(ctx, begun, "", 2*recomputeBatch)
	if err != nil {
		return err
	}
	list, err := a.store.DossiersByID(ctx, ids)
	for _, d := range list {
		if d.Continues(r.ID) { // it is not there by the change
			return fault.New(fault.Conflict, "reorganisation.received_since", fault.Args{"code": d.Name()})
		}
	}
	return err
}

func endedCodes(e agency.Effect) []string {
	var codes []string
	for _, u := range e.Ended {
		codes = append(codes, u.Code)
	}
	slices.Sort(codes)
	return codes
}

// undoing is a change that is taken back, on its way through a write.
type undoing struct {
	a        *App
	who      access.Actor
	r        agency.Reorganisation
	version  int64
	reason   string
	dossiers []string
	more     string // not empty: the dossiers go back in the background
}

func (u *undoing) roots() []store.Root {
	roots := []store.Root{store.ReorganisationRoot(u.r.ID), store.CentreRoot()}
	for _, x := range u.r.Effect.Back() {
		roots = append(roots, store.UnitRoot(x.ID))
	}
	for _, p := range u.r.Followed.Staff {
		roots = append(roots, store.StaffRoot(p.ID))
	}
	for _, x := range u.r.Followed.Absences {
		roots = append(roots, store.AbsenceRoot(x.ID))
	}
	if u.more == "" {
		for _, id := range u.dossiers {
			roots = append(roots, store.DossierRoot(id))
		}
	}
	return roots
}

// write records the way back of everything that is as the change left it.
func (u *undoing) write(v *store.View) (int, error) {
	root := store.ReorganisationRoot(u.r.ID)
	if err := v.Expect(root, u.version); err != nil {
		return 0, err
	}
	for _, b := range u.r.Effect.Back() {
		if err := restore(v, u.r, store.UnitRoot(b.ID), store.EventUnitRecorded, b.Shown(), b); err != nil {
			return 0, err
		}
	}
	for _, p := range u.r.Followed.Staff {
		if err := restore(v, u.r, store.StaffRoot(p.ID), store.EventStaffRecorded, p.Name, p); err != nil {
			return 0, err
		}
	}
	for _, x := range u.r.Followed.Absences {
		if err := restore(v, u.r, store.AbsenceRoot(x.ID), store.EventAbsenceRecorded, x.Reason, x); err != nil {
			return 0, err
		}
	}
	if p := u.r.Followed.Profile; p != nil {
		if err := restore(v, u.r, store.CentreRoot(), store.EventCentreRecorded, p.Name, *p); err != nil {
			return 0, err
		}
	}
	undone := agency.Undoing{By: u.who.ID, ByName: u.who.Name, At: v.Now(), Reason: u.reason}
	r, err := store.Record[agency.Reorganisation](v, root, agency.ReorganisationUndo, 1, u.r.Document, undone)
	if err != nil {
		return 0, err
	}
	if u.more != "" {
		v.Enqueue(followJob(following{ID: r.ID}, v.RecordedAt()))
		return 0, nil
	}
	n, err := u.a.goBack(v, u.who, r, u.dossiers, true)
	if err != nil {
		return n, err
	}
	p := r.Progress
	p.Moved -= n
	_, err = store.Record[agency.Reorganisation](v, root, agency.ReorganisationEnd, 1, r.Document, agency.ReorganisationReached{Progress: p, At: v.Now()})
	return n, err
}

// restore records a state of before, unless the stream has gone on since.
func restore[S any](v *store.View, r agency.Reorganisation, root store.Root, event, name string, state S) error {
	if want, ok := r.Followed.Versions[root.Stream()]; !ok || v.Version(root) != want {
		return fault.New(fault.Conflict, "reorganisation.changed_since", fault.Args{"name": name})
	}
	_, err := store.Record[S](v, root, event, 1, r.Document, state)
	return err
}
