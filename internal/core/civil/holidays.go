package civil

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/motcua/motcua/internal/core/fault"
)

// holidayFile is the published form of the yearly days off (holidays.json).
type holidayFile struct {
	Years []struct {
		Year    int           `json:"year"`
		DaysOff []holidayDay  `json:"days_off"`
		Working []holidayWork `json:"working_days"`
		Notices []string      `json:"notices"`
		Statute string        `json:"statute"`
	} `json:"years"`
}

type holidayDay struct {
	Date    Date   `json:"date"`
	Weekday string `json:"weekday"`
	Kind    string `json:"kind"`
	Name    string `json:"name"`
}

type holidayWork struct {
	Date     Date   `json:"date"`
	Weekday  string `json:"weekday"`
	Replaces Date   `json:"replaces"`
	Name     string `json:"name"`
}

// fileKinds translates the kinds of the file: ngày lễ, Tết, nghỉ bù, hoán đổi.
var fileKinds = map[string]DayKind{
	"le": Holiday, "tet": Holiday, "nghi_bu": Compensatory, "hoan_doi": SwapOff, "dia_phuong": Local,
}

// fileWeekdays are the Vietnamese names of the weekdays from Sunday on.
var fileWeekdays = [7]string{"Chủ Nhật", "Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu", "Thứ Bảy"}

// weekdayNames are the ways to write a weekday.
func weekdayNames(w time.Weekday) []string {
	return []string{fileWeekdays[w], strings.ToLower(fileWeekdays[w])}
}

// ParseHolidays reads official years in the form of holidays.json, or as lines
// (see HolidayLines), and returns them as a Spec with years and days only, to be
// merged into a calendar's. It fails with fault.Invalid, day by day: a stated
// weekday that is wrong, a day in another year's list, an unknown kind.
func ParseHolidays(data []byte) (Spec, error) {
	if text := strings.TrimSpace(string(data)); !strings.HasPrefix(text, "{") && strings.Contains(text, ";") {
		return parseHolidayLines(text)
	}
	var file holidayFile
	if err := json.Unmarshal(data, &file); err != nil {
		return Spec{}, fault.Wrap(err, fault.Invalid, "civil.holidays_form", nil)
	}
	if len(file.Years) == 0 {
		return Spec{}, fault.New(fault.Invalid, "civil.holidays_form", nil)
	}
	var s Spec
	var all []*fault.Fault
	for _, y := range file.Years {
		ref := strings.Join(append([]string{y.Statute}, y.Notices...), "; ")
		s.Years = append(s.Years, Year{Year: y.Year, Status: OfficialYear, LegalRef: ref})
		for _, d := range y.DaysOff {
			kind, known := fileKinds[d.Kind]
			if !known {
				all = append(all, fault.Field("days."+d.Date.String(), "civil.day_kind", fault.Args{"date": d.Date.Show()}))
			}
			all = append(all, fileFault(y.Year, d.Date, d.Weekday))
			s.Days = append(s.Days, Exception{Date: d.Date, Kind: kind, Name: d.Name, LegalRef: ref})
		}
		for _, d := range y.Working {
			all = append(all, fileFault(y.Year, d.Date, d.Weekday))
			if d.Name == "" {
				d.Name = d.Replaces.Show()
			}
			s.Days = append(s.Days, Exception{Date: d.Date, Kind: SwapWork, Name: d.Name, LegalRef: ref, Replaces: d.Replaces})
		}
	}
	s.sort()
	return s, fault.Join(all...)
}

// fileFault checks a day of the file against the year and weekday stated there.
func fileFault(year int, d Date, weekday string) *fault.Fault {
	args := fault.Args{"date": d.Show(), "year": strconv.Itoa(year), "weekday": weekday}
	switch {
	case d.IsZero():
		return fault.Field("years."+strconv.Itoa(year), "civil.day_missing", args)
	case d.Year() != year:
		return fault.Field("days."+d.String(), "civil.day_other_year", args)
	case weekday != "" && !slices.Contains(weekdayNames(d.Weekday()), weekday):
		return fault.Field("days."+d.String(), "civil.day_weekday", args)
	}
	return nil
}
