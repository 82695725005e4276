// Package httpkit is what pages and API share around a handler: request id,
// log, recovery, security headers, origin check, limits, compression, files
// with a content hash, and the reader's language. It knows no use case and no
// page; the caller says what an error looks like.
//
//	h := httpkit.Chain(mux, httpkit.Trace(log, address), httpkit.Recover(log, oops), httpkit.Secure(true))
package httpkit

import (
	"context"
	"log/slog"
	"net/http"
	"time"
)

// Middleware wraps a handler.
type Middleware func(http.Handler) http.Handler

// Chain wraps h so that the first middleware sees a request first.
func Chain(h http.Handler, around ...Middleware) http.Handler {
	for i := len(around) - 1; i >= 0; i-- {
		h = around[i](h)
	}
	return h
}

// Server returns an HTTP server with the limits that a public address needs:
// slow headers and idle connections end. Bodies and answers have their limits
// in the handler, since uploads and live pages take longer than pages.
func Server(h http.Handler, log *slog.Logger) *http.Server {
	return &http.Server{
		Handler: h, ReadHeaderTimeout: 10 * time.Second, IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 64 << 10,
		ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelWarn),
	}
}

// note is what the middlewares of one request know about it. It is made by
// Trace and filled by those behind it, so that one line of log has everything.
type note struct {
	id      string
	address string
	route   string
	reader  string // language
}

type noteKey struct{}

func noteOf(ctx context.Context) *note {
	if n, ok := ctx.Value(noteKey{}).(*note); ok {
		return n
	}
	return &note{}
}

// RequestID is the id under which a request stands in the log (mã lỗi); empty
// outside Trace.
func RequestID(ctx context.Context) string { return noteOf(ctx).id }

// Address is the caller's network address; empty outside Trace.
func Address(ctx context.Context) string { return noteOf(ctx).address }
