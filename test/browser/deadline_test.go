package browser

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"github.com/motcua/motcua/internal/adapter/sign"
	"github.com/motcua/motcua/internal/app"
	"github.com/motcua/motcua/internal/app/apptest"
	"github.com/motcua/motcua/internal/core/access"
	"github.com/motcua/motcua/internal/core/civil"
	"github.com/motcua/motcua/internal/core/dossier"
	"github.com/motcua/motcua/internal/store/storetest"
)

// A storm day is proposed, previewed and put into force in the browser; the
// officer and, on his phone, the applicant read why the day moved. The dossier
// crosses Tết, is stopped once, becomes late; its apology is written, signed and
// waits in the outbox.
func TestDeadlinesSeenByPeople(t *testing.T) {
	browser := start(t)
	h := openWorld(t, apptest.SQLite(t, signing(t)))
	h.Clock.Set(time.Date(2027, 1, 18, 9, 0, 0, 0, civil.Zone))
	got := h.receive("999190000017")
	d := h.on(h.one(access.Reception), got.Dossier, dossier.Input{Act: dossier.Forward})
	handler, leader := h.of(d.Agency, access.Handler), h.of(d.Agency, access.Leader)
	d = h.on(handler, d, dossier.Input{Act: dossier.ReceiveHandover})
	d = h.on(handler, d, dossier.Input{Act: dossier.Claim})
	promised := d.Deadline.DueOn

	control := h.person(browser).signIn(h.one(access.Control))
	control.goTo("/quan-tri/lich")
	control.says("Tháng 1")
	control.do(chromedp.SetValue("#them-ngay-date", "2027-01-20"))
	control.fill("#them-ngay-name", "Phòng chống bão")
	control.fill("#them-ngay-document", "Công điện 15/CĐ-UBND")
	control.fill("#them-ngay-reason", "nghỉ phòng chống bão số 15")
	control.click("form[data-hotkey] [data-primary]")
	control.says("Phòng chống bão")
	control.says(d.Code)
	change := control.where()
	if control.eval("document.querySelector('form[action$=\"/ap-dung\"]') === null") != "true" {
		t.Error("who proposed a change may apply it")
	}
	control.check(1440)
	director := h.person(browser).signIn(h.one(access.Director))
	director.goTo(change)
	director.says(d.Code)
	director.click("form[action$='/ap-dung'] button")
	director.says("Đang tính lại hạn")
	h.Drain(t)
	director.goTo(change)
	director.says("Đã áp dụng")
	director.quiet()

	d = h.now(d)
	if !d.Deadline.DueOn.After(promised) {
		t.Fatalf("due %v, was %v", d.Deadline.DueOn, promised)
	}
	officer := h.person(browser).signIn(handler)
	officer.goTo("/nghiep-vu/ho-so/" + d.Code + "/vi-sao")
	officer.says("Phòng chống bão")
	officer.says(d.Deadline.DueOn.Show())
	officer.says(promised.Show())
	officer.until("!document.querySelector('[data-print]').hidden")
	pdf, err := chromedp.Run(officer.ctx, chromedp.PrintToPDF())
	if err != nil || !strings.HasPrefix(string(pdf), "%PDF") {
		t.Errorf("the page is not printed: %d bytes, %v", len(pdf), err)
	}
	officer.check(1440)
	citizen := h.person(browser)
	citizen.do(chromedp.EmulateViewport(390, 844))
	citizen.track(got.Code, got.Secret)
	paper, err := chromedp.Run(citizen.ctx, chromedp.PrintToPDF())
	if err != nil {
		t.Fatal(err)
	}
	if text := pdfText(t, []byte(paper)); !strings.Contains(text, "Phòng chống bão") || !strings.Contains(text, d.Deadline.DueOn.Show()) {
		t.Errorf("the citizen's paper says:\n%s", text)
	}
	citizen.click(".state summary")
	citizen.says("Phòng chống bão")
	citizen.says(d.Deadline.DueOn.Show())
	citizen.quiet()

	// Stopped once, over Tết.
	d = h.on(handler, d, dossier.Input{Act: dossier.RequestSupplement, Reason: "Thiếu bản vẽ", Items: []string{"Bản vẽ"}})
	h.Clock.Set(time.Date(2027, 2, 11, 9, 0, 0, 0, civil.Zone))
	d = h.on(h.one(access.Reception), d, dossier.Input{Act: dossier.Supply})
	if !d.Deadline.DueOn.After(civil.NewDate(2027, 2, 11)) {
		t.Fatalf("after the stop it is due %v", d.Deadline.DueOn)
	}

	// Late: the clock moves past the promise, and the ladder runs by itself.
	h.Clock.Set(d.Deadline.DueOn.AddDays(7).At(9 * 60))
	h.Drain(t)
	officer = h.person(browser).signIn(handler)
	officer.goTo("/nghiep-vu/thong-bao")
	officer.says(d.Code)
	officer.says("đã quá hạn")
	officer.check(390)
	head := h.person(browser).signIn(leader)
	head.goTo("/nghiep-vu/xin-loi")
	head.says("Đã quá hạn")
	head.click("details.fold > summary")
	head.fill("textarea[name=reason]", "Chờ số liệu đo đạc sau Tết")
	head.fill("input[name=document]", "12/PXL-SXD")
	head.check(1440)
	head.click("button[value=ky]")
	head.says("Đã ký văn bản xin lỗi hồ sơ " + d.Code)
	head.quiet()
	if d = h.now(d); d.Deadline.Apology == nil || !d.Overdue(h.Clock.Now()) {
		t.Errorf("signed: %+v", d.Deadline)
	}
	control = h.person(browser).signIn(h.one(access.Control))
	control.goTo("/quan-tri/thu-di")
	control.says("Xin lỗi và hẹn lại")
	control.says(d.Code)
	control.says("Chờ gửi")
	h.Drain(t)
	control.goTo("/quan-tri/thu-di")
	control.until("!document.body.innerText.includes('0000123456')")
	if arrived := h.Mail.Arrived(); len(arrived) == 0 || !strings.Contains(arrived[len(arrived)-1].Text, "xin lỗi") {
		t.Errorf("arrived %+v", arrived)
	}
	control.check(1440)
	control.quiet()
	h.letterIsRead(browser, got)
	storetest.Verify(t, h.Store())
}

// letterIsRead opens the signed apology where people find it: the officer from the
// outbox, the applicant, on his phone, from tracking.
func (h *house) letterIsRead(browser context.Context, got app.Received) {
	h.t.Helper()
	counter := h.person(browser).signIn(h.one(access.Reception))
	counter.goTo("/quan-tri/thu-di")
	counter.says("Phiếu xin lỗi")
	const read = `fetch(document.querySelector('.with-file a').href).then(r => r.text()).then(b => { document.title = b.startsWith('%PDF') && b.includes('/ByteRange') ? 'đã mở' : b.slice(0, 99) })`
	counter.eval(read)
	counter.until("document.title === 'đã mở'")
	counter.quiet()
	citizen := h.person(browser)
	citizen.do(chromedp.EmulateViewport(390, 844))
	citizen.track(got.Code, got.Secret)
	citizen.says("Văn bản đã ký số")
	citizen.check(390)
	const send = `(f => fetch(f.action, {method: 'POST', body: new URLSearchParams(new FormData(f))}))(document.querySelector('.letters form')).then(r => r.text()).then(b => { document.title = b.startsWith('%PDF') ? 'đã mở' : b.slice(0, 99) })`
	citizen.eval(send)
	citizen.until("document.title === 'đã mở'")
	citizen.quiet()
}

// signing gives a test centre an authority of its own.
func signing(t *testing.T) apptest.Setting {
	t.Helper()
	service, err := sign.Open("sim", []byte("a seed for this test only"), "motcua", time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC))
	if err != nil {
		t.Fatal(err)
	}
	return func(d *app.Deps) { d.Documents = sign.Documents{Service: service} }
}

// pdfText is what can be read on a printed page.
func pdfText(t *testing.T, pdf []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "page.pdf")
	if err := os.WriteFile(path, pdf, 0o600); err != nil {
		t.Fatal(err)
	}
	text, err := exec.CommandContext(t.Context(), "pdftotext", path, "-").Output()
	if err != nil {
		t.Fatalf("pdftotext: %v", err)
	}
	return string(text)
}

// now reads a dossier as it is.
func (h *house) now(d dossier.Dossier) dossier.Dossier {
	h.t.Helper()
	v, err := h.Dossier(h.t.Context(), h.one(access.Reception), d.Code)
	if err != nil {
		h.t.Fatal(err)
	}
	return v.Dossier
}
