package web

import (
	"net/http"
	"strings"
	"testing"

	"github.com/motcua/motcua/internal/core/access"
)

// What the scanner wrote goes to the dossier that its name begins with; a name
// that says nothing is told so, and the others stand.
func TestScanBench(t *testing.T) {
	s := newSite(t)
	got := s.receive(nil)
	b := s.signIn(s.one(access.Reception))
	page := b.get(scanPath).is(http.StatusOK).has(got.Code, "1. "+got.Papers[0].Name)
	form := values("hanh-dong", page.field("hanh-dong"))
	b.postFiles(scanPath, form).is(http.StatusUnprocessableEntity).sound().has("loi")
	form.Set("hanh-dong", "quet-1")
	done := b.postFiles(scanPath, form,
		chosen{"files", got.Code + "_1.pdf", strings.NewReader(smallPDF)}, chosen{"files", "scan0001.pdf", strings.NewReader(strings.Replace(smallPDF, "\n", "\n%khac\n", 1))}).is(http.StatusOK).sound()
	done.has("không bắt đầu bằng mã hồ sơ", got.Papers[0].Name)
	b.get(dossierPath(got.Code, "giay-to")).has(got.Code + "_1.pdf")

	other := b.get("/nghiep-vu/tiep-nhan?cung-nguoi=" + got.Code).is(http.StatusOK).sound().has("người nộp hồ sơ " + got.Code)
	if !strings.Contains(other.body, "cung-nguoi="+got.Code) {
		t.Error("the procedures do not keep the applicant")
	}
	b.get(receptionPath(got.Procedure.Code)+"?cung-nguoi="+got.Code).is(http.StatusOK).sound().has(`value="Nguyễn Thị Thử Nghiệm"`, `value="999190000017"`)
}
