package main

import (
	"context"
	"errors"
	"log/slog"

	"github.com/motcua/motcua/internal/core/fault"
	"github.com/motcua/motcua/internal/store"
	"github.com/motcua/motcua/internal/telemetry"
)

// migrateCmd brings a database to this release, and makes an empty one.
type migrateCmd struct {
	place
}

// Run implements the command.
func (c *migrateCmd) Run(ctx context.Context, std *stdio) error {
	s, err := store.Open(ctx, c.url(), store.Options{
		Migrate:  true,
		Log:      telemetry.NewLog(std.err, slog.LevelWarn),
		Progress: func(step string) { std.say("command.migrate_step", fault.Args{"step": step}) },
	})
	if err != nil {
		return err
	}
	std.print("command.migrated", fault.Args{"schema": store.SchemaVersion(), "position": s.Position()})
	return errors.Join(s.Close())
}
