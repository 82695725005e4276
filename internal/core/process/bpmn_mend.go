package process

import (
	"slices"
	"strconv"
	"strings"
)

// mended is t with the drawing that somebody made of base, changed no more than
// t asks for: what is gone is taken off it, what stayed keeps its place, and new
// steps stand beside those that lead to them. A drawing that fits, or one that
// was never whole, stays as it is.
func (t Template) mended(base Template) Template {
	at := slices.IndexFunc(t.Kept, isDiagram)
	if at < 0 || hasDiagram(t) || !hasDiagram(base) {
		return t
	}
	drawn, err := readTree(strings.NewReader(t.Kept[at].XML))
	if err != nil {
		return t
	}
	m := mender{t: t, boxes: map[string]box{}, edges: map[string]bool{}}
	here := identified(t)
	m.strip(drawn, here, base)
	m.place()
	if m.plane == nil {
		return t
	}
	for _, s := range t.Steps {
		if !slices.Contains(m.stayed, s.ID) {
			shape := el(nsShape, "BPMNShape", "id", "shape-"+s.ID, "bpmnElement", s.ID)
			shape.add(m.boxes[s.ID].bounds())
			m.plane.add(shape)
		}
	}
	for _, f := range t.Flows {
		if m.edges[f.ID] {
			continue
		}
		edge := el(nsShape, "BPMNEdge", "id", "edge-"+f.ID, "bpmnElement", f.ID)
		for _, p := range route(m.boxes[f.From], m.boxes[f.To]) {
			edge.add(el(nsDI, "waypoint", "x", strconv.Itoa(p[0]), "y", strconv.Itoa(p[1])))
		}
		m.plane.add(edge)
	}
	t.Kept = slices.Clone(t.Kept)
	t.Kept[at].XML = drawn.alone()
	return t
}

// mender changes one drawing.
type mender struct {
	t      Template
	plane  *element
	boxes  map[string]box
	stayed []string        // steps that have a figure
	edges  map[string]bool // flows that have a line
}

// strip takes off what is gone, and the lines of flows that lead elsewhere now;
// it notes where the rest is.
func (m *mender) strip(e *element, here map[string]bool, base Template) {
	if e.name.Local == "BPMNPlane" {
		m.plane = e
	}
	e.children = slices.DeleteFunc(e.children, func(c *element) bool {
		id := c.attr("bpmnElement")
		id = id[strings.LastIndex(id, ":")+1:]
		switch c.name.Local {
		case "BPMNShape":
			if f, ok := bounds(c); ok && here[id] {
				m.boxes[id] = box{f.X, f.Y, f.W, f.H}
				if _, step := m.t.Step(id); step {
					m.stayed = append(m.stayed, id)
				}
			}
			return !here[id]
		case "BPMNEdge":
			same := func(f Flow) bool {
				return f.ID == id && slices.ContainsFunc(base.Flows, func(b Flow) bool { return b.ID == id && b.From == f.From && b.To == f.To })
			}
			flow := slices.ContainsFunc(m.t.Flows, func(f Flow) bool { return f.ID == id })
			m.edges[id] = slices.ContainsFunc(m.t.Flows, same)
			return !here[id] || flow && !m.edges[id]
		}
		return false
	})
	for _, c := range e.children {
		m.strip(c, here, base)
	}
}

// place gives every new step the first free place to the right of a step that
// leads to it, a timer the edge of its host, and what nothing leads to a place
// below all others.
func (m *mender) place() {
	for range m.t.Steps { // each round places at least one that follows a placed one
		for _, s := range m.t.Steps {
			if _, have := m.boxes[s.ID]; have {
				continue
			}
			if host, ok := m.boxes[s.On]; ok && s.Kind == KindTimer {
				m.boxes[s.ID] = box{host.x + host.w/2 - 18, host.y + host.h - 18, 36, 36}
				continue
			}
			for _, f := range m.t.Flows {
				if from, ok := m.boxes[f.From]; ok && f.To == s.ID {
					m.boxes[s.ID] = m.free(s, from.x+from.w+60, from.middle())
					break
				}
			}
		}
	}
	for _, s := range m.t.Steps {
		if _, have := m.boxes[s.ID]; have {
			continue
		}
		bottom := 0
		for _, id := range m.stayed {
			bottom = max(bottom, m.boxes[id].y+m.boxes[id].h)
		}
		m.boxes[s.ID] = m.free(s, marginLeft, bottom+rowHeight)
	}
}

// free is the first place from there downwards where a step covers no other.
func (m *mender) free(s Step, x, middle int) box {
	w, h := size(s.Kind)
	b := box{x, middle - h/2, w, h}
	for {
		covers := func(o box) bool { return b.x < o.x+o.w && o.x < b.x+b.w && b.y < o.y+o.h && o.y < b.y+b.h }
		if !slices.ContainsFunc(m.t.Steps, func(other Step) bool { o, have := m.boxes[other.ID]; return have && covers(o) }) {
			return b
		}
		b.y += rowHeight
	}
}
