package web

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/motcua/motcua/internal/core/access"
	"github.com/motcua/motcua/internal/core/dossier"
)

// A handler drafts the result, sees it as it would be printed and puts it before
// the leader, who chooses how he signs; a third party asks about the number.
func TestDraftOfAResult(t *testing.T) {
	s := newSite(t)
	got := s.receive(nil)
	d := s.act(s.one(access.Reception), got.Dossier, dossier.Input{Act: dossier.Forward})
	d = s.act(s.of(d.Agency, access.Handler), d, dossier.Input{Act: dossier.ReceiveHandover})
	hands := s.signIn(s.of(d.Agency, access.Handler))
	where := "/nghiep-vu/ho-so/" + d.Code + "/du-thao"
	hands.get("/nghiep-vu/ho-so/" + d.Code).has(where)
	hands.get(where).is(http.StatusOK).sound().has(d.Code, "GXN", "Giấy xác nhận")
	if pdf := hands.post(where, "viec", "xem", "symbol", "GXN", "name", "Giấy xác nhận", "body", "Xét hồ sơ").is(http.StatusOK); !strings.HasPrefix(pdf.body, "%PDF") {
		t.Errorf("the preview is %q", pdf.body[:min(20, len(pdf.body))])
	}
	hands.post(where, "hanh-dong", "nhap-0", "viec", "trinh", "symbol", "gxn", "name", "", "body", "Giữ lại **chữ").is(http.StatusUnprocessableEntity).sound().has("Giữ lại **chữ", "chữ in hoa")
	hands.post(where, "hanh-dong", "nhap-1", "viec", "trinh", "phien-ban", "99", "symbol", "GXN", "name", "Giấy xác nhận", "body", "Xét hồ sơ "+d.Code).is(http.StatusSeeOther)
	boss := s.signIn(s.of(d.Agency, access.Leader))
	boss.get(where).is(http.StatusConflict).sound()
	boss.get("/nghiep-vu/ho-so/" + d.Code).is(http.StatusOK).sound().has("Văn bản kết quả")
	boss.get("/nghiep-vu/ho-so/" + d.Code + "/phieu/result.pdf").is(http.StatusOK)
	v, err := s.Dossier(t.Context(), s.of(d.Agency, access.Leader), d.Code)
	if err != nil {
		t.Fatal(err)
	}
	d = s.act(s.of(d.Agency, access.Leader), v.Dossier, dossier.Input{Act: dossier.Approve})
	d = s.act(s.of(d.Agency, access.Clerk), d, dossier.Input{Act: dossier.Number})
	boss.get("/nghiep-vu/ho-so/"+d.Code).is(http.StatusOK).sound().has("Thể thức ký", "KT. GIÁM ĐỐC PHÓ GIÁM ĐỐC")
	link, err := s.ResultSeal(d)
	if err != nil {
		t.Fatal(err)
	}
	at, err := url.Parse(link)
	if err != nil {
		t.Fatal(err)
	}
	page := s.browser().get(at.RequestURI()).is(http.StatusOK).sound().has(d.Result.Number, d.Code, "chưa ban hành")
	if strings.Contains(page.body, "Thử Nghiệm") {
		t.Error("the public page names the applicant")
	}
	stranger := s.browser()
	stranger.postFiles("/xac-thuc", values(), chosen{"file", "ket-qua.docx", strings.NewReader("PK no PDF")}).is(http.StatusUnprocessableEntity).sound().has("không phải là PDF")
	stranger.postFiles("/xac-thuc", values()).is(http.StatusUnprocessableEntity).sound().has("Hãy chọn tệp PDF")
	stranger.postFiles("/xac-thuc", values(), chosen{"file", "ban-in.pdf", strings.NewReader(smallPDF)}).is(http.StatusUnprocessableEntity).sound().has("không có chữ ký số", "ban-in.pdf")
	stranger.postFiles("/xac-thuc", values(), chosen{"file", "lon.pdf", strings.NewReader("%PDF-" + strings.Repeat("x", 21<<20))}).is(http.StatusUnprocessableEntity).sound().has("20 MB")
	s.browser().get("/xac-thuc?k=sai").is(http.StatusUnprocessableEntity).sound()
}
