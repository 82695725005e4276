package store

import (
	"context"
	"fmt"
	"strings"

	"github.com/motcua/motcua/internal/core/journal"
)

// folded is one stream, folded to its end.
type folded struct {
	id      string
	version int64
	hash    [32]byte
	at      int64
	state   any
}

// foldPage is how many events are read at a time.
const foldPage = 2000

// fold reads the streams of a kind in order and hands each, folded, to done.
// each, if set, sees every event with the one before it in its stream. Memory
// stays flat: one page of events and one state.
func fold(ctx context.Context, q querier, k *kind, each func(prev *journal.Event, ev journal.Event) error, done func(folded) error) error {
	prefix, end := k.name+"/", k.name+"0" // "0" follows "/"
	stream, version := prefix, int64(0)
	var cur folded
	var prev *journal.Event
	finish := func() error {
		if prev == nil {
			return nil
		}
		return done(cur)
	}
	for {
		rows, err := q.query(ctx, `SELECT `+journalColumns+` FROM journal WHERE (stream, version) > ($1, $2) AND stream < $3 ORDER BY stream, version LIMIT 2000`, stream, version, end)
		if err != nil {
			return err
		}
		page, err := collect(rows, scanEvent)
		if err != nil {
			return err
		}
		for _, ev := range page {
			if prev == nil || prev.Stream != ev.Stream {
				if err := finish(); err != nil {
					return err
				}
				prev, cur = nil, folded{id: strings.TrimPrefix(ev.Stream, prefix), state: k.zero()}
			}
			if each != nil {
				if err := each(prev, ev); err != nil {
					return err
				}
			}
			if cur.state, err = k.apply(cur.state, ev); err != nil {
				return fmt.Errorf("apply event %d: %w", ev.Position, err)
			}
			cur.version, cur.hash, cur.at = ev.Version, ev.Hash, ev.At.UnixMicro()
			prev = &ev
		}
		if len(page) < foldPage {
			return finish()
		}
		stream, version = page[len(page)-1].Stream, page[len(page)-1].Version
	}
}

// Rebuild makes every projection anew from the journal: into shadow tables that
// take the place of the old ones in the same transaction. Writes wait meanwhile,
// readers hardly do.
func (s *Store) Rebuild(ctx context.Context) error {
	for _, r := range kinds {
		err := s.inWrite(ctx, func(tx transaction) error {
			if err := tx.script(ctx, s.eng.lockSchema()); err != nil {
				return err
			}
			return s.rebuildKind(ctx, tx, r.k)
		})
		if err != nil {
			return fmt.Errorf("rebuild %s: %w", r.k.name, err)
		}
	}
	return nil
}

// rebuildKind fills shadow tables of a kind from the journal and swaps them in.
// The lock of the journal's head keeps every writer out.
func (s *Store) rebuildKind(ctx context.Context, tx transaction, k *kind) error {
	if _, err := tx.exec(ctx, `UPDATE journal_head SET last = last`); err != nil {
		return err
	}
	shadows := make([]*tableDef, 0, 1+len(k.children))
	for _, t := range k.tables() {
		shadow := *t
		shadow.name = t.name + "_shadow"
		shadows = append(shadows, &shadow)
		st := append([]string{`DROP TABLE IF EXISTS ` + shadow.name}, s.eng.createTable(t, shadow.name)...)
		if err := runAll(ctx, tx, st); err != nil {
			return err
		}
	}
	fill := filler{k: k, tx: tx, shadows: shadows, rows: make([][][]any, len(shadows))}
	err := fold(ctx, tx, k, nil, func(f folded) error {
		if err := fill.add(f); err != nil {
			return err
		}
		if fill.streams%10_000 == 0 {
			s.opt.Progress(fmt.Sprintf("%s %d", k.name, fill.streams))
		}
		return fill.flush(ctx, 1000)
	})
	if err != nil {
		return err
	}
	if err := fill.flush(ctx, 1); err != nil {
		return err
	}
	s.opt.Progress(fmt.Sprintf("%s %d, done", k.name, fill.streams))
	for i, t := range k.tables() {
		if err := runAll(ctx, tx, s.eng.swapTable(t, shadows[i].name)); err != nil {
			return err
		}
	}
	_, err = tx.exec(ctx, `INSERT INTO projection_version (kind, fingerprint, recorded_at) VALUES ($1, $2, $3)
		ON CONFLICT (kind) DO UPDATE SET fingerprint = excluded.fingerprint, recorded_at = excluded.recorded_at`,
		k.name, k.fingerprint(), s.recordedAt().UnixMicro())
	return err
}

// filler collects rows for the shadow tables of a kind.
type filler struct {
	k       *kind
	tx      transaction
	shadows []*tableDef
	rows    [][][]any
	streams int
}

func (f *filler) add(s folded) error {
	row, err := f.k.mainRow(s.id, s.version, s.hash, s.at, s.state)
	if err != nil {
		return err
	}
	f.streams++
	f.rows[0] = append(f.rows[0], row)
	for i := range f.k.children {
		for _, child := range f.k.childRows(i, s.state) {
			f.rows[i+1] = append(f.rows[i+1], append([]any{s.id}, child...))
		}
	}
	return nil
}

// flush writes the tables that have at least n rows waiting.
func (f *filler) flush(ctx context.Context, n int) error {
	for i, rows := range f.rows {
		if len(rows) < n {
			continue
		}
		if err := f.tx.change(ctx, []change{{op: opInsert, def: f.shadows[i], rows: rows}}); err != nil {
			return err
		}
		f.rows[i] = nil
	}
	return nil
}
