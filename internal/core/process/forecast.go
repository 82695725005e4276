package process

import (
	"cmp"
	"slices"
)

// Forecast sums courses up: how many would be late, how long they take, and
// where they lose their time.
type Forecast struct {
	N      int         `json:"n"` // courses that came to an end
	Late   int         `json:"late"`
	Median int         `json:"median"` // working minutes from start to end
	P80    int         `json:"p80"`
	Steps  []StepTimes `json:"steps"`
	// Bottleneck is the step at which most working time is lost beyond its share
	// (điểm nghẽn); where nothing is lost, the one that takes most. Empty of none.
	Bottleneck string   `json:"bottleneck,omitempty"`
	Failed     []Course `json:"failed,omitempty"`
}

// StepTimes is what one step takes in all courses.
type StepTimes struct {
	Step   string `json:"step"`
	Name   string `json:"name"`
	Kind   Kind   `json:"kind"`
	Unit   string `json:"unit"`
	N      int    `json:"n"`
	Share  int    `json:"share"`
	Median int    `json:"median"`
	P80    int    `json:"p80"`
	Over   int    `json:"over"`  // how often beyond its share
	Lost   int    `json:"lost"`  // working minutes beyond it, together
	Total  int    `json:"total"` // working minutes, together
}

// Foresee sums courses up. Steps stand in the order in which they were first
// met.
func Foresee(courses []Course) Forecast {
	var f Forecast
	var whole []int
	place := map[[2]string]int{}
	var minutes [][]int
	for _, c := range courses {
		if c.Failed != nil {
			f.Failed = append(f.Failed, c)
			continue
		}
		f.N++
		whole = append(whole, c.Minutes)
		if c.Late {
			f.Late++
		}
		for _, s := range c.Spent {
			key := [2]string{s.Step, s.Unit}
			at, known := place[key]
			if !known {
				at = len(f.Steps)
				place[key] = at
				f.Steps = append(f.Steps, StepTimes{Step: s.Step, Name: s.Name, Kind: s.Kind, Unit: s.Unit, Share: s.Share})
				minutes = append(minutes, nil)
			}
			t := &f.Steps[at]
			t.N++
			t.Total += s.Minutes
			t.Lost += s.Over()
			if s.Over() > 0 {
				t.Over++
			}
			minutes[at] = append(minutes[at], s.Minutes)
		}
	}
	slices.Sort(whole)
	f.Median, f.P80 = quantile(whole, 50), quantile(whole, 80)
	for i := range f.Steps {
		slices.Sort(minutes[i])
		f.Steps[i].Median, f.Steps[i].P80 = quantile(minutes[i], 50), quantile(minutes[i], 80)
	}
	f.Bottleneck = bottleneck(f.Steps)
	return f
}

func bottleneck(steps []StepTimes) string {
	if len(steps) == 0 {
		return ""
	}
	worst := slices.MaxFunc(steps, func(a, b StepTimes) int {
		return cmp.Or(cmp.Compare(a.Lost, b.Lost), cmp.Compare(a.Total, b.Total))
	})
	if worst.Total == 0 {
		return ""
	}
	return worst.Step
}
