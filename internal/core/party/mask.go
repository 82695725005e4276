package party

import (
	"strings"

	"github.com/motcua/motcua/internal/core/civil"
)

// Masked shows the first 3 and the last 4 digits: 079*****1234. Anything
// shorter than 9 characters shows nothing.
func (id PersonalID) Masked() string { return mask(string(id), 3, 4) }

// Masked shows an enterprise's code as it is, since that is public, and masks an
// individual's, which is the personal number.
func (t TaxCode) Masked() string {
	if len(t) == 12 {
		return PersonalID(t).Masked()
	}
	return string(t)
}

// Masked shows the first 4 and the last 3 digits: 0912***678.
func (p Phone) Masked() string { return mask(string(p), 4, 3) }

// MaskEmail shows the first letter and the domain: a***@example.vn.
func MaskEmail(email string) string {
	at := strings.LastIndexByte(email, '@')
	if at < 1 {
		return mask(email, 0, 0)
	}
	return email[:1] + "***" + email[at:]
}

// Masked returns p as lists and look-ups show it: name and kind stay, numbers
// are masked, of the address only what follows the first comma stays, and day
// of birth and sex are left out.
func (p Party) Masked() Party {
	m := p
	m.PersonalID = PersonalID(p.PersonalID.Masked())
	m.TaxCode = TaxCode(p.TaxCode.Masked())
	m.Phone = Phone(p.Phone.Masked())
	m.Email = MaskEmail(p.Email)
	m.Address = ""
	if _, area, ok := strings.Cut(p.Address, ","); ok {
		m.Address = "***," + area
	}
	m.BornOn, m.Sex = civil.Date{}, ""
	if p.Representative != nil {
		r := p.Representative.Masked()
		m.Representative = &r
	}
	return m
}

// mask keeps head and tail bytes of text and puts stars for the rest.
func mask(text string, head, tail int) string {
	if len(text) < head+tail+2 {
		return strings.Repeat("*", len(text))
	}
	return text[:head] + strings.Repeat("*", len(text)-head-tail) + text[len(text)-tail:]
}
