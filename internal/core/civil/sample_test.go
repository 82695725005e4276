package civil_test

import (
	"encoding/json"
	"os"
	"testing"

	"github.com/motcua/motcua/internal/civildata"
	"github.com/motcua/motcua/internal/core/civil"
)

// sample is a file of invented dossiers whose days were computed elsewhere by
// two other methods.
type sample struct {
	OfficeHours []string        `json:"office_hours"`
	Dossiers    []sampleDossier `json:"dossiers"`
}

type sampleDossier struct {
	ID          string          `json:"id"`
	SubmittedAt string          `json:"submitted_at"`
	AcceptedAt  *string         `json:"accepted_at"`
	Limit       civil.Limit     `json:"time_limit"`
	Policy      *string         `json:"supplement_policy"`
	FirstDueOn  civil.Date      `json:"first_due_date"`
	DueOn       civil.Date      `json:"due_date"`
	DueAt       *string         `json:"due_at"`
	CompletedOn civil.Date      `json:"completed_at"`
	AsOf        civil.Date      `json:"as_of"`
	LateBy      int             `json:"late_working_days"`
	Segments    []sampleSegment `json:"segments"`
	Timeline    []struct {
		At   string `json:"at"`
		Type string `json:"type"`
	} `json:"timeline"`
}

type sampleSegment struct {
	Start      string      `json:"start"`
	Limit      civil.Limit `json:"limit"`
	Counted    []civil.Date
	Skipped    []struct{ Date civil.Date }
	MadeUp     []struct{ Date civil.Date } `json:"made_up_working_days"`
	NominalEnd civil.Date                  `json:"nominal_end"`
	DueOn      civil.Date                  `json:"due_date"`
	Used       int                         `json:"used_before_pause"`
}

// stops reads the ledger from the timeline.
func (d sampleDossier) stops(t *testing.T) []civil.Stop {
	var all []civil.Stop
	for _, e := range d.Timeline {
		switch e.Type {
		case "yeu_cau_bo_sung":
			all = append(all, stop(t, civil.StopSupplement, sampleTime(e.At), ""))
		case "bo_sung":
			all[len(all)-1].ToAt = at(t, sampleTime(e.At))
		}
	}
	return all
}

func (d sampleDossier) policy() civil.Policy {
	if d.Policy != nil && *d.Policy == "tinh_lai_tu_dau" {
		return civil.Restart
	}
	return civil.Pause
}

func sampleTime(s string) string { return s[:10] + " " + s[11:16] }

// All dossiers of the sample agree to the day, segment by segment, and to the
// minute for hours and starts.
//
// Where the sample and the vectors of the domain reference differ, both are
// kept as data: the sample's offices close at 17:30, those of the vectors at
// 17:00, so the sample is counted with its own hours. "giờ" in the sample is
// hours by the clock; "giờ làm việc", which the reference speaks of, is another
// unit. The sample has no reception on Saturdays; reference vector 9 has it.
func TestSampleDossiers(t *testing.T) {
	text, err := os.ReadFile("testdata/dossiers_sample.json")
	if err != nil {
		t.Fatal(err)
	}
	var file sample
	if err := json.Unmarshal(text, &file); err != nil {
		t.Fatal(err)
	}
	var hours []civil.Interval
	for _, s := range file.OfficeHours {
		iv, err := civil.ParseInterval(s)
		if err != nil {
			t.Fatal(err)
		}
		hours = append(hours, iv)
	}
	cal, err := civildata.Default().Derive(civil.Own{Hours: hours})
	if err != nil {
		t.Fatal(err)
	}
	if len(file.Dossiers) != 60 {
		t.Fatalf("%d dossiers, want 60", len(file.Dossiers))
	}
	for _, d := range file.Dossiers {
		t.Run(d.ID, func(t *testing.T) { checkSample(t, cal, d) })
	}
}

func checkSample(t *testing.T, cal *civil.Calendar, d sampleDossier) {
	got := due(t, cal, civil.DueInput{
		ReceivedAt: at(t, sampleTime(d.SubmittedAt)), Limit: d.Limit, Stops: d.stops(t), Policy: d.policy(),
	})
	if d.AcceptedAt == nil { // reception was refused: there is nothing to compare but that it can be counted
		if len(d.Segments) != 0 || got.DueOn.IsZero() {
			t.Errorf("due %v, sample has %d segments", got.DueOn, len(d.Segments))
		}
		return
	}
	if !got.StartAt.Equal(at(t, sampleTime(*d.AcceptedAt))) {
		t.Errorf("starts %v, want %s", got.StartAt, *d.AcceptedAt)
	}
	if got.DueOn != d.DueOn || got.Segments[0].DueOn != d.FirstDueOn {
		t.Errorf("due %v, first %v, want %v, %v", got.DueOn, got.Segments[0].DueOn, d.DueOn, d.FirstDueOn)
	}
	if d.DueAt != nil && !got.DueAt.Equal(at(t, sampleTime(*d.DueAt))) {
		t.Errorf("due %v, want %s", got.DueAt, *d.DueAt)
	}
	if len(got.Segments) != len(d.Segments) {
		t.Fatalf("%d segments, want %d", len(got.Segments), len(d.Segments))
	}
	for i, want := range d.Segments {
		checkSampleSegment(t, got.Segments[i], want)
	}
	if end := max(d.CompletedOn.String(), d.AsOf.String()); end != "" {
		late, err := cal.WorkingDaysBetween(got.DueOn, on(t, end))
		if err != nil || max(0, late) != d.LateBy {
			t.Errorf("late by %d, %v, want %d", late, err, d.LateBy)
		}
	}
}

func checkSampleSegment(t *testing.T, got civil.Segment, want sampleSegment) {
	t.Helper()
	if !got.StartAt.Equal(at(t, sampleTime(want.Start))) || got.DueOn != want.DueOn || got.Used != want.Used {
		t.Errorf("starts %v, due %v, used %d, want %s, %v, %d", got.StartAt, got.DueOn, got.Used, want.Start, want.DueOn, want.Used)
	}
	if got.Limit != want.Limit || got.NominalEnd != want.NominalEnd {
		t.Errorf("limit %v to %v, want %v to %v", got.Limit, got.NominalEnd, want.Limit, want.NominalEnd)
	}
	if got.Limit.Unit == civil.WorkingDays && !equalDates(got.Counted, want.Counted) { // the sample lists no other
		t.Errorf("counted %v, want %v", got.Counted, want.Counted)
	}
	var skipped, madeUp []civil.Date
	for _, s := range want.Skipped {
		skipped = append(skipped, s.Date)
	}
	for _, s := range want.MadeUp {
		madeUp = append(madeUp, s.Date)
	}
	var gotSkipped []civil.Date
	for _, s := range got.Skipped {
		gotSkipped = append(gotSkipped, s.Date)
	}
	if !equalDates(gotSkipped, skipped) || !equalDates(got.MadeUp, madeUp) {
		t.Errorf("skipped %v, made up %v, want %v, %v", gotSkipped, got.MadeUp, skipped, madeUp)
	}
}

func equalDates(a, b []civil.Date) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}
