// Package ruleset says which legal framework applies to a dossier by its day of
// reception: when the clock starts, what a supplement does to it, how codes are
// written, which forms are printed under which number and name, who is warned
// when. Frameworks are dated parts that replace one another piece by piece, and
// they are data (part.go, form.go); a dossier keeps the set that was in force
// when it was received, so its day of reception is enough to find it again.
//
//	set, err := ruleset.On(civil.NewDate(2026, 11, 24))
//	form, ok := set.Form(ruleset.Apology) // Mẫu 04, under the name of that day
package ruleset

import (
	"slices"
	"time"

	"github.com/motcua/motcua/internal/core/civil"
	"github.com/motcua/motcua/internal/core/fault"
)

// Set is the framework in force on a day.
type Set struct {
	Name   string       // short name of the framework: qd09, nd61, nd107, nd118, nd309
	Policy civil.Policy // what a supplement does to the clock
	// SupplementWithin is the number of working days after reception within
	// which the agency may ask for a supplement at examination.
	SupplementWithin int
	Supplements      []SupplementRule // what may be asked for, by kind
	Expiry           ExpiryRule
	Clock            ClockStart
	// EndOfDay makes limits in days and months end at closing time instead of
	// the start's time of day.
	EndOfDay bool
	Code     CodeForm
	Apology  ApologyRule
	Ladder   []Rung // warnings before the promised day, the earliest first
	Collect  CollectRule
	// OnlineAnswer is the time to answer an online submission, in working
	// hours; 0 before there was such a rule.
	OnlineAnswer int
	// PaperCutoff is the hour of reception after which paper leaves at the start
	// of the next working day. It never moves the clock.
	PaperCutoff civil.TimeOfDay
	Parts       []Part // the parts in force that made the set, the oldest first

	forms []Form
}

// ClockStart says when time begins to run for a dossier that was received by
// another unit than the competent agency's.
type ClockStart string

// Time runs from complete reception, or, for reception regardless of boundaries
// (không phụ thuộc địa giới hành chính), from arrival at the competent agency.
const (
	AtReception ClockStart = "reception"
	AtArrival   ClockStart = "arrival"
)

// Elsewhere reports whether the clock waits for the arrival of a dossier that
// was received elsewhere: the value for civil.DueInput.Elsewhere.
func (s Set) Elsewhere(receivedElsewhere bool) bool {
	return receivedElsewhere && s.Clock == AtArrival
}

// CodeForm is how the agency part of a dossier code is written.
type CodeForm string

// The agency part has 13 characters (000.00.12.H36: QCVN 102:2016/BTTTT), or
// is the shorter one that begins with the first-level identifier (H36.12: QĐ
// 20/2020/QĐ-TTg).
const (
	Agency13    CodeForm = "agency13"
	AgencyShort CodeForm = "agencyShort"
)

// SupplementKind tells apart the two requests for papers (yêu cầu bổ sung).
type SupplementKind string

// At reception everything lacking is asked for at once; at examination the
// agency finds the dossier not eligible yet.
const (
	SupplementAtReception   SupplementKind = "reception"
	SupplementAtExamination SupplementKind = "examination"
)

// SupplementRule is what may be asked of the applicant. A further request of
// the kind needs a leader and a legal ground of its own.
type SupplementRule struct {
	Kind   SupplementKind
	Most   int // requests without a leader's leave
	Within int // working days after reception; 0 is any time
}

// SupplementRule returns the rule of a kind; the zero rule when there is none.
func (s Set) SupplementRule(kind SupplementKind) SupplementRule {
	for _, r := range s.Supplements {
		if r.Kind == kind {
			return r
		}
	}
	return SupplementRule{}
}

// ExpiryRule says when an unanswered request for papers expires.
type ExpiryRule struct {
	Days   int   // calendar days after the request
	Remind []int // reminders, in calendar days before it expires, the earliest first
}

// On returns the day on which a request made on asked expires: the first
// working day from there on which the applicant can still come (Civil Code
// 91/2015/QH13, Art. 148(5)). It fails as civil.Calendar does.
func (e ExpiryRule) On(cal *civil.Calendar, asked civil.Date) (civil.Date, error) {
	return cal.NextWorking(asked.AddDays(e.Days))
}

// Reminders returns the days on which to remind of a request that expires on a
// day, the earliest first.
func (e ExpiryRule) Reminders(expires civil.Date) []civil.Date {
	days := make([]civil.Date, len(e.Remind))
	for i, n := range e.Remind {
		days[i] = expires.AddDays(-n)
	}
	return days
}

// ApologyRule is what a breach asks for (phiếu xin lỗi và hẹn lại).
type ApologyRule struct {
	Before int // working days before the promised day by which notice is due
	Most   int // re-appointments
}

// By returns the last day on which notice and apology are in time for a promise
// on due. It fails as civil.Calendar does.
func (a ApologyRule) By(cal *civil.Calendar, due civil.Date) (civil.Date, error) {
	return cal.SubWorkingDays(due, a.Before)
}

// CollectRule says how a result is chased that nobody comes to take (kết quả chưa
// có người nhận).
type CollectRule struct {
	Remind []int // reminders to the applicant, in calendar days after the result was there
	Call   int   // calendar days after which an officer calls; 0 = never
}

// Listener is whom a warning reaches.
type Listener string

// The rungs of the ladder: the officer who has the dossier (cán bộ xử lý hồ
// sơ), the leader of the agency, the centre.
const (
	Handler Listener = "handler"
	Leader  Listener = "leader"
	Centre  Listener = "centre"
)

// Rung is one warning of the ladder.
type Rung struct {
	To     Listener
	Before int // working days before the promised day; 0 is the day itself
}

// At returns when the warning goes out for a promise on due: at opening time. A
// limit shorter than the rung gives an instant before its start, which means
// at once. It fails as civil.Calendar does.
func (r Rung) At(cal *civil.Calendar, due civil.Date) (time.Time, error) {
	day := due
	if r.Before > 0 {
		var err error
		if day, err = cal.SubWorkingDays(due, r.Before); err != nil {
			return time.Time{}, err
		}
	}
	return cal.Opening(day), nil
}

// ToConfirm returns the parts in force whose text has not been read at its
// source: an administrator confirms them.
func (s Set) ToConfirm() []Part {
	return slices.DeleteFunc(slices.Clone(s.Parts), func(p Part) bool { return p.Confirmed })
}

// On returns the set in force on a day. It fails with fault.Invalid under
// ruleset.before_all for a day before the first framework.
func On(day civil.Date) (Set, error) {
	if first := parts[0].From; day.Before(first) {
		return Set{}, fault.Field("receivedAt", "ruleset.before_all", fault.Args{"date": day.Show(), "from": first.Show()})
	}
	var s Set
	for _, p := range parts {
		if p.From.After(day) {
			break
		}
		p.change.apply(&s)
		s.Parts = append(s.Parts, p.Part)
	}
	return s, nil
}

// ByName returns the framework of a short name as it stood on its last day, for
// asking what its rules would have given. It fails with fault.Invalid under
// ruleset.unknown.
func ByName(name string) (Set, error) {
	until := civil.Date{}
	for _, p := range slices.Backward(parts) {
		if p.change.name == "" {
			continue
		}
		if p.change.name == name {
			if until.IsZero() {
				until = parts[len(parts)-1].From.AddDays(1)
			}
			return On(until.AddDays(-1))
		}
		until = p.From
	}
	return Set{}, fault.Field("rules", "ruleset.unknown", fault.Args{"name": name, "known": Names()})
}

// Names returns the short names of the frameworks, the oldest first.
func Names() []string {
	var all []string
	for _, p := range parts {
		if p.change.name != "" {
			all = append(all, p.change.name)
		}
	}
	return all
}
