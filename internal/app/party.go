package app

import (
	"strings"

	"github.com/motcua/motcua/internal/core/civil"
	"github.com/motcua/motcua/internal/core/dossier"
	"github.com/motcua/motcua/internal/core/fault"
	"github.com/motcua/motcua/internal/core/party"
)

// PartyForm is an applicant as typed or shown.
type PartyForm struct {
	Kind          string
	Name          string
	PersonalID    string
	TaxCode       string
	Phone         string
	Email         string
	Address       string
	BornOn        string // YYYY-MM-DD or empty
	Authorisation string // giấy ủy quyền, of a submitter
}

// parse reads a typed party; field names it in faults.
func (f PartyForm) parse(field string, opts party.Options) (party.Party, error) {
	p := party.Party{
		Kind: party.Kind(f.Kind), Name: f.Name, PersonalID: party.PersonalID(f.PersonalID), TaxCode: party.TaxCode(f.TaxCode),
		Phone: party.Phone(f.Phone), Email: f.Email, Address: f.Address,
	}
	var born error
	if text := strings.TrimSpace(f.BornOn); text != "" {
		d, err := civil.ParseDate(text)
		if err != nil {
			born = fault.Field(field+".bornOn", "civil.date_form", fault.Args{"text": text})
		}
		p.BornOn = d
	}
	out, err := party.Validate(field, p, opts)
	return out, joinErrors(err, born)
}

// recordParty is a checked party as the dossier keeps it.
func recordParty(p party.Party) dossier.Party {
	return dossier.Party{
		Kind: string(p.Kind), Name: p.Name, PersonalID: string(p.PersonalID), TaxCode: string(p.TaxCode),
		Phone: string(p.Phone), Email: p.Email, Address: p.Address, BornOn: p.BornOn,
	}
}

// partyForm shows a recorded party, masked unless full.
func partyForm(p dossier.Party, full bool) PartyForm {
	f := PartyForm{
		Kind: p.Kind, Name: p.Name, PersonalID: p.PersonalID, TaxCode: p.TaxCode, Phone: p.Phone, Email: p.Email,
		Address: p.Address, Authorisation: p.Authorisation,
	}
	if !p.BornOn.IsZero() {
		f.BornOn = p.BornOn.String()
	}
	if full {
		return f
	}
	m := party.Party{
		PersonalID: party.PersonalID(p.PersonalID), TaxCode: party.TaxCode(p.TaxCode), Phone: party.Phone(p.Phone),
		Email: p.Email, Address: p.Address,
	}.Masked()
	f.PersonalID, f.TaxCode, f.Phone = string(m.PersonalID), string(m.TaxCode), string(m.Phone)
	f.Email, f.Address, f.BornOn = m.Email, m.Address, ""
	return f
}

func (a *App) partyOptions(day civil.Date) party.Options {
	return party.Options{TestPersons: a.testPersons, PersonalTaxCode: true, On: day}
}

// joinErrors makes one fault of several checks; an error without a kind wins,
// since it is ours.
func joinErrors(errs ...error) error {
	var all []*fault.Fault
	for _, err := range errs {
		if err == nil {
			continue
		}
		f := fault.As(err)
		if f == nil || f.Kind != fault.Invalid {
			return err
		}
		all = append(all, f)
	}
	return fault.Join(all...)
}
