package browser

import (
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/motcua/motcua/internal/core/access"
	"github.com/motcua/motcua/internal/store/storetest"
)

// The control unit enters a decision that shortens a limit, sees what it would
// do, and a second officer publishes it; the public page of the procedure leads
// to the decision.
func TestDecisionIsPublished(t *testing.T) {
	h := open(t)
	control := h.People(h.Centre().Code, string(access.Control))
	procedure := h.receivable()
	browser := start(t)
	p := h.person(browser).signIn(control[0])
	p.goTo("/quan-tri/quyet-dinh/moi?thu-tuc=" + procedure.Code)
	p.withoutScripts()
	p.do(chromedp.SetValue("[name='annex[0].what']", "limit-changed"), chromedp.SetValue("[name='annex[0].case']", procedure.Cases[0].ID))
	p.fill("[name='annex[0].limit']", "90 ngày làm việc")
	p.click("[data-primary]")
	p.says("Hãy ghi số, ký hiệu của quyết định.")
	p.do(chromedp.SetValue("[name='annex[0].limit']", "2 ngày làm việc"), chromedp.SetValue("[name='decision.on']", "2026-11-20"))
	p.fill("[name='decision.no']", "46/QĐ-UBND")
	p.fill("[name='decision.signer']", "Nguyễn Văn Thử")
	p.click("[data-primary]")
	p.says("Quyết định này sẽ")
	p.click("button[value='trinh']")
	p.says("cần một cán bộ kiểm soát thủ tục khác")
	at := p.where()

	other := h.person(browser).signIn(control[1])
	other.goTo(at)
	other.check(390)
	other.click("form[action$='/cong-bo'] button")
	other.says("Trang công khai của quyết định")
	other.check(1440)

	citizen := h.person(browser)
	citizen.goTo("/thu-tuc/" + procedure.Code)
	citizen.click("#phien-ban a[href^='/cong-khai/quyet-dinh/']")
	citizen.says("Nguyễn Văn Thử")
	citizen.check(390)
	storetest.Verify(t, h.Store())
}
