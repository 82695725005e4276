package web

import (
	"net/http"
	"strings"

	"github.com/motcua/motcua/internal/app"
	"github.com/motcua/motcua/internal/httpkit"
	"github.com/motcua/motcua/internal/i18n"
)

// verifyResult checks a result document by the text of its QR code,
// /xac-thuc?k=…: what stands on it about agency and officers, nothing about the
// applicant.
func (s *Server) verifyResult(w http.ResponseWriter, r *http.Request, seal string) {
	if wait, ok := s.seeks.Try(httpkit.Address(r.Context())); !ok {
		s.fail(w, r, s.tooMany(w, wait))
		return
	}
	got, err := s.app.VerifyResult(r.Context(), seal)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	b := verifyBody{Field: verifyField(newForm("")), Checked: true, Good: got.Genuine}
	if !got.Genuine {
		s.showVerify(w, r, http.StatusUnprocessableEntity, b)
		return
	}
	b.Result, b.Rows = string(got.State), resultFacts(httpkit.Language(r), got)
	s.showVerify(w, r, http.StatusOK, b)
}

func resultFacts(language string, c app.ResultCheck) []fact {
	rows := []fact{{"result.verify.number", c.Number}, {"result.verify.on", c.On.Show()}, {"result.verify.code", c.Code}}
	add := func(key, text string) {
		if text != "" {
			rows = append(rows, fact{key, text})
		}
	}
	add("result.verify.name", c.Name)
	add("result.verify.procedure", c.Procedure)
	add("result.verify.agency", c.Agency)
	block := strings.TrimSpace(strings.ReplaceAll(c.Authority, "\n", " ") + " " + c.Post)
	if block != "" && c.Signer != "" {
		block += " – "
	}
	add("result.verify.signer", block+c.Signer)
	for _, x := range c.Signatures {
		add("result.verify.signature", x.Signer+" – "+i18n.Datetime(language, x.At))
	}
	if !c.IssuedAt.IsZero() {
		add("result.verify.issued", i18n.Datetime(language, c.IssuedAt))
	}
	add("result.verify.replaced", c.Replaced)
	return rows
}
