package process

import (
	"bytes"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// ways writes the flows of a template, in order.
func ways(t Template) string {
	var all []string
	for _, f := range t.Flows {
		all = append(all, f.From+">"+f.To)
	}
	return strings.Join(all, " ")
}

func order(t Template) string {
	var all []string
	for _, s := range t.Steps {
		all = append(all, s.ID)
	}
	return strings.Join(all, " ")
}

func short(t *testing.T) Template {
	t.Helper()
	return chain(Options{}, "short", []Step{{ID: "a", Kind: KindReceive}, {ID: "b", Kind: KindHandle}, {ID: "c", Kind: KindReturn}})
}

func TestEdit(t *testing.T) {
	tests := []struct {
		name        string
		edit        func(Template) Template
		order, ways string
	}{
		{"a step on the way", func(t Template) Template { t, _ = t.Insert("a", KindCheck); return t },
			"start a check-1 b c end", "start>a check-1>b b>c c>end a>check-1"},
		{"a second of the kind", func(t Template) Template {
			t, _ = t.Insert("a", KindCheck)
			t, _ = t.Insert("check-1", KindCheck)
			return t
		},
			"start a check-1 check-2 b c end", "start>a check-2>b b>c c>end a>check-1 check-1>check-2"},
		{"a parallel part", func(t Template) Template { t, _ = t.Insert("b", KindParallel); return t },
			"start a b parallel-1 consult-1 consult-2 join-1 c end",
			"start>a a>b join-1>c c>end parallel-1>consult-1 consult-1>join-1 parallel-1>consult-2 consult-2>join-1 b>parallel-1"},
		{"one more branch", func(t Template) Template {
			t, _ = t.Insert("b", KindParallel)
			t, _ = t.Insert("parallel-1", KindVerify)
			return t
		}, "start a b parallel-1 verify-1 consult-1 consult-2 join-1 c end",
			"start>a a>b join-1>c c>end parallel-1>consult-1 consult-1>join-1 parallel-1>consult-2 consult-2>join-1 b>parallel-1 parallel-1>verify-1 verify-1>join-1"},
		{"behind a step that is not there", func(t Template) Template { t, _ = t.Insert("x", KindCheck); return t },
			"start a b c end", "start>a a>b b>c c>end"},
		{"a step less", func(t Template) Template { return t.Remove("b") }, "start a c end", "start>a a>c c>end"},
		{"a branch less", func(t Template) Template {
			t, _ = t.Insert("b", KindParallel)
			return t.Remove("consult-1").Remove("consult-2")
		},
			"start a b parallel-1 join-1 c end", "start>a a>b join-1>c c>end parallel-1>join-1 b>parallel-1"},
		{"a step with its timer", func(t Template) Template { t, _ = t.Insert("b", KindTimer); return t.Remove("b") },
			"start a c end", "start>a a>c c>end"},
		{"up", func(t Template) Template { return t.Move("b", true) }, "start b a c end", "start>b b>a a>c c>end"},
		{"down is the same", func(t Template) Template { return t.Move("a", false) }, "start b a c end", "start>b b>a a>c c>end"},
		{"beyond the start only in the list", func(t Template) Template { return t.Move("a", true) }, "a start b c end", "start>a a>b b>c c>end"},
		{"beyond the first line", func(t Template) Template { return t.Move("start", true) }, "start a b c end", "start>a a>b b>c c>end"},
		{"one more way", func(t Template) Template { return t.AddWay("b", "a", "late") }, "start a b c end", "start>a a>b b>c c>end b>a"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			before := short(t)
			was := ways(before) + order(before)
			got := tt.edit(before)
			if order(got) != tt.order || ways(got) != tt.ways {
				t.Errorf("steps %s, ways %s;\nwant %s, %s", order(got), ways(got), tt.order, tt.ways)
			}
			if ways(before)+order(before) != was {
				t.Errorf("the template before has changed: %s", ways(before))
			}
		})
	}
}

// However a template is edited, its ids stay unique, every way leads somewhere,
// and it can be drawn.
func TestEditsKeepTheStructure(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		now := drawTemplate(t)
		for range rapid.IntRange(1, 12).Draw(t, "edits") {
			id := rapid.SampledFrom(now.Steps).Draw(t, "step").ID
			switch rapid.IntRange(0, 3).Draw(t, "edit") {
			case 0:
				now, _ = now.Insert(id, rapid.SampledFrom([]Kind{KindHandle, KindBranch, KindParallel, KindWaitApplicant}).Draw(t, "kind"))
			case 1:
				if len(now.Steps) > 3 {
					now = now.Remove(id)
				}
			case 2:
				now = now.Move(id, rapid.Bool().Draw(t, "up"))
			case 3:
				now = now.InOrder()
			}
		}
		_, problems := build(now)
		for _, p := range problems {
			switch p.Key {
			case "process.id_repeated", "process.id_missing", "process.id_form", "process.flow_unknown_step":
				t.Fatalf("%+v in %s", p, ways(now))
			}
		}
		if p := Draw(now); len(p.Figures) != len(now.Steps) || len(p.Lines) != len(now.Flows) {
			t.Fatalf("%d of %d figures, %d of %d lines", len(p.Figures), len(now.Steps), len(p.Lines), len(now.Flows))
		}
	})
}

func TestInOrder(t *testing.T) {
	now := short(t)
	now.Steps = []Step{now.Steps[4], now.Steps[3], now.Steps[0], now.Steps[2], now.Steps[1]}
	now, _ = now.Insert("b", KindTimer)
	if got := order(now.InOrder()); got != "start a b timer-1 c end" {
		t.Errorf("InOrder = %s", got)
	}
}

// What a drawing has beside its steps stays when the table is saved, unless what
// it belongs to is gone.
func TestRedrawn(t *testing.T) {
	base := short(t)
	base.Steps[1].Element = "manualTask"
	base.Pool, base.LaneSet = &Pool{ID: "pool", Set: "both"}, "lanes"
	base.Lanes = []Lane{{ID: "lane", Steps: []string{"a", "b"}}}
	base.Kept = []Kept{{On: "a", Name: "x"}, {On: "b", Name: "y"}, {On: "to-b?", Name: "z"}, {On: "#", Name: "all"}, {On: "pool", Name: "p"}}
	edited := base.Remove("b")
	edited.Steps[1].Element, edited.Lanes, edited.Kept, edited.Pool = "", nil, nil, nil
	got := edited.Redrawn(base)
	if len(got.Kept) != 4 || len(got.Lanes) != 1 || len(got.Lanes[0].Steps) != 1 || got.Pool == nil || got.Steps[1].Element != "manualTask" {
		t.Errorf("Redrawn = %+v", got)
	}
}

// A drawing is shown as somebody drew it; one that no longer fits is drawn anew.
func TestDrawByTheDiagramThatWasDrawn(t *testing.T) {
	const moved = `<bpmndi:BPMNDiagram xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI" xmlns:dc="http://www.omg.org/spec/DD/20100524/DC" xmlns:di="http://www.omg.org/spec/DD/20100524/DI"><bpmndi:BPMNPlane bpmnElement="short">` +
		`<bpmndi:BPMNShape bpmnElement="start"><dc:Bounds x="500.5" y="7" width="36" height="36"/></bpmndi:BPMNShape><bpmndi:BPMNShape bpmnElement="end"><dc:Bounds x="9" y="7" width="36" height="36"/></bpmndi:BPMNShape>` +
		`<bpmndi:BPMNEdge bpmnElement="to-end"><di:waypoint x="500" y="25"/><di:waypoint x="45" y="25"/></bpmndi:BPMNEdge></bpmndi:BPMNPlane></bpmndi:BPMNDiagram>`
	now := chain(Options{ID: "short"}, "short", nil)
	now.Kept = []Kept{{On: "#", XML: moved}}
	if p := Draw(now); len(p.Figures) != 2 || p.Figures[0].X != 500 || p.W != 567 || p.Lines[0].Points[1] != [2]int{45, 25} {
		t.Errorf("Draw = %+v", p)
	}
	now, _ = now.Insert("start", KindHandle)
	if p := Draw(now); len(p.Figures) != 3 || p.Figures[0].X == 500 {
		t.Errorf("after a change Draw = %+v", p)
	}
}

// A table edit keeps a drawing that somebody made by hand: what stayed keeps its
// place, a new step covers nothing, what is gone is off the drawing.
func TestATableEditKeepsTheDrawing(t *testing.T) {
	base := short(t)
	drawn := layout(base)
	walkTree(drawn, func(e *element) {
		for i, a := range e.attrs {
			if e.name.Local == "Bounds" && a.Name.Local == "y" {
				y, _ := strconv.Atoi(a.Value)
				e.attrs[i].Value = strconv.Itoa(y + 333) // moved by hand
			}
		}
	})
	base.Kept = []Kept{{On: "#", XML: drawn.alone()}}
	places := map[string]Figure{}
	for _, f := range Draw(base).Figures {
		places[f.ID] = f
	}
	edited, id := base.Insert("a", KindVerify)
	edited = edited.Remove("b")
	edited.Kept = nil
	got := Draw(edited.Redrawn(base))
	if len(got.Figures) != len(edited.Steps) || len(got.Lines) != len(edited.Flows) {
		t.Fatalf("%d figures of %d steps, %d lines of %d flows", len(got.Figures), len(edited.Steps), len(got.Lines), len(edited.Flows))
	}
	for i, f := range got.Figures {
		if was, stayed := places[f.ID]; stayed && (f.X != was.X || f.Y != was.Y) {
			t.Errorf("%s moved from %d,%d to %d,%d", f.ID, was.X, was.Y, f.X, f.Y)
		}
		for _, o := range got.Figures[i+1:] {
			if f.X < o.X+o.W && o.X < f.X+f.W && f.Y < o.Y+o.H && o.Y < f.Y+f.H {
				t.Errorf("%s covers %s", f.ID, o.ID)
			}
		}
	}
	if _, there := edited.Step(id); !there {
		t.Errorf("step %s is lost", id)
	}
	back, refused, err := Import(bytes.NewReader(Export(edited.Redrawn(base))))
	if err != nil || len(refused) > 0 || len(Draw(back).Figures) != len(got.Figures) || Draw(back).Figures[0].Y != got.Figures[0].Y {
		t.Errorf("after export and import: %v, %v", refused, err)
	}
}
