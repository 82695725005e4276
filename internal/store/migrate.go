package store

import (
	"context"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/motcua/motcua/internal/core/fault"
)

// schemaFiles are the hand-written tables, schema/ENGINE/NNNN_name.sql, one set
// for each engine with the same numbers. A file that has been released is never
// changed; a new number is added on both sides.
//
//go:embed schema
var schemaFiles embed.FS

// createVersions are the tables that say which schema there is.
var createVersions = [2]string{
	`CREATE TABLE IF NOT EXISTS schema_version (number BIGINT NOT NULL PRIMARY KEY, name TEXT NOT NULL, recorded_at BIGINT NOT NULL)`,
	`CREATE TABLE IF NOT EXISTS projection_version (kind TEXT NOT NULL PRIMARY KEY, fingerprint TEXT NOT NULL, recorded_at BIGINT NOT NULL)`,
}

// migration is one step of the hand-written schema.
type migration struct {
	number int64
	name   string
	text   string
}

// migrations reads an engine's steps in order of their numbers.
func migrations(folder string) ([]migration, error) {
	names, err := fs.Glob(schemaFiles, folder+"/*.sql")
	if err != nil {
		return nil, err
	}
	var out []migration
	for _, name := range names {
		number, _, _ := strings.Cut(path.Base(name), "_")
		n, err := strconv.ParseInt(number, 10, 64)
		if err != nil {
			return nil, fmt.Errorf("schema file %s has no number", name)
		}
		text, err := fs.ReadFile(schemaFiles, name)
		if err != nil {
			return nil, err
		}
		out = append(out, migration{n, path.Base(name), string(text)})
	}
	slices.SortFunc(out, func(a, b migration) int { return int(a.number - b.number) })
	for i, m := range out {
		if m.number != int64(i+1) {
			return nil, fmt.Errorf("schema file %s: want number %04d", m.name, i+1)
		}
	}
	return out, nil
}

// SchemaVersion is the number of the last hand-written step of this release.
func SchemaVersion() int64 {
	steps, err := migrations("schema/sqlite")
	if err != nil {
		return 0
	}
	return int64(len(steps))
}

// Fingerprint names the whole schema of this release: equal fingerprints mean
// equal tables. Test databases are shared by it.
func Fingerprint() string {
	h := sha256.New()
	for _, folder := range []string{"schema/sqlite", "schema/postgres"} {
		steps, _ := migrations(folder)
		for _, m := range steps {
			h.Write([]byte(m.text))
		}
	}
	for _, r := range kinds {
		fmt.Fprintln(h, r.k.name, r.k.fingerprint())
	}
	return hex.EncodeToString(h.Sum(nil))[:16]
}

// fingerprint changes when the kind's tables must be rebuilt.
func (k *kind) fingerprint() string {
	h := sha256.New()
	fmt.Fprintln(h, k.version)
	for _, t := range k.tables() {
		fmt.Fprintln(h, t.name, t.keys, t.columns, t.indexes)
	}
	return hex.EncodeToString(h.Sum(nil))
}

// migrate brings schema and projections to this release, each step in its own
// transaction, so that it can be cut off anywhere and go on later.
func (s *Store) migrate(ctx context.Context) error {
	steps, err := migrations(s.eng.schema())
	if err != nil {
		return err
	}
	if err := s.inWrite(ctx, func(tx transaction) error {
		return runAll(ctx, tx, []string{
			s.eng.lockSchema(), createVersions[0], createVersions[1],
		})
	}); err != nil {
		return err
	}
	for _, m := range steps {
		if err := s.migrateStep(ctx, m, int64(len(steps))); err != nil {
			return err
		}
	}
	return s.migrateKinds(ctx)
}

func (s *Store) migrateStep(ctx context.Context, m migration, latest int64) error {
	return s.inWrite(ctx, func(tx transaction) error {
		if err := tx.script(ctx, s.eng.lockSchema()); err != nil {
			return err
		}
		have, err := schemaNumber(ctx, tx)
		if err != nil {
			return err
		}
		if have > latest {
			return fault.New(fault.Unavailable, "store.schema_newer", fault.Args{"have": have, "want": latest})
		}
		if have >= m.number {
			return nil
		}
		s.opt.Progress("schema " + m.name)
		if err := tx.script(ctx, m.text); err != nil {
			return fmt.Errorf("schema step %s: %w", m.name, err)
		}
		for _, t := range tables {
			if !t.AppendOnly {
				continue
			}
			if there, err := s.hasTable(ctx, tx, t.Name); err != nil {
				return err
			} else if there {
				if err := runAll(ctx, tx, s.eng.guardTable(t.Name)); err != nil {
					return err
				}
			}
		}
		_, err = tx.exec(ctx, `INSERT INTO schema_version (number, name, recorded_at) VALUES ($1, $2, $3)`, m.number, m.name, s.recordedAt().UnixMicro())
		return err
	})
}

// migrateKinds makes or rebuilds the projections whose declaration has changed.
func (s *Store) migrateKinds(ctx context.Context) error {
	for _, r := range kinds {
		err := s.inWrite(ctx, func(tx transaction) error {
			if err := tx.script(ctx, s.eng.lockSchema()); err != nil {
				return err
			}
			have, err := projections(ctx, tx)
			if err != nil || have[r.k.name] == r.k.fingerprint() {
				return err
			}
			return s.rebuildKind(ctx, tx, r.k)
		})
		if err != nil {
			return fmt.Errorf("projection %s: %w", r.k.name, err)
		}
	}
	return nil
}

// checkSchema refuses any schema but this release's.
func (s *Store) checkSchema(ctx context.Context) error {
	latest := SchemaVersion()
	older := fault.New(fault.Unavailable, "store.schema_older", fault.Args{"want": latest})
	if there, err := s.hasTable(ctx, s.eng, "projection_version"); err != nil {
		return err
	} else if !there {
		return older
	}
	have, err := schemaNumber(ctx, s.eng)
	if err != nil {
		return err
	}
	if have > latest {
		return fault.New(fault.Unavailable, "store.schema_newer", fault.Args{"have": have, "want": latest})
	}
	if have < latest {
		return older
	}
	made, err := projections(ctx, s.eng)
	if err != nil {
		return err
	}
	for _, r := range kinds {
		if made[r.k.name] != r.k.fingerprint() {
			return older
		}
	}
	return nil
}

func schemaNumber(ctx context.Context, q querier) (int64, error) {
	rows, err := q.query(ctx, `SELECT COALESCE(MAX(number), 0) FROM schema_version`)
	if err != nil {
		return 0, err
	}
	var n int64
	err = scanOne(rows, &n)
	return n, err
}

func projections(ctx context.Context, q querier) (map[string]string, error) {
	rows, err := q.query(ctx, `SELECT kind, fingerprint FROM projection_version`)
	if err != nil {
		return nil, err
	}
	out := map[string]string{}
	_, err = collect(rows, func(scan func(...any) error) (struct{}, error) {
		var kind, print string
		err := scan(&kind, &print)
		out[kind] = print
		return struct{}{}, err
	})
	return out, err
}

func (s *Store) hasTable(ctx context.Context, q querier, name string) (bool, error) {
	names, err := s.eng.tableNames(ctx, q)
	return slices.Contains(names, name), err
}

// inWrite runs fn in a write transaction of its own.
func (s *Store) inWrite(ctx context.Context, fn func(tx transaction) error) error {
	tx, err := s.eng.begin(ctx)
	if err != nil {
		return err
	}
	if err = fn(tx); err == nil {
		_, err = tx.commit(ctx)
	}
	if err != nil {
		tx.rollback()
	}
	return err
}
