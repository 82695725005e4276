package api

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/motcua/motcua/internal/app"
	"github.com/motcua/motcua/internal/core/civil"
	"github.com/motcua/motcua/internal/core/dossier"
	"github.com/motcua/motcua/internal/core/fault"
	"github.com/motcua/motcua/internal/core/procedure"
	"github.com/motcua/motcua/internal/httpkit"
)

// ProcedureItem is one procedure of a list.
type ProcedureItem struct {
	Code       string   `json:"code"`
	Name       string   `json:"name"`
	Field      string   `json:"field"`
	Agency     string   `json:"agency"`
	AgencyName string   `json:"agencyName"`
	Levels     []string `json:"levels"`
	Service    string   `json:"service,omitempty"`
	Ready      bool     `json:"ready"`
}

// Procedure is one procedure with what a reception needs.
type Procedure struct {
	ProcedureItem
	Version    int              `json:"version"`
	State      string           `json:"state"`
	ValidFrom  string           `json:"validFrom,omitempty"`
	ValidTo    string           `json:"validTo,omitempty"`
	Successor  string           `json:"successor,omitempty"`
	Decision   string           `json:"decision,omitempty"`
	OfCommune  bool             `json:"ofCommune"`
	Cases      []ProcedureCase  `json:"cases"`
	Papers     []ProcedurePaper `json:"papers"`
	Fees       []ProcedureFee   `json:"fees"`
	FeeState   string           `json:"feeState"`
	Applicants []string         `json:"applicants"`
	Results    []string         `json:"results"`
	Steps      []string         `json:"steps"`
	Conditions []string         `json:"conditions"`
	LegalBasis []string         `json:"legalBasis"`
	Missing    []string         `json:"missing"`
}

// ProcedureCase is one case with its papers and its limit by channel.
type ProcedureCase struct {
	ID       string   `json:"id"`
	Name     string   `json:"name,omitempty"`
	Papers   []string `json:"papers"`
	Required []string `json:"required"`
	Limits   []Limit  `json:"limits"`
}

// Limit is the limit of one channel, in words.
type Limit struct {
	Channel string `json:"channel"`
	Limit   string `json:"limit"`
}

// ProcedurePaper is one paper that a procedure names; dossiers name it by this
// name.
type ProcedurePaper struct {
	Name        string `json:"name"`
	Title       string `json:"title"`
	Originals   int    `json:"originals"`
	Copies      int    `json:"copies"`
	Group       string `json:"group,omitempty"`
	Alternative bool   `json:"alternative,omitempty"`
}

// ProcedureFee is one published fee. Those in another currency are shown and not
// collected.
type ProcedureFee struct {
	ID          string   `json:"id"`
	Kind        string   `json:"kind"`
	Amount      int64    `json:"amount"`
	Currency    string   `json:"currency,omitempty"`
	Foreign     int64    `json:"foreign,omitempty"`
	Note        string   `json:"note,omitempty"`
	Channels    []string `json:"channels"`
	Collectable bool     `json:"collectable"`
}

func (s *server) procedures() {
	register(s, open(s.operation("listProcedures", http.MethodGet, "/procedures", "procedures")), s.listProcedures)
	register(s, open(s.operation("getProcedure", http.MethodGet, "/procedures/{code}", "procedures")), s.getProcedure)
}

type proceduresIn struct {
	Q       string `query:"q" maxLength:"200"`
	Field   string `query:"field" maxLength:"300"`
	Agency  string `query:"agency" maxLength:"100"`
	Level   string `query:"level" maxLength:"20"`
	Service string `query:"service" enum:"full,partial,info"`
	Ready   bool   `query:"ready"`
	Cursor  string `query:"cursor" maxLength:"60"`
	Limit   int    `query:"limit" minimum:"1" maximum:"200"`
}

// listProcedures pages through what a search finds. The catalogue of a node does
// not change between two pages, but the order is that of the search, so the
// cursor is the last code.
func (s *server) listProcedures(ctx context.Context, in *proceduresIn) (*answer[List[ProcedureItem]], error) {
	most := in.Limit
	if most == 0 {
		most = 50
	}
	found, err := s.app.SearchProcedures(ctx, procedure.Query{
		Text: in.Q, Field: in.Field, Agency: in.Agency, Level: procedure.Level(in.Level), Service: procedure.Service(in.Service), Ready: in.Ready, Most: 1 << 20,
	})
	if err != nil {
		return nil, s.fail(ctx, err)
	}
	hits := found.Hits
	if in.Cursor != "" {
		i := slices.IndexFunc(hits, func(h procedure.Hit) bool { return h.Procedure.Code == in.Cursor })
		if i < 0 {
			return nil, s.fail(ctx, fault.Field("cursor", "store.cursor", nil))
		}
		hits = hits[i+1:]
	}
	next := ""
	if len(hits) > most {
		hits = hits[:most]
		next = hits[most-1].Procedure.Code
	}
	var items []ProcedureItem
	for _, h := range hits {
		items = append(items, listed(h.Procedure, h.Agency, s.app.AgencyName(h.Agency), h.Ready))
	}
	return &answer[List[ProcedureItem]]{list(items, next)}, nil
}

func listed(p *procedure.Procedure, agency, agencyName string, ready bool) ProcedureItem {
	out := ProcedureItem{
		Code: p.Code, Name: p.Name, Field: p.Field, Agency: agency, AgencyName: agencyName, Levels: []string{}, Service: string(p.Service), Ready: ready,
	}
	for _, l := range p.Levels {
		out.Levels = append(out.Levels, string(l))
	}
	return out
}

func (s *server) getProcedure(ctx context.Context, in *codeIn) (*answer[Procedure], error) {
	v, err := s.app.ProcedurePage(ctx, in.Code)
	if err != nil {
		return nil, s.fail(ctx, err)
	}
	p := v.Procedure
	key := p.AgencyOn(civil.DateOf(s.app.Now()).String())
	out := Procedure{
		ProcedureItem: listed(&p, key, v.AgencyName, len(v.Missing) == 0 && v.Status == procedure.InForce), Version: p.Number, State: string(v.Status),
		ValidFrom: p.ValidFrom, ValidTo: p.ValidTo, Successor: p.Successor, Decision: p.DecisionNo, OfCommune: v.OfCommune, FeeState: string(v.FeeState),
		Cases: s.cases(ctx, v.Cases), Papers: []ProcedurePaper{}, Fees: feesOf(p), Results: []string{}, Steps: []string{}, Missing: []string{},
		Applicants: texts(p.Applicants), Conditions: texts(p.Conditions), LegalBasis: texts(p.LegalBasis),
	}
	for _, x := range p.Papers {
		out.Papers = append(out.Papers, ProcedurePaper{x.ID, x.Name, x.Originals, x.Copies, x.Group, x.Alternative})
	}
	for _, r := range p.Results {
		out.Results = append(out.Results, r.Name)
	}
	for _, x := range p.Steps {
		out.Steps = append(out.Steps, x.Summary)
	}
	for _, m := range v.Missing {
		out.Missing = append(out.Missing, s.words.T(languageIn(ctx), m.Key, nil))
	}
	return &answer[Procedure]{out}, nil
}

func (s *server) cases(ctx context.Context, in []app.CaseView) []ProcedureCase {
	out := make([]ProcedureCase, len(in))
	for i, c := range in {
		one := ProcedureCase{ID: c.ID, Name: c.Name, Papers: []string{}, Required: texts(c.Required), Limits: []Limit{}}
		for _, p := range c.Papers {
			one.Papers = append(one.Papers, p.ID)
		}
		for _, l := range c.Limits {
			one.Limits = append(one.Limits, Limit{string(l.Channel), s.words.Line(languageIn(ctx), l.Limit)})
		}
		out[i] = one
	}
	return out
}

// feesOf lists the published fees with the channels that they apply to.
func feesOf(p procedure.Procedure) []ProcedureFee {
	out := []ProcedureFee{}
	for _, f := range p.Fees {
		one := ProcedureFee{
			ID: f.ID, Kind: string(f.Kind), Amount: f.AmountVND, Currency: f.Currency, Foreign: f.Foreign, Note: f.Note, Channels: []string{}, Collectable: f.Collectable(),
		}
		for _, way := range []procedure.Way{procedure.Direct, procedure.Online, procedure.Post} {
			if slices.ContainsFunc(p.FeesBy(way), func(x procedure.Fee) bool { return x.ID == f.ID }) {
				one.Channels = append(one.Channels, string(way))
			}
		}
		out = append(out, one)
	}
	return out
}

func texts(in []string) []string { return append([]string{}, in...) }

// Tracking is the question of public tracking.
type Tracking struct {
	Code   string `json:"code" maxLength:"60"`
	Secret string `json:"secret" maxLength:"60"`
}

// Tracked is what anybody with code and secret may know: nothing about a person.
type Tracked struct {
	Code string `json:"code"`
	Status
	Procedure   string        `json:"procedure"`
	Unit        string        `json:"unit"`
	Since       *time.Time    `json:"since"`
	Next        string        `json:"next,omitempty"`
	ReceivedAt  *time.Time    `json:"receivedAt" nullable:"true"`
	DueOn       *civil.Date   `json:"dueOn" nullable:"true" format:"date"`
	DueAt       *time.Time    `json:"dueAt" nullable:"true"`
	Provisional bool          `json:"provisional"`
	Waiting     bool          `json:"waiting"`
	Overdue     bool          `json:"overdue"`
	FeeTotal    int64         `json:"feeTotal"`
	FeeSettled  bool          `json:"feeSettled"`
	Wanted      []string      `json:"wanted"`
	Steps       []TrackedStep `json:"steps"`
	Explanation string        `json:"explanation"`
}

// TrackedStep is one finished step.
type TrackedStep struct {
	Step string     `json:"step"`
	Unit string     `json:"unit"`
	At   *time.Time `json:"at"`
}

func (s *server) tracking() {
	register(s, open(s.operation("track", http.MethodPost, "/track", "tracking")), s.trackDossier)
}

type trackIn struct {
	Repeatable
	Body Tracking
}

// trackDossier answers whoever knows code and secret, a bounded number of times:
// codes can be guessed, and secrets shall not be.
func (s *server) trackDossier(ctx context.Context, in *trackIn) (*answer[Tracked], error) {
	if wait, ok := s.track.Try(httpkit.Address(ctx)); !ok {
		p := s.refusal(ctx, http.StatusTooManyRequests, "api.too_many", fault.Args{"seconds": seconds(wait)})
		p.retryAfter = seconds(wait)
		return nil, p
	}
	v, err := s.app.Track(ctx, in.Body.Code, in.Body.Secret)
	if err != nil {
		return nil, s.fail(ctx, err)
	}
	lang := languageIn(ctx)
	out := Tracked{
		Code: v.Code, Status: s.status(ctx, v.Status), Procedure: v.Procedure, Unit: v.Unit, Since: instant(v.Since), Next: s.stepName(ctx, v.Next),
		ReceivedAt: instant(v.ReceivedAt), DueOn: day(v.DueOn), DueAt: instant(v.DueAt), Provisional: v.Provisional, Waiting: v.Waiting, Overdue: v.Overdue,
		FeeTotal: int64(v.FeeTotal), FeeSettled: v.FeeSettled, Wanted: []string{}, Steps: []TrackedStep{}, Explanation: strings.Join(s.words.Lines(lang, v.Why), "\n"),
	}
	for _, x := range v.Supplements {
		out.Wanted = append(out.Wanted, x.Items...)
	}
	for _, x := range v.Steps {
		out.Steps = append(out.Steps, TrackedStep{s.stepName(ctx, x.Kind), x.Unit, instant(x.At)})
	}
	return &answer[Tracked]{out}, nil
}

func (s *server) stepName(ctx context.Context, kind dossier.TaskKind) string {
	if kind == "" {
		return ""
	}
	return s.words.T(languageIn(ctx), kind.Key(), nil)
}

func seconds(d time.Duration) int { return int((d + time.Second - 1) / time.Second) }
