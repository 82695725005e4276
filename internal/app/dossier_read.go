package app

import (
	"cmp"
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/motcua/motcua/internal/core/access"
	"github.com/motcua/motcua/internal/core/civil"
	"github.com/motcua/motcua/internal/core/dossier"
	"github.com/motcua/motcua/internal/core/fault"
	"github.com/motcua/motcua/internal/core/fee"
	"github.com/motcua/motcua/internal/core/journal"
	"github.com/motcua/motcua/internal/core/process"
	"github.com/motcua/motcua/internal/core/ruleset"
	"github.com/motcua/motcua/internal/store"
)

// DossierView is one dossier as its page shows it.
type DossierView struct {
	dossier.Dossier
	Owner     PartyForm // masked unless Unmasked
	Submitter *PartyForm
	Subject   string
	Notes     map[string]string // remark per paper id
	Unmasked  bool
	CanUnmask bool
	CanAccept bool // registered or guided, and the actor may receive it
	Offers    []dossier.Offer
	Timeline  []TimelineEntry    // oldest first
	Ahead     []string           // names of the steps still to come
	Times     []dossier.UnitTime // what each agency took, and lost beyond its share
	Why       []civil.Line       // derivation of the promised day
	Staff     []StaffChoice      // whom an open task can be assigned to
	Slips     []SlipRow
	Blocks    []SignChoice // how the actor may sign the result now
}

// TimelineEntry is one event of a dossier in words that a person reads.
type TimelineEntry struct {
	Version  int64
	Event    string // event type, such as "dossier.forwarded"
	Act      dossier.Act
	Status   dossier.Status // after it; 0 = unchanged
	At       time.Time
	Recorded time.Time // when it was entered
	Actor    string
	Unit     string
	OnBehalf string
	Reason   string
	Ground   string
	Document string
	Hash     string // of the event in the journal, hexadecimal
}

// SlipRow is one slip of a dossier: printed before, or possible now.
type SlipRow struct {
	Form   string // semantic id, such as "receipt"; of several alike with a number, such as "transfer-2"
	Kind   string // semantic id without the number
	To     string // unit that it goes to, where a dossier has several alike
	No     int    // how often printed; zero = not yet
	At     time.Time
	By     string
	Number string // number of the legal form (Mẫu số) in the dossier's rules; may be empty
	Signer string // who signed it electronically; empty = signed by hand
}

// readable reads a dossier that the actor may know.
func (a *App) readable(ctx context.Context, who access.Actor, code string) (dossier.Dossier, error) {
	id, err := a.dossierID(ctx, code)
	if err != nil {
		return dossier.Dossier{}, err
	}
	d, err := store.Get[dossier.Dossier](ctx, a.store, store.DossierRoot(id))
	if err != nil {
		return d, err
	}
	if !dossier.Readable(d, who) {
		return dossier.Dossier{}, unknownDossier(code)
	}
	return d, nil
}

// Dossier opens one dossier, personal data masked, and logs the reading.
func (a *App) Dossier(ctx context.Context, who access.Actor, code string) (DossierView, error) {
	return a.open(ctx, who, code, "", false)
}

// Unmask opens one dossier with personal data in full, for a stated purpose that
// goes into the access log.
func (a *App) Unmask(ctx context.Context, who access.Actor, code, purpose string) (DossierView, error) {
	d, err := a.readable(ctx, who, code)
	switch {
	case err != nil:
		return DossierView{}, err
	case !access.May(who, access.UnmaskDossier, concerned(d)...):
		return DossierView{}, denied()
	case strings.TrimSpace(purpose) == "":
		return DossierView{}, fault.Field("purpose", "desk.purpose_missing", nil)
	}
	return a.view(ctx, who, d, purpose, true)
}

// Acceptable opens a dossier that waits to be accepted, for whoever accepts it.
func (a *App) Acceptable(ctx context.Context, who access.Actor, code string) (DossierView, error) {
	d, err := a.readable(ctx, who, code)
	if err != nil {
		return DossierView{}, err
	}
	if err := dossier.Allowed(d, who, dossier.Input{Act: dossier.Accept, Version: d.Version}); err != nil {
		return DossierView{}, err
	}
	v, err := a.view(ctx, who, d, "", false)
	if err == nil && !v.CanAccept {
		err = fault.New(fault.Conflict, "desk.not_acceptable", fault.Args{"code": d.Name()})
	}
	return v, err
}

// Acted opens a dossier as an act or a reception of the actor left it, so that
// a repeated command is answered in the same words.
func (a *App) Acted(ctx context.Context, who access.Actor, d dossier.Dossier) (DossierView, error) {
	return a.view(ctx, who, d, "", false)
}

func (a *App) open(ctx context.Context, who access.Actor, code, purpose string, full bool) (DossierView, error) {
	d, err := a.readable(ctx, who, code)
	if err != nil {
		return DossierView{}, err
	}
	return a.view(ctx, who, d, purpose, full)
}

func (a *App) view(ctx context.Context, who access.Actor, d dossier.Dossier, purpose string, full bool) (DossierView, error) {
	may := access.May(who, access.UnmaskDossier, concerned(d)...)
	if full && !may {
		return DossierView{}, fault.New(fault.Forbidden, "access.denied", nil)
	}
	what := "masked"
	if full {
		what = "full"
	}
	if err := a.logRead(ctx, who, d.ID, what, cmp.Or(purpose, "handle")); err != nil {
		return DossierView{}, err
	}
	v := DossierView{
		Dossier: d, Unmasked: full, CanUnmask: may && !full, Offers: a.offers(d, who), Blocks: a.signChoices(d, who), Slips: slipsFor(who, d),
		CanAccept: !d.Received() && d.Open() && access.May(who, access.ReceiveDossier, d.Unit),
	}
	private, err := a.private(ctx, d)
	switch {
	case fault.Is(err, "store.erased"):
	case err != nil:
		return v, err
	default:
		v.Owner, v.Subject, v.Notes = partyForm(private.Owner, full), private.Subject, private.Notes
		if private.Submitter != nil {
			s := partyForm(*private.Submitter, full)
			v.Submitter = &s
		}
	}
	if v.Timeline, err = a.timeline(ctx, d); err != nil {
		return v, err
	}
	if _, v.Why, err = a.derive(ctx, d); err != nil && fault.KindOf(err) == fault.Internal {
		return v, err
	}
	v.Ahead = a.ahead(ctx, d)
	if v.Times, err = a.timeByUnit(d); err != nil && fault.KindOf(err) == fault.Internal {
		return v, err
	}
	v.Staff, err = a.staffFor(ctx, d, v.Offers)
	return v, err
}

// concerned are the units that a dossier concerns.
func concerned(d dossier.Dossier) []string {
	units := []string{d.Unit, d.Agency}
	for _, t := range d.Tasks {
		units = append(units, t.Unit)
	}
	return units
}

// Timeline lists a dossier's events and logs the reading.
func (a *App) Timeline(ctx context.Context, who access.Actor, code string) ([]TimelineEntry, error) {
	d, err := a.readable(ctx, who, code)
	if err != nil {
		return nil, err
	}
	if err := a.logRead(ctx, who, d.ID, "timeline", "handle"); err != nil {
		return nil, err
	}
	return a.timeline(ctx, d)
}

func (a *App) timeline(ctx context.Context, d dossier.Dossier) ([]TimelineEntry, error) {
	events, err := a.store.StreamEvents(ctx, store.DossierRoot(d.ID))
	if err != nil {
		return nil, err
	}
	dir := a.directory.Load()
	out := make([]TimelineEntry, len(events))
	var sealed []store.Sealed
	var of []int
	for i, e := range events {
		var c dossier.Change
		if err := json.Unmarshal(e.Payload, &c); err != nil {
			return nil, err
		}
		out[i] = TimelineEntry{
			Version: e.Version, Event: e.Type, Act: actOf(e.Type), Status: c.Status, At: e.At, Recorded: e.RecordedAt, Actor: e.Actor.Name,
			Unit: unitOf(dir, e), OnBehalf: e.Actor.OnBehalf, Ground: e.Ground, Document: c.Document, Hash: fmt.Sprintf("%x", e.Hash),
		}
		if c.Text != nil {
			sealed = append(sealed, store.Sealed{Subject: d.ID, Class: sealClass, Bytes: c.Text})
			of = append(of, i)
		}
	}
	plain, err := a.store.UnsealAll(ctx, sealed)
	if err != nil {
		return nil, err
	}
	for k, text := range plain {
		out[of[k]].Reason = string(text)
	}
	return out, nil
}

func unitOf(dir *directory, e journal.Event) string {
	if e.Actor.Unit == "" {
		return ""
	}
	return dir.unitName(e.Actor.Unit, civil.DateOf(e.At))
}

// DeadlineView is a promise with its derivation.
type DeadlineView struct {
	dossier.Deadline
	Rules      string
	Derivation civil.Derivation
	Lines      []civil.Line
}

// ExplainDeadline answers "Vì sao ngày này?" for a dossier and logs the reading.
func (a *App) ExplainDeadline(ctx context.Context, who access.Actor, code string) (DeadlineView, error) {
	d, err := a.readable(ctx, who, code)
	if err != nil {
		return DeadlineView{}, err
	}
	if !d.Received() {
		return DeadlineView{}, fault.New(fault.Conflict, "dossier.not_received", nil)
	}
	if err := a.logRead(ctx, who, d.ID, "deadline", "handle"); err != nil {
		return DeadlineView{}, err
	}
	got, lines, err := a.derive(ctx, d)
	return DeadlineView{Deadline: d.Deadline, Rules: d.Rules, Derivation: got, Lines: lines}, err
}

// derive computes the promise of a dossier again, with the calendar that it was
// counted by, to tell how it came about.
func (a *App) derive(ctx context.Context, d dossier.Dossier) (civil.Derivation, []civil.Line, error) {
	if !d.Received() || d.Deadline.Limit.Unit == "" {
		return civil.Derivation{}, nil, nil
	}
	cal, err := a.calendarAt(ctx, d.Deadline.Calendar, d.Agency)
	if err != nil {
		return civil.Derivation{}, nil, err
	}
	got, err := civil.Due(cal, d.DueInput())
	if err != nil {
		return got, nil, err
	}
	return got, got.Lines(), nil
}

// ahead names the steps that a dossier still has before it on its plain way.
func (a *App) ahead(ctx context.Context, d dossier.Dossier) []string {
	pl, err := a.planFor(ctx, d)
	if err != nil || pl.graph == nil || !d.Open() {
		return nil
	}
	coming := map[string]bool{}
	for _, t := range d.Process.Tasks {
		for _, s := range pl.graph.Following(t.Step) {
			coming[s.ID] = true
		}
	}
	var names []string
	for _, s := range pl.graph.Template().Tasks() {
		done := slices.ContainsFunc(d.Process.Tasks, func(t process.Task) bool { return t.Step == s.ID || slices.Contains(t.Path, s.ID) })
		if coming[s.ID] && !done { // a loop leads back to what was done already
			names = append(names, s.Name)
		}
	}
	return names
}

// slipsFor lists the slips that the actor may have.
func slipsFor(who access.Actor, d dossier.Dossier) []SlipRow {
	return slices.DeleteFunc(slipRows(d), func(r SlipRow) bool { return !mayPrint(who, d, r.Kind) })
}

// slipRows lists the slips of a dossier: those printed, and those that can be.
func slipRows(d dossier.Dossier) []SlipRow {
	rules, err := ruleset.On(civil.DateOf(d.Opening.At))
	if err != nil {
		return nil
	}
	var rows []SlipRow
	for _, form := range slipForms(d) {
		r := SlipRow{Form: form, Kind: form, Number: formNumber(rules, form)}
		for _, p := range d.Prints {
			if p.Form == form {
				r.No, r.At, r.By, r.Signer = p.No, p.At, p.By, ""
				if p.Signed != nil {
					r.Signer = p.Signed.Signer
				}
			}
		}
		rows = append(rows, r)
	}
	for i, t := range parts(d) {
		rows = append(rows, SlipRow{Form: transferForm(i + 1), Kind: ruleset.Transfer, To: t.UnitName, Number: formNumber(rules, ruleset.Transfer)})
	}
	return rows
}

// slipForms are the slips that a dossier's facts can fill.
func slipForms(d dossier.Dossier) []string {
	var forms []string
	add := func(form string, yes bool) {
		if yes && !slices.Contains(forms, form) {
			forms = append(forms, form)
		}
	}
	add(ruleset.Receipt, d.Received())
	add(ruleset.SupplementRequest, len(d.Supplements) > 0)
	add(ruleset.Refusal, d.Status == dossier.NotAccepted || d.Result != nil && d.Result.Refusal)
	add(ruleset.Result, drafted(d))
	add(ruleset.Apology, d.Deadline.Apology != nil)
	add(ruleset.StopNotice, stopNoticed(d))
	add(ruleset.ControlSlip, len(d.Handovers) > 0)
	add(ruleset.DossierHandover, len(d.Handovers) > 0)
	add(ruleset.Handover, d.Result != nil && len(d.Handovers) > 1)
	if _, err := fee.ParseReceiptNumber(d.Fee.Receipt); err == nil {
		add(ruleset.FeeReceipt, true) // numbers of other books have their own paper
	}
	add(ruleset.ReturnReceipt, d.Returned != nil)
	add(ruleset.ScanSheet, d.Received() && len(d.Papers) > 0)
	return forms
}

// stopNoticed reports whether a dossier was ever stopped by notice.
func stopNoticed(d dossier.Dossier) bool {
	_, printed := d.Printed(ruleset.StopNotice)
	return printed
}

// sameSecret compares in constant time, after taking away what people add when
// they copy: spaces, dashes, small letters.
func sameSecret(have, given string) bool {
	clean := strings.ToUpper(strings.NewReplacer(" ", "", "-", "").Replace(given))
	a, b := sha256.Sum256([]byte(have)), sha256.Sum256([]byte(clean))
	return have != "" && subtle.ConstantTimeCompare(a[:], b[:]) == 1
}

// sameTime does for an unknown code the reading that a known one costs, so that
// the answer's time does not tell which codes exist.
func (a *App) sameTime(ctx context.Context) {
	// The answer is not used; only its cost counts.
	_, _ = a.store.UnsealAll(ctx, []store.Sealed{{Subject: "none", Class: sealClass}})
	_, _ = a.store.DossiersByID(ctx, []string{"none"})
}

// formNumber is the legal number of a form in a rule set; empty when it has none.
func formNumber(rules ruleset.Set, form string) string {
	f, ok := rules.Form(form)
	if !ok {
		return ""
	}
	return f.Number
}

// actOf is the act that an event type records; empty for events without one.
func actOf(eventType string) dossier.Act {
	for _, t := range dossier.Transitions() {
		if t.Event == eventType {
			return t.Act
		}
	}
	return ""
}
