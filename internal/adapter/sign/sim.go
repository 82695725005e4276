package sign

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"fmt"
	"math/big"
	"time"
)

// Simulator is an authority of its own inside the program, for demos and tests:
// it has a key for everybody. Nothing that it signs is worth anything outside.
// All its keys follow from one seed, so that a demo that is started again still
// verifies what it signed before.
type Simulator struct {
	seed     []byte
	name     string
	from, to time.Time
	key      *ecdsa.PrivateKey
	root     *x509.Certificate
}

// NewSimulator makes the authority of an organisation, whose certificates are
// valid from one instant to another. The seed is a secret of at least 16 bytes.
func NewSimulator(seed []byte, organisation string, from, to time.Time) (*Simulator, error) {
	if len(seed) < 16 {
		return nil, fmt.Errorf("the seed of the signing simulator has %d bytes, at least 16 are needed", len(seed))
	}
	s := &Simulator{seed: seed, name: organisation, from: from.UTC(), to: to.UTC()}
	var err error
	if s.key, err = s.derive("authority"); err != nil {
		return nil, err
	}
	template := s.certificate("authority", pkix.Name{
		Country: []string{"VN"}, Organization: []string{organisation}, CommonName: "Chứng thực thử nghiệm - " + organisation,
	})
	template.IsCA, template.BasicConstraintsValid, template.MaxPathLenZero = true, true, true
	template.KeyUsage = x509.KeyUsageCertSign | x509.KeyUsageCRLSign
	s.root, err = s.issue(template, template, s.key)
	return s, err
}

// Credential issues the officer's certificate.
func (s *Simulator) Credential(_ context.Context, who Officer) (Credential, error) {
	key, err := s.derive("officer " + who.ID)
	if err != nil {
		return Credential{}, err
	}
	name := pkix.Name{Country: []string{"VN"}, Organization: []string{s.name}, CommonName: who.Name}
	if who.Unit != "" {
		name.OrganizationalUnit = []string{who.Unit}
	}
	if who.Post != "" {
		name.ExtraNames = []pkix.AttributeTypeAndValue{{Type: titleOID, Value: who.Post}}
	}
	from, to := s.from, s.to
	if !who.From.IsZero() && !who.To.IsZero() {
		from, to = who.From.UTC(), who.To.UTC()
	}
	template := s.certificate(fmt.Sprintf("officer %s %d %d", who.ID, from.Unix(), to.Unix()), name)
	template.NotBefore, template.NotAfter = from, to
	template.KeyUsage = x509.KeyUsageDigitalSignature | x509.KeyUsageContentCommitment
	template.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageEmailProtection}
	template.UnknownExtKeyUsage = []asn1.ObjectIdentifier{{1, 3, 6, 1, 5, 5, 7, 3, 36}} // document signing, RFC 9336
	cert, err := s.issue(template, s.root, key)
	if err != nil {
		return Credential{}, err
	}
	return Credential{Key: key, Chain: []*x509.Certificate{cert, s.root}}, nil
}

// Roots is the simulator's own authority.
func (s *Simulator) Roots() []*x509.Certificate { return []*x509.Certificate{s.root} }

// derive makes the key that belongs to a purpose.
func (s *Simulator) derive(purpose string) (*ecdsa.PrivateKey, error) {
	// The order of P-256 is close to 2^256: a draw outside it happens once in
	// four thousand million, and then the next one is taken.
	for n := 0; ; n++ {
		raw, err := hkdf.Key(sha256.New, s.seed, nil, fmt.Sprintf("motcua signing simulator %d %s", n, purpose), 32)
		if err != nil {
			return nil, fmt.Errorf("derive the key of %s: %w", purpose, err)
		}
		if key, err := ecdsa.ParseRawPrivateKey(elliptic.P256(), raw); err == nil || n > 8 {
			return key, err
		}
	}
}

// certificate is a template with a serial number that follows from its purpose.
func (s *Simulator) certificate(purpose string, subject pkix.Name) *x509.Certificate {
	sum := sha256.Sum256([]byte(purpose + "\x00" + subject.String()))
	return &x509.Certificate{
		SerialNumber: new(big.Int).SetBytes(sum[:16]), Subject: subject, NotBefore: s.from, NotAfter: s.to,
	}
}

// issue signs a certificate for a key with the authority's key.
func (s *Simulator) issue(template, parent *x509.Certificate, key *ecdsa.PrivateKey) (*x509.Certificate, error) {
	der, err := x509.CreateCertificate(rand.Reader, template, parent, &key.PublicKey, s.key)
	if err != nil {
		return nil, fmt.Errorf("issue a certificate for %s: %w", template.Subject.CommonName, err)
	}
	return x509.ParseCertificate(der)
}
