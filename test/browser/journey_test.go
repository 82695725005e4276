package browser

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"github.com/motcua/motcua/internal/app/apptest"
	"github.com/motcua/motcua/internal/core/access"
	"github.com/motcua/motcua/internal/core/dossier"
	"github.com/motcua/motcua/internal/store/storetest"
)

// smallPDF is the least that is a PDF.
const smallPDF = "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"

// card is what the scanner reads from a citizen's card.
const card = "999190000017|123456789|Nguyễn Thị Thử Nghiệm|01011990|Nữ|12 Trần Phú, phường Xuân Hương, tỉnh Lâm Đồng|01012022"

// Two handfuls of keys besides the procedure's code are enough to receive a
// simple dossier: the card is scanned, the papers come filled as demanded.
func TestReceptionByKeyboard(t *testing.T) {
	h := open(t)
	p := h.person(start(t)).signIn(h.one(access.Reception))
	code := h.receivable().Code
	p.goTo("/nghiep-vu/tiep-nhan")
	p.until("document.activeElement.id === 'q'")

	p.press(code)
	typed := p.keys
	p.press("\r") // the only procedure found opens
	p.until("document.activeElement.id === 'the'")
	p.scan(card)
	p.until("document.activeElement.name === 'owner.phone' || document.activeElement.matches('[data-primary]')")
	if got := p.eval("document.querySelector(\"[name='owner.name']\").value"); got != "Nguyễn Thị Thử Nghiệm" {
		t.Fatalf("the card filled %q", got)
	}
	p.press("0000123456")
	phone := 10
	p.press("\r", chromedp.ModifierCtrl)
	p.until("location.pathname.endsWith('/da-tiep-nhan')")
	p.says("Mã tra cứu")
	p.until("document.activeElement.getAttribute('data-key') === 'i'") // Enter prints
	p.press("n")                                                       // and N goes on to the next
	p.until("location.pathname.startsWith('/nghiep-vu/tiep-nhan/')")
	p.until("document.activeElement.id === 'the'")
	if keys := p.keys - typed - phone; keys > 4 {
		t.Errorf("%d keys besides the procedure's code and the phone, at most 4", keys)
	}
	t.Logf("keys: %d for the code, %d for the phone, %d else", typed, phone, p.keys-typed-phone)
	p.quiet()
}

// Enter in a field goes on to the next and sends nothing.
func TestEnterMovesOn(t *testing.T) {
	h := open(t)
	p := h.person(start(t)).signIn(h.one(access.Reception))
	p.goTo("/nghiep-vu/tiep-nhan/" + h.receivable().Code)
	p.until("document.activeElement.id === 'the'")
	p.press("\r")
	p.until("document.activeElement.name === 'owner.name'")
	p.press("A\r")
	p.until("document.activeElement.name === 'owner.phone'")
	p.press("\r")
	p.until("document.activeElement.name === 'owner.personalId'")
	if at := p.where(); !strings.HasPrefix(at, "/nghiep-vu/tiep-nhan/") {
		t.Errorf("Enter has led to %s", at)
	}
	p.quiet()
}

// One dossier through the hands of five people, each at a browser of his own;
// afterwards every invariant holds, on each engine.
func TestJourneyOfFive(t *testing.T) {
	for engine, world := range map[string]func(testing.TB, ...apptest.Setting) *apptest.World{"sqlite": apptest.SQLite, "postgres": apptest.Postgres} {
		t.Run(engine, func(t *testing.T) { journeyOfFive(t, openWorld(t, world(t))) })
	}
}

func journeyOfFive(t *testing.T, h *house) {
	browser := start(t)
	procedure := h.receivable()

	citizen := h.person(browser)
	citizen.do(chromedp.EmulateViewport(390, 844))
	citizen.goTo("/")
	citizen.fill("#q", procedure.Code+"\r")
	citizen.until("location.pathname === '/thu-tuc'")
	citizen.click(".proc-list a")
	citizen.says("Nộp hồ sơ ở đâu?")
	citizen.says("Quầy số")

	counter := h.person(browser).signIn(h.one(access.Reception))
	counter.goTo("/nghiep-vu/tiep-nhan/" + procedure.Code)
	counter.until("document.activeElement.id === 'the'")
	counter.scan(card)
	counter.until("document.querySelector(\"[name='owner.name']\").value !== ''")
	counter.click("[data-primary]")
	counter.says("Mã tra cứu")
	code, secret := counter.acknowledged()
	if !regexp.MustCompile(`^H36\.01-\d{6}-\d{4}$`).MatchString(code) {
		t.Fatalf("code %q", code)
	}
	kind, err := chromedp.Run(counter.ctx, chromedp.Evaluate[string](`fetch(document.querySelector("a[data-key='i']").href).then(r=>r.headers.get('content-type'))`, chromedp.EvalAwaitPromise))
	if err != nil || kind != "application/pdf" {
		t.Errorf("the receipt is %q, %v", kind, err)
	}
	open := func(p *person) { p.goTo("/nghiep-vu/ho-so/" + code); p.says(code) }
	act := func(p *person, act dossier.Act, says string) {
		t.Helper()
		h.Clock.Add(2 * time.Minute)
		open(p)
		form := "#act-" + string(act)
		p.until("document.querySelector('" + form + "')")
		if p.eval("document.querySelector('"+form+"').matches('details:not([open])')") == "true" {
			p.click(form + " > summary")
		}
		if act == dossier.Return {
			p.do(chromedp.SetValue(form+" [name=checked]", "card"))
		}
		if act == dossier.IssueResult {
			p.chooseFile(form + " [type=file]")
		}
		p.click(form + " button")
		p.says(says)
	}
	act(counter, dossier.Forward, "Đã thực hiện: Chuyển cơ quan giải quyết")

	d, err := h.Dossier(t.Context(), h.one(access.Reception), code)
	if err != nil {
		t.Fatal(err)
	}
	handler := h.person(browser).signIn(h.of(d.Agency, access.Handler))
	handler.goTo("/nghiep-vu/ban-giao")
	handler.says(code)
	h.Clock.Add(2 * time.Minute)
	handler.click("[data-primary]")
	handler.says("Đã xác nhận nhận 1 hồ sơ")
	act(handler, dossier.Claim, "Đã thực hiện: Nhận việc")
	act(handler, dossier.Propose, "Đã thực hiện: Trình lãnh đạo")

	leader := h.person(browser).signIn(h.of(d.Agency, access.Leader))
	leader.goTo("/nghiep-vu?nhom=cho-nhan")
	leader.says(code)
	act(leader, dossier.Approve, "Đã thực hiện: Phê duyệt")
	clerk := h.person(browser).signIn(h.of(d.Agency, access.Clerk))
	act(clerk, dossier.Number, "Đã thực hiện: Cấp số văn bản")
	act(leader, dossier.Sign, "Đã thực hiện: Ký kết quả")
	act(clerk, dossier.IssueResult, "Đã thực hiện: Ban hành kết quả")
	act(clerk, dossier.HandOver, "Đã thực hiện: Bàn giao kết quả về Trung tâm")

	act(counter, dossier.ReceiveHandover, "Đã thực hiện: Xác nhận đã nhận bàn giao")
	citizen.track(code, secret)
	citizen.says("Bạn đến nhận kết quả")
	act(counter, dossier.Return, "Đã thực hiện: Trả kết quả")
	open(counter)
	counter.says("Đã trả kết quả")

	citizen.track(code, strings.ToLower(secret))
	citizen.says("Đã trả kết quả")
	citizen.says("Đúng hẹn")
	citizen.click(".state summary")
	citizen.says("được tiếp nhận lúc")
	if text := citizen.text(); strings.Contains(text, "Thử Nghiệm") || strings.Contains(text, "999190000017") {
		t.Errorf("the tracking page names the applicant: %s", text)
	}
	for _, p := range []*person{citizen, counter, handler, leader, clerk} {
		p.quiet()
	}
	storetest.Verify(t, h.Store())
}

// acknowledged reads code and tracking secret of the dossier just received.
func (p *person) acknowledged() (code, secret string) {
	p.t.Helper()
	return p.eval("document.querySelector('.bigcode').textContent"), p.eval("document.querySelector('.secret').firstChild.textContent.trim()")
}

// track follows a dossier.
func (p *person) track(code, secret string) {
	p.t.Helper()
	p.goTo("/tra-cuu")
	p.fill("#ma", code)
	p.fill("#bi-mat", secret+"\r")
	p.until("document.querySelector('.state')")
}

// chooseFile puts a small PDF into a file field.
func (p *person) chooseFile(selector string) {
	p.t.Helper()
	path := filepath.Join(p.t.TempDir(), "ket-qua.pdf")
	if err := os.WriteFile(path, []byte(smallPDF), 0o600); err != nil {
		p.t.Fatal(err)
	}
	p.do(chromedp.SetUploadFiles(selector, []string{path}))
}
