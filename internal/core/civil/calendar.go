package civil

import (
	"slices"
	"strconv"
	"time"

	"github.com/motcua/motcua/internal/core/fault"
)

// Calendar is a work calendar (lịch làm việc), immutable and safe for use by
// many at once. Days outside its years are refused with fault.Invalid under
// civil.year_unknown, which names the year.
//
// Working days are answered from two flat tables: how many there were up to a
// day, and which day the k-th one is.
type Calendar struct {
	spec   Spec
	first  Date          // 1 January of the first year
	rank   []int32       // working days from first up to and including day i
	nth    []int32       // index of the k-th working day, from 0
	note   []int16       // index of the day's exception in spec.Days, or -1
	perDay time.Duration // office hours of a working day
}

// NewCalendar builds the calendar of a spec. It fails with fault.Invalid,
// naming every contradiction: hours that overlap, a day listed twice, a rest
// day given as compensation, a gap between years.
func NewCalendar(spec Spec) (*Calendar, error) {
	s := spec.clone()
	s.sort()
	if err := s.validate(); err != nil {
		return nil, err
	}
	c := &Calendar{spec: s, first: NewDate(s.Years[0].Year, time.January, 1)}
	for _, iv := range s.Hours {
		c.perDay += iv.length()
	}
	n := NewDate(s.Years[len(s.Years)-1].Year+1, time.January, 1).Sub(c.first)
	c.rank, c.note = make([]int32, n), make([]int16, n)
	for i := range c.note {
		c.note[i] = -1
	}
	for k, e := range s.Days {
		c.note[e.Date.Sub(c.first)] = int16(k)
	}
	for i := range c.rank {
		works := s.works(c.first.AddDays(i).Weekday())
		if k := c.note[i]; k >= 0 {
			works = !s.Days[k].Kind.off()
		}
		if works {
			c.nth = append(c.nth, int32(i))
		}
		c.rank[i] = int32(len(c.nth))
	}
	return c, nil
}

// Spec returns the calendar's data.
func (c *Calendar) Spec() Spec { return c.spec.clone() }

// Hours are the working hours of an ordinary day.
func (c *Calendar) Hours() []Interval { return slices.Clone(c.spec.Hours) }

// Own is what a unit has of its own: hours and Saturday reception instead of
// those of the calendar it inherits from (nil keeps them), and days off of its
// own, which must be of kind Local.
type Own struct {
	Hours    []Interval `json:"hours,omitempty"`
	Saturday *Interval  `json:"saturday,omitempty"`
	// NoSaturday says that the unit receives nothing on Saturdays, whatever the
	// calendar that it inherits from says.
	NoSaturday bool        `json:"noSaturday,omitempty"`
	Days       []Exception `json:"days,omitempty"`
}

// Derive returns the calendar of a unit that inherits from c. A local day off
// may fall on a worked rest day and then wins over it; on any other exception it is refused.
func (c *Calendar) Derive(own Own) (*Calendar, error) {
	s := c.Spec()
	if own.Hours != nil {
		s.Hours = own.Hours
	}
	if own.Saturday != nil || own.NoSaturday {
		s.Saturday = own.Saturday
	}
	for _, e := range own.Days {
		if e.Kind != Local {
			return nil, fault.Field("days."+e.Date.String(), "civil.day_not_local", fault.Args{"date": e.Date.Show()})
		}
		s.Days = slices.DeleteFunc(s.Days, func(have Exception) bool {
			return have.Date == e.Date && have.Kind == SwapWork
		})
	}
	s.Days = append(s.Days, own.Days...)
	return NewCalendar(s)
}

// unknown is the fault for a year that the calendar does not cover. The year is
// text, so that nobody writes it with a point between thousands.
func unknown(year int) error {
	return fault.New(fault.Invalid, "civil.year_unknown", fault.Args{"year": strconv.Itoa(year)})
}

// index returns the position of d in the tables.
func (c *Calendar) index(d Date) (int, error) {
	i := int(d.n - c.first.n)
	if uint(i) >= uint(len(c.rank)) {
		return 0, unknown(d.Year())
	}
	return i, nil
}

// end is the first year after those covered.
func (c *Calendar) end() int { return c.spec.Years[len(c.spec.Years)-1].Year + 1 }

// AddWorkingDays returns the n-th working day after from, which itself is not
// counted (Civil Code 91/2015/QH13, Art. 147(2)). n must be at least 1.
func (c *Calendar) AddWorkingDays(from Date, n int) (Date, error) {
	i, err := c.index(from)
	if err != nil {
		return Date{}, err
	}
	if n < 1 {
		return Date{}, fault.Field("limit", "civil.limit_negative", fault.Args{"n": n})
	}
	k := int(c.rank[i]) + n - 1
	if k >= len(c.nth) {
		return Date{}, unknown(c.end())
	}
	return Date{c.first.n + c.nth[k]}, nil
}

// SubWorkingDays returns the n-th working day before from, which itself is not
// counted: the last day on which something due n working days ahead is in time.
// n must be at least 1.
func (c *Calendar) SubWorkingDays(from Date, n int) (Date, error) {
	i, err := c.index(from)
	if err != nil {
		return Date{}, err
	}
	if n < 1 {
		return Date{}, fault.Field("limit", "civil.limit_negative", fault.Args{"n": n})
	}
	k := int(c.rank[i]) - n
	if c.works(i) {
		k--
	}
	if k < 0 {
		return Date{}, unknown(c.first.Year() - 1)
	}
	return Date{c.first.n + c.nth[k]}, nil
}

// WorkingDaysBetween counts the working days after from up to and including
// to; the count is negative when to is earlier.
func (c *Calendar) WorkingDaysBetween(from, to Date) (int, error) {
	i, err := c.index(from)
	if err != nil {
		return 0, err
	}
	j, err := c.index(to)
	if err != nil {
		return 0, err
	}
	return int(c.rank[j] - c.rank[i]), nil
}

// IsWorking reports whether d is a working day.
func (c *Calendar) IsWorking(d Date) (bool, error) {
	i, err := c.index(d)
	if err != nil {
		return false, err
	}
	return c.works(i), nil
}

// works reports whether the i-th day is worked: then it is the last of the
// working days up to itself.
func (c *Calendar) works(i int) bool {
	k := c.rank[i]
	return k > 0 && c.nth[k-1] == int32(i)
}

// NextWorking returns d when it is a working day, else the next one.
func (c *Calendar) NextWorking(d Date) (Date, error) {
	i, err := c.index(d)
	if err != nil {
		return Date{}, err
	}
	if c.works(i) {
		return d, nil
	}
	return c.AddWorkingDays(d, 1)
}

// Exception returns the dated exception of a day, if it has one.
func (c *Calendar) Exception(d Date) (Exception, bool) {
	i, err := c.index(d)
	if err != nil || c.note[i] < 0 {
		return Exception{}, false
	}
	return c.spec.Days[c.note[i]], true
}

// Year returns what the calendar says about a year.
func (c *Calendar) Year(year int) (Year, error) {
	k := year - c.spec.Years[0].Year
	if k < 0 || k >= len(c.spec.Years) {
		return Year{}, unknown(year)
	}
	return c.spec.Years[k], nil
}

// provisional reports whether any day from a to b lies in a provisional year.
func (c *Calendar) provisional(a, b Date) bool {
	for _, y := range c.spec.Years {
		if y.Status == ProvisionalYear && y.Year >= a.Year() && y.Year <= b.Year() {
			return true
		}
	}
	return false
}
