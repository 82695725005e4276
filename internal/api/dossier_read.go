package api

import (
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/motcua/motcua/internal/app"
	"github.com/motcua/motcua/internal/core/civil"
	"github.com/motcua/motcua/internal/core/dossier"
)

// Dossier is a dossier as its reader may see it: numbers of persons are masked.
type Dossier struct {
	Code    string `json:"code"`
	Ref     string `json:"ref,omitempty"`
	Version int64  `json:"version"`
	Status
	StatusAt      *time.Time   `json:"statusAt"`
	Procedure     ProcedureRef `json:"procedure"`
	Channel       string       `json:"channel"`
	ReturnChannel string       `json:"returnChannel"`
	Unit          string       `json:"unit"`
	UnitName      string       `json:"unitName"`
	Agency        string       `json:"agency"`
	AgencyName    string       `json:"agencyName"`
	Owner         *Person      `json:"owner,omitempty"`
	Submitter     *Person      `json:"submitter,omitempty"`
	Subject       string       `json:"subject,omitempty"`
	Sets          int          `json:"sets"`
	Papers        []Paper      `json:"papers"`
	Promise
	FirstDueOn  *civil.Date  `json:"firstDueOn" nullable:"true" format:"date"`
	FinishedAt  *time.Time   `json:"finishedAt" nullable:"true"`
	Fee         Fee          `json:"fee"`
	Supplements []Supplement `json:"supplements"`
	Tasks       []Task       `json:"tasks"`
	Result      *Result      `json:"result,omitempty"`
	Returned    *Returned    `json:"returned,omitempty"`
	Late        *LateEntry   `json:"late,omitempty"`
	Acts        []Offer      `json:"acts"`
	ReceiptURL  string       `json:"receiptUrl,omitempty"`
}

// ProcedureRef is the procedure version that a dossier keeps.
type ProcedureRef struct {
	Code     string `json:"code"`
	Version  int    `json:"version"`
	Name     string `json:"name"`
	Field    string `json:"field"`
	Case     string `json:"case,omitempty"`
	CaseName string `json:"caseName,omitempty"`
}

// Paper is one paper of a dossier; its name is the id that the procedure gives.
type Paper struct {
	Name      string `json:"name"`
	Title     string `json:"title"`
	Originals int    `json:"originals"`
	Certified int    `json:"certified"`
	Copies    int    `json:"copies"`
	Note      string `json:"note,omitempty"`
	Files     []File `json:"files"`
}

// Supplement is one request for papers.
type Supplement struct {
	AtReception bool       `json:"atReception"`
	Items       []string   `json:"items"`
	AskedAt     *time.Time `json:"askedAt"`
	SuppliedAt  *time.Time `json:"suppliedAt" nullable:"true"`
}

// Task is an open task; without a holder it lies in the pool of role and unit.
type Task struct {
	ID     string     `json:"id"`
	Kind   string     `json:"kind"`
	Name   string     `json:"name"`
	Unit   string     `json:"unit"`
	Role   string     `json:"role"`
	Holder string     `json:"holder,omitempty"`
	DueAt  *time.Time `json:"dueAt" nullable:"true"`
}

// Result is the outcome document.
type Result struct {
	Title      string     `json:"title"`
	Refusal    bool       `json:"refusal,omitempty"`
	Number     string     `json:"number,omitempty"`
	ApprovedAt *time.Time `json:"approvedAt,omitempty"`
	SignedAt   *time.Time `json:"signedAt,omitempty"`
	IssuedAt   *time.Time `json:"issuedAt,omitempty"`
	Files      []File     `json:"files"`
}

// Returned is how the result reached the applicant.
type Returned struct {
	At      *time.Time `json:"at"`
	Channel string     `json:"channel"`
	Proxy   bool       `json:"proxy"`
}

// LateEntry marks a dossier that was entered after its reception on paper.
type LateEntry struct {
	Slip        string     `json:"slip"`
	ConfirmedAt *time.Time `json:"confirmedAt" nullable:"true"`
}

// Offer is an act that the caller can do now, and what it must carry.
type Offer struct {
	Act   string   `json:"act"`
	Label string   `json:"label"`
	Task  string   `json:"task,omitempty"`
	Needs []string `json:"needs"`
}

func (s *server) dossiers() {
	register(s, s.operation("listDossiers", http.MethodGet, "/dossiers", "dossiers"), s.list)
	register(s, s.operation("getDossier", http.MethodGet, "/dossiers/{code}", "dossiers"), s.get)
	register(s, s.operation("getTimeline", http.MethodGet, "/dossiers/{code}/timeline", "dossiers"), s.timeline)
	register(s, s.operation("getDeadline", http.MethodGet, "/dossiers/{code}/deadline", "dossiers"), s.deadline)
}

type codeIn struct {
	Code string `path:"code" maxLength:"60"`
}

func (s *server) get(ctx context.Context, in *codeIn) (*answer[Dossier], error) {
	v, err := s.app.Dossier(ctx, actor(ctx), in.Code)
	if err != nil {
		return nil, s.fail(ctx, err)
	}
	return &answer[Dossier]{s.dossier(ctx, v)}, nil
}

func (s *server) dossier(ctx context.Context, v app.DossierView) Dossier {
	d := v.Dossier
	out := Dossier{
		Code: d.Name(), Version: d.Version, Status: s.status(ctx, d.Status), StatusAt: instant(d.StatusAt), Procedure: ProcedureRef(d.Procedure),
		Channel: string(d.Channel), ReturnChannel: string(d.ReturnChannel), Unit: d.Unit, UnitName: d.UnitName, Agency: d.Agency, AgencyName: d.AgencyName,
		Subject: v.Subject, Sets: d.Sets, Papers: papersOf(v), Promise: s.promise(ctx, d), FirstDueOn: day(d.Deadline.FirstDueOn),
		FinishedAt: instantOf(d.FinishedAt), Fee: feeOf(d.Fee), Supplements: []Supplement{}, Tasks: []Task{}, Acts: s.offers(ctx, v),
	}
	if d.Ref != "" && d.Ref != out.Code {
		out.Ref = d.Ref
	}
	if v.Owner.Name != "" { // erased at the end of retention otherwise
		out.Owner = personOf(&v.Owner)
	}
	out.Submitter = personOf(v.Submitter)
	for _, x := range d.Supplements {
		out.Supplements = append(out.Supplements, Supplement{x.AtReception, append([]string{}, x.Items...), instant(x.AskedAt), instantOf(x.SuppliedAt)})
	}
	for _, t := range d.Tasks {
		out.Tasks = append(out.Tasks, Task{ID: t.ID, Kind: string(t.Kind), Name: t.Name, Unit: t.Unit, Role: string(t.Role), Holder: t.HolderName, DueAt: instant(t.DueAt)})
	}
	if r := d.Result; r != nil {
		out.Result = &Result{r.Title, r.Refusal, r.Number, instantOf(r.ApprovedAt), instantOf(r.SignedAt), instantOf(r.IssuedAt), filesOf(r.Files)}
	}
	if r := d.Returned; r != nil {
		out.Returned = &Returned{instant(r.At), string(r.Channel), r.Proxy}
	}
	if l := d.Late; l != nil {
		out.Late = &LateEntry{l.Slip, instantOf(l.ConfirmedAt)}
	}
	if d.Received() {
		out.ReceiptURL = receiptURL(d)
	}
	return out
}

func personOf(f *app.PartyForm) *Person {
	if f == nil {
		return nil
	}
	p := Person(*f)
	return &p
}

func papersOf(v app.DossierView) []Paper {
	out := make([]Paper, len(v.Papers))
	for i, p := range v.Papers {
		out[i] = Paper{p.ID, p.Name, p.Originals, p.Certified, p.Copies, v.Notes[p.ID], filesOf(p.Files)}
	}
	return out
}

func (s *server) offers(ctx context.Context, v app.DossierView) []Offer {
	out := []Offer{}
	if v.CanAccept {
		out = append(out, s.offer(ctx, dossier.Accept, "", 0))
	}
	for _, o := range v.Offers {
		out = append(out, s.offer(ctx, o.Act, o.TaskID, o.Needs))
	}
	return out
}

func (s *server) offer(ctx context.Context, act dossier.Act, task string, need dossier.Need) Offer {
	o := Offer{Act: string(act), Label: s.words.T(languageIn(ctx), act.Key(), nil), Task: task, Needs: []string{}}
	for _, n := range []struct {
		need  dossier.Need
		field string
	}{{dossier.NeedReason, "reason"}, {dossier.NeedGround, "legalGround"}, {dossier.NeedDocument, "document"}} {
		if need&n.need != 0 {
			o.Needs = append(o.Needs, n.field)
		}
	}
	return o
}

// DossierItem is one dossier of a list. It names no person.
type DossierItem struct {
	Code    string `json:"code"`
	Version int64  `json:"version"`
	Status
	Procedure     string      `json:"procedure"`
	ProcedureName string      `json:"procedureName"`
	Channel       string      `json:"channel"`
	UnitName      string      `json:"unitName"`
	AgencyName    string      `json:"agencyName"`
	ReceivedAt    *time.Time  `json:"receivedAt" nullable:"true"`
	DueOn         *civil.Date `json:"dueOn" nullable:"true" format:"date"`
	DueAt         *time.Time  `json:"dueAt" nullable:"true"`
}

type listIn struct {
	Unit      string `query:"unit" maxLength:"60"`
	Status    int    `query:"status" minimum:"1" maximum:"10"`
	DueBefore string `query:"dueBefore"`
	Procedure string `query:"procedure" maxLength:"60"`
	Cursor    string `query:"cursor" maxLength:"200"`
	Limit     int    `query:"limit" minimum:"1" maximum:"200"`
}

func (s *server) list(ctx context.Context, in *listIn) (*answer[List[DossierItem]], error) {
	before, err := date("dueBefore", in.DueBefore)
	if err != nil {
		return nil, s.fail(ctx, err)
	}
	page, err := s.app.ListDossiers(ctx, actor(ctx), app.ListInput{
		Unit: in.Unit, Status: dossier.Status(in.Status), DueBefore: before, Procedure: in.Procedure, Cursor: in.Cursor, Limit: in.Limit,
	})
	if err != nil {
		return nil, s.fail(ctx, err)
	}
	var items []DossierItem
	for _, r := range page.Items {
		items = append(items, DossierItem{
			Code: r.Code, Version: r.Version, Status: s.status(ctx, r.Status), Procedure: r.ProcedureCode, ProcedureName: r.Procedure,
			Channel: string(r.Channel), UnitName: r.Unit, AgencyName: r.Agency,
			ReceivedAt: instant(r.ReceivedAt), DueOn: day(r.Due.DueOn), DueAt: instant(r.Due.DueAt),
		})
	}
	return &answer[List[DossierItem]]{list(items, page.NextCursor)}, nil
}

// TimelineItem is one recorded event.
type TimelineItem struct {
	Version     int64      `json:"version"`
	Type        string     `json:"type"`
	Act         string     `json:"act,omitempty"`
	Label       string     `json:"label"`
	Status      int        `json:"status,omitempty"`
	StatusLabel string     `json:"statusLabel,omitempty"`
	At          *time.Time `json:"at"`
	RecordedAt  *time.Time `json:"recordedAt"`
	Actor       string     `json:"actor"`
	Unit        string     `json:"unit,omitempty"`
	Reason      string     `json:"reason,omitempty"`
	Ground      string     `json:"ground,omitempty"`
	Document    string     `json:"document,omitempty"`
	Hash        string     `json:"hash"`
}

func (s *server) timeline(ctx context.Context, in *codeIn) (*answer[List[TimelineItem]], error) {
	all, err := s.app.Timeline(ctx, actor(ctx), in.Code)
	if err != nil {
		return nil, s.fail(ctx, err)
	}
	lang := languageIn(ctx)
	var items []TimelineItem
	for _, e := range all {
		item := TimelineItem{
			Version: e.Version, Type: e.Event, Act: string(e.Act), At: instant(e.At), RecordedAt: instant(e.Recorded),
			Actor: e.Actor, Unit: e.Unit, Reason: e.Reason, Ground: e.Ground, Document: e.Document, Hash: e.Hash,
		}
		if e.Act != "" {
			item.Label = s.words.T(lang, e.Act.Key(), nil)
		}
		if e.Status != 0 {
			item.Status, item.StatusLabel = int(e.Status), s.words.T(lang, e.Status.Key(), nil)
		}
		items = append(items, item)
	}
	return &answer[List[TimelineItem]]{list(items, "")}, nil
}

// Deadline is a promise with everything that it follows from.
type Deadline struct {
	ReceivedAt  *time.Time  `json:"receivedAt"`
	ArrivedAt   *time.Time  `json:"arrivedAt,omitempty"`
	StartAt     *time.Time  `json:"startAt" nullable:"true"`
	Limit       string      `json:"limit"`
	Rules       string      `json:"rules"`
	Policy      string      `json:"policy"`
	DueOn       *civil.Date `json:"dueOn" nullable:"true" format:"date"`
	DueAt       *time.Time  `json:"dueAt" nullable:"true"`
	FirstDueOn  *civil.Date `json:"firstDueOn" nullable:"true" format:"date"`
	Provisional bool        `json:"provisional"`
	Waits       string      `json:"waits,omitempty"`
	Reason      string      `json:"reason,omitempty"`
	Stops       []Stop      `json:"stops"`
	Segments    []Segment   `json:"segments"`
	Explanation string      `json:"explanation"`
}

// Stop is an interval in which the clock stood still.
type Stop struct {
	FromAt   *time.Time `json:"fromAt"`
	ToAt     *time.Time `json:"toAt" nullable:"true"`
	Kind     string     `json:"kind"`
	Ground   string     `json:"ground,omitempty"`
	Document string     `json:"document,omitempty"`
}

// Segment is one run of the clock with its days.
type Segment struct {
	StartAt   *time.Time   `json:"startAt"`
	Restarted bool         `json:"restarted"`
	Used      int          `json:"used,omitempty"`
	Counted   []civil.Date `json:"counted"`
	Skipped   []Skipped    `json:"skipped"`
	DueOn     *civil.Date  `json:"dueOn" format:"date"`
	DueAt     *time.Time   `json:"dueAt"`
}

// Skipped is a day that was not counted, and why.
type Skipped struct {
	Date   civil.Date `json:"date" format:"date"`
	Reason string     `json:"reason"`
}

func (s *server) deadline(ctx context.Context, in *codeIn) (*answer[Deadline], error) {
	v, err := s.app.ExplainDeadline(ctx, actor(ctx), in.Code)
	if err != nil {
		return nil, s.fail(ctx, err)
	}
	lang, got := languageIn(ctx), v.Derivation
	out := Deadline{
		ReceivedAt: instant(got.ReceivedAt), ArrivedAt: instant(got.ArrivedAt), StartAt: instant(got.StartAt), Limit: s.words.Line(lang, v.Limit.Line()),
		Rules: v.Rules, Policy: string(v.Policy), DueOn: day(v.DueOn), DueAt: instant(v.DueAt), FirstDueOn: day(v.FirstDueOn), Provisional: v.Provisional,
		Waits: string(got.Waits), Stops: []Stop{}, Segments: []Segment{}, Explanation: strings.Join(s.words.Lines(lang, v.Lines), "\n"),
	}
	if line, ok := got.WaitLine(); ok {
		out.Reason = s.words.Line(lang, line)
	}
	for _, x := range v.Stops {
		out.Stops = append(out.Stops, Stop{instant(x.FromAt), instant(x.ToAt), string(x.Kind), x.Ground, x.Document})
	}
	for _, g := range got.Segments {
		seg := Segment{
			StartAt: instant(g.StartAt), Restarted: g.Restarted, Used: g.Used, Counted: append([]civil.Date{}, g.Counted...), Skipped: []Skipped{},
			DueOn: day(g.DueOn), DueAt: instant(g.DueAt),
		}
		for _, off := range g.Skipped {
			seg.Skipped = append(seg.Skipped, Skipped{off.Date, s.words.Line(lang, off.Line())})
		}
		out.Segments = append(out.Segments, seg)
	}
	return &answer[Deadline]{out}, nil
}
