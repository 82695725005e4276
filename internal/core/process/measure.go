package process

import (
	"cmp"
	"slices"
)

// Sample is the working time that one finished task took, in minutes.
type Sample struct {
	Kind    Kind
	Unit    string // code of the unit that did it
	Minutes int
}

// Measure is what tasks of a kind took in a unit (thời gian đo được): how many
// were measured, the median and the time within which four of five were done.
type Measure struct {
	Kind   Kind   `json:"kind"`
	Unit   string `json:"unit"` // empty = in all units together
	N      int    `json:"n"`
	Median int    `json:"median"` // working minutes
	P80    int    `json:"p80"`
}

// Measures are measured times by kind and unit.
type Measures struct{ all map[measured]Measure }

type measured struct {
	kind Kind
	unit string
}

// leastSamples is how many tasks a unit must have done before its own median is
// believed; below, that of all units counts.
const leastSamples = 5

// MeasureSteps measures samples: each kind in each unit, and each kind in all
// units together. The answer does not depend on their order.
func MeasureSteps(samples []Sample) []Measure {
	groups := map[measured][]int{}
	for _, s := range samples {
		for _, unit := range []string{s.Unit, ""} {
			k := measured{s.Kind, unit}
			groups[k] = append(groups[k], s.Minutes)
		}
	}
	all := make([]Measure, 0, len(groups))
	for k, minutes := range groups {
		slices.Sort(minutes)
		all = append(all, Measure{k.kind, k.unit, len(minutes), quantile(minutes, 50), quantile(minutes, 80)})
	}
	slices.SortFunc(all, func(a, b Measure) int { return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Unit, b.Unit)) })
	return all
}

// quantile is the smallest value that percent of the sorted values do not
// exceed; 0 of none.
func quantile(sorted []int, percent int) int {
	if len(sorted) == 0 {
		return 0
	}
	return sorted[max(0, (len(sorted)*percent+99)/100-1)]
}

// NewMeasures makes measures fit to be asked.
func NewMeasures(list []Measure) Measures {
	m := Measures{all: make(map[measured]Measure, len(list))}
	for _, one := range list {
		m.all[measured{one.Kind, one.Unit}] = one
	}
	return m
}

// Else fills what m has not measured from other measures.
func (m Measures) Else(o Measures) Measures {
	all := make(map[measured]Measure, len(m.all)+len(o.all))
	for k, one := range o.all {
		all[k] = one
	}
	for k, one := range m.all {
		all[k] = one
	}
	return Measures{all}
}

// Of is the measure of a kind in a unit; where the unit has done too few, that
// of all units together. False when nothing was measured at all.
func (m Measures) Of(k Kind, unit string) (Measure, bool) {
	if one, ok := m.all[measured{k, unit}]; ok && one.N >= leastSamples {
		return one, true
	}
	one, ok := m.all[measured{k, ""}]
	return one, ok
}

// Minutes says how long a step takes: its measured median, else its share. unit
// gives the code of a step's unit.
func (m Measures) Minutes(unit func(Step) string) Minutes {
	return func(s Step) int {
		if one, ok := m.Of(s.Kind, unit(s)); ok {
			return one.Median
		}
		return s.Share
	}
}
