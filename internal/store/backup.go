package store

import (
	"archive/tar"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/klauspost/compress/zstd"

	"github.com/motcua/motcua/internal/core/fault"
)

// Manifest is the first entry of a backup and says what it holds.
type Manifest struct {
	Format   int       `json:"format"`
	Engine   string    `json:"engine"`
	Schema   int64     `json:"schema"`
	Position int64     `json:"position"` // the journal had come at least this far
	MadeAt   time.Time `json:"madeAt"`
}

// Names of a backup's entries.
const (
	manifestName  = "manifest.json"
	databaseName  = "database.sqlite"
	tableFolder   = "table/"
	blobFolder    = "blob/"
	backupFormat  = 1
	entryFileMode = 0o600
)

// Backup writes one file, tar compressed with zstd: the manifest, the database
// as of one moment, and then the files of blobs, which are only ever added, so
// that all those the database names are there. Projections are left out on
// PostgreSQL: restoring rebuilds them. The key ring is not in it; without the
// ring, a backup is unreadable where it is sealed, and must be kept apart.
func (s *Store) Backup(ctx context.Context, w io.Writer, blobs fs.FS) error {
	z, err := zstd.NewWriter(w, zstd.WithEncoderLevel(zstd.SpeedFastest))
	if err != nil {
		return err
	}
	t := tar.NewWriter(z)
	b := &backup{s: s, tar: t, at: s.opt.Wall()}
	if err := b.run(ctx, blobs); err != nil {
		return errors.Join(err, z.Close())
	}
	return errors.Join(t.Close(), z.Close())
}

type backup struct {
	s   *Store
	tar *tar.Writer
	at  time.Time
}

func (b *backup) run(ctx context.Context, blobs fs.FS) error {
	q, err := b.s.eng.snapshot(ctx)
	if err != nil {
		return err
	}
	defer q.close()
	m := Manifest{Format: backupFormat, Engine: b.s.Engine(), MadeAt: b.at}
	if m.Schema, err = schemaNumber(ctx, q); err != nil {
		return err
	}
	rows, err := q.query(ctx, `SELECT last FROM journal_head`)
	if err != nil {
		return err
	}
	if err := scanOne(rows, &m.Position); err != nil {
		return err
	}
	text, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		return err
	}
	if err := b.entry(manifestName, int64(len(text)), strings.NewReader(string(text))); err != nil {
		return err
	}
	if err := q.dump(ctx, b.spooled); err != nil {
		return err
	}
	if blobs == nil {
		return nil
	}
	return b.blobs(ctx, blobs)
}

// entry writes one file into the archive.
func (b *backup) entry(name string, size int64, r io.Reader) error {
	h := &tar.Header{Name: name, Size: size, Mode: entryFileMode, ModTime: b.at, Format: tar.FormatPAX}
	if err := b.tar.WriteHeader(h); err != nil {
		return err
	}
	if _, err := io.Copy(b.tar, r); err != nil {
		return fmt.Errorf("back up %s: %w", name, err)
	}
	return nil
}

// spooled writes an entry whose length is not known beforehand: fill writes a
// temporary file first.
func (b *backup) spooled(name string, fill func(path string) error) error {
	dir, err := os.MkdirTemp("", "motcua-backup-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "entry")
	if err := fill(path); err != nil {
		return fmt.Errorf("back up %s: %w", name, err)
	}
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	st, err := f.Stat()
	if err != nil {
		return err
	}
	return b.entry(name, st.Size(), f)
}

func (b *backup) blobs(ctx context.Context, blobs fs.FS) error {
	return fs.WalkDir(blobs, ".", func(path string, d fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) && path != "." {
			return nil // swept or a temporary file, while we walked
		}
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		f, err := blobs.Open(path)
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err != nil {
			return err
		}
		defer f.Close()
		st, err := f.Stat()
		if err != nil {
			return err
		}
		return b.entry(blobFolder+path, st.Size(), f)
	})
}

// Restore reads a backup into the empty place at url and hands each file to put,
// with its path as it was in Backup's blobs. An SQLite backup goes to an SQLite
// address and a PostgreSQL backup to a PostgreSQL address. The schema is brought
// to this release and projections are rebuilt where the backup has none.
//
// It fails with fault.Conflict "store.not_empty" when something is there already,
// and with fault.Invalid "store.backup_other_engine" or "store.backup_unreadable".
func Restore(ctx context.Context, url string, opt Options, r io.Reader, put func(path string, r io.Reader) error) (Manifest, error) {
	var m Manifest
	z, err := zstd.NewReader(r)
	if err != nil {
		return m, unreadable(err)
	}
	defer z.Close()
	t := tar.NewReader(z)
	h, err := t.Next()
	if err != nil || h.Name != manifestName {
		return m, unreadable(err)
	}
	if err := json.NewDecoder(io.LimitReader(t, 1<<20)).Decode(&m); err != nil || m.Format != backupFormat {
		return m, unreadable(err)
	}
	sink, err := openSink(ctx, url, m)
	if err != nil {
		return m, err
	}
	err = restoreEntries(ctx, t, sink, put)
	if err == nil {
		// The sum over the whole file stands at its end, behind the last entry.
		if _, sumErr := io.Copy(io.Discard, z); sumErr != nil {
			err = unreadable(sumErr)
		}
	}
	if err != nil {
		return m, errors.Join(err, sink.close())
	}
	if err := sink.finish(ctx); err != nil {
		return m, errors.Join(err, sink.close())
	}
	if err := sink.close(); err != nil {
		return m, err
	}
	opt.Migrate = true
	s, err := Open(ctx, url, opt)
	if err != nil {
		return m, err
	}
	if s.Position() < m.Position {
		err = unreadable(fmt.Errorf("the journal ends at %d, before %d", s.Position(), m.Position))
	}
	return m, errors.Join(err, s.Close())
}

func unreadable(err error) error {
	if err == nil {
		err = errors.New("not a backup of this program")
	}
	return fault.Wrap(err, fault.Invalid, "store.backup_unreadable", nil)
}

// sink takes the database's entries of a backup.
type sink interface {
	take(ctx context.Context, name string, r io.Reader) error
	finish(ctx context.Context) error // after the last entry
	close() error
}

func openSink(ctx context.Context, url string, m Manifest) (sink, error) {
	path, isFile := strings.CutPrefix(url, "sqlite:")
	if isFile != (m.Engine == "sqlite") {
		return nil, fault.New(fault.Invalid, "store.backup_other_engine", fault.Args{"engine": m.Engine})
	}
	if isFile {
		return openSQLiteSink(path)
	}
	return openPostgresSink(ctx, url, m)
}

func restoreEntries(ctx context.Context, t *tar.Reader, to sink, put func(path string, r io.Reader) error) error {
	for {
		h, err := t.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return unreadable(err)
		}
		if path, ok := strings.CutPrefix(h.Name, blobFolder); ok {
			if !fs.ValidPath(path) {
				return unreadable(fmt.Errorf("bad path %q", path))
			}
			if put != nil {
				err = put(path, t)
			}
		} else {
			err = to.take(ctx, h.Name, t)
		}
		if err != nil {
			return fmt.Errorf("restore %s: %w", h.Name, err)
		}
	}
}

// sqliteSink writes the database file.
type sqliteSink struct{ path string }

func openSQLiteSink(path string) (sink, error) {
	if _, err := os.Stat(path); !errors.Is(err, fs.ErrNotExist) {
		return nil, fault.New(fault.Conflict, "store.not_empty", fault.Args{"place": path})
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, err
	}
	return sqliteSink{path}, nil
}

func (s sqliteSink) take(_ context.Context, name string, r io.Reader) error {
	if name != databaseName {
		return unreadable(fmt.Errorf("unknown entry %q", name))
	}
	f, err := os.OpenFile(s.path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(f, r)
	return errors.Join(err, f.Sync(), f.Close())
}

func (s sqliteSink) finish(context.Context) error {
	if _, err := os.Stat(s.path); err != nil {
		return unreadable(err)
	}
	return nil
}

func (s sqliteSink) close() error { return nil }

// dump copies the whole file. The engine does not copy inside a transaction, so
// the copy is of a moment at or after the snapshot's, which ends here.
func (s sqliteSnapshot) dump(ctx context.Context, entry func(name string, fill func(path string) error) error) error {
	if _, err := s.conn.ExecContext(ctx, `ROLLBACK`); err != nil {
		return err
	}
	return entry(databaseName, func(path string) error {
		if _, err := s.conn.ExecContext(ctx, `PRAGMA query_only = OFF`); err != nil {
			return err // readers may not even write another file
		}
		_, err := s.conn.ExecContext(ctx, `VACUUM INTO $1`, path)
		_, back := s.conn.ExecContext(ctx, `PRAGMA query_only = ON`)
		return errors.Join(err, back)
	})
}

// dumped are the tables that a PostgreSQL backup holds, in order.
func dumped() []string {
	var names []string
	for _, t := range tables {
		if !slices.Contains([]string{"schema_version", "projection_version"}, t.Name) {
			names = append(names, t.Name)
		}
	}
	return names
}
