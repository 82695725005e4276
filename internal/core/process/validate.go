package process

import (
	"github.com/motcua/motcua/internal/core/fault"
)

// Problem is one thing that is wrong with a template, and where.
type Problem struct {
	Step string     `json:"step,omitempty"` // id of the step; empty when it is about the whole
	Flow string     `json:"flow,omitempty"` // id of the flow, when it is about one
	Key  string     `json:"key"`            // message key
	Args fault.Args `json:"args,omitempty"`
}

// Fault gives the problem as an Invalid fault about its place.
func (p Problem) Fault() *fault.Fault {
	field := "process"
	switch {
	case p.Flow != "":
		field = "flows." + p.Flow
	case p.Step != "":
		field = "steps." + p.Step
	}
	return fault.Field(field, p.Key, p.Args)
}

// Context is what a template is judged against before it is published.
type Context struct {
	// LimitMinutes is the legal time limit in working minutes; 0 when the
	// procedure has none, and shares are then not judged.
	LimitMinutes int
	// RolesHeld says whether somebody holds the role in the unit, which may be
	// relative. Nil when it cannot be known yet.
	RolesHeld func(unit, role string) bool
	// Guard says whether a condition can be compiled, and if not, why. Nil when
	// that is checked elsewhere.
	Guard func(condition string) error
}

// Validate reports everything that keeps a template from being published, in the
// order of its steps: nil means that it may be. What Compile refuses is all here
// too, so a valid template compiles.
func Validate(t Template, c Context) []Problem {
	g, problems := build(t)
	if len(problems) == 0 {
		problems = flow(g)
	}
	problems = append(problems, holders(t, c)...)
	problems = append(problems, conditions(t, c)...)
	if len(problems) == 0 && c.LimitMinutes > 0 {
		if longest := g.longest(); longest > c.LimitMinutes {
			problems = append(problems, Problem{Key: "process.share_above_limit",
				Args: fault.Args{"minutes": longest, "limit": c.LimitMinutes, "percent": percent(longest, c.LimitMinutes)}})
		}
	}
	return problems
}

// percent rounds up, so that anything above the limit reads as above 100.
func percent(part, whole int) int { return (part*100 + whole - 1) / whole }

func holders(t Template, c Context) []Problem {
	var problems []Problem
	for _, s := range t.Tasks() {
		switch {
		case s.Unit == "":
			problems = append(problems, Problem{Step: s.ID, Key: "process.unit_missing", Args: fault.Args{"step": s.label()}})
		case s.Role == "":
			problems = append(problems, Problem{Step: s.ID, Key: "process.role_missing", Args: fault.Args{"step": s.label()}})
		case c.RolesHeld != nil && !c.RolesHeld(s.Unit, s.Role):
			problems = append(problems, Problem{Step: s.ID, Key: "process.role_nobody", Args: fault.Args{"step": s.label(), "unit": s.Unit, "role": s.Role}})
		}
		if c.LimitMinutes > 0 && s.Share > c.LimitMinutes {
			problems = append(problems, Problem{Step: s.ID, Key: "process.share_of_step",
				Args: fault.Args{"step": s.label(), "minutes": s.Share, "limit": c.LimitMinutes, "percent": percent(s.Share, c.LimitMinutes)}})
		}
	}
	return problems
}

func conditions(t Template, c Context) []Problem {
	if c.Guard == nil {
		return nil
	}
	var problems []Problem
	for _, f := range t.Flows {
		if f.When == "" || f.Default {
			continue
		}
		if err := c.Guard(f.When); err != nil {
			p := Problem{Step: f.From, Flow: f.ID, Key: "process.guard_unknown", Args: fault.Args{"condition": f.When}}
			if why := fault.As(err); why != nil {
				p.Key, p.Args = why.Key, why.Args
			}
			problems = append(problems, p)
		}
	}
	return problems
}

// successors lists the nodes that a token can reach next, timers included.
func (g *Graph) successors(at int) []int {
	next := append([]int(nil), g.nodes[at].timers...)
	for _, f := range g.nodes[at].out {
		next = append(next, g.flows[f].to)
	}
	return next
}

// order sorts the reachable nodes so that, loops apart, each comes after all
// that lead to it. back reports which edges close a loop.
func (g *Graph) order() (sorted []int, back map[[2]int]bool) {
	const fresh, open, done = 0, 1, 2
	state := make([]int, len(g.nodes))
	back = map[[2]int]bool{}
	var visit func(int)
	visit = func(at int) {
		state[at] = open
		for _, next := range g.successors(at) {
			switch state[next] {
			case fresh:
				visit(next)
			case open:
				back[[2]int{at, next}] = true
			}
		}
		state[at] = done
		sorted = append(sorted, at)
	}
	visit(g.start)
	for i, j := 0, len(sorted)-1; i < j; i, j = i+1, j-1 {
		sorted[i], sorted[j] = sorted[j], sorted[i]
	}
	return sorted, back
}

// Longest is the working time, in minutes, that the slowest way from the start to
// an end takes by the shares of its steps.
func (g *Graph) Longest() int { return g.longest() }

// longest is the greatest sum of shares on one way from the start to an end,
// each loop gone through once: parallel parts run side by side, so the slowest
// of them counts.
func (g *Graph) longest() int {
	sorted, back := g.order()
	before := make([]int, len(g.nodes))
	longest := 0
	for _, at := range sorted {
		total := before[at] + g.nodes[at].Share
		longest = max(longest, total)
		for _, next := range g.successors(at) {
			if !back[[2]int{at, next}] {
				before[next] = max(before[next], total)
			}
		}
	}
	return longest
}
