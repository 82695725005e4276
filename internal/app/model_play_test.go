package app_test

import (
	"flag"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/motcua/motcua/internal/app"
	"github.com/motcua/motcua/internal/app/apptest"
	"github.com/motcua/motcua/internal/core/civil"
	"github.com/motcua/motcua/internal/core/dossier"
	"github.com/motcua/motcua/internal/core/fault"
	"github.com/motcua/motcua/internal/store/storetest"
)

// stories is how many the model plays: -stories=50000 plays more.
var stories = flag.Int("stories", 200, "stories that the model of the use cases plays")

const (
	feeReceipt = "BL-0001"
	// renewed is after how many stories the databases begin anew: the invariants are
	// verified then, and once more at the end.
	renewed = 1000
)

// saga is one story: up to two dossiers on both engines.
type saga struct {
	t     *rapid.T
	w     *desks
	run   int
	now   time.Time
	n     int
	cases []*episode
	last  *played // the last command that was accepted
}

// episode is one dossier of a story.
type episode struct {
	*sheet
	names []string // its code or reference, an engine each
	d     []dossier.Dossier
}

type played struct {
	in      []app.ActInput
	who     string
	version int64
}

func (g *saga) say(format string, args ...any) {
	g.t.Logf("%s  "+format, append([]any{g.now.Format("02/01 15:04")}, args...)...)
}

// begin lets both engines take a dossier in.
func (g *saga) begin() {
	kind := rapid.SampledFrom([]dossier.Act{dossier.Receive, dossier.Receive, dossier.Receive, dossier.Receive, dossier.Register, dossier.Guide, dossier.RefuseReception}).Draw(g.t, "begins")
	twoSided := rapid.Bool().Draw(g.t, "two opinions at once")
	who := rapid.SampledFrom([]string{"counter", "counter", "counter", "counter-2", "handler", "director"}).Draw(g.t, "at the counter")
	paid := rapid.IntRange(0, 3).Draw(g.t, "pays at once") == 0
	late := rapid.IntRange(0, 4).Draw(g.t, "late entry") == 0 && kind == dossier.Receive
	g.say("%s by %s, two opinions %t, paid %t, late %t", kind, who, twoSided, paid, late)
	c := &episode{sheet: &sheet{twoSided: twoSided, lastBy: map[string]string{}, officer: who}, names: make([]string, 2), d: make([]dossier.Dossier, 2)}
	ok := strings.HasPrefix(who, "counter")
	var errs []error
	action := g.action()
	for i, s := range g.w.on {
		f := s.form(c, kind, paid, action)
		if late {
			f.LateSlip, f.ReceivedAt, f.Reason = "BN-1", g.now.Add(-30*time.Minute), "Mất điện"
		}
		got, err := s.ReceiveDossier(g.t.Context(), s.people[who], f)
		errs = append(errs, err)
		c.d[i], c.names[i] = got.Dossier, got.Name()
	}
	g.agree(fmt.Sprintf("%s by %s", kind, who), ok, errs)
	if !ok {
		return
	}
	c.lines, c.fresh = 1, 1
	switch kind {
	case dossier.Receive:
		at := g.now
		if late {
			at, c.late = g.now.Add(-30*time.Minute), "open"
		}
		c.receive(g, at, paid)
	case dossier.Register:
		c.status = 1
	case dossier.RefuseReception:
		c.status = 3
	case dossier.Guide:
		c.status = 5
		c.asks = []demand{{early: true, open: true, asked: civil.DateOf(g.now), due: closing(workingDay(civil.DateOf(g.now).AddDays(30)))}}
	}
	g.cases = append(g.cases, c)
	g.compare(c, string(kind))
}

// form is the form of a reception.
func (s *stageOf) form(c *episode, kind dossier.Act, paid bool, action string) app.ReceptionForm {
	p := s.plain
	if c.twoSided {
		p = s.sides
	}
	f := form(p)
	f.Act, f.ActionID = kind, action
	if kind == dossier.Receive || kind == dossier.Accept {
		f.FeeLines, c.fee = []string{collectable(p)[0].ID}, collectable(p)[0].AmountVND
	}
	if paid {
		f.Payment = &dossier.Payment{Receipt: feeReceipt, Method: "cash"}
	}
	f.Reason, f.LegalGround, f.Items = "Theo quy định", "NĐ 118/2025/NĐ-CP", []string{f.Papers[0].ID}
	return f
}

// receive is what a reception leaves: a code, a promise, the first chore.
func (c *episode) receive(g *saga, at time.Time, paid bool) {
	c.handed, c.status = at, 2
	c.forget()
	c.lay("receive", nil, g.now).holder = c.officer
	if paid {
		c.settled = feeReceipt
	}
	day := at.In(civil.Zone).Format("060102")
	c.code = g.w.code(c.d[0].Code, day)
}

// code is the code that comes next on a day: the first of a database is taken as
// it comes.
func (w *desks) code(got, day string) string {
	part, n, ok := strings.Cut(got, "-"+day+"-")
	if !ok {
		return "a code of " + day
	}
	if w.codes[day] == 0 {
		w.codes[day], _ = strconv.Atoi(n)
	}
	w.codes[day]++
	return fmt.Sprintf("%s-%s-%04d", part, day, w.codes[day]-1)
}

// agree holds both engines and the model to one answer.
func (g *saga) agree(what string, ok bool, errs []error) {
	g.t.Helper()
	answers := make([]string, len(errs))
	for i, err := range errs {
		if err != nil && fault.As(err) == nil {
			g.t.Fatalf("%s on %s: %v", what, g.w.on[i].engine, err)
		}
		answers[i] = "done"
		if f := fault.As(err); f != nil {
			answers[i] = fmt.Sprintf("%v %s", f.Kind, f.Error())
		}
	}
	if !slices.Equal(answers[:1], answers[1:]) {
		g.t.Fatalf("%s: the engines differ: %q", what, answers)
	}
	if ok != (errs[0] == nil) {
		g.t.Fatalf("%s: the model says %t, the program %q", what, ok, answers[0])
	}
}

func (g *saga) action() string { g.n++; return fmt.Sprintf("story-%d-%d", g.run, g.n) }

// compare holds the dossier on both engines to its sheet, and its promise to the
// pencil.
func (g *saga) compare(c *episode, what string) {
	g.t.Helper()
	when := func(t time.Time) string {
		if t.IsZero() {
			return "-"
		}
		return t.In(civil.Zone).Format("02/01 15:04")
	}
	for i, s := range g.w.on {
		name := func(id string) string {
			if id == "" {
				return ""
			}
			if n, ok := s.names[id]; ok {
				return n
			}
			return id
		}
		if c.number == -1 && c.d[i].Result != nil && c.d[i].Result.Entry != nil {
			c.number = c.d[i].Result.Entry.No
			g.w.next = c.number + 1
		}
		if diff := cmp.Diff(c.text(when), textOf(c.d[i], name, when)); diff != "" {
			g.t.Fatalf("after %s on %s (-model +dossier):\n%s", what, s.engine, diff)
		}
		if c.d[i].FormVersion != int64(c.fresh) {
			g.t.Fatalf("after %s on %s: forms before version %d are out of date, the model says %d", what, s.engine, c.d[i].FormVersion, c.fresh)
		}
		if c.handed.IsZero() || slices.Contains([]int{3, 7, 8, 10}, c.status) {
			continue
		}
		at, _, waiting := c.promised(g.w.days)
		if got := moment(c.d[i].Deadline.DueAt); !waiting && got != at {
			g.t.Fatalf("after %s on %s: promised %v, the pencil says %v", what, s.engine, got, at)
		}
	}
}

// act lets both engines and the model carry an attempt out.
func (g *saga) act(c *episode, t attempt) {
	t.at = g.now
	what := fmt.Sprintf("%s by %s", t.act, t.who)
	g.say("%s (case %d, for %q, chore %d, lacks %q, %q, staff %q, step %q, stale %t)", what, slices.Index(g.cases, c)+1, t.behalf, t.chore, t.lacks, t.answer, t.staff, t.step, t.stale)
	ids := make([]app.ActInput, 2)
	errs := make([]error, 2)
	got := make([]dossier.Dossier, 2)
	action := g.action()
	for i, s := range g.w.on {
		ids[i] = s.input(c, i, t, action)
		got[i], errs[i] = s.Act(g.t.Context(), s.people[t.who], ids[i])
	}
	g.w.lightest = ""
	if t.staff == app.ByLoad && errs[0] == nil {
		g.w.lightest = g.lightest(c, got[0])
	}
	next := c.sheet.copy()
	next.back, next.author = c.back, c.author
	ok := next.try(t, g.w)
	g.agree(what, ok, errs)
	n := g.w.tries[t.act]
	if !ok {
		n[0]++
		g.w.tries[t.act] = n
		return
	}
	n[1]++
	g.w.tries[t.act] = n
	c.sheet, c.d = next, got
	g.last = &played{in: ids, who: t.who, version: got[0].Version}
	g.compare(c, what)
}

// lightest is whom the program gave a task that was in nobody's hand or another's.
func (g *saga) lightest(c *episode, got dossier.Dossier) string {
	s := g.w.on[0]
	for _, t := range got.Tasks {
		before, ok := c.d[0].TaskByID(t.ID)
		if ok && before.Holder != t.Holder {
			return s.names[t.Holder]
		}
	}
	return ""
}

// input fills the form of an attempt in for one engine.
func (s *stageOf) input(c *episode, i int, t attempt, action string) app.ActInput {
	d := c.d[i]
	in := app.ActInput{Code: c.names[i], ActionID: action}
	in.Act, in.Version = t.act, d.Version
	in.Reason, in.LegalGround, in.Document = "Theo hồ sơ", "Luật Phí và lệ phí, Điều 10", "15/TB"
	in.Outcome, in.Title, in.Method, in.Checked, in.Receiver, in.Receipt = t.answer, "Giấy phép", "cash", "Căn cước", "Nguyễn Thị Thử Nghiệm", feeReceipt
	in.Leader, in.Items, in.Units = "Giám đốc", []string{"Bản sao"}, []string{s.units[afar]}
	in.Sets, in.StopClock, in.Step = 2, t.stops, t.step
	in.Staff = t.staff
	if who, ok := s.people[t.staff]; ok {
		in.Staff = who.ID
	}
	if t.behalf != "" {
		in.For = s.people[t.behalf].ID
	}
	if t.stale {
		in.Version = d.FormVersion - 1
	}
	in.Task = s.task(c, d, t.chore)
	answer := workingDay(civil.DateOf(t.at).AddDays(10))
	switch t.act {
	case dossier.Consult, dossier.RequestSupplement, dossier.Guide:
		in.DueOn = answer
	case dossier.Apologise:
		in.DueOn = d.Deadline.DueOn
		if today := civil.DateOf(t.at); in.DueOn.Before(today) {
			in.DueOn = today
		}
		in.DueOn = workingDay(in.DueOn.AddDays(1))
	}
	if t.act == dossier.AttachPaper || t.act == dossier.IssueResult {
		if hash := s.files[t.who]; hash != "" {
			in.FileRefs = []string{hash}
		}
	}
	if len(d.Papers) > 0 {
		in.Paper = d.Papers[0].ID
	}
	if t.act == dossier.VerifyRecord {
		in.Verified = &dossier.Verification{Where: "Tại thửa đất", Participants: []string{"Đại diện xã"}, Content: "Đúng hiện trạng"}
	}
	switch t.lacks {
	case "reason":
		in.Reason = " "
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
		in.FileRefs = nil
	case "record":
		in.Verified = nil
	}
	if t.act == dossier.CollectFee {
		in.LegalGround = ""
	}
	if t.act == dossier.ExemptFee {
		in.Receipt = ""
	}
	return in
}

// task finds the task of the dossier that a chore of the sheet is.
func (s *stageOf) task(c *episode, d dossier.Dossier, n int) string {
	if n <= 0 {
		return map[int]string{0: "", -1: "0190a000-0000-7000-8000-00000000dead"}[n]
	}
	for _, x := range c.desk {
		for _, t := range d.Tasks {
			if x.n == n && t.Step == x.step && string(t.Kind) == x.kind && (x.asker == 0 || t.For == s.task(c, d, x.asker)) {
				return t.ID
			}
		}
	}
	return "0190a000-0000-7000-8000-00000000dead"
}

// accept receives what was registered or guided.
func (g *saga) accept(c *episode) {
	paid := rapid.Bool().Draw(g.t, "pays at once")
	who := rapid.SampledFrom([]string{"counter", "counter", "counter-2", "handler"}).Draw(g.t, "at the counter")
	stale := rapid.IntRange(0, 9).Draw(g.t, "stale") == 0
	g.say("accept by %s, stale %t", who, stale)
	ok := (c.status == 1 || c.status == 5) && c.handed.IsZero() && strings.HasPrefix(who, "counter") && !stale
	errs, got := make([]error, 2), make([]app.Received, 2)
	action := g.action()
	for i, s := range g.w.on {
		f := s.form(c, dossier.Accept, paid, action)
		f.Ref, f.Version = c.names[i], c.d[i].Version
		if stale {
			f.Version = c.d[i].FormVersion - 1
		}
		got[i], errs[i] = s.ReceiveDossier(g.t.Context(), s.people[who], f)
	}
	if c.handed.IsZero() && !ok {
		c.fee = 0
	}
	g.agree("accept by "+who, ok, errs)
	if !ok {
		return
	}
	before := c.copy()
	c.officer = who
	for i := range got {
		c.d[i] = got[i].Dossier
	}
	c.receive(g, g.now, paid)
	c.after1(attempt{act: dossier.Accept, at: g.now}, before, g.w)
	c.back, c.author = nil, ""
	g.compare(c, "accept")
}

// ladder lets time do its part on both engines.
func (g *saga) ladder() {
	g.say("what time brings")
	for _, s := range g.w.on {
		if _, err := s.Ladder(g.t.Context(), time.Time{}); err != nil {
			g.t.Fatalf("ladder on %s: %v", s.engine, err)
		}
	}
	for _, c := range g.cases {
		c.tick(g.now)
		for i, s := range g.w.on {
			d, err := s.DossierAt(g.t.Context(), s.people["director"], c.names[i], 1<<40)
			if err != nil {
				g.t.Fatal(err)
			}
			c.d[i] = d
		}
		g.compare(c, "what time brings")
	}
}

// again sends the last accepted command once more, or another under its id.
func (g *saga) again() {
	if g.last == nil {
		return
	}
	other := rapid.Bool().Draw(g.t, "another body")
	g.say("the last command again, another body %t", other)
	errs := make([]error, 2)
	for i, s := range g.w.on {
		in := g.last.in[i]
		if other {
			in.Title += " khác"
		}
		got, err := s.Act(g.t.Context(), s.people[g.last.who], in)
		if errs[i] = err; err == nil && got.Version != g.last.version {
			g.t.Fatalf("the last command again on %s: version %d, the first time %d", s.engine, got.Version, g.last.version)
		}
	}
	g.agree("the last command again", !other, errs)
}

// step draws one thing that happens.
func (g *saga) step() {
	waits := []int{5, 5, 5, 60, 60 * 24, 60 * 24 * 3}
	minutes := rapid.SampledFrom(waits).Draw(g.t, "minutes")
	if at := g.now.Add(time.Duration(minutes) * time.Minute); at.Before(time.Date(2026, 12, 24, 0, 0, 0, 0, civil.Zone)) {
		g.set(at)
	}
	c := g.cases[rapid.IntRange(0, len(g.cases)-1).Draw(g.t, "case")]
	switch n := rapid.IntRange(0, 39).Draw(g.t, "what"); {
	case n == 0 && len(g.cases) < 2:
		g.begin()
	case n <= 3:
		g.ladder()
	case n <= 5:
		g.again()
	default:
		if t := g.draw(c); t.act == dossier.Accept {
			g.accept(c)
		} else {
			g.act(c, t)
		}
	}
}

func (g *saga) set(at time.Time) {
	g.now = at
	for _, s := range g.w.on {
		s.Clock.Set(at)
	}
}

// draw draws an attempt: mostly something that might be possible now, by somebody
// whose trade it is.
func (g *saga) draw(c *episode) attempt {
	acts := dossier.Acts()
	if likely := c.likely(); len(likely) > 0 && rapid.IntRange(0, 9).Draw(g.t, "likely") < 8 {
		acts = likely
	}
	t := attempt{
		act: rapid.SampledFrom(acts).Draw(g.t, "act"), at: g.now,
		lacks:  rapid.SampledFrom([]string{"", "", "", "", "", "", "", "reason", "ground", "document", "items", "staff", "receipt", "receiver", "units", "day", "leader", "files", "record"}).Draw(g.t, "lacks"),
		answer: rapid.SampledFrom([]string{dossier.OutcomeApprove, dossier.OutcomeApprove, dossier.OutcomeRefuse}).Draw(g.t, "outcome"),
		stale:  rapid.IntRange(0, 40).Draw(g.t, "stale") == 0,
	}
	switch t.act {
	case dossier.Receive, dossier.Register:
		t.act = dossier.Accept
	case dossier.Answer:
		t.answer = dossier.OutcomeAgree
	case dossier.Assign:
		t.staff = rapid.SampledFrom([]string{"handler", "handler-2", "leader", "leader-2", "clerk", "counter-2", app.ByLoad, app.ByLoad}).Draw(g.t, "staff")
	case dossier.Consult:
		t.stops = rapid.Bool().Draw(g.t, "stops the clock")
	case dossier.Repair:
		t.step = rapid.SampledFrom([]string{"receive", "handle", "approve", "issue", "hand-over", "return", "ask-1", "moon"}).Draw(g.t, "step")
	}
	t.who = souls[rapid.IntRange(0, len(souls)-1).Draw(g.t, "who")].name
	if fit := c.fit(t, g.now); len(fit) > 0 && rapid.IntRange(0, 9).Draw(g.t, "the right one") < 8 {
		t.who = rapid.SampledFrom(fit).Draw(g.t, "trade")
	}
	if t.act != dossier.Repair && t.act != dossier.ConfirmRepair && t.act != dossier.DeclineRepair && len(c.desk) > 0 && rapid.IntRange(0, 3).Draw(g.t, "says which") == 0 {
		numbers := []int{-1}
		for _, x := range c.desk {
			numbers = append(numbers, x.n, x.n)
		}
		t.chore = rapid.SampledFrom(numbers).Draw(g.t, "chore")
	}
	if (t.act == dossier.Approve || t.act == dossier.Sign || t.act == dossier.Claim) && rapid.IntRange(0, 3).Draw(g.t, "for another") == 0 {
		t.behalf = rapid.SampledFrom([]string{"leader", "handler-2"}).Draw(g.t, "for whom")
	}
	return t
}

// likely lists acts that have a chance now, so that stories go on.
func (s *sheet) likely() []dossier.Act {
	var all []dossier.Act
	for act := range book {
		if len(s.open(act)) == 0 || act == dossier.Withdraw || act == dossier.Stop || act == dossier.RefuseReception {
			continue
		}
		for _, l := range s.open(act) {
			if l.work == "" || slices.ContainsFunc(s.desk, func(c chore) bool { return slices.Contains(strings.Fields(l.work), c.kind) }) {
				all = append(all, act)
				if moves[act] {
					all = append(all, act, act, act)
				}
				break
			}
		}
	}
	if s.handed.IsZero() && (s.status == 1 || s.status == 5) {
		all = append(all, dossier.Accept, dossier.Accept, dossier.Accept)
	}
	slices.Sort(all)
	return all
}

// moves are the acts that carry a dossier on.
var moves = map[dossier.Act]bool{
	dossier.Forward: true, dossier.ReceiveHandover: true, dossier.Propose: true, dossier.Approve: true, dossier.Number: true, dossier.Sign: true,
	dossier.IssueResult: true, dossier.HandOver: true, dossier.Return: true, dossier.Supply: true, dossier.Fulfil: true, dossier.Answer: true, dossier.Resume: true,
	dossier.CollectFee: true,
}

// fit lists those whose trade an act is.
func (s *sheet) fit(t attempt, now time.Time) []string {
	var all []string
	for _, p := range souls {
		for _, l := range s.open(t.act) {
			c := chore{}
			if near := s.near(t.act, as{p, ""}, l.work); len(near) > 0 {
				c = near[0]
			}
			if s.permitted(l, as{p, ""}, c) {
				all = append(all, p.name)
				break
			}
		}
	}
	return all
}

// headStart takes a dossier some lawful steps on, so that stories get far.
func (g *saga) headStart(c *episode, steps int) {
	way := []attempt{
		{act: dossier.Forward, who: c.officer}, {act: dossier.ReceiveHandover, who: "handler"}, {act: dossier.Propose, who: "handler", answer: dossier.OutcomeApprove},
		{act: dossier.Answer, who: "adviser-a", answer: dossier.OutcomeAgree}, {act: dossier.Answer, who: "adviser-b", answer: dossier.OutcomeAgree},
		{act: dossier.Approve, who: "leader"}, {act: dossier.Number, who: "clerk"}, {act: dossier.Sign, who: "leader"}, {act: dossier.IssueResult, who: "clerk"},
		{act: dossier.HandOver, who: "clerk"}, {act: dossier.ReceiveHandover, who: "counter"},
	}
	for _, t := range way {
		if steps--; steps < 0 || c.status != 2 && c.status != 4 {
			return
		}
		if t.act == dossier.Answer && !c.twoSided {
			continue
		}
		g.set(g.now.Add(5 * time.Minute))
		g.act(c, t)
	}
}

// close ends what the story leaves open, lawfully, so that the next begins with
// a clean house.
func (g *saga) close() {
	for _, c := range g.cases {
		if c.status == 9 {
			g.act(c, attempt{act: dossier.TakeBack, who: "leader-2"})
		}
		if slices.Contains([]int{1, 2, 4, 5, 6}, c.status) {
			g.act(c, attempt{act: dossier.Withdraw, who: "counter"})
		}
	}
}

// Whatever is tried on the use cases, in whatever order, by whomever: the program
// does what the plain model says, on both engines, and writes the same journal;
// at the end every invariant holds.
func TestModelOfUseCases(t *testing.T) {
	if err := flag.Set("rapid.checks", fmt.Sprint(*stories)); err != nil {
		t.Fatal(err)
	}
	var w *desks
	verify := func() {
		for _, s := range w.on {
			s.Clock.Set(time.Date(2026, 12, 31, 0, 0, 0, 0, civil.Zone)) // after all that was told
			storetest.Verify(t, s.Store())
		}
	}
	tries := map[dossier.Act][2]int{}
	clean := false
	rapid.Check(t, func(rt *rapid.T) {
		if w != nil && clean && w.played >= renewed {
			verify()
			w = nil
		}
		if w == nil || !clean { // a story that broke off leaves the house in disorder
			w = openDesks(t)
			w.tries = tries
		}
		clean = false
		g := &saga{t: rt, w: w, run: w.played}
		w.played++
		g.set(apptest.Start())
		for _, s := range w.on {
			s.mark = s.Store().Position()
		}
		for len(g.cases) == 0 {
			g.begin()
		}
		if c := g.cases[0]; c.status == 2 {
			g.headStart(c, rapid.IntRange(0, 12).Draw(rt, "head start"))
		}
		for range rapid.IntRange(5, 30).Draw(rt, "steps") {
			g.step()
		}
		g.close()
		g.checkJournals()
		clean = true
	})
	if t.Failed() {
		return
	}
	verify()
	for _, act := range dossier.Acts() {
		if n := tries[act]; book[act] != nil && n[1] == 0 && *stories >= 1000 {
			t.Errorf("%s was refused %d times and never done: the stories do not reach it", act, n[0])
		}
	}
}
