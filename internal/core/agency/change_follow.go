package agency

import (
	"slices"

	"github.com/motcua/motcua/internal/core/fault"
)

// children lets the units below one that ended follow its heir: each gets a new
// period that differs in nothing but the unit above, and so on downwards. A unit
// that has none to follow stands against the change.
func (p *planner) children() {
	for i := 0; i < len(p.effect.Ended); i++ { // those that follow are added, and looked below in their turn
		above := p.effect.Ended[i]
		for _, below := range p.tree.below[above.ID] {
			if u := p.tree.units[below]; u.On(p.change.On) {
				p.follow(u, above)
			}
		}
	}
	for i, u := range p.effect.Begun { // under a period that has ended by now
		if j := slices.IndexFunc(p.effect.Ended, func(e Unit) bool { return e.ID == u.Parent }); j >= 0 {
			if to, ok := p.standing(p.effect.Ended[j].Heir); ok && to.Code != u.Code {
				p.effect.Begun[i].Parent = to.ID
			}
		}
	}
}

// follow puts a unit under the heir of the one above it.
func (p *planner) follow(u, above Unit) {
	if _, ends := p.ended[u.Code]; ends {
		return
	}
	to, ok := p.standing(above.Heir)
	if above.Heir == "" || !ok {
		p.bad("steps", "agency.change_children", fault.Args{"unit": above.Shown(), "below": u.Shown()})
		return
	}
	if day, later := p.later(u); later {
		p.bad("steps", "agency.change_before", fault.Args{"unit": u.Shown(), "day": ShowDay(day)})
		return
	}
	was := u
	was.ValidTo, was.Heir = p.eve, u.Code
	p.ended[u.Code], p.begun[u.Code] = len(p.effect.Ended), len(p.effect.Begun)
	p.effect.Before, p.effect.Ended = append(p.effect.Before, u), append(p.effect.Ended, was)
	u.ID, u.Parent, u.ValidFrom, u.Basis, u.Bounded = u.Code+"@"+p.change.On, to.ID, p.change.On, p.change.Document, false
	p.effect.Begun = append(p.effect.Begun, u)
}

// cycles refuses a unit that would stand above itself.
func (p *planner) cycles() {
	parent := map[string]string{}
	for _, u := range p.tree.At(p.change.On, nil) {
		parent[u.ID] = u.Parent
	}
	for _, u := range p.effect.Begun {
		parent[u.ID] = u.Parent
	}
	for _, u := range p.effect.Begun {
		at := u.Parent
		for n := 0; at != ""; n++ {
			if at == u.ID || n > len(parent) {
				p.bad("steps", "agency.change_cycle", fault.Args{"unit": u.Shown()})
				return
			}
			at = parent[at]
		}
	}
}

// atWork refuses to end a unit whose open work nobody would continue.
func (p *planner) atWork() {
	if p.work == nil {
		return
	}
	for _, u := range p.effect.Ended {
		if n := p.work(u.Code); u.Heir == "" && n > 0 {
			if _, goesOn := p.standing(u.Code); !goesOn {
				p.bad("steps", "agency.change_open_work", fault.Args{"unit": u.Shown(), "n": n})
			}
		}
	}
}

// FollowStaff is the officer as the change leaves him; false when nothing of him
// changes. Posts and the end of a secondment's sending unit follow with him.
func (e Effect) FollowStaff(s Staff) (Staff, bool) {
	changed := false
	follow := func(code string) string {
		if h, ok := e.Heir(code); ok && h.To != code {
			changed = true
			return h.To
		}
		return code
	}
	was := s.Unit
	s.Unit = follow(s.Unit)
	if to := e.Staff[s.ID]; to != "" && s.Unit != was && e.succeeds(was, to) {
		s.Unit = to
	}
	s.Posts = slices.Clone(s.Posts)
	for i := range s.Posts {
		s.Posts[i].Unit = follow(s.Posts[i].Unit)
	}
	if s.Secondment != nil {
		own := *s.Secondment
		own.FromUnit = follow(own.FromUnit)
		s.Secondment = &own
	}
	return s, changed
}

// FollowProfile is the centre's profile as the change leaves it: its own unit,
// its area and committee, and the agencies of its counters. next is the tree with
// the change in force, on its day. A centre whose province went into another one
// serves that one's committee from then on.
func (e Effect) FollowProfile(p Profile, next *Tree, day string) (Profile, bool) {
	changed := false
	for _, code := range []*string{&p.Code, &p.Area, &p.Committee} {
		if h, ok := e.Heir(*code); ok {
			*code, changed = h.To, true
		}
	}
	if changed {
		if u, ok := next.Find(p.Area, day); ok {
			p.Province = u.Name
		}
		if _, stands := next.Find(p.Committee, day); !stands {
			for _, u := range next.At(day, func(u Unit) bool { return u.Kind == Committee && u.Province == p.Area }) {
				p.Committee = u.Code
			}
		}
		if u, ok := next.Find(p.Code, day); ok {
			p.Name = u.Shown()
		}
	}
	counters := make([]Counter, len(p.Counters))
	for i, c := range p.Counters {
		counters[i] = c
		counters[i].Agencies = nil
		for _, key := range c.Agencies {
			j := slices.IndexFunc(e.Heirs, func(h Heir) bool { return h.FromKey == key })
			if j >= 0 && e.Heirs[j].ToKey != key {
				key, changed = e.Heirs[j].ToKey, true
			}
			if !slices.Contains(counters[i].Agencies, key) {
				counters[i].Agencies = append(counters[i].Agencies, key)
			}
		}
	}
	p.Counters = counters
	return p, changed
}

// succeeds reports whether a unit was formed from another.
func (e Effect) succeeds(from, to string) bool {
	return slices.ContainsFunc(e.Ended, func(u Unit) bool { return u.Code == from && slices.Contains(u.Successors, to) })
}
