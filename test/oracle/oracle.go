package oracle

// The units, in the words of the data files.
const (
	WorkingDays  = "ngay_lam_viec"
	WorkingHours = "gio_lam_viec"
	CalendarDays = "ngay"
	ClockHours   = "gio"
	Months       = "thang"
	FixedDate    = "ngay_an_dinh"
	AtOnce       = "tra_ngay"
	SameDay      = "trong_ngay"
)

// Pause is a time in which the clock stood still.
type Pause struct {
	From, To   Moment
	Open       bool // has not ended
	Supplement bool // the applicant had to bring papers
}

// Case is one dossier.
type Case struct {
	Received Moment
	Arrived  *Moment // at the competent agency, when received elsewhere
	Unit     string
	N        int
	On       Day // the fixed date
	Pauses   []Pause
	Anew     bool // papers make the limit count anew
	Closing  bool // limits in days end at closing time
	Cutoff   int  // minutes: later than this is no longer the same day; 0 is none
}

// Run is one stretch of the clock.
type Run struct {
	Start, Due Moment
	Used       int // before the pause: days, or seconds of limits in hours
	Left       int
	Counted    int // days that the limit used up, for limits in working days
	Passed     int // days without work in between
}

// Answer is the promise.
type Answer struct {
	Unknown     bool // a page of the wall is missing
	Waiting     bool // a pause is open: no promise
	Provisional bool
	Due         Moment
	Runs        []Run
}

// Promise counts the case on the wall.
func Promise(w Wall, c Case) Answer {
	from := c.Received
	if c.Arrived != nil {
		from = *c.Arrived
	}
	start, ok := w.open(from)
	if !ok {
		return Answer{Unknown: true}
	}
	all := c.N
	if c.byHour() {
		all *= 3600
	}
	run, nominal, ok := w.run(c, start, all, true)
	if !ok {
		return Answer{Unknown: true}
	}
	a := Answer{Runs: []Run{run}}
	for _, p := range c.Pauses {
		if p.Open {
			a.Waiting = true
			break
		}
		left, used, whole := all, 0, true
		if c.counts() && !(c.Anew && p.Supplement) {
			had := run.Left
			if c.Unit == Months && nominal != (Day{}) {
				had = apart(run.Start.Day, nominal)
			}
			used, whole = min(w.ran(c, run.Start, p.From), had), false
			left = had - used
		}
		next, ok := w.open(p.To)
		if !ok {
			return Answer{Unknown: true}
		}
		if next.before(run.Start) {
			next = run.Start
		}
		if run, nominal, ok = w.run(c, next, left, whole); !ok {
			return Answer{Unknown: true}
		}
		run.Used = used
		a.Runs = append(a.Runs, run)
	}
	a.Due = run.Due
	a.Provisional = c.Received.Day.Y <= w.Provisional && a.Due.Day.Y >= w.Provisional
	return a
}

func (c Case) byHour() bool { return c.Unit == WorkingHours || c.Unit == ClockHours }

// counts reports whether the limit is an amount that can be partly used.
func (c Case) counts() bool { return c.Unit != AtOnce && c.Unit != SameDay && c.Unit != FixedDate }

// run counts what is left from start, one day or one stretch of office hours at
// a time. It also returns the day on which calendar days or months end.
func (w Wall) run(c Case, start Moment, left int, whole bool) (Run, Day, bool) {
	r := Run{Start: start, Left: left}
	switch c.Unit {
	case WorkingDays:
		return w.runDays(c, r)
	case CalendarDays, Months:
		return w.runCalendar(c, r, whole)
	case WorkingHours:
		return w.runHours(r)
	case ClockHours:
		due := Moment{start.Day, start.Sec + left}
		for due.Sec >= secondsOfDay {
			due = Moment{due.Day.Next(), due.Sec - secondsOfDay}
		}
		r.Due = due
		return r, Day{}, w.hangs(due.Day)
	case AtOnce:
		r.Due = w.time(c, start.Day, start)
		return r, Day{}, true
	case SameDay:
		day := start.Day
		if c.Cutoff > 0 && start.Sec/60 > c.Cutoff {
			day = day.Next()
		}
		day, ok := w.toWork(day)
		r.Due = w.closing(day)
		return r, Day{}, ok
	default:
		day := c.On
		if day.Before(start.Day) {
			day = start.Day
		}
		day, ok := w.toWork(day)
		r.Due = w.time(c, day, start)
		return r, Day{}, ok
	}
}

// time is the hour of a limit in days: that of the start, or closing time.
func (w Wall) time(c Case, day Day, start Moment) Moment {
	if c.Closing {
		return w.closing(day)
	}
	return Moment{day, start.Sec}
}

func (w Wall) runDays(c Case, r Run) (Run, Day, bool) {
	day := r.Start.Day
	if r.Left == 0 {
		day, ok := w.toWork(day)
		r.Due = w.time(c, day, r.Start)
		return r, Day{}, ok
	}
	for r.Counted < r.Left {
		if day = day.Next(); !w.hangs(day) {
			return r, Day{}, false
		}
		if w.works(day) {
			r.Counted++
		} else {
			r.Passed++
		}
	}
	r.Due = w.time(c, day, r.Start)
	return r, Day{}, true
}

func (w Wall) runCalendar(c Case, r Run, whole bool) (Run, Day, bool) {
	end := r.Start.Day
	if c.Unit == Months {
		month := end
		for range c.N {
			if month.M++; month.M == 13 {
				month = Day{month.Y + 1, 1, month.D}
			}
		}
		end = Day{month.Y, month.M, min(month.D, lastOf(month.Y, month.M))}
		if whole {
			r.Left = c.N
		} else {
			r.Left = min(r.Left, apart(r.Start.Day, end)) // a pause makes nothing longer
		}
	}
	if c.Unit == CalendarDays || !whole {
		end = r.Start.Day
		for range r.Left {
			end = end.Next()
		}
	}
	day, ok := w.toWork(end)
	r.Due = w.time(c, day, r.Start)
	return r, end, ok
}

func (w Wall) runHours(r Run) (Run, Day, bool) {
	if r.Left == 0 {
		r.Due = r.Start
		return r, Day{}, true
	}
	left := r.Left
	for day, sec := r.Start.Day, r.Start.Sec; w.hangs(day); day, sec = day.Next(), 0 {
		if !w.works(day) {
			continue
		}
		for _, h := range w.Hours {
			from, to := max(h[0]*60, sec), h[1]*60
			if from >= to {
				continue
			}
			if left <= to-from {
				r.Due = Moment{day, from + left}
				return r, Day{}, true
			}
			left -= to - from
		}
	}
	return r, Day{}, false
}

// ran is what the clock ran from one moment to another: days, or seconds.
func (w Wall) ran(c Case, from, to Moment) int {
	sum := 0
	switch c.Unit {
	case WorkingDays:
		for day := from.Day; day.Before(to.Day); {
			if day = day.Next(); w.works(day) {
				sum++
			}
		}
	case CalendarDays, Months:
		sum = apart(from.Day, to.Day)
	case WorkingHours:
		for day := from.Day; !to.Day.Before(day); day = day.Next() {
			if !w.works(day) {
				continue
			}
			for _, h := range w.Hours {
				a, b := h[0]*60, h[1]*60
				if day == from.Day {
					a = max(a, from.Sec)
				}
				if day == to.Day {
					b = min(b, to.Sec)
				}
				sum += max(0, b-a)
			}
		}
	case ClockHours:
		sum = max(0, apart(from.Day, to.Day)*secondsOfDay+to.Sec-from.Sec)
		if to.before(from) {
			sum = 0
		}
	}
	return sum
}

// apart counts the days from one to another; 0 when that is not later.
func apart(from, to Day) int {
	n := 0
	for from.Before(to) {
		from = from.Next()
		n++
	}
	return n
}
