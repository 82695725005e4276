package web

import (
	"github.com/motcua/motcua/internal/app"
	"net/http"
	"slices"
	"strconv"

	"github.com/motcua/motcua/internal/core/access"
	"github.com/motcua/motcua/internal/core/dossier"
	"github.com/motcua/motcua/internal/core/fault"
)

// actView is one act that the officer can do now: a button, a folded form, or
// a link to a page of its own.
type actView struct {
	ID      string
	Key     string
	Icon    string
	Path    string
	Action  string
	Task    string // id of the open task that the act works on
	Step    string // its name, where the same act is offered for several
	Version int64
	Back    string
	HintKey string
	Primary bool
	Danger  bool
	Direct  bool // nothing to fill in
	Link    bool
	Open    bool
	Files   bool
	Fields  []actField
}

// actField is one field of an act's form. Kind says how it is drawn.
type actField struct {
	Kind    string // input, select, radios, files, check, checks or papers
	Control control
	Staged  []stagedRef
	Papers  []paperRow
	chosen  []string
}

// Chosen reports whether an option of a group of checkboxes was chosen.
func (f actField) Chosen(value string) bool { return slices.Contains(f.chosen, value) }

// actLook is how an act looks and what it asks for; what it demands is checked
// by the core alone.
type actLook struct {
	icon   string
	danger bool
	fields []string
}

// looks names the fields of each act's form. An act that is not here has no
// button: it has a page of its own (receive, register, guide, accept).
var looks = map[dossier.Act]actLook{
	dossier.RefuseReception:   {"file-x", true, []string{"reason", "legalGround"}},
	dossier.Forward:           {"send", false, nil},
	dossier.ReceiveHandover:   {"package-check", false, nil},
	dossier.Assign:            {"user-plus", false, []string{"staff", "reason"}},
	dossier.Claim:             {"hand", false, nil},
	dossier.Release:           {"undo", false, []string{"reason"}},
	dossier.VerifyRecord:      {"clipboard-list", false, []string{"heldAt", "verified.where", "verified.participants", "verified.content", "files"}},
	dossier.Consult:           {"messages-square", false, []string{"units", "question", "answerBy", "stopClock", "legalGround"}},
	dossier.Answer:            {"messages-square", false, []string{"opinion", "reason", "attachments"}},
	dossier.Propose:           {"send", false, []string{"outcome", "note"}},
	dossier.SendBack:          {"undo", false, []string{"reason"}},
	dossier.Approve:           {"check", false, []string{"title", "note"}},
	dossier.Number:            {"hash", false, nil},
	dossier.Sign:              {"pen-line", false, nil},
	dossier.Stamp:             {"stamp", false, nil},
	dossier.IssueResult:       {"file-check", false, []string{"files"}},
	dossier.HandOver:          {"send", false, nil},
	dossier.Return:            {"file-check", false, []string{"receiver", "checked", "proxy", "document"}},
	dossier.TakeBack:          {"undo", true, []string{"reason"}},
	dossier.RequestSupplement: {"file-question", false, []string{"items", "otherItems", "reason", "leader", "legalGround"}},
	dossier.Supply:            {"file-plus", false, []string{"papers", "suppliedAt"}},
	dossier.LapseSupplement:   {"play", false, []string{"reason"}},
	dossier.Refuse:            {"file-x", true, []string{"reason", "legalGround", "title"}},
	dossier.Withdraw:          {"undo", true, []string{"reason", "document"}},
	dossier.Stop:              {"ban", true, []string{"reason", "legalGround", "document"}},
	dossier.Resume:            {"play", false, []string{"reason", "document", "legalGround"}},
	dossier.Oblige:            {"banknote", false, []string{"reason", "amount", "document", "legalGround"}},
	dossier.Fulfil:            {"banknote", false, []string{"document"}},
	dossier.Apologise:         {"calendar-clock", false, []string{"newDay", "reason", "document"}},
	dossier.CollectFee:        {"banknote", false, []string{"receipt", "method"}},
	dossier.ExemptFee:         {"banknote", false, []string{"legalGround", "document"}},
	dossier.Correct:           {"file-pen", false, nil},
	dossier.ReceiveLate:       {"check", false, nil},
	dossier.AttachPaper:       {"paperclip", false, []string{"paper", "files"}},
	dossier.Undo:              {"undo", false, []string{"reason"}},
	dossier.Repair:            {"wrench", true, []string{"repairTask", "step", "reason"}},
	dossier.ConfirmRepair:     {"wrench", false, []string{"reason"}},
	dossier.DeclineRepair:     {"circle-x", false, []string{"reason"}},
}

// leading lists the acts that carry a dossier on, in the order in which the
// first one offered becomes the page's main button.
var leading = [...]dossier.Act{
	dossier.ConfirmRepair, dossier.ReceiveHandover, dossier.Claim, dossier.Answer, dossier.Forward, dossier.Propose, dossier.Approve, dossier.Number, dossier.Sign, dossier.Stamp,
	dossier.IssueResult, dossier.HandOver, dossier.Return, dossier.Supply, dossier.Fulfil, dossier.Resume, dossier.ReceiveLate,
}

// leadingOf is the act of the offers that carries the dossier on.
func leadingOf(offers []dossier.Offer) dossier.Act {
	for _, act := range leading {
		for _, o := range offers {
			if o.Act == act {
				return act
			}
		}
	}
	return ""
}

// actViews draws the offers. A failed form keeps its values and stands open.
func (s *Server) actViews(v app.DossierView, failed failedAct, back string) []actView {
	first := leadingOf(v.Offers)
	var out []actView
	seen := map[dossier.Act]bool{}
	for _, o := range v.Offers {
		if _, ok := looks[o.Act]; !ok {
			continue
		}
		f := newForm(s.newAction())
		again := o.Act == failed.act && (failed.task == "" || failed.task == o.TaskID)
		if again {
			f = failed.form
		}
		a := s.actViewOf(v, o.Act, f, actID(o, seen[o.Act]))
		a.Task, a.Version, a.Back, a.Primary = o.TaskID, v.Version, back, o.Act == first && !seen[o.Act]
		a.Open = again || a.Primary && failed.act == ""
		if several(v.Offers, o.Act) {
			a.Step = taskName(v, o.TaskID)
		}
		seen[o.Act] = true
		out = append(out, a)
	}
	slices.SortStableFunc(out, func(a, b actView) int { return a.rank() - b.rank() })
	return out
}

// actID is the id of an act's form; the second form of the same act adds its task.
func actID(o dossier.Offer, again bool) string {
	if again {
		return fieldID(string(o.Act) + "-" + o.TaskID)
	}
	return string(o.Act)
}

// several reports whether an act is offered for more than one open task.
func several(offers []dossier.Offer, act dossier.Act) bool {
	n := 0
	for _, o := range offers {
		if o.Act == act {
			n++
		}
	}
	return n > 1
}

func taskName(v app.DossierView, id string) string {
	t, _ := v.TaskByID(id)
	return t.Name
}

// rank puts the main act first and what ends a dossier last.
func (a actView) rank() int {
	switch {
	case a.Primary:
		return 0
	case a.Danger:
		return 2
	}
	return 1
}

func (s *Server) actViewOf(v app.DossierView, act dossier.Act, f form, id string) actView {
	look := looks[act]
	switch r := v.Result; { // what a document of our own needs is different
	case act == dossier.Sign && r != nil && r.Documented() && len(v.Blocks) > 0:
		look.fields = []string{"block"}
	case act == dossier.IssueResult && r != nil && r.Signed != nil:
		look.fields = nil
	}
	a := actView{
		ID: "act-" + id, Key: act.Key(), Icon: look.icon, Danger: look.danger, Action: f.Action,
		Path: dossierPath(v.Name(), string(act)), Direct: len(look.fields) == 0, Link: act == dossier.Correct,
	}
	if act == dossier.CollectFee || act == dossier.ExemptFee {
		a.HintKey = "desk.fee.owed"
	}
	needs := neededBy(v, act)
	for _, name := range look.fields {
		field := s.fieldOf(v, name, f, needs)
		field.Control = field.Control.Under(id)
		for i := range field.Papers {
			field.Papers[i].RowID = id + "-" + field.Papers[i].RowID
		}
		a.Files = a.Files || field.Kind == "files"
		a.Fields = append(a.Fields, field)
	}
	return a
}

// neededBy reads from the law's table which fields an act must carry.
func neededBy(v app.DossierView, act dossier.Act) map[string]bool {
	for _, o := range v.Offers {
		if o.Act == act {
			return map[string]bool{
				"reason": o.Needs&dossier.NeedReason != 0, "legalGround": o.Needs&dossier.NeedGround != 0,
				"document": o.Needs&dossier.NeedDocument != 0,
			}
		}
	}
	return map[string]bool{}
}

// deskAct carries out one act that a form of the dossier page sent.
func (s *Server) deskAct(w http.ResponseWriter, r *http.Request, who access.Actor) {
	code, act := r.PathValue("code"), dossier.Act(r.PathValue("act"))
	if _, ok := looks[act]; !ok {
		s.deskFail(w, r, who, fault.New(fault.NotFound, "desk.page_unknown", nil))
		return
	}
	f, staging, err := s.readForm(r, who)
	if err != nil {
		s.deskFail(w, r, who, err)
		return
	}
	f.Faults = append(f.Faults, staging...)
	v, err := s.app.Dossier(r.Context(), who, code)
	if err != nil {
		s.deskFail(w, r, who, err)
		return
	}
	version, _ := strconv.ParseInt(f.Get("phien-ban"), 10, 64)
	failed := failedAct{act: act, task: f.Get("viec"), form: f, seen: version}
	if resumed(r) {
		s.showDossier(w, r, who, http.StatusOK, v, failed)
		return
	}
	in, faults := actInput(v, act, f)
	failed.form.Faults = append(failed.form.Faults, faults...)
	if len(failed.form.Faults) > 0 {
		s.showDossier(w, r, who, http.StatusUnprocessableEntity, v, failed)
		return
	}
	in.ActionID, in.Code, in.Version, in.FileRefs = f.Action, code, version, stagedHashes(stagedIn(f, "files"))
	d, err := s.app.Act(r.Context(), who, in)
	if err != nil {
		s.actFailed(w, r, who, v, failed, err)
		return
	}
	back := localPath(f.Get("ve"))
	if back == "" {
		back = dossierPath(d.Name())
	}
	http.Redirect(w, r, withQuery(back, "xong", string(act), "ho-so", d.Name()), http.StatusSeeOther)
}

// actFailed shows the dossier again with the failed form: 422 with messages, or
// 409 with what changed meanwhile.
func (s *Server) actFailed(w http.ResponseWriter, r *http.Request, who access.Actor, v app.DossierView, failed failedAct, err error) {
	kind := fault.KindOf(err)
	if kind != fault.Invalid && kind != fault.Conflict && kind != fault.Forbidden {
		s.deskFail(w, r, who, err)
		return
	}
	if fresh, readErr := s.app.Dossier(r.Context(), who, v.Name()); readErr == nil {
		v = fresh
	}
	failed.conflict = fault.Is(err, "dossier.changed_meanwhile")
	failed.form = failed.form.with(err)
	s.showDossier(w, r, who, httpStatus(kind), v, failed)
}
