package printout

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

func TestReceiptHasTwoCopiesOnAPageEach(t *testing.T) {
	if n := checkPages(t, newPrinter(t), sampleReceipt()); n != 2 {
		t.Errorf("an ordinary receipt has %d pages, want one for each of two copies", n)
	}
	r := sampleReceipt()
	r.OneCopy = true
	if n := checkPages(t, newPrinter(t), r); n != 1 {
		t.Errorf("a receipt of one copy has %d pages", n)
	}
}

// The tracking secret is the applicant's: the copy that is kept does not tell it.
func TestReceiptSecretIsOnTheApplicantsCopyOnly(t *testing.T) {
	text := extract(t, printed(t, newPrinter(t), sampleReceipt()))
	first, second, _ := strings.Cut(text, "\f")
	if strings.Contains(first, "K7QM") || !strings.Contains(second, "K7QM") {
		t.Errorf("the secret stands on the wrong copy:\n%s", text)
	}
}

func TestReceiptWithNothingInIt(t *testing.T) {
	p := newPrinter(t)
	if n := checkPages(t, p, Receipt{}); n != 2 {
		t.Errorf("an empty receipt has %d pages, want 2", n)
	}
	if !strings.Contains(extract(t, printed(t, p, Receipt{})), "Địa chỉ:") {
		t.Error("an empty receipt has lost its labels")
	}
}

// longText is words of a text of n characters.
func longText(n int) string {
	words := strings.Repeat("thửa đất số 12 tờ bản đồ số 34 xã Ê Đê Krông Nô ", n/40+1)
	return strings.TrimSpace(string([]rune(words)[:n]))
}

func TestReceiptThatIsLong(t *testing.T) {
	p := newPrinter(t)
	many := sampleReceipt()
	many.Papers = nil
	for i := range 60 {
		many.Papers = append(many.Papers, Paper{Name: fmt.Sprintf("Giấy tờ thứ %d trong thành phần hồ sơ", i+1), Originals: 1, Certified: i % 3, Copies: i % 2})
	}
	long := sampleReceipt()
	long.Owner.Name, long.Subject = longText(3000), longText(3000)
	long.Papers[0].Name = longText(3000)
	long.Owner.Address = strings.Repeat("x", 3000) // without a place to break it
	long.Officer = longText(200)
	for name, r := range map[string]Receipt{"60 papers": many, "3,000 characters": long} {
		t.Run(name, func(t *testing.T) {
			if n := checkPages(t, p, r); n < 4 {
				t.Errorf("it has %d pages", n)
			}
			text := solid(extract(t, printed(t, p, r)))
			for _, paper := range r.Papers {
				// A name of several pages is interrupted by page numbers.
				if want := solid(paper.Name); len(want) < 1000 && !strings.Contains(text, want) {
					t.Errorf("%q is not on paper", paper.Name)
				}
			}
			if got, want := strings.Count(text, "NGƯỜINỘPHỒSƠ"), 2; got != want {
				t.Errorf("the applicant's signature is there %d times, want %d", got, want)
			}
		})
	}
}

func TestReceiptKeepsEveryLetter(t *testing.T) {
	p := newPrinter(t)
	for _, name := range []string{
		"ẠẢÃÀÁÂẬẦẤẨẪĂẮẰẶẲẴĐÈÉẸẺẼÊỀẾỆỂỄÌÍỊỈĨÒÓỌỎÕÔỒỐỘỔỖƠỜỚỢỞỠÙÚỤỦŨƯỪỨỰỬỮỲÝỴỶỸ",
		"ạảãàáâậầấẩẫăắằặẳẵđèéẹẻẽêềếệểễìíịỉĩòóọỏõôồốộổỗơờớợởỡùúụủũưừứựửữỳýỵỷỹ",
		"H’Bia Ƀuôn Ŏ Ĕ ŭ ŏ ĕ č ƀ ñ K’Brôi Ê̆ ơ̆ ư̆",
		"<b>Nguyễn</b> & \"Con\" 'Cháu' {owner} **không đậm**",
		"Công ty TNHH (A+B)/C; số 1–2 — \"x\" ₫ № \\ (chưa đóng",
	} {
		r := sampleReceipt()
		r.OneCopy = true
		r.Owner.Name = name
		if text := extract(t, printed(t, p, r)); !strings.Contains(solid(text), solid(name)) {
			t.Errorf("%q is not read back from\n%s", name, text)
		}
	}
	nfd := sampleReceipt()
	nfd.Owner.Name = "Nguye\u0302\u0303n Thi\u0323 \u200bThu\u0309y\u202e"
	if text := extract(t, printed(t, p, nfd)); !strings.Contains(text, "Nguyễn Thị Thủy") {
		t.Errorf("decomposed letters and invisible ones do not become plain text:\n%s", text)
	}
}

func TestReceiptWithoutDaySaysWhy(t *testing.T) {
	r := sampleReceipt()
	r.DueAt, r.DueNote = time.Time{}, "Ngày hẹn được báo khi cơ quan có thẩm quyền nhận hồ sơ"
	text := extract(t, printed(t, newPrinter(t), r))
	if !strings.Contains(text, "("+r.DueNote+")") || strings.Contains(text, "05 tháng 3") {
		t.Errorf("the receipt does not say why there is no day:\n%s", text)
	}
}

func BenchmarkReceipt(b *testing.B) {
	p := newPrinter(b)
	r := sampleReceipt()
	b.ReportAllocs()
	for b.Loop() {
		if pdf := printed(b, p, r); len(pdf) == 0 {
			b.Fatal("nothing printed")
		}
	}
}
