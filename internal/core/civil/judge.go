package civil

import "time"

// Punctuality is how an end compares with the promise.
type Punctuality string

// Early, on time and late (trước hạn, đúng hạn, quá hạn).
const (
	Early  Punctuality = "early"
	OnTime Punctuality = "onTime"
	Late   Punctuality = "late"
)

// Judge compares the end of work with the due instant: by the minute for limits
// in hours, by the Vietnamese day for all others.
func Judge(limit Limit, due, end time.Time) Punctuality {
	a, b := int64(DateOf(due).n), int64(DateOf(end).n)
	if limit.ByHour() {
		a, b = floorDiv(due.Unix(), 60), floorDiv(end.Unix(), 60)
	}
	switch {
	case b < a:
		return Early
	case b > a:
		return Late
	}
	return OnTime
}
