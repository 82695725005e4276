// Package oracle computes promised days a second time, as somebody would with a
// wall calendar and a pencil: day after day, with maps of days instead of
// tables, and without a line of core/civil. It is slow and simple on purpose;
// a test lets both count the same cases.
package oracle

// Day is a day of the wall calendar.
type Day struct{ Y, M, D int }

// Moment is a day and the seconds since its midnight.
type Moment struct {
	Day Day
	Sec int
}

const secondsOfDay = 86400

func leap(y int) bool { return y%4 == 0 && (y%100 != 0 || y%400 == 0) }

// lastOf is the number of days of a month.
func lastOf(y, m int) int {
	switch m {
	case 2:
		if leap(y) {
			return 29
		}
		return 28
	case 4, 6, 9, 11:
		return 30
	}
	return 31
}

// Next is the day after.
func (d Day) Next() Day {
	switch {
	case d.D < lastOf(d.Y, d.M):
		return Day{d.Y, d.M, d.D + 1}
	case d.M < 12:
		return Day{d.Y, d.M + 1, 1}
	}
	return Day{d.Y + 1, 1, 1}
}

// Before reports whether d comes before o.
func (d Day) Before(o Day) bool {
	if d.Y != o.Y {
		return d.Y < o.Y
	}
	if d.M != o.M {
		return d.M < o.M
	}
	return d.D < o.D
}

// weekday is 0 for Sunday to 6, by Zeller's congruence.
func (d Day) weekday() int {
	y, m := d.Y, d.M
	if m < 3 {
		y, m = y-1, m+12
	}
	return (d.D + 13*(m+1)/5 + y + y/4 - y/100 + y/400 + 6) % 7
}

// before reports whether m comes before o.
func (m Moment) before(o Moment) bool {
	if m.Day != o.Day {
		return m.Day.Before(o.Day)
	}
	return m.Sec < o.Sec
}

// Wall is the calendar on the wall of an office.
type Wall struct {
	Off         map[Day]bool // days off besides Saturdays and Sundays, and holidays on these
	MadeUp      map[Day]bool // days of rest that are worked
	Hours       [][2]int     // office hours in minutes since midnight
	Saturday    []int        // reception on Saturdays, from and to; none when empty
	First, Last int          // years that hang on the wall
	Provisional int          // the year whose page is a guess
}

func (w Wall) hangs(d Day) bool { return d.Y >= w.First && d.Y <= w.Last }

func (w Wall) works(d Day) bool {
	if w.Off[d] {
		return false
	}
	return w.MadeUp[d] || d.weekday() >= 1 && d.weekday() <= 5
}

// receives lists the hours in which papers are taken in.
func (w Wall) receives(d Day) [][2]int {
	switch {
	case w.works(d):
		return w.Hours
	case len(w.Saturday) == 2 && d.weekday() == 6 && !w.Off[d]:
		return [][2]int{{w.Saturday[0], w.Saturday[1]}}
	}
	return nil
}

// open is m when papers are taken in then, else the next time they are; false
// when the wall has no page for it. The minute of closing is still open.
func (w Wall) open(m Moment) (Moment, bool) {
	for w.hangs(m.Day) {
		for _, h := range w.receives(m.Day) {
			if m.Sec < h[0]*60 {
				return Moment{m.Day, h[0] * 60}, true
			}
			if m.Sec/60 <= h[1] {
				return m, true
			}
		}
		m = Moment{m.Day.Next(), 0}
	}
	return Moment{}, false
}

// closing is the end of the last hours of the day.
func (w Wall) closing(d Day) Moment {
	hours := w.receives(d)
	if hours == nil {
		hours = w.Hours
	}
	return Moment{d, hours[len(hours)-1][1] * 60}
}

// toWork turns the pages until a day is worked.
func (w Wall) toWork(d Day) (Day, bool) {
	for w.hangs(d) {
		if w.works(d) {
			return d, true
		}
		d = d.Next()
	}
	return Day{}, false
}
