package api

import (
	"context"
	"net/http"
	"strconv"

	"github.com/danielgtaylor/huma/v2"
)

type slipIn struct {
	Code string `path:"code" maxLength:"60"`
	Form string `path:"form" maxLength:"60"`
}

func (s *server) slips() {
	o := s.operation("getSlip", http.MethodGet, "/dossiers/{code}/slips/{form}", "files")
	o.Responses = binary("application/pdf")
	register(s, o, s.slip)
}

// slip prints a statutory form of a dossier.
func (s *server) slip(ctx context.Context, in *slipIn) (*huma.StreamResponse, error) {
	f, err := s.app.Slip(ctx, actor(ctx), in.Code, in.Form)
	if err != nil {
		return nil, s.fail(ctx, err)
	}
	return &huma.StreamResponse{Body: func(c huma.Context) {
		c.SetHeader("Content-Type", "application/pdf")
		c.SetHeader("Content-Length", strconv.Itoa(len(f.PDF)))
		c.SetHeader("Content-Disposition", disposition("inline", f.Name))
		c.SetStatus(http.StatusOK)
		_, _ = c.BodyWriter().Write(f.PDF) // a caller who hangs up has enough
	}}, nil
}
