package procedure

import (
	"slices"
	"strconv"
)

// Limit is a statutory time limit (thời hạn giải quyết) as published. Its units
// are those of the data files, which package civil counts in.
type Limit struct {
	Value int    `json:"value"`
	Unit  string `json:"unit"`
}

// atOnce is the unit of limits that end with the reception (trả ngay).
const atOnce = "tra_ngay"

// AtOnce reports whether the result is due on the spot (trả ngay).
func (l Limit) AtOnce() bool { return l.Unit == atOnce }

// limitUnits are the units that package civil counts in, and whether a value
// goes with them.
var limitUnits = map[string]bool{
	"ngay_lam_viec": true, "gio_lam_viec": true, "ngay": true, "gio": true, "thang": true,
	atOnce: false, "trong_ngay": false,
}

// String is the form that package civil parses: "5 ngay_lam_viec", "tra_ngay".
func (l Limit) String() string {
	if !limitUnits[l.Unit] {
		return l.Unit
	}
	return strconv.Itoa(l.Value) + " " + l.Unit
}

// Case is one case of a procedure (trường hợp) with its own limits and papers.
// A procedure without cases has one, with id "c0" and no name.
type Case struct {
	ID       string     `json:"id"`             // stable within the version: "c1", or "c1-t2" for its second limit
	Name     string     `json:"name,omitzero"`  // as published; empty = the general case
	Limit    *Limit     `json:"limit,omitzero"` // for the direct channel, and where no other is stated
	Limits   []WayLimit `json:"limits,omitzero"`
	LimitFor string     `json:"limitFor,omitzero"` // the condition under which the limit is this one, as published
	Papers   []string   `json:"papers,omitzero"`   // ids of its papers
}

// WayLimit is a limit of one channel that differs from the case's.
type WayLimit struct {
	By    Way   `json:"by"`
	Limit Limit `json:"limit"`
}

// LimitBy returns the limit of the case for dossiers that come in by w; false
// when the source states none for that way.
func (c Case) LimitBy(w Way) (Limit, bool) {
	if i := slices.IndexFunc(c.Limits, func(l WayLimit) bool { return l.By == w }); i >= 0 {
		return c.Limits[i].Limit, true
	}
	if c.Limit != nil {
		return *c.Limit, true
	}
	return Limit{}, false
}

// WithLimit is the procedure with another limit for one of its cases, on every
// channel. The procedure itself is not changed.
func (p Procedure) WithLimit(caseID string, l Limit) Procedure {
	p.Cases = slices.Clone(p.Cases)
	for i := range p.Cases {
		if p.Cases[i].ID == caseID {
			p.Cases[i].Limit, p.Cases[i].Limits = &l, nil
		}
	}
	return p
}

// HasLimit reports whether the case has a limit for any channel.
func (c Case) HasLimit() bool { return c.Limit != nil || len(c.Limits) > 0 }
