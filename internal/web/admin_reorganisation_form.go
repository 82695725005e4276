package web

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/motcua/motcua/internal/app"
	"github.com/motcua/motcua/internal/core/access"
	"github.com/motcua/motcua/internal/core/agency"
	"github.com/motcua/motcua/internal/core/civil"
	"github.com/motcua/motcua/internal/core/fault"
	"github.com/motcua/motcua/internal/core/textfold"
)

// The form of a change of the organisation, /quan-tri/to-chuc/moi: each step is a
// group of fields, and the buttons that add and take out steps send the whole
// form, so it needs no script.

// changeFormBody is the form, with the dry run of what was typed.
type changeFormBody struct {
	Form     form
	Path     string
	Back     string
	Head     []control
	Steps    []changeStep
	Add      control // act of a new step
	Units    []app.UnitChoice
	Report   *reportBody
	Officers []officerChoice
}

// changeStep is one step of the form.
type changeStep struct {
	No     int
	Index  int
	Act    agency.StepAct
	Key    string
	Anchor string
	Prefix string // "steps[0]"
	Bad    []*fault.Fault
	Units  []control
	Into   [][]control
	Heir   *control
}

// officerChoice sends an officer of a unit that is split to one of its parts.
type officerChoice struct {
	Title  string
	Choice namedChoice
}

// namedChoice is a select whose label is a person's name.
type namedChoice struct {
	ID, Name, Label, Value string
	Options                []option
}

// The buttons of the form, as the field "viec" names them; "bo:N" takes step N out.
const (
	addStep     = "them"
	dropStep    = "bo"
	listedSteps = "danh-muc"
	proposeIt   = "trinh"
	moreLines   = "dong"
)

func (s *Server) adminChangeForm(w http.ResponseWriter, r *http.Request, who access.Actor) {
	f := newForm(s.newAction())
	now := civil.DateOf(s.now())
	f.Values.Set("on", now.AddDays(1-now.Day()).AddMonths(1).String())
	act := agency.StepAct(r.URL.Query().Get("viec"))
	if !slices.Contains(agency.StepActs(), act) {
		act = agency.MergeUnits
	}
	step := agency.Step{Act: act}
	if unit := r.URL.Query().Get("don-vi"); unit != "" {
		step.Units = []string{unit}
	}
	s.showChangeForm(w, r, who, http.StatusOK, f, []agency.Step{step}, nil)
}

func (s *Server) adminChangePost(w http.ResponseWriter, r *http.Request, who access.Actor) {
	f, _, err := s.readForm(r, who)
	if err == nil {
		_, err = s.app.UnitsOn(who, "")
	}
	if err != nil {
		s.deskFail(w, r, who, err)
		return
	}
	in := s.typedChange(f)
	steps := in.Steps
	work, at, _ := strings.Cut(f.Get("viec"), ":")
	switch {
	case resumed(r) || work == moreLines:
	case work == addStep:
		steps = append(steps, agency.Step{Act: agency.StepAct(f.Get("them-viec"))})
	case work == dropStep:
		if i, err := strconv.Atoi(at); err == nil && i >= 0 && i < len(steps) {
			steps = slices.Delete(steps, i, i+1)
		}
	case work == listedSteps:
		listed, err := s.app.ProposedSteps(who, in.On)
		if f = f.with(err); err == nil {
			steps = listed
		}
	case work == proposeIt:
		made, err := s.app.ProposeReorganisation(r.Context(), who, in)
		if err == nil {
			http.Redirect(w, r, reorganisationPath(made.ID), http.StatusSeeOther)
			return
		}
		if kind := fault.KindOf(err); kind != fault.Invalid && kind != fault.Conflict {
			s.deskFail(w, r, who, err)
			return
		}
		f = f.with(err)
	default:
		report, err := s.app.PreviewReorganisation(r.Context(), who, in)
		if err == nil {
			s.showChangeForm(w, r, who, http.StatusOK, f, steps, &report)
			return
		}
		if kind := fault.KindOf(err); kind != fault.Invalid && kind != fault.Conflict {
			s.deskFail(w, r, who, err)
			return
		}
		f = f.with(err)
	}
	s.showChangeForm(w, r, who, statusOf(f), f, steps, nil)
}

// mostChangeSteps bounds what a form may send.
const mostChangeSteps = 1000

// typedChange reads the form as it would be recorded.
func (s *Server) typedChange(f form) app.ReorganisationForm {
	in := app.ReorganisationForm{ActionID: f.Action, Change: agency.Change{
		On: strings.TrimSpace(f.Get("on")), Document: f.Get("document"), SignedOn: f.Get("signedOn"), Signer: f.Get("signer"), Reason: f.Get("reason"),
	}}
	days := s.daysOfChange(in.On)
	code := func(typed string) string { return s.app.UnitCode(typed, days[:]...) }
	for i := range mostChangeSteps {
		p := fmt.Sprintf("steps[%d]", i)
		if !f.Values.Has(p + ".act") {
			break
		}
		step := agency.Step{Act: agency.StepAct(f.Get(p + ".act")), Heir: code(f.Get(p + ".heir"))}
		for _, u := range f.Values[p+".units"] {
			if u = code(u); u != "" {
				step.Units = append(step.Units, u)
			}
		}
		for j := range mostChangeSteps {
			q := fmt.Sprintf("%s.into[%d].", p, j)
			if !f.Values.Has(q+"code") && !f.Values.Has(q+"name") && !f.Values.Has(q+"parent") {
				break
			}
			n := agency.NewUnit{
				Code: code(f.Get(q + "code")), Name: textfold.Clean(f.Get(q + "name")), Parent: code(f.Get(q + "parent")),
				Level: agency.Level(f.Get(q + "level")), Kind: agency.Kind(f.Get(q + "kind")), Identifier: textfold.Clean(f.Get(q + "identifier")),
			}
			if n.FullName = n.Name; n.Code == "" && (step.Act == agency.RenameUnit || step.Act == agency.MoveUnit) && len(step.Units) > 0 {
				n.Code = step.Units[0]
			}
			if n.Code+n.Name+n.Parent+n.Identifier != "" {
				step.Into = append(step.Into, n)
			}
		}
		in.Steps = append(in.Steps, step)
	}
	for name, values := range f.Values {
		if id, ok := strings.CutPrefix(name, "staff."); ok && len(values) > 0 && values[0] != "" {
			if in.Staff == nil {
				in.Staff = map[string]string{}
			}
			in.Staff[id] = values[0]
		}
	}
	return in
}

// daysOfChange are the day before a change and its own; today and tomorrow while
// none is typed.
func (s *Server) daysOfChange(on string) [2]string {
	day, err := civil.ParseDate(on)
	if err != nil {
		day = civil.DateOf(s.now()).AddDays(1)
	}
	return [2]string{day.AddDays(-1).String(), day.String()}
}

// unitsOfChange are the units that a change on a day can name.
func (s *Server) unitsOfChange(who access.Actor, on string) ([]app.UnitChoice, error) {
	days := s.daysOfChange(on)
	before, err := s.app.UnitsOn(who, days[0])
	if err != nil {
		return nil, err
	}
	after, err := s.app.UnitsOn(who, days[1])
	for _, u := range after {
		if !slices.Contains(before, u) {
			before = append(before, u)
		}
	}
	return before, err
}

// unitText is a unit as a field offers it.
func unitText(u app.UnitChoice) string { return u.Name + " (" + u.Code + ")" }

func (s *Server) showChangeForm(w http.ResponseWriter, r *http.Request, who access.Actor, status int, f form, steps []agency.Step, report *app.ReorganisationReport) {
	units, err := s.unitsOfChange(who, f.Get("on"))
	if err != nil {
		s.deskFail(w, r, who, err)
		return
	}
	var acts []option
	for _, a := range agency.StepActs() {
		acts = append(acts, option{Value: string(a), Key: a.Key()})
	}
	b := changeFormBody{
		Form: f, Path: reorganisationPath("moi"), Back: organisationPath, Units: units, Add: f.Choose("them-viec", "organisation.page.act", acts),
		Head: []control{
			f.Input("on", "organisation.page.on", "type=date", "required", "hint=organisation.page.on_hint"),
			f.Input("document", "organisation.page.document", "required", "maxlength=200"),
			f.Input("signedOn", "organisation.page.signed_on", "type=date", "required"),
			f.Input("signer", "organisation.page.signer", "required", "maxlength=200"),
			f.Input("reason", "organisation.page.reason", "maxlength=1000", "class=wide-field"),
		},
	}
	names := map[string]string{}
	for _, u := range units {
		names[u.Code] = unitText(u)
	}
	for i, step := range steps {
		b.Steps = append(b.Steps, stepOfChange(f, i, step, names))
	}
	if report != nil {
		body := s.reportOf(*report)
		b.Report = &body
		b.officers(f, *report)
	}
	s.deskPage(w, r, who, status, "admin/reorganisation_form", text{Key: "organisation.page.new"}, b)
}

// stepOfChange makes the fields that the act of a step needs.
func stepOfChange(f form, i int, step agency.Step, names map[string]string) changeStep {
	p := fmt.Sprintf("steps[%d]", i)
	one := changeStep{No: i + 1, Index: i, Act: step.Act, Key: step.Act.Key(), Prefix: p, Anchor: fieldID(p), Bad: append(f.Bad(p), f.Bad(p+".act")...)}
	shown := func(code string) string {
		if name, ok := names[code]; ok {
			return name
		}
		return code
	}
	unit := func(name, label, value string, flags ...string) control {
		c := f.Input(name, label, append(flags, "maxlength=300")...)
		c.Value, c.List = shown(value), "don-vi"
		return c
	}
	lines := 1
	switch step.Act {
	case agency.MergeUnits:
		lines = max(2, len(step.Units)+1)
	case agency.CloseUnit:
		lines = len(step.Units) + 1
	case agency.OpenUnit:
		lines = 0
	}
	for j := range lines {
		value := ""
		if j < len(step.Units) {
			value = step.Units[j]
		}
		c := unit(p+".units", "organisation.page.unit_before", value)
		if j > 0 {
			c.ID, c.Bad = c.ID+"-"+strconv.Itoa(j), nil
		}
		one.Units = append(one.Units, c)
	}
	parts := 1
	switch step.Act {
	case agency.SplitUnit:
		parts = max(2, len(step.Into)+1)
	case agency.CloseUnit:
		parts = 0
	}
	for j := range parts {
		var n agency.NewUnit
		if j < len(step.Into) {
			n = step.Into[j]
		}
		one.Into = append(one.Into, intoFields(f, fmt.Sprintf("%s.into[%d].", p, j), step.Act, n, unit))
	}
	if step.Act == agency.SplitUnit || step.Act == agency.CloseUnit {
		c := unit(p+".heir", "organisation.page.heir", step.Heir, "hint=organisation.page.heir_hint")
		one.Heir = &c
	}
	return one
}

// intoFields are the fields of a unit that stands after a step.
func intoFields(f form, q string, act agency.StepAct, n agency.NewUnit, unit func(name, label, value string, flags ...string) control) []control {
	set := func(c control, value string) control {
		c.Value = value
		return c
	}
	name := set(f.Input(q+"name", "organisation.page.new_name", "maxlength=300"), n.Name)
	parent := unit(q+"parent", "organisation.page.parent", n.Parent)
	switch act {
	case agency.RenameUnit:
		return []control{name}
	case agency.MoveUnit:
		return []control{parent}
	case agency.OpenUnit:
		var levels, kinds []option
		for _, l := range []agency.Level{agency.Province, agency.Commune} {
			levels = append(levels, option{Value: string(l), Key: "agency.level." + string(l)})
		}
		for _, k := range []agency.Kind{agency.Department, agency.Board, agency.Body, agency.Vertical, agency.Area} {
			kinds = append(kinds, option{Value: string(k), Key: "agency.kind." + string(k)})
		}
		return []control{
			set(f.Input(q+"code", "organisation.page.code", "maxlength=40", "hint=organisation.page.code_hint"), n.Code), name, parent,
			set(f.Choose(q+"level", "organisation.page.level", levels), string(n.Level)), set(f.Choose(q+"kind", "organisation.page.kind", kinds), string(n.Kind)),
			set(f.Input(q+"identifier", "organisation.page.identifier", "maxlength=40"), n.Identifier),
		}
	}
	name.Hint = "organisation.page.new_name_hint"
	return []control{unit(q+"code", "organisation.page.into", n.Code, "hint=organisation.page.into_hint"), name}
}

// officers lets the administrator send people of a unit that is split elsewhere.
func (b *changeFormBody) officers(f form, report app.ReorganisationReport) {
	for _, u := range report.Units {
		var parts []option
		for _, p := range u.Parts {
			parts = append(parts, option{Value: p.Code, Text: p.Name})
		}
		for _, o := range u.Officers {
			name := "staff." + o.ID
			b.Officers = append(b.Officers, officerChoice{Title: o.Title, Choice: namedChoice{ID: fieldID(name), Name: name, Label: o.Name, Value: o.To, Options: parts}})
		}
	}
}
