// Package party knows applicants and their representatives: which identity
// numbers, tax codes, phones, names and addresses are well formed, how they are
// written in normal form, and how they are masked. It does not know whether a
// number was really issued: only the national databases do.
//
//	owner, err := party.Validate("owner", typed, party.Options{On: today})
//	fmt.Println(owner.PersonalID.Masked()) // 079*****1234
package party

import (
	"github.com/motcua/motcua/internal/core/civil"
	"github.com/motcua/motcua/internal/core/fault"
)

// Kind says what sort of applicant a party is (đối tượng thực hiện).
type Kind string

// The four kinds, as the API writes them.
const (
	Citizen      Kind = "citizen"      // cá nhân
	Enterprise   Kind = "enterprise"   // doanh nghiệp, hộ kinh doanh
	Organization Kind = "organization" // tổ chức khác
	State        Kind = "state"        // cơ quan nhà nước
)

// Kinds lists the kinds in the order in which forms offer them.
func Kinds() []Kind { return []Kind{Citizen, Enterprise, Organization, State} }

// Known reports whether k is one of the four kinds.
func (k Kind) Known() bool {
	switch k {
	case Citizen, Enterprise, Organization, State:
		return true
	}
	return false
}

// Sex is the sex that an identity document states (giới tính).
type Sex string

// The two values that documents state; empty when it is not known.
const (
	Male   Sex = "male"   // nam
	Female Sex = "female" // nữ
)

// Party is an applicant: the owner of a dossier (chủ hồ sơ) or the one who
// hands it in (người nộp hồ sơ).
type Party struct {
	Kind           Kind       `json:"kind"`
	Name           string     `json:"name"`
	PersonalID     PersonalID `json:"personalId,omitempty"`
	TaxCode        TaxCode    `json:"taxCode,omitempty"`
	Phone          Phone      `json:"phone,omitempty"`
	Email          string     `json:"email,omitempty"`
	Address        string     `json:"address,omitempty"`
	BornOn         civil.Date `json:"bornOn,omitzero"`
	Sex            Sex        `json:"sex,omitempty"`
	Representative *Party     `json:"representative,omitempty"` // người đại diện, of an organisation
}

// Options say what Validate and the parsers accept beyond the law's plain case.
type Options struct {
	// TestPersons accepts IDs that begin with 999 and phones that begin with
	// 0000. Only a demo may set it.
	TestPersons bool
	// PersonalTaxCode accepts the 12-digit personal number as a tax code, as
	// for individuals and household businesses since 1 July 2025
	// (Circular 86/2024/TT-BTC).
	PersonalTaxCode bool
	// On is the day of the act: nobody is born after it. Zero skips that check.
	On civil.Date
}

// Validate checks p as the party that a form calls field ("owner", "submitter")
// and returns it in normal form: NFC, single spaces, phones with a leading 0.
//
// The error is a fault of kind Invalid that holds every wrong field at once,
// named field.name, field.personalId and so on; the party returned with it has
// the wrong fields as they were given, so that a form can show them again.
func Validate(field string, p Party, opts Options) (Party, error) {
	v := validator{field: field, opts: opts}
	if !p.Kind.Known() {
		v.add("kind", fault.Field("", "party.kind_unknown", fault.Args{"kind": string(p.Kind)}))
	}
	v.name(&p)
	v.personalID(&p)
	v.taxCode(&p)
	if p.Phone != "" {
		keep(&v, "phone", &p.Phone, func(s string) (Phone, error) { return ParsePhone(s, opts) })
	}
	if p.Email != "" {
		keep(&v, "email", &p.Email, CleanEmail)
	}
	if p.Address != "" {
		keep(&v, "address", &p.Address, CleanAddress)
	}
	v.birth(&p)
	v.representative(&p)
	return p, fault.Join(v.faults...)
}

// validator collects the faults of one party under its field name.
type validator struct {
	field  string
	opts   Options
	faults []*fault.Fault
}

// add notes err, a fault of this package or nil, under the field's name.
func (v *validator) add(name string, err error) {
	if f := fault.As(err); f != nil {
		named := *f
		named.Field = name
		if v.field != "" {
			named.Field = v.field + "." + name
		}
		v.faults = append(v.faults, &named)
	}
}

// keep replaces *value by its normal form, or notes what is wrong with it.
func keep[T ~string](v *validator, name string, value *T, parse func(string) (T, error)) bool {
	clean, err := parse(string(*value))
	if err != nil {
		v.add(name, err)
		return false
	}
	*value = clean
	return true
}

func (v *validator) name(p *Party) {
	if p.Kind == Citizen {
		keep(v, "name", &p.Name, CleanPersonName)
		return
	}
	keep(v, "name", &p.Name, CleanOrganizationName)
}

func (v *validator) personalID(p *Party) {
	if p.PersonalID == "" {
		if p.Kind == Citizen {
			v.add("personalId", fault.Field("", "party.id_missing", nil))
		}
		return
	}
	ok := keep(v, "personalId", &p.PersonalID, func(s string) (PersonalID, error) {
		return ParsePersonalID(s, v.opts)
	})
	if ok {
		year := 0
		if !p.BornOn.IsZero() {
			year = p.BornOn.Year()
		}
		v.add("personalId", p.PersonalID.agrees(p.Sex, year))
	}
}

func (v *validator) taxCode(p *Party) {
	if p.TaxCode == "" {
		if p.Kind == Enterprise {
			v.add("taxCode", fault.Field("", "party.tax_missing", nil))
		}
		return
	}
	keep(v, "taxCode", &p.TaxCode, func(s string) (TaxCode, error) { return ParseTaxCode(s, v.opts) })
}

func (v *validator) birth(p *Party) {
	if p.Sex != "" && p.Sex != Male && p.Sex != Female {
		v.add("sex", fault.Field("", "party.sex_unknown", nil))
	}
	if !p.BornOn.IsZero() && !v.opts.On.IsZero() && p.BornOn.After(v.opts.On) {
		v.add("bornOn", fault.Field("", "party.birth_future", nil))
	}
}

func (v *validator) representative(p *Party) {
	if p.Representative == nil {
		return
	}
	in := *p.Representative
	in.Kind = Citizen
	in.Representative = nil // a representative acts himself
	out, err := Validate(v.field+".representative", in, v.opts)
	p.Representative = &out
	if f := fault.As(err); f != nil {
		v.faults = append(v.faults, f)
	}
}
