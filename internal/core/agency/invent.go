package agency

import (
	"fmt"
	"time"
)

// InventOptions say whom a demo needs.
type InventOptions struct {
	Handlers int           // per agency; 0 = 2
	Communes int           // communes with people of their own, from the first
	NewID    func() string // ids are made outside the core
}

// inventor makes officers with distinct logins.
type inventor struct {
	plan   Plan
	names  *Names
	rng    Dice
	titles map[string]string
	newID  func() string
	staff  []Staff
	taken  map[string]bool
}

// InventStaff invents the people of a planned house: director and two deputies,
// an officer at every counter, seconded from the agency that the counter serves,
// control and supervision, and in every agency a leader, a clerk and handlers.
// The same dice give the same people.
func InventStaff(p Plan, names *Names, rng Dice, o InventOptions) []Staff {
	if o.Handlers == 0 {
		o.Handlers = 2
	}
	v := &inventor{plan: p, names: names, rng: rng, titles: names.titles, newID: o.NewID, taken: map[string]bool{}}
	v.house()
	v.counters()
	for _, u := range p.Agencies {
		v.agency(u, u.Key, o.Handlers)
	}
	for i, u := range p.Communes {
		if i < o.Communes {
			v.commune(u)
		}
	}
	v.committee()
	return v.staff
}

// add makes one officer of a unit.
func (v *inventor) add(login, title string, unit Unit, roles []string, posts ...Post) *Staff {
	base := login
	for i := 2; v.taken[login]; i++ { // a login belongs to one officer
		login = fmt.Sprintf("%s-%d", base, i)
	}
	v.taken[login] = true
	s := Staff{
		ID: v.newID(), Name: v.names.name(v.rng, v.plan.Centre.Code, v.rng.IntN(2) == 0), Login: login, Title: title,
		Phone: fmt.Sprintf("0000%06d", v.rng.IntN(1_000_000)), Roles: roles, Unit: unit.Code, Posts: posts,
	}
	v.staff = append(v.staff, s)
	return &v.staff[len(v.staff)-1]
}

// house is who leads and supports the centre.
func (v *inventor) house() {
	h := v.plan.House
	at := func(section, title string) Post { return Post{Unit: h.Code, Section: section, Title: title} }
	v.add("giamdoc", v.titles["director"], h, []string{"director"}, at("", DirectorPost))
	v.add("phogiamdoc1", v.titles["deputy"], h, []string{"director", "control"}, at(ControlSection, DeputyPost))
	if v.plan.Centre.Deputies > 1 {
		v.add("phogiamdoc2", v.titles["deputy"], h, []string{"director"}, at(ReceptionSection, DeputyPost))
	}
	v.add("kiemsoat1", v.titles["control"], h, []string{"control"}, at(ControlSection, ""))
	v.add("kiemsoat2", v.titles["control"], h, []string{"control"}, at(ControlSection, ""))
	v.add("giamsat", v.titles["supervisor"], h, []string{"supervisor"}, at(ControlSection, ""))
	v.add("vanthu", v.titles["clerk"], h, []string{"clerk"}, at(GeneralSection, ""))
	v.add("quantri", v.titles["admin"], h, []string{"admin"}, at(GeneralSection, ""))
	v.add("thanhtra", v.titles["inspector"], v.plan.Committee, []string{"inspector"})
}

// counters seconds one officer to every counter for 12 months around the day.
func (v *inventor) counters() {
	from, until := term(v.plan.Day)
	for _, c := range v.plan.Counters {
		s := v.add(fmt.Sprintf("quay%02d", c.No), v.titles["reception"], v.plan.House, []string{"reception"},
			Post{Unit: v.plan.House.Code, Section: ReceptionSection, Counter: c.No})
		if len(c.Agencies) == 0 {
			continue
		}
		if u, ok := v.plan.Agency(c.Agencies[0], ""); ok {
			s.Secondment = &Secondment{FromUnit: u.Code, From: from, To: until}
		}
	}
}

// committee is who signs for the province's People's Committee, and the head of
// its Office, who also signs by the Chairman's order. They come last, so that the
// same dice go on making the same people before them.
func (v *inventor) committee() {
	c := v.plan.Committee
	if c.ID == "" {
		return
	}
	v.add("chutich."+c.Key, v.titles["chairman"], c, []string{"leader"}).Signs = []SignBlock{
		{Post: "CHỦ TỊCH"}, {Authority: "TM. ỦY BAN NHÂN DÂN", Post: "CHỦ TỊCH"},
	}
	for i := range 2 {
		v.add(fmt.Sprintf("phochutich%d.%s", i+1, c.Key), v.titles["viceChairman"], c, []string{"leader"}).Signs = []SignBlock{
			{Authority: "KT. CHỦ TỊCH", Post: "PHÓ CHỦ TỊCH"}, {Authority: "TM. ỦY BAN NHÂN DÂN\nKT. CHỦ TỊCH", Post: "PHÓ CHỦ TỊCH"},
		}
	}
	v.add("vanthu."+c.Key, v.titles["clerk"], c, []string{"clerk"})
	for _, u := range v.plan.Agencies {
		if u.Kind == Office {
			v.add("chanhvp."+u.Key, v.titles["officeHead"], u, []string{"leader"}).Signs = []SignBlock{
				{Post: "CHÁNH VĂN PHÒNG"}, {Authority: "TL. CHỦ TỊCH", Post: "CHÁNH VĂN PHÒNG"},
			}
		}
	}
}

// agency is the people of one agency; key stands in their logins.
func (v *inventor) agency(u Unit, key string, handlers int) {
	v.add("lanhdao."+key, v.titles["leader."+string(u.Kind)], u, []string{"leader"})
	v.add("vanthu."+key, v.titles["clerk"], u, []string{"clerk"})
	for i := range handlers {
		v.add(fmt.Sprintf("xuly%d.%s", i+1, key), v.titles["handler"], u, []string{"handler"})
	}
}

// commune is the people of a commune: reception and return in its own place.
func (v *inventor) commune(u Unit) {
	v.agency(u, u.Code, 1)
	v.add("motcua."+u.Code, v.titles["reception"], u, []string{"reception"})
}

// term is the 12 months of a secondment that holds the day: the calendar year
// of it.
func term(day string) (from, until string) {
	d, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return day, day // refused by Staff.Validate
	}
	return fmt.Sprintf("%04d-01-01", d.Year()), fmt.Sprintf("%04d-12-31", d.Year())
}
