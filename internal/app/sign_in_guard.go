package app

import (
	"sync"
	"time"
)

// strangers locks logins that do not exist as those that do are locked, so that a
// lock tells nobody which logins there are. It is kept in memory of one node.
type strangers struct {
	mu    sync.Mutex
	tries map[string]stranger
}

type stranger struct {
	failures int
	until    time.Time
}

// mostStrangers bounds the memory; beyond it anybody is forgotten.
const mostStrangers = 20_000

// lockedUntil is until when a login is locked.
func (s *strangers) lockedUntil(login string) time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.tries[login].until
}

// note counts a wrong try, and locks from the limit on.
func (s *strangers) note(login string, limit int, until time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.tries == nil {
		s.tries = map[string]stranger{}
	}
	for old := range s.tries {
		if len(s.tries) < mostStrangers {
			break
		}
		delete(s.tries, old)
	}
	one := s.tries[login]
	if one.failures++; one.failures >= limit {
		one.until = until
	}
	s.tries[login] = one
}
