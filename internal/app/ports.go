package app

import (
	"context"
	"time"

	"github.com/motcua/motcua/internal/core/fault"
	"github.com/motcua/motcua/internal/core/notice"
)

// Sender delivers messages to applicants over one channel (cổng gửi tin). What is
// not set up has no Sender: its messages are held and say so.
type Sender interface {
	// Name is what the administration calls the channel's other end.
	Name() string
	// Send hands one message to the outside and returns what the outside calls
	// it. Send may be called again with the same ID after an unknown outcome:
	// the other end then delivers once.
	//
	// It fails with fault.Invalid when the message can never be delivered, such
	// as to a number that does not exist; any other error is tried again.
	Send(ctx context.Context, m Outgoing) (ref string, err error)
}

// Outgoing is a message as it leaves.
type Outgoing struct {
	ID      string // the same for every try
	Channel notice.Channel
	To      string // phone or e-mail address, in full
	Subject string // of an e-mail
	Text    string
	Files   []OutgoingFile // that go along where the channel carries files
}

// OutgoingFile is a file that goes with a message.
type OutgoingFile struct {
	Name string
	Type string
	Data []byte
}

// Documents signs, checks and reads PDF files (ký số). What is not set up refuses
// to sign and says so.
type Documents interface {
	// Sign adds a signature to a PDF, after those that it has; the result was
	// verified. It fails with fault.Conflict when the signer has no key or his
	// certificate is not in force at that time, fault.Unavailable when signing is
	// not set up, and fault.Invalid for a file that cannot be signed.
	Sign(ctx context.Context, file []byte, who Signatory, reason string, at time.Time) ([]byte, error)
	// Verify says what the signatures of a file are worth. It fails with
	// fault.Invalid for what is no PDF.
	Verify(file []byte) (SignatureReport, error)
	// Text is what can be read on the first pages; it may be empty.
	Text(file []byte) string
}

// Signatory is who signs: a person, or an agency with its seal.
type Signatory struct {
	ID   string // names the key
	Name string
	Post string
	Unit string
	// From and To are when the certificate in the register is in force; zero when
	// the register has none.
	From, To time.Time
}

// SignatureReport is about all signatures of a file, in the order of signing.
type SignatureReport struct {
	Signatures []FileSignature
	Valid      bool // signed, everything to be believed, and nothing added after it
}

// FileSignature is one signature of a file.
type FileSignature struct {
	Signer, Post, Unit string
	At                 time.Time
	Valid              bool
}

// noDocuments stands where no signing is wired: it refuses, and verifies nothing.
type noDocuments struct{}

func (noDocuments) Sign(context.Context, []byte, Signatory, string, time.Time) ([]byte, error) {
	return nil, fault.New(fault.Unavailable, "sign.off", nil)
}

func (noDocuments) Verify([]byte) (SignatureReport, error) { return SignatureReport{}, nil }

func (noDocuments) Text([]byte) string { return "" }
