package dossier

import (
	"slices"
	"time"

	"github.com/motcua/motcua/internal/civildata"
	"github.com/motcua/motcua/internal/core/access"
	"github.com/motcua/motcua/internal/core/civil"
)

// do tells whether the command is lawful, and carries it out on the model. A
// model that said no may be left half changed: the caller works on a copy.
func (m *model) do(c command) bool {
	if !m.readable(c.who) || c.party || c.stale {
		return false
	}
	before := m.copy()
	before.undo = nil
	statusWas := m.status
	ledger := len(m.ledger)
	ok, quiet := m.act(c)
	if !ok {
		return false
	}
	if c.act != Remind {
		m.undo = nil
	}
	m.settleDown(c.now, c.now)
	inside := m.status == statusWas || m.status == 4 && statusWas == 2
	if quiet && inside && len(m.ledger) == ledger && !(ledger > 0 && before.ledger[ledger-1].Open() != m.ledger[ledger-1].Open()) {
		m.undo = &undo{by: c.who.ID, before: before}
	}
	return true
}

// act does one act; quiet says that nothing of it leaves the house.
func (m *model) act(c command) (ok, quiet bool) {
	lacks := func(what string) bool { return c.lacks == what }
	status := func(all ...int) bool { return slices.Contains(all, m.status) }
	counter := has(c.who, centre, access.Reception)
	chief := has(c.who, office, access.Leader)
	signs := c.who.OnBehalf == "" || c.who.Signing
	switch c.act {
	case Guide:
		if !status(1) || !counter || lacks("reason") || lacks("items") {
			return false, false
		}
		m.asked = append(m.asked, ask{atReception: true, open: true, due: answerDay(c.now)})
		return true, false
	case RefuseReception:
		if !status(1, 5, 6) || m.received || !counter || lacks("reason") || lacks("ground") {
			return false, false
		}
		m.closeAsks()
		m.status = 3
		return true, false
	case Forward:
		j, found := m.choose(c, "receive")
		if counter {
			m.moving = slices.DeleteFunc(m.moving, func(p parcel) bool { return p.data && p.to == centre })
		}
		if !status(2, 4) || !found || !(counter || isClock(c.who)) || !m.finishJob(j, c.who, c.now, true) {
			return false, false
		}
		if m.parallel {
			m.take(second)
		}
		m.status = 4
		return true, true
	case ReceiveHandover:
		i := slices.IndexFunc(m.moving, func(p parcel) bool { return !p.data && p.to == c.who.Unit })
		if !status(4, 5, 6, 9) || i < 0 || !anywhere(c.who, access.Reception, access.Handler, access.Clerk, access.Leader) {
			return false, false
		}
		m.moving = slices.Delete(m.moving, i, i+1)
		return true, true
	case Withdraw:
		if !status(1, 2, 4, 5, 6) || !counter || lacks("reason") {
			return false, false
		}
		m.dropAll()
		m.ended = m.ended || m.received
		m.status = 7
		return true, false
	case Stop:
		if !status(2, 4, 5, 6) || !m.received || !chief || !signs || lacks("reason") || lacks("ground") {
			return false, false
		}
		m.park()
		m.status = 8
		return true, false
	case Resume:
		if !status(8) || !chief || !signs || lacks("reason") || lacks("document") {
			return false, false
		}
		parked := m.parked
		m.parked = nil
		for _, j := range parked {
			if again := m.open(j.step, j.path, c.now); j.timer.IsZero() {
				again.timer = time.Time{} // it went off before
			}
		}
		m.ended = false
		m.status = 4
		return true, false
	case Apologise:
		if !status(2, 4) || !m.received || !chief || !signs || lacks("reason") || lacks("day") || m.sorry {
			return false, false
		}
		m.sorry = true
		return true, false
	case CollectFee:
		ok := status(2, 4, 5, 6, 9) && m.received && counter && !m.paid && !lacks("receipt")
		m.paid = true
		return ok, false
	case ExemptFee:
		ok := status(2, 4, 5, 6, 9) && m.received && counter && !m.paid && !lacks("ground")
		m.paid = true
		return ok, false
	case Correct:
		return status(2, 4, 5) && m.received && has(c.who, centre, access.Reception, access.Leader) && !lacks("reason"), false
	case ReceiveLate:
		ok := status(2, 4, 5, 6, 9, 10) && anywhere(c.who, access.Director) && m.late == "open"
		m.late = "confirmed"
		return ok, false
	case Undo:
		if !status(2, 4) || !anywhere(c.who, access.Reception, access.Handler, access.Leader, access.Clerk) || lacks("reason") || m.undo == nil || m.undo.by != c.who.ID || c.told {
			return false, false
		}
		n := m.n
		*m = m.undo.before.copy()
		m.n = n
		return true, false
	case Fulfil:
		if !status(6) || !m.owes || !counter || lacks("document") {
			return false, false
		}
		m.owes = false
		if !m.received {
			m.status = 1
		}
		return true, false
	}
	if ok, quiet, known := m.actOnWork(c); known {
		return ok, quiet
	}
	if ok, known := m.actOfTime(c); known {
		return ok, false
	}
	return m.actOfRepair(c), false
}

// actOnWork does the acts that work on a job.
func (m *model) actOnWork(c command) (ok, quiet, known bool) {
	lacks := func(what string) bool { return c.lacks == what }
	status := func(all ...int) bool { return slices.Contains(all, m.status) }
	counter := has(c.who, centre, access.Reception)
	signs := c.who.OnBehalf == "" || c.who.Signing
	examined := []string{"check", "handle", "verify", "propose"}
	var j job
	pick := func(kinds ...string) bool {
		var found bool
		j, found = m.choose(c, kinds...)
		return found
	}
	at := func(roles ...access.Role) bool { return has(c.who, j.unit, roles...) }
	touch := func() { // data arrives with the unit's first act on it
		if isClock(c.who) {
			return
		}
		m.moving = slices.DeleteFunc(m.moving, func(p parcel) bool { return p.data && p.to == j.unit })
	}
	known = true
	switch c.act {
	case Assign:
		ok = status(2, 4, 5, 6, 9) && pick() && at(access.Leader, access.Director) && !lacks("staff") && j.holder != c.staff && (j.holder == "" || !lacks("reason"))
		m.hold(j.n, c.staff)
		quiet = true
	case Claim:
		ok = status(2, 4, 5, 6, 9) && pick() && j.holder == "" && j.unit == c.who.Unit && c.who.Is(access.Role(j.role)) && at(access.Reception, access.Handler, access.Leader, access.Clerk)
		m.hold(j.n, c.who.ID)
		quiet = true
	case Release:
		ok = status(2, 4, 5, 6, 9) && pick() && j.holder != "" && !lacks("reason") && (isClock(c.who) || at(access.Reception, access.Handler, access.Leader, access.Clerk, access.Director))
		m.hold(j.n, "")
		quiet = true
	case Propose:
		ok = status(4) && pick(examined...) && at(access.Handler, access.Leader) && !slices.ContainsFunc(m.moving, func(p parcel) bool { return !p.data && p.to == j.unit }) &&
			!(c.outcome == OutcomeRefuse && lacks("reason"))
		m.propose = c.outcome
		touch()
		ok, quiet = ok && m.finishJob(j, c.who, c.now, false), true
		m.makers = append(m.makers, c.who.ID, c.who.OnBehalf)
		return ok, quiet, true
	case VerifyRecord:
		ok, quiet = status(4) && pick("check", "handle", "verify") && at(access.Handler, access.Leader) && !lacks("record"), true
	case Consult:
		ok = status(4) && pick("check", "handle", "verify", "propose", "approve") && at(access.Handler, access.Leader) && !lacks("reason") && !lacks("units") && !lacks("day") && !(c.stop && lacks("ground"))
		for _, other := range m.work {
			ok = ok && !(other.asks == j.n && other.unit == "so-ba")
		}
		m.n++
		m.work = append(m.work, job{n: m.n, kind: "consult", unit: "so-ba", role: "handler", asks: j.n, due: answerDay(c.now), stops: c.stop})
		quiet = true
	case Answer:
		ok = status(4, 5, 6) && pick("consult") && at(access.Handler, access.Leader) && !lacks("reason") && c.outcome != ""
		m.shut(j.n)
		quiet = true
	case SendBack:
		ok = status(4) && !lacks("reason") && pick("approve", "sign", "number", "issue", "check", "handle", "verify", "propose")
		switch j.kind {
		case "approve":
			ok, quiet = ok && at(access.Leader), true
		case "issue":
			ok = ok && at(access.Clerk, access.Leader)
		default:
			ok, quiet = ok && at(access.Handler, access.Leader), true
		}
		touch()
		ok = ok && m.goBack(j, "", c.now)
		if ok && m.work[len(m.work)-1].kind != "issue" && m.result != "" {
			m.result, m.propose = "", ""
		}
		return ok, quiet, true
	case Approve, Refuse:
		ok = status(4) && pick("approve") && at(access.Leader) && signs && !slices.ContainsFunc(m.makers, func(id string) bool { return id != "" && (id == c.who.ID || id == c.who.OnBehalf) })
		if c.act == Approve {
			ok, quiet = ok && m.propose != OutcomeRefuse, true
		} else {
			ok = ok && !lacks("reason") && !lacks("ground")
		}
		m.result = "approved"
		touch()
		return ok && m.finishJob(j, c.who, c.now, false), quiet, true
	case Number:
		ok = status(4) && pick("issue") && at(access.Clerk, access.Leader) && m.result == "approved"
		m.result = "numbered"
	case Sign:
		ok = status(4) && pick("issue") && at(access.Leader) && signs && m.result == "numbered"
		m.result = "signed"
	case IssueResult:
		ok = status(4) && pick("issue") && at(access.Clerk, access.Leader) && m.result == "signed" && !lacks("files")
		m.result = "issued"
		touch()
		return ok && m.finishJob(j, c.who, c.now, false), false, true
	case HandOver:
		ok = status(4, 9) && pick("hand-over") && at(access.Clerk, access.Leader)
		touch()
		return ok && m.finishJob(j, c.who, c.now, false), true, true
	case Return:
		ok = status(9) && pick("return") && counter && m.paid && !lacks("receiver") && !slices.ContainsFunc(m.moving, func(p parcel) bool { return !p.data && p.to == centre })
		touch()
		ok = ok && m.finishJob(j, c.who, c.now, false)
		m.dropAll()
		m.status = 10
		return ok, false, true
	case RequestSupplement:
		return m.requestSupplement(c), false, true
	case LapseSupplement:
		a := m.openAsk()
		ok = status(5) && m.received && pick(examined...) && at(access.Handler, access.Leader) && !lacks("reason") && a != nil && !a.due.After(c.now)
		if a != nil {
			a.open = false
		}
	case Oblige:
		if m.status == 1 {
			ok = counter && !lacks("reason")
		} else {
			ok = status(4) && pick(examined...) && at(access.Handler, access.Leader) && !lacks("reason") && !lacks("document")
		}
		m.owes = true
		if m.status == 1 {
			return ok, false, true
		}
	case AttachPaper:
		if m.status == 2 {
			return counter && !lacks("files"), true, true
		}
		ok, quiet = status(4) && pick() && at(access.Handler, access.Leader) && !lacks("files"), true
	default:
		return false, false, false
	}
	touch()
	return ok, quiet, true
}

func (m *model) requestSupplement(c command) bool {
	kind := "receive"
	if m.status == 4 {
		kind = "handle"
	}
	j, found := m.choose(c, kind)
	lawful := has(c.who, centre, access.Reception)
	if m.status == 4 {
		lawful = has(c.who, j.unit, access.Handler, access.Leader)
	}
	if m.status != 2 && m.status != 4 || !found || !lawful || c.lacks == "reason" || c.lacks == "items" {
		return false
	}
	atReception := m.status == 2
	for _, a := range m.asked {
		if a.atReception == atReception && (c.lacks == "leader" || c.lacks == "ground") {
			return false // a further one of the kind
		}
	}
	if !atReception && c.lacks == "ground" && workingDays(m.start, civil.DateOf(c.now)) > 3 {
		return false
	}
	m.moving = slices.DeleteFunc(m.moving, func(p parcel) bool { return p.data && p.to == j.unit })
	m.asked = append(m.asked, ask{atReception: atReception, open: true, due: answerDay(c.now)})
	return true
}

// actOfTime does what jobs do, and the supply of papers.
func (m *model) actOfTime(c command) (ok, known bool) {
	a := m.openAsk()
	switch c.act {
	case Supply:
		if m.status != 5 || a == nil || !m.received || !has(c.who, centre, access.Reception) {
			return false, true
		}
		a.open = false
		if a.atReception {
			m.status = 2
		}
		return true, true
	case Remind:
		if m.status != 5 || !isClock(c.who) || a == nil {
			return false, true
		}
		a.reminded++
		return true, true
	case ExpireSupplement:
		if m.status != 5 || !isClock(c.who) || a == nil || a.due.After(c.now) || a.reminded < 1 {
			return false, true
		}
		if m.received {
			m.park()
			m.status = 8
			return true, true
		}
		m.closeAsks()
		m.status = 3
		return true, true
	case NoteSilence:
		j, found := m.choose(c, "consult")
		if !slices.Contains([]int{4, 5, 6}, m.status) || !isClock(c.who) || !found || j.due.After(c.now) {
			return false, true
		}
		m.shut(j.n)
		return true, true
	case Elapse:
		if !slices.Contains([]int{2, 4, 5, 6}, m.status) || !m.received || !isClock(c.who) {
			return false, true
		}
		for i, j := range m.work {
			if j.n == c.job && !j.timer.IsZero() && !j.timer.After(c.now) {
				m.work[i].timer = time.Time{}
				return true, true
			}
		}
		return false, true
	}
	return false, false
}

// actOfRepair does repairs and what takes a result back.
func (m *model) actOfRepair(c command) bool {
	repairs := anywhere(c.who, access.Control, access.Director) || has(c.who, centre, access.Leader) || has(c.who, office, access.Leader)
	open := slices.Contains([]int{2, 4, 9}, m.status)
	switch c.act {
	case TakeBack:
		return m.takeBack(c)
	case Repair:
		try := m.copy()
		if !open || !repairs || c.lacks == "reason" || m.plan != nil || c.job < 0 || !try.jump(c.job, c.step, c.now) {
			return false
		}
		m.plan = &plan{job: c.job, step: c.step, by: c.who.ID}
		return true
	case ConfirmRepair:
		if !open || !repairs || c.lacks == "reason" || m.plan == nil || m.plan.by == c.who.ID || m.plan.by == c.who.OnBehalf {
			return false
		}
		p := *m.plan
		m.plan = nil
		if m.status == 2 && p.step != "receive" {
			m.status = 4
		}
		if m.status == 9 && p.step != "return" {
			m.status, m.ended = 4, false
		}
		if m.result == "issued" && p.step != "return" && p.step != "hand-over" {
			m.result, m.propose = "", ""
		}
		return m.jump(p.job, p.step, c.now)
	case DeclineRepair:
		if !open || !repairs || c.lacks == "reason" || m.plan == nil {
			return false
		}
		m.plan = nil
		return true
	}
	return false
}

// jump moves one job, or everything, to another step, if the process can still
// end from there.
func (m *model) jump(n int, step string, now time.Time) bool {
	if kind, _, _ := seat(step); kind == "" || !slices.Contains([]string{"receive", "handle", "beside", "approve", "issue", "hand-over", "return"}, step) || step == "beside" && !m.parallel {
		return false
	}
	if (step == "hand-over" || step == "return") && m.result != "issued" {
		return false
	}
	var from job
	var path []string
	holder := m.holders[step]
	if n == 0 {
		for len(m.work) > 0 {
			m.shut(m.work[0].n)
		}
		m.arrived = map[string]bool{}
	} else {
		i := slices.IndexFunc(m.work, func(j job) bool { return j.n == n })
		if i < 0 || m.work[i].asks != 0 {
			return false
		}
		from = m.work[i]
		if at := slices.Index(from.path, step); at >= 0 {
			path = slices.Clone(from.path[:at])
		}
		m.shut(n)
	}
	again := m.open(step, path, now)
	again.holder = holder
	if n != 0 {
		m.send(from, []string{step}, false)
	}
	return m.sound()
}

// sound: side by side means both sides, each at work or done.
func (m *model) sound() bool {
	if !m.parallel {
		return true
	}
	sides, others := map[string]int{}, 0
	for _, j := range m.work {
		switch {
		case j.asks != 0:
		case j.step == "handle" || j.step == "beside":
			sides[j.step]++
		default:
			others++
		}
	}
	for side := range m.arrived {
		sides[side]++
	}
	if others > 0 {
		return others == 1 && len(sides) == 0
	}
	return sides["handle"] == 1 && sides["beside"] == 1
}

func (m *model) takeBack(c command) bool {
	if m.status != 9 && m.status != 4 || m.result != "issued" || !has(c.who, office, access.Leader) || c.lacks == "reason" {
		return false
	}
	i := slices.IndexFunc(m.work, func(j job) bool { return j.kind == "return" })
	if i < 0 {
		i = slices.IndexFunc(m.work, func(j job) bool { return j.kind == "hand-over" })
	}
	if i < 0 {
		return false
	}
	from, step := m.work[i], c.step
	if step == "" {
		step = "approve"
		if slices.Contains(from.path, "handle") {
			step = "handle"
		}
		if !slices.Contains(from.path, step) && len(from.path) > 0 {
			step = ""
			for _, s := range from.path {
				if s != "receive" {
					step = s
					break
				}
			}
		}
	}
	m.moving = slices.DeleteFunc(m.moving, func(p parcel) bool { return !p.data && p.to == centre })
	m.result, m.propose, m.ended, m.status = "", "", false, 4
	return m.goBack(from, step, c.now)
}

// answerDay is the end of the tenth day from now, or of the next working day.
func answerDay(now time.Time) time.Time {
	cal := civildata.Default()
	d := civil.DateOf(now).AddDays(10)
	for off(d) {
		d = d.AddDays(1)
	}
	return cal.Closing(d)
}

func off(d civil.Date) bool {
	working, err := civildata.Default().IsWorking(d)
	return err == nil && !working
}

func workingDays(from, to civil.Date) int {
	n := 0
	for d := from.AddDays(1); !d.After(to); d = d.AddDays(1) {
		if !off(d) {
			n++
		}
	}
	return n
}
