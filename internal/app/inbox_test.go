package app_test

import (
	"strings"
	"testing"

	"github.com/motcua/motcua/internal/app"
	"github.com/motcua/motcua/internal/app/apptest"
	"github.com/motcua/motcua/internal/core/access"
	"github.com/motcua/motcua/internal/core/dossier"
	"github.com/motcua/motcua/internal/core/fault"
)

// The counts of the tabs are the rows behind them, for every officer concerned,
// and each open task is in exactly one holder's list or pool.
func TestInboxCountsAgree(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		ctx := t.Context()
		var last dossier.Dossier
		for range 4 {
			last = forwarded(t, w)
		}
		handlers := w.People(last.Agency, string(access.Handler))
		if _, err := w.Act(ctx, handlers[0], app.ActInput{Code: last.Code, Input: dossier.Input{Act: dossier.Claim, Version: last.Version}}); err != nil {
			t.Fatal(err)
		}
		counter := person(t, w, w.Centre().Code, access.Reception)
		if _, err := w.ReceiveDossier(ctx, counter, form(anyReceivable(t, w))); err != nil {
			t.Fatal(err)
		}
		for _, who := range []access.Actor{handlers[0], handlers[1], counter, person(t, w, last.Agency, access.Leader)} {
			for _, tab := range app.InboxTabs() {
				page, err := w.Inbox(ctx, who, app.InboxQuery{Tab: tab})
				if err != nil {
					t.Fatalf("%s of %s: %v", tab, who.Name, err)
				}
				if page.Counts[tab] != len(page.Rows) {
					t.Errorf("%s of %s: counted %d, listed %d", tab, who.Name, page.Counts[tab], len(page.Rows))
				}
			}
		}
		mine, err := w.Inbox(ctx, handlers[0], app.InboxQuery{Tab: app.TabMine})
		if err != nil || len(mine.Rows) != 1 || mine.Rows[0].Code != last.Code || mine.Rows[0].Holder != handlers[0].Name {
			t.Errorf("mine = %+v, %v", mine.Rows, err)
		}
		pool, err := w.Inbox(ctx, handlers[1], app.InboxQuery{Tab: app.TabPool})
		if err != nil || len(pool.Rows) != 3 {
			t.Errorf("pool has %d rows, want 3, %v", len(pool.Rows), err)
		}
		menu, err := w.Menu(ctx, handlers[1])
		if err != nil || menu.Pool != 3 || menu.Mine != 0 || menu.Handovers != 4 {
			t.Errorf("menu = %+v, %v", menu, err)
		}
	})
}

func TestSearch(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		ctx := t.Context()
		d := forwarded(t, w)
		counter := person(t, w, w.Centre().Code, access.Reception)
		handler := person(t, w, d.Agency, access.Handler)
		stranger := strangerTo(t, w, d)
		for q, how := range map[string]string{
			d.Code: "code", strings.ToLower(d.Code): "code", "999190000017": "number", "0000 123 456": "number",
			"thu nghiem": "name", "Nguyễn Thị Thử": "name", "THỬ NGHIỆM": "name",
		} {
			page, err := w.Search(ctx, counter, q, "")
			if err != nil || page.By != how || len(page.Rows) != 1 || page.Rows[0].Code != d.Code {
				t.Errorf("search %q: %d rows by %s, %v, want one by %s", q, len(page.Rows), page.By, err, how)
			}
		}
		if page, err := w.Search(ctx, handler, "thu nghiem", ""); err != nil || len(page.Rows) != 1 {
			t.Errorf("the agency searches by name: %+v, %v", page, err)
		}
		if page, err := w.Search(ctx, stranger, "thu nghiem", ""); err != nil || len(page.Rows) != 0 {
			t.Errorf("a strange agency finds %d rows by name, %v", len(page.Rows), err)
		}
		page, err := w.Search(ctx, stranger, "999190000017", "")
		if err != nil || len(page.Rows) != 1 || page.Rows[0].Owner != "" {
			t.Errorf("a strange agency by number: %d rows, %v, want the dossier without a name", len(page.Rows), err)
		}
		if _, err := w.Search(ctx, counter, "a", ""); !fault.Is(err, "desk.search_short") {
			t.Errorf("one letter: %v", err)
		}
		if _, err := w.Dossier(ctx, stranger, d.Code); fault.KindOf(err) != fault.NotFound {
			t.Errorf("a strange agency opens the dossier: %v", err)
		}
		if _, err := w.Unmask(ctx, handler, d.Code, ""); fields(err) != "purpose" {
			t.Errorf("unmask without a purpose: %v", err)
		}
		full, err := w.Unmask(ctx, handler, d.Code, "Thẩm định hồ sơ")
		if err != nil || full.Owner.PersonalID != "999190000017" || !full.Unmasked {
			t.Errorf("unmask: %+v, %v", full.Owner, err)
		}
		looks, err := w.Store().AccessesOf(ctx, d.ID, 10)
		if err != nil || len(looks) == 0 || looks[0].Purpose != "Thẩm định hồ sơ" || looks[0].What != "full" {
			t.Errorf("access log = %+v, %v", looks, err)
		}
	})
}

// strangerTo is a handler of an agency that the dossier does not concern.
func strangerTo(t *testing.T, w *apptest.World, d dossier.Dossier) access.Actor {
	t.Helper()
	all, err := w.ReceivableBy()
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range all {
		sheet, err := w.ProcedurePage(t.Context(), p.Code)
		if err != nil || sheet.AgencyName == d.AgencyName {
			continue
		}
		f := form(p)
		f.Owner = app.PartyForm{Kind: "citizen", Name: "Trần Văn Khác", PersonalID: "999090000018"}
		got, err := w.ReceiveDossier(t.Context(), person(t, w, w.Centre().Code, access.Reception), f)
		if err != nil {
			continue
		}
		if got.Agency != d.Agency {
			return person(t, w, got.Agency, access.Handler)
		}
	}
	t.Fatal("there is only one agency")
	return access.Actor{}
}
