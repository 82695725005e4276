package process

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/motcua/motcua/internal/core/fault"
)

func TestMigrate(t *testing.T) {
	s, e := step("s", KindStart), step("e", KindEnd)
	a, b, c := step("a", KindHandle), step("b", KindCheck), step("c", KindApprove)
	p, j := step("p", KindParallel), step("j", KindParallel)
	other := func(s Step, unit string) Step { s.Unit = unit; return s }
	row := drawn([]Step{s, a, c, e}, "s>a", "a>c", "c>e")
	forked := drawn([]Step{s, p, a, b, j, c, e}, "s>p", "p>a", "p>b", "a>j", "b>j", "j>c", "c>e")
	tests := []struct {
		name     string
		from, to Template
		done     []string // steps that are done before
		names    map[string]string
		want     []string // steps open after it
		keeps    bool     // the open tasks are the same as before
		key      string   // refusal
	}{
		{"the same process in a new version", row, row, nil, nil, []string{"a"}, true, ""},
		{"a step more before the end", row, drawn([]Step{s, a, b, c, e}, "s>a", "a>b", "b>c", "c>e"), nil, nil, []string{"a"}, true, ""},
		{"the step went to another unit", row, drawn([]Step{s, other(a, "so-khac"), c, e}, "s>a", "a>c", "c>e"), nil, nil, []string{"a"}, false, ""},
		{"the way back leads to a step that is gone", row, drawn([]Step{s, b, c, e}, "s>b", "b>c", "c>e"), []string{"a"}, nil, []string{"c"}, false, ""},
		{"the step got a timer", row, drawn([]Step{s, a, c, {ID: "t", Kind: KindTimer, On: "a", After: 60}, e}, "s>a", "a>c", "c>e", "t>e"), nil, nil, []string{"a"}, false, ""},
		{"the step has another name", row, drawn([]Step{s, b, c, e}, "s>b", "b>c", "c>e"), nil, map[string]string{"a": "b"}, []string{"b"}, false, ""},
		{"the step is gone", row, drawn([]Step{s, b, c, e}, "s>b", "b>c", "c>e"), nil, nil, nil, false, "process.migrate_gone"},
		{"the step is a wait now", row, drawn([]Step{s, step("a", KindWaitApplicant), c, e}, "s>a", "a>c", "c>e"), nil, nil, nil, false, "process.migrate_kind"},
		{"both parts are open", forked, forked, nil, nil, []string{"a", "b"}, true, ""},
		{"one part waits at the join", forked, forked, []string{"a"}, nil, []string{"b"}, true, ""},
		{"the join is gone", forked, row, []string{"a"}, map[string]string{"b": "c"}, nil, false, "process.migrate_join"},
		{"the parts are one after the other now", forked, drawn([]Step{s, a, b, c, e}, "s>a", "a>b", "b>c", "c>e"), nil, nil, nil, false, "process.migrate_unsound"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			tt.to.Version = 2
			old, next := mustCompile(t, tt.from, nil), mustCompile(t, tt.to, nil)
			ids := counter()
			inst, history, err := Start(old, Facts{}, ids)
			for _, done := range tt.done {
				at := slices.IndexFunc(inst.Tasks, func(t Task) bool { return t.Step == done })
				var more []Effect
				if err == nil {
					inst, more, err = Complete(old, inst, inst.Tasks[at].ID, Facts{}, ids)
				}
				history = append(history, more...)
			}
			if err != nil {
				t.Fatal(err)
			}
			got, effects, err := Migrate(next, inst, tt.names, ids)
			if tt.key != "" {
				if !fault.Is(err, tt.key) || effects != nil || !cmp.Equal(got, inst) {
					t.Fatalf("Migrate = %+v, %v, want %s and nothing moved", got, err, tt.key)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			var open, before, after []string
			for _, task := range got.Tasks {
				open, after = append(open, task.Step), append(after, task.ID)
			}
			for _, task := range inst.Tasks {
				before = append(before, task.ID)
			}
			if !slices.Equal(open, tt.want) || slices.Equal(before, after) != tt.keeps || got.Version != 2 || len(got.Arrivals) != len(inst.Arrivals) {
				t.Errorf("Migrate = %+v, tasks were %v, want open %v (kept: %v)", got, before, tt.want, tt.keeps)
			}
			if replayed, err := Replay(append(history, effects...)); err != nil || !cmp.Equal(replayed, got) {
				t.Errorf("replayed = %+v, %v, want %+v", replayed, err, got)
			}
		})
	}
}

// Wherever a run stands, it can be taken over to the same process in a new
// version, nothing opens anew, and it still comes to its end.
func TestMigrateToTheSameProcess(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		template := drawTemplate(t)
		guards := map[string]Guard{}
		for _, c := range template.Conditions() {
			guards[c] = func(Facts) (bool, error) { return rapid.Bool().Draw(t, "branch"), nil }
		}
		g, err := Compile(template, guards)
		if err != nil {
			t.Fatal(err)
		}
		template.Version++
		next, err := Compile(template, guards)
		if err != nil {
			t.Fatal(err)
		}
		ids := counter()
		inst, _, err := Start(g, Facts{}, ids)
		if err != nil {
			t.Fatal(err)
		}
		for range rapid.IntRange(0, 12).Draw(t, "acts") {
			if inst.Finished {
				return
			}
			if inst, _, err = act(t, g, inst, ids); err != nil {
				t.Fatal(err)
			}
		}
		if inst.Finished {
			return
		}
		moved, effects, err := Migrate(next, inst, nil, ids)
		if err != nil || len(effects) != 1 {
			t.Fatalf("Migrate = %v, %v", effects, err)
		}
		want := inst
		want.Version = template.Version
		if diff := cmp.Diff(want, moved); diff != "" {
			t.Fatalf("moved (-want +got):\n%s", diff)
		}
		if !next.canEnd(moved) {
			t.Error("the run cannot come to its end any more")
		}
	})
}

func TestCorrespond(t *testing.T) {
	s, e := step("s", KindStart), step("e", KindEnd)
	a, b, c, d := step("a", KindHandle), step("b", KindHandle), step("c", KindApprove), step("d", KindHandle)
	old := drawn([]Step{s, a, c, e}, "s>a", "a>c", "c>e")
	if got := Correspond(old, drawn([]Step{s, b, c, e}, "s>b", "b>c", "c>e")); !cmp.Equal(got, map[string]string{"a": "b"}) {
		t.Errorf("one new step of the kind: %v", got)
	}
	if got := Correspond(old, drawn([]Step{s, b, d, c, e}, "s>b", "b>d", "d>c", "c>e")); len(got) != 0 {
		t.Errorf("two new steps of the kind: %v, want none chosen", got)
	}
}
