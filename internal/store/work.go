package store

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/motcua/motcua/internal/core/dossier"
)

// WorkQuery says whose work is meant: what he holds, the pools of his unit, and
// what his unit has received or is competent for.
type WorkQuery struct {
	Holders []string // he, and those for whom he stands in
	Pools   []string // as Pool writes them
	Unit    string
	Channel string // empty = every channel
	Step    string // kind of the open task; empty = every kind
	// Procedures are the codes that are meant; nil = every procedure.
	Procedures []string
}

// WorkBounds are the instants that sort open work by its promise.
type WorkBounds struct {
	Now  time.Time // due before: overdue
	Soon time.Time // due before, and not overdue: soon
}

// WorkTab is one group of work.
type WorkTab int

// The groups.
const (
	WorkMine    WorkTab = iota // tasks that the person holds
	WorkPool                   // tasks in his pools
	WorkSoon                   // tasks of his unit, due soon
	WorkOverdue                // tasks of his unit, past the promise
	WorkWaiting                // dossiers of his unit that wait for the applicant
	WorkReturn                 // results that his unit returns
)

// WorkCounts are how many there are in each group.
type WorkCounts struct{ Mine, Pool, Soon, Overdue, Waiting, Return, Handovers int }

// statement builds SQL with its arguments numbered in order of appearance.
type statement struct {
	sql  strings.Builder
	args []any
}

func (s *statement) add(parts ...string) *statement {
	for _, p := range parts {
		s.sql.WriteString(p)
	}
	return s
}

// arg writes a placeholder for v.
func (s *statement) arg(v any) *statement {
	s.args = append(s.args, v)
	s.sql.WriteString("$" + strconv.Itoa(len(s.args)))
	return s
}

// in writes a list of placeholders; an empty list matches nothing.
func (s *statement) in(values []string) *statement {
	if len(values) == 0 {
		return s.add("(NULL)")
	}
	s.add("(")
	for i, v := range values {
		if i > 0 {
			s.add(", ")
		}
		s.arg(v)
	}
	return s.add(")")
}

// parts are the conditions of a group, each of which one index answers alone, in
// its order; they have no row in common. x stands for the table that is asked:
// dossier_task, or dossier for those that wait for the applicant.
func (q WorkQuery) parts(tab WorkTab, b WorkBounds) []func(*statement) {
	var all []func(*statement)
	part := func(write func(s *statement)) { all = append(all, write) }
	switch tab {
	case WorkMine:
		for _, holder := range q.Holders {
			part(func(s *statement) { s.add("x.holder = ").arg(holder).add(" AND x.holder <> ''") })
		}
	case WorkPool:
		for _, pool := range q.Pools {
			part(func(s *statement) { s.add("x.pool = ").arg(pool).add(" AND x.pool <> ''") })
		}
	case WorkSoon:
		part(func(s *statement) {
			s.add("x.timed AND x.unit = ").arg(q.Unit).add(" AND x.due_key >= ").arg(b.Now.UnixMicro()).add(" AND x.due_key < ").arg(b.Soon.UnixMicro())
		})
	case WorkOverdue:
		part(func(s *statement) {
			s.add("x.timed AND x.unit = ").arg(q.Unit).add(" AND x.due_key < ").arg(b.Now.UnixMicro())
		})
	case WorkReturn:
		part(func(s *statement) { s.add("x.unit = ").arg(q.Unit).add(" AND x.kind = 'return'") })
	case WorkWaiting:
		for _, status := range []dossier.Status{dossier.SupplementRequired, dossier.FinancialObligation} {
			part(func(s *statement) { s.add("x.status = ").arg(int64(status)).add(" AND x.unit = ").arg(q.Unit) })
			part(func(s *statement) {
				s.add("x.status = ").arg(int64(status)).add(" AND x.agency = ").arg(q.Unit).add(" AND x.unit <> ").arg(q.Unit)
			})
		}
	}
	return all
}

// narrow adds the filters to a condition of parts.
func (q WorkQuery) narrow(s *statement, tab WorkTab) {
	if q.Channel != "" {
		s.add(" AND x.channel = ").arg(q.Channel)
	}
	if q.Step != "" && tab.table() == "dossier_task" {
		s.add(" AND x.kind = ").arg(q.Step)
	}
	switch {
	case q.Procedures == nil:
	case tab.table() == "dossier":
		s.add(" AND x.procedure IN ").in(q.Procedures)
	default:
		s.add(" AND EXISTS (SELECT 1 FROM dossier p WHERE p.id = x.parent AND p.procedure IN ").in(q.Procedures).add(")")
	}
}

func (t WorkTab) table() string {
	if t == WorkWaiting {
		return "dossier"
	}
	return "dossier_task"
}

// MostCounted is where counting ends: so many, or more. A page has to be drawn
// whatever has piled up.
const MostCounted = 1000

// CountWork counts some groups, and the hand-overs to the unit, with one
// statement, each up to most. Groups that are not asked for stay zero.
func (s *Store) CountWork(ctx context.Context, q WorkQuery, b WorkBounds, most int, tabs ...WorkTab) (WorkCounts, error) {
	var c WorkCounts
	all := map[WorkTab]*int{
		WorkMine: &c.Mine, WorkPool: &c.Pool, WorkSoon: &c.Soon, WorkOverdue: &c.Overdue, WorkWaiting: &c.Waiting, WorkReturn: &c.Return,
	}
	st := q.counting(b, most, tabs)
	dest := make([]any, 0, len(tabs)+1)
	for _, tab := range tabs {
		dest = append(dest, all[tab])
	}
	err := s.QueryRow(ctx, st.sql.String(), st.args...).Scan(append(dest, &c.Handovers)...)
	for _, n := range all {
		*n = min(*n, most)
	}
	return c, err
}

// WorkTabs are all groups.
var WorkTabs = []WorkTab{WorkMine, WorkPool, WorkSoon, WorkOverdue, WorkWaiting, WorkReturn}

func (q WorkQuery) counting(b WorkBounds, most int, tabs []WorkTab) *statement {
	limit := " LIMIT " + strconv.Itoa(most) + ") part)"
	st := &statement{}
	st.add("SELECT ")
	for _, tab := range tabs {
		st.add("0")
		for _, part := range q.parts(tab, b) {
			st.add(" + (SELECT count(*) FROM (SELECT 1 FROM ", tab.table(), " x WHERE ")
			part(st)
			q.narrow(st, tab)
			st.add(limit)
		}
		st.add(", ")
	}
	return st.add("(SELECT count(*) FROM (SELECT 1 FROM dossier_handover x WHERE x.to_unit = ").arg(q.Unit).add(limit)
}

// orderedBy is the column that a group is sorted by: a person's own work and that
// of his pools by danger, the rest by the promise.
func (t WorkTab) orderedBy() string {
	if t == WorkMine || t == WorkPool {
		return "x.start_key"
	}
	return "x.due_key"
}

// Work lists one page of a group: a person's and his pools' work by danger, the
// rest by what is due first. The cursor is zero when nothing follows.
func (s *Store) Work(ctx context.Context, q WorkQuery, tab WorkTab, b WorkBounds, after Cursor, limit int) ([]dossier.Dossier, Cursor, error) {
	st := q.list(tab, b, after, limit)
	if st == nil {
		return nil, Cursor{}, nil
	}
	return s.page(ctx, st, limit)
}

// list writes the statement of a page: the beginning of each part, merged. nil
// when there are no parts.
func (q WorkQuery) list(tab WorkTab, b WorkBounds, after Cursor, limit int) *statement {
	parts := q.parts(tab, b)
	if len(parts) == 0 {
		return nil
	}
	key, id := tab.orderedBy(), "x.parent"
	if tab == WorkWaiting {
		id = "x.id"
	}
	st := &statement{}
	st.add("SELECT sort_key, id FROM (")
	for i, part := range parts {
		if i > 0 {
			st.add(" UNION ALL ")
		}
		st.add("SELECT sort_key, id FROM (SELECT ", key, " AS sort_key, ", id, " AS id FROM ", tab.table(), " x WHERE ")
		part(st)
		q.narrow(st, tab)
		if after.ID != "" {
			st.add(" AND (", key, ", ", id, ") > (").arg(after.Key).add(", ").arg(after.ID).add(")")
		}
		st.add(" ORDER BY ", key, ", ", id, " LIMIT ").arg(int64(limit+1)).add(") part", strconv.Itoa(i))
	}
	return st.add(") parts ORDER BY sort_key, id LIMIT ").arg(int64(limit + 1))
}

// page reads the dossiers of a statement that gives sort key and id, one row
// more than the page has.
func (s *Store) page(ctx context.Context, st *statement, limit int) ([]dossier.Dossier, Cursor, error) {
	places, next, err := s.places(ctx, st, limit)
	if err != nil {
		return nil, Cursor{}, err
	}
	var ids []string
	seen := map[string]bool{}
	for _, id := range places { // a dossier with two tasks of the group stands once
		if !seen[id] {
			seen[id] = true
			ids = append(ids, id)
		}
	}
	list, err := s.DossiersByID(ctx, ids)
	return list, next, err
}

// WorkMark is a text that is the same as long as the counts and the first rows of
// a group are.
func (s *Store) WorkMark(ctx context.Context, q WorkQuery, tab WorkTab, b WorkBounds, limit int) (string, error) {
	counts, err := s.CountWork(ctx, q, b, MostCounted, WorkTabs...)
	if err != nil {
		return "", err
	}
	list, _, err := s.Work(ctx, q, tab, b, Cursor{}, limit)
	if err != nil {
		return "", err
	}
	var mark strings.Builder
	fmt.Fprint(&mark, counts)
	for _, d := range list {
		fmt.Fprintf(&mark, " %s@%d", d.ID, d.Version)
	}
	return mark.String(), nil
}

// CountLateEntries counts receptions entered afterwards that nobody has
// confirmed yet, up to MostCounted.
func (s *Store) CountLateEntries(ctx context.Context) (int, error) {
	var n int
	err := s.QueryRow(ctx, `SELECT count(*) FROM (SELECT 1 FROM dossier WHERE late_entry LIMIT `+strconv.Itoa(MostCounted)+`) late`).Scan(&n)
	return n, err
}

// LateEntries lists them, the oldest first.
func (s *Store) LateEntries(ctx context.Context, limit int) ([]dossier.Dossier, error) {
	return states[dossier.Dossier](ctx, s, `SELECT state FROM dossier WHERE late_entry ORDER BY received_at LIMIT $1`, int64(limit))
}

// OnTheWay lists the dossiers with a hand-over to, or from, a unit that has not
// arrived, the longest on its way first.
func (s *Store) OnTheWay(ctx context.Context, unit string, incoming bool, limit int) ([]dossier.Dossier, error) {
	column := "from_unit"
	if incoming {
		column = "to_unit"
	}
	return states[dossier.Dossier](ctx, s, `SELECT d.state FROM dossier_handover h JOIN dossier d ON d.id = h.parent
		WHERE h.`+column+` = $1 ORDER BY h.sent_at, h.parent LIMIT $2`, unit, int64(limit))
}

// DossierQuery filters the list of dossiers; zero values do not filter.
type DossierQuery struct {
	Unit      string // receiving unit or competent agency; empty = all
	Status    dossier.Status
	DueBefore time.Time
	Procedure string
	// Procedures are several of which any will do; nil = every procedure.
	Procedures []string
}

// ListDossiers lists one page in the order of due time: those with a code and
// those that have only a reference yet. It asks the indexes by status, and by
// receiving unit and agency, one after the other and merges: an OR over all would
// read and sort everything.
func (s *Store) ListDossiers(ctx context.Context, q DossierQuery, after Cursor, limit int) ([]dossier.Dossier, Cursor, error) {
	statuses := dossier.Statuses()
	if q.Status != 0 {
		statuses = []dossier.Status{q.Status}
	}
	st := &statement{}
	st.add("SELECT due_key, id FROM (")
	part := 0
	one := func(status dossier.Status, column, unit string) {
		if part > 0 {
			st.add(" UNION ")
		}
		st.add("SELECT due_key, id FROM (SELECT x.due_key, x.id FROM dossier x WHERE x.status = ").arg(int64(status))
		if unit != "" {
			st.add(" AND x.", column, " = ").arg(unit)
		}
		q.filter(st, after)
		st.add(" ORDER BY x.due_key, x.id LIMIT ").arg(int64(limit+1)).add(") part", strconv.Itoa(part))
		part++
	}
	for _, status := range statuses {
		if q.Unit == "" {
			one(status, "", "")
			continue
		}
		one(status, "unit", q.Unit)
		one(status, "agency", q.Unit)
	}
	st.add(") parts ORDER BY due_key, id LIMIT ").arg(int64(limit + 1))
	return s.page(ctx, st, limit)
}

func (q DossierQuery) filter(st *statement, after Cursor) {
	if !q.DueBefore.IsZero() {
		st.add(" AND x.due_key < ").arg(q.DueBefore.UnixMicro())
	}
	if q.Procedure != "" {
		st.add(" AND x.procedure = ").arg(q.Procedure)
	}
	if q.Procedures != nil {
		st.add(" AND x.procedure IN ").in(q.Procedures)
	}
	if after.ID != "" {
		st.add(" AND (x.due_key, x.id) > (").arg(after.Key).add(", ").arg(after.ID).add(")")
	}
}

// NamedDossiers lists dossiers of a unit whose indexed owner or submitter has
// one of the folded names, the newest first.
func (s *Store) NamedDossiers(ctx context.Context, unit string, names []string, limit int) ([]dossier.Dossier, error) {
	if len(names) == 0 {
		return nil, nil
	}
	st := s.namedIDs(unit, names, limit)
	ids, err := Collect(ctx, s, scanText, st.sql.String(), st.args...)
	if err != nil {
		return nil, err
	}
	return s.DossiersByID(ctx, ids)
}

// namedIDs asks for the ids of NamedDossiers. By itself SQLite would read the row
// of each dossier to learn its unit.
func (s *Store) namedIDs(unit string, names []string, limit int) *statement {
	st := &statement{}
	by := ""
	if unit != "" && s.eng.name() == "sqlite" {
		by = " INDEXED BY " + indexName("dossier", whoseIndex)
	}
	st.add("SELECT d.id FROM dossier d", by, " WHERE d.id IN (SELECT i.subject FROM subject_index i WHERE i.field = 'name' AND i.value IN ").in(names)
	st.add(")")
	if unit != "" {
		st.add(" AND (d.unit = ").arg(unit).add(" OR d.agency = ").arg(unit).add(")")
	}
	return st.add(" ORDER BY d.id DESC LIMIT ").arg(int64(limit))
}

// IndexedNames reads every folded name that some subject carries.
func (s *Store) IndexedNames(ctx context.Context) ([]string, error) {
	return Collect(ctx, s, scanText, `SELECT DISTINCT value FROM subject_index WHERE field = 'name' ORDER BY value`)
}

// OpenTasks counts the open tasks that people hold.
func (s *Store) OpenTasks(ctx context.Context, staff []string) (map[string]int, error) {
	counts := map[string]int{}
	if len(staff) == 0 {
		return counts, nil
	}
	list, args := inList(1, staff)
	_, err := Collect(ctx, s, func(scan func(dest ...any) error) (struct{}, error) {
		var id string
		var n int
		err := scan(&id, &n)
		counts[id] = n
		return struct{}{}, err
	}, `SELECT holder, count(*) FROM dossier_task WHERE holder IN (`+list+`) AND holder <> '' GROUP BY holder`, args...)
	return counts, err
}
