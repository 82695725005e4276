package party

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/motcua/motcua/internal/core/civil"
	"github.com/motcua/motcua/internal/core/fault"
)

var inDemo = Options{TestPersons: true, On: civil.NewDate(2026, 3, 2)}

// keysByField lists every fault in err.
func keysByField(err error) map[string]string {
	keys := map[string]string{}
	if f := fault.As(err); f != nil {
		for _, each := range f.Each() {
			keys[each.Field] = each.Key
		}
	}
	return keys
}

func TestValidateReturnsNormalForm(t *testing.T) {
	got, err := Validate("owner", Party{
		Kind: Citizen, Name: "  Nguye\u0302\u0303n  Thử ", PersonalID: "999 085 001 234", Phone: "+84 912 345 678",
		Email: "thu@EXAMPLE.vn", Address: " 12 Đường Thử,  Phường Mẫu ", Sex: Female,
		BornOn: civil.NewDate(1985, 2, 3),
	}, inDemo)
	if err != nil {
		t.Fatal(err)
	}
	want := Party{
		Kind: Citizen, Name: "Nguyễn Thử", PersonalID: "999085001234", Phone: "0912345678",
		Email: "thu@example.vn", Address: "12 Đường Thử, Phường Mẫu", Sex: Female,
		BornOn: civil.NewDate(1985, 2, 3),
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("Validate (-want +got):\n%s", diff)
	}
}

func TestValidateNamesEveryWrongField(t *testing.T) {
	day := func(y int) civil.Date { return civil.NewDate(y, 5, 6) }
	tests := []struct {
		name string
		in   Party
		want map[string]string
	}{
		{
			"everything wrong at once",
			Party{
				Kind: "nobody", Name: "", PersonalID: "123", TaxCode: "0100109107", Phone: "12",
				Email: "x", Address: "a\u200bb", Sex: "other", BornOn: day(2030),
			},
			map[string]string{
				"owner.kind": "party.kind_unknown", "owner.name": "party.name_missing",
				"owner.personalId": "party.id_length", "owner.taxCode": "party.tax_check",
				"owner.phone": "party.phone_form", "owner.email": "party.email_form",
				"owner.address": "party.text_invisible", "owner.sex": "party.sex_unknown",
				"owner.bornOn": "party.birth_future",
			},
		},
		{"a citizen needs a number", Party{Kind: Citizen, Name: "An"}, map[string]string{"owner.personalId": "party.id_missing"}},
		{"an enterprise needs a tax code", Party{Kind: Enterprise, Name: "Mẫu"}, map[string]string{"owner.taxCode": "party.tax_missing"}},
		{"an organisation needs neither", Party{Kind: Organization, Name: "Hội Mẫu"}, map[string]string{}},
		{"a state body needs neither", Party{Kind: State, Name: "Sở Mẫu"}, map[string]string{}},
		{"number and sex differ", Party{Kind: Citizen, Name: "An", PersonalID: "079085000001", Sex: Female}, map[string]string{"owner.personalId": "party.id_sex_differs"}},
		{"number and year differ", Party{Kind: Citizen, Name: "An", PersonalID: "079085000001", BornOn: day(1986)}, map[string]string{"owner.personalId": "party.id_birth_differs"}},
		{"number, sex and year agree", Party{Kind: Citizen, Name: "An", PersonalID: "079085000001", Sex: Male, BornOn: day(1985)}, map[string]string{}},
		{
			"a representative is a citizen",
			Party{Kind: Organization, Name: "Hội Mẫu", Representative: &Party{Name: "An 1", Phone: "1"}},
			map[string]string{
				"owner.representative.name":       "party.name_character",
				"owner.representative.personalId": "party.id_missing",
				"owner.representative.phone":      "party.phone_form",
			},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := Validate("owner", tt.in, inDemo)
			if diff := cmp.Diff(tt.want, keysByField(err)); diff != "" {
				t.Errorf("Validate (-want +got):\n%s", diff)
			}
		})
	}
}

func TestValidateLeavesItsArgumentAlone(t *testing.T) {
	in := Party{Kind: Organization, Name: "Hội Mẫu", Representative: &Party{Name: " An ", PersonalID: "999085001234"}}
	if _, err := Validate("owner", in, inDemo); err != nil {
		t.Fatal(err)
	}
	if in.Representative.Name != " An " || in.Representative.Kind != "" {
		t.Errorf("Validate changed its argument: %+v", in.Representative)
	}
}
