// Package sign puts electronic signatures (chữ ký số) on PDF files and checks
// them: PAdES in the form that viewers and pdfsig understand (a detached CMS
// signature with the signing certificate as a signed attribute). Keys are behind
// crypto.Signer: a folder of key files, a simulator for the demo, or none, and
// then it says so. It knows nothing of dossiers.
//
//	s := sign.New(keys)
//	signed, err := s.Sign(ctx, pdf, sign.Officer{ID: id, Name: name}, "Phê duyệt kết quả", at)
//	report, err := s.Verify(signed)
package sign

import (
	"bytes"
	"context"
	"crypto"
	"crypto/x509"
	"fmt"
	"io"
	"strings"
	"time"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/digitorus/pdf"
	pdfsign "github.com/digitorus/pdfsign/sign"
	"golang.org/x/text/unicode/norm"

	"github.com/motcua/motcua/internal/core/civil"
	"github.com/motcua/motcua/internal/core/fault"
)

// Officer is who signs, in his own name or with an organisation's seal.
type Officer struct {
	ID   string // names the key
	Name string
	Post string // may be empty
	Unit string // may be empty
	// From and To are when the certificate that the register has is in force; an
	// authority outside says so in the certificate itself. Zero for either end of
	// the simulator's own time.
	From, To time.Time
}

// Credential is a key with the certificate for it and those above it.
type Credential struct {
	Key   crypto.Signer
	Chain []*x509.Certificate // the signer's own first
}

// Keys finds keys and says which authorities are trusted.
type Keys interface {
	// Credential returns the key of an officer. It fails with fault.Conflict
	// under sign.no_key when he has none and fault.Unavailable when keys cannot
	// be reached now.
	Credential(ctx context.Context, who Officer) (Credential, error)
	// Roots are the certificates of the authorities that are trusted.
	Roots() []*x509.Certificate
}

// Service signs and verifies. It is safe for use by many.
type Service struct{ keys Keys }

// New returns a service on keys.
func New(keys Keys) *Service { return &Service{keys} }

// MaxFile is the largest file that is signed, in bytes.
const MaxFile = 64 << 20

// Sign adds an officer's signature to a PDF, after those that it has. at is the
// legal time of the act and must lie within the validity of the certificate. The
// result was verified before it is returned. It fails with fault.Invalid under
// sign.not_pdf or sign.too_large; with fault.Conflict under sign.no_key,
// sign.certificate_expired or sign.certificate_early; with fault.Unavailable
// under sign.off when no keys are configured.
func (s *Service) Sign(ctx context.Context, file []byte, who Officer, reason string, at time.Time) ([]byte, error) {
	if len(file) > MaxFile {
		return nil, fault.Field("file", "sign.too_large", fault.Args{"max": MaxFile >> 20})
	}
	c, err := s.keys.Credential(ctx, who)
	if err != nil {
		return nil, err
	}
	if err := c.validAt(at, who); err != nil {
		return nil, err
	}
	signed, err := write(ctx, file, c, who, reason, at)
	if err != nil {
		return nil, err
	}
	report, err := s.Verify(signed)
	if err != nil {
		return nil, err
	}
	if !report.Valid() {
		return nil, fmt.Errorf("the signature of %s does not verify right after signing: %+v", who.ID, report)
	}
	return signed, nil
}

// validAt refuses a credential whose certificates are not valid at an instant.
func (c Credential) validAt(at time.Time, who Officer) error {
	if c.Key == nil || len(c.Chain) == 0 {
		return fault.New(fault.Conflict, "sign.no_key", fault.Args{"name": who.Name})
	}
	for _, cert := range c.Chain {
		day := func(t time.Time) string { return civil.DateOf(t).Show() }
		switch {
		case at.After(cert.NotAfter):
			return fault.New(fault.Conflict, "sign.certificate_expired", fault.Args{"name": cert.Subject.CommonName, "date": day(cert.NotAfter)})
		case at.Before(cert.NotBefore):
			return fault.New(fault.Conflict, "sign.certificate_early", fault.Args{"name": cert.Subject.CommonName, "date": day(cert.NotBefore)})
		}
	}
	return nil
}

// write makes the incremental update that holds the signature.
func write(ctx context.Context, file []byte, c Credential, who Officer, reason string, at time.Time) (out []byte, err error) {
	defer func() {
		if r := recover(); r != nil { // the reader panics on files that are broken
			out, err = nil, fault.Wrap(fmt.Errorf("read the PDF: %v", r), fault.Invalid, "sign.not_pdf", nil)
		}
	}()
	size := int64(len(file))
	reader, err := pdf.NewReader(bytes.NewReader(file), size)
	if err != nil {
		return nil, fault.Wrap(err, fault.Invalid, "sign.not_pdf", nil)
	}
	data := pdfsign.SignData{
		Signer: c.Key, DigestAlgorithm: crypto.SHA256, Certificate: c.Chain[0], CertificateChains: [][]*x509.Certificate{c.Chain},
		Context: ctx,
	}
	data.Signature.CertType = pdfsign.ApprovalSignature
	data.Signature.Info = pdfsign.SignDataSignatureInfo{
		Name: writable(c.Chain[0].Subject.CommonName), Reason: writable(reason), Location: writable(who.Unit), Date: at.In(civil.Zone),
	}
	var buf bytes.Buffer
	if err := pdfsign.SignWithData(io.NewSectionReader(bytes.NewReader(file), 0, size), &buf, reader, size, data); err != nil {
		return nil, fmt.Errorf("sign a PDF of %d bytes for %s: %w", size, who.ID, err)
	}
	return buf.Bytes(), nil
}

// writable brings a text into a form that pdfsign v1.0.0-rc1 writes right: it puts
// UTF-16 between parentheses without escaping, so a letter such as ĩ (0129) or č
// (010D), one byte of which is a bracket, backslash or line end, would break the
// file. Such a letter is written decomposed, which Verify composes again; a
// bracket becomes a square one. Plain ASCII is escaped by the library.
func writable(text string) string {
	if !strings.ContainsFunc(text, func(r rune) bool { return r >= utf8.RuneSelf }) {
		return text
	}
	var b strings.Builder
	for _, r := range norm.NFC.String(text) {
		letters := string(r)
		if breaks(r) {
			letters = norm.NFD.String(letters)
		}
		for _, l := range letters {
			switch {
			case l == '(':
				l = '['
			case l == ')':
				l = ']'
			case breaks(l):
				l = ' '
			}
			b.WriteRune(l)
		}
	}
	return b.String()
}

// breaks reports whether a byte of a letter's UTF-16 means something inside the
// parentheses of a PDF string.
func breaks(r rune) bool {
	for _, unit := range utf16.AppendRune(nil, r) {
		if strings.ContainsRune("()\\\r", rune(unit>>8)) || strings.ContainsRune("()\\\r", rune(unit&0xff)) {
			return true
		}
	}
	return false
}

// Off has no keys: what is not configured is off, and says so. It verifies
// against the roots it is given.
type Off struct{ Trusted []*x509.Certificate }

// Credential fails with fault.Unavailable under sign.off.
func (o Off) Credential(context.Context, Officer) (Credential, error) {
	return Credential{}, fault.New(fault.Unavailable, "sign.off", nil)
}

// Roots are those it was given.
func (o Off) Roots() []*x509.Certificate { return o.Trusted }
