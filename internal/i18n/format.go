package i18n

import (
	"strconv"
	"strings"
	"time"

	"github.com/motcua/motcua/internal/core/fault"
)

// local is Vietnamese time, +07:00 all year round.
func local(t time.Time) time.Time { return t.In(time.FixedZone("+07:00", 7*3600)) }

// Number writes a whole number with a point between thousands, in English with
// a comma: 1.283.000 and 1,283,000.
func Number(language string, n int64) string {
	digits := strconv.FormatInt(n, 10)
	sign := ""
	if strings.HasPrefix(digits, "-") {
		sign, digits = "-", digits[1:]
	}
	mark := byte('.')
	if language == English {
		mark = ','
	}
	out := make([]byte, 0, len(digits)+len(digits)/3)
	for i := range len(digits) {
		if i > 0 && (len(digits)-i)%3 == 0 {
			out = append(out, mark)
		}
		out = append(out, digits[i])
	}
	return sign + string(out)
}

// Money writes an amount of whole đồng: 75.000 đồng and 75,000 VND.
func Money(language string, amount int64) string {
	if language == English {
		return Number(language, amount) + " VND"
	}
	return Number(language, amount) + " đồng"
}

// Percent writes tenths of a percent: 987 is 98,7%; a whole number of percent
// has no fraction.
func Percent(language string, perMille int) string {
	whole := Number(language, int64(perMille/10))
	tenth := perMille % 10
	if tenth < 0 {
		tenth = -tenth
	}
	if tenth == 0 {
		return whole + "%"
	}
	mark := ","
	if language == English {
		mark = "."
	}
	return whole + mark + strconv.Itoa(tenth) + "%"
}

// Size writes a number of bytes in the unit that people read it in, rounded up
// so that no file seems empty: 38 KB, 1,2 MB.
func Size(language string, bytes int64) string {
	const kilo, mega = 1 << 10, 1 << 20
	if bytes < mega {
		return Number(language, (bytes+kilo-1)/kilo) + " KB"
	}
	tenths := (bytes*10 + mega - 1) / mega
	text := Number(language, tenths/10)
	if tenth := tenths % 10; tenth != 0 {
		mark := ","
		if language == English {
			mark = "."
		}
		text += mark + strconv.FormatInt(tenth, 10)
	}
	return text + " MB"
}

// Date writes the Vietnamese day on which t falls: 26/11/2026 and 26 Nov 2026,
// since 5/7 is another day to an English reader.
func Date(language string, t time.Time) string {
	if t.IsZero() {
		return ""
	}
	if language == English {
		return local(t).Format("2 Jan 2006")
	}
	return local(t).Format("02/01/2006")
}

// Clock writes the Vietnamese time of day: 08:14.
func Clock(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return local(t).Format("15:04")
}

// Datetime writes an instant to the minute: 08:14 26/11/2026.
func Datetime(language string, t time.Time) string {
	if t.IsZero() {
		return ""
	}
	if language == English {
		return Clock(t) + ", " + Date(language, t)
	}
	return Clock(t) + " " + Date(language, t)
}

// Weekday names the day of the week of t: thứ Năm, Thursday.
func (c *Catalogue) Weekday(language string, t time.Time) string {
	return c.T(language, "time.weekday."+strconv.Itoa(int(local(t).Weekday())), nil)
}

// LongDate writes a day with its weekday, as a promise is spoken: thứ Năm,
// 26/11/2026.
func (c *Catalogue) LongDate(language string, t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return c.T(language, "time.long_date", fault.Args{"weekday": c.Weekday(language, t), "date": Date(language, t)})
}

// Relative says how far the day of t is from today: hôm nay, ngày mai, sau 3
// ngày, 2 ngày trước.
func (c *Catalogue) Relative(language string, t, now time.Time) string {
	switch n := dayCount(t) - dayCount(now); {
	case n == 0:
		return c.T(language, "time.today", nil)
	case n == 1:
		return c.T(language, "time.tomorrow", nil)
	case n == -1:
		return c.T(language, "time.yesterday", nil)
	case n > 0:
		return c.T(language, "time.in_days", fault.Args{"n": n})
	default:
		return c.T(language, "time.days_ago", fault.Args{"n": -n})
	}
}

// dayCount numbers Vietnamese days.
func dayCount(t time.Time) int {
	y, m, d := local(t).Date()
	return int(time.Date(y, m, d, 0, 0, 0, 0, time.UTC).Unix() / (24 * 3600))
}
