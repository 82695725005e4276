package dossier

import (
	"time"

	"github.com/motcua/motcua/internal/core/civil"
	"github.com/motcua/motcua/internal/core/process"
)

// ControlRow is one row pair of the control slip (phiếu kiểm soát quá trình
// giải quyết hồ sơ): who gave the dossier to whom, when, and whether the step
// that ended with it was early, on time or late.
type ControlRow struct {
	Handover
	Judged  bool // the step had a due time and the hand-over has arrived
	Verdict civil.Punctuality
}

// ControlSlip lists every hand-over of the dossier in order. A step is judged
// by day against its own due time, the last one against the promise; the
// receiving side's confirmation is what counts.
func (d Dossier) ControlSlip() []ControlRow {
	rows := make([]ControlRow, 0, len(d.Handovers))
	for _, h := range d.Handovers {
		r := ControlRow{Handover: h}
		if h.GotAt != nil && !h.DueAt.IsZero() {
			r.Judged = true
			r.Verdict = byDay(h.DueAt, *h.GotAt)
		}
		rows = append(rows, r)
	}
	return rows
}

func byDay(due, end time.Time) civil.Punctuality {
	switch d, e := civil.DateOf(due), civil.DateOf(end); {
	case e.Before(d):
		return civil.Early
	case e.After(d):
		return civil.Late
	default:
		return civil.OnTime
	}
}

// PublicView is all that a tracking page may show without an account: where the
// dossier is and what comes next, nothing about a person (TT 01/2018 art 16 d).
type PublicView struct {
	Code        string
	Procedure   string
	Status      Status
	Unit        string // unit that has it now
	Since       time.Time
	Next        TaskKind // what comes next; empty at the end
	DueOn       civil.Date
	DueAt       time.Time
	Provisional bool
	Waiting     bool // for the applicant
	Overdue     bool
	Steps       []PublicStep
}

// PublicStep is one finished step, in words that name no person.
type PublicStep struct {
	Kind TaskKind
	Unit string
	At   time.Time
}

// Public gives the tracking view at an instant.
func (d Dossier) Public(now time.Time) PublicView {
	v := PublicView{
		Code: d.Name(), Procedure: d.Procedure.Name, Status: d.Status, Unit: d.UnitName, Since: d.StatusAt,
		DueOn: d.Deadline.DueOn, DueAt: d.Deadline.DueAt, Provisional: d.Deadline.Provisional,
		Waiting: d.Status.Waiting(), Overdue: d.Overdue(now),
	}
	if t, ok := d.Current(); ok {
		v.Unit, v.Since, v.Next = t.UnitName, t.OpenedAt, t.Kind
	}
	if h, ok := d.OpenHandover(); ok {
		v.Unit = h.ToName
	}
	for _, t := range d.Done {
		if t.Ended == process.ByDone {
			v.Steps = append(v.Steps, PublicStep{Kind: t.Kind, Unit: t.UnitName, At: *t.ClosedAt})
		}
	}
	return v
}
