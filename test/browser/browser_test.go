package browser

import (
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"github.com/motcua/motcua/internal/app"
	"github.com/motcua/motcua/internal/app/apptest"
	"github.com/motcua/motcua/internal/core/access"
	"github.com/motcua/motcua/internal/core/dossier"
	"github.com/motcua/motcua/internal/i18n"
	"github.com/motcua/motcua/internal/web"
)

//go:embed testdata/axe.min.js
var axe string

// password is everybody's in the test centre.
const password = "mot cau de nho 24"

// patience is how long a page may take to become what is expected of it, on a
// busy machine.
const patience = 30 * time.Second

// house is a founded centre that serves its pages.
type house struct {
	*apptest.World
	t   *testing.T
	url string
}

func open(t *testing.T) *house {
	t.Helper()
	return openWorld(t, apptest.SQLite(t))
}

func openWorld(t *testing.T, w *apptest.World) *house {
	t.Helper()
	pages, err := web.New(web.Options{App: w.App, Words: i18n.Default(), Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	mux := http.NewServeMux()
	pages.Mount(mux)
	server := httptest.NewServer(pages.Around(mux))
	t.Cleanup(server.Close)
	return &house{World: w, t: t, url: server.URL}
}

// chromium finds the browser; without it the test is skipped, or fails where it
// is required.
func chromium(t *testing.T) string {
	t.Helper()
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	if os.Getenv("MOTCUA_REQUIRE_BROWSER") == "1" {
		t.Fatal("no Chromium: install the Debian package chromium")
	}
	t.Skip("no Chromium; MOTCUA_REQUIRE_BROWSER=1 makes this a failure")
	return ""
}

// start starts one browser for a test. Chromium's own sandbox needs rights that
// a container seldom gives; the pages are ours.
func start(t *testing.T) context.Context {
	t.Helper()
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(chromium(t)), chromedp.NoSandbox)
	ctx, stop := chromedp.NewExecAllocator(context.Background(), options...)
	t.Cleanup(stop)
	ctx, stop = chromedp.NewContext(ctx)
	t.Cleanup(stop)
	if err := chromedp.Do(ctx, chromedp.Navigate("about:blank")); err != nil {
		t.Fatalf("start Chromium: %v", err)
	}
	return ctx
}

// person is somebody at a browser of his own: nobody shares his cookies.
type person struct {
	t    *testing.T
	h    *house
	ctx  context.Context
	keys int // keys pressed; what a scanner types is not counted

	mu       sync.Mutex
	troubles []string // what the browser complains of
}

func (h *house) person(browser context.Context) *person {
	h.t.Helper()
	ctx, stop := chromedp.NewContext(browser, chromedp.WithNewBrowserContext())
	h.t.Cleanup(stop)
	ctx, stop = context.WithTimeout(ctx, 10*time.Minute)
	h.t.Cleanup(stop)
	p := &person{t: h.t, h: h, ctx: ctx}
	err := chromedp.Listen(ctx, func(ev any) {
		switch e := ev.(type) {
		case *log.EventEntryAdded:
			if e.Entry.Level == log.EntryLevelError && !strings.Contains(e.Entry.Text, "the server responded with a status of") {
				p.trouble(e.Entry.Text)
			}
		case *runtime.EventExceptionThrown:
			p.trouble(e.ExceptionDetails.Text)
		}
	})
	if err != nil {
		h.t.Fatal(err)
	}
	p.do(chromedp.EmulateViewport(1440, 900), func(ctx context.Context, t *chromedp.Target) (chromedp.Void, error) {
		_, err := cdp.Call(ctx, t, log.Enable, cdp.Empty{})
		return chromedp.Void{}, err
	})
	return p
}

func (p *person) trouble(text string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.troubles = append(p.troubles, text)
}

// quiet fails the test when the browser complained: of a script, or of something
// that the security policy forbids.
func (p *person) quiet() {
	p.t.Helper()
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, text := range p.troubles {
		p.t.Errorf("%s: the browser says: %s", p.where(), text)
	}
	p.troubles = nil
}

func (p *person) do(steps ...chromedp.Action[chromedp.Void]) {
	p.t.Helper()
	if err := chromedp.Do(p.ctx, steps...); err != nil {
		p.t.Fatalf("%v", err)
	}
}

func (p *person) where() string {
	at, err := chromedp.Run(p.ctx, chromedp.Location())
	if err != nil {
		return err.Error()
	}
	return strings.TrimPrefix(at, p.h.url)
}

func (p *person) goTo(path string) {
	p.t.Helper()
	p.do(chromedp.Navigate(p.h.url + path))
}

// until waits for a condition of the page, across navigations. It asks again and
// again from here: a page without scripts has no timers to wait with.
func (p *person) until(condition string) {
	p.t.Helper()
	end := time.Now().Add(patience)
	var err error
	for time.Now().Before(end) {
		var yes bool
		if yes, err = p.holds(condition); err == nil && yes {
			return
		}
		time.Sleep(25 * time.Millisecond)
	}
	p.t.Fatalf("%s never came to %s (%v); the focus is on %s; it says: %s", p.where(), condition, err, p.eval("document.activeElement.outerHTML.slice(0,200)"), p.text())
}

func (p *person) holds(condition string) (bool, error) {
	ctx, stop := context.WithTimeout(p.ctx, 10*time.Second)
	defer stop()
	return chromedp.Run(ctx, chromedp.Evaluate[bool]("document.readyState==='complete' && Boolean("+condition+")"))
}

// says waits until the page says a text.
func (p *person) says(text string) {
	p.t.Helper()
	quoted, err := json.Marshal(text)
	if err != nil {
		p.t.Fatal(err)
	}
	p.until("document.body.innerText.includes(" + string(quoted) + ")")
}

func (p *person) text() string {
	text, err := chromedp.Run(p.ctx, chromedp.Evaluate[string]("document.body ? document.body.innerText.slice(0, 1500) : ''"))
	if err != nil {
		return err.Error()
	}
	return strings.Join(strings.Fields(text), " ")
}

func (p *person) eval(expression string) string {
	p.t.Helper()
	text, err := chromedp.Run(p.ctx, chromedp.Evaluate[string]("String("+expression+")"))
	if err != nil {
		p.t.Fatalf("%s: %s: %v", p.where(), expression, err)
	}
	return text
}

// click presses the first visible element that a selector finds and waits for
// nothing; what comes is asked for next.
func (p *person) click(selector string) {
	p.t.Helper()
	p.settled("click "+selector, chromedp.Click(selector))
}

// fill types into an empty field as a person does.
func (p *person) fill(selector, text string) {
	p.t.Helper()
	p.settled("fill "+selector, chromedp.SendKeys(selector, text))
}

// settled does a step and does it again when the page was replaced by the next
// one between finding the element and using it.
func (p *person) settled(what string, step chromedp.Action[chromedp.Void]) {
	p.t.Helper()
	ctx, stop := context.WithTimeout(p.ctx, patience)
	defer stop()
	err := chromedp.Do(ctx, step)
	for err != nil && replaced(err) && ctx.Err() == nil {
		time.Sleep(25 * time.Millisecond)
		err = chromedp.Do(ctx, step)
	}
	if err != nil {
		p.t.Fatalf("%s: %s: %v; the page says: %s", p.where(), what, err, p.text())
	}
}

// replaced says whether the browser means a node or document that is gone.
func replaced(err error) bool {
	text := err.Error()
	return strings.Contains(text, "Could not find node") || strings.Contains(text, "does not belong to the document") ||
		strings.Contains(text, "Cannot find context")
}

// press presses keys one after the other, counting them.
func (p *person) press(keys string, modifiers ...chromedp.Modifier) {
	p.t.Helper()
	p.keys += len([]rune(keys))
	p.do(chromedp.KeyEvent(keys, chromedp.KeyModifiers(modifiers...)))
}

// scan types as a bar-code scanner does.
func (p *person) scan(text string) {
	p.t.Helper()
	p.do(chromedp.KeyEvent(text + "\r"))
}

// signIn signs an officer in.
func (p *person) signIn(who access.Actor) *person {
	p.t.Helper()
	return p.signInAs(p.h.login(who), password)
}

// signInAs signs in with a login and its password.
func (p *person) signInAs(login, password string) *person {
	p.t.Helper()
	p.goTo("/dang-nhap")
	p.fill("#login", login)
	p.fill("#password", password+"\r")
	p.until("location.pathname !== '/dang-nhap'")
	return p
}

// login gives an officer the common password.
func (h *house) login(who access.Actor) string {
	h.t.Helper()
	admin, _ := h.Person(string(access.Admin))
	form, err := h.StaffMember(h.t.Context(), admin, who.ID)
	if err == nil {
		err = h.SetDemoPassword(h.t.Context(), password, []string{form.Login})
	}
	if err != nil {
		h.t.Fatal(err)
	}
	return form.Login
}

func (h *house) one(role access.Role) access.Actor {
	h.t.Helper()
	if all := h.People(h.Centre().Code, string(role)); len(all) > 0 {
		return all[0]
	}
	who, ok := h.Person(string(role))
	if !ok {
		h.t.Fatalf("nobody is %s", role)
	}
	return who
}

func (h *house) of(unit string, role access.Role) access.Actor {
	h.t.Helper()
	all := h.People(unit, string(role))
	if len(all) == 0 {
		h.t.Fatalf("nobody in %s is %s", unit, role)
	}
	return all[0]
}

// receivable is a procedure with papers, no fee and a limit in working days.
func (h *house) receivable() app.Receivable {
	h.t.Helper()
	all, err := h.ReceivableBy()
	if err != nil {
		h.t.Fatal(err)
	}
	for _, p := range all {
		if p.Unit == h.Centre().Code && len(p.Cases) == 1 && p.Cases[0].Limit != nil && p.Cases[0].Limit.Unit == "ngay_lam_viec" && p.Cases[0].Limit.Value >= 5 &&
			len(p.PapersOf(p.Cases[0])) > 1 && p.FeeState(true) == "free" && demandsAll(p) {
			return p
		}
	}
	h.t.Fatal("no procedure to receive")
	return app.Receivable{}
}

// demandsAll reports whether each paper states how many are wanted, so that the
// form comes filled.
func demandsAll(p app.Receivable) bool {
	for _, x := range p.PapersOf(p.Cases[0]) {
		if x.Originals+x.Copies == 0 || x.Alternative {
			return false
		}
	}
	return true
}

// receive takes a dossier in through the use case.
func (h *house) receive(id string) app.Received {
	h.t.Helper()
	p := h.receivable()
	f := app.ReceptionForm{
		Procedure: p.Code, Case: p.Cases[0].ID, Channel: dossier.Direct, ReturnChannel: dossier.ReturnCounter, Sets: 1, Confirmed: true,
		Owner: app.PartyForm{Kind: "citizen", Name: "Nguyễn Thị Thử Nghiệm", PersonalID: id, Phone: "0000123456", Address: "12 Trần Phú, Đà Lạt, Lâm Đồng"},
	}
	for _, x := range p.PapersOf(p.Cases[0]) {
		f.Papers = append(f.Papers, app.PaperForm{ID: x.ID, Originals: x.Originals, Copies: x.Copies})
	}
	got, err := h.ReceiveDossier(h.t.Context(), h.one(access.Reception), f)
	if err != nil {
		h.t.Fatal(err)
	}
	return got
}

// withoutScripts turns scripts off, as some citizens' browsers do.
func (p *person) withoutScripts() {
	p.t.Helper()
	p.do(func(ctx context.Context, t *chromedp.Target) (chromedp.Void, error) {
		_, err := cdp.Call(ctx, t, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
		return chromedp.Void{}, err
	})
}

// violation is one accessibility rule that a page breaks.
type violation struct {
	ID    string `json:"id"`
	Help  string `json:"help"`
	Nodes []struct {
		HTML    string `json:"html"`
		Summary string `json:"failureSummary"`
	} `json:"nodes"`
}

// check asks axe-core about the page and whether it overflows sideways.
func (p *person) check(width int64) {
	p.t.Helper()
	p.until("document.fonts.status === 'loaded'")
	raw, err := chromedp.Run(p.ctx, chromedp.Evaluate[string](axe+`;axe.run(document,{runOnly:
		['wcag2a','wcag2aa','wcag21a','wcag21aa','wcag22aa','best-practice']}).then(r=>JSON.stringify(r.violations))`, chromedp.EvalAwaitPromise))
	if err != nil {
		p.t.Fatalf("%s: axe: %v", p.where(), err)
	}
	var found []violation
	if err := json.Unmarshal([]byte(raw), &found); err != nil {
		p.t.Fatal(err)
	}
	for _, v := range found {
		lines := make([]string, 0, len(v.Nodes))
		for _, n := range v.Nodes[:min(3, len(v.Nodes))] {
			lines = append(lines, fmt.Sprintf("%.300s\n      %s", n.HTML, strings.ReplaceAll(n.Summary, "\n", "\n      ")))
		}
		p.t.Errorf("%s at %d px breaks %s (%s) %d times:\n    %s", p.where(), width, v.ID, v.Help, len(v.Nodes), strings.Join(lines, "\n    "))
	}
	wide, err := chromedp.Run(p.ctx, chromedp.Evaluate[float64]("document.documentElement.scrollWidth - document.documentElement.clientWidth"))
	if err != nil {
		p.t.Fatal(errors.Join(fmt.Errorf("measure %s", p.where()), err))
	}
	if wide > 0 {
		p.t.Errorf("%s at %d px is %.0f px too wide: %s", p.where(), width, wide, p.widest())
	}
	p.quiet()
}

// widest names the elements that stand out to the right.
func (p *person) widest() string {
	return p.eval(`[...document.querySelectorAll('body *')].filter(e=>{const r=e.getBoundingClientRect();
		return r.right>document.documentElement.clientWidth+1&&!e.closest('.scroll-x,.tabs')}).slice(0,5).map(e=>e.tagName+'.'+e.className).join(' ')`)
}
