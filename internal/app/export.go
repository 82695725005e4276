package app

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/motcua/motcua/internal/core/access"
	"github.com/motcua/motcua/internal/core/agency"
	"github.com/motcua/motcua/internal/core/civil"
	"github.com/motcua/motcua/internal/core/dossier"
	"github.com/motcua/motcua/internal/core/fault"
	"github.com/motcua/motcua/internal/core/procedure"
	"github.com/motcua/motcua/internal/i18n"
)

// Exports lists the kinds of records that Export knows.
func Exports() []string { return []string{"procedures", "units", "agencies", "staff", "dossiers"} }

// Export hands the records of a kind to row, the names of the columns first.
// Units, agencies and staff have the columns that their imports read. Dossiers
// carry nothing about a person.
func (a *App) Export(ctx context.Context, who access.Actor, kind string, row func([]string) error) error {
	need := map[string]access.Permission{
		"procedures": access.ManageProcedure, "units": access.ManageUnit, "agencies": access.ManageUnit,
		"staff": access.ManageStaff, "dossiers": access.ReadDossier,
	}[kind]
	if need == "" {
		return fault.Field("kind", "app.export_kind", fault.Args{"kind": kind, "kinds": strings.Join(Exports(), ", ")})
	}
	if !access.May(who, need) {
		return denied()
	}
	switch kind {
	case "procedures":
		return a.exportProcedures(row)
	case "staff":
		return a.exportStaff(row)
	case "dossiers":
		return a.exportDossiers(ctx, row)
	}
	return a.exportUnits(ctx, kind == "units", row)
}

func (a *App) exportProcedures(row func([]string) error) error {
	c, err := a.today()
	if err != nil {
		return err
	}
	if err := row([]string{"code", "version", "name", "field", "sector", "levels", "agency", "limit", "sets", "status", "validFrom", "validTo", "ready"}); err != nil {
		return err
	}
	codes := make([]string, 0, len(c.records))
	for code := range c.records {
		codes = append(codes, code)
	}
	slices.Sort(codes)
	dir := a.directory.Load()
	for _, code := range codes {
		r := c.records[code]
		p := shownOn(r, c.day)
		levels := make([]string, len(p.Levels))
		for i, l := range p.Levels {
			levels[i] = string(l)
		}
		limits := make([]string, 0, 1)
		for _, x := range p.Cases {
			if l, ok := x.LimitBy(procedure.Direct); ok && !slices.Contains(limits, l.String()) {
				limits = append(limits, l.String())
			}
		}
		ready := p.StatusOn(c.day.String()) == procedure.InForce && len(dir.missingAnywhere(r, p, c.day)) == 0
		err := row([]string{p.Code, strconv.Itoa(p.Number), p.Name, p.Field, p.Sector, strings.Join(levels, "|"), p.AgencyOn(c.day.String()),
			strings.Join(limits, "; "), strconv.Itoa(p.Sets), string(p.StatusOn(c.day.String())), p.ValidFrom, p.ValidTo, yes(ready)})
		if err != nil {
			return err
		}
	}
	return nil
}

func (a *App) exportUnits(ctx context.Context, areas bool, row func([]string) error) error {
	list, err := a.store.Units(ctx)
	if err != nil {
		return err
	}
	head := []string{"uid", "code", "level", "type", "name", "full_name", "parent_uid", "province_code", "valid_from", "valid_to", "valid_from_precision", "former_units", "basis"}
	if !areas {
		head = []string{"uid", "province_code", "key", "name", "full_name", "kind", "valid_from", "valid_to", "identifier_official", "identifier_local", "fields", "evidence", "note"}
	}
	if err := row(head); err != nil {
		return err
	}
	for _, u := range list {
		if (u.Kind == agency.Area) != areas {
			continue
		}
		if err := row(unitRow(u)); err != nil {
			return err
		}
	}
	return nil
}

func unitRow(u agency.Unit) []string {
	if u.Kind == agency.Area {
		precision := ""
		if u.Bounded {
			precision = "bound"
		}
		return []string{u.ID, u.Key, string(u.Level), u.Form, u.Name, u.FullName, u.Parent, u.Province, u.ValidFrom, u.ValidTo, precision, u.Former, u.Basis}
	}
	official, local := u.Identifier, ""
	if u.Local {
		official, local = "", u.Identifier
	}
	return []string{u.ID, u.Province, u.Key, u.Name, u.FullName, string(u.Kind), u.ValidFrom, u.ValidTo, official, local, strings.Join(u.Fields, "|"), u.Basis, u.Note}
}

func (a *App) exportStaff(row func([]string) error) error {
	if err := row([]string{"login", "name", "title", "unit", "roles", "phone", "disabled"}); err != nil {
		return err
	}
	var people []agency.Staff
	for _, p := range a.directory.Load().people {
		people = append(people, p)
	}
	slices.SortFunc(people, func(x, y agency.Staff) int { return cmp.Compare(x.Login, y.Login) })
	for _, p := range people {
		if err := row([]string{p.Login, p.Name, p.Title, p.Unit, strings.Join(p.Roles, "|"), p.Phone, yes(p.Disabled)}); err != nil {
			return err
		}
	}
	return nil
}

// exportPage is how many dossiers are read at a time.
const exportPage = 500

func (a *App) exportDossiers(ctx context.Context, row func([]string) error) error {
	err := row([]string{"code", "ref", "status", "statusName", "procedure", "procedureName", "case", "channel", "returnChannel", "unit", "unitName",
		"agency", "agencyName", "receivedAt", "dueOn", "firstDueOn", "finishedAt", "returnedAt", "fee", "settled", "supplements", "refused"})
	if err != nil {
		return err
	}
	for after := ""; ; {
		list, err := a.store.AllDossiers(ctx, after, exportPage)
		if err != nil || len(list) == 0 {
			return err
		}
		for _, d := range list {
			after = d.ID
			if err := row(dossierRow(d)); err != nil {
				return err
			}
		}
	}
}

func dossierRow(d dossier.Dossier) []string {
	returned := ""
	if d.Returned != nil {
		returned = instantText(&d.Returned.At)
	}
	refused := d.Result != nil && d.Result.Refusal
	return []string{
		d.Code, d.Ref, strconv.Itoa(int(d.Status)), i18n.Default().T(i18n.Vietnamese, d.Status.Key(), nil), d.Procedure.Code, d.Procedure.Name,
		d.Procedure.Case, string(d.Channel), string(d.ReturnChannel), d.Unit, d.UnitName, d.Agency, d.AgencyName, instantText(&d.ReceivedAt),
		dateText(d.Deadline.DueOn), dateText(d.Deadline.FirstDueOn), instantText(d.FinishedAt), returned,
		strconv.FormatInt(int64(d.Fee.Total), 10), yes(d.Fee.Settled()), strconv.Itoa(len(d.Supplements)), yes(refused),
	}
}

func yes(b bool) string {
	if b {
		return "yes"
	}
	return ""
}

func instantText(t *time.Time) string {
	if t == nil || t.IsZero() {
		return ""
	}
	return t.In(civil.Zone).Format(time.RFC3339)
}

func dateText(d civil.Date) string {
	if d.IsZero() {
		return ""
	}
	return d.String()
}
