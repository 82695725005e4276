package sign

import (
	"bytes"
	"context"
	"strings"
	"time"

	"github.com/digitorus/pdf"

	"github.com/motcua/motcua/internal/app"
	"github.com/motcua/motcua/internal/core/fault"
)

// Documents is a service as the use cases know it.
type Documents struct{ *Service }

// Sign signs for a person or seal. The simulator has a key for everybody, so that
// the register of certificates says who has one.
func (d Documents) Sign(ctx context.Context, file []byte, who app.Signatory, reason string, at time.Time) ([]byte, error) {
	if _, simulated := d.keys.(*Simulator); simulated && who.From.IsZero() {
		return nil, fault.New(fault.Conflict, "sign.no_key", fault.Args{"name": who.Name})
	}
	return d.Service.Sign(ctx, file, Officer{ID: who.ID, Name: who.Name, Post: who.Post, Unit: who.Unit, From: who.From, To: who.To}, reason, at)
}

// Verify says what the signatures of a file are worth.
func (d Documents) Verify(file []byte) (app.SignatureReport, error) {
	report, err := d.Service.Verify(file)
	out := app.SignatureReport{Valid: report.Valid()}
	for _, s := range report.Signatures {
		out.Signatures = append(out.Signatures, app.FileSignature{
			Signer: s.Signer, Post: s.Post, Unit: s.Unit, At: s.At, Valid: s.Intact && s.Trusted && s.InForce,
		})
	}
	return out, err
}

// readPages is how many pages of a file are read for its text.
const readPages = 5

// Text is what can be read on the first pages of a PDF, without spaces; empty for
// a picture of a page and for a file that cannot be read.
func (d Documents) Text(file []byte) (text string) {
	defer func() {
		if recover() != nil { // the reader panics on files that are broken
			text = ""
		}
	}()
	reader, err := pdf.NewReader(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		return ""
	}
	var b strings.Builder
	for n := 1; n <= min(reader.NumPage(), readPages); n++ {
		for _, t := range reader.Page(n).Content().Text {
			// Fonts with two bytes a letter come through byte by byte: codes are ASCII,
			// and of an ASCII letter the first byte is zero.
			b.WriteString(strings.ReplaceAll(t.S, "\x00", ""))
		}
		b.WriteByte('\n')
	}
	return b.String()
}
