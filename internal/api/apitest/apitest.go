// Package apitest gives tests the interface of a founded centre in process, as a
// server mounts it, with tokens for every role.
package apitest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/motcua/motcua/internal/api"
	"github.com/motcua/motcua/internal/app"
	"github.com/motcua/motcua/internal/app/apptest"
	"github.com/motcua/motcua/internal/core/access"
	"github.com/motcua/motcua/internal/httpkit"
	"github.com/motcua/motcua/internal/i18n"
)

// Centre is a founded centre with its interface.
type Centre struct {
	*apptest.World
	Handler http.Handler
	tokens  map[string]string
}

// New mounts the interface of a test centre.
func New(t testing.TB, w *apptest.World, o api.Options) *Centre {
	t.Helper()
	mux := http.NewServeMux()
	api.Mount(mux, w.App, i18n.Default(), o)
	log := slog.New(slog.DiscardHandler)
	compress, err := httpkit.Compress()
	if err != nil {
		t.Fatal(err)
	}
	return &Centre{
		World: w, tokens: map[string]string{},
		Handler: httpkit.Chain(httpkit.Routes(mux), httpkit.Trace(log), httpkit.Limit(httpkit.Limits{}), compress),
	}
}

// Token is the secret of a token for a role in a unit; an empty unit is the
// centre.
func (c *Centre) Token(t testing.TB, role access.Role, unit string) string {
	t.Helper()
	key := string(role) + "|" + unit
	if secret, ok := c.tokens[key]; ok {
		return secret
	}
	admin, ok := c.Person("admin")
	if !ok {
		t.Fatal("the centre has no administrator")
	}
	made, err := c.CreateToken(t.Context(), admin, app.TokenForm{Name: key, Role: role, Unit: unit})
	if err != nil {
		t.Fatalf("a token for %s: %v", key, err)
	}
	c.tokens[key] = made.Secret
	return made.Secret
}

// Request is one call. A body that is no string goes as JSON.
type Request struct {
	Token  string
	Method string // empty = GET, or POST with a body
	Path   string // below /api/v1
	Body   any
	Type   string // content type of a string body; empty = application/json
	Key    string // Idempotency-Key
	Header http.Header
}

// Answer is what came back.
type Answer struct {
	Status int
	Header http.Header
	Body   []byte
}

// Do makes one call.
func (c *Centre) Do(t testing.TB, q Request) Answer {
	t.Helper()
	var body io.Reader
	contentType := q.Type
	switch b := q.Body.(type) {
	case nil:
	case string:
		body = strings.NewReader(b)
	case io.Reader:
		body = b
	default:
		raw, err := json.Marshal(b)
		if err != nil {
			t.Fatal(err)
		}
		body = bytes.NewReader(raw)
	}
	method := q.Method
	if method == "" {
		method = http.MethodGet
		if q.Body != nil {
			method = http.MethodPost
		}
	}
	r := httptest.NewRequestWithContext(t.Context(), method, api.Prefix+q.Path, body)
	for name, values := range q.Header {
		r.Header[name] = values
	}
	if body != nil {
		if contentType == "" {
			contentType = "application/json"
		}
		r.Header.Set("Content-Type", contentType)
	}
	if q.Token != "" {
		r.Header.Set("Authorization", "Bearer "+q.Token)
	}
	if q.Key != "" {
		r.Header.Set("Idempotency-Key", q.Key)
	}
	w := httptest.NewRecorder()
	c.Handler.ServeHTTP(w, r)
	return Answer{w.Code, w.Header(), w.Body.Bytes()}
}

// Want fails the test unless the answer has the status, and decodes the body
// into v unless v is nil.
func (a Answer) Want(t testing.TB, status int, v any) {
	t.Helper()
	if a.Status != status {
		t.Fatalf("status %d, want %d: %s", a.Status, status, a.Body)
	}
	if v == nil {
		return
	}
	if err := json.Unmarshal(a.Body, v); err != nil {
		t.Fatalf("answer %s: %v", a.Body, err)
	}
}

// Refused fails the test unless the answer is a problem document of the status
// and type, in Vietnamese words, that names the fields; it returns it.
func (a Answer) Refused(t testing.TB, status int, key string, fields ...string) api.Problem {
	t.Helper()
	var p api.Problem
	if got := a.Header.Get("Content-Type"); got != "application/problem+json" {
		t.Fatalf("content type %q, status %d: %s", got, a.Status, a.Body)
	}
	a.Want(t, status, &p)
	if p.Type != "urn:motcua:problem:"+key || p.Status != status || p.Detail == "" || p.Title == "" || p.RequestID == "" {
		t.Errorf("problem %+v, want status %d and type %s", p, status, key)
	}
	if strings.Contains(p.Detail, key) || strings.Contains(p.Detail, "{") {
		t.Errorf("%s has no sentence: %q", key, p.Detail)
	}
	for _, field := range fields {
		if !named(p, field) {
			t.Errorf("the problem does not name %s: %+v", field, p.Errors)
		}
	}
	return p
}

func named(p api.Problem, field string) bool {
	for _, e := range p.Errors {
		if e.Field == field && e.Detail != "" && !strings.HasSuffix(e.Type, ":"+e.Detail) {
			return true
		}
	}
	return false
}

// Receivable is a procedure that the centre receives, with a limit of at least
// five working days, one case and at least one paper.
func (c *Centre) Receivable(t testing.TB) app.Receivable {
	t.Helper()
	all, err := c.ReceivableBy()
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range all {
		if p.Unit != c.Centre().Code || len(p.Cases) != 1 || p.Cases[0].Limit == nil || len(p.PapersOf(p.Cases[0])) == 0 {
			continue
		}
		if p.Cases[0].Limit.Unit == "ngay_lam_viec" && p.Cases[0].Limit.Value >= 5 {
			return p
		}
	}
	t.Fatal("no procedure to receive")
	return app.Receivable{}
}

// Reception is a complete reception of a procedure by an invented person.
func Reception(p app.Receivable) api.Reception {
	r := api.Reception{
		Procedure: p.Code, Case: p.Cases[0].ID, Channel: "direct", ReturnChannel: "counter", Sets: 1,
		Owner: api.Person{Kind: "citizen", Name: "Nguyễn Thị Thử Nghiệm", PersonalID: "999190000017", Phone: "0000123456", Address: "12 Trần Phú, Đà Lạt, Lâm Đồng"},
	}
	for _, x := range p.PapersOf(p.Cases[0]) {
		r.Papers = append(r.Papers, api.PaperIn{Name: x.ID, Originals: max(x.Originals, 1), Copies: x.Copies})
	}
	return r
}

// Multipart writes a body of one file and other values.
func Multipart(t testing.TB, name string, file []byte, values map[string]string) (body, contentType string) {
	t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for k, v := range values {
		if err := w.WriteField(k, v); err != nil {
			t.Fatal(err)
		}
	}
	part, err := w.CreateFormFile("file", name)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := part.Write(file); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String(), w.FormDataContentType()
}

// PDF is a small file that counts as PDF; n makes it another one.
func PDF(n int) []byte {
	return fmt.Appendf(nil, "%%PDF-1.4\n%% %d\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]>>endobj\ntrailer<</Root 1 0 R>>\n%%%%EOF\n", n)
}
