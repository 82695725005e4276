package fee

import (
	"math"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestInWords(t *testing.T) {
	for _, tt := range []struct {
		v    VND
		want string
	}{
		{0, "không đồng"},
		{1, "một đồng"},
		{10, "mười đồng"},
		{11, "mười một đồng"},
		{14, "mười bốn đồng"},
		{15, "mười lăm đồng"},
		{20, "hai mươi đồng"},
		{21, "hai mươi mốt đồng"},
		{24, "hai mươi tư đồng"},
		{25, "hai mươi lăm đồng"},
		{100, "một trăm đồng"},
		{101, "một trăm linh một đồng"},
		{104, "một trăm linh bốn đồng"},
		{105, "một trăm linh năm đồng"},
		{110, "một trăm mười đồng"},
		{115, "một trăm mười lăm đồng"},
		{555, "năm trăm năm mươi lăm đồng"},
		{1_000, "một nghìn đồng"},
		{1_001, "một nghìn không trăm linh một đồng"},
		{1_010, "một nghìn không trăm mười đồng"},
		{75_000, "bảy mươi lăm nghìn đồng"},
		{100_500, "một trăm nghìn năm trăm đồng"},
		{105_000, "một trăm linh năm nghìn đồng"},
		{1_000_000, "một triệu đồng"},
		{1_005_000, "một triệu không trăm linh năm nghìn đồng"},
		{1_250_000, "một triệu hai trăm năm mươi nghìn đồng"},
		{2_000_007, "hai triệu không trăm linh bảy đồng"},
		{1_000_000_000, "một tỷ đồng"},
		{1_000_000_001, "một tỷ không trăm linh một đồng"},
		{21_034_000_000, "hai mươi mốt tỷ không trăm ba mươi tư triệu đồng"},
		{1_000_000_000_000, "một nghìn tỷ đồng"},
		{1_005_000_000_000, "một nghìn không trăm linh năm tỷ đồng"},
		{-75_000, "âm bảy mươi lăm nghìn đồng"},
	} {
		if got := tt.v.InWords(); got != tt.want {
			t.Errorf("VND(%d).InWords() = %q, want %q", tt.v, got, tt.want)
		}
	}
}

// readWords reads an amount in words back, by another way than it is written:
// it adds up what each word stands for.
func readWords(text string) int64 {
	words := strings.Fields(strings.TrimSuffix(text, " đồng"))
	sign := int64(1)
	if words[0] == "âm" {
		sign, words = -1, words[1:]
	}
	value := map[string]int64{
		"không": 0, "một": 1, "mốt": 1, "hai": 2, "ba": 3, "bốn": 4, "tư": 4, "năm": 5, "lăm": 5,
		"sáu": 6, "bảy": 7, "tám": 8, "chín": 9,
	}
	var milliards, total, group, digit int64
	for _, w := range words {
		switch w {
		case "trăm":
			group, digit = group+digit*100, 0
		case "mươi":
			group, digit = group+digit*10, 0
		case "mười":
			group, digit = group+10, 0
		case "linh":
		case "nghìn":
			total, group, digit = total+(group+digit)*1_000, 0, 0
		case "triệu":
			total, group, digit = total+(group+digit)*1_000_000, 0, 0
		case "tỷ":
			milliards, total, group, digit = (milliards+total+group+digit)*1_000_000_000, 0, 0, 0
		default:
			digit = value[w]
		}
	}
	return sign * (milliards + total + group + digit)
}

func TestInWordsReadsBack(t *testing.T) {
	amounts := rapid.OneOf(
		rapid.Int64(),
		rapid.Int64Range(0, 100_000_000),
		rapid.Map(rapid.Int64Range(0, 9_999_999), func(n int64) int64 { return n * 1000 }),
	)
	rapid.Check(t, func(t *rapid.T) {
		n := amounts.Draw(t, "amount")
		if n == math.MinInt64 {
			n++ // the reader of this test cannot hold it positive
		}
		words := VND(n).InWords()
		if got := readWords(words); got != n {
			t.Fatalf("VND(%d).InWords() = %q, which reads %d", n, words, got)
		}
		if strings.Contains(words, "  ") || words != strings.TrimSpace(words) {
			t.Fatalf("VND(%d).InWords() = %q has spaces to spare", n, words)
		}
		if strings.Contains(words, "mười mốt") || strings.Contains(words, "mười tư") || strings.Contains(words, "mươi một") ||
			strings.Contains(words, "mươi năm ") || strings.Contains(words, "mươi mươi") {
			t.Fatalf("VND(%d).InWords() = %q is not how it is said", n, words)
		}
	})
}
