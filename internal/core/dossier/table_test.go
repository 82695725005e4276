package dossier

import (
	"fmt"
	"slices"
	"testing"

	"github.com/motcua/motcua/internal/core/access"
	"github.com/motcua/motcua/internal/core/fault"
	"github.com/motcua/motcua/internal/core/process"
)

// timed is the linear process with timers on its first two steps.
func timed(t teller) *process.Graph {
	template, err := process.Linear("", 5*480, process.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, on := range []string{"receive", "handle"} {
		template.Steps = append(template.Steps, process.Step{ID: "late-" + on, Kind: process.KindTimer, On: on, After: 480 * 10, Continue: true})
		template.Flows = append(template.Flows, process.Flow{ID: "f-" + on, From: "late-" + on, To: "end"})
	}
	g, err := process.Compile(template, nil)
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// scenes are dossiers in every status and at every step, by which the table is
// tried out.
func scenes(t *testing.T) map[string]*stage {
	t.Helper()
	all := map[string]*stage{}
	scene := func(name string, from string, steps ...func(*stage)) {
		var s *stage
		if from == "" {
			s = newStage(t, monday)
		} else {
			again := *all[from]
			again.stored = slices.Clone(again.stored)
			s = &again
		}
		for _, do := range steps {
			do(s)
		}
		all[name] = s
	}
	by := func(who access.Actor, act Act) func(*stage) {
		return func(s *stage) { s.must(who, full(act, s.d.Version)) }
	}
	begin := func(act Act) func(*stage) { return func(s *stage) { s.begin(act, full(act, 0)) } }
	at := func(g *process.Graph) func(*stage) { return func(s *stage) { s.graph = g } }
	onTheSpot, err := process.Compile(process.AtOnce(process.Options{}), nil)
	if err != nil {
		t.Fatal(err)
	}
	consult := func(s *stage) {
		in := full(Consult, s.d.Version)
		in.Units = []string{"so-khac"}
		s.must(handlerOne, in)
	}
	for _, kind := range []string{"", "late ", "timed ", "electronic "} {
		switch kind {
		case "":
			scene("new", "")
		case "late ":
			scene("late new", "", func(s *stage) {
				s.start = func(b *Beginning) { b.Late = &LateEntry{Slip: "BN-1", By: "Tiếp Nhận"} }
			})
		case "timed ":
			scene("timed new", "", at(timed(t)))
		case "electronic ":
			scene("electronic new", "", func(s *stage) { s.start = func(b *Beginning) { b.Opening.ReturnChannel = ReturnElectronic } })
		}
		scene(kind+"received", kind+"new", begin(Receive))
		scene(kind+"asked at reception", kind+"received", by(receptionist, RequestSupplement))
		scene(kind+"forwarded", kind+"received", by(receptionist, Forward))
		scene(kind+"asked from the pool", kind+"forwarded", by(handlerOne, RequestSupplement))
		scene(kind+"owing from the pool", kind+"forwarded", by(handlerOne, Oblige))
		scene(kind+"arrived", kind+"forwarded", by(handlerOne, ReceiveHandover))
		scene(kind+"handled", kind+"arrived", by(handlerOne, Claim))
		scene(kind+"asked", kind+"handled", by(handlerOne, RequestSupplement))
		scene(kind+"owing", kind+"handled", by(handlerOne, Oblige))
		scene(kind+"proposed", kind+"handled", by(handlerOne, Propose))
		scene(kind+"approved", kind+"proposed", by(leaderOne, Approve))
		scene(kind+"numbered", kind+"approved", by(clerkOne, Number))
		scene(kind+"signed", kind+"numbered", by(leaderOne, Sign))
		scene(kind+"issued", kind+"signed", by(clerkOne, IssueResult))
		scene(kind+"handed over", kind+"issued", by(clerkOne, HandOver))
		scene(kind+"resolved", kind+"handed over", by(receptionist, ReceiveHandover))
		scene(kind+"settled", kind+"resolved", by(receptionist, CollectFee))
		scene(kind+"returned", kind+"settled", by(receptionist, Return))
	}
	scene("checked at the counter", "new", at(drawn(t, nil, []process.Step{
		work("receive", process.KindReceive, "centre", "reception"), work("check", process.KindCheck, "centre", "reception"),
		work("approve", process.KindApprove, "agency", "leader"), work("issue", process.KindIssue, "agency", "clerk"), work("return", process.KindReturn, "centre", "reception"),
	}, "s>receive", "receive>check", "check>approve", "approve>issue", "issue>return", "return>e")), begin(Receive), by(receptionist, Forward))
	all["signed as a document"] = documented(t)
	scene("registered", "new", begin(Register))
	scene("paying first", "registered", by(receptionist, Oblige))
	scene("guided", "new", begin(Guide))
	scene("guided, reminded", "guided", by(clockwork, Remind))
	scene("guided online", "registered", by(receptionist, Guide))
	scene("not accepted", "registered", by(receptionist, RefuseReception))
	scene("in the pool of the centre", "received", by(receptionist, Release))
	scene("at the counter", "new", at(onTheSpot), begin(Receive))
	scene("decided at the counter", "at the counter", by(receptionist, IssueResult))
	scene("taken back at the counter", "decided at the counter", func(s *stage) {
		s.must(leaderOne, Input{Act: TakeBack, Reason: "Sai"})
	})
	scene("decided at once", "new", at(onTheSpot), func(s *stage) { s.start = func(b *Beginning) { b.AtOnce, b.Fees = true, nil } }, begin(Receive))
	scene("sent back to the centre", "handled", by(handlerOne, SendBack))
	scene("consulted", "handled", consult)
	scene("consulted, asked", "consulted", by(handlerOne, RequestSupplement))
	scene("consulted, owing", "consulted", by(handlerOne, Oblige))
	scene("asked, reminded", "asked", by(clockwork, Remind))
	scene("claimed for return", "resolved", by(receptionist, Claim))
	scene("stopped", "handled", by(leaderOne, Stop))
	scene("withdrawn", "handled", by(receptionist, Withdraw))
	for _, name := range []string{"received", "handled", "resolved"} {
		scene("repairing "+name, name, by(controller, Repair))
	}
	return all
}

// cast is everybody who might act.
func cast() []access.Actor {
	baHandler := access.Actor{ID: "s-ba", Name: "Sở Ba", Roles: []access.Role{access.Handler}, Unit: "so-ba"}
	return []access.Actor{receptionist, handlerOne, handlerTwo, leaderOne, clerkOne, stranger, strangeBoss, baHandler, directorOne, controller, clockwork}
}

// lawful lists the changes of status that the law knows (design table of the
// domain reference), written down apart from the code.
var lawful = map[string]bool{
	"0>1": true, "0>2": true, "0>3": true, "0>5": true,
	"1>2": true, "1>3": true, "1>5": true, "1>6": true, "1>7": true,
	"2>4": true, "2>5": true, "2>7": true, "2>8": true, "2>9": true, "2>10": true,
	"4>5": true, "4>6": true, "4>7": true, "4>8": true, "4>9": true,
	"5>2": true, "5>3": true, "5>4": true, "5>7": true, "5>8": true,
	"6>1": true, "6>3": true, "6>4": true, "6>7": true, "6>8": true,
	"8>4": true,
	"9>4": true, "9>10": true,
}

// Every row of the table is possible from each of its statuses, gives the event
// and the status that it says, and nothing else is possible: every act that the
// table does not have from a status is refused there, whoever tries.
func TestEveryRowOfTheTable(t *testing.T) {
	done := map[string]bool{} // "row>status"
	changes := map[string]bool{}
	for name, s := range scenes(t) {
		for _, act := range Acts() {
			for _, who := range cast() {
				for _, later := range []int{0, 60} {
					tryRow(t, name, s, act, who, later, done, changes)
				}
			}
		}
	}
	for i, row := range transitions {
		for _, from := range row.From {
			if key := fmt.Sprintf("%d>%d", i, from); !done[key] {
				t.Errorf("row %d: nobody could %s from status %d", i, row.Act, from)
			}
		}
	}
	for change := range changes {
		if !lawful[change] {
			t.Errorf("status change %s happened, which the law does not know", change)
		}
	}
	for change := range lawful {
		if !changes[change] {
			t.Errorf("status change %s is lawful but never happened", change)
		}
	}
}

// tryRow lets somebody try an act on a scene and compares with the table.
func tryRow(t *testing.T, name string, s *stage, act Act, who access.Actor, later int, done, changes map[string]bool) {
	t.Helper()
	at := *s
	at.now, at.ids, at.quick = s.now.AddDate(0, 0, later), 1000, true
	in := full(act, s.d.Version)
	switch {
	case act == TakeBack && name == "decided at the counter", act == Repair && name == "received":
		in.Step = ""
		if act == Repair {
			in.Step = "handle"
		}
	case act == Elapse && len(s.d.Timers) > 0:
		in.Task, in.Step = s.d.Timers[0].On, s.d.Timers[0].Step
	case act == Apologise && later > 0:
		in.DueOn = day("2027-03-01")
	}
	var e Event
	var err error
	switch {
	case s.d.Status == 0 && deciders[act] == nil || s.d.Status == 0 && act == Guide || s.d.Status == 0 && act == RefuseReception:
		e, err = Begin(at.context(who), act, at.beginning(), in)
	case s.d.Status == 0:
		return
	case act == Accept:
		if who.ID != receptionist.ID {
			return
		}
		e, err = at.accept()
	default:
		e, err = Decide(s.d, at.context(who), in)
	}
	found := rows(s.d, act)
	if err != nil {
		if len(found) == 0 && fault.KindOf(err) == fault.Invalid && act != Accept && act != Receive && act != Register && s.d.Status != 0 {
			t.Errorf("%s: %s by %s from status %d was refused for its input: %v", name, act, who.Name, s.d.Status, err)
		}
		return
	}
	if len(found) == 0 {
		t.Errorf("%s: %s by %s is possible from status %d, which no row allows", name, act, who.Name, s.d.Status)
		return
	}
	from := s.d.Status
	at.stored = slices.Clone(s.stored)
	at.keep(e)
	matched := false
	for i, row := range transitions {
		if row.Act != act || !row.open(s.d) || row.Event != e.Type {
			continue
		}
		if row.To == 0 || row.To == at.d.Status {
			if len(row.Tasks) > 0 && !slices.ContainsFunc(s.d.Tasks, func(task Task) bool { return task.Kind.in(row.Tasks) }) {
				continue
			}
			done[fmt.Sprintf("%d>%d", i, from)], matched = true, true
		}
	}
	if !matched {
		t.Errorf("%s: %s by %s led from status %d to %d by %s, unlike its row", name, act, who.Name, from, at.d.Status, e.Type)
	}
	if at.d.Status != from && act != Undo { // undo is the way back of its act
		changes[fmt.Sprintf("%d>%d", from, at.d.Status)] = true
	}
}
