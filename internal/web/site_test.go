package web

import (
	"bytes"
	"fmt"
	"io"
	"log/slog"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/motcua/motcua/internal/app"
	"github.com/motcua/motcua/internal/app/apptest"
	"github.com/motcua/motcua/internal/core/access"
	"github.com/motcua/motcua/internal/core/dossier"
	"github.com/motcua/motcua/internal/i18n"
)

// password is everybody's in the test centre.
const password = "mot cau de nho 24"

// smallPDF is the least that is a PDF.
const smallPDF = "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"

// site is the pages of a founded centre, in process.
type site struct {
	*apptest.World
	t       testing.TB
	server  *Server
	handler http.Handler
	log     *bytes.Buffer
	address string // from which its browsers ask
}

// parts counts the parts of all centres, for an address each.
var parts atomic.Uint32

func newSite(t testing.TB) *site {
	t.Helper()
	return siteOf(t, apptest.SQLite(t))
}

func siteOf(t testing.TB, w *apptest.World) *site {
	t.Helper()
	s := &site{World: w, t: t, log: &bytes.Buffer{}, address: "192.0.2.1:1234"}
	var err error
	s.server, err = New(Options{App: s.App, Words: i18n.Default(), Log: slog.New(slog.NewJSONHandler(s.log, nil))})
	if err != nil {
		t.Fatal(err)
	}
	mux := http.NewServeMux()
	s.server.Mount(mux)
	mux.HandleFunc("GET /hong", func(http.ResponseWriter, *http.Request) { panic("a page breaks") })
	s.handler = s.server.Around(mux)
	return s
}

// within is the same centre for a part of a test, asked from an address of its
// own: the tries of one part must not use up what another may try.
func (s *site) within(t *testing.T) *site {
	part := *s
	part.t, part.address = t, fmt.Sprintf("198.51.100.%d:1234", parts.Add(1)%250)
	return &part
}

// browser is somebody's browser: it keeps cookies and follows no redirect.
type browser struct {
	s       *site
	cookies map[string]string
	site    string // Sec-Fetch-Site
}

func (s *site) browser() *browser {
	return &browser{s: s, cookies: map[string]string{}, site: "same-origin"}
}

// page is an answer.
type page struct {
	t      testing.TB
	path   string
	status int
	header http.Header
	body   string
}

func (b *browser) do(r *http.Request) page {
	b.s.t.Helper()
	r.RemoteAddr = b.s.address
	for name, value := range b.cookies {
		r.AddCookie(&http.Cookie{Name: name, Value: value})
	}
	if r.Method != http.MethodGet {
		r.Header.Set("Sec-Fetch-Site", b.site)
	}
	w := httptest.NewRecorder()
	b.s.handler.ServeHTTP(w, r)
	for _, c := range w.Result().Cookies() {
		if c.MaxAge < 0 {
			delete(b.cookies, c.Name)
		} else {
			b.cookies[c.Name] = c.Value
		}
	}
	return page{b.s.t, r.URL.RequestURI(), w.Code, w.Header(), w.Body.String()}
}

func (b *browser) get(path string) page {
	b.s.t.Helper()
	return b.do(httptest.NewRequest(http.MethodGet, path, nil))
}

// post sends a form of name, value, name, value.
func (b *browser) post(path string, pairs ...string) page {
	b.s.t.Helper()
	return b.postValues(path, values(pairs...))
}

func values(pairs ...string) url.Values {
	v := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		v.Add(pairs[i], pairs[i+1])
	}
	return v
}

func (b *browser) postValues(path string, v url.Values) page {
	b.s.t.Helper()
	r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(v.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return b.do(r)
}

// chosen is a file of a multipart form.
type chosen struct {
	field, name string
	body        io.Reader
}

// postFiles sends a form as a browser does that has chosen files: the files
// stand between the fields.
func (b *browser) postFiles(path string, v url.Values, files ...chosen) page {
	b.s.t.Helper()
	from, to := io.Pipe()
	form := multipart.NewWriter(to)
	go func() {
		for _, f := range files {
			part, err := form.CreateFormFile(f.field, f.name)
			if err == nil {
				_, err = io.Copy(part, f.body)
			}
			if err != nil {
				to.CloseWithError(err)
				return
			}
		}
		for name, all := range v {
			for _, value := range all {
				if err := form.WriteField(name, value); err != nil {
					to.CloseWithError(err)
					return
				}
			}
		}
		to.CloseWithError(form.Close())
	}()
	r := httptest.NewRequest(http.MethodPost, path, from)
	r.Header.Set("Content-Type", form.FormDataContentType())
	defer from.Close()
	return b.do(r)
}

// signIn signs an officer in and returns his browser.
func (s *site) signIn(who access.Actor) *browser {
	s.t.Helper()
	login := s.login(who)
	b := s.browser()
	if p := b.post("/dang-nhap", "login", login, "password", password); p.status != http.StatusSeeOther {
		s.t.Fatalf("%s cannot sign in: %d\n%s", login, p.status, p.text())
	}
	return b
}

// login gives an officer the common password and returns his login.
func (s *site) login(who access.Actor) string {
	s.t.Helper()
	form, err := s.StaffMember(s.t.Context(), s.one(access.Admin), who.ID)
	if err != nil {
		s.t.Fatal(err)
	}
	if err := s.SetDemoPassword(s.t.Context(), password, []string{form.Login}); err != nil {
		s.t.Fatal(err)
	}
	return form.Login
}

// one is the first officer with a role; for those of the counter, of the centre.
func (s *site) one(role access.Role) access.Actor {
	s.t.Helper()
	if all := s.People(s.Centre().Code, string(role)); len(all) > 0 {
		return all[0]
	}
	who, ok := s.Person(string(role))
	if !ok {
		s.t.Fatalf("nobody is %s", role)
	}
	return who
}

func (s *site) of(unit string, role access.Role) access.Actor {
	s.t.Helper()
	all := s.People(unit, string(role))
	if len(all) == 0 {
		s.t.Fatalf("nobody in %s is %s", unit, role)
	}
	return all[0]
}

// receivable is a procedure that the centre receives, with papers and a limit of
// some working days.
func (s *site) receivable() app.Receivable {
	s.t.Helper()
	all, err := s.ReceivableBy()
	if err != nil {
		s.t.Fatal(err)
	}
	for _, p := range all {
		if p.Unit == s.Centre().Code && len(p.Cases) == 1 && p.Cases[0].Limit != nil && p.Cases[0].Limit.Unit == "ngay_lam_viec" && p.Cases[0].Limit.Value >= 5 && len(p.PapersOf(p.Cases[0])) > 1 {
			return p
		}
	}
	s.t.Fatal("no procedure to receive")
	return app.Receivable{}
}

// receive takes a dossier in through the use case.
func (s *site) receive(change func(*app.ReceptionForm)) app.Received {
	s.t.Helper()
	p := s.receivable()
	f := app.ReceptionForm{
		Procedure: p.Code, Case: p.Cases[0].ID, Channel: dossier.Direct, ReturnChannel: dossier.ReturnCounter, Sets: 1, Confirmed: true,
		Owner: app.PartyForm{Kind: "citizen", Name: "Nguyễn Thị Thử Nghiệm", PersonalID: "999190000017", Phone: "0000123456", Address: "12 Trần Phú, Đà Lạt, Lâm Đồng"},
	}
	for _, x := range p.PapersOf(p.Cases[0]) {
		f.Papers = append(f.Papers, app.PaperForm{ID: x.ID, Originals: max(x.Originals, 1), Copies: x.Copies})
	}
	if change != nil {
		change(&f)
	}
	got, err := s.ReceiveDossier(s.t.Context(), s.one(access.Reception), f)
	if err != nil {
		s.t.Fatal(err)
	}
	return got
}

// act carries a dossier on through the use case.
func (s *site) act(who access.Actor, d dossier.Dossier, in dossier.Input, files ...string) dossier.Dossier {
	s.t.Helper()
	s.Clock.Add(10 * time.Minute)
	in.Version = d.Version
	next, err := s.Act(s.t.Context(), who, app.ActInput{Code: d.Name(), Input: in, FileRefs: files})
	if err != nil {
		s.t.Fatalf("%s: %v", in.Act, err)
	}
	return next
}

var tagOrScript = regexp.MustCompile(`(?s)<(script|style)[^>]*>.*?</(script|style)>|<[^>]*>`)

// text is the page without its markup, for messages of tests.
func (p page) text() string {
	return strings.Join(strings.Fields(tagOrScript.ReplaceAllString(p.body, " ")), " ")
}

func (p page) is(status int) page {
	p.t.Helper()
	if p.status != status {
		p.t.Errorf("%s = %d, want %d\n%s", p.path, p.status, status, p.text())
	}
	return p
}

func (p page) has(words ...string) page {
	p.t.Helper()
	for _, w := range words {
		if !strings.Contains(p.body, w) && !strings.Contains(p.text(), w) {
			p.t.Errorf("%s does not say %q\n%s", p.path, w, p.text())
		}
	}
	return p
}

func (p page) hasNot(words ...string) page {
	p.t.Helper()
	for _, w := range words {
		if strings.Contains(p.body, w) {
			p.t.Errorf("%s says %q", p.path, w)
		}
	}
	return p
}

// to is where a page leads by 303.
func (p page) to() string {
	p.t.Helper()
	if p.status != http.StatusSeeOther {
		p.t.Fatalf("%s = %d, want 303\n%s", p.path, p.status, p.text())
	}
	return p.header.Get("Location")
}

// field reads the value of an input of the page.
func (p page) field(name string) string {
	p.t.Helper()
	found := regexp.MustCompile(`name="` + regexp.QuoteMeta(name) + `"[^>]*value="([^"]*)"`).FindStringSubmatch(p.body)
	if found == nil {
		p.t.Fatalf("%s has no field %s", p.path, name)
	}
	return found[1]
}
