package store

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// tableColumns writes the columns of a table for one engine.
func tableColumns(t *tableDef, typeOf func(columnDef) string) string {
	var lines []string
	for _, c := range t.columns {
		line := c.name + " " + typeOf(c)
		if !c.null {
			line += " NOT NULL"
		}
		lines = append(lines, line)
	}
	lines = append(lines, "PRIMARY KEY ("+plain(t.columns[:t.keys])+")")
	return strings.Join(lines, ", ")
}

// createIndexes writes the indexes of a table, named after it and their number.
func createIndexes(t *tableDef) []string {
	var out []string
	for i, def := range t.indexes {
		unique := ""
		if rest, ok := strings.CutPrefix(def, "unique "); ok {
			unique, def = "UNIQUE ", rest
		}
		out = append(out, fmt.Sprintf("CREATE %sINDEX %s_i%d ON %s %s", unique, t.name, i+1, t.name, def))
	}
	return out
}

// indexName is the name of an index of a kind's main table.
func indexName(kind, def string) string {
	return fmt.Sprintf("%s_i%d", kind, 1+slices.Index(kindNamed(kind).main.indexes, def))
}

func (e *sqliteEngine) schema() string { return "schema/sqlite" }

func (e *sqliteEngine) createTable(t *tableDef, name string) []string {
	return []string{`CREATE TABLE ` + name + ` (` + tableColumns(t, func(c columnDef) string {
		switch c.typ {
		case typeInt:
			return "INTEGER"
		case typeBool:
			return "INTEGER"
		case typeBlob:
			return "BLOB"
		default:
			return "TEXT"
		}
	}) + `) STRICT`}
}

func (e *sqliteEngine) swapTable(t *tableDef, shadow string) []string {
	return append([]string{`DROP TABLE IF EXISTS ` + t.name, `ALTER TABLE ` + shadow + ` RENAME TO ` + t.name}, createIndexes(t)...)
}

func (e *sqliteEngine) guardTable(name string) []string {
	var out []string
	for _, op := range []string{"UPDATE", "DELETE"} {
		out = append(out, fmt.Sprintf(`CREATE TRIGGER IF NOT EXISTS %s_no_%s BEFORE %s ON %s BEGIN SELECT RAISE(ABORT, '%s is append-only'); END`,
			name, strings.ToLower(op), op, name, name))
	}
	return out
}

func (e *sqliteEngine) triggers(ctx context.Context, q querier, table string) (bool, error) {
	rows, err := q.query(ctx, `SELECT count(*) FROM sqlite_schema WHERE type = 'trigger' AND tbl_name = $1 AND name IN ($2, $3) AND sql LIKE '%RAISE(ABORT%'`,
		table, table+"_no_update", table+"_no_delete")
	if err != nil {
		return false, err
	}
	var n int
	return scanOne(rows, &n) == nil && n == 2, nil
}

func (e *sqliteEngine) tableNames(ctx context.Context, q querier) ([]string, error) {
	rows, err := q.query(ctx, `SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name`)
	if err != nil {
		return nil, err
	}
	return collect(rows, scanText)
}

// lockSchema needs nothing: the write transaction is the lock.
func (e *sqliteEngine) lockSchema() string { return `SELECT 1` }

func (e *postgresEngine) schema() string { return "schema/postgres" }

func (e *postgresEngine) createTable(t *tableDef, name string) []string {
	return []string{`CREATE TABLE ` + name + ` (` + tableColumns(t, func(c columnDef) string {
		if c.typ == typeText {
			return `text COLLATE "C"` // byte order on every server, as on SQLite
		}
		return c.postgresType()
	}) + `)`}
}

func (e *postgresEngine) swapTable(t *tableDef, shadow string) []string {
	return append([]string{`DROP TABLE IF EXISTS ` + t.name, `ALTER TABLE ` + shadow + ` RENAME TO ` + t.name,
		`ALTER INDEX ` + shadow + `_pkey RENAME TO ` + t.name + `_pkey`}, createIndexes(t)...)
}

// appendOnlyCode is the error code of the append-only triggers.
const appendOnlyCode = "MC001"

func (e *postgresEngine) guardTable(name string) []string {
	return []string{
		`CREATE OR REPLACE FUNCTION append_only() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = '` + appendOnlyCode + `'; END $$`,
		fmt.Sprintf(`CREATE OR REPLACE TRIGGER %s_no_change BEFORE UPDATE OR DELETE ON %s FOR EACH ROW EXECUTE FUNCTION append_only()`, name, name),
		fmt.Sprintf(`CREATE OR REPLACE TRIGGER %s_no_truncate BEFORE TRUNCATE ON %s FOR EACH STATEMENT EXECUTE FUNCTION append_only()`, name, name),
	}
}

func (e *postgresEngine) triggers(ctx context.Context, q querier, table string) (bool, error) {
	rows, err := q.query(ctx, `SELECT count(*) FROM pg_trigger WHERE tgrelid = CAST($1 AS text)::regclass AND tgname IN ($2, $3) AND tgenabled IN ('O', 'A')`,
		table, table+"_no_change", table+"_no_truncate")
	if err != nil {
		return false, err
	}
	var n int
	return scanOne(rows, &n) == nil && n == 2, nil
}

func (e *postgresEngine) tableNames(ctx context.Context, q querier) ([]string, error) {
	rows, err := q.query(ctx, `SELECT CAST(tablename AS text) FROM pg_tables WHERE schemaname = current_schema() ORDER BY 1`)
	if err != nil {
		return nil, err
	}
	names, err := collect(rows, scanText)
	slices.Sort(names)
	return names, err
}

// lockSchema lets one node at a time migrate.
func (e *postgresEngine) lockSchema() string { return `SELECT pg_advisory_xact_lock(7233051)` }

func scanText(scan func(dest ...any) error) (string, error) {
	var s string
	err := scan(&s)
	return s, err
}

// runAll executes statements in order.
func runAll(ctx context.Context, tx transaction, statements []string) error {
	for _, st := range statements {
		if err := tx.script(ctx, st); err != nil {
			return errors.Join(fmt.Errorf("statement %.120q", st), err)
		}
	}
	return nil
}
