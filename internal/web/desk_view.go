package web

import (
	"net/http"
	"net/url"

	"github.com/motcua/motcua/internal/core/access"
	"github.com/motcua/motcua/internal/core/agency"
	"github.com/motcua/motcua/internal/core/fault"
)

const viewsPath = "/nghiep-vu/bo-loc"

// savedViewLink is one saved view of the inbox.
type savedViewLink struct {
	Name, Path, Action string
	Here               bool
}

// viewFields are the parts of an inbox's address that a view keeps: no place in
// the list and no chosen dossier.
var viewFields = [...]string{"nhom", "kenh", "buoc", "thu-tuc"}

// viewOf is the part of an inbox's address that a view keeps, always written
// alike.
func viewOf(q url.Values) string {
	kept := url.Values{}
	for _, name := range viewFields {
		if x := q.Get(name); x != "" {
			kept.Set(name, x)
		}
	}
	return kept.Encode()
}

// viewLinks are the officer's saved views as links.
func (s *Server) viewLinks(r *http.Request, who access.Actor, now string) ([]savedViewLink, error) {
	list, err := s.app.SavedViews(r.Context(), who)
	var out []savedViewLink
	for _, v := range list {
		out = append(out, savedViewLink{Name: v.Name, Path: "/nghiep-vu?" + v.Query, Action: s.newAction(), Here: v.Query == now})
	}
	return out, err
}

// deskSaveView keeps the present way of looking at the inbox under a name, or
// forgets one.
func (s *Server) deskSaveView(w http.ResponseWriter, r *http.Request, who access.Actor) {
	f, _, err := s.readForm(r, who)
	if err != nil {
		s.deskFail(w, r, who, err)
		return
	}
	list, err := url.ParseQuery(f.Get("xem"))
	if err != nil {
		list = url.Values{}
	}
	view := viewOf(list)
	switch {
	case resumed(r):
		s.showInbox(w, r, who, http.StatusOK, list, nil, f)
		return
	case f.Get("bo") != "":
		err = s.app.DropView(r.Context(), who, f.Action, f.Get("bo"))
	default:
		err = s.app.SaveView(r.Context(), who, f.Action, agency.SavedView{Name: f.Get("name"), Query: view})
	}
	switch {
	case err != nil && fault.KindOf(err) == fault.Invalid:
		s.showInbox(w, r, who, http.StatusUnprocessableEntity, list, nil, f.with(err))
	case err != nil:
		s.deskFail(w, r, who, err)
	default:
		http.Redirect(w, r, "/nghiep-vu?"+view, http.StatusSeeOther)
	}
}
