package process

import (
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
