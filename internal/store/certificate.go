package store

import (
	"context"

	"github.com/motcua/motcua/internal/core/agency"
)

// EventCertificateRecorded is the event of a certificate's stream; it carries the
// whole certificate.
const EventCertificateRecorded = "certificate.recorded"

var certificateKind = Kind[agency.Certificate]{
	Name: "certificate", Version: 1,
	Apply: recorded[agency.Certificate](EventCertificateRecorded),
	Columns: []Column[agency.Certificate]{
		Text("unit", func(c agency.Certificate) string { return c.Unit }),
		Text("valid_to", func(c agency.Certificate) string { return c.To.String() }),
	},
}

// CertificateRoot is the stream of the certificates of a person or seal.
func CertificateRoot(id string) Root { return Root{"certificate", id} }

// Certificates reads the register of certificates.
func (s *Store) Certificates(ctx context.Context) ([]agency.Certificate, error) {
	return states[agency.Certificate](ctx, s, `SELECT state FROM certificate ORDER BY id`)
}
