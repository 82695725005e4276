package store

import "github.com/motcua/motcua/internal/core/agency"

// EventCentreRecorded is the event of the centre's stream; it carries the whole
// profile.
const EventCentreRecorded = "centre.recorded"

var centreKind = Kind[agency.Profile]{
	Name: "centre", Version: 1,
	Apply: recorded[agency.Profile](EventCentreRecorded),
	Columns: []Column[agency.Profile]{
		Text("code", func(p agency.Profile) string { return p.Code }),
	},
}

// CentreRoot is the stream of the installation's one centre.
func CentreRoot() Root { return Root{"centre", "centre"} }
