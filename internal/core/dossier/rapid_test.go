package dossier

import (
	"flag"
	"fmt"
	"os"
	"slices"
	"sort"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/motcua/motcua/internal/civildata"
	"github.com/motcua/motcua/internal/core/access"
	"github.com/motcua/motcua/internal/core/civil"
	"github.com/motcua/motcua/internal/core/process"
)

// The plain run plays 200 stories; -rapid.checks=50000 plays more.
func TestMain(m *testing.M) {
	flag.Parse()
	given := false
	flag.Visit(func(f *flag.Flag) { given = given || f.Name == "rapid.checks" })
	if !given {
		if err := flag.Set("rapid.checks", "200"); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(2)
		}
	}
	os.Exit(m.Run())
}

// company is everybody who tries something in the stories.
func company() []access.Actor {
	all := cast()
	leaderTwo := leaderOne
	leaderTwo.ID, leaderTwo.Name = "s-leader-2", "Lãnh Đạo Hai"
	worker := access.Actor{ID: "s-worker", Name: "Làm Thay", Roles: []access.Role{access.Handler}, Unit: office, OnBehalf: handlerOne.ID, ForName: handlerOne.Name}
	deputy := access.Actor{ID: "s-deputy", Name: "Cấp Phó", Roles: []access.Role{access.Leader}, Unit: office, OnBehalf: leaderOne.ID, ForName: leaderOne.Name}
	signer := deputy
	signer.ID, signer.Signing = "s-signer", true
	return append(all, leaderTwo, worker, deputy, signer)
}

// side is a process in which two units handle side by side, with a timer.
func side(t teller, parallel bool) *process.Graph {
	steps := []process.Step{
		work("receive", process.KindReceive, "centre", "reception"), work("handle", process.KindHandle, "agency", "handler"),
		{ID: "late", Kind: process.KindTimer, On: "handle", After: 4800, Continue: true},
		work("approve", process.KindApprove, "agency", "leader"), work("issue", process.KindIssue, "agency", "clerk"),
		work("hand-over", process.KindHandOver, "agency", "clerk"), work("return", process.KindReturn, "centre", "reception"),
	}
	ways := []string{"s>receive", "late>e", "approve>issue", "issue>hand-over", "hand-over>return", "return>e"}
	if !parallel {
		return drawn(t, nil, steps, append(ways, "receive>handle", "handle>approve")...)
	}
	steps = append(steps, work("beside", process.KindHandle, second, "handler"), process.Step{ID: "split", Kind: process.KindParallel}, process.Step{ID: "join", Kind: process.KindParallel})
	return drawn(t, nil, steps, append(ways, "receive>split", "split>handle", "split>beside", "handle>join", "beside>join", "join>approve")...)
}

// story is one dossier, told twice: by the rules and by the model.
type story struct {
	t     *rapid.T
	s     *stage
	m     model
	tries map[Act][2]int // refused, done
}

func newStory(t *rapid.T) *story {
	s := newStage(t, "2026-03-02T08:00:00+07:00")
	s.quick = true
	st := &story{t: t, s: s, m: model{parallel: rapid.Bool().Draw(t, "parallel"), arrived: map[string]bool{}, holders: map[string]string{}, makers: []string{receptionist.ID}}}
	s.graph = side(t, st.m.parallel)
	late := rapid.Bool().Draw(t, "late entry")
	s.start = func(b *Beginning) {
		if late {
			b.Late = &LateEntry{Slip: "BN-1", By: receptionist.Name}
		}
	}
	switch rapid.IntRange(0, 5).Draw(t, "begins") {
	case 0:
		s.begin(Register, Input{})
		st.m.status = 1
	case 1:
		s.begin(Guide, Input{Reason: "Thiếu", Items: []string{"p1"}})
		st.m.status = 5
		st.m.asked = []ask{{atReception: true, open: true, due: answerDay(s.now)}}
	default:
		s.receive()
		st.m.reception(s.now)
	}
	if late {
		st.m.late = "open"
	}
	st.compare("the beginning")
	return st
}

func (m *model) reception(now time.Time) {
	m.received, m.status, m.start = true, 2, civil.DateOf(now)
	m.closeAsks()
	m.open("receive", nil, now).holder = receptionist.ID
}

// try draws a command, lets both tell it and compares.
func (st *story) try(t *rapid.T) {
	st.t, st.s.t = t, t
	waits := []int{5, 5, 5, 60, 60 * 24, 60 * 24 * 6}
	if st.m.status == 5 {
		waits = append(waits, 60*24*14)
	}
	minutes := rapid.SampledFrom(waits).Draw(t, "minutes")
	st.s.now = st.s.now.Add(time.Duration(minutes) * time.Minute)
	if civil.DateOf(st.s.now).Year() > 2026 {
		return // far enough from the end of the calendar
	}
	st.tell(st.draw(t))
}

// headStart takes the story some lawful steps on, so that all of them get far.
func (st *story) headStart(steps int) {
	way := []command{
		{act: Forward, who: receptionist}, {act: ReceiveHandover, who: handlerOne}, {act: Claim, who: handlerOne},
		{act: Propose, who: handlerOne, outcome: OutcomeApprove}, {act: Propose, who: stranger, outcome: OutcomeApprove}, {act: Approve, who: leaderOne},
		{act: Number, who: clerkOne}, {act: Sign, who: leaderOne}, {act: IssueResult, who: clerkOne}, {act: HandOver, who: clerkOne},
		{act: ReceiveHandover, who: receptionist}, {act: CollectFee, who: receptionist},
	}
	for _, c := range way[:min(steps, len(way))] {
		if c.who.ID == stranger.ID && !st.m.parallel {
			continue
		}
		st.s.now = st.s.now.Add(5 * time.Minute)
		c.now = st.s.now
		st.tell(c)
	}
}

// tell lets the rules and the model carry the command out, and compares.
func (st *story) tell(c command) {
	t := st.t
	if c.act == Accept {
		st.accept(c)
		return
	}
	in := st.input(c)
	st.s.with = func(ctx *Context) { ctx.Party, ctx.Told = c.party, c.told }
	e, err := Decide(st.s.d, st.s.context(c.who), in)
	next := st.m.copy()
	next.plan, next.undo = st.m.plan, st.m.undo
	ok := next.do(c)
	what := fmt.Sprintf("%s by %s (lacks %q, job %d, step %q, outcome %q)", c.act, c.who.ID, c.lacks, c.job, c.step, c.outcome)
	if ok != (err == nil) {
		t.Fatalf("%s: the model says %t, the rules say %v\n%s", what, ok, err, st.m.picture())
	}
	n := st.tries[c.act]
	if err != nil {
		n[0]++
		st.tries[c.act] = n
		return
	}
	n[1]++
	st.tries[c.act] = n
	st.m = next
	st.s.keep(e)
	st.compare(what)
}

func (st *story) accept(c command) {
	st.s.with = nil
	e, err := st.s.accept()
	ok := (st.m.status == 1 || st.m.status == 5) && !st.m.received
	if ok != (err == nil) {
		st.t.Fatalf("accept: the model says %t, the rules say %v", ok, err)
	}
	if err == nil {
		st.m.reception(st.s.now)
		st.m.undo = nil
		st.s.keep(e)
		st.compare("accept")
	}
}

func (st *story) draw(t *rapid.T) command {
	acts := Acts()
	likely := st.lively()
	if rapid.IntRange(0, 9).Draw(t, "likely") < 7 && len(likely) > 0 {
		acts = likely
	}
	c := command{
		act: rapid.SampledFrom(acts).Draw(t, "act"), who: rapid.SampledFrom(company()).Draw(t, "who"), now: st.s.now,
		lacks:   rapid.SampledFrom([]string{"", "", "", "", "", "", "reason", "ground", "document", "items", "staff", "receipt", "receiver", "units", "day", "leader", "files", "record"}).Draw(t, "lacks"),
		outcome: rapid.SampledFrom([]string{OutcomeApprove, OutcomeApprove, OutcomeRefuse}).Draw(t, "outcome"),
		staff:   rapid.SampledFrom([]string{handlerOne.ID, handlerTwo.ID, leaderOne.ID, clerkOne.ID}).Draw(t, "staff"),
		stop:    rapid.Bool().Draw(t, "stops the clock"),
		stale:   rapid.IntRange(0, 40).Draw(t, "stale") == 0, party: rapid.IntRange(0, 40).Draw(t, "party") == 0, told: rapid.IntRange(0, 9).Draw(t, "told") == 0,
	}
	if rapid.IntRange(0, 9).Draw(t, "the right one") < 7 { // somebody for whom it might be
		c.who = st.fitting(t, c.act, c.who)
	}
	if c.act == Answer {
		c.outcome = OutcomeAgree
	}
	if c.act == Undo && st.m.undo != nil && rapid.Bool().Draw(t, "by himself") {
		i := slices.IndexFunc(company(), func(a access.Actor) bool { return a.ID == st.m.undo.by })
		c.who = company()[i]
	}
	switch c.act {
	case Repair:
		c.step = rapid.SampledFrom([]string{"receive", "handle", "beside", "approve", "issue", "hand-over", "return", "late", "moon"}).Draw(t, "step")
		c.job = st.drawJob(t)
	case TakeBack:
		c.step = rapid.SampledFrom([]string{"", "", "handle", "approve", "return"}).Draw(t, "step")
	case Elapse:
		c.step, c.job = "late", st.drawJob(t)
	case ConfirmRepair, DeclineRepair:
	default:
		if rapid.IntRange(0, 3).Draw(t, "says which") == 0 {
			c.job = st.drawJob(t)
		}
	}
	return c
}

// lively lists acts that have a chance now, so that stories go on.
func (st *story) lively() []Act {
	switch st.m.status {
	case 1:
		return []Act{Accept, Guide, Oblige, Withdraw, RefuseReception}
	case 2:
		return []Act{Forward, Forward, RequestSupplement, CollectFee, Apologise, AttachPaper, Undo, Repair, Release, Claim, Assign, ReceiveLate}
	case 5:
		return []Act{Supply, Supply, Remind, ExpireSupplement, LapseSupplement, LapseSupplement, Accept, Answer, NoteSilence}
	case 6:
		return []Act{Fulfil, Fulfil, Answer, NoteSilence, CollectFee}
	case 8:
		return []Act{Resume}
	case 9:
		return []Act{CollectFee, Return, Return, TakeBack, Repair, ConfirmRepair, Claim, Assign}
	}
	all := []Act{Claim, Assign, Consult, RequestSupplement, Oblige, Undo, Apologise, Release, Repair, ConfirmRepair, DeclineRepair, VerifyRecord, SendBack, TakeBack, Elapse, Correct, Stop, AttachPaper}
	for _, j := range st.m.work {
		switch j.kind {
		case "receive":
			all = append(all, Forward, Forward)
		case "handle":
			all = append(all, ReceiveHandover, ReceiveHandover, Propose, Propose, Propose)
		case "consult":
			all = append(all, Answer, NoteSilence)
		case "approve":
			all = append(all, Approve, Approve, Approve, Refuse)
		case "issue":
			all = append(all, Number, Sign, IssueResult, Number, Sign, IssueResult)
		case "hand-over":
			all = append(all, HandOver, HandOver)
		case "return":
			all = append(all, ReceiveHandover, ReceiveHandover, ReceiveHandover)
		}
	}
	return all
}

// fitting draws somebody whose trade the act is.
func (st *story) fitting(t *rapid.T, act Act, otherwise access.Actor) access.Actor {
	var likely []access.Actor
	switch act {
	case Remind, ExpireSupplement, NoteSilence, Elapse:
		return clockwork
	case Repair, ConfirmRepair, DeclineRepair, ReceiveLate:
		likely = []access.Actor{controller, directorOne, leaderOne, company()[13]}
	case Approve, Refuse, Sign, Stop, Resume, Apologise, TakeBack, Assign:
		likely = []access.Actor{leaderOne, company()[11], company()[14]}
	case Number, IssueResult, HandOver:
		likely = []access.Actor{clerkOne}
	case Propose, VerifyRecord, Consult, Oblige, LapseSupplement, Claim:
		likely = []access.Actor{handlerOne, handlerTwo, leaderOne, stranger, company()[12]}
	case SendBack:
		likely = []access.Actor{leaderOne, handlerOne, handlerTwo, clerkOne}
	case Answer:
		likely = []access.Actor{company()[7]}
	case RequestSupplement, ReceiveHandover, AttachPaper, Release:
		likely = []access.Actor{receptionist, handlerOne, stranger}
	case Undo:
		return otherwise
	default:
		likely = []access.Actor{receptionist}
	}
	return rapid.SampledFrom(likely).Draw(t, "trade")
}

// drawJob says one of the open jobs, none, or one that is not there.
func (st *story) drawJob(t *rapid.T) int {
	all := []int{0, -1}
	for _, j := range st.m.work {
		all = append(all, j.n, j.n)
	}
	return rapid.SampledFrom(all).Draw(t, "job")
}

// input fills the form of the command in.
func (st *story) input(c command) Input {
	in := full(c.act, st.s.d.Version)
	if c.stale {
		in.Version = st.s.d.FormVersion - 1
	}
	in.Step, in.Task, in.Staff, in.StopClock = c.step, st.taskID(c.job), c.staff, c.stop
	in.Outcome = c.outcome
	in.DueOn = civil.Date{}
	switch c.act {
	case Consult:
		in.DueOn = civil.DateOf(answerDay(c.now))
	case Apologise:
		in.DueOn = later(st.s.d.Deadline.DueOn, c.now)
	}
	switch c.lacks {
	case "reason":
		in.Reason = ""
	case "ground":
		in.LegalGround = ""
	case "document":
		in.Document = ""
	case "items":
		in.Items = nil
	case "staff":
		in.Staff = ""
	case "receipt":
		in.Receipt = ""
	case "receiver":
		in.Receiver = " "
	case "units":
		in.Units = nil
	case "day":
		in.DueOn = civil.Date{}
	case "leader":
		in.Leader = ""
	case "files":
		in.Files = nil
	case "record":
		in.Verified = nil
	}
	return in
}

// later is a working day after the promise and after now.
func later(due civil.Date, now time.Time) civil.Date {
	d := due
	if d.Before(civil.DateOf(now)) {
		d = civil.DateOf(now)
	}
	d = d.AddDays(1)
	for off(d) {
		d = d.AddDays(1)
	}
	return d
}

// taskID finds the task of the dossier that a job of the model is.
func (st *story) taskID(n int) string {
	if n <= 0 {
		return map[int]string{0: "", -1: "gone"}[n]
	}
	for _, j := range st.m.work {
		if j.n != n {
			continue
		}
		for _, t := range st.s.d.Tasks {
			if t.Step == j.step && t.Unit == j.unit && string(t.Kind) == j.kind && (j.asks == 0 || t.For == st.taskID(j.asks)) {
				return t.ID
			}
		}
	}
	return "gone"
}

// picture is the dossier in the words of the model.
func picture(d Dossier, m *model) string {
	result := ""
	if r := d.Result; r != nil {
		switch {
		case r.IssuedAt != nil:
			result = "issued"
		case r.SignedAt != nil:
			result = "signed"
		case r.Number != "":
			result = "numbered"
		default:
			result = "approved"
		}
	}
	proposal := ""
	if d.Proposal != nil {
		proposal = d.Proposal.Outcome
	}
	late := ""
	if d.Late != nil {
		late = map[bool]string{true: "confirmed", false: "open"}[d.Late.ConfirmedAt != nil]
	}
	var b strings.Builder
	fmt.Fprintf(&b, "status %d received %t ended %t paid %t result %q proposal %q apology %t undo %t repair %t late %q\n",
		d.Status, d.Received(), d.FinishedAt != nil, d.Fee.SettledAt != nil, result, proposal, d.Deadline.Apology != nil, d.Last != nil, d.Repair != nil, late)
	var lines []string
	for _, t := range d.Tasks {
		asks := "-"
		if p, ok := d.TaskByID(t.For); ok {
			asks = p.Step
		}
		p, _ := d.Process.Task(t.ID)
		timer := slices.ContainsFunc(d.Timers, func(x Timer) bool { return x.On == t.ID })
		lines = append(lines, fmt.Sprintf("%s %s in %s by %q path %v asked by %s timer %t\n", t.Kind, t.Step, t.Unit, t.Holder, p.Path, asks, timer))
	}
	sort.Strings(lines)
	b.WriteString(strings.Join(lines, ""))
	for _, h := range d.Handovers {
		if h.GotAt == nil {
			fmt.Fprintf(&b, "moves to %s, data %t\n", h.To, h.Data)
		}
	}
	for _, a := range d.Supplements {
		fmt.Fprintf(&b, "asked at reception %t open %t reminded %d\n", a.AtReception, a.Open(), len(a.Reminded))
	}
	for _, s := range d.Deadline.Stops {
		fmt.Fprintf(&b, "stands for %s from %d to %d\n", s.Kind, s.FromAt.Unix(), max(s.ToAt.Unix(), 0))
	}
	return b.String()
}

// compare holds the dossier to the model, and its promise to the ledger.
func (st *story) compare(what string) {
	st.t.Helper()
	if diff := cmp.Diff(st.m.picture(), picture(st.s.d, &st.m)); diff != "" {
		st.t.Fatalf("after %s (-model +dossier):\n%s", what, diff)
	}
	d := st.s.d
	if _, stands := d.Deadline.Stopped(); stands || !d.Received() || d.Status.Ended() {
		return
	}
	due, err := civil.Due(civildata.Default(), civil.DueInput{ReceivedAt: d.ReceivedAt, Limit: civil.Limit{Value: 5, Unit: civil.WorkingDays}, Stops: st.m.ledger, Policy: civil.Pause})
	if err != nil || !due.DueAt.Equal(d.Deadline.DueAt) {
		st.t.Fatalf("after %s: promised %v, the model's ledger gives %v (%v)", what, d.Deadline.DueAt, due.DueAt, err)
	}
}

// Whatever is tried, in whatever order, by whomever: the rules and the plain
// model agree on what is allowed and on what comes of it; nothing impossible
// arises; and the stored events give the same dossier.
func TestModel(t *testing.T) {
	tries := map[Act][2]int{}
	rapid.Check(t, func(t *rapid.T) {
		st := newStory(t)
		st.tries = tries
		if st.m.received {
			st.headStart(rapid.IntRange(0, 14).Draw(t, "head start"))
		}
		for range rapid.IntRange(10, 70).Draw(t, "tries") {
			st.try(t)
		}
		st.s.t = t
		st.s.replay()
	})
	if checks, err := strconv.Atoi(flag.Lookup("rapid.checks").Value.String()); err != nil || t.Failed() || checks < 1000 {
		return // too few stories to come everywhere for certain
	}
	for _, act := range Acts() {
		if n := tries[act]; n[1] == 0 && act != Receive && act != Register && act != Accept {
			t.Errorf("%s was refused %d times and never done: the stories do not reach it", act, n[0])
		}
	}
}
