package web

import (
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/motcua/motcua/internal/app"
	"github.com/motcua/motcua/internal/core/civil"
	"github.com/motcua/motcua/internal/core/dossier"
	"github.com/motcua/motcua/internal/core/fault"
	"github.com/motcua/motcua/internal/core/fee"
	"github.com/motcua/motcua/internal/i18n"
)

// fieldOf draws one field by name.
func (s *Server) fieldOf(v app.DossierView, name string, f form, needs map[string]bool) actField {
	flags := []string{}
	if needs[name] {
		flags = append(flags, "required")
	}
	input := func(field, label string, more ...string) actField {
		return actField{Kind: "input", Control: f.Input(field, label, append(flags, more...)...)}
	}
	switch name {
	case "reason":
		return input("reason", "desk.reason", "rows=3", "maxlength=4000")
	case "note":
		return input("reason", "desk.note", "rows=3", "maxlength=4000", "hint=desk.note_hint")
	case "legalGround":
		return input("legalGround", "desk.ground", "maxlength=500", "hint=desk.ground_hint")
	case "document":
		return input("document", "desk.document", "maxlength=200", "hint=desk.document_hint")
	case "title":
		return input("title", "desk.result.title", "maxlength=500", "hint=desk.result.title_hint")
	case "block":
		var options []option
		for _, c := range v.Blocks {
			o := option{Value: c.Value(), Text: c.Text()}
			if c.ForName != "" {
				o.Text = s.words.T(i18n.Vietnamese, "result.page.block_for", fault.Args{"block": c.Text(), "name": c.ForName})
			}
			options = append(options, o)
		}
		return actField{Kind: "select", Control: f.Choose("block", "result.page.block", options)}
	case "receiver":
		if f.Get("receiver") == "" && len(f.Values) == 0 {
			f.Values = url.Values{"receiver": {v.Owner.Name}}
		}
		return input("receiver", "desk.receiver", "required", "maxlength=200")
	case "leader":
		return input("leader", "desk.leader_allows", "maxlength=200", "hint=desk.leader_hint")
	case "receipt":
		return input("receipt", "desk.fee.receipt_no", "required", "maxlength=50")
	case "otherItems":
		return input("otherItems", "desk.items.other", "rows=2", "maxlength=2000", "hint=desk.items.other_hint")
	case "suppliedAt":
		return input("suppliedAt", "desk.supplied_at_field", "type=datetime-local", "hint=desk.supplied_at_hint")
	case "papers":
		return actField{Kind: "papers", Papers: papersOf(v, f)}
	case "files":
		return actField{Kind: "files", Control: f.Input("files", "desk.files.choose", "required", "hint=desk.files.hint"), Staged: stagedIn(f, "files")}
	case "attachments":
		return actField{Kind: "files", Control: f.Input("files", "desk.files.choose", "hint=desk.files.hint"), Staged: stagedIn(f, "files")}
	case "proxy":
		return actField{Kind: "check", Control: f.Input("proxy", "desk.proxy")}
	case "stopClock":
		return actField{Kind: "check", Control: f.Input("stopClock", "desk.consult.stop")}
	case "question":
		return input("reason", "desk.consult.question", "rows=3", "maxlength=4000", "required")
	case "answerBy":
		return input("dueOn", "desk.consult.by", "type=date", "required")
	case "newDay":
		return input("dueOn", "desk.apology.day", "type=date", "required", "hint=desk.apology.day_hint")
	case "amount":
		return input("amount", "desk.obligation.amount", "inputmode=numeric", "maxlength=15", "hint=desk.obligation.hint")
	case "heldAt":
		return input("heldAt", "desk.record.when", "type=datetime-local", "hint=desk.record.when_hint")
	case "verified.where":
		return input("verified.where", "desk.record.where", "required", "maxlength=500")
	case "verified.participants":
		return input("verified.participants", "desk.record.who", "required", "rows=2", "maxlength=4000", "hint=desk.items.lines")
	case "verified.content":
		return input("verified.content", "desk.record.content", "required", "rows=4", "maxlength=20000")
	case "items":
		return actField{Kind: "checks", Control: f.Choose("items", "desk.items", paperOptions(v)), chosen: f.Values["items"]}
	}
	return s.choiceOf(v, name, f)
}

func (s *Server) choiceOf(v app.DossierView, name string, f form) actField {
	switch name {
	case "staff":
		return actField{Kind: "select", Control: f.Choose("staff", "desk.assignee", staffOptions(v), "required", "blank=desk.choose_one")}
	case "opinion":
		return actField{Kind: "radios", Control: f.Choose("outcome", "desk.opinion", []option{
			{Value: dossier.OutcomeAgree, Key: "desk.opinion.agree"}, {Value: dossier.OutcomeDisagree, Key: "desk.opinion.disagree"},
			{Value: dossier.OutcomeOther, Key: "desk.opinion.other"},
		})}
	case "units":
		return actField{Kind: "checks", Control: f.Choose("units", "desk.consult.units", unitOptions(s.app.ConsultUnits(v.Dossier))), chosen: f.Values["units"]}
	case "repairTask":
		return actField{Kind: "select", Control: f.Choose("repairTask", "repair.task", taskOptions(v), "blank=repair.task_all")}
	case "step":
		return actField{Kind: "select", Control: f.Choose("step", "desk.repair.step", stepOptions(s.app.RepairSteps(v.Dossier)), "required", "blank=desk.choose_one")}
	case "outcome":
		return actField{Kind: "radios", Control: f.Choose("outcome", "desk.outcome", []option{
			{Value: dossier.OutcomeApprove, Key: "desk.outcome.approve"}, {Value: dossier.OutcomeRefuse, Key: "desk.outcome.refuse"},
		})}
	case "checked":
		return actField{Kind: "select", Control: f.Choose("checked", "desk.checked", []option{
			{Value: "card", Key: "desk.checked.card"}, {Value: "vneid", Key: "desk.checked.vneid"},
			{Value: "passport", Key: "desk.checked.passport"}, {Value: "receipt", Key: "desk.checked.receipt"},
		}, "required", "blank=desk.choose_one")}
	case "method":
		return actField{Kind: "radios", Control: f.Choose("method", "desk.fee.method", methodOptions())}
	case "paper":
		return actField{Kind: "select", Control: f.Choose("paper", "desk.paper", paperOptions(v), "required", "blank=desk.choose_one")}
	}
	return actField{Kind: "input", Control: f.Input(name, "desk."+name)}
}

func methodOptions() []option {
	return []option{{Value: "cash", Key: "desk.fee.cash"}, {Value: "transfer", Key: "desk.fee.transfer"}}
}

func paperOptions(v app.DossierView) []option {
	var out []option
	for _, p := range v.Papers {
		out = append(out, option{Value: p.ID, Text: p.Name})
	}
	return out
}

func unitOptions(units []app.UnitChoice) []option {
	var out []option
	for _, u := range units {
		out = append(out, option{Value: u.Code, Text: u.Name})
	}
	return out
}

func stepOptions(steps []app.StepChoice) []option {
	var out []option
	for _, step := range steps {
		out = append(out, option{Value: step.ID, Text: step.Name})
	}
	return out
}

// taskOptions are the open tasks of which a repair can move one alone.
func taskOptions(v app.DossierView) []option {
	var out []option
	for _, t := range v.Tasks {
		if !t.Beside() {
			out = append(out, option{Value: t.ID, Text: t.Name + " – " + t.UnitName})
		}
	}
	return out
}

func staffOptions(v app.DossierView) []option {
	var out []option
	if len(v.Staff) > 1 {
		out = append(out, option{Value: app.ByLoad, Key: "inbox.by_load"})
	}
	for _, c := range v.Staff {
		out = append(out, option{Value: c.ID, Text: fmt.Sprintf("%s (%d)", c.Name, c.Open)})
	}
	return out
}

// actInput reads the fields of an act. It knows no rule; it only turns text
// into numbers, instants and lists, and says which text was none.
func actInput(v app.DossierView, act dossier.Act, f form) (app.ActInput, []*fault.Fault) {
	get := func(name string) string { return strings.TrimSpace(f.Get(name)) }
	in := app.ActInput{Input: dossier.Input{
		Act: act, Task: f.Get("viec"), Reason: get("reason"), LegalGround: get("legalGround"), Document: get("document"), Staff: get("staff"),
		Leader: get("leader"), Outcome: get("outcome"), Title: get("title"), Receipt: get("receipt"), Method: get("method"),
		Receiver: get("receiver"), Checked: get("checked"), Proxy: get("proxy") != "", Paper: get("paper"),
	}}
	var faults []*fault.Fault
	if act == dossier.Repair {
		in.Task = get("repairTask")
	}
	in.Step, in.Units, in.StopClock = get("step"), f.Values["units"], get("stopClock") != ""
	if act == dossier.VerifyRecord {
		in.Verified = &dossier.Verification{Where: get("verified.where"), Participants: lines(get("verified.participants")), Content: get("verified.content")}
	}
	if text := get("dueOn"); text != "" {
		on, err := civil.ParseDate(text)
		if err != nil {
			faults = append(faults, fault.Field("dueOn", "desk.date_form", nil))
		}
		in.DueOn = on
	}
	if text := strings.NewReplacer(".", "", " ", "").Replace(get("amount")); text != "" {
		n, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			faults = append(faults, fault.Field("amount", "desk.count_form", fault.Args{"text": get("amount")}))
		}
		in.Amount = fee.VND(n)
	}
	if act == dossier.Sign {
		in.For, in.Block, _ = strings.Cut(get("block"), "|")
	}
	if act == dossier.RequestSupplement {
		in.Items = append(slices.Clone(f.Values["items"]), lines(get("otherItems"))...)
	}
	for _, field := range []struct {
		name string
		to   *time.Time
	}{{"suppliedAt", &in.SuppliedAt}, {"heldAt", &in.HeldAt}} {
		if text := get(field.name); text != "" {
			at, err := parseLocal(text)
			if err != nil {
				faults = append(faults, fault.Field(field.name, "desk.time_form", nil))
			}
			*field.to = at
		}
	}
	if act == dossier.Supply {
		papers, bad := countedPapers(v, f)
		in.Papers, faults = papers, append(faults, bad...)
	}
	return in, faults
}

// countedPapers reads the counts of a form for the dossier's own papers, with
// the files that were chosen for them.
func countedPapers(v app.DossierView, f form) ([]app.PaperForm, []*fault.Fault) {
	var papers []app.PaperForm
	var faults []*fault.Fault
	for _, p := range v.Papers {
		if !f.Has("giay", p.ID) {
			continue
		}
		n, bad := readCounts(f, p.ID)
		if bad != nil {
			faults = append(faults, bad)
		}
		papers = append(papers, app.PaperForm{
			ID: p.ID, Originals: n[0], Certified: n[1], Copies: n[2], Files: stagedFiles(stagedIn(f, paperField(p.ID, "files"))),
		})
	}
	return papers, faults
}

func lines(text string) []string {
	var out []string
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line != "" {
			out = append(out, line)
		}
	}
	return out
}

// localTime is how a browser's datetime-local field writes an instant.
const localTime = "2006-01-02T15:04"

func parseLocal(text string) (time.Time, error) {
	return time.ParseInLocation(localTime, text, civil.Zone)
}
