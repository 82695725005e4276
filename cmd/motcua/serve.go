package main

import (
	"context"
	"errors"
	"log/slog"

	"github.com/alecthomas/kong"

	"github.com/motcua/motcua/internal/adapter/notify"
	"github.com/motcua/motcua/internal/config"
	"github.com/motcua/motcua/internal/core/fault"
	"github.com/motcua/motcua/internal/telemetry"
)

// serveCmd is the production start.
type serveCmd struct {
	config.Settings
	Config kong.ConfigFlag `help:"Tệp cấu hình TOML, thêm vào motcua.toml của thư mục hiện hành."`
}

// Run implements the command. It refuses whatever is unsafe, all at once.
func (c *serveCmd) Run(ctx context.Context, std *stdio) error {
	if err := c.Production(); err != nil {
		std.say("command.serve_refused", nil)
		return err
	}
	log := telemetry.NewLog(std.err, level(c.LogLevel))
	p := &place{Database: c.Database, Data: c.Data, Keys: c.Keys, KeyRing: c.KeyRing}
	senders, err := notify.Open(notify.Channels{
		Mail: notify.MailSettings{Server: c.Mail, From: c.MailFrom, Password: c.MailPassword.Reveal()}, SMS: c.SMS, Key: c.SMSKey.Reveal(),
	})
	if err != nil {
		return err
	}
	h, err := openHouse(ctx, std, p, houseOptions{
		Log: log, MaxUpload: c.MaxUpload, SessionIdle: c.SessionIdle, PublicURL: c.PublicURL, Signing: c.Signing, Senders: senders,
	})
	if err != nil {
		return err
	}
	return errors.Join(c.serve(ctx, h, log), h.Close())
}

func (c *serveCmd) serve(ctx context.Context, h *house, log *slog.Logger) error {
	if err := h.founded(); err != nil {
		return err
	}
	if h.Demo() {
		return fault.New(fault.Conflict, "command.serve_demo", fault.Args{"path": h.place.Data})
	}
	s := &site{house: h, settings: c.Settings, log: log}
	return s.run(ctx)
}

// level reads the log level; config has checked the word.
func level(name string) slog.Level {
	var l slog.Level
	if err := l.UnmarshalText([]byte(name)); err != nil {
		return slog.LevelInfo
	}
	return l
}
