package main

import (
	"context"
	"errors"
	"time"

	"github.com/motcua/motcua/internal/app"
	"github.com/motcua/motcua/internal/core/access"
	"github.com/motcua/motcua/internal/core/civil"
	"github.com/motcua/motcua/internal/core/fault"
	"github.com/motcua/motcua/internal/simulate"
)

// simulateCmd makes history in a demo's data, founding the demo if need be.
type simulateCmd struct {
	place
	Centre string `default:"lam-dong" help:"Trung tâm, khi thư mục dữ liệu còn trống."`
	From   string `required:"" help:"Ngày đầu, YYYY-MM-DD."`
	To     string `required:"" help:"Ngày cuối, YYYY-MM-DD; tính cả ngày này."`
	PerDay int    `name:"per-day" default:"62" help:"Số hồ sơ tiếp nhận trong một ngày làm việc, khoảng chừng."`
	Seed   uint64 `default:"7" help:"Cùng một số thì cùng một lịch sử."`
	JSON   bool   `help:"In một tài liệu JSON."`
}

// Run implements the command.
func (c *simulateCmd) Run(ctx context.Context, std *stdio) error {
	from, to, err := c.period(time.Now())
	if err != nil {
		return err
	}
	// The clock stands at the end of the story: the catalogue and the promised
	// days are those of that time.
	h, err := openHouse(ctx, std, &c.place, houseOptions{Fresh: true, Demo: true, Clock: func() time.Time { return to }})
	if err != nil {
		return err
	}
	return errors.Join(c.tell(ctx, std, h, from, to), h.Close())
}

func (c *simulateCmd) period(now time.Time) (from, to time.Time, err error) {
	first, err := civil.ParseDate(c.From)
	if err != nil {
		return from, to, err
	}
	last, err := civil.ParseDate(c.To)
	if err != nil {
		return from, to, err
	}
	from, to = first.At(0), last.AddDays(1).At(0)
	if !from.Before(to) || last.After(civil.DateOf(now)) || c.PerDay < 1 || c.PerDay > 20_000 {
		return from, to, fault.New(fault.Invalid, "simulate.period", nil)
	}
	if to.After(now) {
		to = now
	}
	return from, to, nil
}

func (c *simulateCmd) tell(ctx context.Context, std *stdio, h *house, from, to time.Time) error {
	if err := foundDemo(ctx, std, h, c.Centre, c.Seed, from); err != nil {
		return err
	}
	began := time.Now()
	w, err := simulate.New(ctx, h.App, simulate.Options{From: from, To: to, PerDay: c.PerDay, Seed: c.Seed, Log: h.log,
		Day: func(day civil.Date, so simulate.Stats) {
			std.say("command.simulate_day", fault.Args{"day": day.Show(), "received": so.Received, "acts": so.Acts})
		}})
	if err != nil {
		return err
	}
	if last, err := simulate.LastActed(ctx, h.store); err != nil {
		return err
	} else if last.After(from) {
		return fault.New(fault.Conflict, "command.simulated_already", fault.Args{"until": civil.DateOf(last).Show()})
	}
	if _, err := w.Resume(ctx); err != nil {
		return err
	}
	stats, err := w.Run(ctx)
	if err != nil {
		return err
	}
	if c.JSON {
		return std.document(stats)
	}
	std.print("command.simulated", fault.Args{"days": stats.Days, "received": stats.Received, "acts": stats.Acts, "refused": stats.Refused,
		"seconds": seconds(time.Since(began).Seconds())})
	return nil
}

// demoCommunes is how many communes of a demo have people of their own.
const demoCommunes = 3

// foundDemo founds the centre of an empty demo; one that is there must be the
// same. since is the legal time of its records.
func foundDemo(ctx context.Context, std *stdio, h *house, centre string, seed uint64, since time.Time) error {
	if !h.Empty() {
		if have := h.Centre().Key; have != centre {
			return fault.New(fault.Conflict, "command.other_centre", fault.Args{"have": have, "want": centre, "path": h.place.Data})
		}
		return nil
	}
	_, err := h.Found(ctx, access.Operator("demo"), app.Founding{
		Preset: centre, People: true, Communes: demoCommunes, Seed: seed, Since: since, Progress: progress(std),
	})
	return err
}
