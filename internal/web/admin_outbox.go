package web

import (
	"net/http"

	"github.com/motcua/motcua/internal/app"
	"github.com/motcua/motcua/internal/core/access"
	"github.com/motcua/motcua/internal/core/fault"
	"github.com/motcua/motcua/internal/core/notice"
)

// outboxBody is the outbox (thư đi), /quan-tri/thu-di: what leaves for
// applicants, without what it says and with masked addresses.
type outboxBody struct {
	Form     form
	Channels []app.ChannelRow
	Tabs     []tabLink
	Rows     []outboxLine
	NextPath string
}

type outboxLine struct {
	app.OutboxRow
	Links  []letterLink
	Open   string
	Tone   string
	Icon   string
	Path   string
	Action string
}

// letterLink is a signed slip that goes with a message; Path is empty for whoever
// may not read it.
type letterLink struct {
	Key, Name, Path string
	Size            int64
}

const outboxPath = "/quan-tri/thu-di"

func (s *Server) adminOutbox(w http.ResponseWriter, r *http.Request, who access.Actor) {
	s.showOutbox(w, r, who, http.StatusOK, newForm(""))
}

func (s *Server) showOutbox(w http.ResponseWriter, r *http.Request, who access.Actor, status int, f form) {
	state := stateOf(r.URL.Query().Get("loc"))
	page, err := s.app.Outbox(r.Context(), who, app.OutboxQuery{State: state, Cursor: r.URL.Query().Get("tiep")})
	if err != nil {
		s.deskFail(w, r, who, err)
		return
	}
	b := outboxBody{Form: f, Channels: page.Channels}
	total := 0
	for _, n := range page.Counts {
		total += n
	}
	b.Tabs = append(b.Tabs, tabLink{Key: "message.page.all", N: total, Here: state == "", Path: outboxPath})
	for _, x := range notice.States() {
		b.Tabs = append(b.Tabs, tabLink{Key: x.Key(), N: page.Counts[x], Here: x == state, Path: withQuery(outboxPath, "loc", string(x))})
	}
	for _, row := range page.Rows {
		line := outboxLine{OutboxRow: row, Open: dossierPath(row.Code), Path: outboxPath + "/" + row.ID + "/gui-lai", Action: s.newAction()}
		line.Tone, line.Icon = messageLook(row.State)
		for _, f := range row.Files {
			link := letterLink{Key: "desk.slip." + f.Form, Name: f.Name, Size: f.Size}
			if row.CanOpen {
				link.Path = outboxPath + "/" + row.ID + "/tep/" + f.Hash
			}
			line.Links = append(line.Links, link)
		}
		b.Rows = append(b.Rows, line)
	}
	if page.Next != "" {
		b.NextPath = withQuery(outboxPath, "loc", string(state), "tiep", page.Next)
	}
	s.deskPage(w, r, who, status, "admin/outbox", text{Key: "message.page.heading"}, b)
}

// stateOf reads the filter of an address.
func stateOf(text string) notice.State {
	for _, s := range notice.States() {
		if string(s) == text {
			return s
		}
	}
	return ""
}

func messageLook(s notice.State) (tone, icon string) {
	switch s {
	case notice.Sent:
		return "ok", "circle-check"
	case notice.Failed:
		return "late", "circle-x"
	case notice.Held:
		return "wait", "pause"
	}
	return "warn", "send"
}

// adminRetryMessage puts one message into the outbox again.
func (s *Server) adminRetryMessage(w http.ResponseWriter, r *http.Request, who access.Actor) {
	f, _, err := s.readForm(r, who)
	if err == nil && !resumed(r) {
		err = s.app.RetryMessage(r.Context(), who, f.Action, r.PathValue("id"))
	}
	switch {
	case err == nil:
		http.Redirect(w, r, withQuery(outboxPath, "xong", "thu-di"), http.StatusSeeOther)
	case fault.KindOf(err) == fault.Conflict:
		s.showOutbox(w, r, who, http.StatusConflict, f.with(err))
	default:
		s.deskFail(w, r, who, err)
	}
}

// adminMessageFile opens a signed slip that goes with a message.
func (s *Server) adminMessageFile(w http.ResponseWriter, r *http.Request, who access.Actor) {
	f, err := s.app.MessageFile(r.Context(), who, r.PathValue("id"), r.PathValue("hash"))
	if err != nil {
		s.deskFail(w, r, who, err)
		return
	}
	s.sendLetter(w, r, f)
}
