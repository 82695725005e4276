package store

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"os"
	"path/filepath"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/motcua/motcua/internal/core/fault"
)

// Scratch names an empty place like that at url, for a restore that is looked at
// and thrown away: a file in folder, or a database on the same server. drop
// removes it again.
//
// It fails with fault.Forbidden "store.scratch_refused" when the server does not
// let this user make databases.
func Scratch(ctx context.Context, url, folder string) (address string, drop func(context.Context) error, err error) {
	var b [8]byte
	rand.Read(b[:])
	name := "motcua_drill_" + hex.EncodeToString(b[:])
	if strings.HasPrefix(url, "sqlite:") {
		dir := filepath.Join(folder, name)
		return "sqlite:" + filepath.Join(dir, "drill.db"), func(context.Context) error { return os.RemoveAll(dir) }, nil
	}
	cfg, err := pgx.ParseConfig(url)
	if err != nil {
		return "", nil, fault.Wrap(err, fault.Invalid, "store.url", fault.Args{"url": "postgres://…"})
	}
	onServer := func(ctx context.Context, sql string) error {
		c, err := pgx.ConnectConfig(ctx, cfg)
		if err != nil {
			return fault.Wrap(err, fault.Unavailable, "store.unavailable", nil)
		}
		_, err = c.Exec(ctx, sql)
		return errors.Join(err, c.Close(ctx))
	}
	err = onServer(ctx, `CREATE DATABASE `+name+` TEMPLATE template0 ENCODING 'UTF8'`)
	var pe *pgconn.PgError
	if errors.As(err, &pe) && pe.Code == "42501" {
		return "", nil, fault.Wrap(err, fault.Forbidden, "store.scratch_refused", nil)
	}
	if err != nil {
		return "", nil, err
	}
	return otherDatabase(url, name), func(ctx context.Context) error {
		return onServer(ctx, `DROP DATABASE IF EXISTS `+name+` WITH (FORCE)`)
	}, nil
}

// otherDatabase is the address of another database of the same server.
func otherDatabase(address, name string) string {
	head, query, _ := strings.Cut(address, "?")
	scheme, rest, _ := strings.Cut(head, "://")
	host, _, _ := strings.Cut(rest, "/")
	address = scheme + "://" + host + "/" + name
	if query != "" {
		address += "?" + query
	}
	return address
}
