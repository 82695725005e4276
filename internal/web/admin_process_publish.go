package web

import (
	"net/http"
	"strconv"
	"strings"

	"github.com/motcua/motcua/internal/app"
	"github.com/motcua/motcua/internal/core/access"
	"github.com/motcua/motcua/internal/core/civil"
	"github.com/motcua/motcua/internal/core/fault"
	"github.com/motcua/motcua/internal/core/procedure"
	"github.com/motcua/motcua/internal/core/process"
)

// adminProcessAct carries out an act on the draft: trinh (submit), kiem-tra
// (check) or bo (give up).
func (s *Server) adminProcessAct(w http.ResponseWriter, r *http.Request, who access.Actor) {
	f, _, err := s.readForm(r, who)
	if err != nil {
		s.deskFail(w, r, who, err)
		return
	}
	k := processKey(r)
	revision, _ := strconv.Atoi(f.Get("ban"))
	in := app.ProcessAct{ActionID: f.Action, ProcessKey: k, Revision: revision, Note: f.Get("note")}
	acts := map[string]func() error{
		"trinh":    func() error { return s.app.SubmitProcess(r.Context(), who, in) },
		"kiem-tra": func() error { return s.app.ReviewProcess(r.Context(), who, in) },
		"bo":       func() error { return s.app.DropProcess(r.Context(), who, in) },
	}
	act, known := acts[r.PathValue("act")]
	if !known {
		s.notFound(w, r)
		return
	}
	if !resumed(r) {
		err = act()
	}
	switch kind := fault.KindOf(err); {
	case err == nil && !resumed(r):
		http.Redirect(w, r, withQuery(processPath(k), "phien-ban", "du-thao", "xong", "quy-trinh-"+r.PathValue("act")), http.StatusSeeOther)
	case err == nil:
		s.showProcess(w, r, who, http.StatusOK, f, nil)
	case kind == fault.Invalid || kind == fault.Conflict:
		s.showProcess(w, r, who, httpStatus(kind), f.with(err), nil)
	default:
		s.deskFail(w, r, who, err)
	}
}

// decisionFields are the controls of a decision with the day from which what it
// approves holds.
func decisionFields(f form, day, label string) []control {
	var bases []option
	for _, b := range procedure.DecisionBases() {
		bases = append(bases, option{Value: string(b), Key: b.Key()})
	}
	return []control{
		f.Input("decision.no", "process.page.decision_no", "required", "maxlength=100"), f.Input("decision.on", "process.page.decision_on", "type=date", "required"),
		f.Input("decision.signer", "process.page.decision_signer", "required", "maxlength=200"), f.Input("decision.title", "process.page.decision_title", "maxlength=200"),
		f.Choose("decision.basis", "process.page.decision_basis", bases), f.Input(day, label, "type=date", "hint=process.page.from_hint"),
	}
}

// typedDecision reads a decision; what is no day is a fault at its field.
func typedDecision(f *form, day string) (app.DecisionForm, civil.Date) {
	d := app.DecisionForm{
		No: strings.TrimSpace(f.Get("decision.no")), Signer: strings.TrimSpace(f.Get("decision.signer")), Title: strings.TrimSpace(f.Get("decision.title")),
		Basis: procedure.DecisionBasis(f.Get("decision.basis")), On: f.day("decision.on"),
	}
	return d, f.day(day)
}

// day reads a date field; empty is no day.
func (f *form) day(name string) civil.Date {
	typed := strings.TrimSpace(f.Get(name))
	if typed == "" {
		return civil.Date{}
	}
	d, err := civil.ParseDate(typed)
	if err != nil {
		f.Faults = append(f.Faults, fault.Field(name, "civil.date_form", fault.Args{"text": typed}))
	}
	return d
}

// publishBody is the form that brings a checked draft into force,
// /quan-tri/quy-trinh/{code}/ban-hanh.
type publishBody struct {
	V      app.ProcessView
	Form   form
	Path   string
	Back   string
	Fields []control
	Shown  processPicture
	Number int
}

func (s *Server) adminPublishProcess(w http.ResponseWriter, r *http.Request, who access.Actor) {
	s.showPublish(w, r, who, http.StatusOK, newForm(s.newAction()))
}

func (s *Server) showPublish(w http.ResponseWriter, r *http.Request, who access.Actor, status int, f form) {
	v, err := s.app.ProcessPage(r.Context(), who, processKey(r))
	switch {
	case err == nil && !v.MayPublish:
		err = fault.New(fault.Forbidden, "access.denied", nil)
	case err == nil && (v.Draft == nil || v.Draft.Review == nil):
		err = fault.New(fault.Conflict, "process.not_reviewed", nil)
	}
	if err != nil {
		s.deskFail(w, r, who, err)
		return
	}
	if f.Get("ban") == "" {
		f.Values.Set("ban", strconv.Itoa(v.Saved))
	}
	b := publishBody{
		V: v, Form: f, Path: processPath(v.ProcessKey, "ban-hanh"), Back: processPath(v.ProcessKey), Number: v.Next(),
		Fields: decisionFields(f, "validFrom", "process.page.valid_from"), Shown: s.processPicture(r, v.Template),
	}
	s.deskPage(w, r, who, status, "admin/process_publish", text{Key: "process.page.publish"}, b)
}

func (s *Server) adminPublishProcessPost(w http.ResponseWriter, r *http.Request, who access.Actor) {
	f, _, err := s.readForm(r, who)
	if err != nil {
		s.deskFail(w, r, who, err)
		return
	}
	k := processKey(r)
	revision, _ := strconv.Atoi(f.Get("ban"))
	in := app.PublishForm{ActionID: f.Action, Items: []app.PublishItem{{ProcessKey: k, Revision: revision}}}
	in.Decision, in.ValidFrom = typedDecision(&f, "validFrom")
	if len(f.Faults) == 0 && !resumed(r) {
		done, err := s.app.PublishProcess(r.Context(), who, in)
		if err == nil {
			http.Redirect(w, r, withQuery(processPath(k), "phien-ban", strconv.Itoa(done[0].Number), "xong", "quy-trinh-ban-hanh"), http.StatusSeeOther)
			return
		}
		if kind := fault.KindOf(err); kind != fault.Invalid && kind != fault.Conflict {
			s.deskFail(w, r, who, err)
			return
		}
		f = f.with(err)
	}
	s.showPublish(w, r, who, statusOf(f), f)
}

// adminEndProcess takes a process out of use by decision.
func (s *Server) adminEndProcess(w http.ResponseWriter, r *http.Request, who access.Actor) {
	f, _, err := s.readForm(r, who)
	if err != nil {
		s.deskFail(w, r, who, err)
		return
	}
	in := app.EndForm{ActionID: f.Action, ProcessKey: processKey(r)}
	in.Decision, in.From = typedDecision(&f, "from")
	if len(f.Faults) == 0 && !resumed(r) {
		err := s.app.EndProcess(r.Context(), who, in)
		if err == nil {
			http.Redirect(w, r, withQuery(processPath(in.ProcessKey), "xong", "quy-trinh-ngung"), http.StatusSeeOther)
			return
		}
		if kind := fault.KindOf(err); kind != fault.Invalid && kind != fault.Conflict {
			s.deskFail(w, r, who, err)
			return
		}
		f = f.with(err)
	}
	f.Values.Set("mo", "end")
	s.showProcess(w, r, who, statusOf(f), f, nil)
}

// migrateBody shows what a migration would do, and after it what it did,
// /quan-tri/quy-trinh/{code}/chuyen.
type migrateBody struct {
	V       app.ProcessView
	Form    form
	Report  app.MigrateReport
	Path    string
	Preview string
	Back    string
	Gone    []control
	Names   []stepName
	Reason  control
	Done    bool
	Number  int
	Moved   []migratedLine
	Refused []migratedLine
}

type stepName struct{ Field, Value string }

type migratedLine struct {
	app.MigratedDossier
	Open string
}

// migrateField begins the fields that say where a step of an old version goes.
const migrateField = "buoc."

func (s *Server) adminMigrateProcess(w http.ResponseWriter, r *http.Request, who access.Actor) {
	f := newForm(s.newAction())
	f.Values = r.URL.Query()
	s.showMigration(w, r, who, http.StatusOK, f, nil)
}

func (s *Server) adminMigrateProcessPost(w http.ResponseWriter, r *http.Request, who access.Actor) {
	f, _, err := s.readForm(r, who)
	if err != nil {
		s.deskFail(w, r, who, err)
		return
	}
	if resumed(r) {
		s.showMigration(w, r, who, http.StatusOK, f, nil)
		return
	}
	in := s.migration(r, f)
	in.Reason, in.ActionID = f.Get("reason"), f.Action
	report, err := s.app.MigrateProcess(r.Context(), who, in)
	switch kind := fault.KindOf(err); {
	case err == nil:
		s.showMigration(w, r, who, http.StatusOK, f, &report)
	case kind == fault.Invalid || kind == fault.Conflict:
		s.showMigration(w, r, who, httpStatus(kind), f.with(err), nil)
	default:
		s.deskFail(w, r, who, err)
	}
}

// migration reads where the steps of old versions go; what nobody named goes to
// the only new step of the same kind and unit.
func (s *Server) migration(r *http.Request, f form) app.MigrateForm {
	in := app.MigrateForm{ProcessKey: processKey(r), Names: map[string]string{}, Propose: true}
	in.To, _ = strconv.Atoi(f.Get("phien-ban"))
	for name, values := range f.Values {
		if step, ok := strings.CutPrefix(name, migrateField); ok && values[0] != "" {
			in.Names[step] = values[0]
		}
	}
	return in
}

func (s *Server) showMigration(w http.ResponseWriter, r *http.Request, who access.Actor, status int, f form, done *app.MigrateReport) {
	v, err := s.app.ProcessPage(r.Context(), who, processKey(r))
	if err != nil {
		s.deskFail(w, r, who, err)
		return
	}
	in := s.migration(r, f)
	b := migrateBody{V: v, Form: f, Back: processPath(v.ProcessKey), Path: processPath(v.ProcessKey, "chuyen"), Number: in.To, Done: done != nil}
	b.Reason = f.Input("reason", "desk.reason", "rows=2", "maxlength=1000", "required")
	if b.Done {
		b.Report = *done
	} else {
		in.DryRun = true
		if b.Report, err = s.app.MigrateProcess(r.Context(), who, in); err != nil {
			s.deskFail(w, r, who, err)
			return
		}
	}
	var steps []option
	for _, x := range b.Report.Steps {
		steps = append(steps, option{Value: x.ID, Text: x.Name})
	}
	for _, gone := range b.Report.Gone {
		c := f.Choose(migrateField+gone.ID, "process.page.goes_to", steps, "blank=process.page.stays")
		c.Value, c.Hint = gone.Goes, ""
		b.Gone = append(b.Gone, c)
		b.Names = append(b.Names, stepName{migrateField + gone.ID, gone.Goes})
	}
	lines := func(all []app.MigratedDossier) []migratedLine {
		var out []migratedLine
		for _, d := range all {
			out = append(out, migratedLine{d, dossierPath(d.Code)})
		}
		return out
	}
	b.Moved, b.Refused = lines(b.Report.Moved), lines(b.Report.Refused)
	s.deskPage(w, r, who, status, "admin/process_migrate", text{Key: "process.page.migrate"}, b)
}

// GoneName is the name of the old step that a control is about.
func (b migrateBody) GoneName(i int) string { return b.Report.Gone[i].Name }

// versionOfRef shows process and version as people read it.
func (l migratedLine) Version() string {
	id, number, _ := strings.Cut(l.From, "@")
	if strings.HasPrefix(id, "qt-") {
		return number
	}
	return ""
}

// rehearsalBody is the dry run of a process on finished dossiers,
// /quan-tri/quy-trinh/{code}/chay-thu.
type rehearsalBody struct {
	V          app.ProcessView
	Form       form
	Path, Back string
	Fields     []control
	Which      control
	Result     *app.Rehearsal
	Then, Now  []rehearsedStep
	Gain       int
}

type rehearsedStep struct {
	process.StepTimes
	UnitKey, UnitName string
	Label             string
	Bottleneck        bool
	ShareTime, Median text
	P80               text
}

// Times words the figures of a forecast.
func (rehearsalBody) Times(minutes int) text { return workTime(minutes) }

// rehearsalDays is the period that the form begins with: the last quarter.
const rehearsalDays = 91

func (s *Server) adminRehearseProcess(w http.ResponseWriter, r *http.Request, who access.Actor) {
	f := newForm("")
	f.Values = r.URL.Query()
	today := civil.DateOf(s.now())
	if f.Get("from") == "" && f.Get("chay") == "" {
		f.Values.Set("from", today.AddDays(-rehearsalDays).String())
		f.Values.Set("to", today.String())
	}
	v, err := s.app.ProcessPage(r.Context(), who, processKey(r))
	if err != nil {
		s.deskFail(w, r, who, err)
		return
	}
	b := rehearsalBody{V: v, Path: processPath(v.ProcessKey, "chay-thu"), Back: processPath(v.ProcessKey)}
	if f.Get("chay") != "" {
		in := app.RehearsalForm{ProcessKey: v.ProcessKey, Limit: strings.TrimSpace(f.Get("limit")), From: f.day("from"), To: f.day("to")}
		in.Number, _ = strconv.Atoi(f.Get("ban"))
		if len(f.Faults) == 0 {
			result, err := s.app.RehearseProcess(r.Context(), who, in)
			switch kind := fault.KindOf(err); {
			case err == nil:
				b.Result, b.Then, b.Now = &result, s.rehearsed(r, result.Then), s.rehearsed(r, result.Now)
			case kind == fault.Invalid || kind == fault.Conflict:
				f = f.with(err)
			default:
				s.deskFail(w, r, who, err)
				return
			}
		}
	}
	var which []option
	if v.Draft != nil {
		which = append(which, option{Value: "0", Key: "process.page.the_draft"})
	}
	for _, p := range v.Versions {
		n := strconv.Itoa(p.Template.Version)
		which = append(which, option{Value: n, Text: s.say(r, "process.page.version_n", map[string]any{"version": n})})
	}
	b.Form, b.Which = f, f.Choose("ban", "process.page.which", which)
	b.Fields = []control{
		f.Input("from", "process.page.from", "type=date", "required"), f.Input("to", "process.page.to", "type=date", "required"),
		f.Input("limit", "process.page.try_limit", "maxlength=60", "hint=process.page.try_limit_hint"),
	}
	s.deskPage(w, r, who, statusOf(f), "admin/process_rehearse", text{Key: "process.page.rehearse"}, b)
}

func (s *Server) rehearsed(r *http.Request, f process.Forecast) []rehearsedStep {
	var out []rehearsedStep
	for _, x := range f.Steps {
		one := rehearsedStep{StepTimes: x, Label: x.Name, Bottleneck: x.Step == f.Bottleneck, ShareTime: workTime(x.Share), Median: workTime(x.Median), P80: workTime(x.P80)}
		if one.Label == "" {
			one.Label = s.say(r, x.Kind.LabelKey(), nil)
		}
		one.UnitKey, one.UnitName = s.stepUnit(x.Unit)
		out = append(out, one)
	}
	return out
}
