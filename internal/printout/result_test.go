package printout

import (
	"strings"
	"testing"

	"github.com/motcua/motcua/internal/core/ruleset"
)

func sampleResult() ResultDocument {
	head := sampleHead(ruleset.Result)
	head.Form.Name, head.Number, head.Agency = "Giấy xác nhận", "12/GXN-SXD", "Sở Xây dựng"
	return ResultDocument{
		Letterhead: head, Code: sampleCode, Seal: sampleSeal,
		Lines: []string{
			"**Về việc " + sampleSubject + "**",
			"Xét hồ sơ mã số **" + sampleCode + "** của " + samplePerson().Name + ", tiếp nhận ngày 05/02/2026 tại " + sampleCentre + ".",
			"Giấy này có giá trị kể từ ngày ký./.",
		},
		Signatory: Signatory{Authority: "TM. ỦY BAN NHÂN DÂN\nKT. CHỦ TỊCH", Post: "PHÓ CHỦ TỊCH", Name: "Phạm Vĩnh Đạt", SignedAt: at("2026-02-27 16:00")},
	}
}

// A result has its number, the paragraphs without marks, the signature block on
// lines of its own and the way to check it; a draft says that it is one.
func TestResultDocument(t *testing.T) {
	p := newPrinter(t)
	r := sampleResult()
	text := extract(t, printed(t, p, r))
	for _, want := range []string{"Số: 12/GXN-SXD", "GIẤY XÁC NHẬN", "mã số " + sampleCode + " của", "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH", "Người ký: Phạm Vĩnh Đạt", "Quét mã QR"} {
		if !strings.Contains(strings.Join(strings.Fields(text), " "), want) {
			t.Errorf("the document does not say %q:\n%s", want, text)
		}
	}
	if strings.Contains(text, "**") || strings.Contains(text, "Dự thảo") {
		t.Errorf("the document shows marks or says that it is a draft:\n%s", text)
	}
	r.Draft, r.Seal = true, ""
	if text := extract(t, printed(t, p, r)); !strings.Contains(text, "Dự thảo") || strings.Contains(text, "QR") {
		t.Errorf("a draft must say so and have no code to check:\n%s", text)
	}
}
