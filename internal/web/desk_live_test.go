package web

import (
	"bufio"
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/motcua/motcua/internal/core/access"
	"github.com/motcua/motcua/internal/core/dossier"
)

// Two people: while one has a dossier and an inbox open, the other acts, and
// both pages are told so at once.
func TestLive(t *testing.T) {
	s := newSite(t)
	got := s.receive(nil)
	counter := s.one(access.Reception)
	b := s.signIn(counter)
	b.get(dossierPath(got.Code)).is(http.StatusOK).has("data-live")
	server := httptest.NewServer(s.handler)
	defer server.Close()
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	open := func(query string) *bufio.Scanner {
		t.Helper()
		r, err := http.NewRequestWithContext(ctx, http.MethodGet, server.URL+livePath+query, nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Accept", "text/event-stream")
		for name, value := range b.cookies {
			r.AddCookie(&http.Cookie{Name: name, Value: value})
		}
		answer, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = answer.Body.Close() })
		if answer.StatusCode != http.StatusOK {
			t.Fatalf("%s = %d", query, answer.StatusCode)
		}
		return bufio.NewScanner(answer.Body)
	}
	one, list := open("?ho-so="+got.Code+"&phien-ban=1"), open("?nhom=cua-toi")
	s.act(counter, got.Dossier, dossier.Input{Act: dossier.Forward})
	for name, lines := range map[string]*bufio.Scanner{counter.Name + " – Chuyển": one, "Danh sách vừa thay đổi": list} {
		said := ""
		for lines.Scan() {
			if text, ok := strings.CutPrefix(lines.Text(), "data: "); ok {
				said = text
			}
		}
		if !strings.Contains(said, name) {
			t.Errorf("the page was told %q, want %q", said, name)
		}
	}
	other := s.signIn(s.elsewhere(got.Agency, access.Handler))
	other.get(livePath + "?ho-so=" + got.Code + "&phien-ban=1").is(http.StatusNotFound)
}
