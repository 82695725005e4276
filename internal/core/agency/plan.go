package agency

import (
	"cmp"
	"slices"

	"github.com/motcua/motcua/internal/core/fault"
)

// Plan is a centre's house on a day: who receives, who handles, at which
// counters.
type Plan struct {
	Centre    Centre
	Day       string
	Province  Unit      // the area
	Committee Unit      // Ủy ban nhân dân tỉnh
	House     Unit      // the centre as a unit; dossier codes carry its identifier
	Agencies  []Unit    // agencies that handle dossiers, those with most procedures first
	Communes  []Unit    // areas of the commune tier
	Sections  []Section // three sections of the centre
	Counters  []Counter
}

// Section is a section of a centre (bộ phận).
type Section struct {
	Key  string `json:"key"`
	Name string `json:"name"`
}

// The sections of a centre, as the report on Thái Nguyên names them.
const (
	ReceptionSection = "tiep-nhan" // Bộ phận tiếp nhận hồ sơ và trả kết quả
	ControlSection   = "kiem-soat" // Bộ phận kiểm soát thủ tục hành chính
	GeneralSection   = "tong-hop"  // Bộ phận hành chính - tổng hợp
)

// Counter is a counter of the hall (quầy) with the agencies that it serves.
type Counter struct {
	No       int      `json:"no"`
	Agencies []string `json:"agencies"` // keys
	Fields   []string `json:"fields"`   // lĩnh vực of those agencies
}

// Presets are the keys of the centres that a demo can show.
func Presets() []string {
	return []string{"dak-lak", "ninh-thuan", "bac-lieu", "thai-nguyen", "lam-dong", "khanh-hoa"}
}

// DefaultPreset is the centre of a demo that names none.
const DefaultPreset = "lam-dong"

// OwnDay is the day on which a preset starts by itself: provinces that were
// merged since start in their own time. Empty = today.
func OwnDay(key string) string {
	switch key {
	case "ninh-thuan", "bac-lieu":
		return "2019-07-05"
	}
	return ""
}

// PlanFor plans the house of a centre on a day. load tells how many procedures
// an agency's key has; it decides who gets more counters.
//
// It fails with fault.Invalid (agency.centre_unknown) and with fault.Conflict
// (agency.no_list_for_time) for a time for which there is no list of the
// province's agencies.
func PlanFor(key, day string, centres []Centre, agencies, areas *Tree, load func(agencyKey string) int) (Plan, error) {
	i := slices.IndexFunc(centres, func(c Centre) bool { return c.Key == key })
	if i < 0 {
		return Plan{}, fault.Field("centre", "agency.centre_unknown", fault.Args{"centre": key})
	}
	p := Plan{Centre: centres[i], Day: day}
	for _, u := range agencies.Agencies(p.Centre.Code, day) {
		switch u.Kind {
		case Committee:
			p.Committee = u
		case House:
			p.House = u
		default:
			p.Agencies = append(p.Agencies, u)
		}
	}
	province, found := areas.Find(p.Centre.Code, day)
	if len(p.Agencies) == 0 || p.House.ID == "" || !found {
		return Plan{}, fault.New(fault.Conflict, "agency.no_list_for_time", fault.Args{"province": p.Centre.Province, "day": ShowDay(day)})
	}
	p.Province = province
	p.Communes = areas.Communes(p.Centre.Code, day)
	slices.SortStableFunc(p.Agencies, func(a, b Unit) int { return cmp.Compare(load(b.Key), load(a.Key)) })
	p.Sections = sections(p.Centre, centres)
	n := p.Centre.Counters
	if n == 0 {
		n = len(p.Agencies)
	}
	p.Counters = counters(p.Agencies, n, load)
	return p, nil
}

// sections names the centre's three sections; where its report does not, by
// the report that does.
func sections(c Centre, all []Centre) []Section {
	names := c.Sections
	for _, other := range all {
		if len(names) == 0 {
			names = other.Sections
		}
	}
	var list []Section
	for i, key := range []string{ReceptionSection, ControlSection, GeneralSection} {
		if i < len(names) {
			list = append(list, Section{key, names[i]})
		}
	}
	return list
}

// counters shares n counters among agencies that are sorted by load. With
// fewer counters than agencies the smallest agencies share one; with more, the
// next counter goes to whoever has most procedures for each that it has.
func counters(agencies []Unit, n int, load func(string) int) []Counter {
	list := make([]Counter, n)
	for i := range list {
		list[i].No = i + 1
	}
	put := func(i int, u Unit) {
		c := &list[i]
		c.Agencies = append(c.Agencies, u.Key)
		for _, f := range u.Fields {
			if !slices.Contains(c.Fields, f) {
				c.Fields = append(c.Fields, f)
			}
		}
	}
	for i, u := range agencies {
		at := i
		if i >= n { // from the last counter backwards, again and again
			at = n - 1 - (i-n)%n
		}
		put(at, u)
	}
	has := make([]int, len(agencies))
	for i := len(agencies); i < n; i++ {
		best := 0
		for j := range agencies {
			if load(agencies[j].Key)*(has[best]+1) > load(agencies[best].Key)*(has[j]+1) {
				best = j
			}
		}
		has[best]++
		put(i, agencies[best])
	}
	return list
}

// Agency returns the unit of the plan that handles procedures with the agency
// key; for a key of the commune tier, the commune with the code.
func (p Plan) Agency(key, commune string) (Unit, bool) {
	list := p.Agencies
	if CommuneKey(key) {
		list = p.Communes
		key = commune
	}
	if key == p.Committee.Key {
		return p.Committee, true
	}
	i := slices.IndexFunc(list, func(u Unit) bool { return u.Key == key })
	if i < 0 {
		return Unit{}, false
	}
	return list[i], true
}

// CounterFor returns the counters that serve an agency, by number.
func (p Plan) CounterFor(key string) []Counter {
	var list []Counter
	for _, c := range p.Counters {
		if slices.Contains(c.Agencies, key) {
			list = append(list, c)
		}
	}
	return list
}

// CommuneKey reports whether procedures with the agency key belong to units of
// the commune tier: the People's Committee or the police of a commune.
func CommuneKey(key string) bool { return key == "ubnd-xa" || key == "cong-an-xa" }

// DistrictKey reports whether they belong to the district tier, which ended on
// 2025-06-30.
func DistrictKey(key string) bool { return key == "ubnd-huyen" }

// Handles reports whether a unit handles the procedures with the agency key.
func (u Unit) Handles(key string) bool {
	switch {
	case key == "":
		return false
	case CommuneKey(key):
		return u.Kind == Area && u.Level == Commune
	case DistrictKey(key):
		return u.Kind == Area && u.Level == District
	default:
		return u.Kind != Area && u.Key == key
	}
}
