package store

import (
	"context"
	"time"

	"github.com/motcua/motcua/internal/core/civil"
	"github.com/motcua/motcua/internal/core/dossier"
	"github.com/motcua/motcua/internal/core/process"
)

// processTemplateKind is the internal process of a procedure or case. A node
// keeps only heads in memory; a template is read when a dossier first needs it.
var processTemplateKind = Kind[process.Record]{
	Name: "process_template", Version: 2,
	Apply: folding(process.ApplyRecord),
	Columns: []Column[process.Record]{
		Text("procedure", func(r process.Record) string { return r.Procedure }),
		Text("proc_case", func(r process.Record) string { return r.Case }),
		Instant("drafted_at", func(r process.Record) time.Time {
			if r.Draft == nil {
				return time.Time{}
			}
			return r.Draft.At
		}),
		Bool("submitted", func(r process.Record) bool { return r.Draft != nil && r.Draft.Submitted != nil }),
		Bool("reviewed", func(r process.Record) bool { return r.Draft != nil && r.Draft.Review != nil }),
		TextOrNull("ended_from", func(r process.Record) string {
			if r.Ended == nil {
				return ""
			}
			return r.Ended.From.String()
		}),
	},
	Children: []Child[process.Record]{
		ChildTable("process_version", func(r process.Record) []process.Published { return r.Versions },
			func(p process.Published) string { return versionID(p.Template.Version) }, []Column[process.Published]{
				Int("number", func(p process.Published) int { return p.Template.Version }),
				Text("valid_from", func(p process.Published) string { return p.ValidFrom.String() }),
				Text("decision_no", func(p process.Published) string { return p.Decision.No }),
				Int("longest", func(p process.Published) int { return p.Longest }),
				Int("tasks", func(p process.Published) int { return len(p.Template.Tasks()) }),
			}),
	},
}

// versionID sorts versions by number as text too.
func versionID(n int) string {
	const digits = "0123456789"
	b := []byte("00000000")
	for i := len(b) - 1; i >= 0; i, n = i-1, n/10 {
		b[i] = digits[n%10]
	}
	return string(b)
}

// ProcessRoot is the stream of a process, by process.RecordID.
func ProcessRoot(id string) Root { return Root{"process_template", id} }

// ProcessHead is what a node keeps in memory of a process.
type ProcessHead struct {
	ID        string
	Procedure string
	Case      string
	DraftedAt time.Time // zero = no draft
	Submitted bool
	Reviewed  bool
	EndedFrom civil.Date
	Versions  []ProcessVersion
}

// ProcessVersion is one published version without its template.
type ProcessVersion struct {
	Number     int
	ValidFrom  civil.Date
	DecisionNo string
	Longest    int // working minutes of the slowest way
	Tasks      int
}

// ProcessHeads reads the heads of every process.
func (s *Store) ProcessHeads(ctx context.Context) ([]ProcessHead, error) {
	heads, err := Collect(ctx, s, func(scan func(dest ...any) error) (ProcessHead, error) {
		var h ProcessHead
		var at int64
		var ended string
		if err := scan(&h.ID, &h.Procedure, &h.Case, &at, &h.Submitted, &h.Reviewed, &ended); err != nil {
			return h, err
		}
		if at != 0 {
			h.DraftedAt = instant(at)
		}
		if ended == "" {
			return h, nil
		}
		var err error
		h.EndedFrom, err = civil.ParseDate(ended)
		return h, err
	}, `SELECT id, procedure, proc_case, COALESCE(drafted_at, 0), submitted, reviewed, COALESCE(ended_from, '') FROM process_template ORDER BY id`)
	if err != nil {
		return nil, err
	}
	place := make(map[string]int, len(heads))
	for i, h := range heads {
		place[h.ID] = i
	}
	_, err = Collect(ctx, s, func(scan func(dest ...any) error) (struct{}, error) {
		var parent, from string
		var v ProcessVersion
		if err := scan(&parent, &v.Number, &from, &v.DecisionNo, &v.Longest, &v.Tasks); err != nil {
			return struct{}{}, err
		}
		var err error
		if v.ValidFrom, err = civil.ParseDate(from); err != nil {
			return struct{}{}, err
		}
		if at, ok := place[parent]; ok { // published between the two statements: the next reload sees it
			heads[at].Versions = append(heads[at].Versions, v)
		}
		return struct{}{}, nil
	}, `SELECT parent, number, valid_from, decision_no, longest, tasks FROM process_version ORDER BY parent, number`)
	return heads, err
}

// On is the version that a dossier received on a day runs on; see
// process.Record.On.
func (h ProcessHead) On(day civil.Date) (ProcessVersion, bool) {
	if !h.EndedFrom.IsZero() && !day.Before(h.EndedFrom) {
		return ProcessVersion{}, false
	}
	for i := len(h.Versions) - 1; i >= 0; i-- {
		if !day.Before(h.Versions[i].ValidFrom) {
			return h.Versions[i], true
		}
	}
	return ProcessVersion{}, false
}

// inWork are the statuses of dossiers that a process still has to carry on.
const inWork = "(2, 4, 5, 6, 9)"

// StandingIn counts the open dossiers of a procedure by the version of the
// process that they run on, as ProcessRef writes it.
func (s *Store) StandingIn(ctx context.Context, procedure string) (map[string]int, error) {
	counts := map[string]int{}
	_, err := Collect(ctx, s, func(scan func(dest ...any) error) (struct{}, error) {
		var ref string
		var n int
		err := scan(&ref, &n)
		counts[ref] = n
		return struct{}{}, err
	}, `SELECT process_ref, count(*) FROM dossier WHERE status IN `+inWork+` AND procedure = $1 AND process_ref IS NOT NULL GROUP BY process_ref`, procedure)
	return counts, err
}

// DossiersInWork lists one page of the open dossiers of a procedure by id. The
// last id is empty when nothing follows.
func (s *Store) DossiersInWork(ctx context.Context, procedure, after string, limit int) ([]dossier.Dossier, string, error) {
	list, err := states[dossier.Dossier](ctx, s, `SELECT state FROM dossier WHERE status IN `+inWork+` AND procedure = $1 AND id > $2 ORDER BY id LIMIT $3`,
		procedure, after, int64(limit+1))
	if err != nil || len(list) <= limit {
		return list, "", err
	}
	return list[:limit], list[limit-1].ID, nil
}

// FinishedDossiers lists one page of dossiers whose work ended within a time,
// the newest first: of one procedure, or of all when it is empty. The cursor is
// zero when nothing follows.
func (s *Store) FinishedDossiers(ctx context.Context, procedure string, from, to time.Time, after Cursor, limit int) ([]dossier.Dossier, Cursor, error) {
	st := &statement{}
	st.add("SELECT state FROM dossier WHERE finished_at >= ").arg(from.UnixMicro()).add(" AND finished_at < ").arg(to.UnixMicro())
	if procedure != "" {
		st.add(" AND procedure = ").arg(procedure)
	}
	if after.ID != "" {
		st.add(" AND (finished_at, id) < (").arg(after.Key).add(", ").arg(after.ID).add(")")
	}
	st.add(" ORDER BY finished_at DESC, id DESC LIMIT ").arg(int64(limit + 1))
	list, err := states[dossier.Dossier](ctx, s, st.sql.String(), st.args...)
	if err != nil || len(list) <= limit {
		return list, Cursor{}, err
	}
	last := list[limit-1]
	return list[:limit], Cursor{last.FinishedAt.UnixMicro(), last.ID}, nil
}
