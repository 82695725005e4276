package agency_test

import (
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/motcua/motcua/internal/core/agency"
	"github.com/motcua/motcua/internal/core/fault"
	"github.com/motcua/motcua/internal/data"
)

func open(t testing.TB, name string) io.Reader {
	t.Helper()
	f, err := data.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	return f
}

func tree(t testing.TB, name string, parse func(io.Reader) ([]agency.Unit, []agency.Rejection, error)) *agency.Tree {
	t.Helper()
	units, rejected, err := parse(open(t, name))
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range rejected {
		t.Errorf("rejected %s %s: %s %v", r.Record, r.Field, r.Key, r.Args)
	}
	return agency.NewTree(units)
}

func TestAreasByDay(t *testing.T) {
	areas := tree(t, data.Units, agency.ParseUnits)
	tests := []struct {
		day                            string
		provinces, districts, communes bool
		number                         int // provinces
		tiers                          int
	}{
		{"2019-07-05", true, true, true, 63, 3},
		{"2025-06-30", true, true, true, 63, 3},
		{"2025-07-01", true, false, true, 34, 2},
		{"2026-11-24", true, false, true, 34, 2},
	}
	for _, tt := range tests {
		t.Run(tt.day, func(t *testing.T) {
			count := map[agency.Level]int{}
			for _, u := range areas.At(tt.day, nil) {
				count[u.Level]++
			}
			if count[agency.Province] != tt.number || (count[agency.District] > 0) != tt.districts || count[agency.Commune] == 0 {
				t.Errorf("units = %v, want %d provinces, districts %v", count, tt.number, tt.districts)
			}
			if got := agency.Tiers(tt.day); got != tt.tiers {
				t.Errorf("Tiers = %d, want %d", got, tt.tiers)
			}
		})
	}
	if got := len(areas.At("2026-11-24", func(u agency.Unit) bool { return u.Level == agency.Commune })); got != 3321 {
		t.Errorf("communes = %d, want 3321", got)
	}
}

func TestTreeFollowsTime(t *testing.T) {
	areas := tree(t, data.Units, agency.ParseUnits)
	if _, ok := areas.Find("58", "2025-07-01"); ok {
		t.Error("Ninh Thuận is found after it joined Khánh Hòa")
	}
	u, ok := areas.Find("68", "2026-11-24")
	if !ok || u.FullName != "Tỉnh Lâm Đồng" || len(areas.Communes("68", "2026-11-24")) != 124 {
		t.Errorf("Lâm Đồng = %q with %d communes, want 124", u.FullName, len(areas.Communes("68", "2026-11-24")))
	}
	below := areas.Below(u.ID, "2026-11-24")
	if len(below) != 124 {
		t.Fatalf("units under Lâm Đồng = %d, want 124", len(below))
	}
	if path := areas.Path(below[0]); len(path) != 2 || path[0].ID != u.ID {
		t.Errorf("path of %s has %d units, want the province and itself", below[0].FullName, len(path))
	}
	old, ok := areas.Find("68", "2019-07-05")
	if !ok || len(areas.Below(old.ID, "2019-07-05")) != 12 {
		t.Errorf("districts of Lâm Đồng in 2019 = %d, want 12", len(areas.Below(old.ID, "2019-07-05")))
	}
}

func TestCodesAreNotUnique(t *testing.T) {
	areas := tree(t, data.Units, agency.ParseUnits)
	before, ok1 := areas.Find("00004", "2019-07-05")
	after, ok2 := areas.Find("00004", "2026-11-24")
	if !ok2 || ok1 && before.ID == after.ID {
		t.Errorf("00004 is %s before and %s after, want two units", before.ID, after.ID)
	}
}

func TestAgencies(t *testing.T) {
	agencies := tree(t, data.Agencies, agency.ParseAgencies)
	committee, ok := agencies.Find("ubnd-tinh", "2026-11-24")
	if !ok || committee.Local || !strings.HasPrefix(committee.Code, "H") {
		t.Errorf("committee = %+v, want an official identifier as code", committee)
	}
	var house agency.Unit
	for _, u := range agencies.Agencies("68", "2026-11-24") {
		if u.Kind == agency.House {
			house = u
		}
	}
	if house.Code != "ttpvhcc" || house.Identifier != "H36.01" || !house.Local {
		t.Errorf("house = %s %s local %v, want ttpvhcc H36.01 not official", house.Code, house.Identifier, house.Local)
	}
	if up, ok := agencies.ByID(house.Parent); !ok || up.Kind != agency.Committee {
		t.Errorf("above the centre is %q, want the People's Committee", house.Parent)
	}
}

func TestCodePart(t *testing.T) {
	tests := []struct{ identifier, day, want string }{
		{"H36.12", "2019-07-06", "000.00.12.H36"},
		{"H56.22.17", "2020-09-14", "000.17.22.H56"},
		{"H36", "2019-07-06", "000.00.00.H36"},
		{"H36.12", "2020-09-15", "H36.12"},
		{"H56.22.17", "2026-11-24", "H56.22.17"},
		{"", "2026-11-24", ""},
		{"H36.123", "2019-07-06", ""},
		{"so-tu-phap", "2026-11-24", ""},
	}
	for _, tt := range tests {
		t.Run(tt.identifier+" on "+tt.day, func(t *testing.T) {
			if got, ok := agency.CodePart(tt.identifier, tt.day); got != tt.want || ok != (tt.want != "") {
				t.Errorf("CodePart = %q, %v, want %q", got, ok, tt.want)
			}
		})
	}
}

func TestParseUnitsRejects(t *testing.T) {
	const head = "uid,code,model,level,type,name,full_name,parent_uid,province_code,valid_from,valid_to\n"
	tests := []struct{ name, line, want string }{
		{"no id", ",1,,tinh,Tỉnh,A,Tỉnh A,,1,,", "#2 uid agency.value_missing"},
		{"unknown level", "1@goc,1,,ap,Tỉnh,A,Tỉnh A,,1,,", "1@goc level agency.level_unknown"},
		{"no name", "1@goc,1,,tinh,Tỉnh,,Tỉnh A,,1,,", "1@goc name agency.value_missing"},
		{"bad day", "1@goc,1,,tinh,Tỉnh,A,Tỉnh A,,1,2025-02-30,", "1@goc valid_from agency.day_form"},
		{"backwards", "1@goc,1,,tinh,Tỉnh,A,Tỉnh A,,1,2025-07-01,2025-06-30", "1@goc valid_to agency.period_backwards"},
		{"twice", "2@goc,1,,tinh,Tỉnh,A,Tỉnh A,,1,,", "2@goc uid agency.id_repeated"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			file := head + "2@goc,2,,tinh,Tỉnh,B,Tỉnh B,,2,,\n" + tt.line + "\n"
			if tt.name == "no id" {
				file = head + tt.line + "\n" + "2@goc,2,,tinh,Tỉnh,B,Tỉnh B,,2,,\n"
			}
			units, rejected, err := agency.ParseUnits(strings.NewReader(file))
			if err != nil || len(units) != 1 || len(rejected) == 0 {
				t.Fatalf("ParseUnits = %d units, %d rejected, %v; want 1, some, nil", len(units), len(rejected), err)
			}
			if diff := cmp.Diff(tt.want, rejected[0].Record+" "+rejected[0].Field+" "+rejected[0].Key); diff != "" {
				t.Errorf("rejection differs (-want +got):\n%s", diff)
			}
		})
	}
	if _, _, err := agency.ParseUnits(strings.NewReader("a,b\n1,2\n")); !fault.Is(err, "agency.column_missing") {
		t.Errorf("missing columns: %v, want agency.column_missing", err)
	}
	if _, _, err := agency.ParseUnits(strings.NewReader(head + "\"open\n")); !fault.Is(err, "agency.file_csv") {
		t.Errorf("bad CSV: %v, want agency.file_csv", err)
	}
}

func TestSuccessors(t *testing.T) {
	areas := tree(t, data.Units, agency.ParseUnits)
	for _, u := range areas.Communes("01", "2025-06-30") {
		if u.FullName != "Phường Trúc Bạch" {
			continue
		}
		next := areas.Successors(u)
		if len(next) == 0 || next[0].FullName != "Phường Ba Đình" {
			t.Errorf("successors of %s = %v, want Phường Ba Đình", u.FullName, next)
		}
		return
	}
	t.Error("Phường Trúc Bạch is not among the units of 2025-06-30")
}
