package civil

// LunarDate is a day of the Vietnamese lunar calendar (âm lịch), reckoned at
// UTC+7 (Decision 121/CP of 08/08/1967). It serves to propose holidays, never
// to count a limit.
type LunarDate struct {
	Year, Month, Day int
	Leap             bool // the second month of that number in its year
}

// Lunar arithmetic is in whole numbers, so that every machine gets the same
// days: angles in 1e-6 degree, instants in microseconds of ephemeris time
// after noon of 1 January 2000.
const (
	microDegree  = 1_000_000
	circle       = 360 * microDegree
	microDay     = 86_400 * 1_000_000
	synodicMonth = 2_551_442_876_912 // 29.530588861 days
)

// sine returns the sine of an angle in 1e-6 degree, times 1e9.
func sine(angle int64) int64 {
	angle -= floorDiv(angle, circle) * circle
	sign := int64(1)
	if angle >= circle/2 {
		angle, sign = angle-circle/2, -1
	}
	if angle > circle/4 {
		angle = circle/2 - angle
	}
	const one = 1_000_000_000
	x := angle * 31_415_926_536 / 1_800_000_000_000 * 10 // radians times 1e9, coarse
	x = angle*17_453_292/1_000_000 + angle*519_943/1_000_000_000_000
	sq := x * x / one
	term, sum := x, x
	for n := int64(2); n <= 14; n += 2 {
		term = -term * sq / one / (n * (n + 1))
		sum += term
	}
	return sign * sum
}

// cosine is sine a quarter circle on.
func cosine(angle int64) int64 { return sine(angle + circle/4) }

// linear returns a + b·k in 1e-6 degree, for a and b in 1e-8 degree.
func linear(a, b, k int64) int64 { return (a + b*k) / 100 }
