package i18n

import (
	"testing"
	"time"

	"github.com/motcua/motcua/internal/core/fault"
)

func TestNumber(t *testing.T) {
	for _, tt := range []struct {
		n      int64
		vi, en string
	}{
		{0, "0", "0"}, {7, "7", "7"}, {999, "999", "999"}, {1283, "1.283", "1,283"}, {-75000, "-75.000", "-75,000"},
		{1234567890, "1.234.567.890", "1,234,567,890"}, {-9223372036854775808, "-9.223.372.036.854.775.808", "-9,223,372,036,854,775,808"},
	} {
		if got := Number(Vietnamese, tt.n); got != tt.vi {
			t.Errorf("Number(vi, %d) = %q, want %q", tt.n, got, tt.vi)
		}
		if got := Number(English, tt.n); got != tt.en {
			t.Errorf("Number(en, %d) = %q, want %q", tt.n, got, tt.en)
		}
	}
}

func TestMoneyPercentSize(t *testing.T) {
	for _, tt := range []struct{ name, got, want string }{
		{"đồng", Money(Vietnamese, 75000), "75.000 đồng"},
		{"đồng in English", Money(English, 75000), "75,000 VND"},
		{"tenths of a percent", Percent(Vietnamese, 987), "98,7%"},
		{"whole percent", Percent(Vietnamese, 1000), "100%"},
		{"percent in English", Percent(English, 987), "98.7%"},
		{"below nothing", Percent(Vietnamese, -25), "-2,5%"},
		{"an almost empty file", Size(Vietnamese, 1), "1 KB"},
		{"kilobytes", Size(Vietnamese, 38<<10), "38 KB"},
		{"megabytes", Size(Vietnamese, 1<<20+200<<10), "1,2 MB"},
		{"whole megabytes", Size(English, 3<<20), "3 MB"},
	} {
		if tt.got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, tt.got, tt.want)
		}
	}
}

// The evening of one day in UTC is the next morning in Việt Nam.
func TestDatesAreVietnamese(t *testing.T) {
	at := time.Date(2026, 11, 25, 22, 14, 0, 0, time.UTC)
	c := Default()
	for _, tt := range []struct{ name, got, want string }{
		{"day", Date(Vietnamese, at), "26/11/2026"},
		{"day in English", Date(English, at), "26 Nov 2026"},
		{"clock", Clock(at), "05:14"},
		{"instant", Datetime(Vietnamese, at), "05:14 26/11/2026"},
		{"instant in English", Datetime(English, at), "05:14, 26 Nov 2026"},
		{"no instant", Datetime(Vietnamese, time.Time{}), ""},
		{"long day", c.LongDate(Vietnamese, at), "thứ Năm, 26/11/2026"},
		{"long day in English", c.LongDate(English, at), "Thursday, 26 Nov 2026"},
		{"no long day", c.LongDate(Vietnamese, time.Time{}), ""},
	} {
		if tt.got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, tt.got, tt.want)
		}
	}
}

func TestRelative(t *testing.T) {
	now := time.Date(2026, 11, 25, 2, 42, 0, 0, time.UTC)
	c := Default()
	for _, tt := range []struct {
		hours  int
		vi, en string
	}{
		{0, "hôm nay", "today"}, {14, "hôm nay", "today"}, {15, "ngày mai", "tomorrow"}, {-10, "hôm qua", "yesterday"},
		{72, "sau 3 ngày", "in 3 days"}, {-48, "2 ngày trước", "2 days ago"},
	} {
		at := now.Add(time.Duration(tt.hours) * time.Hour)
		if got := c.Relative(Vietnamese, at, now); got != tt.vi {
			t.Errorf("Relative(vi, %d h) = %q, want %q", tt.hours, got, tt.vi)
		}
		if got := c.Relative(English, at, now); got != tt.en {
			t.Errorf("Relative(en, %d h) = %q, want %q", tt.hours, got, tt.en)
		}
	}
}

func TestSentencesTakeArguments(t *testing.T) {
	c := &Catalogue{sentences: map[string]map[string]string{
		Vietnamese: {"a": "{n} hồ sơ", "b": "năm {year}", "c": "lúc {at}: {why}", "d": "{x} và {y"},
		English:    {"a": "{n} dossier|{n} dossiers"},
	}}
	at := time.Date(2026, 11, 25, 2, 42, 0, 0, time.UTC)
	for _, tt := range []struct{ language, key, want string }{
		{Vietnamese, "a", "1.283 hồ sơ"}, {English, "a", "1,283 dossiers"}, {Vietnamese, "b", "năm 2027"}, {English, "b", "năm 2027"},
		{Vietnamese, "c", "lúc 09:42 25/11/2026: 1.283 hồ sơ"}, {Vietnamese, "d", "{x} và {y"}, {Vietnamese, "unknown", "unknown"},
	} {
		args := fault.Args{"n": 1283, "year": 2027, "at": at, "why": fault.Line{Key: "a", Args: fault.Args{"n": 1283}}}
		if got := c.T(tt.language, tt.key, args); got != tt.want {
			t.Errorf("T(%s, %s) = %q, want %q", tt.language, tt.key, got, tt.want)
		}
	}
	if got := c.T(English, "a", fault.Args{"n": 1}); got != "1 dossier" {
		t.Errorf("singular = %q", got)
	}
}
