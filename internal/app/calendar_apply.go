package app

import (
	"context"
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/motcua/motcua/internal/core/access"
	"github.com/motcua/motcua/internal/core/civil"
	"github.com/motcua/motcua/internal/core/dossier"
	"github.com/motcua/motcua/internal/core/fault"
	"github.com/motcua/motcua/internal/core/notice"
	"github.com/motcua/motcua/internal/core/supervise"
	"github.com/motcua/motcua/internal/job"
	"github.com/motcua/motcua/internal/store"
)

// recomputeJob is the kind of job that carries a change of calendar through the
// open promises, one part after the other.
const recomputeJob = "calendar.recompute"

// recomputation says what a job carries on. The first pass remembers its place
// with the revision; the second pass, a little later, finds what a node that had
// not heard of the new calendar promised meanwhile, and mostly finds nothing.
type recomputation struct {
	Revision string `json:"revision"`
	Again    bool   `json:"again,omitempty"`
	After    string `json:"after,omitempty"` // place of the second pass
}

// Bounds of the background work.
const (
	recomputeBatch = 500              // dossiers in one write
	recomputeFor   = 20 * time.Second // one job's share, well within its time limit
	secondPass     = 30 * time.Second // longer than any node takes to hear of a change
)

// ApplyCalendar puts a proposed change into force: the calendar is published,
// and every open promise that it moves is recomputed in the background, each with
// an event of its own. It needs another person than who proposed it (maker and
// checker); an operator on the server stands outside that rule, since what he
// does is recorded under the command's name.
//
// It fails with fault.Conflict when the change has been decided, or the calendar
// has changed since, and with fault.Invalid when a day of it has passed by now.
func (a *App) ApplyCalendar(ctx context.Context, who access.Actor, actionID, id string) (civil.Revision, error) {
	if !access.May(who, access.ConfirmCalendar) {
		return civil.Revision{}, denied()
	}
	seen, err := a.revision(ctx, id)
	if err != nil {
		return seen, err
	}
	if seen.By == who.ID && !who.IsSystem() {
		return seen, fault.New(fault.Forbidden, "calendar.second_person", nil)
	}
	return a.applyRevision(ctx, who, actionID, seen, time.Time{})
}

func (a *App) revision(ctx context.Context, id string) (civil.Revision, error) {
	r, err := store.Get[civil.Revision](ctx, a.store, store.RevisionRoot(id))
	if fault.KindOf(err) == fault.NotFound {
		return r, fault.New(fault.NotFound, "calendar.revision_unknown", nil)
	}
	return r, err
}

func (a *App) applyRevision(ctx context.Context, who access.Actor, actionID string, seen civil.Revision, at time.Time) (civil.Revision, error) {
	dir := a.directory.Load()
	if seen.State == civil.RevisionProposed {
		if _, err := a.checkRevision(ctx, dir, seen.Calendar, seen.Becomes, civil.DateOf(a.at(at))); err != nil {
			return seen, err
		}
	}
	total, err := a.store.CountPromises(ctx, promisesOf(seen))
	if err != nil {
		return seen, err
	}
	root, cal := store.RevisionRoot(seen.ID), store.CalendarRoot(seen.Calendar)
	w := store.Write{Actor: by(who), Action: actionID, Body: seen.ID, Roots: []store.Root{root, cal}, At: a.storyTime(at)}
	_, err = store.Do(ctx, a.store, w, func(v *store.View) (string, error) {
		r, err := proposed(v, root)
		if err != nil {
			return "", err
		}
		if have, ok := store.Load[civil.Published](v, cal); ok && have.Version != r.Base || !ok && r.Base > builtInVersion {
			return "", fault.New(fault.Conflict, "calendar.changed_meanwhile", fault.Args{"seen": r.Base, "now": have.Version})
		}
		if _, err := store.Record[civil.Published](v, cal, store.EventCalendarPublished, 1, r.Becomes.Document, r.Becomes); err != nil {
			return "", err
		}
		d := civil.RevisionDecision{By: who.ID, ByName: who.Name, At: v.Now(), Total: total}
		if _, err := store.Record[civil.Revision](v, root, civil.RevisionInForce, 1, r.Becomes.Document, d); err != nil {
			return "", err
		}
		v.Enqueue(recompute(recomputation{Revision: r.ID}, time.Time{}))
		return r.ID, nil
	})
	if err != nil {
		return seen, err
	}
	if err := a.Reload(ctx); err != nil {
		return seen, err
	}
	return a.revision(ctx, seen.ID)
}

func recompute(r recomputation, notBefore time.Time) store.Outbox {
	payload, _ := json.Marshal(r) // texts and truth values cannot fail
	key := recomputeJob
	if r.Again {
		key += ".again" // it waits a while, and nothing waits for it
	}
	return store.Outbox{Kind: recomputeJob, Key: key, Payload: payload, NotBefore: notBefore}
}

// promisesOf are the open promises that a change of calendar may reach, those
// due last first.
func promisesOf(r civil.Revision) store.PromiseQuery {
	q := store.PromiseQuery{Last: true}
	if r.Calendar != defaultCalendar {
		q.Agency = r.Calendar
	}
	if !r.From.IsZero() {
		q.From = r.From.At(0)
	}
	return q
}

// recompute carries a change of calendar on for a while. Each part is one write:
// the events of its dossiers, what their applicants are told, and how far it has
// come, so that a restart goes on where the last part ended and no dossier gets
// a second event.
func (a *App) recompute(ctx context.Context, j store.Job) error {
	var p recomputation
	if err := json.Unmarshal(j.Payload, &p); err != nil {
		return job.Permanent(err)
	}
	r, err := a.revision(ctx, p.Revision)
	if err != nil {
		return err
	}
	if a.directory.Load().calendarVersion(r.Calendar) < r.Becomes.Version {
		if err := a.Reload(ctx); err != nil { // this node has not heard of it yet
			return err
		}
	}
	if p.Again && a.directory.Load().calendarVersion(r.Calendar) > r.Becomes.Version {
		return nil // a later change looks at every promise itself
	}
	for until := a.wall().Add(recomputeFor); ; {
		done, err := a.recomputePart(ctx, &p, func() bool { return !a.wall().Before(until) })
		if err != nil || done {
			return err
		}
	}
}

// recomputePart is one part of a recomputation. It answers whether this job is
// done: nothing is left, or its time is over and a further job goes on.
func (a *App) recomputePart(ctx context.Context, p *recomputation, over func() bool) (bool, error) {
	r, version, err := store.GetVersion[civil.Revision](ctx, a.store, store.RevisionRoot(p.Revision))
	if err != nil || !p.Again && r.State != civil.RevisionApplied {
		return true, err
	}
	place := r.Progress.After
	if p.Again {
		place = p.After
	}
	after, err := store.ParseCursor(place)
	if err != nil {
		return true, err
	}
	part := recomputedPart{a: a, dir: a.directory.Load(), r: r, version: version, root: store.RevisionRoot(r.ID), bell: store.NoticeRoot(newID())}
	if part.before, err = a.calendarsBefore(ctx, part.dir, r); err != nil {
		return true, err
	}
	next, err := part.choose(ctx, p.Again, after)
	if err != nil {
		return true, err
	}
	p.After = next.String()
	done := next.ID == "" || over()
	part.p, part.last, part.over = *p, next.ID == "", done && next.ID != ""
	if p.Again && len(part.ids) == 0 && !part.over {
		return done, nil // a second pass that found nothing leaves no trace
	}
	w := store.Write{
		Actor: by(access.System("calendar")), Action: store.RevisionAction(r.ID, version), Body: *p,
		Roots: append([]store.Root{part.root, part.bell}, part.roots()...),
	}
	if p.Again && len(part.ids) == 0 {
		w.Action = "" // it leaves the revision as it is, and may come again
	}
	_, err = store.Do(ctx, a.store, w, part.write)
	return done, err
}

// recomputedPart is a part of the open promises on its way through a write.
type recomputedPart struct {
	a          *App
	dir        *directory  // with the calendars in force
	before     calendarSet // those that the change replaced
	p          recomputation
	r          civil.Revision
	version    int64 // of r
	root, bell store.Root
	last       bool     // nothing follows
	over       bool     // a further job goes on
	ids        []string // dossiers to look at
	letters    []store.Root
}

// choose picks the dossiers of the part and answers where the next one begins.
// The first pass takes every open promise, since most of them move, and reads
// each only once, in the write; the second, which mostly finds nothing, reads
// first.
func (x *recomputedPart) choose(ctx context.Context, again bool, after store.Cursor) (store.Cursor, error) {
	if !again {
		ids, next, err := x.a.store.PromiseIDs(ctx, promisesOf(x.r), after, recomputeBatch)
		x.take(ids...)
		return next, err
	}
	list, next, err := x.a.store.Promises(ctx, promisesOf(x.r), after, recomputeBatch)
	now := x.a.clock()
	for _, d := range list {
		if _, moves, err := x.dir.moved(d, now); err == nil && moves {
			x.take(d.ID)
		}
	}
	return next, err
}

func (x *recomputedPart) take(ids ...string) {
	for _, id := range ids {
		x.ids, x.letters = append(x.ids, id), append(x.letters, store.MessageRoot(newID()))
	}
}

// calendarsBefore are the calendars as they were before a change.
func (a *App) calendarsBefore(ctx context.Context, dir *directory, r civil.Revision) (calendarSet, error) {
	published := maps.Clone(dir.published)
	delete(published, r.Calendar)
	if r.Base > 0 {
		p, err := a.publishedAt(ctx, calendarRef(r.Calendar, r.Base))
		if err != nil {
			return calendarSet{}, err
		}
		if p != nil {
			published[r.Calendar] = *p
		}
	}
	return buildCalendars(published)
}

// moved is the event that the calendar in force asks for on a dossier, if any.
func (d *directory) moved(have dossier.Dossier, now time.Time) (dossier.Event, bool, error) {
	return d.movedFrom(nil, have, now)
}

// movedFrom is moved with the calendar before the change, by which the urgency of
// open tasks moves with the promise: as much office time before it as it was.
func (d *directory) movedFrom(was *civil.Calendar, have dossier.Dossier, now time.Time) (dossier.Event, bool, error) {
	c := dossier.Context{Now: now, Actor: access.System("calendar")}
	c.Calendar, c.CalendarRef = d.calendar(have.Agency)
	ahead := map[string]int{}
	for _, t := range have.Tasks {
		if was == nil || t.StartBy.IsZero() || t.For != "" {
			continue
		}
		if n, err := was.WorkingMinutesBetween(t.StartBy, have.Deadline.DueAt); err == nil {
			ahead[t.Step] = n
		}
	}
	if len(ahead) > 0 {
		c.Ahead = func(step string) int { return ahead[step] }
	}
	return dossier.Recompute(have, c, d.calendarDocument(have.Agency))
}

// calendarDocument names the decision behind the calendar that a unit works by.
func (d *directory) calendarDocument(unit string) string {
	documents := []string{d.published[defaultCalendar].Document}
	if own, ok := d.published[unit]; ok && own.Document != documents[0] {
		documents = append(documents, own.Document)
	}
	return strings.Join(slices.DeleteFunc(documents, func(s string) bool { return s == "" }), "; ")
}

func (x *recomputedPart) roots() []store.Root {
	roots := make([]store.Root, 0, 2*len(x.ids))
	for _, id := range x.ids {
		roots = append(roots, store.DossierRoot(id))
	}
	return append(roots, x.letters...)
}

// write records the part: the new promises, what the applicants are told of
// them, and how far it has come.
func (x *recomputedPart) write(v *store.View) (int, error) {
	if err := v.Expect(x.root, x.version); err != nil {
		return 0, err
	}
	progress := x.r.Progress
	if !x.p.Again {
		progress.Seen, progress.After = progress.Seen+len(x.ids), x.p.After
	}
	for i, id := range x.ids {
		before, ok := store.Load[dossier.Dossier](v, store.DossierRoot(id))
		if !ok {
			continue
		}
		was, _ := x.before.of(before.Agency)
		ev, moves, err := x.dir.movedFrom(was, before, v.Now())
		switch {
		case err != nil && !x.p.Again:
			progress.Kept++ // no day can be counted: it keeps the one it has
			continue
		case err != nil || !moves:
			continue
		}
		got, err := record(v, id, ev)
		if err != nil {
			return 0, err
		}
		if err := x.count(v, &progress, before, *got.now, x.letters[i]); err != nil {
			return 0, err
		}
	}
	return progress.Moved, x.reached(v, progress)
}

// count adds one moved promise; who waits for a later day is told.
func (x *recomputedPart) count(v *store.View, progress *civil.Progress, before, after dossier.Dossier, letter store.Root) error {
	progress.Moved++
	if after.Deadline.DueOn.Before(before.Deadline.DueOn) {
		progress.Earlier++
	}
	said, later := supervise.Later(before, after, x.r.Becomes.Reason)
	if !later {
		return nil
	}
	progress.Later++
	return x.a.queue(v, letter, after, said)
}

// reached records how far it has come and sees to it that it goes on.
func (x *recomputedPart) reached(v *store.View, progress civil.Progress) error {
	if x.over {
		v.Enqueue(recompute(x.p, time.Time{}))
	}
	event := civil.RevisionStep
	if x.last && !x.p.Again {
		event = civil.RevisionEnd
		v.Enqueue(recompute(recomputation{Revision: x.r.ID, Again: true}, v.RecordedAt().Add(secondPass)))
		n := notice.Notice{Topic: notice.CalendarDone, To: notice.To(x.r.By, x.r.Decided), Args: map[string]string{
			"moved": strconv.Itoa(progress.Moved), "later": strconv.Itoa(progress.Later),
		}}
		if err := post(v, x.bell, n); err != nil {
			return err
		}
	}
	if x.p.Again && progress == x.r.Progress {
		return nil
	}
	_, err := store.Record[civil.Revision](v, x.root, event, 1, "", civil.RevisionReached{Progress: progress, At: v.Now()})
	return err
}
