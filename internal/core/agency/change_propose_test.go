package agency_test

import (
	"testing"

	"github.com/motcua/motcua/internal/core/agency"
	"github.com/motcua/motcua/internal/data"
)

// The reform of 1 July 2025 on the recorded units: Ninh Thuận goes into Khánh Hòa,
// its districts end, its communes are formed anew, and all work is continued.
func TestReformOfNinhThuan(t *testing.T) {
	all, _, err := agency.ParseUnits(open(t, data.Units))
	if err != nil {
		t.Fatal(err)
	}
	var units []agency.Unit
	for _, u := range all {
		if u.Province == "58" || u.Province == "56" && u.ValidFrom == "2025-07-01" {
			units = append(units, u)
		}
	}
	tree := agency.NewTree(units)
	steps, err := agency.ProposeSteps(tree, "2025-07-01")
	if err != nil {
		t.Fatal(err)
	}
	if n := len(tree.At("2025-06-30", nil)); len(steps) != n {
		t.Errorf("%d steps for %d units that ended", len(steps), n)
	}
	effect, err := agency.PlanChange(tree, agency.Change{On: "2025-07-01", Document: "202/2025/QH15", Steps: steps}, func(string) int { return 1 })
	if err != nil {
		t.Fatal(err)
	}
	next := tree.With(effect.Units())
	for code, want := range map[string]string{"58": "56", "587": "22870", "585": "22810"} {
		if u, ok := next.Heir(code, "2025-07-01"); !ok || u.Code != want {
			t.Errorf("%s goes on with %s %s, want %s", code, u.Code, u.FullName, want)
		}
	}
	for _, u := range next.At("2025-06-30", nil) {
		if heir, ok := next.Find(u.Heir, "2025-07-01"); !ok || heir.Province != "56" {
			t.Errorf("%s %s goes on with %q", u.Code, u.FullName, u.Heir)
		}
	}
}
