package fee

import "strings"

// InWords writes an amount as receipts repeat it in letters (viết bằng chữ),
// beginning small: "bảy mươi lăm nghìn đồng". Groups without value are left out;
// inside a number a missing hundred is "không trăm" and a missing ten "linh".
// Thousand millions are tỷ, and a thousand of these nghìn tỷ, as in the
// documents of the Ministry of Finance.
func (v VND) InWords() string {
	if v == 0 {
		return "không đồng"
	}
	var w []string
	n := uint64(v)
	if v < 0 {
		w, n = append(w, "âm"), -n // two's complement: right for the least amount too
	}
	w = spell(w, n, false)
	return strings.Join(append(w, "đồng"), " ")
}

const milliard = 1_000_000_000

// spell appends the words of n. inner says that higher digits went before, so
// that a leading zero has to be said.
func spell(w []string, n uint64, inner bool) []string {
	if n >= milliard {
		w = append(spell(w, n/milliard, inner), "tỷ")
		n, inner = n%milliard, true
	}
	for _, g := range [...]struct {
		unit uint64
		name string
	}{{1_000_000, "triệu"}, {1_000, "nghìn"}, {1, ""}} {
		part := n / g.unit % 1000
		if part == 0 {
			continue
		}
		w = spellHundreds(w, part, inner)
		if g.name != "" {
			w = append(w, g.name)
		}
		inner = true
	}
	return w
}

// spellHundreds appends the words of 1 to 999.
func spellHundreds(w []string, n uint64, inner bool) []string {
	digits := [...]string{"không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín"}
	hundred, ten, one := n/100, n/10%10, n%10
	if hundred > 0 || inner {
		w = append(w, digits[hundred], "trăm")
		inner = true
	}
	switch {
	case ten == 0 && one == 0:
		return w
	case ten == 0 && inner:
		w = append(w, "linh")
	case ten == 1:
		w = append(w, "mười")
	case ten > 1:
		w = append(w, digits[ten], "mươi")
	}
	switch {
	case one == 0:
		return w
	case one == 1 && ten > 1:
		return append(w, "mốt")
	case one == 4 && ten > 1:
		return append(w, "tư")
	case one == 5 && ten > 0:
		return append(w, "lăm")
	}
	return append(w, digits[one])
}
