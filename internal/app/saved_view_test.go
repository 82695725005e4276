package app_test

import (
	"testing"

	"github.com/motcua/motcua/internal/app"
	"github.com/motcua/motcua/internal/app/apptest"
	"github.com/motcua/motcua/internal/core/access"
	"github.com/motcua/motcua/internal/core/agency"
	"github.com/motcua/motcua/internal/core/dossier"
	"github.com/motcua/motcua/internal/core/fault"
)

// A view belongs to who saved it. Filters narrow counts and rows alike, and a
// procedure is found by code and by its name without diacritics.
func TestViewsAndFilters(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		ctx := t.Context()
		d := forwarded(t, w)
		handlers := w.People(d.Agency, string(access.Handler))
		who := handlers[0]
		view := agency.SavedView{Name: "Chờ nhận", Query: "nhom=cho-nhan"}
		for range 2 { // the same form twice
			if err := w.SaveView(ctx, who, "xem-1", view); err != nil {
				t.Fatal(err)
			}
		}
		if got, err := w.SavedViews(ctx, who); err != nil || len(got) != 1 || got[0] != view {
			t.Errorf("SavedViews = %v, %v", got, err)
		}
		if got, err := w.SavedViews(ctx, handlers[1]); err != nil || len(got) != 0 {
			t.Errorf("somebody else's views = %v, %v", got, err)
		}
		if err := w.DropView(ctx, handlers[1], "xem-2", view.Name); !fault.Is(err, "inbox.view_unknown") {
			t.Errorf("dropping somebody else's view: %v", err)
		}
		if err := w.DropView(ctx, who, "xem-3", view.Name); err != nil {
			t.Error(err)
		}
		for _, tt := range []struct {
			name string
			q    app.InboxQuery
			want int
		}{
			{"the procedure's code", app.InboxQuery{Procedure: d.Procedure.Code}, 1},
			{"another procedure", app.InboxQuery{Procedure: "zzzz qqqq"}, 0},
			{"the step", app.InboxQuery{Step: d.Tasks[0].Kind}, 1},
			{"another step", app.InboxQuery{Step: dossier.TaskReturn}, 0},
			{"step and procedure", app.InboxQuery{Step: d.Tasks[0].Kind, Procedure: d.Procedure.Code}, 1},
		} {
			tt.q.Tab = app.TabPool
			page, err := w.Inbox(ctx, who, tt.q)
			if err != nil || len(page.Rows) != tt.want || page.Counts[app.TabPool] != tt.want {
				t.Errorf("filtered by %s: %d rows, %d counted, want %d, %v", tt.name, len(page.Rows), page.Counts[app.TabPool], tt.want, err)
			}
		}
		found, err := w.Search(ctx, who, d.Procedure.Code, "")
		if err != nil || found.By != "procedure" || len(found.Rows) != 1 || found.Rows[0].Code != d.Code {
			t.Errorf("Search(%s) = %+v, %v", d.Procedure.Code, found, err)
		}
		before, err := w.InboxMark(ctx, who, app.InboxQuery{Tab: app.TabPool})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Act(ctx, handlers[1], app.ActInput{Code: d.Code, Input: dossier.Input{Act: dossier.Claim, Version: d.Version}}); err != nil {
			t.Fatal(err)
		}
		if after, err := w.InboxMark(ctx, who, app.InboxQuery{Tab: app.TabPool}); err != nil || after == before {
			t.Errorf("a colleague claimed the work, and the mark stayed %q, %v", after, err)
		}
		if last, ok, err := w.Since(ctx, who, d.Code, d.Version); err != nil || !ok || last.By != handlers[1].Name {
			t.Errorf("Since = %+v, %v, %v", last, ok, err)
		}
	})
}
