package main

import (
	"context"
	"fmt"
	"text/tabwriter"

	"github.com/motcua/motcua/internal/app"
	"github.com/motcua/motcua/internal/core/access"
	"github.com/motcua/motcua/internal/core/fault"
	"github.com/motcua/motcua/internal/i18n"
)

// tokenCmd holds what can be done with API tokens.
type tokenCmd struct {
	Create tokenCreateCmd `cmd:"" help:"Cấp một mã truy cập API; mã chỉ hiện một lần."`
	List   tokenListCmd   `cmd:"" help:"Liệt kê các mã truy cập API, không có phần bí mật."`
	Revoke tokenRevokeCmd `cmd:"" help:"Thu hồi một mã truy cập API; có hiệu lực ngay."`
}

// tokenCreateCmd makes an API token.
type tokenCreateCmd struct {
	place
	Name string `required:"" help:"Tên hệ thống hoặc người dùng mã này."`
	Role string `required:"" help:"Vai trò: reception, handler, leader, clerk, director, control, supervisor, inspector, admin, import, partner."`
	Unit string `help:"Mã đơn vị mà mã truy cập làm việc thay; mặc định là Trung tâm."`
	JSON bool   `help:"In một tài liệu JSON."`
}

// Run implements the command.
func (c *tokenCreateCmd) Run(ctx context.Context, std *stdio) error {
	return runInHouse(ctx, std, &c.place, "token", c, houseOptions{})
}

func (c *tokenCreateCmd) inHouse(ctx context.Context, std *stdio, h *house) error {
	if err := h.founded(); err != nil {
		return err
	}
	t, err := h.CreateToken(ctx, access.Operator("token"), app.TokenForm{Name: c.Name, Role: access.Role(c.Role), Unit: c.Unit})
	if err != nil {
		return err
	}
	if c.JSON {
		return std.document(map[string]any{"id": t.ID, "name": t.Name, "role": t.Role, "unit": t.Unit, "token": t.Secret})
	}
	std.say("command.token_once", fault.Args{"name": t.Name})
	_, err = fmt.Fprintln(std.out, t.Secret)
	return err
}

// tokenListCmd lists the tokens.
type tokenListCmd struct {
	place
	JSON bool `help:"In một tài liệu JSON."`
}

// Run implements the command.
func (c *tokenListCmd) Run(ctx context.Context, std *stdio) error {
	return runInHouse(ctx, std, &c.place, "token", c, houseOptions{})
}

func (c *tokenListCmd) inHouse(ctx context.Context, std *stdio, h *house) error {
	rows, err := h.Tokens(ctx, access.Operator("token"))
	if err != nil {
		return err
	}
	if c.JSON {
		list := make([]map[string]any, 0, len(rows))
		for _, t := range rows {
			list = append(list, map[string]any{"id": t.ID, "name": t.Name, "role": t.Role, "unit": t.Unit, "revoked": t.Revoked})
		}
		return std.document(list)
	}
	if len(rows) == 0 {
		std.say("command.token_none", nil)
		return nil
	}
	out := tabwriter.NewWriter(std.out, 0, 0, 2, ' ', 0)
	for _, t := range rows {
		state := "token.page.valid"
		if t.Revoked {
			state = "token.page.revoked"
		}
		fmt.Fprintf(out, "%s\t%s\t%s\t%s\t%s\n", t.ID, t.Name, t.Role, t.Unit, i18n.Default().T(std.lang, state, nil))
	}
	return out.Flush()
}

// tokenRevokeCmd takes a token back.
type tokenRevokeCmd struct {
	place
	ID string `arg:"" help:"Mã định danh trong danh sách mã truy cập."`
}

// Run implements the command.
func (c *tokenRevokeCmd) Run(ctx context.Context, std *stdio) error {
	return runInHouse(ctx, std, &c.place, "token", c, houseOptions{})
}

func (c *tokenRevokeCmd) inHouse(ctx context.Context, std *stdio, h *house) error {
	if err := h.RevokeToken(ctx, access.Operator("token"), "", c.ID); err != nil {
		return err
	}
	std.say("command.token_revoked", fault.Args{"id": c.ID})
	return nil
}
