package app

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"github.com/motcua/motcua/internal/core/access"
	"github.com/motcua/motcua/internal/core/civil"
	"github.com/motcua/motcua/internal/core/dossier"
	"github.com/motcua/motcua/internal/core/fault"
	"github.com/motcua/motcua/internal/core/notice"
	"github.com/motcua/motcua/internal/core/ruleset"
	"github.com/motcua/motcua/internal/core/supervise"
	"github.com/motcua/motcua/internal/core/textfold"
	"github.com/motcua/motcua/internal/store"
)

// mostApologyReason is the longest reason of an apology, in characters.
const mostApologyReason = 4000

// draftClass names the sealed reason of a prepared apology to a dossier's key.
const draftClass = "draft"

// ApologyPage lists what an agency owes an apology for (xin lỗi và hẹn lại).
type ApologyPage struct {
	Agency    string
	Rows      []ApologyRow
	Next      string
	Unexcused int           // promises broken without an apology this month
	ByAgency  []AgencyCount // of those, for whoever sees all agencies; the most first
	CanSign   bool
}

// AgencyCount is a figure of one agency.
type AgencyCount struct {
	Name string
	N    int
}

// ApologyRow is one prepared apology.
type ApologyRow struct {
	Code      string
	Version   int64
	Procedure string
	Agency    string
	DueOn     civil.Date
	DueAt     time.Time
	By        civil.Date // last day on which notice and apology are in time
	NewDay    civil.Date // proposed
	Reason    string     // as the handler wrote it; empty while nobody has
	Author    string
	Broken    bool   // the promise is broken
	Late      bool   // the last day has passed
	Step      string // where the dossier stands
	Holder    string
}

// apologyAhead is how many days before the promise the list begins.
const apologyAhead = 14

// Apologies lists the dossiers of the actor's agency that are due soon or broken,
// for which an apology is prepared and not signed. Whoever sees the whole centre
// sees every agency's. The reading is logged.
func (a *App) Apologies(ctx context.Context, who access.Actor, cursor string) (ApologyPage, error) {
	agency, err := apologiesOf(who)
	if err != nil {
		return ApologyPage{}, err
	}
	page := ApologyPage{Agency: agency, CanSign: access.May(who, access.Apologise, agency)}
	after, err := store.ParseCursor(cursor)
	if err != nil {
		return page, err
	}
	now := a.clock()
	list, next, err := a.store.ToApologise(ctx, agency, civil.DateOf(now).AddDays(apologyAhead).At(0), after, pageSize)
	if err != nil {
		return page, err
	}
	page.Next = next.String()
	ids := make([]string, len(list))
	for i, d := range list {
		ids[i] = d.ID
	}
	watched, err := a.store.Warnings(ctx, ids)
	if err != nil {
		return page, err
	}
	if len(list) > 0 {
		if err := a.logRead(ctx, who, "list:apologies", "draft", "apologise"); err != nil {
			return page, err
		}
	}
	for _, d := range list {
		row, ok, err := a.apologyRow(ctx, d, watched[d.ID], now)
		if err != nil {
			return page, err
		}
		if ok {
			page.Rows = append(page.Rows, row)
		}
	}
	month := civil.NewDate(civil.DateOf(now).Year(), civil.DateOf(now).Month(), 1)
	counts, err := a.store.CountUnexcused(ctx, month.At(0), now.Add(time.Second))
	dir, today := a.directory.Load(), civil.DateOf(now)
	for unit, n := range counts {
		if agency != "" && unit != agency {
			continue
		}
		page.Unexcused += n
		if agency == "" {
			page.ByAgency = append(page.ByAgency, AgencyCount{dir.unitName(unit, today), n})
		}
	}
	slices.SortFunc(page.ByAgency, func(x, y AgencyCount) int { return cmp.Or(cmp.Compare(y.N, x.N), cmp.Compare(x.Name, y.Name)) })
	return page, err
}

// apologiesOf is the agency whose apologies an actor sees; empty for all.
func apologiesOf(who access.Actor) (string, error) {
	switch {
	case access.May(who, access.ReadStatistics):
		return "", nil
	case who.Unit != "" && (access.May(who, access.Apologise, who.Unit) || access.May(who, access.HandleDossier, who.Unit)):
		return who.Unit, nil
	}
	return "", denied()
}

// apologyRow shows one prepared apology; ok is false when none is prepared.
func (a *App) apologyRow(ctx context.Context, d dossier.Dossier, w supervise.Warning, now time.Time) (ApologyRow, bool, error) {
	if w.Draft == nil {
		return ApologyRow{}, false, nil
	}
	r := ApologyRow{
		Code: d.Code, Version: d.Version, Procedure: d.Procedure.Name, Agency: d.AgencyName, DueOn: d.Deadline.DueOn, DueAt: d.Deadline.DueAt,
		By: w.Draft.By, NewDay: w.Draft.NewDay, Author: w.Draft.Author, Broken: d.Overdue(now), Late: civil.DateOf(now).After(w.Draft.By),
	}
	if t, ok := d.Current(); ok {
		r.Step, r.Holder = t.Name, t.HolderName
	}
	if w.Draft.Reason == nil {
		return r, true, nil
	}
	text, err := a.store.Unseal(ctx, d.ID, draftClass, w.Draft.Reason)
	if err != nil && !fault.Is(err, "store.erased") {
		return r, false, err
	}
	r.Reason = string(text)
	return r, true, nil
}

// ApologyForm is an apology as it is drafted or signed.
type ApologyForm struct {
	ActionID string
	Code     string
	Version  int64 // of the dossier that the person saw
	NewDay   civil.Date
	Reason   string
	Document string    // number of the letter; signing only
	At       time.Time `json:"-"` // in a demo's story; zero = now
}

// DraftApology writes the reason and the new day that the agency proposes, for
// its head to sign. It may be written anew until it is signed.
func (a *App) DraftApology(ctx context.Context, who access.Actor, f ApologyForm) error {
	d, err := a.readable(ctx, who, f.Code)
	if err != nil {
		return err
	}
	if !access.May(who, access.HandleDossier, d.Agency) && !access.May(who, access.Apologise, d.Agency) {
		return denied()
	}
	if err := a.checkApology(d, f); err != nil {
		return err
	}
	root := store.WarningRoot(d.ID)
	w := store.Write{Actor: by(who), Action: f.ActionID, Body: f, Roots: []store.Root{store.DossierRoot(d.ID), root}, At: a.storyTime(f.At)}
	_, err = store.Do(ctx, a.store, w, func(v *store.View) (string, error) {
		now, ok := store.Load[dossier.Dossier](v, store.DossierRoot(d.ID))
		switch {
		case !ok:
			return "", unknownDossier(f.Code)
		case now.Deadline.Apology != nil:
			return "", fault.New(fault.Conflict, "dossier.apologised_already", fault.Args{"date": now.Deadline.Apology.DueOn.Show()})
		case !supervise.Climbs(now):
			return "", fault.New(fault.Conflict, "dossier.no_promise", nil)
		}
		draft, err := a.newDraft(v, who, now, root, f)
		if err != nil {
			return "", err
		}
		_, err = store.Record[supervise.Warning](v, root, supervise.WarningDrafted, 1, "", draft)
		return d.ID, err
	})
	return err
}

func (a *App) newDraft(v *store.View, who access.Actor, d dossier.Dossier, root store.Root, f ApologyForm) (supervise.Draft, error) {
	draft := supervise.Draft{NewDay: f.NewDay, Author: who.Name, At: v.Now(), Reason: v.Seal(d.ID, draftClass, []byte(textfold.Clean(f.Reason)))}
	if w, ok := store.Load[supervise.Warning](v, root); ok && w.Draft != nil {
		draft.By = w.Draft.By
		return draft, nil
	}
	rules, err := ruleset.On(civil.DateOf(d.At))
	if err != nil {
		return draft, err
	}
	cal, _ := a.directory.Load().calendar(d.Agency)
	draft.By, err = rules.Apology.By(cal, d.Deadline.DueOn)
	return draft, err
}

// checkApology refuses what could not be signed.
func (a *App) checkApology(d dossier.Dossier, f ApologyForm) error {
	var reason, day *fault.Fault
	switch n := len([]rune(f.Reason)); {
	case strings.TrimSpace(f.Reason) == "":
		reason = fault.Field("reason", "dossier.reason_missing", nil)
	case n > mostApologyReason:
		reason = fault.Field("reason", "dossier.too_long", fault.Args{"n": n, "most": mostApologyReason})
	}
	switch {
	case f.NewDay.IsZero():
		day = fault.Field("newDay", "dossier.new_day_missing", nil)
	case !f.NewDay.After(d.Deadline.DueOn):
		day = fault.Field("newDay", "dossier.new_day_early", fault.Args{"date": d.Deadline.DueOn.Show()})
	default:
		cal, _ := a.directory.Load().calendar(d.Agency)
		working, err := cal.IsWorking(f.NewDay)
		if unknown := fault.As(err); unknown != nil {
			day = fault.Field("newDay", "civil.year_unknown", unknown.Args)
		} else if !working {
			day = fault.Field("newDay", "dossier.day_off", fault.Args{"date": f.NewDay.Show()})
		}
	}
	return fault.Join(reason, day)
}

// SignApology signs the apology of the agency's head, which names the new day,
// once in the life of a dossier: a recorded act. The letter (Mẫu 04) can be
// printed from then on, the applicant is written to and the one-stop is told.
// Lateness stays measured against the promise before it.
func (a *App) SignApology(ctx context.Context, who access.Actor, f ApologyForm) (dossier.Dossier, error) {
	in := ActInput{ActionID: f.ActionID, Code: f.Code, At: f.At}
	in.Act, in.Version, in.DueOn, in.Reason, in.Document = dossier.Apologise, f.Version, f.NewDay, f.Reason, f.Document
	d, err := a.Act(ctx, who, in)
	if x := fault.As(err); x != nil && x.Field == "dueOn" {
		renamed := *x
		renamed.Field = "newDay" // as this form calls it
		return d, &renamed
	}
	return d, err
}

// tellReception tells the officer who took a dossier in that its agency has
// apologised: he changes the appointment with the applicant (NĐ 61/2018 art 19.9).
func tellReception(v *store.View, bell store.Root, d dossier.Dossier) error {
	apology := d.Deadline.Apology
	if apology == nil {
		return nil
	}
	return post(v, bell, notice.Notice{Topic: notice.ApologySigned, Code: d.Code, To: notice.To(d.Officer), Args: map[string]string{
		"from": d.Deadline.DueOn.Show(), "to": apology.DueOn.Show(),
	}})
}
