package printout

import (
	"strings"
	"testing"
	"time"

	"github.com/motcua/motcua/internal/core/civil"
	"github.com/motcua/motcua/internal/core/ruleset"
)

// The same form has another number under another circular, and one was renamed.
func TestNumberAndNameFollowTheRuleSet(t *testing.T) {
	p := newPrinter(t)
	head := func(id string, day civil.Date) Letterhead {
		set, err := ruleset.On(day)
		if err != nil {
			t.Fatal(err)
		}
		form, ok := set.Form(id)
		if !ok {
			t.Fatalf("no form %s on %s", id, day)
		}
		h := sampleHead(id)
		h.Form, h.At = form, day.At(0)
		return h
	}
	before, after := civil.NewDate(2019, 7, 5), civil.NewDate(2026, 2, 5)
	for _, tt := range []struct {
		id   string
		day  civil.Date
		want []string
	}{
		{ruleset.ControlSlip, before, []string{"Mẫu số 05"}},
		{ruleset.ControlSlip, after, []string{"Mẫu số 06"}},
		{ruleset.Register, before, []string{"Mẫu số 06"}},
		{ruleset.Register, after, []string{"Mẫu số 07"}},
		{ruleset.Apology, before, []string{"Mẫu số 04", "PHIẾU XIN LỖI VÀ HẸN LẠI NGÀY TRẢ KẾT QUẢ", "sẽ trả kết quả giải quyết hồ sơ vào ngày 12 tháng 3"}},
		{ruleset.Apology, after, []string{"Mẫu số 04", "VĂN BẢN XIN LỖI VÀ ĐỀ NGHỊ", "đề nghị gia hạn thời gian giải quyết hồ sơ đến ngày 12 tháng 3"}},
	} {
		d := samples()[tt.id]
		switch v := d.(type) {
		case ControlSlip:
			v.Letterhead = head(tt.id, tt.day)
			d = v
		case Register:
			v.Letterhead = head(tt.id, tt.day)
			d = v
		case Apology:
			v.Letterhead, v.Extends = head(tt.id, tt.day), tt.day == after
			d = v
		}
		text := strings.Join(strings.Fields(extract(t, printed(t, p, d))), " ")
		for _, want := range tt.want {
			if !strings.Contains(text, want) {
				t.Errorf("%s of %s does not say %q:\n%s", tt.id, tt.day, want, text)
			}
		}
	}
}

// Days below ten and the first two months have two digits, others have not.
func TestDaysAreWrittenAsTheDecreeSays(t *testing.T) {
	p := newPrinter(t)
	c := &composer{fixed: p.wordings[fixedTexts].compiled()}
	for when, want := range map[string]string{
		"2026-01-01 00:00": "00 giờ 00 phút, ngày 01 tháng 01 năm 2026",
		"2026-02-28 07:30": "07 giờ 30 phút, ngày 28 tháng 02 năm 2026",
		"2026-03-09 17:00": "17 giờ 00 phút, ngày 09 tháng 3 năm 2026",
		"2026-12-31 23:59": "23 giờ 59 phút, ngày 31 tháng 12 năm 2026",
	} {
		if got := spanText(c.instant(at(when))); got != want {
			t.Errorf("instant(%s) = %q, want %q", when, got, want)
		}
	}
	// The legal day is the Vietnamese one, wherever the instant comes from.
	utc := time.Date(2026, 2, 4, 20, 0, 0, 0, time.UTC)
	if got, want := spanText(c.day(utc)), "ngày 05 tháng 02 năm 2026"; got != want {
		t.Errorf("day(%v) = %q, want %q", utc, got, want)
	}
}
