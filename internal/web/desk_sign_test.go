package web

import (
	"net/http"
	"strings"
	"testing"

	"github.com/motcua/motcua/internal/core/access"
	"github.com/motcua/motcua/internal/core/dossier"
)

// A leader chooses a batch, is asked once, and reads what became of each dossier;
// one by one she goes from summary to summary.
func TestSigningDesk(t *testing.T) {
	s := newSite(t)
	var codes []string
	var d dossier.Dossier
	for range 3 {
		d = s.act(s.one(access.Reception), s.receive(nil).Dossier, dossier.Input{Act: dossier.Forward})
		d = s.act(s.of(d.Agency, access.Handler), d, dossier.Input{Act: dossier.ReceiveHandover})
		d = s.act(s.of(d.Agency, access.Handler), d, dossier.Input{Act: dossier.Propose, Reason: "Đủ điều kiện theo quy định"})
		codes = append(codes, d.Code)
	}
	s.signIn(s.of(d.Agency, access.Handler)).get(signPath).is(http.StatusForbidden)
	boss := s.signIn(s.of(d.Agency, access.Leader))
	list := boss.get(signPath).is(http.StatusOK).sound().has(codes[0], codes[1], codes[2], "Chọn cả lô", "Đề xuất đồng ý")
	boss.post(signPath, "hanh-dong", "k-0", "viec", "approve", "buoc", signAsk).is(http.StatusUnprocessableEntity).sound().has("Chưa chọn hồ sơ nào")
	chosen := boss.post(signPath, "hanh-dong", "k-1", "viec", "approve", "buoc", signChoose+d.Procedure.Code).is(http.StatusOK).sound()
	if n := strings.Count(chosen.body, " checked>"); n != 3 {
		t.Errorf("the batch has %d chosen, want 3", n)
	}
	form := values("hanh-dong", "k-2", "viec", "approve", "buoc", signAsk, "ho-so", codes[1]+"@99", "ho-so", list.field("ho-so"))
	boss.postValues(signPath, form).is(http.StatusOK).sound().has("đã thay đổi hoặc không còn chờ việc này", "Phê duyệt 1 hồ sơ?")
	form.Set("buoc", signDo)
	form["ho-so"] = []string{list.field("ho-so"), codes[1] + "@1"}
	boss.postValues(signPath, form).is(http.StatusOK).sound().has("Xong 1 hồ sơ, không thực hiện được 1 hồ sơ", codes[1])
	page := boss.get(dossierPath(codes[1], "tom-tat")+"?viec=approve").is(http.StatusOK).sound().has("Đủ điều kiện theo quy định", "Hồ sơ 1 trong 2", "Trả về bước trước")
	next := boss.post(signPath, "hanh-dong", "k-3", "viec", "approve", "buoc", signDo, "ho-so", page.field("ho-so"), "tiep", page.field("tiep")).is(http.StatusSeeOther)
	boss.get(next.header.Get("Location")).is(http.StatusOK).sound().has(codes[2], "Đã thực hiện: Phê duyệt", "Hồ sơ 1 trong 1")
	s.signIn(s.of(d.Agency, access.Clerk)).get(signPath).is(http.StatusOK).sound().has("Chờ cấp số", codes[0], codes[1])
}
