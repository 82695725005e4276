package web

import (
	"github.com/motcua/motcua/internal/app"
	"io"
	"mime"
	"net/http"
	"strconv"
	"strings"

	"github.com/motcua/motcua/internal/core/access"
	"github.com/motcua/motcua/internal/core/dossier"
	"github.com/motcua/motcua/internal/core/fault"
	"github.com/motcua/motcua/internal/printout"
)

// receiptBody is what follows a reception: the code in large, what to tell the
// applicant, what to print, and the way to the next dossier.
type receiptBody struct {
	Page     app.ReceiptPage
	Received bool
	DoneKey  string
	FeeKey   string
	Slips    []slipLine
	SamePath string // another dossier of the same procedure
	SameWho  string // another dossier of the same applicant
	Open     string
}

func (s *Server) deskReceipt(w http.ResponseWriter, r *http.Request, who access.Actor) {
	page, err := s.app.Receipt(r.Context(), who, r.PathValue("code"))
	if err != nil {
		s.deskFail(w, r, who, err)
		return
	}
	b := receiptBody{
		Page: page, Received: page.Status != dossier.NotAccepted && page.Status != dossier.SupplementRequired, FeeKey: feeKey(page.Fee),
		DoneKey: "desk.receipt.received", Slips: slipLines(page.Code, page.Slips),
		SamePath: receptionPath(page.ProcedureCode), SameWho: withQuery("/nghiep-vu/tiep-nhan", "cung-nguoi", page.Code), Open: dossierPath(page.Code),
	}
	switch page.Status {
	case dossier.NotAccepted:
		b.DoneKey = "desk.receipt.refused"
	case dossier.SupplementRequired:
		b.DoneKey = "desk.receipt.guided"
	}
	s.deskPage(w, r, who, http.StatusOK, "desk/receipt", text{Key: b.DoneKey}, b)
}

// deskSlip sends one slip as PDF, to be shown by the browser and printed.
func (s *Server) deskSlip(w http.ResponseWriter, r *http.Request, who access.Actor) {
	if form, page := strings.CutSuffix(r.PathValue("form"), ".html"); page {
		html, err := s.app.SlipPage(r.Context(), who, r.PathValue("code"), form)
		if err != nil {
			s.deskFail(w, r, who, err)
			return
		}
		sendPrintPage(w, html)
		return
	}
	form, ok := strings.CutSuffix(r.PathValue("form"), ".pdf")
	if !ok {
		s.deskFail(w, r, who, fault.New(fault.NotFound, "desk.page_unknown", nil))
		return
	}
	slip, err := s.app.Slip(r.Context(), who, r.PathValue("code"), form)
	if err != nil {
		s.deskFail(w, r, who, err)
		return
	}
	sendPDF(w, slip)
}

// sendPrintPage shows a printed form as a page of its own, for a browser to print.
func sendPrintPage(w http.ResponseWriter, html []byte) {
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Security-Policy", printout.ContentPolicy())
	h.Set("Cache-Control", "no-store")
	_, _ = w.Write(html) // a client that has gone away cannot be told
}

// sendLetter shows a signed PDF that the program keeps, in the browser.
func (s *Server) sendLetter(w http.ResponseWriter, r *http.Request, f app.StoredFile) {
	defer f.Body.Close()
	h := w.Header()
	h.Set("Content-Type", f.Type)
	h.Set("Content-Disposition", mime.FormatMediaType("inline", map[string]string{"filename": f.Name}))
	h.Set("Content-Length", strconv.FormatInt(f.Size, 10))
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Content-Security-Policy", policyOf(f.Type))
	h.Set("Cache-Control", "private, no-store")
	if _, err := io.Copy(w, f.Body); err != nil {
		s.log.WarnContext(r.Context(), "send a file", "err", err)
	}
}

// sendPDF shows a printed form in the browser.
func sendPDF(w http.ResponseWriter, slip app.SlipFile) {
	h := w.Header()
	h.Set("Content-Type", "application/pdf")
	h.Set("Content-Disposition", mime.FormatMediaType("inline", map[string]string{"filename": slip.Name}))
	h.Set("Content-Length", strconv.Itoa(len(slip.PDF)))
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Cache-Control", "no-store")
	_, _ = w.Write(slip.PDF) // a client that has gone away cannot be told
}

// deskFile sends a file that came from outside: never sniffed, without any right
// to run anything, and as an attachment. The papers viewer may show PDF and
// pictures in a frame of ours; nobody else can frame them.
func (s *Server) deskFile(w http.ResponseWriter, r *http.Request, who access.Actor) {
	f, err := s.app.File(r.Context(), who, r.URL.Query().Get("ho-so"), r.PathValue("hash"))
	if err != nil {
		s.deskFail(w, r, who, err)
		return
	}
	s.sendFile(w, r, f)
}

// sendFile answers with the bytes of a file, shown in the browser only where
// that is asked for and safe.
func (s *Server) sendFile(w http.ResponseWriter, r *http.Request, f app.StoredFile) {
	defer f.Body.Close()
	h := w.Header()
	shown, policy := "attachment", "default-src 'none'; sandbox"
	if r.URL.Query().Get("xem") != "" && viewable(f.Type) != "" {
		shown, policy = "inline", policyOf(f.Type)
	}
	h.Set("Content-Type", f.Type)
	h.Set("Content-Disposition", mime.FormatMediaType(shown, map[string]string{"filename": f.Name}))
	h.Set("Content-Length", strconv.FormatInt(f.Size, 10))
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Content-Security-Policy", policy)
	h.Set("Cache-Control", "private, no-store")
	if _, err := io.Copy(w, f.Body); err != nil {
		s.log.WarnContext(r.Context(), "send a file", "err", err)
	}
}
