package process

import (
	"strconv"
	"strings"
)

// Picture is a template as a drawing (sơ đồ quy trình): figures and lines with
// their places, in points. Who shows it words the names.
type Picture struct {
	X, Y, W, H int
	Bands      []Figure // pool and lanes
	Figures    []Figure // steps
	Lines      []Line
}

// Figure is one step, lane or pool with its place.
type Figure struct {
	Step
	X, Y, W, H int
}

// Line is one flow as it is drawn, corner by corner.
type Line struct {
	Flow
	Points [][2]int
}

// Draw draws a template: by the diagram that somebody drew, as long as it shows
// all and only what is there, else from left to right.
func Draw(t Template) Picture {
	diagram := layout(t)
	if hasDiagram(t) {
		for _, k := range t.Kept {
			if isDiagram(k) {
				if e, err := readTree(strings.NewReader(k.XML)); err == nil {
					diagram = e
				}
			}
		}
	}
	p := Picture{X: 1 << 30, Y: 1 << 30}
	shapes, lines := map[string]Figure{}, map[string][][2]int{}
	walkTree(diagram, func(e *element) {
		id := e.attr("bpmnElement")
		id = id[strings.LastIndex(id, ":")+1:]
		switch e.name.Local {
		case "BPMNShape":
			if f, ok := bounds(e); ok {
				shapes[id] = f
			}
		case "BPMNEdge":
			for _, c := range e.children {
				if c.name.Local == "waypoint" {
					lines[id] = append(lines[id], [2]int{points(c.attr("x")), points(c.attr("y"))})
				}
			}
		}
	})
	right, bottom := 0, 0
	reach := func(x, y int) { p.X, p.Y, right, bottom = min(p.X, x), min(p.Y, y), max(right, x), max(bottom, y) }
	if t.Pool != nil {
		p.band(shapes, Step{ID: t.Pool.ID, Name: t.Pool.Name})
	}
	for _, l := range t.Lanes {
		p.band(shapes, Step{ID: l.ID, Name: l.Name})
	}
	for _, s := range t.Steps {
		if f, ok := shapes[s.ID]; ok {
			f.Step = s
			p.Figures = append(p.Figures, f)
		}
	}
	for _, f := range append(p.Bands, p.Figures...) {
		reach(f.X, f.Y)
		reach(f.X+f.W, f.Y+f.H)
	}
	for _, f := range t.Flows {
		if len(lines[f.ID]) > 1 {
			p.Lines = append(p.Lines, Line{f, lines[f.ID]})
			for _, at := range lines[f.ID] {
				reach(at[0], at[1])
			}
		}
	}
	if len(p.Figures) == 0 {
		return Picture{}
	}
	const margin = 20
	p.X, p.Y, p.W, p.H = p.X-margin, p.Y-margin, right-p.X+2*margin, bottom-p.Y+2*margin
	return p
}

func (p *Picture) band(shapes map[string]Figure, s Step) {
	if f, ok := shapes[s.ID]; ok {
		f.Step = s
		p.Bands = append(p.Bands, f)
	}
}

// bounds reads the place of a shape.
func bounds(e *element) (Figure, bool) {
	for _, c := range e.children {
		if c.name.Local == "Bounds" {
			return Figure{X: points(c.attr("x")), Y: points(c.attr("y")), W: points(c.attr("width")), H: points(c.attr("height"))}, true
		}
	}
	return Figure{}, false
}

// points reads a coordinate, which other tools write with decimals; nothing on a
// screen is larger than the bound.
func points(text string) int {
	whole, _, _ := strings.Cut(text, ".")
	n, err := strconv.Atoi(whole)
	if err != nil {
		return 0
	}
	return max(-100_000, min(n, 100_000))
}
