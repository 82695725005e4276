package store

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/motcua/motcua/internal/core/journal"
)

// Kind declares what one kind of stream looks like in the database. From it the
// store makes the projection tables on both engines, loads and writes a group,
// rebuilds the tables from the journal, and verifies them. A Kind is listed in
// kinds.go.
//
// The main table is called Name and has, besides the lifted columns, id (text),
// version, hash (of the last event), at (legal time of the last event, Unix
// microseconds) and state (the whole state as JSON, never queried).
type Kind[S any] struct {
	Name string // kind of the roots and name of the main table
	// Version of the projection. Raise it whenever Apply, a column's meaning or
	// the state's JSON changes: the next migration rebuilds the tables from the
	// journal. Changes of names and types of columns are noticed without it.
	Version int
	// Apply folds one event into the state: pure, no rule, no clock, no
	// catalogue. It must return journal.UnknownEvent for an event that it does
	// not know, and must not change maps or slices of the state it was given.
	Apply func(S, journal.Event) (S, error)
	// Subject says that the roots are subjects of sealed data: View.Seal and
	// View.Index accept their ids.
	Subject  bool
	Columns  []Column[S]
	Children []Child[S]
	// Indexes of the main table, such as "(unit, status, due_at, id)". A
	// leading "unique " makes it unique; " where …" makes it partial.
	Indexes []string
	// Checks are passes over the kind's own invariants, run by Verify.
	Checks []Check
}

// Column is one lifted column: a value of the state that SQL may search and
// sort by. T is the row that it is taken from.
type Column[T any] struct {
	name string
	typ  columnType
	null bool
	get  func(T) any
}

// columnType is a type that both engines have.
type columnType byte

const (
	typeText columnType = iota // TEXT
	typeInt                    // BIGINT; INTEGER on SQLite
	typeBool                   // BOOLEAN; INTEGER 0 or 1 on SQLite
	typeBlob                   // BYTEA; BLOB on SQLite
)

// Text is a column of text that is never null.
func Text[T any](name string, get func(T) string) Column[T] {
	return Column[T]{name, typeText, false, func(t T) any { return get(t) }}
}

// TextOrNull is a column of text in which the empty text is null.
func TextOrNull[T any](name string, get func(T) string) Column[T] {
	return Column[T]{name, typeText, true, func(t T) any {
		if s := get(t); s != "" {
			return s
		}
		return nil
	}}
}

// Int is a column of integers: numbers, states, đồng.
func Int[T any, N ~int | ~int8 | ~int16 | ~int32 | ~int64 | ~uint8 | ~uint16 | ~uint32](name string, get func(T) N) Column[T] {
	return Column[T]{name, typeInt, false, func(t T) any { return int64(get(t)) }}
}

// IntOrNull is a column of integers that is null when get answers false.
func IntOrNull[T any](name string, get func(T) (int64, bool)) Column[T] {
	return Column[T]{name, typeInt, true, func(t T) any {
		if n, ok := get(t); ok {
			return n
		}
		return nil
	}}
}

// Instant is a column of Unix microseconds; the zero time is null.
func Instant[T any](name string, get func(T) time.Time) Column[T] {
	return Column[T]{name, typeInt, true, func(t T) any {
		if at := get(t); !at.IsZero() {
			return at.UnixMicro()
		}
		return nil
	}}
}

// Bool is a column of truth values.
func Bool[T any](name string, get func(T) bool) Column[T] {
	return Column[T]{name, typeBool, false, func(t T) any { return get(t) }}
}

// Blob is a column of bytes; nil is null.
func Blob[T any](name string, get func(T) []byte) Column[T] {
	return Column[T]{name, typeBlob, true, func(t T) any {
		if b := get(t); b != nil {
			return b
		}
		return nil
	}}
}

// Child is a table of rows that belong to a state, such as the open tasks of a
// dossier. Its key is (parent, id).
type Child[S any] struct {
	table   string
	columns []columnDef
	indexes []string
	rows    func(S) [][]any // parent is added by the caller; row[0] is the id
}

// ChildTable declares a child table: rows gives the rows of a state, id a row's
// id within it. The rows of a changed state replace the earlier ones by
// difference, so untouched rows are not written.
func ChildTable[S, C any](table string, rows func(S) []C, id func(C) string, columns []Column[C], indexes ...string) Child[S] {
	defs := make([]columnDef, len(columns))
	for i, c := range columns {
		defs[i] = columnDef{c.name, c.typ, c.null}
	}
	return Child[S]{table: table, columns: defs, indexes: indexes, rows: func(s S) [][]any {
		all := rows(s)
		out := make([][]any, len(all))
		for i, c := range all {
			row := make([]any, 1, 1+len(columns))
			row[0] = id(c)
			for _, col := range columns {
				row = append(row, col.get(c))
			}
			out[i] = row
		}
		return out
	}}
}

// columnDef is a column without its accessor.
type columnDef struct {
	name string
	typ  columnType
	null bool
}

// tableDef is a table that the store itself makes or writes to.
type tableDef struct {
	name    string
	columns []columnDef // the first keys columns are the primary key
	keys    int
	indexes []string
}

// kind is a Kind whose state type has been hidden, so that all kinds fit one list.
type kind struct {
	name     string
	version  int
	subject  bool
	head     *tableDef // the main table without its lifted columns
	main     *tableDef
	children []*tableDef
	checks   []Check

	apply     func(state any, ev journal.Event) (any, error)
	zero      func() any
	decode    func(text []byte) (any, error)
	lifted    func(state any) []any
	childRows func(i int, state any) [][]any
}

// headColumns are in every main table. The state stands behind the lifted columns:
// it is long, and on SQLite whatever stands behind it is read through its pages.
var headColumns = []columnDef{
	{"id", typeText, false}, {"version", typeInt, false}, {"hash", typeBlob, false}, {"at", typeInt, false}, {"state", typeText, false},
}

// Registered is a Kind in the list of kinds.
type Registered struct{ k *kind }

// Register makes a Kind fit for the list in kinds.go. It panics on a name or
// column that is not plain lower case: the list is fixed when the program is built.
func Register[S any](d Kind[S]) Registered {
	k := &kind{name: d.Name, version: d.Version, subject: d.Subject, checks: d.Checks}
	k.head = &tableDef{name: d.Name, columns: headColumns, keys: 1}
	last := len(headColumns) - 1
	k.main = &tableDef{name: d.Name, columns: slices.Clone(headColumns[:last]), keys: 1, indexes: d.Indexes}
	for _, c := range d.Columns {
		k.main.columns = append(k.main.columns, columnDef{c.name, c.typ, c.null})
	}
	k.main.columns = append(k.main.columns, headColumns[last])
	for _, c := range d.Children {
		cols := append([]columnDef{{"parent", typeText, false}, {"id", typeText, false}}, c.columns...)
		k.children = append(k.children, &tableDef{name: c.table, columns: cols, keys: 2, indexes: c.indexes})
	}
	for _, t := range k.tables() {
		t.mustBePlain()
	}
	k.zero = func() any { var s S; return s }
	k.apply = func(state any, ev journal.Event) (any, error) { return d.Apply(state.(S), ev) }
	k.decode = func(text []byte) (any, error) {
		var s S
		if err := json.Unmarshal(text, &s); err != nil {
			return nil, fmt.Errorf("state of a %s: %w", d.Name, err)
		}
		return s, nil
	}
	k.lifted = func(state any) []any {
		s := state.(S)
		out := make([]any, len(d.Columns))
		for i, c := range d.Columns {
			out[i] = c.get(s)
		}
		return out
	}
	k.childRows = func(i int, state any) [][]any { return d.Children[i].rows(state.(S)) }
	return Registered{k}
}

// tables are the kind's projection tables, the main table first.
func (k *kind) tables() []*tableDef { return append([]*tableDef{k.main}, k.children...) }

// mainRow is the main table's row of a root.
func (k *kind) mainRow(id string, version int64, hash [32]byte, at int64, state any) ([]any, error) {
	text, err := journal.Encode(state)
	if err != nil {
		return nil, err
	}
	row := make([]any, 0, len(k.main.columns))
	row = append(row, id, version, hash[:], at)
	return append(append(row, k.lifted(state)...), string(text)), nil
}

func (t *tableDef) mustBePlain() {
	names := []string{t.name}
	for _, c := range t.columns {
		names = append(names, c.name)
	}
	if len(names) > 60 {
		panic(fmt.Sprintf("store: table %s has more columns than a columnSet holds", t.name))
	}
	seen := map[string]bool{}
	for i, n := range names {
		if n == "" || strings.Trim(n, "abcdefghijklmnopqrstuvwxyz0123456789_") != "" || n[0] < 'a' || (i > 0 && seen[n]) {
			panic(fmt.Sprintf("store: table %s: bad or repeated name %q", t.name, n))
		}
		if i > 0 {
			seen[n] = true
		}
	}
}

// kindNamed returns the kind of that name, or nil.
func kindNamed(name string) *kind {
	for _, r := range kinds {
		if r.k.name == name {
			return r.k
		}
	}
	return nil
}
