package civil

import (
	"strconv"
	"strings"

	"golang.org/x/text/unicode/norm"

	"github.com/motcua/motcua/internal/core/fault"
)

// Unit is what a time limit is counted in. Its values are those of the data
// files.
type Unit string

// The units of time limits.
const (
	WorkingDays  Unit = "ngay_lam_viec" // ngày làm việc
	WorkingHours Unit = "gio_lam_viec"  // giờ làm việc: office hours only
	CalendarDays Unit = "ngay"          // ngày: every day counts, an end on a day off moves on
	ClockHours   Unit = "gio"           // giờ: by the clock, nights and days off included
	Months       Unit = "thang"         // tháng: the same day of the last month
	FixedDate    Unit = "ngay_an_dinh"  // a date fixed beforehand
	AtOnce       Unit = "tra_ngay"      // trả ngay
	SameDay      Unit = "trong_ngay"    // trong ngày
)

// maxLimit keeps arithmetic far from overflow; no statute comes near it.
const maxLimit = 9999

// Limit is a time limit (thời hạn giải quyết). AtOnce and SameDay have no
// value, FixedDate has a day instead.
type Limit struct {
	Value int  `json:"value"`
	Unit  Unit `json:"unit"`
	On    Date `json:"on,omitzero"`
}

var unitWords = map[string]Unit{
	"ngày làm việc": WorkingDays, "giờ làm việc": WorkingHours, "ngày": CalendarDays, "giờ": ClockHours, "tháng": Months,
	"ngay_lam_viec": WorkingDays, "gio_lam_viec": WorkingHours, "ngay": CalendarDays, "gio": ClockHours, "thang": Months,
}

var wholeLimits = map[string]Limit{
	"trả ngay": {Unit: AtOnce}, "trong ngày": {Unit: SameDay}, "tra_ngay": {Unit: AtOnce}, "trong_ngay": {Unit: SameDay},
}

// ParseLimit reads "5 ngày làm việc", "8 giờ làm việc", "20 ngày", "24 giờ",
// "6 tháng", "trả ngay", "trong ngày", a date YYYY-MM-DD, or the same with the
// unit as in the data files. It fails with fault.Invalid.
func ParseLimit(s string) (Limit, error) {
	text := strings.ToLower(strings.Join(strings.Fields(norm.NFC.String(s)), " "))
	if l, ok := wholeLimits[text]; ok {
		return l, nil
	}
	if on, err := ParseDate(text); err == nil {
		return Limit{Unit: FixedDate, On: on}, nil
	}
	number, unit, ok := strings.Cut(text, " ")
	n, err := strconv.Atoi(number)
	if !ok || err != nil {
		return Limit{}, fault.Field("limit", "civil.limit_form", fault.Args{"text": s})
	}
	u, known := unitWords[unit]
	if !known {
		return Limit{}, fault.Field("limit", "civil.unit_unknown", fault.Args{"unit": unit})
	}
	l := Limit{Value: n, Unit: u}
	return l, l.Validate()
}

// Validate refuses a negative limit, a limit of 0 that is not AtOnce, an
// unknown unit and a value where the unit has none. The fault is Invalid.
func (l Limit) Validate() error {
	refuse := func(key string) error {
		return fault.Field("limit", key, fault.Args{"n": l.Value, "unit": string(l.Unit)})
	}
	switch l.Unit {
	case AtOnce, SameDay:
		if l.Value != 0 {
			return refuse("civil.limit_value")
		}
		return nil
	case FixedDate:
		if l.On.IsZero() || l.Value != 0 {
			return refuse("civil.limit_no_date")
		}
		return nil
	case WorkingDays, WorkingHours, CalendarDays, ClockHours, Months:
	default:
		return refuse("civil.unit_unknown")
	}
	switch {
	case l.Value < 0:
		return refuse("civil.limit_negative")
	case l.Value == 0:
		return refuse("civil.limit_zero")
	case l.Value > maxLimit:
		return refuse("civil.limit_long")
	}
	return nil
}

// ByHour reports whether punctuality is judged by the minute, not by the day.
func (l Limit) ByHour() bool { return l.Unit == WorkingHours || l.Unit == ClockHours }

// Line returns the message that names the limit.
func (l Limit) Line() Line {
	args := fault.Args{"n": l.Value}
	if l.Unit == FixedDate {
		args["date"] = l.On.Show()
	}
	return Line{Key: "civil.limit." + string(l.Unit), Args: args}
}
