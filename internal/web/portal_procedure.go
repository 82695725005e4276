package web

import (
	"net/http"
	"slices"
	"strings"

	"github.com/motcua/motcua/internal/app"
	"github.com/motcua/motcua/internal/core/agency"
	"github.com/motcua/motcua/internal/core/civil"
	"github.com/motcua/motcua/internal/core/dossier"
	"github.com/motcua/motcua/internal/core/fault"
	"github.com/motcua/motcua/internal/core/procedure"
	"github.com/motcua/motcua/internal/core/process"
	"github.com/motcua/motcua/internal/httpkit"
	"github.com/motcua/motcua/internal/i18n"
)

// procedureBody is one procedure with every part that NĐ 63/2010/NĐ-CP art 8.2
// wants published, /thu-tuc/{code}. What its source does not state is said.
type procedureBody struct {
	V           app.ProcedureView
	Crumbs      []crumb
	Service     procedure.Service
	StatusKey   string
	StatusTone  string
	Closed      *text // why it is no longer, or not yet, in force
	Agency      string
	Levels      []string
	Facts       []shortFact
	Steps       []stepLine
	Channels    []channelLine
	Cases       []caseLine
	Limits      []limitGroup
	Fees        []feeLine
	FeeSummary  text
	AgencyRows  []fact
	Forms       []string
	Process     []processLine
	Versions    []versionLine
	Receives    bool
	CounterText string
	TOC         []navLink
	Related     []procedureLine
}

// shortFact is one of the four answers at the top: how long, how much, who, what.
type shortFact struct {
	Icon, Key, Text, Small string
	None, Long             bool
}

// fact is a labelled text; Key names the label.
type fact struct{ Key, Text string }

type stepLine struct {
	Text  string
	Limit civil.Line
}

type channelLine struct {
	Key   string
	Limit civil.Line
	Fees  []feeLine
	Note  string
}

type feeLine struct {
	Key, Text, Note     string
	Unverified, Foreign bool
}

// caseLine is one case (trường hợp) with its papers.
type caseLine struct {
	Name, For  string
	Open, Only bool
	Papers     []publishedPaper
}

// publishedPaper is a paper under its heading; Heading is set where it changes.
type publishedPaper struct {
	procedure.Paper
	Heading string
}

// limitGroup is one limit with the channels that have it.
type limitGroup struct {
	Case, For string
	Channels  []string // message keys
	Limit     civil.Line
}

type processLine struct {
	Name, Unit string
	Time       text
}

type versionLine struct {
	procedure.Version
	Decision  string
	Path      string // the decision's own page, where it is recorded
	StatusKey string
}

func (s *Server) portalProcedure(w http.ResponseWriter, r *http.Request) {
	v, err := s.app.ProcedurePage(r.Context(), r.PathValue("code"))
	if err != nil {
		s.fail(w, r, err)
		return
	}
	s.showPortal(w, r, http.StatusOK, "procedure", text{Key: "portal.plain", Args: fault.Args{"text": v.Name}}, s.procedureBody(r, v))
}

func (s *Server) procedureBody(r *http.Request, v app.ProcedureView) procedureBody {
	language := httpkit.Language(r)
	b := procedureBody{
		V: v, Service: v.Service, StatusKey: "procedure.status." + string(v.Status), Closed: closedText(v), Agency: v.AgencyName,
		FeeSummary: feeSummary(&v.Procedure, v.FeeState), Receives: len(v.Missing) == 0 && v.Status == procedure.InForce && !v.OfCommune,
		Crumbs: []crumb{{Key: "portal.nav.procedures", Path: "/thu-tuc"}, {Text: v.Field, Path: withQuery("/thu-tuc", "linh-vuc", v.Field)}, {Text: v.Name}},
		TOC: []navLink{
			{Key: "procedure.part.steps", Path: "trinh-tu"}, {Key: "procedure.part.channels", Path: "cach-thuc"}, {Key: "procedure.part.papers", Path: "ho-so"},
			{Key: "procedure.part.limit", Path: "thoi-han"}, {Key: "procedure.part.fee", Path: "phi"}, {Key: "procedure.part.applicants", Path: "ai-nop"},
			{Key: "procedure.part.agency", Path: "co-quan"}, {Key: "procedure.part.result", Path: "ket-qua"}, {Key: "procedure.part.forms", Path: "mau-don"},
			{Key: "procedure.part.conditions", Path: "dieu-kien"}, {Key: "procedure.part.legal_basis", Path: "can-cu"},
		},
		CounterText: counterText(v.Counters),
	}
	if v.Status == procedure.InForce {
		b.StatusTone = "ok"
	}
	for _, level := range v.Levels {
		b.Levels = append(b.Levels, "procedure.level."+string(level))
	}
	for _, step := range v.Steps {
		line := stepLine{Text: step.Summary}
		if step.Limit != nil {
			line.Limit = limitLine(*step.Limit)
		}
		b.Steps = append(b.Steps, line)
	}
	for _, f := range v.Fees {
		b.Fees = append(b.Fees, feeLineOf(language, f))
	}
	b.Channels, b.Cases, b.Limits = channelLines(language, v.Procedure), caseLines(v), limitGroups(v)
	b.AgencyRows, b.Forms = agencyRows(v), formNames(v.Papers)
	b.Process, b.Versions = s.processLines(r, v.Process), versionLines(v.Versions)
	if len(b.Process) > 0 {
		b.TOC = append(b.TOC, navLink{Key: "procedure.part.process", Path: "quy-trinh"})
	}
	b.TOC = append(b.TOC, navLink{Key: "portal.versions", Path: "phien-ban"})
	for _, hit := range v.Related {
		b.Related = append(b.Related, s.procedureLine(r, hit))
	}
	b.Facts = s.shortFacts(language, b)
	return b
}

// closedText says why a procedure has no version in force.
func closedText(v app.ProcedureView) *text {
	args := fault.Args{"on": ""}
	switch v.Status {
	case procedure.ToCome:
		return &text{Key: "portal.procedure.to_come", Args: fault.Args{"on": v.ValidFrom}}
	case procedure.Replaced:
		return &text{Key: "portal.procedure.replaced", Args: args}
	case procedure.Abolished:
		return &text{Key: "portal.procedure.abolished", Args: args}
	}
	return nil
}

// shortFacts are the four answers that most people come for.
func (s *Server) shortFacts(language string, b procedureBody) []shortFact {
	limit := shortFact{Icon: "clock", Key: "procedure.part.limit", Text: s.words.T(language, "portal.limit_unstated", nil), None: true}
	if len(b.Limits) > 0 {
		limit = shortFact{Icon: "clock", Key: "procedure.part.limit", Text: s.words.Line(language, b.Limits[0].Limit), Small: s.words.T(language, "portal.limit_short", nil)}
		if len(b.Limits) > 1 {
			limit.Small = s.words.T(language, "portal.limit_cases", fault.Args{"n": len(b.Limits)})
		}
	}
	cost := shortFact{Icon: "coins", Key: "procedure.part.fee", Text: s.words.T(language, b.FeeSummary.Key, b.FeeSummary.Args)}
	if b.V.FeeState == procedure.FeeSchedule {
		cost.Small = s.words.T(language, "portal.fee.unconfirmed", nil)
	}
	who := listFact("users", "procedure.part.applicants", b.V.Applicants)
	var names []string
	for _, r := range b.V.Results {
		names = append(names, r.Name)
	}
	what := listFact("file-check", "procedure.part.result", names)
	for _, f := range []*shortFact{&who, &what} {
		if f.None {
			f.Text = s.words.T(language, "portal.unstated_short", nil)
		}
	}
	facts := []shortFact{limit, cost, who, what}
	for i := range facts {
		facts[i].Long = len(facts[i].Text) > 48
	}
	return facts
}

func listFact(icon, key string, list []string) shortFact {
	f := shortFact{Icon: icon, Key: key, None: len(list) == 0}
	if !f.None {
		f.Text = list[0]
		if len(list) > 1 {
			f.Small = strings.Join(list[1:min(len(list), 3)], ", ")
			if len(list) > 3 {
				f.Small += ", …"
			}
		}
	}
	return f
}

func feeLineOf(language string, f procedure.Fee) feeLine {
	l := feeLine{Key: "portal.fee.kind." + string(f.Kind), Text: i18n.Money(language, f.AmountVND), Note: f.Note, Unverified: f.Unverified}
	switch {
	case f.AmountVND == 0 && f.Foreign > 0:
		l.Text, l.Foreign = i18n.Number(language, f.Foreign)+" "+f.Currency, true
	case f.AmountVND == 0:
		l.Text = "–"
	}
	return l
}

func channelLines(language string, p procedure.Procedure) []channelLine {
	var out []channelLine
	for _, c := range p.Channels {
		l := channelLine{Key: "dossier.channel." + string(c.By), Note: c.Note}
		if c.Limit != nil {
			l.Limit = limitLine(*c.Limit)
		}
		for _, f := range p.Fees {
			if slices.Contains(c.Fees, f.ID) && (f.AmountVND > 0 || f.Foreign > 0) {
				line := feeLineOf(language, f)
				if line.Note == c.Note {
					line.Note = ""
				}
				l.Fees = append(l.Fees, line)
			}
		}
		out = append(out, l)
	}
	return out
}

// caseLines joins cases that differ in nothing but their limit: their papers
// are told once.
func caseLines(v app.ProcedureView) []caseLine {
	var out []caseLine
	var told [][]string
	for _, c := range v.Cases {
		if slices.ContainsFunc(told, func(ids []string) bool { return slices.Equal(ids, c.Case.Papers) }) {
			continue
		}
		told = append(told, c.Case.Papers)
		line := caseLine{Name: c.Name, Open: len(out) == 0}
		heading := ""
		for _, p := range c.Papers {
			row := publishedPaper{Paper: p}
			if p.Group != heading {
				heading, row.Heading = p.Group, p.Group
			}
			line.Papers = append(line.Papers, row)
		}
		out = append(out, line)
	}
	if len(out) == 1 {
		out[0].Only = true
	}
	return out
}

// limitGroups tells each limit once, with the channels that have it.
func limitGroups(v app.ProcedureView) []limitGroup {
	var out []limitGroup
	for _, c := range v.Cases {
		for _, row := range c.Limits {
			key := "dossier.channel." + string(row.Channel)
			i := slices.IndexFunc(out, func(g limitGroup) bool {
				return g.Case == c.Name && g.For == c.LimitFor && sameLine(g.Limit, row.Limit)
			})
			switch {
			case i < 0:
				out = append(out, limitGroup{Case: c.Name, For: c.LimitFor, Channels: []string{key}, Limit: row.Limit})
			case !slices.Contains(out[i].Channels, key):
				out[i].Channels = append(out[i].Channels, key)
			}
		}
	}
	return out
}

func sameLine(a, b civil.Line) bool {
	return a.Key == b.Key && a.Args["n"] == b.Args["n"]
}

func agencyRows(v app.ProcedureView) []fact {
	var out []fact
	for _, f := range []fact{
		{"portal.agency.here", v.AgencyName}, {"portal.agency.executing", v.ExecutingAgency},
		{"portal.agency.competent", v.CompetentAuthority}, {"portal.agency.coordinating", v.Coordinating},
	} {
		if f.Text != "" {
			out = append(out, f)
		}
	}
	return out
}

func formNames(papers []procedure.Paper) []string {
	var out []string
	for _, p := range papers {
		if p.HasForm && !slices.Contains(out, p.Name) {
			out = append(out, p.Name)
		}
	}
	return out
}

// processLines are the steps of the internal process in the words of citizens: who
// does each, and its time (A9).
func (s *Server) processLines(r *http.Request, steps []app.ProcessStep) []processLine {
	var out []processLine
	for _, step := range steps {
		l := processLine{Name: step.Name, Unit: s.unitWord(r, step.Unit)}
		if step.Minutes > 0 || step.Kind == dossier.TaskReturn {
			l.Time = stepTime(process.Kind(step.Kind), step.Minutes)
		}
		out = append(out, l)
	}
	return out
}

// workingDay is a day of office work in minutes (Labour Code 45/2019/QH14, Art. 105).
const workingDay = 8 * 60

func versionLines(rows []app.VersionRow) []versionLine {
	var out []versionLine
	for _, row := range rows {
		line := versionLine{Version: row.Version, Decision: row.Published.No, StatusKey: "procedure.status." + string(row.Status)}
		if row.Decision != "" {
			line.Path = publicDecisionPath(row.Decision)
		}
		out = append(out, line)
	}
	return out
}

// counterText lists the counters' numbers.
func counterText(counters []agency.Counter) string {
	parts := make([]string, len(counters))
	for i, c := range counters {
		parts[i] = itoa(c.No)
	}
	return strings.Join(parts, ", ")
}

// channelKey is the message key of a channel's name.
func channelKey(c dossier.Channel) string { return "dossier.channel." + string(c) }
