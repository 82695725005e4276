package api_test

import (
	"bufio"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/motcua/motcua/internal/api"
	"github.com/motcua/motcua/internal/api/apitest"
	"github.com/motcua/motcua/internal/core/access"
	"github.com/motcua/motcua/internal/core/journal"
	"github.com/motcua/motcua/internal/store"
)

// listener reads a stream of events.
type listener struct {
	t *testing.T
	r *bufio.Scanner
}

func listen(t *testing.T, url, token, last string) listener {
	t.Helper()
	q, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url+"/api/v1/events", nil)
	if err != nil {
		t.Fatal(err)
	}
	q.Header.Set("Authorization", "Bearer "+token)
	q.Header.Set("Accept", "text/event-stream")
	if last != "" {
		q.Header.Set("Last-Event-ID", last)
	}
	a, err := http.DefaultClient.Do(q)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { a.Body.Close() })
	if a.StatusCode != 200 || a.Header.Get("Content-Type") != "text/event-stream" {
		t.Fatalf("status %d, %v", a.StatusCode, a.Header)
	}
	return listener{t, bufio.NewScanner(a.Body)}
}

// next reads up to the next line that begins with prefix, and returns the rest.
func (l listener) next(prefix string) string {
	l.t.Helper()
	for l.r.Scan() {
		if rest, ok := strings.CutPrefix(l.r.Text(), prefix); ok {
			return rest
		}
	}
	l.t.Fatalf("the stream ended before %q: %v", prefix, l.r.Err())
	return ""
}

// ended reads to the end.
func (l listener) ended() {
	for l.r.Scan() {
	}
}

func TestStreamOfEvents(t *testing.T) {
	c := centre(t, api.Options{Beat: 20 * time.Millisecond})
	server := httptest.NewServer(c.Handler)
	t.Cleanup(server.Close)
	officer, stranger := c.Token(t, access.Reception, ""), c.Token(t, access.Handler, otherUnit(t, c))
	all, none := listen(t, server.URL, officer, ""), listen(t, server.URL, stranger, "")
	all.next(": ")
	got := received(t, c, nil)
	id := all.next("id: ")
	if event := all.next("event: "); event != "dossier.received" {
		t.Errorf("event %q", event)
	}
	data := all.next("data: ")
	var e api.Happened
	if err := json.Unmarshal([]byte(data), &e); err != nil {
		t.Fatal(err)
	}
	if e.Code != got.Code || e.Status != 2 || e.StatusLabel == "" || e.Version != 1 || strconv.FormatInt(e.Position, 10) != id {
		t.Errorf("data %s, id %s", data, id)
	}
	if strings.Contains(data, "Thử Nghiệm") || strings.Contains(data, "9991") {
		t.Errorf("the stream names a person: %s", data)
	}
	// A stranger learns that time goes on, and nothing else.
	if got := none.next("id: "); got != id {
		t.Errorf("a stranger is at %s, want %s", got, id)
	}
	if line := none.next(""); line != "" {
		t.Errorf("a stranger reads %q", line)
	}
	// Whoever comes back continues where he was.
	before := strconv.FormatInt(e.Position-1, 10)
	if again := listen(t, server.URL, officer, before).next("data: "); again != data {
		t.Errorf("again %s, want %s", again, data)
	}
	revoke(t, c, string(access.Reception)+"|")
	all.ended()
}

// revoke withdraws the token of a name.
func revoke(t *testing.T, c *apitest.Centre, name string) {
	t.Helper()
	events, err := c.Store().Events(t.Context(), 0, 1<<20)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range events {
		var made access.Token
		if e.Type != access.TokenIssued {
			continue
		}
		if err := json.Unmarshal(e.Payload, &made); err != nil {
			t.Fatal(err)
		}
		if made.Name != name {
			continue
		}
		root := store.TokenRoot(made.ID)
		_, err := store.Do(t.Context(), c.Store(), store.Write{Actor: journal.Actor{Principal: "system:test"}, Roots: []store.Root{root}}, func(v *store.View) (int, error) {
			_, err := store.Record[access.Token](v, root, access.TokenRevoked, 1, "", struct{}{})
			return 0, err
		})
		if err != nil {
			t.Fatal(err)
		}
		return
	}
	t.Fatalf("no token is called %s", name)
}

// The caller learns at once that the stream has begun, before anything happens
// and through the compression of answers.
func TestStreamBeginsAtOnce(t *testing.T) {
	c := centre(t, api.Options{Beat: 24 * time.Hour})
	server := httptest.NewServer(c.Handler)
	t.Cleanup(server.Close)
	if retry := listen(t, server.URL, c.Token(t, access.Reception, ""), "").next("retry: "); retry != "3000" {
		t.Errorf("retry %q", retry)
	}
}

func TestStreamIsRefusedBeforeItBegins(t *testing.T) {
	c := centre(t, api.Options{})
	c.Do(t, apitest.Request{Path: "/events"}).Refused(t, 401, "api.token_missing")
	c.Do(t, apitest.Request{Token: c.Token(t, access.Admin, ""), Path: "/events?after=0"}).Refused(t, 403, "access.denied")
	c.Do(t, apitest.Request{Token: c.Token(t, access.Director, ""), Path: "/events?after=x"}).Refused(t, 422, "api.field.integer", "after")
}
