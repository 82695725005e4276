package app_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/motcua/motcua/internal/app"
	"github.com/motcua/motcua/internal/app/apptest"
	"github.com/motcua/motcua/internal/core/access"
	"github.com/motcua/motcua/internal/core/dossier"
	"github.com/motcua/motcua/internal/core/fault"
	"github.com/motcua/motcua/internal/core/notice"
	"github.com/motcua/motcua/internal/store/storetest"
)

// What an applicant has to be told leaves with the transaction that gave rise to
// it, once, and the administration sees that without reading it.
func TestMessagesLeaveThroughTheOutbox(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		c := begin(t, w, 10).handled()
		c.act(c.handler, dossier.Input{Act: dossier.RequestSupplement, Reason: "Thiếu bản vẽ", Items: []string{"Bản vẽ"}})
		admin := person(t, w, w.Centre().Code, access.Admin)
		page := outbox(t, w, admin, "")
		if page.Counts[notice.Queued] != 1 || page.Rows[0].Matter != notice.SupplementBy || page.Rows[0].Masked != "0000***456" || page.Rows[0].Code != c.Code {
			t.Fatalf("outbox = %+v %+v", page.Counts, page.Rows)
		}
		text, err := json.Marshal(page)
		if err != nil || strings.Contains(string(text), "0000123456") || strings.Contains(string(text), "bổ sung") {
			t.Errorf("the outbox shows what is sealed: %s, %v", text, err)
		}
		w.Mail.Break(2)
		w.Drain(t)
		if n := len(w.Mail.Arrived()); n != 0 {
			t.Fatalf("%d arrived over a broken network", n)
		}
		for range 3 {
			w.Clock.Add(time.Hour)
			w.Drain(t)
		}
		arrived := w.Mail.Arrived()
		if len(arrived) != 1 || arrived[0].To != "0000123456" || !strings.Contains(arrived[0].Text, c.Code) || !strings.Contains(arrived[0].Text, "bổ sung") {
			t.Fatalf("arrived %+v", arrived)
		}
		if page = outbox(t, w, admin, ""); page.Rows[0].State != notice.Sent || page.Rows[0].Tries != 3 || page.Rows[0].Ref != "T1" || page.Rows[0].CanRetry {
			t.Errorf("after delivery: %+v", page.Rows[0])
		}
		c.act(c.counter, dossier.Input{Act: dossier.Supply})
		c.resolved()
		w.Drain(t)
		if arrived = w.Mail.Arrived(); len(arrived) != 2 || !strings.Contains(arrived[1].Text, "trước ngày hẹn") {
			t.Errorf("after the result: %+v", arrived)
		}
	})
}

func outbox(t *testing.T, w *apptest.World, who access.Actor, state notice.State) app.OutboxPage {
	t.Helper()
	page, err := w.Outbox(t.Context(), who, app.OutboxQuery{State: state})
	if err != nil {
		t.Fatal(err)
	}
	return page
}

// A message that cannot arrive is listed with its reason, and the officer who
// knows the applicant is told; a channel that is not set up says so.
func TestMessagesThatDoNotArrive(t *testing.T) {
	w := apptest.SQLite(t)
	ctx := t.Context()
	ask := dossier.Input{Act: dossier.RequestSupplement, Reason: "Thiếu bản vẽ", Items: []string{"Bản vẽ"}}
	refused := begin(t, w, 10).handled()
	w.Mail.Refuse("0000123456")
	refused.act(refused.handler, ask)
	mailed := begin(t, w, 10, func(f *app.ReceptionForm) { f.Owner.Phone, f.Owner.Email = "", "a@example.vn" }).handled()
	mailed.act(mailed.handler, ask)
	silent := begin(t, w, 10, func(f *app.ReceptionForm) { f.Owner.Phone = "" }).handled()
	silent.act(silent.handler, ask)
	broken := begin(t, w, 10, func(f *app.ReceptionForm) { f.Owner.Phone = "0000999888" }).handled()
	w.Mail.Break(100)
	broken.act(broken.handler, ask)
	for range 14 {
		w.Clock.Add(2 * time.Hour)
		w.Drain(t)
	}
	admin := person(t, w, w.Centre().Code, access.Admin)
	want := map[string]struct {
		state  notice.State
		reason string
		retry  bool
	}{
		refused.Code: {notice.Failed, "message.address_refused", true}, mailed.Code: {notice.Held, "message.channel_off", true},
		silent.Code: {notice.Held, "message.no_address", false}, broken.Code: {notice.Failed, "message.gave_up", true},
	}
	byCode := map[string]app.OutboxRow{}
	for _, r := range outbox(t, w, admin, "").Rows {
		byCode[r.Code] = r
		if x := want[r.Code]; r.State != x.state || r.Reason != x.reason || r.CanRetry != x.retry {
			t.Errorf("%s: %s %s retry %v, want %+v", r.Code, r.State, r.Reason, r.CanRetry, x)
		}
	}
	if len(byCode) != len(want) {
		t.Errorf("%d messages, want %d", len(byCode), len(want))
	}
	if n := len(outbox(t, w, admin, notice.Held).Rows); n != 2 {
		t.Errorf("%d held, want 2", n)
	}
	bell, err := w.Notices(ctx, refused.counter, "")
	if err != nil || bell.Unread != 2 || bell.Rows[0].Topic != notice.Undelivered {
		t.Errorf("bell of the officer: %+v, %v", bell, err)
	}
	w.Mail.Break(0)
	if err := w.RetryMessage(ctx, admin, "lai-1", byCode[broken.Code].ID); err != nil {
		t.Fatal(err)
	}
	if err := w.RetryMessage(ctx, admin, "lai-2", byCode[broken.Code].ID); !fault.Is(err, "message.no_retry") {
		t.Errorf("retry of a waiting message: %v", err)
	}
	if err := w.RetryMessage(ctx, admin, "lai-3", byCode[silent.Code].ID); !fault.Is(err, "message.no_retry") {
		t.Errorf("retry without address: %v", err)
	}
	w.Drain(t)
	if arrived := w.Mail.Arrived(); len(arrived) != 1 || arrived[0].To != "0000999888" {
		t.Errorf("arrived %+v", arrived)
	}
	if _, err := w.Outbox(ctx, refused.handler, app.OutboxQuery{}); fault.KindOf(err) != fault.Forbidden {
		t.Errorf("outbox of a handler: %v", err)
	}
	if page := outbox(t, w, refused.leader, ""); len(page.Rows) != 0 {
		t.Errorf("a leader of the agency sees %d messages of the centre", len(page.Rows))
	}
	if err := w.RetryMessage(ctx, refused.leader, "lai-4", byCode[refused.Code].ID); !fault.Is(err, "message.unknown") {
		t.Errorf("retry by another unit: %v", err)
	}
	storetest.Verify(t, w.Store())
}

// Reading a notice takes it out of the bell, for its reader only.
func TestNotices(t *testing.T) {
	w := apptest.SQLite(t)
	ctx := t.Context()
	c := begin(t, w, 10).handled()
	w.Mail.Refuse("0000123456")
	for range 2 {
		c.act(c.handler, dossier.Input{Act: dossier.RequestSupplement, Reason: "Thiếu", Items: []string{"x"}, Leader: "A", LegalGround: "B"})
		c.act(c.counter, dossier.Input{Act: dossier.Supply})
	}
	w.Drain(t)
	bell, err := w.Notices(ctx, c.counter, "")
	if err != nil || bell.Unread != 2 || len(bell.Rows) != 2 || !bell.Rows[0].Unread {
		t.Fatalf("bell = %+v, %v", bell, err)
	}
	first := bell.Rows[0]
	if err := w.ReadNotices(ctx, c.handler, "doc-0", first.ID); err != nil {
		t.Fatal(err)
	}
	if n, err := w.UnreadNotices(ctx, c.counter); err != nil || n != 2 {
		t.Errorf("another one's reading counts: %d unread, %v", n, err)
	}
	if err := w.ReadNotices(ctx, c.counter, "doc-1", first.ID, "không-có"); err != nil {
		t.Fatal(err)
	}
	if n, _ := w.UnreadNotices(ctx, c.counter); n != 1 {
		t.Errorf("%d unread after one was read", n)
	}
	if err := w.ReadNotices(ctx, c.counter, "doc-2"); err != nil {
		t.Fatal(err)
	}
	if bell, err = w.Notices(ctx, c.counter, ""); err != nil || bell.Unread != 0 || bell.Rows[0].Unread {
		t.Errorf("after reading all: %+v, %v", bell, err)
	}
	storetest.Verify(t, w.Store())
}
