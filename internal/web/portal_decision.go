package web

import (
	"net/http"
	"net/url"

	"github.com/motcua/motcua/internal/core/fault"
	"github.com/motcua/motcua/internal/core/procedure"
)

// publicDecisionBody is a publication decision for everybody,
// /cong-khai/quyet-dinh/{id}.
type publicDecisionBody struct {
	Crumbs []crumb
	V      procedure.Decision
	Annex  []annexRow
	Files  []scanLink
}

func publicDecisionPath(id string) string { return "/cong-khai/quyet-dinh/" + url.PathEscape(id) }

// scansOf are the scanned pages of a decision with their public addresses.
func scansOf(d procedure.Decision) []scanLink {
	var list []scanLink
	for _, f := range d.Files {
		list = append(list, scanLink{f, publicDecisionPath(d.ID) + "/tep/" + f.Hash})
	}
	return list
}

func (s *Server) portalDecision(w http.ResponseWriter, r *http.Request) {
	d, err := s.app.PublishedDecision(r.Context(), r.PathValue("id"))
	if err != nil {
		s.fail(w, r, err)
		return
	}
	b := publicDecisionBody{V: d, Annex: decisionRows(d.Annex), Files: scansOf(d), Crumbs: []crumb{{Key: "portal.nav.figures", Path: "/cong-khai"}, {Text: d.No}}}
	s.showPortal(w, r, http.StatusOK, "decision", text{Key: "publication.page.one", Args: fault.Args{"no": d.No}}, b)
}

func (s *Server) portalDecisionFile(w http.ResponseWriter, r *http.Request) {
	f, err := s.app.DecisionScan(r.Context(), r.PathValue("id"), r.PathValue("hash"))
	if err != nil {
		s.fail(w, r, err)
		return
	}
	s.sendFile(w, r, f)
}
