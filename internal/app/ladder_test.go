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
	"github.com/motcua/motcua/internal/core/notice"
	"github.com/motcua/motcua/internal/i18n"
	"github.com/motcua/motcua/internal/store/storetest"
)

// climb moves the clock and runs the ladder, twice: the second run finds nothing
// to do.
func climb(t *testing.T, w *apptest.World, at string) app.LadderReport {
	t.Helper()
	w.Clock.Set(on(t, at))
	r, err := w.Ladder(t.Context(), time.Time{})
	if err != nil {
		t.Fatal(err)
	}
	again, err := w.Ladder(t.Context(), time.Time{})
	if err != nil || again.Warned+again.Asked+again.Broken+again.Reminded+again.Expired > 0 {
		t.Errorf("%s: the second run did %+v, %v", at, again, err)
	}
	return r
}

// told are the topics in a person's bell about a dossier, the newest first.
func topics(t *testing.T, w *apptest.World, who access.Actor, code string) []notice.Topic {
	t.Helper()
	page, err := w.Notices(t.Context(), who, "")
	if err != nil {
		t.Fatal(err)
	}
	var all []notice.Topic
	for _, r := range page.Rows {
		if r.Code == code {
			all = append(all, r.Topic)
			if text := i18n.Default().Line(i18n.Vietnamese, r.Line); strings.ContainsAny(text, "{}") {
				t.Errorf("an unfilled place: %s", text)
			}
		}
	}
	return all
}

func wantTopics(t *testing.T, w *apptest.World, who access.Actor, code string, want ...notice.Topic) {
	t.Helper()
	got := topics(t, w, who, code)
	same := len(got) == len(want)
	for i := range got {
		same = same && got[i] == want[i]
	}
	if !same {
		t.Errorf("%s was told %v, want %v", who.Name, got, want)
	}
}

// A dossier over Tết 2027: the handler, the leader and the centre are warned on
// working days, the agency is asked for its apology in time, the leader signs,
// the applicant is told, and lateness stays what it was.
func TestLadderOverTet(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		ctx := t.Context()
		w.Clock.Set(on(t, "2027-01-26 09:00"))
		c := begin(t, w, 10).handled()
		if c.Deadline.DueOn != day(t, "2027-02-16") || !c.Deadline.Provisional {
			t.Fatalf("due %v", c.Deadline.DueOn)
		}
		director := person(t, w, w.Centre().Code, access.Director)
		if r := climb(t, w, "2027-02-10 09:00"); r.Warned != 0 {
			t.Errorf("warned during Tết: %+v", r)
		}
		if r := climb(t, w, "2027-02-11 08:00"); r.Warned != 1 {
			t.Errorf("three working days before: %+v", r)
		}
		wantTopics(t, w, c.handler, c.Code, notice.DueSoon)
		wantTopics(t, w, c.leader, c.Code)
		climb(t, w, "2027-02-12 08:00")
		wantTopics(t, w, c.leader, c.Code, notice.DueSoon)
		wantTopics(t, w, director, c.Code)
		if r := climb(t, w, "2027-02-15 08:00"); r.Asked != 1 || r.Warned != 1 {
			t.Errorf("the working day before: %+v", r)
		}
		wantTopics(t, w, director, c.Code, notice.DueSoon)
		wantTopics(t, w, c.handler, c.Code, notice.ApologyWanted, notice.DueSoon)
		wantTopics(t, w, c.leader, c.Code, notice.ApologyWanted, notice.DueSoon)

		page, err := w.Apologies(ctx, c.leader, "")
		if err != nil || len(page.Rows) != 1 || !page.CanSign {
			t.Fatalf("prepared apologies: %+v, %v", page, err)
		}
		if row := page.Rows[0]; row.Code != c.Code || row.By != day(t, "2027-02-15") || row.NewDay != day(t, "2027-02-19") || row.Late || row.Broken || row.Reason != "" {
			t.Errorf("prepared: %+v", row)
		}
		form := app.ApologyForm{Code: c.Code, NewDay: day(t, "2027-02-19"), Reason: "Chờ kết quả đo đạc sau Tết"}
		if err := w.DraftApology(ctx, c.handler, form); err != nil {
			t.Fatal(err)
		}
		if page, err = w.Apologies(ctx, c.leader, ""); err != nil || page.Rows[0].Reason != form.Reason || page.Rows[0].Author != c.handler.Name {
			t.Errorf("drafted: %+v, %v", page.Rows, err)
		}
		form.Version = page.Rows[0].Version
		if _, err := w.SignApology(ctx, c.handler, form); fault.KindOf(err) != fault.Forbidden {
			t.Errorf("signed by the handler: %v", err)
		}
		form.Document, form.ActionID = "12/PXL-SXD", "ky-1"
		signed, err := w.SignApology(ctx, c.leader, form)
		if err != nil || signed.Deadline.Apology == nil || signed.Deadline.Apology.Late || signed.Deadline.DueOn != day(t, "2027-02-16") {
			t.Fatalf("signed: %+v, %v", signed.Deadline, err)
		}
		if again, err := w.SignApology(ctx, c.leader, form); err != nil || again.Version != signed.Version {
			t.Errorf("signed again under the same id: %v", err)
		}
		w.Drain(t)
		arrived := w.Mail.Arrived()
		if len(arrived) != 1 || !strings.Contains(arrived[0].Text, "xin lỗi") || !strings.Contains(arrived[0].Text, "19/02/2027") {
			t.Errorf("the applicant was told %+v", arrived)
		}
		wantTopics(t, w, c.counter, c.Code, notice.ApologySigned)
		slip, err := w.Slip(ctx, c.leader, c.Code, "apology")
		if err != nil || !strings.HasPrefix(string(slip.PDF), "%PDF") {
			t.Errorf("Mẫu 04: %d bytes, %v", len(slip.PDF), err)
		}
		if page, err = w.Apologies(ctx, c.leader, ""); err != nil || len(page.Rows) != 0 {
			t.Errorf("after signing: %+v, %v", page.Rows, err)
		}
		form.ActionID, form.Version = "ky-2", signed.Version
		if _, err := w.SignApology(ctx, c.leader, form); !fault.Is(err, "dossier.apologised_already") {
			t.Errorf("a second re-appointment: %v", err)
		}

		if r := climb(t, w, "2027-02-17 08:00"); r.Broken != 0 {
			t.Errorf("the first promise is broken, and was excused: %+v", r)
		}
		if !c.again().Overdue(w.Clock.Now()) {
			t.Error("lateness is measured against the new day")
		}
		climb(t, w, "2027-02-18 08:00")
		if r := climb(t, w, "2027-02-22 08:00"); r.Broken != 1 {
			t.Errorf("the new day has passed too: %+v", r)
		}
		if got := topics(t, w, director, c.Code); len(got) == 0 || got[0] != notice.ApologyBroken {
			t.Errorf("the centre was told %v", got)
		}
		if page, err = w.Apologies(ctx, c.leader, ""); err != nil || page.Unexcused != 0 {
			t.Errorf("%d without an apology, %v", page.Unexcused, err)
		}
	})
}

// A promise that is broken without an apology is told to everybody and counted,
// also where the program stood still while it came near; an apology is still
// possible and is late.
func TestBrokenWithoutApology(t *testing.T) {
	w := apptest.SQLite(t)
	ctx := t.Context()
	c := begin(t, w, 5).handled() // due 1 December 2026, over Ngày Văn hóa Việt Nam
	finished := begin(t, w, 5).handled().resolved()
	if r := climb(t, w, "2026-12-01 16:30"); r.Warned == 0 {
		t.Errorf("on the day itself: %+v", r)
	}
	wantTopics(t, w, finished.handler, finished.Code)
	late := begin(t, w, 5, func(f *app.ReceptionForm) { f.Owner.PersonalID = "999190000025" })
	if r := climb(t, w, "2026-12-02 08:00"); r.Broken != 1 {
		t.Errorf("the morning after: %+v", r)
	}
	for _, who := range []access.Actor{c.handler, c.leader, person(t, w, w.Centre().Code, access.Director)} {
		if got := topics(t, w, who, c.Code); len(got) == 0 || got[0] != notice.Unexcused {
			t.Errorf("%s was told %v", who.Name, got)
		}
	}
	if r := climb(t, w, "2027-01-11 08:00"); r.Broken != 1 || r.Warned != 0 || r.Asked != 0 {
		t.Errorf("after weeks without a run: %+v", r)
	}
	page, err := w.Apologies(ctx, person(t, w, w.Centre().Code, access.Director), "")
	if err != nil || len(page.Rows) != 2 || page.Rows[0].Code != c.Code || !page.Rows[0].Broken || !page.Rows[0].Late || page.Unexcused != 1 {
		t.Errorf("owed: %+v, %v", page, err)
	}
	if page.Rows[1].Code != late.Code || page.CanSign {
		t.Errorf("the centre's list: %+v", page)
	}
	bad := []struct {
		name string
		form app.ApologyForm
		key  string
	}{
		{"no reason", app.ApologyForm{NewDay: day(t, "2027-01-14")}, "dossier.reason_missing"},
		{"no day", app.ApologyForm{Reason: "x"}, "dossier.new_day_missing"},
		{"not later", app.ApologyForm{Reason: "x", NewDay: day(t, "2026-11-30")}, "dossier.new_day_early"},
		{"a Saturday", app.ApologyForm{Reason: "x", NewDay: day(t, "2027-01-16")}, "dossier.day_off"},
		{"a year that nobody knows", app.ApologyForm{Reason: "x", NewDay: day(t, "2031-01-16")}, "civil.year_unknown"},
		{"a very long reason", app.ApologyForm{Reason: strings.Repeat("x", 5000), NewDay: day(t, "2027-01-14")}, "dossier.too_long"},
	}
	for _, b := range bad {
		b.form.Code = c.Code
		if err := w.DraftApology(ctx, c.handler, b.form); !fault.Is(err, b.key) {
			t.Errorf("%s: %v, want %s", b.name, err, b.key)
		}
	}
	_, err = w.SignApology(ctx, c.leader, app.ApologyForm{Code: c.Code, Version: c.Version, Reason: "x", NewDay: day(t, "2027-01-16")})
	if f := fault.As(err); f == nil || f.Field != "newDay" {
		t.Errorf("signed for a Saturday: %v", err)
	}
	signed, err := w.SignApology(ctx, c.leader, app.ApologyForm{Code: c.Code, Version: c.Version, Reason: "Thiếu nhân lực", NewDay: day(t, "2027-01-14")})
	if err != nil || !signed.Deadline.Apology.Late {
		t.Errorf("signed after the breach: %+v, %v", signed.Deadline.Apology, err)
	}
	if _, err := w.Apologies(ctx, c.counter, ""); fault.KindOf(err) != fault.Forbidden {
		t.Errorf("listed at the counter: %v", err)
	}
	if err := w.DraftApology(ctx, c.counter, app.ApologyForm{Code: late.Code, Reason: "x", NewDay: day(t, "2027-01-14")}); fault.KindOf(err) != fault.Forbidden {
		t.Errorf("drafted at the counter: %v", err)
	}
	storetest.Verify(t, w.Store())
}

// A promise that a calendar change moves is warned of anew; one whose clock
// stands still is not warned of.
func TestLadderFollowsThePromise(t *testing.T) {
	w := apptest.SQLite(t)
	w.Clock.Set(on(t, "2026-12-07 09:00"))
	c := begin(t, w, 5).handled() // due 14 December
	climb(t, w, "2026-12-09 08:00")
	wantTopics(t, w, c.handler, c.Code, notice.DueSoon)
	if _, err := w.ApplyCalendar(t.Context(), access.Operator("test"), "", propose(t, w, storm(1, day(t, "2026-12-10"), day(t, "2026-12-11"), day(t, "2026-12-14"))).ID); err != nil {
		t.Fatal(err)
	}
	w.Drain(t)
	if got := c.again().Deadline.DueOn; got != day(t, "2026-12-17") {
		t.Fatalf("due %v", got)
	}
	if r := climb(t, w, "2026-12-09 16:00"); r.Warned > 1 {
		t.Errorf("the day before the storm: %+v", r)
	}
	climb(t, w, "2026-12-15 08:00")
	got := topics(t, w, c.handler, c.Code)
	if len(got) != 2 {
		t.Errorf("the handler was told %v, want one warning for each promise", got)
	}
	c.act(c.handler, dossier.Input{Act: dossier.RequestSupplement, Reason: "Thiếu", Items: []string{"x"}, LegalGround: "Luật chuyên ngành"})
	if r := climb(t, w, "2026-12-18 08:00"); r.Warned+r.Asked+r.Broken != 0 {
		t.Errorf("while the applicant is waited for: %+v", r)
	}
	storetest.Verify(t, w.Store())
}

// An unanswered request for papers is reminded of, expires by the rule set, and
// the applicant is told each time.
func TestSupplementExpires(t *testing.T) {
	w := apptest.SQLite(t)
	c := begin(t, w, 10).handled()
	c.act(c.handler, dossier.Input{Act: dossier.RequestSupplement, Reason: "Thiếu bản vẽ", Items: []string{"Bản vẽ"}})
	s, _ := c.OpenSupplement()
	if civil.DateOf(s.DueAt) != day(t, "2026-12-23") {
		t.Fatalf("answer by %v, want 30 days after 23 November", s.DueAt)
	}
	for _, step := range []struct {
		at                string
		reminded, expired int
	}{{"2026-12-15 09:00", 0, 0}, {"2026-12-16 09:00", 1, 0}, {"2026-12-22 09:00", 1, 0}, {"2026-12-23 16:00", 0, 0}, {"2026-12-24 08:00", 0, 1}, {"2026-12-25 08:00", 0, 0}} {
		if r := climb(t, w, step.at); r.Reminded != step.reminded || r.Expired != step.expired {
			t.Errorf("%s: %+v, want %d reminders and %d expired", step.at, r, step.reminded, step.expired)
		}
	}
	if d := c.again(); d.Status != dossier.Stopped {
		t.Errorf("status %v", d.Status)
	}
	w.Drain(t)
	if n := len(w.Mail.Arrived()); n != 4 {
		t.Errorf("%d messages, want the request, two reminders and the end", n)
	}
	storetest.Verify(t, w.Store())
}

// The ladder runs by itself, as a slot that any node takes.
func TestLadderRunsInTheBackground(t *testing.T) {
	w := apptest.SQLite(t)
	c := begin(t, w, 5).handled()
	w.Clock.Set(on(t, "2026-11-30 08:00"))
	w.Drain(t)
	if got := topics(t, w, c.handler, c.Code); len(got) == 0 {
		t.Error("nobody was warned")
	}
	n := len(topics(t, w, c.leader, c.Code))
	w.Clock.Add(time.Minute)
	w.Drain(t)
	if got := len(topics(t, w, c.leader, c.Code)); got != n {
		t.Errorf("warned again: %d notices, then %d", n, got)
	}
	storetest.Verify(t, w.Store())
}
