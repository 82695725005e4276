package browser

import (
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"github.com/motcua/motcua/internal/app"
	"github.com/motcua/motcua/internal/core/access"
	"github.com/motcua/motcua/internal/core/dossier"
	"github.com/motcua/motcua/internal/store/storetest"
)

// The control unit draws a process in which two departments and a commune are
// asked at once, tries it on the last quarter, and publishes it with its
// approval decision; a dossier received afterwards runs on it.
func TestProcessIsDrawnTriedAndPublished(t *testing.T) {
	h := open(t)
	procedure := h.receivable()
	finished := h.finish(h.receive("999190000017").Dossier)
	control := h.People(h.Centre().Code, string(access.Control))
	units := h.consulted(finished.Agency)
	browser := start(t)
	p := h.person(browser).signIn(control[0])
	home := "/quan-tri/quy-trinh/" + procedure.Code

	// The table, without scripts: a parallel part behind the handling, with one more branch.
	p.withoutScripts()
	p.goTo(home + "/sua")
	add := func(kind, after, shown string) {
		t.Helper()
		p.do(chromedp.SetValue("#them-loai", kind), chromedp.SetValue("#them-sau", after))
		p.click("#them button")
		p.until("document.getElementById('steps-" + shown + "')")
	}
	add("parallel", "handle", "join-1")
	add("consult", "parallel-1", "consult-3")
	for i, unit := range units {
		row := "#steps-consult-" + strconv.Itoa(i+1) + " "
		p.do(chromedp.SetValue(row+"[name$='.name']", "Ý kiến "+strconv.Itoa(i+1)), chromedp.SetValue(row+"[name$='.unit']", unit.Name),
			chromedp.SetValue(row+"[name$='.role']", "handler"), chromedp.SetValue(row+"[name$='.share']", "4"))
	}
	p.do(chromedp.SetValue("#steps-handle [name$='.share']", "1"))
	p.click("[data-primary]")
	p.says("Đã lưu dự thảo")

	// The drawing: the same draft, one property changed in the panel.
	drawer := h.person(browser).signIn(control[0])
	drawer.goTo(home + "/ve")
	drawer.until("document.getElementById('ve').dataset.ready === '1'")
	drawer.until("document.querySelector('.bjs-powered-by').getBoundingClientRect().width > 20")
	for _, width := range []int64{1440, 390} {
		drawer.do(chromedp.EmulateViewport(width, 900))
		drawer.check(width)
	}
	drawer.do(chromedp.EmulateViewport(1440, 900))
	drawer.click("[data-element-id='consult-1'] .djs-hit")
	drawer.until("document.getElementById('o-share').value === '4'")
	drawer.do(chromedp.SetValue("#o-share", "3,5"))
	drawer.eval("document.getElementById('o-share').dispatchEvent(new Event('change', {bubbles: true}))")
	drawer.click("[data-primary]")
	drawer.says("Đã lưu dự thảo")
	drawer.quiet()

	p.goTo(home + "/chay-thu")
	p.click("[data-primary]")
	p.says("Kết quả trên 1 hồ sơ")
	p.says("Điểm nghẽn")
	p.goTo(home + "?phien-ban=du-thao")
	p.says("3,5 giờ làm việc")
	p.click("form[action$='/trinh'] button")
	p.says("Đã trình kiểm tra")

	other := h.person(browser).signIn(control[1])
	other.goTo(home)
	other.click("form[action$='/kiem-tra'] button")
	other.says("Đã xác nhận kiểm tra")
	other.goTo(home + "/ban-hanh")
	other.fill("#decision-no", "45/QĐ-UBND")
	other.do(chromedp.SetValue("#decision-on", "2026-11-20"))
	other.fill("#decision-signer", "Nguyễn Văn Thử")
	other.click("[data-primary]")
	other.says("Đã ban hành quy trình")

	d := h.on(h.one(access.Reception), h.receive("999190000025").Dossier, dossier.Input{Act: dossier.Forward})
	handler := h.of(d.Agency, access.Handler)
	d = h.on(handler, d, dossier.Input{Act: dossier.ReceiveHandover})
	d = h.on(handler, d, dossier.Input{Act: dossier.Propose, Outcome: dossier.OutcomeApprove})
	var asked []string
	for _, task := range d.Tasks {
		asked = append(asked, task.Unit)
	}
	if d.Process.Version != 1 || len(asked) != 3 || asked[0] != units[0].Code {
		t.Errorf("the dossier runs on %s@%d and asks %v", d.Process.Template, d.Process.Version, asked)
	}
	other.goTo("/thu-tuc/" + procedure.Code)
	other.says(units[2].Name)
	for _, x := range []*person{p, other} {
		x.quiet()
	}
	storetest.Verify(t, h.Store())
}

// consulted are two departments and a commune besides the agency.
func (h *house) consulted(agency string) []app.UnitChoice {
	h.t.Helper()
	page, err := h.ProcessPage(h.t.Context(), h.one(access.Control), app.ProcessKey{Procedure: h.receivable().Code})
	if err != nil {
		h.t.Fatal(err)
	}
	var departments, communes []app.UnitChoice
	for _, u := range page.Units {
		switch {
		case u.Code == agency:
		case strings.HasPrefix(u.Name, "Sở "):
			departments = append(departments, u)
		case strings.Contains(u.Name, "phường") || strings.Contains(u.Name, "xã"):
			communes = append(communes, u)
		}
	}
	if len(departments) < 2 || len(communes) < 1 {
		h.t.Fatalf("%d departments, %d communes", len(departments), len(communes))
	}
	return []app.UnitChoice{departments[0], departments[1], communes[0]}
}

// finish carries a dossier to its end through the use cases.
func (h *house) finish(d dossier.Dossier) dossier.Dossier {
	h.t.Helper()
	counter := h.one(access.Reception)
	d = h.on(counter, d, dossier.Input{Act: dossier.Forward})
	handler, leader, clerk := h.of(d.Agency, access.Handler), h.of(d.Agency, access.Leader), h.of(d.Agency, access.Clerk)
	d = h.on(handler, d, dossier.Input{Act: dossier.ReceiveHandover})
	d = h.on(handler, d, dossier.Input{Act: dossier.Propose, Outcome: dossier.OutcomeApprove})
	d = h.on(leader, d, dossier.Input{Act: dossier.Approve})
	d = h.on(clerk, d, dossier.Input{Act: dossier.Number})
	d = h.on(leader, d, dossier.Input{Act: dossier.Sign})
	staged, err := h.Stage(h.t.Context(), clerk, "ket-qua.pdf", strings.NewReader(smallPDF))
	if err == nil {
		h.Clock.Add(10 * time.Minute)
		d, err = h.Act(h.t.Context(), clerk, app.ActInput{Code: d.Name(), Input: dossier.Input{Act: dossier.IssueResult, Version: d.Version}, FileRefs: []string{staged.Hash}})
	}
	if err != nil {
		h.t.Fatal(err)
	}
	d = h.on(clerk, d, dossier.Input{Act: dossier.HandOver})
	d = h.on(counter, d, dossier.Input{Act: dossier.ReceiveHandover})
	return h.on(counter, d, dossier.Input{Act: dossier.Return, Receiver: "Nguyễn Thị Thử Nghiệm", Checked: "Căn cước"})
}
