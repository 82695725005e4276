package web

import (
	"net/http"
	"strings"
	"testing"

	"github.com/motcua/motcua/internal/core/access"
	"github.com/motcua/motcua/internal/core/dossier"
)

// A template is proposed by one person and published by another; what was typed
// wrongly stays; the next draft begins with the new words.
func TestResultTemplates(t *testing.T) {
	s := newSite(t)
	control, admin := s.signIn(s.one(access.Control)), s.signIn(s.one(access.Admin))
	s.signIn(s.one(access.Reception)).get(templatesPath).is(http.StatusForbidden)
	code := s.receivable().Code
	where := openTemplate(code, "approve")
	control.get(templatesPath).is(http.StatusOK).sound().has("Giấy xác nhận", "Mọi thủ tục")
	control.get(where).is(http.StatusOK).sound().has("{owner}", "Tên chủ hồ sơ")
	fields := func(action, work, name, body string) []string {
		return []string{"hanh-dong", action, "viec", work, "base", "0", "thu-tuc", code, "ket-qua", "approve", "symbol", "GCN", "name", name, "body", body, "reason", "Theo mẫu của Sở"}
	}
	control.post(templatePath, fields("m-1", "trinh", "Giấy chứng nhận", "Cho {ai} hưởng")...).is(http.StatusUnprocessableEntity).sound().has("Không có trường “ai”", "Cho {ai} hưởng")
	if pdf := control.post(templatePath, fields("m-2", "xem", "Giấy chứng nhận", "Chứng nhận {owner}")...).is(http.StatusOK); !strings.HasPrefix(pdf.body, "%PDF") {
		t.Errorf("the preview is %q", pdf.body[:min(20, len(pdf.body))])
	}
	control.post(templatePath, fields("m-3", "trinh", "Giấy chứng nhận", "Chứng nhận {owner}")...).is(http.StatusSeeOther)
	settle := func(action, work string) []string {
		return []string{"hanh-dong", action, "viec", work, "thu-tuc", code, "ket-qua", "approve"}
	}
	control.get(where).is(http.StatusOK).sound().has("chờ người thứ hai", "không tự ban hành")
	control.post(templatePath, settle("m-4", "ban-hanh")...).is(http.StatusConflict).sound().has("Nhờ người thứ hai")
	admin.post(templatePath, settle("m-5", "ban-hanh")...).is(http.StatusSeeOther)
	admin.post(templatePath, settle("m-6", "rut")...).is(http.StatusConflict).sound().has("Không có đề nghị")
	admin.get(templatesPath).is(http.StatusOK).sound().has("Giấy chứng nhận (GCN)", code)

	d := s.act(s.one(access.Reception), s.receive(nil).Dossier, dossier.Input{Act: dossier.Forward})
	d = s.act(s.of(d.Agency, access.Handler), d, dossier.Input{Act: dossier.ReceiveHandover})
	s.signIn(s.of(d.Agency, access.Handler)).get(dossierPath(d.Code, "du-thao")).has("Giấy chứng nhận", "Chứng nhận ")
	s.books(d)
}

// books looks at the register: a numbered result stands in its book, and a
// certificate that is revoked signs nothing.
func (s *site) books(d dossier.Dossier) {
	s.t.Helper()
	leader, clerk := s.of(d.Agency, access.Leader), s.of(d.Agency, access.Clerk)
	d = s.act(s.of(d.Agency, access.Handler), d, dossier.Input{Act: dossier.Propose})
	d = s.act(leader, d, dossier.Input{Act: dossier.Approve})
	s.signIn(clerk).get(booksPath).is(http.StatusOK).sound().has("Chưa có văn bản nào")
	d = s.act(clerk, d, dossier.Input{Act: dossier.Number})
	hands, admin := s.signIn(clerk), s.signIn(s.one(access.Admin)) // acts take time
	hands.get(booksPath).is(http.StatusOK).sound().has("KQ – 2026", "Đang mở, liên tục")
	hands.get(openBook(d.Agency, "KQ", 2026)).is(http.StatusOK).sound().has(d.Result.Number, d.Code, "Số tiếp theo: 2")
	hands.get(openBook("H36", "KQ", 2026)).is(http.StatusNotFound)

	admin.get(certificatesPath).is(http.StatusOK).sound().has(leader.Name, "Còn hiệu lực", "Con dấu cơ quan")
	admin.post(certificatesPath, "hanh-dong", "c-1", "id", leader.ID, "viec", "dang-ky", "from", "2026-01-01", "to", "2025-01-01").is(http.StatusUnprocessableEntity).sound()
	admin.post(certificatesPath, "hanh-dong", "c-2", "id", leader.ID, "viec", "dang-ky", "file", "không phải PEM").is(http.StatusUnprocessableEntity).sound().has("Không đọc được chứng thư")
	admin.post(certificatesPath, "hanh-dong", "c-3", "id", leader.ID, "viec", "thu-hoi").is(http.StatusUnprocessableEntity).sound()
	admin.post(certificatesPath, "hanh-dong", "c-4", "id", leader.ID, "viec", "thu-hoi", "reason", "Mất thiết bị").is(http.StatusSeeOther)
	admin.get(certificatesPath).is(http.StatusOK).sound().has("Đã thu hồi", "Mất thiết bị")
	admin.post(certificatesPath, "hanh-dong", "c-5", "id", leader.ID, "viec", "dang-ky", "from", "2026-11-01", "to", "2027-11-01").is(http.StatusSeeOther)
}
