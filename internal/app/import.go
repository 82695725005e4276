package app

import (
	"context"
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/motcua/motcua/internal/core/access"
	"github.com/motcua/motcua/internal/core/agency"
	"github.com/motcua/motcua/internal/core/civil"
	"github.com/motcua/motcua/internal/core/fault"
	"github.com/motcua/motcua/internal/core/procedure"
	"github.com/motcua/motcua/internal/store"
)

// importChunk is how many records one command of an import holds.
const importChunk = 200

// ImportReport is what an import did, as the command line prints it.
type ImportReport struct {
	Kind      string     `json:"kind"`
	Read      int        `json:"read"`
	Created   int        `json:"created"`
	Updated   int        `json:"updated"`
	Unchanged int        `json:"unchanged"`
	Rejected  []Rejected `json:"rejected"`
	// Reconciled compares a list of dossiers with what is stored; other kinds have
	// none.
	Reconciled []Reconciled `json:"reconciled,omitempty"`
}

// Rejected is one record that was not taken in, and why. Record is its code, or
// #line.
type Rejected struct {
	Record string       `json:"record"`
	Field  string       `json:"field"`
	Reason string       `json:"reason"`
	Fault  *fault.Fault `json:"-"` // the same as message key
}

// ImportOptions say how an import is carried out.
type ImportOptions struct {
	DryRun bool
	// Document is the decision that publishes what is taken in.
	Document procedure.Act
	// At is the legal time in a demo's story; zero = now.
	At time.Time
	// Say turns a fault into the reason's words; nil leaves the message key.
	Say func(*fault.Fault) string
}

func (o ImportOptions) reject(r *ImportReport, record string, f *fault.Fault) {
	reason := f.Key
	if o.Say != nil {
		reason = o.Say(f)
	}
	r.Rejected = append(r.Rejected, Rejected{Record: record, Field: f.Field, Reason: reason, Fault: f})
}

// ImportProcedures takes in a catalogue in the format of procedures.json. What
// is the same by its canonical hash stays; what differs becomes the next version
// in force from today. Names of sectors come from the provincial catalogue that
// ships with the program.
func (a *App) ImportProcedures(ctx context.Context, who access.Actor, r io.Reader, o ImportOptions) (ImportReport, error) {
	if !access.May(who, access.ManageProcedure) {
		return ImportReport{}, denied()
	}
	list, rejected, err := procedure.Parse(r)
	if err != nil {
		return ImportReport{}, err
	}
	report := ImportReport{Kind: "procedures", Rejected: []Rejected{}}
	for _, x := range rejected {
		o.reject(&report, x.Record, fault.Field(x.Field, x.Key, x.Args))
	}
	report.Read = len(list) + countRecords(rejected)
	sectors, err := builtInSectors()
	if err != nil {
		return report, err
	}
	for i := range list {
		list[i].Sector = sectors[list[i].Code]
	}
	return a.publish(ctx, who, list, report, o)
}

// ImportCatalogue takes in the names and sectors of a province's catalogue (CSV).
// An entry whose national procedure is known adds nothing; any other becomes a
// procedure that can be found and read.
func (a *App) ImportCatalogue(ctx context.Context, who access.Actor, r io.Reader, o ImportOptions) (ImportReport, error) {
	if !access.May(who, access.ManageProcedure) {
		return ImportReport{}, denied()
	}
	entries, rejected, err := procedure.ParseCatalogue(r)
	if err != nil {
		return ImportReport{}, err
	}
	report := ImportReport{Kind: "catalogue", Read: len(entries) + countRecords(rejected), Rejected: []Rejected{}}
	for _, x := range rejected {
		o.reject(&report, x.Record, fault.Field(x.Field, x.Key, x.Args))
	}
	known := a.catalogue.Load().records
	var list []procedure.Procedure
	for _, e := range entries {
		if _, ok := known[e.Code]; ok && e.Code != "" {
			report.Unchanged++
			continue
		}
		list = append(list, e.Procedure())
	}
	return a.publish(ctx, who, list, report, o)
}

func countRecords(rejected []procedure.Rejection) int {
	seen := map[string]bool{}
	for _, x := range rejected {
		seen[x.Record] = true
	}
	return len(seen)
}

// publish records new and changed procedures, chunk by chunk.
func (a *App) publish(ctx context.Context, who access.Actor, list []procedure.Procedure, report ImportReport, o ImportOptions) (ImportReport, error) {
	today := civil.DateOf(a.at(o.At))
	records := a.catalogue.Load().records
	var changed []procedure.Procedure
	for _, p := range list {
		last, known := records[p.Code].Latest()
		switch {
		case !known:
			report.Created++
			p.Number = 1
		case procedure.Hash(last) == procedure.Hash(p):
			report.Unchanged++
			continue
		default:
			report.Updated++
			_, p = procedure.Succeed(last, p, today.String(), today.AddDays(-1).String())
		}
		p.Published = o.Document
		changed = append(changed, p)
	}
	if o.DryRun {
		return report, nil
	}
	for part := range slices.Chunk(changed, importChunk) {
		if err := a.publishPart(ctx, who, part, today, a.storyTime(o.At)); err != nil {
			return report, err
		}
	}
	return report, a.Reload(ctx)
}

func (a *App) publishPart(ctx context.Context, who access.Actor, part []procedure.Procedure, today civil.Date, at time.Time) error {
	w := store.Write{Actor: by(who), Body: codes(part), At: at}
	for _, p := range part {
		w.Roots = append(w.Roots, store.ProcedureRoot(p.Code))
	}
	_, err := store.Do(ctx, a.store, w, func(v *store.View) (int, error) {
		for _, p := range part {
			root := store.ProcedureRoot(p.Code)
			if have, ok := store.Load[procedure.Record](v, root); ok {
				last, _ := have.Latest()
				end := procedure.Closing{Version: last.Number, ValidTo: today.AddDays(-1).String()}
				if _, err := store.Record[procedure.Record](v, root, procedure.EventClosed, 1, p.Published.No, end); err != nil {
					return 0, err
				}
			}
			if _, err := store.Record[procedure.Record](v, root, procedure.EventPublished, 1, p.Published.No, p); err != nil {
				return 0, err
			}
		}
		return len(part), nil
	})
	return err
}

func codes(part []procedure.Procedure) []string {
	out := make([]string, len(part))
	for i, p := range part {
		out[i] = fmt.Sprintf("%s@%d %s", p.Code, p.Number, procedure.Hash(p))
	}
	return out
}

// ImportUnits takes in administrative units (units.csv), ImportAgencies agencies
// (agencies.csv).
func (a *App) ImportUnits(ctx context.Context, who access.Actor, r io.Reader, o ImportOptions) (ImportReport, error) {
	list, rejected, err := agency.ParseUnits(r)
	if err != nil {
		return ImportReport{}, err
	}
	return a.recordUnits(ctx, who, "units", list, rejected, o)
}

// ImportAgencies takes in agencies in the format of agencies.csv.
func (a *App) ImportAgencies(ctx context.Context, who access.Actor, r io.Reader, o ImportOptions) (ImportReport, error) {
	list, rejected, err := agency.ParseAgencies(r)
	if err != nil {
		return ImportReport{}, err
	}
	return a.recordUnits(ctx, who, "agencies", list, rejected, o)
}

func (a *App) recordUnits(ctx context.Context, who access.Actor, kind string, list []agency.Unit, rejected []agency.Rejection, o ImportOptions) (ImportReport, error) {
	if !access.May(who, access.ManageUnit) {
		return ImportReport{}, denied()
	}
	report := ImportReport{Kind: kind, Rejected: []Rejected{}}
	bad := map[string]bool{}
	for _, x := range rejected {
		bad[x.Record] = true
		o.reject(&report, x.Record, fault.Field(x.Field, x.Key, x.Args))
	}
	report.Read = len(list) + len(bad)
	tree := a.directory.Load().tree
	var changed []agency.Unit
	for _, u := range list {
		have, known := tree.ByID(u.ID)
		u = u.Keeping(have)
		switch {
		case !known:
			report.Created++
		case sameUnit(have, u):
			report.Unchanged++
			continue
		default:
			report.Updated++
		}
		changed = append(changed, u)
	}
	if o.DryRun {
		return report, nil
	}
	for part := range slices.Chunk(changed, importChunk) {
		w := store.Write{Actor: by(who), Body: part, At: a.storyTime(o.At)}
		for _, u := range part {
			w.Roots = append(w.Roots, store.UnitRoot(u.ID))
		}
		_, err := store.Do(ctx, a.store, w, func(v *store.View) (int, error) {
			for _, u := range part {
				if _, err := store.Record[agency.Unit](v, store.UnitRoot(u.ID), store.EventUnitRecorded, 1, u.Basis, u); err != nil {
					return 0, err
				}
			}
			return len(part), nil
		})
		if err != nil {
			return report, err
		}
	}
	return report, a.Reload(ctx)
}

func sameUnit(x, y agency.Unit) bool {
	return fmt.Sprintf("%+v", x) == fmt.Sprintf("%+v", y)
}

// ImportStaff takes in people; each new one gets a one-time password, which is
// returned by login.
func (a *App) ImportStaff(ctx context.Context, who access.Actor, people []agency.Staff, o ImportOptions) (ImportReport, map[string]string, error) {
	if !access.May(who, access.ManageStaff) {
		return ImportReport{}, nil, denied()
	}
	report := ImportReport{Kind: "staff", Read: len(people), Rejected: []Rejected{}}
	dir := a.directory.Load()
	byLogin := map[string]agency.Staff{}
	for _, p := range dir.people {
		byLogin[p.Login] = p
	}
	var changed []agency.Staff
	for _, p := range people {
		have, known := byLogin[p.Login]
		switch {
		case known:
			p.ID = have.ID
			if p.Posts == nil && p.Secondment == nil { // a list of logins does not know them
				p.Posts, p.Secondment = have.Posts, have.Secondment
			}
		case p.ID == "":
			p.ID = newID()
		}
		if err := a.checkStaff(dir, p); err != nil {
			for _, f := range fault.As(err).Each() {
				o.reject(&report, p.Login, f)
			}
			continue
		}
		switch {
		case !known:
			report.Created++
		case fmt.Sprintf("%+v", have) == fmt.Sprintf("%+v", p):
			report.Unchanged++
			continue
		default:
			report.Updated++
		}
		changed = append(changed, p)
	}
	passwords := map[string]string{}
	if o.DryRun {
		return report, passwords, nil
	}
	for part := range slices.Chunk(changed, importChunk) {
		if err := a.recordStaff(ctx, who, "", part...); err != nil {
			return report, passwords, err
		}
	}
	for _, p := range changed {
		if _, known := byLogin[p.Login]; known {
			continue
		}
		password, err := a.givePassword(ctx, p)
		if err != nil {
			return report, passwords, err
		}
		passwords[p.Login] = password
	}
	return report, passwords, nil
}

// SetDemoPassword gives people of a demo one known password. It refuses outside
// a demo.
func (a *App) SetDemoPassword(ctx context.Context, password string, logins []string) error {
	if !a.demo {
		return fault.New(fault.Forbidden, "access.denied", nil)
	}
	hash, err := a.hashPassword(ctx, password)
	if err != nil {
		return err
	}
	var all []store.Credential
	for _, p := range a.directory.Load().people {
		if logins == nil || slices.Contains(logins, p.Login) {
			all = append(all, store.Credential{Staff: p.ID, Login: p.Login, Hash: hash})
		}
	}
	return a.store.PutCredentials(ctx, all)
}

// RecordCentre records the centre's profile.
func (a *App) RecordCentre(ctx context.Context, who access.Actor, p agency.Profile, at time.Time) error {
	if !access.May(who, access.ManageUnit) {
		return denied()
	}
	w := store.Write{Actor: by(who), Body: p, Roots: []store.Root{store.CentreRoot()}, At: a.storyTime(at)}
	_, err := store.Do(ctx, a.store, w, func(v *store.View) (string, error) {
		_, err := store.Record[agency.Profile](v, store.CentreRoot(), store.EventCentreRecorded, 1, "", p)
		return p.Code, err
	})
	if err != nil {
		return err
	}
	return a.Reload(ctx)
}

// RecordPeople records officers who were invented or imported elsewhere, without
// passwords.
func (a *App) RecordPeople(ctx context.Context, who access.Actor, people []agency.Staff) error {
	if !access.May(who, access.ManageStaff) {
		return denied()
	}
	for part := range slices.Chunk(people, importChunk) {
		if err := a.recordStaff(ctx, who, "", part...); err != nil {
			return err
		}
	}
	return nil
}
