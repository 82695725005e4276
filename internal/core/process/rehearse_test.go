package process

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/motcua/motcua/internal/civildata"
	"github.com/motcua/motcua/internal/core/civil"
)

// monday is the opening of Monday 2 November 2026; a day has 07:30–11:30 and
// 13:30–17:00, which is seven and a half hours.
func monday() time.Time { return civil.NewDate(2026, 11, 2).At(7*60 + 30) }

func minutesOf(m map[string]int) Minutes { return func(s Step) int { return m[s.ID] } }

func TestRehearse(t *testing.T) {
	s, e := step("s", KindStart), step("e", KindEnd)
	a, b, c, back := step("a", KindHandle), step("b", KindConsult), step("c", KindApprove), step("r", KindReturn)
	p, j, x := step("p", KindParallel), step("j", KindParallel), step("x", KindBranch)
	wait := step("w", KindWaitApplicant)
	timer := Step{ID: "t", Kind: KindTimer, On: "a", After: 30}
	tests := []struct {
		name     string
		template Template
		guards   map[string]Guard
		minutes  map[string]int
		end      string // office minutes after the start
		steps    string
		failed   string
	}{
		{"one after the other", drawn([]Step{s, a, c, back, e}, "s>a", "a>c", "c>r", "r>e"), nil, map[string]int{"a": 300, "c": 240, "r": 5000}, "540", "a c r", ""},
		{"parts run side by side", drawn([]Step{s, p, a, b, j, back, e}, "s>p", "p>a", "p>b", "a>j", "b>j", "j>r", "r>e"), nil, map[string]int{"a": 60, "b": 400}, "400", "a b r", ""},
		{"a wait takes no time", drawn([]Step{s, a, wait, back, e}, "s>a", "a>w", "w>r", "r>e"), nil, map[string]int{"a": 60}, "60", "a r", ""},
		{"a condition looks at the outcome", drawn([]Step{s, a, x, b, c, back, e}, "s>a", "a>x", "x>b?agree", "x>c!", "b>r", "c>r", "r>e"),
			map[string]Guard{"agree": func(f Facts) (bool, error) { return f.Outcome == "outcome of a", nil }}, map[string]int{"a": 10, "b": 20, "c": 500}, "30", "a b r", ""},
		{"a timer that interrupts", drawn([]Step{s, a, timer, c, back, e}, "s>a", "a>r", "t>c", "c>r", "r>e"), nil, map[string]int{"a": 100, "c": 10}, "40", "a c r", ""},
		{"without a return it ends with the last step", drawn([]Step{s, a, e}, "s>a", "a>e"), nil, map[string]int{"a": 60}, "60", "a", ""},
		{"a loop that the facts never leave", drawn([]Step{s, a, x, back, e}, "s>a", "a>x", "x>a?again", "x>r!", "r>e"),
			map[string]Guard{"again": func(Facts) (bool, error) { return true, nil }}, map[string]int{"a": 10}, "", "", "process.rehearsal_loop"},
		{"no branch is true", drawn([]Step{s, a, x, b, back, e}, "s>a", "a>x", "x>b?never", "x>r?never", "b>r", "r>e"),
			map[string]Guard{"never": func(Facts) (bool, error) { return false, nil }}, map[string]int{"a": 10}, "", "", "process.no_branch"},
	}
	cal := civildata.Default()
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			due, err := cal.AddWorkingMinutes(monday(), 450)
			if err != nil {
				t.Fatal(err)
			}
			past := Past{ID: "d", StartAt: monday(), DueAt: due, Minutes: minutesOf(tt.minutes), Outcome: func(s Step) string { return "outcome of " + s.ID }}
			got, err := mustCompile(t, tt.template, tt.guards).Rehearse(past, cal)
			if err != nil {
				t.Fatal(err)
			}
			if tt.failed != "" {
				if got.Failed == nil || got.Failed.Key != tt.failed {
					t.Fatalf("Rehearse = %+v, want %s", got, tt.failed)
				}
				return
			}
			steps, want := "", 0
			for i, spent := range got.Spent {
				if i > 0 {
					steps += " "
				}
				steps += spent.Step
			}
			for _, digit := range tt.end {
				want = want*10 + int(digit-'0')
			}
			if got.Failed != nil || got.Minutes != want || steps != tt.steps || got.Late != (want > 450) {
				t.Errorf("Rehearse = %d minutes, late %v, steps %q, want %d, %q", got.Minutes, got.Late, steps, want, tt.steps)
			}
		})
	}
}

// Whatever the process and the times: a dossier takes at least its longest task
// and at most all of them one after the other.
func TestRehearsalStaysBetweenItsBounds(t *testing.T) {
	cal := civildata.Default()
	rapid.Check(t, func(t *rapid.T) {
		template := drawTemplate(t)
		guards := map[string]Guard{}
		for _, c := range template.Conditions() {
			guards[c] = func(Facts) (bool, error) { return rapid.IntRange(0, 3).Draw(t, "branch") == 0, nil }
		}
		g, err := Compile(template, guards)
		if err != nil {
			t.Fatal(err)
		}
		minutes := map[string]int{}
		for _, s := range template.Tasks() {
			minutes[s.ID] = rapid.IntRange(0, 900).Draw(t, "minutes")
		}
		got, err := g.Rehearse(Past{StartAt: monday(), Minutes: minutesOf(minutes), Outcome: func(Step) string { return "" }}, cal)
		if err != nil {
			t.Fatal(err)
		}
		if got.Failed != nil {
			if got.Failed.Key != "process.rehearsal_loop" {
				t.Fatalf("failed: %+v", got.Failed)
			}
			return
		}
		sum, returned := 0, false
		for _, s := range got.Spent {
			sum += s.Minutes
			returned = returned || s.Kind == KindReturn
		}
		if got.Minutes > sum || got.EndAt.Before(got.StartAt) || !returned && sum > 0 && got.Minutes == 0 && len(got.Spent) == 1 {
			t.Errorf("%d minutes of %d, from %v to %v", got.Minutes, sum, got.StartAt, got.EndAt)
		}
	})
}

func TestForeseeFindsTheBottleneck(t *testing.T) {
	spent := func(step string, minutes, share int) Spent { return Spent{Step: step, Minutes: minutes, Share: share} }
	courses := []Course{
		{ID: "1", Minutes: 100, Spent: []Spent{spent("a", 90, 100), spent("b", 10, 5)}},
		{ID: "2", Minutes: 300, Late: true, Spent: []Spent{spent("a", 90, 100), spent("b", 210, 5)}},
		{ID: "3", Minutes: 200, Spent: []Spent{spent("a", 190, 100), spent("b", 10, 5)}},
	}
	got := Foresee(courses)
	want := Forecast{N: 3, Late: 1, Median: 200, P80: 300, Bottleneck: "b", Steps: []StepTimes{
		{Step: "a", N: 3, Share: 100, Median: 90, P80: 190, Over: 1, Lost: 90, Total: 370},
		{Step: "b", N: 3, Share: 5, Median: 10, P80: 210, Over: 3, Lost: 215, Total: 230},
	}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("Foresee (-want +got):\n%s", diff)
	}
	if got := Foresee(nil); got.N != 0 || got.Bottleneck != "" {
		t.Errorf("Foresee of nothing = %+v", got)
	}
	calm := Foresee([]Course{{Minutes: 30, Spent: []Spent{spent("a", 10, 100), spent("b", 20, 100)}}})
	if calm.Bottleneck != "b" {
		t.Errorf("where nothing is lost the longest step counts, got %q", calm.Bottleneck)
	}
}

func TestMeasureSteps(t *testing.T) {
	var samples []Sample
	for i := 1; i <= 5; i++ {
		samples = append(samples, Sample{KindHandle, "so-a", i * 10})
	}
	samples = append(samples, Sample{KindHandle, "so-b", 1000}, Sample{KindApprove, "so-b", 7})
	list := MeasureSteps(samples)
	m := NewMeasures(list)
	for _, tt := range []struct {
		kind Kind
		unit string
		want Measure
		ok   bool
	}{
		{KindHandle, "so-a", Measure{KindHandle, "so-a", 5, 30, 40}, true},
		{KindHandle, "so-b", Measure{KindHandle, "", 6, 30, 50}, true}, // one task is too few to believe
		{KindHandle, "so-c", Measure{KindHandle, "", 6, 30, 50}, true},
		{KindSign, "so-a", Measure{}, false},
	} {
		if got, ok := m.Of(tt.kind, tt.unit); ok != tt.ok || got != tt.want {
			t.Errorf("Of(%s, %s) = %+v, %v, want %+v", tt.kind, tt.unit, got, ok, tt.want)
		}
	}
	minutes := m.Minutes(func(s Step) string { return s.Unit })
	if got := minutes(Step{Kind: KindSign, Unit: "so-a", Share: 45}); got != 45 {
		t.Errorf("a step that was never measured takes %d, want its share", got)
	}
	rapid.Check(t, func(t *rapid.T) {
		shuffled := rapid.Permutation(samples).Draw(t, "order")
		if diff := cmp.Diff(list, MeasureSteps(shuffled)); diff != "" {
			t.Errorf("another order gives another answer:\n%s", diff)
		}
	})
}

func TestAhead(t *testing.T) {
	s, e := step("s", KindStart), step("e", KindEnd)
	a, b, c, d := step("a", KindHandle), step("b", KindConsult), step("c", KindApprove), step("d", KindIssue)
	p, j, x := step("p", KindParallel), step("j", KindParallel), step("x", KindBranch)
	template := drawn([]Step{s, a, p, b, c, j, x, d, e}, "s>a", "a>p", "p>b", "p>c", "b>j", "c>j", "j>x", "x>a?again", "x>d!", "d>e")
	g := mustCompile(t, template, map[string]Guard{"again": always(false)})
	minutes := minutesOf(map[string]int{"a": 1, "b": 10, "c": 100, "d": 1000})
	for step, want := range map[string]int{"a": 1101, "b": 1010, "c": 1100, "d": 1000, "e": 0, "nowhere": 0} {
		if got := g.Ahead(step, minutes); got != want {
			t.Errorf("Ahead(%s) = %d, want %d", step, got, want)
		}
	}
	var names string
	for _, s := range g.Following("c") {
		names += s.ID
	}
	if names != "abcd" { // the loop leads back
		t.Errorf("Following(c) = %q", names)
	}
	if got := g.Following("d"); got != nil {
		t.Errorf("Following(d) = %v", got)
	}
}
