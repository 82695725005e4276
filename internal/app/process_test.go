package app_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/motcua/motcua/internal/app"
	"github.com/motcua/motcua/internal/app/apptest"
	"github.com/motcua/motcua/internal/core/access"
	"github.com/motcua/motcua/internal/core/civil"
	"github.com/motcua/motcua/internal/core/dossier"
	"github.com/motcua/motcua/internal/core/fault"
	"github.com/motcua/motcua/internal/core/procedure"
	"github.com/motcua/motcua/internal/core/process"
	"github.com/motcua/motcua/internal/store/storetest"
)

// drawn makes a process of work steps and gateways; ways are written "from>to",
// "from>to!" for the default and "from>to?condition".
func drawn(steps []process.Step, ways ...string) process.Template {
	t := process.Template{Name: "Quy trình thử", Steps: append([]process.Step{{ID: "start", Kind: process.KindStart}, {ID: "end", Kind: process.KindEnd}}, steps...)}
	for i, way := range ways {
		f := process.Flow{ID: "way-" + string(rune('a'+i))}
		f.From, f.To, _ = strings.Cut(way, ">")
		f.To, f.When, _ = strings.Cut(f.To, "?")
		f.To, f.Default = strings.TrimSuffix(f.To, "!"), strings.HasSuffix(f.To, "!")
		t.Flows = append(t.Flows, f)
	}
	return t
}

func work(id, name string, k process.Kind, unit string, role access.Role, share int) process.Step {
	return process.Step{ID: id, Name: name, Kind: k, Unit: unit, Role: string(role), Share: share}
}

// consulting is a process in which the agency asks units for their opinions, all
// at once, before it approves.
func consulting(units ...string) process.Template {
	steps := []process.Step{
		work("receive", "Tiếp nhận", process.KindReceive, process.UnitCentre, access.Reception, 60),
		work("handle", "Thẩm định", process.KindHandle, process.UnitAgency, access.Handler, 300),
		{ID: "split", Kind: process.KindParallel}, {ID: "join", Kind: process.KindParallel},
		work("approve", "Phê duyệt", process.KindApprove, process.UnitAgency, access.Leader, 120),
		work("issue", "Ban hành", process.KindIssue, process.UnitAgency, access.Clerk, 60),
		work("hand-over", "Bàn giao", process.KindHandOver, process.UnitAgency, access.Clerk, 60),
		work("return", "Trả kết quả", process.KindReturn, process.UnitCentre, access.Reception, 0),
	}
	ways := []string{"start>receive", "receive>handle", "handle>split", "join>approve", "approve>issue", "issue>hand-over", "hand-over>return", "return>end"}
	for i, u := range units {
		id := "ask-" + string(rune('1'+i))
		steps = append(steps, work(id, "Cho ý kiến "+id, process.KindConsult, u, access.Handler, 450))
		ways = append(ways, "split>"+id, id+">join")
	}
	return drawn(steps, ways...)
}

// decided is a decision that approves something.
func decided() app.DecisionForm {
	return app.DecisionForm{No: "45/QĐ-UBND", On: civil.NewDate(2026, 11, 20), Signer: "Nguyễn Văn Thử", Title: "Chủ tịch", Basis: procedure.OwnBasis}
}

// publish draws, checks and publishes a process.
func publish(t *testing.T, w *apptest.World, k app.ProcessKey, template process.Template) app.PublishedProcess {
	t.Helper()
	control := person(t, w, w.Centre().Code, access.Control)
	page, err := w.ProcessPage(t.Context(), control, k)
	if err != nil {
		t.Fatal(err)
	}
	saved, err := w.SaveProcess(t.Context(), control, app.ProcessForm{ProcessKey: k, Revision: page.Saved, Template: template})
	if err != nil || len(saved.Problems) > 0 {
		t.Fatalf("SaveProcess = %+v, %v", saved, err)
	}
	check(t, w, k, saved.Revision)
	done, err := w.PublishProcess(t.Context(), control, app.PublishForm{Items: []app.PublishItem{{k, saved.Revision}}, Decision: decided()})
	if err != nil || len(done) != 1 {
		t.Fatalf("PublishProcess = %+v, %v", done, err)
	}
	return done[0]
}

// check lets one of the control unit submit a draft and another check it.
func check(t *testing.T, w *apptest.World, k app.ProcessKey, revision int) {
	t.Helper()
	control := w.People(w.Centre().Code, string(access.Control))
	in := app.ProcessAct{ProcessKey: k, Revision: revision, Note: "Đúng thẩm quyền"}
	if err := w.SubmitProcess(t.Context(), control[0], in); err != nil {
		t.Fatalf("SubmitProcess: %v", err)
	}
	if err := w.ReviewProcess(t.Context(), control[1], in); err != nil {
		t.Fatalf("ReviewProcess: %v", err)
	}
}

// others are two agencies of the province, besides the one given, that have
// handlers.
func others(t *testing.T, w *apptest.World, not string) (first, second string) {
	t.Helper()
	var found []string
	for _, u := range w.ConsultUnits(dossier.Dossier{Opening: dossier.Opening{Agency: not}}) {
		found = append(found, u.Code)
	}
	if len(found) < 2 {
		t.Fatal("fewer than two other agencies have handlers")
	}
	return found[0], found[1]
}

// commune is a commune with people.
func commune(t *testing.T, w *apptest.World) string {
	t.Helper()
	all, err := w.ReceivableBy()
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range all {
		if p.Unit != w.Centre().Code {
			return p.Unit
		}
	}
	t.Fatal("no commune receives anything")
	return ""
}

// theatre drives one dossier.
type theatre struct {
	t       *testing.T
	w       *apptest.World
	code    string
	version int64
}

func (s *theatre) act(who access.Actor, in dossier.Input, files ...string) dossier.Dossier {
	s.t.Helper()
	s.w.Clock.Add(5 * time.Minute)
	in.Version = s.version
	d, err := s.w.Act(s.t.Context(), who, app.ActInput{Code: s.code, Input: in, FileRefs: files})
	if err != nil {
		s.t.Fatalf("%s by %s: %v", in.Act, who.Name, err)
	}
	s.version = d.Version
	return d
}

func receive(t *testing.T, w *apptest.World, p app.Receivable) *theatre {
	t.Helper()
	got, err := w.ReceiveDossier(t.Context(), person(t, w, p.Unit, access.Reception), form(p))
	if err != nil {
		t.Fatalf("receive %s: %v", p.Code, err)
	}
	return &theatre{t: t, w: w, code: got.Code, version: got.Version}
}

// A published process with a parallel consult of two departments and a commune
// carries a dossier to its end: all take part at once, each with a task and a
// deadline of its own, and the one that was late is named as the cause.
func TestParallelConsult(t *testing.T) {
	storetest.EachURL(t, func(t *testing.T, url string) {
		w := apptest.At(t, url)
		parallelConsult(t, w)
		storetest.Verify(t, w.Store())
	})
}

func parallelConsult(t *testing.T, w *apptest.World) {
	ctx := t.Context()
	p := anyReceivable(t, w)
	control := person(t, w, w.Centre().Code, access.Control)
	view, err := w.ProcessPage(ctx, control, app.ProcessKey{Procedure: p.Code})
	if err != nil {
		t.Fatal(err)
	}
	agency := competent(t, w, p)
	first, second := others(t, w, agency)
	village := commune(t, w)
	k := app.ProcessKey{Procedure: p.Code}
	if done := publish(t, w, k, consulting(first, second, village)); done.Number != 1 || view.InForce != 0 {
		t.Fatalf("published %+v, before %d", done, view.InForce)
	}
	page, err := w.ProcedurePage(ctx, p.Code)
	if err != nil || len(page.Process) != 9 || page.Process[2].Name != "Cho ý kiến ask-1" || page.Process[2].UnitName == "" || page.Process[1].Minutes != 300 {
		t.Errorf("the procedure's page shows %+v, %v", page.Process, err)
	}

	counter, handler, leader, clerk := person(t, w, w.Centre().Code, access.Reception), person(t, w, agency, access.Handler), person(t, w, agency, access.Leader), person(t, w, agency, access.Clerk)
	s := receive(t, w, p)
	d := s.act(counter, dossier.Input{Act: dossier.Forward})
	if d.Process.Template != k.ID() || d.Process.Version != 1 {
		t.Fatalf("the dossier runs on %s@%d", d.Process.Template, d.Process.Version)
	}
	for _, unit := range []string{first, second, village} {
		if _, err := w.Dossier(ctx, person(t, w, unit, access.Handler), s.code); err != nil {
			t.Errorf("%s does not see the dossier from the beginning: %v", unit, err)
		}
	}
	s.act(handler, dossier.Input{Act: dossier.ReceiveHandover})
	d = s.act(handler, dossier.Input{Act: dossier.Propose, Outcome: dossier.OutcomeApprove})
	if len(d.Tasks) != 3 {
		t.Fatalf("open tasks: %+v", d.Tasks)
	}
	for _, task := range d.Tasks {
		if task.Kind != dossier.TaskConsult || task.DueAt.IsZero() || task.StartBy.IsZero() {
			t.Errorf("task of %s: %+v", task.UnitName, task)
		}
		who := person(t, w, task.Unit, access.Handler)
		box, err := w.Inbox(ctx, who, app.InboxQuery{Tab: app.TabPool})
		if err != nil || box.Counts[app.TabPool] != 1 || len(box.Rows) != 1 || box.Rows[0].Code != s.code || box.Rows[0].StepKind != dossier.TaskConsult {
			t.Errorf("inbox of %s: %+v, %v", task.UnitName, box, err)
		}
	}
	answer := func(unit string) dossier.Dossier {
		return s.act(person(t, w, unit, access.Handler), dossier.Input{Act: dossier.Answer, Outcome: dossier.OutcomeAgree, Reason: "Nhất trí"})
	}
	answer(first)
	answer(village)
	w.Clock.Set(time.Date(2026, 11, 26, 10, 0, 0, 0, civil.Zone)) // the second is three days late
	if d = answer(second); len(d.Tasks) != 1 || d.Tasks[0].Kind != dossier.TaskApprove {
		t.Fatalf("after the last opinion: %+v", d.Tasks)
	}
	s.act(leader, dossier.Input{Act: dossier.Approve})
	s.act(clerk, dossier.Input{Act: dossier.Number})
	s.act(leader, dossier.Input{Act: dossier.Sign})
	staged, err := w.Stage(ctx, clerk, "ket-qua.pdf", strings.NewReader(smallPDF))
	if err != nil {
		t.Fatal(err)
	}
	s.act(clerk, dossier.Input{Act: dossier.IssueResult}, staged.Hash)
	s.act(clerk, dossier.Input{Act: dossier.HandOver})
	s.act(counter, dossier.Input{Act: dossier.ReceiveHandover})
	d = s.act(counter, dossier.Input{Act: dossier.Return, Receiver: "Nguyễn Thị Thử Nghiệm", Checked: "Căn cước"})
	if d.Status != dossier.Returned || !d.Process.Finished {
		t.Fatalf("at the end: status %v, %+v", d.Status, d.Process)
	}
	checkBlame(t, w, s.code, second)
	checkTransfers(t, w, s.code, 3)
}

// checkBlame looks at who is named as late.
func checkBlame(t *testing.T, w *apptest.World, code, late string) {
	t.Helper()
	director := person(t, w, w.Centre().Code, access.Director)
	view, err := w.Dossier(t.Context(), director, code)
	if err != nil {
		t.Fatal(err)
	}
	for _, u := range view.Times {
		if (u.Over > 0) != (u.Unit == late) {
			t.Errorf("%s held %d of %d minutes and is %d over", u.UnitName, u.Held, u.Allowed, u.Over)
		}
	}
	today := civil.DateOf(w.Clock.Now())
	rolled, err := w.LatenessByUnit(t.Context(), director, app.LatenessQuery{From: today.AddDays(-7), To: today})
	if err != nil || rolled.Dossiers != 1 || len(rolled.Units) != 5 || rolled.Units[0].Unit != late || rolled.Units[0].Exceeded != 1 || rolled.Units[1].Over != 0 {
		t.Errorf("LatenessByUnit = %+v, %v", rolled, err)
	}
	if _, err := w.LatenessByUnit(t.Context(), director, app.LatenessQuery{From: today, To: today.AddDays(-1)}); !fault.Is(err, "process.period") {
		t.Errorf("a period that ends before it begins: %v", err)
	}
	if _, err := w.LatenessByUnit(t.Context(), person(t, w, late, access.Handler), app.LatenessQuery{From: today, To: today}); fault.KindOf(err) != fault.Forbidden {
		t.Errorf("a handler asks for lateness: %v", err)
	}
}

func checkTransfers(t *testing.T, w *apptest.World, code string, n int) {
	t.Helper()
	director := person(t, w, w.Centre().Code, access.Director)
	view, err := w.Dossier(t.Context(), director, code)
	if err != nil {
		t.Fatal(err)
	}
	var forms []string
	for _, slip := range view.Slips {
		if slip.Kind == "transfer" {
			forms = append(forms, slip.Form)
			if slip.To == "" {
				t.Errorf("%s goes to nobody", slip.Form)
			}
		}
	}
	if len(forms) != n {
		t.Fatalf("transfer slips: %v, want %d", forms, n)
	}
	for _, form := range append(slices.Clone(forms), "transfer") {
		if slip, err := w.Slip(t.Context(), director, code, form); err != nil || !strings.HasPrefix(string(slip.PDF), "%PDF") {
			t.Errorf("slip %s: %d bytes, %v", form, len(slip.PDF), err)
		}
	}
	for _, form := range []string{"transfer-0", "transfer-9", "transfer-x"} {
		if _, err := w.Slip(t.Context(), director, code, form); !fault.Is(err, "slip.not_available") {
			t.Errorf("slip %s: %v", form, err)
		}
	}
}

// competent is the agency that decides about a procedure of the centre.
func competent(t *testing.T, w *apptest.World, p app.Receivable) string {
	t.Helper()
	s := receive(t, w, p)
	view, err := w.Dossier(t.Context(), person(t, w, p.Unit, access.Reception), s.code)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Act(t.Context(), person(t, w, p.Unit, access.Reception), app.ActInput{Code: s.code, Input: dossier.Input{Act: dossier.Withdraw, Version: s.version, Reason: "Thử"}}); err != nil {
		t.Fatal(err)
	}
	return view.Agency
}
