package app

import (
	"bytes"
	"context"
	"io"
	"math/rand/v2"
	"time"

	"github.com/motcua/motcua/internal/core/access"
	"github.com/motcua/motcua/internal/core/agency"
	"github.com/motcua/motcua/internal/core/civil"
	"github.com/motcua/motcua/internal/core/procedure"
	"github.com/motcua/motcua/internal/data"
)

// Founding says which centre an empty installation becomes.
type Founding struct {
	Preset   string    // key of centres.json
	At       time.Time // day whose units and agencies the centre gets; zero = now
	Since    time.Time // legal time of the records, in a demo's story; zero = At
	People   bool      // invent staff, as a demo does
	Communes int       // communes with invented people
	Seed     uint64    // of the invented people
	// Procedures is the catalogue, in the format of procedures.json, instead of the
	// built-in one; nil = built in.
	Procedures io.Reader
	Progress   func(step string)
}

// Founded is what Found made.
type Founded struct {
	Profile agency.Profile
	Staff   int
	Ready   int // procedures that are received
}

// Found makes the centre of an empty installation from the built-in data: its
// province's units and agencies, the national catalogue, the profile, and in a
// demo its people and the control unit's confirmations. Founding again changes
// nothing that is there already.
func (a *App) Found(ctx context.Context, who access.Actor, f Founding) (Founded, error) {
	at := a.at(f.At)
	day := civil.DateOf(at).String()
	say := f.Progress
	if say == nil {
		say = func(string) {}
	}
	if f.Since.IsZero() {
		f.Since = f.At
	}
	say("units")
	plan, err := a.planHouse(f.Preset, day)
	if err != nil {
		return Founded{}, err
	}
	profile := plan.ProfileOf()
	profile.Simulated = f.People
	// The profile comes first: it says which province the units belong to.
	if err := a.RecordCentre(ctx, who, profile, f.Since); err != nil {
		return Founded{}, err
	}
	o := ImportOptions{At: f.Since}
	if _, err := a.recordUnits(ctx, who, "units", plan.units, nil, o); err != nil {
		return Founded{}, err
	}
	say("catalogue")
	if err := a.foundCatalogue(ctx, who, f.Procedures, o); err != nil {
		return Founded{}, err
	}
	out := Founded{Profile: profile}
	if !f.People {
		return out, nil
	}
	say("people")
	if out.Staff, err = a.invent(ctx, who, plan.Plan, f); err != nil {
		return out, err
	}
	if err := a.certify(ctx, who, f.Since); err != nil {
		return out, err
	}
	say("readiness")
	out.Ready, err = a.confirmAll(ctx, f.Since)
	return out, err
}

// foundCatalogue takes in the given catalogue, or the national one that ships
// with the program.
func (a *App) foundCatalogue(ctx context.Context, who access.Actor, given io.Reader, o ImportOptions) error {
	if given != nil {
		_, err := a.ImportProcedures(ctx, who, given, o)
		return err
	}
	if err := a.importBuiltIn(ctx, who, data.Procedures, a.ImportProcedures, o); err != nil {
		return err
	}
	return a.importBuiltIn(ctx, who, data.Catalogue, a.ImportCatalogue, o)
}

func (a *App) importBuiltIn(ctx context.Context, who access.Actor, name string, take func(context.Context, access.Actor, io.Reader, ImportOptions) (ImportReport, error), o ImportOptions) error {
	r, err := data.Open(name)
	if err != nil {
		return err
	}
	defer r.Close()
	_, err = take(ctx, who, r, o)
	return err
}

// house is a planned centre with the units that its installation records.
type house struct {
	agency.Plan
	units []agency.Unit
}

// planHouse plans a preset's centre on a day.
func (a *App) planHouse(preset, day string) (house, error) {
	centres, err := readBuiltIn(data.Centres, func(r io.Reader) ([]agency.Centre, error) { return agency.ParseCentres(r) })
	if err != nil {
		return house{}, err
	}
	areas, err := readBuiltIn(data.Units, func(r io.Reader) ([]agency.Unit, error) {
		list, _, err := agency.ParseUnits(r)
		return list, err
	})
	if err != nil {
		return house{}, err
	}
	agencies, err := readBuiltIn(data.Agencies, func(r io.Reader) ([]agency.Unit, error) {
		list, _, err := agency.ParseAgencies(r)
		return list, err
	})
	if err != nil {
		return house{}, err
	}
	load, err := loadByAgency(day)
	if err != nil {
		return house{}, err
	}
	plan, err := agency.PlanFor(preset, day, centres, agency.NewTree(agencies), agency.NewTree(areas), load)
	if err != nil {
		return house{}, err
	}
	h := house{Plan: plan}
	for _, u := range areas {
		if u.Province == plan.Centre.Code || u.Level == agency.Province {
			h.units = append(h.units, u)
		}
	}
	for _, u := range agencies {
		if u.Province == plan.Centre.Code {
			h.units = append(h.units, u)
		}
	}
	return h, nil
}

func readBuiltIn[T any](name string, parse func(io.Reader) (T, error)) (T, error) {
	r, err := data.Open(name)
	if err != nil {
		var none T
		return none, err
	}
	defer r.Close()
	return parse(r)
}

// loadByAgency tells how many procedures of the built-in catalogue each agency
// has on a day.
func loadByAgency(day string) (func(string) int, error) {
	list, err := readBuiltIn(data.Procedures, func(r io.Reader) ([]procedure.Procedure, error) {
		list, _, err := procedure.Parse(r)
		return list, err
	})
	if err != nil {
		return nil, err
	}
	n := map[string]int{}
	for _, p := range list {
		n[p.AgencyOn(day)]++
	}
	return func(key string) int { return n[key] }, nil
}

// invent makes the people of a demo's house, once.
func (a *App) invent(ctx context.Context, who access.Actor, plan agency.Plan, f Founding) (int, error) {
	dir := a.directory.Load()
	if n := len(dir.people); n > 0 {
		return n, nil
	}
	var names *agency.Names
	raw, err := readBuiltIn(data.Names, io.ReadAll)
	if err != nil {
		return 0, err
	}
	titles, err := readBuiltIn(data.Titles, io.ReadAll)
	if err != nil {
		return 0, err
	}
	if names, err = agency.ParseNames(bytes.NewReader(raw), bytes.NewReader(titles)); err != nil {
		return 0, err
	}
	rng := rand.New(rand.NewPCG(f.Seed, 0x6d6f74637561))
	people := agency.InventStaff(plan, names, rng, agency.InventOptions{Communes: f.Communes, NewID: newID})
	return len(people), a.RecordPeople(ctx, who, people)
}

// confirmAll lets the control unit of a demo confirm every procedure whose
// source states limit and papers, and which an agency and a counter here serve.
func (a *App) confirmAll(ctx context.Context, at time.Time) (int, error) {
	control, ok := a.Person("control")
	if !ok {
		return 0, nil
	}
	c := a.catalogue.Load()
	dir := a.directory.Load()
	var forms []ReadyForm
	ready := 0
	for _, r := range c.records {
		p, ok := procedure.On(r.Versions, c.day.String())
		if !ok {
			continue
		}
		if _, done := r.Confirmation(p.Number); done {
			ready++
			continue
		}
		if len(stated(dir.missingAnywhere(r, p, c.day))) == 0 {
			forms = append(forms, ReadyForm{Procedure: p.Code, Version: p.Number, Document: demoDecision})
		}
	}
	return ready + len(forms), a.ConfirmManyReady(ctx, control, forms, at)
}

// demoDecision stands where a real decision would: the demo's confirmations are
// simulated like its people.
const demoDecision = "Quyết định mô phỏng"

// Person is the first active officer with a role, by login, as he acts.
func (a *App) Person(role string) (access.Actor, bool) {
	best := agency.Staff{}
	for _, p := range a.directory.Load().people {
		if !p.Disabled && hasExactRole(p, role) && (best.ID == "" || p.Login < best.Login) {
			best = p
		}
	}
	return a.actorOf(best), best.ID != ""
}

// People are the active officers of a unit with a role, as they act.
func (a *App) People(unit, role string) []access.Actor {
	var out []access.Actor
	for _, p := range a.directory.Load().members(unit, role) {
		out = append(out, a.actorOf(p))
	}
	return out
}

// Empty reports whether nothing has been founded yet.
func (a *App) Empty() bool { return a.directory.Load().centre.Code == "" }

func hasExactRole(p agency.Staff, role string) bool {
	for _, r := range p.Roles {
		if r == role {
			return true
		}
	}
	return false
}

// Receivable is a procedure that a unit receives, for a simulation to choose
// from.
type Receivable struct {
	procedure.Procedure
	Unit string // receiving unit
}

// ReceivableBy lists what the centre and the communes with people receive today.
func (a *App) ReceivableBy() ([]Receivable, error) {
	c, err := a.today()
	if err != nil {
		return nil, err
	}
	dir := a.directory.Load()
	commune, _ := dir.receivingCommune(c.day)
	var out []Receivable
	for _, h := range c.index.Search(procedure.Query{Ready: true, Most: c.index.Len()}).Hits {
		r := Receivable{Procedure: *h.Procedure, Unit: dir.centre.Code}
		if agency.CommuneKey(h.Agency) {
			r.Unit = commune.Code
		}
		out = append(out, r)
	}
	return out, nil
}
