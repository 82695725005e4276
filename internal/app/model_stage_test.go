package app_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/motcua/motcua/internal/app"
	"github.com/motcua/motcua/internal/app/apptest"
	"github.com/motcua/motcua/internal/core/access"
	"github.com/motcua/motcua/internal/core/agency"
	"github.com/motcua/motcua/internal/core/civil"
	"github.com/motcua/motcua/internal/core/dossier"
	"github.com/motcua/motcua/internal/core/procedure"
)

// stageOf is one engine with the people and units of the stories.
type stageOf struct {
	*apptest.World
	engine string
	people map[string]access.Actor
	units  map[string]string // what it is to the dossier → code
	names  map[string]string // id or code → name in the stories
	files  map[string]string // whose staged file
	plain  app.Receivable
	sides  app.Receivable
	mark   int64 // journal position at which the story began
}

// desks is both engines with what the stories share: days of the limit, how long
// the applicant has, and the books of numbers.
type desks struct {
	on       []*stageOf
	days     int
	lightest string // whom the program gave a task by load
	next     int64  // number that the agency's book gives next; 0 = not seen yet
	codes    map[string]int
	played   int
	tries    map[dossier.Act][2]int
}

// answerBy is until when somebody has to answer: the tenth day, as the stories say
// it, or the thirtieth of the rule where they name no day.
func (w *desks) answerBy(t attempt) time.Time {
	days := 10
	if t.lacks == "day" {
		days = 30
	}
	return closing(workingDay(civil.DateOf(t.at).AddDays(days)))
}

func (w *desks) take() int64 {
	if w.next == 0 {
		w.next = -1 // the first number of a database is taken as it comes
		return -1
	}
	n := w.next
	w.next++
	return n
}

// suited are the procedures of the stories: one for the plain process, one for
// the process with two opinions at once, of the same limit and with a fee.
func suited(t *testing.T, w *apptest.World) (plain, sides app.Receivable) {
	t.Helper()
	all, err := w.ReceivableBy()
	if err != nil {
		t.Fatal(err)
	}
	var found []app.Receivable
	for _, p := range all {
		if p.Unit != w.Centre().Code || len(p.Cases) != 1 || p.Cases[0].Limit == nil || len(p.PapersOf(p.Cases[0])) == 0 || p.Field == "" {
			continue
		}
		if l := p.Cases[0].Limit; l.Unit != "ngay_lam_viec" || l.Value != 7 || len(collectable(p)) == 0 {
			continue
		}
		if len(found) == 0 || found[0].AgencyOn("2026-11-23") == p.AgencyOn("2026-11-23") {
			found = append(found, p)
		}
		if len(found) == 2 {
			return found[0], found[1]
		}
	}
	t.Fatalf("%d procedures of seven working days with a fee", len(found))
	return plain, sides
}

// collectable are the fees of a procedure that the centre takes at the counter.
func collectable(p app.Receivable) []procedure.Fee {
	return slices.DeleteFunc(slices.Clone(p.FeesBy(procedure.Way(dossier.Direct))), func(f procedure.Fee) bool { return !f.Collectable() || f.AmountVND == 0 })
}

// openStage sets the stories' stage on one engine.
func openStage(t *testing.T, w *apptest.World, engine string) *stageOf {
	t.Helper()
	ctx := t.Context()
	s := &stageOf{World: w, engine: engine, people: map[string]access.Actor{}, names: map[string]string{}, files: map[string]string{}}
	s.plain, s.sides = suited(t, w)
	agent := competent(t, w, s.plain)
	a, b := others(t, w, agent)
	far := commune(t, w)
	s.units = map[string]string{house: w.Centre().Code, bureau: agent, adviceA: a, adviceB: b, afar: far}
	if err := w.RecordPeople(ctx, access.Operator("test"), []agency.Staff{{
		ID: "0190a000-0000-7000-8000-00000000aaaa", Name: "Phó Lãnh Đạo", Login: "pho.lanhdao", Title: "Phó Giám đốc", Unit: agent, Roles: []string{"leader"},
	}}); err != nil {
		t.Fatal(err)
	}
	taken := map[string]int{}
	for _, p := range souls {
		all := w.People(s.units[p.unit], p.roles[0])
		slices.SortFunc(all, func(x, y access.Actor) int { return strings.Compare(x.Name, y.Name) })
		if p.name == "leader" || p.name == "leader-2" { // the deputy is the second
			all = slices.DeleteFunc(all, func(x access.Actor) bool { return (x.Name == "Phó Lãnh Đạo") != (p.name == "leader-2") })
			taken[p.unit+p.roles[0]] = 0
		}
		if p.name == "control" { // one who is nothing else
			all = slices.DeleteFunc(all, func(x access.Actor) bool { return len(x.Roles) > 1 })
		}
		if p.name == "director" {
			all = slices.DeleteFunc(all, func(x access.Actor) bool { return len(x.Roles) > 1 })
		}
		n := taken[p.unit+p.roles[0]]
		taken[p.unit+p.roles[0]]++
		if n >= len(all) {
			t.Fatalf("%s has too few people who are %s", p.unit, p.roles[0])
		}
		s.people[p.name] = all[n]
	}
	for _, unit := range s.units {
		for _, role := range access.Roles() {
			for _, who := range w.People(unit, string(role)) {
				s.names[who.ID] = who.Name
			}
		}
	}
	for name, who := range s.people {
		s.names[who.ID] = name
	}
	for name, code := range s.units {
		s.names[code] = name
	}
	publish(t, w, app.ProcessKey{Procedure: s.sides.Code}, consulting(a, b))
	leader := s.people["leader"]
	for _, x := range []app.AbsenceForm{
		{Staff: s.people["handler-2"].ID, From: handlerAway, To: civil.NewDate(2026, 12, 31), Work: s.people["handler"].ID, Reason: "Học"},
		{Staff: leader.ID, From: leaderAway, To: civil.NewDate(2026, 12, 31), Work: s.people["leader-2"].ID, Sign: s.people["leader-2"].ID, Reason: "Học", Document: "12/QĐ"},
	} {
		if _, err := w.RecordAbsence(ctx, leader, x); err != nil {
			t.Fatal(err)
		}
	}
	for name, who := range s.people {
		if name == "director" || name == "control" {
			continue
		}
		staged, err := w.Stage(ctx, who, "tep.pdf", strings.NewReader(smallPDF))
		if err != nil {
			t.Fatal(err)
		}
		s.files[name] = staged.Hash
	}
	return s
}

func openDesks(t *testing.T) *desks {
	t.Helper()
	w := &desks{days: 7, codes: map[string]int{}, tries: map[dossier.Act][2]int{}}
	w.on = []*stageOf{openStage(t, apptest.SQLite(t), "sqlite"), openStage(t, apptest.Postgres(t), "postgres")}
	return w
}
