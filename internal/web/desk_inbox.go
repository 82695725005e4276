package web

import (
	"github.com/motcua/motcua/internal/app"
	"net/http"
	"net/url"

	"github.com/motcua/motcua/internal/core/access"
	"github.com/motcua/motcua/internal/core/dossier"
)

// inboxBody is the officer's work (hộp việc), /nghiep-vu.
type inboxBody struct {
	Tab      app.InboxTab
	TabKey   string
	EmptyKey string
	Tabs     []tabLink
	Channel  string
	Channels []option
	Step     string
	Steps    []option
	Like     string // what the procedure is searched by
	Views    []savedViewLink
	View     string  // the present way of looking, as a view keeps it
	Name     control // name of a view to save
	SavePath string
	Action   string
	Count    int
	Rows     []rowView
	NextPath string
	Chosen   *panelBody
	Live     string // where the page is told that it has changed
	Bulk     *bulkBar
	Report   *bulkReport
}

type tabLink struct {
	Key  string
	Path string
	N    int
	Here bool
}

// rowView is one dossier in a list, ready to draw.
type rowView struct {
	app.DossierRow
	Pill       duePill
	ChannelKey string
	Pick       string // shows it beside the list
	Open       string // its own page
	Here       bool
	Choose     string // value of its checkbox; empty = nothing to choose it for
	Chosen     bool
}

// panelBody is the dossier chosen in the inbox.
type panelBody struct {
	View       app.DossierView
	Pill       duePill
	ChannelKey string
	FeeKey     string
	Files      int
	Steps      []step
	Acts       []quickAct
	Open       string
}

// quickAct is a button of the panel: it acts at once when nothing has to be
// filled in, else it leads to the act's form.
type quickAct struct {
	Key, Icon, Path, Action, Back string
	Version                       int64
	Primary, Direct               bool
}

// deskInbox shows one tab of the officer's work, and the chosen dossier beside it.
func (s *Server) deskInbox(w http.ResponseWriter, r *http.Request, who access.Actor) {
	if home := homeOf(who); home != "/nghiep-vu" && r.URL.RawQuery == "" {
		http.Redirect(w, r, home, http.StatusSeeOther)
		return
	}
	s.showInbox(w, r, who, http.StatusOK, r.URL.Query(), nil, form{})
}

// showInbox draws the inbox that an address asks for, with the report of a batch
// above it if there was one.
func (s *Server) showInbox(w http.ResponseWriter, r *http.Request, who access.Actor, status int, q url.Values, report *bulkReport, view form) {
	query := inboxQueryOf(q)
	page, err := s.app.Inbox(r.Context(), who, query)
	if err != nil {
		s.deskFail(w, r, who, err)
		return
	}
	filters := []string{"kenh", string(query.Channel), "buoc", string(query.Step), "thu-tuc", query.Procedure}
	here := func(set ...string) string {
		return withQuery("/nghiep-vu", append(append([]string{"nhom", string(query.Tab)}, filters...), set...)...)
	}
	b := inboxBody{
		Tab: query.Tab, TabKey: query.Tab.Key(), EmptyKey: "desk.empty." + string(query.Tab), Count: page.Counts[query.Tab],
		Channel: string(query.Channel), Channels: channelOptions("desk.channel.every"),
	}
	for _, t := range app.InboxTabs() {
		b.Tabs = append(b.Tabs, tabLink{Key: t.Key(), N: page.Counts[t], Here: t == query.Tab, Path: withQuery("/nghiep-vu", append([]string{"nhom", string(t)}, filters...)...)})
	}
	if page.Next != "" {
		b.NextPath = here("tiep", page.Next)
	}
	b.Rows = s.rowViews(r, page.Rows)
	chosen := q.Get("chon")
	for i := range b.Rows {
		row := &b.Rows[i]
		row.Pick = here("tiep", query.Cursor, "chon", row.Code)
		row.Here = row.Code == chosen
	}
	if chosen != "" {
		v, err := s.app.Dossier(r.Context(), who, chosen)
		if err != nil {
			s.deskFail(w, r, who, err)
			return
		}
		b.Chosen = s.panel(r, v, here("tiep", query.Cursor))
	}
	b.Report = report
	b.Live = withQuery(livePath, append([]string{"nhom", string(query.Tab)}, filters...)...)
	b.Step, b.Steps, b.Like, b.View, b.SavePath = string(query.Step), stepKinds(), query.Procedure, viewOf(q), viewsPath
	if view.Action == "" {
		view = newForm(s.newAction())
	}
	b.Action, b.Name = view.Action, view.Input("name", "inbox.view.name", "maxlength=60", "required")
	if b.Views, err = s.viewLinks(r, who, b.View); err != nil {
		s.deskFail(w, r, who, err)
		return
	}
	if b.Bulk, err = s.bulkBar(r, who, b.Rows, report, here("tiep", query.Cursor)); err != nil {
		s.deskFail(w, r, who, err)
		return
	}
	s.deskPage(w, r, who, status, "desk/inbox", text{Key: "desk.inbox.heading"}, b)
}

// stepKinds are the kinds of step that an inbox can be narrowed to.
func stepKinds() []option {
	out := []option{{Key: "inbox.every_step"}}
	for _, k := range dossier.TaskKinds() {
		out = append(out, option{Value: string(k), Key: k.Key()})
	}
	return out
}

func (s *Server) rowViews(r *http.Request, rows []app.DossierRow) []rowView {
	now := s.now()
	out := make([]rowView, 0, len(rows))
	for _, row := range rows {
		out = append(out, rowView{DossierRow: row, Pill: pillOf(row.Due, now), ChannelKey: channelKey(row.Channel), Open: dossierPath(row.Code)})
	}
	return out
}

func (s *Server) panel(r *http.Request, v app.DossierView, back string) *panelBody {
	open := dossierPath(v.Name())
	p := &panelBody{
		View: v, Pill: pillOf(app.DueOf(v.Dossier), s.now()), ChannelKey: channelKey(v.Channel), FeeKey: feeKey(v.Fee),
		Steps: timeline(v, 4, 0, false), Open: open,
	}
	for _, paper := range v.Papers {
		p.Files += len(paper.Files)
	}
	first := leadingOf(v.Offers)
	for _, o := range v.Offers {
		look, ok := looks[o.Act]
		if !ok || o.Act != first && (look.danger || len(p.Acts) > 2) {
			continue
		}
		a := quickAct{Key: o.Act.Key(), Icon: look.icon, Primary: o.Act == first, Direct: len(look.fields) == 0 && o.Act != dossier.Correct, Version: v.Version, Back: back}
		if a.Direct {
			a.Path, a.Action = dossierPath(v.Name(), string(o.Act)), s.newAction()
		} else {
			a.Path = open + "#act-" + string(o.Act)
		}
		if a.Primary {
			p.Acts = append([]quickAct{a}, p.Acts...)
		} else {
			p.Acts = append(p.Acts, a)
		}
	}
	p.Acts = p.Acts[:min(3, len(p.Acts))]
	return p
}

func tabOf(text string) app.InboxTab {
	for _, t := range app.InboxTabs() {
		if string(t) == text {
			return t
		}
	}
	return app.TabMine
}

// channelOf reads a channel from an address; anything else means every channel.
func channelOf(text string) dossier.Channel {
	switch c := dossier.Channel(text); c {
	case dossier.Direct, dossier.Online, dossier.Post:
		return c
	}
	return ""
}

func channelOptions(every string) []option {
	return []option{
		{Value: "", Key: every}, {Value: string(dossier.Direct), Key: channelKey(dossier.Direct)},
		{Value: string(dossier.Online), Key: channelKey(dossier.Online)}, {Value: string(dossier.Post), Key: channelKey(dossier.Post)},
	}
}
