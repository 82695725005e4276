package agency_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/motcua/motcua/internal/core/agency"
	"github.com/motcua/motcua/internal/core/fault"
	"github.com/motcua/motcua/internal/data"
)

type world struct {
	centres         []agency.Centre
	agencies, areas *agency.Tree
	names           *agency.Names
}

func newWorld(t *testing.T) world {
	t.Helper()
	centres, err := agency.ParseCentres(open(t, data.Centres))
	if err != nil {
		t.Fatal(err)
	}
	names, err := agency.ParseNames(open(t, data.Names), open(t, data.Titles))
	if err != nil {
		t.Fatal(err)
	}
	return world{centres, tree(t, data.Agencies, agency.ParseAgencies), tree(t, data.Units, agency.ParseUnits), names}
}

// load gives some agencies many procedures.
func load(key string) int {
	return map[string]int{"so-nnmt": 266, "so-xay-dung": 222, "so-tu-phap": 151}[key]
}

func TestPlanFor(t *testing.T) {
	w := newWorld(t)
	tests := []struct {
		key, day        string
		counters        int
		fault, identity string
	}{
		{"lam-dong", "2026-11-24", 21, "", "H36.01"},
		{"lam-dong", "2019-07-05", 21, "", "H36.01"},
		{"bac-lieu", "2019-07-05", 32, "", "H04.01"},
		{"ninh-thuan", "2019-07-05", 30, "", "H43.01"},
		{"dak-lak", "2026-11-24", 25, "", "H15.01"},
		{"khanh-hoa", "2026-11-24", 25, "", "H32.01"},
		{"thai-nguyen", "2020-11-26", 30, "", "H55.01"},
		{"ninh-thuan", "2025-03-15", 0, "agency.no_list_for_time", ""},
		{"bac-lieu", "2026-11-24", 0, "agency.no_list_for_time", ""},
		{"ha-noi", "2026-11-24", 0, "agency.centre_unknown", ""},
	}
	for _, tt := range tests {
		t.Run(tt.key+" on "+tt.day, func(t *testing.T) {
			p, err := agency.PlanFor(tt.key, tt.day, w.centres, w.agencies, w.areas, load)
			if tt.fault != "" {
				if !fault.Is(err, tt.fault) {
					t.Errorf("error = %v, want %s", err, tt.fault)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if len(p.Counters) != tt.counters || p.House.Identifier != tt.identity || len(p.Sections) != 3 || len(p.Communes) == 0 {
				t.Errorf("plan has %d counters, house %s, %d sections, %d communes; want %d, %s, 3, some",
					len(p.Counters), p.House.Identifier, len(p.Sections), len(p.Communes), tt.counters, tt.identity)
			}
			served := map[string]bool{}
			for _, c := range p.Counters {
				if len(c.Agencies) == 0 {
					t.Errorf("counter %d serves nobody", c.No)
				}
				for _, a := range c.Agencies {
					served[a] = true
				}
			}
			for _, a := range p.Agencies {
				if !served[a.Key] {
					t.Errorf("%s has no counter", a.Key)
				}
			}
		})
	}
}

func TestOwnDay(t *testing.T) {
	w := newWorld(t)
	for _, key := range agency.Presets() {
		day := agency.OwnDay(key)
		if day == "" {
			day = "2026-11-24"
		}
		if _, err := agency.PlanFor(key, day, w.centres, w.agencies, w.areas, load); err != nil {
			t.Errorf("%s does not start in its own time: %v", key, err)
		}
	}
}

func TestHandles(t *testing.T) {
	w := newWorld(t)
	p, err := agency.PlanFor("lam-dong", "2026-11-24", w.centres, w.agencies, w.areas, load)
	if err != nil {
		t.Fatal(err)
	}
	commune := p.Communes[0]
	if !commune.Handles("ubnd-xa") || !commune.Handles("cong-an-xa") || commune.Handles("so-tu-phap") || commune.Handles("") {
		t.Error("a commune handles ubnd-xa and cong-an-xa, nothing else")
	}
	if u, ok := p.Agency("so-tu-phap", ""); !ok || !u.Handles("so-tu-phap") || u.Handles("ubnd-xa") {
		t.Errorf("Agency(so-tu-phap) = %s", u.Key)
	}
	if u, ok := p.Agency("ubnd-xa", commune.Key); !ok || u.ID != commune.ID {
		t.Errorf("Agency(ubnd-xa, %s) = %s", commune.Key, u.ID)
	}
	if _, ok := p.Agency("ubnd-huyen", commune.Key); ok {
		t.Error("there is a district in 2026")
	}
}

func TestInventStaff(t *testing.T) {
	w := newWorld(t)
	for _, key := range agency.Presets() {
		day := agency.OwnDay(key)
		if day == "" {
			day = "2026-11-24"
		}
		p, err := agency.PlanFor(key, day, w.centres, w.agencies, w.areas, load)
		if err != nil {
			t.Fatal(err)
		}
		invent := func() []agency.Staff {
			n := 0
			return agency.InventStaff(p, w.names, rand.New(rand.NewPCG(1, 2)), agency.InventOptions{Communes: 2, NewID: func() string { n++; return fmt.Sprint("id", n) }})
		}
		staff := invent()
		if diff := cmp.Diff(staff, invent()); diff != "" {
			t.Errorf("%s: the same seed gives other people:\n%s", key, diff)
		}
		for _, s := range staff {
			if err := s.Validate(); err != nil {
				t.Errorf("%s: %s %q: %v", key, s.Login, s.Name, err)
			}
			if s.Title == "" || !strings.HasPrefix(s.Phone, "0000") || len(s.Phone) != 10 {
				t.Errorf("%s: %s has title %q and phone %s", key, s.Login, s.Title, s.Phone)
			}
		}
		if err := agency.ValidateHouse(p.House.Code, staff); err != nil {
			t.Errorf("%s: %v", key, err)
		}
		for _, role := range []string{"reception", "handler", "leader", "clerk", "director", "control", "supervisor", "inspector", "admin"} {
			if !slices.ContainsFunc(staff, func(s agency.Staff) bool { return slices.Contains(s.Roles, role) }) {
				t.Errorf("%s: nobody is %s", key, role)
			}
		}
	}
}

func TestValidateStaff(t *testing.T) {
	good := agency.Staff{Name: "H’Bia Niê Thử", Login: "quay01", Roles: []string{"reception"}, Unit: "ttpvhcc",
		Secondment: &agency.Secondment{FromUnit: "so-tu-phap", From: "2026-01-01", To: "2026-12-31"}}
	tests := []struct {
		name  string
		spoil func(*agency.Staff)
		want  string
	}{
		{"good", func(*agency.Staff) {}, ""},
		{"six months", func(s *agency.Staff) { s.Secondment.To = "2026-06-30" }, ""},
		{"five months", func(s *agency.Staff) { s.Secondment.To = "2026-05-31" }, "agency.secondment_term"},
		{"24 months", func(s *agency.Staff) { s.Secondment.To = "2027-12-31" }, ""},
		{"a day too long", func(s *agency.Staff) { s.Secondment.To = "2028-01-01" }, "agency.secondment_term"},
		{"from the same unit", func(s *agency.Staff) { s.Secondment.FromUnit = "ttpvhcc" }, "agency.secondment_unit"},
		{"no name", func(s *agency.Staff) { s.Name = " " }, "agency.name_missing"},
		{"HTML", func(s *agency.Staff) { s.Name = "<b>Thử</b>" }, "agency.name_character"},
		{"long name", func(s *agency.Staff) { s.Name = strings.Repeat("ư", 3000) }, "agency.too_long"},
		{"login with marks", func(s *agency.Staff) { s.Login = "quầy" }, "agency.login_form"},
		{"no role", func(s *agency.Staff) { s.Roles = nil }, "agency.role_missing"},
		{"unknown role", func(s *agency.Staff) { s.Roles = []string{"king"} }, "agency.role_unknown"},
		{"no unit", func(s *agency.Staff) { s.Unit = "" }, "agency.unit_missing"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := good
			term := *good.Secondment
			s.Secondment = &term
			tt.spoil(&s)
			err := s.Validate()
			if tt.want == "" && err != nil || tt.want != "" && !fault.Is(err, tt.want) {
				t.Errorf("Validate = %v, want %q", err, tt.want)
			}
		})
	}
}

func TestValidateHouse(t *testing.T) {
	officer := func(login, title string) agency.Staff {
		return agency.Staff{Login: login, Unit: "ttpvhcc", Posts: []agency.Post{{Unit: "ttpvhcc", Title: title}}}
	}
	director, deputy := agency.DirectorPost, agency.DeputyPost
	former := officer("x", director)
	former.Disabled = true
	tests := []struct {
		name  string
		staff []agency.Staff
		want  string
	}{
		{"one and two", []agency.Staff{officer("a", director), officer("b", deputy), officer("c", deputy)}, ""},
		{"a former director does not count", []agency.Staff{officer("a", director), former}, ""},
		{"none", []agency.Staff{officer("b", deputy)}, "agency.one_director"},
		{"two directors", []agency.Staff{officer("a", director), officer("b", director)}, "agency.one_director"},
		{"three deputies", []agency.Staff{officer("a", director), officer("b", deputy), officer("c", deputy), officer("d", deputy)}, "agency.many_deputies"},
		{"a login twice", []agency.Staff{officer("a", director), officer("a", deputy)}, "agency.login_taken"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			err := agency.ValidateHouse("ttpvhcc", tt.staff)
			if tt.want == "" && err != nil || tt.want != "" && !fault.Is(err, tt.want) {
				t.Errorf("ValidateHouse = %v, want %q", err, tt.want)
			}
		})
	}
}

func TestInventPeople(t *testing.T) {
	w := newWorld(t)
	rng := rand.New(rand.NewPCG(7, 7))
	check := func(nine string) (int, bool) { return int(nine[8] - '0'), nine[8] != '3' }
	for _, c := range w.centres {
		communes := w.areas.Communes(c.Code, "2019-07-05")
		for i := range 200 {
			p := w.names.Person(rng, c.Code, communes[i%len(communes)], 2019)
			if !strings.HasPrefix(p.PersonalID, "999") || len(p.PersonalID) != 12 || !strings.HasPrefix(p.Phone, "0000") || len(p.Phone) != 10 {
				t.Fatalf("person = %+v, want an ID from 999 and a phone from 0000", p)
			}
			if p.Name == "" || p.Address == "" || strings.Contains(p.Address, "{") || strings.Contains(p.Name, "  ") {
				t.Fatalf("person = %+v", p)
			}
		}
		o := w.names.Organisation(rng, c.Code, communes[0], 2019, check)
		if len(o.TaxCode) != 10 || o.TaxCode[8] == '3' || strings.Contains(o.Name, "{") {
			t.Errorf("organisation = %+v", o)
		}
	}
}

func TestCentres(t *testing.T) {
	w := newWorld(t)
	got := map[string][3]int{}
	for _, c := range w.centres {
		got[c.Key] = [3]int{c.Counters, c.ProceduresServed, c.ProceduresTotal}
		if c.Deputies > agency.MostDeputies || c.Name == "" {
			t.Errorf("%s: %q with %d deputies", c.Key, c.Name, c.Deputies)
		}
	}
	want := map[string][3]int{
		"dak-lak": {0, 956, 1275}, "ninh-thuan": {0, 1283, 1388}, "bac-lieu": {32, 1011, 0},
		"thai-nguyen": {0, 0, 0}, "lam-dong": {21, 0, 0}, "khanh-hoa": {0, 0, 0},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("counters and procedures differ (-want +got):\n%s", diff)
	}
}
