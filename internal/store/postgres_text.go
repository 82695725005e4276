package store

import (
	"fmt"
	"strings"
)

// postgresType is a column's type for arrays and tables.
func (c columnDef) postgresType() string {
	switch c.typ {
	case typeInt:
		return "bigint"
	case typeBool:
		return "boolean"
	case typeBlob:
		return "bytea"
	default:
		return "text"
	}
}

// unnest is a table of the rows whose columns are parameters first, first+1 …
func unnest(columns []columnDef, first int) string {
	params := make([]string, len(columns))
	for i, c := range columns {
		params[i] = fmt.Sprintf("$%d::%s[]", first+i, c.postgresType())
	}
	return `unnest(` + strings.Join(params, ", ") + `)`
}

// prefixed is the columns' names, each behind a table's name.
func prefixed(table string, columns []columnDef) string {
	names := make([]string, len(columns))
	for i, c := range columns {
		names[i] = table + "." + c.name
	}
	return strings.Join(names, ", ")
}

func plain(columns []columnDef) string { return (&tableDef{columns: columns}).columnList() }

// onKeys joins t and u by the key of d.
func onKeys(d *tableDef) string {
	terms := make([]string, d.keys)
	for i := range terms {
		terms[i] = "t." + d.columns[i].name + " = u." + d.columns[i].name
	}
	return strings.Join(terms, " AND ")
}

func postgresSelect(d *tableDef, _ int) string {
	keys := d.columns[:d.keys]
	return `SELECT ` + prefixed("t", d.columns) + ` FROM ` + d.name + ` t JOIN ` + unnest(keys, 1) + ` AS u(` + plain(keys) + `) ON ` + onKeys(d)
}

// postgresLock locks in the order of the key.
func postgresLock(d *tableDef, n int) string {
	return postgresSelect(d, n) + ` ORDER BY ` + prefixed("t", d.columns[:d.keys]) + ` FOR UPDATE OF t`
}

func postgresInsert(d *tableDef, _ int) string {
	return `INSERT INTO ` + d.name + ` (` + d.columnList() + `) SELECT * FROM ` + unnest(d.columns, 1)
}

func postgresInsertLoose(d *tableDef, n int) string {
	return postgresInsert(d, n) + ` ON CONFLICT DO NOTHING`
}

func postgresDelete(d *tableDef, _ int) string {
	keys := d.columns[:d.keys]
	return counted(`DELETE FROM `+d.name+` t USING `+unnest(keys, 1)+` AS u(`+plain(keys)+`) WHERE `+onKeys(d), d.keys+1)
}

func postgresDeleteLoose(d *tableDef, _ int) string {
	keys := d.columns[:d.keys]
	return `DELETE FROM ` + d.name + ` t USING ` + unnest(keys, 1) + ` AS u(` + plain(keys) + `) WHERE ` + onKeys(d)
}

func postgresUpdate(d *tableDef, _ int) string {
	return counted(postgresUpdateFrom(d, d.columns), len(d.columns)+1)
}

func postgresUpdateExpecting(d *tableDef, _ int) string {
	params := append(d.columns[:len(d.columns):len(d.columns)], columnDef{"expected_", typeInt, false})
	return counted(postgresUpdateFrom(d, params)+` AND t.version = u.expected_`, len(params)+1)
}

func postgresUpdateFrom(d *tableDef, params []columnDef) string {
	var set []string
	for _, c := range d.columns[d.keys:] {
		set = append(set, c.name+" = u."+c.name)
	}
	return `UPDATE ` + d.name + ` t SET ` + strings.Join(set, ", ") + ` FROM ` + unnest(params, 1) + ` AS u(` + plain(params) + `) WHERE ` + onKeys(d)
}

// counted makes a change fail, by a division by zero, unless it meets as many
// rows as parameter n says. The server can then commit without asking back.
func counted(text string, n int) string {
	return fmt.Sprintf(`WITH done AS (%s RETURNING 1) SELECT 1 / CAST(count(*) = $%d::bigint AS int) FROM done`, text, n)
}

func postgresAppend(d *tableDef, _ int) string {
	rest := d.columns[1:]
	return `WITH h AS (UPDATE journal_head SET last = last + $1::bigint WHERE one = 1 RETURNING last),
		i AS (INSERT INTO journal (` + d.columnList() + `) SELECT h.last - $1::bigint + u.ordinal_, ` + prefixed("u", rest) + `
			FROM h, ` + unnest(rest, 2) + ` WITH ORDINALITY AS u(` + plain(rest) + `, ordinal_))
		SELECT last FROM h`
}

// arrays turns rows into one array a column, as unnest takes them.
func arrays(columns []columnDef, rows [][]any) []any {
	out := make([]any, len(columns))
	for i, c := range columns {
		switch {
		case c.typ == typeBlob:
			out[i] = column(rows, i, func(v any) []byte { b, _ := v.([]byte); return b })
		case c.typ == typeText && !c.null:
			out[i] = column(rows, i, func(v any) string { return v.(string) })
		case c.typ == typeText:
			out[i] = column(rows, i, orNil[string])
		case c.typ == typeBool:
			out[i] = column(rows, i, func(v any) bool { return v.(bool) })
		case !c.null:
			out[i] = column(rows, i, func(v any) int64 { return v.(int64) })
		default:
			out[i] = column(rows, i, orNil[int64])
		}
	}
	return out
}

func column[T any](rows [][]any, i int, get func(any) T) []T {
	out := make([]T, len(rows))
	for r, row := range rows {
		out[r] = get(row[i])
	}
	return out
}

func orNil[T any](v any) *T {
	if v == nil {
		return nil
	}
	t := v.(T)
	return &t
}
