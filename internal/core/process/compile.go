package process

import (
	"unicode"

	"github.com/motcua/motcua/internal/core/fault"
)

// Graph is a compiled template, ready to run. It never changes and may be used
// by many goroutines at once.
type Graph struct {
	template Template
	nodes    []node
	index    map[string]int
	flows    []edge
	start    int
}

type node struct {
	Step
	in, out []int // flows
	timers  []int // timer nodes attached to it
}

type edge struct {
	Flow
	from, to int
	guard    Guard
}

// Compile makes a graph of t. guards holds the compiled conditions by their
// text. It refuses with Invalid, one fault per place, whatever cannot run: a
// broken structure, a loop without end, a join that can starve, and a condition
// without guard, for an unknown guard must never be taken for a true one.
func Compile(t Template, guards map[string]Guard) (*Graph, error) {
	g, problems := build(t)
	if len(problems) == 0 {
		problems = append(problems, flow(g)...)
	}
	for _, f := range t.Flows {
		if f.When != "" && !f.Default && guards[f.When] == nil {
			problems = append(problems, Problem{Step: f.From, Flow: f.ID, Key: "process.guard_unknown", Args: fault.Args{"condition": f.When}})
		}
	}
	if len(problems) > 0 {
		faults := make([]*fault.Fault, len(problems))
		for i, p := range problems {
			faults[i] = p.Fault()
		}
		return nil, fault.Join(faults...)
	}
	for i := range g.flows {
		g.flows[i].guard = guards[g.flows[i].When]
	}
	return g, nil
}

// Template returns the template that the graph was made of.
func (g *Graph) Template() Template { return g.template }

// Has reports whether the template has a step with that id; a dossier that
// stands in a step which a new version lacks cannot be moved to it.
func (g *Graph) Has(step string) bool { _, ok := g.index[step]; return ok }

// build indexes the template and reports what is broken about single steps and
// flows. The graph is usable only when nothing is reported.
func build(t Template) (*Graph, []Problem) {
	var problems []Problem
	say := func(step, flow, key string, args fault.Args) {
		problems = append(problems, Problem{Step: step, Flow: flow, Key: key, Args: args})
	}
	if len(t.Steps) == 0 {
		return nil, []Problem{{Key: "process.empty"}}
	}
	if len(t.Steps) > MaxSteps || len(t.Flows) > MaxFlows {
		return nil, []Problem{{Key: "process.too_large", Args: fault.Args{"steps": len(t.Steps), "max": MaxSteps}}}
	}
	g := &Graph{template: t, nodes: make([]node, len(t.Steps)), index: make(map[string]int, len(t.Steps)), start: -1}
	used := map[string]bool{}
	name := func(step, flow, id string) {
		switch {
		case id == "":
			say(step, flow, "process.id_missing", nil)
		case used[id]:
			say(step, flow, "process.id_repeated", fault.Args{"id": id})
		case !wellFormed(id):
			say(step, flow, "process.id_form", fault.Args{"id": id})
		}
		used[id] = true
	}
	for i, s := range t.Steps {
		name(s.ID, "", s.ID)
		g.nodes[i].Step = s
		g.index[s.ID] = i
	}
	for _, f := range t.Flows {
		name(f.From, f.ID, f.ID)
		from, ok := g.index[f.From]
		if !ok {
			say("", f.ID, "process.flow_unknown_step", fault.Args{"id": f.From})
		}
		to, known := g.index[f.To]
		if !known {
			say(f.From, f.ID, "process.flow_unknown_step", fault.Args{"id": f.To})
		}
		if !ok || !known {
			continue
		}
		n := len(g.flows)
		g.flows = append(g.flows, edge{Flow: f, from: from, to: to})
		g.nodes[from].out = append(g.nodes[from].out, n)
		g.nodes[to].in = append(g.nodes[to].in, n)
	}
	g.attachTimers(say)
	g.checkNodes(say)
	return g, problems
}

// wellFormed reports whether id may stand in a BPMN file: a letter or underscore,
// then letters, digits, dots, hyphens and underscores.
func wellFormed(id string) bool {
	for i, r := range id {
		switch {
		case unicode.IsLetter(r) || r == '_':
		case i > 0 && (unicode.IsDigit(r) || r == '.' || r == '-'):
		default:
			return false
		}
	}
	return id != ""
}

type sayer func(step, flow, key string, args fault.Args)

func (g *Graph) attachTimers(say sayer) {
	for i := range g.nodes {
		s := g.nodes[i].Step
		if s.Kind != KindTimer {
			if s.On != "" || s.After != 0 || s.Continue {
				say(s.ID, "", "process.timer_fields", nil)
			}
			continue
		}
		host, ok := g.index[s.On]
		if !ok || !g.nodes[host].Kind.Work() && !g.nodes[host].Kind.Wait() {
			say(s.ID, "", "process.timer_host", fault.Args{"id": s.On})
			continue
		}
		if s.After <= 0 || s.After > maxShare {
			say(s.ID, "", "process.timer_duration", nil)
		}
		g.nodes[host].timers = append(g.nodes[host].timers, i)
	}
}

// checkNodes looks at each step alone: its kind, its numbers, its ways in and out.
func (g *Graph) checkNodes(say sayer) {
	ends := 0
	for i, n := range g.nodes {
		id := n.ID
		if !n.Kind.Known() {
			say(id, "", "process.kind_unknown", fault.Args{"kind": string(n.Kind)})
			continue
		}
		if n.Share < 0 || n.Share > maxShare {
			say(id, "", "process.share_range", nil)
		}
		if n.Share > 0 && !n.Kind.Work() {
			say(id, "", "process.share_not_work", nil)
		}
		if len([]rune(n.Name)) > maxText {
			say(id, "", "process.text_long", fault.Args{"max": maxText})
		}
		switch n.Kind {
		case KindStart:
			if g.start >= 0 {
				say(id, "", "process.start_repeated", nil)
			}
			g.start = i
			if len(n.in) > 0 {
				say(id, "", "process.start_entered", nil)
			}
		case KindEnd:
			ends++
			if len(n.out) > 0 {
				say(id, "", "process.end_left", nil)
			}
		case KindTimer:
			if len(n.in) > 0 {
				say(id, "", "process.timer_entered", nil)
			}
		}
		if n.Kind != KindEnd && len(n.out) == 0 {
			say(id, "", "process.no_way_out", nil)
		}
		g.checkChoice(n, say)
	}
	if g.start < 0 {
		say("", "", "process.start_missing", nil)
	}
	if ends == 0 {
		say("", "", "process.end_missing", nil)
	}
}

// checkChoice refuses a split whose choice is open.
func (g *Graph) checkChoice(n node, say sayer) {
	outs := make([]Flow, len(n.out))
	for i, f := range n.out {
		outs[i] = g.flows[f].Flow
		if len([]rune(outs[i].When)) > maxText {
			say(n.ID, outs[i].ID, "process.text_long", fault.Args{"max": maxText})
		}
	}
	if key := choice(n.Kind, outs); key != "" {
		say(n.ID, "", key, nil)
	}
}

// choice judges the ways out of a step: on a gateway every one needs a condition
// except the one default; a task may have one condition and a default, for
// several true conditions there would mean several ways at once. It returns the
// key of what is wrong, or nothing.
func choice(k Kind, outs []Flow) string {
	defaults, conditions := 0, 0
	for _, f := range outs {
		switch {
		case f.Default:
			defaults++
		case f.When != "":
			conditions++
		}
	}
	switch {
	case defaults > 1:
		return "process.default_repeated"
	case k == KindParallel && defaults+conditions > 0:
		return "process.parallel_condition"
	case k == KindParallel:
		return ""
	case len(outs) > 1 && defaults+conditions < len(outs):
		return "process.split_without_condition"
	case len(outs) > 1 && k != KindBranch && (conditions > 1 || defaults == 0):
		return "process.split_on_step"
	}
	return ""
}
