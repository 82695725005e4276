package api_test

import (
	"bytes"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/motcua/motcua/internal/api"
	"github.com/motcua/motcua/internal/api/apitest"
	"github.com/motcua/motcua/internal/app/apptest"
	"github.com/motcua/motcua/internal/core/access"
	"github.com/motcua/motcua/internal/httpkit"
)

func centre(t *testing.T, o api.Options) *apitest.Centre {
	t.Helper()
	return apitest.New(t, apptest.SQLite(t), o)
}

// Whatever is wrong with a request, the answer is a problem document that says
// so in words.
func TestRequestsThatCannotBeRead(t *testing.T) {
	c := centre(t, api.Options{})
	token := c.Token(t, access.Reception, "")
	deep := strings.Repeat("[", 20_000) + strings.Repeat("]", 20_000)
	for _, tt := range []struct {
		name   string
		q      apitest.Request
		status int
		key    string
		fields []string
	}{
		{"no such path", apitest.Request{Path: "/khong-co"}, 404, "api.no_route", nil},
		{"a path that is not built", apitest.Request{Path: "/tickets", Method: http.MethodPost, Token: token}, 404, "api.no_route", nil},
		{"trailing slash", apitest.Request{Path: "/dossiers/", Token: token}, 404, "api.no_route", nil},
		{"no such method", apitest.Request{Path: "/dossiers", Method: http.MethodDelete, Token: token}, 405, "api.method", nil},
		{"preflight of another site", apitest.Request{Path: "/dossiers", Method: http.MethodOptions}, 405, "api.method", nil},
		{"no token", apitest.Request{Path: "/dossiers"}, 401, "api.token_missing", nil},
		{"no token, bad body", apitest.Request{Path: "/dossiers", Body: "{"}, 401, "api.token_missing", nil},
		{"wrong token", apitest.Request{Path: "/dossiers", Token: "mc_khong-dung"}, 401, "api.token_wrong", nil},
		{"wrong token on a public route", apitest.Request{Path: "/procedures", Token: "mc_khong-dung"}, 401, "api.token_wrong", nil},
		{"other scheme", apitest.Request{Path: "/dossiers", Header: http.Header{"Authorization": {"Basic " + token}}}, 401, "api.token_wrong", nil},
		{"broken JSON", apitest.Request{Path: "/dossiers", Token: token, Body: `{"procedure": `}, 400, "api.json", nil},
		{"two values", apitest.Request{Path: "/dossiers", Token: token, Body: `{} {}`}, 400, "api.json", nil},
		{"too deep", apitest.Request{Path: "/dossiers", Token: token, Body: deep}, 400, "api.json", nil},
		{"not UTF-8", apitest.Request{Path: "/dossiers", Token: token, Body: "{\"procedure\": \"\xff\"}"}, 400, "api.utf8", nil},
		{"no body", apitest.Request{Path: "/dossiers", Token: token, Method: http.MethodPost}, 400, "api.body_missing", nil},
		{"an array", apitest.Request{Path: "/dossiers", Token: token, Body: `[]`}, 422, "api.field.object", nil},
		{"a form", apitest.Request{Path: "/dossiers", Token: token, Body: "a=b", Type: "application/x-www-form-urlencoded"}, 415, "api.content_type", nil},
		{"a large body", apitest.Request{Path: "/dossiers", Token: token, Body: strings.Repeat(" ", 1<<20+1)}, 413, "api.too_large", nil},
		{"wrong types", apitest.Request{Path: "/dossiers", Token: token, Body: `{"procedure": 5, "channel": "fax", "owner": {"kind": "citizen", "name": ["x"]}, "sets": 1.5, "papers": {}}`}, 422, "api.request",
			[]string{"procedure", "channel", "owner.name", "sets", "papers"}},
		{"missing and unknown fields", apitest.Request{Path: "/dossiers", Token: token, Body: `{"Procedure": "x", "channel": "direct", "owner": {"kind": "citizen", "name": "x", "id": "1"}}`}, 422, "api.request",
			[]string{"procedure", "Procedure", "owner.id"}},
		{"an instant that is none", apitest.Request{Path: "/dossiers", Token: token, Body: `{"procedure": "x", "channel": "direct", "receivedAt": "hôm qua", "owner": {"kind": "citizen", "name": "x"}}`}, 422, "civil.instant_form", []string{"receivedAt"}},
		{"unknown parameter", apitest.Request{Path: "/dossiers?dueBefor=2026-12-01", Token: token}, 422, "api.request", []string{"dueBefor"}},
		{"parameters out of range", apitest.Request{Path: "/dossiers?status=11&limit=1000", Token: token}, 422, "api.request", []string{"status", "limit"}},
		{"a number that is none", apitest.Request{Path: "/dossiers?status=abc", Token: token}, 422, "api.request", []string{"status"}},
		{"a date that is none", apitest.Request{Path: "/dossiers?dueBefore=2026-02-30", Token: token}, 422, "civil.date_form", []string{"dueBefore"}},
		{"a cursor that is none", apitest.Request{Path: "/dossiers?cursor=%3Cb%3E", Token: token}, 422, "store.cursor", []string{"cursor"}},
		{"a cursor that is none, of procedures", apitest.Request{Path: "/procedures?cursor=abc"}, 422, "store.cursor", []string{"cursor"}},
		{"an endless key", apitest.Request{Path: "/track", Body: map[string]string{"code": "x", "secret": "y"}, Key: strings.Repeat("k", 201)}, 422, "api.request", []string{"Idempotency-Key"}},
		{"unknown dossier", apitest.Request{Path: "/dossiers/H36.01-261123-9999", Token: token}, 404, "dossier.unknown", nil},
		{"a dossier of markup", apitest.Request{Path: "/dossiers/%3Cscript%3E/timeline", Token: token}, 404, "dossier.unknown", nil},
		{"unknown procedure", apitest.Request{Path: "/procedures/9.999999"}, 404, "procedure.unknown", nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p := c.Do(t, tt.q).Refused(t, tt.status, tt.key, tt.fields...)
			if len(tt.fields) != len(p.Errors) {
				t.Errorf("errors %+v, want fields %v", p.Errors, tt.fields)
			}
		})
	}
}

func TestRefusalsTellHowToGoOn(t *testing.T) {
	c := centre(t, api.Options{})
	a := c.Do(t, apitest.Request{Path: "/dossiers/x/acts", Method: http.MethodPut})
	a.Refused(t, 405, "api.method")
	if got := a.Header.Get("Allow"); got != "POST" {
		t.Errorf("Allow = %q", got)
	}
	a = c.Do(t, apitest.Request{Path: "/dossiers"})
	if got := a.Header.Get("WWW-Authenticate"); got != "Bearer" {
		t.Errorf("WWW-Authenticate = %q", got)
	}
	english := c.Do(t, apitest.Request{Path: "/dossiers", Header: http.Header{"Accept-Language": {"en-GB,en;q=0.9,vi;q=0.1"}}}).Refused(t, 401, "api.token_missing")
	vietnamese := c.Do(t, apitest.Request{Path: "/dossiers", Header: http.Header{"Accept-Language": {"fr, de"}}}).Refused(t, 401, "api.token_missing")
	if !strings.HasPrefix(english.Detail, "An access token") || !strings.HasPrefix(vietnamese.Detail, "Cần mã truy cập") || english.Title == vietnamese.Title {
		t.Errorf("details %q, %q", english.Detail, vietnamese.Detail)
	}
}

// Answers cannot be used by pages of other sites, are not kept by anybody on the
// way, and carry the request's id.
func TestHeadersOfAnswers(t *testing.T) {
	c := centre(t, api.Options{})
	for _, path := range []string{"/procedures?limit=1", "/khong-co", "/dossiers", "/openapi.json"} {
		a := c.Do(t, apitest.Request{Path: path, Header: http.Header{"Origin": {"https://khac.example"}}})
		for name, want := range map[string]string{
			"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff", "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
			"Access-Control-Allow-Origin": "", "Vary": "Accept-Language, Authorization",
		} {
			if got := a.Header.Get(name); got != want {
				t.Errorf("%s: %s = %q, want %q", path, name, got, want)
			}
		}
		if a.Header.Get("X-Request-Id") == "" {
			t.Errorf("%s: no request id", path)
		}
	}
}

func TestTrackingIsBounded(t *testing.T) {
	now := apptest.Start()
	c := centre(t, api.Options{Track: httpkit.NewRate(6*time.Second, 2, func() time.Time { return now })})
	q := apitest.Request{Path: "/track", Body: map[string]string{"code": "H36.01-261123-0001", "secret": "AAAAAAAA"}}
	for range 2 {
		c.Do(t, q).Refused(t, 404, "track.not_found")
	}
	a := c.Do(t, q)
	a.Refused(t, 429, "api.too_many")
	if got := a.Header.Get("Retry-After"); got != "6" {
		t.Errorf("Retry-After = %q", got)
	}
	now = now.Add(6 * time.Second)
	c.Do(t, q).Refused(t, 404, "track.not_found")
}

func TestDescriptionAndDocs(t *testing.T) {
	c := centre(t, api.Options{Version: "1.2.3"})
	var doc struct {
		OpenAPI string `json:"openapi"`
		Info    struct{ Version string }
		Paths   map[string]any
	}
	c.Do(t, apitest.Request{Path: "/openapi.json"}).Want(t, 200, &doc)
	if doc.OpenAPI != "3.1.0" || doc.Info.Version != "1.2.3" || doc.Paths["/dossiers/{code}/acts"] == nil {
		t.Errorf("openapi.json: %s, version %s, %d paths", doc.OpenAPI, doc.Info.Version, len(doc.Paths))
	}
	a := c.Do(t, apitest.Request{Path: "/docs"})
	a.Want(t, 200, nil)
	page := string(a.Body)
	for _, want := range []string{`lang="vi"`, "Giao diện lập trình motcua", "/api/v1/dossiers/{code}/acts", "Tiếp nhận một hồ sơ", "Idempotency-Key", "1.2.3"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	for _, bad := range []string{"<script", "http://", "https://", "style=", "api.doc"} {
		if strings.Contains(page, bad) {
			t.Errorf("the page has %q", bad)
		}
	}
	if english := c.Do(t, apitest.Request{Path: "/docs?lang=en"}); !bytes.Contains(english.Body, []byte("Receive a dossier")) || !bytes.Contains(english.Body, []byte(`lang="en"`)) {
		t.Error("the page does not speak English")
	}
	c.Do(t, apitest.Request{Path: "/docs.css"}).Want(t, 200, nil)
}
