package web

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/motcua/motcua/internal/app"
	"github.com/motcua/motcua/internal/core/access"
	"github.com/motcua/motcua/internal/core/agency"
	"github.com/motcua/motcua/internal/core/fault"
)

const organisationPath = "/quan-tri/to-chuc"

// organisationBody is the tree of units on a day (cơ cấu tổ chức),
// /quan-tri/to-chuc.
type organisationBody struct {
	V       app.OrganisationPage
	Form    form
	Day     control
	Rows    []unitLine
	Hidden  int // units that a search would have to find
	Changes []changeLine
	New     string
}

// unitLine is one unit, indented under the one above it.
type unitLine struct {
	app.UnitRow
	LevelKey, KindKey string
	Indent            string // class
}

// changeLine is one change of the organisation in the history.
type changeLine struct {
	agency.Reorganisation
	Path string
	Acts []string // message keys
	Pill duePill
}

// deepestIndent is how far a row is moved in; deeper units stand no further.
const deepestIndent = 6

func (s *Server) adminOrganisation(w http.ResponseWriter, r *http.Request, who access.Actor) {
	q := r.URL.Query()
	f := newForm("")
	query := app.OrganisationQuery{Day: strings.TrimSpace(q.Get("ngay")), Q: strings.TrimSpace(q.Get("q"))}
	page, err := s.app.Organisation(r.Context(), who, query)
	if fault.KindOf(err) == fault.Invalid { // a day that is none: today's tree, and what is wrong
		f = f.with(err)
		query.Day = ""
		page, err = s.app.Organisation(r.Context(), who, query)
	}
	if err != nil {
		s.deskFail(w, r, who, err)
		return
	}
	f.Values = url.Values{"ngay": {page.Day}}
	if len(f.Faults) > 0 {
		f.Values.Set("ngay", q.Get("ngay"))
	}
	b := organisationBody{V: page, Form: f, Day: f.Input("ngay", "organisation.page.day", "type=date"), Hidden: page.Total - len(page.Rows)}
	for _, row := range page.Rows {
		line := unitLine{UnitRow: row, LevelKey: "agency.level." + string(row.Level), KindKey: "agency.kind." + string(row.Kind)}
		if row.Depth > 0 {
			line.Indent = "-in" + strconv.Itoa(min(row.Depth, deepestIndent))
		}
		b.Rows = append(b.Rows, line)
	}
	for _, c := range page.Changes {
		b.Changes = append(b.Changes, lineOfChange(c))
	}
	if page.MayChange {
		b.New = reorganisationPath("moi")
	}
	s.deskPage(w, r, who, statusOf(f), "admin/organisation", text{Key: "organisation.page.heading"}, b)
}

func reorganisationPath(id string, parts ...string) string {
	path := organisationPath + "/" + url.PathEscape(id)
	for _, x := range parts {
		path += "/" + x
	}
	return path
}

func lineOfChange(c agency.Reorganisation) changeLine {
	line := changeLine{Reorganisation: c, Path: reorganisationPath(c.ID), Pill: changePill(c.State)}
	for _, step := range c.Steps {
		seen := false
		for _, key := range line.Acts {
			seen = seen || key == step.Act.Key()
		}
		if !seen {
			line.Acts = append(line.Acts, step.Act.Key())
		}
	}
	return line
}

func changePill(s agency.ReorganisationState) duePill {
	p := duePill{Tone: "wait", Icon: "undo", Key: s.Key(), Elapsed: -1}
	switch s {
	case agency.ReorganisationProposed, agency.ReorganisationApproved:
		p.Tone, p.Icon = "warn", "hourglass"
	case agency.ReorganisationApplied, agency.ReorganisationUndoing:
		p.Tone, p.Icon = "info", "clock"
	case agency.ReorganisationDone:
		p.Tone, p.Icon = "ok", "circle-check"
	}
	return p
}
