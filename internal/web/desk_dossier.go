package web

import (
	"github.com/motcua/motcua/internal/app"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/motcua/motcua/internal/core/access"
	"github.com/motcua/motcua/internal/core/civil"
	"github.com/motcua/motcua/internal/core/dossier"
	"github.com/motcua/motcua/internal/core/fault"
	"github.com/motcua/motcua/internal/core/ruleset"
)

// dossierBody is the page of one dossier, /nghiep-vu/ho-so/{code}.
type dossierBody struct {
	V            app.DossierView
	Pill         duePill
	Errors       []summary
	Conflict     bool
	News         []step // what happened since the form was opened
	Versions     []changedFact
	Kept         []fact // what was typed into a form that is no longer there
	Live         string // where the page is told that it has changed
	Steps        []step
	Person       []fact
	OwnerKindKey string
	ChannelKey   string
	ReturnKey    string
	FeeKey       string
	Purpose      control
	UnmaskBad    bool
	UnmaskPath   string
	Papers       []paperLine
	Supplements  []supplementLine
	Limit        civil.Line
	Moved        bool
	Stops        []stopLine
	ResultFiles  []fileLink
	Control      []controlLine
	Slips        []slipLine
	PapersPath   string // papers viewer; empty without files
	Parts        *partsBody
	Messages     []messageLine
	Task         *dossier.Task
	AcceptPath   string
	DraftPath    string
	Acts         []actView
}

// step is one line of the timeline (tiến trình).
type step struct {
	Tone       string // done, now, stop or todo
	Key        string // message key; empty = Text
	Text       string
	When       bool
	At         time.Time
	Who        string
	New        bool
	Correction bool // a repair or a corrected slip, not the ordinary way
	Full       bool // with reason, ground and document
	Reason     string
	Ground     string
	Document   string
	LateRecord bool
	Recorded   time.Time
}

type paperLine struct {
	dossier.Paper
	Note  string
	Links []fileLink
}

type fileLink struct {
	Name string
	Path string
	Size int64
	hash string
}

type supplementLine struct {
	dossier.Supplement
	Key      string
	Open     bool
	Supplied time.Time
}

type stopLine struct {
	civil.Stop
	Key string
}

type controlLine struct {
	dossier.ControlRow
	Verdict *duePill
}

type slipLine struct {
	app.SlipRow
	Key     string
	Path    string
	Page    string // the same as a page of a browser; empty = there is none
	Primary bool
}

// dossierPath is the page of a dossier or one of its parts.
func dossierPath(code string, parts ...string) string {
	p := "/nghiep-vu/ho-so/" + url.PathEscape(code)
	for _, x := range parts {
		p += "/" + x
	}
	return p
}

// deskDossier shows one dossier.
func (s *Server) deskDossier(w http.ResponseWriter, r *http.Request, who access.Actor) {
	v, err := s.app.Dossier(r.Context(), who, r.PathValue("code"))
	if err != nil {
		s.deskFail(w, r, who, err)
		return
	}
	s.showDossier(w, r, who, http.StatusOK, v, failedAct{})
}

// deskUnmask shows one dossier with personal data in full. It is a reading, not
// an act: it answers at once, and the purpose is in the access log.
func (s *Server) deskUnmask(w http.ResponseWriter, r *http.Request, who access.Actor) {
	code := r.PathValue("code")
	f, _, err := s.readForm(r, who)
	if err != nil {
		s.deskFail(w, r, who, err)
		return
	}
	if !resumed(r) {
		v, err := s.app.Unmask(r.Context(), who, code, strings.TrimSpace(f.Get("purpose")))
		if err == nil {
			s.showDossier(w, r, who, http.StatusOK, v, failedAct{})
			return
		}
		f = f.with(err)
		if fault.KindOf(err) != fault.Invalid {
			s.deskFail(w, r, who, err)
			return
		}
	}
	v, err := s.app.Dossier(r.Context(), who, code)
	if err != nil {
		s.deskFail(w, r, who, err)
		return
	}
	s.showDossier(w, r, who, statusOf(f), v, failedAct{form: f, unmask: true})
}

// failedAct is a form of the dossier page that has to be shown again with what
// was typed into it.
type failedAct struct {
	act      dossier.Act
	task     string // id of the task, where one was named
	form     form
	seen     int64 // version that the form was opened with
	conflict bool
	unmask   bool
}

// prefix begins the ids of the controls of the failed act's form.
func (f failedAct) prefix(offers []dossier.Offer) string {
	first := true
	for _, o := range offers {
		if o.Act != f.act {
			continue
		}
		if f.task == "" || f.task == o.TaskID {
			return actID(o, !first)
		}
		first = false
	}
	return string(f.act)
}

func (s *Server) showDossier(w http.ResponseWriter, r *http.Request, who access.Actor, status int, v app.DossierView, failed failedAct) {
	now := s.now()
	b := dossierBody{
		V: v, Pill: pillOf(app.DueOf(v.Dossier), now), Conflict: failed.conflict, Steps: timeline(v, 0, failed.seenIf(), true),
		Person: personFacts(v.Owner), OwnerKindKey: "desk.kind." + v.OwnerKind, ChannelKey: channelKey(v.Channel),
		ReturnKey: "dossier.return." + string(v.ReturnChannel), FeeKey: feeKey(v.Fee), UnmaskPath: dossierPath(v.Name(), "xem-day-du"),
		UnmaskBad: failed.unmask, Limit: v.Deadline.Limit.Line(), Stops: stopLines(v), Papers: paperLines(v),
		Moved:       !v.Deadline.FirstDueAt.IsZero() && !v.Deadline.FirstDueAt.Equal(v.Deadline.DueAt),
		Supplements: supplementLines(v), Control: controlLines(v), Slips: slipLines(v.Name(), v.Slips),
	}
	if v.Open() {
		b.Live = withQuery(livePath, "ho-so", v.Name(), "phien-ban", strconv.FormatInt(v.Version, 10))
	}
	if len(v.Files()) > 0 {
		b.PapersPath = dossierPath(v.Name(), "giay-to")
	}
	b.Parts = partsOf(v, now)
	var err error
	if b.Messages, err = s.messageLines(r, who, v.Name()); err != nil {
		s.deskFail(w, r, who, err)
		return
	}
	f := failed.form
	if failed.unmask {
		b.Errors = f.Summary()
	} else if failed.act != "" {
		b.Errors = f.SummaryUnder(failed.prefix(v.Offers))
	}
	b.Purpose = f.Input("purpose", "desk.purpose", "required", "maxlength=300", "hint=desk.purpose_hint")
	if v.Result != nil {
		b.ResultFiles = fileLinks(v.Name(), v.Result.Files)
	}
	if task, ok := v.Current(); ok {
		b.Task = &task
	}
	if slices.ContainsFunc(v.Offers, func(o dossier.Offer) bool { return o.Act == dossier.Propose }) {
		b.DraftPath = dossierPath(v.Name(), "du-thao")
	}
	if v.CanAccept {
		b.AcceptPath = dossierPath(v.Name(), "tiep-nhan")
	}
	if failed.conflict {
		b.News = newsSince(v, failed.seen)
		before, err := s.app.DossierAt(r.Context(), who, v.Name(), failed.seen)
		if err != nil {
			s.deskFail(w, r, who, err)
			return
		}
		b.Versions, b.Kept = versionsOf(before, v.Dossier), s.keptText(v, failed)
	}
	b.Acts = s.actViews(v, failed, localPath(r.URL.Query().Get("ve")))
	s.deskPage(w, r, who, status, "desk/dossier", text{Key: "desk.dossier.heading", Args: fault.Args{"code": v.Name()}}, b)
}

func (f failedAct) seenIf() int64 {
	if f.conflict {
		return f.seen
	}
	return 0
}

// timeline turns events into lines: what happened, where the dossier stands,
// what comes next. With most > 0 only the last events are told.
func timeline(v app.DossierView, most int, seen int64, full bool) []step {
	entries := v.Timeline
	if most > 0 && len(entries) > most {
		entries = entries[len(entries)-most:]
	}
	var out []step
	for _, e := range entries {
		out = append(out, step{
			Tone: "done", Key: "desk.event." + strings.TrimPrefix(e.Event, "dossier."), When: true, At: e.At, Who: whoAt(e.Actor, e.Unit),
			New: seen > 0 && e.Version > seen, Correction: corrects(e.Act), Full: full, Reason: e.Reason, Ground: e.Ground, Document: e.Document,
			LateRecord: !e.Recorded.IsZero() && e.Recorded.Sub(e.At) > time.Minute, Recorded: e.Recorded,
		})
	}
	switch task, open := v.Current(); {
	case v.Status.Waiting() || v.Status == dossier.Stopped:
		out = append(out, step{Tone: "stop", Key: v.Status.Key(), When: true, At: v.StatusAt})
	case open:
		out = append(out, step{Tone: "now", Text: task.Name, When: true, At: task.OpenedAt, Who: whoAt(task.HolderName, task.UnitName)})
	}
	for _, name := range v.Ahead {
		out = append(out, step{Tone: "todo", Text: name})
	}
	return out
}

// corrects reports whether an act puts something right beside the ordinary way
// of a dossier.
func corrects(act dossier.Act) bool {
	switch act {
	case dossier.Repair, dossier.ConfirmRepair, dossier.DeclineRepair, dossier.Correct:
		return true
	}
	return false
}

func newsSince(v app.DossierView, seen int64) []step {
	var out []step
	for _, s := range timeline(v, 0, seen, false) {
		if s.New {
			out = append(out, s)
		}
	}
	return out
}

func whoAt(person, unit string) string {
	switch {
	case person == "":
		return unit
	case unit == "":
		return person
	}
	return person + " · " + unit
}

func personFacts(p app.PartyForm) []fact {
	var out []fact
	for _, f := range []fact{
		{"desk.personal_id", p.PersonalID}, {"desk.tax_code", p.TaxCode}, {"desk.born_on", p.BornOn},
		{"desk.phone", p.Phone}, {"desk.email", p.Email}, {"desk.address", p.Address},
	} {
		if f.Text != "" {
			out = append(out, f)
		}
	}
	return out
}

func feeKey(f dossier.Fee) string {
	switch {
	case f.Total == 0:
		return "desk.fee.none"
	case f.SettledAt == nil:
		return "desk.fee.owed"
	case f.Receipt == "":
		return "desk.fee.exempt"
	}
	return "desk.fee.collected"
}

func paperLines(v app.DossierView) []paperLine {
	out := make([]paperLine, 0, len(v.Papers))
	for _, p := range v.Papers {
		out = append(out, paperLine{Paper: p, Note: v.Notes[p.ID], Links: fileLinks(v.Name(), p.Files)})
	}
	return out
}

func fileLinks(code string, files []dossier.File) []fileLink {
	out := make([]fileLink, 0, len(files))
	for _, f := range files {
		q := url.Values{"ho-so": {code}}
		out = append(out, fileLink{Name: f.Name, Size: f.Size, hash: f.Hash, Path: "/nghiep-vu/tep/" + url.PathEscape(f.Hash) + "?" + q.Encode()})
	}
	return out
}

func supplementLines(v app.DossierView) []supplementLine {
	var out []supplementLine
	for _, s := range v.Supplements {
		l := supplementLine{Supplement: s, Key: "desk.supplement.examination", Open: s.SuppliedAt == nil}
		if s.AtReception {
			l.Key = "desk.supplement.reception"
		}
		if s.SuppliedAt != nil {
			l.Supplied = *s.SuppliedAt
		}
		l.Items = slices.Clone(s.Items)
		for i, item := range l.Items {
			l.Items[i] = paperName(v, item)
		}
		out = append(out, l)
	}
	return out
}

// paperName turns a paper's id into its name; other words stay as they are.
func paperName(v app.DossierView, item string) string {
	for _, p := range v.Papers {
		if p.ID == item {
			return p.Name
		}
	}
	return item
}

func stopLines(v app.DossierView) []stopLine {
	var out []stopLine
	for _, s := range v.Deadline.Stops {
		out = append(out, stopLine{Stop: s, Key: "desk.stop." + string(s.Kind)})
	}
	return out
}

func controlLines(v app.DossierView) []controlLine {
	var out []controlLine
	for _, row := range v.ControlSlip() {
		l := controlLine{ControlRow: row}
		if row.Judged {
			pill := verdictPill(row.Verdict)
			l.Verdict = &pill
		}
		out = append(out, l)
	}
	return out
}

func slipLines(code string, rows []app.SlipRow) []slipLine {
	out := make([]slipLine, 0, len(rows))
	for i, row := range rows {
		line := slipLine{
			SlipRow: row, Key: "desk.slip." + row.Kind, Primary: i == 0,
			Path: dossierPath(code, "phieu", url.PathEscape(row.Form)+".pdf"),
		}
		if row.Kind != ruleset.Result {
			line.Page = dossierPath(code, "phieu", url.PathEscape(row.Form)+".html")
		}
		out = append(out, line)
	}
	return out
}
