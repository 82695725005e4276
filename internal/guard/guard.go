// Package guard compiles the conditions of a process (điều kiện rẽ nhánh). They
// are written in CEL, the Common Expression Language, over the facts of a
// dossier, are typed when the process is saved, and cost a bounded amount when
// they run. A compiled condition enters package process as a plain function;
// package process itself knows nothing of CEL.
//
// A condition sees the facts in Variables and nothing else: no clock, no
// database, no personal data. It answers true or false; an error refuses.
//
//	guards, err := guard.All(template.Conditions())
//	graph, err := process.Compile(template, guards)
package guard

import (
	"fmt"
	"slices"
	"strings"
	"sync"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/types"
	"github.com/motcua/motcua/internal/core/fault"
	"github.com/motcua/motcua/internal/core/process"
)

// Limits on one condition.
const (
	maxLength = 2000 // characters
	maxNodes  = 400  // parts after macros are written out
	maxDepth  = 40
	maxCost   = 20_000 // units of CEL cost at run time
)

// Variable is one fact that conditions may look at.
type Variable struct {
	Name   string
	Type   string   // as CEL writes it, such as "string" or "list(string)"
	Values []string // all values that it can have; empty when open
	kind   *cel.Type
	get    func(process.Facts) any
}

var variables = [...]Variable{
	{Name: "procedure", kind: cel.StringType, get: func(f process.Facts) any { return f.Procedure }},
	{Name: "case", kind: cel.StringType, get: func(f process.Facts) any { return f.Case }},
	{Name: "channel", kind: cel.StringType, Values: []string{"direct", "online", "post"}, get: func(f process.Facts) any { return f.Channel }},
	{Name: "return_channel", kind: cel.StringType, Values: []string{"counter", "post", "electronic"}, get: func(f process.Facts) any { return f.ReturnChannel }},
	{Name: "owner_kind", kind: cel.StringType, Values: []string{"citizen", "enterprise", "organization", "state"}, get: func(f process.Facts) any { return f.OwnerKind }},
	{Name: "centre", kind: cel.StringType, get: func(f process.Facts) any { return f.Centre }},
	{Name: "agency", kind: cel.StringType, get: func(f process.Facts) any { return f.Agency }},
	{Name: "outcome", kind: cel.StringType, get: func(f process.Facts) any { return f.Outcome }},
	{Name: "papers", kind: cel.ListType(cel.StringType), get: func(f process.Facts) any { return f.Papers }},
	{Name: "fee", kind: cel.IntType, get: func(f process.Facts) any { return f.Fee }},
	{Name: "paid", kind: cel.BoolType, get: func(f process.Facts) any { return f.Paid }},
	{Name: "days", kind: cel.IntType, get: func(f process.Facts) any { return int64(f.Days) }},
	{Name: "late", kind: cel.BoolType, get: func(f process.Facts) any { return f.Late }},
	{Name: "supplements", kind: cel.IntType, get: func(f process.Facts) any { return int64(f.Supplements) }},
	{Name: "proposal", kind: cel.StringType, Values: []string{"", "approve", "refuse"}, get: func(f process.Facts) any { return f.Proposal }},
	{Name: "refused", kind: cel.BoolType, get: func(f process.Facts) any { return f.Refused }},
	{Name: "agreed", kind: cel.IntType, get: func(f process.Facts) any { return int64(f.Agreed) }},
	{Name: "objected", kind: cel.IntType, get: func(f process.Facts) any { return int64(f.Objected) }},
	{Name: "silent", kind: cel.IntType, get: func(f process.Facts) any { return int64(f.Silent) }},
	{Name: "verified", kind: cel.IntType, get: func(f process.Facts) any { return int64(f.Verified) }},
}

// Variables lists what conditions may look at; the editor offers them.
func Variables() []Variable {
	all := slices.Clone(variables[:])
	for i := range all {
		all[i].Type, all[i].Values = all[i].kind.String(), slices.Clone(all[i].Values)
	}
	return all
}

func variable(name string) (Variable, bool) {
	at := slices.IndexFunc(variables[:], func(v Variable) bool { return v.Name == name })
	if at < 0 {
		return Variable{}, false
	}
	return variables[at], true
}

// environment is made once; making it costs milliseconds.
var environment = sync.OnceValues(func() (*cel.Env, error) {
	options := []cel.EnvOption{
		cel.ParserExpressionSizeLimit(maxLength),
		cel.ExpressionNodeLimit(maxNodes),
		cel.ParserRecursionLimit(maxDepth),
	}
	for _, v := range variables {
		options = append(options, cel.Variable(v.Name, v.kind))
	}
	return cel.NewEnv(options...)
})

// Compile compiles one condition. It fails with an Invalid fault that says where
// (line and column, from 1) and what: bad syntax, an unknown name, types that do
// not fit, a value that the fact can never have, or an answer that is not true
// or false.
func Compile(condition string) (process.Guard, error) {
	if strings.TrimSpace(condition) == "" {
		return nil, fault.Field("condition", "process.guard.empty", nil)
	}
	if n := len([]rune(condition)); n > maxLength {
		return nil, fault.Field("condition", "process.guard.long", fault.Args{"max": maxLength})
	}
	env, err := environment()
	if err != nil {
		return nil, fmt.Errorf("make the language of conditions: %w", err)
	}
	ast, issues := env.Compile(condition)
	if issues.Err() != nil {
		return nil, issue(condition, issues.Errors())
	}
	if ast.OutputType() != cel.BoolType {
		return nil, fault.Field("condition", "process.guard.not_bool", fault.Args{"condition": condition, "type": ast.OutputType().String()})
	}
	if f := impossible(condition, ast); f != nil {
		return nil, f
	}
	program, err := env.Program(ast, cel.CostLimit(maxCost))
	if err != nil {
		return nil, fault.Wrap(err, fault.Invalid, "process.guard.wrong", fault.Args{"condition": condition, "line": 1, "column": 1, "detail": err.Error()})
	}
	return func(f process.Facts) (bool, error) {
		answer, _, err := program.Eval(facts{f})
		if err != nil {
			return false, fmt.Errorf("evaluate condition %q: %w", condition, err)
		}
		return answer == types.True, nil
	}, nil
}

// Check reports why a condition cannot be compiled; nil when it can.
// process.Validate and process.Check take it.
func Check(condition string) error {
	_, err := Compile(condition)
	return err
}

// All compiles conditions for process.Compile. It fails with the faults of all
// that are wrong.
func All(conditions []string) (map[string]process.Guard, error) {
	guards := make(map[string]process.Guard, len(conditions))
	var wrong []*fault.Fault
	for _, c := range conditions {
		g, err := Compile(c)
		switch f := fault.As(err); {
		case err == nil:
			guards[c] = g
		case f != nil:
			wrong = append(wrong, f)
		default:
			return nil, err
		}
	}
	if err := fault.Join(wrong...); err != nil {
		return nil, err
	}
	return guards, nil
}

// facts answers the evaluation's questions for names.
type facts struct{ process.Facts }

func (f facts) ResolveName(name string) (any, bool) {
	v, ok := variable(name)
	if !ok {
		return nil, false
	}
	return v.get(f.Facts), true
}

func (f facts) Parent() cel.Activation { return nil }
