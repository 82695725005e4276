package party

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/encoding/charmap"

	"github.com/motcua/motcua/internal/core/civil"
)

const cardText2021 = "999085001234|240000000|Nguyễn Thị Thử|03021985|Nữ|12 Đường Thử, Phường Mẫu, Tỉnh Mẫu|15042021"

func wantCard() Card {
	return Card{
		ID: "999085001234", OldID: "240000000", Name: "Nguyễn Thị Thử", BirthYear: 1985, Sex: Female,
		BornOn: civil.NewDate(1985, 2, 3), Address: "12 Đường Thử, Phường Mẫu, Tỉnh Mẫu",
		IssuedOn: civil.NewDate(2021, 4, 15), Extra: []string{},
	}
}

func TestParseCardQR(t *testing.T) {
	// spoilt is what a scanner sends that takes each byte for a Latin-1 letter.
	spoilt, err := charmap.ISO8859_1.NewDecoder().String(cardText2021)
	if err != nil {
		t.Fatal(err)
	}
	more := wantCard()
	more.Extra = []string{"", "Trần Thử Cha", "x|"[:1]}
	noOld := wantCard()
	noOld.OldID = ""
	tests := []struct {
		name, text string
		want       Card
	}{
		{"design of 2021", cardText2021, wantCard()},
		{"line end of the scanner", "\ufeff" + cardText2021 + "\r\n", wantCard()},
		{"further fields are kept", cardText2021 + "||Trần Thử Cha|x", more},
		{"bytes taken for Latin letters", spoilt, wantCard()},
		{"no old number", "999085001234||Nguyễn Thị Thử|03021985|Nữ|12 Đường Thử, Phường Mẫu, Tỉnh Mẫu|15042021", noOld},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := ParseCardQR(tt.text, inDemo)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("ParseCardQR (-want +got):\n%s", diff)
			}
		})
	}
}

func TestParseCardQRSaysWhatIsSpoilt(t *testing.T) {
	tests := []struct {
		name, text string
		want       map[string]string
		wantName   string
	}{
		{"not a card", "https://example.vn", map[string]string{"": "party.card_fields"}, ""},
		{"empty", "", map[string]string{"": "party.card_fields"}, ""},
		{
			"Telex keys", "079185001234||Nguyeenx Thij Thuwr|03021985|Nuwx|12 Dduwowngf Thuwr, Phuwowngf Maaux|15042021",
			map[string]string{"name": "party.card_telex", "address": "party.card_telex"}, "Nguyeenx Thij Thuwr",
		},
		{
			"letters lost", "079185001234||Nguy?n Th? Th?|03021985|N?|12|15042021",
			map[string]string{"name": "party.text_broken"}, "",
		},
		{
			"bytes lost", "079185001234||Nguy\xe1n|03021985|Nữ|12|15042021",
			map[string]string{"name": "party.text_broken"}, "",
		},
		{
			"impossible dates", "079185001234||Nguyễn Thử|31021985|Nữ|12|99999999",
			map[string]string{"bornOn": "party.card_date", "issuedOn": "party.card_date"}, "Nguyễn Thử",
		},
		{
			"number of somebody else", "079085001234||Nguyễn Thử|03021985|Nữ|12|15042021",
			map[string]string{"personalId": "party.id_sex_differs"}, "Nguyễn Thử",
		},
		{"only the year of birth is known", "079145001234||Nguyễn Thử|00001945|Nữ|12|15042021", map[string]string{}, "Nguyễn Thử"},
		{"capitals without marks are not Telex", "079185001234||NGUYEN THI THU|03021985|Nữ|12 DUONG THU|15042021", map[string]string{}, "NGUYEN THI THU"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := ParseCardQR(tt.text, Options{})
			if diff := cmp.Diff(tt.want, keysByField(err)); diff != "" {
				t.Errorf("ParseCardQR(%q) (-want +got):\n%s", tt.text, diff)
			}
			if got.Name != tt.wantName {
				t.Errorf("ParseCardQR(%q).Name = %q, want %q", tt.text, got.Name, tt.wantName)
			}
		})
	}
}
