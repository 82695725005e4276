package web

import (
	"mime"
	"net/http"
	"strings"

	"github.com/motcua/motcua/internal/core/fault"
	"github.com/motcua/motcua/internal/httpkit"
	"github.com/motcua/motcua/internal/i18n"
)

// verifyBody is checking a receipt by the text of its QR code, /xac-thuc.
type verifyBody struct {
	Crumbs  []crumb
	Field   control
	Checked bool
	Result  string // state of a result document, where one was checked
	Good    bool
	Warning string // message key: the receipt is real, and something has changed since
	Rows    []fact
	File    control
	Copy    *copyCheck
}

// portalVerify checks the text that a scanned QR code carries in its address.
func (s *Server) portalVerify(w http.ResponseWriter, r *http.Request) {
	f := newForm("")
	if seal := r.URL.Query().Get("k"); seal != "" {
		s.verifyResult(w, r, seal)
		return
	}
	if text := r.URL.Query().Get("m"); text != "" {
		f.Values.Set("m", text)
		s.verify(w, r, f)
		return
	}
	s.showVerify(w, r, http.StatusOK, verifyBody{Field: verifyField(f)})
}

// portalVerifyPost checks a text that somebody pasted, or a copy of a result.
func (s *Server) portalVerifyPost(w http.ResponseWriter, r *http.Request) {
	if kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type")); kind == "multipart/form-data" {
		s.verifyCopy(w, r)
		return
	}
	f, err := s.publicForm(r)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	if strings.TrimSpace(f.Get("m")) == "" {
		f.Faults = append(f.Faults, fault.Field("m", "portal.verify.text_missing", nil))
		s.showVerify(w, r, http.StatusUnprocessableEntity, verifyBody{Field: verifyField(f)})
		return
	}
	s.verify(w, r, f)
}

func verifyField(f form) control {
	return f.Input("m", "portal.verify.text", "rows=3", "maxlength=2000", "hint=portal.verify.text_hint", "required")
}

func (s *Server) showVerify(w http.ResponseWriter, r *http.Request, status int, b verifyBody) {
	b.Crumbs = []crumb{{Key: "portal.nav.verify"}}
	if b.File.Name == "" {
		b.File = copyField(form{})
	}
	s.showPortal(w, r, status, "verify", text{Key: "portal.nav.verify"}, b)
}

func (s *Server) verify(w http.ResponseWriter, r *http.Request, f form) {
	if wait, ok := s.seeks.Try(httpkit.Address(r.Context())); !ok {
		s.fail(w, r, s.tooMany(w, wait))
		return
	}
	got, err := s.app.VerifySlip(r.Context(), strings.TrimSpace(f.Get("m")))
	b := verifyBody{Field: verifyField(f), Checked: true}
	if err != nil {
		s.fail(w, r, err)
		return
	}
	if b.Good = got.Genuine; !b.Good {
		s.showVerify(w, r, http.StatusUnprocessableEntity, b)
		return
	}
	language := httpkit.Language(r)
	b.Rows = []fact{
		{"portal.verify.code", got.Code}, {"portal.verify.unit", got.UnitName}, {"portal.verify.received", i18n.Datetime(language, got.ReceivedAt)},
	}
	if !got.Claim.DueAt.IsZero() {
		b.Rows = append(b.Rows, fact{"portal.verify.due", s.words.LongDate(language, got.Claim.DueAt)})
	}
	switch {
	case !got.Known:
		b.Warning = "portal.verify.unknown"
	case got.Changed && got.DueAt.IsZero():
		b.Warning = "portal.verify.waits"
	case got.Changed:
		b.Warning = "portal.verify.moved"
		b.Rows = append(b.Rows, fact{"portal.verify.due_now", s.words.LongDate(language, got.DueAt)})
	}
	s.showVerify(w, r, http.StatusOK, b)
}
