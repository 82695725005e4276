package process

import (
	"slices"

	"github.com/motcua/motcua/internal/core/fault"
)

// flow reports what is wrong with the way of tokens through a graph whose parts
// are in order: dead steps, ends out of reach, loops, joins that starve, work
// that would be done twice.
func flow(g *Graph) []Problem {
	problems := g.reach()
	if len(problems) > 0 {
		return problems
	}
	if problems = g.idleLoops(); len(problems) > 0 {
		return problems
	}
	return g.walk()
}

// reach finds steps that no token reaches and steps from which none gets out.
func (g *Graph) reach() []Problem {
	var problems []Problem
	forward := g.closure([]int{g.start}, g.successors)
	var ends []int
	for i, n := range g.nodes {
		if n.Kind == KindEnd {
			ends = append(ends, i)
		}
	}
	backward := g.closure(ends, g.predecessors)
	for i, n := range g.nodes {
		args := fault.Args{"step": n.label()}
		switch {
		case !forward[i]:
			problems = append(problems, Problem{Step: n.ID, Key: "process.dead_step", Args: args})
		case !backward[i] && g.closure(g.successors(i), g.successors)[i]:
			problems = append(problems, Problem{Step: n.ID, Key: "process.loop_without_end", Args: args})
		case !backward[i]:
			problems = append(problems, Problem{Step: n.ID, Key: "process.end_unreachable", Args: args})
		}
	}
	return problems
}

func (g *Graph) predecessors(at int) []int {
	var before []int
	if n := g.nodes[at]; n.Kind == KindTimer {
		before = append(before, g.index[n.On])
	}
	for _, f := range g.nodes[at].in {
		before = append(before, g.flows[f].from)
	}
	return before
}

func (g *Graph) closure(from []int, next func(int) []int) []bool {
	seen := make([]bool, len(g.nodes))
	queue := slices.Clone(from)
	for len(queue) > 0 {
		at := queue[len(queue)-1]
		queue = queue[:len(queue)-1]
		if !seen[at] {
			seen[at] = true
			queue = append(queue, next(at)...)
		}
	}
	return seen
}

// idleLoops finds loops of gateways alone: a token would run in them for ever
// inside one act, without anybody doing anything.
func (g *Graph) idleLoops() []Problem {
	idle := func(at int) []int {
		var next []int
		for _, f := range g.nodes[at].out {
			if to := g.flows[f].to; g.nodes[to].Kind == KindBranch || g.nodes[to].Kind == KindParallel {
				next = append(next, to)
			}
		}
		return next
	}
	var problems []Problem
	for i, n := range g.nodes {
		if (n.Kind == KindBranch || n.Kind == KindParallel) && g.closure(idle(i), idle)[i] {
			problems = append(problems, Problem{Step: n.ID, Key: "process.loop_without_work", Args: fault.Args{"step": n.label()}})
		}
	}
	return problems
}

// marking is the set of flows on which a token rests, sorted.
type marking []int

func (m marking) key() string {
	b := make([]byte, 0, 2*len(m))
	for _, f := range m {
		b = append(b, byte(f>>8), byte(f))
	}
	return string(b)
}

// walker plays every course that the choices allow. Parallel parts do not
// influence each other's choices, so one order of their moves stands for all:
// the token that is farthest behind moves first. Two tokens that can meet
// therefore do meet, at the step where they would.
type walker struct {
	g     *Graph
	rank  []int
	seen  map[string]bool
	queue []marking
	found map[finding]bool
	order []finding
	ran   []bool
	work  int // flows looked at so far
}

// finding is the comparable core of a problem found while walking.
type finding struct {
	at  int
	key string
}

func (g *Graph) walker() *walker {
	w := &walker{g: g, rank: make([]int, len(g.nodes)), seen: map[string]bool{}, found: map[finding]bool{}, ran: make([]bool, len(g.nodes))}
	sorted, _ := g.order()
	for i, at := range sorted {
		w.rank[at] = i
	}
	return w
}

// run plays what is queued and reports whether it saw everything.
func (w *walker) run() bool {
	for len(w.queue) > 0 {
		if len(w.seen) > maxMarkings || w.work > maxWork {
			return false
		}
		m := w.queue[len(w.queue)-1]
		w.queue = w.queue[:len(w.queue)-1]
		w.play(m)
	}
	return true
}

func (g *Graph) walk() []Problem {
	w := g.walker()
	w.ran[g.start] = true
	for _, outs := range w.courses(g.start) {
		w.add(nil, outs)
	}
	tired := !w.run()
	var problems []Problem
	for _, p := range w.order {
		n := g.nodes[p.at]
		problems = append(problems, Problem{Step: n.ID, Key: p.key, Args: fault.Args{"step": n.label()}})
	}
	switch {
	case len(problems) > 0:
		return problems
	case tired:
		return []Problem{{Key: "process.too_complex"}}
	}
	for i, n := range g.nodes {
		if !w.ran[i] {
			problems = append(problems, Problem{Step: n.ID, Key: "process.dead_step", Args: fault.Args{"step": n.label()}})
		}
	}
	return problems
}

func (w *walker) say(at int, key string) {
	p := finding{at, key}
	if !w.found[p] {
		w.found[p] = true
		w.order = append(w.order, p)
	}
}

// play moves one token of m, along each course that it may take.
func (w *walker) play(m marking) {
	at, in := w.next(m)
	if at < 0 {
		for _, f := range m {
			w.say(w.g.flows[f].to, "process.join_starves")
		}
		return
	}
	if !w.twice(m) {
		return
	}
	w.ran[at] = true
	rest := slices.DeleteFunc(slices.Clone(m), func(f int) bool { return slices.Contains(in, f) })
	for _, outs := range w.courses(at) {
		w.add(rest, outs)
	}
}

// next chooses the node to run and the flows that it takes tokens from; -1 when
// nothing can move.
func (w *walker) next(m marking) (at int, in []int) {
	at = -1
	for _, f := range m {
		to := w.g.flows[f].to
		if at >= 0 && w.rank[to] >= w.rank[at] {
			continue
		}
		n := w.g.nodes[to]
		if n.Kind != KindParallel {
			at, in = to, []int{f}
			continue
		}
		if !slices.ContainsFunc(n.in, func(g int) bool { return !slices.Contains(m, g) }) {
			at, in = to, n.in
		}
	}
	return at, in
}

// twice reports, as false, a step that two tokens have reached by two ways: its
// work would be done twice.
func (w *walker) twice(m marking) bool {
	reached := map[int]bool{}
	for _, f := range m {
		to := w.g.flows[f].to
		if k := w.g.nodes[to].Kind; k == KindParallel || k == KindEnd {
			continue
		}
		if reached[to] {
			w.say(to, "process.done_twice")
			return false
		}
		reached[to] = true
	}
	return true
}

// courses lists the sets of flows that may be marked after the node ran.
func (w *walker) courses(at int) [][]int {
	n := w.g.nodes[at]
	if n.Kind == KindParallel || n.Kind == KindEnd {
		return [][]int{n.out}
	}
	var all [][]int
	for _, f := range n.out {
		all = append(all, []int{f})
	}
	plain := all
	for _, t := range n.timers {
		w.ran[t] = true
		for _, late := range w.courses(t) {
			if !w.g.nodes[t].Continue {
				all = append(all, late)
				continue
			}
			for _, p := range plain {
				all = append(all, append(slices.Clone(p), late...))
			}
		}
	}
	return all
}

func (w *walker) add(rest marking, outs []int) {
	m := slices.Clone(rest)
	w.work += len(rest) + len(outs)
	for _, f := range outs {
		if slices.Contains(m, f) {
			w.say(w.g.flows[f].to, "process.done_twice")
			return
		}
		m = append(m, f)
	}
	slices.Sort(m)
	if len(m) == 0 || w.seen[m.key()] {
		return
	}
	w.seen[m.key()] = true
	w.queue = append(w.queue, m)
}
