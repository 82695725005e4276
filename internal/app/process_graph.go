package app

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/motcua/motcua/internal/core/civil"
	"github.com/motcua/motcua/internal/core/dossier"
	"github.com/motcua/motcua/internal/core/fault"
	"github.com/motcua/motcua/internal/core/procedure"
	"github.com/motcua/motcua/internal/core/process"
	"github.com/motcua/motcua/internal/guard"
	"github.com/motcua/motcua/internal/i18n"
	"github.com/motcua/motcua/internal/store"
)

// processes keeps compiled processes by id and version: a published version is
// immutable, and generated ones are alike for every procedure with the limit.
type processes struct {
	mu       sync.Mutex
	graphs   map[string]*process.Graph
	measures atomic.Pointer[process.Measures]
}

// mostGraphs bounds the compiled processes that a node keeps.
const mostGraphs = 4000

func (p *processes) get(ref string) *process.Graph {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.graphs[ref]
}

func (p *processes) put(ref string, g *process.Graph) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.graphs == nil || len(p.graphs) >= mostGraphs {
		p.graphs = map[string]*process.Graph{}
	}
	p.graphs[ref] = g
}

// Generated processes carry their share of time in their id.
const (
	linearID = "linear-" // and the working minutes of the limit
	atOnceID = "at-once"
)

// generated is the plain process of a procedure without one of its own.
func (p *processes) generated(limit civil.Limit, cal *civil.Calendar) (*process.Graph, error) {
	if limit.Unit == civil.AtOnce {
		return p.generatedAs(atOnceID)
	}
	return p.generatedAs(linearID + strconv.Itoa(workingMinutes(limit, cal)))
}

// generatedAs makes a generated process by its id.
func (p *processes) generatedAs(id string) (*process.Graph, error) {
	if g := p.get(id); g != nil {
		return g, nil
	}
	options := process.Options{ID: id, Names: stepNames()}
	t := process.AtOnce(options)
	if rest, linear := strings.CutPrefix(id, linearID); linear {
		minutes, err := strconv.Atoi(rest)
		if err != nil {
			return nil, fmt.Errorf("generated process %s: %w", id, err)
		}
		if t, err = process.Linear("", minutes, options); err != nil {
			return nil, err
		}
	}
	g, err := process.Compile(t, nil)
	if err == nil {
		p.put(id, g)
	}
	return g, err
}

func isGenerated(id string) bool { return id == atOnceID || strings.HasPrefix(id, linearID) }

// publishedProcess compiles a published version, conditions included, once.
func (a *App) publishedProcess(ctx context.Context, id string, version int) (*process.Graph, error) {
	ref := store.ProcessRef(id, version)
	if g := a.processes.get(ref); g != nil {
		return g, nil
	}
	r, err := store.Get[process.Record](ctx, a.store, store.ProcessRoot(id))
	if err != nil {
		return nil, err
	}
	p, ok := r.Number(version)
	if !ok {
		return nil, fault.New(fault.Internal, "process.version_unknown", fault.Args{"id": id, "version": version})
	}
	g, err := compile(p.Template)
	if err == nil {
		a.processes.put(ref, g)
	}
	return g, err
}

// compile makes a graph of a template with its conditions.
func compile(t process.Template) (*process.Graph, error) {
	guards, err := guard.All(t.Conditions())
	if err != nil {
		return nil, err
	}
	return process.Compile(t, guards)
}

// processFor is the process that a dossier of a case received on a day runs on:
// the published one of the case, else that of the procedure, else a plain one.
func (a *App) processFor(ctx context.Context, procedure, caseID string, limit civil.Limit, cal *civil.Calendar, day civil.Date) (*process.Graph, error) {
	head, v, ok := a.directory.Load().process(procedure, caseID, day)
	if !ok {
		return a.processes.generated(limit, cal)
	}
	return a.publishedProcess(ctx, head.ID, v.Number)
}

// processOf is the process that a dossier runs on: the version that it began
// with, or was taken over to. One that has not begun goes by today's.
func (a *App) processOf(ctx context.Context, d dossier.Dossier, cal *civil.Calendar) (*process.Graph, error) {
	switch id := d.Process.Template; {
	case isGenerated(id):
		return a.processes.generatedAs(id)
	case id != "":
		return a.publishedProcess(ctx, id, d.Process.Version)
	}
	limit := d.Deadline.Limit
	if limit.Unit == "" { // registered or guided: the case's limit
		var err error
		if limit, err = a.limitFor(d); err != nil {
			return nil, err
		}
	}
	return a.processFor(ctx, d.Procedure.Code, d.Procedure.Case, limit, cal, civil.DateOf(a.clock()))
}

// process finds the published process of a case that is in force on a day: its
// own, else the procedure's.
func (d *directory) process(procedure, caseID string, day civil.Date) (store.ProcessHead, store.ProcessVersion, bool) {
	for _, id := range []string{process.RecordID(procedure, caseID), process.RecordID(procedure, "")} {
		if head, ok := d.processes[id]; ok {
			if v, ok := head.On(day); ok {
				return head, v, true
			}
		}
	}
	return store.ProcessHead{}, store.ProcessVersion{}, false
}

// processFits reports whether the published processes of a procedure still fit
// its limits: a later version of the procedure may have shortened one.
func (d *directory) processFits(p procedure.Procedure, day civil.Date) bool {
	for _, c := range p.Cases {
		_, v, ok := d.process(p.Code, c.ID, day)
		if limit := d.limitMinutes(p, c.ID, day); ok && limit > 0 && v.Longest > limit {
			return false
		}
	}
	return true
}

// limitMinutes is the tightest limit, in working minutes, of a case over all
// channels; of all cases when caseID is empty. 0 = none is stated.
func (d *directory) limitMinutes(p procedure.Procedure, caseID string, day civil.Date) int {
	agency := ""
	for _, u := range d.byKey[p.AgencyOn(day.String())] {
		if u.On(day.String()) {
			agency = u.Code
		}
	}
	cal, _ := d.calendar(agency)
	tightest := 0
	for _, c := range p.Cases {
		if caseID != "" && c.ID != caseID {
			continue
		}
		for _, ch := range []dossier.Channel{dossier.Direct, dossier.Online, dossier.Post} {
			if limit, ok := limitOf(c, ch); ok {
				if n := workingMinutes(limit, cal); tightest == 0 || n < tightest {
					tightest = n
				}
			}
		}
	}
	return tightest
}

// aheadOn says how long a step of a process and all after it take by the
// measured times, for dossiers whose relative units are given.
func (a *App) aheadOn(g *process.Graph, units map[string]string) func(step string) int {
	measures := a.processes.measures.Load()
	if measures == nil {
		measures = &process.Measures{}
	}
	dir := a.directory.Load()
	minutes := measures.Minutes(func(s process.Step) string { return dir.stepUnit(s.Unit, units) })
	return func(step string) int {
		return g.Ahead(step, func(s process.Step) int {
			if s.Kind == process.KindReturn {
				return 0 // the work is over: the result waits to be fetched
			}
			return minutes(s)
		})
	}
}

// stepUnit is the code of the unit of a step, which may be relative or a key.
func (d *directory) stepUnit(name string, units map[string]string) string {
	if code, ok := units[name]; ok {
		return code
	}
	for _, u := range d.byKey[name] {
		return u.Code
	}
	return name
}

// stepNames are the Vietnamese names of the generated steps; a task keeps its
// name for ever.
func stepNames() map[process.Kind]string {
	names := map[process.Kind]string{}
	for _, k := range process.WorkKinds() {
		names[k] = i18n.Default().T(i18n.Vietnamese, "dossier.task."+string(k), nil)
		if names[k] == "dossier.task."+string(k) {
			names[k] = i18n.Default().T(i18n.Vietnamese, k.LabelKey(), nil)
		}
	}
	return names
}

// workingMinutes is about how much office time a limit gives, for sharing it
// among steps. The promise itself never comes from here.
func workingMinutes(l civil.Limit, cal *civil.Calendar) int {
	day := dayMinutes(cal)
	switch l.Unit {
	case civil.WorkingDays:
		return max(l.Value*day, 5)
	case civil.WorkingHours:
		return max(l.Value*60, 5)
	case civil.CalendarDays:
		return max(l.Value*day*5/7, day)
	case civil.ClockHours:
		return max(l.Value*day/24, 60)
	case civil.Months:
		return l.Value * day * 21
	}
	return day
}

func dayMinutes(cal *civil.Calendar) int {
	n := 0
	for _, iv := range cal.Hours() {
		n += int(iv.To - iv.From)
	}
	return n
}

// publicProcess is the process of a procedure as its page shows it: the first
// case's, in the order of its steps.
func (a *App) publicProcess(ctx context.Context, p procedure.Procedure, day civil.Date) []ProcessStep {
	cal, _ := a.directory.Load().calendar("")
	for _, c := range p.Cases {
		limit, ok := limitOf(c, dossier.Direct)
		if !ok {
			continue
		}
		g, err := a.processFor(ctx, p.Code, c.ID, limit, cal, day)
		if err != nil {
			return nil
		}
		return a.publicSteps(g.Template())
	}
	return nil
}

// publicSteps are the steps of a process in the words of its page.
func (a *App) publicSteps(t process.Template) []ProcessStep {
	var steps []ProcessStep
	for _, s := range t.InOrder().Tasks() {
		name := s.Name
		if name == "" {
			name = i18n.Default().T(i18n.Vietnamese, s.Kind.LabelKey(), nil)
		}
		one := ProcessStep{Name: name, Kind: dossier.TaskKind(s.Kind), Unit: s.Unit, Role: s.Role, Minutes: s.Share}
		if s.Unit != process.UnitCentre && s.Unit != process.UnitAgency {
			one.UnitName = a.StepUnitName(s.Unit)
		}
		steps = append(steps, one)
	}
	return steps
}

// StepUnitName is the name of a unit that a step names by key or code.
func (a *App) StepUnitName(name string) string {
	dir := a.directory.Load()
	day := civil.DateOf(a.clock())
	if u, ok := dir.unit(name, day); ok {
		return shownName(u)
	}
	for _, u := range dir.byKey[name] {
		if u.On(day.String()) {
			return u.Name
		}
	}
	return name
}
