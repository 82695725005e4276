package store

import (
	"context"
	"fmt"

	"github.com/motcua/motcua/internal/core/notice"
)

// MessageJob is the kind of job that delivers a message; its payload names the
// message.
const MessageJob = "message"

// messageKind is a message to an applicant, from the outbox to its delivery.
var messageKind = Kind[notice.Message]{
	Name: "message", Version: 1,
	Apply: folding(notice.ApplyMessage),
	Columns: []Column[notice.Message]{
		Text("mail_state", func(m notice.Message) string { return string(m.State) }),
		Text("channel", func(m notice.Message) string { return string(m.Channel) }),
		Text("matter", func(m notice.Message) string { return string(m.Matter) }),
		Text("unit", func(m notice.Message) string { return m.Unit }),
		Text("dossier", func(m notice.Message) string { return m.Dossier }),
		Int("sort", func(m notice.Message) int64 { return -m.At.UnixMicro() }), // the newest first
	},
	Indexes: []string{"(sort, id)", "(mail_state, sort, id)", "(unit, mail_state, sort, id)", "(dossier, sort)"},
	Checks:  []Check{checkMessages},
}

// MessageRoot is the stream of a message.
func MessageRoot(id string) Root { return Root{"message", id} }

// MessageQuery filters the list of messages; zero values do not filter.
type MessageQuery struct {
	Unit    string
	State   notice.State
	Dossier string
}

func (q MessageQuery) where(st *statement) {
	st.add(" WHERE 1 = 1")
	for _, f := range []struct{ column, value string }{{"unit", q.Unit}, {"mail_state", string(q.State)}, {"dossier", q.Dossier}} {
		if f.value != "" {
			st.add(" AND x.", f.column, " = ").arg(f.value)
		}
	}
}

// Messages lists one page of the outbox, the newest first. The cursor is zero
// when nothing follows.
func (s *Store) Messages(ctx context.Context, q MessageQuery, after Cursor, limit int) ([]notice.Message, Cursor, error) {
	st := &statement{}
	st.add("SELECT x.sort, x.id, x.state FROM message x")
	q.where(st)
	if after.ID != "" {
		st.add(" AND (x.sort, x.id) > (").arg(after.Key).add(", ").arg(after.ID).add(")")
	}
	st.add(" ORDER BY x.sort, x.id LIMIT ").arg(int64(limit + 1))
	return keyset[notice.Message](ctx, s, st, limit)
}

// CountMessages counts the outbox by state, of one unit or all.
func (s *Store) CountMessages(ctx context.Context, unit string) (map[notice.State]int, error) {
	st := &statement{}
	st.add("SELECT x.mail_state, count(*) FROM message x")
	MessageQuery{Unit: unit}.where(st)
	st.add(" GROUP BY x.mail_state")
	counts := map[notice.State]int{}
	_, err := Collect(ctx, s, func(scan func(dest ...any) error) (struct{}, error) {
		var state string
		var n int
		err := scan(&state, &n)
		counts[notice.State(state)] = n
		return struct{}{}, err
	}, st.sql.String(), st.args...)
	return counts, err
}

// checkMessages looks for messages that nobody delivers: each that waits has a
// job, be it one that was given up and that a person has to look at.
func checkMessages(ctx context.Context, r Reader) ([]Checked, error) {
	f := Checked{ID: invOutbox}
	carried := map[string]bool{}
	err := eachText(ctx, r, func(dossier string) { carried[dossier] = true }, `SELECT key FROM job WHERE kind = 'message' AND state IN (2, 3, 4)`)
	if err != nil {
		return nil, err
	}
	rows, err := r.Query(ctx, `SELECT id, dossier, mail_state FROM message ORDER BY id`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var id, dossier, state string
		if err := rows.Scan(&id, &dossier, &state); err != nil {
			return nil, err
		}
		f.N++
		if notice.State(state) == notice.Queued && !carried[dossier] {
			f.Violations = append(f.Violations, fmt.Sprintf("message %s waits and nothing delivers it", id))
		}
	}
	return []Checked{f}, rows.Err()
}

// eachText reads the one text column of a query.
func eachText(ctx context.Context, r Reader, each func(string), sql string) error {
	rows, err := r.Query(ctx, sql)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var text string
		if err := rows.Scan(&text); err != nil {
			return err
		}
		each(text)
	}
	return rows.Err()
}
