package agency_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/motcua/motcua/internal/core/agency"
	"github.com/motcua/motcua/internal/core/fault"
)

// province is a small house: a committee, three departments, a commune with a
// hamlet office under it.
func province() []agency.Unit {
	unit := func(code, parent string, kind agency.Kind) agency.Unit {
		u := agency.Unit{ID: code + "@goc", Key: code, Code: code, Name: strings.ToUpper(code), Level: agency.Province, Kind: kind, Province: "68"}
		if parent != "" {
			u.Parent = parent + "@goc"
		}
		return u
	}
	a, b, c := unit("so-a", "ubnd", agency.Department), unit("so-b", "ubnd", agency.Department), unit("so-c", "ubnd", agency.Department)
	a.Fields, b.Fields, c.ValidFrom = []string{"Đất đai", "Nước"}, []string{"Nước", "Rừng"}, "2024-01-01"
	a.Identifier, b.Identifier = "H36.05", "H36.06"
	office := unit("vp-a", "so-a", agency.Office)
	return []agency.Unit{unit("ubnd", "", agency.Committee), a, b, c, office, unit("to-a", "vp-a", agency.Body)}
}

func into(code string) agency.NewUnit        { return agency.NewUnit{Code: code} }
func fresh(code, name string) agency.NewUnit { return agency.NewUnit{Code: code, Name: name} }

func change(steps ...agency.Step) agency.Change {
	return agency.Change{On: "2025-03-01", Document: "12/NQ-HĐND", Steps: steps}
}

// after is the tree once the effect has been recorded.
func after(units []agency.Unit, records []agency.Unit) *agency.Tree {
	list := slices.Clone(units)
	for _, u := range records {
		if i := slices.IndexFunc(list, func(have agency.Unit) bool { return have.ID == u.ID }); i >= 0 {
			list[i] = u
			continue
		}
		list = append(list, u)
	}
	return agency.NewTree(list)
}

func TestPlanChange(t *testing.T) {
	tests := []struct {
		name  string
		step  agency.Step
		heirs string   // from>to
		stand []string // code: name above, on the day
		gone  []string
	}{
		{
			"merge into one that stands", agency.Step{Act: agency.MergeUnits, Units: []string{"so-a"}, Into: []agency.NewUnit{into("so-b")}},
			"so-a>so-b", []string{"so-b: SO-B ubnd", "vp-a: VP-A so-b", "to-a: TO-A vp-a"}, []string{"so-a"},
		},
		{
			"merge into a new one", agency.Step{Act: agency.MergeUnits, Units: []string{"so-a", "so-b"}, Into: []agency.NewUnit{fresh("so-d", "Sở Mới")}},
			"so-a>so-d so-b>so-d", []string{"so-d: Sở Mới ubnd", "vp-a: VP-A so-d"}, []string{"so-a", "so-b"},
		},
		{
			"merge under the code of one of them", agency.Step{Act: agency.MergeUnits, Units: []string{"so-a", "so-b"}, Into: []agency.NewUnit{fresh("so-b", "Sở Chung")}},
			"so-a>so-b so-b>so-b", []string{"so-b: Sở Chung ubnd", "vp-a: VP-A so-b"}, []string{"so-a"},
		},
		{
			"split", agency.Step{Act: agency.SplitUnit, Units: []string{"so-a"}, Into: []agency.NewUnit{fresh("so-a1", "Một"), fresh("so-a2", "Hai")}, Heir: "so-a2"},
			"so-a>so-a2", []string{"so-a1: Một ubnd", "so-a2: Hai ubnd", "vp-a: VP-A so-a2"}, []string{"so-a"},
		},
		{
			"rename", agency.Step{Act: agency.RenameUnit, Units: []string{"so-a"}, Into: []agency.NewUnit{fresh("so-a", "Sở Khác")}},
			"so-a>so-a", []string{"so-a: Sở Khác ubnd", "vp-a: VP-A so-a", "to-a: TO-A vp-a"}, nil,
		},
		{
			"move", agency.Step{Act: agency.MoveUnit, Units: []string{"vp-a"}, Into: []agency.NewUnit{{Code: "vp-a", Parent: "so-b"}}},
			"", []string{"vp-a: VP-A so-b", "to-a: TO-A vp-a"}, nil,
		},
		{
			"close with a successor", agency.Step{Act: agency.CloseUnit, Units: []string{"so-a"}, Heir: "so-c"},
			"so-a>so-c", []string{"vp-a: VP-A so-c"}, []string{"so-a"},
		},
		{"close without work", agency.Step{Act: agency.CloseUnit, Units: []string{"to-a"}}, "", nil, []string{"to-a"}},
		{
			"open", agency.Step{Act: agency.OpenUnit, Into: []agency.NewUnit{{Code: "so-e", Name: "Sở Năm", Level: agency.Province, Kind: agency.Department, Parent: "ubnd"}}},
			"", []string{"so-e: Sở Năm ubnd"}, nil,
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			units := province()
			got, err := agency.PlanChange(agency.NewTree(units), change(tt.step), func(code string) int { return 3 * len(strings.TrimPrefix(code, "to-a")) })
			if err != nil {
				t.Fatal(err)
			}
			var heirs []string
			for _, h := range got.Heirs {
				heirs = append(heirs, h.From+">"+h.To)
			}
			if s := strings.Join(heirs, " "); s != tt.heirs {
				t.Errorf("heirs = %q, want %q", s, tt.heirs)
			}
			tree := after(units, got.Units())
			for _, want := range tt.stand {
				code, _, _ := strings.Cut(want, ":")
				u, _ := tree.Find(code, "2025-03-01")
				above, _ := tree.ByID(u.Parent)
				if is := fmt.Sprintf("%s: %s %s", u.Code, u.Name, above.Code); is != want || !above.On("2025-03-01") {
					t.Errorf("unit = %q under %s, want %q under a unit in force", is, above.ID, want)
				}
				was, _ := tree.Find(code, "2025-02-28")
				if old, ok := agency.NewTree(units).Find(code, "2025-02-28"); ok && was.Name != old.Name {
					t.Errorf("the day before, %s is called %s, want %s", code, was.Name, old.Name)
				}
			}
			for _, code := range tt.gone {
				if _, ok := tree.Find(code, "2025-03-01"); ok {
					t.Errorf("%s is still in force", code)
				}
				if h, _ := got.Heir(code); h.To != "" {
					if u, ok := tree.Heir(code, "2026-01-01"); !ok || u.Code != h.To {
						t.Errorf("Heir(%s) = %s, want %s", code, u.Code, h.To)
					}
				}
			}
		})
	}
}

func TestPlanChangeRefuses(t *testing.T) {
	merge := func(units []string, n agency.NewUnit) agency.Step {
		return agency.Step{Act: agency.MergeUnits, Units: units, Into: []agency.NewUnit{n}}
	}
	move := func(code, parent string) agency.Step {
		return agency.Step{Act: agency.MoveUnit, Units: []string{code}, Into: []agency.NewUnit{{Code: code, Parent: parent}}}
	}
	tests := []struct {
		name   string
		change agency.Change
		field  string
		key    string
	}{
		{"no day", agency.Change{Document: "1", Steps: []agency.Step{merge([]string{"so-a"}, into("so-b"))}}, "on", "agency.day_form"},
		{"no document", agency.Change{On: "2025-03-01", Steps: []agency.Step{merge([]string{"so-a"}, into("so-b"))}}, "document", "agency.change_document"},
		{"nothing to do", change(), "steps", "agency.change_steps"},
		{"unknown act", change(agency.Step{Act: "burn", Units: []string{"so-a"}}), "steps[0].act", "agency.change_act"},
		{"merge of one into itself", change(merge([]string{"so-a"}, fresh("so-a", "Sở"))), "steps[0]", "agency.change_shape"},
		{"rename with another code", change(agency.Step{Act: agency.RenameUnit, Units: []string{"so-a"}, Into: []agency.NewUnit{fresh("so-x", "Sở")}}), "steps[0]", "agency.change_shape"},
		{"unknown unit", change(merge([]string{"so-z"}, into("so-b"))), "steps[0].units", "agency.unit_unknown"},
		{"a unit in two steps", change(merge([]string{"so-a"}, into("so-b")), merge([]string{"so-a"}, into("so-c"))), "steps[1].units", "agency.change_twice"},
		{"into one that ends too", change(merge([]string{"so-a"}, into("so-b")), merge([]string{"so-b"}, into("so-c"))), "steps[0].into[0].code", "agency.change_target"},
		{"code of another unit", change(merge([]string{"so-a"}, fresh("so-b", "Sở"))), "steps[0].into[0].code", "agency.code_used"},
		{"code twice in the change", change(merge([]string{"so-a"}, fresh("so-d", "Sở")), merge([]string{"so-b"}, fresh("so-d", "Sở"))), "steps[1].into[0].code", "agency.code_used"},
		{"code that is none", change(merge([]string{"so-a"}, fresh("sở d", "Sở"))), "steps[0].into[0].code", "agency.code_form"},
		{"identifier of another unit", change(merge([]string{"so-a"}, agency.NewUnit{Code: "so-d", Name: "Sở", Identifier: "H36.06"})), "steps[0].into[0].identifier", "agency.identifier_used"},
		{"split without who continues", change(agency.Step{Act: agency.SplitUnit, Units: []string{"so-a"}, Into: []agency.NewUnit{fresh("so-a1", "Một"), fresh("so-a2", "Hai")}}), "steps[0].heir", "agency.change_heir"},
		{"split with a stranger who continues", change(agency.Step{Act: agency.SplitUnit, Units: []string{"so-a"}, Into: []agency.NewUnit{fresh("so-a1", "Một"), fresh("so-a2", "Hai")}, Heir: "so-b"}), "steps[0].heir", "agency.change_heir"},
		{"close with open work", change(agency.Step{Act: agency.CloseUnit, Units: []string{"to-a"}}), "steps", "agency.change_open_work"},
		{"close with units below", change(agency.Step{Act: agency.CloseUnit, Units: []string{"vp-a"}}), "steps", "agency.change_children"},
		{"above itself", change(move("so-a", "to-a")), "steps", "agency.change_cycle"},
		{"two above one another", change(move("so-a", "so-b"), move("so-b", "so-a")), "steps", "agency.change_cycle"},
		{"under nobody", change(move("so-a", "so-z")), "steps[0].into[0].parent", "agency.unit_unknown"},
		{"before it began", agency.Change{On: "2023-01-01", Document: "1", Steps: []agency.Step{merge([]string{"so-c"}, into("so-b"))}}, "steps[0].units", "agency.change_before"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := agency.PlanChange(agency.NewTree(province()), tt.change, func(code string) int { return len(code) })
			f := fault.As(err)
			if f == nil || !slices.ContainsFunc(f.Each(), func(x *fault.Fault) bool { return x.Field == tt.field && x.Key == tt.key }) {
				t.Errorf("error = %v, want %s at %s", err, tt.key, tt.field)
			}
		})
	}
	t.Run("before a change that is recorded", func(t *testing.T) {
		units := province()
		first, err := agency.PlanChange(agency.NewTree(units), change(agency.Step{Act: agency.RenameUnit, Units: []string{"so-a"}, Into: []agency.NewUnit{fresh("so-a", "Sở Khác")}}), nil)
		if err != nil {
			t.Fatal(err)
		}
		early := agency.Change{On: "2025-01-01", Document: "1", Steps: []agency.Step{merge([]string{"so-a"}, into("so-b"))}}
		if _, err := agency.PlanChange(after(units, first.Units()), early, nil); !fault.Is(err, "agency.change_before") {
			t.Errorf("error = %v, want agency.change_before", err)
		}
	})
}

// Whatever is accepted leaves a house in which each code is in force once, every
// unit stands under one in force and none above itself, all work is continued,
// the day before is as it was, and the way back leads to the same house.
func TestPlanChangeKeepsTheHouseWhole(t *testing.T) {
	codes := []string{"ubnd", "so-a", "so-b", "so-c", "vp-a", "to-a", "so-d", "so-e"}
	rapid.Check(t, func(rt *rapid.T) {
		one := func(label string) string { return rapid.SampledFrom(codes).Draw(rt, label) }
		units := province()
		tree := agency.NewTree(units)
		var steps []agency.Step
		for range rapid.IntRange(1, 3).Draw(rt, "steps") {
			s := agency.Step{Act: rapid.SampledFrom(agency.StepActs()).Draw(rt, "act"), Units: rapid.SliceOfN(rapid.SampledFrom(codes), 0, 2).Draw(rt, "units")}
			for range rapid.IntRange(0, 2).Draw(rt, "into") {
				n := agency.NewUnit{Code: one("code"), Name: rapid.SampledFrom([]string{"", "Mới"}).Draw(rt, "name")}
				n.Parent = rapid.SampledFrom([]string{"", "ubnd", "so-a", "so-b", "vp-a"}).Draw(rt, "parent")
				s.Into = append(s.Into, n)
			}
			s.Heir = rapid.SampledFrom([]string{"", "so-a", "so-b", "so-d"}).Draw(rt, "heir")
			steps = append(steps, s)
		}
		const eve, on = "2025-02-28", "2025-03-01"
		got, err := agency.PlanChange(tree, change(steps...), func(string) int { return 1 })
		if err != nil {
			return
		}
		next := after(units, got.Units())
		seen := map[string]bool{}
		for _, u := range next.At(on, nil) {
			if seen[u.Code] {
				rt.Fatalf("%s is in force twice", u.Code)
			}
			seen[u.Code] = true
			if up, ok := next.ByID(u.Parent); u.Parent != "" && (!ok || !up.On(on)) {
				rt.Fatalf("%s stands under %s, which is not in force", u.Code, u.Parent)
			}
			if path := next.Path(u); len(path) >= 10 {
				rt.Fatalf("%s stands above itself", u.Code)
			}
		}
		for _, u := range tree.At(eve, nil) {
			if was, ok := next.Find(u.Code, eve); !ok || was.Name != u.Name || was.Parent != u.Parent {
				rt.Fatalf("the day before, %s is %+v", u.Code, was)
			}
			if _, heir := next.Heir(u.Code, on); !seen[u.Code] && !heir {
				rt.Fatalf("nobody continues %s", u.Code)
			}
			if h, moved := got.Heir(u.Code); moved && h.To != u.Code && !slices.Contains(append(next.Continues(h.To, on), codes...), u.Code) {
				rt.Fatalf("%s does not say that it continues %s", h.To, u.Code)
			}
		}
		back := after(append(slices.Clone(units), got.Begun...), got.Back())
		if diff := cmp.Diff(tree.At(on, nil), back.At(on, nil)); diff != "" {
			rt.Fatalf("the way back (-before +back):\n%s", diff)
		}
	})
}

func TestPeopleAndCountersFollow(t *testing.T) {
	tree := agency.NewTree(province())
	e, err := agency.PlanChange(tree, change(agency.Step{Act: agency.MergeUnits, Units: []string{"so-a"}, Into: []agency.NewUnit{into("so-b")}}), nil)
	if err != nil {
		t.Fatal(err)
	}
	p := agency.Staff{Unit: "so-a", Posts: []agency.Post{{Unit: "tt"}, {Unit: "so-a"}}, Secondment: &agency.Secondment{FromUnit: "so-a"}}
	got, moved := e.FollowStaff(p)
	if !moved || got.Unit != "so-b" || got.Posts[0].Unit != "tt" || got.Posts[1].Unit != "so-b" || got.Secondment.FromUnit != "so-b" {
		t.Errorf("FollowStaff = %+v, %v", got, moved)
	}
	if p.Posts[1].Unit != "so-a" || p.Secondment.FromUnit != "so-a" {
		t.Error("FollowStaff changed what it was given")
	}
	if _, moved := e.FollowStaff(agency.Staff{Unit: "so-c"}); moved {
		t.Error("an officer of another unit follows")
	}
	profile := agency.Profile{Code: "tt", Counters: []agency.Counter{{No: 1, Agencies: []string{"so-a", "so-b"}}, {No: 2, Agencies: []string{"so-c"}}}}
	after, changed := e.FollowProfile(profile, tree.With(e.Units()), "2025-03-01")
	if want := []agency.Counter{{No: 1, Agencies: []string{"so-b"}}, {No: 2, Agencies: []string{"so-c"}}}; !changed || cmp.Diff(want, after.Counters) != "" {
		t.Errorf("counters = %+v", after.Counters)
	}
}
