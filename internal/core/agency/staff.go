package agency

import (
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/motcua/motcua/internal/core/fault"
)

// Staff is an officer (cán bộ, công chức, viên chức) with what he may do.
type Staff struct {
	ID         string      `json:"id"`
	Name       string      `json:"name"`
	Login      string      `json:"login"`
	Title      string      `json:"title,omitzero"` // chức danh, as printed on slips
	Phone      string      `json:"phone,omitzero"`
	Roles      []string    `json:"roles"`
	Unit       string      `json:"unit"` // code of the unit in which he works
	Posts      []Post      `json:"posts,omitzero"`
	Secondment *Secondment `json:"secondment,omitzero"`
	Disabled   bool        `json:"disabled,omitzero"`
	// IDKey is the keyed index of his personal number, by which it is seen that a
	// dossier is his own; the number itself is not kept.
	IDKey string `json:"idKey,omitzero"`
	// Signs are the ways in which he signs where they do not follow from his title.
	Signs []SignBlock `json:"signs,omitzero"`
}

// Post is a further place of work (vị trí): a section, a counter, another title.
type Post struct {
	Unit    string `json:"unit"`
	Section string `json:"section,omitzero"` // key of the section of a centre
	Counter int    `json:"counter,omitzero"` // number of the counter; 0 = none
	Title   string `json:"title,omitzero"`
}

// Secondment says that an agency sent the officer to the centre (cử đến làm
// việc tại Trung tâm). Days are YYYY-MM-DD and inclusive.
type Secondment struct {
	FromUnit string `json:"fromUnit"`
	From     string `json:"from"`
	To       string `json:"to"`
	Reserve  bool   `json:"reserve,omitzero"` // dự bị: stands in for another
}

// On reports whether the secondment runs on a day.
func (s Secondment) On(day string) bool { return s.From <= day && day <= s.To }

// Bounds of a secondment in months (NĐ 61/2018/NĐ-CP art 11.4).
const (
	leastSecondment = 6
	mostSecondment  = 24
)

// StaffRoles lists the roles of people, as the outside contract names them.
func StaffRoles() []string {
	return []string{"reception", "handler", "leader", "clerk", "director", "control", "supervisor", "inspector", "admin", "import", "partner"}
}

// Post titles that decide about the number of leaders of a centre.
const (
	DirectorPost = "director" // Giám đốc Trung tâm
	DeputyPost   = "deputy"   // Phó Giám đốc Trung tâm
)

var loginForm = regexp.MustCompile(`^[a-z0-9][a-z0-9._-]{2,39}$`)

// Validate checks one officer by himself. The fault is Invalid and names every
// wrong field.
func (s Staff) Validate() error {
	var bad []*fault.Fault
	add := func(field, key string, args fault.Args) { bad = append(bad, fault.Field(field, key, args)) }
	switch n := utf8.RuneCountInString(s.Name); {
	case strings.TrimSpace(s.Name) == "":
		add("name", "agency.name_missing", nil)
	case n > 100:
		add("name", "agency.too_long", fault.Args{"n": n, "most": 100})
	default:
		if i := strings.IndexFunc(s.Name, notOfName); i >= 0 {
			r, _ := utf8.DecodeRuneInString(s.Name[i:])
			add("name", "agency.name_character", fault.Args{"character": string(r)})
		}
	}
	if !loginForm.MatchString(s.Login) {
		add("login", "agency.login_form", nil)
	}
	if len(s.Roles) == 0 {
		add("roles", "agency.role_missing", nil)
	}
	for _, r := range s.Roles {
		if !slices.Contains(StaffRoles(), r) {
			add("roles", "agency.role_unknown", fault.Args{"role": r})
		}
	}
	if s.Unit == "" {
		add("unit", "agency.unit_missing", nil)
	}
	if s.Secondment != nil {
		bad = append(bad, s.Secondment.check(s.Unit))
	}
	bad = append(bad, checkBlocks(s.Signs))
	return fault.Join(bad...)
}

func notOfName(r rune) bool {
	return !unicode.IsLetter(r) && !unicode.Is(unicode.Mn, r) && r != ' ' && r != '-' && r != '\'' && r != '’' && r != '.'
}

// check wants a term of 6 to 24 months from another unit.
func (s Secondment) check(to string) *fault.Fault {
	from, err := time.Parse(time.DateOnly, s.From)
	until, err2 := time.Parse(time.DateOnly, s.To)
	switch {
	case err != nil || err2 != nil:
		return fault.Field("secondment.from", "agency.secondment_days", nil)
	case s.FromUnit == "" || s.FromUnit == to:
		return fault.Field("secondment.fromUnit", "agency.secondment_unit", nil)
	}
	end := until.AddDate(0, 0, 1) // the last day belongs to the term
	if end.Before(from.AddDate(0, leastSecondment, 0)) || end.After(from.AddDate(0, mostSecondment, 0)) {
		return fault.Field("secondment.to", "agency.secondment_term", fault.Args{"least": leastSecondment, "most": mostSecondment})
	}
	return nil
}

// ValidateHouse checks the people of a centre together: each login once,
// exactly one director in office, at most two deputies (NĐ 61/2018/NĐ-CP art
// 10). house is the centre's code.
func ValidateHouse(house string, staff []Staff) error {
	var bad []*fault.Fault
	logins := map[string]bool{}
	directors, deputies := 0, 0
	for _, s := range staff {
		if logins[s.Login] {
			bad = append(bad, fault.Field("login", "agency.login_taken", fault.Args{"login": s.Login}))
		}
		logins[s.Login] = true
		if s.Disabled || s.Unit != house {
			continue
		}
		for _, p := range s.Posts {
			switch {
			case p.Unit != house:
			case p.Title == DirectorPost:
				directors++
			case p.Title == DeputyPost:
				deputies++
			}
		}
	}
	if directors != 1 {
		bad = append(bad, fault.Field("posts", "agency.one_director", fault.Args{"n": directors}))
	}
	if deputies > MostDeputies {
		bad = append(bad, fault.Field("posts", "agency.many_deputies", fault.Args{"n": deputies, "most": MostDeputies}))
	}
	return fault.Join(bad...)
}
