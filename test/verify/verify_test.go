package verify

import (
	"context"
	"database/sql"
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/motcua/motcua/internal/core/dossier"
	"github.com/motcua/motcua/internal/core/journal"
	"github.com/motcua/motcua/internal/store"
	"github.com/motcua/motcua/internal/store/storetest"
)

// secret is an identity number that the history below seals.
const secret = "999085001234"

// history writes dossiers by hand, as the program's rules would decide them.
func history(t *testing.T, address string) {
	t.Helper()
	s, err := store.Open(t.Context(), address, store.Options{Migrate: true, Ring: storetest.Ring(t)})
	if err != nil {
		t.Fatal(err)
	}
	at := time.Date(2026, 11, 24, 9, 0, 0, 0, time.FixedZone("+07:00", 7*3600))
	record := func(id string, c dossier.Change, kind string) {
		t.Helper()
		root := store.DossierRoot(id)
		w := store.Write{Actor: journal.Actor{Principal: "staff-1", Name: "Nguyễn Văn An", Role: "reception", Unit: "tt"}, Roots: []store.Root{root}, At: at}
		_, err := store.Do(t.Context(), s, w, func(v *store.View) (int, error) {
			if c.Opening != nil {
				c.Private = v.Seal(id, "person", []byte(`{"owner":"`+secret+`"}`))
				v.Index(id, "name", "nguyen van an")
				v.Enqueue(store.Outbox{Kind: "notice", Key: id, Payload: []byte(`{}`)})
			}
			_, err := store.Record[dossier.Dossier](v, root, kind, 1, "NĐ 118/2025", c)
			return 0, err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	paid := at.Add(time.Hour)
	for i := range 4 {
		id := fmt.Sprintf("d%d", i)
		opening := &dossier.Opening{Ref: id, Unit: "tt", Agency: "so", At: at}
		receive := dossier.Task{ID: "t1", Kind: dossier.TaskReceive, Unit: "tt", Role: "reception", Holder: "staff-1"}
		handle := dossier.Task{ID: "t2", Kind: dossier.TaskHandle, Unit: "so", Role: "handler"}
		give := dossier.Task{ID: "t3", Kind: dossier.TaskReturn, Unit: "tt", Role: "reception"}
		record(id, dossier.Change{Status: 2, Opening: opening, Code: fmt.Sprintf("H36.01-261124-%04d", i+1), Opened: []dossier.Task{receive},
			Fee: &dossier.Fee{Total: 50_000}}, "dossier.received")
		record(id, dossier.Change{Status: 4, Closed: []string{"t1"}, Opened: []dossier.Task{handle}}, "dossier.forwarded")
		record(id, dossier.Change{Held: &dossier.Holding{Task: "t2", Staff: "staff-2"}}, "dossier.claimed")
		if i < 2 {
			record(id, dossier.Change{Fee: &dossier.Fee{Total: 50_000, SettledAt: &paid}}, "dossier.fee_collected")
			record(id, dossier.Change{Status: 9, Closed: []string{"t2"}, Opened: []dossier.Task{give}}, "dossier.handed_over")
		}
		if i == 0 {
			record(id, dossier.Change{Status: 10, Closed: []string{"t3"}}, "dossier.returned")
		}
	}
	if err := s.LogAccess(t.Context(), store.Access{Principal: "staff-1", Subject: "d0", What: "owner", Purpose: "handle"}); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}

// eachEngine runs fn on a fresh history on each engine.
func eachEngine(t *testing.T, fn func(t *testing.T, address string)) {
	storetest.EachURL(t, func(t *testing.T, address string) {
		history(t, address)
		fn(t, address)
	})
}

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
	})
}

// tamper runs statements as somebody with the database's password would.
func tamper(t *testing.T, address string, statements ...string) {
	t.Helper()
	driver, name := "pgx", address
	drop := []string{`DROP TRIGGER journal_no_change ON journal`, `DROP TRIGGER journal_no_truncate ON journal`}
	restore := []string{
		`CREATE TRIGGER journal_no_change BEFORE UPDATE OR DELETE ON journal FOR EACH ROW EXECUTE FUNCTION append_only()`,
		`CREATE TRIGGER journal_no_truncate BEFORE TRUNCATE ON journal FOR EACH STATEMENT EXECUTE FUNCTION append_only()`,
	}
	if path, ok := strings.CutPrefix(address, "sqlite:"); ok {
		driver, name = "sqlite", "file:"+(&url.URL{Path: path}).EscapedPath()
		drop = []string{`DROP TRIGGER journal_no_update`, `DROP TRIGGER journal_no_delete`}
		restore = []string{
			`CREATE TRIGGER journal_no_update BEFORE UPDATE ON journal BEGIN SELECT RAISE(ABORT, 'journal is append-only'); END`,
			`CREATE TRIGGER journal_no_delete BEFORE DELETE ON journal BEGIN SELECT RAISE(ABORT, 'journal is append-only'); END`,
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

// Every tampering is tried on SQLite; on PostgreSQL those of which the check
// depends on the engine's types, triggers or catalogue: a database each is slow.
func TestTamperingIsFound(t *testing.T) {
	onBoth := map[string]bool{"an event is taken out": true, "a payload is changed": true, "a row is taken out": true,
		"a task has two holders": true, "an identity number in clear": true, "the triggers are away": true}
	tests := []struct {
		name, promise string
		statements    []string
	}{
		{"an event is taken out", "positions have no gap", []string{`DELETE FROM journal WHERE position = 3`}},
		{"the head is moved", "positions have no gap", []string{`UPDATE journal_head SET last = last + 1`}},
		{"a payload is changed", "streams are chained", []string{`UPDATE journal SET payload = replace(payload, '50000', '40000') WHERE position = 1`}},
		{"an actor is changed", "streams are chained", []string{`UPDATE journal SET name = 'Trần Thị Bình' WHERE position = 2`}},
		{"a time is changed", "streams are chained", []string{`UPDATE journal SET at = at + 1 WHERE position = 2`}},
		{"a version is left out", "streams are chained", []string{`UPDATE journal SET version = 9 WHERE position = (SELECT max(position) FROM journal)`}},
		{"an actor is taken out", "every event says who", []string{`UPDATE journal SET principal = '' WHERE position = 2`}},
		{"a command is invented", "commands and events", []string{`INSERT INTO command_log SELECT principal, 'x', body_hash, 1, '0', 1 FROM command_log LIMIT 1`}},
		{"a status is jumped over", "only legal moves", []string{`UPDATE journal SET payload = replace(payload, '"status":9', '"status":10') WHERE position > 0`}},
		{"a fee is forgotten", "the fee is settled", []string{`UPDATE journal SET payload = replace(payload, '"settledAt"', '"settled"') WHERE position > 0`}},
		{"a row is changed behind the journal", "rows of dossiers", []string{`UPDATE dossier SET status = 9 WHERE id = 'd3'`}},
		{"a row is taken out", "rows of dossiers", []string{`DELETE FROM dossier WHERE id = 'd3'`}},
		{"a task is lost", "one holder per open task", []string{`DELETE FROM dossier_task WHERE parent = 'd3'`}},
		{"a task has two holders", "one holder per open task", []string{`UPDATE dossier_task SET pool = 'so|handler' WHERE parent = 'd3'`}},
		{"a code is given twice", "codes are unique", []string{`UPDATE journal SET payload = replace(payload, '261124-0002', '261124-0001') WHERE position > 0`}},
		{"a code is left out", "codes are unique", []string{`UPDATE journal SET payload = replace(payload, '261124-0002', '261124-0007') WHERE position > 0`}},
		{"a code has another day", "codes are unique", []string{`UPDATE journal SET payload = replace(payload, '-261124-', '-261123-') WHERE position > 0`}},
		{"a key is lost and the name stays", "search values of a person", []string{`DELETE FROM subject_key WHERE subject = 'd0'`}},
		{"a job is hidden", "every job", []string{`UPDATE job SET state = 9`}},
		{"an identity number in clear", "personal data", []string{`UPDATE job SET payload = '{"id":"` + secret + `"}'`}},
		{"the triggers are away", "append-only tables", nil},
	}
	eachEngine(t, func(t *testing.T, address string) {
		for i, tt := range tests {
			if !strings.HasPrefix(address, "sqlite:") && !onBoth[tt.name] {
				continue
			}
			t.Run(tt.name, func(t *testing.T) {
				target := address
				if i > 0 { // the first takes the history that there is
					target = fresh(t, address)
				}
				tamper(t, target, tt.statements...)
				for _, f := range check(t, target) {
					if strings.HasPrefix(f.Promise, tt.promise) && len(f.Violations) > 0 {
						return
					}
				}
				t.Errorf("not found by %q", tt.promise)
			})
		}
	})
}

// fresh is another database with the same history.
func fresh(t *testing.T, like string) string {
	t.Helper()
	address := "sqlite:" + t.TempDir() + "/fresh.db"
	if !strings.HasPrefix(like, "sqlite:") {
		address = storetest.Postgres(t)
	}
	history(t, address)
	return address
}
