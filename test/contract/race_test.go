package contract

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"

	"github.com/motcua/motcua/internal/api"
	"github.com/motcua/motcua/internal/api/apitest"
	"github.com/motcua/motcua/internal/app"
	"github.com/motcua/motcua/internal/app/apptest"
	"github.com/motcua/motcua/internal/core/access"
	"github.com/motcua/motcua/internal/core/agency"
	"github.com/motcua/motcua/internal/i18n"
	"github.com/motcua/motcua/internal/web"
)

// hall is a running server, pages and interface, with many handlers of one
// agency, each signed in and with a token.
type hall struct {
	t        *testing.T
	c        *apitest.Centre
	url      string
	client   *http.Client
	code     string
	agency   string
	sessions []string
	tokens   []string
}

const mostOfficers = 50

func newHall(t *testing.T, w *apptest.World) *hall {
	t.Helper()
	h := &hall{t: t, c: apitest.New(t, w, api.Options{})}
	pages, err := web.New(web.Options{App: w.App, Words: i18n.Default(), Log: w.Log})
	if err != nil {
		t.Fatal(err)
	}
	mux := http.NewServeMux()
	pages.Mount(mux)
	root := http.NewServeMux()
	root.Handle(api.Prefix+"/", h.c.Handler)
	root.Handle("/", pages.Around(mux))
	server := httptest.NewServer(root)
	t.Cleanup(server.Close)
	h.url = server.URL
	h.client = &http.Client{
		Transport:     &http.Transport{MaxIdleConnsPerHost: mostOfficers},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	h.receive()
	h.people()
	return h
}

// receive takes a dossier in and hands it to its agency.
func (h *hall) receive() {
	h.t.Helper()
	token := h.c.Token(h.t, access.Reception, "")
	var got api.Received
	h.c.Do(h.t, apitest.Request{Token: token, Path: "/dossiers", Body: apitest.Reception(h.c.Receivable(h.t))}).Want(h.t, 201, &got)
	var d api.Dossier
	h.c.Do(h.t, apitest.Request{Token: token, Path: "/dossiers/" + got.Code + "/acts", Body: api.Act{Act: "forward", Version: got.Version}}).Want(h.t, 200, &d)
	handler := h.c.Token(h.t, access.Handler, d.Agency)
	h.c.Do(h.t, apitest.Request{Token: handler, Path: "/dossiers/" + got.Code + "/acts", Body: api.Act{Act: "receive-handover", Version: d.Version}}).Want(h.t, 200, &d)
	h.code, h.agency = d.Code, d.Agency
}

// people signs the handlers in and gives each a token of his own.
func (h *hall) people() {
	h.t.Helper()
	const password = "mot cau de nho 24"
	ctx := h.t.Context()
	var staff []agency.Staff
	var logins []string
	for i := range mostOfficers {
		login := fmt.Sprintf("dua.%02d", i)
		staff, logins = append(staff, agency.Staff{
			ID: fmt.Sprintf("0190d000-0000-7000-8000-0000000000%02d", i), Login: login, Name: fmt.Sprintf("Cán Bộ Thứ %d", i),
			Unit: h.agency, Roles: []string{"handler"},
		}), append(logins, login)
	}
	if err := h.c.RecordPeople(ctx, access.Operator("test"), staff); err != nil {
		h.t.Fatal(err)
	}
	if err := h.c.SetDemoPassword(ctx, password, logins); err != nil {
		h.t.Fatal(err)
	}
	admin, _ := h.c.Person("admin")
	for _, login := range logins {
		in, err := h.c.SignIn(ctx, app.SignInInput{Login: login, Password: password})
		if err != nil {
			h.t.Fatal(err)
		}
		made, err := h.c.CreateToken(ctx, admin, app.TokenForm{Name: login, Role: access.Handler, Unit: h.agency})
		if err != nil {
			h.t.Fatal(err)
		}
		h.sessions, h.tokens = append(h.sessions, in.Token), append(h.tokens, made.Secret)
	}
}

// version is the dossier's version now.
func (h *hall) version() int64 {
	h.t.Helper()
	var d api.Dossier
	h.c.Do(h.t, apitest.Request{Token: h.tokens[0], Path: "/dossiers/" + h.code}).Want(h.t, 200, &d)
	return d.Version
}

// answer is what one officer got.
type answer struct {
	status int
	body   string
}

// press sends the form of an act as an officer's browser does.
func (h *hall) press(officer int, act string, form url.Values) answer {
	r, err := http.NewRequestWithContext(h.t.Context(), http.MethodPost, h.url+"/nghiep-vu/ho-so/"+h.code+"/"+act, strings.NewReader(form.Encode()))
	if err != nil {
		return answer{body: err.Error()}
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	r.AddCookie(&http.Cookie{Name: "phien", Value: h.sessions[officer]})
	return h.send(r)
}

// call sends an act as another system does.
func (h *hall) call(officer int, key string, a api.Act) answer {
	body, err := json.Marshal(a)
	if err != nil {
		return answer{body: err.Error()}
	}
	r, err := http.NewRequestWithContext(h.t.Context(), http.MethodPost, h.url+api.Prefix+"/dossiers/"+h.code+"/acts", bytes.NewReader(body))
	if err != nil {
		return answer{body: err.Error()}
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Authorization", "Bearer "+h.tokens[officer])
	r.Header.Set("Idempotency-Key", key)
	return h.send(r)
}

func (h *hall) send(r *http.Request) answer {
	res, err := h.client.Do(r)
	if err != nil {
		return answer{body: err.Error()}
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		return answer{body: err.Error()}
	}
	return answer{res.StatusCode, string(body)}
}

// together lets n do something at once.
func together(n int, do func(i int) answer) []answer {
	all := make([]answer, n)
	start := make(chan struct{})
	var wg sync.WaitGroup
	for i := range n {
		wg.Go(func() {
			<-start
			all[i] = do(i)
		})
	}
	close(start)
	wg.Wait()
	return all
}

// Many officers act on one version of one dossier through a running server, by
// page and by call: exactly one wins, and the dossier has one event more. The
// others are told that it changed, with both versions, and keep what they typed.
// Then one of them presses twice, or fifty times: one effect.
func TestRaceOverHTTP(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		h := newHall(t, w)
		for _, n := range []int{2, 10, mostOfficers} {
			h.receive()
			before := h.version()
			text := func(i int) string { return fmt.Sprintf("Thiếu bản vẽ của người thứ %d.", i) }
			answers := together(n, func(i int) answer {
				return h.press(i, "request-supplement", url.Values{
					"hanh-dong": {fmt.Sprintf("dua-%d-%d", n, i)}, "phien-ban": {fmt.Sprint(before)}, "reason": {text(i)}, "otherItems": {"Bản vẽ"},
				})
			})
			h.oneWon(answers, http.StatusSeeOther, before)
			for i, a := range answers {
				if a.status != http.StatusSeeOther && (a.status != http.StatusConflict || !containsAll(a.body, text(i), "Khi ông/bà mở", "Bây giờ")) {
					t.Errorf("officer %d of %d: %d\n%.400s", i, n, a.status, a.body)
				}
			}

			h.receive()
			before = h.version()
			answers = together(n, func(i int) answer {
				return h.call(i, fmt.Sprintf("goi-%d-%d", n, i), api.Act{Act: "propose", Outcome: "approve", Version: before})
			})
			h.oneWon(answers, http.StatusOK, before)
			for i, a := range answers {
				if a.status != http.StatusOK && (a.status != http.StatusConflict || !strings.Contains(a.body, "dossier.changed_meanwhile")) {
					t.Errorf("caller %d of %d: %d %s", i, n, a.status, a.body)
				}
			}
		}

		h.receive()
		before := h.version()
		form := url.Values{"hanh-dong": {"mot-lan"}, "phien-ban": {fmt.Sprint(before)}, "reason": {"Thiếu"}, "otherItems": {"Bản vẽ"}}
		h.same(together(mostOfficers, func(int) answer { return h.press(0, "request-supplement", form) }), http.StatusSeeOther, before)
		h.receive()
		before = h.version()
		h.same(together(mostOfficers, func(int) answer {
			return h.call(0, "mot-lan-goi", api.Act{Act: "propose", Outcome: "approve", Version: before})
		}), http.StatusOK, before)
	})
}

func containsAll(text string, words ...string) bool {
	for _, word := range words {
		if !strings.Contains(text, word) {
			return false
		}
	}
	return true
}

func (h *hall) oneWon(answers []answer, won int, before int64) {
	h.t.Helper()
	n := 0
	for _, a := range answers {
		if a.status == won {
			n++
		}
	}
	if n != 1 || h.version() != before+1 {
		h.t.Errorf("of %d, %d won; version %d after %d", len(answers), n, h.version(), before)
	}
}

// same wants one effect and the same answer for all.
func (h *hall) same(answers []answer, want int, before int64) {
	h.t.Helper()
	for i, a := range answers {
		if a.status != want || a.body != answers[0].body {
			h.t.Errorf("the same command, time %d: %d\n%.300s", i+1, a.status, a.body)
		}
	}
	if got := h.version(); got != before+1 {
		h.t.Errorf("the same command %d times: version %d after %d", len(answers), got, before)
	}
}
