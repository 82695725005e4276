package app

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"golang.org/x/text/collate"
	"golang.org/x/text/language"

	"github.com/motcua/motcua/internal/core/access"
	"github.com/motcua/motcua/internal/core/agency"
	"github.com/motcua/motcua/internal/core/civil"
	"github.com/motcua/motcua/internal/core/fault"
	"github.com/motcua/motcua/internal/core/party"
	"github.com/motcua/motcua/internal/core/textfold"
	"github.com/motcua/motcua/internal/store"
)

// StaffPage lists people.
type StaffPage struct {
	Rows  []StaffRow
	Total int
}

// StaffRow is one person in the list.
type StaffRow struct {
	ID       string
	Login    string
	Name     string
	Title    string
	Unit     string
	Roles    []access.Role
	Active   bool
	LockedTo time.Time // zero = not locked
	SeenAt   time.Time // last sign-in; zero = never
	// Seconded is the term for which another unit sent the officer; SentBy its name.
	Seconded *agency.Secondment
	SentBy   string
	Over     bool // the term has ended
}

// StaffForm is a person as created or edited.
type StaffForm struct {
	ActionID string
	ID       string
	Login    string
	Name     string
	Title    string
	Unit     string
	Roles    []access.Role
	Active   bool
	// PersonalID is his own number: never shown again, kept only as a keyed index
	// so that he cannot act on a dossier of his own. Empty keeps what is there.
	PersonalID string
	KnowsID    bool               // a number has been entered; set when read
	Secondment *agency.Secondment // sent by another unit for a term; nil = none
	Signs      string             // signature blocks, as agency.ParseBlocks reads them; empty = by the title
	Units      []UnitChoice       // filled when read, ignored when saved
}

// UnitChoice is a unit that a person can work in.
type UnitChoice struct {
	Code string
	Name string
}

// StaffSaved answers a saved person; Password is set once, for a new login or a
// reset.
type StaffSaved struct {
	ID       string
	Login    string
	Name     string
	Password string
}

// mostStaff is how many people a list shows; a search narrows it.
const mostStaff = 300

// Staff lists people, filtered by q (name, login or unit), by given name as
// Vietnamese sort.
func (a *App) Staff(ctx context.Context, who access.Actor, q string) (StaffPage, error) {
	if !access.May(who, access.ManageStaff) {
		return StaffPage{}, denied()
	}
	credentials, err := a.store.Credentials(ctx)
	if err != nil {
		return StaffPage{}, err
	}
	byStaff := make(map[string]store.Credential, len(credentials))
	for _, c := range credentials {
		byStaff[c.Staff] = c
	}
	dir := a.directory.Load()
	today := civil.DateOf(a.clock())
	var page StaffPage
	folded := textfold.Fold(q)
	for _, p := range dir.people {
		unit := dir.unitName(p.Unit, today)
		if folded != "" && !strings.Contains(textfold.Fold(p.Name+" "+p.Login+" "+unit), folded) {
			continue
		}
		c := byStaff[p.ID]
		row := StaffRow{ID: p.ID, Login: p.Login, Name: p.Name, Title: p.Title, Unit: unit, Active: !p.Disabled, SeenAt: c.SeenAt}
		if s := p.Secondment; s != nil {
			row.Seconded, row.SentBy, row.Over = s, dir.unitName(s.FromUnit, today), s.To < today.String()
		}
		if c.LockedUntil.After(a.wall()) {
			row.LockedTo = c.LockedUntil
		}
		for _, r := range p.Roles {
			row.Roles = append(row.Roles, access.Role(r))
		}
		page.Rows = append(page.Rows, row)
	}
	page.Total = len(page.Rows)
	sortByGivenName(page.Rows, func(r StaffRow) string { return r.Name })
	page.Rows = page.Rows[:min(len(page.Rows), mostStaff)]
	return page, nil
}

// sortByGivenName sorts as Vietnamese lists of people do: by the last word.
func sortByGivenName[T any](rows []T, name func(T) string) {
	c := collate.New(language.Vietnamese)
	key := func(r T) string {
		words := strings.Fields(name(r))
		if len(words) == 0 {
			return ""
		}
		return words[len(words)-1] + " " + strings.Join(words[:len(words)-1], " ")
	}
	slices.SortStableFunc(rows, func(x, y T) int { return c.CompareString(key(x), key(y)) })
}

func denied() error { return fault.New(fault.Forbidden, "access.denied", nil) }

// StaffMember gives one person to edit; an empty id, or "moi", a new one.
func (a *App) StaffMember(_ context.Context, who access.Actor, id string) (StaffForm, error) {
	if !access.May(who, access.ManageStaff) {
		return StaffForm{}, denied()
	}
	f := StaffForm{Active: true, Units: a.unitChoices()}
	if id == "" || id == "moi" {
		return f, nil
	}
	p, ok := a.directory.Load().people[id]
	if !ok {
		return f, fault.New(fault.NotFound, "agency.staff_unknown", nil)
	}
	f.ID, f.Login, f.Name, f.Title, f.Unit, f.Active, f.KnowsID = p.ID, p.Login, p.Name, p.Title, p.Unit, !p.Disabled, p.IDKey != ""
	f.Secondment, f.Signs = p.Secondment, agency.WriteBlocks(p.Signs)
	for _, r := range p.Roles {
		f.Roles = append(f.Roles, access.Role(r))
	}
	return f, nil
}

// unitChoices are the centre, the agencies and the communes in force, by name.
func (a *App) unitChoices() []UnitChoice {
	dir := a.directory.Load()
	day := civil.DateOf(a.clock()).String()
	var list []UnitChoice
	for _, u := range append(dir.tree.Agencies(dir.centre.Area, day), dir.tree.Communes(dir.centre.Area, day)...) {
		list = append(list, UnitChoice{u.Code, shownName(u)})
	}
	return sortedUnits(list, dir)
}

// sortedUnits sorts units as Vietnamese does, the centre first.
func sortedUnits(list []UnitChoice, dir *directory) []UnitChoice {
	c := collate.New(language.Vietnamese)
	slices.SortStableFunc(list, func(x, y UnitChoice) int {
		return cmp.Or(cmp.Compare(centreFirst(x, dir), centreFirst(y, dir)), c.CompareString(x.Name, y.Name))
	})
	return list
}

func centreFirst(u UnitChoice, dir *directory) int {
	if u.Code == dir.centre.Code {
		return 0
	}
	return 1
}

// SaveStaff creates (empty ID) or changes a person. A new person gets a one-time
// password, which is returned once and never again. The sessions of a person
// whose roles, unit or activity change end.
func (a *App) SaveStaff(ctx context.Context, who access.Actor, in StaffForm) (StaffSaved, error) {
	if !access.May(who, access.ManageStaff) {
		return StaffSaved{}, denied()
	}
	dir := a.directory.Load()
	p := agency.Staff{ID: newID()}
	isNew := in.ID == "" || in.ID == "moi"
	if !isNew {
		var ok bool
		if p, ok = dir.people[in.ID]; !ok {
			return StaffSaved{}, fault.New(fault.NotFound, "agency.staff_unknown", nil)
		}
	}
	p.Login, p.Name, p.Title = strings.ToLower(strings.TrimSpace(in.Login)), textfold.Clean(in.Name), textfold.Clean(in.Title)
	p.Unit, p.Disabled, p.Roles = in.Unit, !in.Active && !isNew, nil
	for _, r := range in.Roles {
		p.Roles = append(p.Roles, string(r))
	}
	var signsErr error
	p.Secondment = in.Secondment
	p.Signs, signsErr = agency.ParseBlocks(in.Signs)
	if signsErr != nil {
		p.Signs = nil // what is wrong with them is said once
	}
	var idErr error
	if in.PersonalID != "" {
		id, err := party.ParsePersonalID(in.PersonalID, a.partyOptions(civil.DateOf(a.clock())))
		if f := fault.As(err); f != nil {
			named := *f
			named.Field = "personalId"
			idErr = &named
		} else {
			p.IDKey = a.blind("id", string(id))
		}
	}
	if err := joinErrors(a.checkStaff(dir, p), signsErr, idErr); err != nil {
		return StaffSaved{}, err
	}
	if err := a.recordStaff(ctx, who, in.ActionID, p); err != nil {
		return StaffSaved{}, err
	}
	saved := StaffSaved{ID: p.ID, Login: p.Login, Name: p.Name}
	if !isNew {
		if err := a.renameLogin(ctx, p); err != nil {
			return saved, err
		}
		return saved, a.store.EndSessionsOf(ctx, p.ID)
	}
	var err error
	saved.Password, err = a.givePassword(ctx, p)
	return saved, err
}

func (a *App) checkStaff(dir *directory, p agency.Staff) error {
	err := p.Validate()
	var taken, unit *fault.Fault
	for _, other := range dir.people {
		if other.Login == p.Login && other.ID != p.ID {
			taken = fault.Field("login", "agency.login_taken", fault.Args{"login": p.Login})
		}
	}
	if _, ok := dir.unit(p.Unit, civil.DateOf(a.clock())); !ok && p.Unit != "" {
		unit = fault.Field("unit", "agency.unit_unknown", fault.Args{"unit": p.Unit})
	}
	var sender *fault.Fault
	if s := p.Secondment; s != nil && s.FromUnit != "" && s.FromUnit != p.Unit {
		if _, ok := dir.unit(s.FromUnit, civil.DateOf(a.clock())); !ok {
			sender = fault.Field("secondment.fromUnit", "agency.unit_unknown", fault.Args{"unit": s.FromUnit})
		}
	}
	return joinErrors(err, fault.Join(taken, unit, sender))
}

// recordStaff writes an officer's event and takes him into the directory.
func (a *App) recordStaff(ctx context.Context, who access.Actor, action string, people ...agency.Staff) error {
	w := store.Write{Actor: by(who), Action: action, Body: people}
	for _, p := range people {
		w.Roots = append(w.Roots, store.StaffRoot(p.ID))
	}
	_, err := store.Do(ctx, a.store, w, func(v *store.View) (int, error) {
		for _, p := range people {
			if _, err := store.Record[agency.Staff](v, store.StaffRoot(p.ID), store.EventStaffRecorded, 1, "", p); err != nil {
				return 0, err
			}
		}
		return len(people), nil
	})
	if fault.Is(err, "store.duplicate") {
		return fault.Field("login", "agency.login_taken", fault.Args{"login": people[0].Login})
	}
	if err != nil {
		return err
	}
	return a.Reload(ctx)
}

// renameLogin keeps the credential's login equal to the officer's.
func (a *App) renameLogin(ctx context.Context, p agency.Staff) error {
	c, err := a.store.StaffCredential(ctx, p.ID)
	if fault.KindOf(err) == fault.NotFound || err == nil && c.Login == p.Login {
		return nil
	}
	if err != nil {
		return err
	}
	c.Login = p.Login
	return a.store.PutCredential(ctx, c)
}

// givePassword makes a new one-time password for a person.
func (a *App) givePassword(ctx context.Context, p agency.Staff) (string, error) {
	password := newPassword()
	hash, err := a.hashPassword(ctx, password)
	if err != nil {
		return "", err
	}
	return password, a.store.PutCredential(ctx, store.Credential{Staff: p.ID, Login: p.Login, Hash: hash, MustChange: true})
}

// SetStaffActive disables or enables a login; disabling ends its sessions. An
// administrator cannot disable himself, so that somebody can always get in.
func (a *App) SetStaffActive(ctx context.Context, who access.Actor, actionID, id string, active bool) error {
	if !access.May(who, access.ManageStaff) {
		return denied()
	}
	p, ok := a.directory.Load().people[id]
	if !ok {
		return fault.New(fault.NotFound, "agency.staff_unknown", nil)
	}
	if id == who.ID && !active {
		return fault.New(fault.Conflict, "agency.disable_self", nil)
	}
	p.Disabled = !active
	if err := a.recordStaff(ctx, who, actionID, p); err != nil {
		return err
	}
	return a.store.EndSessionsOf(ctx, id)
}

// ResetPassword gives a person a new one-time password, returned once, and ends
// his sessions.
func (a *App) ResetPassword(ctx context.Context, who access.Actor, _ string, id string) (StaffSaved, error) {
	if !access.May(who, access.ManageStaff) {
		return StaffSaved{}, denied()
	}
	p, ok := a.directory.Load().people[id]
	if !ok {
		return StaffSaved{}, fault.New(fault.NotFound, "agency.staff_unknown", nil)
	}
	password, err := a.givePassword(ctx, p)
	if err != nil {
		return StaffSaved{}, err
	}
	return StaffSaved{ID: p.ID, Login: p.Login, Name: p.Name, Password: password}, a.store.EndSessionsOf(ctx, id)
}

// Officers is the public board of the centre's officers (B10).
func (a *App) Officers() []OfficerRow {
	dir := a.directory.Load()
	var rows []OfficerRow
	for _, p := range dir.byUnit[dir.centre.Code] {
		if p.Disabled {
			continue
		}
		r := OfficerRow{Name: p.Name, Title: p.Title}
		for _, post := range p.Posts {
			if post.Counter > 0 {
				r.Counter = post.Counter
				r.Fields = counterFields(dir.centre, post.Counter)
			}
			r.Leads = r.Leads || post.Title != ""
		}
		if r.Counter > 0 || r.Leads {
			rows = append(rows, r)
		}
	}
	slices.SortStableFunc(rows, func(x, y OfficerRow) int {
		return cmp.Or(cmp.Compare(b2i(y.Leads), b2i(x.Leads)), cmp.Compare(x.Counter, y.Counter))
	})
	return rows
}

// OfficerRow is one officer on the public board.
type OfficerRow struct {
	Name    string
	Title   string
	Counter int // 0 = none
	Fields  []string
	Leads   bool
}

func counterFields(p agency.Profile, no int) []string {
	for _, c := range p.Counters {
		if c.No == no {
			return c.Fields
		}
	}
	return nil
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}
