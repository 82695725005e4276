package app_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/motcua/motcua/internal/app"
	"github.com/motcua/motcua/internal/app/apptest"
	"github.com/motcua/motcua/internal/civildata"
	"github.com/motcua/motcua/internal/core/access"
	"github.com/motcua/motcua/internal/core/civil"
	"github.com/motcua/motcua/internal/core/dossier"
	"github.com/motcua/motcua/internal/core/fault"
	"github.com/motcua/motcua/internal/core/notice"
	"github.com/motcua/motcua/internal/data"
	"github.com/motcua/motcua/internal/i18n"
	"github.com/motcua/motcua/internal/job"
	"github.com/motcua/motcua/internal/store/storetest"
)

// storm is a change that makes days off of the given days.
func storm(base int, days ...civil.Date) app.CalendarForm {
	f := app.CalendarForm{Calendar: "default", Base: base, Document: "Công điện 15/CĐ-UBND", Reason: "nghỉ phòng chống bão số 15"}
	for _, d := range days {
		f.Days = append(f.Days, civil.Exception{Date: d, Kind: civil.Local, Name: "Nghỉ phòng chống bão"})
	}
	return f
}

func day(t *testing.T, text string) civil.Date {
	t.Helper()
	d, err := civil.ParseDate(text)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// kinds counts the events of a dossier by type.
func kinds(t *testing.T, w *apptest.World, who access.Actor, code string) map[string]int {
	t.Helper()
	list, err := w.Timeline(t.Context(), who, code)
	if err != nil {
		t.Fatal(err)
	}
	n := map[string]int{}
	for _, e := range list {
		n[e.Event]++
	}
	return n
}

// A storm closes the offices for a day: whoever was promised a day after it gets
// a later one, once, and is told; broken promises and those before it stay.
func TestStormDay(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		ctx := t.Context()
		control, director := person(t, w, w.Centre().Code, access.Control), person(t, w, w.Centre().Code, access.Director)
		broken := begin(t, w, 5).handled() // due Tuesday, 1 December; the 24th is a holiday
		if broken.Deadline.DueOn != day(t, "2026-12-01") {
			t.Fatalf("due %v", broken.Deadline.DueOn)
		}
		w.Clock.Set(on(t, "2026-12-07 09:00"))
		early, late := begin(t, w, 5).handled(), begin(t, w, 10).handled()
		if early.Deadline.DueOn != day(t, "2026-12-14") || late.Deadline.DueOn != day(t, "2026-12-21") {
			t.Fatalf("due %v and %v", early.Deadline.DueOn, late.Deadline.DueOn)
		}
		waiting := begin(t, w, 10).handled()
		waiting.act(waiting.handler, dossier.Input{Act: dossier.RequestSupplement, Reason: "Thiếu", Items: []string{"x"}})
		w.Drain(t)
		sent := len(w.Mail.Arrived())

		r, err := w.ProposeCalendar(ctx, control, storm(1, day(t, "2026-12-15")))
		if err != nil {
			t.Fatal(err)
		}
		v, err := w.Revision(ctx, control, r.ID, "")
		if err != nil || !v.Other || v.Refused != nil {
			t.Fatalf("Revision = %+v, %v", v, err)
		}
		if v.Preview.Moved != 1 || v.Preview.Later != 1 || len(v.Moves) != 1 || v.Moves[0].Code != late.Code || v.Moves[0].ToOn != day(t, "2026-12-22") || len(v.Added) != 1 || len(v.Changed) != 1 {
			t.Errorf("preview %+v, moves %+v, added %+v", v.Preview, v.Moves, v.Added)
		}
		if _, err := w.ApplyCalendar(ctx, control, "ap-dung-0", r.ID); !fault.Is(err, "calendar.second_person") {
			t.Errorf("applied by who proposed it: %v", err)
		}
		if got := late.again(); got.Deadline.DueOn != day(t, "2026-12-21") {
			t.Error("a proposal moved a promise")
		}
		form, startBy := late.Version, late.Tasks[0].StartBy // a form that an officer has open
		for range 2 {                                        // sent twice
			if _, err := w.ApplyCalendar(ctx, director, "ap-dung-1", r.ID); err != nil {
				t.Fatal(err)
			}
		}
		w.Drain(t)
		w.Clock.Add(time.Minute)
		w.Drain(t) // the second pass

		done, err := w.Revision(ctx, director, r.ID, "")
		if err != nil || done.State != civil.RevisionDone || done.Progress.Moved != 1 || done.Progress.Later != 1 || done.Decided != director.ID {
			t.Errorf("after: %+v, %v", done.Revision, err)
		}
		for _, c := range []struct {
			*course
			due    string
			events int
		}{{broken, "2026-12-01", 0}, {early, "2026-12-14", 0}, {late, "2026-12-22", 1}, {waiting, waiting.Deadline.DueOn.String(), 0}} {
			got := c.again()
			if n := kinds(t, w, c.handler, c.Code)["dossier.due_recomputed"]; got.Deadline.DueOn != day(t, c.due) || n != c.events {
				t.Errorf("%s: due %v with %d recomputations, want %s with %d", c.Code, got.Deadline.DueOn, n, c.due, c.events)
			}
		}
		if n, err := civildata.Default().WorkingMinutesBetween(startBy, on(t, "2026-12-21 09:00")); err != nil || n != workBefore(t, late.Tasks[0].StartBy, late.Deadline.DueAt) {
			t.Errorf("work had to begin %d minutes before the promise, %v; now by %v", n, err, late.Tasks[0].StartBy)
		}
		if got := late.Deadline; got.FirstDueOn != day(t, "2026-12-21") || got.Calendar != "default@2" {
			t.Errorf("deadline %+v", got)
		}
		arrived := w.Mail.Arrived()[sent:]
		if len(arrived) != 1 || !strings.Contains(arrived[0].Text, "từ 21/12/2026 sang 22/12/2026") || !strings.Contains(arrived[0].Text, "bão số 15") {
			t.Errorf("told %+v", arrived)
		}
		explained(t, w, late)
		d, err := w.Act(ctx, late.handler, app.ActInput{Code: late.Code, Input: dossier.Input{Act: dossier.Propose, Outcome: dossier.OutcomeApprove, Version: form}})
		if err != nil {
			t.Errorf("an open form conflicts with a clock that moved: %v", err)
		}
		late.Dossier = d
		waiting.act(waiting.counter, dossier.Input{Act: dossier.Supply})
		if waiting.Deadline.Calendar != "default@2" {
			t.Errorf("a clock that runs again counts by %s", waiting.Deadline.Calendar)
		}
		bell, err := w.Notices(ctx, control, "")
		if err != nil || bell.Unread != 1 || bell.Rows[0].Topic != notice.CalendarDone || bell.Rows[0].Args["later"] != "1" {
			t.Errorf("bell %+v, %v", bell, err)
		}
		if again := begin(t, w, 10); again.Deadline.Calendar != "default@2" || again.Deadline.DueOn != day(t, "2026-12-22") {
			t.Errorf("a new dossier: %+v", again.Deadline)
		}
	})
}

// workBefore counts the office minutes of the stormy calendar.
func workBefore(t *testing.T, from, to time.Time) int {
	t.Helper()
	c, err := civildata.Default().Derive(civil.Own{Days: storm(1, day(t, "2026-12-15")).Days})
	if err != nil {
		t.Fatal(err)
	}
	n, err := c.WorkingMinutesBetween(from, to)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// explained holds the officer's and the citizen's page to the calendar that the
// promise was counted by.
func explained(t *testing.T, w *apptest.World, c *course) {
	t.Helper()
	why, err := w.ExplainDeadline(t.Context(), c.handler, c.Code)
	if err != nil {
		t.Fatal(err)
	}
	text := strings.Join(i18n.Default().Lines(i18n.Vietnamese, why.Lines), "\n")
	if why.Derivation.DueOn != c.Deadline.DueOn || !strings.Contains(text, "15/12/2026") || !strings.Contains(text, "Nghỉ phòng chống bão") {
		t.Errorf("why: %s", text)
	}
	seen, err := w.Track(t.Context(), c.Code, c.secret)
	if err != nil || seen.DueOn != c.Deadline.DueOn || !slices.Equal(i18n.Default().Lines("vi", seen.Why), i18n.Default().Lines("vi", why.Lines)) {
		t.Errorf("the citizen reads %+v, %v", seen, err)
	}
}

// A promise goes on being explained by the calendar that it was counted by, also
// after later calendars.
func TestExplanationKeepsItsCalendar(t *testing.T) {
	w := apptest.SQLite(t)
	ctx := t.Context()
	c := begin(t, w, 5).handled() // due 1 December
	if _, err := w.ApplyCalendar(ctx, access.Operator("test"), "", propose(t, w, storm(1, day(t, "2026-11-30"))).ID); err != nil {
		t.Fatal(err)
	}
	w.Clock.Set(on(t, "2026-12-03 09:00")) // broken before the recomputation came
	w.Drain(t)
	if d := c.again(); d.Deadline.DueOn != day(t, "2026-12-01") || d.Deadline.Calendar != "default@1" {
		t.Fatalf("a broken promise moved: %+v", d.Deadline)
	}
	why, err := w.ExplainDeadline(ctx, c.handler, c.Code)
	if err != nil || why.Derivation.DueOn != day(t, "2026-12-01") {
		t.Errorf("explained as %v, %v", why.Derivation.DueOn, err)
	}
	storetest.Verify(t, w.Store())
}

func propose(t *testing.T, w *apptest.World, f app.CalendarForm) civil.Revision {
	t.Helper()
	r, err := w.ProposeCalendar(t.Context(), access.Operator("test"), f)
	if err != nil {
		t.Fatalf("propose: %v", err)
	}
	return r
}

// What contradicts itself, the past or the calendar in force is refused with
// every reason, and the calendar in force stays.
func TestBadCalendarsAreRefused(t *testing.T) {
	w := apptest.SQLite(t)
	ctx := t.Context()
	control := person(t, w, w.Centre().Code, access.Control)
	begin(t, w, 5)
	ex := func(date string, kind civil.DayKind, name string) civil.Exception {
		return civil.Exception{Date: day(t, date), Kind: kind, Name: name}
	}
	valid := storm(1, day(t, "2026-12-15"))
	with := func(change func(*app.CalendarForm)) app.CalendarForm {
		f := valid
		f.Days = slices.Clone(valid.Days)
		change(&f)
		return f
	}
	cases := []struct {
		name string
		form app.CalendarForm
		keys []string
	}{
		{"no document and no reason", with(func(f *app.CalendarForm) { f.Document, f.Reason = " ", "" }), []string{"calendar.document_missing", "calendar.reason_missing"}},
		{"several contradictions at once", with(func(f *app.CalendarForm) {
			f.Days = []civil.Exception{ex("2026-12-19", civil.Compensatory, "Nghỉ bù"), ex("2026-12-16", civil.SwapWork, "Làm bù"), ex("2026-12-17", civil.Local, ""), ex("2030-01-02", civil.Holiday, "Lễ")}
		}), []string{"civil.swap_not_rest", "civil.day_name", "civil.off_on_rest", "civil.year_unknown"}},
		{"the same day twice", with(func(f *app.CalendarForm) { f.Days = append(f.Days, f.Days[0]) }), []string{"civil.day_twice"}},
		{"a day that has passed", with(func(f *app.CalendarForm) { f.Days[0].Date = day(t, "2026-11-20") }), []string{"civil.day_past"}},
		{"hours that overlap", with(func(f *app.CalendarForm) { f.Hours = []civil.Interval{{From: 450, To: 700}, {From: 690, To: 1000}} }), []string{"civil.hours_overlap"}},
		{"an earlier version", with(func(f *app.CalendarForm) { f.Base = 0 }), []string{"calendar.changed_meanwhile"}},
		{"nothing new", with(func(f *app.CalendarForm) { f.Days = nil }), []string{"calendar.nothing_changes"}},
		{"an unknown unit", with(func(f *app.CalendarForm) { f.Calendar = "H99" }), []string{"agency.unit_unknown"}},
		{"a province's year for one unit", with(func(f *app.CalendarForm) { f.Calendar, f.Base, f.Propose = w.Centre().Code, 0, 2028 }), []string{"calendar.years_of_all"}},
		{"a holiday of one unit", with(func(f *app.CalendarForm) { f.Calendar, f.Base, f.Days[0].Kind = w.Centre().Code, 0, civil.Holiday }), []string{"civil.day_not_local"}},
		{"a provisional year over an official one", with(func(f *app.CalendarForm) { f.Propose = 2026 }), []string{"calendar.year_official"}},
		{"a year with a gap before it", with(func(f *app.CalendarForm) { f.Propose = 2029 }), []string{"civil.year_gap"}},
		{"a year that nobody can propose", with(func(f *app.CalendarForm) { f.Propose = 1900 }), []string{"civil.propose_year"}},
		{"a file that is none", with(func(f *app.CalendarForm) { f.Holidays = []byte("{") }), []string{"civil.holidays_form"}},
		{"a wrong weekday", with(func(f *app.CalendarForm) {
			f.Holidays = []byte(`{"years":[{"year":2027,"statute":"x","days_off":[{"date":"2027-01-01","weekday":"Thứ Năm","kind":"le","name":"Tết Dương lịch"}]}]}`)
		}), []string{"civil.day_weekday"}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			_, err := w.ProposeCalendar(ctx, control, c.form)
			var keys []string
			if f := fault.As(err); f != nil {
				for _, one := range f.Each() {
					keys = append(keys, one.Key)
					if words := i18n.Default(); !words.Has(one.Key) {
						t.Errorf("%s has no sentence", one.Key)
					}
				}
			}
			for _, want := range c.keys {
				if !slices.Contains(keys, want) {
					t.Errorf("refused for %v, %v; want %s", keys, err, want)
				}
			}
		})
	}
	if v, err := w.Calendar(ctx, control, "", 0); err != nil || v.Version != 1 || len(v.Revisions) != 0 {
		t.Errorf("the calendar in force is version %d with %d changes, %v", v.Version, len(v.Revisions), err)
	}
	counter := person(t, w, w.Centre().Code, access.Reception)
	if _, err := w.ProposeCalendar(ctx, counter, valid); fault.KindOf(err) != fault.Forbidden {
		t.Errorf("proposed at a counter: %v", err)
	}
	if _, err := w.Calendar(ctx, counter, "", 0); fault.KindOf(err) != fault.Forbidden {
		t.Errorf("read at a counter: %v", err)
	}
	if _, err := w.Calendar(ctx, control, "", 2040); !fault.Is(err, "civil.year_unknown") {
		t.Errorf("a year that nobody knows: %v", err)
	}
	storetest.Verify(t, w.Store())
}

// Two changes of one version: the second finds that the calendar has moved on; a
// withdrawn one cannot be put into force.
func TestChangesOfOneVersion(t *testing.T) {
	w := apptest.SQLite(t)
	ctx := t.Context()
	control, director := person(t, w, w.Centre().Code, access.Control), person(t, w, w.Centre().Code, access.Director)
	var ids []string
	for i, d := range []string{"2026-12-15", "2026-12-16", "2026-12-17"} {
		f := storm(1, day(t, d))
		f.ActionID = fmt.Sprint("de-nghi-", i)
		r, err := w.ProposeCalendar(ctx, control, f)
		if err != nil {
			t.Fatal(err)
		}
		ids = append(ids, r.ID)
	}
	if err := w.WithdrawCalendar(ctx, control, "rut-1", ids[2]); err != nil {
		t.Fatal(err)
	}
	if _, err := w.ApplyCalendar(ctx, director, "ap-1", ids[2]); !fault.Is(err, "calendar.decided") {
		t.Errorf("applied after it was withdrawn: %v", err)
	}
	if _, err := w.ApplyCalendar(ctx, director, "ap-2", ids[0]); err != nil {
		t.Fatal(err)
	}
	if _, err := w.ApplyCalendar(ctx, director, "ap-3", ids[1]); !fault.Is(err, "calendar.changed_meanwhile") {
		t.Errorf("applied on another version: %v", err)
	}
	v, err := w.Revision(ctx, director, ids[1], "")
	if err != nil || v.Refused == nil || v.Refused.Key != "calendar.changed_meanwhile" {
		t.Errorf("page of a change that came too late: %+v, %v", v.Refused, err)
	}
	if err := w.WithdrawCalendar(ctx, director, "rut-2", ids[0]); !fault.Is(err, "calendar.decided") {
		t.Errorf("withdrawn after it was applied: %v", err)
	}
	if _, err := w.Revision(ctx, director, "khong-co", ""); !fault.Is(err, "calendar.revision_unknown") {
		t.Errorf("an unknown change: %v", err)
	}
	late := propose(t, w, storm(2, day(t, "2026-11-25")))
	w.Clock.Set(on(t, "2026-11-26 09:00"))
	begin(t, w, 5)
	if _, err := w.ApplyCalendar(ctx, director, "ap-4", late.ID); !fault.Is(err, "civil.day_past") {
		t.Errorf("a day that has passed since it was proposed: %v", err)
	}
	storetest.Verify(t, w.Store())
}

// A unit of its own follows the province's calendar but for what is its own.
func TestCalendarOfAUnit(t *testing.T) {
	w := apptest.SQLite(t)
	ctx := t.Context()
	mine := begin(t, w, 10)
	other := elsewhere(t, w, mine.Agency, 5)
	own := storm(0, day(t, "2026-12-01"))
	own.Calendar = mine.Agency
	r := propose(t, w, own)
	if v, err := w.Revision(ctx, person(t, w, w.Centre().Code, access.Director), r.ID, ""); err != nil || !slices.ContainsFunc(v.Moves, func(m app.PromiseMove) bool { return m.Code == mine.Code }) || slices.ContainsFunc(v.Moves, func(m app.PromiseMove) bool { return m.Code == other.Code }) {
		t.Errorf("preview %+v %+v, %v", v.Preview, v.Moves, err)
	}
	operator := access.Operator("test")
	if _, err := w.ApplyCalendar(ctx, operator, "", r.ID); err != nil {
		t.Fatal(err)
	}
	w.Drain(t)
	if d := mine.again(); d.Deadline.DueOn != day(t, "2026-12-09") || d.Deadline.Calendar != mine.Agency+"@1+default@1" {
		t.Errorf("the unit's: %v by %s", d.Deadline.DueOn, d.Deadline.Calendar)
	}
	if d := other.again(); d.Deadline.DueOn != day(t, "2026-12-01") {
		t.Errorf("another unit's moved to %v", d.Deadline.DueOn)
	}
	if _, err := w.ApplyCalendar(ctx, operator, "", propose(t, w, storm(1, day(t, "2026-12-01"), day(t, "2026-11-27"))).ID); err != nil {
		t.Fatal(err)
	}
	w.Drain(t)
	if d := mine.again(); d.Deadline.DueOn != day(t, "2026-12-10") || d.Deadline.Calendar != mine.Agency+"@1+default@2" {
		t.Errorf("the unit's after the province's: %v by %s", d.Deadline.DueOn, d.Deadline.Calendar)
	}
	if d := other.again(); d.Deadline.DueOn != day(t, "2026-12-03") {
		t.Errorf("another unit's: %v", d.Deadline.DueOn)
	}
	why, err := w.ExplainDeadline(ctx, mine.counter, mine.Code)
	if err != nil || why.Derivation.DueOn != mine.Deadline.DueOn {
		t.Errorf("explained as %v, %v", why.Derivation.DueOn, err)
	}
	v, err := w.Calendar(ctx, person(t, w, w.Centre().Code, access.Control), mine.Agency, 2026)
	if err != nil || !v.Own || v.Version != 1 || len(v.Calendars) != 1 || len(v.Months) != 12 {
		t.Errorf("page of the unit's calendar: %+v, %v", v, err)
	}
	storetest.Verify(t, w.Store())
}

// elsewhere receives a dossier of so many working days of another agency.
func elsewhere(t *testing.T, w *apptest.World, not string, days int) *course {
	t.Helper()
	all, err := w.ReceivableBy()
	if err != nil {
		t.Fatal(err)
	}
	tried := map[string]bool{}
	for _, p := range all {
		key := p.AgencyOn("2026-11-23")
		if tried[key] || p.Unit != w.Centre().Code || len(p.Cases) != 1 || p.Cases[0].Limit == nil || p.Cases[0].Limit.Unit != "ngay_lam_viec" || p.Cases[0].Limit.Value != days {
			continue
		}
		tried[key] = true
		if c := begin(t, w, days, func(f *app.ReceptionForm) { *f = form(p) }); c.Agency != not {
			return c
		}
	}
	t.Fatalf("no procedure of %d working days of another agency", days)
	return nil
}

// The official schedule of the next year replaces the provisional one: promises
// that crossed it lose their mark, and those that it moves get their new day.
func TestOfficialYear(t *testing.T) {
	w := apptest.SQLite(t)
	ctx := t.Context()
	w.Clock.Set(on(t, "2026-12-28 09:00"))
	over, within := begin(t, w, 30), begin(t, w, 5)
	if !over.Deadline.Provisional || !within.Deadline.Provisional {
		t.Fatalf("%+v", over.Deadline)
	}
	file := official2027(t, 8)
	report, err := w.ImportHolidays(ctx, access.Operator("import"), bytes.NewReader(file), app.ImportOptions{DryRun: true})
	if err != nil || report.Updated != 1 || len(report.Rejected) != 0 {
		t.Fatalf("dry run %+v, %v", report, err)
	}
	if d := over.again(); !d.Deadline.Provisional {
		t.Error("a dry run changed the calendar")
	}
	report, err = w.ImportHolidays(ctx, access.Operator("import"), bytes.NewReader(file), app.ImportOptions{})
	if err != nil || report.Read != report.Created+report.Updated+report.Unchanged {
		t.Fatalf("import %+v, %v", report, err)
	}
	w.Drain(t)
	before := over.Deadline.DueOn
	if d := over.again(); d.Deadline.Provisional || !d.Deadline.DueOn.After(before) {
		t.Errorf("over Tết: %+v, before %v", d.Deadline, before)
	}
	before = within.Deadline.DueOn
	if d := within.again(); d.Deadline.Provisional || d.Deadline.DueOn != before {
		t.Errorf("before Tết: %+v, before %v", d.Deadline, before)
	}
	if n := len(w.Mail.Arrived()); n != 1 {
		t.Errorf("%d applicants told, want the one whose day is later", n)
	}
	again, err := w.ImportHolidays(ctx, access.Operator("import"), bytes.NewReader(file), app.ImportOptions{})
	if err != nil || again.Created+again.Updated != 0 || again.Unchanged != report.Read {
		t.Errorf("imported again: %+v, %v", again, err)
	}
	bad := bytes.Replace(file, []byte(`"Thứ Sáu"`), []byte(`"Chủ Nhật"`), 1)
	refused, err := w.ImportHolidays(ctx, access.Operator("import"), bytes.NewReader(bad), app.ImportOptions{})
	if err != nil || len(refused.Rejected) != 1 || refused.Rejected[0].Record != "2027-01-01" || refused.Rejected[0].Reason != "civil.day_weekday" {
		t.Errorf("a wrong weekday: %+v, %v", refused, err)
	}
	if _, err := w.ImportHolidays(ctx, over.counter, bytes.NewReader(file), app.ImportOptions{}); fault.KindOf(err) != fault.Forbidden {
		t.Errorf("imported at a counter: %v", err)
	}
	storetest.Verify(t, w.Store())
}

// official2027 is an invented official schedule of 2027 with so many days of Tết.
func official2027(t *testing.T, tet int) []byte {
	t.Helper()
	weekdays := [7]string{"Chủ Nhật", "Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu", "Thứ Bảy"}
	var days []string
	add := func(d civil.Date, kind, name string) {
		days = append(days, fmt.Sprintf(`{"date":%q,"weekday":%q,"kind":%q,"name":%q}`, d, weekdays[d.Weekday()], kind, name))
	}
	add(civil.NewDate(2027, 1, 1), "le", "Tết Dương lịch")
	for i := range tet {
		d := civil.NewDate(2027, 2, 4).AddDays(i)
		add(d, "tet", "Tết Nguyên đán")
	}
	add(civil.NewDate(2027, 4, 16), "le", "Giỗ Tổ Hùng Vương")
	add(civil.NewDate(2027, 4, 30), "le", "Ngày Chiến thắng")
	add(civil.NewDate(2027, 9, 2), "le", "Quốc khánh")
	return []byte(`{"years":[{"year":2027,"statute":"Bộ luật Lao động","notices":["Thông báo 1/TB"],"days_off":[` + strings.Join(days, ",") + `]}]}`)
}

// The built-in file is what the installation has: importing it changes nothing.
func TestImportOfTheBuiltInHolidays(t *testing.T) {
	w := apptest.SQLite(t)
	f, err := data.Open(data.Holidays)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	r, err := w.ImportHolidays(t.Context(), access.Operator("import"), f, app.ImportOptions{})
	if err != nil || r.Read == 0 || r.Unchanged != r.Read {
		t.Errorf("%+v, %v", r, err)
	}
}

// A recomputation that is killed goes on where it was, and no promise gets a
// second event.
func TestRecomputationSurvivesARestart(t *testing.T) {
	w := apptest.SQLite(t)
	ctx := t.Context()
	const n = 1200
	apptest.Fill(t, w, n)
	r := propose(t, w, storm(1, day(t, "2026-11-25")))
	if _, err := w.ApplyCalendar(ctx, access.Operator("test"), "", r.ID); err != nil {
		t.Fatal(err)
	}
	// One part is let through, then the program dies.
	dying, kill := context.WithCancel(ctx)
	position := w.Store().Watch(dying)
	start := <-position
	go func() {
		for p := range position {
			if p > start {
				kill()
			}
		}
	}()
	runner := job.New(w.Store(), w.Log, job.Options{Clock: w.Clock.Now})
	w.Work(runner)
	if _, err := runner.Drain(dying); err != nil && !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
	kill()
	half, err := w.Revision(ctx, access.Operator("test"), r.ID, "")
	if err != nil || half.State != civil.RevisionApplied || half.Progress.Seen == 0 || half.Progress.Seen >= n || half.Progress.Total != n {
		t.Fatalf("half way: %+v, %v", half.Revision, err)
	}
	w.Clock.Add(time.Hour)
	w.Drain(t)
	w.Clock.Add(time.Hour)
	w.Drain(t)
	done, err := w.Revision(ctx, access.Operator("test"), r.ID, "")
	if err != nil || done.State != civil.RevisionDone || done.Progress.Seen != n || done.Progress.Moved != n {
		t.Errorf("done: %+v, %v", done.Revision, err)
	}
	var events, streams int
	if err := w.Store().QueryRow(ctx, `SELECT count(*), count(DISTINCT stream) FROM journal WHERE type = 'dossier.due_recomputed'`).Scan(&events, &streams); err != nil || events != n || streams != n {
		t.Errorf("%d events in %d streams, want %d, %v", events, streams, n, err)
	}
	storetest.Verify(t, w.Store())
}

// BenchmarkRecompute measures a calendar change over many open dossiers, from
// applying it to the last event and message. MOTCUA_BENCH_DOSSIERS says how many
// there are; 2,000 otherwise.
func BenchmarkRecompute(b *testing.B) {
	n := 2000
	if text := os.Getenv("MOTCUA_BENCH_DOSSIERS"); text != "" {
		if _, err := fmt.Sscan(text, &n); err != nil {
			b.Fatal(err)
		}
	}
	w := apptest.SQLite(b)
	apptest.Fill(b, w, n)
	operator := access.Operator("bench")
	d := civil.NewDate(2026, 11, 25)
	for i := 0; b.Loop(); i++ {
		f := app.CalendarForm{Calendar: "default", Base: i + 1, Document: "x", Reason: "x"}
		if i%2 == 0 {
			f.Days = []civil.Exception{{Date: d, Kind: civil.Local, Name: "Nghỉ bão"}}
		} else {
			f.Remove = []civil.Date{d}
		}
		r, err := w.ProposeCalendar(b.Context(), operator, f)
		if err != nil {
			b.Fatal(err)
		}
		began := time.Now()
		v, err := w.Revision(b.Context(), operator, r.ID, "")
		if err != nil || v.Preview.Moved != n {
			b.Fatalf("preview %+v, %v", v.Preview, err)
		}
		b.ReportMetric(time.Since(began).Seconds(), "preview-s")
		if _, err := w.ApplyCalendar(b.Context(), operator, "", r.ID); err != nil {
			b.Fatal(err)
		}
		began = time.Now()
		used := cpu(b)
		if err := w.RunRecompute(b.Context(), r.ID); err != nil {
			b.Fatal(err)
		}
		b.ReportMetric((cpu(b) - used).Seconds(), "recompute-cpu-s")
		if done, err := w.Revision(b.Context(), operator, r.ID, ""); err != nil || done.State != civil.RevisionDone || done.Progress.Moved != n {
			b.Fatalf("done %+v, %v", done.Revision, err)
		}
		b.ReportMetric(time.Since(began).Seconds(), "recompute-s")
		b.ReportMetric(float64(n)/time.Since(began).Seconds(), "dossiers/s")
	}
}

// cpu is the processor time that the program has used: on a busy machine it says
// more than the clock.
func cpu(b *testing.B) time.Duration {
	b.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
