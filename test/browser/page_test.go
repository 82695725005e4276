package browser

import (
	"net/url"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"github.com/motcua/motcua/internal/app"
	"github.com/motcua/motcua/internal/core/access"
	"github.com/motcua/motcua/internal/core/dossier"
)

// Every page keeps WCAG 2.2 AA as far as a program can tell, at desktop, phone
// and the 320 px that 400 % of zoom leave, and never scrolls sideways.
func TestEveryPageIsAccessible(t *testing.T) {
	browser := start(t)
	h := open(t)
	got := h.receive("999190000017")
	d := h.on(h.one(access.Reception), got.Dossier, dossier.Input{Act: dossier.Forward})
	handler := h.of(d.Agency, access.Handler)
	d = h.on(handler, d, dossier.Input{Act: dossier.ReceiveHandover})
	d = h.on(handler, d, dossier.Input{Act: dossier.Claim})
	second := h.receive("999190000025")
	h.on(h.one(access.Reception), second.Dossier, dossier.Input{Act: dossier.Forward})
	code := "/nghiep-vu/ho-so/" + url.PathEscape(d.Code)
	for _, group := range []struct {
		name  string
		who   *access.Actor
		paths []string
	}{
		{"citizen", nil, []string{
			"/", "/thu-tuc", "/thu-tuc?q=giay+khai+sinh", "/thu-tuc?q=zzzqqq", "/thu-tuc/" + d.Procedure.Code, "/tra-cuu", "/xac-thuc", "/xac-thuc?m=sai",
			"/cong-khai", "/can-bo", "/huong-dan", "/khong-co", "/dang-nhap", "/?lang=en", "/thu-tuc/" + d.Procedure.Code + "?lang=en",
		}},
		{"counter", ptr(h.one(access.Reception)), []string{
			"/nghiep-vu", "/nghiep-vu/tiep-nhan", "/nghiep-vu/tiep-nhan/" + d.Procedure.Code, code, code + "/da-tiep-nhan", code + "/correct", code + "/giay-to", "/nghiep-vu/quet",
			"/nghiep-vu/cho-tra", "/nghiep-vu/ban-giao", "/nghiep-vu/so-theo-doi", "/nghiep-vu/tra-cuu?q=thu+nghiem", "/nghiep-vu/mat-khau",
		}},
		{"leader", ptr(h.of(d.Agency, access.Leader)), []string{"/nghiep-vu/ky", code + "/tom-tat"}},
		{"handler", &handler, []string{"/nghiep-vu?chon=" + url.QueryEscape(d.Code), code, "/nghiep-vu/ban-giao", "/nghiep-vu/vang-mat", "/nghiep-vu/thong-bao", "/nghiep-vu/xin-loi", code + "/vi-sao", code + "/du-thao"}},
		{"director", ptr(h.one(access.Director)), []string{"/nghiep-vu/tong-quan", "/nghiep-vu/tiep-nhan-bu"}},
		{"administrator", ptr(h.one(access.Admin)), []string{"/quan-tri/nhan-su?q=quay", "/quan-tri/nhan-su/moi", "/quan-tri/thu-di", "/quan-tri/ket-noi", "/quan-tri/don-vi-nho", "/quan-tri/to-chuc", "/quan-tri/to-chuc/moi?viec=split", "/quan-tri/mau-phieu", "/quan-tri/mau-phieu/receipt", "/quan-tri/mau-ket-qua", "/quan-tri/mau-ket-qua/sua", "/quan-tri/chung-thu"}},
		{"control", ptr(h.one(access.Control)), []string{"/quan-tri/so-van-ban", "/quan-tri/so-hoa", "/quan-tri/thu-tuc?q=dat+dai", "/quan-tri/quyet-dinh", "/quan-tri/quyet-dinh/moi", "/quan-tri/lich", "/quan-tri/sua-ho-so",
			"/quan-tri/quy-trinh?q=an+toan", "/quan-tri/quy-trinh/" + d.Procedure.Code, "/quan-tri/quy-trinh/" + d.Procedure.Code + "/sua"}},
	} {
		t.Run(group.name, func(t *testing.T) {
			h := &house{World: h.World, t: t, url: h.url}
			p := h.person(browser)
			if group.who != nil {
				p.signIn(*group.who)
			}
			for _, path := range group.paths {
				for _, width := range []int64{1440, 390, 320} {
					p.do(chromedp.EmulateViewport(width, 844))
					p.goTo(path)
					p.check(width)
				}
			}
		})
	}
}

func ptr[T any](v T) *T { return &v }

// on carries a dossier on through the use case.
func (h *house) on(who access.Actor, d dossier.Dossier, in dossier.Input) dossier.Dossier {
	h.t.Helper()
	h.Clock.Add(10 * time.Minute)
	in.Version = d.Version
	next, err := h.Act(h.t.Context(), who, app.ActInput{Code: d.Name(), Input: in})
	if err != nil {
		h.t.Fatalf("%s: %v", in.Act, err)
	}
	return next
}

// A form with mistakes is as accessible as an empty one, and the focus goes to
// the list of mistakes.
func TestMistakesAreAccessible(t *testing.T) {
	h := open(t)
	p := h.person(start(t)).signIn(h.one(access.Reception))
	p.goTo("/nghiep-vu/tiep-nhan/" + h.receivable().Code)
	p.fill("[name='owner.personalId']", "123")
	p.click("[data-primary]")
	p.says("cần sửa")
	p.until("document.activeElement.matches('.alert')")
	for _, width := range []int64{1440, 390} {
		p.do(chromedp.EmulateViewport(width, 844))
		p.check(width)
	}
	p.click(".alert a[href='#owner-name']")
	p.until("document.activeElement.name === 'owner.name'")
	if got := p.eval("document.querySelector(\"[name='owner.personalId']\").value"); got != "123" {
		t.Errorf("what was typed has become %q", got)
	}
}

// Without scripts a citizen finds a procedure, follows a dossier and changes the
// language.
func TestPortalWithoutScripts(t *testing.T) {
	h := open(t)
	got := h.receive("999190000017")
	p := h.person(start(t))
	p.goTo("/")
	p.withoutScripts()
	p.goTo("/")
	p.fill("#q", "giay khai sinh\r")
	p.until("location.pathname === '/thu-tuc' && document.querySelector('.proc-list a')")
	p.click(".proc-list a")
	p.says("Thành phần hồ sơ")
	p.goTo("/tra-cuu")
	p.fill("#ma", got.Code)
	p.fill("#bi-mat", got.Secret+"\r")
	p.says("Được tiếp nhận")
	p.click(".util a[lang=en]")
	p.until("document.documentElement.lang === 'en'")
	p.quiet()
}
