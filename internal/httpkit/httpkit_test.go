package httpkit

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/klauspost/compress/zstd"
)

// answer sends one request through h.
func answer(h http.Handler, r *http.Request) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

func get(target string) *http.Request { return httptest.NewRequest(http.MethodGet, target, nil) }

func TestTraceLogsOneLineWithoutPersonalData(t *testing.T) {
	var lines bytes.Buffer
	log := slog.New(slog.NewJSONHandler(&lines, nil))
	mux := http.NewServeMux()
	inside := ""
	mux.HandleFunc("GET /nghiep-vu/ho-so/{code}", func(w http.ResponseWriter, r *http.Request) {
		inside = RequestID(r.Context())
		w.WriteHeader(http.StatusNotFound)
		_, _ = io.WriteString(w, "không có")
	})
	h := Chain(Routes(mux), Trace(log))
	w := answer(h, get("/nghiep-vu/ho-so/H36.01-261124-0001?q=Nguyen"))
	if id := w.Header().Get("X-Request-Id"); id == "" || id != inside {
		t.Errorf("X-Request-Id = %q, inside %q", id, inside)
	}
	var line map[string]any
	if err := json.Unmarshal(lines.Bytes(), &line); err != nil {
		t.Fatalf("not one line of JSON: %v\n%s", err, lines.String())
	}
	for key, want := range map[string]any{"status": 404.0, "method": "GET", "route": "GET /nghiep-vu/ho-so/{code}", "bytes": 10.0, "id": inside} {
		if line[key] != want {
			t.Errorf("log %s = %v, want %v", key, line[key], want)
		}
	}
	for _, secret := range []string{"0001", "Nguyen", "192.0.2.1"} {
		if strings.Contains(lines.String(), secret) {
			t.Errorf("the log tells %q: %s", secret, lines.String())
		}
	}
}

func TestAddressBehindProxies(t *testing.T) {
	proxies := []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")}
	for _, tt := range []struct{ name, remote, forwarded, want string }{
		{"no proxy", "203.0.113.7:5000", "", "203.0.113.7"},
		{"a lie without proxy", "203.0.113.7:5000", "198.51.100.1", "203.0.113.7"},
		{"one proxy", "10.1.2.3:5000", "203.0.113.7", "203.0.113.7"},
		{"a lie through a proxy", "10.1.2.3:5000", "198.51.100.1, 203.0.113.7", "203.0.113.7"},
		{"two proxies", "10.1.2.3:5000", "203.0.113.7, 10.9.9.9", "203.0.113.7"},
		{"nonsense", "10.1.2.3:5000", "<script>", "10.1.2.3"},
		{"six", "[2001:db8::1]:5000", "", "2001:db8::1"},
	} {
		r := get("/")
		r.RemoteAddr = tt.remote
		if tt.forwarded != "" {
			r.Header.Set("X-Forwarded-For", tt.forwarded)
		}
		if got := addressOf(r, proxies); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
}

func TestRecoverAnswersAndLogs(t *testing.T) {
	var lines bytes.Buffer
	log := slog.New(slog.NewJSONHandler(&lines, nil))
	oops := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(http.StatusInternalServerError)
		_, _ = io.WriteString(w, "lỗi "+RequestID(r.Context()))
	})
	broken := http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic("bug in a page") })
	w := answer(Chain(broken, Trace(log), Recover(log, oops)), get("/"))
	if w.Code != http.StatusInternalServerError || w.Body.String() != "lỗi "+w.Header().Get("X-Request-Id") {
		t.Errorf("answer = %d %q", w.Code, w.Body.String())
	}
	if !strings.Contains(lines.String(), "bug in a page") || !strings.Contains(lines.String(), "stack") {
		t.Errorf("the log does not tell the panic: %s", lines.String())
	}

	late := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, "half")
		panic("later")
	})
	if w := answer(Chain(late, Recover(log, oops)), get("/")); w.Body.String() != "half" {
		t.Errorf("an answer that had begun became %q", w.Body.String())
	}
	aborted := http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) })
	defer func() {
		if recover() != http.ErrAbortHandler {
			t.Error("ErrAbortHandler did not go through")
		}
	}()
	answer(Chain(aborted, Recover(log, oops)), get("/"))
}

func TestSecureHeaders(t *testing.T) {
	ok := http.HandlerFunc(func(http.ResponseWriter, *http.Request) {})
	h := answer(Chain(ok, Secure(true)), get("/")).Header()
	for name, want := range map[string]string{"Content-Security-Policy": Policy, "X-Content-Type-Options": "nosniff", "Referrer-Policy": "same-origin"} {
		if h.Get(name) != want {
			t.Errorf("%s = %q, want %q", name, h.Get(name), want)
		}
	}
	if h.Get("Strict-Transport-Security") == "" {
		t.Error("https without Strict-Transport-Security")
	}
	if answer(Chain(ok, Secure(false)), get("/")).Header().Get("Strict-Transport-Security") != "" {
		t.Error("Strict-Transport-Security on a plain connection")
	}
}

func TestSameOrigin(t *testing.T) {
	deny := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusForbidden) })
	check, err := SameOrigin(deny)
	if err != nil {
		t.Fatal(err)
	}
	h := Chain(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}), check)
	for _, tt := range []struct {
		name, method, site string
		want               int
	}{
		{"own page", http.MethodPost, "same-origin", 200}, {"typed address", http.MethodPost, "none", 200},
		{"another site", http.MethodPost, "cross-site", 403}, {"a link from elsewhere", http.MethodGet, "cross-site", 200},
		{"a program", http.MethodPost, "", 200},
	} {
		r := httptest.NewRequest(tt.method, "/", nil)
		if tt.site != "" {
			r.Header.Set("Sec-Fetch-Site", tt.site)
		}
		if got := answer(h, r).Code; got != tt.want {
			t.Errorf("%s: %d, want %d", tt.name, got, tt.want)
		}
	}
	if _, err := SameOrigin(deny, "not an origin"); err == nil {
		t.Error("a wrong trusted origin was taken")
	}
}

func TestLimitBoundsBodyAndTime(t *testing.T) {
	var read error
	var within time.Duration
	h := Chain(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		_, read = io.Copy(io.Discard, r.Body)
		end, ok := r.Context().Deadline()
		if within = 0; ok {
			within = time.Until(end)
		}
	}), Limit(Limits{Body: 10, Upload: 30}))
	post := func(kind string, n int) {
		r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(strings.Repeat("x", n)))
		r.Header.Set("Content-Type", kind)
		answer(h, r)
	}
	if post("application/x-www-form-urlencoded", 10); read != nil {
		t.Errorf("a body within the limit: %v", read)
	}
	if post("application/x-www-form-urlencoded", 11); read == nil {
		t.Error("a body above the limit was read")
	}
	if within <= 0 || within > 30*time.Second {
		t.Errorf("a page has %v", within)
	}
	if post("multipart/form-data; boundary=x", 30); read != nil || within < time.Minute {
		t.Errorf("an upload: %v within %v", read, within)
	}
	if post("multipart/form-data; boundary=x", 31); read == nil {
		t.Error("an upload above the limit was read")
	}
	live := get("/")
	live.Header.Set("Accept", "text/event-stream")
	if answer(h, live); within != 0 {
		t.Errorf("a live page ends after %v", within)
	}
}

func TestRate(t *testing.T) {
	now := time.Date(2026, 11, 25, 9, 0, 0, 0, time.UTC)
	r := NewRate(10*time.Second, 3, func() time.Time { return now })
	for i := range 3 {
		if _, ok := r.Try("203.0.113.7"); !ok {
			t.Fatalf("try %d refused", i+1)
		}
	}
	wait, ok := r.Try("203.0.113.7")
	if ok || wait <= 0 || wait > 10*time.Second {
		t.Errorf("the fourth try: %v after %v", ok, wait)
	}
	if _, ok := r.Try("203.0.113.8"); !ok {
		t.Error("a neighbour is refused too")
	}
	now = now.Add(wait)
	if _, ok := r.Try("203.0.113.7"); !ok {
		t.Error("refused after the wait it was told")
	}
	for i := range 3 {
		r.Try(fmt.Sprintf("2001:db8:0:1::%d", i))
	}
	if _, ok := r.Try("2001:db8:0:1:ffff::9"); ok {
		t.Error("another address of the same /64 is another caller")
	}
}

func TestRateForgetsRatherThanGrows(t *testing.T) {
	now := time.Date(2026, 11, 25, 9, 0, 0, 0, time.UTC)
	r := NewRate(time.Second, 1, func() time.Time { return now })
	for i := range mostCallers + 10 {
		r.Try(fmt.Sprintf("10.%d.%d.%d", i>>16, i>>8&255, i&255))
	}
	if n := len(r.callers); n > mostCallers {
		t.Errorf("%d callers are remembered, at most %d", n, mostCallers)
	}
}

func TestSpeak(t *testing.T) {
	got := ""
	h := Chain(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { got = Language(r) }), Trace(slog.New(slog.DiscardHandler)), Speak)
	for _, tt := range []struct{ name, target, cookie, want, set string }{
		{"nothing asked", "/", "", "vi", ""}, {"asked", "/?lang=en", "", "en", "en"}, {"remembered", "/", "en", "en", ""},
		{"back", "/?lang=vi", "en", "vi", "vi"}, {"unknown", "/?lang=fr", "", "vi", ""}, {"a broken cookie", "/", "<b>", "vi", ""},
	} {
		r := get(tt.target)
		r.Header.Set("Accept-Language", "en-GB")
		if tt.cookie != "" {
			r.AddCookie(&http.Cookie{Name: languageCookie, Value: tt.cookie})
		}
		w := answer(h, r)
		if got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
		set := ""
		for _, c := range w.Result().Cookies() {
			set = c.Value
		}
		if set != tt.set {
			t.Errorf("%s: the cookie becomes %q, want %q", tt.name, set, tt.set)
		}
	}
}

func TestCompress(t *testing.T) {
	text := strings.Repeat("<p>Thủ tục hành chính</p>", 400)
	wrap, err := Compress()
	if err != nil {
		t.Fatal(err)
	}
	h := Chain(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		kind := "text/html; charset=utf-8"
		if r.URL.Path == "/pdf" {
			kind = "application/pdf"
		}
		w.Header().Set("Content-Type", kind)
		_, _ = io.WriteString(w, text)
	}), wrap)
	for _, tt := range []struct{ path, accept, want string }{
		{"/", "gzip, deflate, br, zstd", "zstd"}, {"/", "gzip", "gzip"}, {"/", "", ""}, {"/pdf", "gzip", ""},
	} {
		r := get(tt.path)
		if tt.accept != "" {
			r.Header.Set("Accept-Encoding", tt.accept)
		}
		w := answer(h, r)
		if got := w.Header().Get("Content-Encoding"); got != tt.want {
			t.Errorf("%s for %q is %q, want %q", tt.path, tt.accept, got, tt.want)
		}
		if body := unpack(t, w); body != text {
			t.Errorf("%s for %q does not unpack to the page", tt.path, tt.accept)
		}
	}
}

func unpack(t *testing.T, w *httptest.ResponseRecorder) string {
	t.Helper()
	var from io.Reader = w.Body
	var err error
	switch w.Header().Get("Content-Encoding") {
	case "gzip":
		from, err = gzip.NewReader(w.Body)
	case "zstd":
		from, err = zstd.NewReader(w.Body)
	}
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(from)
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}

func TestAssets(t *testing.T) {
	sheet := "@font-face{src:url(../fonts/a.woff2)}" + strings.Repeat(".a{color:red}", 200)
	a, err := NewAssets(fstest.MapFS{
		"css/site.css": {Data: []byte(sheet)}, "fonts/a.woff2": {Data: []byte("font")}, "js/desk.js": {Data: []byte("1")},
	}, "/static/")
	if err != nil {
		t.Fatal(err)
	}
	css, err := a.Path("css/site.css")
	if err != nil {
		t.Fatal(err)
	}
	font, err := a.Path("fonts/a.woff2")
	if err != nil {
		t.Fatal(err)
	}
	for _, accept := range []string{"", "gzip", "gzip, zstd"} {
		r := get(css)
		r.Header.Set("Accept-Encoding", accept)
		w := answer(a, r)
		if body := unpack(t, w); w.Code != http.StatusOK || !strings.Contains(body, "url("+font+")") {
			t.Errorf("style for %q = %d without the font's address", accept, w.Code)
		}
		if c := w.Header().Get("Cache-Control"); !strings.Contains(c, "immutable") {
			t.Errorf("Cache-Control = %q", c)
		}
	}
	if w := answer(a, get(font)); w.Body.String() != "font" || w.Header().Get("Content-Type") != "font/woff2" {
		t.Errorf("font = %q as %q", w.Body.String(), w.Header().Get("Content-Type"))
	}
	if w := answer(a, get("/static/css/site.css")); w.Code != http.StatusNotFound {
		t.Errorf("an address without hash = %d", w.Code)
	}
	if _, err := a.Path("css/other.css"); err == nil {
		t.Error("a file that is not there has an address")
	}
}

func TestAssetsRefuseWhatTheyCannotServe(t *testing.T) {
	for name, files := range map[string]fstest.MapFS{
		"unknown kind": {"x.exe": {Data: []byte("MZ")}},
		"lost font":    {"css/a.css": {Data: []byte("a{src:url(../fonts/no.woff2)}")}},
	} {
		if _, err := NewAssets(files, "/static/"); err == nil {
			t.Errorf("%s: taken", name)
		}
	}
}
