package sign

import (
	"bytes"
	"crypto/x509"
	"encoding/asn1"
	"encoding/hex"
	"regexp"
	"strconv"
	"time"

	"github.com/digitorus/pkcs7"
	"golang.org/x/text/unicode/norm"

	"github.com/motcua/motcua/internal/core/fault"
)

// Signature is what one signature of a file says and whether it is to be
// believed.
type Signature struct {
	Signer string    // name in the certificate
	Post   string    // the same; may be empty
	Unit   string    // the same; may be empty
	Reason string    // as stated
	At     time.Time // as stated; zero when the file does not say

	Intact  bool // what was signed is as it was
	Trusted bool // the certificate comes from a trusted authority
	InForce bool // the certificate was valid at At
	Whole   bool // nothing was added to the file after this signature
}

// Report is about all signatures of a file, in the order of signing.
type Report struct{ Signatures []Signature }

// Valid reports whether the file is signed, all its signatures are to be
// believed and nothing came after the last one.
func (r Report) Valid() bool {
	n := len(r.Signatures)
	if n == 0 {
		return false
	}
	for _, s := range r.Signatures {
		if !s.Intact || !s.Trusted || !s.InForce {
			return false
		}
	}
	return r.Signatures[n-1].Whole
}

// maxSignatures bounds the work on a file that somebody made to keep us busy.
const maxSignatures = 32

// byteRange is where a file says what was signed: from its start to the
// signature, and from there on.
var byteRange = regexp.MustCompile(`/ByteRange\s*\[\s*0\s+(\d{1,10})\s+(\d{1,10})\s+(\d{1,10})\s*\]`)

// Verify checks all signatures of a PDF. The file is not parsed as a whole: a
// signature covers bytes, and these are looked at directly, so that a file made
// to mislead or exhaust a parser does neither. It fails with fault.Invalid under
// sign.not_pdf for something else than a PDF; a file without signatures gives an
// empty report.
func (s *Service) Verify(file []byte) (Report, error) {
	if len(file) > MaxFile {
		return Report{}, fault.Field("file", "sign.too_large", fault.Args{"max": MaxFile >> 20})
	}
	if !bytes.HasPrefix(file, []byte("%PDF-")) {
		return Report{}, fault.Field("file", "sign.not_pdf", nil)
	}
	roots := x509.NewCertPool()
	for _, r := range s.keys.Roots() {
		roots.AddCert(r)
	}
	var report Report
	for _, m := range byteRange.FindAllSubmatchIndex(file, maxSignatures) {
		report.Signatures = append(report.Signatures, verifyOne(file, m, roots))
	}
	return report, nil
}

// verifyOne checks one signature; m is its place as byteRange found it. Whatever
// is not as it has to be leaves the signature without trust.
func verifyOne(file []byte, m []int, roots *x509.CertPool) Signature {
	var sig Signature
	number := func(i int) int {
		n, _ := strconv.Atoi(string(file[m[2*i]:m[2*i+1]])) // at most ten digits
		return n
	}
	from, to, rest := number(1), number(2), number(3)
	if from >= to || to+rest > len(file) || m[1] > from {
		return sig
	}
	sig.Whole = to+rest == len(file)
	stated := readDictionary(file, m[0], to)
	sig.Reason, sig.At = norm.NFC.String(stated["Reason"]), pdfTime(stated["M"])
	cms, ok := envelope(file[from:to])
	if !ok {
		return sig
	}
	p7, err := pkcs7.Parse(cms)
	if err != nil {
		return sig
	}
	leaf := p7.GetOnlySigner()
	if leaf == nil {
		return sig
	}
	sig.Signer, sig.Unit, sig.Post = leaf.Subject.CommonName, first(leaf.Subject.OrganizationalUnit), post(leaf)
	p7.Content = append(bytes.Clone(file[:from]), file[to:to+rest]...)
	sig.InForce = !sig.At.Before(leaf.NotBefore) && !sig.At.After(leaf.NotAfter)
	sig.Trusted = chained(leaf, p7.Certificates, roots, sig.At)
	// The library also wants the clock of the machine that signed to lie within the
	// certificate's time. What counts is the stated time, which is signed too and
	// judged above: a demo signs in an earlier time than its machine's.
	leaf.NotBefore, leaf.NotAfter = time.Time{}, endOfTime
	sig.Intact = p7.Verify() == nil
	return sig
}

// endOfTime lies after every certificate.
var endOfTime = time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)

// chained reports whether a trusted authority stands above a certificate at an
// instant. A certificate that is out of force is looked at when it began: that it
// is out of force is told apart from where it comes from.
func chained(leaf *x509.Certificate, others []*x509.Certificate, roots *x509.CertPool, at time.Time) bool {
	between := x509.NewCertPool()
	for _, c := range others {
		between.AddCert(c)
	}
	if at.Before(leaf.NotBefore) || at.After(leaf.NotAfter) {
		at = leaf.NotBefore
	}
	_, err := leaf.Verify(x509.VerifyOptions{
		Roots: roots, Intermediates: between, CurrentTime: at, KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageAny},
	})
	return err == nil
}

// envelope takes the signature out of the gap that the signed range leaves:
// hexadecimal digits between < and >, one DER value and zeros. There is no room
// for anything else, since nothing there is signed.
func envelope(gap []byte) ([]byte, bool) {
	if len(gap) < 2 || gap[0] != '<' || gap[len(gap)-1] != '>' {
		return nil, false
	}
	digits := gap[1 : len(gap)-1]
	raw := make([]byte, hex.DecodedLen(len(digits)))
	if _, err := hex.Decode(raw, digits); err != nil {
		return nil, false
	}
	var value asn1.RawValue
	zeros, err := asn1.Unmarshal(raw, &value)
	if err != nil || len(bytes.Trim(zeros, "\x00")) > 0 {
		return nil, false
	}
	return value.FullBytes, true
}

func first(all []string) string {
	if len(all) == 0 {
		return ""
	}
	return all[0]
}

// titleOID is the post of a person in a certificate (X.520 title).
var titleOID = asn1.ObjectIdentifier{2, 5, 4, 12}

func post(c *x509.Certificate) string {
	for _, n := range c.Subject.Names {
		if text, ok := n.Value.(string); ok && n.Type.Equal(titleOID) {
			return text
		}
	}
	return ""
}
