package telemetry

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

func TestMask(t *testing.T) {
	tests := []struct{ name, in, want string }{
		{"personal number", "079085001234", "079*****1234"},
		{"inside a sentence", "owner 079085001234, phone 0912345678.", "owner 079*****1234, phone 0912***678."},
		{"one after the other", "079085001234 079085005678", "079*****1234 079*****5678"},
		{"in JSON", `{"personalId":"079085001234"}`, `{"personalId":"079*****1234"}`},
		{"in a query", "/tra-cuu?sdt=0912345678&x=1", "/tra-cuu?sdt=0912***678&x=1"},
		{"landline", "02623000123", "0262****123"},
		{"country code", "+84912345678", "+84912***678"},
		{"country code of a landline", "+842623000123", "+84262****123"},
		{"country code without plus", "84912345678", "84912***678"},
		{"dossier code", "H36.12-250415-0001", "H36.12-250415-0001"},
		{"UUID with a group of digits", "0192f0c1-7b7a-7000-8000-123456789012", "0192f0c1-7b7a-7000-8000-123456789012"},
		{"hexadecimal", "a123456789012", "a123456789012"},
		{"microseconds", "1764000000123456", "1764000000123456"},
		{"seconds", "1764000000", "1764000000"},
		{"fraction", "0.123456789012", "0.123456789012"},
		{"nothing", "", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := Mask(tt.in); got != tt.want {
				t.Errorf("Mask(%q) = %q, want %q", tt.in, got, tt.want)
			}
		})
	}
}

type shown struct{ text string }

func (s shown) String() string { return s.text }

func TestLogHidesPersonalNumbersEverywhere(t *testing.T) {
	var b strings.Builder
	log := NewLog(&b, slog.LevelInfo).With("with", "079085001234")
	log.Info("received from 079085001234",
		"string", "079085001234",
		"error", errors.New("owner 079085001234"),
		"stringer", shown{"079085001234"},
		"bytes", []byte("079085001234"),
		"struct", struct{ ID string }{"079085001234"},
		"list", []string{"079085001234"},
		slog.Group("group", "inner", "079085001234"),
		"Password", "let-me-in", "trackingSecret", "let-me-in", "Authorization", "Bearer let-me-in",
	)
	line := b.String()
	if strings.Contains(line, "079085001234") || strings.Contains(line, "let-me-in") {
		t.Errorf("log shows a person or a secret: %s", line)
	}
	if got, want := strings.Count(line, "079*****1234"), 9; got != want {
		t.Errorf("log has %d masked numbers, want %d: %s", got, want, line)
	}
}

func TestLogLeavesOtherValues(t *testing.T) {
	var b strings.Builder
	NewLog(&b, slog.LevelInfo).Info("done", "n", 12, "took", time.Second, "list", []string{"a"}, "bad", func() {})
	for _, want := range []string{`"n":12`, `"took":1000000000`, `"list":["a"]`, `"level":"INFO"`, `"bad":"unprintable value"`} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("log = %s, want it to contain %s", b.String(), want)
		}
	}
}

func get(t *testing.T, h http.HandlerFunc) (int, string) {
	t.Helper()
	w := httptest.NewRecorder()
	h(w, httptest.NewRequest(http.MethodGet, "/readyz", nil))
	return w.Code, strings.TrimSpace(w.Body.String())
}

func TestHealth(t *testing.T) {
	var log strings.Builder
	h := NewHealth(NewLog(&log, slog.LevelInfo))
	var broken error
	h.Check("files", func(context.Context) error { return nil })
	h.Check("database", func(context.Context) error { return broken })

	if code, body := get(t, h.Ready); code != 200 || body != `{"ok":true,"checks":[{"name":"files","ok":true},{"name":"database","ok":true}]}` {
		t.Errorf("Ready = %d %s, want 200 and both checks", code, body)
	}
	broken = errors.New("dial 10.0.0.9: refused")
	code, body := get(t, h.Ready)
	if code != 503 || !strings.Contains(body, `{"name":"database","ok":false}`) || strings.Contains(body, "10.0.0.9") {
		t.Errorf("Ready = %d %s, want 503 that names the check and not the reason", code, body)
	}
	if !strings.Contains(log.String(), "10.0.0.9") {
		t.Errorf("log = %s, want the reason", log.String())
	}
	if code, body := get(t, h.Live); code != 200 || body != `{"ok":true}` {
		t.Errorf("Live with a broken database = %d %s, want 200", code, body)
	}
	broken = nil
	h.Drain()
	if code, _ := get(t, h.Ready); code != 503 {
		t.Errorf("Ready while draining = %d, want 503", code)
	}
}

func TestReadyGivesChecksAnEnd(t *testing.T) {
	h := NewHealth(slog.New(slog.DiscardHandler))
	h.Check("database", func(ctx context.Context) error {
		if _, ok := ctx.Deadline(); !ok {
			t.Error("the check's context has no deadline")
		}
		return nil
	})
	get(t, h.Ready)
}

func TestMetrics(t *testing.T) {
	m := NewMetrics("v0-test")
	m.Request("GET /thu-tuc/{code}", http.MethodGet, 404, 20*time.Millisecond)
	m.Request("", "INVENTED", 405, time.Millisecond)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- serveOps(ctx, listener, m.Handler()) }()

	body := func(path string) (int, string) {
		resp, err := http.Get("http://" + listener.Addr().String() + path)
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		text, err := io.ReadAll(resp.Body)
		if err != nil {
			t.Fatal(err)
		}
		return resp.StatusCode, string(text)
	}
	_, text := body("/metrics")
	for _, want := range []string{
		`motcua_http_request_seconds_count{method="GET",route="GET /thu-tuc/{code}",status="4xx"} 1`,
		`motcua_http_request_seconds_count{method="other",route="",status="4xx"} 1`,
		`motcua_build_info{version="v0-test"} 1`,
		"go_goroutines",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("/metrics does not contain %s", want)
		}
	}
	if code, _ := body("/"); code != 404 {
		t.Errorf("/ = %d, want 404", code)
	}
	stop()
	if err := <-ended; err != nil {
		t.Errorf("serveOps after its context ended = %v, want nil", err)
	}
}

func TestServeOpsSaysWhatItCannotListenOn(t *testing.T) {
	if err := ServeOps(t.Context(), "127.0.0.1:notaport", http.NotFoundHandler()); err == nil {
		t.Error("ServeOps on no port = nil, want an error")
	}
}
