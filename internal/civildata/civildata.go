// Package civildata is the calendar that ships with the program: the official
// days off of 2018 to 2026 and a provisional 2027, since limits received this
// year already reach it. The rules are in core/civil; an installation replaces
// years by publishing its own.
package civildata

import (
	"fmt"
	"io"
	"sync"
	"time"

	"github.com/motcua/motcua/internal/core/civil"
	"github.com/motcua/motcua/internal/data"
)

// Ref names the built-in calendar where a dossier records what it counted with.
const Ref = "default@1"

// Default is the built-in calendar; it is immutable.
var Default = sync.OnceValue(func() *civil.Calendar {
	c, err := build()
	if err != nil {
		panic(err) // the data is fixed when the program is built
	}
	return c
})

// Spec is the built-in calendar as data.
func Spec() civil.Spec { return Default().Spec() }

func build() (*civil.Calendar, error) {
	f, err := data.Open(data.Holidays)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	text, err := io.ReadAll(f)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", data.Holidays, err)
	}
	official, err := civil.ParseHolidays(text)
	if err != nil {
		return nil, err
	}
	base := civil.Spec{Week: civil.DefaultWeek(), Hours: civil.DefaultHours()}
	return civil.NewCalendar(base.Merge(official).Merge(provisional2027()))
}

// provisional2027 is proposed from Labour Code 45/2019/QH14, Arts. 111 and 112,
// and the lunar calendar; the yearly decision is not out yet.
func provisional2027() civil.Spec {
	const statute = "Bộ luật Lao động 45/2019/QH14 Điều 111, 112; chưa có lịch chính thức"
	day := func(month, d int, kind civil.DayKind, name string) civil.Exception {
		return civil.Exception{Date: civil.NewDate(2027, time.Month(month), d), Kind: kind, Name: name, LegalRef: statute}
	}
	return civil.Spec{
		Years: []civil.Year{{Year: 2027, Status: civil.ProvisionalYear, LegalRef: statute}},
		Days: []civil.Exception{
			day(1, 1, civil.Holiday, "Tết Dương lịch"),
			day(2, 5, civil.Holiday, "Tết Nguyên đán (29 tháng Chạp)"),
			day(2, 6, civil.Holiday, "Tết Nguyên đán (mùng 1)"),
			day(2, 7, civil.Holiday, "Tết Nguyên đán (mùng 2)"),
			day(2, 8, civil.Holiday, "Tết Nguyên đán (mùng 3)"),
			day(2, 9, civil.Holiday, "Tết Nguyên đán (mùng 4)"),
			day(2, 10, civil.Compensatory, "Nghỉ bù Tết Nguyên đán"),
			day(2, 11, civil.Compensatory, "Nghỉ bù Tết Nguyên đán"),
			day(4, 16, civil.Holiday, "Giỗ Tổ Hùng Vương (10/3 âm lịch)"),
			day(4, 30, civil.Holiday, "Ngày Chiến thắng"),
			day(5, 1, civil.Holiday, "Ngày Quốc tế Lao động"),
			day(5, 3, civil.Compensatory, "Nghỉ bù Ngày Quốc tế Lao động"),
			day(9, 2, civil.Holiday, "Quốc khánh"),
			day(9, 3, civil.Holiday, "Quốc khánh (ngày liền kề)"),
			day(11, 24, civil.Holiday, "Ngày Văn hóa Việt Nam"),
		},
	}
}
