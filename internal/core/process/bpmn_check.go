package process

import (
	"io"
	"slices"

	"github.com/motcua/motcua/internal/core/fault"
)

// CheckResult answers whether a BPMN file can run here, in the form of the
// outside contract (motcua process check).
type CheckResult struct {
	OK      bool             `json:"ok"`
	Name    string           `json:"name"`
	Steps   int              `json:"steps"` // tasks
	Refused []RefusedElement `json:"refused"`
	// Conditions are those that are not in the language of conditions here. The
	// drawing can be taken in, and published once they are written anew.
	Conditions []RefusedElement `json:"conditions,omitempty"`
}

// RefusedElement is one refusal with its reason as a sentence.
type RefusedElement struct {
	Element string `json:"element"`
	ID      string `json:"id"`
	Line    int    `json:"line"`
	Reason  string `json:"reason"`
}

// Check reads a BPMN file and says what Import would; nothing is stored. guard
// compiles a condition and may be nil; say makes the sentence of a message key.
func Check(r io.Reader, guard func(condition string) error, say func(key string, args fault.Args) string) CheckResult {
	result := CheckResult{Refused: []RefusedElement{}}
	root, err := readTree(r)
	var t Template
	var refused []Refused
	if err == nil {
		result.Steps = countTasks(root)
		t, refused, err = importTree(root, false)
	}
	if err != nil {
		whole := RefusedElement{Line: 1, Reason: err.Error()}
		if f := fault.As(err); f != nil {
			whole.Reason = say(f.Key, f.Args)
			if line, ok := f.Args["line"].(int); ok {
				whole.Line = line
			}
		}
		result.Refused = append(result.Refused, whole)
		return result
	}
	result.Name = t.Name
	for _, x := range refused {
		result.Refused = append(result.Refused, RefusedElement{x.Element, x.ID, x.Line, say(x.Key, x.Args)})
	}
	result.OK = len(refused) == 0
	if guard != nil {
		result.Conditions = foreignConditions(root, t, guard, say)
	}
	return result
}

func foreignConditions(root *element, t Template, guard func(string) error, say func(string, fault.Args) string) []RefusedElement {
	line := map[string]int{}
	walkTree(root, func(e *element) {
		if e.name.Space == nsBPMN && e.name.Local == "sequenceFlow" {
			line[e.attr("id")] = e.line
		}
	})
	var foreign []RefusedElement
	for _, f := range t.Flows {
		if f.When == "" || f.Default {
			continue
		}
		if err := guard(f.When); err != nil {
			reason := say("process.guard_unknown", fault.Args{"condition": f.When})
			if why := fault.As(err); why != nil {
				reason = say(why.Key, why.Args)
			}
			foreign = append(foreign, RefusedElement{"sequenceFlow", f.ID, line[f.ID], reason})
		}
	}
	return foreign
}

func countTasks(root *element) int {
	n := 0
	walkTree(root, func(e *element) {
		if e.name.Space == nsBPMN && slices.Contains(taskElements[:], e.name.Local) {
			n++
		}
	})
	return n
}

func walkTree(e *element, visit func(*element)) {
	visit(e)
	for _, c := range e.children {
		walkTree(c, visit)
	}
}
