package agency

import (
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/motcua/motcua/internal/core/fault"
	"github.com/motcua/motcua/internal/core/textfold"
)

// Names invents people of the demo from name parts. Their numbers begin with
// 999 and their phones with 0000, which production refuses.
type Names struct {
	kinh    kinhParts
	groups  []groupParts
	streets map[string][]string // by province code
	hamlets map[string][]string
	firms   []string // patterns with {ten}
	words   []string
	titles  map[string]string // titles of officers and forms of addresses
}

// Dice gives chance to those who invent; *rand.Rand is one. A seeded one makes
// the same people again.
type Dice interface {
	IntN(n int) int // from 0 to n-1
}

type kinhParts struct {
	Surnames      []namePart `json:"surnames"`
	MiddleMale    []namePart `json:"middle_male"`
	MiddleFemale  []namePart `json:"middle_female"`
	MiddleNeutral []namePart `json:"middle_neutral"`
	GivenMale     []namePart `json:"given_male"`
	GivenFemale   []namePart `json:"given_female"`
}

type groupParts struct {
	Group          string     `json:"group"`
	Provinces      []string   `json:"provinces"`
	Order          string     `json:"order"`
	Clans          []namePart `json:"clans"`
	Surnames       []namePart `json:"surnames"`
	SurnamesMale   []namePart `json:"surnames_male"`
	SurnamesFemale []namePart `json:"surnames_female"`
	GivenMale      []namePart `json:"male_given"`
	GivenFemale    []namePart `json:"female_given"`
}

// namePart is a part of a name with how often it occurs, in tenths of a
// thousandth; 0 = not known.
type namePart struct {
	Name   string
	Weight int
}

// UnmarshalJSON reads {"name", "per_mille"}; the decimal is kept whole.
func (p *namePart) UnmarshalJSON(raw []byte) error {
	var w struct {
		Name     string      `json:"name"`
		PerMille json.Number `json:"per_mille"`
	}
	if err := json.Unmarshal(raw, &w); err != nil {
		return err
	}
	p.Name = w.Name
	whole, tenth, _ := strings.Cut(w.PerMille.String(), ".")
	if whole == "" {
		return nil
	}
	n, err := strconv.Atoi(whole + (tenth + "0")[:1])
	p.Weight = n
	return err
}

// ParseNames reads names.json and titles.json. It fails with fault.Invalid.
func ParseNames(r, titles io.Reader) (*Names, error) {
	var file struct {
		Kinh    kinhParts    `json:"kinh"`
		Groups  []groupParts `json:"ethnic_minorities"`
		Streets []struct {
			Province string   `json:"province_code"`
			Names    []string `json:"names"`
		} `json:"streets"`
		Hamlets map[string][]string `json:"hamlet_words"`
		Firms   []string            `json:"organisation_patterns"`
		Words   []string            `json:"organisation_words"`
	}
	if err := json.NewDecoder(r).Decode(&file); err != nil {
		return nil, fault.Wrap(err, fault.Invalid, "agency.file_json", nil)
	}
	n := &Names{kinh: file.Kinh, groups: file.Groups, streets: map[string][]string{}, hamlets: file.Hamlets, firms: file.Firms, words: file.Words}
	if err := json.NewDecoder(titles).Decode(&n.titles); err != nil {
		return nil, fault.Wrap(err, fault.Invalid, "agency.file_json", nil)
	}
	for _, s := range file.Streets {
		n.streets[s.Province] = append(n.streets[s.Province], s.Names...)
	}
	k := n.kinh
	for _, parts := range [][]namePart{k.Surnames, k.MiddleMale, k.MiddleFemale, k.GivenMale, k.GivenFemale} {
		if len(parts) == 0 {
			return nil, fault.New(fault.Invalid, "agency.file_json", nil)
		}
	}
	if len(n.firms) == 0 || len(n.words) == 0 {
		return nil, fault.New(fault.Invalid, "agency.file_json", nil)
	}
	return n, nil
}

// Person is an invented citizen.
type Person struct {
	Name       string
	Female     bool
	PersonalID string // 12 digits, begins with 999
	Phone      string // 10 digits, begins with 0000
	Email      string // at a domain that is kept for examples
	BornOn     string // YYYY-MM-DD
	Address    string
}

// minority is the share, of 100, of people whose name follows the custom of a
// minority people of their province (practice, not a census).
const minority = 18

// Person invents a citizen of a province (its code) who lives in commune and is
// grown up in year.
func (n *Names) Person(rng Dice, province string, commune Unit, year int) Person {
	p := Person{Female: rng.IntN(2) == 0}
	p.Name = n.name(rng, province, p.Female)
	p.PersonalID = fmt.Sprintf("999%09d", rng.IntN(1_000_000_000))
	p.Phone = fmt.Sprintf("0000%06d", rng.IntN(1_000_000))
	p.BornOn = fmt.Sprintf("%04d-%02d-%02d", year-18-rng.IntN(60), 1+rng.IntN(12), 1+rng.IntN(28))
	p.Email = strings.Join(textfold.Words(p.Name), ".") + "@example.vn"
	p.Address = n.address(rng, province, commune)
	return p
}

// Organisation is an invented enterprise.
type Organisation struct {
	Name    string
	TaxCode string // 10 digits with a right check digit, begins with 999
	Phone   string
	Email   string
	Address string
	Head    Person // who represents it
}

// Organisation invents an enterprise. check gives the tenth digit of a tax
// code, and false where there is no such code.
func (n *Names) Organisation(rng Dice, province string, commune Unit, year int, check func(nine string) (int, bool)) Organisation {
	o := Organisation{Head: n.Person(rng, province, commune, year)}
	o.Name = strings.ReplaceAll(pick(rng, n.firms), "{ten}", pick(rng, n.words))
	for {
		nine := fmt.Sprintf("999%06d", rng.IntN(1_000_000))
		if digit, ok := check(nine); ok {
			o.TaxCode = fmt.Sprintf("%s%d", nine, digit)
			break
		}
	}
	o.Phone = fmt.Sprintf("0000%06d", rng.IntN(1_000_000))
	o.Email = "vanthu" + o.TaxCode + "@example.vn"
	o.Address = n.address(rng, province, commune)
	return o
}

func (n *Names) name(rng Dice, province string, female bool) string {
	if rng.IntN(100) < minority {
		var near []groupParts
		for _, g := range n.groups {
			if slices.Contains(g.Provinces, province) {
				near = append(near, g)
			}
		}
		if len(near) > 0 {
			return pick(rng, near).name(rng, female)
		}
	}
	k := n.kinh
	middle, given := slices.Concat(k.MiddleMale, k.MiddleNeutral), k.GivenMale
	if female {
		middle, given = slices.Concat(k.MiddleFemale, k.MiddleNeutral), k.GivenFemale
	}
	return strings.Join([]string{draw(rng, k.Surnames), draw(rng, middle), draw(rng, given)}, " ")
}

// name joins the parts in the order of the group's custom: "given clan" puts
// the family's name last, "prefix given" has none.
func (g groupParts) name(rng Dice, female bool) string {
	given, family := g.GivenMale, slices.Concat(g.Clans, g.Surnames, g.SurnamesMale)
	if female {
		given, family = g.GivenFemale, slices.Concat(g.Clans, g.Surnames, g.SurnamesFemale)
	}
	own := draw(rng, given)
	switch {
	case len(family) == 0:
		return own
	case strings.HasPrefix(g.Order, "given"):
		return own + " " + draw(rng, family)
	default:
		return draw(rng, family) + " " + own
	}
}

// address is a street or hamlet in the commune.
func (n *Names) address(rng Dice, province string, commune Unit) string {
	number := fmt.Sprint(1 + rng.IntN(180))
	var place string
	streets, hamlets := n.streets[province], n.hamlets[province]
	switch {
	case len(streets) > 0 && (len(hamlets) == 0 || strings.HasPrefix(commune.FullName, "P")): // a ward has streets
		place = strings.NewReplacer("{number}", number, "{street}", pick(rng, streets)).Replace(n.titles["house.place"])
	case len(hamlets) > 0:
		place = strings.NewReplacer("{hamlet}", pick(rng, hamlets), "{number}", fmt.Sprint(1+rng.IntN(12))).Replace(n.titles["hamlet.place"])
	default:
		return commune.FullName
	}
	if commune.FullName == "" {
		return place
	}
	return place + ", " + commune.FullName
}

func pick[T any](rng Dice, list []T) T { return list[rng.IntN(len(list))] }

// draw picks by weight; parts without one count as one tenth of a thousandth.
func draw(rng Dice, parts []namePart) string {
	sum := 0
	for _, p := range parts {
		sum += max(p.Weight, 1)
	}
	at := rng.IntN(sum)
	for _, p := range parts {
		if at -= max(p.Weight, 1); at < 0 {
			return p.Name
		}
	}
	return parts[0].Name
}
