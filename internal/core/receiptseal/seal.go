// Package receiptseal seals the promise of a receipt: a short text for its QR
// code that says which dossier was received when, by which unit, and for when
// the result is promised, under an Ed25519 signature. Whoever has the public key
// can check it without asking anybody. It names no person.
//
//	text, err := receiptseal.Sign(key, receiptseal.Claim{Code: code, Unit: "H36.01", ReceivedAt: at, DueAt: due})
//	claim, err := receiptseal.Verify(text, []ed25519.PublicKey{public})
package receiptseal

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"net/url"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/motcua/motcua/internal/core/civil"
	"github.com/motcua/motcua/internal/core/fault"
)

// Claim is what a receipt promises.
type Claim struct {
	Code       string    // of the dossier
	Unit       string    // code of the unit that received it
	ReceivedAt time.Time // to the second
	DueAt      time.Time // zero when the day could not be said yet
}

// The parts of a seal: a version, the key's id, the claim, the signature.
const (
	version   = 1
	keyIDSize = 4
	maxName   = 60 // bytes of code or unit: the QR code has to stay easy to scan
)

// context keeps a signature over a receipt from passing as one over anything
// else that the same key may sign.
const context = "motcua receipt\x00"

// alphabet is base64url without padding and without slack in the last letter, so
// that one seal has one text.
func alphabet() *base64.Encoding { return base64.RawURLEncoding.Strict() }

// KeyID names a public key in seals and lists: eight hexadecimal digits.
func KeyID(public ed25519.PublicKey) string { return hex.EncodeToString(keyID(public)) }

func keyID(public ed25519.PublicKey) []byte {
	sum := sha256.Sum256(public)
	return sum[:keyIDSize]
}

// Sign seals a claim. It fails with fault.Invalid under receiptseal.claim when
// the code, the unit or the time of reception is missing or too long, and with
// fault.Internal for a key that is none.
func Sign(key ed25519.PrivateKey, c Claim) (string, error) {
	if len(key) != ed25519.PrivateKeySize {
		return "", fault.New(fault.Internal, "receiptseal.key", nil)
	}
	if !fits(c.Code) || !fits(c.Unit) || c.ReceivedAt.IsZero() {
		return "", fault.New(fault.Invalid, "receiptseal.claim", fault.Args{"code": c.Code})
	}
	public, _ := key.Public().(ed25519.PublicKey)
	b := append([]byte{version}, keyID(public)...)
	for _, name := range [...]string{c.Code, c.Unit} {
		b = append(b, byte(len(name)))
		b = append(b, name...)
	}
	b = binary.AppendVarint(b, c.ReceivedAt.Unix())
	due := int64(0)
	if !c.DueAt.IsZero() {
		due = c.DueAt.Unix()
	}
	b = binary.AppendVarint(b, due)
	b = append(b, ed25519.Sign(key, append([]byte(context), b...))...)
	return alphabet().EncodeToString(b), nil
}

func fits(name string) bool {
	return name != "" && len(name) <= maxName && utf8.ValidString(name)
}

// Verify checks a seal against the keys that are trusted and returns what it
// promises. It fails with fault.Invalid: receiptseal.form for a text that is no
// seal, receiptseal.key_unknown when none of the keys made it,
// receiptseal.forged when the signature does not fit. Nothing of an unproved
// claim is returned.
func Verify(text string, keys []ed25519.PublicKey) (Claim, error) {
	form := fault.Field("m", "receiptseal.form", nil)
	if strings.ContainsAny(text, "\r\n") { // which decoders skip
		return Claim{}, form
	}
	b, err := alphabet().DecodeString(text)
	if err != nil || len(b) < 1+keyIDSize+ed25519.SignatureSize || b[0] != version {
		return Claim{}, form
	}
	end := len(b) - ed25519.SignatureSize
	signed, signature := b[:end], b[end:]
	claim, ok := readClaim(signed[1+keyIDSize:])
	if !ok {
		return Claim{}, form
	}
	known := false
	for _, key := range keys {
		if len(key) != ed25519.PublicKeySize || !bytes.Equal(keyID(key), signed[1:1+keyIDSize]) {
			continue
		}
		known = true
		if ed25519.Verify(key, append([]byte(context), signed...), signature) {
			return claim, nil
		}
	}
	if !known {
		return Claim{}, fault.Field("m", "receiptseal.key_unknown", nil)
	}
	return Claim{}, fault.Field("m", "receiptseal.forged", nil)
}

// readClaim reads the middle of a seal, to its last byte.
func readClaim(b []byte) (Claim, bool) {
	var c Claim
	for _, name := range [...]*string{&c.Code, &c.Unit} {
		if len(b) == 0 || len(b) < 1+int(b[0]) {
			return c, false
		}
		*name, b = string(b[1:1+b[0]]), b[1+b[0]:]
		if !fits(*name) {
			return c, false
		}
	}
	received, n := binary.Varint(b)
	if n <= 0 {
		return c, false
	}
	due, m := binary.Varint(b[n:])
	if m <= 0 || n+m != len(b) {
		return c, false
	}
	c.ReceivedAt = time.Unix(received, 0).In(civil.Zone)
	if due != 0 {
		c.DueAt = time.Unix(due, 0).In(civil.Zone)
	}
	return c, true
}

// Path is the public page that checks a seal.
const Path = "/xac-thuc"

// Link is the address that a QR code holds, so that a phone opens the page which
// checks the seal; base is the portal's, such as "https://dichvucong.example.vn".
func Link(base, text string) string {
	return strings.TrimSuffix(base, "/") + Path + "?m=" + text
}

// Scanned takes what a reader found in a QR code, a link or a bare seal, and
// returns the seal.
func Scanned(scan string) string {
	scan = strings.TrimSpace(scan)
	if _, query, ok := strings.Cut(scan, "?"); ok {
		if values, err := url.ParseQuery(query); err == nil && values.Has("m") {
			return values.Get("m")
		}
	}
	return scan
}
