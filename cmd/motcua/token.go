package main

import (
	"context"
	"fmt"

	"github.com/motcua/motcua/internal/core/access"
	"github.com/motcua/motcua/internal/core/fault"
)

// tokenCmd holds what can be done with API tokens.
type tokenCmd struct {
	Create tokenCreateCmd `cmd:"" help:"Cấp một mã truy cập API; mã chỉ hiện một lần."`
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
	t, err := h.CreateToken(ctx, access.Operator("token"), c.Name, access.Role(c.Role), c.Unit)
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
