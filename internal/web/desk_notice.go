package web

import (
	"net/http"
	"time"

	"github.com/motcua/motcua/internal/core/access"
	"github.com/motcua/motcua/internal/core/fault"
)

// noticesBody is the bell of an officer (thông báo), /nghiep-vu/thong-bao.
type noticesBody struct {
	Unread   int
	Rows     []noticeLine
	All      string // action id of reading everything
	NextPath string
}

type noticeLine struct {
	ID     string
	At     time.Time
	Line   fault.Line
	Unread bool
	Open   string // page of the dossier; empty when it is about none
	Action string
}

const noticesPath = "/nghiep-vu/thong-bao"

func (s *Server) deskNotices(w http.ResponseWriter, r *http.Request, who access.Actor) {
	page, err := s.app.Notices(r.Context(), who, r.URL.Query().Get("tiep"))
	if err != nil {
		s.deskFail(w, r, who, err)
		return
	}
	b := noticesBody{Unread: page.Unread, All: s.newAction()}
	for _, n := range page.Rows {
		line := noticeLine{ID: n.ID, At: n.At, Line: n.Line, Unread: n.Unread, Action: s.newAction()}
		if n.Code != "" {
			line.Open = dossierPath(n.Code)
		}
		b.Rows = append(b.Rows, line)
	}
	if page.Next != "" {
		b.NextPath = withQuery(noticesPath, "tiep", page.Next)
	}
	s.deskPage(w, r, who, http.StatusOK, "desk/notices", text{Key: "notice.page.heading"}, b)
}

// deskReadNotices marks one notice as read, or all when the form names none.
func (s *Server) deskReadNotices(w http.ResponseWriter, r *http.Request, who access.Actor) {
	f, _, err := s.readForm(r, who)
	if err == nil && !resumed(r) {
		err = s.app.ReadNotices(r.Context(), who, f.Action, f.Values["thong-bao"]...)
	}
	if err != nil {
		s.deskFail(w, r, who, err)
		return
	}
	http.Redirect(w, r, noticesPath, http.StatusSeeOther)
}
