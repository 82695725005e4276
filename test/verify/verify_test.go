package verify

import (
	"context"
	"database/sql"
	"net/url"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/motcua/motcua/internal/store/storetest"
)

func check(t *testing.T, address string) []Finding {
	t.Helper()
	found, err := Check(t.Context(), address, Options{Secrets: []string{secret}})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func TestAnHonestHistoryPasses(t *testing.T) {
	eachEngine(t, func(t *testing.T, address string) {
		for _, f := range check(t, address) {
			if len(f.Violations) > 0 {
				t.Errorf("%s: %v", f.Promise, f.Violations)
			}
			if f.Checked == 0 {
				t.Errorf("%s: nothing was looked at", f.Promise)
			}
		}
		for _, f := range program(t, address) {
			if !f.OK {
				t.Errorf("%s: %s", f.ID, f.Detail)
			}
		}
	})
}

// mutation is one way to break the database by hand, and who must name it: the
// promises of this package, and the invariants of the program's own check.
type mutation struct {
	name       string
	statements []string // none: the append-only triggers stay away
	promises   []string
	invariants []string
}

// remade takes a table's keys away, as a careless repair would, so that
// something can stand in it twice.
func remade(table, then string) []string {
	return []string{`CREATE TABLE remade AS SELECT * FROM ` + table, `DROP TABLE ` + table, `ALTER TABLE remade RENAME TO ` + table, then}
}

// The promises of this package, by the words that they begin with.
const (
	gapless  = "positions have no gap"
	chained  = "streams are chained"
	says     = "every event says who"
	together = "commands and events"
	moved    = "only legal moves"
	settled  = "the fee is settled"
	rows     = "rows of dossiers"
	held     = "one holder per open task"
	codes    = "codes are unique"
	keyed    = "search values of a person"
	working  = "every job"
	watched  = "the access log"
	guarded  = "append-only tables"
	hidden   = "personal data"
)

func rewritten(set, where string) []string {
	return []string{`UPDATE journal SET ` + set + ` WHERE ` + where}
}

func state(id, from, to string) []string {
	return []string{`UPDATE dossier SET state = replace(state, '` + from + `', '` + to + `') WHERE id = '` + id + `'`}
}

// calendarMoved is a change of a calendar that claims what no event shows.
const calendarMoved = `INSERT INTO calendar_revision (id, version, hash, at, state, calendar, stage, sort)
	SELECT 'r1', 1, hash, at, '{"id":"r1","progress":{"moved":3}}', 'default', 'done', 0 FROM dossier WHERE id = 'd0'`

// mutations is the whole table: a check that finds nothing here is no check.
var mutations = []mutation{
	{"an event is taken out", []string{`DELETE FROM journal WHERE position = 3`}, []string{gapless, chained}, []string{"I-01", "I-05", "I-07"}},
	{"the last event is taken out", []string{`DELETE FROM journal WHERE position = (SELECT last FROM journal_head)`}, []string{gapless}, []string{"I-01", "I-04", "I-07"}},
	{"the head is moved", []string{`UPDATE journal_head SET last = last + 1`}, []string{gapless}, []string{"I-01"}},
	{"an action stands twice", remade("command_log", `INSERT INTO command_log SELECT * FROM command_log`), nil, []string{"I-02"}},
	{"the triggers are away", nil, []string{guarded}, []string{"I-03"}},
	{"a table of nobody", []string{`CREATE TABLE stranger (id BIGINT PRIMARY KEY)`}, nil, []string{"I-03"}},
	{"a command is invented", []string{`INSERT INTO command_log SELECT principal, 'x', body_hash, 1, '0', 1 FROM command_log LIMIT 1`}, []string{together}, []string{"I-04"}},
	{"a command is lost", []string{`DELETE FROM command_log WHERE action = (SELECT action FROM journal WHERE position = 2)`}, nil, []string{"I-04"}},
	{"a version is left out", rewritten("version = 99", "position = (SELECT last FROM journal_head)"), []string{chained}, []string{"I-05", "I-25"}},
	{"an event is recorded before the one before it", rewritten("recorded_at = recorded_at - 86400000000", "position = 4"), []string{chained}, []string{"I-06"}},
	{"an event is recorded in the future", rewritten("recorded_at = recorded_at + 8640000000000", "position = (SELECT last FROM journal_head)"), nil, []string{"I-06"}},
	{"a status is changed behind the journal", []string{`UPDATE dossier SET status = 9 WHERE id = 'd3'`}, []string{rows}, []string{"I-07"}},
	{"a row is taken out", []string{`DELETE FROM dossier WHERE id = 'd3'`}, []string{rows}, []string{"I-07"}},
	{"a row of nobody", []string{`INSERT INTO dossier_task SELECT 'nobody', id, kind, unit, holder, pool, due_key, start_key, channel, timed FROM dossier_task WHERE parent = 'd3'`}, []string{held}, []string{"I-07"}},
	{"a verdict is changed", []string{`UPDATE dossier SET verdict = verdict + 1 WHERE id = 'd0'`}, nil, []string{"I-08", "I-07"}},
	{"a stream of no known kind", rewritten("stream = 'crate/d3'", "stream = 'dossier/d3'"), []string{rows}, []string{"I-09", "I-07"}},
	{"an actor is taken out", rewritten("principal = ''", "position = 2"), []string{says}, []string{"I-10", "I-25", "I-04"}},
	{"a command is taken out of an event", rewritten("action = ''", "position = 2"), []string{says}, []string{"I-10", "I-25"}},
	{"a code is given twice", rewritten("payload = replace(payload, '261123-0002', '261123-0001')", "position > 0"), []string{codes}, []string{"I-07", "I-25"}},
	{"a code is left out", rewritten("payload = replace(payload, '261123-0002', '261123-0007')", "position > 0"), []string{codes, rows}, []string{"I-07", "I-25"}},
	{"a code has another day", rewritten("payload = replace(payload, '-261123-', '-261122-')", "position > 0"), []string{codes, rows}, []string{"I-07"}},
	{"a code is changed in the list", []string{`UPDATE dossier SET code = 'H36.01-261123-0009' WHERE id = 'd3'`}, []string{rows}, []string{"I-11", "I-07"}},
	{"a code carries another day than the reception", state("d3", "-261123-", "-261122-"), nil, []string{"I-11"}},
	{"the counter of codes runs ahead", []string{`UPDATE series SET last = last + 1 WHERE kind = 'dossier-code'`}, nil, []string{"I-11"}},
	{"a number of the book is left out", []string{`UPDATE dossier_result SET no = 7 WHERE parent = 'd1'`}, nil, []string{"I-11", "I-07"}},
	{"a reception without a time", state("d3", `"receivedAt"`, `"receivedat_"`), nil, []string{"I-12"}},
	{"a calendar says that it moved promises", []string{calendarMoved}, nil, []string{"I-14"}},
	{"a status is none of the ten", state("d3", `"status":4`, `"status":11`), nil, []string{"I-15", "I-07"}},
	{"a status is jumped over", rewritten(`payload = replace(payload, '"status":9', '"status":10')`, "position > 0"), []string{moved}, []string{"I-07", "I-25"}},
	{"a further supplement without a leader", state("d3", `"leader":"Lê Văn Chính"`, `"leader":""`), nil, []string{"I-15"}},
	{"a stop ends before it begins", state("d3", `"toAt":"2026`, `"toAt":"2025`), nil, []string{"I-15"}},
	{"a task is lost", []string{`DELETE FROM dossier_task WHERE parent = 'd3'`}, []string{held}, []string{"I-07"}},
	{"a task has two holders", []string{`UPDATE dossier_task SET pool = 'so|handler' WHERE parent = 'd3'`}, []string{held}, []string{"I-07"}},
	{"a dossier lies on no desk", state("d3", `"tasks":[`, `"tasks_":[`), nil, []string{"I-16"}},
	{"a version stands twice", remade("journal", `INSERT INTO journal SELECT * FROM journal WHERE position = 2`), []string{gapless, chained}, []string{"I-17"}},
	{"who handled approved", state("d0", `"holder":"staff-2"`, `"holder":"staff-3"`), nil, []string{"I-19"}},
	{"a fee is forgotten", rewritten(`payload = replace(payload, '"settledAt"', '"settled"')`, "position > 0"), []string{settled}, []string{"I-07", "I-25"}},
	{"a result is returned with its fee open", state("d0", `"settledAt"`, `"settled_"`), nil, []string{"I-20"}},
	{"an actor is changed", rewritten("name = 'Ai Đó'", "position = 2"), []string{chained}, []string{"I-25"}},
	{"a time is changed", rewritten("at = at + 1", "position = 2"), []string{chained}, []string{"I-25"}},
	{"an amount is changed", rewritten("payload = replace(payload, '50000', '40000')", "position = 1"), []string{chained}, []string{"I-25"}},
	{"a reading without a purpose", []string{`INSERT INTO access_log SELECT id + 1, recorded_at, principal, unit, subject, what, '', request FROM access_log`}, []string{watched}, []string{"I-26"}},
	{"a job is hidden", []string{`UPDATE job SET state = 9`}, []string{working}, []string{"I-36"}},
	{"a job is given up without a reason", []string{`UPDATE job SET state = 4, last_error = ''`}, []string{working}, []string{"I-36"}},
	{"a key is lost and the name stays", []string{`DELETE FROM subject_key WHERE subject = 'd0'`}, []string{keyed}, nil},
	{"an identity number in clear", []string{`UPDATE job SET payload = '{"id":"` + secret + `"}'`}, []string{hidden}, nil},
}

// compared is what is no promise of one database but a number by which two are
// compared; see TestTheCourseIsComparable.
const compared = "I-39"

// Every mutation is tried on a database of its own on each engine, and both
// checks name it; and no promise or invariant is without a row.
func TestEveryInvariantIsFoundBroken(t *testing.T) {
	eachEngine(t, func(t *testing.T, honest string) {
		first := copied(t, honest)
		promises, invariants := check(t, honest), program(t, honest)
		for _, m := range mutations {
			t.Run(m.name, func(t *testing.T) {
				address := first(t)
				tamper(t, address, m.statements...)
				found := check(t, address)
				for _, want := range m.promises {
					if !slices.ContainsFunc(found, func(f Finding) bool { return strings.HasPrefix(f.Promise, want) && len(f.Violations) > 0 }) {
						t.Errorf("the independent check does not say that %q is broken", want)
					}
				}
				own := program(t, address)
				for _, want := range m.invariants {
					for _, f := range own {
						if f.ID == want && f.OK {
							t.Errorf("the program's check says that %s holds", want)
						}
					}
				}
			})
		}
		for _, f := range promises {
			if !slices.ContainsFunc(mutations, func(m mutation) bool {
				return slices.ContainsFunc(m.promises, func(p string) bool { return strings.HasPrefix(f.Promise, p) })
			}) {
				t.Errorf("no mutation breaks %q", f.Promise)
			}
		}
		for _, f := range invariants {
			if f.ID != compared && !slices.ContainsFunc(mutations, func(m mutation) bool { return slices.Contains(m.invariants, f.ID) }) {
				t.Errorf("no mutation breaks %s", f.ID)
			}
		}
	})
}

// The same history gives the same course on both engines, another one another.
func TestTheCourseIsComparable(t *testing.T) {
	course := map[string]string{}
	of := func(t *testing.T, address string) string {
		for _, f := range program(t, address) {
			if f.ID == compared {
				return f.Detail
			}
		}
		return ""
	}
	eachEngine(t, func(t *testing.T, address string) {
		course[t.Name()] = of(t, address)
		tamper(t, address, rewritten("at = at + 1", "position = 2")...)
		if of(t, address) == course[t.Name()] {
			t.Error("an event at another time makes the same course")
		}
	})
	if len(course) == 2 {
		var all []string
		for _, c := range course {
			all = append(all, c)
		}
		if all[0] != all[1] || !strings.HasPrefix(all[0], "course ") {
			t.Errorf("the engines' courses differ: %v", course)
		}
	}
}

// copied gives databases with the same history: copies of the file, or clones of
// a database that is written once.
func copied(t *testing.T, honest string) func(t *testing.T) string {
	path, file := strings.CutPrefix(honest, "sqlite:")
	if !file {
		key, err := storetest.ProgramKey()
		if err != nil {
			t.Fatal(err)
		}
		return func(t *testing.T) string {
			return storetest.PostgresFrom(t, "history_"+key, func(address string) error { history(t, address); return nil })
		}
	}
	bytes, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return func(t *testing.T) string {
		to := t.TempDir() + "/copy.db"
		if err := os.WriteFile(to, bytes, 0o600); err != nil {
			t.Fatal(err)
		}
		return "sqlite:" + to
	}
}

// tamper runs statements as somebody with the database's password would.
func tamper(t *testing.T, address string, statements ...string) {
	t.Helper()
	driver, name := "pgx", address
	drop := []string{
		`DROP TRIGGER journal_no_change ON journal`, `DROP TRIGGER journal_no_truncate ON journal`,
		`DROP TRIGGER access_log_no_change ON access_log`, `DROP TRIGGER access_log_no_truncate ON access_log`,
	}
	var restore []string
	for _, table := range []string{"journal", "access_log"} {
		restore = append(restore,
			`CREATE TRIGGER `+table+`_no_change BEFORE UPDATE OR DELETE ON `+table+` FOR EACH ROW EXECUTE FUNCTION append_only()`,
			`CREATE TRIGGER `+table+`_no_truncate BEFORE TRUNCATE ON `+table+` FOR EACH STATEMENT EXECUTE FUNCTION append_only()`)
	}
	if path, ok := strings.CutPrefix(address, "sqlite:"); ok {
		driver, name = "sqlite", "file:"+(&url.URL{Path: path}).EscapedPath()
		drop = []string{`DROP TRIGGER journal_no_update`, `DROP TRIGGER journal_no_delete`, `DROP TRIGGER access_log_no_update`, `DROP TRIGGER access_log_no_delete`}
		restore = nil
		for _, table := range []string{"journal", "access_log"} {
			for _, act := range []string{"update", "delete"} {
				restore = append(restore, `CREATE TRIGGER `+table+`_no_`+act+` BEFORE `+act+` ON `+table+` BEGIN SELECT RAISE(ABORT, '`+table+` is append-only'); END`)
			}
		}
	}
	db, err := sql.Open(driver, name)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	all := append(append(drop, statements...), restore...)
	if len(statements) == 0 {
		all = drop // and the triggers stay away
	}
	for _, st := range all {
		if _, err := db.ExecContext(context.Background(), st); err != nil {
			t.Fatalf("%s: %v", st, err)
		}
	}
}
