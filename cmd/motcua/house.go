package main

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"time"

	"github.com/motcua/motcua/internal/adapter/sign"
	"github.com/motcua/motcua/internal/app"
	"github.com/motcua/motcua/internal/blob"
	"github.com/motcua/motcua/internal/core/agency"
	"github.com/motcua/motcua/internal/core/fault"
	"github.com/motcua/motcua/internal/core/notice"
	"github.com/motcua/motcua/internal/store"
	"github.com/motcua/motcua/internal/telemetry"
)

// house is an opened installation with its use cases.
type house struct {
	*app.App
	place *place
	store *store.Store
	files *blob.Dir
	log   *slog.Logger
}

// houseOptions say how an installation is opened.
type houseOptions struct {
	Fresh       bool // make what is not there: folder, key ring, tables
	Demo        bool // simulated people and times; otherwise the data says so
	Clock       func() time.Time
	MaxUpload   int // MB
	SessionIdle time.Duration
	PublicURL   string
	Log         *slog.Logger
	Progress    func(step string)
	Senders     map[notice.Channel]app.Sender
	Tape        *store.Tape // keeps what is written, for measuring
	Loading     bool        // much is going to be written
	Signing     string      // where keys for results are; see sign.Open
	// Before is called when the database is open and before anything reads the
	// clock.
	Before func(ctx context.Context, s *store.Store) error
}

// openHouse opens database, files and use cases.
func openHouse(ctx context.Context, std *stdio, p *place, o houseOptions) (*house, error) {
	if o.Log == nil {
		o.Log = telemetry.NewLog(std.err, slog.LevelWarn)
	}
	if o.Fresh {
		if err := os.MkdirAll(p.Data, 0o700); err != nil {
			return nil, err
		}
	} else if err := p.exists(); err != nil {
		return nil, err
	}
	ring, err := p.ring(o.Fresh)
	if err != nil {
		return nil, err
	}
	s, err := store.Open(ctx, p.url(), store.Options{Clock: o.Clock, Ring: ring, Log: o.Log, Migrate: o.Fresh, Progress: o.Progress, Tape: o.Tape, Loading: o.Loading})
	if err != nil {
		return nil, err
	}
	h := &house{place: p, store: s, log: o.Log}
	if err := h.open(ctx, o); err != nil {
		return nil, errors.Join(err, h.Close())
	}
	return h, nil
}

func (h *house) open(ctx context.Context, o houseOptions) error {
	var err error
	if h.files, err = h.place.blobs(o.MaxUpload); err != nil {
		return err
	}
	simulated, founded, err := profileOf(ctx, h.store)
	switch {
	case err != nil:
		return err
	case o.Demo && founded && !simulated:
		return fault.New(fault.Conflict, "command.not_a_demo", fault.Args{"path": h.place.Data})
	}
	o.Demo = o.Demo || simulated
	if o.Before != nil {
		if err := o.Before(ctx, h.store); err != nil {
			return err
		}
	}
	documents, err := h.signing(o.Signing, o.Demo)
	if err != nil {
		return err
	}
	h.App, err = app.New(ctx, app.Deps{
		Store: h.store, Blobs: h.files, Clock: o.Clock, Log: o.Log, Demo: o.Demo, TestPersons: o.Demo, SessionIdle: o.SessionIdle, PublicURL: o.PublicURL,
		Senders: o.Senders, Documents: documents,
	})
	return err
}

// signing opens the keys that results are signed with. A demo has a simulated
// authority whose keys follow from the oldest key of the ring, so that they stay
// when the ring grows; nothing of them is stored.
func (h *house) signing(setting string, demo bool) (sign.Documents, error) {
	if demo && setting == "" {
		setting = "sim"
	}
	keys, err := h.store.Ring().SigningKeys("pades")
	if err != nil {
		return sign.Documents{}, err
	}
	service, err := sign.Open(setting, keys[len(keys)-1].Seed(), "motcua", time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC))
	return sign.Documents{Service: service}, err
}

// profileOf tells whether a centre has been founded and whether it is a demo's.
func profileOf(ctx context.Context, s *store.Store) (simulated, founded bool, err error) {
	profile, err := store.Get[agency.Profile](ctx, s, store.CentreRoot())
	if fault.KindOf(err) == fault.NotFound {
		return false, false, nil
	}
	return profile.Simulated, err == nil, err
}

// Close closes files and database.
func (h *house) Close() error {
	var err error
	if h.files != nil {
		err = h.files.Close()
	}
	return errors.Join(h.store.Close(), err)
}

// founded refuses an installation without a centre.
func (h *house) founded() error {
	if h.Empty() {
		return fault.New(fault.Conflict, "command.empty", fault.Args{"path": h.place.Data})
	}
	return nil
}

// houseCommand is a command that works on an opened installation: on one that it
// opens itself, or inside the server that has it open already.
type houseCommand interface {
	inHouse(ctx context.Context, std *stdio, h *house) error
}

// runInHouse opens the installation and runs a command on it. An SQLite file
// belongs to one process: while a server has it, the server runs the command.
func runInHouse(ctx context.Context, std *stdio, p *place, name string, c houseCommand, o houseOptions) error {
	h, err := openHouse(ctx, std, p, o)
	if fault.Is(err, "store.locked") {
		return askServer(ctx, std, p, name, c, err)
	}
	if err != nil {
		return err
	}
	return errors.Join(c.inHouse(ctx, std, h), h.Close())
}
