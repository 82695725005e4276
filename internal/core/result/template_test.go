package result

import (
	"slices"
	"strings"
	"testing"

	"github.com/motcua/motcua/internal/core/fault"
)

func valid() Template {
	t := Shipped(Approve)
	t.Reason = "Theo Quyết định công bố"
	return t
}

func TestShippedTemplatesAreValid(t *testing.T) {
	for _, outcome := range Outcomes() {
		one := Shipped(outcome)
		one.Reason = "Kiểm tra"
		if err := one.Check(); err != nil {
			t.Errorf("%s: %v", outcome, err)
		}
	}
}

func TestCheck(t *testing.T) {
	for _, tt := range []struct {
		name, want string
		change     func(*Template)
	}{
		{"a field that there is not", "result.field_unknown", func(t *Template) { t.Body += " {salary}" }},
		{"a lone brace", "result.braces", func(t *Template) { t.Body += " }" }},
		{"bold without its end", "result.bold", func(t *Template) { t.Body += "\n**a" }},
		{"a symbol in small letters", "result.symbol_form", func(t *Template) { t.Symbol = "gxn" }},
		{"no name", "result.name_missing", func(t *Template) { t.Name = " " }},
		{"no text", "result.body_missing", func(t *Template) { t.Body = "\n" }},
		{"a control character", "result.characters", func(t *Template) { t.Body += "\x07" }},
		{"too long", "dossier.too_long", func(t *Template) { t.Body = strings.Repeat("a", MostBody+1) }},
		{"no reason", "wording.reason_missing", func(t *Template) { t.Reason = "" }},
	} {
		one := valid()
		tt.change(&one)
		if err := one.Check(); !fault.Is(err, tt.want) {
			t.Errorf("%s: %v, want %s", tt.name, err, tt.want)
		}
	}
}

func TestFill(t *testing.T) {
	one := Template{Name: "Giấy", Body: "Hồ sơ {code} của {owner}, {phone}"}
	got := one.Fill(map[string]string{"code": "H36-1", "owner": "Nguyễn **A**\n{code}"})
	if want := "Hồ sơ H36-1 của Nguyễn A {code}, …"; got.Body != want {
		t.Errorf("Fill = %q, want %q", got.Body, want)
	}
}

func TestOfAnother(t *testing.T) {
	const own, other = "H36.01-260205-0001", "H36.01-260205-0002"
	for _, tt := range []struct{ name, text, want string }{
		{"no code at all", "Giấy xác nhận số 12/GXN", ""},
		{"its own", "Mã hồ sơ: " + own, ""},
		{"its own, broken over lines, before a number", "Mã: H36.01-\n260205- 0001 2026", ""},
		{"another's", "Mã hồ sơ: " + other, other},
		{"both", other + " và " + own, ""},
		{"another's in the old form", "000.00.16.H36-190705-0001", "000.00.16.H36-190705-0001"},
	} {
		if got := OfAnother(tt.text, own); got != tt.want {
			t.Errorf("%s: OfAnother = %q, want %q", tt.name, got, tt.want)
		}
	}
	if got := CodesIn(own + own); !slices.Equal(got, []string{own}) {
		t.Errorf("CodesIn = %v, want one", got)
	}
}
