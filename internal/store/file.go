package store

import (
	"context"
	"time"
)

// StagedFile is a file whose bytes are stored and whose uploader may attach it
// to something (tệp chờ gắn).
type StagedFile struct {
	Hash     string // SHA-256 of the bytes, hexadecimal
	Uploader string // principal
	Name     string // as the uploader called it
	Type     string // media type, as found in the bytes
	Size     int64  // bytes
	At       time.Time
}

const stagedColumns = `hash, uploader, name, type, size, recorded_at`

func scanStaged(scan func(dest ...any) error) (StagedFile, error) {
	var f StagedFile
	var at int64
	err := scan(&f.Hash, &f.Uploader, &f.Name, &f.Type, &f.Size, &at)
	f.At = instant(at)
	return f, err
}

// StageFile notes an uploaded file; its bytes must be durable already.
func (s *Store) StageFile(ctx context.Context, f StagedFile) error {
	return s.run(ctx, `INSERT INTO staged_file (hash, uploader, name, type, size, recorded_at) VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (hash, uploader) DO UPDATE SET name = excluded.name, recorded_at = excluded.recorded_at`,
		f.Hash, f.Uploader, f.Name, f.Type, f.Size, s.recordedAt().UnixMicro())
}

// StagedFiles reads the uploader's staged files among hashes.
func (s *Store) StagedFiles(ctx context.Context, uploader string, hashes []string) ([]StagedFile, error) {
	if len(hashes) == 0 {
		return nil, nil
	}
	list, args := inList(2, hashes)
	return Collect(ctx, s, scanStaged, `SELECT `+stagedColumns+` FROM staged_file WHERE uploader = $1 AND hash IN (`+list+`) ORDER BY recorded_at, hash`,
		append([]any{uploader}, args...)...)
}

// SweepFiles ends the staging of files staged before a time and calls remove for
// the hashes that nobody has attached or staged again. remove runs under the
// row locks that attaching takes, so no file is attached while it goes; an
// error of remove keeps its row for the next sweep. It returns how many went.
func (s *Store) SweepFiles(ctx context.Context, before time.Time, remove func(hash string) error) (int, error) {
	removed := 0
	err := s.write(ctx, func(ctx context.Context, tx transaction) error {
		removed = 0
		lock := ""
		if s.eng.name() == "postgres" {
			lock = " FOR UPDATE SKIP LOCKED"
		}
		rows, err := tx.query(ctx, `SELECT `+stagedColumns+` FROM staged_file WHERE recorded_at < $1 ORDER BY recorded_at, hash LIMIT 500`+lock, before.UnixMicro())
		if err != nil {
			return err
		}
		old, err := collect(rows, scanStaged)
		if err != nil {
			return err
		}
		for _, f := range old {
			gone, err := s.sweepFile(ctx, tx, f, remove)
			if err != nil {
				return err
			}
			if gone {
				removed++
			}
		}
		return nil
	})
	return removed, err
}

func (s *Store) sweepFile(ctx context.Context, tx transaction, f StagedFile, remove func(hash string) error) (bool, error) {
	var wanted int64
	rows, err := tx.query(ctx, `SELECT (SELECT count(*) FROM kept_file WHERE hash = $1) + (SELECT count(*) FROM staged_file WHERE hash = $1 AND uploader <> $2)`, f.Hash, f.Uploader)
	if err != nil {
		return false, err
	}
	if err := scanOne(rows, &wanted); err != nil {
		return false, err
	}
	if wanted == 0 {
		if err := remove(f.Hash); err != nil {
			s.log.Warn("a file could not be removed and stays staged", "hash", f.Hash, "error", err)
			return false, nil
		}
	}
	_, err = tx.exec(ctx, `DELETE FROM staged_file WHERE hash = $1 AND uploader = $2`, f.Hash, f.Uploader)
	return wanted == 0, err
}

// KeptFile reports whether a file is attached to something for good.
func (s *Store) KeptFile(ctx context.Context, hash string) (bool, error) {
	var n int64
	err := s.QueryRow(ctx, `SELECT count(*) FROM kept_file WHERE hash = $1`, hash).Scan(&n)
	return n > 0, err
}

// EachKeptFile hands every attached file to fn, in order of the hashes.
func (s *Store) EachKeptFile(ctx context.Context, fn func(hash string, size int64) error) error {
	for after := ""; ; {
		n := 0
		_, err := Collect(ctx, s, func(scan func(dest ...any) error) (struct{}, error) {
			var size int64
			if err := scan(&after, &size); err != nil {
				return struct{}{}, err
			}
			n++
			return struct{}{}, fn(after, size)
		}, `SELECT hash, size FROM kept_file WHERE hash > $1 ORDER BY hash LIMIT 1000`, after)
		if err != nil || n == 0 {
			return err
		}
	}
}
