package app

import (
	"context"
	"slices"
	"sync"

	"github.com/motcua/motcua/internal/core/access"
	"github.com/motcua/motcua/internal/core/dossier"
	"github.com/motcua/motcua/internal/core/fault"
	"github.com/motcua/motcua/internal/core/result"
)

// SignActs are the acts that take a result from the proposal to its issue, each
// one of its own, in their order: approve, number, sign, seal, issue.
func SignActs() []dossier.Act {
	return []dossier.Act{dossier.Approve, dossier.Number, dossier.Sign, dossier.Stamp, dossier.IssueResult}
}

// SignPage is what waits at one act of the signing desk (bàn ký), the dossier in
// the greatest danger first, in batches of one procedure.
type SignPage struct {
	Act     dossier.Act
	Counts  map[dossier.Act]int // of all acts, counted from the same reading
	Batches []SignBatch
	Choices []SignChoice // how the actor may sign; only where he signs
	More    bool         // more than mostQueue stand in his unit: the most endangered are shown
}

// SignBatch are the dossiers of one procedure; it stands where its most
// endangered one does.
type SignBatch struct {
	Procedure string // code
	Name      string
	Rows      []SignRow
}

// SignRow is one dossier that waits at the signing desk.
type SignRow struct {
	DossierRow
	Proposer string // who put it before the leader
	Refuses  bool   // the proposal is to refuse
	Fee      dossier.Fee
	Number   string
	Drafted  bool   // the document can be read here
	Alone    string // message key: why it is not done in a batch; empty = it is
}

// mostQueue bounds what is looked at for one page of the signing desk.
const mostQueue = 600

// queued is a dossier with the acts of the signing desk that wait for the actor.
type queued struct {
	dossier.Dossier
	waits map[dossier.Act]string // act → why it is not done in a batch
}

// MaySignDesk reports whether somebody has work at the signing desk.
func MaySignDesk(who access.Actor) bool {
	return access.Anywhere(who, access.ApproveDossier) || access.Anywhere(who, access.SignResult) || access.Anywhere(who, access.IssueResult)
}

// signQueue reads what stands at the signing desk of the actor's unit.
func (a *App) signQueue(ctx context.Context, who access.Actor) (list []queued, more bool, err error) {
	all, err := a.store.ToSign(ctx, []string{who.Unit}, mostQueue+1)
	if err != nil {
		return nil, false, err
	}
	if more = len(all) > mostQueue; more {
		all = all[:mostQueue]
	}
	for _, d := range all {
		if waits := a.waitsAt(d, who); len(waits) > 0 {
			list = append(list, queued{d, waits})
		}
	}
	return list, more, nil
}

// waitsAt are the acts of the signing desk that the actor can do with a dossier
// now, each with the reason for which it is not one of a batch.
func (a *App) waitsAt(d dossier.Dossier, who access.Actor) map[dossier.Act]string {
	waits := map[dossier.Act]string{}
	for _, o := range a.offers(d, who) {
		switch {
		case o.Act == dossier.Refuse && d.Proposal != nil && d.Proposal.Outcome == dossier.OutcomeRefuse:
			waits[dossier.Approve] = "signing.alone.refusal" // the ground in law is written for each
		case o.Act == dossier.IssueResult && (d.Result == nil || d.Result.Signed == nil):
			if _, counter := d.OpenTask(dossier.TaskReceive); !counter {
				waits[o.Act] = "signing.alone.file" // its file comes with the issue
			}
		case slices.Contains(SignActs(), o.Act):
			waits[o.Act] = ""
		}
	}
	return waits
}

// SignDesk shows what waits for the actor at one act: an act that has nothing, or
// is none of the desk's, gives way to the first that has something. The reading of
// names is logged once for the page.
func (a *App) SignDesk(ctx context.Context, who access.Actor, act dossier.Act) (SignPage, error) {
	if !MaySignDesk(who) {
		return SignPage{}, denied()
	}
	list, more, err := a.signQueue(ctx, who)
	if err != nil {
		return SignPage{}, err
	}
	page := SignPage{Act: act, Counts: map[dossier.Act]int{}, More: more}
	for _, q := range list {
		for at := range q.waits {
			page.Counts[at]++
		}
	}
	if !slices.Contains(SignActs(), act) {
		page.Act = dossier.Approve
		for _, x := range SignActs() {
			if page.Counts[x] > 0 {
				page.Act = x
				break
			}
		}
	}
	list = slices.DeleteFunc(list, func(q queued) bool { _, waits := q.waits[page.Act]; return !waits })
	dossiers := make([]dossier.Dossier, len(list))
	for i, q := range list {
		dossiers[i] = q.Dossier
		if page.Act == dossier.Sign {
			page.Choices = a.moreChoices(page.Choices, q.Dossier, who)
		}
	}
	rows, err := a.rows(ctx, who, dossiers, "sign")
	if err != nil {
		return page, err
	}
	for i, q := range list {
		row := SignRow{DossierRow: rows[i], Fee: q.Fee, Drafted: drafted(q.Dossier), Alone: q.waits[page.Act]}
		if p := q.Proposal; p != nil {
			row.Proposer, row.Refuses = p.ByName, p.Outcome == dossier.OutcomeRefuse
		}
		if q.Result != nil {
			row.Number, row.Refuses = q.Result.Number, q.Result.Refusal
		}
		at := slices.IndexFunc(page.Batches, func(b SignBatch) bool { return b.Procedure == row.ProcedureCode })
		if at < 0 {
			page.Batches = append(page.Batches, SignBatch{Procedure: row.ProcedureCode, Name: row.Procedure})
			at = len(page.Batches) - 1
		}
		page.Batches[at].Rows = append(page.Batches[at].Rows, row)
	}
	return page, nil
}

// moreChoices adds the ways in which the actor may sign one more dossier.
func (a *App) moreChoices(have []SignChoice, d dossier.Dossier, who access.Actor) []SignChoice {
	for _, c := range a.signChoices(d, who) {
		if !slices.ContainsFunc(have, func(x SignChoice) bool { return x.Value() == c.Value() }) {
			have = append(have, c)
		}
	}
	return have
}

// SignSummary is one dossier on one page for whoever decides or signs it.
type SignSummary struct {
	DossierView
	Act          dossier.Act // that waits for the actor; empty when none does
	Alone        string      // see SignRow
	Note         string      // with which it was proposed
	Text         *result.Text
	Before, Next string // codes of its neighbours in the queue of the act
	Place, Of    int    // its place there, from 1
}

// Summary opens a dossier as whoever decides or signs it needs it, at an act of
// the signing desk; an act that does not wait for him gives way to one that does.
// The reading is logged.
func (a *App) Summary(ctx context.Context, who access.Actor, code string, act dossier.Act) (SignSummary, error) {
	if !MaySignDesk(who) {
		return SignSummary{}, denied()
	}
	v, err := a.Dossier(ctx, who, code)
	if err != nil {
		return SignSummary{}, err
	}
	s := SignSummary{DossierView: v}
	waits := a.waitsAt(v.Dossier, who)
	for _, x := range append([]dossier.Act{act}, SignActs()...) {
		if alone, ok := waits[x]; ok {
			s.Act, s.Alone = x, alone
			break
		}
	}
	for _, e := range v.Timeline {
		if e.Act == dossier.Propose {
			s.Note = e.Reason
		}
	}
	var draft *dossier.Draft
	if v.Result != nil {
		draft = v.Result.Draft
	} else if v.Proposal != nil {
		draft = v.Proposal.Draft
	}
	if draft != nil && draft.Text != nil {
		text, err := a.draftText(ctx, v.Dossier, *draft)
		if err != nil {
			return s, err
		}
		s.Text = &text
	}
	return s, a.placeIn(ctx, who, &s)
}

// placeIn says where a dossier stands in the queue of its act, as the page of the
// desk orders it.
func (a *App) placeIn(ctx context.Context, who access.Actor, s *SignSummary) error {
	if s.Act == "" {
		return nil
	}
	list, _, err := a.signQueue(ctx, who)
	if err != nil {
		return err
	}
	var batches []string
	codes := map[string][]string{}
	for _, q := range list {
		if _, waits := q.waits[s.Act]; !waits {
			continue
		}
		p := q.Procedure.Code
		if codes[p] == nil {
			batches = append(batches, p)
		}
		codes[p] = append(codes[p], q.Name())
	}
	var order []string
	for _, p := range batches {
		order = append(order, codes[p]...)
	}
	at := slices.Index(order, s.Name())
	if at < 0 {
		return nil // beyond what the desk looks at
	}
	s.Place, s.Of = at+1, len(order)
	if at > 0 {
		s.Before = order[at-1]
	}
	if at+1 < len(order) {
		s.Next = order[at+1]
	}
	return nil
}

// sideBySide is how many dossiers of a batch are signed at a time: printing and
// signing share the processors, and the writes share a commit.
const sideBySide = 4

// SignBatch carries out one act of the signing desk on several dossiers, as Bulk
// does: each is an act of its own with its outcome, in the order given, and one
// that cannot be done, or has changed since it was seen, leaves the others alone.
// Numbers are taken in the order given.
func (a *App) SignBatch(ctx context.Context, who access.Actor, in BulkInput) ([]BulkOutcome, error) {
	switch {
	case !MaySignDesk(who):
		return nil, denied()
	case !slices.Contains(SignActs(), in.Act):
		return nil, fault.Field("act", "inbox.bulk_act", nil)
	case len(in.Items) == 0:
		return nil, fault.Field("items", "inbox.bulk_none", nil)
	case len(in.Items) > mostBulk:
		return nil, fault.Field("items", "inbox.bulk_many", fault.Args{"most": mostBulk})
	}
	workers := sideBySide
	if in.Act == dossier.Number {
		workers = 1
	}
	out := make([]BulkOutcome, len(in.Items))
	next := make(chan int)
	var all sync.WaitGroup
	for range workers {
		all.Go(func() {
			for i := range next {
				out[i] = a.signOne(ctx, who, in, in.Items[i])
			}
		})
	}
	for i := range in.Items {
		next <- i
	}
	close(next)
	all.Wait()
	return out, ctx.Err()
}

// signOne is the act on one dossier of a batch. What breaks is logged and said of
// this dossier alone.
func (a *App) signOne(ctx context.Context, who access.Actor, in BulkInput, item BulkItem) BulkOutcome {
	_, err := a.Act(ctx, who, ActInput{
		ActionID: in.ActionID + "/" + item.Code, Code: item.Code, For: in.For, Block: in.Block,
		Input: dossier.Input{Act: in.Act, Version: item.Version},
	})
	o := BulkOutcome{Code: item.Code, Fault: fault.As(err)}
	if err != nil && o.Fault == nil {
		a.log.ErrorContext(ctx, "an act of a batch", "dossier", item.Code, "act", string(in.Act), "err", err)
		o.Fault = fault.New(fault.Internal, "signing.broken", nil)
	}
	return o
}
