package store

import "github.com/motcua/motcua/internal/core/agency"

// EventViewsSaved is the event of an officer's saved views; it carries them all.
const EventViewsSaved = "saved_view.saved"

var savedViewKind = Kind[agency.SavedViews]{
	Name: "saved_view", Version: 1,
	Apply: recorded[agency.SavedViews](EventViewsSaved),
	Columns: []Column[agency.SavedViews]{
		Text("staff", func(v agency.SavedViews) string { return v.Staff }),
	},
}

// SavedViewRoot is the stream of an officer's saved views.
func SavedViewRoot(staff string) Root { return Root{"saved_view", staff} }
