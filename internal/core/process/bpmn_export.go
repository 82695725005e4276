package process

import (
	"bytes"
	"cmp"
	"encoding/xml"
	"slices"
	"strconv"
	"strings"
)

// Export writes t as a BPMN 2.0 file that Import reads back without loss. Unit,
// role, share and kind are attributes in the namespace urn:motcua:quy-trinh.
// A kept diagram is given back when it still shows every step and flow;
// otherwise a plain one is laid out from left to right.
func Export(t Template) []byte {
	root := exportTree(t)
	if !hasDiagram(t) {
		root.add(layout(t))
	}
	n := newNames()
	n.collect(root)
	var b bytes.Buffer
	b.WriteString(xml.Header)
	n.indent(&b, root, 0)
	return b.Bytes()
}

func el(space, local string, attrs ...string) *element {
	e := &element{name: xml.Name{Space: space, Local: local}}
	for i := 0; i+1 < len(attrs); i += 2 {
		e.set("", attrs[i], attrs[i+1])
	}
	return e
}

// set adds an attribute unless it is empty.
func (e *element) set(space, local, value string) {
	if value != "" {
		e.attrs = append(e.attrs, xml.Attr{Name: xml.Name{Space: space, Local: local}, Value: value})
	}
}

func (e *element) add(children ...*element) { e.children = append(e.children, children...) }

func text(space, local, content string) *element {
	e := el(space, local)
	e.add(&element{text: content})
	return e
}

// exporter holds the kept pieces by their place while a tree is made.
type exporter struct {
	t    Template
	kept map[string][]Kept
}

// isFirst reports whether a kept element is one that the standard wants before
// all others.
func isFirst(k Kept) bool {
	return strings.HasPrefix(k.XML, "<bpmn:documentation") || strings.HasPrefix(k.XML, "<bpmn:extensionElements")
}

// give adds the kept attributes of a place and those kept children that stand
// first; the others are returned.
func (x *exporter) give(e *element, on string) (rest []*element) {
	for _, k := range x.kept[on] {
		if k.XML == "" {
			e.set(k.Space, k.Name, k.Value)
			continue
		}
		piece, err := readTree(strings.NewReader(k.XML))
		if err != nil {
			continue // not from Import; a broken piece must not break the file
		}
		if isFirst(k) {
			e.add(piece)
		} else {
			rest = append(rest, piece)
		}
	}
	return rest
}

func exportTree(t Template) *element {
	x := &exporter{t: t, kept: map[string][]Kept{}}
	for _, k := range t.Kept {
		if k.On == "#" && isDiagram(k) && !hasDiagram(t) {
			continue
		}
		x.kept[k.On] = append(x.kept[k.On], k)
	}
	root := el(nsBPMN, "definitions")
	rest := x.give(root, "#")
	if root.attr("id") == "" {
		root.set("", "id", "definitions")
	}
	if root.attr("targetNamespace") == "" {
		root.set("", "targetNamespace", nsOwn)
	}
	var diagrams []*element
	for _, piece := range rest {
		if piece.name.Space == nsShape {
			diagrams = append(diagrams, piece)
		} else {
			root.add(piece)
		}
	}
	if t.Pool != nil {
		root.add(x.collaboration())
	}
	root.add(x.process())
	for _, d := range diagrams {
		root.add(x.onPlane(d))
	}
	return root
}

// onPlane points the planes of a kept diagram at what they are planes of: the
// process has another id than in the file that it came from.
func (x *exporter) onPlane(diagram *element) *element {
	of := processID(x.t)
	if x.t.Pool != nil {
		of = cmp.Or(x.t.Pool.Set, "collaboration")
	}
	for _, plane := range diagram.children {
		if plane.name != (xml.Name{Space: nsShape, Local: "BPMNPlane"}) {
			continue
		}
		for i, a := range plane.attrs {
			if a.Name == (xml.Name{Local: "bpmnElement"}) {
				plane.attrs[i].Value = of
			}
		}
	}
	return diagram
}

func processID(t Template) string {
	if wellFormed(t.ID) {
		return t.ID
	}
	return "process"
}

func (x *exporter) collaboration() *element {
	p := x.t.Pool
	set := cmp.Or(p.Set, "collaboration")
	e := el(nsBPMN, "collaboration", "id", set)
	rest := x.give(e, set)
	participant := el(nsBPMN, "participant", "id", p.ID, "name", p.Name, "processRef", processID(x.t))
	participant.add(x.give(participant, p.ID)...)
	e.add(participant)
	e.add(rest...)
	return e
}

func (x *exporter) process() *element {
	t := x.t
	e := el(nsBPMN, "process", "id", processID(t), "name", t.Name)
	if processID(t) != t.ID {
		e.set(nsOwn, "id", t.ID)
	}
	if t.Version != 1 {
		e.set(nsOwn, "version", strconv.Itoa(t.Version))
	}
	e.set(nsOwn, "procedure", t.Procedure)
	e.set(nsOwn, "case", t.Case)
	rest := x.give(e, "")
	if e.attr("isExecutable") == "" {
		e.set("", "isExecutable", "true")
	}
	if len(t.Lanes) > 0 {
		e.add(x.lanes())
	}
	for _, s := range t.Steps {
		e.add(x.step(s))
	}
	for _, f := range t.Flows {
		e.add(x.flow(f))
	}
	e.add(rest...)
	return e
}

func (x *exporter) lanes() *element {
	set := el(nsBPMN, "laneSet", "id", cmp.Or(x.t.LaneSet, "lanes"))
	rest := x.give(set, cmp.Or(x.t.LaneSet, "lanes"))
	for _, l := range x.t.Lanes {
		lane := el(nsBPMN, "lane", "id", l.ID, "name", l.Name)
		inner := x.give(lane, l.ID)
		for _, s := range l.Steps {
			lane.add(text(nsBPMN, "flowNodeRef", s))
		}
		lane.add(inner...)
		set.add(lane)
	}
	set.add(rest...)
	return set
}

func (x *exporter) step(s Step) *element {
	local := s.Element
	if local == "" {
		local = usualElement(s.Kind)
	}
	e := el(nsBPMN, local, "id", s.ID, "name", s.Name)
	if s.Kind == KindTimer {
		e.set("", "attachedToRef", s.On)
		if s.Continue {
			e.set("", "cancelActivity", "false")
		}
	}
	if s.Kind.Work() || s.Kind.Wait() {
		e.set(nsOwn, "kind", string(s.Kind))
		e.set(nsOwn, "unit", s.Unit)
		e.set(nsOwn, "role", s.Role)
		if s.Share != 0 {
			e.set(nsOwn, "share", strconv.Itoa(s.Share))
		}
	}
	rest := x.give(e, s.ID)
	for _, f := range x.t.Flows {
		if f.Default && f.From == s.ID {
			e.set("", "default", f.ID)
		}
	}
	for _, f := range x.t.Flows {
		if f.To == s.ID {
			e.add(text(nsBPMN, "incoming", f.ID))
		}
	}
	for _, f := range x.t.Flows {
		if f.From == s.ID {
			e.add(text(nsBPMN, "outgoing", f.ID))
		}
	}
	e.add(rest...)
	if s.Kind == KindTimer {
		d := el(nsBPMN, "timerEventDefinition")
		d.add(text(nsBPMN, "timeDuration", duration(s.After)))
		e.add(d)
	}
	return e
}

// duration writes working minutes so that workingMinutes reads the same.
func duration(minutes int) string {
	hours := ""
	if minutes >= 60 {
		hours = strconv.Itoa(minutes/60) + "H"
	}
	if minutes%60 == 0 && hours != "" {
		return "PT" + hours
	}
	return "PT" + hours + strconv.Itoa(minutes%60) + "M"
}

func (x *exporter) flow(f Flow) *element {
	e := el(nsBPMN, "sequenceFlow", "id", f.ID, "name", f.Name, "sourceRef", f.From, "targetRef", f.To)
	rest := x.give(e, f.ID)
	if f.When != "" || len(x.kept[f.ID+"?"]) > 0 {
		c := text(nsBPMN, "conditionExpression", f.When)
		c.set(nsXSI, "type", "{"+nsBPMN+"}tFormalExpression")
		x.give(c, f.ID+"?")
		e.add(c)
	}
	e.add(rest...)
	return e
}

// indent writes e with one element a line, as far as no text stands between.
func (n *names) indent(b *bytes.Buffer, e *element, depth int) {
	space := strings.Repeat("  ", depth)
	mixed := slices.ContainsFunc(e.children, func(c *element) bool { return c.name.Local == "" })
	if mixed || len(e.children) == 0 {
		b.WriteString(space)
		n.write(b, e, depth == 0)
		b.WriteByte('\n')
		return
	}
	shell := &element{name: e.name, attrs: e.attrs}
	var head bytes.Buffer
	n.write(&head, shell, depth == 0)
	b.WriteString(space + strings.TrimSuffix(head.String(), "/>") + ">\n")
	for _, c := range e.children {
		n.indent(b, c, depth+1)
	}
	b.WriteString(space + "</" + n.qualified(e.name) + ">\n")
}
