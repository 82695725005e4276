package dossier

import (
	"testing"

	"github.com/motcua/motcua/internal/core/process"
)

func TestUnrunnable(t *testing.T) {
	receive, back := work("receive", process.KindReceive, process.UnitCentre, "reception"), work("return", process.KindReturn, process.UnitCentre, "reception")
	handle, ask := work("handle", process.KindHandle, process.UnitAgency, "handler"), work("ask", process.KindConsult, "so-khac", "handler")
	approve, issue := work("approve", process.KindApprove, process.UnitAgency, "leader"), work("issue", process.KindIssue, process.UnitAgency, "clerk")
	number, sign := work("number", process.KindNumber, process.UnitAgency, "clerk"), work("sign", process.KindSign, process.UnitAgency, "leader")
	over := work("hand-over", process.KindHandOver, process.UnitAgency, "clerk")
	split, join := process.Step{ID: "split", Kind: process.KindParallel}, process.Step{ID: "join", Kind: process.KindParallel}
	choose := process.Step{ID: "choose", Kind: process.KindBranch}
	silent, elsewhere, boss := ask, back, approve
	silent.Share, elsewhere.Unit, boss.Role = 0, process.UnitAgency, "handler"
	steps := func(s ...process.Step) []process.Step { return s }
	always := func(process.Facts) (bool, error) { return true, nil }
	tests := []struct {
		name  string
		steps []process.Step
		ways  []string
		step  string
		key   string // empty = it runs
	}{
		{"a plain process", steps(receive, handle, approve, issue, over, back), []string{"s>receive", "receive>handle", "handle>approve", "approve>issue", "issue>hand-over", "hand-over>return", "return>e"}, "", ""},
		{"at once", steps(receive, back), []string{"s>receive", "receive>return", "return>e"}, "", ""},
		{"the result in one part, an opinion in the other", steps(receive, split, approve, issue, ask, join, over, back),
			[]string{"s>receive", "receive>split", "split>approve", "approve>issue", "issue>join", "split>ask", "ask>join", "join>hand-over", "hand-over>return", "return>e"}, "", ""},
		{"a part that ends by itself", steps(receive, split, approve, issue, ask, back),
			[]string{"s>receive", "receive>split", "split>approve", "approve>issue", "issue>return", "return>e", "split>ask", "ask>e"}, "", ""},
		{"numbered and signed one by one", steps(receive, handle, approve, number, sign, issue, back),
			[]string{"s>receive", "receive>handle", "handle>approve", "approve>number", "number>sign", "sign>issue", "issue>return", "return>e"}, "", ""},
		{"it begins without reception", steps(handle, receive, approve, issue, back), []string{"s>handle", "handle>receive", "receive>approve", "approve>issue", "issue>return", "return>e"}, "handle", "dossier.process_receive_first"},
		{"it is received twice", steps(receive, handle, choose, approve, issue, back),
			[]string{"s>receive", "receive>handle", "handle>choose", "choose>receive?x", "choose>approve!", "approve>issue", "issue>return", "return>e"}, "receive", "dossier.process_receives_again"},
		{"a way around the approval", steps(receive, choose, approve, issue, back), []string{"s>receive", "receive>choose", "choose>approve?x", "choose>issue!", "approve>issue", "issue>return", "return>e"}, "issue", "dossier.process_approve_first"},
		{"approved again after the number", steps(receive, approve, number, choose, issue, back),
			[]string{"s>receive", "receive>approve", "approve>number", "number>choose", "choose>approve?x", "choose>issue!", "issue>return", "return>e"}, "approve", "dossier.process_approves_late"},
		{"a way around the issue", steps(receive, approve, choose, issue, back), []string{"s>receive", "receive>approve", "approve>choose", "choose>issue?x", "choose>return!", "issue>return", "return>e"}, "return", "dossier.process_issue_first"},
		{"no return at all", steps(receive, approve, issue, over), []string{"s>receive", "receive>approve", "approve>issue", "issue>hand-over", "hand-over>e"}, "", "dossier.process_return_last"},
		{"one way without return", steps(receive, approve, issue, choose, back), []string{"s>receive", "receive>approve", "approve>issue", "issue>choose", "choose>return?x", "choose>e!", "return>e"}, "", "dossier.process_return_last"},
		{"work after the return", steps(receive, approve, issue, back, handle), []string{"s>receive", "receive>approve", "approve>issue", "issue>return", "return>handle", "handle>e"}, "handle", "dossier.process_after_return"},
		{"returned elsewhere", steps(receive, approve, issue, elsewhere), []string{"s>receive", "receive>approve", "approve>issue", "issue>return", "return>e"}, "return", "dossier.process_at_centre"},
		{"an opinion without deadline", steps(receive, silent, approve, issue, back), []string{"s>receive", "receive>ask", "ask>approve", "approve>issue", "issue>return", "return>e"}, "ask", "dossier.process_consult_deadline"},
		{"a handler who approves", steps(receive, boss, issue, back), []string{"s>receive", "receive>approve", "approve>issue", "issue>return", "return>e"}, "approve", "dossier.process_role"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			problems := Unrunnable(drawn(t, map[string]process.Guard{"x": always}, tt.steps, tt.ways...).Template())
			if tt.key == "" {
				if len(problems) > 0 {
					t.Errorf("Unrunnable = %+v, want nothing", problems)
				}
				return
			}
			for _, p := range problems {
				if p.Step == tt.step && p.Key == tt.key {
					return
				}
			}
			t.Errorf("Unrunnable = %+v, want %s at %q", problems, tt.key, tt.step)
		})
	}
}

// The processes that the program makes itself can be run.
func TestGeneratedProcessesAreRunnable(t *testing.T) {
	linear, err := process.Linear("", 960, process.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, template := range []process.Template{linear, process.AtOnce(process.Options{})} {
		if problems := Unrunnable(template); len(problems) > 0 {
			t.Errorf("%s: %+v", template.ID, problems)
		}
	}
}
