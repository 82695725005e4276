package web

import (
	"encoding/json"
	"net/http"
	"strings"

	"github.com/motcua/motcua/internal/core/fault"
	"github.com/motcua/motcua/internal/httpkit"
)

// httpStatus maps a kind of fault to its status.
func httpStatus(k fault.Kind) int {
	switch k {
	case fault.NotFound:
		return http.StatusNotFound
	case fault.Forbidden:
		return http.StatusForbidden
	case fault.Invalid:
		return http.StatusUnprocessableEntity
	case fault.Conflict:
		return http.StatusConflict
	case fault.Unavailable:
		return http.StatusServiceUnavailable
	}
	return http.StatusInternalServerError
}

// oopsBody is a page that cannot be shown, with the way on.
type oopsBody struct {
	Icon    string
	Heading text
	Text    string // a fault's sentence, or the page's own
	Ref     string // request id (mã lỗi); only for our mistakes
	Again   string
}

// fail answers an error on a public page. An error without a kind is ours: it
// is logged under the request id that the page shows as Mã lỗi.
func (s *Server) fail(w http.ResponseWriter, r *http.Request, err error) {
	kind := fault.KindOf(err)
	if kind == fault.Internal {
		s.log.ErrorContext(r.Context(), "page", "id", httpkit.RequestID(r.Context()), "err", err)
		s.broken(w, r)
		return
	}
	b := oopsBody{Icon: "circle-alert", Heading: text{Key: "portal.oops." + kind.String()}, Text: s.words.Fault(httpkit.Language(r), fault.As(err))}
	switch kind {
	case fault.NotFound:
		b.Icon = "file-question"
	case fault.Unavailable:
		b.Icon, b.Again = "hourglass", againPath(r)
		w.Header().Set("Retry-After", "30")
	}
	s.oops(w, r, httpStatus(kind), b)
}

// notFound answers an address that no page has.
func (s *Server) notFound(w http.ResponseWriter, r *http.Request) {
	s.fail(w, r, fault.New(fault.NotFound, "portal.page_unknown", nil))
}

// otherSite refuses a form that a page of another site sent.
func (s *Server) otherSite(w http.ResponseWriter, r *http.Request) {
	s.fail(w, r, fault.New(fault.Forbidden, "httpkit.other_site", nil))
}

// broken answers when something of ours failed. It draws nothing that could
// fail again: should the page itself be broken, plain words follow.
func (s *Server) broken(w http.ResponseWriter, r *http.Request) {
	s.oops(w, r, http.StatusInternalServerError, oopsBody{
		Icon: "triangle-alert", Heading: text{Key: "portal.oops.internal"}, Text: s.say(r, "portal.oops.internal_text", nil),
		Ref: httpkit.RequestID(r.Context()), Again: againPath(r),
	})
}

// againPath is the address to try once more; only a reading can be tried again.
func againPath(r *http.Request) string {
	if r.Method != http.MethodGet {
		return ""
	}
	return r.URL.RequestURI()
}

// oops draws an error page, or a problem document where the API was asked.
func (s *Server) oops(w http.ResponseWriter, r *http.Request, status int, b oopsBody) {
	w.Header().Set("Cache-Control", "no-store")
	if strings.HasPrefix(r.URL.Path, "/api/") {
		s.problem(w, r, status, b)
		return
	}
	p := s.portalPage(r, b.Heading, b)
	p.Oops = true
	page := s.pages[httpkit.Language(r)]["portal/oops"]
	var out strings.Builder
	if err := page.ExecuteTemplate(&out, "portal", p); err != nil {
		s.log.ErrorContext(r.Context(), "draw the error page", "id", httpkit.RequestID(r.Context()), "err", err)
		http.Error(w, b.Text+" "+b.Ref, status)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Add("Vary", "Cookie")
	w.WriteHeader(status)
	_, _ = w.Write([]byte(out.String())) // a client that has gone away cannot be told
}

// problem answers as RFC 9457 where no handler of the API did.
func (s *Server) problem(w http.ResponseWriter, r *http.Request, status int, b oopsBody) {
	w.Header().Set("Content-Type", "application/problem+json")
	w.WriteHeader(status)
	detail := b.Text
	if b.Ref != "" {
		detail += " " + s.say(r, "portal.oops.ref", nil) + ": " + b.Ref
	}
	_ = json.NewEncoder(w).Encode(map[string]any{ // as above
		"type": "about:blank", "title": http.StatusText(status), "status": status, "detail": detail,
	})
}

func writeJSON(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	// A client that has gone away cannot be told anything more.
	_ = json.NewEncoder(w).Encode(v)
}
