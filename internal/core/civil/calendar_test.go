package civil_test

import (
	"strings"
	"testing"
	"time"

	"github.com/motcua/motcua/internal/civildata"
	"github.com/motcua/motcua/internal/core/civil"
)

// year2026 is a small calendar of one year for contradictions.
func year2026(days ...civil.Exception) civil.Spec {
	return civil.Spec{
		Week: civil.DefaultWeek(), Hours: civil.DefaultHours(),
		Years: []civil.Year{{Year: 2026, Status: civil.OfficialYear}}, Days: days,
	}
}

func calendar(t testing.TB, s civil.Spec) *civil.Calendar {
	t.Helper()
	c, err := civil.NewCalendar(s)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestAddWorkingDays(t *testing.T) {
	cal := civildata.Default()
	for _, tt := range []struct {
		name, from string
		n          int
		want       string
	}{
		{"day of receipt is not counted", "2026-06-01", 1, "2026-06-02"},
		{"weekend is skipped", "2026-06-05", 1, "2026-06-08"},
		{"from a Saturday", "2026-06-06", 1, "2026-06-08"},
		{"from a Sunday", "2026-06-07", 1, "2026-06-08"},
		{"holidays and the swapped Monday are skipped", "2026-08-28", 2, "2026-09-04"},
		{"worked Saturday counts", "2026-08-21", 1, "2026-08-22"},
		{"over Tết", "2026-02-13", 1, "2026-02-23"},
		{"into the provisional year", "2026-12-31", 1, "2027-01-04"},
		{"the first covered day", "2018-01-01", 1, "2018-01-02"},
		{"250 days", "2025-11-24", 250, "2026-11-25"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, err := cal.AddWorkingDays(on(t, tt.from), tt.n)
			if err != nil || got.String() != tt.want {
				t.Errorf("AddWorkingDays(%s, %d) = %v, %v, want %s", tt.from, tt.n, got, err, tt.want)
			}
		})
	}
	_, err := cal.AddWorkingDays(on(t, "2027-12-30"), 5)
	wantKey(t, err, "civil.year_unknown")
	if !strings.Contains(err.Error(), "2028") {
		t.Errorf("error %v does not name 2028", err)
	}
	_, err = cal.AddWorkingDays(on(t, "2017-12-30"), 5)
	wantKey(t, err, "civil.year_unknown")
	if !strings.Contains(err.Error(), "2017") {
		t.Errorf("error %v does not name 2017", err)
	}
	for _, n := range []int{0, -1} {
		_, err = cal.AddWorkingDays(on(t, "2026-06-01"), n)
		wantKey(t, err, "civil.limit_negative")
	}
}

func TestSubWorkingDays(t *testing.T) {
	cal := civildata.Default()
	for _, tt := range []struct {
		name, from string
		n          int
		want       string
	}{
		{"the day before", "2026-06-02", 1, "2026-06-01"},
		{"over the weekend", "2026-06-08", 1, "2026-06-05"},
		{"from a Sunday", "2026-06-07", 1, "2026-06-05"},
		{"over Tết", "2026-02-23", 1, "2026-02-13"},
		{"to a worked Saturday", "2026-08-24", 1, "2026-08-22"},
		{"to the first working day of all", "2018-01-03", 1, "2018-01-02"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, err := cal.SubWorkingDays(on(t, tt.from), tt.n)
			if err != nil || got.String() != tt.want {
				t.Errorf("SubWorkingDays(%s, %d) = %v, %v, want %s", tt.from, tt.n, got, err, tt.want)
			}
		})
	}
	for _, from := range []string{"2018-01-01", "2018-01-02", "2017-06-01"} {
		_, err := cal.SubWorkingDays(on(t, from), 1)
		wantKey(t, err, "civil.year_unknown")
		if !strings.Contains(err.Error(), "2017") {
			t.Errorf("error %v does not name 2017", err)
		}
	}
	_, err := cal.SubWorkingDays(on(t, "2026-06-02"), 0)
	wantKey(t, err, "civil.limit_negative")
}

func TestWorkingDaysBetween(t *testing.T) {
	cal := civildata.Default()
	for _, tt := range []struct {
		from, to string
		want     int
	}{
		{"2026-06-01", "2026-06-01", 0}, {"2026-06-01", "2026-06-08", 5}, {"2026-06-08", "2026-06-01", -5},
		{"2026-06-05", "2026-06-07", 0}, {"2026-02-13", "2026-02-23", 1}, {"2018-01-01", "2018-01-02", 1},
	} {
		got, err := cal.WorkingDaysBetween(on(t, tt.from), on(t, tt.to))
		if err != nil || got != tt.want {
			t.Errorf("WorkingDaysBetween(%s, %s) = %d, %v, want %d", tt.from, tt.to, got, err, tt.want)
		}
	}
	for _, days := range [][2]string{{"2017-12-31", "2026-01-01"}, {"2026-01-01", "2028-01-01"}} {
		_, err := cal.WorkingDaysBetween(on(t, days[0]), on(t, days[1]))
		wantKey(t, err, "civil.year_unknown")
	}
}

func TestWorkingDaysOfACalendar(t *testing.T) {
	cal := civildata.Default()
	for day, want := range map[string]bool{
		"2026-11-23": true, "2026-11-24": false, "2026-11-28": false, "2026-11-29": false, "2026-08-22": true, "2018-01-01": false, "2018-01-02": true,
	} {
		got, err := cal.IsWorking(on(t, day))
		if err != nil || got != want {
			t.Errorf("IsWorking(%s) = %v, %v, want %v", day, got, err, want)
		}
	}
	_, err := cal.IsWorking(on(t, "2030-01-01"))
	wantKey(t, err, "civil.year_unknown")
	for day, want := range map[string]string{"2026-11-23": "2026-11-23", "2026-11-24": "2026-11-25", "2026-11-28": "2026-11-30"} {
		got, err := cal.NextWorking(on(t, day))
		if err != nil || got.String() != want {
			t.Errorf("NextWorking(%s) = %v, %v, want %s", day, got, err, want)
		}
	}
	_, err = cal.NextWorking(on(t, "2030-01-01"))
	wantKey(t, err, "civil.year_unknown")
	// A calendar whose first day is worked.
	monday := year2026()
	monday.Years[0].Year = 2024
	if works, err := calendar(t, monday).IsWorking(on(t, "2024-01-01")); err != nil || !works {
		t.Errorf("the first day: %v, %v, want worked", works, err)
	}
}

func TestExceptionAndYear(t *testing.T) {
	cal := civildata.Default()
	e, ok := cal.Exception(on(t, "2026-11-24"))
	if !ok || e.Name != "Ngày Văn hóa Việt Nam" || e.Kind != civil.Holiday || !strings.Contains(e.LegalRef, "28/2026/QH16") {
		t.Errorf("Exception = %v, %v", e, ok)
	}
	if e, ok := cal.Exception(on(t, "2018-01-01")); !ok || e.Kind != civil.Holiday { // the first of all
		t.Errorf("Exception = %v, %v", e, ok)
	}
	for _, day := range []string{"2026-11-23", "2030-01-01"} {
		if e, ok := cal.Exception(on(t, day)); ok {
			t.Errorf("Exception(%s) = %v", day, e)
		}
	}
	for year, want := range map[int]civil.YearStatus{2018: civil.OfficialYear, 2026: civil.OfficialYear, 2027: civil.ProvisionalYear} {
		y, err := cal.Year(year)
		if err != nil || y.Status != want || y.Year != year {
			t.Errorf("Year(%d) = %v, %v, want %s", year, y, err, want)
		}
	}
	for _, year := range []int{2017, 2028} {
		_, err := cal.Year(year)
		wantKey(t, err, "civil.year_unknown")
	}
}

// Who reads a calendar's data cannot change the calendar.
func TestSpecIsACopy(t *testing.T) {
	spec := year2026(civil.Exception{Date: on(t, "2026-01-01"), Kind: civil.Holiday, Name: "Tết Dương lịch"})
	spec.Saturday = &civil.Interval{From: 450, To: 690}
	cal := calendar(t, spec)
	got := cal.Spec()
	got.Days[0].Name, got.Hours[0].From, got.Week[0], got.Years[0].Year, got.Saturday.From = "x", 0, 0, 1, 0
	spec.Days[0].Name = "y"
	again := cal.Spec()
	if again.Days[0].Name != "Tết Dương lịch" || again.Hours[0].From != 450 || again.Week[0] != time.Monday || again.Years[0].Year != 2026 || again.Saturday.From != 450 {
		t.Errorf("the calendar changed: %v", again)
	}
}

func TestContradictoryCalendars(t *testing.T) {
	day := func(date string, kind civil.DayKind) civil.Exception {
		return civil.Exception{Date: on(t, date), Kind: kind, Name: "x"}
	}
	swap := day("2026-08-22", civil.SwapWork)
	swap.Replaces = on(t, "2026-08-31")
	stray := day("2026-09-02", civil.Holiday)
	stray.Replaces = on(t, "2026-09-05")
	nameless := day("2026-09-02", civil.Holiday)
	nameless.Name = ""
	with := func(change func(*civil.Spec)) civil.Spec {
		s := year2026()
		change(&s)
		return s
	}
	for name, tt := range map[string]struct {
		spec civil.Spec
		key  string
	}{
		"no hours":              {with(func(s *civil.Spec) { s.Hours = nil }), "civil.hours_missing"},
		"hours overlap":         {with(func(s *civil.Spec) { s.Hours = []civil.Interval{{From: 450, To: 700}, {From: 690, To: 1020}} }), "civil.hours_overlap"},
		"hours before midnight": {with(func(s *civil.Spec) { s.Hours = []civil.Interval{{From: -1, To: 700}} }), "civil.hours_order"},
		"hours after midnight":  {with(func(s *civil.Spec) { s.Hours = []civil.Interval{{From: 450, To: 1441}} }), "civil.hours_order"},
		"hours backwards":       {with(func(s *civil.Spec) { s.Hours = []civil.Interval{{From: 450, To: 450}} }), "civil.hours_order"},
		"no weekdays":           {with(func(s *civil.Spec) { s.Week = nil }), "civil.week_empty"},
		"a weekday twice":       {with(func(s *civil.Spec) { s.Week = []time.Weekday{1, 2, 1} }), "civil.week_day"},
		"weekday 7":             {with(func(s *civil.Spec) { s.Week = []time.Weekday{7} }), "civil.week_day"},
		"weekday -1":            {with(func(s *civil.Spec) { s.Week = []time.Weekday{-1} }), "civil.week_day"},
		"Saturday both": {with(func(s *civil.Spec) {
			s.Week, s.Saturday = []time.Weekday{1, 6}, &civil.Interval{From: 450, To: 690}
		}), "civil.saturday_worked"},
		"Saturday backwards":      {with(func(s *civil.Spec) { s.Saturday = &civil.Interval{From: 690, To: 450} }), "civil.hours_order"},
		"no years":                {with(func(s *civil.Spec) { s.Years = nil }), "civil.years_missing"},
		"year 1899":               {with(func(s *civil.Spec) { s.Years[0].Year = 1899 }), "civil.year_range"},
		"year 2200":               {with(func(s *civil.Spec) { s.Years[0].Year = 2200 }), "civil.year_range"},
		"no status":               {with(func(s *civil.Spec) { s.Years[0].Status = "" }), "civil.year_status"},
		"a year twice":            {with(func(s *civil.Spec) { s.Years = append(s.Years, s.Years[0]) }), "civil.year_twice"},
		"a gap":                   {with(func(s *civil.Spec) { s.Years = append(s.Years, civil.Year{Year: 2028, Status: civil.OfficialYear}) }), "civil.year_gap"},
		"no day":                  {year2026(civil.Exception{Kind: civil.Holiday, Name: "x"}), "civil.day_missing"},
		"day of another year":     {year2026(day("2027-01-01", civil.Holiday)), "civil.year_unknown"},
		"a day twice":             {year2026(day("2026-01-01", civil.Holiday), day("2026-01-01", civil.Local)), "civil.day_twice"},
		"no name":                 {year2026(nameless), "civil.day_name"},
		"no kind":                 {year2026(day("2026-01-01", "")), "civil.day_kind"},
		"working day made up":     {year2026(day("2026-08-21", civil.SwapWork)), "civil.swap_not_rest"},
		"made up for nothing":     {year2026(swap), "civil.swap_replaces"},
		"made up for a holiday":   {year2026(swap, day("2026-08-31", civil.Holiday)), "civil.swap_replaces"},
		"holiday that replaces":   {year2026(stray), "civil.swap_replaces"},
		"compensation on Sunday":  {year2026(day("2026-09-06", civil.Compensatory)), "civil.off_on_rest"},
		"swapped off on Saturday": {year2026(day("2026-09-05", civil.SwapOff)), "civil.off_on_rest"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := civil.NewCalendar(tt.spec)
			wantKey(t, err, tt.key)
		})
	}
	for name, spec := range map[string]civil.Spec{
		"swapped":                   year2026(swap, day("2026-08-31", civil.SwapOff)),
		"swap of a year before":     year2026(civil.Exception{Date: on(t, "2026-01-10"), Kind: civil.SwapWork, Name: "x", Replaces: on(t, "2025-12-31")}),
		"swap without day":          year2026(day("2026-08-22", civil.SwapWork)),
		"holiday on Sunday":         year2026(day("2026-09-06", civil.Holiday)),
		"local day on Saturday":     year2026(day("2026-09-05", civil.Local)),
		"first and last years":      {Week: civil.DefaultWeek(), Hours: civil.DefaultHours(), Years: []civil.Year{{Year: 1900, Status: civil.OfficialYear}}},
		"hours from 0 to 24":        {Week: civil.DefaultWeek(), Hours: []civil.Interval{{From: 0, To: 1440}}, Years: []civil.Year{{Year: 2199, Status: civil.ProvisionalYear}}},
		"working days out of order": {Week: []time.Weekday{6, 0, 1}, Hours: civil.DefaultHours(), Years: []civil.Year{{Year: 2026, Status: civil.OfficialYear}}},
	} {
		if _, err := civil.NewCalendar(spec); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	// Every contradiction is named, with its field.
	bad := year2026(day("2026-01-01", ""), nameless)
	bad.Week = nil
	_, err := civil.NewCalendar(bad)
	for _, field := range []string{"week", "days.2026-01-01", "days.2026-09-02"} {
		if !strings.Contains(err.Error(), field) {
			t.Errorf("error %v does not name %s", err, field)
		}
	}
	bad = year2026()
	bad.Saturday = &civil.Interval{From: 690, To: 450}
	if _, err := civil.NewCalendar(bad); !strings.Contains(err.Error(), "(saturday)") {
		t.Errorf("error %v does not name saturday", err)
	}
}

// A unit keeps what it does not change, and has days off of its own.
func TestDerive(t *testing.T) {
	base := civildata.Default()
	saturday := civil.Interval{From: 450, To: 690}
	unit, err := base.Derive(civil.Own{
		Hours: []civil.Interval{{From: 420, To: 660}, {From: 780, To: 960}}, Saturday: &saturday,
		Days: []civil.Exception{
			{Date: on(t, "2026-11-25"), Kind: civil.Local, Name: "Bão số 15"},
			{Date: on(t, "2026-08-22"), Kind: civil.Local, Name: "Lễ của địa phương"},
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	for day, want := range map[string]bool{"2026-11-25": false, "2026-11-24": false, "2026-11-26": true, "2026-08-22": false, "2026-01-10": true} {
		if got, err := unit.IsWorking(on(t, day)); err != nil || got != want {
			t.Errorf("IsWorking(%s) = %v, %v, want %v", day, got, err, want)
		}
	}
	if got := unit.Opening(on(t, "2026-11-26")); !got.Equal(at(t, "2026-11-26 07:00")) {
		t.Errorf("Opening = %v", got)
	}
	if works, err := base.IsWorking(on(t, "2026-11-25")); err != nil || !works {
		t.Error("the unit's day off is one of the common calendar too")
	}
	same, err := base.Derive(civil.Own{})
	if err != nil {
		t.Fatal(err)
	}
	if days := civil.Diff(base, same); len(days) != 0 {
		t.Errorf("a unit without anything of its own differs on %v", days)
	}
	for key, own := range map[string]civil.Own{
		"civil.day_not_local": {Days: []civil.Exception{{Date: on(t, "2026-11-25"), Kind: civil.Holiday, Name: "x"}}},
		"civil.day_twice":     {Days: []civil.Exception{{Date: on(t, "2026-11-24"), Kind: civil.Local, Name: "x"}}},
		"civil.year_unknown":  {Days: []civil.Exception{{Date: on(t, "2031-11-24"), Kind: civil.Local, Name: "x"}}},
		"civil.hours_missing": {Hours: []civil.Interval{}},
	} {
		_, err := base.Derive(own)
		wantKey(t, err, key)
	}
}

// An official year replaces the provisional one, days and all.
func TestMerge(t *testing.T) {
	spec := civildata.Spec()
	official := civil.Spec{
		Years: []civil.Year{{Year: 2027, Status: civil.OfficialYear, LegalRef: "QĐ"}},
		Days:  []civil.Exception{{Date: on(t, "2027-01-01"), Kind: civil.Holiday, Name: "Tết Dương lịch"}},
	}
	merged := calendar(t, spec.Merge(official))
	if y, err := merged.Year(2027); err != nil || y.Status != civil.OfficialYear || y.LegalRef != "QĐ" {
		t.Errorf("Year(2027) = %v, %v", y, err)
	}
	if works, err := merged.IsWorking(on(t, "2027-02-08")); err != nil || !works {
		t.Error("a provisional day off is left")
	}
	if works, err := merged.IsWorking(on(t, "2026-11-24")); err != nil || works {
		t.Error("a day off of another year is lost")
	}
	if works, err := civildata.Default().IsWorking(on(t, "2027-02-08")); err != nil || works {
		t.Error("merging changed the calendar that was merged into")
	}
}
