package agency

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/motcua/motcua/internal/core/fault"
)

// PlanChange works out what a change does to the units of a tree. work tells how
// much open work a code has; nil is none.
//
// It fails with fault.Invalid and names every wrong place: a unit that is not in
// force or is named twice, a change before one that is recorded already, a code
// or identifier used twice, a unit that would stand above itself, units below
// one that ends, and open work that nobody would continue.
func PlanChange(t *Tree, c Change, work func(code string) int) (Effect, error) {
	p := &planner{tree: t, change: c, work: work, ended: map[string]int{}, begun: map[string]int{}}
	on, err := time.Parse(time.DateOnly, c.On)
	if err != nil {
		p.bad("on", "agency.day_form", fault.Args{"day": c.On})
	}
	if strings.TrimSpace(c.Document) == "" {
		p.bad("document", "agency.change_document", nil)
	}
	if len(c.Steps) == 0 || len(c.Steps) > mostSteps {
		p.bad("steps", "agency.change_steps", fault.Args{"n": len(c.Steps), "most": mostSteps})
	}
	if len(p.faults) > 0 {
		return Effect{}, fault.Join(p.faults...)
	}
	p.eve = on.AddDate(0, 0, -1).Format(time.DateOnly)
	for i, s := range c.Steps {
		p.at = fmt.Sprintf("steps[%d]", i)
		if p.shape(s) {
			p.end(s)
		}
	}
	for i, s := range c.Steps {
		p.at = fmt.Sprintf("steps[%d]", i)
		p.begin(s)
	}
	if len(p.faults) == 0 {
		p.parents()
	}
	for i, s := range c.Steps {
		p.at = fmt.Sprintf("steps[%d]", i)
		p.inherit(s)
	}
	if len(p.faults) == 0 {
		p.children()
		p.cycles()
		p.atWork()
	}
	p.effect.Staff = c.Staff
	return p.effect, fault.Join(p.faults...)
}

// mostSteps bounds a change; the reform of a whole province had about 200.
const mostSteps = 1000

// planner works a change out step by step.
type planner struct {
	tree   *Tree
	change Change
	work   func(string) int
	eve    string
	at     string         // where the step stands in the form
	ended  map[string]int // code to place in effect.Ended
	begun  map[string]int // code to place in effect.Begun
	effect Effect
	faults []*fault.Fault
}

func (p *planner) bad(field, key string, args fault.Args) {
	p.faults = append(p.faults, fault.Field(field, key, args))
}

// shape checks how many units a step has on each side.
func (p *planner) shape(s Step) bool {
	from, into := len(s.Units), len(s.Into)
	ok := false
	switch s.Act {
	case OpenUnit:
		ok = from == 0 && into == 1
	case RenameUnit:
		ok = from == 1 && into == 1 && s.Into[0].Name != "" && s.Into[0].Code == s.Units[0]
	case MoveUnit:
		ok = from == 1 && into == 1 && s.Into[0].Parent != "" && s.Into[0].Code == s.Units[0]
	case MergeUnits:
		ok = into == 1 && (from > 1 || from == 1 && s.Into[0].Code != s.Units[0])
	case SplitUnit:
		ok = from == 1 && into > 1
	case CloseUnit:
		ok = from > 0 && into == 0
	}
	switch {
	case !slices.Contains(stepActs[:], s.Act):
		p.bad(p.at+".act", "agency.change_act", fault.Args{"act": string(s.Act)})
	case !ok:
		p.bad(p.at, "agency.change_shape", fault.Args{"act": fault.Line{Key: s.Act.Key()}})
	}
	return ok
}

// end looks up the units that a step ends.
func (p *planner) end(s Step) {
	for _, code := range s.Units {
		u, ok := p.tree.Find(code, p.eve)
		if !ok {
			p.missing(code)
			continue
		}
		if _, twice := p.ended[u.Code]; twice {
			p.bad(p.at+".units", "agency.change_twice", fault.Args{"unit": u.Shown()})
			continue
		}
		if day, later := p.later(u); later {
			p.bad(p.at+".units", "agency.change_before", fault.Args{"unit": u.Shown(), "day": ShowDay(day)})
			continue
		}
		p.ended[u.Code] = len(p.effect.Ended)
		p.effect.Before = append(p.effect.Before, u)
		u.ValidTo = p.eve
		p.effect.Ended = append(p.effect.Ended, u)
	}
}

// missing says why a code is not in force on the day before.
func (p *planner) missing(code string) {
	for _, i := range p.tree.byCode[code] {
		u := p.tree.units[i]
		if u.Void {
			continue
		}
		if u.ValidFrom > p.eve {
			p.bad(p.at+".units", "agency.change_before", fault.Args{"unit": u.Shown(), "day": ShowDay(u.ValidFrom)})
		} else {
			p.bad(p.at+".units", "agency.change_ended", fault.Args{"unit": u.Shown(), "day": ShowDay(u.ValidTo)})
		}
		return
	}
	p.bad(p.at+".units", "agency.unit_unknown", fault.Args{"unit": code})
}

// later finds a change of the unit that is recorded for a later day than this
// one: the past of that change cannot be altered any more. A unit whose end on
// the very day is recorded, as the national list does, only lacks its heir.
func (p *planner) later(u Unit) (string, bool) {
	if u.ValidTo != "" && u.ValidTo != p.eve {
		return u.ValidTo, true
	}
	if u.ValidTo == p.eve {
		return p.change.On, u.Heir != ""
	}
	for _, i := range p.tree.byCode[u.Code] {
		if o := p.tree.units[i]; o.Code == u.Code && !o.Void && o.ValidFrom > u.ValidFrom {
			return o.ValidFrom, true
		}
	}
	return "", false
}

// begin makes the units that stand after a step.
func (p *planner) begin(s Step) {
	first := Unit{Level: Province, Kind: Body}
	if len(s.Units) > 0 {
		if i, ok := p.ended[s.Units[0]]; ok {
			first = p.effect.Before[i]
		}
	}
	for j, n := range s.Into {
		field := fmt.Sprintf("%s.into[%d]", p.at, j)
		if n.Name == "" && s.Act != MoveUnit {
			if u, ok := p.stays(n.Code); !ok {
				p.bad(field+".code", "agency.change_target", fault.Args{"unit": n.Code})
			} else if n.Parent != "" || n.Identifier != "" {
				p.bad(field+".name", "agency.change_name", fault.Args{"unit": u.Shown()})
			}
			continue
		}
		p.add(field, s, first, n)
	}
}

// stays finds a unit that is in force on the day and that the change does not end.
func (p *planner) stays(code string) (Unit, bool) {
	u, ok := p.tree.Find(code, p.change.On)
	if !ok {
		return u, false
	}
	i, ends := p.ended[u.Code]
	return u, !ends || p.effect.Ended[i].ID != u.ID
}

// add makes one new period.
func (p *planner) add(field string, s Step, first Unit, n NewUnit) {
	u := first
	keeps := slices.Contains(s.Units, n.Code) // the code goes on: so does what belongs to it
	if i, ok := p.ended[n.Code]; keeps && ok {
		u = p.effect.Before[i]
	}
	if !keeps {
		u.Key, u.Identifier, u.Local, u.FullName, u.Heir, u.Successors, u.Former = n.Code, "", false, "", "", nil, ""
	}
	u.Code, u.ID = n.Code, n.Code+"@"+p.change.On
	u.ValidFrom, u.ValidTo, u.Bounded, u.Basis, u.Note = p.change.On, "", false, p.change.Document, ""
	if n.Name != "" {
		u.Name, u.FullName = n.Name, n.FullName
		u.Former = p.formerOf(s)
	}
	u.Level, u.Kind, u.Form = cond(n.Level, u.Level), cond(n.Kind, u.Kind), cond(n.Form, u.Form)
	if n.Identifier != "" {
		u.Identifier, u.Local = n.Identifier, false
	}
	if s.Act == MergeUnits {
		u.Fields = p.fields(s)
	}
	if n.Parent != "" {
		u.Parent = n.Parent // a code for now; see parents
	}
	p.checkNew(field, u)
	if _, ok := p.begun[u.Code]; !ok {
		p.begun[u.Code] = len(p.effect.Begun)
		p.effect.Begun = append(p.effect.Begun, u)
	}
}

func cond[T ~string](value, otherwise T) T {
	if value != "" {
		return value
	}
	return otherwise
}

// formerOf names what a new unit was formed from.
func (p *planner) formerOf(s Step) string {
	var names []string
	for _, code := range s.Units {
		if i, ok := p.ended[code]; ok {
			names = append(names, p.effect.Before[i].Shown())
		}
	}
	return strings.Join(names, ", ")
}

func (p *planner) fields(s Step) []string {
	var all []string
	for _, code := range s.Units {
		if i, ok := p.ended[code]; ok {
			for _, f := range p.effect.Before[i].Fields {
				if !slices.Contains(all, f) {
					all = append(all, f)
				}
			}
		}
	}
	return all
}

// checkNew refuses a code or an identifier that another unit has, and forms that
// no unit has.
func (p *planner) checkNew(field string, u Unit) {
	switch {
	case !codeForm.MatchString(u.Code):
		p.bad(field+".code", "agency.code_form", fault.Args{"code": u.Code})
		return
	case !u.Level.Known():
		p.bad(field+".level", "agency.level_unknown", fault.Args{"level": string(u.Level)})
	case !u.Kind.Known():
		p.bad(field+".kind", "agency.kind_unknown", fault.Args{"kind": string(u.Kind)})
	case u.Identifier != "" && !identifierForm.MatchString(u.Identifier):
		p.bad(field+".identifier", "agency.identifier_form", fault.Args{"identifier": u.Identifier})
	}
	if _, twice := p.begun[u.Code]; twice {
		p.bad(field+".code", "agency.code_used", fault.Args{"code": u.Code})
		return
	}
	for i, o := range append(slices.Clone(p.tree.units), p.effect.Begun...) {
		if o.Void || o.ValidTo != "" && o.ValidTo < p.change.On {
			continue
		}
		if _, ends := p.ended[o.Code]; ends && i < len(p.tree.units) && o.On(p.eve) {
			continue
		}
		switch {
		case o.Code == u.Code || o.Key == u.Code && o.Province == u.Province:
			p.bad(field+".code", "agency.code_used", fault.Args{"code": u.Code})
			return
		case u.Identifier != "" && o.Identifier == u.Identifier:
			p.bad(field+".identifier", "agency.identifier_used", fault.Args{"identifier": u.Identifier, "unit": o.Shown()})
			return
		}
	}
}

// parents turns the codes of units above into the ids of their periods.
func (p *planner) parents() {
	for i, s := range p.change.Steps {
		for j, n := range s.Into {
			at, ok := p.begun[n.Code]
			if !ok || n.Parent == "" {
				continue
			}
			above, ok := p.standing(n.Parent)
			if !ok {
				p.bad(fmt.Sprintf("steps[%d].into[%d].parent", i, j), "agency.unit_unknown", fault.Args{"unit": n.Parent})
				continue
			}
			p.effect.Begun[at].Parent = above.ID
		}
	}
}

// standing finds the unit that has a code once the change holds.
func (p *planner) standing(code string) (Unit, bool) {
	if i, ok := p.begun[code]; ok {
		return p.effect.Begun[i], true
	}
	return p.stays(code)
}

// inherit says who continues the units of a step.
func (p *planner) inherit(s Step) {
	heir := s.Heir
	if heir == "" && len(s.Into) == 1 {
		heir = s.Into[0].Code
	}
	inside := len(s.Into) == 0 || slices.ContainsFunc(s.Into, func(n NewUnit) bool { return n.Code == heir })
	if heir == "" && len(s.Into) > 1 || heir != "" && !inside {
		p.bad(p.at+".heir", "agency.change_heir", nil)
		return
	}
	if heir == "" {
		return
	}
	to, ok := p.standing(heir)
	if !ok {
		p.bad(p.at+".heir", "agency.change_target", fault.Args{"unit": heir})
		return
	}
	for _, code := range s.Units {
		i, ok := p.ended[code]
		if !ok {
			continue
		}
		u := &p.effect.Ended[i]
		u.Heir = to.Code
		u.Successors = nil
		for _, n := range s.Into {
			u.Successors = append(u.Successors, n.Code)
		}
		if u.Code != to.Code || u.Shown() != to.Shown() {
			p.effect.Heirs = append(p.effect.Heirs, Heir{From: u.Code, FromKey: u.Key, FromName: u.Shown(), To: to.Code, ToKey: to.Key, ToName: to.Shown()})
		}
	}
}
