package web

import (
	"net/http"
	"strconv"

	"github.com/motcua/motcua/internal/app"
	"github.com/motcua/motcua/internal/core/access"
	"github.com/motcua/motcua/internal/core/dossier"
)

// summaryBody is one dossier on one page for whoever decides or signs it,
// /nghiep-vu/ho-so/{code}/tom-tat.
type summaryBody struct {
	S            app.SignSummary
	ActKey       string
	Icon         string
	Action       string
	Item         string // the dossier as the form chooses it
	Pill         duePill
	ChannelKey   string
	FeeKey       string
	Lines        []string // of the document, as far as it is a text
	Paper        string   // the document as it would be printed
	Papers       []paperLine
	PapersPath   string
	Parts        *partsBody
	Block        *control
	Queue        string
	Before, Next string
	Whole        string // the dossier's own page
	SendBack     string
	Refuse       string
}

func (s *Server) deskSummary(w http.ResponseWriter, r *http.Request, who access.Actor) {
	v, err := s.app.Summary(r.Context(), who, r.PathValue("code"), dossier.Act(r.URL.Query().Get("viec")))
	if err != nil {
		s.deskFail(w, r, who, err)
		return
	}
	at := func(code string) string {
		if code == "" {
			return ""
		}
		return withQuery(dossierPath(code, "tom-tat"), "viec", string(v.Act))
	}
	b := summaryBody{
		S: v, Action: s.newAction(), Item: v.Name() + "@" + strconv.FormatInt(v.Version, 10), Pill: pillOf(app.DueOf(v.Dossier), s.now()),
		ChannelKey: channelKey(v.Channel), FeeKey: feeKey(v.Fee), Papers: paperLines(v.DossierView), Parts: partsOf(v.DossierView, s.now()),
		Queue: withQuery(signPath, "viec", string(v.Act)), Before: at(v.Before), Next: at(v.Next), Whole: dossierPath(v.Name()),
	}
	if v.Act != "" {
		b.ActKey, b.Icon = v.Act.Key(), looks[v.Act].icon
	}
	if v.Text != nil {
		b.Lines = v.Text.Lines()
	}
	if v.Result != nil && v.Result.Draft != nil || v.Result == nil && v.Proposal != nil && v.Proposal.Draft != nil {
		b.Paper = dossierPath(v.Name(), "phieu", "result.pdf")
	}
	if len(v.Files()) > 0 {
		b.PapersPath = dossierPath(v.Name(), "giay-to")
	}
	for _, o := range v.Offers {
		link := withQuery(b.Whole, "ve", b.Queue) + "#act-" + string(o.Act)
		switch o.Act {
		case dossier.SendBack:
			b.SendBack = link
		case dossier.Refuse:
			b.Refuse = link
		}
	}
	if v.Act == dossier.Sign && len(v.Blocks) > 0 {
		var options []option
		for _, c := range v.Blocks {
			options = append(options, option{Value: c.Value(), Text: s.signChoice(r, c)})
		}
		block := newForm("").Choose("khoi", "result.page.block", options)
		b.Block = &block
	}
	s.deskPage(w, r, who, http.StatusOK, "desk/sign_summary", text{Key: "signing.summary"}, b)
}
