package guard

import (
	"regexp"
	"slices"
	"strings"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/operators"
	"cel.dev/cel-go/common/types"
	"github.com/motcua/motcua/internal/core/fault"
)

var (
	unknownName  = regexp.MustCompile(`^undeclared reference to '([^']*)'`)
	wrongTypes   = regexp.MustCompile(`^found no matching overload for '([^']*)' applied to '([^']*)'`)
	syntaxPrefix = "Syntax error: "
)

// issue turns what the compiler says first into a fault with its place.
func issue(condition string, found []*cel.Error) *fault.Fault {
	if len(found) == 0 {
		return fault.Field("condition", "process.guard.wrong", fault.Args{"condition": condition, "line": 1, "column": 1, "detail": ""})
	}
	first := slices.MinFunc(found, func(a, b *cel.Error) int {
		if d := a.Location.Line() - b.Location.Line(); d != 0 {
			return d
		}
		return a.Location.Column() - b.Location.Column()
	})
	args := place(condition, first.Location.Line(), first.Location.Column())
	if m := unknownName.FindStringSubmatch(first.Message); m != nil {
		args["name"] = m[1]
		return fault.Field("condition", "process.guard.unknown_name", args)
	}
	if m := wrongTypes.FindStringSubmatch(first.Message); m != nil {
		args["operator"], args["types"] = strings.Trim(m[1], "_@"), m[2]
		return fault.Field("condition", "process.guard.types", args)
	}
	args["detail"] = first.Message
	if detail, ok := strings.CutPrefix(first.Message, syntaxPrefix); ok {
		args["detail"] = detail
		return fault.Field("condition", "process.guard.syntax", args)
	}
	return fault.Field("condition", "process.guard.wrong", args)
}

// place gives line and column from 1; the compiler counts columns from 0, and
// both are below when it knows no place.
func place(condition string, line, column int) fault.Args {
	return fault.Args{"condition": condition, "line": max(line, 1), "column": max(column+1, 1)}
}

// impossible finds a comparison with a value that the fact can never have. Such
// a typo has the right type and would silently never be true.
func impossible(condition string, compiled *cel.Ast) *fault.Fault {
	tree := compiled.NativeRep()
	var wrong *fault.Fault
	judge := func(v Variable, value ast.Expr) {
		text, ok := literal(value)
		if !ok || slices.Contains(v.Values, text) || wrong != nil {
			return
		}
		at := tree.SourceInfo().GetStartLocation(value.ID())
		args := place(condition, at.Line(), at.Column())
		args["name"], args["value"], args["values"] = v.Name, text, strings.Join(v.Values, ", ")
		wrong = fault.Field("condition", "process.guard.value", args)
	}
	ast.PreOrderVisit(tree.Expr(), ast.NewExprVisitor(func(e ast.Expr) {
		if e.Kind() != ast.CallKind {
			return
		}
		call := e.AsCall()
		args := call.Args()
		switch call.FunctionName() {
		case operators.Equals, operators.NotEquals:
			for i, side := range args {
				if v, ok := closed(side); ok {
					judge(v, args[1-i])
				}
			}
		case operators.In:
			v, ok := closed(args[0])
			if ok && args[1].Kind() == ast.ListKind {
				for _, member := range args[1].AsList().Elements() {
					judge(v, member)
				}
			}
		}
	}))
	return wrong
}

// closed reports whether e is a fact with a closed list of values.
func closed(e ast.Expr) (Variable, bool) {
	if e.Kind() != ast.IdentKind {
		return Variable{}, false
	}
	v, ok := variable(e.AsIdent())
	return v, ok && len(v.Values) > 0
}

func literal(e ast.Expr) (string, bool) {
	if e.Kind() != ast.LiteralKind {
		return "", false
	}
	text, ok := e.AsLiteral().(types.String)
	return string(text), ok
}
