package browser

import (
	"net/url"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/motcua/motcua/internal/app"
	"github.com/motcua/motcua/internal/core/access"
	"github.com/motcua/motcua/internal/core/civil"
	"github.com/motcua/motcua/internal/core/dossier"
	"github.com/motcua/motcua/internal/store/storetest"
)

// An administrator merges the department of an open dossier into another, reads
// the report, and the director approves: the dossier lies in the inbox of the
// department that continues the work.
func TestTwoDepartmentsAreMerged(t *testing.T) {
	h := open(t)
	d := h.on(h.one(access.Reception), h.receive("999190000017").Dossier, dossier.Input{Act: dossier.Forward})
	handler := h.of(d.Agency, access.Handler)
	d = h.on(handler, d, dossier.Input{Act: dossier.ReceiveHandover})
	to := h.otherDepartment(d.Agency)
	heir := h.of(to.Code, access.Handler)
	browser := start(t)

	p := h.person(browser).signIn(h.one(access.Admin))
	p.goTo("/quan-tri/to-chuc?q=" + url.QueryEscape(to.Name))
	p.says(to.Code)
	p.goTo("/quan-tri/to-chuc")
	p.check(1440)
	p.click("a[href='/quan-tri/to-chuc/moi']")
	p.until("document.getElementById('on')")
	p.withoutScripts()
	p.do(chromedp.SetValue("#on", civil.DateOf(h.Now()).String()))
	p.click("[data-primary]")
	p.says("Chưa ghi số nghị quyết, quyết định.")
	p.fill("#document", "45/NQ-HĐND")
	p.do(chromedp.SetValue("#signedOn", "2026-01-05"))
	p.fill("#signer", "Người Ký Thử")
	p.fill("#steps-0--units", d.AgencyName)
	p.fill("#steps-0--into-0--code", to.Name)
	p.click("[data-primary]")
	p.says("1 hồ sơ chưa xong sẽ đi theo.")
	p.says("Đang xử lý: 1")
	p.click("button[value='trinh']")
	p.says("Người lập thay đổi không được tự phê duyệt.")
	at := p.where()

	director := h.person(browser).signIn(h.one(access.Director))
	director.goTo(at)
	for _, width := range []int64{1440, 390} {
		director.do(chromedp.EmulateViewport(width, 900))
		director.check(width)
	}
	director.click("form[action$='/phe-duyet'] button")
	director.says("1 trên 1 hồ sơ chưa xong đã sang đơn vị kế tục")
	director.check(390)

	desk := h.person(browser).signIn(heir)
	desk.goTo("/nghiep-vu?nhom=cho-nhan")
	if !strings.Contains(desk.eval("document.body.innerText"), d.Code) {
		t.Errorf("the inbox of %s lacks %s: %s", to.Name, d.Code, desk.text())
	}
	for _, x := range []*person{p, director, desk} {
		x.quiet()
	}
	storetest.Verify(t, h.Store())
}

// otherDepartment is a department with a handler that is not the agency.
func (h *house) otherDepartment(agency string) app.UnitChoice {
	h.t.Helper()
	units, err := h.UnitsOn(h.one(access.Admin), civil.DateOf(h.Now()).String())
	if err != nil {
		h.t.Fatal(err)
	}
	for _, u := range units {
		if u.Code != agency && strings.HasPrefix(u.Name, "Sở ") && len(h.People(u.Code, string(access.Handler))) > 0 {
			return u
		}
	}
	h.t.Fatal("no other department")
	return app.UnitChoice{}
}
