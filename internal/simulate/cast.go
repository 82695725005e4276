package simulate

import (
	"bytes"
	"cmp"
	"fmt"
	"io"
	"math/rand/v2"
	"slices"
	"strings"

	"github.com/motcua/motcua/internal/app"
	"github.com/motcua/motcua/internal/core/access"
	"github.com/motcua/motcua/internal/core/agency"
	"github.com/motcua/motcua/internal/core/civil"
	"github.com/motcua/motcua/internal/core/dossier"
	"github.com/motcua/motcua/internal/core/fault"
	"github.com/motcua/motcua/internal/core/party"
	"github.com/motcua/motcua/internal/core/procedure"
	"github.com/motcua/motcua/internal/data"
	"github.com/motcua/motcua/internal/i18n"
)

// cast is who plays and what is asked for: officers, procedures, applicants.
type cast struct {
	app      *app.App
	seed     uint64
	day      civil.Date
	offers   []offer
	weight   int // of all offers
	names    *agency.Names
	area     string
	communes []agency.Unit
}

// offer is a procedure with how often people ask for it.
type offer struct {
	app.Receivable
	weight int
}

func newCast(a *app.App, seed uint64, day civil.Date) (*cast, error) {
	c := &cast{app: a, seed: seed, day: day, area: a.Centre().Area}
	list, err := a.ReceivableBy()
	if err != nil {
		return nil, err
	}
	c.addOffers(list)
	if len(c.offers) == 0 {
		return nil, fault.New(fault.Conflict, "simulate.nothing_received", nil)
	}
	if c.names, err = readNames(); err != nil {
		return nil, err
	}
	units, err := readUnits()
	if err != nil {
		return nil, err
	}
	c.communes = agency.NewTree(units).Communes(c.area, day.String())
	return c, nil
}

// addOffers weighs what is received: within each unit a few procedures make up
// most of the work, as in every real register.
func (c *cast) addOffers(list []app.Receivable) {
	rng := rand.New(rand.NewPCG(c.seed, 0x6f66666572))
	slices.SortFunc(list, func(x, y app.Receivable) int { return cmp.Compare(x.Code, y.Code) })
	rng.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
	rank := map[string]int{}
	for _, r := range list {
		if !playable(r.Procedure) || len(c.people(r.Unit, access.Reception)) == 0 {
			continue
		}
		key := r.Unit + "|" + r.AgencyOn(c.day.String())
		rank[key]++
		o := offer{r, max(1, 600/rank[key])}
		c.offers = append(c.offers, o)
		c.weight += o.weight
	}
}

// playable reports whether a reception can be filled in at all.
func playable(p procedure.Procedure) bool {
	return slices.ContainsFunc(p.Cases, func(x procedure.Case) bool { return len(ways(x)) > 0 })
}

// ways are the channels for which the case states a limit that the clock can
// count.
func ways(x procedure.Case) []dossier.Channel {
	var list []dossier.Channel
	for _, w := range []dossier.Channel{dossier.Direct, dossier.Online, dossier.Post} {
		l, ok := x.LimitBy(procedure.Way(w))
		if !ok {
			continue
		}
		if _, err := civil.ParseLimit(l.String()); err == nil {
			list = append(list, w)
		}
	}
	return list
}

// draw picks a procedure by its weight.
func (c *cast) draw(rng *rand.Rand) app.Receivable {
	at := rng.IntN(c.weight)
	for _, o := range c.offers {
		if at -= o.weight; at < 0 {
			return o.Receivable
		}
	}
	return c.offers[0].Receivable
}

// people are the officers of a unit with a role.
func (c *cast) people(unit string, role access.Role) []access.Actor {
	return c.app.People(unit, string(role))
}

// one is an officer of a unit with a role, the same for the same chance.
func (c *cast) one(unit string, role access.Role, chance int) (access.Actor, error) {
	all := c.people(unit, role)
	if len(all) == 0 {
		return access.Actor{}, fault.New(fault.Conflict, "simulate.nobody", fault.Args{"unit": unit, "role": string(role)})
	}
	return all[chance%len(all)], nil
}

// counter is the officer at a counter that serves an agency.
func (c *cast) counter(unit, agencyKey string, chance int) (access.Actor, error) {
	all := c.people(unit, access.Reception)
	if serving := c.app.Centre().CounterFor(agencyKey); len(serving) > 0 && unit == c.app.Centre().Code {
		no := serving[chance%len(serving)].No
		if no-1 < len(all) {
			return all[no-1], nil // counters and their officers are numbered alike
		}
	}
	return c.one(unit, access.Reception, chance)
}

// named finds an officer of a unit and role by his id.
func (c *cast) named(unit string, role access.Role, id string) (access.Actor, bool) {
	all := c.people(unit, role)
	i := slices.IndexFunc(all, func(a access.Actor) bool { return a.ID == id })
	if i < 0 {
		return access.Actor{}, false
	}
	return all[i], true
}

// regulars is how many different people come; some come more than once.
const regulars = 3000

// applicant invents who asks: the n-th person or enterprise of the province.
func (c *cast) applicant(n int, organisation bool) app.PartyForm {
	rng := rand.New(rand.NewPCG(c.seed, 0x70656f706c65<<12|uint64(n)))
	commune := agency.Unit{}
	if len(c.communes) > 0 {
		commune = c.communes[rng.IntN(len(c.communes))]
	}
	if organisation {
		o := c.names.Organisation(rng, c.area, commune, c.day.Year(), party.TaxCheckDigit)
		return app.PartyForm{Kind: string(party.Enterprise), Name: o.Name, TaxCode: o.TaxCode, Phone: o.Phone, Email: o.Email, Address: o.Address}
	}
	p := c.names.Person(rng, c.area, commune, c.day.Year())
	return app.PartyForm{
		Kind: string(party.Citizen), Name: p.Name, PersonalID: p.PersonalID, Phone: p.Phone, Email: p.Email, Address: p.Address, BornOn: p.BornOn,
	}
}

// text is a sentence of the simulation, such as a reason; variants are numbered.
func text(key string, variants, chance int) string {
	return i18n.Default().T(i18n.Vietnamese, fmt.Sprintf("simulate.%s.%d", key, 1+chance%variants), nil)
}

func readNames() (*agency.Names, error) {
	names, err := readData(data.Names)
	if err != nil {
		return nil, err
	}
	titles, err := readData(data.Titles)
	if err != nil {
		return nil, err
	}
	return agency.ParseNames(bytes.NewReader(names), bytes.NewReader(titles))
}

func readUnits() ([]agency.Unit, error) {
	raw, err := readData(data.Units)
	if err != nil {
		return nil, err
	}
	units, _, err := agency.ParseUnits(bytes.NewReader(raw))
	return units, err
}

func readData(name string) ([]byte, error) {
	r, err := data.Open(name)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	return io.ReadAll(r)
}

// forOrganisations reports whether a procedure is one that enterprises ask for.
func forOrganisations(p procedure.Procedure) bool {
	for _, a := range p.Applicants {
		if strings.Contains(strings.ToLower(a), "doanh nghiệp") {
			return true
		}
	}
	return false
}
