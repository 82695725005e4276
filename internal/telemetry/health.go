package telemetry

import (
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"sync"
	"sync/atomic"
	"time"
)

// checkFor is how long one look at readiness may take in all.
const checkFor = 2 * time.Second

// Health answers the two questions of a load balancer: does the process live
// (/healthz), and should it get requests (/readyz)?
type Health struct {
	log      *slog.Logger
	mu       sync.Mutex
	checks   []check
	draining atomic.Bool
}

type check struct {
	name string
	ask  func(context.Context) error
}

// NewHealth returns a Health without checks; what a check finds goes to log.
func NewHealth(log *slog.Logger) *Health { return &Health{log: log} }

// Check adds a condition of readiness, such as "database". ask must be safe for
// concurrent use and end with its context.
func (h *Health) Check(name string, ask func(context.Context) error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.checks = append(h.checks, check{name, ask})
}

// Drain makes the program not ready for good: it is about to stop, and finishes
// what it has.
func (h *Health) Drain() { h.draining.Store(true) }

// Live answers 200 as long as the process can answer at all. It asks nothing
// else: restarting the program would not mend its database.
func (h *Health) Live(w http.ResponseWriter, _ *http.Request) {
	answer(w, http.StatusOK, readiness{OK: true})
}

// readiness is the answer of both pages.
type readiness struct {
	OK     bool          `json:"ok"`
	Checks []checkResult `json:"checks,omitempty"`
}

type checkResult struct {
	Name string `json:"name"`
	OK   bool   `json:"ok"`
}

// Ready answers 200 when every check passes, else 503 with the names of those
// that do not. The reasons go to the log only: the page is public.
func (h *Health) Ready(w http.ResponseWriter, r *http.Request) {
	if h.draining.Load() {
		answer(w, http.StatusServiceUnavailable, readiness{Checks: []checkResult{{Name: "draining"}}})
		return
	}
	ctx, cancel := context.WithTimeout(r.Context(), checkFor)
	defer cancel()
	h.mu.Lock()
	checks := h.checks[:len(h.checks):len(h.checks)]
	h.mu.Unlock()

	result := readiness{OK: true, Checks: make([]checkResult, len(checks))}
	var wait sync.WaitGroup
	for i, c := range checks {
		wait.Go(func() {
			err := c.ask(ctx)
			result.Checks[i] = checkResult{Name: c.name, OK: err == nil}
			if err != nil {
				h.log.WarnContext(ctx, "not ready", "check", c.name, "error", err)
			}
		})
	}
	wait.Wait()
	status := http.StatusOK
	for _, c := range result.Checks {
		if !c.OK {
			result.OK, status = false, http.StatusServiceUnavailable
		}
	}
	answer(w, status, result)
}

func answer(w http.ResponseWriter, status int, body readiness) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body) // the client is gone; nobody to tell
}
