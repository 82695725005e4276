package process

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/motcua/motcua/internal/core/fault"
)

// A stopped dossier is taken up where it stood: the same steps under new ids,
// tokens at joins kept, timers running anew.
func TestRenewOpensTheSameAgain(t *testing.T) {
	g := mustCompile(t, consultation(), map[string]Guard{"fee > 0": always(true)})
	ids := counter()
	inst, _, err := Start(g, Facts{}, ids)
	for _, id := range []string{"t1", "t3", "t4"} { // handle, ask-b, check: ask-a stays open with its timer
		if err == nil {
			inst, _, err = Complete(g, inst, id, Facts{}, ids)
		}
	}
	if err != nil || len(inst.Tasks) != 1 || len(inst.Arrivals) != 1 || len(inst.Timers) != 1 {
		t.Fatalf("before: %+v, %v", inst, err)
	}
	again, effects, err := Renew(inst, ids)
	if err != nil {
		t.Fatal(err)
	}
	if got := again.Tasks[0]; got.ID != "t5" || got.Step != "ask-a" || again.Timers[0].On != "t5" || !cmp.Equal(again.Arrivals, inst.Arrivals) {
		t.Errorf("after Renew: %+v", again)
	}
	for _, e := range effects {
		if inst, err = Apply(inst, e); err != nil {
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff(again, inst); diff != "" {
		t.Errorf("replayed instance (-kernel +replay):\n%s", diff)
	}
	over, _, err := Abandon(inst)
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := Renew(over, ids); !fault.Is(err, "process.finished") {
		t.Errorf("Renew of a finished run = %v", err)
	}
}

func TestBackToAnEarlierStep(t *testing.T) {
	g := mustLinear(t, 480)
	ids := counter()
	inst, _, err := Start(g, Facts{}, ids)
	for _, id := range []string{"t1", "t2", "t3"} {
		if err == nil {
			inst, _, err = Complete(g, inst, id, Facts{}, ids)
		}
	}
	if err != nil {
		t.Fatal(err)
	}
	back, _, err := BackTo(g, inst, "t4", "handle", ids)
	if err != nil || back.Tasks[0].Step != "handle" || !cmp.Equal(back.Tasks[0].Path, []string{"receive"}) {
		t.Errorf("BackTo = %+v, %v", back, err)
	}
	if _, _, err = BackTo(g, inst, "t4", "return", ids); !fault.Is(err, "process.no_previous_step") {
		t.Errorf("BackTo a later step = %v", err)
	}
}

func TestJump(t *testing.T) {
	g := mustCompile(t, consultation(), map[string]Guard{"fee > 0": always(false)})
	ids := counter()
	inst, _, err := Start(g, Facts{}, ids)
	if err == nil {
		inst, _, err = Complete(g, inst, "t1", Facts{}, ids) // ask-a (t2, timed) and ask-b (t3)
	}
	if err != nil {
		t.Fatal(err)
	}
	steps := func(i Instance) string {
		var all []string
		for _, task := range i.Tasks {
			all = append(all, task.Step)
		}
		return strings.Join(all, " ")
	}
	for _, tt := range []struct{ name, task, to, want, key string }{
		{"within a part", "t3", "check", "ask-a check", ""},
		{"beside the other part: the join would starve", "t3", "approve", "", "process.jump_unsound"},
		{"out of the parts: the other would come twice", "t3", "handle", "", "process.jump_unsound"},
		{"onto the other part's step", "t3", "ask-a", "", "process.jump_unsound"},
		{"everything to one step before", "", "handle", "handle", ""},
		{"everything to one step behind", "", "approve", "approve", ""},
		{"everything into one part", "", "check", "", "process.jump_unsound"},
		{"to a gateway", "t3", "join", "", "process.step_gone"},
		{"to nowhere", "t3", "moon", "", "process.step_gone"},
		{"from a closed task", "t1", "check", "", "process.task_not_open"},
	} {
		got, effects, err := Jump(g, inst, tt.task, tt.to, ids)
		if tt.key != "" {
			if !fault.Is(err, tt.key) || effects != nil || !cmp.Equal(got, inst) {
				t.Errorf("%s: %v, want %s", tt.name, err, tt.key)
			}
			continue
		}
		if err != nil || steps(got) != tt.want {
			t.Errorf("%s: %q, %v, want %q", tt.name, steps(got), err, tt.want)
		}
		again := inst
		for _, e := range effects {
			if again, err = Apply(again, e); err != nil {
				t.Fatal(err)
			}
		}
		if diff := cmp.Diff(got, again); diff != "" {
			t.Errorf("%s: replayed instance (-kernel +replay):\n%s", tt.name, diff)
		}
	}
	over, _, _ := Abandon(inst)
	if _, _, err := Jump(g, over, "", "handle", ids); !fault.Is(err, "process.finished") {
		t.Errorf("Jump of a finished run = %v", err)
	}
}

// The way back to a step that was passed stays open after a jump there.
func TestJumpKeepsTheWayBack(t *testing.T) {
	g := mustLinear(t, 480)
	ids := counter()
	inst, _, err := Start(g, Facts{}, ids)
	for _, id := range []string{"t1", "t2"} {
		if err == nil {
			inst, _, err = Complete(g, inst, id, Facts{}, ids)
		}
	}
	if err == nil {
		inst, _, err = Jump(g, inst, "t3", "handle", ids)
	}
	if err != nil || !cmp.Equal(inst.Tasks[0].Path, []string{"receive"}) {
		t.Errorf("after the jump: %+v, %v", inst, err)
	}
}
