package dossier

import (
	"fmt"
	"slices"
	"sort"
	"strings"
	"time"

	"github.com/motcua/motcua/internal/civildata"
	"github.com/motcua/motcua/internal/core/access"
	"github.com/motcua/motcua/internal/core/civil"
)

// model is a plain second telling of what may happen to a dossier, with words
// and data of its own: lists, flags and if. It knows two processes, by heart.
type model struct {
	parallel bool // the second process: two units handle side by side
	status   int
	received bool
	start    civil.Date
	late     string // "", "open" or "confirmed"
	paid     bool

	work    []job // open work
	parked  []job // what a stop put aside
	arrived map[string]bool
	holders map[string]string // who had a step last
	makers  []string
	seen    []string // units that take or took part
	moving  []parcel
	n       int

	asked   []ask
	owes    bool
	ledger  []civil.Stop
	sorry   bool
	ended   bool
	plan    *plan
	propose string // approve, refuse or nothing
	result  string // nothing, approved, numbered, signed, numbered+signed or issued
	undo    *undo
}

type job struct {
	n          int
	step, kind string
	unit, role string
	holder     string
	path       []string
	asks       int // the job that needs this opinion
	due        time.Time
	timer      time.Time
	stops      bool
}

type parcel struct {
	to   string
	data bool
}

type ask struct {
	atReception bool
	open        bool
	due         time.Time
	reminded    int
}

type plan struct {
	job  int // 0: everything
	step string
	by   string
}

type undo struct {
	by     string
	before model
}

// command is one try: who does what, with which input, how well filled in.
type command struct {
	act     Act
	who     access.Actor
	job     int // 0: not said; -1: one that is not there
	now     time.Time
	lacks   string // reason, ground, document, items, staff, receipt, receiver, units, day, leader, files or nothing
	outcome string
	step    string
	staff   string
	stop    bool
	stale   bool
	party   bool
	told    bool
}

const (
	centre = "ttpvhcc"
	office = "so-thu"
	second = "so-khac"
)

func (m *model) copy() model {
	c := *m
	c.work, c.parked, c.makers, c.seen, c.moving = slices.Clone(m.work), slices.Clone(m.parked), slices.Clone(m.makers), slices.Clone(m.seen), slices.Clone(m.moving)
	c.asked, c.ledger = slices.Clone(m.asked), slices.Clone(m.ledger)
	c.arrived, c.holders = map[string]bool{}, map[string]string{}
	for k, v := range m.arrived {
		c.arrived[k] = v
	}
	for k, v := range m.holders {
		c.holders[k] = v
	}
	return c
}

// has reports whether the person holds one of the roles in the unit.
func has(who access.Actor, unit string, roles ...access.Role) bool {
	if who.Unit != unit {
		return false
	}
	for _, r := range roles {
		if who.Is(r) {
			return true
		}
	}
	return false
}

func anywhere(who access.Actor, roles ...access.Role) bool {
	for _, r := range roles {
		if who.Is(r) {
			return true
		}
	}
	return false
}

func isClock(who access.Actor) bool { return who.ID == clockwork.ID }

// steps of the two processes.
func (m *model) after(step string) []string {
	switch step {
	case "":
		return []string{"receive"}
	case "receive":
		if m.parallel {
			return []string{"handle", "beside"}
		}
		return []string{"handle"}
	case "handle", "beside":
		if m.parallel {
			m.arrived[step] = true
			if !m.arrived["handle"] || !m.arrived["beside"] {
				return nil
			}
			m.arrived = map[string]bool{}
		}
		return []string{"approve"}
	case "approve":
		return []string{"issue"}
	case "issue":
		return []string{"hand-over"}
	case "hand-over":
		return []string{"return"}
	}
	return nil
}

// seat says what kind of work a step is, and whose.
func seat(step string) (kind, unit, role string) {
	switch step {
	case "receive", "return":
		return step, centre, "reception"
	case "handle":
		return step, office, "handler"
	case "beside":
		return "handle", second, "handler"
	case "approve":
		return step, office, "leader"
	}
	return step, office, "clerk" // issue, hand-over
}

func (m *model) open(step string, path []string, now time.Time) *job {
	m.n++
	j := job{n: m.n, step: step, path: path}
	j.kind, j.unit, j.role = seat(step)
	if step == "handle" {
		j.timer, _ = civildata.Default().AddWorkingMinutes(now, 4800)
	}
	m.work = append(m.work, j)
	return &m.work[len(m.work)-1]
}

// shut ends a job and the opinions that were asked for it.
func (m *model) shut(n int) {
	var rest []job
	for _, j := range m.work {
		if j.n == n || j.asks == n {
			m.holders[j.step] = j.holder
			m.take(j.unit)
			continue
		}
		rest = append(rest, j)
	}
	m.work = rest
}

func (m *model) take(unit string) {
	if !slices.Contains(m.seen, unit) {
		m.seen = append(m.seen, unit)
	}
}

// send notes what goes to other units with newly opened work.
func (m *model) send(from job, opened []string, paper bool) {
	var to []parcel
	for _, step := range opened {
		_, unit, _ := seat(step)
		if unit == from.unit || slices.ContainsFunc(to, func(p parcel) bool { return p.to == unit }) {
			continue
		}
		to = append(to, parcel{unit, !(unit == centre && m.result == "issued")})
	}
	if paper && len(to) > 0 {
		i := max(0, slices.IndexFunc(to, func(p parcel) bool { return p.to == office }))
		to[i].data = false
	}
	m.moving = append(m.moving, to...)
}

// finishJob carries the process on from a job that is done.
func (m *model) finishJob(j job, who access.Actor, now time.Time, paper bool) bool {
	for _, other := range m.work {
		if other.asks == j.n {
			return false // opinions are missing
		}
	}
	if !isClock(who) {
		m.hold(j.n, who.ID)
		j.holder = who.ID
	}
	m.shut(j.n)
	if slices.Contains([]string{"receive", "check", "handle", "verify", "propose"}, j.kind) {
		m.makers = append(m.makers, j.holder, who.OnBehalf)
	}
	next := m.after(j.step)
	path := append(slices.Clone(j.path), j.step)
	if len(next) != 1 || m.parallel && next[0] == "approve" {
		path = nil
	}
	for _, step := range next {
		if (step == "hand-over" || step == "return") && m.result != "issued" {
			return false
		}
		m.open(step, path, now)
	}
	m.send(j, next, paper)
	return true
}

func (m *model) hold(n int, staff string) {
	for i := range m.work {
		if m.work[i].n == n {
			m.work[i].holder = staff
		}
	}
}

// goBack opens an earlier step of the same part again, with whoever had it.
func (m *model) goBack(j job, step string, now time.Time) bool {
	i := len(j.path) - 1
	if step != "" {
		i = slices.Index(j.path, step)
	}
	if i < 0 {
		return false
	}
	to := j.path[i]
	m.shut(j.n)
	again := m.open(to, slices.Clone(j.path[:i]), now)
	again.holder = m.holders[to]
	m.send(j, []string{to}, false)
	return true
}

// choose finds the one job that the person means.
func (m *model) choose(c command, kinds ...string) (job, bool) {
	var fit []job
	for _, j := range m.work {
		if len(kinds) == 0 || slices.Contains(kinds, j.kind) {
			fit = append(fit, j)
		}
	}
	if c.job != 0 {
		for _, j := range fit {
			if j.n == c.job {
				return j, m.mayTouch(j, c)
			}
		}
		return job{}, false
	}
	his := func(j job) bool { return j.holder != "" && (j.holder == c.who.ID || j.holder == c.who.OnBehalf) }
	pool := func(j job) bool { return j.holder == "" && j.unit == c.who.Unit && c.who.Is(access.Role(j.role)) }
	unit := func(j job) bool { return j.unit == c.who.Unit }
	order := []func(job) bool{his, pool, unit}
	if c.act == Claim {
		order = order[1:]
	}
	if c.act == Assign {
		order = order[2:]
	}
	for _, is := range order {
		var near []job
		for _, j := range fit {
			if is(j) {
				near = append(near, j)
			}
		}
		if len(near) > 0 {
			return near[0], len(near) == 1 && m.mayTouch(near[0], c)
		}
	}
	if len(fit) != 1 {
		return job{}, false
	}
	return fit[0], m.mayTouch(fit[0], c)
}

// mayTouch: work that somebody has is his, unless one hands out work there.
func (m *model) mayTouch(j job, c command) bool {
	if c.act == Claim || c.act == Assign || j.holder == "" || isClock(c.who) {
		return true
	}
	if j.holder == c.who.ID || j.holder == c.who.OnBehalf {
		return true
	}
	return has(c.who, j.unit, access.Leader, access.Director)
}

func (m *model) readable(who access.Actor) bool {
	if isClock(who) || anywhere(who, access.Director, access.Control) {
		return true
	}
	units := append([]string{centre, office}, m.seen...)
	for _, j := range m.work {
		units = append(units, j.unit)
	}
	return slices.Contains(units, who.Unit)
}

func (m *model) openAsk() *ask {
	for i := range m.asked {
		if m.asked[i].open {
			return &m.asked[i]
		}
	}
	return nil
}

func (m *model) closeAsks() {
	for i := range m.asked {
		m.asked[i].open = false
	}
	m.owes = false
}

// park stops the work where it stands.
func (m *model) park() {
	m.parked = nil
	for _, j := range m.work {
		m.holders[j.step] = j.holder
		m.take(j.unit)
		if j.asks == 0 {
			m.parked = append(m.parked, j)
		}
	}
	m.work = nil
	m.closeAsks()
	m.ended = true
}

// dropAll gives everything up for good.
func (m *model) dropAll() {
	for _, j := range m.work {
		m.holders[j.step] = j.holder
		m.take(j.unit)
	}
	m.work, m.parked = nil, nil
	m.closeAsks()
}

// settleDown is what follows by itself: status from what is asked and from where
// the result is, and the ledger from the status.
func (m *model) settleDown(now, at time.Time) {
	live := m.status == 1 || m.status == 2 || m.status == 4 || m.status == 5 || m.status == 6 || m.status == 9
	switch {
	case !live:
	case m.openAsk() != nil:
		m.status = 5
	case m.owes:
		m.status = 6
	case m.status == 5 || m.status == 6:
		m.status = 4
	case m.status == 4 && m.result == "issued":
		waits := slices.ContainsFunc(m.work, func(j job) bool { return j.kind == "return" })
		moves := slices.ContainsFunc(m.moving, func(p parcel) bool { return p.to == centre && !p.data })
		if waits && !moves {
			m.status, m.ended = 9, true
		}
	}
	if !m.received || !live && m.status != 8 {
		return
	}
	want := civil.StopKind("")
	switch {
	case m.status == 8:
		want = civil.StopSuspension
	case m.openAsk() != nil:
		want = civil.StopSupplement
	case m.owes:
		want = civil.StopObligation
	case slices.ContainsFunc(m.work, func(j job) bool { return j.stops }):
		want = civil.StopConsult
	}
	last := len(m.ledger) - 1
	have := civil.StopKind("")
	if last >= 0 && m.ledger[last].Open() {
		have = m.ledger[last].Kind
	}
	if have == want {
		return
	}
	if have != "" {
		m.ledger[last].ToAt = at
	}
	if want != "" {
		m.ledger = append(m.ledger, civil.Stop{FromAt: at, Kind: want})
	}
}

// picture is what the model says about the dossier, in one text.
func (m *model) picture() string {
	var b strings.Builder
	fmt.Fprintf(&b, "status %d received %t ended %t paid %t result %q proposal %q apology %t undo %t repair %t late %q\n",
		m.status, m.received, m.ended, m.paid, m.result, m.propose, m.sorry, m.undo != nil, m.plan != nil, m.late)
	var lines []string
	for _, j := range m.work {
		lines = append(lines, fmt.Sprintf("%s %s in %s by %q path %v asked by %s timer %t\n", j.kind, j.step, j.unit, j.holder, j.path, m.stepOf(j.asks), !j.timer.IsZero()))
	}
	sort.Strings(lines)
	b.WriteString(strings.Join(lines, ""))
	for _, p := range m.moving {
		fmt.Fprintf(&b, "moves to %s, data %t\n", p.to, p.data)
	}
	for _, a := range m.asked {
		fmt.Fprintf(&b, "asked at reception %t open %t reminded %d\n", a.atReception, a.open, a.reminded)
	}
	for _, s := range m.ledger {
		fmt.Fprintf(&b, "stands for %s from %d to %d\n", s.Kind, s.FromAt.Unix(), max(s.ToAt.Unix(), 0))
	}
	return b.String()
}

func (m *model) stepOf(n int) string {
	for _, j := range m.work {
		if j.n == n && n != 0 {
			return j.step
		}
	}
	return "-"
}
