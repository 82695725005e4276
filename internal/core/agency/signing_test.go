package agency

import (
	"slices"
	"testing"

	"github.com/motcua/motcua/internal/core/civil"
	"github.com/motcua/motcua/internal/core/fault"
)

func TestBlocks(t *testing.T) {
	chairman := Staff{Title: "Chủ tịch Ủy ban nhân dân"}
	vice := Staff{Title: "Phó Chủ tịch Ủy ban nhân dân"}
	office := Staff{Title: "Chánh Văn phòng", Signs: []SignBlock{{Authority: "TL. CHỦ TỊCH", Post: "CHÁNH VĂN PHÒNG"}, {Post: "CHÁNH VĂN PHÒNG"}}}
	for _, tt := range []struct {
		name string
		got  []SignBlock
		want []string
	}{
		{"the head signs himself", chairman.Blocks(), []string{"CHỦ TỊCH"}},
		{"a deputy in the head's place", vice.Blocks(), []string{"KT. CHỦ TỊCH PHÓ CHỦ TỊCH"}},
		{"a department's deputy", Staff{Title: "Phó Giám đốc Sở"}.Blocks(), []string{"KT. GIÁM ĐỐC PHÓ GIÁM ĐỐC"}},
		{"several posts as entered", office.Blocks(), []string{"TL. CHỦ TỊCH CHÁNH VĂN PHÒNG", "CHÁNH VĂN PHÒNG"}},
		{"without a title none", Staff{}.Blocks(), nil},
		{"a deputy for the absent head", vice.BlocksFor(chairman), []string{"KT. CHỦ TỊCH PHÓ CHỦ TỊCH"}},
		{"a deputy for another deputy keeps the place", Staff{Title: "Phó Chủ tịch"}.BlocksFor(vice), []string{"KT. CHỦ TỊCH PHÓ CHỦ TỊCH"}},
		{"somebody else is authorised", office.BlocksFor(chairman), []string{"TUQ. CHỦ TỊCH CHÁNH VĂN PHÒNG"}},
		{"an order stands above", vice.BlocksFor(Staff{Signs: []SignBlock{{Authority: "TM. ỦY BAN NHÂN DÂN", Post: "CHỦ TỊCH"}}}), []string{"TM. ỦY BAN NHÂN DÂN KT. CHỦ TỊCH PHÓ CHỦ TỊCH"}},
	} {
		var texts []string
		for _, b := range tt.got {
			texts = append(texts, b.Text())
		}
		if !slices.Equal(texts, tt.want) {
			t.Errorf("%s: got %q, want %q", tt.name, texts, tt.want)
		}
	}
}

func TestParseBlocks(t *testing.T) {
	text := "TM. ỦY BAN NHÂN DÂN | KT. CHỦ TỊCH | PHÓ CHỦ TỊCH\nPHÓ CHỦ TỊCH"
	blocks, err := ParseBlocks("\n " + text + " \n")
	if err != nil || WriteBlocks(blocks) != text {
		t.Errorf("ParseBlocks: %q, %v, want %q", WriteBlocks(blocks), err, text)
	}
	for _, bad := range []string{"THAY CHỦ TỊCH | PHÓ CHỦ TỊCH", "KT. | PHÓ", "A\nA\nA\nA\nA\nA\nA\nA\nA"} {
		if _, err := ParseBlocks(bad); fault.KindOf(err) != fault.Invalid || fault.As(err).Field != "signs" {
			t.Errorf("ParseBlocks(%q) = %v, want Invalid on signs", bad, err)
		}
	}
}

func TestCertificateCheck(t *testing.T) {
	today := civil.NewDate(2026, 11, 23)
	for _, tt := range []struct {
		name     string
		from, to civil.Date
		want     string
	}{
		{"three years", today, today.AddDays(3 * 365), ""},
		{"its last day is today", today.AddDays(-10), today, ""},
		{"over already", today.AddDays(-10), today.AddDays(-1), "agency.certificate_past"},
		{"the wrong way round", today, today.AddDays(-1), "agency.certificate_days"},
		{"no days", civil.Date{}, civil.Date{}, "agency.certificate_days"},
		{"too long", today, today.AddDays(MostCertificate + 1), "agency.certificate_long"},
	} {
		err := Certificate{From: tt.from, To: tt.to}.Check(today)
		if tt.want == "" && err != nil || tt.want != "" && !fault.Is(err, tt.want) {
			t.Errorf("%s: %v, want %q", tt.name, err, tt.want)
		}
	}
}
