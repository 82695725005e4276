package civil_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/motcua/motcua/internal/civildata"
	"github.com/motcua/motcua/internal/core/civil"
)

// dates lists days off as text.
func dates(days []civil.Exception) []string {
	var all []string
	for _, e := range days {
		all = append(all, fmt.Sprintf("%s %s", e.Date, e.Kind))
	}
	return all
}

// The proposal gives what the decisions of 2018 to 2026 gave, but for the
// exchanged days, which only a decision makes.
func TestProposeGivesTheOfficialYears(t *testing.T) {
	official := civildata.Spec()
	for year := 2018; year <= 2026; year++ {
		var want []civil.Exception
		for _, e := range official.Days {
			if e.Date.Year() == year && (e.Kind == civil.Holiday || e.Kind == civil.Compensatory) {
				want = append(want, e)
			}
		}
		got, err := civil.Propose(year)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(dates(want), dates(got.Days)); diff != "" {
			t.Errorf("%d (-official +proposed):\n%s", year, diff)
		}
	}
}

func TestPropose2027(t *testing.T) {
	got, err := civil.Propose(2027)
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, e := range got.Days {
		all = append(all, fmt.Sprintf("%s %s %s", e.Date, e.Kind, e.Name))
	}
	want := []string{
		"2027-01-01 holiday Tết Dương lịch",
		"2027-02-04 holiday Tết Nguyên đán (28 tháng Chạp)",
		"2027-02-05 holiday Tết Nguyên đán (29 tháng Chạp)",
		"2027-02-06 holiday Tết Nguyên đán (mùng 1)",
		"2027-02-07 holiday Tết Nguyên đán (mùng 2)",
		"2027-02-08 holiday Tết Nguyên đán (mùng 3)",
		"2027-02-09 compensatory Nghỉ bù Tết Nguyên đán",
		"2027-02-10 compensatory Nghỉ bù Tết Nguyên đán",
		"2027-04-16 holiday Giỗ Tổ Hùng Vương (10/3 âm lịch)",
		"2027-04-30 holiday Ngày Chiến thắng",
		"2027-05-01 holiday Ngày Quốc tế Lao động",
		"2027-05-03 compensatory Nghỉ bù Ngày Quốc tế Lao động",
		"2027-09-02 holiday Quốc khánh",
		"2027-09-03 holiday Quốc khánh (ngày liền kề)",
		"2027-11-24 holiday Ngày Văn hóa Việt Nam",
	}
	if diff := cmp.Diff(want, all); diff != "" {
		t.Errorf("2027 (-want +got):\n%s", diff)
	}
	y := got.Years[0]
	if len(got.Years) != 1 || y.Year != 2027 || y.Status != civil.ProvisionalYear || !strings.Contains(y.LegalRef, "45/2019/QH14") || !strings.Contains(y.LegalRef, "28/2026/QH16") {
		t.Errorf("year %v", got.Years)
	}
	for _, e := range got.Days {
		if e.LegalRef != y.LegalRef {
			t.Errorf("%v rests on %q", e.Date, e.LegalRef)
		}
	}
	if diff := cmp.Diff(got.Days, provisional(t)); diff != "" {
		t.Errorf("the built-in year differs:\n%s", diff)
	}
}

// provisional is what the built-in calendar has for 2027.
func provisional(t *testing.T) []civil.Exception {
	t.Helper()
	return slices.DeleteFunc(civildata.Spec().Days, func(e civil.Exception) bool { return e.Date.Year() != 2027 })
}

// Every proposal is a sound calendar: eleven or twelve holidays, one day off
// in exchange for each on a day of rest, none on such a day.
func TestEveryProposalIsSound(t *testing.T) {
	for year := 2014; year <= 2199; year++ {
		spec, err := civil.Propose(year)
		if err != nil {
			t.Fatal(err)
		}
		spec.Week, spec.Hours = civil.DefaultWeek(), civil.DefaultHours()
		cal, err := civil.NewCalendar(spec)
		if err != nil {
			t.Errorf("%d: %v", year, err)
			continue
		}
		holidays, rest, compensation := 0, 0, 0
		for _, e := range spec.Days {
			weekend := e.Date.Weekday() == time.Saturday || e.Date.Weekday() == time.Sunday
			switch {
			case e.Kind == civil.Compensatory:
				compensation++
			case weekend:
				rest++
			}
			if e.Kind == civil.Holiday {
				holidays++
			}
			if works, err := cal.IsWorking(e.Date); err != nil || works {
				t.Errorf("%d: %v is worked: %v", year, e.Date, err)
			}
		}
		want := 12
		switch {
		case year < 2021:
			want = 10
		case year < 2026:
			want = 11
		}
		if holidays != want || rest != compensation {
			t.Errorf("%d: %d holidays, want %d; %d on days of rest, %d in exchange", year, holidays, want, rest, compensation)
		}
	}
}

// The day beside 2 September, by the weekday on which that falls.
func TestNationalDays(t *testing.T) {
	for year, want := range map[int]string{
		2024: "2024-09-03", // Monday
		2025: "2025-09-01", // Tuesday
		2026: "2026-09-01", // Wednesday
		2027: "2027-09-03", // Thursday
		2022: "2022-09-01", // Friday
		2023: "2023-09-01", // Saturday
		2029: "2029-09-03", // Sunday
	} {
		spec, err := civil.Propose(year)
		if err != nil {
			t.Fatal(err)
		}
		i := slices.IndexFunc(spec.Days, func(e civil.Exception) bool { return e.Name == "Quốc khánh (ngày liền kề)" })
		if got := spec.Days[i].Date.String(); got != want {
			t.Errorf("%d: %s, want %s", year, got, want)
		}
	}
}

func TestProposeRefused(t *testing.T) {
	for _, year := range []int{2013, 2200, 0, -1} {
		_, err := civil.Propose(year)
		wantKey(t, err, "civil.propose_year")
	}
}
