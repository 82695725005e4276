package agency

import "testing"

func TestLightest(t *testing.T) {
	for _, tt := range []struct {
		name   string
		people []Load
		want   string
	}{
		{"nobody", nil, ""},
		{"the least open work", []Load{{"a", 3}, {"b", 1}, {"c", 2}}, "b"},
		{"the first of equals", []Load{{"a", 2}, {"b", 2}}, "a"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, ok := Lightest(tt.people)
			if got != tt.want || ok != (tt.want != "") {
				t.Errorf("Lightest(%v) = %q, %v, want %q", tt.people, got, ok, tt.want)
			}
		})
	}
}

// Given out one by one, work ends up level: nobody gets a task while another has
// less.
func TestLightestLevelsWork(t *testing.T) {
	people := []Load{{"a", 5}, {"b", 0}, {"c", 2}}
	for range 8 { // 5 + 0 + 2 + 8 = 3 × 5
		got, _ := Lightest(people)
		for i := range people {
			if people[i].Staff == got {
				people[i].Open++
			}
		}
	}
	for _, p := range people {
		if p.Open != 5 {
			t.Errorf("%s has %d, want 5", p.Staff, p.Open)
		}
	}
}
