package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/motcua/motcua/internal/app"
	"github.com/motcua/motcua/internal/core/access"
	"github.com/motcua/motcua/internal/core/agency"
	"github.com/motcua/motcua/internal/core/fault"
)

// initCmd makes an empty installation ready: catalogue, units, calendar and one
// administrator who signs in with a one-time password.
type initCmd struct {
	place
	Centre    string `required:"" help:"Trung tâm: dak-lak, thai-nguyen, lam-dong, khanh-hoa, ninh-thuan, bac-lieu."`
	Admin     string `default:"quantri" help:"Tên đăng nhập của quản trị viên."`
	AdminName string `name:"admin-name" default:"Quản trị hệ thống" help:"Họ tên quản trị viên."`
	PublicURL string `name:"public-url" help:"Địa chỉ công khai của cổng, để in đường dẫn đăng nhập."`
	JSON      bool   `help:"In một tài liệu JSON."`
}

// Run implements the command.
func (c *initCmd) Run(ctx context.Context, std *stdio) error {
	h, err := openHouse(ctx, std, &c.place, houseOptions{Fresh: true})
	if err != nil {
		return err
	}
	return errors.Join(c.found(ctx, std, h), h.Close())
}

func (c *initCmd) found(ctx context.Context, std *stdio, h *house) error {
	if !h.Empty() {
		return fault.New(fault.Conflict, "command.not_empty", fault.Args{"path": c.Data, "centre": h.Centre().Name})
	}
	who := access.Operator("init")
	if _, err := h.Found(ctx, who, app.Founding{Preset: c.Centre, Progress: progress(std)}); err != nil {
		return err
	}
	// The calendar that ships with the program is in force until another is
	// published; there is nothing to write for it.
	admin := agency.Staff{Login: strings.ToLower(c.Admin), Name: c.AdminName, Unit: h.Centre().Code, Roles: []string{string(access.Admin)}}
	report, passwords, err := h.ImportStaff(ctx, who, []agency.Staff{admin}, app.ImportOptions{})
	if err != nil {
		return err
	}
	if len(report.Rejected) > 0 {
		return report.Rejected[0].Fault
	}
	return c.tell(std, h, admin.Login, passwords[admin.Login])
}

func (c *initCmd) tell(std *stdio, h *house, login, password string) error {
	link := strings.TrimSuffix(c.PublicURL, "/") + "/dang-nhap"
	if c.JSON {
		return std.document(map[string]any{"centre": h.Centre().Name, "data": c.Data, "login": login, "password": password, "signIn": link})
	}
	std.print("command.init_done", fault.Args{"centre": h.Centre().Name, "path": c.Data})
	_, err := fmt.Fprintf(std.out, "  %s\n  %s\n  %s\n", link, login, password)
	std.print("command.init_next", nil)
	return err
}

// progress says each step of a founding on standard error.
func progress(std *stdio) func(step string) {
	return func(step string) { std.say("command.founding."+step, nil) }
}
