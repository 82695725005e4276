package agency

import (
	"cmp"
	"slices"
	"strings"
)

// Tree is a set of units over time. It is immutable and safe for concurrent use.
type Tree struct {
	units  []Unit
	byID   map[string]int
	byCode map[string][]int
	below  map[string][]int // by id of the unit above
	before map[string][]int // ended units, by code of the one that continues them
}

// NewTree makes a tree; the slice must not change afterwards.
func NewTree(units []Unit) *Tree {
	t := &Tree{units: units, byID: map[string]int{}, byCode: map[string][]int{}, below: map[string][]int{}, before: map[string][]int{}}
	for i, u := range units {
		t.byID[u.ID] = i
		t.byCode[u.Code] = append(t.byCode[u.Code], i)
		if u.Key != u.Code {
			t.byCode[u.Key] = append(t.byCode[u.Key], i)
		}
		t.below[u.Parent] = append(t.below[u.Parent], i)
		if u.Heir != "" {
			t.before[u.Heir] = append(t.before[u.Heir], i)
		}
	}
	return t
}

// With is the tree with records put in: those of a known id replace it.
func (t *Tree) With(records []Unit) *Tree {
	units := slices.Clone(t.units)
	for _, u := range records {
		if i, ok := t.byID[u.ID]; ok {
			units[i] = u
		} else {
			units = append(units, u)
		}
	}
	return NewTree(units)
}

// ByID returns the unit of a period.
func (t *Tree) ByID(id string) (Unit, bool) {
	i, ok := t.byID[id]
	if !ok {
		return Unit{}, false
	}
	return t.units[i], true
}

// Find returns the unit that has the code or key on a day. A code alone is not
// enough: communes of two tiers reuse old codes.
func (t *Tree) Find(code, day string) (Unit, bool) {
	for _, i := range t.byCode[code] {
		if t.units[i].On(day) {
			return t.units[i], true
		}
	}
	return Unit{}, false
}

// Heir follows the units that ended to the one that continues their open work on
// a day, beginning with the last period of the code. False when the code is in
// force on the day, or nobody continues it.
func (t *Tree) Heir(code, day string) (Unit, bool) {
	for range len(t.units) { // every step leads to a later period
		if _, stands := t.Find(code, day); stands {
			return Unit{}, false
		}
		last := Unit{}
		for _, i := range t.byCode[code] {
			if u := t.units[i]; !u.Void && u.ValidTo != "" && u.ValidTo < day && u.ValidTo >= last.ValidTo {
				last = u
			}
		}
		if last.Heir == "" {
			return Unit{}, false
		}
		if u, ok := t.Find(last.Heir, day); ok {
			return u, true
		}
		code = last.Heir
	}
	return Unit{}, false
}

// Continues lists the codes of ended units whose open work the unit with the code
// continues on a day, directly or through others. Codes that another unit uses
// by now are not among them.
func (t *Tree) Continues(code, day string) []string {
	var list []string
	for next := []string{code}; len(next) > 0; {
		var more []string
		for _, heir := range next {
			for _, i := range t.before[heir] {
				u := t.units[i]
				if u.Void || u.Code == code || u.ValidTo == "" || u.ValidTo >= day || slices.Contains(list, u.Code) || slices.Contains(more, u.Code) {
					continue
				}
				if _, used := t.Find(u.Code, day); !used {
					more = append(more, u.Code)
				}
			}
		}
		list, next = append(list, more...), more
	}
	return list
}

// At returns the units in force on a day that keep lets in (nil = all), in the
// order of the list.
func (t *Tree) At(day string, keep func(Unit) bool) []Unit {
	var list []Unit
	for _, u := range t.units {
		if u.On(day) && (keep == nil || keep(u)) {
			list = append(list, u)
		}
	}
	return list
}

// Every returns every period of every unit, in the order of the list.
func (t *Tree) Every() []Unit { return t.units }

// Below returns the units directly under the unit with the id on a day, by
// code; the empty id gives the units at the top.
func (t *Tree) Below(id, day string) []Unit {
	var list []Unit
	for _, i := range t.below[id] {
		if t.units[i].On(day) {
			list = append(list, t.units[i])
		}
	}
	slices.SortFunc(list, func(a, b Unit) int { return cmp.Compare(a.Code, b.Code) })
	return list
}

// Path returns the units above u and u itself, the highest first.
func (t *Tree) Path(u Unit) []Unit {
	path := []Unit{u}
	for u.Parent != "" && len(path) < 10 {
		up, ok := t.ByID(u.Parent)
		if !ok {
			break
		}
		path = append(path, up)
		u = up
	}
	slices.Reverse(path)
	return path
}

// Communes returns the commune-level areas of a province (its code) on a day.
func (t *Tree) Communes(province, day string) []Unit {
	return t.At(day, func(u Unit) bool { return u.Kind == Area && u.Level == Commune && u.Province == province })
}

// Agencies returns the agencies of a province (its code) on a day; empty when
// the data has none for that time.
func (t *Tree) Agencies(province, day string) []Unit {
	return t.At(day, func(u Unit) bool { return u.Kind != Area && u.Province == province })
}

// Successors returns the units of the next period whose record names the unit
// among those that they were formed from.
func (t *Tree) Successors(u Unit) []Unit {
	if u.ValidTo == "" || u.FullName == "" {
		return nil
	}
	var list []Unit
	for _, v := range t.units {
		if v.Province == u.Province && v.Level == u.Level && v.ValidFrom > u.ValidTo && names(v.Former, u.FullName) {
			list = append(list, v)
		}
	}
	return list
}

// names reports whether a list of former units has the name as a whole.
func names(former, name string) bool {
	for {
		_, rest, ok := strings.Cut(former, name)
		if !ok {
			return false
		}
		if rest == "" || strings.HasPrefix(rest, ",") || strings.HasPrefix(rest, " (") || strings.HasPrefix(rest, ";") {
			return true
		}
		former = rest
	}
}

// namesLower is names where the list writes the form of a unit with a small
// letter ("tỉnh Ninh Thuận và tỉnh Khánh Hòa").
func namesLower(former, name string) bool {
	former, name = strings.ToLower(strings.ReplaceAll(former, " và ", ", ")), strings.ToLower(name)
	return name != "" && names(former, name)
}
