package httpkit

import (
	"context"
	"mime"
	"net/http"
	"strings"
	"time"
)

// Limits are the measures of one request.
type Limits struct {
	Body   int64         // bytes of a body; 0 = 2 MB
	Upload int64         // bytes of a body with files; 0 = 600 MB: refused files are read past
	Time   time.Duration // to answer; 0 = 30 s
	Files  time.Duration // to answer where files are sent; 0 = 10 min
}

// Limit bounds the body and the time of a request. Reading past the limit
// fails; the context ends with the time. A live page (text/event-stream) has no
// time limit.
func Limit(l Limits) Middleware {
	if l.Body == 0 {
		l.Body = 2 << 20
	}
	if l.Upload == 0 {
		l.Upload = 600 << 20
	}
	if l.Time == 0 {
		l.Time = 30 * time.Second
	}
	if l.Files == 0 {
		l.Files = 10 * time.Minute
	}
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			most, within := l.Body, l.Time
			if kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type")); kind == "multipart/form-data" {
				most, within = l.Upload, l.Files
			}
			if r.Body != nil && r.Body != http.NoBody {
				r.Body = http.MaxBytesReader(w, r.Body, most)
			}
			control := http.NewResponseController(w)
			if strings.Contains(r.Header.Get("Accept"), "text/event-stream") {
				_ = control.SetWriteDeadline(time.Time{}) // that of an earlier request on this connection
				next.ServeHTTP(w, r)
				return
			}
			end := time.Now().Add(within + 5*time.Second)
			_ = control.SetReadDeadline(end)  // a writer without a connection, in tests, has no deadlines
			_ = control.SetWriteDeadline(end) // the same
			ctx, cancel := context.WithTimeout(r.Context(), within)
			defer cancel()
			next.ServeHTTP(w, r.WithContext(ctx))
		})
	}
}
