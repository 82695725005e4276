package web

import (
	"cmp"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/motcua/motcua/internal/app"
	"github.com/motcua/motcua/internal/core/access"
	"github.com/motcua/motcua/internal/core/fault"
	"github.com/motcua/motcua/internal/core/process"
)

const processesPath = "/quan-tri/quy-trinh"

// processPath is a page of one process; its case stands in the query.
func processPath(k app.ProcessKey, parts ...string) string {
	path := processesPath + "/" + url.PathEscape(k.Procedure)
	for _, x := range parts {
		path += "/" + x
	}
	return withQuery(path, "truong-hop", k.Case)
}

func processKey(r *http.Request) app.ProcessKey {
	return app.ProcessKey{Procedure: r.PathValue("code"), Case: r.URL.Query().Get("truong-hop")}
}

// processesBody is the list of internal processes (quy trình nội bộ),
// /quan-tri/quy-trinh.
type processesBody struct {
	Q        string
	Only     string
	Tabs     []tabLink
	Rows     []processItem
	Plain    []processItem
	NextPath string
}

type processItem struct {
	app.ProcessRow
	Path    string
	Longest text
}

func (s *Server) adminProcesses(w http.ResponseWriter, r *http.Request, who access.Actor) {
	q := r.URL.Query()
	query := app.ProcessQuery{Q: strings.TrimSpace(q.Get("q")), Cursor: q.Get("tiep")}
	switch only := q.Get("loc"); only {
	case "draft", "submitted", "published", "misfit":
		query.Only = only
	}
	page, err := s.app.Processes(r.Context(), who, query)
	if err != nil {
		s.deskFail(w, r, who, err)
		return
	}
	at := func(only, cursor string) string {
		return withQuery(processesPath, "loc", only, "q", query.Q, "tiep", cursor)
	}
	b := processesBody{Q: query.Q, Only: query.Only}
	for _, tab := range []struct {
		only string
		n    int
	}{{"", page.Total}, {"draft", page.Drafts}, {"submitted", page.Submitted}, {"published", page.Published}, {"misfit", page.Misfits}} {
		key := "process.page.tab.all"
		if tab.only != "" {
			key = "process.page.tab." + tab.only
		}
		b.Tabs = append(b.Tabs, tabLink{Key: key, N: tab.n, Here: tab.only == query.Only, Path: at(tab.only, "")})
	}
	items := func(rows []app.ProcessRow) []processItem {
		var out []processItem
		for _, row := range rows {
			row.Agency = s.namedAgency(r, row.Agency)
			out = append(out, processItem{row, processPath(row.ProcessKey), workTime(row.Longest)})
		}
		return out
	}
	b.Rows, b.Plain = items(page.Rows), items(page.Plain)
	if page.Next != "" {
		b.NextPath = at(query.Only, page.Next)
	}
	s.deskPage(w, r, who, http.StatusOK, "admin/processes", text{Key: "process.page.nav"}, b)
}

// processBody is one process with its versions and its draft,
// /quan-tri/quy-trinh/{code}.
type processBody struct {
	V         app.ProcessView
	Form      form
	Shown     processPicture
	Published *process.Published // the version shown; nil = the draft or the plain process
	Draft     bool               // the draft is shown
	Limit     text
	Problems  []problemLine
	Versions  []processVersion
	Cases     []caseLink
	Standing  []standingLine
	Links     map[string]string
	Actions   map[string]string
	Upload    control
	Notes     map[string]control
	Refused   []processRefused
	Own       bool // this person drew or submitted the draft
	End       []control
}

type processVersion struct {
	process.Published
	Path, Migrate string
	Here, InForce bool
	Running       int
}

type caseLink struct {
	Name, Path string
	Here       bool
}

type standingLine struct {
	Key string
	N   int
}

func (s *Server) adminProcess(w http.ResponseWriter, r *http.Request, who access.Actor) {
	s.showProcess(w, r, who, http.StatusOK, newForm(""), nil)
}

func (s *Server) showProcess(w http.ResponseWriter, r *http.Request, who access.Actor, status int, f form, refused []process.Refused) {
	k := processKey(r)
	v, err := s.app.ProcessPage(r.Context(), who, k)
	if err != nil {
		s.deskFail(w, r, who, err)
		return
	}
	v.Agency = s.namedAgency(r, v.Agency)
	b := processBody{
		V: v, Form: f, Limit: workTime(v.Limit), Refused: refusedLines(app.ImportedProcess{Refused: refused}), Problems: s.problemLines(v.Problems),
		Links: map[string]string{
			"edit": processPath(k, "sua"), "draw": processPath(k, "ve"), "try": processPath(k, "chay-thu"), "publish": processPath(k, "ban-hanh"),
			"submit": processPath(k, "trinh"), "review": processPath(k, "kiem-tra"), "drop": processPath(k, "bo"), "import": processPath(k, "nhap"), "end": processPath(k, "ngung"),
			"draft": withQuery(processPath(k), "phien-ban", "du-thao"),
		},
		Actions: map[string]string{}, Notes: map[string]control{},
	}
	if d := v.Draft; d != nil {
		b.Own = d.By == who.ID || d.Submitted != nil && d.Submitted.By == who.ID
	}
	for _, act := range []string{"submit", "review", "drop", "import", "end"} {
		b.Actions[act] = s.newAction()
		b.Notes[act] = f.Input("note", "desk.note", "rows=2", "maxlength=1000").Under(act)
	}
	b.Upload = f.Input("file", "process.page.file", "type=file", "hint=process.page.file_hint", "required")
	b.End = decisionFields(f, "from", "process.page.end_from")
	for i := range b.End {
		b.End[i] = b.End[i].Under("end")
	}
	b.choose(r.URL.Query().Get("phien-ban"))
	t := v.Template
	if b.Published != nil {
		t = b.Published.Template
	}
	b.Shown = s.processPicture(r, t)
	b.Links["file"] = processPath(k, "tep")
	if b.Published != nil {
		b.Links["file"] = withQuery(b.Links["file"], "phien-ban", strconv.Itoa(t.Version))
	}
	s.processLinks(&b, k)
	s.deskPage(w, r, who, status, "admin/process", text{Key: "process.page.heading"}, b)
}

// choose finds what is shown: the version that was asked for, else the one in
// force, else the draft.
func (b *processBody) choose(asked string) {
	number, _ := strconv.Atoi(asked)
	if number == 0 {
		number = b.V.InForce
	}
	if p, ok := b.V.Number(number); ok && asked != "du-thao" {
		b.Published = &p
		return
	}
	b.Draft = b.V.Draft != nil
}

func (s *Server) processLinks(b *processBody, k app.ProcessKey) {
	for _, p := range b.V.Versions {
		n := p.Template.Version
		line := processVersion{Published: p, Path: withQuery(processPath(k), "phien-ban", strconv.Itoa(n)), InForce: n == b.V.InForce, Running: b.V.Standing[n]}
		line.Here = b.Published != nil && b.Published.Template.Version == n
		if line.InForce && b.V.MayPublish {
			line.Migrate = withQuery(processPath(k, "chuyen"), "phien-ban", strconv.Itoa(n))
		}
		b.Versions = append(b.Versions, line)
	}
	if n := b.V.Standing[0]; n > 0 {
		b.Standing = append(b.Standing, standingLine{"process.page.standing_plain", n})
	}
	if b.V.Elsewhere > 0 {
		b.Standing = append(b.Standing, standingLine{"process.page.standing_else", b.V.Elsewhere})
	}
	if len(b.V.Cases) < 2 {
		return
	}
	b.Cases = append(b.Cases, caseLink{Path: processPath(app.ProcessKey{Procedure: k.Procedure}), Here: k.Case == ""})
	for _, c := range b.V.Cases {
		b.Cases = append(b.Cases, caseLink{Name: c.Name, Path: processPath(app.ProcessKey{Procedure: k.Procedure, Case: c.ID}), Here: k.Case == c.ID})
	}
}

// problemLine is one problem with the place where it can be put right.
type problemLine struct {
	Anchor  string
	Element string // id of the step or way
	Fault   *fault.Fault
}

func (s *Server) problemLines(problems []process.Problem) []problemLine {
	var out []problemLine
	for _, p := range problems {
		f := p.Fault()
		out = append(out, problemLine{fieldID(f.Field), cmp.Or(p.Flow, p.Step), f})
	}
	return out
}

// workTime words working minutes as hours, or as days where they come out whole.
func workTime(minutes int) text {
	switch {
	case minutes == 0:
		return text{Key: "process.page.no_time"}
	case minutes%workingDay == 0:
		return text{Key: "portal.process.days", Args: fault.Args{"n": minutes / workingDay}}
	case minutes%60 == 0:
		return text{Key: "portal.process.hours", Args: fault.Args{"n": minutes / 60}}
	case minutes > 60:
		return text{Key: "process.page.hours", Args: fault.Args{"hours": hoursOf(minutes)}}
	}
	return text{Key: "portal.process.minutes", Args: fault.Args{"n": minutes}}
}

// stepTime words the time of a step. Giving the result back has none of the limit:
// work has ended when the result is where it is fetched (NĐ 61/2018 art 20).
func stepTime(kind process.Kind, minutes int) text {
	if kind == process.KindReturn && minutes == 0 {
		return text{Key: "portal.process.outside"}
	}
	return workTime(minutes)
}

// hoursOf writes minutes as hours with a decimal comma, as they are typed.
func hoursOf(minutes int) string {
	if minutes == 0 {
		return ""
	}
	text := strconv.FormatFloat(float64(minutes)/60, 'f', 2, 64)
	return strings.ReplaceAll(strings.TrimRight(strings.TrimRight(text, "0"), "."), ".", ",")
}

// minutesOf reads hours as people type them: 7, 7,5 or 7.5.
func minutesOf(typed string) (int, bool) {
	typed = strings.TrimSpace(strings.ReplaceAll(typed, ",", "."))
	if typed == "" {
		return 0, true
	}
	hours, err := strconv.ParseFloat(typed, 64)
	if err != nil || hours < 0 || hours > 100_000 {
		return 0, false
	}
	return int(hours*60 + 0.5), true
}
