package store_test

import (
	"bytes"
	"errors"
	"io"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/motcua/motcua/internal/core/fault"
	"github.com/motcua/motcua/internal/store"
	"github.com/motcua/motcua/internal/store/storetest"
)

// fill writes some boxes with children and changes.
func fill(t *testing.T, s *store.Store) {
	t.Helper()
	for _, id := range []string{"a", "b", "c"} {
		mustPut(t, s, id, "", store.Put{Name: id, Add: 3, Sealed: []byte{1}, Things: []store.Thing{{ID: "t1", Weight: 1}, {ID: "t2", Weight: 2, Note: "n"}}})
		mustPut(t, s, id, "", store.Put{Add: 20, Drop: "t1", Things: []store.Thing{{ID: "t3", Weight: 3}}})
	}
}

func TestAppendOnlyTriggers(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		fill(t, s)
		if err := s.LogAccess(t.Context(), store.Access{Principal: "p", Subject: "a", What: "name", Purpose: "handle"}); err != nil {
			t.Fatal(err)
		}
		for _, sql := range []string{
			`UPDATE journal SET ground = 'x' WHERE position = 1`, `DELETE FROM journal WHERE position = 1`,
			`UPDATE access_log SET what = 'x'`, `DELETE FROM access_log`,
		} {
			if err := s.Tamper(t.Context(), sql); err == nil || !strings.Contains(err.Error(), "append-only") {
				t.Errorf("%s: %v, want it refused as append-only", sql, err)
			}
		}
	})
}

func TestVerifyFindsTampering(t *testing.T) {
	cases := []struct {
		name, sql string
		want      []string
	}{
		{"payload changed", `UPDATE journal SET payload = '{"add":4}' WHERE position = 2`, []string{"I-25", "I-07"}},
		{"ground changed", `UPDATE journal SET ground = 'x' WHERE position = 2`, []string{"I-25"}},
		{"time changed", `UPDATE journal SET at = at + 1 WHERE position = 1`, []string{"I-25"}},
		{"actor emptied", `UPDATE journal SET principal = '' WHERE position = 1`, []string{"I-10", "I-25", "I-04"}},
		{"last event removed", `DELETE FROM journal WHERE position = 6`, []string{"I-01", "I-07", "I-04"}},
		{"event of the middle removed", `DELETE FROM journal WHERE position = 1`, []string{"I-01", "I-05"}},
		{"head moved", `UPDATE journal_head SET last = 7`, []string{"I-01"}},
		{"recorded backwards", `UPDATE journal SET recorded_at = recorded_at - 1000000000 WHERE version = 2`, []string{"I-06"}},
		{"unknown stream", `UPDATE journal SET stream = 'crate/a' WHERE stream = 'box/a'`, []string{"I-09", "I-07"}},
		{"column changed", `UPDATE box SET total = 1 WHERE id = 'a'`, []string{"I-07"}},
		{"state changed", `UPDATE box SET state = '{}' WHERE id = 'a'`, []string{"I-07"}},
		{"child changed", `UPDATE box_thing SET note = NULL WHERE parent = 'a' AND id = 't2'`, []string{"I-07"}},
		{"child removed", `DELETE FROM box_thing WHERE parent = 'a' AND id = 't2'`, []string{"I-07"}},
		{"child of nobody", `INSERT INTO box_thing (parent, id, weight) VALUES ('z', 't', 1)`, []string{"I-07"}},
		{"row of nobody", `INSERT INTO box SELECT 'z', version, hash, at, 'z', note, total, big, empty, sealed, state FROM box WHERE id = 'a'`, []string{"I-07"}},
		{"command removed", `DELETE FROM command_log WHERE events = 1`, []string{"I-04"}},
		{"table not declared", `CREATE TABLE stranger (id BIGINT PRIMARY KEY)`, []string{"I-03"}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			storetest.EachURL(t, func(t *testing.T, url string) {
				s := storetest.Open(t, url, store.Options{})
				fill(t, s)
				storetest.Verify(t, s)
				if err := s.TamperUnguarded(t.Context(), c.sql); err != nil {
					t.Fatal(err)
				}
				found, err := s.Verify(t.Context())
				if err != nil {
					t.Fatal(err)
				}
				for _, id := range c.want {
					if holds(found, id) {
						t.Errorf("%s holds after %q; want it violated: %+v", id, c.sql, found)
					}
				}
			})
		})
	}
}

func TestVerifyMissesTriggers(t *testing.T) {
	storetest.EachURL(t, func(t *testing.T, url string) {
		s := storetest.Open(t, url, store.Options{})
		if err := s.DropTriggers(t.Context()); err != nil {
			t.Fatal(err)
		}
		found, err := s.Verify(t.Context())
		if err != nil || holds(found, "I-03") {
			t.Errorf("Verify() = %+v, %v; want I-03 violated", found, err)
		}
	})
}

func holds(found []store.Invariant, id string) bool {
	for _, f := range found {
		if f.ID == id {
			return f.OK
		}
	}
	return false
}

func TestRebuildCuresProjections(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		fill(t, s)
		want := mustGet(t, s, "a")
		for _, sql := range []string{`UPDATE box SET state = '{}', total = 0`, `DELETE FROM box_thing`} {
			if err := s.TamperUnguarded(t.Context(), sql); err != nil {
				t.Fatal(err)
			}
		}
		if err := s.Rebuild(t.Context()); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, mustGet(t, s, "a")); diff != "" {
			t.Errorf("box after rebuild (-want +got):\n%s", diff)
		}
		mustPut(t, s, "a", "", store.Put{Add: 1}) // and writing goes on
		if _, err := put(t.Context(), s, "z", "", store.Put{Name: "b"}); !fault.Is(err, "store.duplicate") {
			t.Errorf("unique index after rebuild: %v, want store.duplicate", err)
		}
	})
}

func TestErasure(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		secret := []byte("Trần Thị Giả, 999000000001")
		seal := func(v *store.View) (int, error) {
			p := store.Put{Name: "a", Sealed: v.Seal("a", "person", secret)}
			v.Index("a", "name", "tran thi gia")
			_, err := store.Record[store.Box](v, box("a"), "box.put", 1, "", p)
			return 0, err
		}
		if _, err := store.Do(t.Context(), s, putWrite("a", "", store.Put{}), seal); err != nil {
			t.Fatal(err)
		}
		mustPut(t, s, "b", "", store.Put{Name: "b"})
		sealed := mustGet(t, s, "a").Sealed
		if bytes.Contains(sealed, secret[:5]) {
			t.Error("the sealed value shows its plain text")
		}
		plain, err := s.Unseal(t.Context(), "a", "person", sealed)
		if err != nil || !bytes.Equal(plain, secret) {
			t.Fatalf("Unseal() = %q, %v, want %q", plain, err, secret)
		}
		if _, err := s.Unseal(t.Context(), "a", "other", sealed); err == nil {
			t.Error("Unseal with another class succeeded")
		}
		if found, err := s.SubjectsBy(t.Context(), "name", "tran thi gia", 10); len(found) != 1 || err != nil {
			t.Errorf("SubjectsBy() = %v, %v, want the subject", found, err)
		}
		again := func(v *store.View) (string, error) {
			got, err := v.Unseal("a", "person", sealed)
			v.Erase("a")
			return string(got), err
		}
		if got, err := store.Do(t.Context(), s, putWrite("a", "", store.Put{}), again); err != nil || got != string(secret) {
			t.Fatalf("erasing write = %q, %v", got, err)
		}
		if _, err := s.Unseal(t.Context(), "a", "person", sealed); !fault.Is(err, "store.erased") {
			t.Errorf("Unseal after erasure: %v, want store.erased", err)
		}
		if found, err := s.SubjectsBy(t.Context(), "name", "tran thi gia", 10); len(found) != 0 || err != nil {
			t.Errorf("SubjectsBy() after erasure = %v, %v, want none", found, err)
		}
		if err := s.Rebuild(t.Context()); err != nil {
			t.Fatal(err)
		}
	})
}

func TestBackupAndRestore(t *testing.T) {
	blobs := fstest.MapFS{"ab/abcd": {Data: []byte("một tệp")}, "cd/cdef": {Data: bytes.Repeat([]byte("x"), 1<<17)}}
	storetest.EachURL(t, func(t *testing.T, url string) {
		s := storetest.Open(t, url, store.Options{})
		fill(t, s)
		if _, err := s.EnqueueSlot(t.Context(), store.Outbox{Kind: "k"}, "2026-07-01"); err != nil {
			t.Fatal(err)
		}
		var file bytes.Buffer
		if err := s.Backup(t.Context(), &file, blobs); err != nil {
			t.Fatal(err)
		}
		to := "sqlite:" + filepath.Join(t.TempDir(), "new", "restored.db")
		if s.Engine() == "postgres" {
			to = storetest.PostgresEmpty(t)
		}
		got := fstest.MapFS{}
		put := func(path string, r io.Reader) error {
			data, err := io.ReadAll(r)
			got[path] = &fstest.MapFile{Data: data}
			return err
		}
		opt := store.Options{Ring: storetest.Ring(t)}
		m, err := store.Restore(t.Context(), to, opt, bytes.NewReader(file.Bytes()), put)
		if err != nil || m.Position != 6 {
			t.Fatalf("Restore() = %+v, %v, want position 6", m, err)
		}
		if diff := cmp.Diff(blobs, got); diff != "" {
			t.Errorf("files (-want +got):\n%s", diff)
		}
		if _, err := store.Restore(t.Context(), to, opt, bytes.NewReader(file.Bytes()), put); !fault.Is(err, "store.not_empty") {
			t.Errorf("restore over data: %v, want store.not_empty", err)
		}
		if _, err := store.Restore(t.Context(), to+"2", opt, strings.NewReader("not a backup"), put); !fault.Is(err, "store.backup_unreadable") {
			t.Errorf("restore of another file: %v, want store.backup_unreadable", err)
		}
		r := storetest.Open(t, to, store.Options{})
		if diff := cmp.Diff(mustGet(t, s, "b"), mustGet(t, r, "b")); diff != "" {
			t.Errorf("restored box (-want +got):\n%s", diff)
		}
		mustPut(t, r, "b", "", store.Put{Add: 1})
		if made, err := r.EnqueueSlot(t.Context(), store.Outbox{Kind: "k"}, "2026-07-02"); err != nil || !made {
			t.Errorf("next job after restore = %v, %v", made, err)
		}
		storetest.Verify(t, r)
	})
}

func TestReopen(t *testing.T) {
	storetest.EachURL(t, func(t *testing.T, url string) {
		opt := store.Options{Ring: storetest.Ring(t), Migrate: true}
		s, err := store.Open(t.Context(), url, opt)
		if err != nil {
			t.Fatal(err)
		}
		fill(t, s)
		if err := errors.Join(s.Close(), s.Close()); err != nil {
			t.Fatal(err)
		}
		if _, err := put(t.Context(), s, "a", "", store.Put{}); !fault.Is(err, "store.closed") {
			t.Errorf("write after Close: %v, want store.closed", err)
		}
		opt.Migrate = false
		s, err = store.Open(t.Context(), url, opt)
		if err != nil {
			t.Fatal(err)
		}
		if s.Position() != 6 || mustGet(t, s, "c").Total != 23 {
			t.Errorf("reopened at position %d with %+v", s.Position(), mustGet(t, s, "c"))
		}
		storetest.Verify(t, s)
		if err := s.TamperUnguarded(t.Context(), `INSERT INTO schema_version (number, name, recorded_at) VALUES (9999, 'later', 0)`); err != nil {
			t.Fatal(err)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		for _, migrate := range []bool{false, true} {
			opt.Migrate = migrate
			if s, err := store.Open(t.Context(), url, opt); !fault.Is(err, "store.schema_newer") {
				t.Errorf("open a later schema, migrate %v: %v, want store.schema_newer", migrate, err)
				if err == nil {
					_ = s.Close()
				}
			}
		}
	})
}

func TestOldSchemaIsRefusedWithoutMigrate(t *testing.T) {
	url := "sqlite:" + filepath.Join(t.TempDir(), "x.db")
	if _, err := store.Open(t.Context(), url, store.Options{}); !fault.Is(err, "store.schema_older") {
		t.Errorf("Open of an empty file: %v, want store.schema_older", err)
	}
}

func TestOneProcessOwnsAFile(t *testing.T) {
	url := "sqlite:" + filepath.Join(t.TempDir(), "x.db")
	storetest.Open(t, url, store.Options{})
	if _, err := store.Open(t.Context(), url, store.Options{}); !fault.Is(err, "store.locked") {
		t.Errorf("second Open: %v, want store.locked", err)
	}
}

func TestTablesAreDeclared(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		names, err := s.TableNames(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		declared := map[string]bool{}
		for _, d := range store.Tables() {
			if declared[d.Name] {
				t.Errorf("table %s is declared twice", d.Name)
			}
			declared[d.Name] = true
		}
		for _, n := range names {
			if !declared[n] {
				t.Errorf("table %s has no class: declare it in table.go", n)
			}
			delete(declared, n)
		}
		for n := range declared {
			t.Errorf("declared table %s does not exist", n)
		}
	})
}

func TestWatch(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ch := s.Watch(t.Context())
		if p := <-ch; p != 0 {
			t.Errorf("first position = %d, want 0", p)
		}
		fill(t, s)
		for p := range ch {
			if p == 6 {
				break
			}
		}
		events, err := s.Events(t.Context(), 4, 10)
		if err != nil || len(events) != 2 || events[0].Position != 5 {
			t.Errorf("Events(4) = %v, %v, want 5 and 6", events, err)
		}
		if s.Position() != 6 {
			t.Errorf("Position() = %d, want 6", s.Position())
		}
	})
}

func TestJobs(t *testing.T) {
	now := time.Date(2026, 7, 1, 9, 0, 0, 0, time.UTC)
	storetest.EachURL(t, func(t *testing.T, url string) {
		wall := now
		s := storetest.Open(t, url, store.Options{Wall: func() time.Time { return wall }})
		w := putWrite("a", "", store.Put{Name: "a"})
		_, err := store.Do(t.Context(), s, w, func(v *store.View) (int, error) {
			v.Enqueue(store.Outbox{Kind: "sms", Key: "a", Payload: []byte(`{"n":1}`)})
			v.Enqueue(store.Outbox{Kind: "sms", Key: "a", Payload: []byte(`{"n":2}`)})
			v.Enqueue(store.Outbox{Kind: "sms", Key: "b", Payload: []byte(`{"n":3}`)})
			v.Enqueue(store.Outbox{Kind: "later", NotBefore: wall.Add(time.Hour)})
			return 0, nil
		})
		if err != nil {
			t.Fatal(err)
		}
		claim := func(want ...string) []store.Job {
			t.Helper()
			jobs, err := s.ClaimJobs(t.Context(), "w", 10, time.Minute)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, j := range jobs {
				got = append(got, j.Kind+string(j.Payload))
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Fatalf("claimed jobs (-want +got):\n%s", diff)
			}
			return jobs
		}
		jobs := claim(`sms{"n":1}`, `sms{"n":3}`) // the second of key a waits for the first
		if err := s.CompleteJobs(t.Context(), jobs[1].ID); err != nil {
			t.Fatal(err)
		}
		claim()
		wall = wall.Add(2 * time.Minute) // the lease runs out
		jobs = claim(`sms{"n":1}`)
		if jobs[0].Attempts != 2 {
			t.Errorf("attempts = %d, want 2", jobs[0].Attempts)
		}
		if err := s.RetryJob(t.Context(), jobs[0].ID, wall.Add(time.Minute), "no answer"); err != nil {
			t.Fatal(err)
		}
		claim()
		wall = wall.Add(2 * time.Minute)
		jobs = claim(`sms{"n":1}`)
		if err := s.BuryJob(t.Context(), jobs[0].ID, "refused"); err != nil {
			t.Fatal(err)
		}
		dead, err := s.DeadJobs(t.Context(), 10)
		if err != nil || len(dead) != 1 || dead[0].Reason != "refused" {
			t.Errorf("DeadJobs() = %+v, %v", dead, err)
		}
		claim(`sms{"n":2}`)
		wall = wall.Add(time.Hour)
		jobs = claim(`sms{"n":2}`, `later`)
		if err := s.CompleteJobs(t.Context(), jobs[0].ID, jobs[1].ID); err != nil {
			t.Fatal(err)
		}
		for i, want := range []bool{true, false} {
			if made, err := s.EnqueueSlot(t.Context(), store.Outbox{Kind: "nightly"}, "2026-07-01"); err != nil || made != want {
				t.Errorf("EnqueueSlot() number %d = %v, %v, want %v", i+1, made, err, want)
			}
		}
		jobs = claim("nightly")
		if err := s.CompleteJobs(t.Context(), jobs[0].ID); err != nil {
			t.Fatal(err)
		}
		claim()
		if made, err := s.EnqueueSlot(t.Context(), store.Outbox{Kind: "nightly"}, "2026-07-01"); err != nil || made {
			t.Errorf("EnqueueSlot() of a finished slot = %v, %v, want false", made, err)
		}
	})
}

func TestSessions(t *testing.T) {
	wall := time.Date(2026, 7, 1, 9, 0, 0, 0, time.UTC)
	storetest.EachURL(t, func(t *testing.T, url string) {
		now := wall
		s := storetest.Open(t, url, store.Options{Wall: func() time.Time { return now }})
		n := store.Session{TokenHash: []byte{1, 2}, Staff: "staff-1", Data: []byte(`{}`), ExpiresAt: now.Add(time.Hour)}
		if err := s.PutSession(t.Context(), n); err != nil {
			t.Fatal(err)
		}
		got, err := s.FindSession(t.Context(), n.TokenHash)
		if err != nil || got.Staff != n.Staff || !got.ExpiresAt.Equal(n.ExpiresAt) {
			t.Errorf("FindSession() = %+v, %v, want %+v", got, err, n)
		}
		if err := s.EndSessionsOf(t.Context(), "staff-1"); err != nil {
			t.Fatal(err)
		}
		if _, err := s.FindSession(t.Context(), n.TokenHash); !fault.Is(err, "store.no_session") {
			t.Errorf("FindSession after its end: %v, want store.no_session", err)
		}
		if err := s.PutSession(t.Context(), n); err != nil {
			t.Fatal(err)
		}
		now = now.Add(2 * time.Hour)
		if _, err := s.FindSession(t.Context(), n.TokenHash); !fault.Is(err, "store.no_session") {
			t.Errorf("FindSession after expiry: %v, want store.no_session", err)
		}
		if err := s.Sweep(t.Context(), 0); err != nil {
			t.Fatal(err)
		}
	})
}

func TestFiles(t *testing.T) {
	storetest.EachURL(t, func(t *testing.T, url string) {
		now := time.Date(2026, 7, 1, 9, 0, 0, 0, time.UTC)
		s := storetest.Open(t, url, store.Options{Wall: func() time.Time { return now }})
		for _, hash := range []string{"h1", "h2"} {
			if err := s.StageFile(t.Context(), store.StagedFile{Hash: hash, Uploader: officer.Principal, Name: hash + ".pdf", Type: "application/pdf", Size: 7}); err != nil {
				t.Fatal(err)
			}
		}
		attach := func(hash string) (store.StagedFile, error) {
			w := putWrite("a", "", store.Put{})
			w.Files = []string{hash}
			return store.Do(t.Context(), s, w, func(v *store.View) (store.StagedFile, error) { return v.Attach(hash) })
		}
		for range 2 { // the same bytes may be attached twice
			if f, err := attach("h1"); err != nil || f.Name != "h1.pdf" || f.Size != 7 {
				t.Errorf("Attach() = %+v, %v", f, err)
			}
		}
		if _, err := attach("h3"); !fault.Is(err, "store.file_not_staged") {
			t.Errorf("Attach of a strange file: %v, want store.file_not_staged", err)
		}
		if staged, err := s.StagedFiles(t.Context(), officer.Principal, []string{"h1", "h2", "h3"}); err != nil || len(staged) != 2 {
			t.Errorf("StagedFiles() = %v, %v, want two", staged, err)
		}
		var gone []string
		remove := func(hash string) error { gone = append(gone, hash); return nil }
		if n, err := s.SweepFiles(t.Context(), now.Add(time.Second), remove); err != nil || n != 1 {
			t.Errorf("SweepFiles() = %d, %v, want 1", n, err)
		}
		if diff := cmp.Diff([]string{"h2"}, gone); diff != "" {
			t.Errorf("removed files (-want +got):\n%s", diff)
		}
		if kept, err := s.KeptFile(t.Context(), "h1"); !kept || err != nil {
			t.Errorf("KeptFile() = %v, %v, want true", kept, err)
		}
	})
}

func TestAccessLog(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		for _, who := range []string{"p1", "p2"} {
			a := store.Access{Principal: who, Unit: "u", Subject: "d1", What: "owner", Purpose: "handle", Request: "r"}
			if err := s.LogAccess(t.Context(), a); err != nil {
				t.Fatal(err)
			}
		}
		got, err := s.AccessesOf(t.Context(), "d1", 10)
		if err != nil || len(got) != 2 || got[0].Principal != "p2" || got[0].At.IsZero() {
			t.Errorf("AccessesOf() = %+v, %v, want p2 then p1", got, err)
		}
	})
}
