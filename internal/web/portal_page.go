package web

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/motcua/motcua/internal/app"
	"github.com/motcua/motcua/internal/core/civil"
)

// portalPage is what the frame of the citizens' portal shows around a page.
type portalPage struct {
	Heading  text
	Home     bool
	Oops     bool
	Centre   app.CentreView
	Place    string // the province as its centre's name says it: Tỉnh Lâm Đồng
	Hours    string // office hours
	Saturday string // reception on Saturdays; empty = none
	Nav      []navLink
	Demo     bool
	Other    languageLink
	Body     any
}

type navLink struct {
	Key, Path string
	Here      bool
}

// crumb is one step of the way from the home page; the last has no Path.
type crumb struct{ Key, Text, Path string }

// portalRoutes registers every page of the portal.
func (s *Server) portalRoutes(mux Router) {
	mux.HandleFunc("GET /{$}", s.portalHome)
	mux.HandleFunc("GET /thu-tuc", s.portalProcedures)
	mux.HandleFunc("GET /thu-tuc/{code}", s.portalProcedure)
	mux.HandleFunc("GET /tra-cuu", s.portalTrack)
	mux.HandleFunc("POST /tra-cuu", s.portalTrackPost)
	mux.HandleFunc("POST /tra-cuu/van-ban", s.portalTrackFile)
	mux.HandleFunc("GET /xac-thuc", s.portalVerify)
	mux.HandleFunc("POST /xac-thuc", s.portalVerifyPost)
	mux.HandleFunc("GET /cong-khai", s.portalFigures)
	mux.HandleFunc("GET /cong-khai/quyet-dinh/{id}", s.portalDecision)
	mux.HandleFunc("GET /cong-khai/quyet-dinh/{id}/tep/{hash}", s.portalDecisionFile)
	mux.HandleFunc("GET /can-bo", s.portalPeople)
	mux.HandleFunc("GET /huong-dan", s.portalGuide)
}

// portalPage makes the frame around a body.
func (s *Server) portalPage(r *http.Request, heading text, body any) portalPage {
	c := s.app.Centre()
	p := portalPage{Heading: heading, Centre: c, Place: placeOf(c), Hours: hoursText(c.Hours), Demo: s.app.Demo(), Other: s.otherLanguage(r), Body: body}
	if c.Saturday != nil {
		p.Saturday = hoursText([]civil.Interval{*c.Saturday})
	}
	for _, link := range []navLink{
		{Key: "portal.nav.procedures", Path: "/thu-tuc"}, {Key: "portal.nav.track", Path: "/tra-cuu"},
		{Key: "portal.nav.verify", Path: "/xac-thuc"}, {Key: "portal.nav.figures", Path: "/cong-khai"}, {Key: "portal.nav.guide", Path: "/huong-dan"},
	} {
		link.Here = r.URL.Path == link.Path || strings.HasPrefix(r.URL.Path, link.Path+"/")
		p.Nav = append(p.Nav, link)
	}
	return p
}

// showPortal draws a page of the portal.
func (s *Server) showPortal(w http.ResponseWriter, r *http.Request, status int, name string, heading text, body any) {
	s.render(w, r, status, "portal/"+name, s.portalPage(r, heading, body))
}

// placeOf takes the province out of the centre's name, with its kind: a city
// under the central government is no tỉnh.
func placeOf(c app.CentreView) string {
	if i := strings.LastIndex(c.Name, c.Province); i > 0 && c.Province != "" {
		words := strings.Fields(c.Name[:i])
		if n := len(words); n > 0 && words[n-1] == "tỉnh" {
			return "Tỉnh " + c.Province
		}
		if n := len(words); n > 1 && words[n-2]+" "+words[n-1] == "thành phố" {
			return "Thành phố " + c.Province
		}
	}
	return c.Province
}

// hoursText writes office hours: 07:30–11:30, 13:30–17:00.
func hoursText(hours []civil.Interval) string {
	parts := make([]string, len(hours))
	for i, h := range hours {
		parts[i] = h.From.String() + "–" + h.To.String()
	}
	return strings.Join(parts, ", ")
}

// withQuery adds parameters to a local address, leaving out empty ones and
// replacing those that are there.
func withQuery(path string, pairs ...string) string {
	base, raw, _ := strings.Cut(path, "?")
	q, err := url.ParseQuery(raw)
	if err != nil {
		q = url.Values{}
	}
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1] == "" {
			q.Del(pairs[i])
			continue
		}
		q.Set(pairs[i], pairs[i+1])
	}
	if len(q) == 0 {
		return base
	}
	return base + "?" + q.Encode()
}
