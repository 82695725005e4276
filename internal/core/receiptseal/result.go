package receiptseal

import (
	"bytes"
	"crypto/ed25519"
	"encoding/binary"
	"net/url"
	"strings"
	"time"

	"github.com/motcua/motcua/internal/core/civil"
	"github.com/motcua/motcua/internal/core/fault"
)

// ResultClaim is what the QR code of a result document says: which document of
// which dossier it is. Whether it holds still, and who signed it, is asked of the
// installation.
type ResultClaim struct {
	Code   string // of the dossier
	Number string // of the document, as printed
	On     time.Time
}

// resultContext keeps a signature over a result apart from one over a receipt.
const resultContext = "motcua result\x00"

// SignResult seals what a result document says about itself. It fails as Sign.
func SignResult(key ed25519.PrivateKey, c ResultClaim) (string, error) {
	if len(key) != ed25519.PrivateKeySize {
		return "", fault.New(fault.Internal, "receiptseal.key", nil)
	}
	if !fits(c.Code) || !fits(c.Number) || c.On.IsZero() {
		return "", fault.New(fault.Invalid, "receiptseal.claim", fault.Args{"code": c.Code})
	}
	public, _ := key.Public().(ed25519.PublicKey)
	b := append([]byte{version}, keyID(public)...)
	for _, name := range [...]string{c.Code, c.Number} {
		b = append(b, byte(len(name)))
		b = append(b, name...)
	}
	b = binary.AppendVarint(b, c.On.Unix())
	b = append(b, ed25519.Sign(key, append([]byte(resultContext), b...))...)
	return alphabet().EncodeToString(b), nil
}

// VerifyResult checks the seal of a result document. It fails as Verify, on the
// field k.
func VerifyResult(text string, keys []ed25519.PublicKey) (ResultClaim, error) {
	form := fault.Field("k", "receiptseal.form", nil)
	if strings.ContainsAny(text, "\r\n") {
		return ResultClaim{}, form
	}
	b, err := alphabet().DecodeString(text)
	if err != nil || len(b) < 1+keyIDSize+ed25519.SignatureSize || b[0] != version {
		return ResultClaim{}, form
	}
	signed, signature := b[:len(b)-ed25519.SignatureSize], b[len(b)-ed25519.SignatureSize:]
	for _, key := range keys {
		if len(key) != ed25519.PublicKeySize || !bytes.Equal(keyID(key), signed[1:1+keyIDSize]) {
			continue
		}
		if !ed25519.Verify(key, append([]byte(resultContext), signed...), signature) {
			return ResultClaim{}, fault.Field("k", "receiptseal.forged", nil)
		}
		c, ok := readResult(signed[1+keyIDSize:])
		if !ok {
			return ResultClaim{}, form
		}
		return c, nil
	}
	return ResultClaim{}, fault.Field("k", "receiptseal.key_unknown", nil)
}

func readResult(b []byte) (ResultClaim, bool) {
	var c ResultClaim
	for _, name := range [...]*string{&c.Code, &c.Number} {
		if len(b) == 0 || len(b) < 1+int(b[0]) {
			return c, false
		}
		*name, b = string(b[1:1+b[0]]), b[1+b[0]:]
	}
	on, n := binary.Varint(b)
	c.On = time.Unix(on, 0).In(civil.Zone)
	return c, n > 0 && n == len(b)
}

// ResultLink is the address that the QR code of a result document holds.
func ResultLink(base, text string) string {
	return strings.TrimSuffix(base, "/") + Path + "?k=" + text
}

// ScannedResult takes what a reader found in the QR code of a result document, a
// link or a bare seal, and returns the seal.
func ScannedResult(scan string) string {
	scan = strings.TrimSpace(scan)
	if _, query, ok := strings.Cut(scan, "?"); ok {
		if values, err := url.ParseQuery(query); err == nil && values.Has("k") {
			return values.Get("k")
		}
	}
	return scan
}
