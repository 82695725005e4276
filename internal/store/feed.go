package store

import (
	"context"
	"sync"

	"github.com/motcua/motcua/internal/core/journal"
)

// feed tells waiting readers how far the journal has come.
type feed struct {
	mu       sync.Mutex
	position int64
	watchers map[chan int64]struct{}
	closed   bool
}

// publish notes that the journal has come to position. A watcher that has not
// taken the earlier position gets the later one in its place.
func (f *feed) publish(position int64) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if position <= f.position {
		return
	}
	f.position = position
	for ch := range f.watchers {
		select {
		case ch <- position:
		default:
			select {
			case <-ch:
			default:
			}
			ch <- position // only publish sends, so there is room now
		}
	}
}

func (f *feed) at() int64 {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.position
}

// watched reports whether anybody waits.
func (f *feed) watched() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return len(f.watchers) > 0
}

func (f *feed) close() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.closed = true
	for ch := range f.watchers {
		close(ch)
	}
	f.watchers = nil
}

// Position is the last position of the journal that this node knows to be
// committed: after Do, at least that of the write's own events.
func (s *Store) Position() int64 { return s.feed.at() }

// Watch tells the latest position after each commit, the present one at once.
// Positions between may be left out. The channel is closed when ctx ends or the
// store is closed.
func (s *Store) Watch(ctx context.Context) <-chan int64 {
	ch := make(chan int64, 1)
	f := &s.feed
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.closed {
		close(ch)
		return ch
	}
	if f.watchers == nil {
		f.watchers = map[chan int64]struct{}{}
	}
	f.watchers[ch] = struct{}{}
	ch <- f.position
	context.AfterFunc(ctx, func() {
		f.mu.Lock()
		defer f.mu.Unlock()
		if _, there := f.watchers[ch]; there {
			delete(f.watchers, ch)
			close(ch)
		}
	})
	return ch
}

// Events reads up to limit events after a position, in order.
func (s *Store) Events(ctx context.Context, after int64, limit int) ([]journal.Event, error) {
	return Collect(ctx, s, scanEvent, `SELECT `+journalColumns+` FROM journal WHERE position > $1 ORDER BY position LIMIT $2`, after, limit)
}

// StreamEvents reads the whole stream of a root, in order.
func (s *Store) StreamEvents(ctx context.Context, r Root) ([]journal.Event, error) {
	return Collect(ctx, s, scanEvent, `SELECT `+journalColumns+` FROM journal WHERE stream = $1 ORDER BY version`, r.Stream())
}
