// Package notify sends messages to applicants: by e-mail over SMTP, by SMS over a
// provider's HTTP gateway, or in the simulator that runs inside the binary, for
// demos and tests, which delivers into a local log. All pass the same contract test.
//
//	senders, err := notify.Open(notify.Channels{Mail: …, SMS: "sms.json"})
//	sim, err := notify.OpenSim(filepath.Join(dataDir, "messages.jsonl"))
//	senders := map[notice.Channel]app.Sender{notice.SMS: sim, notice.Email: sim}
package notify

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/motcua/motcua/internal/app"
	"github.com/motcua/motcua/internal/core/fault"
	"github.com/motcua/motcua/internal/core/notice"
)

// Delivered is one message that arrived, as the log keeps it, one a line. The
// log holds addresses and texts in full: simulated people only.
type Delivered struct {
	ID      string         `json:"id"`
	Channel notice.Channel `json:"channel"`
	To      string         `json:"to"`
	Subject string         `json:"subject,omitempty"`
	Text    string         `json:"text"`
	Files   []string       `json:"files,omitempty"` // names of those that go along
	At      time.Time      `json:"at"`
}

// Sim is the simulator; safe for use by many.
type Sim struct {
	mu     sync.Mutex
	log    io.Writer
	close  func() error
	now    func() time.Time
	seen   map[string]string // message id → reference
	inbox  []Delivered
	broken int // how many further sends fail
}

// OpenSim opens the simulator on a log file, which is made when it is not there.
// What the log already holds counts as delivered.
func OpenSim(path string) (*Sim, error) {
	s := NewSim(io.Discard, time.Now)
	old, err := os.ReadFile(path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("read the log of simulated messages: %w", err)
	}
	for line := range bytes.Lines(old) {
		var d Delivered
		if json.Unmarshal(line, &d) == nil { // the last line of a program that was killed is cut
			s.keep(d)
		}
	}
	f, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open the log of simulated messages: %w", err)
	}
	if len(old) > 0 && !bytes.HasSuffix(old, []byte("\n")) {
		if _, err := f.WriteString("\n"); err != nil {
			return nil, errors.Join(err, f.Close())
		}
	}
	s.log, s.close = f, f.Close
	return s, nil
}

// NewSim is a simulator that writes its log to w.
func NewSim(w io.Writer, now func() time.Time) *Sim {
	return &Sim{log: w, close: func() error { return nil }, now: now, seen: map[string]string{}}
}

// keep notes a delivery and returns its reference.
func (s *Sim) keep(d Delivered) string {
	ref := fmt.Sprintf("SIM-%06d", len(s.seen)+1)
	s.seen[d.ID] = ref
	s.inbox = append(s.inbox, d)
	return ref
}

// Name is what the administration reads.
func (s *Sim) Name() string { return "simulator" }

// Send delivers into the log. A message that arrived before gets its first
// reference again and is not delivered a second time. Addresses that no network
// would take are refused for good.
func (s *Sim) Send(ctx context.Context, m app.Outgoing) (string, error) {
	if err := ctx.Err(); err != nil {
		return "", err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if ref, known := s.seen[m.ID]; known {
		return ref, nil
	}
	if s.broken > 0 {
		s.broken--
		return "", fault.New(fault.Unavailable, "message.channel_down", nil)
	}
	if !deliverable(m) {
		return "", fault.New(fault.Invalid, "message.address_refused", nil)
	}
	d := Delivered{ID: m.ID, Channel: m.Channel, To: m.To, Subject: m.Subject, Text: m.Text, At: s.now()}
	for _, f := range m.Files {
		d.Files = append(d.Files, f.Name)
	}
	line, err := json.Marshal(d)
	if err != nil {
		return "", err
	}
	if _, err := s.log.Write(append(line, '\n')); err != nil {
		return "", fmt.Errorf("write the log of simulated messages: %w", err)
	}
	return s.keep(d), nil
}

// deliverable reports whether an address has the form of its channel: digits, or
// a name and a domain.
func deliverable(m app.Outgoing) bool {
	if m.Text == "" {
		return false
	}
	if m.Channel == notice.Email {
		name, domain, ok := strings.Cut(m.To, "@")
		return ok && name != "" && strings.Contains(domain, ".")
	}
	return len(m.To) >= 9 && strings.Trim(strings.TrimPrefix(m.To, "+"), "0123456789") == ""
}

// Break makes the next n sends fail as a network does that is down.
func (s *Sim) Break(n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.broken = n
}

// Inbox is everything that arrived, the oldest first.
func (s *Sim) Inbox() []Delivered {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Delivered(nil), s.inbox...)
}

// Close closes the log.
func (s *Sim) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.close()
}
