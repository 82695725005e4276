package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/motcua/motcua/internal/core/fault"
	"github.com/motcua/motcua/internal/store"
)

// drillCmd backs up, restores somewhere else, checks what was restored, and
// throws it away: a backup that nobody has restored is a hope.
type drillCmd struct {
	place
	Into string `help:"Cơ sở dữ liệu trống để khôi phục thử; mặc định tự tạo rồi xóa."`
	Work string `help:"Thư mục tạm; mặc định là của hệ thống." type:"path"`
	JSON bool   `help:"In một tài liệu JSON."`
}

// drillResult is the answer of a drill.
type drillResult struct {
	OK             bool        `json:"ok"`
	Engine         string      `json:"engine"`
	Position       int64       `json:"position"` // of the journal, as restored
	Files          int64       `json:"files"`
	Bytes          int64       `json:"bytes"` // of the backup
	BackupSeconds  float64     `json:"backupSeconds"`
	RestoreSeconds float64     `json:"restoreSeconds"`
	VerifySeconds  float64     `json:"verifySeconds"`
	Invariants     []invariant `json:"invariants"`
}

// Run implements the command.
func (c *drillCmd) Run(ctx context.Context, std *stdio) error {
	work, err := os.MkdirTemp(c.Work, "motcua-drill-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(work)
	r, err := c.drill(ctx, std, work)
	if err != nil {
		return err
	}
	switch {
	case c.JSON:
		err = std.document(r)
	case r.OK:
		std.print("command.drill_ok", fault.Args{"position": r.Position, "files": r.Files, "backup": seconds(r.BackupSeconds),
			"restore": seconds(r.RestoreSeconds), "verify": seconds(r.VerifySeconds)})
	default:
		verdict{Invariants: r.Invariants}.print(std)
		std.print("command.drill_failed", nil)
	}
	if err == nil && !r.OK {
		err = exit(exitRefused)
	}
	return err
}

func (c *drillCmd) drill(ctx context.Context, std *stdio, work string) (drillResult, error) {
	var r drillResult
	archive := filepath.Join(work, "backup")
	began := time.Now()
	std.say("command.drill_backup", nil)
	if err := c.backUp(ctx, std, archive, &r); err != nil {
		return r, err
	}
	r.BackupSeconds = time.Since(began).Seconds()

	began = time.Now()
	std.say("command.drill_restore", fault.Args{"bytes": r.Bytes})
	to := place{Database: c.Into, Data: work, Keys: c.Keys, KeyRing: c.KeyRing}
	if to.Keys == "" {
		to.Keys = filepath.Join(c.Data, keysFile)
	}
	if c.Into == "" {
		address, drop, err := store.Scratch(ctx, c.url(), work)
		if err != nil {
			return r, err
		}
		defer func() { _ = drop(context.WithoutCancel(ctx)) }() // also when the drill is interrupted
		to.Database = address
	}
	m, err := restoreFile(ctx, &to, archive)
	if err != nil {
		return r, err
	}
	r.RestoreSeconds = time.Since(began).Seconds()

	began = time.Now()
	std.say("command.drill_verify", nil)
	v, err := verifyPlace(ctx, std, &to)
	if err != nil {
		return r, err
	}
	if !v.has("keys") {
		std.say("command.drill_no_keys", nil)
	}
	r.VerifySeconds = time.Since(began).Seconds()
	r.OK, r.Invariants, r.Position, r.Files = v.OK, v.Invariants, m.Position, v.of("files").Checked
	return r, nil
}

// backUp makes the backup, itself or by the server that has the file.
func (c *drillCmd) backUp(ctx context.Context, std *stdio, archive string, r *drillResult) error {
	s, err := c.open(ctx, std, store.Options{})
	if fault.Is(err, "store.locked") {
		quiet := &stdio{std.in, io.Discard, std.err, std.lang}
		if err := askServer(ctx, quiet, &c.place, "backup", &backupCmd{File: archive}, err); err != nil {
			return err
		}
		info, err := os.Stat(archive)
		if err == nil {
			r.Engine, r.Bytes = "sqlite", info.Size()
		}
		return err
	}
	if err != nil {
		return err
	}
	r.Engine = s.Engine()
	r.Bytes, err = backupFile(ctx, s, &c.place, archive)
	return errors.Join(err, s.Close())
}

func restoreFile(ctx context.Context, p *place, name string) (store.Manifest, error) {
	f, err := os.Open(name)
	if err != nil {
		return store.Manifest{}, err
	}
	defer f.Close()
	return restoreInto(ctx, p, f)
}

// seconds is a duration as people read it.
func seconds(s float64) string { return fmt.Sprintf("%.1f", s) }
