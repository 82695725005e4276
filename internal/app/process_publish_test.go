package app_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/motcua/motcua/internal/app"
	"github.com/motcua/motcua/internal/app/apptest"
	"github.com/motcua/motcua/internal/core/access"
	"github.com/motcua/motcua/internal/core/civil"
	"github.com/motcua/motcua/internal/core/dossier"
	"github.com/motcua/motcua/internal/core/fault"
	"github.com/motcua/motcua/internal/core/process"
	"github.com/motcua/motcua/internal/store/storetest"
)

// plain is the plain process drawn by hand, with other steps put in its place.
func plain(change func([]process.Step, []string) ([]process.Step, []string)) process.Template {
	steps := []process.Step{
		work("receive", "Tiếp nhận", process.KindReceive, process.UnitCentre, access.Reception, 60),
		work("handle", "Thẩm định", process.KindHandle, process.UnitAgency, access.Handler, 300),
		work("approve", "Phê duyệt", process.KindApprove, process.UnitAgency, access.Leader, 120),
		work("issue", "Ban hành", process.KindIssue, process.UnitAgency, access.Clerk, 60),
		work("return", "Trả kết quả", process.KindReturn, process.UnitCentre, access.Reception, 0),
	}
	ways := []string{"start>receive", "receive>handle", "handle>approve", "approve>issue", "issue>return", "return>end"}
	if change != nil {
		steps, ways = change(steps, ways)
	}
	return drawn(steps, ways...)
}

// at finds the step of an id, to change it.
func at(steps []process.Step, id string) *process.Step {
	for i := range steps {
		if steps[i].ID == id {
			return &steps[i]
		}
	}
	return nil
}

// What is wrong with a draft is said at its place when it is saved, and keeps it
// from being checked; nothing of it is published.
func TestWrongProcessesAreNotPublished(t *testing.T) {
	w := apptest.SQLite(t)
	ctx := t.Context()
	p := anyReceivable(t, w)
	k := app.ProcessKey{Procedure: p.Code}
	control := person(t, w, w.Centre().Code, access.Control)
	type steps = []process.Step
	replace := func(ways []string, old string, by ...string) []string {
		var out []string
		for _, way := range ways {
			if way == old {
				out = append(out, by...)
			} else {
				out = append(out, way)
			}
		}
		return out
	}
	tests := []struct {
		name   string
		change func(steps, []string) (steps, []string)
		field  string
		key    string
	}{
		{"a guard with a typo", func(s steps, w []string) (steps, []string) {
			return append(s, process.Step{ID: "choose", Kind: process.KindBranch}), append(replace(w, "handle>approve", "handle>choose"), "choose>approve?payed", "choose>return!")
		}, "flows.", "process.guard.unknown_name"},
		{"a value that the fact never has", func(s steps, w []string) (steps, []string) {
			return append(s, process.Step{ID: "choose", Kind: process.KindBranch}), append(replace(w, "handle>approve", "handle>choose"), `choose>approve?channel == "fax"`, "choose>return!")
		}, "flows.", "process.guard.value"},
		{"a dead step", func(s steps, w []string) (steps, []string) {
			return append(s, work("lost", "Lạc", process.KindCheck, process.UnitAgency, access.Handler, 0)), append(w, "lost>approve")
		}, "steps.lost", "process.dead_step"},
		{"a join that starves", func(s steps, w []string) (steps, []string) {
			return append(s, process.Step{ID: "choose", Kind: process.KindBranch}, process.Step{ID: "join", Kind: process.KindParallel},
					work("ask", "Hỏi", process.KindCheck, process.UnitAgency, access.Handler, 0)),
				append(replace(w, "handle>approve", "handle>choose"), "choose>ask?late", "choose>join!", "ask>join", "join>approve")
		}, "steps.join", "process.join_starves"},
		{"a loop without end", func(s steps, w []string) (steps, []string) {
			return append(s, process.Step{ID: "choose", Kind: process.KindBranch}, work("again", "Lại", process.KindCheck, process.UnitAgency, access.Handler, 0), work("more", "Nữa", process.KindCheck, process.UnitAgency, access.Handler, 0)),
				append(replace(w, "handle>approve", "handle>choose"), "choose>approve!", "choose>again?late", "again>more", "more>again")
		}, "steps.again", "process.loop_without_end"},
		{"a role that nobody holds", func(s steps, w []string) (steps, []string) {
			at(s, "handle").Role = string(access.Inspector)
			return s, w
		}, "steps.handle", "process.role_nobody"},
		{"a unit that does not exist", func(s steps, w []string) (steps, []string) {
			at(s, "handle").Unit = "so-phep-thuat"
			return s, w
		}, "steps.handle", "process.unit_unknown"},
		{"a share above 100 %", func(s steps, w []string) (steps, []string) {
			at(s, "handle").Share = 1_000_000
			return s, w
		}, "steps.handle", "process.share_of_step"},
		{"a role that may not approve", func(s steps, w []string) (steps, []string) {
			at(s, "approve").Role = string(access.Handler)
			return s, w
		}, "steps.approve", "dossier.process_role"},
		{"a way around the approval", func(s steps, w []string) (steps, []string) {
			return append(s, process.Step{ID: "choose", Kind: process.KindBranch}), append(replace(w, "handle>approve", "handle>choose"), "choose>approve!", "choose>issue?paid")
		}, "steps.issue", "dossier.process_approve_first"},
	}
	revision := 0
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			saved, err := w.SaveProcess(ctx, control, app.ProcessForm{ProcessKey: k, Revision: revision, Template: plain(tt.change)})
			if err != nil {
				t.Fatal(err)
			}
			revision = saved.Revision
			err = w.ReviewProcess(ctx, control, app.ProcessAct{ProcessKey: k, Revision: revision})
			found := false
			for _, f := range fault.As(err).Each() {
				found = found || f.Key == tt.key && strings.HasPrefix(f.Field, tt.field)
			}
			if !found || len(saved.Problems) == 0 {
				t.Errorf("ReviewProcess = %v, want %s at %s; saved with %+v", err, tt.key, tt.field, saved.Problems)
			}
			_, err = w.PublishProcess(ctx, control, app.PublishForm{Items: []app.PublishItem{{k, revision}}, Decision: decided()})
			if !fault.Is(err, "process.not_reviewed") {
				t.Errorf("PublishProcess = %v", err)
			}
		})
	}
	page, err := w.ProcessPage(ctx, control, k)
	if err != nil || len(page.Versions) != 0 || page.Draft == nil || page.InForce != 0 {
		t.Errorf("afterwards: %d versions, draft %v, %v", len(page.Versions), page.Draft != nil, err)
	}
	if list, err := w.Decisions(ctx, control, ""); err != nil || len(list.Rows) != 0 {
		t.Errorf("decisions: %+v, %v", list, err)
	}
	storetest.Verify(t, w.Store())
}

func TestWhoMayDrawAndPublish(t *testing.T) {
	w := apptest.SQLite(t)
	ctx := t.Context()
	p := anyReceivable(t, w)
	k := app.ProcessKey{Procedure: p.Code}
	control, counter := person(t, w, w.Centre().Code, access.Control), person(t, w, w.Centre().Code, access.Reception)
	director := person(t, w, w.Centre().Code, access.Director)
	if _, err := w.ProcessPage(ctx, counter, k); fault.KindOf(err) != fault.Forbidden {
		t.Errorf("a counter officer reads processes: %v", err)
	}
	if _, err := w.ProcessPage(ctx, director, k); err != nil {
		t.Errorf("the director reads processes: %v", err)
	}
	for name, err := range map[string]error{
		"save":    failed(w.SaveProcess(ctx, counter, app.ProcessForm{ProcessKey: k, Template: plain(nil)})),
		"review":  w.ReviewProcess(ctx, counter, app.ProcessAct{ProcessKey: k}),
		"submit":  w.SubmitProcess(ctx, counter, app.ProcessAct{ProcessKey: k}),
		"drop":    w.DropProcess(ctx, counter, app.ProcessAct{ProcessKey: k}),
		"publish": failed(w.PublishProcess(ctx, counter, app.PublishForm{})),
		"end":     w.EndProcess(ctx, counter, app.EndForm{ProcessKey: k}),
		"migrate": failed(w.MigrateProcess(ctx, counter, app.MigrateForm{ProcessKey: k})),
		"decide":  failed(w.ProposePublication(ctx, counter, app.PublicationForm{})),
		"draw":    failed(w.DrawProcess(ctx, counter, app.ProcessAct{ProcessKey: k}, strings.NewReader(""))),
		"import":  failed(w.ImportProcess(ctx, counter, app.ProcessAct{ProcessKey: k}, strings.NewReader(""))),
	} {
		if fault.KindOf(err) != fault.Forbidden {
			t.Errorf("%s by a counter officer: %v", name, err)
		}
	}
	if _, err := w.ProcessPage(ctx, control, app.ProcessKey{Procedure: "9.999999"}); fault.KindOf(err) != fault.NotFound {
		t.Errorf("a procedure that does not exist: %v", err)
	}
	if _, err := w.ProcessPage(ctx, control, app.ProcessKey{Procedure: p.Code, Case: "c99"}); fault.KindOf(err) != fault.NotFound {
		t.Errorf("a case that does not exist: %v", err)
	}
	saved, err := w.SaveProcess(ctx, control, app.ProcessForm{ProcessKey: k, Template: plain(nil)})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.SaveProcess(ctx, control, app.ProcessForm{ProcessKey: k, Template: plain(nil)}); !fault.Is(err, "process.changed_meanwhile") {
		t.Errorf("a save that has not seen the first: %v", err)
	}
	check(t, w, k, saved.Revision)
	missing := app.PublishForm{Items: []app.PublishItem{{k, saved.Revision}}}
	var fields []string
	_, err = w.PublishProcess(ctx, control, missing)
	for _, f := range fault.As(err).Each() {
		fields = append(fields, f.Field)
	}
	if strings.Join(fields, " ") != "decision.no decision.signer decision.on" {
		t.Errorf("without a decision: %v", err)
	}
	again, err := w.SaveProcess(ctx, control, app.ProcessForm{ProcessKey: k, Revision: saved.Revision, Template: plain(nil)})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.PublishProcess(ctx, control, app.PublishForm{Items: []app.PublishItem{{k, again.Revision}}, Decision: decided()}); !fault.Is(err, "process.not_reviewed") {
		t.Errorf("changed after the check: %v", err)
	}
	act := app.ProcessAct{ProcessKey: k, Revision: again.Revision}
	other := w.People(w.Centre().Code, string(access.Control))[1]
	if err := w.ReviewProcess(ctx, other, act); !fault.Is(err, "process.not_submitted") {
		t.Errorf("checked before it was submitted: %v", err)
	}
	if err := w.SubmitProcess(ctx, other, act); err != nil {
		t.Fatal(err)
	}
	for _, who := range []access.Actor{control, other} {
		if err := w.ReviewProcess(ctx, who, act); !fault.Is(err, "process.own_review") {
			t.Errorf("checked by who drew or submitted it: %v", err)
		}
	}
	list, err := w.Processes(ctx, control, app.ProcessQuery{Q: p.Code, Only: "submitted"})
	if err != nil || list.Submitted != 1 || len(list.Rows) != 1 || len(list.Plain) != 0 {
		t.Errorf("the list of what waits for its check: %+v, %v", list, err)
	}
	if err := w.DropProcess(ctx, control, app.ProcessAct{ProcessKey: k, Revision: again.Revision}); err != nil {
		t.Fatal(err)
	}
	if err := w.ReviewProcess(ctx, control, app.ProcessAct{ProcessKey: k, Revision: again.Revision}); !fault.Is(err, "process.no_draft") {
		t.Errorf("a draft that was dropped: %v", err)
	}
	storetest.Verify(t, w.Store())
}

func failed[T any](_ T, err error) error { return err }

// Running dossiers keep their version when the next is published, and go over to
// it only by a migration, which reports each of them.
func TestVersionsAndMigration(t *testing.T) {
	storetest.EachURL(t, func(t *testing.T, url string) {
		w := apptest.At(t, url)
		versionsAndMigration(t, w)
		storetest.Verify(t, w.Store())
	})
}

func versionsAndMigration(t *testing.T, w *apptest.World) {
	ctx := t.Context()
	p := anyReceivable(t, w)
	k := app.ProcessKey{Procedure: p.Code}
	control, counter := person(t, w, w.Centre().Code, access.Control), person(t, w, w.Centre().Code, access.Reception)
	onPlain := receive(t, w, p)
	publish(t, w, k, plain(nil))
	atReceive, atHandle := receive(t, w, p), receive(t, w, p)
	d := atHandle.act(counter, dossier.Input{Act: dossier.Forward})
	handler := person(t, w, d.Agency, access.Handler)
	atHandle.act(handler, dossier.Input{Act: dossier.ReceiveHandover})
	atHandle.act(handler, dossier.Input{Act: dossier.Claim})
	second := publish(t, w, k, plain(func(s []process.Step, w []string) ([]process.Step, []string) {
		at(s, "handle").ID = "examine"
		return s, strings.Split(strings.ReplaceAll(strings.Join(w, " "), "handle", "examine"), " ")
	}))
	if second.Number != 2 {
		t.Fatalf("the second version has number %d", second.Number)
	}
	onSecond := receive(t, w, p)
	refs := func() map[string]string {
		out := map[string]string{}
		for name, s := range map[string]*theatre{"plain": onPlain, "receive": atReceive, "handle": atHandle, "second": onSecond} {
			view, err := w.Dossier(ctx, counter, s.code)
			if err != nil {
				t.Fatal(err)
			}
			s.version = view.Version
			out[name] = view.Process.Template
			if view.Process.Template == k.ID() {
				out[name] = "v" + string(rune('0'+view.Process.Version))
			}
		}
		return out
	}
	if got := refs(); !strings.HasPrefix(got["plain"], "linear-") || got["receive"] != "v1" || got["handle"] != "v1" || got["second"] != "v2" {
		t.Fatalf("before: %v", got)
	}
	page, err := w.ProcessPage(ctx, control, k)
	if err != nil || page.InForce != 2 || page.Standing[0] != 1 || page.Standing[1] != 2 || page.Standing[2] != 1 {
		t.Errorf("the page counts %v, %v", page.Standing, err)
	}

	// The step that somebody stands in has gone: that dossier stays, with the reason.
	report, err := w.MigrateProcess(ctx, control, app.MigrateForm{ProcessKey: k, To: 2, DryRun: true})
	if err != nil || len(report.Moved) != 2 || report.Already != 1 || len(report.Refused) != 1 || report.Refused[0].Code != atHandle.code || report.Refused[0].Why.Key != "process.migrate_gone" {
		t.Errorf("dry run: %+v, %v", report, err)
	}
	if got := refs(); got["receive"] != "v1" {
		t.Errorf("the dry run moved something: %v", got)
	}
	if _, err := w.MigrateProcess(ctx, control, app.MigrateForm{ProcessKey: k, To: 2}); !fault.Is(err, "dossier.reason_missing") {
		t.Errorf("without a reason: %v", err)
	}
	if _, err := w.MigrateProcess(ctx, control, app.MigrateForm{ProcessKey: k, To: 9, DryRun: true}); !fault.Is(err, "process.version_unknown") {
		t.Errorf("to a version that does not exist: %v", err)
	}
	if _, err := w.MigrateProcess(ctx, control, app.MigrateForm{ProcessKey: k, To: 2, DryRun: true, Names: map[string]string{"handle": "nowhere"}}); !fault.Is(err, "process.step_gone") {
		t.Errorf("to a step that does not exist: %v", err)
	}
	report, err = w.MigrateProcess(ctx, control, app.MigrateForm{ActionID: "m-1", ProcessKey: k, To: 2, Propose: true, Reason: "Thống nhất quy trình mới"})
	if err != nil || len(report.Moved) != 3 || len(report.Refused) != 0 {
		t.Fatalf("migration: %+v, %v", report, err)
	}
	if got := refs(); got["plain"] != "v2" || got["receive"] != "v2" || got["handle"] != "v2" {
		t.Errorf("after: %v", got)
	}
	view, err := w.Dossier(ctx, handler, atHandle.code)
	if err != nil || view.Tasks[0].Step != "examine" || view.Tasks[0].Holder != handler.ID || view.Timeline[len(view.Timeline)-1].Event != "dossier.process_migrated" || view.Timeline[len(view.Timeline)-1].Reason == "" {
		t.Errorf("the moved dossier: %+v, %v", view.Tasks, err)
	}
	atHandle.act(handler, dossier.Input{Act: dossier.Propose, Outcome: dossier.OutcomeApprove})
	atHandle.act(person(t, w, d.Agency, access.Leader), dossier.Input{Act: dossier.Approve})

	if err := w.EndProcess(ctx, control, app.EndForm{ProcessKey: k, Decision: decided()}); err != nil {
		t.Fatal(err)
	}
	if s := receive(t, w, p); s != nil {
		view, err := w.Dossier(ctx, counter, s.code)
		if err != nil || !strings.HasPrefix(view.Process.Template, "linear-") {
			t.Errorf("after the end a new dossier runs on %q, %v", view.Process.Template, err)
		}
	}
	decision, err := w.Decisions(ctx, control, "")
	if err != nil || len(decision.Rows) != 1 || len(decision.Rows[0].Annex) != 3 || decision.Rows[0].Annex[0].Effect != "opened" || decision.Rows[0].Annex[1].Effect != "changed" || decision.Rows[0].Annex[2].Effect != "closed" {
		t.Errorf("the decision says %+v, %v", decision.Rows, err)
	}
}

// A version for a later day leaves today's dossiers alone.
func TestPublishedForALaterDay(t *testing.T) {
	w := apptest.SQLite(t)
	ctx := t.Context()
	p := anyReceivable(t, w)
	k := app.ProcessKey{Procedure: p.Code}
	control, counter := person(t, w, w.Centre().Code, access.Control), person(t, w, w.Centre().Code, access.Reception)
	saved, err := w.SaveProcess(ctx, control, app.ProcessForm{ProcessKey: k, Template: plain(nil)})
	if err != nil {
		t.Fatal(err)
	}
	check(t, w, k, saved.Revision)
	today := civil.DateOf(w.Clock.Now())
	f := app.PublishForm{Items: []app.PublishItem{{k, saved.Revision}}, Decision: decided(), ValidFrom: today.AddDays(-1)}
	if _, err := w.PublishProcess(ctx, control, f); !fault.Is(err, "process.valid_past") {
		t.Errorf("in force from yesterday: %v", err)
	}
	f.ValidFrom = today.AddDays(1)
	if _, err := w.PublishProcess(ctx, control, f); err != nil {
		t.Fatal(err)
	}
	if _, err := w.MigrateProcess(ctx, control, app.MigrateForm{ProcessKey: k, To: 1, DryRun: true}); !fault.Is(err, "process.not_yet") {
		t.Errorf("migration before the day: %v", err)
	}
	templates := []string{}
	for range 2 {
		view, err := w.Dossier(ctx, counter, receive(t, w, p).code)
		if err != nil {
			t.Fatal(err)
		}
		templates = append(templates, view.Process.Template)
		w.Clock.Set(w.Clock.Now().AddDate(0, 0, 1))
	}
	if !strings.HasPrefix(templates[0], "linear-") || templates[1] != k.ID() {
		t.Errorf("today and tomorrow: %v", templates)
	}
	storetest.Verify(t, w.Store())
}

// A drawing goes out and comes back the same; foreign elements, bombs and
// broken files are refused and nothing is kept.
func TestBPMNInAndOut(t *testing.T) {
	w := apptest.SQLite(t)
	ctx := t.Context()
	p := anyReceivable(t, w)
	k := app.ProcessKey{Procedure: p.Code}
	control := person(t, w, w.Centre().Code, access.Control)
	name, file, err := w.ExportProcess(ctx, control, k, 0)
	if err != nil || name != k.ID()+".bpmn" || !bytes.Contains(file, []byte("bpmn:userTask")) {
		t.Fatalf("ExportProcess = %s, %d bytes, %v", name, len(file), err)
	}
	got, err := w.ImportProcess(ctx, control, app.ProcessAct{ProcessKey: k}, bytes.NewReader(file))
	if err != nil || len(got.Refused) > 0 || len(got.Problems) > 0 {
		t.Fatalf("ImportProcess = %+v, %v", got, err)
	}
	_, again, err := w.ExportProcess(ctx, control, k, 0)
	if err != nil || !bytes.Equal(file, again) {
		t.Errorf("exported again it differs: %v\n%s", err, again)
	}
	for name, bad := range map[string]string{
		"bomb":    `<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><x>&b;</x>`,
		"no XML":  `quy trình`,
		"no BPMN": `<html/>`,
	} {
		if _, err := w.ImportProcess(ctx, control, app.ProcessAct{ProcessKey: k, Revision: got.Revision}, strings.NewReader(bad)); fault.KindOf(err) != fault.Invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
	foreign := strings.Replace(string(file), "<bpmn:endEvent", `<bpmn:scriptTask id="script" name="Chạy mã"/><bpmn:endEvent`, 1)
	refused, err := w.ImportProcess(ctx, control, app.ProcessAct{ProcessKey: k, Revision: got.Revision}, strings.NewReader(foreign))
	if err != nil || len(refused.Refused) == 0 || refused.Refused[0].Element != "scriptTask" || refused.Refused[0].Line == 0 || refused.Revision != 0 {
		t.Errorf("a script task: %+v, %v", refused, err)
	}
	page, err := w.ProcessPage(ctx, control, k)
	if err != nil || page.Saved != got.Revision {
		t.Errorf("something was kept: revision %d, %v", page.Saved, err)
	}
	storetest.Verify(t, w.Store())
}
