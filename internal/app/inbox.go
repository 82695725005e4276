package app

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/motcua/motcua/internal/core/access"
	"github.com/motcua/motcua/internal/core/civil"
	"github.com/motcua/motcua/internal/core/dossier"
	"github.com/motcua/motcua/internal/core/procedure"
	"github.com/motcua/motcua/internal/store"
)

// Where counting work ends: so many, or more.
const (
	MostCounted = store.MostCounted // of a tab
	MostBadge   = 100               // of the menu, which stands on every page
)

// DeskMenu counts what waits for an officer, up to MostBadge or more; a count of
// zero shows no badge.
type DeskMenu struct {
	Mine      int // tasks that he holds
	Pool      int // tasks in the pool of his unit and role
	Return    int // results that wait for the applicant
	Handovers int // hand-overs on their way to his unit
	Late      int // late entries that wait for confirmation
	Notices   int // notices that he has not read
}

// InboxTab is one group of an officer's work. Its values stand in addresses.
type InboxTab string

// The tabs of the inbox, in their order on the page.
const (
	TabMine       InboxTab = "cua-toi"     // việc của tôi: tasks that he holds
	TabPool       InboxTab = "cho-nhan"    // chờ nhận việc: pool of his unit and role
	TabSoon       InboxTab = "sap-den-han" // due today or within SoonDays, of his unit
	TabOverdue    InboxTab = "qua-han"     // past the promise, of his unit
	TabSupplement InboxTab = "cho-bo-sung" // waiting for the applicant, of his unit
	TabReturn     InboxTab = "cho-tra"     // result at hand, waiting to be returned
)

// SoonDays is how many calendar days before the promise a dossier counts as
// soon due (practice, not law).
const SoonDays = 2

// InboxTabs lists the tabs in their order.
func InboxTabs() []InboxTab {
	return []InboxTab{TabMine, TabPool, TabSoon, TabOverdue, TabSupplement, TabReturn}
}

// Key is the message key of the tab's name.
func (t InboxTab) Key() string { return "desk.tab." + string(t) }

// InboxQuery asks for one page of one tab.
type InboxQuery struct {
	Tab       InboxTab
	Channel   dossier.Channel  // empty = every channel
	Step      dossier.TaskKind // empty = every step; not for what waits for the applicant
	Procedure string           // code, or words of the name without diacritics; empty = every procedure
	Cursor    string
}

// InboxPage is one page of one tab with the counts of all tabs.
type InboxPage struct {
	Counts map[InboxTab]int // filtered alike, so that they agree with the rows; up to MostCounted
	Rows   []DossierRow
	Next   string // cursor of the next page; empty at the end
}

// DossierRow is one dossier in a list. Names are as the actor may see them.
type DossierRow struct {
	Code          string // code, or reference before reception
	Version       int64
	Channel       dossier.Channel
	Procedure     string
	ProcedureCode string
	Agency        string
	Owner         string
	Status        dossier.Status
	Step          string // name of the open task; empty when none is open
	StepKind      dossier.TaskKind
	Unit          string // who has it now
	Holder        string // person who holds the task; empty = pool
	ReceivedAt    time.Time
	Due           DueFacts
	Can           []dossier.Act // acts of a batch that the actor can do now; only in the inbox
}

// DueFacts is what the due pill (nhãn thời hạn) is made from.
type DueFacts struct {
	StartAt    time.Time
	DueOn      civil.Date
	DueAt      time.Time
	ByHour     bool // limits in hours are judged by the minute
	Status     dossier.Status
	FinishedAt *time.Time
}

// DueOf takes the facts from a dossier.
func DueOf(d dossier.Dossier) DueFacts {
	return DueFacts{
		StartAt: d.Deadline.StartAt, DueOn: d.Deadline.DueOn, DueAt: d.Deadline.DueAt,
		ByHour: d.Deadline.Limit.ByHour(), Status: d.Status, FinishedAt: d.FinishedAt,
	}
}

// Menu counts what waits for the actor, for the side menu.
func (a *App) Menu(ctx context.Context, who access.Actor) (DeskMenu, error) {
	counts, err := a.store.CountWork(ctx, a.workQuery(who, ""), a.bounds(), MostBadge, store.WorkMine, store.WorkPool, store.WorkReturn)
	if err != nil {
		return DeskMenu{}, err
	}
	m := DeskMenu{Mine: counts.Mine, Pool: counts.Pool, Return: counts.Return, Handovers: counts.Handovers}
	if m.Notices, err = a.store.UnreadNotices(ctx, who.ID); err != nil {
		return m, err
	}
	if access.May(who, access.ConfirmLate) {
		m.Late, err = a.store.CountLateEntries(ctx)
	}
	return m, err
}

// Inbox lists one tab of the actor's work, the most endangered first. The
// reading of names is logged once for the page.
func (a *App) Inbox(ctx context.Context, who access.Actor, q InboxQuery) (InboxPage, error) {
	work := a.inboxWork(who, q)
	after, err := store.ParseCursor(q.Cursor)
	if err != nil {
		return InboxPage{}, err
	}
	list, next, err := a.store.Work(ctx, work, store.WorkTab(tabs[q.Tab]), a.bounds(), after, pageSize)
	if err != nil {
		return InboxPage{}, err
	}
	logged := a.logRows(ctx, who, list, "inbox") // the disk is waited for while counting
	counts, err := a.store.CountWork(ctx, work, a.bounds(), store.MostCounted, store.WorkTabs...)
	if err != nil {
		return InboxPage{}, err
	}
	page := InboxPage{Next: next.String(), Counts: map[InboxTab]int{
		TabMine: counts.Mine, TabPool: counts.Pool, TabSoon: counts.Soon, TabOverdue: counts.Overdue,
		TabSupplement: counts.Waiting, TabReturn: counts.Return,
	}}
	if page.Rows, err = a.rowsOnce(ctx, who, list, logged); err != nil {
		return page, err
	}
	for i, d := range list {
		page.Rows[i].Can = a.bulkOf(d, who)
	}
	return page, nil
}

var tabs = map[InboxTab]store.WorkTab{
	TabMine: store.WorkMine, TabPool: store.WorkPool, TabSoon: store.WorkSoon, TabOverdue: store.WorkOverdue,
	TabSupplement: store.WorkWaiting, TabReturn: store.WorkReturn,
}

// pageSize is how many rows a page of a list has.
const pageSize = 50

// workQuery says whose work is meant: the officer's, and that of those for whom
// he stands in.
func (a *App) workQuery(who access.Actor, channel dossier.Channel) store.WorkQuery {
	q := store.WorkQuery{Unit: who.Unit, Channel: string(channel)}
	for _, as := range a.capacities(who) {
		holder := as.ID
		if as.OnBehalf != "" {
			holder = as.OnBehalf
		}
		q.Holders = append(q.Holders, holder)
		for _, r := range as.Roles {
			if pool := store.Pool(as.Unit, string(r)); !slices.Contains(q.Pools, pool) {
				q.Pools = append(q.Pools, pool)
			}
		}
	}
	return q
}

// inboxWork is workQuery with the filters of an inbox.
func (a *App) inboxWork(who access.Actor, q InboxQuery) store.WorkQuery {
	work := a.workQuery(who, q.Channel)
	work.Step = string(q.Step)
	if q.Procedure != "" {
		work.Procedures = a.proceduresLike(q.Procedure)
	}
	return work
}

// mostLike is how many procedures words may stand for.
const mostLike = 100

// proceduresLike finds procedures by code or by words of the name, with or
// without diacritics. Words that mean none give a list that matches nothing.
func (a *App) proceduresLike(text string) []string {
	codes := []string{strings.TrimSpace(text)}
	for _, hit := range a.catalogue.Load().index.Search(procedure.Query{Text: text, Most: mostLike}).Hits {
		codes = append(codes, hit.Procedure.Code)
	}
	return codes
}

// bounds are the instants between which a dossier is overdue, soon due or not.
func (a *App) bounds() store.WorkBounds {
	now := a.clock()
	return store.WorkBounds{Now: now, Soon: civil.DateOf(now).AddDays(SoonDays + 1).At(0)}
}

// rows turns dossiers into lines of a list, with the owners' names, and logs the
// reading.
func (a *App) rows(ctx context.Context, who access.Actor, list []dossier.Dossier, what string) ([]DossierRow, error) {
	return a.rowsOnce(ctx, who, list, a.logRows(ctx, who, list, what))
}

// logRows begins to record that the names of a list are read; what it returns
// waits until that is durable.
func (a *App) logRows(ctx context.Context, who access.Actor, list []dossier.Dossier, what string) (logged func() error) {
	if len(list) == 0 {
		return func() error { return nil }
	}
	done := make(chan error, 1)
	go func() { done <- a.logRead(ctx, who, "list:"+what, "owner.name", what) }()
	return func() error { return <-done }
}

// rowsOnce makes the lines and hands them over once the reading has been logged.
func (a *App) rowsOnce(ctx context.Context, who access.Actor, list []dossier.Dossier, logged func() error) ([]DossierRow, error) {
	if len(list) == 0 {
		return nil, nil
	}
	names, err := a.owners(ctx, list)
	if err != nil {
		return nil, err
	}
	rows := make([]DossierRow, len(list))
	for i, d := range list {
		r := DossierRow{
			Code: d.Name(), Version: d.Version, Channel: d.Channel, Procedure: d.Procedure.Name, ProcedureCode: d.Procedure.Code,
			Agency: d.AgencyName, Owner: names[i], Status: d.Status, Unit: d.UnitName, ReceivedAt: d.ReceivedAt, Due: DueOf(d),
		}
		if t, ok := a.ownTask(d, who); ok {
			r.Step, r.StepKind, r.Unit, r.Holder = t.Name, t.Kind, t.UnitName, t.HolderName
		}
		rows[i] = r
	}
	if err := logged(); err != nil {
		return nil, err
	}
	return rows, nil
}

// ownTask is the open task that concerns the actor most: his own, one that he
// does for somebody, one of his pool, one of his unit, else the first.
func (a *App) ownTask(d dossier.Dossier, who access.Actor) (dossier.Task, bool) {
	best, found := dossier.Task{}, false
	rank := 0
	for _, t := range d.Tasks {
		r := 1
		switch {
		case t.Holder == who.ID:
			r = 5
		case slices.ContainsFunc(a.capacities(who), func(as access.Actor) bool { return t.Holder != "" && t.HeldBy(as) }):
			r = 4
		case t.HeldBy(who):
			r = 3
		case t.Unit == who.Unit:
			r = 2
		}
		if r > rank {
			best, found, rank = t, true, r
		}
	}
	return best, found
}

// owners opens the owner's name of each dossier; an erased one has none.
func (a *App) owners(ctx context.Context, list []dossier.Dossier) ([]string, error) {
	private, err := a.privateOf(ctx, list)
	if err != nil {
		return nil, err
	}
	names := make([]string, len(list))
	for i, p := range private {
		if p != nil {
			names[i] = p.Owner.Name
		}
	}
	return names, nil
}
