package notify_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/motcua/motcua/internal/adapter/notify"
	"github.com/motcua/motcua/internal/app"
	"github.com/motcua/motcua/internal/core/fault"
	"github.com/motcua/motcua/internal/core/notice"
)

// rig is one sender under test: its other end, and how to break it.
type rig struct {
	sender app.Sender
	inbox  func() []notify.Delivered
	fail   func(n int)
}

// contract is what every sender keeps on its channels, simulator or real.
func contract(t *testing.T, open func(t *testing.T) rig, channels ...notice.Channel) {
	all := func(list ...app.Outgoing) []app.Outgoing {
		return slices.DeleteFunc(list, func(o app.Outgoing) bool { return !slices.Contains(channels, o.Channel) })
	}
	sms := app.Outgoing{ID: "m1", Channel: notice.SMS, To: "0000123456", Text: "Hồ sơ H36.01-261123-0001 đã có kết quả."}
	mail := app.Outgoing{ID: "m2", Channel: notice.Email, To: "a@example.vn", Subject: "Hồ sơ", Text: "Đã có kết quả."}
	one := all(sms, mail)[0]
	t.Run("delivers as given", func(t *testing.T) {
		r := open(t)
		sent := all(sms, mail)
		for _, m := range sent {
			ref, err := r.sender.Send(t.Context(), m)
			if err != nil || ref == "" {
				t.Fatalf("Send(%s) = %q, %v", m.ID, ref, err)
			}
		}
		got := r.inbox()
		for i, m := range sent {
			if len(got) != len(sent) || got[i].To != m.To || got[i].Text != m.Text || got[i].Subject != m.Subject {
				t.Fatalf("arrived %+v", got)
			}
		}
	})
	t.Run("a repetition is delivered once", func(t *testing.T) {
		r := open(t)
		first, err := r.sender.Send(t.Context(), one)
		if err != nil {
			t.Fatal(err)
		}
		again, err := r.sender.Send(t.Context(), one)
		if err != nil || again != first || len(r.inbox()) != 1 {
			t.Errorf("again = %q, %v with %d arrived; first %q", again, err, len(r.inbox()), first)
		}
	})
	t.Run("a refused address is refused for good", func(t *testing.T) {
		r := open(t)
		for _, bad := range all(
			app.Outgoing{ID: "b1", Channel: notice.SMS, To: "12", Text: "x"}, app.Outgoing{ID: "b2", Channel: notice.SMS, To: "09o1234567", Text: "x"},
			app.Outgoing{ID: "b3", Channel: notice.Email, To: "nobody", Text: "x"}, app.Outgoing{ID: "b4", Channel: notice.Email, To: "@x.vn", Text: "x"},
			app.Outgoing{ID: "b5", Channel: notice.SMS, To: "0000123456"},
		) {
			if _, err := r.sender.Send(t.Context(), bad); fault.KindOf(err) != fault.Invalid {
				t.Errorf("Send(%s to %q) = %v, want invalid", bad.ID, bad.To, err)
			}
		}
		if n := len(r.inbox()); n != 0 {
			t.Errorf("%d arrived", n)
		}
	})
	t.Run("a network that is down is tried again", func(t *testing.T) {
		r := open(t)
		r.fail(2)
		for i := range 3 {
			_, err := r.sender.Send(t.Context(), one)
			if down := i < 2; down != (err != nil) || down && fault.KindOf(err) == fault.Invalid {
				t.Errorf("try %d: %v", i+1, err)
			}
		}
		if n := len(r.inbox()); n != 1 {
			t.Errorf("%d arrived, want 1", n)
		}
	})
	t.Run("a cancelled send sends nothing", func(t *testing.T) {
		r := open(t)
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if _, err := r.sender.Send(ctx, one); !errors.Is(err, context.Canceled) || len(r.inbox()) != 0 {
			t.Errorf("Send = %v, %d arrived", err, len(r.inbox()))
		}
	})
}

func TestSimKeepsTheContract(t *testing.T) {
	contract(t, func(t *testing.T) rig {
		s := notify.NewSim(&bytes.Buffer{}, time.Now)
		return rig{s, s.Inbox, s.Break}
	}, notice.SMS, notice.Email)
}

func TestSimRemembersAcrossStarts(t *testing.T) {
	path := filepath.Join(t.TempDir(), "messages.jsonl")
	send := func(id string) (string, int) {
		s, err := notify.OpenSim(path)
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		ref, err := s.Send(t.Context(), app.Outgoing{ID: id, Channel: notice.SMS, To: "0000123456", Text: "x"})
		if err != nil {
			t.Fatal(err)
		}
		return ref, len(s.Inbox())
	}
	first, _ := send("m1")
	f, err := os.OpenFile(path, os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	fmt.Fprint(f, `{"id":"cut`) // a program that was killed while it wrote
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	if again, n := send("m1"); again != first || n != 1 {
		t.Errorf("after a restart: %q with %d arrived, want %q with 1", again, n, first)
	}
	if second, n := send("m2"); second == first || n != 2 {
		t.Errorf("after a cut line: %q with %d arrived", second, n)
	}
	if _, n := send("m2"); n != 2 {
		t.Errorf("%d arrived, want 2", n)
	}
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("log mode %v, %v", info.Mode(), err)
	}
}

func TestSimSaysWhatFails(t *testing.T) {
	s := notify.NewSim(full{}, time.Now)
	_, err := s.Send(t.Context(), app.Outgoing{ID: "m", Channel: notice.SMS, To: "0000123456", Text: "x"})
	if err == nil || !strings.Contains(err.Error(), "disk full") || len(s.Inbox()) != 0 {
		t.Errorf("Send to a full disk = %v, %d arrived", err, len(s.Inbox()))
	}
	if _, err := notify.OpenSim(t.TempDir()); err == nil {
		t.Error("OpenSim of a folder succeeded")
	}
}

type full struct{}

func (full) Write([]byte) (int, error) { return 0, errors.New("disk full") }
