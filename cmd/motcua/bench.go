package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/alecthomas/kong"

	"github.com/motcua/motcua/internal/app"
	"github.com/motcua/motcua/internal/bench"
	"github.com/motcua/motcua/internal/config"
	"github.com/motcua/motcua/internal/core/access"
	"github.com/motcua/motcua/internal/core/agency"
	"github.com/motcua/motcua/internal/core/civil"
	"github.com/motcua/motcua/internal/core/fault"
	"github.com/motcua/motcua/internal/store"
)

// benchCmd measures the use cases against the bare driver. Its data is made for
// the purpose and kept, since a million dossiers take minutes to load.
type benchCmd struct {
	Name     string          `arg:"" help:"Phép đo: ${benches}."`
	Dossiers int             `default:"1000" help:"Số hồ sơ đang mở có sẵn trước khi đo."`
	Clients  int             `help:"Số máy khách cùng lúc; mặc định 32 với intake, 8 với các phép đo khác."`
	Seconds  int             `default:"10" help:"Đo trong bao nhiêu giây, không tính nạp dữ liệu và phần giới hạn."`
	Database string          `help:"sqlite:ĐƯỜNG-DẪN hoặc postgres://…, dành riêng để đo; mặc định là một tệp trong thư mục dữ liệu cho mỗi số hồ sơ."`
	Data     string          `default:"motcua-bench" help:"Thư mục dữ liệu để đo, giữ lại cho lần sau."`
	Keys     string          `help:"Tệp vòng khóa; mặc định là tệp keys trong thư mục dữ liệu."`
	KeyRing  config.Secret   `name:"key-ring" help:"Nội dung vòng khóa, thay cho tệp."`
	Config   kong.ConfigFlag `help:"Tệp cấu hình TOML, thêm vào motcua.toml của thư mục hiện hành."`
	JSON     bool            `help:"In một tài liệu JSON."`
}

// Data that is made for measuring is told from all other by who founded it.
var benchOperator = access.Operator("bench")

// benchSeed makes the same people and visits everywhere.
const benchSeed = 20260701

// benchStart is the legal time at which measuring starts, a Monday morning: the
// same everywhere, whatever the machine's clock says.
func benchStart() time.Time { return civil.NewDate(2026, 11, 23).At(8 * 60) }

// Run implements the command.
func (c *benchCmd) Run(ctx context.Context, std *stdio) error {
	if !slices.Contains(bench.Names(), c.Name) {
		return fault.New(fault.Invalid, "bench.unknown", fault.Args{"name": c.Name, "names": strings.Join(bench.Names(), ", ")})
	}
	if c.Clients == 0 {
		c.Clients = 8
		if c.Name == "intake" {
			c.Clients = 32
		}
	}
	if c.Dossiers < 0 || c.Clients < 1 || c.Clients > 1000 || c.Seconds < 1 {
		return fault.New(fault.Invalid, "bench.range", nil)
	}
	r, err := c.measure(ctx, std)
	if err != nil {
		return err
	}
	if r.First != nil {
		std.say("bench.first_error", fault.Args{"error": r.First.Error()})
	}
	if c.JSON {
		return std.document(r)
	}
	c.print(std, r)
	return nil
}

// place is where the data lies: one key ring, and a database for each number of
// dossiers, so that a small measurement does not run on a large one's.
func (c *benchCmd) place() place {
	p := place{Database: c.Database, Data: c.Data, Keys: c.Keys, KeyRing: c.KeyRing}
	if p.Database == "" {
		p.Database = "sqlite:" + filepath.Join(c.Data, fmt.Sprintf("dossiers-%d.db", c.Dossiers))
	}
	return p
}

// ownData refuses a database that was not made for measuring.
func ownData(ctx context.Context, s *store.Store) error {
	founder, err := s.Founder(ctx)
	if err == nil && founder != "" && founder != benchOperator.ID {
		return fault.New(fault.Conflict, "bench.other_data", nil)
	}
	return err
}

// measure fills the place first, and opens it again as it is served.
func (c *benchCmd) measure(ctx context.Context, std *stdio) (bench.Result, error) {
	p, clock, tape := c.place(), &movedClock{}, &store.Tape{}
	clock.set(benchStart())
	opt := bench.Options{Name: c.Name, Clients: c.Clients, Length: time.Duration(c.Seconds) * time.Second, Seed: benchSeed, Say: std.say}
	h, err := openHouse(ctx, std, &p, houseOptions{Fresh: true, Demo: true, Clock: clock.Now, Loading: true, Before: ownData})
	if err != nil {
		return bench.Result{}, err
	}
	if err := errors.Join(c.fill(ctx, std, h, opt), h.Close()); err != nil {
		return bench.Result{}, err
	}
	if h, err = openHouse(ctx, std, &p, houseOptions{Demo: true, Clock: clock.Now, Tape: tape}); err != nil {
		return bench.Result{}, err
	}
	std.say("bench.measuring", fault.Args{"name": c.Name, "clients": c.Clients, "seconds": c.Seconds})
	r, err := bench.Run(ctx, bench.Place{App: h.App, Tape: tape, URL: p.url(), Folder: c.Data}, opt)
	return r, errors.Join(err, h.Close())
}

// fill founds the centre if there is none and loads what dossiers are missing.
func (c *benchCmd) fill(ctx context.Context, std *stdio, h *house, opt bench.Options) error {
	if h.Empty() {
		_, err := h.Found(ctx, benchOperator, app.Founding{
			Preset: agency.DefaultPreset, People: true, Communes: demoCommunes, Seed: benchSeed, Since: historySince(h.Now()), Progress: progress(std),
		})
		if err != nil {
			return err
		}
	}
	return bench.Load(ctx, h.App, opt, c.Dossiers)
}

func (c *benchCmd) print(std *stdio, r bench.Result) {
	std.print("bench.done", fault.Args{
		"name": r.Name, "engine": r.Engine, "dossiers": r.Dossiers, "clients": r.Clients, "operations": r.Operations, "errors": r.Errors,
		"perSecond": decimals(r.PerSecond), "p50": decimals(r.P50), "p95": decimals(r.P95), "p99": decimals(r.P99),
		"limit": decimals(r.LimitPerSecond), "ratio": fmt.Sprintf("%.2f", r.RatioToLimit), "group": r.Group,
	})
}

// decimals keeps what a noisy measurement can tell.
func decimals(f float64) string {
	if f >= 100 {
		return fmt.Sprintf("%.0f", f)
	}
	return fmt.Sprintf("%.2f", f)
}
