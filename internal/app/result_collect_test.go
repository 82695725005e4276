package app_test

import (
	"testing"
	"time"

	"github.com/motcua/motcua/internal/app/apptest"
	"github.com/motcua/motcua/internal/core/dossier"
	"github.com/motcua/motcua/internal/core/fault"
	"github.com/motcua/motcua/internal/core/notice"
	"github.com/motcua/motcua/internal/core/supervise"
)

// A result that is there before its day is announced as early; nobody fetches it,
// and the applicant is reminded twice and then to be called, each once however
// often the job runs, until he comes.
func TestUncollectedResult(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		ctx := t.Context()
		c := begin(t, w, 5).handled().resolved()
		said := func(code string) (matters []notice.Matter) {
			list, err := w.MessagesOf(ctx, c.counter, code)
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range list {
				matters = append(matters, m.Matter)
			}
			return matters
		}
		if got := said(c.Code); len(got) != 1 || got[0] != notice.ResultEarly {
			t.Errorf("told at first: %v, want the early result", got)
		}
		for _, step := range []struct {
			at             string
			chased, toCall int
		}{
			{"2026-11-25 09:00", 0, 0}, {"2026-11-26 09:00", 1, 0}, {"2026-12-03 09:00", 1, 0}, {"2026-12-07 09:00", 0, 0}, {"2026-12-08 09:00", 0, 1}, {"2027-01-20 09:00", 0, 0},
		} {
			w.Clock.Set(on(t, step.at))
			r, err := w.Ladder(ctx, time.Time{})
			again, err2 := w.Ladder(ctx, time.Time{})
			if err != nil || err2 != nil || r.Chased != step.chased || r.ToCall != step.toCall || again.Chased+again.ToCall > 0 {
				t.Errorf("%s: %+v then %+v, %v, %v, want %d reminded and %d to call", step.at, r, again, err, err2, step.chased, step.toCall)
			}
		}
		if got := said(c.Code); len(got) != 3 || got[0] != notice.Uncollected {
			t.Errorf("told in the end: %v", got)
		}
		if got := topics(t, w, c.counter, c.Code); len(got) == 0 || got[0] != notice.CallApplicant {
			t.Errorf("the counter was told %v", got)
		}
		page, err := w.ToCollect(ctx, c.counter, "", "")
		if err != nil || len(page.Rows) != 1 || page.Rows[0].Reminders != 2 || !page.Rows[0].Call || page.Rows[0].Phone != "0000123456" || page.Rows[0].Days != 58 {
			t.Fatalf("the list: %+v, %v", page.Rows, err)
		}
		if post, err := w.ToCollect(ctx, c.counter, dossier.ReturnPost, ""); err != nil || len(post.Rows) != 0 {
			t.Errorf("to be sent: %+v, %v", post.Rows, err)
		}
		if _, err := w.ToCollect(ctx, c.handler, "", ""); fault.KindOf(err) != fault.Forbidden {
			t.Errorf("a handler reads phones: %v", err)
		}
		if err := w.NoteCall(ctx, c.counter, "", c.Code, "shouted"); fault.KindOf(err) != fault.Invalid {
			t.Errorf("an outcome that there is not: %v", err)
		}
		if err := w.NoteCall(ctx, c.counter, "goi-1", c.Code, supervise.CallReached); err != nil {
			t.Fatal(err)
		}
		if page, err = w.ToCollect(ctx, c.counter, "", ""); err != nil || page.Rows[0].Call || page.Rows[0].Called == nil || page.Rows[0].Phone != "" {
			t.Errorf("after the call: %+v, %v", page.Rows, err)
		}
		c.again()
		c.act(c.counter, dossier.Input{Act: dossier.Return, Receiver: "Nguyễn Thị Thử Nghiệm", Checked: "Căn cước"})
		if page, err = w.ToCollect(ctx, c.counter, "", ""); err != nil || len(page.Rows) != 0 {
			t.Errorf("after the return: %+v, %v", page.Rows, err)
		}
		if err := w.NoteCall(ctx, c.counter, "", c.Code, supervise.CallWrong); !fault.Is(err, "collect.fetched") {
			t.Errorf("a call about a result that was fetched: %v", err)
		}
	})
}
