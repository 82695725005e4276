package party

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/motcua/motcua/internal/core/civil"
	"github.com/motcua/motcua/internal/core/fault"
)

// keyOf is the message key of err; empty when there is none.
func keyOf(err error) string {
	if f := fault.As(err); f != nil {
		return f.Key
	}
	return ""
}

func TestParsePersonalID(t *testing.T) {
	demo := Options{TestPersons: true}
	in2026 := Options{On: civil.NewDate(2026, 3, 2)}
	tests := []struct {
		name string
		text string
		opts Options
		want PersonalID
		key  string
	}{
		{"twelve digits", "079085000001", Options{}, "079085000001", ""},
		{"spaces as on the card", " 079 085 000 001 ", Options{}, "079085000001", ""},
		{"lowest province", "001099000001", Options{}, "001099000001", ""},
		{"highest province", "096199000001", Options{}, "096199000001", ""},
		{"province 000", "000085000001", Options{}, "", "party.id_province"},
		{"province 097", "097085000001", Options{}, "", "party.id_province"},
		{"letters", "07908500000A", Options{}, "", "party.id_digits"},
		{"full-width digits", "０79085000001", Options{}, "", "party.id_digits"},
		{"empty", "", Options{}, "", "party.id_digits"},
		{"old nine-digit card", "240123456", Options{}, "", "party.id_legacy"},
		{"eleven digits", "07908500001", Options{}, "", "party.id_length"},
		{"test person in production", "999085000001", Options{}, "", "party.id_test"},
		{"test person in a demo", "999985000001", demo, "999985000001", ""},
		{"born this year", "079226000001", in2026, "079226000001", ""},
		{"born next year", "079227000001", in2026, "", "party.id_birth_future"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := ParsePersonalID(tt.text, tt.opts)
			if got != tt.want || keyOf(err) != tt.key {
				t.Errorf("ParsePersonalID(%q) = %q, %v, want %q, %q", tt.text, got, err, tt.want, tt.key)
			}
		})
	}
}

func TestPersonalIDStatesSexAndYear(t *testing.T) {
	tests := []struct {
		id   PersonalID
		sex  Sex
		year int
	}{
		{"079085000001", Male, 1985},
		{"079185000001", Female, 1985},
		{"079205000001", Male, 2005},
		{"079305000001", Female, 2005},
		{"079401000001", Male, 2101},
		{"079999000001", Female, 2399},
		{"999185000001", "", 0},
		{"", "", 0},
	}
	for _, tt := range tests {
		if sex, year := tt.id.Sex(), tt.id.BirthYear(); sex != tt.sex || year != tt.year {
			t.Errorf("%q states %q, %d, want %q, %d", tt.id, sex, year, tt.sex, tt.year)
		}
	}
}

func TestParseTaxCode(t *testing.T) {
	personal := Options{PersonalTaxCode: true}
	tests := []struct {
		name string
		text string
		opts Options
		want TaxCode
		key  string
	}{
		{"published code 1", "0100233488", Options{}, "0100233488", ""},
		{"published code 2", "0100109106", Options{}, "0100109106", ""},
		{"published code 3", "0300588569", Options{}, "0300588569", ""},
		{"published code 4", "0101243150", Options{}, "0101243150", ""},
		{"published code 5", "0100686209", Options{}, "0100686209", ""},
		{"published code 6", "0101248141", Options{}, "0101248141", ""},
		{"published code 7", "0100107518", Options{}, "0100107518", ""},
		{"branch with hyphen", "0100109106-001", Options{}, "0100109106-001", ""},
		{"branch without hyphen", "0100109106999", Options{}, "0100109106-999", ""},
		{"branch 000", "0100109106-000", Options{}, "", "party.tax_branch"},
		{"wrong check digit", "0100109107", Options{}, "", "party.tax_check"},
		{"two digits exchanged", "0100190106", Options{}, "", "party.tax_check"},
		{"no code has remainder 0", "9990000040", Options{}, "", "party.tax_check"},
		{"nine digits", "010010910", Options{}, "", "party.tax_length"},
		{"letters", "01001O9106", Options{}, "", "party.tax_digits"},
		{"personal number not asked for", "079085000001", Options{}, "", "party.tax_personal"},
		{"personal number of an individual", "079085000001", personal, "079085000001", ""},
		{"personal number of nobody", "000085000001", personal, "", "party.id_province"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := ParseTaxCode(tt.text, tt.opts)
			if got != tt.want || keyOf(err) != tt.key {
				t.Errorf("ParseTaxCode(%q) = %q, %v, want %q, %q", tt.text, got, err, tt.want, tt.key)
			}
		})
	}
}

// One wrong digit never goes unnoticed: each weight is prime to 11.
func TestTaxCodeFindsOneWrongDigit(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		nine := rapid.StringMatching(`[0-9]{9}`).Draw(t, "nine")
		check, ok := TaxCheckDigit(nine)
		if !ok {
			t.Skip("no such code")
		}
		code := []byte(nine + string(rune('0'+check)))
		if _, err := ParseTaxCode(string(code), Options{}); err != nil {
			t.Fatalf("ParseTaxCode(%s) = %v, want no fault", code, err)
		}
		i := rapid.IntRange(0, 9).Draw(t, "place")
		code[i] = '0' + (code[i]-'0'+byte(rapid.IntRange(1, 9).Draw(t, "by")))%10
		if _, err := ParseTaxCode(string(code), Options{}); keyOf(err) != "party.tax_check" {
			t.Fatalf("ParseTaxCode(%s) = %v, want party.tax_check", code, err)
		}
	})
}

func TestMasked(t *testing.T) {
	tests := []struct{ name, got, want string }{
		{"personal number", PersonalID("079085001234").Masked(), "079*****1234"},
		{"mobile", Phone("0912345678").Masked(), "0912***678"},
		{"landline", Phone("02623000123").Masked(), "0262****123"},
		{"enterprise code is public", TaxCode("0100109106").Masked(), "0100109106"},
		{"individual's tax code", TaxCode("079085001234").Masked(), "079*****1234"},
		{"too short to show anything", PersonalID("07908").Masked(), "*****"},
		{"nothing", PersonalID("").Masked(), ""},
		{"e-mail", MaskEmail("an.nguyen@example.vn"), "a***@example.vn"},
	}
	for _, tt := range tests {
		if tt.got != tt.want {
			t.Errorf("%s: masked = %q, want %q", tt.name, tt.got, tt.want)
		}
	}
}

func TestMaskedPartyHidesWhatIsPersonal(t *testing.T) {
	p := Party{
		Kind: Citizen, Name: "Nguyễn Thử Nghiệm", PersonalID: "999085001234", Phone: "0000345678",
		Email: "thu@example.vn", Address: "12 Đường Thử, Phường Mẫu, Tỉnh Mẫu", Sex: Male,
		BornOn: civil.NewDate(1985, 2, 3),
	}
	p.Representative = &Party{Name: "Trần Thay Mặt", PersonalID: "999085009876"}
	m := p.Masked()
	if m.Name != p.Name || m.Address != "***, Phường Mẫu, Tỉnh Mẫu" {
		t.Errorf("Masked() = %+v, want the name and the area kept", m)
	}
	if !m.BornOn.IsZero() || m.Sex != "" {
		t.Errorf("Masked() = %+v, want day of birth and sex left out", m)
	}
	for _, shown := range []string{string(m.PersonalID), string(m.Phone), m.Email, string(m.Representative.PersonalID)} {
		if !strings.Contains(shown, "***") {
			t.Errorf("Masked() shows %q", shown)
		}
	}
	if p.PersonalID != "999085001234" || p.Representative.PersonalID != "999085009876" {
		t.Error("Masked() changed its receiver")
	}
}
