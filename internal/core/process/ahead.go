package process

// Minutes says how much working time a step takes, in minutes: as measured, or
// as its share allows.
type Minutes func(Step) int

// Shares is Minutes by the template itself.
func Shares(s Step) int { return s.Share }

// Ahead is the working time that still lies before a token at a step: the step
// itself and the slowest way from it to an end, each loop gone through once.
// Parallel parts run side by side, so the slowest of them counts; timers are
// left out. It is 0 for a step that the template does not have.
func (g *Graph) Ahead(step string, minutes Minutes) int {
	at, ok := g.index[step]
	if !ok {
		return 0
	}
	sorted, back := g.order()
	after := make([]int, len(g.nodes))
	for i := len(sorted) - 1; i >= 0; i-- {
		n := sorted[i]
		rest := 0
		for _, f := range g.nodes[n].out {
			if next := g.flows[f].to; !back[[2]int{n, next}] {
				rest = max(rest, after[next])
			}
		}
		own := 0
		if g.nodes[n].Kind.Work() {
			own = max(0, minutes(g.nodes[n].Step))
		}
		after[n] = own + rest
	}
	return after[at]
}

// Following lists the work steps that may come after a step, in the order of the
// template. Timers are left out.
func (g *Graph) Following(step string) []Step {
	at, ok := g.index[step]
	if !ok {
		return nil
	}
	outs := func(n int) []int {
		var next []int
		for _, f := range g.nodes[n].out {
			next = append(next, g.flows[f].to)
		}
		return next
	}
	seen := g.closure(outs(at), outs)
	var all []Step
	for i, n := range g.nodes {
		if seen[i] && n.Kind.Work() {
			all = append(all, n.Step)
		}
	}
	return all
}
