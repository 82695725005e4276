package web

import (
	"cmp"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/motcua/motcua/internal/app"
	"github.com/motcua/motcua/internal/core/access"
	"github.com/motcua/motcua/internal/core/fault"
	"github.com/motcua/motcua/internal/core/process"
	"github.com/motcua/motcua/internal/core/textfold"
)

// The table editor of a process, /quan-tri/quy-trinh/{code}/sua: every step is a
// group of fields, and the buttons that add, move and take out steps send the
// whole form, so it needs no script.

// tableBody is the editor with the draft as it was typed.
type tableBody struct {
	V        app.ProcessView
	Form     form
	Path     string
	Back     string
	Revision string
	Steps    []stepFields
	Note     control
	Add      [2]control // kind and place of a new step
	Problems []problemLine
	Longest  text
	Limit    text
	Units    []string
	Theirs   *processPicture // what somebody else saved meanwhile
	TheirsBy *process.Draft
	Facts    []factLine
}

// stepFields is one step of the form.
type stepFields struct {
	No                 int
	ID, Anchor, Prefix string
	Legend             string
	KindKey            string
	Kind               process.Kind
	Fixed              bool // start and end keep their kind
	Own                []control
	Continue           *check
	Ways               []wayFields
	Bad                []*fault.Fault
}

type wayFields struct {
	ID, Prefix string
	To, When   control
	Default    *check
	Bad        []*fault.Fault
	Anchor     string
}

// check is one box to tick.
type check struct {
	ID, Name, Label string
	On              bool
}

type factLine struct{ Name, Type, Values, Key string }

func (s *Server) adminProcessTable(w http.ResponseWriter, r *http.Request, who access.Actor) {
	v, ok := s.processToEdit(w, r, who)
	if !ok {
		return
	}
	f := newForm(s.newAction())
	f.Values.Set("ban", strconv.Itoa(v.Saved))
	if v.Draft != nil {
		f.Values.Set("note", v.Draft.Note)
	}
	s.showProcessTable(w, r, who, http.StatusOK, v, v.Template.InOrder(), f)
}

// processToEdit opens a process for somebody who may draw it.
func (s *Server) processToEdit(w http.ResponseWriter, r *http.Request, who access.Actor) (app.ProcessView, bool) {
	v, err := s.app.ProcessPage(r.Context(), who, processKey(r))
	if err == nil && !v.MayDraw {
		err = fault.New(fault.Forbidden, "access.denied", nil)
	}
	if err != nil {
		s.deskFail(w, r, who, err)
	}
	return v, err == nil
}

func (s *Server) adminProcessTablePost(w http.ResponseWriter, r *http.Request, who access.Actor) {
	f, _, err := s.readForm(r, who)
	if err != nil {
		s.deskFail(w, r, who, err)
		return
	}
	v, ok := s.processToEdit(w, r, who)
	if !ok {
		return
	}
	t := s.typedProcess(r, v, &f).Redrawn(v.Template)
	if edit := f.Get("viec"); edit != "" || resumed(r) {
		s.showProcessTable(w, r, who, http.StatusOK, v, edited(t, edit, f), f)
		return
	}
	if len(f.Faults) == 0 {
		revision, _ := strconv.Atoi(f.Get("ban"))
		_, err = s.app.SaveProcess(r.Context(), who, app.ProcessForm{ActionID: f.Action, ProcessKey: v.ProcessKey, Revision: revision, Template: t, Note: f.Get("note")})
		if err == nil {
			http.Redirect(w, r, withQuery(processPath(v.ProcessKey, "sua"), "xong", "quy-trinh"), http.StatusSeeOther)
			return
		}
		if kind := fault.KindOf(err); kind != fault.Invalid && kind != fault.Conflict {
			s.deskFail(w, r, who, err)
			return
		}
		f = f.with(err)
	}
	status := http.StatusUnprocessableEntity
	if fault.KindOf(err) == fault.Conflict {
		status = http.StatusConflict
	}
	s.showProcessTable(w, r, who, status, v, t, f)
}

// edited carries out the button that was pressed: "len:ID", "xuong:ID",
// "xoa:ID", or "them" with the kind and the place in fields of their own.
func edited(t process.Template, edit string, f form) process.Template {
	act, id, _ := strings.Cut(edit, ":")
	switch act {
	case "len":
		return t.Move(id, true)
	case "xuong":
		return t.Move(id, false)
	case "xoa":
		return t.Remove(id)
	case "them":
		if kind := process.Kind(f.Get("them-loai")); slices.Contains(addable(), kind) {
			t, _ = t.Insert(f.Get("them-sau"), kind)
		}
	}
	return t
}

// addable are the kinds of step that a person can add.
func addable() []process.Kind {
	return append(process.WorkKinds(), process.KindParallel, process.KindBranch, process.KindWaitApplicant, process.KindWaitPayment, process.KindTimer)
}

// mostTyped bounds the steps and ways that a form may have.
const mostTyped = process.MaxSteps

// typedProcess reads the template out of the form; what cannot be read is a fault
// at its field.
func (s *Server) typedProcess(r *http.Request, v app.ProcessView, f *form) process.Template {
	t := process.Template{Name: v.Template.Name}
	units := s.unitsByName(v)
	for i := range mostTyped {
		p := "s" + strconv.Itoa(i) + "."
		id := f.Get(p + "id")
		if id == "" {
			break
		}
		step := process.Step{ID: id, Name: textfold.Clean(f.Get(p + "name")), Kind: process.Kind(f.Get(p + "kind"))}
		if step.Kind.Work() {
			step.Unit, step.Role = textfold.Clean(f.Get(p+"unit")), f.Get(p+"role")
			if code, ok := units[textfold.Fold(step.Unit)]; ok {
				step.Unit = code
			}
			step.Share = f.minutes(p + "share")
		}
		if step.Kind == process.KindTimer {
			step.On, step.After, step.Continue = f.Get(p+"on"), f.minutes(p+"after"), f.Get(p+"continue") != ""
		}
		t.Steps = append(t.Steps, step)
		for j := range mostTyped {
			q := p + "w" + strconv.Itoa(j) + "."
			if !f.Values.Has(q + "to") {
				break
			}
			if to := f.Get(q + "to"); to != "" {
				t.Flows = append(t.Flows, process.Flow{ID: f.Get(q + "id"), From: id, To: to, When: strings.TrimSpace(f.Get(q + "when")), Default: f.Get(q+"default") != ""})
			}
		}
	}
	t = tidyWays(t, v.Template)
	return t
}

// minutes reads a field of working hours.
func (f *form) minutes(name string) int {
	n, ok := minutesOf(f.Get(name))
	if !ok {
		f.Faults = append(f.Faults, fault.Field(name, "process.page.bad_hours", nil))
	}
	return n
}

// tidyWays gives new ways their ids, and old ones what the form does not show.
// Conditions stand on branches and on steps with several ways only: those that a
// change of the kind has hidden go.
func tidyWays(t, base process.Template) process.Template {
	flows := t.Flows
	t.Flows = nil
	for _, f := range flows {
		if f.ID == "" {
			t = t.AddWay(f.From, f.To, f.When)
			t.Flows[len(t.Flows)-1].Default = f.Default
			continue
		}
		for _, old := range base.Flows {
			if old.ID == f.ID {
				f.Name = old.Name
			}
		}
		t.Flows = append(t.Flows, f)
	}
	return t
}

// unitsByName finds units by what people type: their names, and the relative
// ones by their words in both languages.
func (s *Server) unitsByName(v app.ProcessView) map[string]string {
	all := map[string]string{}
	for _, u := range v.Units {
		all[textfold.Fold(u.Name)] = u.Code
	}
	for _, relative := range []string{process.UnitCentre, process.UnitAgency} {
		for _, language := range []string{"vi", "en"} {
			all[textfold.Fold(s.words.T(language, "process.unit."+relative, nil))] = relative
		}
	}
	return all
}

func (s *Server) showProcessTable(w http.ResponseWriter, r *http.Request, who access.Actor, status int, v app.ProcessView, t process.Template, f form) {
	b := tableBody{
		V: v, Form: f, Path: processPath(v.ProcessKey, "sua"), Back: processPath(v.ProcessKey), Revision: f.Get("ban"), Limit: workTime(v.Limit), Longest: workTime(v.Longest),
		Note: f.Input("note", "process.page.note", "rows=2", "maxlength=1000"),
	}
	if status == http.StatusOK && f.Get("viec") == "" && v.Draft != nil { // the draft as it is stored, not what is being typed
		b.Problems = s.problemLines(v.Problems)
	}
	for _, relative := range []string{process.UnitCentre, process.UnitAgency} {
		b.Units = append(b.Units, s.say(r, "process.unit."+relative, nil))
	}
	for _, u := range v.Units {
		b.Units = append(b.Units, u.Name)
	}
	for _, x := range v.Facts {
		b.Facts = append(b.Facts, factLine{x.Name, x.Type, quoted(x.Values), "process.fact." + x.Name})
	}
	if status == http.StatusConflict && v.Draft != nil {
		theirs := s.processPicture(r, v.Template)
		b.Theirs, b.TheirsBy, b.Revision = &theirs, v.Draft, strconv.Itoa(v.Saved)
	}
	s.stepForms(r, &b, t, f)
	s.deskPage(w, r, who, status, "admin/process_table", text{Key: "process.page.edit"}, b)
}

// quoted lists values as conditions write them.
func quoted(values []string) string {
	out := make([]string, len(values))
	for i, v := range values {
		out[i] = strconv.Quote(v)
	}
	return strings.Join(out, ", ")
}

// stepForms makes the fields of every step.
func (s *Server) stepForms(r *http.Request, b *tableBody, t process.Template, f form) {
	typed := f.Values
	f.Values = url.Values{}
	for i, step := range t.Steps {
		fill(f.Values, i, step, t.Out(step.ID), s.unitWord(r, step.Unit))
		for _, name := range []string{"share", "after"} { // a number that could not be read stays as typed
			if p := "s" + strconv.Itoa(i) + "." + name; len(f.Bad(p)) > 0 {
				f.Values.Set(p, typed.Get(p))
			}
		}
	}
	var targets, hosts, kinds, places []option
	for i, step := range t.Steps {
		o := option{Value: step.ID, Text: strconv.Itoa(i+1) + ". " + s.stepName(r, step)}
		if step.Kind != process.KindStart && step.Kind != process.KindTimer {
			targets = append(targets, o)
		}
		if step.Kind.Work() || step.Kind.Wait() {
			hosts = append(hosts, o)
		}
		if step.Kind != process.KindEnd && step.Kind != process.KindTimer {
			places = append(places, o)
		}
	}
	for _, k := range addable() {
		kinds = append(kinds, option{Value: string(k), Key: k.LabelKey()})
	}
	f.Values.Set("them-loai", cmp.Or(typed.Get("them-loai"), string(process.KindHandle)))
	f.Values.Set("them-sau", typed.Get("them-sau"))
	b.Add = [2]control{f.Choose("them-loai", "process.page.add_kind", kinds), f.Choose("them-sau", "process.page.add_after", places)}
	at := map[string][]*fault.Fault{}
	for _, p := range b.Problems {
		at[p.Anchor] = append(at[p.Anchor], p.Fault)
	}
	for i, step := range t.Steps {
		one := stepFields{
			No: i + 1, ID: step.ID, Prefix: "s" + strconv.Itoa(i) + ".", Anchor: fieldID("steps." + step.ID), Legend: s.stepName(r, step), KindKey: step.Kind.LabelKey(), Kind: step.Kind,
			Fixed: step.Kind == process.KindStart || step.Kind == process.KindEnd,
		}
		one.Bad = at[one.Anchor]
		one.own(f, step, kinds, hosts)
		if step.Kind != process.KindEnd {
			one.ways(f, step, t.Out(step.ID), targets, at)
		}
		b.Steps = append(b.Steps, one)
	}
}

// unitWord is a unit as the form shows it.
func (s *Server) unitWord(r *http.Request, unit string) string {
	if unit == "" {
		return ""
	}
	key, name := s.stepUnit(unit)
	if key != "" {
		return s.say(r, key, nil)
	}
	return name
}

// fill writes a step into the form.
func fill(v url.Values, i int, step process.Step, out []process.Flow, unit string) {
	p := "s" + strconv.Itoa(i) + "."
	v.Set(p+"name", step.Name)
	v.Set(p+"kind", string(step.Kind))
	v.Set(p+"unit", unit)
	v.Set(p+"role", step.Role)
	v.Set(p+"share", hoursOf(step.Share))
	v.Set(p+"on", step.On)
	v.Set(p+"after", hoursOf(step.After))
	for j, f := range out {
		q := p + "w" + strconv.Itoa(j) + "."
		v.Set(q+"to", f.To)
		v.Set(q+"when", f.When)
	}
}

// own are the fields of the step itself.
func (one *stepFields) own(f form, step process.Step, kinds, hosts []option) {
	p := one.Prefix
	one.Own = append(one.Own, f.Input(p+"name", "process.page.name", "maxlength=200", "class=-name"))
	if !one.Fixed {
		one.Own = append(one.Own, f.Choose(p+"kind", "process.page.kind", kinds))
	}
	switch {
	case step.Kind.Work():
		var roles []option
		for _, role := range access.Roles() {
			if role != access.Import && role != access.Partner && role != access.Admin {
				roles = append(roles, option{Value: string(role), Key: roleKey(role)})
			}
		}
		unit := f.Input(p+"unit", "process.page.unit", "maxlength=200")
		unit.List = "don-vi"
		one.Own = append(one.Own, unit, f.Choose(p+"role", "process.page.role", roles, "blank=desk.choose_one"),
			f.Input(p+"share", "process.page.share", "inputmode=decimal", "maxlength=8"))
	case step.Kind == process.KindTimer:
		one.Own = append(one.Own, f.Choose(p+"on", "process.page.on", hosts, "blank=desk.choose_one"), f.Input(p+"after", "process.page.after", "inputmode=decimal", "maxlength=8"))
		one.Continue = &check{fieldID(p + "continue"), p + "continue", "process.page.continue", step.Continue}
	}
}

// ways are the ways out of a step, with an empty one where there may be more.
func (one *stepFields) ways(f form, step process.Step, out []process.Flow, targets []option, at map[string][]*fault.Fault) {
	several := step.Kind == process.KindBranch || step.Kind == process.KindParallel || len(out) > 1
	n := max(1, len(out))
	if several {
		n = len(out) + 1
	}
	for j := range n {
		q := one.Prefix + "w" + strconv.Itoa(j) + "."
		way := wayFields{Prefix: q, To: f.Choose(q+"to", "process.page.next", targets, "blank=process.page.nowhere")}
		if j < len(out) {
			way.ID, way.Anchor = out[j].ID, fieldID("flows."+out[j].ID)
			way.Bad = at[way.Anchor]
		}
		if several && step.Kind != process.KindParallel || way.To.Value != "" && f.Get(q+"when") != "" {
			way.When = f.Input(q+"when", "process.page.when", "maxlength=2000")
			way.Default = &check{ID: fieldID(q + "default"), Name: q + "default", Label: "process.page.default", On: j < len(out) && out[j].Default}
		}
		one.Ways = append(one.Ways, way)
	}
}
