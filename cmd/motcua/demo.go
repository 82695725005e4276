package main

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"github.com/motcua/motcua/internal/adapter/notify"
	"github.com/motcua/motcua/internal/app"
	"github.com/motcua/motcua/internal/config"
	"github.com/motcua/motcua/internal/core/agency"
	"github.com/motcua/motcua/internal/core/civil"
	"github.com/motcua/motcua/internal/core/fault"
	"github.com/motcua/motcua/internal/core/notice"
	"github.com/motcua/motcua/internal/simulate"
	"github.com/motcua/motcua/internal/store"
	"github.com/motcua/motcua/internal/telemetry"
)

// demoCmd creates and serves a living province.
type demoCmd struct {
	place
	Centre    string `help:"Trung tâm: dak-lak, ninh-thuan, bac-lieu, thai-nguyen, lam-dong, khanh-hoa; mặc định lam-dong hoặc Trung tâm đã có."`
	Listen    string `default:"127.0.0.1:8080" help:"Địa chỉ phục vụ."`
	OpsListen string `name:"ops-listen" default:"127.0.0.1:9090" help:"Địa chỉ của /metrics."`
	Now       string `help:"Thời điểm mà đồng hồ bắt đầu chạy, ví dụ 2019-07-05T09:00."`
	PerDay    int    `name:"per-day" default:"62" help:"Số hồ sơ mô phỏng trong một ngày làm việc, khoảng chừng; 0 là không mô phỏng."`
	Seed      uint64 `default:"7" help:"Cùng một số thì cùng một lịch sử."`
	LogLevel  string `name:"log-level" default:"warn" enum:"debug,info,warn,error" help:"Mức nhật ký."`
}

// Run implements the command.
func (c *demoCmd) Run(ctx context.Context, std *stdio) error {
	log := telemetry.NewLog(std.err, level(c.LogLevel))
	clock := &movedClock{}
	sim, err := c.messages()
	if err != nil {
		return err
	}
	h, err := openHouse(ctx, std, &c.place, houseOptions{
		Fresh: true, Demo: true, Clock: clock.Now, Log: log, PublicURL: "http://" + c.Listen,
		Senders: map[notice.Channel]app.Sender{notice.SMS: sim, notice.Email: sim},
		Before:  func(ctx context.Context, s *store.Store) error { return c.setClock(ctx, s, clock) },
	})
	if err != nil {
		return errors.Join(err, sim.Close())
	}
	return errors.Join(c.serve(ctx, std, h, log), h.Close(), sim.Close())
}

// messages is the simulator that delivers what applicants are told into a file.
func (c *demoCmd) messages() (*notify.Sim, error) {
	if err := os.MkdirAll(c.Data, 0o700); err != nil {
		return nil, err
	}
	return notify.OpenSim(filepath.Join(c.Data, "messages.jsonl"))
}

// setClock starts the clock. With data that is there it never runs back.
func (c *demoCmd) setClock(ctx context.Context, s *store.Store, clock *movedClock) error {
	profile, err := store.Get[agency.Profile](ctx, s, store.CentreRoot())
	if err != nil && fault.KindOf(err) != fault.NotFound {
		return err
	}
	switch {
	case c.Centre == "" && profile.Key != "":
		c.Centre = profile.Key
	case c.Centre == "":
		c.Centre = agency.DefaultPreset
	}
	start, err := demoStart(c.Now, agency.OwnDay(c.Centre), time.Now().In(civil.Zone))
	if err != nil {
		return err
	}
	last, err := s.LastLegalTime(ctx)
	if err != nil {
		return err
	}
	if !last.IsZero() && start.Before(last) {
		if c.Now != "" {
			return fault.New(fault.Conflict, "command.now_before", fault.Args{"last": last.In(civil.Zone).Format("15:04 02/01/2006"), "path": c.Data})
		}
		start = last.Add(time.Second)
	}
	clock.set(start)
	return nil
}

func (c *demoCmd) serve(ctx context.Context, std *stdio, h *house, log *slog.Logger) error {
	since := historySince(h.Now())
	if err := foundDemo(ctx, std, h, c.Centre, c.Seed, since); err != nil {
		return err
	}
	logins, err := writeLogins(ctx, h, c.Listen)
	if err != nil {
		return err
	}
	s := &site{
		house: h, log: log, easyOps: true,
		settings: config.Settings{Listen: c.Listen, OpsListen: c.OpsListen, Data: c.Data, Database: c.Database, TestPersons: true},
		started:  func(address string) { logins.ready(std, h, address) },
	}
	if c.PerDay > 0 {
		release := h.HoldLadder() // until the history is made
		defer release()
		s.beside = append(s.beside, func(ctx context.Context) error { return c.live(ctx, std, h, since, release) })
	}
	return s.run(ctx)
}

// live makes the history that is missing and then goes on with the clock.
func (c *demoCmd) live(ctx context.Context, std *stdio, h *house, since time.Time, caughtUp func()) error {
	last, err := simulate.LastActed(ctx, h.store)
	if err != nil {
		return err
	}
	if last.After(since) {
		since = last
	}
	to := h.Now()
	w, err := simulate.New(ctx, h.App, simulate.Options{From: since, To: to, PerDay: c.PerDay, Seed: c.Seed, Log: h.log,
		Day: func(day civil.Date, so simulate.Stats) {
			if day.Weekday() == time.Friday {
				std.say("command.simulate_day", fault.Args{"day": day.Show(), "received": so.Received, "acts": so.Acts})
			}
		}})
	if err != nil {
		return err
	}
	if _, err := w.Resume(ctx); err != nil {
		return err
	}
	stats, err := w.Run(ctx)
	if err != nil || ctx.Err() != nil {
		return err
	}
	caughtUp()
	std.say("command.history_done", fault.Args{"received": stats.Received, "acts": stats.Acts})
	return w.Live(ctx)
}
