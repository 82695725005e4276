package store

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/motcua/motcua/internal/core/civil"
	"github.com/motcua/motcua/internal/core/dossier"
)

// EventCalendarPublished is the event of a calendar's stream; it carries the
// whole calendar.
const EventCalendarPublished = "calendar.published"

var calendarKind = Kind[civil.Published]{
	Name: "calendar", Version: 1,
	Apply: recorded[civil.Published](EventCalendarPublished),
	Columns: []Column[civil.Published]{
		Int("number", func(p civil.Published) int { return p.Version }),
	},
}

// CalendarRoot is the stream of a calendar: "default", or the code of a unit
// that has its own.
func CalendarRoot(id string) Root { return Root{"calendar", id} }

// NamedCalendar is a published calendar with the id of its stream.
type NamedCalendar struct {
	ID string
	civil.Published
}

// Calendars reads every calendar in force.
func (s *Store) Calendars(ctx context.Context) ([]NamedCalendar, error) {
	return Collect(ctx, s, func(scan func(dest ...any) error) (NamedCalendar, error) {
		var n NamedCalendar
		var text string
		if err := scan(&n.ID, &text); err != nil {
			return n, err
		}
		var err error
		n.Published, err = decodeState[civil.Published](text)
		return n, err
	}, `SELECT id, state FROM calendar ORDER BY id`)
}

// revisionKind is a change of a calendar, from its proposal to the last promise
// that it moved.
var revisionKind = Kind[civil.Revision]{
	Name: "calendar_revision", Version: 1,
	Apply: folding(civil.ApplyRevision),
	Columns: []Column[civil.Revision]{
		Text("calendar", func(r civil.Revision) string { return r.Calendar }),
		Text("stage", func(r civil.Revision) string { return string(r.State) }),
		Int("sort", func(r civil.Revision) int64 { return -r.At.UnixMicro() }), // the newest first
	},
	Indexes: []string{"(sort, id)"},
	Checks:  []Check{checkRevisions},
}

// RevisionRoot is the stream of a change of a calendar.
func RevisionRoot(id string) Root { return Root{"calendar_revision", id} }

// Revisions lists the changes of all calendars, the newest first.
func (s *Store) Revisions(ctx context.Context, limit int) ([]civil.Revision, error) {
	return states[civil.Revision](ctx, s, `SELECT state FROM calendar_revision ORDER BY sort, id LIMIT $1`, int64(limit))
}

// PromiseQuery asks for open promises that a change of calendar may move.
type PromiseQuery struct {
	From   time.Time // due from here on; zero is from the first
	Agency string    // of one competent agency; empty is of all
	// Last gives those that are due last first. A pass that moves promises to
	// later days goes this way, so that it does not meet them again.
	Last bool
}

// CountPromises counts them.
func (s *Store) CountPromises(ctx context.Context, q PromiseQuery) (int, error) {
	st := &statement{}
	st.add("SELECT count(*) FROM dossier WHERE status IN ", running, " AND due_key >= ").arg(q.key()).add(" AND due_key < ").arg(noDue)
	if q.Agency != "" {
		st.add(" AND agency = ").arg(q.Agency)
	}
	var n int
	err := s.QueryRow(ctx, st.sql.String(), st.args...).Scan(&n)
	return n, err
}

func (q PromiseQuery) key() int64 {
	if q.From.IsZero() {
		return 0
	}
	return q.From.UnixMicro()
}

// promise is what a promise depends on, of a dossier's state. Reading no more
// halves the time of a pass over all of them.
type promise struct {
	ID     string         `json:"id"`
	Code   string         `json:"code"`
	Status dossier.Status `json:"status"`

	Procedure  dossier.ProcedureRef `json:"procedure"`
	Agency     string               `json:"agency"`
	AgencyName string               `json:"agencyName"`
	At         time.Time            `json:"at"`
	Deadline   dossier.Deadline     `json:"deadline"`
	FinishedAt *time.Time           `json:"finishedAt"`
}

func (p promise) dossier() dossier.Dossier {
	d := dossier.Dossier{ID: p.ID, Code: p.Code, Status: p.Status, Deadline: p.Deadline, FinishedAt: p.FinishedAt}
	d.Procedure, d.Agency, d.AgencyName, d.At = p.Procedure, p.Agency, p.AgencyName, p.At
	return d
}

// Promises lists one page of them in the order of the promise; of each dossier
// only what the promise depends on is filled. The cursor is zero when nothing
// follows.
func (s *Store) Promises(ctx context.Context, q PromiseQuery, after Cursor, limit int) ([]dossier.Dossier, Cursor, error) {
	st := q.statement("due_key, id, state", after, limit)
	list, next, err := keyset[promise](ctx, s, st, limit)
	out := make([]dossier.Dossier, len(list))
	for i, p := range list {
		out[i] = p.dossier()
	}
	return out, next, err
}

// PromiseIDs lists the same page by id only, from an index.
func (s *Store) PromiseIDs(ctx context.Context, q PromiseQuery, after Cursor, limit int) ([]string, Cursor, error) {
	return s.places(ctx, q.statement("due_key, id", after, limit), limit)
}

// statement asks for one row more than a page has.
func (q PromiseQuery) statement(columns string, after Cursor, limit int) *statement {
	st := &statement{}
	order, beyond := " ORDER BY due_key, id LIMIT ", ">"
	if q.Last {
		order, beyond = " ORDER BY due_key DESC, id DESC LIMIT ", "<"
	}
	// One part for each status, so that each follows the index and stops early.
	st.add("SELECT ", columns, " FROM (")
	for i, status := range []dossier.Status{dossier.Accepted, dossier.Processing} {
		if i > 0 {
			st.add(" UNION ALL ")
		}
		st.add("SELECT * FROM (SELECT ", columns, " FROM dossier WHERE status = ").arg(int64(status))
		st.add(" AND due_key >= ").arg(q.key()).add(" AND due_key < ").arg(noDue)
		if q.Agency != "" {
			st.add(" AND agency = ").arg(q.Agency)
		}
		if after.ID != "" {
			st.add(" AND (due_key, id) ", beyond, " (").arg(after.Key).add(", ").arg(after.ID).add(")")
		}
		st.add(order).arg(int64(limit + 1)).add(fmt.Sprintf(") part%d", i))
	}
	return st.add(") both_parts", order).arg(int64(limit + 1))
}

// RevisionAction is the action id of a step of a revision: its events carry it,
// so that each recomputed promise tells which change of calendar moved it.
func RevisionAction(revision string, step int64) string {
	return fmt.Sprintf("%s%s-%d", revisionActions, revision, step)
}

const revisionActions = "calendar-"

// checkRevisions holds each change of a calendar to what it did: as many
// recomputation events as it says, and none that gives a day in the past.
func checkRevisions(ctx context.Context, r Reader) ([]Checked, error) {
	f := Checked{ID: "I-14"}
	moved, err := recomputed(ctx, r, &f)
	if err != nil {
		return nil, err
	}
	rows, err := r.Query(ctx, `SELECT state FROM calendar_revision ORDER BY id`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var text string
		if err := rows.Scan(&text); err != nil {
			return nil, err
		}
		rev, err := decodeState[civil.Revision](text)
		if err != nil {
			return nil, err
		}
		f.N++
		if got := moved[rev.ID]; got != rev.Progress.Moved {
			f.Violations = append(f.Violations, fmt.Sprintf("calendar revision %s says that it moved %d promises, %d have an event", rev.ID, rev.Progress.Moved, got))
		}
	}
	return []Checked{f}, rows.Err()
}

// recomputed counts the recomputation events by revision and looks for days that
// were promised when they had passed.
func recomputed(ctx context.Context, r Reader, f *Checked) (map[string]int, error) {
	rows, err := r.Query(ctx, `SELECT stream, at, action, payload FROM journal WHERE type = 'dossier.due_recomputed' ORDER BY position`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	moved := map[string]int{}
	for rows.Next() {
		var stream, action, payload string
		var at int64
		if err := rows.Scan(&stream, &at, &action, &payload); err != nil {
			return nil, err
		}
		f.N++
		var c dossier.Change
		if err := json.Unmarshal([]byte(payload), &c); err != nil {
			return nil, err
		}
		if c.Deadline == nil || c.Deadline.DueOn.Before(civil.DateOf(instant(at))) {
			f.Violations = append(f.Violations, fmt.Sprintf("%s was recomputed to a day in the past", stream))
		}
		if rest, ok := strings.CutPrefix(action, revisionActions); ok {
			if i := strings.LastIndexByte(rest, '-'); i > 0 {
				moved[rest[:i]]++
			}
		}
	}
	return moved, rows.Err()
}

// PromiseCursor is the place of a dossier in the list of Promises.
func PromiseCursor(d dossier.Dossier) Cursor { return Cursor{Key: dueKey(d), ID: d.ID} }
