package app_test

import (
	"slices"
	"strings"
	"time"

	"github.com/motcua/motcua/internal/app"
	"github.com/motcua/motcua/internal/core/civil"
	"github.com/motcua/motcua/internal/core/dossier"
)

// attempt is one try: who does what, with which input, how well filled in.
type attempt struct {
	act    dossier.Act
	who    string
	behalf string // says for whom he acts; empty = as he can
	chore  int    // 0: does not say which
	lacks  string // what is left out of the form
	answer string // outcome of a proposal or an opinion
	staff  string // whom a task is given to
	step   string // where a repair leads
	stops  bool   // the opinion stops the clock
	stale  bool   // by an old version
	at     time.Time
}

// line is one row of the reference's own table: which statuses, who, at whose
// desk, and what must be said.
type line struct {
	in    []int
	roles string // "role role", each held in the unit of place
	place string // house, bureau, desk (the chore's unit), own, or any (whole province)
	work  string // kinds of chore, "" = none
	says  string
	signs bool
}

const (
	examining = "handle"
	anyWork   = "receive handle consult approve issue hand-over return"
)

// book is the reference's table, written from the decrees' side: what an officer
// reads in his instructions.
var book = map[dossier.Act][]line{
	dossier.Guide:           {{in: []int{1}, roles: "reception", place: house, says: "reason items"}},
	dossier.RefuseReception: {{in: []int{1, 5, 6}, roles: "reception", place: house, says: "reason ground"}},
	dossier.Forward:         {{in: []int{2, 4}, roles: "reception", place: house, work: "receive"}},
	dossier.ReceiveHandover: {{in: []int{4, 5, 6, 9}, roles: "reception handler clerk leader", place: "own"}},
	dossier.Assign:          {{in: []int{2, 4, 5, 6, 9}, roles: "leader director", place: "desk", work: anyWork, says: "staff"}},
	dossier.Claim:           {{in: []int{2, 4, 5, 6, 9}, roles: "reception handler leader clerk", place: "desk", work: anyWork}},
	dossier.Release:         {{in: []int{2, 4, 5, 6, 9}, roles: "reception handler leader clerk director", place: "desk", work: anyWork, says: "reason"}},
	dossier.Propose:         {{in: []int{4}, roles: "handler leader", place: "desk", work: examining}},
	dossier.VerifyRecord:    {{in: []int{4}, roles: "handler leader", place: "desk", work: examining, says: "record"}},
	dossier.Consult:         {{in: []int{4}, roles: "handler leader", place: "desk", work: "handle approve", says: "reason units day"}},
	dossier.Answer:          {{in: []int{4, 5, 6}, roles: "handler leader", place: "desk", work: "consult", says: "reason"}},
	dossier.SendBack: {
		{in: []int{4}, roles: "leader", place: "desk", work: "approve", says: "reason"},
		{in: []int{4}, roles: "clerk leader", place: "desk", work: "issue", says: "reason"},
		{in: []int{4}, roles: "handler leader", place: "desk", work: examining, says: "reason"},
	},
	dossier.Approve:     {{in: []int{4}, roles: "leader", place: "desk", work: "approve", signs: true}},
	dossier.Refuse:      {{in: []int{4}, roles: "leader", place: "desk", work: "approve", says: "reason ground", signs: true}},
	dossier.Number:      {{in: []int{4}, roles: "clerk leader", place: "desk", work: "issue"}},
	dossier.Sign:        {{in: []int{4}, roles: "leader", place: "desk", work: "issue", signs: true}},
	dossier.IssueResult: {{in: []int{4}, roles: "clerk leader", place: "desk", work: "issue", says: "files"}},
	dossier.HandOver:    {{in: []int{4, 9}, roles: "clerk leader", place: "desk", work: "hand-over"}},
	dossier.Return:      {{in: []int{9}, roles: "reception", place: house, work: "return", says: "receiver"}},
	dossier.TakeBack:    {{in: []int{4, 9}, roles: "leader", place: bureau, says: "reason"}},
	dossier.RequestSupplement: {
		{in: []int{2}, roles: "reception", place: house, work: "receive", says: "reason items"},
		{in: []int{4}, roles: "handler leader", place: "desk", work: examining, says: "reason items"},
	},
	dossier.Supply:          {{in: []int{5}, roles: "reception", place: house}},
	dossier.LapseSupplement: {{in: []int{5}, roles: "handler leader", place: "desk", work: examining, says: "reason"}},
	dossier.Withdraw:        {{in: []int{1, 2, 4, 5, 6}, roles: "reception", place: house, says: "reason"}},
	dossier.Stop:            {{in: []int{2, 4, 5, 6}, roles: "leader", place: bureau, says: "reason ground", signs: true}},
	dossier.Resume:          {{in: []int{8}, roles: "leader", place: bureau, says: "reason document", signs: true}},
	dossier.Oblige: {
		{in: []int{1}, roles: "reception", place: house, says: "reason"},
		{in: []int{4}, roles: "handler leader", place: "desk", work: examining, says: "reason document"},
	},
	dossier.Fulfil:        {{in: []int{6}, roles: "reception", place: house, says: "document"}},
	dossier.Apologise:     {{in: []int{2, 4}, roles: "leader", place: bureau, says: "reason day", signs: true}},
	dossier.CollectFee:    {{in: []int{2, 4, 5, 6, 9}, roles: "reception", place: house, says: "receipt"}},
	dossier.ExemptFee:     {{in: []int{2, 4, 5, 6, 9}, roles: "reception", place: house, says: "ground"}},
	dossier.Correct:       {{in: []int{2, 4, 5}, roles: "reception leader", place: house, says: "reason"}},
	dossier.ReceiveLate:   {{in: []int{2, 4, 5, 6, 9, 10}, roles: "director", place: "any"}},
	dossier.AttachPaper:   {{in: []int{2}, roles: "reception", place: house, says: "files"}, {in: []int{4}, roles: "handler leader", place: "desk", work: anyWork, says: "files"}},
	dossier.Undo:          {{in: []int{2, 4}, roles: "reception handler leader clerk", place: "own", says: "reason"}},
	dossier.Repair:        {{in: []int{2, 4, 9}, roles: "control director", place: "any", says: "reason"}, {in: []int{2, 4, 9}, roles: "leader", place: bureau, says: "reason"}},
	dossier.ConfirmRepair: {{in: []int{2, 4, 9}, roles: "control director", place: "any", says: "reason"}, {in: []int{2, 4, 9}, roles: "leader", place: bureau, says: "reason"}},
	dossier.DeclineRepair: {{in: []int{2, 4, 9}, roles: "control director", place: "any", says: "reason"}, {in: []int{2, 4, 9}, roles: "leader", place: bureau, says: "reason"}},
	// The stamp goes on documents that the program makes, which these stories do
	// without; what time brings is not for officers.
}

// afterReception are acts on what was received; the others look at the status.
var afterReception = []dossier.Act{dossier.LapseSupplement, dossier.Stop, dossier.Apologise, dossier.CollectFee, dossier.ExemptFee, dossier.Correct}

// undoables may be taken back by their author while nothing of them has left the
// house. Sending back from the clerk's desk may not.
var undoables = []dossier.Act{
	dossier.Forward, dossier.ReceiveHandover, dossier.Assign, dossier.Claim, dossier.Release, dossier.Propose, dossier.VerifyRecord,
	dossier.Consult, dossier.Answer, dossier.SendBack, dossier.Approve, dossier.HandOver, dossier.AttachPaper,
}

// as is one way in which somebody acts: for himself, or for somebody away.
type as struct {
	soul
	behalf string
}

func (a as) stands(who string) bool { return who != "" && (a.name == who || a.behalf == who) }

func (a as) has(unit, roles string) bool {
	return a.unit == unit && slices.ContainsFunc(a.roles, func(r string) bool { return slices.Contains(strings.Fields(roles), r) })
}

func (a as) reads(s *sheet) bool {
	return slices.Contains([]string{"director", "control"}, a.name) || slices.Contains(append([]string{house, bureau}, s.took...), a.unit)
}

// permitted says whether somebody may do the line's act on a chore.
func (s *sheet) permitted(l line, a as, c chore) bool {
	switch l.place {
	case "any":
		return slices.ContainsFunc(a.roles, func(r string) bool { return slices.Contains(strings.Fields(l.roles), r) })
	case "own":
		return a.has(a.unit, l.roles)
	case "desk":
		return a.has(c.unit, l.roles)
	}
	return a.has(l.place, l.roles)
}

// taken says whether a chore is another's, and not to be touched.
func taken(act dossier.Act, a as, c chore) bool {
	if act == dossier.Claim || act == dossier.Assign || c.holder == "" || a.stands(c.holder) {
		return false
	}
	return !a.has(c.unit, "leader director")
}

// near are the chores that somebody means who does not say which.
func (s *sheet) near(act dossier.Act, a as, kinds string) []chore {
	var all []chore
	for _, c := range s.desk {
		if slices.Contains(strings.Fields(kinds), c.kind) {
			all = append(all, c)
		}
	}
	ways := []func(chore) bool{
		func(c chore) bool { return a.stands(c.holder) },
		func(c chore) bool { return c.holder == "" && c.unit == a.unit && slices.Contains(a.roles, c.role) },
		func(c chore) bool { return c.unit == a.unit },
	}
	switch act {
	case dossier.Claim:
		ways = ways[1:]
	case dossier.Assign:
		ways = ways[2:]
	}
	for _, is := range ways {
		if some := slices.DeleteFunc(slices.Clone(all), func(c chore) bool { return !is(c) }); len(some) > 0 {
			return some
		}
	}
	return all
}

// open are the lines of an act for the sheet as it stands.
func (s *sheet) open(act dossier.Act) []line {
	var all []line
	for _, l := range book[act] {
		if slices.Contains(l.in, s.status) && !(slices.Contains(afterReception, act) && s.handed.IsZero()) {
			all = append(all, l)
		}
	}
	return all
}

// capacity is in what way the person does it: for himself where he can.
func (s *sheet) capacity(t attempt) (as, bool) {
	me := soulOf(t.who)
	day := civil.DateOf(t.at)
	absent := awayFor(t.who, day)
	if t.behalf != "" {
		return as{soul{t.who, soulOf(t.behalf).unit, soulOf(t.behalf).roles}, t.behalf}, t.behalf == absent
	}
	ways := []as{{me, ""}}
	if absent != "" {
		ways = append(ways, as{soul{t.who, soulOf(absent).unit, soulOf(absent).roles}, absent})
	}
	for _, a := range ways {
		if !a.reads(s) {
			continue
		}
		for _, l := range s.open(t.act) {
			if l.work == "" && s.permitted(l, a, chore{}) {
				return a, true
			}
			for _, c := range s.near(t.act, a, l.work) {
				if (t.chore == 0 || t.chore == c.n) && s.permitted(l, a, c) && !taken(t.act, a, c) && s.sensible(t.act, a, c) {
					return a, true
				}
			}
		}
	}
	return ways[0], true
}

// sensible leaves out what a page would not offer.
func (s *sheet) sensible(act dossier.Act, a as, c chore) bool {
	switch act {
	case dossier.Claim:
		return c.holder == "" && c.unit == a.unit && slices.Contains(a.roles, c.role)
	case dossier.Release:
		return c.holder != ""
	case dossier.SendBack:
		return len(c.way) > 0
	}
	return true
}

// choose finds the line and the chore that an attempt is about.
func (s *sheet) choose(t attempt, a as) (line, chore, bool) {
	for _, l := range s.open(t.act) {
		c := chore{}
		if l.work != "" {
			near := s.near(t.act, a, l.work)
			if t.chore != 0 {
				near = nil
				for _, x := range s.desk {
					if x.n == t.chore && slices.Contains(strings.Fields(l.work), x.kind) {
						near = append(near, x)
					}
				}
			}
			if len(near) != 1 {
				continue
			}
			c = near[0]
		}
		if s.permitted(l, a, c) && !taken(t.act, a, c) {
			return l, c, true
		}
	}
	return line{}, chore{}, false
}

// try tells whether an attempt is lawful and carries it out on the sheet. A sheet
// that said no may be left half changed: the caller works on a copy.
func (s *sheet) try(t attempt, w *desks) bool {
	a, ok := s.capacity(t)
	if !ok || t.stale || !a.reads(s) {
		return false
	}
	l, c, ok := s.choose(t, a)
	if !ok || l.signs && a.behalf != "" && a.behalf != "leader" {
		return false
	}
	if t.lacks != "" && slices.Contains(strings.Fields(l.says), t.lacks) {
		return false
	}
	before := s.copy()
	before.back, before.author = nil, ""
	if !s.do(t, a, c, w) {
		return false
	}
	s.after1(t, before, w)
	quiet := slices.Contains(undoables, t.act) && !(t.act == dossier.SendBack && c.kind == "issue")
	inside := s.status == before.status || s.status == 4 && before.status == 2
	s.back, s.author = nil, ""
	if quiet && inside && slices.Equal(s.waits, before.waits) {
		s.back, s.author = before, a.name
	}
	return true
}

// after1 notes one event and what follows from it.
func (s *sheet) after1(t attempt, before *sheet, w *desks) {
	s.follow(t.at)
	s.lines++
	s.fresh = s.lines
	if s.status == 9 && before.status != 9 && t.act != dossier.Undo {
		s.ready, s.chased = t.at, nil
	}
	s.tell(t.act, before)
}

// tell notes what the applicant is written.
func (s *sheet) tell(act dossier.Act, before *sheet) {
	switch {
	case act == dossier.RefuseReception && before.status != 0:
		s.told = append(s.told, "refused")
	case act == dossier.Stop:
		s.told = append(s.told, "stopped")
	case act == dossier.Apologise:
		s.told = append(s.told, "apology")
	case act == dossier.Remind:
		s.told = append(s.told, "remind")
	case act == dossier.ExpireSupplement:
		s.told = append(s.told, "expired")
	case s.status == 9 && before.status != 9:
		s.told = append(s.told, "result")
	case s.demanded() != nil && before.demanded() == nil:
		s.told = append(s.told, "asked")
	case s.owes && !before.owes:
		s.told = append(s.told, "owes")
	}
}

// do does one act of an officer on the sheet.
func (s *sheet) do(t attempt, a as, c chore, w *desks) bool {
	switch t.act {
	case dossier.Guide:
		s.asks = append(s.asks, demand{early: true, open: true, asked: civil.DateOf(t.at), due: w.answerBy(t)})
	case dossier.RefuseReception:
		if !s.handed.IsZero() {
			return false
		}
		s.forget()
		s.status = 3
	case dossier.Forward:
		if !s.finish(c, a.name, t.at) {
			return false
		}
		if s.twoSided {
			s.partake(adviceA)
			s.partake(adviceB)
		}
		s.status = 4
	case dossier.ReceiveHandover:
		i := slices.Index(s.parcels, a.unit)
		if i < 0 {
			return false
		}
		s.parcels = slices.Delete(s.parcels, i, i+1)
	case dossier.Withdraw:
		s.dropAll()
		s.ended = s.ended || !s.handed.IsZero()
		s.status = 7
	case dossier.Stop:
		s.shelve()
		s.status = 8
	case dossier.Resume:
		for _, x := range s.shelved {
			s.lay(x.step, x.way, t.at)
		}
		s.shelved, s.ended, s.status = nil, false, 4
	case dossier.Apologise:
		if s.sorry {
			return false
		}
		s.sorry = true
	case dossier.CollectFee, dossier.ExemptFee:
		if s.fee == 0 || s.settled != "" {
			return false
		}
		s.settled = map[dossier.Act]string{dossier.CollectFee: feeReceipt, dossier.ExemptFee: "Luật Phí và lệ phí, Điều 10"}[t.act]
	case dossier.Correct:
	case dossier.ReceiveLate:
		if s.late != "open" {
			return false
		}
		s.late = "confirmed"
	case dossier.Undo:
		if s.back == nil || s.author != a.name {
			return false
		}
		lines, told, ready, chased := s.lines, s.told, s.ready, s.chased
		*s = *s.back.copy()
		s.lines, s.told = lines, told // what was written stays written
		if s.ready.Equal(ready) {
			s.chased = chased
		}
	case dossier.Fulfil:
		if !s.owes {
			return false
		}
		s.owes = false
		if s.handed.IsZero() {
			s.status = 1
		}
	case dossier.Supply:
		d := s.demanded()
		if d == nil || s.handed.IsZero() {
			return false
		}
		d.open = false
		if d.early {
			s.status = 2
		}
	case dossier.TakeBack:
		return s.takeBack(t)
	case dossier.Repair, dossier.ConfirmRepair, dossier.DeclineRepair:
		return s.mend(t, a)
	case dossier.Oblige:
		s.owes = true
	default:
		return s.work(t, a, c, w)
	}
	return true
}

// work does the acts on a chore.
func (s *sheet) work(t attempt, a as, c chore, w *desks) bool {
	switch t.act {
	case dossier.Assign:
		who := t.staff
		switch {
		case who == app.ByLoad:
			if who = w.lightest; who == "" || who == c.holder {
				return false
			}
		case soulOf(who).unit != c.unit || !slices.Contains(soulOf(who).roles, c.role) && !(c.role == "handler" && slices.Contains(soulOf(who).roles, "leader")):
			return false // a leader can be given a handler's work, and nobody else's
		}
		made := c.kind == "approve" && s.made(as{soulOf(who), ""})
		if isAway(who, civil.DateOf(t.at)) || made || c.holder == who || c.holder != "" && t.lacks == "reason" {
			return false
		}
		s.hold(c.n, who)
	case dossier.Claim:
		if c.holder != "" || c.unit != a.unit || !slices.Contains(a.roles, c.role) {
			return false
		}
		s.hold(c.n, a.name)
	case dossier.Release:
		if c.holder == "" {
			return false
		}
		s.hold(c.n, "")
	case dossier.Propose:
		if slices.Contains(s.parcels, c.unit) || t.answer == dossier.OutcomeRefuse && t.lacks == "reason" {
			return false
		}
		s.proposal, s.proposer = t.answer, a.name
		return s.finish(c, a.name, t.at)
	case dossier.VerifyRecord, dossier.AttachPaper:
	case dossier.Consult:
		if t.stops && t.lacks == "ground" || slices.ContainsFunc(s.desk, func(x chore) bool { return x.asker == c.n }) {
			return false // the same unit is asked already
		}
		s.desk = append(s.desk, chore{n: s.serial(), kind: "consult", unit: afar, role: "handler", asker: c.n, due: w.answerBy(t), stops: t.stops})
		s.partake(afar)
	case dossier.Answer:
		if c.asker == 0 {
			return s.finish(c, a.name, t.at)
		}
		s.hold(c.n, a.name)
		s.clear(c.n)
	case dossier.SendBack:
		if !s.goBack(c, "", t.at) {
			return false
		}
		if s.desk[len(s.desk)-1].kind != "issue" && s.outcome != "" {
			s.outcome, s.number, s.proposal, s.proposer = "", 0, "", ""
		}
	case dossier.Approve, dossier.Refuse:
		if t.act == dossier.Approve && s.proposal == dossier.OutcomeRefuse || s.made(a) {
			return false
		}
		s.outcome, s.number = "approved", 0
		return s.finish(c, a.name, t.at)
	case dossier.Number:
		if s.outcome == "" || s.number != 0 {
			return false
		}
		s.outcome = "numbered"
		s.number = w.take()
	case dossier.Sign:
		if s.outcome != "numbered" {
			return false
		}
		s.outcome = "signed"
	case dossier.IssueResult:
		if s.outcome != "signed" {
			return false
		}
		s.outcome = "issued"
		return s.finish(c, a.name, t.at)
	case dossier.HandOver:
		return s.finish(c, a.name, t.at)
	case dossier.Return:
		if s.settled == "" && s.fee > 0 || slices.Contains(s.parcels, house) || !s.finish(c, a.name, t.at) {
			return false
		}
		s.dropAll()
		s.status = 10
	case dossier.RequestSupplement:
		return s.ask(t, c, w)
	case dossier.LapseSupplement:
		d := s.demanded()
		if d == nil || d.due.After(t.at) {
			return false
		}
		d.open = false
	default:
		return false
	}
	return true
}

func (s *sheet) made(a as) bool {
	return slices.ContainsFunc(append([]string{s.officer, s.proposer}, s.makers...), a.stands)
}

// ask asks for papers: one kind at reception, one at examination, counted apart.
func (s *sheet) ask(t attempt, c chore, w *desks) bool {
	early := s.status == 2
	for _, d := range s.asks {
		if d.early == early && (t.lacks == "leader" || t.lacks == "ground") {
			return false
		}
	}
	_, start, _ := s.promised(w.days)
	last := civil.NewDate(start.Y, time.Month(start.M), start.D)
	for range 3 {
		last = workingDay(last.AddDays(1))
	}
	if !early && t.lacks == "ground" && civil.DateOf(t.at).After(last) {
		return false
	}
	s.asks = append(s.asks, demand{early: early, open: true, asked: civil.DateOf(t.at), due: w.answerBy(t)})
	return true
}

func (s *sheet) takeBack(t attempt) bool {
	i := slices.IndexFunc(s.desk, func(c chore) bool { return c.kind == "return" })
	if i < 0 {
		i = slices.IndexFunc(s.desk, func(c chore) bool { return c.kind == "hand-over" })
	}
	if i < 0 || s.outcome != "issued" {
		return false
	}
	from, step := s.desk[i], ""
	for _, x := range from.way {
		if x == "handle" || step == "" && x != "receive" {
			step = x
		}
	}
	s.parcels = slices.DeleteFunc(s.parcels, func(to string) bool { return to == house })
	s.outcome, s.number, s.proposal, s.proposer, s.ended, s.status = "", 0, "", "", false, 4
	return s.goBack(from, step, t.at)
}

func (s *sheet) mend(t attempt, a as) bool {
	switch t.act {
	case dossier.Repair:
		if s.plan != "" || !s.copy().jump(t.step, t.at) {
			return false
		}
		s.plan, s.planner = t.step, a.name
		return true
	case dossier.DeclineRepair:
		ok := s.plan != ""
		s.plan = ""
		return ok
	}
	if s.plan == "" || a.stands(s.planner) {
		return false
	}
	step := s.plan
	s.plan = ""
	if s.status == 2 && step != "receive" {
		s.status = 4
	}
	if s.status == 9 && step != "return" {
		s.status, s.ended = 4, false
	}
	if s.outcome == "issued" && step != "return" && step != "hand-over" {
		s.outcome, s.number, s.proposal, s.proposer = "", 0, "", ""
	}
	return s.jump(step, t.at)
}

// chase writes to the owner of a result that lies at the counter: after 3 and
// after 10 days, when the office opens, and once for what has piled up.
func (s *sheet) chase(now time.Time) {
	if s.status != 9 || !slices.ContainsFunc(s.desk, func(c chore) bool { return c.kind == "return" }) {
		return
	}
	n := len(s.chased)
	for _, days := range []int{3, 10} {
		day := workingDay(civil.DateOf(s.ready).AddDays(days))
		if !opening(day).After(now) && !slices.Contains(s.chased, days) {
			s.chased = append(s.chased, days)
		}
	}
	if len(s.chased) > n {
		s.told = append(s.told, "uncollected")
	}
}

// tick is what time brings to a dossier in one round: at most one thing, besides
// what its owner is written.
func (s *sheet) tick(now time.Time) {
	s.chase(now)
	before := s.copy()
	t := attempt{at: now}
	today := civil.DateOf(now)
	d := s.demanded()
	if d != nil && s.status == 5 {
		want, since := 0, d.asked
		for _, n := range []int{7, 1} {
			if !civil.DateOf(d.due).AddDays(-n).After(today) {
				want++
			}
		}
		if n := len(d.reminded); n > 0 {
			since = d.reminded[n-1]
		}
		switch {
		case len(d.reminded) < want && since.Before(today):
			d.reminded = append(d.reminded, today)
			t.act = dossier.Remind
		case len(d.reminded) >= 2 && d.due.Before(now):
			t.act = dossier.ExpireSupplement
			if s.handed.IsZero() {
				s.forget()
				s.status = 3
			} else {
				s.shelve()
				s.status = 8
			}
		}
	}
	if t.act == "" && !slices.Contains([]int{3, 7, 8, 10}, s.status) {
		i := slices.IndexFunc(s.desk, func(c chore) bool { return c.kind == "consult" && !c.due.After(now) })
		if i >= 0 {
			t.act = dossier.NoteSilence
			if c := s.desk[i]; c.asker != 0 {
				s.clear(c.n)
			} else if !s.finish(c, "", now) {
				panic("a silent opinion cannot end")
			}
		}
	}
	if t.act == "" {
		return
	}
	fresh, back, author := s.fresh, s.back, s.author
	s.after1(t, before, nil)
	s.back, s.author = nil, ""
	if t.act == dossier.Remind { // moves nothing that a form depends on
		s.fresh, s.back, s.author = fresh, back, author
	}
}
