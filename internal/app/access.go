package app

import (
	"context"

	"github.com/motcua/motcua/internal/core/access"
	"github.com/motcua/motcua/internal/store"
)

// logRead records that personal data is read; only when it returns nil may the
// data be shown (invariant I-26).
func (a *App) logRead(ctx context.Context, who access.Actor, subject, what, purpose string) error {
	return a.store.LogAccess(ctx, store.Access{
		Principal: who.ID, Unit: who.Unit, Subject: subject, What: what, Purpose: purpose, Request: RequestID(ctx),
	})
}

type requestKey struct{}

// WithRequest carries the request id to the records that name it.
func WithRequest(ctx context.Context, id string) context.Context {
	return context.WithValue(ctx, requestKey{}, id)
}

// RequestID is the id of the request that ctx belongs to; empty outside one.
func RequestID(ctx context.Context) string {
	id, _ := ctx.Value(requestKey{}).(string)
	return id
}
