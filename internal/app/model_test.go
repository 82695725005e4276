package app_test

import (
	"fmt"
	"slices"
	"sort"
	"strings"
	"time"

	"github.com/motcua/motcua/internal/core/civil"
	"github.com/motcua/motcua/internal/core/dossier"
	"github.com/motcua/motcua/test/oracle"
)

// The reference model of the use cases: what a clerk with a pencil would write
// down about a dossier. It has words and lists of its own, knows the two
// processes by heart, and asks the program nothing; promised days it counts with
// the second implementation of deadlines. The rules of the core have a model of
// their own; this one stands above it: receptions with codes, who stands in for
// whom, the clock's own acts, repeated commands, money and numbers of several
// dossiers.

// soul is somebody who tries something.
type soul struct {
	name, unit string
	roles      []string
}

// The units of the stories, by what they are to the dossier.
const (
	house   = "centre"
	bureau  = "agency"
	adviceA = "advice-a" // asked by the second process
	adviceB = "advice-b"
	afar    = "afar" // asked by officers only
)

// souls is everybody, by name.
var souls = []soul{
	{"counter", house, []string{"reception"}}, {"counter-2", house, []string{"reception"}},
	{"director", house, []string{"director"}}, {"control", house, []string{"control"}},
	{"handler", bureau, []string{"handler"}}, {"handler-2", bureau, []string{"handler"}},
	{"leader", bureau, []string{"leader"}}, {"leader-2", bureau, []string{"leader"}}, {"clerk", bureau, []string{"clerk"}},
	{"adviser-a", adviceA, []string{"handler"}}, {"adviser-b", adviceB, []string{"handler"}}, {"stranger", afar, []string{"handler"}},
}

func soulOf(name string) soul {
	return souls[slices.IndexFunc(souls, func(s soul) bool { return s.name == name })]
}

// The absences of the stories begin by themselves: from then on the second
// handler's work is done by the first, and the leader's work and signature are
// the second leader's.
var (
	handlerAway = civil.NewDate(2026, 11, 26)
	leaderAway  = civil.NewDate(2026, 11, 30)
)

// awayFor says for whom somebody stands in on a day.
func awayFor(who string, day civil.Date) string {
	switch {
	case who == "handler" && !day.Before(handlerAway):
		return "handler-2"
	case who == "leader-2" && !day.Before(leaderAway):
		return "leader"
	}
	return ""
}

func isAway(who string, day civil.Date) bool {
	return who == "handler-2" && !day.Before(handlerAway) || who == "leader" && !day.Before(leaderAway)
}

// sheet is what the clerk knows of one dossier.
type sheet struct {
	twoSided bool
	status   int
	code     string
	handed   time.Time // reception; zero before
	officer  string    // who received it
	lines    int       // events
	fresh    int       // forms opened before this line are out of date

	desk    []chore // open work
	shelved []chore // what a stop put aside
	arrived []string
	lastBy  map[string]string // who had a step last
	makers  []string
	took    []string // units that take or took part
	parcels []string // units to which paper is on its way

	asks     []demand
	owes     bool
	waits    []standstill
	sorry    bool
	ended    bool
	fee      int64
	settled  string // receipt number or ground; empty = open
	late     string // "", "open", "confirmed"
	proposal string
	proposer string
	outcome  string // "", approved, numbered, signed, issued
	number   int64
	plan     string // step of a proposed repair
	planner  string
	told     []string
	ready    time.Time // since when the result lies at the counter
	chased   []int     // days after which its owner was reminded of it
	back     *sheet    // as it was before the last act, while its author may undo it
	author   string
}

type chore struct {
	n          int
	step, kind string
	unit, role string
	holder     string
	way        []string
	asker      int // the chore that needs this opinion
	due        time.Time
	stops      bool
}

type demand struct {
	early    bool // at reception
	open     bool
	asked    civil.Date
	due      time.Time
	reminded []civil.Date
}

type standstill struct {
	kind     string
	from, to time.Time
}

func (s *sheet) copy() *sheet {
	c := *s
	c.desk, c.shelved, c.arrived = slices.Clone(s.desk), slices.Clone(s.shelved), slices.Clone(s.arrived)
	c.makers, c.took, c.parcels, c.told = slices.Clone(s.makers), slices.Clone(s.took), slices.Clone(s.parcels), slices.Clone(s.told)
	c.waits, c.chased = slices.Clone(s.waits), slices.Clone(s.chased)
	c.asks = slices.Clone(s.asks)
	for i := range c.asks {
		c.asks[i].reminded = slices.Clone(s.asks[i].reminded)
	}
	c.lastBy = map[string]string{}
	for k, v := range s.lastBy {
		c.lastBy[k] = v
	}
	return &c
}

// seats says what kind of work a step is, and whose.
var seats = map[string][3]string{
	"receive": {"receive", house, "reception"}, "handle": {"handle", bureau, "handler"},
	"ask-1": {"consult", adviceA, "handler"}, "ask-2": {"consult", adviceB, "handler"},
	"approve": {"approve", bureau, "leader"}, "issue": {"issue", bureau, "clerk"},
	"hand-over": {"hand-over", bureau, "clerk"}, "return": {"return", house, "reception"},
}

// after lists the steps that follow one; ok is false while another side is
// still at work.
func (s *sheet) after(step string) []string {
	switch step {
	case "receive":
		return []string{"handle"}
	case "handle":
		if s.twoSided {
			return []string{"ask-1", "ask-2"}
		}
		return []string{"approve"}
	case "ask-1", "ask-2":
		s.arrived = append(s.arrived, step)
		if len(s.arrived) < 2 {
			return nil
		}
		s.arrived = nil
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

// lay puts a step on a desk.
func (s *sheet) lay(step string, way []string, now time.Time) *chore {
	seat := seats[step]
	c := chore{n: s.serial(), step: step, kind: seat[0], unit: seat[1], role: seat[2], way: way}
	if c.kind == "consult" {
		c.due = workingMinutes(now, 450)
	}
	s.desk = append(s.desk, c)
	s.partake(c.unit)
	return &s.desk[len(s.desk)-1]
}

func (s *sheet) serial() int {
	n := 1
	for _, c := range append(slices.Clone(s.desk), s.shelved...) {
		n = max(n, c.n+1)
	}
	return n
}

// clear takes a chore off its desk, with the opinions that were asked for it.
func (s *sheet) clear(n int) {
	s.desk = slices.DeleteFunc(s.desk, func(c chore) bool {
		if c.n != n && c.asker != n {
			return false
		}
		s.lastBy[c.step] = c.holder
		return true
	})
}

func (s *sheet) partake(unit string) {
	if !slices.Contains(s.took, unit) {
		s.took = append(s.took, unit)
	}
}

func (s *sheet) hold(n int, who string) {
	for i := range s.desk {
		if s.desk[i].n == n {
			s.desk[i].holder = who
		}
	}
}

// finish ends a chore and lays what follows. It fails while opinions are
// missing, and where a result would go out that there is not.
func (s *sheet) finish(c chore, who string, now time.Time) bool {
	if slices.ContainsFunc(s.desk, func(x chore) bool { return x.asker == c.n }) {
		return false
	}
	if who != "" {
		s.hold(c.n, who)
		c.holder = who
	}
	if c.kind == "receive" || c.kind == "handle" {
		s.makers = append(s.makers, c.holder)
	}
	s.clear(c.n)
	next := s.after(c.step)
	way := append(slices.Clone(c.way), c.step)
	if len(next) != 1 || c.kind == "consult" {
		way = nil
	}
	for _, step := range next {
		if (step == "hand-over" || step == "return") && s.outcome != "issued" {
			return false
		}
		s.lay(step, way, now)
		if c.kind == "receive" {
			s.parcels = append(s.parcels, bureau)
		}
		if step == "return" {
			s.parcels = append(s.parcels, house)
		}
	}
	return true
}

// goBack lays an earlier step of the same way again, for whoever had it.
func (s *sheet) goBack(c chore, step string, now time.Time) bool {
	i := len(c.way) - 1
	if step != "" {
		i = slices.Index(c.way, step)
	}
	if i < 0 {
		return false
	}
	holder := s.lastBy[c.way[i]]
	s.clear(c.n)
	s.lay(c.way[i], slices.Clone(c.way[:i]), now).holder = holder
	return true
}

// jump gives everything up and begins at a step.
func (s *sheet) jump(step string, now time.Time) bool {
	if seats[step][0] == "" || !s.twoSided && strings.HasPrefix(step, "ask-") {
		return false
	}
	if (step == "hand-over" || step == "return") && s.outcome != "issued" {
		return false
	}
	if strings.HasPrefix(step, "ask-") {
		return false // the other side would be missing for ever
	}
	holder := s.lastBy[step]
	for len(s.desk) > 0 {
		s.clear(s.desk[0].n)
	}
	s.arrived = nil
	s.lay(step, nil, now).holder = holder
	return true
}

func (s *sheet) demanded() *demand {
	for i := range s.asks {
		if s.asks[i].open {
			return &s.asks[i]
		}
	}
	return nil
}

func (s *sheet) forget() {
	for i := range s.asks {
		s.asks[i].open = false
	}
	s.owes = false
}

// shelve stops the work where it stands.
func (s *sheet) shelve() {
	s.shelved = nil
	for _, c := range s.desk {
		s.lastBy[c.step] = c.holder
		if c.asker == 0 {
			s.shelved = append(s.shelved, c)
		}
	}
	s.desk, s.ended = nil, true
	s.forget()
}

func (s *sheet) dropAll() {
	for len(s.desk) > 0 {
		s.clear(s.desk[0].n)
	}
	s.shelved = nil
	s.forget()
}

// follow is what comes of an act by itself: the status from what the applicant is
// asked for and where the result is, and the clock from the status.
func (s *sheet) follow(now time.Time) {
	live := slices.Contains([]int{1, 2, 4, 5, 6, 9}, s.status)
	switch {
	case !live:
	case s.demanded() != nil:
		s.status = 5
	case s.owes:
		s.status = 6
	case s.status == 5 || s.status == 6:
		s.status = 4
	case s.status == 4 && s.outcome == "issued":
		waits := slices.ContainsFunc(s.desk, func(c chore) bool { return c.kind == "return" })
		if waits && !slices.Contains(s.parcels, house) {
			s.status, s.ended = 9, true
		}
	}
	if s.handed.IsZero() || !live && s.status != 8 {
		return
	}
	want := ""
	switch {
	case s.status == 8:
		want = "suspension"
	case s.demanded() != nil:
		want = "supplement"
	case s.owes:
		want = "obligation"
	case slices.ContainsFunc(s.desk, func(c chore) bool { return c.stops }):
		want = "consult"
	}
	last := len(s.waits) - 1
	have := ""
	if last >= 0 && s.waits[last].to.IsZero() {
		have = s.waits[last].kind
	}
	if have == want {
		return
	}
	if have != "" {
		s.waits[last].to = now
	}
	if want != "" {
		s.waits = append(s.waits, standstill{kind: want, from: now})
	}
}

// text is the sheet as one text, and textOf a dossier in the same words.
func (s *sheet) text(when func(time.Time) string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "status %d code %s events %d\n", s.status, s.code, s.lines)
	fmt.Fprintf(&b, "ended %t fee %d settled %q late %q proposal %q result %q number %d apology %t repair %q undo %q\n",
		s.ended, s.fee, s.settled, s.late, s.proposal, s.outcome, s.number, s.sorry, s.plan, s.author)
	var lines []string
	for _, c := range s.desk {
		due := ""
		if c.kind == "consult" {
			due = when(c.due)
		}
		lines = append(lines, fmt.Sprintf("%s %q in %s by %q way %v until %q\n", c.kind, c.step, c.unit, c.holder, c.way, due))
	}
	sort.Strings(lines)
	b.WriteString(strings.Join(lines, ""))
	fmt.Fprintf(&b, "paper on its way to %v\n", s.parcels)
	for _, a := range s.asks {
		fmt.Fprintf(&b, "asked early %t open %t reminded %d until %s\n", a.early, a.open, len(a.reminded), when(a.due))
	}
	for _, w := range s.waits {
		fmt.Fprintf(&b, "stood for %s from %s to %s\n", w.kind, when(w.from), when(w.to))
	}
	return b.String()
}

func textOf(d dossier.Dossier, name func(string) string, when func(time.Time) string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "status %d code %s events %d\n", d.Status, d.Code, d.Version)
	settled, outcome, number, proposal, late, plan, author := "", "", int64(0), "", "", "", ""
	if d.Fee.SettledAt != nil {
		settled = d.Fee.Receipt + d.Fee.Ground
	}
	if r := d.Result; r != nil {
		outcome = "approved"
		if r.Entry != nil {
			outcome, number = "numbered", r.Entry.No
		}
		if r.SignedAt != nil {
			outcome = "signed"
		}
		if r.IssuedAt != nil {
			outcome = "issued"
		}
	}
	if d.Proposal != nil {
		proposal = d.Proposal.Outcome
	}
	if d.Late != nil {
		late = map[bool]string{true: "confirmed", false: "open"}[d.Late.ConfirmedAt != nil]
	}
	if d.Repair != nil {
		plan = d.Repair.Step
	}
	if d.Last != nil {
		author = name(d.Last.By)
	}
	fmt.Fprintf(&b, "ended %t fee %d settled %q late %q proposal %q result %q number %d apology %t repair %q undo %q\n",
		d.FinishedAt != nil, d.Fee.Total, settled, late, proposal, outcome, number, d.Deadline.Apology != nil, plan, author)
	var lines []string
	for _, t := range d.Tasks {
		p, _ := d.Process.Task(t.ID)
		due := ""
		if t.Kind == dossier.TaskConsult {
			due = when(t.DueAt)
		}
		lines = append(lines, fmt.Sprintf("%s %q in %s by %q way %v until %q\n", t.Kind, t.Step, name(t.Unit), name(t.Holder), p.Path, due))
	}
	sort.Strings(lines)
	b.WriteString(strings.Join(lines, ""))
	var parcels []string
	for _, h := range d.Handovers {
		if h.GotAt == nil && !h.Data {
			parcels = append(parcels, name(h.To))
		}
	}
	fmt.Fprintf(&b, "paper on its way to %v\n", parcels)
	for _, a := range d.Supplements {
		fmt.Fprintf(&b, "asked early %t open %t reminded %d until %s\n", a.AtReception, a.Open(), len(a.Reminded), when(a.DueAt))
	}
	for _, w := range d.Deadline.Stops {
		fmt.Fprintf(&b, "stood for %s from %s to %s\n", w.Kind, when(w.FromAt), when(w.ToAt))
	}
	return b.String()
}

// The wall of the stories: working weeks of five days, one day off.
var wall = oracle.Wall{
	Off: map[oracle.Day]bool{{Y: 2026, M: 11, D: 24}: true}, Hours: [][2]int{{450, 690}, {810, 1020}}, First: 2026, Last: 2026, Provisional: 2027,
}

func moment(t time.Time) oracle.Moment {
	t = t.In(civil.Zone)
	return oracle.Moment{Day: oracle.Day{Y: t.Year(), M: int(t.Month()), D: t.Day()}, Sec: t.Hour()*3600 + t.Minute()*60 + t.Second()}
}

// promised counts the promise with a pencil; waiting says that the clock stands.
func (s *sheet) promised(days int) (at oracle.Moment, start oracle.Day, waiting bool) {
	c := oracle.Case{Received: moment(s.handed), Unit: oracle.WorkingDays, N: days}
	for _, w := range s.waits {
		p := oracle.Pause{From: moment(w.from), Supplement: w.kind == "supplement", Open: w.to.IsZero()}
		if !p.Open {
			p.To = moment(w.to)
		}
		c.Pauses = append(c.Pauses, p)
	}
	a := oracle.Promise(wall, c)
	if len(a.Runs) > 0 {
		start = a.Runs[0].Start.Day
	}
	return a.Due, start, a.Waiting
}

func dayOff(d civil.Date) bool {
	day := d.At(0).In(civil.Zone).Weekday()
	return day == time.Saturday || day == time.Sunday || d == civil.NewDate(2026, 11, 24)
}

// workingDay is the first working day from a day on.
func workingDay(d civil.Date) civil.Date {
	for dayOff(d) {
		d = d.AddDays(1)
	}
	return d
}

// workingMinutes counts office minutes from an instant, one at a time.
func workingMinutes(from time.Time, n int) time.Time {
	at := from.In(civil.Zone)
	inside := func(t time.Time) bool {
		m := t.Hour()*60 + t.Minute()
		return !dayOff(civil.DateOf(t)) && (m >= 450 && m < 690 || m >= 810 && m < 1020)
	}
	for ; n > 0; at = at.Add(time.Minute) {
		if inside(at) {
			n--
		}
	}
	return at
}

// opening is the beginning of a day's office hours.
func opening(d civil.Date) time.Time {
	return d.At(civil.TimeOfDay(0)).Add(7*time.Hour + 30*time.Minute)
}

// closing is the end of a day's office hours.
func closing(d civil.Date) time.Time { return d.At(civil.TimeOfDay(0)).Add(17 * time.Hour) }
