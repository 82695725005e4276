package party

import (
	"regexp"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/unicode/norm"

	"github.com/motcua/motcua/internal/core/civil"
	"github.com/motcua/motcua/internal/core/fault"
)

// Card is what the QR code of a citizen card says (thẻ căn cước công dân, the
// design of 2021). It saves typing; it proves nothing, since anybody can print one.
type Card struct {
	ID        PersonalID
	OldID     string // the 9-digit CMND that the card replaced; often empty
	Name      string
	BornOn    civil.Date // zero when only the year is known
	BirthYear int
	Sex       Sex
	Address   string
	IssuedOn  civil.Date // zero when not stated
	Extra     []string   // fields after the seventh, untouched
}

// cardFields is how many fields the design of 2021 has. Later cards say more,
// in an order that is not published, so further fields are never an error.
const cardFields = 7

// ParseCardQR reads the text of the QR code:
//
//	12 digits|old number or empty|name|ddmmyyyy|Nam or Nữ|address|ddmmyyyy
//
// Text that a scanner sent byte by byte as Latin letters is put right. The
// error is a fault of kind Invalid about name, address, bornOn and so on; the
// card returned with it holds what could be read, so that the officer only
// types what is missing. party.card_fields means that nothing could be read;
// party.card_telex and party.text_broken, that the scanner spoils Vietnamese letters.
func ParseCardQR(text string, opts Options) (Card, error) {
	text = repairLatin(strings.TrimSpace(strings.TrimPrefix(text, "\ufeff")))
	fields := strings.Split(text, "|")
	if len(fields) < cardFields {
		return Card{}, fault.Field("", "party.card_fields", fault.Args{"n": len(fields), "want": cardFields})
	}
	for i := range cardFields {
		fields[i] = strings.TrimSpace(fields[i])
	}
	c := Card{OldID: fields[1], Extra: fields[cardFields:]}
	v := validator{opts: opts}
	var err error
	c.ID, err = ParsePersonalID(fields[0], opts)
	v.add("personalId", err)
	c.Name, err = cardText(fields[2], CleanPersonName)
	v.add("name", err)
	c.BornOn, c.BirthYear, err = cardDay(fields[3])
	v.add("bornOn", err)
	c.Sex, err = cardSex(fields[4], c.ID)
	v.add("sex", err)
	if fields[5] != "" {
		c.Address, err = cardText(fields[5], CleanAddress)
		v.add("address", err)
	}
	if fields[6] != "" {
		c.IssuedOn, _, err = cardDay(fields[6])
		v.add("issuedOn", err)
	}
	v.add("personalId", c.ID.agrees(c.Sex, c.BirthYear))
	return c, fault.Join(v.faults...)
}

// cardText cleans a field of letters and looks for the traces of a scanner
// that works as a keyboard.
func cardText(field string, clean func(string) (string, error)) (string, error) {
	if questioned.MatchString(field) {
		return "", fault.Field("", "party.text_broken", nil)
	}
	text, err := clean(field)
	if err != nil {
		return "", err
	}
	if telex(text) {
		return text, fault.Field("", "party.card_telex", nil)
	}
	return text, nil
}

// questioned finds a question mark that touches a letter: another was lost there.
var questioned = regexp.MustCompile(`\pL\?|\?\pL`)

// telexWord finds what Vietnamese without diacritics never has: doubled a, e, d,
// w after a vowel, or a tone key at the end of a syllable.
var telexWord = regexp.MustCompile(`(?i)aa|ee|dd|[aou]w|[aeiouy](?:ch|ng|nh|[cmnpt])?[fjrsxz]\b`)

// telex reports whether text is Telex keystrokes instead of letters: plain
// ASCII in which at least half of the words would need a key of their own.
func telex(text string) bool {
	words, hits := 0, 0
	for _, word := range strings.Fields(text) {
		for i := range len(word) {
			if word[i] >= utf8.RuneSelf {
				return false
			}
		}
		words++
		if telexWord.MatchString(word) {
			hits++
		}
	}
	return hits > 0 && 2*hits >= words
}

// repairLatin undoes the commonest spoiling: UTF-8 bytes taken for letters of
// Windows-1252 or Latin-1. Text that is not such is returned as it is.
func repairLatin(text string) string {
	for _, table := range []*charmap.Charmap{charmap.Windows1252, charmap.ISO8859_1} {
		raw, err := table.NewEncoder().String(text)
		if err == nil && raw != text && utf8.ValidString(raw) {
			return norm.NFC.String(raw)
		}
	}
	return text
}

// cardDay reads ddmmyyyy; 0000yyyy means that only the year is known.
func cardDay(text string) (civil.Date, int, error) {
	wrong := fault.Field("", "party.card_date", fault.Args{"text": text})
	digits, ok := onlyDigits(text)
	if !ok || len(digits) != 8 {
		return civil.Date{}, 0, wrong
	}
	year := number(digits[4:])
	if digits[:4] == "0000" && year > 0 {
		return civil.Date{}, year, nil
	}
	day, err := civil.ParseDate(digits[4:] + "-" + digits[2:4] + "-" + digits[:2])
	if err != nil {
		return civil.Date{}, 0, wrong
	}
	return day, year, nil
}

// cardSex reads Nam or Nữ; when the letters are spoiled the number says it.
func cardSex(text string, id PersonalID) (Sex, error) {
	switch NameKey(text) {
	case "nam":
		return Male, nil
	case "nu":
		return Female, nil
	}
	if sex := id.Sex(); sex != "" {
		return sex, nil
	}
	return "", fault.Field("", "party.sex_unknown", nil)
}
