package process

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/motcua/motcua/internal/core/fault"
	"pgregory.net/rapid"
)

var update = flag.Bool("update", false, "write the golden files anew")

// spell writes a message key with its arguments, in a fixed order.
func spell(key string, args fault.Args) string {
	if len(args) == 0 {
		return key
	}
	names := make([]string, 0, len(args))
	for name, value := range args {
		names = append(names, fmt.Sprintf("%s=%v", name, value))
	}
	slices.Sort(names)
	return key + " " + strings.Join(names, " ")
}

// suite lists the reference models of the BPMN Model Interchange Working Group.
func suite(t *testing.T) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join("testdata", "miwg", "*.bpmn"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no reference models: %v", err)
	}
	return files
}

// The verdict on every public reference model stands in the golden file, refusal
// by refusal; a change there is a change of what we promise to accept.
func TestReferenceModels(t *testing.T) {
	var got strings.Builder
	for _, file := range suite(t) {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		r := Check(bytes.NewReader(data), nil, spell)
		fmt.Fprintf(&got, "%s ok=%t steps=%d %q\n", filepath.Base(file), r.OK, r.Steps, r.Name)
		for _, x := range r.Refused {
			fmt.Fprintf(&got, "  line %d %s %s: %s\n", x.Line, x.Element, x.ID, x.Reason)
		}
		if r.OK {
			runModel(t, filepath.Base(file), data)
		}
	}
	golden := filepath.Join("testdata", "miwg.golden")
	if *update {
		if err := os.WriteFile(golden, []byte(got.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got.String()); diff != "" {
		t.Errorf("verdicts (-want +got):\n%s", diff)
	}
}

// runModel runs an accepted model to its end and gives it back without loss.
func runModel(t *testing.T, name string, data []byte) {
	t.Helper()
	template, _, err := Import(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	again, refused, err := Import(bytes.NewReader(Export(template)))
	if err != nil || len(refused) > 0 {
		t.Fatalf("%s: exported file: %v %v", name, refused, err)
	}
	if diff := cmp.Diff(template, again); diff != "" {
		t.Errorf("%s: export loses something (-before +after):\n%s", name, diff)
	}
	guards := map[string]Guard{}
	for i, c := range template.Conditions() {
		guards[c] = always(i == 0)
	}
	g := mustCompile(t, template, guards)
	ids := counter()
	inst, _, err := Start(g, Facts{}, ids)
	for n := 0; err == nil && !inst.Finished && n < 50; n++ {
		inst, _, err = Complete(g, inst, inst.Tasks[0].ID, Facts{}, ids)
	}
	if err != nil || !inst.Finished {
		t.Errorf("%s: run ends with %+v, %v", name, inst, err)
	}
}

func TestExportImportGivesTheSame(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		template := drawTemplate(t)
		if rapid.Bool().Draw(t, "pool") {
			template.Pool = &Pool{ID: "pool", Name: "Tỉnh", Set: "collaboration"}
			template.LaneSet = "lanes"
			half := len(template.Steps) / 2
			for i, steps := range [][]Step{template.Steps[:half], template.Steps[half:]} {
				lane := Lane{ID: fmt.Sprintf("lane-%d", i), Name: "Làn"}
				for _, s := range steps {
					lane.Steps = append(lane.Steps, s.ID)
				}
				template.Lanes = append(template.Lanes, lane)
			}
		}
		file := Export(template)
		again, refused, err := Import(bytes.NewReader(file))
		if err != nil || len(refused) > 0 {
			t.Fatalf("Import(Export) = %v, %v\n%s", refused, err, file)
		}
		if diff := cmp.Diff(template, again); diff != "" {
			t.Fatalf("Import(Export) differs (-before +after):\n%s", diff)
		}
		if diff := cmp.Diff(template, copied(t, template)); diff != "" {
			t.Fatalf("JSON form differs:\n%s", diff)
		}
	})
}

func TestExportOfAForeignID(t *testing.T) {
	template := AtOnce(Options{ID: "1.009999", Version: 4, Procedure: "1.009999", Case: "cap-lai"})
	again, refused, err := Import(bytes.NewReader(Export(template)))
	if err != nil || len(refused) > 0 || !cmp.Equal(template, again) {
		t.Errorf("Import(Export) = %+v, %v, %v", again, refused, err)
	}
}

// A diagram that somebody drew is given back; one that no longer fits is drawn anew.
func TestDiagramIsKept(t *testing.T) {
	file := string(Export(AtOnce(Options{})))
	moved := strings.Replace(file, `x="292"`, `x="300"`, 1)
	if moved == file {
		moved = strings.Replace(file, `y="80"`, `y="85"`, 1)
	}
	if moved == file {
		t.Fatalf("nothing to move in:\n%s", file)
	}
	template, _, err := Import(strings.NewReader(moved))
	if err != nil || len(template.Kept) != 1 {
		t.Fatalf("kept = %v, %v, want the diagram", template.Kept, err)
	}
	if got := string(Export(template)); got != moved {
		t.Errorf("Export changes the diagram:\n%s", cmp.Diff(moved, got))
	}
	template.Steps[1].ID, template.Flows[0].To, template.Flows[1].From = "take-in", "take-in", "take-in"
	if got := string(Export(template)); !strings.Contains(got, `bpmnElement="take-in"`) || strings.Contains(got, `bpmnElement="receive"`) {
		t.Errorf("Export shows a step that is gone:\n%s", got)
	}
}

func bpmn(inside string) string {
	return `<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="` + nsBPMN + `" xmlns:q="` + nsOwn + `" xmlns:xsi="` + nsXSI + `">
<process id="p">
<startEvent id="s"/>
<userTask id="a"/>
<endEvent id="e"/>
<sequenceFlow id="f1" sourceRef="s" targetRef="a"/>
<sequenceFlow id="f2" sourceRef="a" targetRef="e"/>
` + inside + `
</process>
</definitions>`
}

func TestImportRefusesByNameAndLine(t *testing.T) {
	const at = 9 // line of what is put in
	tests := []struct {
		name, inside, element, id string
		line                      int
		key                       string
	}{
		{"inclusive gateway", `<inclusiveGateway id="x"/>`, "inclusiveGateway", "x", at, "process.bpmn_element"},
		{"on the second line, over several", "\n<subProcess\n id=\"x\">\n<task id=\"y\"/>\n</subProcess>", "subProcess", "x", at + 1, "process.bpmn_element"},
		{"a script", `<scriptTask id="x"><script>rm</script></scriptTask>`, "scriptTask", "x", at, "process.bpmn_element"},
		{"a loop marker", `<task id="x"><multiInstanceLoopCharacteristics/></task>`, "multiInstanceLoopCharacteristics", "x", at, "process.bpmn_element"},
		{"a message start", `<startEvent id="x"><messageEventDefinition/></startEvent>`, "messageEventDefinition", "x", at, "process.bpmn_element"},
		{"a boundary message", `<boundaryEvent id="x" attachedToRef="a"><errorEventDefinition id="d"/></boundaryEvent>`, "errorEventDefinition", "d", at, "process.bpmn_element"},
		{"a boundary event of nothing", `<boundaryEvent id="x" attachedToRef="a"/>`, "boundaryEvent", "x", at, "process.bpmn_boundary"},
		{"a timer with a date", `<boundaryEvent id="x" attachedToRef="a"><timerEventDefinition><timeDate>2026-01-01</timeDate></timerEventDefinition></boundaryEvent>`, "timerEventDefinition", "x", at, "process.bpmn_duration"},
		{"a timer in months", `<boundaryEvent id="x" attachedToRef="a"><timerEventDefinition><timeDuration>P1M</timeDuration></timerEventDefinition></boundaryEvent>`, "timerEventDefinition", "x", at, "process.bpmn_duration"},
		{"a split without conditions", `<exclusiveGateway id="x"/><sequenceFlow id="g1" sourceRef="x" targetRef="e"/><sequenceFlow id="g2" sourceRef="x" targetRef="a"/>`, "exclusiveGateway", "x", at, "process.split_without_condition"},
		{"a split at a task", `<sequenceFlow id="g1" sourceRef="a" targetRef="e"/>`, "userTask", "a", 5, "process.split_without_condition"},
		{"a kind with a typo", `<task id="x" q:kind="aprove"/>`, "task", "x", at, "process.kind_unknown"},
		{"a share that is no number", `<task id="x" q:share="1h"/>`, "task", "x", at, "process.share_range"},
		{"a dead step", `<task id="x"/><sequenceFlow id="g1" sourceRef="x" targetRef="e"/>`, "task", "x", at, "process.dead_step"},
		{"a flow to nowhere", `<sequenceFlow id="g1" sourceRef="z" targetRef="e"/>`, "sequenceFlow", "g1", at, "process.flow_unknown_step"},
		{"an id used twice", `<task id="a"/>`, "task", "a", at, "process.id_repeated"},
		{"a default that is not there", `<exclusiveGateway id="x" default="zz"/>`, "exclusiveGateway", "x", at, "process.flow_unknown_step"},
		{"compensation", `<task id="x" isForCompensation="true"/>`, "task", "x", at, "process.bpmn_compensation"},
		{"a quantity", `<task id="x" startQuantity="2"/>`, "task", "x", at, "process.bpmn_quantity"},
		{"a second process", `</process><process id="x"><startEvent id="s2"/>`, "process", "x", at, "process.bpmn_one_pool"},
		{"a second pool", `</process><collaboration id="c"><participant id="y" processRef="p"/><participant id="x"/></collaboration><process id="z">`, "participant", "x", at, "process.bpmn_one_pool"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, refused, err := Import(strings.NewReader(bpmn(tt.inside)))
			if err != nil {
				t.Fatal(err)
			}
			for _, r := range refused {
				if r.Element == tt.element && r.ID == tt.id && r.Line == tt.line && r.Key == tt.key {
					return
				}
			}
			t.Errorf("refused = %+v, want %s %s in line %d: %s", refused, tt.element, tt.id, tt.line, tt.key)
		})
	}
	if _, refused, err := Import(strings.NewReader(bpmn(""))); err != nil || len(refused) > 0 {
		t.Errorf("the file without any of that: %+v, %v", refused, err)
	}
}

func TestImportRefusesHostileFiles(t *testing.T) {
	var bomb strings.Builder
	bomb.WriteString(`<!DOCTYPE d [<!ENTITY a "ha">`)
	for i := range 20 {
		fmt.Fprintf(&bomb, `<!ENTITY a%d "&a;&a;&a;&a;&a;&a;&a;&a;">`, i)
	}
	bomb.WriteString("]><d>&a19;</d>")
	tests := []struct {
		name, file, key string
		line            int
	}{
		{"entities that grow", bomb.String(), "process.bpmn_doctype", 1},
		{"an entity of a local file", "\n<!DOCTYPE d [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><d>&x;</d>", "process.bpmn_doctype", 2},
		{"an unknown entity", "<d>\n&x;</d>", "process.bpmn_xml", 2},
		{"nested without end", strings.Repeat("<a>\n", 200), "process.bpmn_deep", 101},
		{"very many elements", "<a>" + strings.Repeat("<b/>", maxElements+1) + "</a>", "process.bpmn_deep", 1},
		{"very large", "<a>" + strings.Repeat("x", maxFileBytes) + "</a>", "process.bpmn_large", 0},
		{"not closed", "<a>\n<b>", "process.bpmn_xml", 2},
		{"two roots", "<a/>\n<b/>", "process.bpmn_xml", 2},
		{"empty", "", "process.bpmn_xml", 1},
		{"an image", "\x89PNG", "process.bpmn_xml", 1},
		{"another XML", "<html/>", "process.bpmn_not_bpmn", 0},
		{"another encoding", `<?xml version="1.0" encoding="UTF-7"?><a/>`, "process.bpmn_encoding", 0},
		{"no process", `<definitions xmlns="` + nsBPMN + `"/>`, "", 1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, refused, err := Import(strings.NewReader(tt.file))
			if tt.key == "" {
				if err != nil || len(refused) != 1 || refused[0].Key != "process.bpmn_no_process" {
					t.Errorf("Import = %+v, %v", refused, err)
				}
				return
			}
			if !fault.Is(err, tt.key) || fault.KindOf(err) != fault.Invalid {
				t.Fatalf("Import = %v, want %s", err, tt.key)
			}
			if line, _ := fault.As(err).Args["line"].(int); line != tt.line {
				t.Errorf("line = %d, want %d", line, tt.line)
			}
			if r := Check(strings.NewReader(tt.file), nil, spell); r.OK || len(r.Refused) != 1 {
				t.Errorf("Check = %+v, want one refusal", r)
			}
		})
	}
}

func TestWorkingMinutes(t *testing.T) {
	for text, want := range map[string]int{"PT30M": 30, "PT2H": 120, "P1D": 480, "P1DT1H1M": 541} {
		if got, ok := workingMinutes(text); !ok || got != want {
			t.Errorf("workingMinutes(%s) = %d, %t, want %d", text, got, ok, want)
		}
	}
	for _, text := range []string{"", "P", "PT", "P0D", "P1M", "P1Y", "PT1S", "P-1D", "1D", "PT1M1H", "P99999999999D", "P1.5D"} {
		if got, ok := workingMinutes(text); ok {
			t.Errorf("workingMinutes(%q) = %d, want a refusal", text, got)
		}
	}
}

func TestCheckListsForeignConditions(t *testing.T) {
	file := bpmn(`<exclusiveGateway id="x" default="d"/><sequenceFlow id="d" sourceRef="x" targetRef="e"/>
<sequenceFlow id="c" sourceRef="x" targetRef="a"><conditionExpression>bpmn:getDataObject('ok')</conditionExpression></sequenceFlow>`)
	file = strings.Replace(file, `sourceRef="a" targetRef="e"`, `sourceRef="a" targetRef="x"`, 1)
	r := Check(strings.NewReader(file), func(c string) error { return fault.Field("condition", "guard.syntax", fault.Args{"c": c}) }, spell)
	if !r.OK || r.Steps != 1 || len(r.Conditions) != 1 || r.Conditions[0].ID != "c" || r.Conditions[0].Line != 10 {
		t.Errorf("Check = %+v", r)
	}
}

// FuzzImport looks for files that crash the reader or do not survive an export.
func FuzzImport(f *testing.F) {
	f.Add([]byte(bpmn("")))
	f.Add([]byte(bpmn(`<textAnnotation id="n" xmlns:z="urn:z" z:a="1"><text> a </text></textAnnotation><laneSet><lane name="x"><flowNodeRef>a</flowNodeRef></lane></laneSet>`)))
	f.Add(Export(consultation()))
	f.Fuzz(func(t *testing.T, data []byte) {
		template, refused, err := Import(bytes.NewReader(data))
		if err != nil || len(refused) > 0 {
			return
		}
		again, refused, err := Import(bytes.NewReader(Export(template)))
		if err != nil || len(refused) > 0 {
			t.Fatalf("exported file: %v %v", refused, err)
		}
		if diff := cmp.Diff(template, again); diff != "" {
			t.Fatalf("export loses something (-before +after):\n%s", diff)
		}
	})
}

// A kept drawing that shows a step which is gone, or lacks a new one, is not
// given back; and a template that became another process's shows itself there.
func TestExportLeavesStaleDrawingsOut(t *testing.T) {
	own := drawn([]Step{step("s", KindStart), step("a", KindHandle), step("b", KindCheck), step("e", KindEnd)}, "s>a", "a>b", "b>e")
	file := strings.ReplaceAll(string(Export(own)), `x="260"`, `x="261"`) // moved by hand, so that it is kept
	kept, refused, err := Import(strings.NewReader(file))
	if err != nil || len(refused) > 0 || len(kept.Kept) == 0 {
		t.Fatalf("Import: %v, %v, kept %d", refused, err, len(kept.Kept))
	}
	kept.ID = "qt-1.2"
	if out := string(Export(kept)); !strings.Contains(out, `x="261"`) || !strings.Contains(out, `bpmnElement="qt-1.2"`) {
		t.Errorf("the drawing was not kept, or is of another process:\n%s", out)
	}
	less := kept
	less.Steps = []Step{kept.Steps[0], kept.Steps[1], kept.Steps[3]}
	less.Flows = []Flow{kept.Flows[0], {ID: "f2", From: "a", To: "e"}}
	if out := string(Export(less)); strings.Contains(out, `bpmnElement="b"`) || strings.Contains(out, `x="261"`) {
		t.Errorf("a step that is gone is still drawn:\n%s", out)
	}
}
