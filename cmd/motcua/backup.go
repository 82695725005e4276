package main

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
	"time"

	"github.com/motcua/motcua/internal/core/fault"
	"github.com/motcua/motcua/internal/store"
)

// backupCmd writes database and files into one file.
type backupCmd struct {
	place
	File string `arg:"" help:"Tệp sao lưu sẽ tạo; - là đầu ra chuẩn."`
}

// Run implements the command.
func (c *backupCmd) Run(ctx context.Context, std *stdio) error {
	s, err := c.open(ctx, std, store.Options{})
	if fault.Is(err, "store.locked") {
		if c.File != "-" {
			if c.File, err = filepath.Abs(c.File); err != nil {
				return err
			}
		}
		return askServer(ctx, std, &c.place, "backup", c, fault.New(fault.Unavailable, "store.locked", fault.Args{"path": c.url()}))
	}
	if err != nil {
		return err
	}
	return errors.Join(c.write(ctx, std, s, &c.place), s.Close())
}

// inHouse backs up an installation that is open already.
func (c *backupCmd) inHouse(ctx context.Context, std *stdio, h *house) error {
	return c.write(ctx, std, h.store, h.place)
}

func (c *backupCmd) write(ctx context.Context, std *stdio, s *store.Store, p *place) error {
	if c.File == "-" {
		return backupTo(ctx, s, p, std.out)
	}
	size, err := backupFile(ctx, s, p, c.File)
	if err != nil {
		return err
	}
	std.print("command.backup_done", fault.Args{"path": c.File, "bytes": size})
	return nil
}

// backupFile writes a backup that is whole or not there, and returns its size.
func backupFile(ctx context.Context, s *store.Store, p *place, name string) (int64, error) {
	if _, err := os.Lstat(name); err == nil {
		return 0, fault.New(fault.Conflict, "command.file_exists", fault.Args{"path": name})
	}
	tmp, err := os.CreateTemp(filepath.Dir(name), ".motcua-backup-*") // readable by its owner only
	if err != nil {
		return 0, fault.Wrap(err, fault.Invalid, "command.file_unreadable", fault.Args{"path": name})
	}
	defer os.Remove(tmp.Name())
	err = backupTo(ctx, s, p, tmp)
	if err == nil {
		err = tmp.Sync()
	}
	info, staterr := tmp.Stat()
	if err := errors.Join(err, staterr, tmp.Close()); err != nil {
		return 0, err
	}
	// A link, unlike a rename, does not replace a file made in the meantime.
	if err := os.Link(tmp.Name(), name); errors.Is(err, fs.ErrExist) {
		return 0, fault.New(fault.Conflict, "command.file_exists", fault.Args{"path": name})
	} else if err != nil {
		return 0, err
	}
	return info.Size(), syncFolder(filepath.Dir(name))
}

func backupTo(ctx context.Context, s *store.Store, p *place, w io.Writer) error {
	if _, err := os.Stat(p.files()); errors.Is(err, fs.ErrNotExist) {
		return s.Backup(ctx, w, nil)
	}
	files, err := p.blobs(0)
	if err != nil {
		return err
	}
	return errors.Join(s.Backup(ctx, w, files.FS()), files.Close())
}

// restoreCmd reads a backup into an empty place.
type restoreCmd struct {
	place
	File string `arg:"" help:"Tệp sao lưu; - là đầu vào chuẩn."`
}

// Run implements the command.
func (c *restoreCmd) Run(ctx context.Context, std *stdio) error {
	in := std.in
	if c.File != "-" {
		f, err := os.Open(c.File)
		if err != nil {
			return fault.Wrap(err, fault.NotFound, "command.file_unreadable", fault.Args{"path": c.File})
		}
		defer f.Close()
		in = f
	}
	m, err := restoreInto(ctx, &c.place, in)
	if err != nil {
		return err
	}
	std.print("command.restore_done", fault.Args{"at": m.MadeAt.Format(time.RFC3339), "position": m.Position})
	return nil
}

// restoreInto fills an empty place. What a failed restore has made of an SQLite
// file is removed, so that the next try finds the place empty.
func restoreInto(ctx context.Context, p *place, r io.Reader) (store.Manifest, error) {
	file, isFile := strings.CutPrefix(p.url(), "sqlite:")
	if isFile {
		if _, err := os.Lstat(file); err == nil {
			return store.Manifest{}, fault.New(fault.Conflict, "store.not_empty", fault.Args{"place": file})
		}
	}
	files, err := p.blobs(0)
	if err != nil {
		return store.Manifest{}, err
	}
	m, err := store.Restore(ctx, p.url(), store.Options{}, r, func(name string, r io.Reader) error {
		return files.Adopt(ctx, path.Base(name), r)
	})
	if err != nil && isFile {
		for _, suffix := range []string{"", "-wal", "-shm", ".lock"} {
			_ = os.Remove(file + suffix)
		}
	}
	return m, errors.Join(err, files.Close())
}

// syncFolder makes a new name in a folder durable.
func syncFolder(folder string) error {
	f, err := os.Open(folder)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}
