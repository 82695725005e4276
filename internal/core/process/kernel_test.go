package process

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/motcua/motcua/internal/core/fault"
)

// counter gives the ids t1, t2, …
func counter() func() string {
	n := 0
	return func() string { n++; return fmt.Sprintf("t%d", n) }
}

func mustLinear(t *testing.T, limit int) *Graph {
	t.Helper()
	template, err := Linear("", limit, Options{})
	if err != nil {
		t.Fatal(err)
	}
	return mustCompile(t, template, nil)
}

func mustCompile(t *testing.T, template Template, guards map[string]Guard) *Graph {
	t.Helper()
	g, err := Compile(template, guards)
	if err != nil {
		t.Fatalf("Compile(%s) = %v", template.ID, err)
	}
	return g
}

// step is a short way to write steps in tests.
func step(id string, k Kind) Step {
	s := Step{ID: id, Kind: k}
	if k.Work() {
		s.Unit, s.Role = UnitAgency, "handler"
	}
	return s
}

// drawn makes a template of steps and flows written "from>to", "from>to?condition"
// or "from>to!" for the default.
func drawn(steps []Step, flows ...string) Template {
	t := Template{ID: "test", Version: 1, Steps: steps}
	for i, text := range flows {
		f := Flow{ID: fmt.Sprintf("f%d", i+1)}
		f.From, f.To, _ = strings.Cut(text, ">")
		if to, when, ok := strings.Cut(f.To, "?"); ok {
			f.To, f.When = to, when
		}
		f.To, f.Default = strings.TrimSuffix(f.To, "!"), strings.HasSuffix(f.To, "!")
		t.Flows = append(t.Flows, f)
	}
	return t
}

func always(yes bool) Guard { return func(Facts) (bool, error) { return yes, nil } }

func TestLinearRunsToItsEnd(t *testing.T) {
	g := mustLinear(t, 5*480)
	ids := counter()
	inst, effects, err := Start(g, Facts{}, ids)
	if err != nil {
		t.Fatal(err)
	}
	history := effects
	var kinds []Kind
	for !inst.Finished {
		if len(inst.Tasks) != 1 {
			t.Fatalf("open tasks = %d, want 1", len(inst.Tasks))
		}
		kinds = append(kinds, inst.Tasks[0].Kind)
		if inst, effects, err = Complete(g, inst, inst.Tasks[0].ID, Facts{}, ids); err != nil {
			t.Fatal(err)
		}
		history = append(history, effects...)
	}
	want := []Kind{KindReceive, KindHandle, KindApprove, KindIssue, KindHandOver, KindReturn}
	if diff := cmp.Diff(want, kinds); diff != "" {
		t.Errorf("steps (-want +got):\n%s", diff)
	}
	again, err := Replay(history)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(inst, again); diff != "" {
		t.Errorf("replayed instance (-kernel +replay):\n%s", diff)
	}
}

func TestLinearSharesSumToTheLimit(t *testing.T) {
	for _, limit := range []int{5, 7, 60, 480, 3 * 480, 5*480 + 1, 30 * 480, 365 * 480} {
		template, err := Linear("so-tai-chinh", limit, Options{})
		if err != nil {
			t.Fatal(err)
		}
		sum := 0
		for _, s := range template.Tasks() {
			if s.Share < 0 || s.Share == 0 && s.Kind != KindReturn {
				t.Errorf("Linear(%d): share of %s = %d", limit, s.ID, s.Share)
			}
			sum += s.Share
		}
		if sum != limit {
			t.Errorf("Linear(%d): shares sum to %d", limit, sum)
		}
		if problems := Validate(template, Context{LimitMinutes: limit}); len(problems) > 0 {
			t.Errorf("Validate(Linear(%d)) = %v, want none", limit, problems)
		}
	}
	if _, err := Linear("", 4, Options{}); fault.KindOf(err) != fault.Invalid {
		t.Errorf("Linear(4 minutes) = %v, want Invalid", err)
	}
}

func TestAtOnceReturnsOnTheSpot(t *testing.T) {
	g := mustCompile(t, AtOnce(Options{Procedure: "9.999999"}), nil)
	ids := counter()
	inst, _, err := Start(g, Facts{}, ids)
	if err != nil {
		t.Fatal(err)
	}
	inst, _, err = Complete(g, inst, "t1", Facts{}, ids)
	if err != nil || len(inst.Tasks) != 1 || inst.Tasks[0].Kind != KindReturn || inst.Tasks[0].Unit != UnitCentre {
		t.Fatalf("after reception: %+v, %v", inst, err)
	}
	if inst, _, err = Complete(g, inst, "t2", Facts{}, ids); err != nil || !inst.Finished {
		t.Errorf("after return: %+v, %v", inst, err)
	}
}

// consultation asks two departments side by side; the silence of the first is
// reported when its time is over. Then it waits for payment if there is a fee.
func consultation() Template {
	return drawn([]Step{
		step("start", KindStart), step("handle", KindHandle), step("split", KindParallel),
		step("ask-a", KindConsult), {ID: "silence", Kind: KindTimer, On: "ask-a", After: 960}, step("late", KindPropose), step("merge", KindBranch),
		step("ask-b", KindConsult), step("check", KindCheck), step("join", KindParallel),
		step("choose", KindBranch), step("pay", KindWaitPayment), step("approve", KindApprove), step("end", KindEnd),
	}, "start>handle", "handle>split", "split>ask-a", "split>ask-b", "ask-a>merge", "silence>late", "late>merge",
		"merge>join", "ask-b>check", "check>join", "join>choose", "choose>pay?fee > 0", "choose>approve!", "pay>approve", "approve>end")
}

func TestParallelPartsAndTimer(t *testing.T) {
	template := consultation()
	fee := func(f Facts) (bool, error) { return f.Fee > 0, nil }
	g := mustCompile(t, template, map[string]Guard{"fee > 0": fee})
	ids := counter()
	facts := Facts{Fee: 50_000}
	inst, _, err := Start(g, facts, ids)
	act := func(do func() (Instance, []Effect, error)) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		if inst, _, err = do(); err != nil {
			t.Fatal(err)
		}
	}
	complete := func(id string) {
		t.Helper()
		act(func() (Instance, []Effect, error) { return Complete(g, inst, id, facts, ids) })
	}
	complete("t1") // handle opens ask-a (t2, timed) and ask-b (t3)
	if len(inst.Tasks) != 2 || len(inst.Timers) != 1 {
		t.Fatalf("after the split: %+v", inst)
	}
	act(func() (Instance, []Effect, error) { return Fire(g, inst, "t2", "silence", facts, ids) }) // opens late (t4)
	if _, open := inst.Task("t2"); open || len(inst.Timers) != 0 {
		t.Fatalf("after the timer: %+v", inst)
	}
	complete("t4")
	if len(inst.Arrivals) != 1 {
		t.Fatalf("after the late answer: %+v", inst)
	}
	complete("t3") // opens check (t5)
	complete("t5") // joins, chooses, opens the wait t6
	if len(inst.Waits) != 1 || len(inst.Arrivals) != 0 || inst.Waits[0].Kind != KindWaitPayment {
		t.Fatalf("after the join: %+v", inst)
	}
	act(func() (Instance, []Effect, error) { return Resume(g, inst, "t6", facts, ids) })
	complete("t7")
	if !inst.Finished || inst.Tokens() != 0 {
		t.Errorf("at the end: %+v", inst)
	}
}

func TestBack(t *testing.T) {
	g := mustLinear(t, 480)
	ids := counter()
	inst, _, _ := Start(g, Facts{}, ids)
	inst, _, _ = Complete(g, inst, "t1", Facts{}, ids)
	inst, _, err := Complete(g, inst, "t2", Facts{}, ids)
	if err != nil {
		t.Fatal(err)
	}
	inst, effects, err := Back(g, inst, "t3", ids)
	if err != nil {
		t.Fatal(err)
	}
	if got := inst.Tasks[0]; got.Step != "handle" || got.ID != "t4" || !cmp.Equal(got.Path, []string{"receive"}) {
		t.Errorf("after Back: %+v", got)
	}
	if effects[0].How != ByBack || effects[0].ID != "t3" {
		t.Errorf("first effect of Back = %+v", effects[0])
	}
	inst, _, err = Back(g, inst, "t4", ids)
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err = Back(g, inst, "t5", ids); !fault.Is(err, "process.no_previous_step") {
		t.Errorf("Back before the first step = %v", err)
	}
}

func TestAbandonClosesEverything(t *testing.T) {
	template := drawn([]Step{step("s", KindStart), step("p", KindParallel), step("a", KindConsult), step("w", KindWaitApplicant), step("b", KindHandle), step("j", KindParallel), step("e", KindEnd)},
		"s>p", "p>a", "p>w", "p>b", "a>j", "w>j", "b>j", "j>e")
	g := mustCompile(t, template, nil)
	ids := counter()
	inst, _, _ := Start(g, Facts{}, ids)
	inst, _, err := Complete(g, inst, "t1", Facts{}, ids)
	if err != nil || inst.Tokens() != 3 {
		t.Fatalf("before: %+v, %v", inst, err)
	}
	inst, _, err = Abandon(inst)
	if err != nil || !inst.Finished || inst.Tokens() != 0 {
		t.Errorf("Abandon = %+v, %v", inst, err)
	}
	if _, _, err = Abandon(inst); fault.KindOf(err) != fault.Conflict {
		t.Errorf("Abandon twice = %v, want Conflict", err)
	}
}

func TestKernelRefuses(t *testing.T) {
	branch := drawn([]Step{step("s", KindStart), step("a", KindCheck), step("b", KindBranch), step("c", KindHandle), step("d", KindHandle), step("e", KindEnd)},
		"s>a", "a>b", "b>c?x", "b>d?y", "c>e", "d>e")
	guards := map[string]Guard{"x": always(false), "y": always(false)}
	broken := map[string]Guard{"x": func(Facts) (bool, error) { return false, errors.New("cost") }, "y": always(true)}
	begin := func(g *Graph) Instance { inst, _, _ := Start(g, Facts{}, counter()); return inst }
	g, b := mustCompile(t, branch, guards), mustCompile(t, branch, broken)
	tests := []struct {
		name string
		do   func() (Instance, []Effect, error)
		key  string
	}{
		{"no branch is true", func() (Instance, []Effect, error) { return Complete(g, begin(g), "t1", Facts{}, counter()) }, "process.no_branch"},
		{"a guard that fails is not a no", func() (Instance, []Effect, error) { return Complete(b, begin(b), "t1", Facts{}, counter()) }, "process.guard_failed"},
		{"task of another", func() (Instance, []Effect, error) { return Complete(g, begin(g), "t9", Facts{}, counter()) }, "process.task_not_open"},
		{"wait that is not open", func() (Instance, []Effect, error) { return Resume(g, begin(g), "t1", Facts{}, counter()) }, "process.wait_not_open"},
		{"timer that does not run", func() (Instance, []Effect, error) { return Fire(g, begin(g), "t1", "a", Facts{}, counter()) }, "process.timer_not_set"},
		{"step deleted meanwhile", func() (Instance, []Effect, error) {
			return Complete(mustLinear(t, 480), begin(g), "t1", Facts{}, counter())
		}, "process.step_gone"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			inst, effects, err := tt.do()
			if !fault.Is(err, tt.key) || fault.KindOf(err) != fault.Conflict {
				t.Errorf("error = %v, want %s", err, tt.key)
			}
			if effects != nil || len(inst.Tasks) != 1 {
				t.Errorf("something moved: %+v, %+v", inst, effects)
			}
		})
	}
}

func TestEndlessRunIsStopped(t *testing.T) {
	loop := drawn([]Step{step("s", KindStart), step("a", KindCheck), step("b", KindBranch), step("e", KindEnd)}, "s>a", "a>b", "b>a!", "b>e?x")
	g := mustCompile(t, loop, map[string]Guard{"x": always(false)})
	ids := counter()
	inst, _, err := Start(g, Facts{}, ids)
	for n := 0; err == nil; n++ {
		if n > MaxOpened {
			t.Fatal("the run was not stopped")
		}
		if len(inst.Tasks[0].Path) > 1 {
			t.Fatalf("path grows: %v", inst.Tasks[0].Path)
		}
		inst, _, err = Complete(g, inst, inst.Tasks[0].ID, Facts{}, ids)
	}
	if !fault.Is(err, "process.endless") {
		t.Errorf("error = %v, want process.endless", err)
	}
}

func TestApplyRefusesDamagedHistory(t *testing.T) {
	for _, e := range []Effect{
		{Type: TaskClosed, ID: "t1"}, {Type: WaitClosed, ID: "t1"}, {Type: TimerFired, ID: "t1"},
		{Type: Joined, Step: "j", Flows: []string{"f"}}, {Type: "task-moved"},
	} {
		if _, err := Apply(Instance{}, e); !fault.Is(err, "process.effect_unfit") {
			t.Errorf("Apply(%+v) = %v, want process.effect_unfit", e, err)
		}
	}
	open := Instance{Tasks: []Task{{ID: "t1"}}}
	if _, err := Apply(open, Effect{Type: Finished}); err == nil {
		t.Error("Apply(finished) with an open task = nil, want an error")
	}
}

// copied is v read back from its stored form.
func copied[T any](t interface{ Fatal(...any) }, v T) T {
	var back T
	b, err := json.Marshal(v)
	if err == nil {
		err = json.Unmarshal(b, &back)
	}
	if err != nil {
		t.Fatal(err)
	}
	return back
}

// BenchmarkLinear takes one dossier through the six steps.
func BenchmarkLinear(b *testing.B) {
	template, err := Linear("", 480, Options{})
	if err != nil {
		b.Fatal(err)
	}
	g, err := Compile(template, nil)
	if err != nil {
		b.Fatal(err)
	}
	id := func() string { return "t" }
	for b.Loop() {
		inst, _, err := Start(g, Facts{}, id)
		for err == nil && !inst.Finished {
			inst, _, err = Complete(g, inst, "t", Facts{}, id)
		}
		if err != nil {
			b.Fatal(err)
		}
	}
}
