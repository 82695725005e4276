package process

import (
	"fmt"
	"testing"

	"github.com/motcua/motcua/internal/core/fault"
)

func TestValidateNamesPlaceAndReason(t *testing.T) {
	s, e := step("s", KindStart), step("e", KindEnd)
	a, b, c := step("a", KindHandle), step("b", KindCheck), step("c", KindApprove)
	x, p, j := step("x", KindBranch), step("p", KindParallel), step("j", KindParallel)
	shared := func(s Step, minutes int) Step { s.Share = minutes; return s }
	timer := Step{ID: "t", Kind: KindTimer, On: "a", After: 60}
	tests := []struct {
		name     string
		template Template
		step     string
		key      string
	}{
		{"nothing at all", Template{}, "", "process.empty"},
		{"no start", drawn([]Step{a, e}, "a>e"), "", "process.start_missing"},
		{"two starts", drawn([]Step{s, {ID: "s2", Kind: KindStart}, a, e}, "s>a", "s2>a", "a>e"), "s2", "process.start_repeated"},
		{"no end", drawn([]Step{s, a, b}, "s>a", "a>b", "b>a"), "", "process.end_missing"},
		{"a step without way out", drawn([]Step{s, x, a, b, e}, "s>x", "x>a?y", "x>b!", "a>e"), "b", "process.no_way_out"},
		{"a flow to nowhere", drawn([]Step{s, a, e}, "s>a", "a>e", "a>z"), "a", "process.flow_unknown_step"},
		{"an id used twice", drawn([]Step{s, a, a, e}, "s>a", "a>e"), "a", "process.id_repeated"},
		{"a kind with a typo", drawn([]Step{s, {ID: "a", Kind: "aprove"}, e}, "s>a", "a>e"), "a", "process.kind_unknown"},
		{"a dead step", drawn([]Step{s, a, b, e}, "s>a", "a>e", "b>e"), "b", "process.dead_step"},
		{"a loop without end", drawn([]Step{s, x, a, b, c, e}, "s>x", "x>a?y", "x>b!", "a>e", "b>c", "c>b"), "b", "process.loop_without_end"},
		{"a loop of gateways alone", drawn([]Step{s, x, {ID: "y", Kind: KindBranch}, e}, "s>x", "x>y", "y>x?again", "y>e!"), "x", "process.loop_without_work"},
		{"a join that starves", drawn([]Step{s, x, a, b, j, e}, "s>x", "x>a?y", "x>b!", "a>j", "b>j", "j>e"), "j", "process.join_starves"},
		{"a join in which a loop ends", drawn([]Step{s, j, a, x, e}, "s>j", "j>a", "a>x", "x>j?again", "x>e!"), "j", "process.join_starves"},
		{"one parallel way leaves for the end", drawn([]Step{s, p, a, b, x, j, e}, "s>p", "p>a", "p>b", "a>x", "x>e?y", "x>j!", "b>j", "j>e"), "j", "process.join_starves"},
		{"parallel ways that meet without a join", drawn([]Step{s, p, a, b, c, e}, "s>p", "p>a", "p>b", "a>c", "b>c", "c>e"), "c", "process.done_twice"},
		{"ways of unequal length that meet without a join", drawn([]Step{s, p, a, b, c, step("d", KindSign), e}, "s>p", "p>a", "p>b", "a>c", "c>d", "b>d", "d>e"), "d", "process.done_twice"},
		{"a timer that doubles the work", drawn([]Step{s, a, {ID: "t", Kind: KindTimer, On: "a", After: 60, Continue: true}, b, e}, "s>a", "a>b", "t>b", "b>e"), "b", "process.done_twice"},
		{"a split without conditions", drawn([]Step{s, x, a, b, e}, "s>x", "x>a", "x>b", "a>e", "b>e"), "x", "process.split_without_condition"},
		{"a task that splits", drawn([]Step{s, a, b, c, e}, "s>a", "a>b", "a>c", "b>e", "c>e"), "a", "process.split_without_condition"},
		{"a task that splits on two conditions", drawn([]Step{s, a, b, c, e}, "s>a", "a>b?y", "a>c?z", "b>e", "c>e"), "a", "process.split_on_step"},
		{"two defaults", drawn([]Step{s, x, a, b, e}, "s>x", "x>a!", "x>b!", "a>e", "b>e"), "x", "process.default_repeated"},
		{"a condition on a parallel way", drawn([]Step{s, p, a, b, j, e}, "s>p", "p>a?y", "p>b", "a>j", "b>j", "j>e"), "p", "process.parallel_condition"},
		{"a timer on nothing", drawn([]Step{s, b, timer, e}, "s>b", "b>e", "t>e"), "t", "process.timer_host"},
		{"a timer of no time", drawn([]Step{s, a, {ID: "t", Kind: KindTimer, On: "a"}, e}, "s>a", "a>e", "t>e"), "t", "process.timer_duration"},
		{"a negative share", drawn([]Step{s, shared(a, -1), e}, "s>a", "a>e"), "a", "process.share_range"},
		{"a share above 100 %", drawn([]Step{s, shared(a, 481), e}, "s>a", "a>e"), "a", "process.share_of_step"},
		{"shares that together are above 100 %", drawn([]Step{s, shared(a, 300), shared(b, 181), e}, "s>a", "a>b", "b>e"), "", "process.share_above_limit"},
		{"a role that nobody holds", drawn([]Step{s, {ID: "a", Kind: KindSign, Unit: "so-tai-chinh", Role: "astrologer"}, e}, "s>a", "a>e"), "a", "process.role_nobody"},
		{"no role", drawn([]Step{s, {ID: "a", Kind: KindSign, Unit: UnitAgency}, e}, "s>a", "a>e"), "a", "process.role_missing"},
		{"no unit", drawn([]Step{s, {ID: "a", Kind: KindSign, Role: "leader"}, e}, "s>a", "a>e"), "a", "process.unit_missing"},
		{"a guard with a typo", drawn([]Step{s, x, a, b, e}, "s>x", "x>a?payed", "x>b!", "a>e", "b>e"), "x", "process.guard_unknown"},
	}
	context := Context{
		LimitMinutes: 480,
		RolesHeld:    func(_, role string) bool { return role != "astrologer" },
		Guard: func(text string) error {
			if text == "payed" {
				return fault.Field("condition", "process.guard_unknown", fault.Args{"condition": text})
			}
			return nil
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			problems := Validate(tt.template, context)
			for _, p := range problems {
				if p.Step == tt.step && p.Key == tt.key {
					return
				}
			}
			t.Errorf("Validate = %+v, want %s at %q", problems, tt.key, tt.step)
		})
	}
}

func TestValidateAccepts(t *testing.T) {
	s, e := step("s", KindStart), step("e", KindEnd)
	a, b := step("a", KindHandle), step("b", KindConsult)
	a.Share, b.Share = 480, 480
	tests := []struct {
		name     string
		template Template
	}{
		{"parallel parts side by side share the same time", drawn([]Step{s, step("p", KindParallel), a, b, step("j", KindParallel), e}, "s>p", "p>a", "p>b", "a>j", "b>j", "j>e")},
		{"parallel parts with ends of their own", drawn([]Step{s, step("p", KindParallel), a, b, e, step("e2", KindEnd)}, "s>p", "p>a", "p>b", "a>e", "b>e2")},
		{"a loop with a way out", drawn([]Step{s, a, step("x", KindBranch), e}, "s>a", "a>x", "x>a?again", "x>e!")},
		{"a task with one condition and a default", drawn([]Step{s, a, step("c", KindSign), e}, "s>a", "a>e?done", "a>c!", "c>e")},
		{"a reminder beside the work", drawn([]Step{s, a, {ID: "t", Kind: KindTimer, On: "a", After: 60, Continue: true}, step("c", KindCheck), e}, "s>a", "a>e", "t>c", "c>e")},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if problems := Validate(tt.template, Context{LimitMinutes: 480}); len(problems) > 0 {
				t.Errorf("Validate = %+v, want none", problems)
			}
		})
	}
}

func TestCompileRefusesAnUnknownGuard(t *testing.T) {
	template := drawn([]Step{step("s", KindStart), step("x", KindBranch), step("a", KindHandle), step("e", KindEnd)}, "s>x", "x>a?paid", "x>e!", "a>e")
	if _, err := Compile(template, map[string]Guard{"payed": always(true)}); !fault.Is(err, "process.guard_unknown") || fault.As(err).Field != "flows.f2" {
		t.Errorf("Compile = %v, want process.guard_unknown at flows.f2", err)
	}
}

// Independent choices side by side multiply; the check gives up or finds the
// fault, but does not run for ever.
func TestValidateIsBounded(t *testing.T) {
	steps := []Step{step("s", KindStart), step("p", KindParallel), step("j", KindParallel), step("k", KindParallel), step("e", KindEnd)}
	flows := []string{"s>p", "j>e", "k>e"}
	for i := range 60 {
		b := fmt.Sprintf("b%d", i)
		steps = append(steps, step(b, KindBranch))
		flows = append(flows, "p>"+b, b+">j?x", b+">k!")
	}
	if problems := Validate(drawn(steps, flows...), Context{}); len(problems) == 0 {
		t.Error("Validate = none, want problems")
	}
}
