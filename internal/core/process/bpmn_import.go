package process

import (
	"cmp"
	"encoding/xml"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/motcua/motcua/internal/core/fault"
)

// Refused is one thing in a BPMN file that cannot run here, and where.
type Refused struct {
	Element string // local name of the element, such as "subProcess"
	ID      string // its id, or that of the element around it
	Line    int    // line of its opening bracket, from 1
	Key     string // message key of the reason
	Args    fault.Args
}

// What BPMN draws as what. A work step is a userTask unless it says otherwise.
var taskElements = [...]string{"task", "userTask", "manualTask", "serviceTask"}

// ignored are the BPMN elements that have no effect on the way of a dossier:
// data, text, pictures, who else may be involved, and definitions which do
// nothing until something refers to them; what refers to them is refused itself.
var ignored = map[string]bool{
	"documentation": true, "extensionElements": true, "extension": true, "text": true,
	"textAnnotation": true, "association": true, "group": true, "category": true, "categoryValueRef": true,
	"dataObject": true, "dataObjectReference": true, "dataStore": true, "dataStoreReference": true, "dataInput": true, "dataOutput": true,
	"inputSet": true, "outputSet": true, "ioSpecification": true, "ioBinding": true, "property": true,
	"dataInputAssociation": true, "dataOutputAssociation": true, "itemDefinition": true, "import": true,
	"message": true, "signal": true, "error": true, "escalation": true, "resource": true, "interface": true, "relationship": true,
	"potentialOwner": true, "humanPerformer": true, "performer": true, "resourceRole": true, "rendering": true,
	"auditing": true, "monitoring": true, "partitionElement": true, "childLaneSet": true, "participantMultiplicity": true,
	"interfaceRef": true, "endPointRef": true, "supportedInterfaceRef": true, "ioSpecificationRef": true,
}

// importer reads one tree into a template.
type importer struct {
	t        Template
	refused  []Refused
	at       map[string]*element // steps and flows by id
	defaults map[string]string   // default flow by step
}

// Import reads a BPMN 2.0 file (Business Process Model and Notation). It takes
// start, end, task, user, manual and service task, exclusive and parallel
// gateway, timer boundary event, one pool, lanes and sequence flows with
// conditions. Data, text, diagram and extension elements are kept for Export and
// otherwise ignored. Everything else is refused by name and line, and so is what
// Compile would refuse; conditions are taken as text and not compiled.
//
// The error is an Invalid fault when the file cannot be read as BPMN at all. The
// template may be used only when nothing is refused.
func Import(r io.Reader) (Template, []Refused, error) {
	return readDrawing(r, false)
}

// ImportDraft is Import for a drawing that may be unfinished: a step without a
// way out, a split without conditions and the like are left to Validate. What
// cannot run here at all is refused as ever.
func ImportDraft(r io.Reader) (Template, []Refused, error) {
	return readDrawing(r, true)
}

func readDrawing(r io.Reader, draft bool) (Template, []Refused, error) {
	root, err := readTree(r)
	if err != nil {
		return Template{}, nil, err
	}
	return importTree(root, draft)
}

func importTree(root *element, draft bool) (Template, []Refused, error) {
	if root.name != (xml.Name{Space: nsBPMN, Local: "definitions"}) {
		return Template{}, nil, fault.Field("file", "process.bpmn_not_bpmn", fault.Args{"element": root.name.Local})
	}
	m := &importer{t: Template{Version: 1}, at: map[string]*element{}, defaults: map[string]string{}}
	m.definitions(root)
	m.join(draft)
	if len(m.refused) == 0 && !draft {
		m.structure()
	}
	slices.SortStableFunc(m.refused, func(a, b Refused) int { return a.Line - b.Line })
	m.dropOwnLayout()
	sortKept(m.t.Kept)
	return m.t, m.refused, nil
}

// sortKept puts kept pieces into the order in which Export writes them, so that
// a second import gives the same template.
func sortKept(kept []Kept) {
	rank := func(k Kept) int {
		switch {
		case k.XML == "":
			return 0
		case isFirst(k):
			return 1
		case isDiagram(k):
			return 3
		}
		return 2
	}
	slices.SortStableFunc(kept, func(a, b Kept) int {
		return cmp.Or(cmp.Compare(a.On, b.On), cmp.Compare(rank(a), rank(b)))
	})
}

func (m *importer) refuse(e *element, id, key string, args fault.Args) {
	if own := e.attr("id"); own != "" {
		id = own
	}
	m.refused = append(m.refused, Refused{Element: e.name.Local, ID: id, Line: e.line, Key: key, Args: args})
}

// keep stores e for Export, or refuses it when it is BPMN that has an effect.
func (m *importer) keep(on, id string, e *element) {
	if e.name.Space == nsBPMN && !ignored[e.name.Local] {
		m.refuse(e, id, "process.bpmn_element", fault.Args{"element": e.name.Local})
		return
	}
	if e.name.Local != "" {
		m.t.Kept = append(m.t.Kept, Kept{On: on, XML: e.alone()})
	}
}

// attrs stores the attributes of e that are not read otherwise.
func (m *importer) attrs(on string, e *element, read ...string) {
	for _, a := range e.attrs {
		if a.Name.Space == "" && (a.Name.Local == "id" || slices.Contains(read, a.Name.Local)) || a.Name.Space == nsOwn {
			continue
		}
		m.t.Kept = append(m.t.Kept, Kept{On: on, Space: a.Name.Space, Name: a.Name.Local, Value: a.Value})
	}
}

func (m *importer) definitions(root *element) {
	m.t.Name = root.attr("name")
	for _, a := range root.attrs {
		schema := a.Name == xml.Name{Space: nsXSI, Local: "schemaLocation"}
		ours := a.Name == xml.Name{Local: "targetNamespace"} && a.Value == nsOwn || a.Name == xml.Name{Local: "id"} && a.Value == "definitions"
		if !schema && !ours {
			m.t.Kept = append(m.t.Kept, Kept{On: "#", Space: a.Name.Space, Name: a.Name.Local, Value: a.Value})
		}
	}
	var processes, collaborations []*element
	for _, e := range root.children {
		switch e.name {
		case xml.Name{Space: nsBPMN, Local: "process"}:
			processes = append(processes, e)
		case xml.Name{Space: nsBPMN, Local: "collaboration"}:
			collaborations = append(collaborations, e)
		default:
			m.keep("#", "", e)
		}
	}
	if len(processes) == 0 {
		m.refuse(root, "", "process.bpmn_no_process", nil)
		return
	}
	// An empty process is the inside of a closed pool; the first with content is meant.
	main := max(0, slices.IndexFunc(processes, func(e *element) bool { return len(e.children) > 0 }))
	for i, e := range processes {
		if i == main {
			m.process(e)
			continue
		}
		m.refuse(e, "", "process.bpmn_one_pool", nil)
		m.walkProcess(e)
	}
	for _, e := range collaborations {
		m.collaboration(e)
	}
}

// walkProcess reports what would be refused in a process that is refused itself.
func (m *importer) walkProcess(e *element) {
	other := &importer{at: map[string]*element{}, defaults: map[string]string{}}
	other.flowElements(e)
	other.join(false)
	m.refused = append(m.refused, other.refused...)
}

func (m *importer) process(e *element) {
	m.t.ID = e.attr("id")
	if id := e.attrIn(nsOwn, "id"); id != "" {
		m.t.ID = id
	}
	if name := e.attr("name"); name != "" {
		m.t.Name = name
	}
	m.t.Procedure, m.t.Case = e.attrIn(nsOwn, "procedure"), e.attrIn(nsOwn, "case")
	if v, err := strconv.Atoi(e.attrIn(nsOwn, "version")); err == nil && v > 0 {
		m.t.Version = v
	}
	m.attrs("", e, "name", "isExecutable")
	if e.attr("isExecutable") == "false" {
		m.t.Kept = append(m.t.Kept, Kept{Name: "isExecutable", Value: "false"})
	}
	m.flowElements(e)
}

// flowElements reads what stands in a process.
func (m *importer) flowElements(process *element) {
	for _, e := range process.children {
		switch {
		case e.name.Space != nsBPMN || ignored[e.name.Local]:
			m.keep("", "", e)
		case e.name.Local == "laneSet":
			m.lanes(e)
		case e.name.Local == "sequenceFlow":
			m.flow(e)
		default:
			m.step(e)
		}
	}
}

func (m *importer) step(e *element) {
	s := Step{ID: e.attr("id"), Name: e.attr("name")}
	read := []string{"name"}
	allowed := []string{"incoming", "outgoing"}
	switch local := e.name.Local; local {
	case "startEvent":
		s.Kind = KindStart
	case "endEvent":
		s.Kind = KindEnd
	case "exclusiveGateway":
		s.Kind, read = KindBranch, append(read, "default")
	case "parallelGateway":
		s.Kind = KindParallel
	case "boundaryEvent":
		s.Kind, s.On, s.Continue = KindTimer, e.attr("attachedToRef"), e.attr("cancelActivity") == "false"
		read, allowed = append(read, "attachedToRef", "cancelActivity"), append(allowed, "timerEventDefinition")
		m.timer(e, &s)
	default:
		if !slices.Contains(taskElements[:], local) {
			m.refuse(e, "", "process.bpmn_element", fault.Args{"element": local})
			return
		}
		read = append(read, "default")
		m.task(e, &s)
	}
	if flow := e.attr("default"); flow != "" {
		m.defaults[s.ID] = flow
	}
	m.attrs(s.ID, e, read...)
	for _, c := range e.children {
		if c.name.Space != nsBPMN || !slices.Contains(allowed, c.name.Local) {
			m.keep(s.ID, s.ID, c)
		}
	}
	m.at[s.ID] = e
	m.t.Steps = append(m.t.Steps, s)
}

// task reads a task with our own attributes; a foreign task counts as handling.
func (m *importer) task(e *element, s *Step) {
	s.Kind, s.Unit, s.Role = Kind(e.attrIn(nsOwn, "kind")), e.attrIn(nsOwn, "unit"), e.attrIn(nsOwn, "role")
	if s.Kind == "" {
		s.Kind = KindHandle
	}
	if !s.Kind.Work() && !s.Kind.Wait() {
		m.refuse(e, "", "process.kind_unknown", fault.Args{"kind": string(s.Kind)})
	}
	if text := e.attrIn(nsOwn, "share"); text != "" {
		share, err := strconv.Atoi(text)
		if err != nil || share < 0 || share > maxShare {
			m.refuse(e, "", "process.share_range", nil)
		}
		s.Share = share
	}
	if e.name.Local != usualElement(s.Kind) {
		s.Element = e.name.Local
	}
	for _, name := range []string{"startQuantity", "completionQuantity"} {
		if n := e.attr(name); n != "" && n != "1" {
			m.refuse(e, "", "process.bpmn_quantity", fault.Args{"name": name, "value": n})
		}
	}
	if e.attr("isForCompensation") == "true" {
		m.refuse(e, "", "process.bpmn_compensation", nil)
	}
}

// usualElement is the BPMN element that a step of that kind is drawn as.
func usualElement(k Kind) string {
	switch k {
	case KindStart:
		return "startEvent"
	case KindEnd:
		return "endEvent"
	case KindBranch:
		return "exclusiveGateway"
	case KindParallel:
		return "parallelGateway"
	case KindTimer:
		return "boundaryEvent"
	case KindWaitApplicant, KindWaitPayment:
		return "task"
	}
	return "userTask"
}

func (m *importer) timer(e *element, s *Step) {
	var definition *element
	for _, c := range e.children {
		if c.name.Space == nsBPMN && strings.HasSuffix(c.name.Local, "EventDefinition") {
			if c.name.Local != "timerEventDefinition" {
				return // refused by its own name
			}
			definition = c
		}
	}
	if definition == nil {
		m.refuse(e, "", "process.bpmn_boundary", nil)
		return
	}
	for _, c := range definition.children {
		if c.name.Local == "timeDuration" {
			if minutes, ok := workingMinutes(c.content()); ok {
				s.After = minutes
				return
			}
		}
	}
	m.refuse(definition, s.ID, "process.bpmn_duration", nil)
}

// workingMinutes reads an ISO 8601 duration of days, hours and minutes as
// working time; a day is eight hours. Longer units have no fixed working time.
func workingMinutes(text string) (int, bool) {
	rest, ok := strings.CutPrefix(text, "P")
	days, clock, timed := strings.Cut(rest, "T")
	if !ok || rest == "" || timed && clock == "" {
		return 0, false
	}
	total := 0
	take := func(part *string, unit string, minutes int) bool {
		number, after, found := strings.Cut(*part, unit)
		if !found {
			return true
		}
		n, err := strconv.ParseUint(number, 10, 31)
		if err != nil || n > maxShare {
			return false
		}
		total, *part = total+int(n)*minutes, after
		return true
	}
	if !take(&days, "D", minutesADay) || !take(&clock, "H", 60) || !take(&clock, "M", 1) || days != "" || clock != "" {
		return 0, false
	}
	return total, total > 0 && total <= maxShare
}

func (m *importer) flow(e *element) {
	f := Flow{ID: e.attr("id"), From: e.attr("sourceRef"), To: e.attr("targetRef"), Name: e.attr("name")}
	m.attrs(f.ID, e, "name", "sourceRef", "targetRef")
	for _, c := range e.children {
		if c.name != (xml.Name{Space: nsBPMN, Local: "conditionExpression"}) {
			m.keep(f.ID, f.ID, c)
			continue
		}
		f.When = c.content()
		for _, a := range c.attrs {
			if a.Name.Space != nsXSI {
				m.t.Kept = append(m.t.Kept, Kept{On: f.ID + "?", Space: a.Name.Space, Name: a.Name.Local, Value: a.Value})
			}
		}
	}
	m.at[f.ID] = e
	m.t.Flows = append(m.t.Flows, f)
}

func (m *importer) lanes(set *element) {
	if m.t.LaneSet == "" {
		m.t.LaneSet = cmp.Or(set.attr("id"), "lanes")
	}
	m.attrs(m.t.LaneSet, set)
	for _, e := range set.children {
		if e.name != (xml.Name{Space: nsBPMN, Local: "lane"}) {
			m.keep(m.t.LaneSet, "", e)
			continue
		}
		lane := Lane{ID: cmp.Or(e.attr("id"), fmt.Sprintf("lane-%d", len(m.t.Lanes)+1)), Name: e.attr("name")}
		m.attrs(lane.ID, e, "name")
		for _, c := range e.children {
			if c.name == (xml.Name{Space: nsBPMN, Local: "flowNodeRef"}) {
				lane.Steps = append(lane.Steps, c.content())
			} else {
				m.keep(lane.ID, lane.ID, c)
			}
		}
		m.t.Lanes = append(m.t.Lanes, lane)
	}
}

func (m *importer) collaboration(e *element) {
	set := cmp.Or(e.attr("id"), "collaboration")
	m.attrs(set, e)
	for _, c := range e.children {
		if c.name != (xml.Name{Space: nsBPMN, Local: "participant"}) {
			m.keep(set, "", c)
			continue
		}
		if m.t.Pool != nil {
			m.refuse(c, "", "process.bpmn_one_pool", nil)
			continue
		}
		pool := cmp.Or(c.attr("id"), "pool")
		m.t.Pool = &Pool{ID: pool, Name: c.attr("name"), Set: set}
		m.attrs(pool, c, "name", "processRef")
		for _, inner := range c.children {
			m.keep(pool, pool, inner)
		}
	}
}

// join links defaults with their flows and reports splits without conditions,
// which is worth knowing even where other elements are refused.
func (m *importer) join(draft bool) {
	outs := map[string][]Flow{}
	for i := range m.t.Flows {
		f := &m.t.Flows[i]
		f.Default = m.defaults[f.From] == f.ID
		outs[f.From] = append(outs[f.From], *f)
	}
	for _, s := range m.t.Steps {
		e := m.at[s.ID]
		if key := choice(s.Kind, outs[s.ID]); key != "" && !draft {
			m.refuse(e, s.ID, key, nil)
		}
		if d := m.defaults[s.ID]; d != "" && !slices.ContainsFunc(outs[s.ID], func(f Flow) bool { return f.ID == d }) {
			m.refuse(e, s.ID, "process.flow_unknown_step", fault.Args{"id": d})
		}
	}
}

// structure reports what Compile would refuse, at the place in the file.
func (m *importer) structure() {
	g, problems := build(m.t)
	if len(problems) == 0 {
		problems = flow(g)
	}
	for _, p := range problems {
		r := Refused{Element: "process", ID: m.t.ID, Line: 1, Key: p.Key, Args: p.Args}
		for _, id := range []string{p.Flow, p.Step} {
			if e := m.at[id]; id != "" && e != nil {
				r.Element, r.ID, r.Line = e.name.Local, id, e.line
				break
			}
		}
		m.refused = append(m.refused, r)
	}
}
