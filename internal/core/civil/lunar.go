package civil

import (
	"math"
	"strconv"
	"time"

	"github.com/motcua/motcua/internal/core/fault"
)

// LunarDate is a day of the Vietnamese lunar calendar (âm lịch), reckoned at
// UTC+7 (Decision 121/CP of 08/08/1967, from 1968 on). It serves to propose
// holidays, never to count a limit.
type LunarDate struct {
	Year, Month, Day int
	Leap             bool // the second month of that number in its year (tháng nhuận)
}

// The years in which lunar days are reckoned. Before them other rules held;
// after them nobody knows how the Earth's rotation has slowed.
const (
	firstLunarYear = 1968
	lastLunarYear  = 2199
)

// LunarOf returns the lunar day of d. It fails with fault.Invalid under
// civil.lunar_year outside the years 1968 to 2199.
func LunarOf(d Date) (LunarDate, error) {
	year := d.Year()
	if err := lunarYearKnown(year); err != nil {
		return LunarDate{}, err
	}
	r := roundOf(year)
	if !d.Before(newMoonDay(r.next)) {
		r = roundOf(year + 1)
	}
	i := 0
	for !d.Before(newMoonDay(r.first + i + 1)) {
		i++
	}
	l := r.month(i)
	l.Day = d.Sub(newMoonDay(r.first+i)) + 1
	return l, nil
}

// Date returns the civil day. It fails with fault.Invalid when the year is
// outside 1968 to 2199 or has no such day.
func (l LunarDate) Date() (Date, error) {
	if err := lunarYearKnown(l.Year); err != nil {
		return Date{}, err
	}
	r := roundOf(l.Year)
	if l.Month > 10 {
		r = roundOf(l.Year + 1) // months 11 and 12 begin the next round
	}
	for i := range r.next - r.first {
		m := r.month(i)
		if m.Year != l.Year || m.Month != l.Month || m.Leap != l.Leap {
			continue
		}
		first := newMoonDay(r.first + i)
		if l.Day >= 1 && l.Day <= newMoonDay(r.first+i+1).Sub(first) {
			return first.AddDays(l.Day - 1), nil
		}
	}
	return Date{}, fault.Field("", "civil.lunar_date", fault.Args{"day": l.Day, "month": l.Month, "year": strconv.Itoa(l.Year)})
}

func lunarYearKnown(year int) error {
	if year < firstLunarYear || year > lastLunarYear {
		return fault.Field("", "civil.lunar_year", fault.Args{
			"year": strconv.Itoa(year), "from": strconv.Itoa(firstLunarYear), "to": strconv.Itoa(lastLunarYear),
		})
	}
	return nil
}

// round is the months from one month 11, which holds the winter solstice (Đông
// chí), up to the next. Months are numbered by new moons since that of 6
// January 2000.
type round struct {
	year  int // the lunar year that begins in the round
	first int // month 11 of the year before
	next  int // month 11 of the year
	leap  int // place of the leap month in the round; 0 when there is none
}

// roundOf returns the round in which a lunar year begins. A round of thirteen
// months has a leap one: the first in which the sun enters no new sign (trung khí).
func roundOf(year int) round {
	r := round{year: year, first: solsticeMonth(year - 1), next: solsticeMonth(year)}
	if r.next-r.first == 12 {
		return r
	}
	for r.leap = 1; sunSign(newMoonDay(r.first+r.leap)) != sunSign(newMoonDay(r.first+r.leap+1)); {
		r.leap++
	}
	return r
}

// month names the i-th month of the round.
func (r round) month(i int) LunarDate {
	l := LunarDate{Year: r.year, Leap: r.leap > 0 && i == r.leap}
	if r.leap > 0 && i >= r.leap {
		i--
	}
	l.Month = i - 1
	if i < 2 {
		l.Year, l.Month = r.year-1, i+11
	}
	return l
}

// place returns the place in the round of the month of a number, 1 to 10, of the
// round's year; not of its leap month.
func (r round) place(month int) int {
	i := month + 1
	if r.month(i).Month != month { // a leap month lies before it
		i++
	}
	return i
}

// starts returns the first day of such a month.
func (r round) starts(month int) Date { return newMoonDay(r.first + r.place(month)) }

// solsticeMonth returns the number of the month that holds the winter solstice
// of a civil year: the last to begin in it, or the one before when the sun has
// already turned by then.
func solsticeMonth(year int) int {
	end := NewDate(year, time.December, 31)
	k := int(float64(end.Sub(newMoonDay(0)))/synodicMonth) - 1
	for !newMoonDay(k + 1).After(end) {
		k++
	}
	if sunSign(newMoonDay(k)) >= winter {
		k--
	}
	return k
}

// winter is the sign that begins with the winter solstice.
const winter = 9

// What follows is astronomy: J. Meeus, Astronomical Algorithms (2nd ed. 1998),
// chapters 25 (sun, to 0.01°) and 49 (new moons, to some seconds); the slowing
// of the Earth after F. Espenak and J. Meeus.
const (
	synodicMonth = 29.530588861 // days
	julian2000   = 2451545.0    // noon of 1 January 2000, in days of ephemeris time
	century      = 36525.0      // days
)

// newMoonDay returns the civil day in Vietnam on which the k-th new moon falls.
func newMoonDay(k int) Date {
	jde := newMoon(float64(k))
	local := jde - earthLag(jde)/86400 + 7.0/24
	return NewDate(2000, time.January, 1).AddDays(int(math.Floor(local - (julian2000 - 0.5))))
}

// sunSign returns the twelfth of its path, from 0 at the spring equinox to 11,
// in which the sun stands when a day begins in Vietnam.
func sunSign(d Date) int {
	jde := julian2000 - 0.5 + float64(d.Sub(NewDate(2000, time.January, 1))) - 7.0/24
	return int(sunLongitude(jde+earthLag(jde)/86400) / 30)
}

// term is one periodic term of the new moon: its size in days, how often the
// eccentricity of the Earth's orbit enters, and the multiples of the sun's
// anomaly, the moon's anomaly, the moon's latitude and its node.
type term struct {
	size                   float64
	eccentric              int
	sun, moon, lat, ascend float64
}

var newMoonTerms = []term{
	{-0.40720, 0, 0, 1, 0, 0},
	{+0.17241, 1, 1, 0, 0, 0},
	{+0.01608, 0, 0, 2, 0, 0},
	{+0.01039, 0, 0, 0, 2, 0},
	{+0.00739, 1, -1, 1, 0, 0},
	{-0.00514, 1, 1, 1, 0, 0},
	{+0.00208, 2, 2, 0, 0, 0},
	{-0.00111, 0, 0, 1, -2, 0},
	{-0.00057, 0, 0, 1, 2, 0},
	{+0.00056, 1, 1, 2, 0, 0},
	{-0.00042, 0, 0, 3, 0, 0},
	{+0.00042, 1, 1, 0, 2, 0},
	{+0.00038, 1, 1, 0, -2, 0},
	{-0.00024, 1, -1, 2, 0, 0},
	{-0.00017, 0, 0, 0, 0, 1},
	{-0.00007, 0, 2, 1, 0, 0},
	{+0.00004, 0, 0, 2, -2, 0},
	{+0.00004, 0, 3, 0, 0, 0},
	{+0.00003, 0, 1, 1, -2, 0},
	{+0.00003, 0, 0, 2, 2, 0},
	{-0.00003, 0, 1, 1, 2, 0},
	{+0.00003, 0, -1, 1, 2, 0},
	{-0.00002, 0, -1, 1, -2, 0},
	{-0.00002, 0, 1, 3, 0, 0},
	{+0.00002, 0, 0, 4, 0, 0},
}

// planetTerms are the pulls of the planets: size in days, angle at k = 0 and
// its growth per month, in degrees.
var planetTerms = [][3]float64{
	{0.000325, 299.77, 0.107408}, {0.000165, 251.88, 0.016321}, {0.000164, 251.83, 26.651886},
	{0.000126, 349.42, 36.412478}, {0.000110, 84.66, 18.206239}, {0.000062, 141.74, 53.303771},
	{0.000060, 207.14, 2.453732}, {0.000056, 154.84, 7.306860}, {0.000047, 34.52, 27.261239},
	{0.000042, 207.19, 0.121824}, {0.000040, 291.34, 1.844379}, {0.000037, 161.72, 24.198154},
	{0.000035, 239.56, 25.513099}, {0.000023, 331.55, 3.592518},
}

// newMoon returns the instant of the k-th new moon in days of ephemeris time.
func newMoon(k float64) float64 {
	t := k / 1236.85 // centuries since 2000
	sun := 2.5534 + 29.10535670*k - 0.0000014*t*t - 0.00000011*t*t*t
	moon := 201.5643 + 385.81693528*k + 0.0107582*t*t + 0.00001238*t*t*t - 0.000000058*t*t*t*t
	lat := 160.7108 + 390.67050284*k - 0.0016118*t*t - 0.00000227*t*t*t + 0.000000011*t*t*t*t
	node := 124.7746 - 1.56375588*k + 0.0020672*t*t + 0.00000215*t*t*t
	e := 1 - 0.002516*t - 0.0000074*t*t

	at := 2451550.09766 + synodicMonth*k + 0.00015437*t*t - 0.000000150*t*t*t + 0.00000000073*t*t*t*t
	for _, m := range newMoonTerms {
		at += m.size * math.Pow(e, float64(m.eccentric)) * sine(m.sun*sun+m.moon*moon+m.lat*lat+m.ascend*node)
	}
	for i, p := range planetTerms {
		angle := p[1] + p[2]*k
		if i == 0 {
			angle -= 0.009173 * t * t
		}
		at += p[0] * sine(angle)
	}
	return at
}

// sunLongitude returns the apparent longitude of the sun in degrees, 0 to 360,
// at an instant of ephemeris time.
func sunLongitude(jde float64) float64 {
	t := (jde - julian2000) / century
	mean := 280.46646 + 36000.76983*t + 0.0003032*t*t
	anomaly := 357.52911 + 35999.05029*t - 0.0001537*t*t
	centre := (1.914602-0.004817*t-0.000014*t*t)*sine(anomaly) + (0.019993-0.000101*t)*sine(2*anomaly) + 0.000289*sine(3*anomaly)
	longitude := mean + centre - 0.00569 - 0.00478*sine(125.04-1934.136*t)
	return longitude - 360*math.Floor(longitude/360)
}

// earthLag returns by how many seconds the Earth's rotation lags behind
// ephemeris time.
func earthLag(jde float64) float64 {
	y := 2000 + (jde-julian2000)/365.25
	switch t := y - 2000; {
	case y < 1986:
		t = y - 1975
		return 45.45 + 1.067*t - t*t/260 - t*t*t/718
	case y < 2005:
		return 63.86 + 0.3345*t - 0.060374*t*t + 0.0017275*t*t*t + 0.000651814*t*t*t*t + 0.00002373599*t*t*t*t*t
	case y < 2050:
		return 62.92 + 0.32217*t + 0.005589*t*t
	case y < 2150:
		u := (y - 1820) / 100
		return -20 + 32*u*u - 0.5628*(2150-y)
	default:
		u := (y - 1820) / 100
		return -20 + 32*u*u
	}
}

// sine is that of an angle in degrees.
func sine(degrees float64) float64 { return math.Sin(degrees * math.Pi / 180) }
