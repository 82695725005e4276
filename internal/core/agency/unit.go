// Package agency is the organisation: administrative units and agencies with
// their validity (three tiers until 2025-06-30, two after), the centre, its
// sections and counters, and staff. It plans the demo's house and invents its
// people; it stores nothing.
//
//	units, rejected, err := agency.ParseAgencies(file)
//	tree := agency.NewTree(units)
//	department, ok := tree.Find("so-tu-phap", "2026-11-24")
package agency

import (
	"slices"

	"github.com/motcua/motcua/internal/core/civil"
)

// ShowDay writes a day as people read it; what is none, as it was written.
func ShowDay(day string) string {
	d, err := civil.ParseDate(day)
	if err != nil {
		return day
	}
	return d.Show()
}

// Unit is an administrative unit (đơn vị hành chính) or an agency (cơ quan) for
// a period in which nothing of it changes. Days are YYYY-MM-DD and inclusive.
type Unit struct {
	ID        string `json:"id"`   // unique per period: "24769@2025-07-01", "68-2025-so-tu-phap"
	Key       string `json:"key"`  // key in agencies.csv, or the code of the General Statistics Office
	Code      string `json:"code"` // as the outside sees it: official identifier, else Key
	Name      string `json:"name"`
	FullName  string `json:"fullName"`
	Level     Level  `json:"level"`
	Kind      Kind   `json:"kind"`
	Form      string `json:"form,omitzero"`     // Tỉnh, Phường, Đặc khu, … for Area
	Parent    string `json:"parent,omitzero"`   // ID of the unit above
	Province  string `json:"province,omitzero"` // its code of the General Statistics Office
	ValidFrom string `json:"validFrom,omitzero"`
	ValidTo   string `json:"validTo,omitzero"`

	// Identifier is the agency's identifier (mã định danh), such as H36; it is
	// Local when it was made up so that dossier codes can be formed.
	Identifier string   `json:"identifier,omitzero"`
	Local      bool     `json:"local,omitzero"`
	Fields     []string `json:"fields,omitzero"`  // lĩnh vực that it usually handles
	Former     string   `json:"former,omitzero"`  // what it was formed from
	Basis      string   `json:"basis,omitzero"`   // resolution or evidence
	Bounded    bool     `json:"bounded,omitzero"` // a day is known only to a batch or a snapshot
	Note       string   `json:"note,omitzero"`

	// Heir is the code of the unit that continues the open work of a unit that
	// ended (đơn vị kế tục); Successors are all that were formed from it.
	Heir       string   `json:"heir,omitzero"`
	Successors []string `json:"successors,omitzero"`
	// Void marks a period that a change had begun and that was taken back before
	// anything stood on it.
	Void bool `json:"void,omitzero"`
}

// Level is the tier of government; the values are those of the data files.
type Level string

// The tiers. Districts ended on 2025-06-30.
const (
	Province Level = "tinh"
	District Level = "huyen"
	Commune  Level = "xa"
)

// Known reports whether l is a tier.
func (l Level) Known() bool { return slices.Contains([]Level{Province, District, Commune}, l) }

// Kind is what sort of unit it is; the values are those of the data files.
type Kind string

// The kinds.
const (
	Area       Kind = "dia_ban"   // địa bàn hành chính, with its People's Committee
	Committee  Kind = "ubnd"      // Ủy ban nhân dân tỉnh
	House      Kind = "trung_tam" // Trung tâm Phục vụ hành chính công
	Office     Kind = "van_phong" // Văn phòng Ủy ban nhân dân
	Department Kind = "so"        // sở
	Board      Kind = "ban"       // ban
	Body       Kind = "co_quan"   // other body of the province
	Vertical   Kind = "nganh_doc" // ngành dọc: under a ministry
)

// Known reports whether k is a kind.
func (k Kind) Known() bool {
	return slices.Contains([]Kind{Area, Committee, House, Office, Department, Board, Body, Vertical}, k)
}

// On reports whether the unit is in force on a day.
func (u Unit) On(day string) bool {
	return !u.Void && (u.ValidFrom == "" || u.ValidFrom <= day) && (u.ValidTo == "" || day <= u.ValidTo)
}

// Tiers is the number of tiers of local government on a day: three, and two
// since 1 July 2025 (Resolution 202/2025/QH15).
func Tiers(day string) int {
	if day < "2025-07-01" {
		return 3
	}
	return 2
}
