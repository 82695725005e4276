package blob

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"slices"
	"syscall"
	"time"

	"github.com/motcua/motcua/internal/core/fault"
)

// DefaultMaxSize is the largest file that is taken in unless configured, in bytes.
const DefaultMaxSize = 20 << 20

// tempFolder holds files on their way in; abandonedFor is how long one of them
// may lie untouched before it counts as left over from a crash.
const (
	tempFolder   = "tmp"
	abandonedFor = time.Hour
)

// Dir keeps files in a folder, as ab/abcdef…, the whole hash as name. It may be
// used by several goroutines and several processes at once.
type Dir struct {
	root    *os.Root
	maxSize int64
}

// OpenDir opens or creates the folder and removes what a crash left in its
// temporary part. maxSize is the limit for one file in bytes; 0 is DefaultMaxSize.
func OpenDir(folder string, maxSize int64) (*Dir, error) {
	if maxSize <= 0 {
		maxSize = DefaultMaxSize
	}
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, fmt.Errorf("create file folder: %w", err)
	}
	root, err := os.OpenRoot(folder)
	if err != nil {
		return nil, fmt.Errorf("open file folder: %w", err)
	}
	d := &Dir{root: root, maxSize: maxSize}
	if err := root.MkdirAll(tempFolder, 0o700); err != nil {
		return nil, errors.Join(fmt.Errorf("create temporary folder: %w", err), root.Close())
	}
	if _, err := d.Sweep(time.Now().Add(-abandonedFor)); err != nil {
		return nil, errors.Join(err, root.Close())
	}
	return d, nil
}

// Close releases the folder. Files that are open stay readable.
func (d *Dir) Close() error { return d.root.Close() }

// FS shows the stored files, as ab/abcdef…, for a backup; files on their way in
// are left out.
func (d *Dir) FS() fs.FS { return stored{d.root.FS()} }

type stored struct{ fs.FS }

// ReadDir implements fs.ReadDirFS.
func (s stored) ReadDir(name string) ([]fs.DirEntry, error) {
	list, err := fs.ReadDir(s.FS, name)
	return slices.DeleteFunc(list, func(e fs.DirEntry) bool { return name == "." && e.Name() == tempFolder }), err
}

// Put implements Store. The bytes go to a temporary file while they are hashed,
// are looked at there, and get their name only when they are on the disk; a
// reader never sees half a file.
func (d *Dir) Put(ctx context.Context, name string, r io.Reader) (Ref, error) {
	ref := Ref{Name: CleanName(name)}
	t, err := d.newTemp()
	if err != nil {
		return Ref{}, err
	}
	defer t.discard()

	// The first bytes usually show that a file is refused; then nobody has to
	// wait for the rest of it.
	in := &limited{ctx: ctx, r: r, left: d.maxSize}
	head := make([]byte, sniffed)
	n, err := io.ReadFull(in, head)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return Ref{}, d.uploadError(ref.Name, err)
	}
	head = head[:n]
	rule, err := ruleFor(ref.Name, head)
	if err != nil {
		return Ref{}, err
	}
	if err := t.fill(head, in); err != nil {
		return Ref{}, d.uploadError(ref.Name, err)
	}
	if ref.Type, err = rule.inspect(ref.Name, t.file, t.size); err != nil {
		return Ref{}, err
	}
	if err := agrees(ref.Name, ref.Type); err != nil {
		return Ref{}, err
	}
	ref.Hash, ref.Size = t.hash(), t.size
	if err := d.keep(t, ref.Hash); err != nil {
		return Ref{}, err
	}
	return ref, nil
}

// Adopt implements Store.
func (d *Dir) Adopt(ctx context.Context, hash string, r io.Reader) error {
	if !validHash(hash) {
		return fault.New(fault.Invalid, "blob.hash_form", fault.Args{"hash": hash})
	}
	t, err := d.newTemp()
	if err != nil {
		return err
	}
	defer t.discard()
	if err := t.fill(nil, &limited{ctx: ctx, r: r, left: 1 << 40}); err != nil {
		return d.uploadError(hash, err)
	}
	if got := t.hash(); got != hash {
		return fault.New(fault.Invalid, "blob.hash_differs", fault.Args{"hash": hash, "found": got})
	}
	return d.keep(t, hash)
}

// Open implements Store.
func (d *Dir) Open(_ context.Context, hash string) (Content, error) {
	if !validHash(hash) {
		return nil, unknown(hash, nil)
	}
	f, err := d.root.Open(place(hash))
	if err != nil {
		return nil, missing("open", hash, err)
	}
	return f, nil
}

// Stat implements Store.
func (d *Dir) Stat(_ context.Context, hash string) (int64, error) {
	if !validHash(hash) {
		return 0, unknown(hash, nil)
	}
	info, err := d.root.Stat(place(hash))
	if err != nil {
		return 0, missing("stat", hash, err)
	}
	return info.Size(), nil
}

// Delete implements Store.
func (d *Dir) Delete(_ context.Context, hash string) error {
	if !validHash(hash) {
		return nil
	}
	err := d.root.Remove(place(hash))
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return fmt.Errorf("delete file %s: %w", hash, err)
	}
	return d.syncFolder(path.Dir(place(hash)))
}

// Sweep removes temporary files that were last written before then, and returns
// how many. A file that is still coming in is written all the time.
func (d *Dir) Sweep(before time.Time) (int, error) {
	folder, err := d.root.Open(tempFolder)
	if err != nil {
		return 0, fmt.Errorf("sweep temporary files: %w", err)
	}
	defer folder.Close()
	entries, err := folder.ReadDir(-1)
	if err != nil {
		return 0, fmt.Errorf("sweep temporary files: %w", err)
	}
	n := 0
	for _, e := range entries {
		info, err := e.Info()
		if err != nil || !info.ModTime().Before(before) {
			continue // gone meanwhile, or alive
		}
		if err := d.root.Remove(path.Join(tempFolder, e.Name())); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return n, fmt.Errorf("sweep temporary files: %w", err)
		}
		n++
	}
	return n, nil
}

// place is where the file with a valid hash lies, below the root.
func place(hash string) string { return hash[:2] + "/" + hash }

func unknown(hash string, cause error) error {
	return fault.Wrap(cause, fault.NotFound, "blob.unknown", fault.Args{"hash": hash})
}

func missing(act, hash string, err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return unknown(hash, err)
	}
	return fmt.Errorf("%s file %s: %w", act, hash, err)
}

// uploadError gives an error that ended an upload its kind.
func (d *Dir) uploadError(name string, err error) error {
	switch {
	case errors.Is(err, errTooLarge):
		return fault.Field("file", "blob.too_large", fault.Args{"name": name, "max": d.maxSize >> 20})
	case errors.Is(err, syscall.ENOSPC):
		return fault.Wrap(err, fault.Unavailable, "blob.disk_full", nil)
	}
	return fmt.Errorf("store file %q: %w", name, err)
}

// keep gives a complete temporary file its final place, durably.
func (d *Dir) keep(t *temp, hash string) error {
	if err := t.file.Sync(); err != nil {
		return d.uploadError(hash, err)
	}
	if err := t.file.Close(); err != nil {
		return d.uploadError(hash, err)
	}
	folder := path.Dir(place(hash))
	if err := d.root.Mkdir(folder, 0o700); err == nil {
		if err := d.syncFolder("."); err != nil {
			return err
		}
	} else if !errors.Is(err, fs.ErrExist) {
		return d.uploadError(hash, err)
	}
	if err := d.root.Rename(t.path, place(hash)); err != nil {
		return d.uploadError(hash, err)
	}
	t.kept = true
	return d.syncFolder(folder)
}

// syncFolder makes the names in a folder durable.
func (d *Dir) syncFolder(folder string) error {
	f, err := d.root.Open(folder)
	if err != nil {
		return fmt.Errorf("sync folder %s: %w", folder, err)
	}
	if err := errors.Join(f.Sync(), f.Close()); err != nil {
		return fmt.Errorf("sync folder %s: %w", folder, err)
	}
	return nil
}

// temp is a file on its way in.
type temp struct {
	root *os.Root
	path string
	file *os.File
	sum  [sha256.Size]byte
	size int64
	kept bool
}

func (d *Dir) newTemp() (*temp, error) {
	t := &temp{root: d.root, path: path.Join(tempFolder, rand.Text())}
	var err error
	t.file, err = d.root.OpenFile(t.path, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return nil, d.uploadError(t.path, err)
	}
	return t, nil
}

// fill writes head and then the rest, hashing on the way.
func (t *temp) fill(head []byte, rest io.Reader) error {
	h := sha256.New()
	w := io.MultiWriter(t.file, h)
	n, err := w.Write(head)
	if err != nil {
		return err
	}
	m, err := io.Copy(w, rest)
	if err != nil {
		return err
	}
	t.size = int64(n) + m
	h.Sum(t.sum[:0])
	return nil
}

func (t *temp) hash() string { return hex.EncodeToString(t.sum[:]) }

// discard removes what was not kept. Its errors change nothing: Sweep comes later.
func (t *temp) discard() {
	if !t.kept {
		_ = t.file.Close()
		_ = t.root.Remove(t.path)
	}
}

var errTooLarge = errors.New("larger than the limit")

// limited reads at most left bytes and fails on the next one; it also stops when
// the caller's context ends, which a plain copy would not notice.
type limited struct {
	ctx  context.Context
	r    io.Reader
	left int64
	over bool // a caller may drop the error of a read that also brought bytes
}

func (l *limited) Read(p []byte) (int, error) {
	if err := l.ctx.Err(); err != nil {
		return 0, err
	}
	if l.over {
		return 0, errTooLarge
	}
	if int64(len(p)) > l.left+1 {
		p = p[:l.left+1]
	}
	n, err := l.r.Read(p)
	if int64(n) > l.left {
		l.over = true
		return int(l.left), errTooLarge
	}
	l.left -= int64(n)
	return n, err
}
