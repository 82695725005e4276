package web

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/motcua/motcua/internal/app"
	"github.com/motcua/motcua/internal/core/access"
	"github.com/motcua/motcua/internal/core/fault"
	"github.com/motcua/motcua/internal/core/procedure"
)

const decisionsPath = "/quan-tri/quyet-dinh"

// decisionsBody lists the publication decisions (quyết định công bố),
// /quan-tri/quyet-dinh: those that wait, then those in force.
type decisionsBody struct {
	Waiting  []waitingLine
	Rows     []decisionLine
	New      string
	NextPath string
}

type waitingLine struct {
	procedure.Publication
	Path string
	N    int
}

type decisionLine struct {
	procedure.Decision
	Path                    string
	Opened, Changed, Closed int
}

func decisionPath(id string) string { return decisionsPath + "/" + url.PathEscape(id) }

func (s *Server) adminDecisions(w http.ResponseWriter, r *http.Request, who access.Actor) {
	page, err := s.app.Decisions(r.Context(), who, r.URL.Query().Get("tiep"))
	if err != nil {
		s.deskFail(w, r, who, err)
		return
	}
	waiting, err := s.app.WaitingPublications(r.Context(), who)
	if err != nil {
		s.deskFail(w, r, who, err)
		return
	}
	var b decisionsBody
	for _, p := range waiting {
		b.Waiting = append(b.Waiting, waitingLine{p, decisionsPath + "/cho/" + p.ID, len(p.Lines)})
	}
	for _, d := range page.Rows {
		n := d.Summary()
		b.Rows = append(b.Rows, decisionLine{d, decisionPath(d.ID), n[procedure.Opened], n[procedure.Changed], n[procedure.Closed]})
	}
	if access.May(who, access.ManageProcedure) {
		b.New = decisionsPath + "/moi"
	}
	if page.Next != "" {
		b.NextPath = withQuery(decisionsPath, "tiep", page.Next)
	}
	s.deskPage(w, r, who, http.StatusOK, "admin/decisions", text{Key: "publication.page.nav"}, b)
}

// decisionBody is the record of one decision, /quan-tri/quyet-dinh/{id}.
type decisionBody struct {
	V      procedure.Decision
	Annex  []annexRow
	Public string // its page for everybody
	Files  []scanLink
	Back   string
}

// annexRow is a line of an annex as people read it.
type annexRow struct {
	procedure.PublicationLine
	Effect, What  string // message keys
	Before, After fault.Line
}

type scanLink struct {
	procedure.DecisionFile
	Path string
}

func annexRows(lines []procedure.PublicationLine) []annexRow {
	list := make([]annexRow, len(lines))
	for i, l := range lines {
		row := annexRow{PublicationLine: l, Effect: l.AnnexLine.Effect.Key(), What: l.AnnexLine.What.Key()}
		if l.AnnexLine.Before != nil && l.AnnexLine.After != nil {
			row.Before, row.After = limitLine(*l.AnnexLine.Before), limitLine(*l.AnnexLine.After)
		}
		list[i] = row
	}
	return list
}

func decisionRows(lines []procedure.AnnexLine) []annexRow {
	list := make([]procedure.PublicationLine, len(lines))
	for i, l := range lines {
		list[i] = procedure.PublicationLine{AnnexLine: l}
	}
	return annexRows(list)
}

func (s *Server) adminDecision(w http.ResponseWriter, r *http.Request, who access.Actor) {
	d, err := s.app.Decision(r.Context(), who, r.PathValue("id"))
	if err != nil {
		s.deskFail(w, r, who, err)
		return
	}
	b := decisionBody{V: d, Annex: decisionRows(d.Annex), Public: publicDecisionPath(d.ID), Back: decisionsPath, Files: scansOf(d)}
	s.deskPage(w, r, who, http.StatusOK, "admin/decision", text{Key: "publication.page.one", Args: fault.Args{"no": d.No}}, b)
}

// publicationBody is a decision that waits for its second person,
// /quan-tri/quyet-dinh/cho/{id}.
type publicationBody struct {
	V        app.PublicationView
	Form     form
	Annex    []annexRow
	Files    []scanLink
	Waits    bool
	Record   string // once it is published
	Publish  string
	Withdraw string
	Actions  [2]string
	Back     string
}

func (s *Server) adminPublication(w http.ResponseWriter, r *http.Request, who access.Actor) {
	s.showPublication(w, r, who, http.StatusOK, newForm(""))
}

func (s *Server) showPublication(w http.ResponseWriter, r *http.Request, who access.Actor, status int, f form) {
	id := r.PathValue("id")
	v, err := s.app.Publication(r.Context(), who, id)
	if err != nil {
		s.deskFail(w, r, who, err)
		return
	}
	b := publicationBody{
		V: v, Form: f, Annex: annexRows(v.Lines), Waits: v.State == procedure.PublicationProposed, Back: decisionsPath, Actions: [2]string{s.newAction(), s.newAction()},
		Withdraw: decisionsPath + "/cho/" + id + "/rut",
	}
	if !v.Own && len(v.Wrong) == 0 {
		b.Publish = decisionsPath + "/cho/" + id + "/cong-bo"
	}
	if v.State == procedure.PublicationDone {
		b.Record = decisionPath(v.Decision.ID)
	}
	for _, file := range v.Files {
		b.Files = append(b.Files, scanLink{file, decisionsPath + "/cho/" + id + "/tep/" + file.Hash})
	}
	s.deskPage(w, r, who, status, "admin/publication", text{Key: "publication.page.one", Args: fault.Args{"no": v.Decision.No}}, b)
}

func (s *Server) adminPublish(w http.ResponseWriter, r *http.Request, who access.Actor) {
	s.decidePublication(w, r, who, func(action, id string) (string, error) {
		d, err := s.app.Publish(r.Context(), who, action, id)
		return decisionPath(d.ID), err
	})
}

func (s *Server) adminWithdrawPublication(w http.ResponseWriter, r *http.Request, who access.Actor) {
	s.decidePublication(w, r, who, func(action, id string) (string, error) {
		return decisionsPath + "/cho/" + id, s.app.WithdrawPublication(r.Context(), who, action, id)
	})
}

func (s *Server) decidePublication(w http.ResponseWriter, r *http.Request, who access.Actor, decide func(action, id string) (string, error)) {
	f, _, err := s.readForm(r, who)
	to := decisionsPath + "/cho/" + r.PathValue("id")
	if err == nil && !resumed(r) {
		to, err = decide(f.Action, r.PathValue("id"))
	}
	switch kind := fault.KindOf(err); {
	case err == nil:
		http.Redirect(w, r, to, http.StatusSeeOther)
	case fault.Is(err, "access.denied"):
		s.deskFail(w, r, who, err)
	case kind == fault.Invalid || kind == fault.Conflict || kind == fault.Forbidden:
		s.showPublication(w, r, who, httpStatus(kind), f.with(err))
	default:
		s.deskFail(w, r, who, err)
	}
}

func (s *Server) adminPublicationFile(w http.ResponseWriter, r *http.Request, who access.Actor) {
	f, err := s.app.PublicationFile(r.Context(), who, r.PathValue("id"), r.PathValue("hash"))
	if err != nil {
		s.deskFail(w, r, who, err)
		return
	}
	s.sendFile(w, r, f)
}

// The form of a decision, /quan-tri/quyet-dinh/moi.

// publicationFormBody is the form, with what was typed would do.
type publicationFormBody struct {
	Form    form
	Path    string
	Back    string
	Head    []control
	Files   control
	Staged  []stagedRef
	Lines   []annexFields
	Preview []annexRow
}

// annexFields is one line of the annex.
type annexFields struct {
	No     int
	Anchor string
	Bad    []*fault.Fault
	Fields []control
}

// firstLines is how many empty lines a form starts with, moreAnnex how many more
// a person gets at a time.
const (
	firstLines = 3
	moreAnnex  = 3
)

// annexChoices are the lines that a decision can have: what, and what happens.
var annexChoices = [...]struct {
	what   procedure.AnnexSubject
	effect procedure.AnnexEffect
}{
	{procedure.AnnexProcedure, procedure.Opened}, {procedure.AnnexProcedure, procedure.Closed}, {procedure.AnnexReception, procedure.Opened},
	{procedure.AnnexReception, procedure.Closed}, {procedure.AnnexLimit, procedure.Changed}, {procedure.AnnexProcess, procedure.Changed}, {procedure.AnnexProcess, procedure.Closed},
}

func (s *Server) adminPublicationForm(w http.ResponseWriter, r *http.Request, who access.Actor) {
	if !access.May(who, access.ManageProcedure) {
		s.deskFail(w, r, who, fault.New(fault.Forbidden, "access.denied", nil))
		return
	}
	f := newForm(s.newAction())
	if code := r.URL.Query().Get("thu-tuc"); code != "" {
		f.Values.Set("annex[0].code", code)
	}
	s.showPublicationForm(w, r, who, f, firstLines, nil)
}

func (s *Server) adminPublicationPost(w http.ResponseWriter, r *http.Request, who access.Actor) {
	f, wrong, err := s.readForm(r, who)
	if err != nil {
		s.deskFail(w, r, who, err)
		return
	}
	f.Faults = append(f.Faults, wrong...)
	in, n := typedPublication(&f)
	in.FileRefs = stagedHashes(stagedIn(f, "files"))
	var preview []procedure.PublicationLine
	switch work := f.Get("viec"); {
	case resumed(r):
	case work == moreLines:
		n += moreAnnex
		f.Faults = nil
	case work == proposeIt && len(f.Faults) == 0:
		var made procedure.Publication
		if made, err = s.app.ProposePublication(r.Context(), who, in); err == nil {
			http.Redirect(w, r, decisionsPath+"/cho/"+made.ID, http.StatusSeeOther)
			return
		}
	default:
		var judged error
		preview, judged = s.app.PreviewPublication(r.Context(), who, in)
		if err = judged; err != nil {
			preview = nil
		}
	}
	if kind := fault.KindOf(err); err != nil && kind != fault.Invalid && kind != fault.Conflict {
		s.deskFail(w, r, who, err)
		return
	}
	f = f.with(err)
	if len(f.Faults) > 0 {
		preview = nil
	}
	s.showPublicationForm(w, r, who, f, n, preview)
}

// typedPublication reads the form and how many lines it shows.
func typedPublication(f *form) (app.PublicationForm, int) {
	in := app.PublicationForm{ActionID: f.Action}
	in.Decision, _ = typedDecision(f, "")
	in.Decision.Kind, in.Decision.Issuer, in.Decision.About = procedure.DecisionKind(f.Get("decision.kind")), f.Get("decision.issuer"), f.Get("decision.about")
	from, n := f.day("from"), 0
	kept := url.Values{}
	for i := 0; f.Values.Has(fmt.Sprintf("annex[%d].code", i)); i++ {
		n = i + 1
		p := fmt.Sprintf("annex[%d].", i)
		code := strings.TrimSpace(f.Get(p + "code"))
		if code == "" && f.Get(p+"limit")+f.Get(p+"successor")+f.Get(p+"case") == "" {
			continue // an empty line is none
		}
		q := fmt.Sprintf("annex[%d].", len(in.Annex))
		for _, name := range []string{"what", "code", "case", "limit", "successor"} {
			kept.Set(q+name, f.Get(p+name)) // lines close up, so that faults stand at theirs
		}
		what, effect, _ := strings.Cut(f.Get(p+"what"), "-")
		in.Annex = append(in.Annex, app.AnnexForm{
			What: procedure.AnnexSubject(what), Effect: procedure.AnnexEffect(effect), Code: code, Case: strings.TrimSpace(f.Get(p + "case")),
			Limit: strings.TrimSpace(f.Get(p + "limit")), Successor: strings.TrimSpace(f.Get(p + "successor")), From: from,
		})
	}
	for name := range f.Values {
		if strings.HasPrefix(name, "annex[") {
			f.Values.Del(name)
		}
	}
	for name, values := range kept {
		f.Values[name] = values
	}
	return in, max(n, firstLines)
}

func (s *Server) showPublicationForm(w http.ResponseWriter, r *http.Request, who access.Actor, f form, lines int, preview []procedure.PublicationLine) {
	var kinds []option
	for _, k := range procedure.DecisionKinds() {
		kinds = append(kinds, option{Value: string(k), Key: k.Key()})
	}
	b := publicationFormBody{Form: f, Path: decisionsPath + "/moi", Back: decisionsPath, Staged: stagedIn(f, "files"), Preview: annexRows(preview)}
	b.Head = append([]control{f.Choose("decision.kind", "publication.page.kind", kinds)}, decisionFields(f, "from", "publication.page.from")...)
	b.Head = append(b.Head, f.Input("decision.issuer", "publication.page.issuer", "maxlength=300"), f.Input("decision.about", "publication.page.about", "maxlength=1000"))
	b.Files = f.Input("files", "publication.page.scan", "hint=publication.page.scan_hint")
	for i := range lines {
		b.Lines = append(b.Lines, annexFieldsOf(f, i))
	}
	s.deskPage(w, r, who, statusOf(f), "admin/publication_form", text{Key: "publication.page.new"}, b)
}

func annexFieldsOf(f form, i int) annexFields {
	p := fmt.Sprintf("annex[%d]", i)
	var choices []option
	for _, c := range annexChoices {
		value := string(c.what) + "-" + string(c.effect)
		choices = append(choices, option{Value: value, Key: "publication.page.do." + value})
	}
	var bad []*fault.Fault
	for _, x := range f.Faults {
		if x.Field == p || x.Field == p+".from" {
			bad = append(bad, x)
		}
	}
	return annexFields{No: i + 1, Anchor: fieldID(p), Bad: slices.Clip(bad), Fields: []control{
		f.Choose(p+".what", "publication.page.what", choices), f.Input(p+".code", "publication.page.code", "maxlength=40", "hint=publication.page.code_hint"),
		f.Input(p+".case", "publication.page.case", "maxlength=80", "hint=publication.page.case_hint"), f.Input(p+".limit", "publication.page.limit", "maxlength=40", "hint=publication.page.limit_hint"),
		f.Input(p+".successor", "publication.page.successor", "maxlength=40", "hint=publication.page.successor_hint"),
	}}
}
