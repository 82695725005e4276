package app

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/motcua/motcua/internal/core/agency"
	"github.com/motcua/motcua/internal/core/civil"
	"github.com/motcua/motcua/internal/core/fault"
	"github.com/motcua/motcua/internal/core/procedure"
	"github.com/motcua/motcua/internal/core/result"
	"github.com/motcua/motcua/internal/core/ruleset"
	"github.com/motcua/motcua/internal/store"
)

// directory is the house as a node knows it: units, people, the centre and its
// calendars. It is immutable; a change makes another one.
type directory struct {
	tree       *agency.Tree
	byCode     map[string][]agency.Unit // every period of a code
	byKey      map[string][]agency.Unit
	people     map[string]agency.Staff // by id
	byUnit     map[string][]agency.Staff
	centre     agency.Profile
	absences   []agency.Absence             // present and coming ones
	processes  map[string]store.ProcessHead // by id
	published  map[string]civil.Published   // calendars, by unit code; "default" for all others
	calendars  calendarSet
	templates  map[string]result.Template    // of result documents, by id; those that ship are not in it
	scans      map[string]procedure.ScanRule // by procedure
	certs      map[string]agency.Certificate // of persons and seals, by id
	smallUnits []agency.SmallUnit            // listed, waiting and former ones
	wordings   map[string]ruleset.Wording    // of printed forms, by form; those that ship are not in it
}

func (a *App) reloadDirectory(ctx context.Context) error {
	units, err := a.store.Units(ctx)
	if err != nil {
		return err
	}
	people, err := a.store.People(ctx)
	if err != nil {
		return err
	}
	centre, err := store.Get[agency.Profile](ctx, a.store, store.CentreRoot())
	if err != nil && fault.KindOf(err) != fault.NotFound && !errors.Is(err, store.ErrNoRow) {
		return err
	}
	absences, err := a.store.Absences(ctx, civil.DateOf(a.clock()).AddDays(-1).String())
	if err != nil {
		return err
	}
	calendars, err := a.store.Calendars(ctx)
	if err != nil {
		return err
	}
	heads, err := a.store.ProcessHeads(ctx)
	if err != nil {
		return err
	}
	d := &directory{
		processes: make(map[string]store.ProcessHead, len(heads)),
		tree:      agency.NewTree(units), byCode: map[string][]agency.Unit{}, byKey: map[string][]agency.Unit{},
		people: map[string]agency.Staff{}, byUnit: map[string][]agency.Staff{}, centre: centre, absences: absences,
	}
	for _, u := range units {
		d.byCode[u.Code] = append(d.byCode[u.Code], u)
		if u.Kind != agency.Area && u.Province == centre.Area {
			d.byKey[u.Key] = append(d.byKey[u.Key], u)
		}
	}
	for _, h := range heads {
		d.processes[h.ID] = h
	}
	for _, p := range people {
		d.people[p.ID] = p
		d.byUnit[p.Unit] = append(d.byUnit[p.Unit], p)
	}
	d.published = map[string]civil.Published{}
	for _, c := range calendars {
		d.published[c.ID] = c.Published
	}
	if d.calendars, err = buildCalendars(d.published); err != nil {
		return err
	}
	if d.smallUnits, err = a.store.SmallUnits(ctx); err != nil {
		return err
	}
	if d.wordings, err = a.loadWordings(ctx); err != nil {
		return err
	}
	if err := d.loadSigning(ctx, a.store); err != nil {
		return err
	}
	a.directory.Store(d)
	return nil
}

// loadSigning reads result templates, rules about scanning and the register of
// certificates.
func (d *directory) loadSigning(ctx context.Context, s *store.Store) error {
	templates, err := s.ResultTemplates(ctx)
	if err != nil {
		return err
	}
	d.templates = make(map[string]result.Template, len(templates))
	for _, t := range templates {
		d.templates[t.ID] = t
	}
	scans, err := s.ScanRules(ctx)
	if err != nil {
		return err
	}
	d.scans = make(map[string]procedure.ScanRule, len(scans))
	for _, r := range scans {
		d.scans[r.ID] = r
	}
	certs, err := s.Certificates(ctx)
	d.certs = make(map[string]agency.Certificate, len(certs))
	for _, c := range certs {
		d.certs[c.ID] = c
	}
	return err
}

// calendar returns the calendar that an agency works by, and its reference.
func (d *directory) calendar(unit string) (*civil.Calendar, string) { return d.calendars.of(unit) }

// unit returns the unit with a code that is in force on a day, else its last
// period, so that an old dossier still finds its agency's name.
func (d *directory) unit(code string, day civil.Date) (agency.Unit, bool) {
	all := d.byCode[code]
	for _, u := range all {
		if u.On(day.String()) {
			return u, true
		}
	}
	if len(all) == 0 {
		return agency.Unit{}, false
	}
	return all[len(all)-1], true
}

// UnitName is the name of a unit today; the code itself when it is unknown.
func (a *App) UnitName(code string) string {
	return a.directory.Load().unitName(code, civil.DateOf(a.clock()))
}

// unitName is the name shown for a code; the code itself when it is unknown.
func (d *directory) unitName(code string, day civil.Date) string {
	if u, ok := d.unit(code, day); ok {
		return shownName(u)
	}
	return code
}

// shownName is how people call a unit: an area by its form and name.
func shownName(u agency.Unit) string {
	if u.FullName != "" {
		return u.FullName
	}
	return u.Name
}

// continuing returns the unit with a code that is in force on a day, else the one
// that continues its work by then.
func (d *directory) continuing(code string, day civil.Date) (agency.Unit, bool) {
	for _, u := range d.byCode[code] {
		if u.On(day.String()) {
			return u, true
		}
	}
	return d.tree.Heir(code, day.String())
}

// agencyOf finds the competent agency of a procedure for a receiving unit: by
// the key of the time, or the receiving commune for procedures of communes. It
// fails with fault.Conflict when there is none in this province on the day.
func (d *directory) agencyOf(p procedure.Procedure, receiving agency.Unit, day civil.Date) (agency.Unit, error) {
	key := p.AgencyOn(day.String())
	if agency.CommuneKey(key) {
		if receiving.Kind == agency.Area {
			return receiving, nil
		}
		return agency.Unit{}, fault.New(fault.Conflict, "procedure.of_commune", fault.Args{"code": p.Code})
	}
	if agency.DistrictKey(key) && receiving.Handles(key) {
		return receiving, nil
	}
	for _, u := range d.byKey[key] {
		if u.On(day.String()) {
			return u, nil
		}
	}
	if u, ok := d.tree.Heir(key, day.String()); ok && u.Kind != agency.Area && u.Province == d.centre.Area {
		return u, nil
	}
	return agency.Unit{}, fault.New(fault.Conflict, "procedure.no_agency", fault.Args{"code": p.Code})
}

// codePart is the agency part of the codes that a unit gives on a day. An area
// has no identifier of its own and takes the province's with its number.
func (d *directory) codePart(u agency.Unit, day civil.Date) (string, bool) {
	if part, ok := u.CodePart(day.String()); ok {
		return part, true
	}
	if u.Kind != agency.Area {
		return "", false
	}
	top, ok := d.provinceIdentifier(day)
	if !ok || len(u.Code) < 3 {
		return "", false
	}
	return agency.CodePart(top+"."+u.Code[len(u.Code)-3:], day.String())
}

func (d *directory) provinceIdentifier(day civil.Date) (string, bool) {
	u, ok := d.unit(d.centre.Committee, day)
	if !ok || u.Identifier == "" {
		return "", false
	}
	top, _, _ := strings.Cut(u.Identifier, ".")
	return top, true
}

// members are the active people of a unit with a role, by name.
func (d *directory) members(unit, role string) []agency.Staff {
	var list []agency.Staff
	for _, p := range d.byUnit[unit] {
		if !p.Disabled && slices.Contains(p.Roles, role) {
			list = append(list, p)
		}
	}
	return list
}
