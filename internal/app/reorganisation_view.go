package app

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/motcua/motcua/internal/core/access"
	"github.com/motcua/motcua/internal/core/agency"
	"github.com/motcua/motcua/internal/core/civil"
	"github.com/motcua/motcua/internal/core/fault"
	"github.com/motcua/motcua/internal/core/process"
	"github.com/motcua/motcua/internal/core/textfold"
	"github.com/motcua/motcua/internal/store"
)

// OrganisationQuery asks for the units on a day, or for those that a text finds
// on any day.
type OrganisationQuery struct {
	Day string // empty = today
	Q   string
}

// OrganisationPage is the tree of units as of a day (cơ cấu tổ chức).
type OrganisationPage struct {
	Day       string
	Q         string
	Rows      []UnitRow
	Total     int
	Tiers     int
	Changes   []agency.Reorganisation // the newest first
	MayChange bool
}

// UnitRow is one unit in the tree, or one period of one in a search.
type UnitRow struct {
	agency.Unit
	Depth    int
	HeirName string
	People   int // active ones today
}

// mostUnits is how many units a page shows; a search narrows it.
const mostUnits = 600

// Organisation shows the units of the province on a day, each under the one
// above it. A search looks through every period.
func (a *App) Organisation(ctx context.Context, who access.Actor, q OrganisationQuery) (OrganisationPage, error) {
	if !access.May(who, access.ReorganiseUnits) && !access.May(who, access.ApproveUnits) {
		return OrganisationPage{}, denied()
	}
	if q.Day == "" {
		q.Day = civil.DateOf(a.clock()).String()
	}
	if _, err := civil.ParseDate(q.Day); err != nil {
		return OrganisationPage{}, fault.Field("ngay", "agency.day_form", fault.Args{"day": q.Day})
	}
	page := OrganisationPage{Day: q.Day, Q: q.Q, Tiers: agency.Tiers(q.Day), MayChange: access.May(who, access.ReorganiseUnits)}
	dir := a.directory.Load()
	if words := textfold.Words(q.Q); len(words) > 0 {
		for _, u := range dir.tree.Every() {
			text := textfold.Fold(u.Code + " " + u.Name + " " + u.FullName + " " + u.Former)
			if !u.Void && !slices.ContainsFunc(words, func(w string) bool { return !strings.Contains(text, w) }) {
				page.Rows = append(page.Rows, dir.unitRow(u, 0))
			}
		}
	} else {
		for _, top := range dir.tree.Below("", q.Day) {
			if top.Kind != agency.Area || top.Code == dir.areaOn(q.Day) {
				page.Rows = dir.unitRows(page.Rows, top, q.Day, 0)
			}
		}
	}
	page.Total = len(page.Rows)
	page.Rows = page.Rows[:min(page.Total, mostUnits)]
	var err error
	page.Changes, err = a.store.Reorganisations(ctx, 20)
	return page, err
}

// areaOn is the code of the centre's province on a day: before a merger, the one
// that it was then.
func (d *directory) areaOn(day string) string {
	if _, ok := d.tree.Find(d.centre.Area, day); ok {
		for _, u := range d.tree.Agencies(d.centre.Area, day) {
			if u.Kind != agency.Area {
				return d.centre.Area
			}
		}
	}
	for _, code := range d.tree.Continues(d.centre.Area, "9999-12-31") {
		if _, ok := d.tree.Find(code, day); ok {
			return code
		}
	}
	return d.centre.Area
}

func (d *directory) unitRows(rows []UnitRow, u agency.Unit, day string, depth int) []UnitRow {
	rows = append(rows, d.unitRow(u, depth))
	if depth < 10 {
		under := d.tree.Below(u.ID, day)
		slices.SortStableFunc(under, func(x, y agency.Unit) int { // agencies before the areas, which are many
			switch {
			case x.Kind != agency.Area && y.Kind == agency.Area:
				return -1
			case x.Kind == agency.Area && y.Kind != agency.Area:
				return 1
			}
			return 0
		})
		for _, below := range under {
			rows = d.unitRows(rows, below, day, depth+1)
		}
	}
	return rows
}

func (d *directory) unitRow(u agency.Unit, depth int) UnitRow {
	r := UnitRow{Unit: u, Depth: depth}
	if u.Heir != "" && u.ValidTo != "" {
		if day, err := civil.ParseDate(u.ValidTo); err == nil {
			r.HeirName = d.unitName(u.Heir, day.AddDays(1))
		}
	}
	for _, p := range d.byUnit[u.Code] {
		if !p.Disabled {
			r.People++
		}
	}
	return r
}

// ReorganisationReport says what a change would do, unit by unit, or has done.
type ReorganisationReport struct {
	agency.Reorganisation
	Units     []UnitReport
	Stays     []fault.Line // what cannot follow, and why
	Dossiers  int          // that would follow, each counted once
	Open      []store.StatusCount
	Moved     []MovedDossier // the first ones that did follow
	MayDecide bool
	Own       bool // proposed by this person, so another has to approve
	MayUndo   bool
}

// UnitReport is what lies with one unit that ends or changes, and where it goes.
type UnitReport struct {
	agency.Unit
	To       string // code; empty = nowhere
	ToName   string
	Dossiers int
	Open     []store.StatusCount // the same by status
	Staff    int
	Posts    int // officers of other units who have a post there, or come from it
	Counters []int
	Calendar bool   // has one of its own
	Book     string // number book of results of this year, with its last number
	Steps    []string
	Absences int
	// Officers of a unit that is split, each with the part he goes to.
	Officers []MovedOfficer
	Parts    []UnitChoice
}

// MovedDossier is a dossier that followed a change.
type MovedDossier struct {
	Code, From, To string
}

// MovedOfficer is somebody whose unit is split.
type MovedOfficer struct {
	ID, Name, Title, To string
}

// mostMoved is how many of the dossiers that followed a report names.
const mostMoved = 20

// PreviewReorganisation is the dry run of a change: everything that would
// follow, what cannot and why. Nothing is recorded.
func (a *App) PreviewReorganisation(ctx context.Context, who access.Actor, in ReorganisationForm) (ReorganisationReport, error) {
	if !access.May(who, access.ReorganiseUnits) {
		return ReorganisationReport{}, denied()
	}
	in.clean()
	effect, err := a.planChange(ctx, a.directory.Load(), in.Change)
	if err != nil {
		return ReorganisationReport{}, err
	}
	return a.reportChange(ctx, who, agency.Reorganisation{Change: in.Change, Effect: effect})
}

// Reorganisation opens one change: before it comes into force with what it would
// do now, afterwards with what it did.
func (a *App) Reorganisation(ctx context.Context, who access.Actor, id string) (ReorganisationReport, error) {
	if !access.May(who, access.ReorganiseUnits) && !access.May(who, access.ApproveUnits) {
		return ReorganisationReport{}, denied()
	}
	r, _, err := a.reorganisation(ctx, id)
	if err != nil {
		return ReorganisationReport{}, err
	}
	waits := r.State == agency.ReorganisationProposed || r.State == agency.ReorganisationApproved
	if waits {
		effect, err := a.planChange(ctx, a.directory.Load(), r.Change)
		switch {
		case err == nil:
			r.Effect = effect
		case fault.As(err) == nil:
			return ReorganisationReport{}, err
		}
	}
	if !waits {
		report := ReorganisationReport{
			Reorganisation: r, Dossiers: r.Progress.Total, MayUndo: r.State == agency.ReorganisationDone && access.May(who, access.ApproveUnits),
		}
		report.Moved, err = a.movedBy(ctx, r)
		return report, err
	}
	report, err := a.reportChange(ctx, who, r)
	report.Own = r.By == who.ID
	report.MayDecide = r.State == agency.ReorganisationProposed && !report.Own && access.May(who, access.ApproveUnits)
	return report, err
}

// movedBy names the first dossiers that a change was the last to move.
func (a *App) movedBy(ctx context.Context, r agency.Reorganisation) ([]MovedDossier, error) {
	ids, _, err := a.store.MovedBy(ctx, r.ID, "", mostMoved)
	if err != nil {
		return nil, err
	}
	list, err := a.store.DossiersByID(ctx, ids)
	var moved []MovedDossier
	for _, d := range list {
		was := d.Successions[len(d.Successions)-1].Was // this change was the last to move it
		one := MovedDossier{Code: d.Name(), From: was.AgencyName, To: d.AgencyName}
		if was.Agency == d.Agency {
			one.From, one.To = was.UnitName, d.UnitName
		}
		moved = append(moved, one)
	}
	return moved, err
}

func (a *App) reportChange(ctx context.Context, who access.Actor, r agency.Reorganisation) (ReorganisationReport, error) {
	dir := a.directory.Load()
	report := ReorganisationReport{Reorganisation: r}
	var err error
	if report.Dossiers, err = a.store.CountLying(ctx, heirCodes(r.Effect)...); err != nil {
		return report, err
	}
	if report.Open, err = a.store.LyingByStatus(ctx, heirCodes(r.Effect)...); err != nil {
		return report, err
	}
	steps, err := a.stepsIn(ctx, dir, r.Effect)
	if err != nil {
		return report, err
	}
	c := carrying{a: a, dir: dir, r: r, effect: r.Effect}
	c.followers()
	takes := c.calendars()
	for i, u := range r.Effect.Ended {
		one := UnitReport{Unit: u, Steps: steps[u.Code]}
		if h, ok := r.Effect.Heir(u.Code); ok {
			one.To, one.ToName = h.To, h.ToName
		} else if u.Heir == u.Code && r.Effect.Before[i].Shown() == u.Shown() && !slices.ContainsFunc(r.Steps, func(s agency.Step) bool { return slices.Contains(s.Units, u.Code) }) {
			continue // it only stands under another unit from now on
		}
		if one.Dossiers, err = a.store.CountLying(ctx, u.Code); err != nil {
			return report, err
		}
		if one.Open, err = a.store.LyingByStatus(ctx, u.Code); err != nil {
			return report, err
		}
		if err := a.reportUnit(ctx, dir, &one); err != nil {
			return report, err
		}
		one.split(dir, r)
		for _, x := range dir.absences {
			if dir.people[x.Staff].Unit == u.Code && !x.Ended {
				one.Absences++
			}
		}
		_, one.Calendar = dir.published[u.Code]
		if one.Calendar && one.To != "" && takes[one.To] != u.Code {
			report.Stays = append(report.Stays, fault.Line{Key: "reorganisation.stays.calendar", Args: fault.Args{"unit": u.Shown(), "to": one.ToName}})
		}
		if one.To == "" && one.Staff > 0 {
			report.Stays = append(report.Stays, fault.Line{Key: "reorganisation.stays.staff", Args: fault.Args{"unit": u.Shown(), "n": one.Staff}})
		}
		if one.To != one.Code && one.Book != "" {
			report.Stays = append(report.Stays, fault.Line{Key: "reorganisation.stays.book", Args: fault.Args{"unit": u.Shown(), "last": one.Book, "to": one.ToName}})
		}
		report.Units = append(report.Units, one)
	}
	for _, x := range c.absences {
		report.Stays = append(report.Stays, fault.Line{Key: "reorganisation.stays.absence", Args: fault.Args{"name": dir.people[x.Staff].Name}})
	}
	return report, nil
}

func (a *App) reportUnit(ctx context.Context, dir *directory, one *UnitReport) error {
	for _, p := range dir.people {
		switch {
		case p.Disabled:
		case p.Unit == one.Code:
			one.Staff++
		case p.Secondment != nil && p.Secondment.FromUnit == one.Code, slices.ContainsFunc(p.Posts, func(x agency.Post) bool { return x.Unit == one.Code }):
			one.Posts++
		}
	}
	for _, c := range dir.centre.CounterFor(one.Key) {
		one.Counters = append(one.Counters, c.No)
	}
	year := civil.DateOf(a.clock()).Year()
	books, err := a.store.Books(ctx, "result", fmt.Sprintf("%s|%d", one.Code, year))
	for _, b := range books {
		one.Book = fmt.Sprintf("%d/%d", b.Last, year)
	}
	return err
}

// split says where each officer of a unit that is split goes.
func (one *UnitReport) split(dir *directory, r agency.Reorganisation) {
	i := slices.IndexFunc(r.Steps, func(s agency.Step) bool { return s.Act == agency.SplitUnit && slices.Contains(s.Units, one.Code) })
	if i < 0 {
		return
	}
	for _, n := range r.Steps[i].Into {
		j := slices.IndexFunc(r.Effect.Begun, func(u agency.Unit) bool { return u.Code == n.Code })
		if j >= 0 {
			one.Parts = append(one.Parts, UnitChoice{n.Code, r.Effect.Begun[j].Shown()})
		} else if u, ok := dir.tree.Find(n.Code, r.On); ok {
			one.Parts = append(one.Parts, UnitChoice{n.Code, u.Shown()})
		}
	}
	for _, p := range dir.byUnit[one.Code] {
		if to, _ := r.Effect.FollowStaff(p); !p.Disabled {
			one.Officers = append(one.Officers, MovedOfficer{p.ID, p.Name, p.Title, to.Unit})
		}
	}
	slices.SortFunc(one.Officers, func(x, y MovedOfficer) int { return strings.Compare(x.Name+x.ID, y.Name+y.ID) })
}

// stepsIn names the steps of processes in force or in draft that lie with the
// units of a change, by unit. They follow by themselves: a step finds the unit
// that continues the one it names.
func (a *App) stepsIn(ctx context.Context, dir *directory, e agency.Effect) (map[string][]string, error) {
	found := map[string][]string{}
	for _, id := range sortedKeys(dir.processes) {
		r, err := store.Get[process.Record](ctx, a.store, store.ProcessRoot(id))
		if err != nil {
			return nil, err
		}
		var templates []process.Template
		if last, ok := r.Latest(); ok {
			templates = append(templates, last.Template)
		}
		if r.Draft != nil {
			templates = append(templates, r.Draft.Template)
		}
		for _, t := range templates {
			for _, s := range t.Tasks() {
				for _, u := range e.Ended {
					if s.Unit == u.Code || s.Unit == u.Key {
						found[u.Code] = addOnce(found[u.Code], r.Procedure+": "+s.Name)
					}
				}
			}
		}
	}
	return found, nil
}

// ProposedSteps are the steps that the recorded list of units asks for on a day:
// every unit that ended the day before, with what the list says was formed of
// it. The list does not say who continues the work of a district; the commune of
// the same name is offered, else the one that took in most of its communes, and
// the administrator decides.
func (a *App) ProposedSteps(who access.Actor, day string) ([]agency.Step, error) {
	if !access.May(who, access.ReorganiseUnits) {
		return nil, denied()
	}
	steps, err := agency.ProposeSteps(a.directory.Load().tree, day)
	if err == nil && len(steps) == 0 {
		err = fault.Field("on", "reorganisation.nothing_recorded", fault.Args{"day": agency.ShowDay(day)})
	}
	return steps, err
}

// UnitsOn are the units in force on a day that a form offers, those of the
// province first.
func (a *App) UnitsOn(who access.Actor, day string) ([]UnitChoice, error) {
	if !access.May(who, access.ReorganiseUnits) {
		return nil, denied()
	}
	dir := a.directory.Load()
	var list []UnitChoice
	for _, u := range dir.tree.At(day, func(u agency.Unit) bool {
		return u.Province == dir.centre.Area || u.Level == agency.Province && u.Kind == agency.Area
	}) {
		list = append(list, UnitChoice{u.Code, shownName(u)})
	}
	return sortedUnits(list, dir), nil
}

// UnitCode finds the code of a unit that somebody typed as its code, its name, or
// both ("Sở Tư pháp (H36.12)"), among those in force on one of the days. What no
// unit or more than one is called comes back as it was typed.
func (a *App) UnitCode(text string, days ...string) string {
	text = textfold.Clean(text)
	dir := a.directory.Load()
	if i := strings.LastIndex(text, " ("); i > 0 && strings.HasSuffix(text, ")") {
		if code := text[i+2 : len(text)-1]; slices.ContainsFunc(days, func(day string) bool { _, ok := dir.tree.Find(code, day); return ok }) {
			return code
		}
	}
	folded, found := textfold.Fold(text), []string{}
	for _, day := range days {
		if _, ok := dir.tree.Find(text, day); ok {
			return text
		}
		for _, u := range dir.tree.At(day, func(u agency.Unit) bool { return u.Province == dir.centre.Area }) {
			if textfold.Fold(u.Name) == folded || textfold.Fold(u.FullName) == folded {
				found = addOnce(found, u.Code)
			}
		}
	}
	if len(found) == 1 {
		return found[0]
	}
	return text
}
