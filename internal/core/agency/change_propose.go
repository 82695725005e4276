package agency

import (
	"slices"
	"time"

	"github.com/motcua/motcua/internal/core/fault"
)

// ProposeSteps makes the steps that a recorded list of units asks for on a day:
// one for each unit of the list that ended on the day before and has no heir yet.
// A unit whose code goes on needs none.
//
// What the list leaves open is a proposal for somebody to decide: where a unit
// went to several, the first of the same name, else the first one; for a
// district, which has no successor of its kind, the commune of the same name,
// else the one that took in most of its communes.
func ProposeSteps(t *Tree, day string) ([]Step, error) {
	on, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return nil, fault.Field("on", "agency.day_form", fault.Args{"day": day})
	}
	eve := on.AddDate(0, 0, -1).Format(time.DateOnly)
	ended := t.At(eve, func(u Unit) bool { return u.ValidTo == eve && u.Heir == "" })
	var steps []Step
	heirs := map[string][]string{} // of each unit that ended, by id
	for _, u := range ended {
		for _, v := range t.SuccessorsOn(u, day) {
			heirs[u.ID] = append(heirs[u.ID], v.Code)
		}
	}
	for _, u := range ended {
		to := heirs[u.ID]
		if len(to) == 0 {
			to = t.heirsBelow(u, ended, heirs, day)
		}
		heir := t.chosen(u, to, day)
		steps = append(steps, Step{Act: CloseUnit, Units: []string{u.Code}, Heir: heir})
	}
	slices.SortStableFunc(steps, func(x, y Step) int { return len(x.Units[0]) - len(y.Units[0]) })
	return steps, nil
}

// SuccessorsOn returns the units in force on a day that say they were formed from
// a unit, of its province or of the one into which the province went.
func (t *Tree) SuccessorsOn(u Unit, day string) []Unit {
	provinces := []string{u.Province}
	if old, ok := t.Find(u.Province, u.ValidTo); ok {
		for _, v := range t.At(day, func(v Unit) bool { return v.Kind == Area && v.Level == Province && namesLower(v.Former, old.FullName) }) {
			provinces = append(provinces, v.Code)
		}
	}
	return t.At(day, func(v Unit) bool {
		return v.Kind == u.Kind && v.Level == u.Level && slices.Contains(provinces, v.Province) && v.ValidFrom == day && namesLower(v.Former, u.FullName)
	})
}

// heirsBelow collects what became of the units below one, those of its own name
// and those that took in most of them first.
func (t *Tree) heirsBelow(u Unit, ended []Unit, heirs map[string][]string, day string) []string {
	count := map[string]int{}
	var order []string
	for _, below := range ended {
		if below.Parent != u.ID {
			continue
		}
		for _, code := range heirs[below.ID] {
			if count[code]++; count[code] == 1 {
				order = append(order, code)
			}
		}
	}
	slices.SortStableFunc(order, func(x, y string) int { return count[y] - count[x] })
	return order
}

// chosen is the code of the same name among several, else the first.
func (t *Tree) chosen(u Unit, codes []string, day string) string {
	for _, code := range codes {
		if v, ok := t.Find(code, day); ok && v.Name == u.Name {
			return code
		}
	}
	if len(codes) == 0 {
		return ""
	}
	return codes[0]
}
