package app

import (
	"context"

	"github.com/motcua/motcua/internal/core/access"
	"github.com/motcua/motcua/internal/core/fault"
	"github.com/motcua/motcua/internal/core/notice"
	"github.com/motcua/motcua/internal/store"
)

// post writes a notice under a new root; one that reaches nobody is not written.
func post(v *store.View, root store.Root, n notice.Notice) error {
	if len(n.To) == 0 {
		return nil
	}
	n.ID, n.At = root.ID, v.Now()
	_, err := store.Record[notice.Notice](v, root, notice.Posted, 1, "", n)
	return err
}

// NoticePage is one page of an officer's bell (thông báo), the newest first.
type NoticePage struct {
	Unread int
	Rows   []NoticeRow
	Next   string
}

// NoticeRow is one notice as its reader sees it.
type NoticeRow struct {
	notice.Notice
	Line   fault.Line // the sentence
	Unread bool
}

// UnreadNotices counts what waits in the actor's bell.
func (a *App) UnreadNotices(ctx context.Context, who access.Actor) (int, error) {
	return a.store.UnreadNotices(ctx, who.ID)
}

// Notices lists what the actor was told.
func (a *App) Notices(ctx context.Context, who access.Actor, cursor string) (NoticePage, error) {
	var page NoticePage
	var err error
	if page.Unread, err = a.store.UnreadNotices(ctx, who.ID); err != nil {
		return page, err
	}
	after, err := store.ParseCursor(cursor)
	if err != nil {
		return page, err
	}
	list, next, err := a.store.NoticesOf(ctx, who.ID, after, pageSize)
	if err != nil {
		return page, err
	}
	page.Next = next.String()
	for _, n := range list {
		args := fault.Args{}
		for k, v := range n.Args {
			args[k] = v
		}
		args["code"] = n.Code
		page.Rows = append(page.Rows, NoticeRow{Notice: n, Line: fault.Line{Key: n.Topic.Key(), Args: args}, Unread: n.Unread(who.ID)})
	}
	return page, nil
}

// ReadNotices marks notices as read by the actor: the named ones, or with none
// named everything in his bell. Those of others, and unknown ones, are left alone.
func (a *App) ReadNotices(ctx context.Context, who access.Actor, actionID string, ids ...string) error {
	if len(ids) == 0 {
		var err error
		if ids, err = a.store.UnreadNoticeIDs(ctx, who.ID, mostRead); err != nil {
			return err
		}
	}
	if len(ids) == 0 {
		return nil
	}
	w := store.Write{Actor: by(who), Action: actionID, Body: ids}
	for _, id := range ids[:min(len(ids), mostRead)] {
		w.Roots = append(w.Roots, store.NoticeRoot(id))
	}
	_, err := store.Do(ctx, a.store, w, func(v *store.View) (int, error) {
		n := 0
		for _, r := range w.Roots {
			have, ok := store.Load[notice.Notice](v, r)
			if !ok || !have.Unread(who.ID) {
				continue
			}
			if _, err := store.Record[notice.Notice](v, r, notice.Read, 1, "", notice.Seen{Staff: who.ID, At: v.Now()}); err != nil {
				return n, err
			}
			n++
		}
		return n, nil
	})
	return err
}

// mostRead bounds how many notices one command marks.
const mostRead = 500
