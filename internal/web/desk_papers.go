package web

import (
	"net/http"

	"github.com/motcua/motcua/internal/app"
	"github.com/motcua/motcua/internal/core/access"
	"github.com/motcua/motcua/internal/core/dossier"
	"github.com/motcua/motcua/internal/core/fault"
)

// papersBody is the papers viewer of a dossier (xem giấy tờ),
// /nghiep-vu/ho-so/{code}/giay-to: the checklist beside the chosen file.
type papersBody struct {
	V          app.DossierView
	Open       string // the dossier's page
	Groups     []paperGroup
	Here       *paperFile
	Prev, Next string
	At, Of     int
}

// paperGroup is one line of the checklist with its files.
type paperGroup struct {
	Key, Text string // message key, else a name
	Paper     *dossier.Paper
	Note      string
	Files     []paperFile
	Here      bool
}

type paperFile struct {
	fileLink
	Pick string // shows it here
	View string // "pdf", "picture" or empty: only to be saved
	Src  string
	Here bool
}

// viewable says how a browser can show a file of a type, if it can.
func viewable(mediaType string) string {
	switch mediaType {
	case "application/pdf":
		return "pdf"
	case "image/jpeg", "image/png":
		return "picture"
	}
	return ""
}

// policyOf keeps a shown file from running or loading anything. The browser's own
// reader of PDF does not work in a sandbox; it runs apart from our pages anyway.
func policyOf(mediaType string) string {
	if viewable(mediaType) == "pdf" {
		return "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'self'"
	}
	return "default-src 'none'; img-src 'self'; sandbox; frame-ancestors 'self'"
}

// deskPapers shows the files of a dossier beside its checklist.
func (s *Server) deskPapers(w http.ResponseWriter, r *http.Request, who access.Actor) {
	v, err := s.app.Dossier(r.Context(), who, r.PathValue("code"))
	if err != nil {
		s.deskFail(w, r, who, err)
		return
	}
	b := papersBody{V: v, Open: dossierPath(v.Name()), Groups: paperGroups(v)}
	b.choose(r.URL.Query().Get("tep"))
	s.deskPage(w, r, who, http.StatusOK, "desk/papers", text{Key: "inbox.papers.heading", Args: fault.Args{"code": v.Name()}}, b)
}

// choose opens the file with a hash, else the first.
func (b *papersBody) choose(hash string) {
	var all []*paperFile
	at := 0
	for g := range b.Groups {
		for i := range b.Groups[g].Files {
			f := &b.Groups[g].Files[i]
			if f.hash == hash && hash != "" {
				at = len(all)
			}
			all = append(all, f)
		}
	}
	if len(all) == 0 {
		return
	}
	b.Here, b.At, b.Of = all[at], at+1, len(all)
	b.Here.Here = true
	if at > 0 {
		b.Prev = all[at-1].Pick
	}
	if at+1 < len(all) {
		b.Next = all[at+1].Pick
	}
}

// paperGroups is the checklist: each paper with its files, then what officers
// added.
func paperGroups(v app.DossierView) []paperGroup {
	var out []paperGroup
	for _, p := range v.Papers {
		out = append(out, paperGroup{Text: p.Name, Paper: &p, Note: v.Notes[p.ID], Files: paperFiles(v.Name(), p.Files)})
	}
	add := func(key, name string, files []dossier.File) {
		if len(files) > 0 {
			out = append(out, paperGroup{Key: key, Text: name, Files: paperFiles(v.Name(), files)})
		}
	}
	for _, c := range v.Consulted {
		add("desk.opinion", c.UnitName, c.Files)
	}
	for _, rec := range v.Records {
		add("inbox.record", rec.By, rec.Files)
	}
	if v.Result != nil {
		add("desk.result", "", v.Result.Files)
	}
	for _, old := range v.Recalled {
		add("inbox.recalled", "", old.Files)
	}
	return out
}

func paperFiles(code string, files []dossier.File) []paperFile {
	var out []paperFile
	for i, link := range fileLinks(code, files) {
		out = append(out, paperFile{
			fileLink: link, View: viewable(files[i].Type), Src: withQuery(link.Path, "xem", "1"),
			Pick: withQuery(dossierPath(code, "giay-to"), "tep", link.hash),
		})
	}
	return out
}
