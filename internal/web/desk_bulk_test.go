package web

import (
	"net/http"
	"testing"

	"github.com/motcua/motcua/internal/core/access"
)

func TestBulk(t *testing.T) {
	s := newSite(t)
	first := s.receive(nil)
	counter := s.signIn(s.one(access.Reception))
	list := counter.get("/nghiep-vu").is(http.StatusOK).sound().has("Xử lý các hồ sơ đã chọn", first.Code)
	form := values("hanh-dong", list.field("hanh-dong"), "ve", list.field("ve"), "act", "forward")
	counter.postValues(bulkPath, form).is(http.StatusUnprocessableEntity).sound().has("Chưa chọn hồ sơ nào", first.Code)
	form.Set("ho-so", list.field("ho-so"))
	for range 2 { // a press that is sent twice answers the same
		counter.postValues(bulkPath, form).is(http.StatusOK).sound().has("Xong 1 hồ sơ, không thực hiện được 0 hồ sơ", first.Code)
	}
	form.Set("hanh-dong", "khac")
	counter.postValues(bulkPath, form).is(http.StatusConflict).sound().has("Xong 0 hồ sơ, không thực hiện được 1 hồ sơ")

	leader := s.signIn(s.of(first.Agency, access.Leader))
	leader.get(dossierPath(first.Code)).has("Người đang ít việc nhất")
}
