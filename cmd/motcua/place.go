package main

import (
	"context"
	"errors"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"

	"github.com/alecthomas/kong"

	"github.com/motcua/motcua/internal/blob"
	"github.com/motcua/motcua/internal/config"
	"github.com/motcua/motcua/internal/core/fault"
	"github.com/motcua/motcua/internal/seal"
	"github.com/motcua/motcua/internal/store"
	"github.com/motcua/motcua/internal/telemetry"
)

// place is where an installation's data lies; every command that touches it has
// these flags.
type place struct {
	Database string          `help:"sqlite:ĐƯỜNG-DẪN hoặc postgres://…; mặc định là một tệp trong thư mục dữ liệu."`
	Data     string          `default:"motcua-data" help:"Thư mục dữ liệu."`
	Keys     string          `help:"Tệp vòng khóa, giống nhau trên mọi máy; mặc định là tệp keys trong thư mục dữ liệu."`
	KeyRing  config.Secret   `name:"key-ring" help:"Nội dung vòng khóa, thay cho tệp."`
	Config   kong.ConfigFlag `help:"Tệp cấu hình TOML, thêm vào motcua.toml của thư mục hiện hành."`
}

// Names in the data folder.
const (
	databaseFile = "motcua.db"
	keysFile     = "keys"
	filesFolder  = "files"
)

// url is the address of the database.
func (p *place) url() string {
	if p.Database != "" {
		return p.Database
	}
	return "sqlite:" + filepath.Join(p.Data, databaseFile)
}

// files is the folder of the stored files.
func (p *place) files() string { return filepath.Join(p.Data, filesFolder) }

// ring opens the key ring. A file that is not there is made only for a new
// installation: a fresh ring would open nothing that an older one has sealed.
func (p *place) ring(fresh bool) (*seal.Ring, error) {
	if p.KeyRing != "" {
		return seal.ParseRing(strings.ReplaceAll(p.KeyRing.Reveal(), ",", "\n"))
	}
	path := p.Keys
	if path == "" {
		path = filepath.Join(p.Data, keysFile)
	}
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) && !fresh {
		return nil, fault.New(fault.Unavailable, "command.no_keys", fault.Args{"path": path})
	}
	return seal.OpenRing(path)
}

// exists refuses an SQLite file that is not there, which opening would make.
func (p *place) exists() error {
	path, isFile := strings.CutPrefix(p.url(), "sqlite:")
	if !isFile {
		return nil
	}
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		return fault.New(fault.NotFound, "command.no_database", fault.Args{"path": path})
	}
	return nil
}

// open opens the database as it is, for commands that look at it or copy it.
func (p *place) open(ctx context.Context, std *stdio, opt store.Options) (*store.Store, error) {
	if err := p.exists(); err != nil {
		return nil, err
	}
	if opt.Log == nil {
		opt.Log = telemetry.NewLog(std.err, slog.LevelWarn)
	}
	return store.Open(ctx, p.url(), opt)
}

// blobs opens the folder of the stored files.
func (p *place) blobs(maxMB int) (*blob.Dir, error) {
	return blob.OpenDir(p.files(), int64(maxMB)<<20)
}
