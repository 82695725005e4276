package dossier

import (
	"slices"
	"time"

	"github.com/motcua/motcua/internal/core/access"
	"github.com/motcua/motcua/internal/core/fault"
)

// Succession is one time that a dossier went over to the units that continue
// those it lay with (kế tục). Code, promise and clock are not touched, and Was
// keeps the units of its time.
type Succession struct {
	Change   string    `json:"change"`   // id of the change of the organisation
	Document string    `json:"document"` // decision or resolution behind it
	At       time.Time `json:"at"`
	Version  int64     `json:"version,omitempty"` // of the dossier after it
	Was      Seat      `json:"was"`
}

// Seat is where a dossier lies: its receiving unit, its competent agency, and
// whoever else has a part in it.
type Seat struct {
	Unit       string   `json:"unit"`
	UnitName   string   `json:"unitName"`
	Agency     string   `json:"agency"`
	AgencyName string   `json:"agencyName"`
	Tasks      []Placed `json:"tasks,omitempty"`
	Handovers  []Placed `json:"handovers,omitempty"` // open ones, by where they go
	Shared     []string `json:"shared,omitempty"`
}

// Placed is the unit of one open task or hand-over.
type Placed struct {
	ID         string `json:"id"`
	Unit       string `json:"unit"`
	UnitName   string `json:"unitName"`
	Holder     string `json:"holder,omitempty"`
	HolderName string `json:"holderName,omitempty"`
}

// Successors says who continues which unit.
type Successors struct {
	Change   string // id of the change of the organisation
	Document string
	// Heir gives the unit that continues one; ok is false for a unit that stays.
	Heir func(code string) (to, name string, ok bool)
	// Works reports whether an officer works in a unit once the change holds; a
	// task of one who went elsewhere falls to the pool.
	Works func(staff, unit string) bool
}

// Continues reports whether the dossier is one that a change takes over: not
// ended for good, and not taken over by the same change before.
func (d Dossier) Continues(change string) bool {
	return d.Status != 0 && (!d.Status.Ended() || d.Status == Stopped) && !slices.ContainsFunc(d.Successions, func(s Succession) bool { return s.Change == change })
}

// Succeed takes a dossier over to the units that continue those it lies with;
// ok is false when it lies with none of them.
func Succeed(d Dossier, ctx Context, s Successors) (ev Event, ok bool) {
	if !d.Continues(s.Change) {
		return Event{}, false
	}
	was := d.seat()
	next := was
	next.Tasks, next.Handovers, next.Shared = slices.Clone(was.Tasks), slices.Clone(was.Handovers), slices.Clone(was.Shared)
	moved := false
	follow := func(code, name *string) {
		if to, shown, ok := s.Heir(*code); ok && (to != *code || shown != *name) {
			*code, *name, moved = to, shown, true
		}
	}
	follow(&next.Unit, &next.UnitName)
	follow(&next.Agency, &next.AgencyName)
	for i := range next.Tasks {
		t := &next.Tasks[i]
		follow(&t.Unit, &t.UnitName)
		if t.Unit != was.Tasks[i].Unit && t.Holder != "" && !s.Works(t.Holder, t.Unit) {
			t.Holder, t.HolderName = "", ""
		}
	}
	for i := range next.Handovers {
		follow(&next.Handovers[i].Unit, &next.Handovers[i].UnitName)
	}
	for i := range next.Shared {
		if to, _, ok := s.Heir(next.Shared[i]); ok && to != next.Shared[i] {
			next.Shared[i], moved = to, true
		}
	}
	if !moved {
		return Event{}, false
	}
	c := Change{By: ctx.Actor.ID, Document: s.Document, Seat: &next, Succession: &Succession{Change: s.Change, Document: s.Document, At: ctx.Now, Was: was}}
	return Event{Type: evSucceeded, Version: typeVersion, Ground: s.Document, Payload: c}, true
}

// Recede takes a succession back: the dossier lies again where it lay. It fails
// with fault.Conflict when something has happened to the dossier since, for then
// the successor's work stands on it.
func Recede(d Dossier, ctx Context, change string) (Event, error) {
	n := len(d.Successions)
	if n == 0 || d.Successions[n-1].Change != change || d.FormVersion != d.Successions[n-1].Version {
		return Event{}, fault.New(fault.Conflict, "dossier.succession_used", fault.Args{"code": d.Name()})
	}
	last := d.Successions[n-1]
	c := Change{By: ctx.Actor.ID, Document: last.Document, Seat: &last.Was, Receded: true}
	return Event{Type: evReceded, Version: typeVersion, Ground: last.Document, Payload: c}, nil
}

// seat is where the dossier lies now.
func (d Dossier) seat() Seat {
	s := Seat{Unit: d.Unit, UnitName: d.UnitName, Agency: d.Agency, AgencyName: d.AgencyName, Shared: d.Shared}
	for _, t := range d.Tasks {
		s.Tasks = append(s.Tasks, Placed{ID: t.ID, Unit: t.Unit, UnitName: t.UnitName, Holder: t.Holder, HolderName: t.HolderName})
	}
	for _, h := range d.Handovers {
		if h.GotAt == nil {
			s.Handovers = append(s.Handovers, Placed{ID: h.ID, Unit: h.To, UnitName: h.ToName})
		}
	}
	return s
}

// applySeat puts the dossier where a seat says.
func (d Dossier) applySeat(c Change) Dossier {
	if c.Seat == nil {
		return d
	}
	s := *c.Seat
	d.Unit, d.UnitName, d.Agency, d.AgencyName, d.Shared = s.Unit, s.UnitName, s.Agency, s.AgencyName, s.Shared
	d.Tasks, d.Handovers, d.Consulted = slices.Clone(d.Tasks), slices.Clone(d.Handovers), slices.Clone(d.Consulted)
	for _, p := range s.Tasks {
		for i := range d.Tasks {
			if t := &d.Tasks[i]; t.ID == p.ID {
				t.Unit, t.UnitName, t.Holder, t.HolderName = p.Unit, p.UnitName, p.Holder, p.HolderName
			}
		}
		for i := range d.Consulted {
			if d.Consulted[i].Task == p.ID {
				d.Consulted[i].Unit, d.Consulted[i].UnitName = p.Unit, p.UnitName
			}
		}
	}
	for _, p := range s.Handovers {
		for i := range d.Handovers {
			if d.Handovers[i].ID == p.ID {
				d.Handovers[i].To, d.Handovers[i].ToName = p.Unit, p.UnitName
			}
		}
	}
	d.Successions = slices.Clone(d.Successions)
	if c.Succession != nil {
		d.Successions = append(d.Successions, *c.Succession)
	}
	if n := len(d.Successions); c.Receded && n > 0 {
		d.Successions = d.Successions[:n-1]
	}
	if len(d.Successions) == 0 {
		d.Successions = nil
	}
	return d
}

// readableThrough reports whether one of the units that the actor's unit
// continues may read the dossier: an archive goes to whoever continues the work.
func readableThrough(a access.Actor, units []string) bool {
	return slices.ContainsFunc(a.Continues, func(code string) bool {
		a.Unit = code
		return access.May(a, access.ReadDossier, units...)
	})
}
