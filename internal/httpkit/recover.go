package httpkit

import (
	"log/slog"
	"net/http"
	"runtime/debug"
)

// Recover turns a panic into the answer of oops, unless the handler had begun
// to answer, and logs it with its stack. http.ErrAbortHandler goes through.
func Recover(log *slog.Logger, oops http.Handler) Middleware {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			seen := &recorder{ResponseWriter: w}
			defer func() {
				reason := recover()
				if reason == nil {
					return
				}
				if reason == http.ErrAbortHandler {
					panic(reason)
				}
				log.ErrorContext(r.Context(), "panic", "id", RequestID(r.Context()), "route", r.Pattern, "reason", reason, "stack", string(debug.Stack()))
				if seen.status == 0 {
					oops.ServeHTTP(w, r)
				}
			}()
			next.ServeHTTP(seen, r)
		})
	}
}
