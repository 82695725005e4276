package web

import (
	"errors"
	"io"
	"mime/multipart"
	"net/http"
	"strings"

	"github.com/motcua/motcua/internal/app"
	"github.com/motcua/motcua/internal/core/fault"
	"github.com/motcua/motcua/internal/httpkit"
	"github.com/motcua/motcua/internal/i18n"
)

// copyCheck is what a check of an uploaded copy found.
type copyCheck struct {
	Name   string // of the file, as it was sent
	Key    string // message key of the answer; "_text" says what to do
	Good   bool
	Signed []copySignature
}

type copySignature struct {
	Name  string
	When  string
	Valid bool
}

// mostQR bounds the text of a QR code in characters.
const mostQR = 2000

func copyField(f form) control {
	return f.Input("file", "result.copy.file", "hint=result.copy.hint", "required")
}

// verifyCopy checks a copy of a result that somebody sends. It is read once, kept
// nowhere, and refused beside the field when it is no PDF or too large.
func (s *Server) verifyCopy(w http.ResponseWriter, r *http.Request) {
	if wait, ok := s.seeks.Try(httpkit.Address(r.Context())); !ok {
		s.fail(w, r, s.tooMany(w, wait))
		return
	}
	r.Body = http.MaxBytesReader(w, r.Body, app.MostCopy+64<<10)
	name, c, f, err := s.readCopy(r)
	if large := (*http.MaxBytesError)(nil); errors.As(err, &large) {
		err = fault.Field("file", "result.copy_large", fault.Args{"max": app.MostCopy >> 20})
	}
	if fault.KindOf(err) == fault.Invalid {
		bad := form{}.with(err)
		s.showVerify(w, r, http.StatusUnprocessableEntity, verifyBody{Field: verifyField(newForm("")), File: copyField(bad)})
		return
	}
	if err != nil {
		s.fail(w, r, err)
		return
	}
	b := verifyBody{Field: verifyField(newForm("")), Copy: copyOf(httpkit.Language(r), name, c, f)}
	status := http.StatusUnprocessableEntity
	if b.Copy.Good {
		status = http.StatusOK
	}
	if c.Genuine && f.Same {
		b.Result, b.Rows = string(c.State), resultFacts(httpkit.Language(r), c)
	}
	s.showVerify(w, r, status, b)
}

// readCopy reads the form part by part: the text of the QR code, if there is one,
// stands before the file.
func (s *Server) readCopy(r *http.Request) (name string, c app.ResultCheck, f app.FileCheck, err error) {
	missing := fault.Field("file", "result.copy_missing", nil)
	parts, err := r.MultipartReader()
	if err != nil {
		return "", c, f, missing
	}
	text := ""
	for {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			return "", c, f, missing
		}
		if err != nil {
			if large := (*http.MaxBytesError)(nil); !errors.As(err, &large) {
				err = missing
			}
			return "", c, f, err
		}
		switch part.FormName() {
		case "k":
			raw, err := io.ReadAll(io.LimitReader(part, mostQR))
			if err != nil {
				return "", c, f, err
			}
			text = strings.TrimSpace(string(raw))
		case "file":
			return s.copyIn(r, text, part, missing)
		}
	}
}

func (s *Server) copyIn(r *http.Request, text string, part *multipart.Part, missing error) (string, app.ResultCheck, app.FileCheck, error) {
	if part.FileName() == "" {
		return "", app.ResultCheck{}, app.FileCheck{}, missing
	}
	c, f, err := s.app.VerifyResultFile(r.Context(), text, part)
	return part.FileName(), c, f, err
}

// copyOf words what was found: the file that was issued, another one with sound
// signatures, one that was changed, one without signatures.
func copyOf(language, name string, c app.ResultCheck, f app.FileCheck) *copyCheck {
	out := &copyCheck{Name: name}
	for _, x := range f.Report.Signatures {
		who := x.Signer
		if x.Unit != "" {
			who += " – " + x.Unit
		}
		out.Signed = append(out.Signed, copySignature{Name: who, When: i18n.Datetime(language, x.At), Valid: x.Valid})
	}
	switch {
	case f.Same && c.State != app.ResultHolds:
		out.Key = "result.copy.gone"
	case f.Same && (f.Report.Valid || len(f.Report.Signatures) == 0):
		out.Key, out.Good = "result.copy.same", true
	case len(f.Report.Signatures) == 0:
		out.Key = "result.copy.unsigned"
	case f.Report.Valid:
		out.Key = "result.copy.other"
	default:
		out.Key = "result.copy.broken"
	}
	return out
}
