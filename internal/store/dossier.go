package store

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/motcua/motcua/internal/core/dossier"
	"github.com/motcua/motcua/internal/core/journal"
	"github.com/motcua/motcua/internal/core/supervise"
)

// dossierKind is the case. Its main table answers lists by unit and status, the
// task table answers inboxes: each open task repeats the promise, so that one
// index orders a person's or a pool's work by what is in danger first.
var dossierKind = Kind[dossier.Dossier]{
	Name: "dossier", Version: 3, Subject: true,
	Apply: applyDossier,
	Columns: []Column[dossier.Dossier]{
		TextOrNull("code", func(d dossier.Dossier) string { return d.Code }),
		TextOrNull("ref", func(d dossier.Dossier) string { return d.Ref }),
		Int("status", func(d dossier.Dossier) dossier.Status { return d.Status }),
		Text("unit", func(d dossier.Dossier) string { return d.Unit }),
		Text("agency", func(d dossier.Dossier) string { return d.Agency }),
		Text("procedure", func(d dossier.Dossier) string { return d.Procedure.Code }),
		TextOrNull("process_ref", func(d dossier.Dossier) string { return ProcessRef(d.Process.Template, d.Process.Version) }),
		Text("channel", func(d dossier.Dossier) string { return string(d.Channel) }),
		Instant("received_at", func(d dossier.Dossier) time.Time { return d.ReceivedAt }),
		Instant("due_at", func(d dossier.Dossier) time.Time { return d.Deadline.DueAt }),
		Int("due_key", dueKey),
		IntOrNull("finished_at", func(d dossier.Dossier) (int64, bool) {
			if d.FinishedAt == nil {
				return 0, false
			}
			return d.FinishedAt.UnixMicro(), true
		}),
		Int("verdict", verdictOf),
		Instant("returned_at", func(d dossier.Dossier) time.Time {
			if d.Returned == nil {
				return time.Time{}
			}
			return d.Returned.At
		}),
		Instant("climb_at", climbAt),
		Instant("wake_at", supervise.WakesAt),
		Instant("ready_at", supervise.ReadyAt),
		Text("return_channel", func(d dossier.Dossier) string { return string(d.ReturnChannel) }),
		TextOrNull("moved_by", movedBy),
		Bool("apologised", func(d dossier.Dossier) bool { return d.Deadline.Apology != nil }),
		Bool("repair", func(d dossier.Dossier) bool { return d.Repair != nil }),
		Bool("late_entry", func(d dossier.Dossier) bool { return d.Late != nil && d.Late.ConfirmedAt == nil }),
	},
	Children: []Child[dossier.Dossier]{
		ChildTable("dossier_task", taskRows, func(r taskRow) string { return r.ID }, []Column[taskRow]{
			Text("kind", func(r taskRow) string { return string(r.Kind) }),
			Text("unit", func(r taskRow) string { return r.Unit }),
			Text("holder", func(r taskRow) string { return r.Holder }),
			Text("pool", func(r taskRow) string {
				if r.Holder != "" {
					return ""
				}
				return Pool(r.Unit, string(r.Role))
			}),
			Int("due_key", func(r taskRow) int64 { return r.due }),
			Int("start_key", startKey),
			Text("channel", func(r taskRow) string { return string(r.channel) }),
			Bool("timed", func(r taskRow) bool { return r.timed }),
		}, "(holder, start_key, parent) where holder <> ''", "(pool, start_key, parent) where pool <> ''", "(unit, due_key, parent) where timed", "(unit, kind, due_key, parent)", "(unit, start_key, parent) where "+signing),
		ChildTable("dossier_handover", openHandovers, func(h dossier.Handover) string { return h.ID }, []Column[dossier.Handover]{
			Text("from_unit", func(h dossier.Handover) string { return h.From }),
			Text("to_unit", func(h dossier.Handover) string { return h.To }),
			Instant("sent_at", func(h dossier.Handover) time.Time { return h.SentAt }),
		}, "(to_unit, sent_at)", "(from_unit, sent_at)"),
		ChildTable("dossier_result", numberedResults, func(r numbered) string { return r.key }, []Column[numbered]{
			Text("unit", func(r numbered) string { return r.Unit }),
			Text("book", func(r numbered) string { return r.Book }),
			Int("year", func(r numbered) int { return r.Year }),
			Int("no", func(r numbered) int64 { return r.No }),
		}, "(unit, year, book, no)"),
	},
	Indexes: []string{
		"unique (code) where code IS NOT NULL", "unique (ref) where ref IS NOT NULL",
		"(unit, status, due_key, id)", "(agency, status, due_key, id)", "(received_at, procedure)", "(finished_at, verdict)", "(returned_at) where returned_at IS NOT NULL",
		"(status, due_key, id)", "(late_entry) where late_entry", "(repair) where repair", "(climb_at, id) where climb_at IS NOT NULL", "(wake_at, id) where wake_at IS NOT NULL",
		"(moved_by, id) where moved_by IS NOT NULL", "(unit, ready_at, id) where ready_at IS NOT NULL", "(ready_at, id) where ready_at IS NOT NULL",
		whoseIndex,
	},
	Checks: []Check{checkDossiers, checkCodes, checkBooks},
}

// whoseIndex tells whose a dossier is without its row: a name may belong to
// thousands.
const whoseIndex = "(id, unit, agency)"

// noDue sorts dossiers without a promised day after all others.
const noDue = int64(1) << 62

func dueKey(d dossier.Dossier) int64 {
	if d.Deadline.DueAt.IsZero() {
		return noDue
	}
	return d.Deadline.DueAt.UnixMicro()
}

// startKey orders work by its danger: by when it must have begun so that all
// that is still ahead fits before the promise. Where nothing was measured the
// promise itself orders; see dossier.Urgency.
func startKey(r taskRow) int64 {
	if r.StartBy.IsZero() {
		return r.due
	}
	return r.StartBy.UnixMicro()
}

// ProcessRef names a version of a process where a dossier runs on it; empty
// before the process has begun.
func ProcessRef(template string, version int) string {
	if template == "" {
		return ""
	}
	return template + "@" + strconv.Itoa(version)
}

// Pool names the work that nobody of a unit and role has taken yet.
func Pool(unit, role string) string { return unit + "|" + role }

// taskRow is an open task with what inboxes order and filter by.
type taskRow struct {
	dossier.Task
	due     int64
	channel dossier.Channel
	timed   bool // the promise runs: neither waiting for the applicant nor only to be returned
}

func taskRows(d dossier.Dossier) []taskRow {
	rows := make([]taskRow, len(d.Tasks))
	for i, t := range d.Tasks {
		rows[i] = taskRow{t, dueKey(d), d.Channel, !d.Status.Waiting() && t.Kind != dossier.TaskReturn}
	}
	return rows
}

// openHandovers lists what somebody still has to confirm; data confirms itself.
func openHandovers(d dossier.Dossier) []dossier.Handover {
	var open []dossier.Handover
	for _, h := range d.Handovers {
		if h.GotAt == nil && !h.Data {
			open = append(open, h)
		}
	}
	return open
}

func applyDossier(d dossier.Dossier, ev journal.Event) (dossier.Dossier, error) {
	id := ev.Stream[len("dossier/"):]
	return dossier.Apply(d, id, ev.Type, ev.TypeVersion, ev.Version, ev.At, ev.Payload)
}

// DossierRoot is the stream of a dossier.
func DossierRoot(id string) Root { return Root{"dossier", id} }

// DossierIDByName finds the dossier with a legal code, or with a reference given
// before it had one; empty when there is none.
func (s *Store) DossierIDByName(ctx context.Context, name string) (string, error) {
	ids, err := Collect(ctx, s, scanText, `SELECT id FROM dossier WHERE code = $1 UNION ALL SELECT id FROM dossier WHERE ref = $2`, name, name)
	if err != nil || len(ids) == 0 {
		return "", err
	}
	return ids[0], nil
}

// DossiersByID reads dossiers in the order of the ids; unknown ones are left out.
func (s *Store) DossiersByID(ctx context.Context, ids []string) ([]dossier.Dossier, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	list, args := inList(1, ids)
	all, err := states[dossier.Dossier](ctx, s, `SELECT state FROM dossier WHERE id IN (`+list+`)`, args...)
	if err != nil {
		return nil, err
	}
	place := make(map[string]int, len(ids))
	for i, id := range ids {
		place[id] = i
	}
	out := make([]*dossier.Dossier, len(ids))
	for i := range all {
		out[place[all[i].ID]] = &all[i]
	}
	var sorted []dossier.Dossier
	for _, d := range out {
		if d != nil {
			sorted = append(sorted, *d)
		}
	}
	return sorted, nil
}

// caseInvariants are those that a dossier's own rule knows; see
// dossier.Violations.
var caseInvariants = [...]string{"I-11", "I-12", "I-15", "I-16", "I-19", "I-20"}

// checkDossiers asks every dossier for what is impossible about it, and counts
// again what the figures are made of.
func checkDossiers(ctx context.Context, r Reader) ([]Checked, error) {
	found := make([]Checked, len(caseInvariants), len(caseInvariants)+1)
	for i, id := range caseInvariants {
		found[i].ID = id
	}
	sums := Checked{ID: "I-08"}
	err := scanDossiers(ctx, r, func(d dossier.Dossier, verdict int64) {
		for i := range found {
			found[i].N++
		}
		sums.N++
		if verdict != verdictOf(d) {
			sums.Violations = append(sums.Violations, fmt.Sprintf("dossier %s is counted as %d, not %d", d.Name(), verdict, verdictOf(d)))
		}
		for _, v := range d.Violations() {
			at := slices.Index(caseInvariants[:], "I-15") // what names no other invariant is a wrong transition
			for i, id := range caseInvariants {
				if strings.HasPrefix(v, id) {
					at = i
				}
			}
			found[at].Violations = append(found[at].Violations, fmt.Sprintf("dossier %s: %s", d.Name(), v))
		}
	})
	return append(found, sums), err
}

func scanDossiers(ctx context.Context, r Reader, each func(d dossier.Dossier, verdict int64)) error {
	rows, err := r.Query(ctx, `SELECT state, verdict FROM dossier ORDER BY id`)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var text string
		var verdict int64
		if err := rows.Scan(&text, &verdict); err != nil {
			return err
		}
		d, err := decodeState[dossier.Dossier](text)
		if err != nil {
			return err
		}
		each(d, verdict)
	}
	return rows.Err()
}

// checkCodes looks for gaps and repetitions in the codes of a unit and day: as
// many codes as the highest number, and that is where the series stands. Codes of
// a system before this one are foreign: they are none of ours, but a series that
// has their issuer and day begins after the highest of them.
func checkCodes(ctx context.Context, r Reader) ([]Checked, error) {
	f := Checked{ID: "I-11"}
	rows, err := r.Query(ctx, `SELECT code, CASE WHEN state LIKE '%"previousSystem":"%' THEN 1 ELSE 0 END FROM dossier WHERE code IS NOT NULL ORDER BY code`)
	if err != nil {
		return nil, err
	}
	codes, err := collect(rows, func(scan func(dest ...any) error) (code foundCode, err error) {
		err = scan(&code.text, &code.foreign)
		return code, err
	})
	if err != nil {
		return nil, err
	}
	f.N = int64(len(codes))
	days, wrong := codeDays(codes)
	f.Violations = append(f.Violations, wrong...)
	rows, err = r.Query(ctx, `SELECT key, last FROM series WHERE kind = 'dossier-code' ORDER BY key`)
	if err != nil {
		return nil, err
	}
	_, err = collect(rows, func(scan func(dest ...any) error) (struct{}, error) {
		var key string
		var last int64
		if err := scan(&key, &last); err != nil {
			return struct{}{}, err
		}
		if d := days[key]; d.above != last-d.foreign || max(d.highest, d.foreign) != last {
			f.Violations = append(f.Violations, fmt.Sprintf("the series %s stands at %d, %d codes up to %d", key, last, d.count, d.highest))
		}
		delete(days, key)
		return struct{}{}, nil
	})
	for key, d := range days {
		if d.count == 0 {
			continue // foreign codes alone need no series of ours
		}
		f.Violations = append(f.Violations, fmt.Sprintf("%d codes of %s have no series", d.count, key))
	}
	return []Checked{f}, err
}

// foundCode is a code as it stands in a row.
type foundCode struct {
	text    string
	foreign int64
}

// codeDay is what is known of the codes of one issuer and day.
type codeDay struct {
	count, highest int64 // own codes
	foreign        int64 // the highest of a system before this one
	above          int64 // own codes beyond it
}

// codeDays sorts codes by issuer and day; wrong says which own ones have no form.
func codeDays(codes []foundCode) (days map[string]codeDay, wrong []string) {
	days = map[string]codeDay{}
	parsed := make([]dossier.Code, len(codes))
	for i, code := range codes {
		c, err := dossier.ParseCode(code.text)
		switch {
		case err == nil:
			parsed[i] = c
		case code.foreign == 0:
			wrong = append(wrong, "code "+code.text+" has no legal form")
		}
		if err == nil && code.foreign == 1 {
			d := days[codeKey(c)]
			d.foreign = max(d.foreign, c.Number)
			days[codeKey(c)] = d
		}
	}
	for i, c := range parsed {
		if c.Number == 0 || codes[i].foreign == 1 {
			continue
		}
		d := days[codeKey(c)]
		d.count, d.highest = d.count+1, max(d.highest, c.Number)
		if c.Number > d.foreign {
			d.above++
		}
		days[codeKey(c)] = d
	}
	return days, wrong
}

func codeKey(c dossier.Code) string { return c.Agency + "|" + c.Day.String() }

// AnyDossier reports whether there has ever been a dossier.
func (s *Store) AnyDossier(ctx context.Context) (bool, error) {
	var n int
	err := s.QueryRow(ctx, `SELECT count(*) FROM (SELECT 1 FROM dossier LIMIT 1) one`).Scan(&n)
	return n > 0, err
}

// CountDossiers counts the dossiers that there have ever been.
func (s *Store) CountDossiers(ctx context.Context) (int64, error) {
	var n int64
	err := s.QueryRow(ctx, `SELECT count(*) FROM dossier`).Scan(&n)
	return n, err
}
