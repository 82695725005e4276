package receiptseal

import (
	"crypto/ed25519"
	"encoding/base64"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/motcua/motcua/internal/core/civil"
	"github.com/motcua/motcua/internal/core/fault"
)

// key makes a key from one byte: a test key must be the same every time.
func key(seed byte) ed25519.PrivateKey {
	return ed25519.NewKeyFromSeed(append(make([]byte, ed25519.SeedSize-1), seed))
}

func public(k ed25519.PrivateKey) ed25519.PublicKey { return k.Public().(ed25519.PublicKey) }

func claim() Claim {
	return Claim{
		Code: "000.00.14.H36-260205-0001", Unit: "000.00.14.H36",
		ReceivedAt: time.Date(2026, 2, 5, 8, 15, 30, 0, civil.Zone),
		DueAt:      time.Date(2026, 3, 5, 8, 15, 30, 0, civil.Zone),
	}
}

func sealed(t testing.TB, c Claim) string {
	t.Helper()
	text, err := Sign(key(1), c)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// The text of a seal is printed on paper that people keep: it must not change.
func TestSealIsStable(t *testing.T) {
	const want = "AUpnMwsZMDAwLjAwLjE0LkgzNi0yNjAyMDUtMDAwMQ0wMDAuMDAuMTQuSDM2" +
		"5LyfmA3k5MaaDaFT2cUYInWBxLKZkeaXzrELXoEz-pI8H6N3jO8vDZ4N4wRkDLbPaD8fJIlb1eN719DEN1K6E-PdF7bQowSF6gI"
	if got := sealed(t, claim()); got != want {
		t.Errorf("Sign = %s, want %s", got, want)
	}
}

func TestVerifyReadsWhatWasSigned(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		name := rapid.StringMatching(`[A-Z0-9.\-]{1,40}`)
		instant := rapid.Int64Range(1_500_000_000, 4_000_000_000)
		c := Claim{Code: name.Draw(t, "code"), Unit: name.Draw(t, "unit"), ReceivedAt: time.Unix(instant.Draw(t, "received"), 0).In(civil.Zone)}
		if rapid.Bool().Draw(t, "promised") {
			c.DueAt = time.Unix(instant.Draw(t, "due"), 0).In(civil.Zone)
		}
		text, err := Sign(key(1), c)
		if err != nil {
			t.Fatal(err)
		}
		got, err := Verify(text, []ed25519.PublicKey{public(key(2)), public(key(1))})
		if err != nil || got != c {
			t.Fatalf("Verify(%s) = %v, %v, want %v", text, got, err, c)
		}
		scanned := Scanned(Link("https://dichvucong.lamdong.example.vn/", text))
		if scanned != text || Scanned(" "+text+"\n") != text {
			t.Fatalf("Scanned(Link(%s)) = %s", text, scanned)
		}
	})
}

func TestSealIsShort(t *testing.T) {
	link := Link("https://dichvucong.lamdong.gov.vn", sealed(t, claim()))
	if len(link) > 213 { // what a QR code of version 10 holds at level M
		t.Errorf("the link has %d characters: %s", len(link), link)
	}
}

// mutant changes a text in one of the ways in which texts are changed.
func mutant(text string, draw func(n int) int) string {
	const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
	b := []byte(text)
	i := draw(len(b))
	switch draw(7) {
	case 0: // one letter
		b[i] = letters[draw(len(letters))]
	case 1: // two letters change places
		j := draw(len(b))
		b[i], b[j] = b[j], b[i]
	case 2: // one is lost
		b = append(b[:i], b[i+1:]...)
	case 3: // one is added
		b = append(b[:i], append([]byte{letters[draw(len(letters))]}, b[i:]...)...)
	case 4: // a foreign character is added
		b = append(b[:i], append([]byte{"\r\n =+/.\x00"[draw(8)]}, b[i:]...)...)
	case 5: // a bit of what it says, at any place
		raw, err := base64.RawURLEncoding.DecodeString(text)
		if err != nil {
			return text
		}
		raw[draw(len(raw))] ^= 1 << draw(8)
		return base64.RawURLEncoding.EncodeToString(raw)
	case 6: // capitals and small letters
		if c := b[i] ^ 0x20; c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' {
			b[i] = c
		}
	}
	return string(b)
}

// A million mutants take about a minute: -run NoMutant -rapid.checks=1000000.
func TestNoMutantPasses(t *testing.T) {
	text := sealed(t, claim())
	keys := []ed25519.PublicKey{public(key(1)), public(key(2))}
	rapid.Check(t, func(rt *rapid.T) {
		m := mutant(text, func(n int) int { return rapid.IntRange(0, n-1).Draw(rt, "n") })
		if m == text {
			return
		}
		if c, err := Verify(m, keys); err == nil {
			rt.Fatalf("the mutant %s passes as %v", m, c)
		}
	})
}

// Every single letter replaced by every other, and every bit turned: exhaustive
// where the property above draws.
func TestNoNeighbourPasses(t *testing.T) {
	text := sealed(t, claim())
	keys := []ed25519.PublicKey{public(key(1))}
	r := rand.New(rand.NewPCG(1, 2))
	tried := 0
	for i := range len(text) {
		for _, c := range []byte("Aa0-_9zZ" + string("ABCDEFGHIJKLMNOPQRSTUVWXYZ"[r.IntN(26)])) {
			m := text[:i] + string(c) + text[i+1:]
			if m == text {
				continue
			}
			tried++
			if _, err := Verify(m, keys); err == nil {
				t.Fatalf("the mutant %s passes", m)
			}
		}
	}
	if tried < len(text) {
		t.Errorf("only %d mutants were tried", tried)
	}
}

func TestVerifyRefuses(t *testing.T) {
	text := sealed(t, claim())
	for _, tt := range []struct {
		name, text string
		keys       []ed25519.PublicKey
		want       string
	}{
		{"nothing", "", []ed25519.PublicKey{public(key(1))}, "receiptseal.form"},
		{"no seal", "Giấy tiếp nhận", []ed25519.PublicKey{public(key(1))}, "receiptseal.form"},
		{"cut short", text[:60], []ed25519.PublicKey{public(key(1))}, "receiptseal.form"},
		{"another version", "Ag" + text[2:], []ed25519.PublicKey{public(key(1))}, "receiptseal.form"},
		{"no keys", text, nil, "receiptseal.key_unknown"},
		{"another key", text, []ed25519.PublicKey{public(key(2))}, "receiptseal.key_unknown"},
		{"a key that is none", text, []ed25519.PublicKey{nil, {1, 2}}, "receiptseal.key_unknown"},
		{"another claim", text[:20] + "B" + text[21:], []ed25519.PublicKey{public(key(1))}, "receiptseal.forged"},
	} {
		c, err := Verify(tt.text, tt.keys)
		if !fault.Is(err, tt.want) || c != (Claim{}) {
			t.Errorf("%s: Verify = %v, %v, want %s and no claim", tt.name, c, err, tt.want)
		}
	}
}

func TestSignRefuses(t *testing.T) {
	long, noCode, noTime := claim(), claim(), claim()
	long.Code, noCode.Code, noTime.ReceivedAt = strings.Repeat("x", 61), "", time.Time{}
	for _, c := range []Claim{long, noCode, noTime} {
		if text, err := Sign(key(1), c); !fault.Is(err, "receiptseal.claim") {
			t.Errorf("Sign(%v) = %s, %v, want receiptseal.claim", c, text, err)
		}
	}
	if _, err := Sign(nil, claim()); !fault.Is(err, "receiptseal.key") {
		t.Errorf("Sign without a key fails with %v", err)
	}
}

func BenchmarkVerify(b *testing.B) {
	text, keys := sealed(b, claim()), []ed25519.PublicKey{public(key(1))}
	for b.Loop() {
		if _, err := Verify(text, keys); err != nil {
			b.Fatal(err)
		}
	}
}
