package app

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/motcua/motcua/internal/core/access"
	"github.com/motcua/motcua/internal/core/agency"
	"github.com/motcua/motcua/internal/core/civil"
	"github.com/motcua/motcua/internal/core/dossier"
	"github.com/motcua/motcua/internal/core/fault"
	"github.com/motcua/motcua/internal/core/procedure"
	"github.com/motcua/motcua/internal/core/process"
	"github.com/motcua/motcua/internal/core/textfold"
	"github.com/motcua/motcua/internal/guard"
	"github.com/motcua/motcua/internal/store"
)

// ProcessKey names the process of a procedure, or of one of its cases.
type ProcessKey struct {
	Procedure string
	Case      string // empty = every case without a process of its own
}

// ID is the id of the process's record.
func (k ProcessKey) ID() string { return process.RecordID(k.Procedure, k.Case) }

// ProcessQuery asks for one page of the list of processes.
type ProcessQuery struct {
	Q      string // name or code of the procedure
	Only   string // "" all, "draft" with a draft, "submitted" to be checked, "published" in force, "misfit" longer than the limit
	Cursor string
}

// ProcessListPage lists internal processes (quy trình nội bộ).
type ProcessListPage struct {
	Total, Drafts, Submitted, Published, Misfits int
	Rows                                         []ProcessRow
	Next                                         string
	// Plain are procedures that a search finds and that have no process of their
	// own: one can be drawn for them.
	Plain []ProcessRow
}

// ProcessRow is one process in the list.
type ProcessRow struct {
	ProcessKey
	Name       string // of the procedure
	CaseName   string
	Agency     string
	Number     int // version in force; 0 = none
	Coming     int // version that is published for a later day; 0 = none
	ValidFrom  civil.Date
	DecisionNo string
	Tasks      int
	Longest    int // working minutes
	Limit      int // working minutes; 0 = none stated
	DraftedAt  time.Time
	Submitted  bool
	Reviewed   bool
	EndedFrom  civil.Date
}

// Misfit reports whether the process takes longer than the procedure allows now.
func (r ProcessRow) Misfit() bool { return r.Number > 0 && r.Limit > 0 && r.Longest > r.Limit }

func (r ProcessRow) in(only string) bool {
	switch only {
	case "draft":
		return !r.DraftedAt.IsZero()
	case "submitted":
		return r.Submitted && !r.Reviewed
	case "published":
		return r.Number > 0
	case "misfit":
		return r.Misfit()
	}
	return true
}

// Processes lists the processes that are drawn or published, by the code of
// their procedure. Procedures without one go the plain way and are not listed.
func (a *App) Processes(_ context.Context, who access.Actor, q ProcessQuery) (ProcessListPage, error) {
	if !access.Anywhere(who, access.ReadProcess) {
		return ProcessListPage{}, denied()
	}
	c, err := a.today()
	if err != nil {
		return ProcessListPage{}, err
	}
	after, err := store.ParseCursor(q.Cursor)
	if err != nil {
		return ProcessListPage{}, err
	}
	dir := a.directory.Load()
	heads := make([]store.ProcessHead, 0, len(dir.processes))
	for _, h := range dir.processes {
		heads = append(heads, h)
	}
	slices.SortFunc(heads, func(x, y store.ProcessHead) int {
		return cmp.Or(cmp.Compare(x.Procedure, y.Procedure), cmp.Compare(x.Case, y.Case))
	})
	var page ProcessListPage
	skipping := after.ID != ""
	words := textfold.Words(q.Q)
	for _, h := range heads {
		row := a.processRow(c, dir, h)
		if !matches(row, words) {
			continue
		}
		page.Total++
		for only, n := range map[string]*int{"draft": &page.Drafts, "submitted": &page.Submitted, "published": &page.Published, "misfit": &page.Misfits} {
			if row.in(only) {
				*n++
			}
		}
		switch {
		case skipping:
			skipping = h.ID != after.ID
		case !row.in(q.Only):
		case len(page.Rows) < pageSize:
			page.Rows = append(page.Rows, row)
		case page.Next == "":
			page.Next = store.Cursor{ID: page.Rows[pageSize-1].ID()}.String()
		}
	}
	if len(words) > 0 && q.Cursor == "" {
		page.Plain = a.plainRows(c, dir, words)
	}
	return page, nil
}

// mostPlain is how many procedures without a process one search offers.
const mostPlain = 20

func (a *App) plainRows(c *catalogue, dir *directory, words []string) []ProcessRow {
	var rows []ProcessRow
	for _, r := range c.records {
		p := shownOn(r, c.day)
		k := ProcessKey{Procedure: p.Code}
		if _, drawn := dir.processes[k.ID()]; !drawn && matches(ProcessRow{ProcessKey: k, Name: p.Name}, words) {
			rows = append(rows, ProcessRow{ProcessKey: k, Name: p.Name, Agency: a.AgencyName(p.AgencyOn(c.day.String()))})
		}
	}
	slices.SortFunc(rows, func(x, y ProcessRow) int { return cmp.Compare(x.Procedure, y.Procedure) })
	return rows[:min(len(rows), mostPlain)]
}

// matches reports whether every word begins a word of the row's code or names.
func matches(row ProcessRow, words []string) bool {
	have := textfold.Words(row.Procedure + " " + row.Name + " " + row.CaseName)
	return !slices.ContainsFunc(words, func(w string) bool {
		return !slices.ContainsFunc(have, func(h string) bool { return strings.HasPrefix(h, w) })
	})
}

func (a *App) processRow(c *catalogue, dir *directory, h store.ProcessHead) ProcessRow {
	row := ProcessRow{ProcessKey: ProcessKey{h.Procedure, h.Case}, DraftedAt: h.DraftedAt, Submitted: h.Submitted, Reviewed: h.Reviewed, EndedFrom: h.EndedFrom}
	if r, ok := c.records[h.Procedure]; ok {
		p := shownOn(r, c.day)
		row.Name, row.Agency = p.Name, a.AgencyName(p.AgencyOn(c.day.String()))
		row.Limit = dir.limitMinutes(p, h.Case, c.day)
		if one, ok := p.Case(h.Case); ok && h.Case != "" {
			row.CaseName = one.Name
		}
	}
	if v, ok := h.On(c.day); ok {
		row.Number, row.ValidFrom, row.DecisionNo, row.Tasks, row.Longest = v.Number, v.ValidFrom, v.DecisionNo, v.Tasks, v.Longest
	}
	if n := len(h.Versions); n > 0 && h.Versions[n-1].Number > row.Number && h.EndedFrom.IsZero() {
		row.Coming = h.Versions[n-1].Number
	}
	return row
}

// ProcessView is one process as its page shows it.
type ProcessView struct {
	ProcessKey
	process.Record
	Name     string // of the procedure
	CaseName string
	Cases    []procedure.Case
	Agency   string
	Limit    int // working minutes; 0 = none stated
	// Template is what the editor begins with: the draft, else the version
	// published last, else the plain process.
	Template   process.Template
	Problems   []process.Problem // of Template
	Longest    int               // working minutes of the slowest way of Template; 0 = it cannot run
	InForce    int               // version in force today; 0 = none
	Standing   map[int]int       // open dossiers by version; 0 = on the plain process
	Elsewhere  int               // open dossiers on other processes of the procedure
	MayDraw    bool
	MayPublish bool
	Steps      []ProcessStep
	Units      []UnitChoice     // that a step can name besides the relative ones
	Facts      []guard.Variable // that conditions can look at
}

// ProcessPage opens one process to read, draw, check or publish it. It fails
// with fault.NotFound for a procedure or case that does not exist.
func (a *App) ProcessPage(ctx context.Context, who access.Actor, k ProcessKey) (ProcessView, error) {
	if !access.Anywhere(who, access.ReadProcess) {
		return ProcessView{}, denied()
	}
	p, day, err := a.processProcedure(k)
	if err != nil {
		return ProcessView{}, err
	}
	dir := a.directory.Load()
	v := ProcessView{
		ProcessKey: k, Name: p.Name, Cases: p.Cases, Agency: a.AgencyName(p.AgencyOn(day.String())), Limit: dir.limitMinutes(p, k.Case, day),
		MayDraw: access.May(who, access.DrawProcess), MayPublish: access.May(who, access.PublishProcess), Standing: map[int]int{},
	}
	if one, ok := p.Case(k.Case); ok && k.Case != "" {
		v.CaseName = one.Name
	}
	if v.Record, err = a.processRecord(ctx, k); err != nil {
		return v, err
	}
	if in, ok := v.Record.On(day); ok {
		v.InForce = in.Template.Version
	}
	if v.Template, err = a.startingTemplate(p, k, v.Record, day); err != nil {
		return v, err
	}
	v.Units, v.Facts = dir.workingUnits(day), guard.Variables()
	if g, err := process.Compile(v.Template, alwaysTrue(v.Template)); err == nil {
		v.Longest = g.Longest()
	}
	v.Steps, v.Problems = a.publicSteps(v.Template), a.judgeProcess(v.Template, p, k.Case, day)
	standing, err := a.store.StandingIn(ctx, p.Code)
	for ref, n := range standing {
		id, number, _ := strings.Cut(ref, "@")
		switch {
		case id == k.ID():
			v.Standing[versionOf(number)] += n
		case isGenerated(id):
			v.Standing[0] += n
		default:
			v.Elsewhere += n
		}
	}
	return v, err
}

func versionOf(digits string) int {
	n := 0
	for _, r := range digits {
		n = n*10 + int(r-'0')
	}
	return n
}

// processProcedure finds the version of a procedure that a process is judged by:
// the one that its page shows today.
func (a *App) processProcedure(k ProcessKey) (procedure.Procedure, civil.Date, error) {
	c, err := a.today()
	if err != nil {
		return procedure.Procedure{}, civil.Date{}, err
	}
	r, ok := c.records[k.Procedure]
	if !ok {
		return procedure.Procedure{}, c.day, fault.New(fault.NotFound, "procedure.unknown", fault.Args{"code": k.Procedure})
	}
	p := shownOn(r, c.day)
	if _, ok := p.Case(k.Case); k.Case != "" && !ok {
		return p, c.day, fault.New(fault.NotFound, "procedure.case_unknown", fault.Args{"case": k.Case})
	}
	return p, c.day, nil
}

// processRecord reads a record; an empty one when nothing was drawn yet.
func (a *App) processRecord(ctx context.Context, k ProcessKey) (process.Record, error) {
	r, err := store.Get[process.Record](ctx, a.store, store.ProcessRoot(k.ID()))
	if fault.KindOf(err) == fault.NotFound || errors.Is(err, store.ErrNoRow) {
		return process.Record{ID: k.ID(), Procedure: k.Procedure, Case: k.Case}, nil
	}
	return r, err
}

// startingTemplate is what an editor begins with.
func (a *App) startingTemplate(p procedure.Procedure, k ProcessKey, r process.Record, day civil.Date) (process.Template, error) {
	if r.Draft != nil {
		return r.Draft.Template, nil
	}
	if last, ok := r.Latest(); ok {
		t := last.Template
		t.Version = r.Next()
		return t, nil
	}
	o := process.Options{ID: k.ID(), Procedure: k.Procedure, Case: k.Case, Names: stepNames()}
	minutes := a.directory.Load().limitMinutes(p, k.Case, day)
	if minutes == 0 {
		cal, _ := a.directory.Load().calendar(defaultCalendar)
		minutes = dayMinutes(cal)
	}
	t, err := process.Linear("", minutes, o)
	t.Name = p.Name
	return t, err
}

// judgeProcess lists all that keeps a process from being published.
func (a *App) judgeProcess(t process.Template, p procedure.Procedure, caseID string, day civil.Date) []process.Problem {
	dir := a.directory.Load()
	problems := process.Validate(t, process.Context{
		LimitMinutes: dir.limitMinutes(p, caseID, day), Guard: guard.Check,
		RolesHeld: func(unit, role string) bool { return dir.holds(p, unit, role, day) },
	})
	if _, err := process.Compile(t, alwaysTrue(t)); err == nil {
		problems = append(problems, dossier.Unrunnable(t)...)
	}
	for i, one := range problems {
		if one.Key == "process.role_nobody" && !dir.knows(p, one.Args["unit"].(string), day) {
			problems[i].Key = "process.unit_unknown"
		}
		problems[i].Args = a.inWords(one.Args)
	}
	return problems
}

// alwaysTrue stands in for conditions where only the structure is asked.
func alwaysTrue(t process.Template) map[string]process.Guard {
	guards := map[string]process.Guard{}
	for _, c := range t.Conditions() {
		guards[c] = func(process.Facts) (bool, error) { return true, nil }
	}
	return guards
}

// inWords says units and roles in a message as people call them.
func (a *App) inWords(args fault.Args) fault.Args {
	out := fault.Args{}
	for k, v := range args {
		text, _ := v.(string)
		switch {
		case k == "role" && access.Role(text).Known():
			v = fault.Line{Key: access.Role(text).Key()}
		case k == "unit" && (text == process.UnitCentre || text == process.UnitAgency):
			v = fault.Line{Key: "process.unit." + text}
		case k == "unit":
			v = a.StepUnitName(text)
		}
		out[k] = v
	}
	return out
}

// stepUnits are the units that a step's unit may mean for dossiers of a
// procedure on a day.
func (d *directory) stepUnits(p procedure.Procedure, name string, day civil.Date) []agency.Unit {
	key := p.AgencyOn(day.String())
	communes := agency.CommuneKey(key)
	switch {
	case (name == process.UnitCentre || name == process.UnitAgency) && communes:
		return d.tree.Communes(d.centre.Area, day.String())
	case name == process.UnitCentre:
		u, ok := d.unit(d.centre.Code, day)
		if !ok {
			return nil
		}
		return []agency.Unit{u}
	case name == process.UnitAgency:
		name = key
	}
	if u, ok := d.unit(name, day); ok && u.On(day.String()) {
		return []agency.Unit{u}
	}
	var all []agency.Unit
	for _, u := range d.byKey[name] {
		if u.On(day.String()) {
			all = append(all, u)
		}
	}
	return all
}

// workingUnits are the agencies and communes with people to whom a step can be
// given by name, in the order of their names.
func (d *directory) workingUnits(day civil.Date) []UnitChoice {
	var list []UnitChoice
	for _, u := range append(d.tree.Agencies(d.centre.Area, day.String()), d.tree.Communes(d.centre.Area, day.String())...) {
		if len(d.members(u.Code, string(access.Handler))) > 0 {
			list = append(list, UnitChoice{u.Code, shownName(u)})
		}
	}
	return sortedUnits(list, d)
}

// holds reports whether somebody active holds a role where a step is done.
func (d *directory) holds(p procedure.Procedure, unit, role string, day civil.Date) bool {
	return slices.ContainsFunc(d.stepUnits(p, unit, day), func(u agency.Unit) bool { return len(d.members(u.Code, role)) > 0 })
}

// knows reports whether a step's unit exists at all.
func (d *directory) knows(p procedure.Procedure, unit string, day civil.Date) bool {
	return len(d.stepUnits(p, unit, day)) > 0
}
