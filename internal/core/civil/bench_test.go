package civil_test

import (
	"testing"

	"github.com/motcua/motcua/internal/civildata"
	"github.com/motcua/motcua/internal/core/civil"
)

func BenchmarkAddWorkingDays250(b *testing.B) {
	cal, from := civildata.Default(), on(b, "2025-03-03")
	b.ReportAllocs()
	for b.Loop() {
		if _, err := cal.AddWorkingDays(from, 250); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkDue60WorkingDays(b *testing.B) {
	cal := civildata.Default()
	in := civil.DueInput{ReceivedAt: at(b, "2026-01-05 09:00"), Limit: civil.Limit{Value: 60, Unit: civil.WorkingDays}}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := civil.Due(cal, in); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkWhy60WorkingDays(b *testing.B) {
	d := due(b, civildata.Default(), civil.DueInput{ReceivedAt: at(b, "2026-01-05 09:00"), Limit: civil.Limit{Value: 60, Unit: civil.WorkingDays}})
	for b.Loop() {
		d.Lines()
	}
}

func BenchmarkLunarOf(b *testing.B) {
	d := on(b, "2027-02-06")
	for b.Loop() {
		if _, err := civil.LunarOf(d); err != nil {
			b.Fatal(err)
		}
	}
}

// Counting working days touches no memory.
func TestAddWorkingDaysAllocatesNothing(t *testing.T) {
	cal, from := civildata.Default(), on(t, "2025-03-03")
	for _, n := range []int{1, 5, 60, 250} {
		if got := testing.AllocsPerRun(100, func() {
			if _, err := cal.AddWorkingDays(from, n); err != nil {
				t.Fatal(err)
			}
		}); got != 0 {
			t.Errorf("AddWorkingDays(%d) allocates %v times", n, got)
		}
	}
}
