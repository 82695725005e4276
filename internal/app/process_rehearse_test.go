package app_test

import (
	"strings"
	"testing"
	"time"

	"github.com/motcua/motcua/internal/app"
	"github.com/motcua/motcua/internal/app/apptest"
	"github.com/motcua/motcua/internal/core/access"
	"github.com/motcua/motcua/internal/core/civil"
	"github.com/motcua/motcua/internal/core/dossier"
	"github.com/motcua/motcua/internal/core/fault"
	"github.com/motcua/motcua/internal/core/process"
	"github.com/motcua/motcua/internal/store/storetest"
)

// settle drives a dossier of the plain process to its return; the handler takes
// the given time.
func settle(t *testing.T, w *apptest.World, p app.Receivable, handling time.Duration) *theatre {
	t.Helper()
	counter := person(t, w, w.Centre().Code, access.Reception)
	s := receive(t, w, p)
	d := s.act(counter, dossier.Input{Act: dossier.Forward})
	handler, leader, clerk := person(t, w, d.Agency, access.Handler), person(t, w, d.Agency, access.Leader), person(t, w, d.Agency, access.Clerk)
	s.act(handler, dossier.Input{Act: dossier.ReceiveHandover})
	w.Clock.Add(handling)
	s.act(handler, dossier.Input{Act: dossier.Propose, Outcome: dossier.OutcomeApprove})
	s.act(leader, dossier.Input{Act: dossier.Approve})
	s.act(clerk, dossier.Input{Act: dossier.Number})
	s.act(leader, dossier.Input{Act: dossier.Sign})
	staged, err := w.Stage(t.Context(), clerk, "ket-qua.pdf", strings.NewReader(smallPDF))
	if err != nil {
		t.Fatal(err)
	}
	s.act(clerk, dossier.Input{Act: dossier.IssueResult}, staged.Hash)
	s.act(clerk, dossier.Input{Act: dossier.HandOver})
	s.act(counter, dossier.Input{Act: dossier.ReceiveHandover})
	s.act(counter, dossier.Input{Act: dossier.Return, Receiver: "Nguyễn Thị Thử Nghiệm", Checked: "Căn cước"})
	return s
}

// A dry run on what was settled says what a slower process would have done, and
// the job measures what its prediction and the order of inboxes go by.
func TestRehearsalAndMeasuredTimes(t *testing.T) {
	storetest.EachURL(t, func(t *testing.T, url string) {
		w := apptest.At(t, url)
		rehearsalAndMeasuredTimes(t, w)
		storetest.Verify(t, w.Store())
	})
}

func rehearsalAndMeasuredTimes(t *testing.T, w *apptest.World) {
	ctx := t.Context()
	p := anyReceivable(t, w)
	k := app.ProcessKey{Procedure: p.Code}
	control := person(t, w, w.Centre().Code, access.Control)
	first := civil.DateOf(w.Clock.Now())
	settle(t, w, p, time.Hour)
	w.Clock.Set(apptest.Start().AddDate(0, 0, 2)) // the day between is off
	settle(t, w, p, 30*time.Minute)

	agency := competent(t, w, p)
	slow, _ := others(t, w, agency)
	draft := consulting(slow)
	ask := at(draft.Steps, "ask-1")
	ask.Share = 900
	page, err := w.ProcessPage(ctx, control, k)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.RehearseProcess(ctx, control, app.RehearsalForm{ProcessKey: k, From: first, To: first.AddDays(7)}); !fault.Is(err, "process.no_draft") {
		t.Errorf("a dry run of nothing: %v", err)
	}
	if _, err := w.SaveProcess(ctx, control, app.ProcessForm{ProcessKey: k, Revision: page.Saved, Template: draft}); err != nil {
		t.Fatal(err)
	}
	got, err := w.RehearseProcess(ctx, control, app.RehearsalForm{ProcessKey: k, From: first, To: first.AddDays(7)})
	if err != nil {
		t.Fatal(err)
	}
	// Nobody was ever asked for an opinion, so it takes its share; all else takes what it took.
	if got.Dossiers != 2 || got.Then.N != 2 || got.Now.N != 2 || got.Then.Late != 0 || got.Now.Median != got.Then.Median+900 || got.Now.Bottleneck != "ask-1" || got.Skipped != 1 {
		t.Errorf("dry run: %+v", got)
	}
	if got.Then.Bottleneck != "handle" {
		t.Errorf("as it went the bottleneck was %q", got.Then.Bottleneck)
	}
	tight, err := w.RehearseProcess(ctx, control, app.RehearsalForm{ProcessKey: k, From: first, To: first.AddDays(7), Limit: "1 ngày làm việc"})
	if err != nil || tight.Now.Late != 2 || tight.Limit == nil {
		t.Errorf("with a limit of one day %d of %d would be late, %v", tight.Now.Late, tight.Now.N, err)
	}
	for field, f := range map[string]app.RehearsalForm{
		"from":  {ProcessKey: k, To: first},
		"to":    {ProcessKey: k, From: first, To: first.AddDays(-1)},
		"limit": {ProcessKey: k, From: first, To: first, Limit: "3 con gà"},
	} {
		_, err := w.RehearseProcess(ctx, control, f)
		if bad := fault.As(err); bad == nil || bad.Field != field {
			t.Errorf("%s: %v", field, err)
		}
	}

	if err := w.MeasureSteps(ctx); err != nil {
		t.Fatal(err)
	}
	list, at, err := w.Store().StepTimes(ctx)
	if err != nil || at.IsZero() {
		t.Fatal(err)
	}
	measures := process.NewMeasures(list)
	if m, ok := measures.Of(process.KindHandle, agency); !ok || m.N != 2 || m.Median != 40 {
		t.Errorf("measured handling: %+v, %v", m, ok)
	}
}

// Work is ordered by danger: of two dossiers due at the same time the one with
// more work ahead comes first, and the counts agree with the rows.
func TestInboxIsOrderedByDanger(t *testing.T) {
	storetest.EachURL(t, func(t *testing.T, url string) {
		w := apptest.At(t, url)
		inboxByDanger(t, w)
		storetest.Verify(t, w.Store())
	})
}

func inboxByDanger(t *testing.T, w *apptest.World) {
	ctx := t.Context()
	p := anyReceivable(t, w)
	agency := competent(t, w, p)
	counter, handler, leader := person(t, w, w.Centre().Code, access.Reception), person(t, w, agency, access.Handler), person(t, w, agency, access.Leader)
	var codes []string
	for range 3 {
		s := receive(t, w, p)
		s.act(counter, dossier.Input{Act: dossier.Forward})
		s.act(handler, dossier.Input{Act: dossier.ReceiveHandover})
		s.act(handler, dossier.Input{Act: dossier.Claim})
		codes = append(codes, s.code)
		if len(codes) == 1 { // the first goes on to the leader and comes back to the clerk: little is ahead of it
			s.act(handler, dossier.Input{Act: dossier.Propose, Outcome: dossier.OutcomeApprove})
			s.act(leader, dossier.Input{Act: dossier.SendBack, Reason: "Xem lại"})
			s.act(handler, dossier.Input{Act: dossier.Propose, Outcome: dossier.OutcomeApprove})
		}
	}
	box, err := w.Inbox(ctx, handler, app.InboxQuery{Tab: app.TabMine})
	if err != nil || box.Counts[app.TabMine] != 2 || len(box.Rows) != 2 || box.Rows[0].Code != codes[1] {
		t.Errorf("the handler's work: %d counted, %+v, %v", box.Counts[app.TabMine], box.Rows, err)
	}
	pool, err := w.Inbox(ctx, leader, app.InboxQuery{Tab: app.TabPool})
	if err != nil || pool.Counts[app.TabPool] != 1 || len(pool.Rows) != 1 || pool.Rows[0].Code != codes[0] {
		t.Errorf("the leader's pool: %d counted, %+v, %v", pool.Counts[app.TabPool], pool.Rows, err)
	}
	view, err := w.Dossier(ctx, handler, codes[1])
	if err != nil {
		t.Fatal(err)
	}
	first, err := w.Dossier(ctx, leader, codes[0])
	if err != nil || !first.Tasks[0].StartBy.After(view.Tasks[0].StartBy) {
		t.Errorf("less work ahead may begin later: %v, %v, %v", first.Tasks[0].StartBy, view.Tasks[0].StartBy, err)
	}
}
