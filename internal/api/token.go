package api

import (
	"context"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"github.com/motcua/motcua/internal/core/access"
	"github.com/motcua/motcua/internal/core/fault"
)

// caller is who sent a request, and by which token, so that a long stream can
// look again whether it still holds. The request itself is for bodies that are
// read as they come in.
type caller struct {
	access.Actor
	token   string
	request *http.Request
	writer  http.ResponseWriter
}

type callerKey struct{}

// authenticate turns the Bearer token into an actor before anything else is
// read. Without a token the caller is the public, which only public routes
// serve; a wrong one is refused everywhere, so that a slip is noticed.
func (s *server) authenticate(c huma.Context, next func(huma.Context)) {
	r, w := humago.Unwrap(c)
	who := caller{Actor: access.Public(), request: r, writer: w}
	if h := c.Header("Authorization"); h != "" {
		scheme, token, _ := strings.Cut(h, " ")
		actor, err := s.app.TokenActor(c.Context(), strings.TrimSpace(token))
		if err == nil && !strings.EqualFold(scheme, "Bearer") {
			err = fault.New(fault.Forbidden, "api.token_wrong", nil)
		}
		if err != nil {
			s.write(w, s.unauthorized(c.Context(), err))
			return
		}
		who.Actor, who.token = actor, strings.TrimSpace(token)
	}
	if len(c.Operation().Security) > 0 && !who.SignedIn() {
		s.write(w, s.unauthorized(c.Context(), fault.New(fault.Forbidden, "api.token_missing", nil)))
		return
	}
	next(huma.WithValue(c, callerKey{}, who))
}

// unauthorized is the answer to a missing or wrong token; a database that does
// not answer says nothing about the token.
func (s *server) unauthorized(ctx context.Context, err error) *Problem {
	p := s.problemOf(ctx, err)
	if p.Status == http.StatusForbidden {
		p.Status, p.Title = http.StatusUnauthorized, s.title(ctx, http.StatusUnauthorized)
	}
	return p
}

// actor is whoever calls.
func actor(ctx context.Context) access.Actor {
	if c, ok := ctx.Value(callerKey{}).(caller); ok {
		return c.Actor
	}
	return access.Public()
}
