package party

import (
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
	"pgregory.net/rapid"
)

func TestCleanPersonName(t *testing.T) {
	good := []struct{ name, text, want string }{
		{"Vietnamese", "Nguyễn Thị Thử", "Nguyễn Thị Thử"},
		{"decomposed letters", norm.NFD.String("Nguyễn Thị Thử"), "Nguyễn Thị Thử"},
		{"spaces", "  Nguyễn   Thị\u00a0Thử ", "Nguyễn Thị Thử"},
		{"Ê Đê", "Y Bliă Niê Kđăm", "Y Bliă Niê Kđăm"},
		{"Ê Đê with apostrophe", "H'Hen Ƀuôn Yă", "H'Hen Ƀuôn Yă"},
		{"Cơ Ho", "K’Brếp Cil Múp", "K’Brếp Cil Múp"},
		{"mark without a code point of its own", "Rơ\u0306čam Č\u0306in", "Rơ\u0306čam Č\u0306in"},
		{"foreigner", "J. Smith-Jones", "J. Smith-Jones"},
		{"as long as allowed", strings.Repeat("ắ", 200), strings.Repeat("ắ", 200)},
	}
	for _, tt := range good {
		t.Run(tt.name, func(t *testing.T) {
			if got, err := CleanPersonName(tt.text); got != tt.want || err != nil {
				t.Errorf("CleanPersonName(%q) = %q, %v, want %q", tt.text, got, err, tt.want)
			}
		})
	}
	bad := []struct{ name, text, key string }{
		{"empty", " \t ", "party.name_missing"},
		{"only signs", "-'.", "party.name_missing"},
		{"zero-width space", "Nguyễn\u200bAn", "party.text_invisible"},
		{"zero-width joiner", "Nguyễn\u200dAn", "party.text_invisible"},
		{"right-to-left override", "Nguyễn \u202eAn", "party.text_invisible"},
		{"soft hyphen", "Nguyễn\u00adAn", "party.text_invisible"},
		{"Hangul filler", "Nguyễn\u3164An", "party.text_invisible"},
		{"NUL", "Nguyễn\x00An", "party.text_invisible"},
		{"line break", "Nguyễn\nAn", "party.text_invisible"},
		{"private use", "Nguyễn\ue000An", "party.text_invisible"},
		{"invalid UTF-8", "Nguy\xe1\xbbn An", "party.text_broken"},
		{"replacement character", "Nguy\ufffdn An", "party.text_broken"},
		{"one too long", strings.Repeat("ắ", 201), "party.text_long"},
		{"three thousand characters", strings.Repeat("a", 3000), "party.text_long"},
		{"HTML", "<b>An</b>", "party.name_character"},
		{"digit", "Nguyễn An 2", "party.name_character"},
		{"mark on nothing", "\u0301An", "party.name_character"},
		{"tower of marks", "A\u0f39\u0f39\u0f39\u0f39\u0f39n", "party.name_character"},
		{"formula", "=An", "party.name_character"},
	}
	for _, tt := range bad {
		t.Run(tt.name, func(t *testing.T) {
			if got, err := CleanPersonName(tt.text); keyOf(err) != tt.key || got != "" {
				t.Errorf("CleanPersonName(%q) = %q, %v, want %q", tt.text, got, err, tt.key)
			}
		})
	}
}

func TestCleanPersonNameIsStable(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.String().Draw(t, "text")
		name, err := CleanPersonName(text)
		if err != nil {
			return
		}
		again, err := CleanPersonName(name)
		if err != nil || again != name || !norm.NFC.IsNormalString(name) {
			t.Fatalf("CleanPersonName(%q) = %q, then %q, %v", text, name, again, err)
		}
	})
}

func TestCleanOrganizationName(t *testing.T) {
	name := "Công ty TNHH Một thành viên Mẫu & Cộng sự (chi nhánh 2)"
	if got, err := CleanOrganizationName(name); got != name || err != nil {
		t.Errorf("CleanOrganizationName(%q) = %q, %v", name, got, err)
	}
	for text, key := range map[string]string{
		"":                       "party.name_missing",
		"123":                    "party.name_missing",
		"<script>alert(1)":       "party.name_character",
		strings.Repeat("a", 501): "party.text_long",
	} {
		if _, err := CleanOrganizationName(text); keyOf(err) != key {
			t.Errorf("CleanOrganizationName(%.20q) = %v, want %s", text, err, key)
		}
	}
}

func TestCleanSubject(t *testing.T) {
	if got, err := CleanSubject(" Xin cấp lại\r\n\r\n sổ  < 100 m2 "); got != "Xin cấp lại\n\nsổ < 100 m2" || err != nil {
		t.Errorf("CleanSubject = %q, %v, want lines kept", got, err)
	}
	if got, err := CleanSubject(""); got != "" || err != nil {
		t.Errorf("CleanSubject of nothing = %q, %v, want nothing", got, err)
	}
	long := strings.Repeat("ắ", MaxSubject)
	if got, err := CleanSubject(long); utf8.RuneCountInString(got) != MaxSubject || err != nil {
		t.Errorf("CleanSubject of %d characters: %v", MaxSubject, err)
	}
	if _, err := CleanSubject(long + "\na"); keyOf(err) != "party.text_long" {
		t.Errorf("CleanSubject one too long = %v, want party.text_long", err)
	}
}

func TestNameKey(t *testing.T) {
	for name, want := range map[string]string{
		"Đường  Nguyễn Thị ĐỊNH":           "duong nguyen thi dinh",
		norm.NFD.String("Nguyễn Thị Định"): "nguyen thi dinh",
		"Y Bliă Niê Kđăm":                  "y blia nie kdam",
		"":                                 "",
	} {
		if got := NameKey(name); got != want {
			t.Errorf("NameKey(%q) = %q, want %q", name, got, want)
		}
	}
}
