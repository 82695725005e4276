package textfold_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/unicode/norm"
	"pgregory.net/rapid"

	"github.com/motcua/motcua/internal/core/textfold"
)

func TestFold(t *testing.T) {
	tests := []struct{ name, in, want string }{
		{"marks and capital đ", "Đường Nguyễn Thị ĐỊNH", "duong nguyen thi dinh"},
		{"decomposed input", norm.NFD.String("Đường Nguyễn"), "duong nguyen"},
		{"punctuation stays", "Cấp đổi, cấp lại (biển số)", "cap doi, cap lai (bien so)"},
		{"other scripts stay", "Школа 学校", "школа 学校"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := textfold.Fold(tt.in); got != tt.want {
				t.Errorf("Fold(%q) = %q, want %q", tt.in, got, tt.want)
			}
		})
	}
	t.Run("folding twice changes nothing", rapid.MakeCheck(func(t *rapid.T) {
		s := rapid.StringMatching(`[a-zA-ZđĐăâêôơưàáảãạếềộợ ,.0-9]{0,40}`).Draw(t, "s")
		once := textfold.Fold(s)
		if twice := textfold.Fold(once); twice != once {
			t.Errorf("Fold(Fold(%q)) = %q, want %q", s, twice, once)
		}
	}))
}

func TestWords(t *testing.T) {
	got := textfold.Words("  Đổi biển-số xe, 2026/NĐ ")
	if diff := cmp.Diff([]string{"doi", "bien", "so", "xe", "2026", "nd"}, got); diff != "" {
		t.Errorf("Words differ (-want +got):\n%s", diff)
	}
}

func TestClean(t *testing.T) {
	got := textfold.Clean(norm.NFD.String(" Giấy \n\t khai\u200b sinh\x00 <b>x</b> "))
	if want := "Giấy khai sinh <b>x</b>"; got != want {
		t.Errorf("Clean = %q, want %q", got, want)
	}
}
