package dossier

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestStalls(t *testing.T) {
	now := time.Date(2026, 11, 25, 9, 0, 0, 0, time.UTC)
	ago := func(days int) time.Time { return now.AddDate(0, 0, -days) }
	got := ago(1)
	base := func(change func(*Dossier)) Dossier {
		d := Dossier{Status: Processing, StatusAt: ago(60), Tasks: []Task{{ID: "a", Holder: "s-1", OpenedAt: ago(60)}}}
		d.Deadline.DueAt = ago(-3)
		change(&d)
		return d
	}
	for _, tt := range []struct {
		name  string
		d     Dossier
		there bool
		want  []Stall
	}{
		{"somebody works on it", base(func(*Dossier) {}), true, nil},
		{"nobody is there", base(func(*Dossier) {}), false, []Stall{StallNobody}},
		{"nobody is there, but it waits for the applicant", base(func(d *Dossier) { d.Status = SupplementRequired }), false, nil},
		{"nobody is there, but it has ended", base(func(d *Dossier) { d.Status = Withdrawn }), false, nil},
		{"papers on their way for long", base(func(d *Dossier) { d.Handovers = []Handover{{SentAt: ago(6)}} }), true, []Stall{StallHandover}},
		{"papers that arrived", base(func(d *Dossier) { d.Handovers = []Handover{{SentAt: ago(6), GotAt: &got}} }), true, nil},
		{"data needs no confirmation", base(func(d *Dossier) { d.Handovers = []Handover{{SentAt: ago(6), Data: true}} }), true, nil},
		{"long overdue and still", base(func(d *Dossier) { d.Deadline.DueAt = ago(21) }), true, []Stall{StallIdle}},
		{"long overdue, but it moved", base(func(d *Dossier) { d.Deadline.DueAt, d.Tasks[0].OpenedAt = ago(21), ago(2) }), true, nil},
		{"everything at once", base(func(d *Dossier) { d.Deadline.DueAt, d.Handovers = ago(30), []Handover{{SentAt: ago(9)}} }), false, []Stall{StallNobody, StallHandover, StallIdle}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, tt.d.Stalls(now, func(Task) bool { return tt.there })); diff != "" {
				t.Errorf("Stalls (-want +got):\n%s", diff)
			}
		})
	}
}
