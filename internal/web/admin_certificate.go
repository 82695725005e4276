package web

import (
	"net/http"
	"strings"

	"github.com/motcua/motcua/internal/app"
	"github.com/motcua/motcua/internal/core/access"
	"github.com/motcua/motcua/internal/core/civil"
	"github.com/motcua/motcua/internal/core/fault"
)

const certificatesPath = "/quan-tri/chung-thu"

// certificatesBody is the register of signing certificates, /quan-tri/chung-thu:
// what needs something stands first.
type certificatesBody struct {
	Form  form
	Rows  []certificateLine
	Wants int // expired, missing or about to expire
}

type certificateLine struct {
	app.CertificateRow
	Tone, Icon, Key string
	Action          string
	Open            bool
	From, To, File  control
	Reason          control
}

func (s *Server) adminCertificates(w http.ResponseWriter, r *http.Request, who access.Actor) {
	s.showCertificates(w, r, who, http.StatusOK, newForm(s.newAction()))
}

func (s *Server) showCertificates(w http.ResponseWriter, r *http.Request, who access.Actor, status int, f form) {
	rows, err := s.app.Certificates(r.Context(), who)
	if err != nil {
		s.deskFail(w, r, who, err)
		return
	}
	b := certificatesBody{Form: f}
	for _, row := range rows {
		own := newForm(s.newAction())
		line := certificateLine{CertificateRow: row, Tone: "ok", Icon: "circle-check", Key: "result.certificate.holds", Open: row.ID == f.Get("id")}
		if line.Open {
			own = f
		}
		switch {
		case row.None:
			line.Tone, line.Icon, line.Key = "warn", "hourglass", "result.certificate.none"
		case !row.Revoked.IsZero():
			line.Tone, line.Icon, line.Key = "late", "ban", "result.certificate.revoked"
		case row.Expired:
			line.Tone, line.Icon, line.Key = "late", "circle-alert", "result.certificate.expired"
		case row.Soon:
			line.Tone, line.Icon, line.Key = "warn", "calendar-clock", "result.certificate.soon"
		}
		if line.Tone != "ok" {
			b.Wants++
		}
		line.Action = own.Action
		id := fieldID(row.ID)
		line.From = own.Input("from", "result.certificate.from", "type=date").Under(id)
		line.To = own.Input("to", "result.certificate.to", "type=date").Under(id)
		line.File = own.Input("file", "result.certificate.file", "hint=result.certificate.file_hint").Under(id)
		line.Reason = own.Input("reason", "result.certificate.why", "maxlength=300").Under(id)
		b.Rows = append(b.Rows, line)
	}
	s.deskPage(w, r, who, status, "admin/certificates", text{Key: "result.certificate.heading"}, b)
}

// adminSaveCertificate registers, renews or revokes a certificate, by the button
// that was pressed.
func (s *Server) adminSaveCertificate(w http.ResponseWriter, r *http.Request, who access.Actor) {
	f, _, err := s.readForm(r, who)
	if err != nil {
		s.deskFail(w, r, who, err)
		return
	}
	if resumed(r) {
		s.showCertificates(w, r, who, http.StatusOK, f)
		return
	}
	done := "chung-thu"
	if f.Get("viec") == "thu-hoi" {
		done = "chung-thu-huy"
		err = s.app.RevokeCertificate(r.Context(), who, f.Action, f.Get("id"), f.Get("reason"))
	} else {
		in := app.CertificateForm{ActionID: f.Action, ID: f.Get("id"), PEM: f.Get("file")}
		for _, x := range []struct {
			name string
			into *civil.Date
		}{{"from", &in.From}, {"to", &in.To}} {
			if text := strings.TrimSpace(f.Get(x.name)); text != "" {
				day, bad := civil.ParseDate(text)
				if bad != nil {
					f.Faults = append(f.Faults, fault.Field(x.name, "civil.date_form", fault.Args{"text": text}))
				}
				*x.into = day
			}
		}
		if len(f.Faults) == 0 {
			err = s.app.RegisterCertificate(r.Context(), who, in)
		}
	}
	switch kind := fault.KindOf(err); {
	case err == nil && len(f.Faults) == 0:
		http.Redirect(w, r, withQuery(certificatesPath, "xong", done), http.StatusSeeOther)
	case err == nil, kind == fault.Invalid:
		if err != nil {
			f = f.with(err)
		}
		s.showCertificates(w, r, who, http.StatusUnprocessableEntity, f)
	case kind == fault.Conflict, kind == fault.NotFound:
		f = f.with(err)
		s.showCertificates(w, r, who, http.StatusConflict, f)
	default:
		s.deskFail(w, r, who, err)
	}
}
