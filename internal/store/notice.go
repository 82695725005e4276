package store

import (
	"context"
	"time"

	"github.com/motcua/motcua/internal/core/notice"
)

// noticeKind is a notice to officers. Each of its readers is a row, so that one
// index answers a person's bell.
var noticeKind = Kind[notice.Notice]{
	Name: "notice", Version: 1,
	Apply: folding(notice.Apply),
	Columns: []Column[notice.Notice]{
		Text("topic", func(n notice.Notice) string { return string(n.Topic) }),
		TextOrNull("code", func(n notice.Notice) string { return n.Code }),
	},
	Children: []Child[notice.Notice]{
		ChildTable("notice_reader", noticeReaders, func(r noticeReader) string { return r.Staff }, []Column[noticeReader]{
			Int("sort", func(r noticeReader) int64 { return -r.at.UnixMicro() }), // the newest first
			Bool("unread", func(r noticeReader) bool { return r.ReadAt == nil }),
		}, "(id, sort, parent)", "(id) where unread"),
	},
}

// noticeReader is a reader with what his list is ordered by.
type noticeReader struct {
	notice.Reader
	at time.Time
}

func noticeReaders(n notice.Notice) []noticeReader {
	rows := make([]noticeReader, len(n.To))
	for i, r := range n.To {
		rows[i] = noticeReader{r, n.At}
	}
	return rows
}

// NoticeRoot is the stream of a notice.
func NoticeRoot(id string) Root { return Root{"notice", id} }

// UnreadNotices counts what a person was told and has not read.
func (s *Store) UnreadNotices(ctx context.Context, staff string) (int, error) {
	var n int
	err := s.QueryRow(ctx, `SELECT count(*) FROM notice_reader WHERE id = $1 AND unread`, staff).Scan(&n)
	return n, err
}

// UnreadNoticeIDs lists up to limit of them, the newest first.
func (s *Store) UnreadNoticeIDs(ctx context.Context, staff string, limit int) ([]string, error) {
	return Collect(ctx, s, scanText, `SELECT parent FROM notice_reader WHERE id = $1 AND unread ORDER BY sort, parent LIMIT $2`, staff, int64(limit))
}

// NoticesOf lists one page of what a person was told, the newest first. The
// cursor is zero when nothing follows.
func (s *Store) NoticesOf(ctx context.Context, staff string, after Cursor, limit int) ([]notice.Notice, Cursor, error) {
	st := &statement{}
	st.add("SELECT r.sort, r.parent, n.state FROM notice_reader r JOIN notice n ON n.id = r.parent WHERE r.id = ").arg(staff)
	if after.ID != "" {
		st.add(" AND (r.sort, r.parent) > (").arg(after.Key).add(", ").arg(after.ID).add(")")
	}
	st.add(" ORDER BY r.sort, r.parent LIMIT ").arg(int64(limit + 1))
	return keyset[notice.Notice](ctx, s, st, limit)
}

// keyset reads one page of states from a statement that gives sort key, id and
// state, one row more than the page has.
func keyset[S any](ctx context.Context, s *Store, st *statement, limit int) ([]S, Cursor, error) {
	type placed struct {
		at    Cursor
		state S
	}
	rows, err := Collect(ctx, s, func(scan func(dest ...any) error) (placed, error) {
		var p placed
		var text string
		err := scan(&p.at.Key, &p.at.ID, &text)
		if err == nil {
			p.state, err = decodeState[S](text)
		}
		return p, err
	}, st.sql.String(), st.args...)
	if err != nil {
		return nil, Cursor{}, err
	}
	var next Cursor
	if len(rows) > limit {
		rows = rows[:limit]
		next = rows[limit-1].at
	}
	out := make([]S, len(rows))
	for i, r := range rows {
		out[i] = r.state
	}
	return out, next, nil
}
