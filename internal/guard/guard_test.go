package guard

import (
	"strings"
	"testing"

	"github.com/motcua/motcua/internal/core/fault"
	"github.com/motcua/motcua/internal/core/process"
)

var dossier = process.Facts{
	Procedure: "9.999999", Case: "cap-lai", Channel: "online", ReturnChannel: "post", OwnerKind: "citizen",
	Centre: "trung-tam", Agency: "so-tai-chinh", Outcome: "agree", Papers: []string{"don", "ban-ve"},
	Fee: 75_000, Paid: true, Days: 3, Late: false, Supplements: 1,
}

func TestConditions(t *testing.T) {
	for condition, want := range map[string]bool{
		`channel == "online"`:                              true,
		`channel in ["direct", "post"]`:                    false,
		`fee > 50000 && paid`:                              true,
		`fee / 2 == 37500`:                                 true,
		`owner_kind != "enterprise"`:                       true,
		`"ban-ve" in papers`:                               true,
		`papers.exists(p, p.startsWith("giay"))`:           false,
		`size(papers) >= 2 && !late`:                       true,
		`case == "cap-lai" || supplements > 1`:             true,
		`days > 5 ? outcome == "x" : outcome == "agree"`:   true,
		`agency == "so-tai-chinh" && centre == procedure`:  false,
		`return_channel == "post" && case.matches("^cap")`: true,
	} {
		g, err := Compile(condition)
		if err != nil {
			t.Errorf("Compile(%s) = %v", condition, err)
			continue
		}
		if got, err := g(dossier); err != nil || got != want {
			t.Errorf("%s = %t, %v, want %t", condition, got, err, want)
		}
	}
}

func TestCompileRefusesWithPlaceAndReason(t *testing.T) {
	tests := []struct {
		name, condition, key string
		line, column         int
	}{
		{"nothing", "  ", "process.guard.empty", 0, 0},
		{"a typo in a name", `fee > 0 && payed`, "process.guard.unknown_name", 1, 12},
		{"on the second line", "fee > 0\n  && payed", "process.guard.unknown_name", 2, 6},
		{"a function that is not there", `now() > 3`, "process.guard.unknown_name", 1, 4},
		{"text compared with a number", `fee == "0"`, "process.guard.types", 1, 5},
		{"fractions of money", `fee > 0.5`, "process.guard.types", 1, 5},
		{"half a sentence", `fee >`, "process.guard.syntax", 1, 6},
		{"an assignment", `paid = true`, "process.guard.syntax", 1, 6},
		{"another language", `bpmn:getDataObject('approved')`, "process.guard.syntax", 1, 5},
		{"not a question", `fee + 1`, "process.guard.not_bool", 0, 0},
		{"a value with a typo", `paid && channel == "onlin"`, "process.guard.value", 1, 20},
		{"a value with a typo on the left", `"Citizen" == owner_kind`, "process.guard.value", 1, 1},
		{"a value with a typo in a list", `channel in ["direct", "mail"]`, "process.guard.value", 1, 23},
		{"too long", strings.Repeat("paid && ", 300) + "paid", "process.guard.long", 0, 0},
		{"too deep", strings.Repeat("(", 200) + "paid" + strings.Repeat(")", 200), "process.guard.wrong", 1, 1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			g, err := Compile(tt.condition)
			f := fault.As(err)
			if g != nil || f == nil || f.Kind != fault.Invalid || f.Key != tt.key {
				t.Fatalf("Compile = %v, want %s", err, tt.key)
			}
			if tt.line > 0 && (f.Args["line"] != tt.line || f.Args["column"] != tt.column) {
				t.Errorf("place = %v:%v, want %d:%d (%v)", f.Args["line"], f.Args["column"], tt.line, tt.column, err)
			}
		})
	}
}

// A condition that costs too much at run time refuses; it does not answer no.
func TestCostIsLimited(t *testing.T) {
	g, err := Compile(`papers.all(a, papers.all(b, papers.all(c, a + b + c != "x")))`)
	if err != nil {
		t.Fatal(err)
	}
	many := dossier
	for range 200 {
		many.Papers = append(many.Papers, "giay-to")
	}
	if got, err := g(many); err == nil || got {
		t.Errorf("evaluation = %t, %v, want an error", got, err)
	}
	if got, err := g(dossier); err != nil || !got {
		t.Errorf("with few papers = %t, %v, want true", got, err)
	}
}

func TestGuardsRunAProcess(t *testing.T) {
	template := process.Template{ID: "t", Version: 1, Steps: []process.Step{
		{ID: "s", Kind: process.KindStart}, {ID: "x", Kind: process.KindBranch},
		{ID: "pay", Kind: process.KindWaitPayment}, {ID: "e", Kind: process.KindEnd},
	}, Flows: []process.Flow{
		{ID: "f1", From: "s", To: "x"}, {ID: "f2", From: "x", To: "pay", When: "fee > 0 && !paid"},
		{ID: "f3", From: "x", To: "e", When: "fee == 0 || paid"}, {ID: "f4", From: "pay", To: "e"},
	}}
	guards, err := All(template.Conditions())
	if err != nil {
		t.Fatal(err)
	}
	g, err := process.Compile(template, guards)
	if err != nil {
		t.Fatal(err)
	}
	ids := func() string { return "w1" }
	if inst, _, err := process.Start(g, dossier, ids); err != nil || !inst.Finished {
		t.Errorf("paid dossier: %+v, %v", inst, err)
	}
	if inst, _, err := process.Start(g, process.Facts{Fee: 1}, ids); err != nil || len(inst.Waits) != 1 {
		t.Errorf("unpaid dossier: %+v, %v", inst, err)
	}
	if _, err := All([]string{"paid", "payed", "fee +"}); len(fault.As(err).Each()) != 2 {
		t.Errorf("All = %v, want two faults", err)
	}
}

func TestVariables(t *testing.T) {
	for _, v := range Variables() {
		if v.Type == "" {
			t.Errorf("%s has no type", v.Name)
		}
		if err := Check(v.Name + " == " + v.Name); err != nil {
			t.Errorf("Check(%s) = %v", v.Name, err)
		}
	}
}

func BenchmarkGuard(b *testing.B) {
	g, err := Compile(`channel == "online" && fee > 0 && "ban-ve" in papers`)
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if ok, err := g(dossier); !ok || err != nil {
			b.Fatal(ok, err)
		}
	}
}
