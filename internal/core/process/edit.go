package process

import (
	"slices"
	"strconv"
)

// InOrder returns the template with its steps in the order in which a dossier
// meets them: the start first, each after those that lead to it, loops apart.
// Steps side by side keep their order.
func (t Template) InOrder() Template {
	column := columns(t)
	t.Steps = slices.Clone(t.Steps)
	rank := func(s Step) int {
		switch s.Kind {
		case KindStart:
			return -1
		case KindEnd:
			return len(t.Steps) + 1
		}
		return column[s.ID]
	}
	slices.SortStableFunc(t.Steps, func(a, b Step) int { return rank(a) - rank(b) })
	return t
}

// Out lists the flows that leave a step, in order.
func (t Template) Out(id string) []Flow {
	var out []Flow
	for _, f := range t.Flows {
		if f.From == id {
			out = append(out, f)
		}
	}
	return out
}

// Insert puts a new step of a kind behind another and returns its id (thêm
// bước). Behind a step with one way out it stands on that way; behind a gateway
// it becomes one more branch, which leads to where the others meet. A timer is
// attached to the step; a parallel part comes with its join and two consults.
func (t Template) Insert(after string, kind Kind) (Template, string) {
	if _, ok := t.Step(after); !ok {
		return t, ""
	}
	t.Steps, t.Flows = slices.Clone(t.Steps), slices.Clone(t.Flows)
	if kind == KindTimer {
		id := t.freshID("timer")
		t.place(after, Step{ID: id, Kind: kind, On: after, After: minutesADay, Continue: true})
		return t, id
	}
	first := Step{ID: t.freshID(string(kind)), Kind: kind}
	t.place(after, first)
	last := first.ID
	if kind == KindParallel {
		last = t.parallel(first.ID)
	}
	if len(t.Out(after)) > 1 || isGateway(t, after) && len(t.Out(after)) > 0 {
		to := t.meeting(after)
		t.link(after, first.ID)
		t.link(last, to)
		return t, first.ID
	}
	for i, f := range t.Flows {
		if f.From == after {
			t.Flows[i].From = last // its condition, if any, stays with the old way
		}
	}
	t.link(after, first.ID)
	return t, first.ID
}

func isGateway(t Template, id string) bool {
	s, _ := t.Step(id)
	into := 0
	for _, f := range t.Flows {
		if f.To == id {
			into++
		}
	}
	return s.Kind == KindBranch || s.Kind == KindParallel && into < 2
}

// place puts a step behind another in the list.
func (t *Template) place(after string, s Step) {
	at := slices.IndexFunc(t.Steps, func(x Step) bool { return x.ID == after })
	t.Steps = slices.Insert(t.Steps, at+1, s)
}

// parallel makes the inside of a parallel part behind its split: two consults
// and the join, whose id it returns.
func (t *Template) parallel(split string) string {
	join := t.freshID("join")
	t.place(split, Step{ID: join, Kind: KindParallel})
	for range 2 {
		ask := t.freshID(string(KindConsult))
		at := slices.IndexFunc(t.Steps, func(x Step) bool { return x.ID == join })
		t.Steps = slices.Insert(t.Steps, at, Step{ID: ask, Kind: KindConsult, Role: roleHandler})
		t.link(split, ask)
		t.link(ask, join)
	}
	return join
}

// meeting is where the branches behind a gateway come together: the first step
// on the way of its first branch that several ways lead to.
func (t Template) meeting(gateway string) string {
	into := map[string]int{}
	for _, f := range t.Flows {
		into[f.To]++
	}
	at := t.Out(gateway)[0].To
	for range t.Steps {
		out := t.Out(at)
		if into[at] > 1 || len(out) != 1 {
			break
		}
		at = out[0].To
	}
	return at
}

func (t *Template) link(from, to string) {
	if to != "" {
		t.Flows = append(t.Flows, Flow{ID: t.freshID("way"), From: from, To: to})
	}
}

// freshID is the first id of the form stem-N that nothing has.
func (t Template) freshID(stem string) string {
	for n := 1; ; n++ {
		id := stem + "-" + strconv.Itoa(n)
		taken := slices.ContainsFunc(t.Steps, func(s Step) bool { return s.ID == id }) ||
			slices.ContainsFunc(t.Flows, func(f Flow) bool { return f.ID == id })
		if !taken {
			return id
		}
	}
}

// AddWay gives a step one more way out, to a step.
func (t Template) AddWay(from, to, when string) Template {
	t.Flows = slices.Clone(t.Flows)
	t.Flows = append(t.Flows, Flow{ID: t.freshID("way"), From: from, To: to, When: when})
	return t
}

// Remove takes a step out with its timers (xóa bước). What led to it leads to
// where its first way went.
func (t Template) Remove(id string) Template {
	next := ""
	if out := t.Out(id); len(out) > 0 && out[0].To != id {
		next = out[0].To
	}
	gone := map[string]bool{id: true}
	for _, s := range t.Steps {
		if s.Kind == KindTimer && s.On == id {
			gone[s.ID] = true
		}
	}
	t.Steps = slices.DeleteFunc(slices.Clone(t.Steps), func(s Step) bool { return gone[s.ID] })
	var flows []Flow
	for _, f := range t.Flows {
		if f.To == id && next != "" {
			f.To = next
		}
		double := slices.ContainsFunc(flows, func(g Flow) bool { return g.From == f.From && g.To == f.To })
		if !gone[f.From] && !gone[f.To] && !double {
			flows = append(flows, f)
		}
	}
	t.Flows = flows
	return t
}

// Move takes a step one place up or down (chuyển lên, chuyển xuống). Two
// neighbours on one way without conditions change their places on the way too;
// others only in the list.
func (t Template) Move(id string, up bool) Template {
	at := slices.IndexFunc(t.Steps, func(s Step) bool { return s.ID == id })
	other := at + 1
	if up {
		other = at - 1
	}
	if at < 0 || other < 0 || other >= len(t.Steps) {
		return t
	}
	t.Steps, t.Flows = slices.Clone(t.Steps), slices.Clone(t.Flows)
	first, second := t.Steps[min(at, other)].ID, t.Steps[max(at, other)].ID
	t.Steps[at], t.Steps[other] = t.Steps[other], t.Steps[at]
	t.swapWay(first, second)
	return t
}

// swapWay makes a>b>c into b>a>c where nothing else joins or leaves between.
func (t *Template) swapWay(a, b string) {
	outA, outB := t.Out(a), t.Out(b)
	into := 0
	for _, f := range t.Flows {
		if f.To == b {
			into++
		}
	}
	if len(outA) != 1 || len(outB) != 1 || outA[0].To != b || into != 1 || outA[0].When+outB[0].When != "" || outB[0].To == a {
		return
	}
	entered := false
	for i := range t.Flows {
		if f := &t.Flows[i]; f.To == a {
			f.To, entered = b, true
		}
	}
	if !entered { // the start stays where it is
		return
	}
	for i := range t.Flows {
		switch f := &t.Flows[i]; f.ID {
		case outA[0].ID:
			f.From, f.To = b, a
		case outB[0].ID:
			f.From = a
		}
	}
}

// Redrawn is the template with what base has beside steps and flows: lanes, pool
// and the kept pieces of a drawing, as far as what they belong to is still there.
// A drawing made by hand stays: new steps find their place in it.
func (t Template) Redrawn(base Template) Template {
	here := map[string]bool{"": true, "#": true}
	for _, s := range t.Steps {
		here[s.ID] = true
	}
	for _, f := range t.Flows {
		here[f.ID], here[f.ID+"?"] = true, true
	}
	t.LaneSet, t.Pool, t.Lanes, t.Kept = base.LaneSet, base.Pool, nil, nil
	if base.Pool != nil {
		here[base.Pool.ID], here[base.Pool.Set] = true, true
	}
	here[base.LaneSet] = true
	for _, l := range base.Lanes {
		here[l.ID] = true
		l.Steps = slices.DeleteFunc(slices.Clone(l.Steps), func(id string) bool { return !here[id] })
		t.Lanes = append(t.Lanes, l)
	}
	for _, k := range base.Kept {
		if here[k.On] {
			t.Kept = append(t.Kept, k)
		}
	}
	t.Steps = slices.Clone(t.Steps)
	for i := range t.Steps {
		if old, ok := base.Step(t.Steps[i].ID); ok && old.Kind == t.Steps[i].Kind {
			t.Steps[i].Element = old.Element
		}
	}
	return t.mended(base)
}
