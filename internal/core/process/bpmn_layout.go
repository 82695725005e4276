package process

import (
	"cmp"
	"encoding/xml"
	"slices"
	"strconv"
	"strings"
)

// Measures of a drawing that is made here, in points.
const (
	columnWidth = 160
	rowHeight   = 120
	marginLeft  = 100
	marginTop   = 60
)

func isDiagram(k Kept) bool { return k.On == "#" && strings.Contains(k.XML, nsShape) }

// hasDiagram reports whether a kept diagram still shows every step and flow, and
// nothing that is gone.
func hasDiagram(t Template) bool {
	shown := map[string]bool{}
	var look func(*element)
	look = func(e *element) {
		if ref := e.attr("bpmnElement"); ref != "" {
			shown[ref[strings.LastIndex(ref, ":")+1:]] = true
		}
		for _, c := range e.children {
			look(c)
		}
	}
	for _, k := range t.Kept {
		if isDiagram(k) {
			if e, err := readTree(strings.NewReader(k.XML)); err == nil {
				look(e)
			}
		}
	}
	for _, s := range t.Steps {
		if !shown[s.ID] {
			return false
		}
	}
	for _, f := range t.Flows {
		if !shown[f.ID] {
			return false
		}
	}
	here := identified(t)
	for id := range shown {
		if !here[id] {
			return false
		}
	}
	return len(shown) > 0
}

// identified are the ids of everything in t that a diagram may show: what t is
// made of, what is kept beside it, and the planes themselves.
func identified(t Template) map[string]bool {
	here := map[string]bool{}
	for _, s := range t.Steps {
		here[s.ID] = true
	}
	for _, f := range t.Flows {
		here[f.ID] = true
	}
	for _, l := range t.Lanes {
		here[l.ID] = true
	}
	if t.Pool != nil {
		here[t.Pool.ID] = true
	}
	var look func(*element)
	look = func(e *element) {
		here[e.attr("id")] = true
		if e.name == (xml.Name{Space: nsShape, Local: "BPMNPlane"}) {
			ref := e.attr("bpmnElement")
			here[ref[strings.LastIndex(ref, ":")+1:]] = true // pointed anew on export
		}
		for _, c := range e.children {
			look(c)
		}
	}
	for _, k := range t.Kept {
		if e, err := readTree(strings.NewReader(k.XML)); k.XML != "" && err == nil {
			look(e)
		}
	}
	return here
}

// dropOwnLayout forgets a diagram that is exactly what Export would draw, so
// that it is drawn anew after a change; one that somebody moved is kept.
func (m *importer) dropOwnLayout() {
	at := slices.IndexFunc(m.t.Kept, isDiagram)
	if at < 0 || !hasDiagram(m.t) || len(m.t.Steps) > MaxSteps {
		return
	}
	if m.t.Kept[at].XML == layout(m.t).alone() {
		m.t.Kept = without(m.t.Kept, at)
	}
}

type box struct{ x, y, w, h int }

func (b box) middle() int { return b.y + b.h/2 }

func (b box) bounds() *element {
	return el(nsDC, "Bounds", "x", strconv.Itoa(b.x), "y", strconv.Itoa(b.y), "width", strconv.Itoa(b.w), "height", strconv.Itoa(b.h))
}

// layout draws t from left to right: a step stands one column after the last of
// those that lead to it, loops apart, and lanes lie one below the other.
func layout(t Template) *element {
	boxes, lanes, pool := arrange(t)
	plane := el(nsShape, "BPMNPlane", "id", "plane", "bpmnElement", processID(t))
	shape := func(id string, b box, attrs ...string) *element {
		s := el(nsShape, "BPMNShape", append([]string{"id", "shape-" + id, "bpmnElement", id}, attrs...)...)
		s.add(b.bounds())
		return s
	}
	if t.Pool != nil {
		plane.attrs[1].Value = cmp.Or(t.Pool.Set, "collaboration")
		plane.add(shape(t.Pool.ID, pool, "isHorizontal", "true"))
	}
	for i, l := range t.Lanes {
		plane.add(shape(l.ID, lanes[i], "isHorizontal", "true"))
	}
	for _, s := range t.Steps {
		plane.add(shape(s.ID, boxes[s.ID]))
	}
	for _, f := range t.Flows {
		edge := el(nsShape, "BPMNEdge", "id", "edge-"+f.ID, "bpmnElement", f.ID)
		for _, p := range route(boxes[f.From], boxes[f.To]) {
			edge.add(el(nsDI, "waypoint", "x", strconv.Itoa(p[0]), "y", strconv.Itoa(p[1])))
		}
		plane.add(edge)
	}
	diagram := &element{name: xml.Name{Space: nsShape, Local: "BPMNDiagram"}}
	diagram.set("", "id", "diagram")
	diagram.add(plane)
	return diagram
}

// route goes to the right with one bend, or back below both boxes.
func route(from, to box) [][2]int {
	if to.x > from.x+from.w {
		bend := to.x - 20
		if from.middle() == to.middle() {
			return [][2]int{{from.x + from.w, from.middle()}, {to.x, to.middle()}}
		}
		return [][2]int{{from.x + from.w, from.middle()}, {bend, from.middle()}, {bend, to.middle()}, {to.x, to.middle()}}
	}
	below := max(from.y+from.h, to.y+to.h) + 15
	out, in := from.x+from.w/2, to.x+to.w/2
	return [][2]int{{out, from.y + from.h}, {out, below}, {in, below}, {in, to.y + to.h}}
}

// size is the usual size of a step's figure.
func size(k Kind) (w, h int) {
	switch k {
	case KindStart, KindEnd, KindTimer:
		return 36, 36
	case KindBranch, KindParallel:
		return 50, 50
	}
	return 100, 80
}

// arrange gives every step, lane and the pool its place.
func arrange(t Template) (boxes map[string]box, lanes []box, pool box) {
	column := columns(t)
	laneOf := map[string]int{}
	for i, l := range t.Lanes {
		for _, s := range l.Steps {
			laneOf[s] = i
		}
	}
	used := map[[2]int]int{} // steps so far in a lane and column
	rows := make([]int, max(1, len(t.Lanes)))
	row := map[string]int{}
	last := 0
	for _, s := range t.Steps {
		if s.Kind == KindTimer {
			continue
		}
		lane, col := laneOf[s.ID], column[s.ID]
		row[s.ID] = used[[2]int{lane, col}]
		used[[2]int{lane, col}]++
		rows[lane] = max(rows[lane], row[s.ID]+1)
		last = max(last, col)
	}
	top := make([]int, len(rows)+1)
	top[0] = marginTop
	for i, n := range rows {
		top[i+1] = top[i] + max(1, n)*rowHeight
	}
	boxes = map[string]box{}
	for _, s := range t.Steps {
		w, h := size(s.Kind)
		x := marginLeft + column[s.ID]*columnWidth + (100-w)/2
		y := top[laneOf[s.ID]] + row[s.ID]*rowHeight + (rowHeight-h)/2
		boxes[s.ID] = box{x, y, w, h}
	}
	for _, s := range t.Steps {
		if host, ok := boxes[s.On]; ok && s.Kind == KindTimer {
			boxes[s.ID] = box{host.x + host.w/2 - 18, host.y + host.h - 18, 36, 36}
		}
	}
	width := marginLeft + (last+1)*columnWidth
	for i := range t.Lanes {
		lanes = append(lanes, box{50, top[i], width - 50, top[i+1] - top[i]})
	}
	return boxes, lanes, box{20, marginTop, width - 20, top[len(rows)] - marginTop}
}

// columns counts how many steps lie before each one on the longest way, loops
// apart. It works on unfinished drawings too.
func columns(t Template) map[string]int {
	next := map[string][]string{}
	entered := map[string]bool{}
	for _, s := range t.Steps {
		if s.Kind == KindTimer {
			next[s.On] = append(next[s.On], s.ID)
			entered[s.ID] = true
		}
	}
	for _, f := range t.Flows {
		next[f.From] = append(next[f.From], f.To)
		entered[f.To] = true
	}
	const open, done = 1, 2
	state := map[string]int{}
	back := map[[2]string]bool{}
	var sorted []string
	var visit func(string)
	visit = func(id string) {
		state[id] = open
		for _, n := range next[id] {
			switch state[n] {
			case open:
				back[[2]string{id, n}] = true
			case done:
			default:
				visit(n)
			}
		}
		state[id] = done
		sorted = append(sorted, id)
	}
	for _, fresh := range []bool{true, false} { // what nothing leads to first
		for _, s := range t.Steps {
			if state[s.ID] == 0 && (!fresh || !entered[s.ID]) {
				visit(s.ID)
			}
		}
	}
	column := map[string]int{}
	for _, id := range slices.Backward(sorted) {
		for _, n := range next[id] {
			if back[[2]string{id, n}] {
				continue
			}
			step := 1
			if s, ok := t.Step(n); ok && s.Kind == KindTimer {
				step = 0
			}
			column[n] = max(column[n], column[id]+step)
		}
	}
	return column
}
