package process

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// builder draws a random block-structured template: each block has one way in
// and one way out, so it is sound by construction.
type builder struct {
	t     *rapid.T
	steps []Step
	flows []Flow
}

func (b *builder) step(s Step) string {
	s.ID = fmt.Sprintf("s%d", len(b.steps)+1)
	b.steps = append(b.steps, s)
	return s.ID
}

func (b *builder) flow(from, to, when string, otherwise bool) {
	b.flows = append(b.flows, Flow{ID: fmt.Sprintf("f%d", len(b.flows)+1), From: from, To: to, When: when, Default: otherwise})
}

func (b *builder) work() Step {
	kinds := WorkKinds()
	return Step{
		Kind:  rapid.SampledFrom(kinds).Draw(b.t, "kind"),
		Name:  rapid.SampledFrom([]string{"", "Thẩm định", `A <b> & "c"` + "\n\tx", "Ý kiến"}).Draw(b.t, "name"),
		Unit:  rapid.SampledFrom([]string{UnitCentre, UnitAgency, "so-tai-chinh"}).Draw(b.t, "unit"),
		Role:  rapid.SampledFrom([]string{"reception", "handler", "leader"}).Draw(b.t, "role"),
		Share: rapid.IntRange(0, 960).Draw(b.t, "share"),
	}
}

// block draws one block and returns its first and last step.
func (b *builder) block(depth int) (first, last string) {
	shape := "work"
	if depth > 0 {
		shape = rapid.SampledFrom([]string{"work", "wait", "timer", "row", "branch", "parallel", "loop"}).Draw(b.t, "shape")
	}
	switch shape {
	case "wait":
		id := b.step(Step{Kind: rapid.SampledFrom([]Kind{KindWaitApplicant, KindWaitPayment}).Draw(b.t, "wait")})
		return id, id
	case "timer":
		id := b.step(b.work())
		late := b.step(Step{Kind: KindTimer, On: id, After: rapid.IntRange(1, 5000).Draw(b.t, "after")})
		merge := b.step(Step{Kind: KindBranch})
		b.flow(id, merge, "", false)
		b.flow(late, merge, "", false)
		return id, merge
	case "row":
		first, middle := b.block(depth - 1)
		next, last := b.block(depth - 1)
		b.flow(middle, next, "", false)
		return first, last
	case "branch", "parallel":
		kind, n := Kind(shape), rapid.IntRange(2, 4).Draw(b.t, "ways")
		split, merge := b.step(Step{Kind: kind}), b.step(Step{Kind: kind})
		for i := range n {
			in, out := b.block(depth - 1)
			if kind == KindBranch {
				b.flow(split, in, strings.Repeat("!", n-1-i)+"x", i == n-1)
				if i == n-1 {
					b.flows[len(b.flows)-1].When = ""
				}
			} else {
				b.flow(split, in, "", false)
			}
			b.flow(out, merge, "", false)
		}
		return split, merge
	case "loop":
		in, out := b.block(depth - 1)
		head, again := b.step(Step{Kind: KindBranch}), b.step(Step{Kind: KindBranch})
		// A loop needs work in it, which a block always has unless it only waits; both stop the token.
		b.flow(head, in, "", false)
		b.flow(out, again, "", false)
		b.flow(again, head, "again", false)
		exit := b.step(b.work())
		b.flow(again, exit, "", true)
		return head, exit
	default:
		id := b.step(b.work())
		return id, id
	}
}

func drawTemplate(t *rapid.T) Template {
	b := &builder{t: t}
	start := b.step(Step{Kind: KindStart})
	in, out := b.block(3)
	end := b.step(Step{Kind: KindEnd})
	b.flow(start, in, "", false)
	b.flow(out, end, "", false)
	return Template{ID: "t", Version: 3, Name: "Quy trình thử", Procedure: "9.999999", Steps: b.steps, Flows: b.flows}
}

// act does one random thing that is possible now.
func act(t *rapid.T, g *Graph, inst Instance, ids func() string) (Instance, []Effect, error) {
	n := rapid.IntRange(0, len(inst.Tasks)+len(inst.Waits)+len(inst.Timers)-1).Draw(t, "act")
	if n < len(inst.Tasks) {
		task := inst.Tasks[n]
		if len(task.Path) > 0 && rapid.IntRange(0, 9).Draw(t, "back") == 0 {
			return Back(g, inst, task.ID, ids)
		}
		return Complete(g, inst, task.ID, Facts{}, ids)
	}
	if n -= len(inst.Tasks); n < len(inst.Waits) {
		return Resume(g, inst, inst.Waits[n].ID, Facts{}, ids)
	}
	timer := inst.Timers[n-len(inst.Waits)]
	return Fire(g, inst, timer.On, timer.Step, Facts{}, ids)
}

func TestEveryBlockStructuredTemplateReachesItsEnd(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		template := drawTemplate(t)
		if problems := Validate(template, Context{}); len(problems) > 0 {
			t.Fatalf("Validate = %v, want none", problems)
		}
		guards := map[string]Guard{}
		for _, c := range template.Conditions() {
			guards[c] = func(Facts) (bool, error) { return rapid.IntRange(0, 2).Draw(t, c) == 0, nil }
		}
		g, err := Compile(template, guards)
		if err != nil {
			t.Fatal(err)
		}
		ids := counter()
		inst, history, err := Start(g, Facts{}, ids)
		for n := 0; err == nil && !inst.Finished; n++ {
			if n == 300 {
				// Long loops are legal; the run must still be whole.
				inst, _, err = Abandon(inst)
				break
			}
			if inst.Tokens() == 0 || len(inst.Tasks)+len(inst.Waits) == 0 {
				t.Fatalf("tokens lost: %+v", inst)
			}
			again, err := Replay(copied(t, history))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(inst, again); diff != "" {
				t.Fatalf("replay differs (-kernel +replay):\n%s", diff)
			}
			if diff := cmp.Diff(inst, copied(t, inst)); diff != "" {
				t.Fatalf("stored form differs:\n%s", diff)
			}
			kept := copied(t, inst)
			next, effects, err := act(t, g, inst, ids)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(kept, inst); diff != "" {
				t.Fatalf("the act changed the instance that it was given:\n%s", diff)
			}
			inst, history = next, append(history, effects...)
		}
		if err != nil || inst.Tokens() != 0 || len(inst.Timers) != 0 || !inst.Finished {
			t.Fatalf("at the end: %+v, %v", inst, err)
		}
	})
}

// A join drawn as a branch doubles the work behind it; a branch in which ways
// meet, drawn as a join, starves. Both must be found wherever they are.
func TestSwappedGatewayIsFound(t *testing.T) {
	swap := map[Kind]Kind{KindParallel: KindBranch, KindBranch: KindParallel}
	rapid.Check(t, func(t *rapid.T) {
		template := drawTemplate(t)
		entered := map[string]int{}
		for _, f := range template.Flows {
			entered[f.To]++
		}
		var merges []int
		for i, s := range template.Steps {
			if swap[s.Kind] != "" && entered[s.ID] > 1 {
				merges = append(merges, i)
			}
		}
		if len(merges) == 0 {
			t.Skip("no merge drawn")
		}
		s := &template.Steps[rapid.SampledFrom(merges).Draw(t, "merge")]
		s.Kind = swap[s.Kind]
		if problems := Validate(template, Context{}); len(problems) == 0 {
			t.Fatalf("Validate finds nothing wrong with %s", s.ID)
		}
	})
}
