package httpkit

import (
	"net/netip"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// Rate allows each caller so many tries in a while. A caller is a network
// address; of IPv6 the /64, which one household has.
type Rate struct {
	every time.Duration
	burst int
	now   func() time.Time

	mu      sync.Mutex
	callers map[string]*caller
}

type caller struct {
	tokens *rate.Limiter
	seen   time.Time
}

// mostCallers bounds the memory; the longest unseen go first.
const mostCallers = 20_000

// NewRate allows burst tries at once and one more every while.
func NewRate(every time.Duration, burst int, now func() time.Time) *Rate {
	return &Rate{every: every, burst: burst, now: now, callers: map[string]*caller{}}
}

// Try spends one try of the address. When there is none it returns how long to
// wait for the next.
func (r *Rate) Try(address string) (wait time.Duration, ok bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	now := r.now()
	key := network(address)
	c, known := r.callers[key]
	if !known {
		r.makeRoom(now)
		c = &caller{tokens: rate.NewLimiter(rate.Every(r.every), r.burst)}
		r.callers[key] = c
	}
	c.seen = now
	if c.tokens.AllowN(now, 1) {
		return 0, true
	}
	missing := 1 - c.tokens.TokensAt(now)
	return time.Duration(missing * float64(r.every)), false
}

// makeRoom forgets callers whose tries are full again, and, should that not be
// enough, anybody: forgetting is kinder than refusing everyone.
func (r *Rate) makeRoom(now time.Time) {
	if len(r.callers) < mostCallers {
		return
	}
	full := r.every * time.Duration(r.burst)
	for key, c := range r.callers {
		if now.Sub(c.seen) > full {
			delete(r.callers, key)
		}
	}
	for key := range r.callers {
		if len(r.callers) < mostCallers {
			return
		}
		delete(r.callers, key)
	}
}

// network is the part of an address that stands for one caller.
func network(address string) string {
	a, err := netip.ParseAddr(address)
	if err != nil {
		return address
	}
	a = a.Unmap()
	if a.Is4() {
		return a.String()
	}
	p, err := a.WithZone("").Prefix(64)
	if err != nil {
		return address
	}
	return p.String()
}
