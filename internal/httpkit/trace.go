package httpkit

import (
	"context"
	"crypto/rand"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"time"
)

// Trace gives each request an id, tells the caller in X-Request-Id, and writes
// one line of log when it is answered: method, route, status, bytes, time. The
// line has no path, query or address, since those name dossiers and people.
//
// The address behind the proxies is taken from X-Forwarded-For only when the
// connection comes from one of them.
func Trace(log *slog.Logger, proxies ...netip.Prefix) Middleware {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			n := &note{id: newID(), address: addressOf(r, proxies)}
			w.Header().Set("X-Request-Id", n.id)
			seen := &recorder{ResponseWriter: w}
			start := time.Now()
			defer func() {
				level := slog.LevelInfo
				if seen.status >= http.StatusInternalServerError {
					level = slog.LevelError
				}
				log.LogAttrs(r.Context(), level, "request", slog.String("id", n.id), slog.String("method", r.Method),
					slog.String("route", n.route), slog.Int("status", seen.Status()), slog.Int64("bytes", seen.bytes),
					slog.Int64("micros", time.Since(start).Microseconds()))
			}()
			next.ServeHTTP(seen, r.WithContext(context.WithValue(r.Context(), noteKey{}, n)))
		})
	}
}

// Routes serves mux and notes for the log which of its patterns answered.
func Routes(mux *http.ServeMux) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		n := noteOf(r.Context())
		defer func() { n.route = r.Pattern }()
		mux.ServeHTTP(w, r)
	})
}

// newID is ten letters and digits that can be read out on the phone.
func newID() string {
	const letters = "23456789abcdefghjkmnpqrstuvwxyz" // no 0 o 1 l i
	var b [10]byte
	_, _ = rand.Read(b[:]) // never fails since Go 1.24
	for i, x := range b {
		b[i] = letters[int(x)%len(letters)]
	}
	return string(b[:])
}

// addressOf finds the nearest address that is not one of our proxies.
func addressOf(r *http.Request, proxies []netip.Prefix) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		host = r.RemoteAddr
	}
	chain := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for i := len(chain) - 1; i >= 0 && ours(host, proxies); i-- {
		next := strings.TrimSpace(chain[i])
		if _, err := netip.ParseAddr(next); err != nil {
			break
		}
		host = next
	}
	return host
}

func ours(host string, proxies []netip.Prefix) bool {
	a, err := netip.ParseAddr(host)
	if err != nil {
		return false
	}
	for _, p := range proxies {
		if p.Contains(a.Unmap()) {
			return true
		}
	}
	return false
}

// recorder remembers what was answered.
type recorder struct {
	http.ResponseWriter
	status int
	bytes  int64
}

// Status is the answered status; 200 when a handler wrote nothing.
func (w *recorder) Status() int {
	if w.status == 0 {
		return http.StatusOK
	}
	return w.status
}

func (w *recorder) WriteHeader(status int) {
	if w.status == 0 && status >= http.StatusOK {
		w.status = status
	}
	w.ResponseWriter.WriteHeader(status)
}

func (w *recorder) Write(p []byte) (int, error) {
	if w.status == 0 {
		w.status = http.StatusOK
	}
	n, err := w.ResponseWriter.Write(p)
	w.bytes += int64(n)
	return n, err
}

// Unwrap lets http.ResponseController reach the connection.
func (w *recorder) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// Flush sends what is written so far; live pages need it.
func (w *recorder) Flush() {
	if f, ok := w.ResponseWriter.(http.Flusher); ok {
		f.Flush()
	}
}
