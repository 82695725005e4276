package civil

import (
	"cmp"
	"slices"
	"strconv"
	"time"

	"github.com/motcua/motcua/internal/core/fault"
)

// statute is what the labour law gives from a year on.
type statute struct {
	from         int
	ref          string
	nationalDays int  // Quốc khánh: 2/9 alone, or with one adjacent day
	cultureDay   bool // Ngày Văn hóa Việt Nam, 24/11
}

const labourCode = "Bộ luật Lao động 45/2019/QH14 Điều 111, 112"

var statutes = []statute{
	{2014, "Bộ luật Lao động 10/2012/QH13 Điều 115", 1, false},
	{2021, labourCode, 2, false},
	{2026, labourCode + "; Nghị quyết 28/2026/QH16", 2, true},
}

// Propose returns a year as statute and the lunar calendar give it, for the
// time until the yearly decision is out: a provisional year to be merged into a
// calendar. Where the law leaves a choice, it takes what the decisions of the
// years since 2018 took; swapped days are never proposed, since only a decision
// makes them. It fails with fault.Invalid under civil.propose_year before 2014
// and after 2199.
func Propose(year int) (Spec, error) {
	if year < statutes[0].from || year > lastLunarYear {
		return Spec{}, fault.Field("year", "civil.propose_year", fault.Args{
			"year": strconv.Itoa(year), "from": strconv.Itoa(statutes[0].from), "to": strconv.Itoa(lastLunarYear),
		})
	}
	law := statutes[0]
	for _, s := range statutes {
		if s.from <= year {
			law = s
		}
	}
	p := proposal{year: year, law: law}
	p.add(NewDate(year, time.January, 1), "Tết Dương lịch", "Tết Dương lịch")
	p.addLunar()
	p.add(NewDate(year, time.April, 30), "Ngày Chiến thắng", "Ngày Chiến thắng")
	p.add(NewDate(year, time.May, 1), "Ngày Quốc tế Lao động", "Ngày Quốc tế Lao động")
	p.addNationalDays()
	if law.cultureDay {
		p.add(NewDate(year, time.November, 24), "Ngày Văn hóa Việt Nam", "Ngày Văn hóa Việt Nam")
	}
	return Spec{
		Years: []Year{{Year: year, Status: ProvisionalYear, LegalRef: law.ref}},
		Days:  p.withCompensation(),
	}, nil
}

// proposal gathers the holidays of a year.
type proposal struct {
	year     int
	law      statute
	days     []Exception
	occasion []string // of each day, for naming its compensation
}

func (p *proposal) add(d Date, name, occasion string) {
	p.days = append(p.days, Exception{Date: d, Kind: Holiday, Name: name, LegalRef: p.law.ref})
	p.occasion = append(p.occasion, occasion)
}

// addLunar adds five days of Tết and Giỗ Tổ Hùng Vương (10/3 âm lịch).
func (p *proposal) addLunar() {
	r := roundOf(p.year)
	tet, last := r.starts(1), r.starts(1).Sub(newMoonDay(r.first+r.place(1)-1))
	before := tetDaysBefore(tet)
	for i := -before; i < 5-before; i++ {
		name := "mùng " + strconv.Itoa(i+1)
		if i < 0 {
			name = strconv.Itoa(last+i+1) + " tháng Chạp"
		}
		p.add(tet.AddDays(i), "Tết Nguyên đán ("+name+")", "Tết Nguyên đán")
	}
	p.add(r.starts(3).AddDays(9), "Giỗ Tổ Hùng Vương (10/3 âm lịch)", "Giỗ Tổ Hùng Vương")
}

// tetDaysBefore says how many of the five days lie before New Year: one when
// fewer of the five then fall on days of rest, else two (decisions of 2018 to
// 2026: one where Tết is a Tuesday, two on all other weekdays).
func tetDaysBefore(tet Date) int {
	if restDays(tet.AddDays(-1), 5) < restDays(tet.AddDays(-2), 5) {
		return 1
	}
	return 2
}

// addNationalDays adds 2/9 and, since 2021, the day beside it that makes the
// fewer holidays fall on days of rest and then the longer time off; the day
// before where both are alike (decisions of 2021 to 2026).
func (p *proposal) addNationalDays() {
	const occasion = "Quốc khánh"
	day := NewDate(p.year, time.September, 2)
	p.add(day, "Quốc khánh", occasion)
	if p.law.nationalDays < 2 {
		return
	}
	before, after := day.AddDays(-1), day.AddDays(1)
	beside := before
	if cmp.Or(cmp.Compare(restDays(day, 2), restDays(before, 2)), cmp.Compare(timeOff(before, after), timeOff(day, after.AddDays(1)))) < 0 {
		beside = after
	}
	p.add(beside, "Quốc khánh (ngày liền kề)", occasion)
}

// restDays counts the days of weekly rest among n days.
func restDays(from Date, n int) int {
	count := 0
	for i := range n {
		if weeklyRest(from.AddDays(i)) {
			count++
		}
	}
	return count
}

// timeOff is the length of the unbroken time off around the holidays from one
// day up to but without another.
func timeOff(from, until Date) int {
	for weeklyRest(from.AddDays(-1)) {
		from = from.AddDays(-1)
	}
	for weeklyRest(until) {
		until = until.AddDays(1)
	}
	return until.Sub(from)
}

func weeklyRest(d Date) bool { return d.Weekday() == time.Saturday || d.Weekday() == time.Sunday }

// withCompensation adds the day off for each holiday on a day of weekly rest:
// the next working day that is not taken (Labour Code 45/2019/QH14, Art.
// 111(3)).
func (p *proposal) withCompensation() []Exception {
	all := slices.Clone(p.days)
	taken := func(d Date) bool {
		return slices.ContainsFunc(all, func(e Exception) bool { return e.Date == d })
	}
	for i, e := range p.days {
		if !weeklyRest(e.Date) {
			continue
		}
		d := e.Date.AddDays(1)
		for weeklyRest(d) || taken(d) {
			d = d.AddDays(1)
		}
		all = append(all, Exception{Date: d, Kind: Compensatory, Name: "Nghỉ bù " + p.occasion[i], LegalRef: e.LegalRef})
	}
	slices.SortFunc(all, func(a, b Exception) int { return a.Date.Compare(b.Date) })
	return all
}
