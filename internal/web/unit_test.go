package web

import (
	"net/http/httptest"
	"testing"
	"time"

	"github.com/motcua/motcua/internal/app"
	"github.com/motcua/motcua/internal/civildata"
	"github.com/motcua/motcua/internal/core/civil"
	"github.com/motcua/motcua/internal/core/dossier"
	"github.com/motcua/motcua/internal/core/procedure"
)

// countOf and queryOf keep the page tests short.
type countOf = procedure.Count

func queryOf(most int) procedure.Query { return procedure.Query{Most: most} }

func at(text string) time.Time {
	t, err := time.ParseInLocation("2006-01-02 15:04", text, civil.Zone)
	if err != nil {
		panic(err)
	}
	return t
}

func TestPillOf(t *testing.T) {
	now := at("2026-11-24 09:42")
	end := at("2026-11-23 16:00")
	facts := func(due string, change func(*app.DueFacts)) app.DueFacts {
		f := app.DueFacts{StartAt: at("2026-11-10 08:00"), DueAt: at(due), Status: dossier.Processing}
		f.DueOn = civil.DateOf(f.DueAt)
		if change != nil {
			change(&f)
		}
		return f
	}
	hours := func(f *app.DueFacts) { f.ByHour = true }
	status := func(s dossier.Status) func(*app.DueFacts) { return func(f *app.DueFacts) { f.Status = s } }
	done := func(f *app.DueFacts) { f.FinishedAt, f.Status = &end, dossier.Resolved }
	for _, tt := range []struct {
		name string
		in   app.DueFacts
		tone string
		key  string
		n    int
	}{
		{"weeks ahead", facts("2026-12-10 08:00", nil), "ok", "desk.due.left_days", 16},
		{"soon", facts("2026-11-26 08:00", nil), "warn", "desk.due.left_days", 2},
		{"today, though the hour is past", facts("2026-11-24 08:00", nil), "warn", "desk.due.today", 0},
		{"yesterday", facts("2026-11-23 17:00", nil), "late", "desk.due.late_days", 1},
		{"hours left", facts("2026-11-24 11:00", hours), "warn", "desk.due.left_hours", 2},
		{"hours late", facts("2026-11-24 08:00", hours), "late", "desk.due.late_hours", 2},
		{"waits for papers", facts("2026-11-20 08:00", status(dossier.SupplementRequired)), "wait", "desk.due.waits_supplement", 0},
		{"waits for money", facts("2026-11-20 08:00", status(dossier.FinancialObligation)), "wait", "desk.due.waits_obligation", 0},
		{"withdrawn", facts("2026-11-20 08:00", status(dossier.Withdrawn)), "wait", "desk.due.ended", 0},
		{"done early", facts("2026-11-25 08:00", done), "done", "desk.due.done_early", 0},
		{"done on the day", facts("2026-11-23 08:00", done), "done", "desk.due.done_on_time", 0},
		{"done late", facts("2026-11-20 08:00", done), "late", "desk.due.done_late", 0},
		{"no promise", app.DueFacts{Status: dossier.Registered}, "wait", "desk.due.none", 0},
	} {
		got := pillOf(tt.in, now)
		if got.Tone != tt.tone || got.Key != tt.key || got.N != tt.n || got.Icon == "" {
			t.Errorf("%s: %+v, want %s %s %d", tt.name, got, tt.tone, tt.key, tt.n)
		}
	}
}

func TestElapsed(t *testing.T) {
	start, due := at("2026-11-10 08:00"), at("2026-11-20 08:00")
	for _, tt := range []struct {
		now  string
		want int
	}{{"2026-11-10 08:00", 0}, {"2026-11-15 08:00", 50}, {"2026-11-20 08:00", 100}, {"2026-12-01 08:00", 100}, {"2026-11-01 08:00", 0}} {
		if got := elapsed(start, due, at(tt.now)); got != tt.want {
			t.Errorf("elapsed at %s = %d, want %d", tt.now, got, tt.want)
		}
	}
	if got := elapsed(time.Time{}, due, start); got != -1 {
		t.Errorf("elapsed without start = %d", got)
	}
}

func TestLocalPath(t *testing.T) {
	for _, tt := range []struct{ in, want string }{
		{"/nghiep-vu", "/nghiep-vu"}, {"/nghiep-vu?nhom=qua-han", "/nghiep-vu?nhom=qua-han"}, {"/quan-tri/nhan-su", "/quan-tri/nhan-su"},
		{"//xau.example/nghiep-vu", ""}, {"https://xau.example", ""}, {"/nghiep-vuong", ""}, {"/nghiep-vu\\@xau.example", ""}, {"/", ""}, {"", ""},
		{"/nghiep-vu/\r\nSet-Cookie: a=b", ""},
	} {
		if got := localPath(tt.in); got != tt.want {
			t.Errorf("localPath(%q) = %q, want %q", tt.in, got, tt.want)
		}
	}
}

func TestWithQuery(t *testing.T) {
	for _, tt := range []struct {
		path  string
		pairs []string
		want  string
	}{
		{"/a", nil, "/a"}, {"/a?x=1", []string{"x", ""}, "/a"}, {"/a?x=1", []string{"x", "2", "y", "đ"}, "/a?x=2&y=%C4%91"},
		{"/a?x=%zz", []string{"y", "1"}, "/a?y=1"},
	} {
		if got := withQuery(tt.path, tt.pairs...); got != tt.want {
			t.Errorf("withQuery(%q, %q) = %q, want %q", tt.path, tt.pairs, got, tt.want)
		}
	}
}

func TestSmallWords(t *testing.T) {
	for _, tt := range []struct{ name, got, want string }{
		{"initials of a long name", initials("Nguyễn Thị Thanh Thủy"), "TT"}, {"initials of one word", initials("đức"), "Đ"},
		{"initials of nobody", initials(""), ""}, {"capital of an accented letter", capital("ở tầng 1"), "Ở tầng 1"},
		{"capital of nothing", capital(""), ""}, {"field id", fieldID("papers.p 1/x"), "papers-p-1-x"},
	} {
		if tt.got != tt.want {
			t.Errorf("%s = %q, want %q", tt.name, tt.got, tt.want)
		}
	}
}

func TestChartScale(t *testing.T) {
	for _, tt := range []struct{ n, want int }{{1, 1}, {3, 5}, {5, 5}, {6, 10}, {11, 20}, {126, 200}, {999, 1000}} {
		if got := roundUp(tt.n); got != tt.want {
			t.Errorf("roundUp(%d) = %d, want %d", tt.n, got, tt.want)
		}
	}
	if chartOf(make([]app.DayFigures, 1)) != nil {
		t.Error("one day makes no chart")
	}
}

func TestAgencyLineNeverRoundsUp(t *testing.T) {
	for _, tt := range []struct {
		inTime, finished, want int
		tone                   string
	}{{999, 1000, 999, "ok"}, {1999, 2000, 999, "ok"}, {2000, 2000, 1000, "ok"}, {97, 100, 970, "warn"}, {1, 3, 333, "late"}} {
		got := agencyLineOf(app.AgencyFigures{InTime: tt.inTime, Finished: tt.finished})
		if got.PerMille != tt.want || got.Tone != tt.tone {
			t.Errorf("%d of %d = %d %s, want %d %s", tt.inTime, tt.finished, got.PerMille, got.Tone, tt.want, tt.tone)
		}
	}
}

func TestFeeSummaryNeverGuessesFree(t *testing.T) {
	p := &procedure.Procedure{Fees: []procedure.Fee{{AmountVND: 50_000}, {AmountVND: 150_000}}}
	free := &procedure.Procedure{Fees: []procedure.Fee{{Kind: procedure.Free}}}
	for _, tt := range []struct {
		name string
		p    *procedure.Procedure
		ok   bool
		want string
	}{
		{"free in the source, not confirmed", free, false, "procedure.fee.schedule"}, {"free and confirmed", free, true, "procedure.fee.free"},
		{"amounts", p, false, "portal.fee.from"}, {"one amount", &procedure.Procedure{Fees: p.Fees[:1]}, false, "portal.fee.one"},
		{"dollars", &procedure.Procedure{Fees: []procedure.Fee{{Foreign: 25, Currency: "USD"}}}, false, "portal.fee.see"},
	} {
		if got := feeSummary(tt.p, tt.p.FeeState(tt.ok)); got.Key != tt.want {
			t.Errorf("%s: %s, want %s", tt.name, got.Key, tt.want)
		}
	}
}

func TestSeekQueryReadsOnlyNumbers(t *testing.T) {
	for _, tt := range []struct {
		target string
		want   int
	}{{"/thu-tuc?q=a&tu=30", 30}, {"/thu-tuc?q=a&tu=-5", 0}, {"/thu-tuc?q=a&tu=x", 0}} {
		if got := seekQuery(httptest.NewRequest("GET", tt.target, nil)).Offset; got != tt.want {
			t.Errorf("%s begins at %d, want %d", tt.target, got, tt.want)
		}
	}
}

// Each run of the clock lists its days up to the stop that ended it.
func TestRunsOfAStoppedClock(t *testing.T) {
	cal := civildata.Default()
	day := func(month time.Month, d, hour int) time.Time {
		return civil.NewDate(2026, month, d).At(civil.TimeOfDay(hour * 60))
	}
	d, err := civil.Due(cal, civil.DueInput{ReceivedAt: day(11, 20, 9), Limit: civil.Limit{Value: 5, Unit: civil.WorkingDays}, Stops: []civil.Stop{
		{FromAt: day(11, 25, 9), ToAt: day(12, 1, 9), Kind: civil.StopSupplement},
	}})
	if err != nil {
		t.Fatal(err)
	}
	runs := runsOf(d)
	if len(runs) != 2 || runs[0].N != 1 || runs[1].N != 2 {
		t.Fatalf("runs %+v", runs)
	}
	last := runs[0].Days[len(runs[0].Days)-1]
	if last.Date != civil.NewDate(2026, 11, 25) || !last.Counted || last.N != 2 || len(runs[0].Days) != 5 { // 21 and 22 weekend, 24 a holiday
		t.Errorf("the first run ends with %+v of %+v", last, runs[0].Days)
	}
	if end := runs[1].Days[len(runs[1].Days)-1]; end.N != 3 || end.Date != d.DueOn {
		t.Errorf("the second run ends with %+v, due %v", end, d.DueOn)
	}
	if one := runsOf(civil.Derivation{}); one != nil {
		t.Errorf("no clock gives %+v", one)
	}
}
