package apptest

import (
	"context"
	"fmt"
	"sync"
	"testing"

	"github.com/motcua/motcua/internal/app"
	"github.com/motcua/motcua/internal/core/fault"
	"github.com/motcua/motcua/internal/core/notice"
	"github.com/motcua/motcua/internal/job"
)

// Mailbox takes the messages of a test centre.
type Mailbox struct {
	mu      sync.Mutex
	arrived []app.Outgoing
	refuse  map[string]bool
	down    int
}

// Name is what the administration reads.
func (m *Mailbox) Name() string { return "test" }

// Send keeps the message; the same one only once.
func (m *Mailbox) Send(_ context.Context, o app.Outgoing) (string, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for i, have := range m.arrived {
		if have.ID == o.ID {
			return fmt.Sprint("T", i+1), nil
		}
	}
	switch {
	case m.refuse[o.To]:
		return "", fault.New(fault.Invalid, "message.address_refused", nil)
	case m.down > 0:
		m.down--
		return "", fault.New(fault.Unavailable, "message.channel_down", nil)
	}
	m.arrived = append(m.arrived, o)
	return fmt.Sprint("T", len(m.arrived)), nil
}

// Refuse makes an address one that does not exist.
func (m *Mailbox) Refuse(to string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.refuse[to] = true
}

// Break makes the next n sends fail for the moment.
func (m *Mailbox) Break(n int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.down = n
}

// Arrived is what has arrived so far.
func (m *Mailbox) Arrived() []app.Outgoing {
	m.mu.Lock()
	defer m.mu.Unlock()
	return append([]app.Outgoing(nil), m.arrived...)
}

func newMailbox() *Mailbox { return &Mailbox{refuse: map[string]bool{}} }

func (m *Mailbox) senders() map[notice.Channel]app.Sender {
	return map[notice.Channel]app.Sender{notice.SMS: m}
}

// Drain runs the background work that waits at the clock's time.
func (w *World) Drain(t testing.TB) int {
	t.Helper()
	r := job.New(w.Store(), w.Log, job.Options{Clock: w.Clock.Now})
	w.Work(r)
	n, err := r.Drain(context.Background())
	if err != nil {
		t.Fatalf("run the background work: %v", err)
	}
	return n
}
