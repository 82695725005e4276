package browser

import (
	"net/url"
	"testing"

	"github.com/motcua/motcua/internal/core/access"
	"github.com/motcua/motcua/internal/core/dossier"
)

// Two officers have one dossier open. When one acts, the other's page says so by
// itself, with what he has typed still there; when he sends it all the same, he
// sees both versions and his words. One key lists the others.
func TestColleagueActs(t *testing.T) {
	browser := start(t)
	h := open(t)
	got := h.receive("999190000017")
	counter := h.one(access.Reception)
	p := h.person(browser).signIn(counter)
	p.goTo("/nghiep-vu/ho-so/" + url.PathEscape(got.Code))
	p.press("?")
	p.says("Mở, đóng bảng này")
	p.press("?")
	p.eval(`document.querySelector("#act-withdraw").open = true`)
	p.fill("#withdraw-reason", "Người dân đổi ý")
	h.on(counter, got.Dossier, dossier.Input{Act: dossier.Forward})
	p.says("Hồ sơ vừa thay đổi: " + counter.Name)
	p.until(`document.querySelector("#withdraw-reason").value === "Người dân đổi ý"`)
	p.click("#act-withdraw [data-primary]")
	p.says("Khi ông/bà mở")
	p.until(`document.querySelector("#withdraw-reason").value === "Người dân đổi ý"`)

	p.goTo("/nghiep-vu?nhom=qua-han")
	p.fill("#thu-tuc", "dat dai")
	p.eval(`document.querySelector(".filters").requestSubmit()`)
	p.until(`location.search.includes("thu-tuc=dat+dai")`)
}
